"""Who may do what: roles and their permissions, checked in every command."""

from __future__ import annotations

from dataclasses import dataclass

from gis_data.errors import Denied
from gis_data.world import Actor


@dataclass(frozen=True)
class Role:
    """A role: its name on screen, what it may do, and whether its accounts must be confined to towns."""

    zh: str
    en: str
    permissions: frozenset[str]
    of_towns: bool = False


_VIEW = frozenset({"board.read", "register.read"})
_LIAISE = _VIEW | {"task.act", "callout.answer", "field.sync"}
_OPERATE = _VIEW | {
    "alarm.answer",
    "incident.report",
    "report.draft",
    "report.send",
    "journal.read",
    "transfer.draft",
    "transfer.report",
    "transfer.verify",
    "shelter.keep",
    "stock.move",
    "dispatch.order",
    "dispatch.advance",
    "team.state",
    "closure.set",
    "closure.lift",
    "register.export",
    "holder.read",
    "model.run",
    "warning.enter",
    "patrol.report",
    "callout.make",
    "callout.answer",
    "callout.verify",
    "duty.keep",
    "duty.read",
    "headcount.report",
    "task.issue",
    "task.act",
    "task.verify",
    "response.propose",
    "situation.keep",
    "scene.mark",
    "screen.show",
    "incident.sensitive",
    "field.sync",
    "field.watch",
}
_COMMAND = _OPERATE | {"response.approve", "reminder.approve", "incident.close", "clock.set", "scene.decide"}
_PLAN = _VIEW | {"plan.load", "model.run", "register.edit", "unit.edit", "register.export"}
_FILL_IN = _VIEW | {"register.edit", "register.load", "register.export", "holder.read", "person.read"}
_REVIEW = _VIEW | {"register.export", "holder.read", "person.read", "person.export"}
_FIELD = _LIAISE | {"headcount.report", "holder.read", "person.read", "patrol.report", "incident.report"}
_ADMINISTER = _PLAN | {"world.create", "world.drop", "clock.set", "register.load", "account.manage", "holder.read"}
_ADMINISTER |= {"journal.read"}

_MOVE = {"transfer.report", "transfer.verify", "shelter.keep", "stock.move"}
ROLES: dict[str, Role] = {
    "operator": Role("值班员", "Duty officer", _OPERATE),
    "commander": Role("指挥员", "Commander", _COMMAND | {"transfer.order"}),
    "viewer": Role("联络员", "Liaison", _LIAISE),
    "planner": Role("规划员", "Planner", _PLAN),
    "clerk": Role("填报员", "Register clerk", _FILL_IN, of_towns=True),
    "reviewer": Role("审核员", "Reviewer", _REVIEW),
    "field": Role("现场、村社干部", "Field and village cadre", _FIELD | _MOVE, of_towns=True),
    "auditor": Role("审计", "Auditor", _VIEW | {"journal.read", "duty.read", "register.export"}),
    "admin": Role("系统管理员", "Administrator", _ADMINISTER),
}
"""Roles by their keys. An administrator runs the system and commands nobody; an auditor changes nothing.

Who holds a post, and the telephone, is seen by those who call them; planners, liaisons and auditors see posts only.
Who sees the people at risk (handbook, section 3): the clerk and the cadre in their own towns; the reviewer, who signs
what the towns hand in, for the district, and alone may take the lists out. Duty officer, commander, planner, auditor
and administrator do not. Whose identity they open because of a transfer is under an open order at that moment.

A transfer is drafted by the duty officer and ordered by a commander; force needs one of each, by two posts.
"""


def permissions(role: str) -> frozenset[str]:
    """What a role may do; an unknown role may do nothing."""
    return ROLES[role].permissions if role in ROLES else frozenset()


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass, or raise Denied."""
    if permission not in permissions(actor.role):
        role = ROLES.get(actor.role)
        may = [one for one in ROLES.values() if permission in one.permissions]
        zh, en = "、".join(one.zh for one in may), ", ".join(one.en for one in may)
        raise Denied(
            f"“{actor.post}”（{role.zh if role else '无角色'}）不能办理此事；可办理：{zh or '无'}。",
            f"The post “{actor.post}” ({role.en if role else 'no role'}) may not do this; who may: {en or 'nobody'}.",
        )
