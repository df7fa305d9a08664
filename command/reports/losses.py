"""Losses by town (灾情统计) of an incident: checked by all rules, then handed in for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.incidents import get_incident
from command.reports.events import LossHandedIn
from command.reports.loss import INDICATORS, Row, Wrong, check
from command.reports.tables import LossReport
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid
from gis_data.tables import AdminUnit
from gis_data.tables.base import new_id

Stage = Literal["first", "continued", "complete"]
STAGES = {"first": ("初报", "first"), "continued": ("续报", "continued"), "complete": ("核报", "complete")}


def handed_in(session: Session, incident_id: UUID) -> list[LossReport]:
    """The loss reports of an incident, in order."""
    query = select(LossReport).where(LossReport.incident_id == incident_id)
    return list(session.scalars(query.order_by(LossReport.no)))


def town_names(session: Session) -> dict[str, str]:
    """The towns of the register, by code."""
    a = AdminUnit
    rows = session.execute(select(a.code, a.name).where(a.level == "town", a.valid_to.is_(None)))
    return {str(code): str(name) for code, name in rows}


def problems(
    tx: Reading, incident_id: UUID, towns: Mapping[str, Row], district: Row, correction: str = ""
) -> list[Wrong]:
    """All that is wrong with what is about to be handed in, by row and field."""
    known, before = town_names(tx.session), handed_in(tx.session, incident_id)
    found = [
        Wrong(code, "code", f"没有编码为 {code} 的镇街", f"There is no town {code}")
        for code in towns
        if code not in known
    ]
    return found or check(towns, district, before[-1].towns if before else None, correction)


def reminders(district: Row) -> list[tuple[str, str]]:
    """What must go along with such figures (handbook 5.13)."""
    told = []
    if district.get("dead", 0) or district.get("missing", 0):
        told.append(("死亡失踪须附人员台账", "Dead and missing need a ledger of persons"))
    if district.get("collapsed_homes", 0) or district.get("badly_damaged", 0):
        told.append(("倒损住房须附户台账", "Collapsed or damaged homes need a ledger of households"))
    return told


def hand_in(
    tx: Writing,
    incident_id: UUID,
    towns: Mapping[str, Row],
    district: Row,
    correction: str = "",
    *,
    complete: bool = False,
) -> LossReport:
    """Hand losses in; the first thing that is wrong is raised as `Invalid` with its row and field."""
    require(tx.actor, "report.draft")
    incident, before = get_incident(tx.session, incident_id), handed_in(tx.session, incident_id)
    if before and before[-1].stage == "complete":
        raise Conflict("核报已上报，统计已结束。", "The complete report was handed in; the statistics have ended.")
    if not towns:
        raise Invalid("至少填写一个镇街。", "There must be one town at least.", field="towns")
    if wrong := problems(tx, incident_id, towns, district, correction):
        one = wrong[0]
        more, more_en = (f"（另有 {len(wrong) - 1} 处）", f" ({len(wrong) - 1} more)") if len(wrong) > 1 else ("", "")
        name = town_names(tx.session).get(one.row, "全区" if one.row == "district" else one.row)
        raise Invalid(f"{name}：{one.zh}{more}。", f"{one.row}: {one.en}{more_en}.", field=f"{one.row}.{one.field}")
    no, stage = len(before) + 1, "first" if not before else "complete" if complete else "continued"
    row = LossReport(
        id=new_id(), incident_id=incident_id, no=no, stage=stage, towns={k: dict(v) for k, v in towns.items()},
        district=dict(district), correction=correction, handed_in_at=tx.at, handed_in_by=tx.actor.post,
        recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    loss = f"{INDICATORS['loss'].zh} {district.get('loss', 0):g} 万元"
    zh, en = STAGES[stage]
    record(
        tx,
        LossHandedIn(
            f"灾情{zh}（第 {no} 号）：{incident.title}，{loss}" + (f"；更正：{correction}" if correction else ""),
            f"Losses, {en} (no. {no}): {incident.title}, {district.get('loss', 0):g} × 10,000 yuan",
            str(row.id), str(incident_id), no, stage, correction,
        ),
    )  # fmt: skip
    return row
