"""The district's road network under a world's closures, as a value for the map's questions."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from command.tables import Closure
from gis_data.db import district
from gis_data.errors import Invalid
from gis_data.settings import settings
from gis_data.tables import Load, Raster
from layers.network import Network, build
from layers.profiles import DRIVE, PROFILES, Limit, Profile
from layers.surroundings import surroundings

KEPT_VERSIONS = 8
"""How many versions under closures are kept, over all worlds; each holds the searches it was asked for."""

_building = Lock()
_kept: dict[URL, Network] = {}
_versions: OrderedDict[tuple[int, str], Network] = OrderedDict()


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


def base(session: Session) -> Network:
    """The network of the road load in force, without closures; built once a process and kept while in force."""
    current = version(session)
    database = session.get_bind().engine.url
    with _building:
        kept = _kept.get(database)
        if kept is None or kept.version != current:
            kept = _kept[database] = _read(session, current)
        return kept


def network(session: Session) -> Network:
    """The network as it is now: under all closures in force in this world."""
    whole = base(session)
    made = whole.apply(limits(session))
    if made.version == whole.version:
        return whole
    key = (id(whole.plan), made.version)
    with _building:
        kept = _versions.setdefault(key, made)
        _versions.move_to_end(key)
        while len(_versions) > KEPT_VERSIONS:
            _versions.popitem(last=False)
        return kept


def limits(session: Session) -> dict[int, Limit]:
    """What the closures in force put on each road; where several do, all of them hold."""
    found: dict[int, Limit] = {}
    c = Closure
    rows = session.execute(select(c.road_ids, c.closed_for, c.slower, c.depth_m).where(c.lifted_at.is_(None)))
    for road_ids, closed_for, slower, depth_m in rows:
        for road_id in road_ids:
            one = found.get(road_id, Limit(frozenset()))
            closed = one.closed_for | frozenset(closed_for)
            found[road_id] = Limit(closed, max(one.slower, slower), max(one.depth_m, depth_m or 0.0))
    return found


def closure_ids(session: Session) -> tuple[str, ...]:
    """The closures in force."""
    return tuple(sorted(map(str, session.scalars(select(Closure.id).where(Closure.lifted_at.is_(None))))))


def profile_of(vehicle: str) -> Profile:
    """The profile of a vehicle's kind; a plain vehicle where the kind has none of its own."""
    found = PROFILES.get(vehicle, DRIVE)
    return found if found.mode == "drive" else DRIVE


def _read(session: Session, version: str) -> Network:
    def table(query: str) -> gpd.GeoDataFrame:
        return gpd.read_postgis(text(query), session.connection(), geom_col="geom", crs="EPSG:4490")

    roads, metric_crs = table("select * from gis.road where valid_to is null"), district(session).metric_crs
    water = table("select geom from gis.water where valid_to is null")
    turns = "select from_road, via_node, to_road, kind from gis.turn_restriction where valid_to is null"
    kept = _order(version)
    ready = bool(kept)
    found = build(
        table("select id, geom from gis.road_node where valid_to is null"),
        roads.join(surroundings(roads, water, metric_crs, _terrain(session))),
        metric_crs,
        turns=pd.read_sql(text(turns), session.connection()),
        version=version,
        kept=kept,
    )
    if not ready:
        _keep(version, kept)
    return found


def _terrain(session: Session) -> Path | None:
    """The terrain model in force."""
    in_force = select(Raster.file).where(Raster.kind == "terrain", Raster.valid_to.is_(None))
    file = session.scalar(in_force.order_by(Raster.id.desc()).limit(1))
    return settings().data / file if file and (settings().data / file).is_file() else None


def _order_file(version: str) -> Path:
    return settings().data / "roads" / f"{version}.npz"


def _order(version: str) -> dict[str, NDArray[Any]]:
    """The kept order of a road load's nodes, or nothing."""
    try:
        with np.load(_order_file(version)) as kept:
            return dict(kept)
    except (OSError, ValueError, BadZipFile):
        return {}


def _keep(version: str, order: dict[str, NDArray[Any]]) -> None:
    """Keep the order for the next start; a folder that cannot be written only costs its time again."""
    file = _order_file(version)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
            np.savez(part, **order)  # type: ignore[arg-type]
        Path(part.name).replace(file)
