"""What people said of alarms (知悉, 静音): one row an object, the last word; earlier words stand in the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class AlarmWord(Base):
    """Who acknowledged which alarm of an object, and when; under the id `mute`, who silenced all screens until when."""

    __tablename__ = "alarm_word"
    __table_args__ = {"schema": WORLD}

    id: Mapped[str] = mapped_column(primary_key=True)
    """`<kind>:<id of the object>`, or `mute`."""
    episode: Mapped[str]
    """What tells this alarm of the object from its next one, such as the time it began."""
    at: Mapped[datetime]
    by: Mapped[str]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
