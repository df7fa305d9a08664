"""Tropical cyclones as agencies track them (台风路径): kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class Cyclone(Base):
    """A cyclone as one agency tracks it, with what its newest issue makes of it."""

    __tablename__ = "cyclone"
    __table_args__ = (
        UniqueConstraint("number", "agency", name="uq_cyclone_key"),
        CheckConstraint("state in ('open', 'ended')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    agency: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    is_demo: Mapped[bool]
    state: Mapped[str]
    last_at: Mapped[datetime]
    """Time of the newest fix."""
    observed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    forecast: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Of the newest issue that has one, its points after the newest fix."""
    forecast_at: Mapped[datetime | None]
    shapes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Wind circles of the newest fix and the cone: `kind`, `force`, `geometry` (EPSG:4490)."""
    approach: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How near the district it comes, and when: 参考."""
    course: Mapped[list[list[Any]]] = mapped_column(JSON)
    """From the newest fix on, every half hour: time, distance to the district (km), wind (m/s)."""
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str]
    recorded_at: Mapped[datetime]


class CycloneIssue(Base):
    """What an agency said of a cyclone at a time: where it was, and its forecast; never changed.

    Other words of the same time are another `revision`; the last one counts.
    """

    __tablename__ = "cyclone_issue"
    __table_args__ = (
        UniqueConstraint("cyclone_id", "at", "revision", name="uq_cyclone_issue_key"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cyclone_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.cyclone.id"))
    at: Mapped[datetime]
    revision: Mapped[int]
    fix: Mapped[dict[str, Any]] = mapped_column(JSON)
    forecast: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str]
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    recorded_at: Mapped[datetime]
