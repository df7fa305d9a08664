"""Where drawn tables have changed, so that their tiles can be drawn anew."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base


class TileChange(Base):
    """One change of a drawn table. The triggers of `gis_data.tile_changes` write it, in the change's own transaction.

    Numbers rise in the order of the commits; the highest of a table is the version of its tiles. They are microseconds
    since 1970, so that a database brought back from a backup never gives a number the second time.
    """

    __tablename__ = "tile_change"
    __table_args__ = (Index("ix_tile_change_drawn", "drawn", "id"), {"schema": GIS})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    drawn: Mapped[str]
    """The table, as in the catalogue: gis.road."""
    box: Mapped[list[float] | None] = mapped_column(ARRAY(DOUBLE_PRECISION))
    """west, south, east, north of what was there before and after, metres in EPSG:3857; null for the whole table."""
