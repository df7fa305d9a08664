"""Who may send readings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base


class ReadingSource(Base):
    """A source of readings (读数来源) with a key of its own, of which only the hash is kept."""

    __tablename__ = "reading_source"
    __table_args__ = ({"schema": GIS},)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[str]
    worlds: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{live}'"))
    elements: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    """None: all."""
    stations: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    """Codes, or `*` at the end for all that begin so; none: all."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
