"""What the wall shows and no board holds: towns by five colours, how old each feed is, the day's reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from command.duty_reminder import deadline
from command.duty_tables import WorkReminder
from command.field_tables import FieldDevice
from command.gauge_views import as_of, heard_by
from command.hazard_tables import WarningRow
from command.station_memory import memory
from command.tables import ModelRun
from command.town_colours import Town, towns
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from gis_data.parameters import numbers_under
from layers.quality import ALARMS

FEEDS = {
    "gauges": ("监测站", "Gauges", 30.0),
    "warnings": ("预警", "Warnings", 720.0),
    "phones": ("现场手机", "Field phones", 60.0),
    "models": ("模型推算", "Models", 120.0),
}
"""Names, and after how many minutes a feed is stale. DEMO; parameters `feed.<name>_minutes`."""


@dataclass(frozen=True)
class Feed:
    """One way that things come in: when it was last heard of, in the world's time; None: never."""

    id: str
    zh: str
    en: str
    at: datetime | None
    stale_s: float


@dataclass(frozen=True)
class Glance:
    """`online` of `gauges` are heard of at that time. `reminder`: None: not made."""

    at: datetime
    towns: list[Town]
    feeds: list[Feed]
    online: int
    gauges: int
    reminder: str | None
    reminder_due: datetime
    reminder_sent_at: datetime | None


def glance(tx: Reading, at: datetime | None = None) -> Glance:
    """All of it, as of a time (None: now).

    Of the past there are neither the towns, which the board has, nor the phones' feed, which keeps no past. Raises
    Invalid for a time before the days that are kept.
    """
    kept, then = memory(tx), as_of(tx, at)
    is_past = then < tx.at
    gauges = {code for code, station in kept.stations.items() if station.element not in ALARMS}
    heard = {code: one for code, one in heard_by(tx, kept, then).items() if code in gauges}
    newest: dict[str, Any] = {
        "gauges": max((last.at for last, _ in heard.values()), default=None),
        "warnings": _last(tx, WarningRow.received_at, then),
        "models": _last(tx, ModelRun.finished_at, then),
    }
    if not is_past:
        newest["phones"] = _last(tx, FieldDevice.seen_at, then)
    given = numbers_under(tx.session, "feed.", then)
    day = then.astimezone(SHANGHAI).date()
    reminder = tx.session.scalars(select(WorkReminder).where(WorkReminder.day == day)).one_or_none()
    return Glance(
        then,
        [] if is_past else towns(tx),
        [
            Feed(key, zh, en, newest[key], given.get(f"{key}_minutes", minutes) * 60)
            for key, (zh, en, minutes) in FEEDS.items()
            if key in newest
        ],
        sum(state == "fresh" for _, state in heard.values()),
        len(gauges),
        _stood(reminder, then),
        reminder.deadline if reminder else deadline(tx.session, then),
        reminder.sent_at if reminder and _stood(reminder, then) == "sent" else None,
    )


def _last(tx: Reading, when: Any, then: datetime) -> datetime | None:
    found: datetime | None = tx.session.scalar(select(func.max(when)).where(when <= then))
    return found


def _stood(reminder: WorkReminder | None, then: datetime) -> str | None:
    """How far the reminder was at a time."""
    if reminder is None or reminder.made_at > then:
        return None
    if reminder.sent_at and reminder.sent_at <= then:
        return "sent"
    if reminder.approved_at is None or reminder.approved_at > then:
        return "draft"
    return "approved" if reminder.sent_at else reminder.state
