"""The report clock (报送时限): it runs from when a post first knew, against limits in force at that moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gis_data.parameters import numbers_under

MINUTES = {"first_minutes": 30.0, "written_minutes": 60.0}
"""DEMO: until the first report, by any channel, and until the first written one; parameters `report.*`."""
SHARES = (("late", 1.0), ("near", 0.8), ("half", 0.5))
"""What a clock shows from a share of its limit on (a late one only after all of it)."""


def due(session: Session, known_at: datetime) -> tuple[datetime, datetime]:
    """When the first report is due, and the first written one."""
    minutes = MINUTES | numbers_under(session, "report.", known_at)
    return tuple(known_at + timedelta(minutes=minutes[key]) for key in MINUTES)  # type: ignore[return-value]


def shown(known_at: datetime, due_at: datetime, sent_at: datetime | None, now: datetime) -> tuple[float, str]:
    """Which share of the limit is used, and its state: running, half, near, late; met or met late once sent."""
    whole = (due_at - known_at).total_seconds()
    share = ((sent_at or now) - known_at).total_seconds() / whole if whole else 2.0
    late = share > 1
    if sent_at:
        return share, "met_late" if late else "met"
    return share, next((word for word, least in SHARES if (share >= least if least < 1 else late)), "running")
