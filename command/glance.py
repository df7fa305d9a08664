"""What the wall shows and no board holds: towns by five colours, how old each feed is, the day's reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from command.duty_reminder import deadline
from command.duty_tables import WorkReminder
from command.field_tables import FieldDevice
from command.hazard_tables import WarningRow
from command.station_memory import memory
from command.tables import ModelRun, StationState
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
    """`online` of `gauges` are heard of now. `reminder`: `draft`, `approved`, `sending`, `sent`, or None: not made."""

    at: datetime
    towns: list[Town]
    feeds: list[Feed]
    online: int
    gauges: int
    reminder: str | None
    reminder_due: datetime
    reminder_sent_at: datetime | None


def glance(tx: Reading) -> Glance:
    """All of it, as of now."""
    kept, found = memory(tx), towns(tx)
    with kept.lock:
        heard = {code: last.at for code, last in kept.last.items() if kept.stations[code].element not in ALARMS}
        gauges = sum(station.element not in ALARMS for station in kept.stations.values())
    newest: dict[str, Any] = {
        "gauges": max(heard.values(), default=None),
        "warnings": tx.session.scalar(select(func.max(WarningRow.received_at))),
        "phones": tx.session.scalar(select(func.max(FieldDevice.seen_at))),
        "models": tx.session.scalar(select(func.max(ModelRun.finished_at))),
    }
    s = StationState
    fresh = select(func.count()).where(s.state == "fresh", s.element.notin_(ALARMS))
    given = numbers_under(tx.session, "feed.", tx.at)
    day = tx.at.astimezone(SHANGHAI).date()
    reminder = tx.session.scalars(select(WorkReminder).where(WorkReminder.day == day)).one_or_none()
    return Glance(
        tx.at,
        found,
        [
            Feed(key, zh, en, newest[key], given.get(f"{key}_minutes", minutes) * 60)
            for key, (zh, en, minutes) in FEEDS.items()
        ],
        tx.session.scalar(fresh) or 0,
        gauges,
        reminder.state if reminder else None,
        reminder.deadline if reminder else deadline(tx.session, tx.at),
        reminder.sent_at if reminder else None,
    )
