"""Screens on the wall (指挥大屏): what each shows by itself, and what somebody shows on it. Kept in a world."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class Screen(Base):
    """A screen by its name. While `shown` is empty it shows its own scene, and nobody moves it."""

    __tablename__ = "screen"
    __table_args__ = (
        CheckConstraint("home in ('daily', 'flood', 'geohazard', 'forest_fire', 'city_fire', 'drill')", name="home"),
        CheckConstraint("sensitive in ('hide', 'dim')", name="sensitive"),
        {"schema": WORLD},
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    home: Mapped[str]
    """The scene that it shows by itself."""
    sensitive: Mapped[str]
    """Whether sensitive incidents are hidden on it, or dimmed."""
    shown: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What is shown on it: `scene`; `lon`, `lat`, `zoom` (as on a 1080p screen), `pitch`, `bearing`; and `highlight`
    (`kind`, `id`, `lon`, `lat`) or none."""
    shown_by: Mapped[str | None]
    shown_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
