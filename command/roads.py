"""The district's road network and a world's closures, as values for the map's questions."""

from __future__ import annotations

from threading import Lock

import geopandas as gpd
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from command.tables import Closure
from gis_data.db import district
from gis_data.errors import Invalid
from gis_data.tables import Load
from layers.network import Network, build

_building = Lock()
_kept: dict[URL, Network] = {}


def version(session: Session) -> str:
    """Names the road load in force, as `<load id>-<file hash>`."""
    load = session.scalar(
        select(Load).where(Load.kind == "roads", Load.replaced_at.is_(None)).order_by(Load.id.desc()).limit(1)
    )
    if load is None:
        raise Invalid(
            "还没有路网：请先运行 baochu load roads 文件.osm.pbf 或 baochu demo。",
            "There are no roads yet: run baochu load roads FILE.osm.pbf, or baochu demo.",
        )
    return f"{load.id}-{load.sha256[:12]}"


def network(session: Session) -> Network:
    """The network of the road load in force; built once a process and kept while it is in force."""
    current = version(session)
    database = session.get_bind().engine.url
    with _building:
        kept = _kept.get(database)
        if kept is None or kept.version != current:
            kept = _kept[database] = _read(session, current)
        return kept


def _read(session: Session, version: str) -> Network:
    def table(query: str) -> gpd.GeoDataFrame:
        return gpd.read_postgis(text(query), session.connection(), geom_col="geom", crs="EPSG:4490")

    return build(
        table("select id, geom from gis.road_node where valid_to is null"),
        table(
            "select id, class, oneway, drive, walk, source, target, length_m, max_speed_kmh, geom from gis.road"
            " where valid_to is null"
        ),
        district(session).metric_crs,
        version=version,
    )


def closures(session: Session) -> dict[str, frozenset[int]]:
    """The closures in force: closure id → road ids."""
    rows = session.execute(select(Closure.id, Closure.road_ids).where(Closure.lifted_at.is_(None)))
    return {str(row.id): frozenset(row.road_ids) for row in rows}


def closed_roads(in_force: dict[str, frozenset[int]]) -> frozenset[int]:
    """All roads that the closures in force close."""
    return frozenset().union(*in_force.values())
