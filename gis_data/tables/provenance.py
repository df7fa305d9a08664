"""Where each row came from, and what the district is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base


class District(Base):
    """The one district of this database: fixed at first creation."""

    __tablename__ = "district"
    __table_args__ = {"schema": GIS}

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    metric_crs: Mapped[str]
    box: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))


class Load(Base):
    """One load of one source: the file's hash, its stated datum, what came in, who did it and when."""

    __tablename__ = "load"
    __table_args__ = (
        Index("uq_load_in_force", "kind", unique=True, postgresql_where=text("replaced_at is null and kind <> 'rain'")),
        {"schema": GIS},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str]
    datum: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    rejected: Mapped[int]
    is_demo: Mapped[bool]
    actor: Mapped[str]
    loaded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    """When a later load of the same kind took this one's place; unset for the one in force."""
