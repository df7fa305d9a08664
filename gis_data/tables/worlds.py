"""The worlds there are, and the clock that each keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, WORLD, Base


class WorldRow(Base):
    """A world: its schema and its database role. Its clock and all that happens stand in the schema."""

    __tablename__ = "world"
    __table_args__ = (CheckConstraint("kind in ('live', 'drill')", name="kind"), {"schema": GIS})

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    schema_name: Mapped[str] = mapped_column(unique=True)
    role_name: Mapped[str]
    created_at: Mapped[datetime]


class ClockRow(Base):
    """The anchor of a world's clock: one row, `sim0 + (real - real0) × speed`."""

    __tablename__ = "clock"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("speed >= 0", name="speed"),
        {"schema": WORLD},
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sim0: Mapped[datetime]
    real0: Mapped[datetime]
    speed: Mapped[float]
