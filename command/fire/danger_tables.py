"""The danger of the day (森林火险等级) as it was stored, with what it rests on."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class FireDangerDay(Base):
    """A day's class as it was computed at a time; never changed, another one of the day stands beside it."""

    __tablename__ = "fire_danger_day"
    __table_args__ = {"schema": WORLD}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    danger_class: Mapped[int | None]
    """The highest class of a town, 1 to 5; none where nothing is known."""
    towns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Of each town the class that covers most of it, and its highest."""
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Gauges, season, start values, table, assumptions: what was told with it."""
    recorded_at: Mapped[datetime]
