"""What the ground carries: buildings, water, land cover, named places, terrain."""

from __future__ import annotations

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base, Drawn, Loaded


class Building(Drawn, Loaded, Base):
    """A building's outline; height in metres where the source states it."""

    __tablename__ = "building"
    geom_kind = "MULTIPOLYGON"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    height_m: Mapped[float | None]


class Water(Drawn, Loaded, Base):
    """A water body (polygon) or a stream (line)."""

    __tablename__ = "water"
    geom_kind = "GEOMETRY"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]


class Landcover(Drawn, Loaded, Base):
    """Woods, grass, farmland and the like."""

    __tablename__ = "landcover"
    geom_kind = "MULTIPOLYGON"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]


class Place(Drawn, Loaded, Base):
    """A named place, for labels and for finding a place by its name."""

    __tablename__ = "place"
    geom_kind = "POINT"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]


class Terrain(Loaded, Base):
    """A digital elevation model: a GeoTIFF kept in the data directory under its hash. Heights in metres."""

    __tablename__ = "terrain"
    __table_args__ = (Index("ix_terrain_valid_to", "valid_to"), {"schema": GIS})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    file: Mapped[str]
    crs: Mapped[str]
    bounds: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    """west, south, east, north in degrees."""
    min_m: Mapped[float]
    max_m: Mapped[float]
    vertical_datum: Mapped[str]
