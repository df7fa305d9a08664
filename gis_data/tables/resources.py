"""Rescue teams, shelters and targets to protect."""

from __future__ import annotations

import uuid

from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import Base, Drawn, Loaded, new_id


class Team(Drawn, Loaded, Base):
    """A rescue team (救援队伍) at its base. What it is doing now belongs to a world, not here."""

    __tablename__ = "team"
    geom_kind = "POINT"
    checks = {"members": "members > 0", "muster": "muster_s >= 0"}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    """Incident kinds that it may take."""
    members: Mapped[int]
    muster_s: Mapped[float]
    vehicle: Mapped[str]
    is_demo: Mapped[bool]


class Shelter(Drawn, Loaded, Base):
    """An emergency shelter (避灾安置场所). An unknown capacity is NULL, never 0."""

    __tablename__ = "shelter"
    geom_kind = "POINT"
    checks = {"capacity": "capacity >= 0"}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    level: Mapped[str]
    space: Mapped[str]
    effective_area_m2: Mapped[float | None]
    capacity: Mapped[int | None]
    capacity_source: Mapped[str | None]
    is_demo: Mapped[bool]


class ProtectedTarget(Drawn, Loaded, Base):
    """A target to protect (防护目标): school, hospital, old people's home, …"""

    __tablename__ = "protected_target"
    geom_kind = "POINT"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str]
    capacity: Mapped[int | None]
    is_demo: Mapped[bool]
