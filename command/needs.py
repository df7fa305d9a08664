"""What an incident asks for (力量需求): stated by a post, or else what its kind and grade usually take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from command.access import require
from command.board import Item, record
from command.events import NeedsStated
from command.incidents import KINDS, get_incident
from command.tables import Incident
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid
from gis_data.tables import Team

GRAVITY = {"extraordinary": 1, "major": 2, "larger": 3, "general": 4}
"""Of each grade; 1 is the gravest. What has no grade yet counts as general."""
TEAMS = {"extraordinary": 8, "major": 4, "larger": 2, "general": 1}
"""DEMO: how many teams an incident takes where nobody has said; parameters `need.teams[<grade>]` and
`need.teams[<kind>, <grade>]` take their place."""
MOST = 100


@dataclass(frozen=True)
class Wanted:
    """One need: teams, or persons, each able to do all of `abilities`, of use until `latest_at` (None: always)."""

    abilities: tuple[str, ...]
    count: int
    in_persons: bool = False
    latest_at: datetime | None = None


def usual(kind: str, grade: str | None, figures: Mapping[str, float]) -> list[Wanted]:
    """What an incident of a kind and grade takes; `figures` are the parameters under `need.teams`."""
    grade = grade or "general"
    count = figures.get(f"[{kind}, {grade}]", figures.get(f"[{grade}]", TEAMS[grade]))
    return [Wanted((kind,), max(0, round(count)))]


def needs_of(incident: Item, figures: Mapping[str, float]) -> list[Wanted]:
    """What an incident of the board asks for."""
    if incident["needs"] is None:
        return usual(incident["kind"], incident["grade"], figures)
    return [
        Wanted(
            tuple(one["abilities"]), one["count"], one["in_persons"],
            datetime.fromisoformat(one["latest_at"]) if one["latest_at"] else None,
        )
        for one in incident["needs"]
    ]  # fmt: skip


def abilities(session: Session) -> dict[str, frozenset[str]]:
    """What each team can do, by its id: the hazards it takes, its kind, and the categories of its ready equipment."""
    has: dict[str, set[str]] = {}
    query = text(
        "select t.code, e.category from gis.equipment e join gis.team t on t.code = e.team_code and t.valid_to is null"
        " where e.valid_to is null and e.category is not null and coalesce(e.state, 'ready') = 'ready'"
    )
    for code, category in session.execute(query):
        has.setdefault(code, set()).add(category)
    t = Team
    rows = session.execute(select(t.id, t.code, t.kind, t.hazards).where(t.valid_to.is_(None)))
    return {str(id_): frozenset({kind, *hazards, *has.get(code, ())}) for id_, code, kind, hazards in rows}


def state_needs(tx: Writing, incident_id: UUID, some: Sequence[Wanted] | None) -> Incident:
    """Say what an open incident asks for; None goes back to what is usual, and nothing at all is an answer too."""
    require(tx.actor, "dispatch.order")
    incident = get_incident(tx.session, incident_id)
    if incident.state == "closed":
        raise Conflict("该事件已结束。", "This incident is closed.")
    known = frozenset(KINDS).union(*abilities(tx.session).values())
    for n, one in enumerate(some or ()):
        if wrong := sorted(set(one.abilities) - known):
            raise Invalid(
                f"没有队伍具备能力“{wrong[0]}”。", f"No team has the ability “{wrong[0]}”.",
                field=f"needs.{n}.abilities",
            )  # fmt: skip
        if not 0 <= one.count <= MOST * (10 if one.in_persons else 1):
            raise Invalid("需求数量超出范围。", "The count is out of range.", field=f"needs.{n}.count")
        if one.latest_at and one.latest_at <= tx.at:
            raise Invalid("最晚到达须晚于现在。", "The latest arrival has passed.", field=f"needs.{n}.latest_at")
    incident.needs = None if some is None else [_kept(one) for one in some]
    said = "按类别和等级的常规" if some is None else "；".join(words(one)[0] for one in some) or "无"
    said_en = "as usual for its kind and grade" if some is None else "; ".join(words(one)[1] for one in some) or "none"
    record(
        tx,
        NeedsStated(
            f"力量需求：{incident.title}（{incident.no}），{said}",
            f"Needs of {incident.title} ({incident.no}): {said_en}",
            str(incident.id),
            incident.needs,
        ),
    )
    return incident


def words(one: Wanted) -> tuple[str, str]:
    """A need in both languages."""
    named = [KINDS.get(able, (able, able)) for able in one.abilities]
    zh, en = "、".join(word[0] for word in named) or "不限", ", ".join(word[1] for word in named) or "any"
    unit, unit_en = ("人", "persons") if one.in_persons else ("支", "teams")
    return f"{zh} {one.count} {unit}", f"{one.count} {unit_en} ({en})"


def _kept(one: Wanted) -> dict[str, Any]:
    return asdict(one) | {
        "abilities": list(one.abilities),
        "latest_at": one.latest_at.isoformat() if one.latest_at else None,
    }
