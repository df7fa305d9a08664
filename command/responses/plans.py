"""Plan editions: loaded once and for good; which is in force."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.registers import tell_drills
from command.responses.events import PlanLoaded
from gis_data.clock import SHANGHAI
from gis_data.db import writing
from gis_data.errors import Conflict, NotFound
from gis_data.plans import Item, Plan, canonical, read
from gis_data.tables import PlanEdition
from gis_data.tables.base import new_id
from gis_data.world import Actor, get_world


def load(engine: Engine, raw: bytes, actor: Actor) -> tuple[PlanEdition, bool]:
    """Keep a plan edition from its file; twice is once, and False. Raises Invalid naming row and field.

    Raises Conflict where the edition is there and says something else: a correction is another edition.
    """
    require(actor, "plan.load")
    plan = read(raw)
    with writing(get_world(engine, "live"), actor) as tx:
        p, (track, jurisdiction, edition) = PlanEdition, plan.key
        mine = select(p).where(p.track == track, p.jurisdiction == jurisdiction, p.edition == edition)
        if known := tx.session.scalar(mine):
            if canonical(said(known)) != canonical(plan):
                raise Conflict(
                    f"版本“{edition}”已导入且内容不同；预案版本不能改动，请用新的版本号。",
                    f"The edition “{edition}” is there and says something else; a correction is another edition.",
                    field="plan.edition",
                )
            return known, False
        head = plan.head | {name: _day(plan.head[name]) for name in ("in_force_from", "in_force_to")}
        row = PlanEdition(
            id=new_id(), **head, levels=plan.levels, rules=plan.rules, actions=plan.actions, sha256=plan.sha256,
            loaded_by=actor.post, loaded_at=tx.real_at,
        )  # fmt: skip
        tx.session.add(row)
        zh = f"导入预案：{row.title}（{edition}），动作 {len(row.actions)} 项，启动条件 {len(row.rules)} 条"
        en = f"Plan loaded: {row.track_en} {edition}, {len(row.actions)} actions, {len(row.rules)} rules"
        event = PlanLoaded(zh, en, str(row.id), *plan.key, plan.sha256)
        record(tx, event)
    tell_drills(engine, actor, event)
    return row, True


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def said(row: PlanEdition) -> Plan:
    """A kept edition as its file said it."""
    head: Item = {
        name: getattr(row, name)
        for name in (
            "track", "track_zh", "track_en", "jurisdiction", "jurisdiction_zh", "edition", "title", "document_no",
            "organ", "legal_basis", "approved_by", "is_demo",
        )
    }  # fmt: skip
    head |= {"in_force_from": row.in_force_from.isoformat()}
    head |= {"in_force_to": row.in_force_to and row.in_force_to.isoformat()}
    return Plan(head, row.levels, row.rules, row.actions, row.sha256)


def get(session: Session, plan_id: UUID) -> PlanEdition:
    """The edition of that id."""
    row = session.get(PlanEdition, plan_id)
    if row is None:
        raise NotFound("没有这一预案版本。", "There is no such plan edition.", field="plan_id")
    return row


def in_force(session: Session, at: datetime) -> dict[tuple[str, str], PlanEdition]:
    """The edition in force of each track and jurisdiction: by its days, both included, the latest first."""
    p, day = PlanEdition, at.astimezone(SHANGHAI).date()
    query = select(p).where(p.in_force_from <= day, or_(p.in_force_to.is_(None), p.in_force_to >= day))
    rows = session.scalars(query.order_by(p.in_force_from, p.loaded_at))
    return {(row.track, row.jurisdiction): row for row in rows}


def level(plan: PlanEdition, number: int) -> Item:
    """What an edition says of a level. Raises NotFound where it has none."""
    for one in plan.levels:
        if one["level"] == number:
            return one
    raise NotFound(f"预案没有第 {number} 级。", f"The plan has no level {number}.", field="to_level")
