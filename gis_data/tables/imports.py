"""Imports under way, and the mappings that are kept for the next file of the same shape."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base, new_id


class ImportJob(Base):
    """One file on its way into a register: uploaded → checked (or refused) → confirmed, or dropped.

    What it needs lies in the database and the data directory, so that it outlives a restart. `settings` are the layer,
    datum, mapping, answers and mode of its last check; `report` is what that found.
    """

    __tablename__ = "import_job"
    __table_args__ = (
        Index("ix_import_job_created_at", "created_at"),
        {"schema": GIS},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    register: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'uploaded'"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    load_id: Mapped[int | None] = mapped_column(ForeignKey("gis.load.id"))
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SourceMapping(Base):
    """How the columns of files of one shape stand for a register's fields; `signature` is that of their names."""

    __tablename__ = "source_mapping"
    __table_args__ = (
        Index("uq_source_mapping_shape", "register", "signature", unique=True),
        {"schema": GIS},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    register: Mapped[str]
    signature: Mapped[str]
    source: Mapped[str]
    """The name of the last file of this shape."""
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]
