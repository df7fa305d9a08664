"""What is drawn at the scene of an incident (现场标绘), and how far a forest fire is: kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import SRID, WORLD, Base


class Mark(Base):
    """A zone, a line or a place at the scene, until a person ends it with what was found."""

    __tablename__ = "incident_mark"
    __table_args__ = (
        CheckConstraint(
            "kind in ('isolation', 'downwind', 'cordon', 'headquarters', 'division', 'escape', 'safety', 'burnt',"
            " 'monitor')",
            name="kind",
        ),
        CheckConstraint("decision in ('evacuate', 'shelter')", name="decision"),
        Index("ix_incident_mark_open", "incident_id", postgresql_where=text("ended_at is null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.incident.id"))
    kind: Mapped[str]
    name: Mapped[str]
    post: Mapped[str]
    """The post that answers for it."""
    geom: Mapped[Any] = mapped_column(Geometry("GEOMETRY", srid=SRID, spatial_index=False), nullable=False)
    area_ha: Mapped[float | None]
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it was made from: substance, wind, document."""
    inside: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Who and what lay inside when it was set: figures with their units."""
    targets: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Protected targets inside, schools first: `code`, `name`, `kind`."""
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    decision: Mapped[str | None]
    """People inside leave (evacuate), or stay indoors (shelter)."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    finding: Mapped[str]
    recorded_at: Mapped[datetime]


class FireStage(Base):
    """A step of a forest fire after open fire is out (明火扑灭 → 清理 → 看守 → 验收); never changed."""

    __tablename__ = "fire_stage"
    __table_args__ = (
        CheckConstraint("stage in ('burning', 'out', 'mop_up', 'watch', 'accepted')", name="stage"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.incident.id"), index=True)
    stage: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    until: Mapped[datetime | None]
    """Of a watch: until when it lasts at least."""
    note: Mapped[str]
    recorded_at: Mapped[datetime]
