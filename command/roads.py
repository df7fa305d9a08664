"""The district's road network under a world's closures, as a value for the map's questions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from cachetools import LRUCache
from numpy.typing import NDArray
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from command import journal
from command.tables import Closure
from gis_data import tile_changes
from gis_data.db import Reading, district, reading
from gis_data.errors import Invalid
from gis_data.parameters import numbers_under
from gis_data.settings import settings
from gis_data.tables import Load, Raster, Road, Team
from gis_data.world import World
from layers.network import Network
from layers.network_build import build
from layers.profiles import DRIVE, IN_TRANSFER, Limit, Profile, with_figures
from layers.surroundings import ABOUT, surroundings

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
    return _shared(made) if made.limits else whole


def network_for(session: Session, profile: Profile) -> Network:
    """The network as a profile finds it now: a transfer on foot keeps out of geological-hazard zones besides.

    All zones of the register count as active. Whoever starts in one is led from the nearest road outside it.
    """
    now = network(session)
    if profile.id not in IN_TRANSFER:
        return now
    inside = session.scalars(
        text(
            "select distinct r.id from gis.road r join gis.geohazard_zone z on ST_Intersects(r.geom, z.geom)"
            " where r.valid_to is null and z.valid_to is null and not r.tunnel"
        )
    ).all()
    held = {road_id: now.limits.get(road_id, Limit(frozenset())) for road_id in inside}
    return _shared(now.apply({i: replace(one, closed_for=one.closed_for | IN_TRANSFER) for i, one in held.items()}))


def _shared(made: Network) -> Network:
    """The same version as it was made before, with the searches that it was asked for."""
    key = (id(made.plan), made.version)
    with _building:
        kept = _versions.setdefault(key, made)
        _versions.move_to_end(key)
        while len(_versions) > KEPT_VERSIONS:
            _versions.popitem(last=False)
        return kept


def warm(world: World) -> None:
    """Make the searches for the teams' vehicles on the roads as they are now, before anybody asks for them."""
    with reading(world) as tx:
        now, known = network(tx.session), profiles(tx)
        for vehicle in tx.session.scalars(select(Team.vehicle).where(Team.valid_to.is_(None)).distinct()):
            now.metric(profile_of(vehicle, known))


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


_figured: LRUCache[tuple[Any, ...], Mapping[str, Profile]] = LRUCache(16)


def profiles(tx: Reading) -> Mapping[str, Profile]:
    """Who travels, by the parameters in force now; read anew when something has happened, and every day."""
    key = (tx.session.get_bind().engine.url, tx.world.schema, journal.position(tx.session), tx.at.date())
    if (found := _figured.get(key)) is None:
        figures = {
            prefix + rest: value
            for prefix in ("drive.speed[", "walk.speed[", "vehicle.")
            for rest, value in numbers_under(tx.session, prefix, tx.at).items()
        }
        found = _figured[key] = with_figures(figures)
    return found


def profile_of(vehicle: str, known: Mapping[str, Profile]) -> Profile:
    """The profile of a vehicle's kind; a plain vehicle where the kind has none of its own."""
    found = known.get(vehicle, known[DRIVE.id])
    return found if found.mode == "drive" else known[DRIVE.id]


def _read(session: Session, version: str) -> Network:
    """Build the network; the order of its nodes and what lies about its roads are kept in a file for the next start."""

    def table(query: str, geom: str = "geom") -> gpd.GeoDataFrame:
        frame = pd.read_sql(text(query), session.connection())
        frame[geom] = shapely.from_wkb([bytes(one) for one in frame[geom]])
        return gpd.GeoDataFrame(frame, geometry=geom, crs="EPSG:4490")

    columns = ", ".join(column.name for column in Road.__table__.columns if not column.name.startswith("geom"))
    roads = table(f"select {columns}, ST_AsBinary(geom) as geom from gis.road where valid_to is null order by id")
    metric_crs, dem = district(session).metric_crs, terrain(session, settings().data)
    water = tile_changes.versions(session.connection()).get("gis.water", 0)
    file = settings().data / "roads" / f"{version}-{water}-{dem.stem if dem else 'flat'}.npz"
    kept = _kept_in(file)
    ready = bool(kept)
    about = {name: kept.pop(name) for name in ABOUT if name in kept}
    if not about:
        streams = table("select ST_AsBinary(geom) as geom from gis.water where valid_to is null")
        about = {str(name): column.to_numpy() for name, column in surroundings(roads, streams, metric_crs, dem).items()}
    turns = "select from_road, via_node, to_road, kind from gis.turn_restriction where valid_to is null"
    found = build(
        table("select id, ST_AsBinary(geom) as geom from gis.road_node where valid_to is null"),
        roads.assign(**about),
        metric_crs,
        turns=pd.read_sql(text(turns), session.connection()),
        version=version,
        kept=kept,
    )
    if not ready:
        _keep(file, kept | about)
    return found


def terrain(session: Session, data: Path) -> Path | None:
    """The terrain model in force, in a data directory."""
    in_force = select(Raster.file).where(Raster.kind == "terrain", Raster.valid_to.is_(None))
    file = session.scalar(in_force.order_by(Raster.id.desc()).limit(1))
    return data / file if file and (data / file).is_file() else None


def _kept_in(file: Path) -> dict[str, NDArray[Any]]:
    """The arrays kept in a file, or nothing."""
    try:
        with np.load(file) as kept:
            return dict(kept)
    except (OSError, ValueError, BadZipFile):
        return {}


def _keep(file: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Keep arrays for the next start; a folder that cannot be written only costs their time again."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
            np.savez(part, allow_pickle=False, **arrays)
        Path(part.name).replace(file)
