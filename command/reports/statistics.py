"""Incidents and losses over a span of time, by kind and cause (按类别、原因统计)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from command.access import require
from command.board import record
from command.events import Event
from command.incidents import KINDS, get_incident
from command.reports import chain, losses
from command.tables import Incident
from gis_data.db import Reading, Writing
from gis_data.errors import Invalid

CAUSES: dict[str, tuple[str, str]] = {
    "rain": ("强降雨", "Heavy rain"), "typhoon": ("台风大风", "Typhoon, gale"), "lightning": ("雷击", "Lightning"),
    "snow": ("雨雪冰冻", "Snow, ice"), "ground": ("坡体失稳", "Unstable ground"),
    "fire_use": ("用火不慎", "Careless fire"),
    "electric": ("电气故障", "Electrical fault"), "equipment": ("设备故障", "Equipment failure"),
    "operation": ("违规作业", "Unsafe work"), "traffic": ("交通事故", "Traffic"), "arson": ("人为故意", "Intent"),
    "other": ("其他", "Other"),
}  # fmt: skip
PENDING = ("待查", "Not known yet")
FIGURES = ("dead", "missing", "injured", "affected", "evacuated", "collapsed", "loss")
"""Persons and rooms; `loss` in 万元. Casualties are the last report's, else the last loss report's."""
_OF_REPORT = ("dead", "missing", "injured")


@dataclass(frozen=True)
class IncidentCaused(Event):
    """Somebody said what an incident was caused by."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    before: str | None
    cause: str | None


def say_cause(tx: Writing, incident_id: UUID, cause: str | None) -> Incident:
    """Say what caused an incident, open or closed; None: not known yet."""
    require(tx.actor, "report.draft")
    if cause is not None and cause not in CAUSES:
        raise Invalid(f"没有原因“{cause}”。", f"There is no cause “{cause}”.", field="cause")
    row = get_incident(tx.session, incident_id)
    before, row.cause = row.cause, cause
    zh, en = CAUSES[cause] if cause else PENDING
    said = f"事件原因：{row.title}（{row.no}），{zh}", f"Cause of {row.title} ({row.no}): {en}"
    record(tx, IncidentCaused(*said, str(row.id), before, cause))
    return row


def statistics(tx: Reading, since: datetime, until: datetime) -> dict[str, Any]:
    """Of the incidents that became known from `since` to before `until`: each, and sums by kind and cause."""
    if until <= since:
        raise Invalid("止于须晚于起于。", "The span ends after it begins.", field="until")
    i = Incident
    query = select(i).where(i.known_at >= since, i.known_at < until).order_by(i.known_at, i.no)
    each = [_one(tx, row) for row in tx.session.scalars(query)]
    keys = dict.fromkeys((one["kind"], one["cause"]) for one in each)
    rows = [_sum([one for one in each if (one["kind"], one["cause"]) == key]) for key in sorted(keys, key=str)]
    return {"since": since, "until": until, "rows": rows, "total": _sum(each), "incidents": each}


def _one(tx: Reading, row: Incident) -> dict[str, Any]:
    reports, handed = chain.sent(tx.session, row.id), losses.handed_in(tx.session, row.id)
    said = reports[-1].said if reports else {}
    lost = handed[-1].district if handed else {}
    figures = {name: lost.get(name) for name in FIGURES}
    figures |= {name: said[name] for name in _OF_REPORT if said.get(name) is not None}
    cause = CAUSES[row.cause] if row.cause else PENDING
    return {
        "id": row.id, "no": row.no, "title": row.title, "kind": row.kind, "kind_zh": KINDS[row.kind][0],
        "kind_en": KINDS[row.kind][1], "cause": row.cause, "cause_zh": cause[0], "cause_en": cause[1],
        "state": row.state, "known_at": row.known_at, **figures,
    }  # fmt: skip


def _sum(some: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums; a figure that no incident says is None, `silent` counts the incidents without any."""
    named = {name: some[0][name] if some else None for name in ("kind", "kind_zh", "kind_en", "cause", "cause_zh",
             "cause_en")}  # fmt: skip
    sums = {name: _added(one[name] for one in some) for name in FIGURES}
    silent = sum(all(one[name] is None for name in FIGURES) for one in some)
    still = sum(one["state"] != "closed" for one in some)
    return named | {"incidents": len(some), "open": still, "silent": silent, **sums}


def _added(some: Iterable[float | None]) -> float | None:
    known = [value for value in some if value is not None]
    return round(sum(known), 4) if known else None
