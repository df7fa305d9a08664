"""The road network as stored: junctions, segments between them, forbidden turns."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base, Drawn, Loaded


class RoadNode(Drawn, Loaded, Base):
    """A junction or road end."""

    __tablename__ = "road_node"
    geom_kind = "POINT"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)


class Road(Drawn, Loaded, Base):
    """A road segment between two nodes. A one-way segment may be driven from `source` to `target` only."""

    __tablename__ = "road"
    geom_kind = "LINESTRING"
    checks = {"length": "length_m >= 0"}

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    way_id: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[int] = mapped_column(ForeignKey("gis.road_node.id"))
    target: Mapped[int] = mapped_column(ForeignKey("gis.road_node.id"))
    name: Mapped[str | None]
    road_class: Mapped[str] = mapped_column("class")
    oneway: Mapped[bool]
    bridge: Mapped[bool]
    tunnel: Mapped[bool]
    layer: Mapped[int] = mapped_column(SmallInteger)
    max_speed_kmh: Mapped[float | None]
    max_height_m: Mapped[float | None]
    max_weight_t: Mapped[float | None]
    max_width_m: Mapped[float | None]
    drive: Mapped[bool]
    walk: Mapped[bool]
    length_m: Mapped[float]


class TurnRestriction(Loaded, Base):
    """A turn that the law forbids (or the only one it allows), as the source states it."""

    __tablename__ = "turn_restriction"
    __table_args__ = (Index("ix_turn_restriction_via", "via_node"), {"schema": GIS})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    from_road: Mapped[int] = mapped_column(ForeignKey("gis.road.id"))
    via_node: Mapped[int] = mapped_column(ForeignKey("gis.road_node.id"))
    to_road: Mapped[int] = mapped_column(ForeignKey("gis.road.id"))
    kind: Mapped[str]
