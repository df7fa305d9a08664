"""What phones in the field send, and when each was last heard of."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import JSON, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import SRID, WORLD, Base


class FieldAction(Base):
    """One act of somebody in the field, under the number that the phone gave it: done once, or refused."""

    __tablename__ = "field_action"
    __table_args__ = (
        CheckConstraint("state in ('done', 'refused')", name="state"),
        Index("ix_field_action_account", "account", "received_at"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    post: Mapped[str]
    kind: Mapped[str]
    digest: Mapped[str]
    """Hash of what was said, so that one number cannot mean two things."""
    happened_at: Mapped[datetime]
    """By the phone's clock, set right by the server's; on the world's clock."""
    received_at: Mapped[datetime]
    state: Mapped[str]
    problem_zh: Mapped[str]
    problem_en: Mapped[str]
    field: Mapped[str | None]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class FieldDevice(Base):
    """A phone as it was last heard of: by whom, how much still waits on it, where it is."""

    __tablename__ = "field_device"
    __table_args__ = {"schema": WORLD}

    account: Mapped[str] = mapped_column(primary_key=True)
    post: Mapped[str]
    seen_at: Mapped[datetime]
    latency_s: Mapped[float]
    """How old its oldest act was when it came in, the last time that one came."""
    geom: Mapped[Any] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False), nullable=True)
    accuracy_m: Mapped[float | None]
    position_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
