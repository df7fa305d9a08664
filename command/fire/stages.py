"""How far a forest fire is: 明火扑灭 → 清理 → 看守 → 验收. Crews at the scene stay until it is accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.incidents import get_incident
from command.scene_events import FireStaged
from command.scene_tables import FireStage
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid
from gis_data.parameters import numbers_under
from gis_data.tables.base import new_id

Stage = Literal["burning", "out", "mop_up", "watch", "accepted"]
STAGES: dict[str, tuple[str, str, frozenset[str]]] = {
    "out": ("明火扑灭", "open fire out", frozenset({"burning"})),
    "mop_up": ("清理余火", "mopping up", frozenset({"out"})),
    "watch": ("看守", "watched", frozenset({"out", "mop_up"})),
    "accepted": ("验收", "accepted", frozenset({"watch"})),
    "burning": ("复燃", "burning again", frozenset({"out", "mop_up", "watch"})),
}
"""Stage → its words, and the stages that it follows."""
HOURS = 12.0
"""DEMO: how long a fire is watched at least, h. Parameter `fire.watch_hours`."""


def stages(session: Session, incident_id: UUID) -> list[FireStage]:
    """The stages of a fire, the oldest first; none: it burns, or nobody has said."""
    query = select(FireStage).where(FireStage.incident_id == incident_id)
    return list(session.scalars(query.order_by(FireStage.recorded_at)))


def step(tx: Writing, incident_id: UUID, to: Stage, note: str) -> FireStage:
    """Bring a fire to another stage. A commander accepts it, after the watch and its hours; nobody does before."""
    require(tx.actor, "scene.decide" if to == "accepted" else "scene.mark")
    incident, held = get_incident(tx.session, incident_id), stages(tx.session, incident_id)
    if incident.kind != "forest_fire" or incident.state == "closed":
        raise Conflict("只有未结束的森林火灾分阶段处置。", "Only open forest fires have stages.", field="incident_id")
    now = held[-1].stage if held else "burning"
    zh, en, before = STAGES[to]
    if now not in before and (held or to != "accepted"):  # where nothing burnt, that alone is accepted
        raise Conflict(f"现为“{word(now)}”，不能变为“{zh}”。", f"It is “{now}” now and cannot be {en}.", field="to")
    if to == "accepted":
        if held and held[-1].until and tx.at < held[-1].until:
            local = f"{held[-1].until.astimezone(SHANGHAI):%m-%d %H:%M}"
            raise Conflict(f"看守至 {local}，届时方可验收。", f"It is watched until {local} at least.", field="to")
        if not note.strip():
            raise Invalid("请填写验收意见。", "Say what the inspection found.", field="note")
    until = None
    until = None
    if to == "watch":
        until = tx.at + timedelta(hours=numbers_under(tx.session, "fire.", tx.at).get("watch_hours", HOURS))
    row = FireStage(
        id=new_id(), incident_id=incident_id, stage=to, at=tx.at, by=tx.actor.post, until=until, note=note,
        recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    more = f"，{note}" if note else ""
    record(
        tx,
        FireStaged(
            f"{incident.title}：{zh}{more}", f"{incident.title}: {en}", str(incident_id), to,
            until.isoformat() if until else None,
        ),
    )  # fmt: skip
    return row


def word(stage: str) -> str:
    """A stage in Chinese; burning that was never out is not burning again."""
    return "燃烧" if stage == "burning" else STAGES[stage][0]


def check_release(session: Session, incident_id: UUID, kind: str) -> None:
    """Refuse to let a crew that is at the scene go before the fire is accepted."""
    if kind != "forest_fire":
        return
    held = stages(session, incident_id)
    now = held[-1].stage if held else "burning"
    if now != "accepted":
        raise Conflict(
            f"火场现为“{word(now)}”，验收前到场队伍不得撤离。", "Crews at the scene stay until the fire is accepted.",
            field="to",
        )  # fmt: skip
