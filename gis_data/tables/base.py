"""The shared base of all tables: reference data stands in schema `gis`, what happens stands in a world's schema."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Computed, DateTime, ForeignKey, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

SRID = 4490
GIS = "gis"
WORLD = "world"
"""A token, never a real schema: `schema_translate_map` puts the world's own schema in its place."""


class Base(DeclarativeBase):
    """All tables of both floors; one Alembic tree migrates them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), str: String}


def geometry(kind: str) -> Mapped[Any]:
    """A geometry column in EPSG:4490 (CGCS2000, degrees, lon lat); the drawn copy carries the index."""
    return mapped_column(Geometry(kind, srid=SRID, spatial_index=False), nullable=False)


class Drawn:
    """A table that the map draws: a stored copy of `geom` in EPSG:3857, indexed, for tiles only."""

    geom_kind: str
    checks: ClassVar[dict[str, str]] = {}
    """Further rules of the table: name → SQL condition."""

    @declared_attr
    @classmethod
    def geom(cls) -> Mapped[Any]:
        return geometry(cls.geom_kind)

    @declared_attr
    @classmethod
    def geom_3857(cls) -> Mapped[Any]:
        drawn = Geometry(cls.geom_kind, srid=3857, spatial_index=False)
        return mapped_column(drawn, Computed("ST_Transform(geom, 3857)", persisted=True), deferred=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        name = cls.__tablename__  # type: ignore[attr-defined]  # set by every mapped class
        return (
            Index(f"ix_{name}_geom", "geom", postgresql_using="gist"),
            Index(f"ix_{name}_geom_3857", "geom_3857", postgresql_using="gist"),
            *(CheckConstraint(rule, name=check) for check, rule in cls.checks.items()),
            {"schema": GIS},
        )


class Loaded:
    """A row that came from a source: which load brought it, and until when it holds. Rows are closed, never deleted."""

    load_id: Mapped[int] = mapped_column(ForeignKey("gis.load.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


def new_id() -> uuid.UUID:
    """A fresh random identifier."""
    return uuid.uuid4()
