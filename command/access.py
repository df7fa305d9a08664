"""Who may do what: roles and their permissions, checked in every command."""

from __future__ import annotations

from gis_data.errors import Denied
from gis_data.world import Actor

_VIEW = frozenset({"board.read", "register.read"})
_OPERATE = _VIEW | {
    "incident.report",
    "dispatch.order",
    "dispatch.advance",
    "team.state",
    "closure.set",
    "closure.lift",
}
_COMMAND = _OPERATE | {"incident.close", "clock.set"}
_ADMINISTER = _VIEW | {"world.create", "world.drop", "clock.set", "register.load", "register.edit", "person.read", "account.manage"}

ROLES: dict[str, frozenset[str]] = {
    "viewer": _VIEW,
    "operator": _OPERATE,
    "commander": _COMMAND,
    "admin": _ADMINISTER,
}
"""Role → permissions. An administrator runs the system and commands nobody."""


def permissions(role: str) -> frozenset[str]:
    """What a role may do; an unknown role may do nothing."""
    return ROLES.get(role, frozenset())


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass, or raise Denied."""
    if permission not in permissions(actor.role):
        raise Denied(
            f"“{actor.post}”（{actor.role}）没有此项权限：{permission}。",
            f"The post “{actor.post}” ({actor.role}) may not do this: {permission}.",
        )
