"""What the ground carries: buildings, water, land cover, named places, rasters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Identity, Index
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


class Raster(Loaded, Base):
    """A grid of terrain, land cover, population or rain: a GeoTIFF kept in the data directory under its hash."""

    __tablename__ = "raster"
    __table_args__ = (
        CheckConstraint("kind in ('terrain', 'landcover', 'population', 'rain')", name="kind"),
        CheckConstraint("kind <> 'rain' or coalesce(start_at < end_at, false)", name="interval"),
        Index("ix_raster_kind", "kind", "valid_to"),
        {"schema": GIS},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    file: Mapped[str]
    crs: Mapped[str]
    bounds: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    """west, south, east, north in degrees."""
    min: Mapped[float]
    max: Mapped[float]
    unit: Mapped[str]
    """m for terrain, mm for rain, persons (in a cell) for population, code for land cover."""
    nodata_share: Mapped[float]
    vertical_datum: Mapped[str | None]
    """Of heights, as the source says."""
    classes: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Land cover: class code to kind."""
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    """Rain: the interval that the depths fell in."""
