"""A planner's questions: who is covered by which shelters, who is cut off, who hangs on one road."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import text

from command import demand as demands
from command import roads
from command.demand import Demand, demand, located, located_now
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, district
from gis_data.errors import NotFound
from gis_data.parameters import value_of
from layers.coverage import Coverage, cover
from layers.engine.hierarchy import FAR
from layers.evacuation import Question, eligibility
from layers.isolation import cut_roads, mainland, only_ways
from layers.network import Network
from layers.positions import Position, snap_all
from layers.profiles import DISTANCE, DRIVE, Profile
from layers.reach import outline

ENTRANCE_M = 500.0
"""How far from a walkable road a shelter's entrance may lie."""
DEFAULTS = {
    "shelter.per_capita[indoor, overnight]": 3.0,
    "shelter.per_capita[outdoor, emergency]": 1.0,
    "shelter.service_distance[town]": 1000.0,
    "shelter.appraisal_years": 3.0,
}
"""DEMO values of the handbook's section 8, used and marked where no version of the parameter is in force."""
ZONES_OF = {"geohazard": "geohazard_zone"}
"""Hazard → the register of the zones in which no shelter counts."""

_lock = Lock()
_last: OrderedDict[tuple[Any, ...], Coverage] = OrderedDict()


@dataclass(frozen=True)
class Asked:
    """A question of coverage; None takes the parameter in force."""

    demand: str = "residents"
    hazard: str = "geohazard"
    overnight: bool = True
    limit_m: float | None = None
    indoor_m2: float | None = None
    outdoor_m2: float | None = None
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Used:
    """A parameter as it was used, and what it rests on; a planner's own figure rests on the question."""

    key: str
    value: float
    document: str
    is_demo: bool


@dataclass(frozen=True, eq=False)
class Answer:
    """Coverage with all that it rests on; `shelters` has a row for each, `kept` numbers those that count."""

    asked: Asked
    used: tuple[Used, ...]
    who: Demand
    shelters: gpd.GeoDataFrame
    coverage: Coverage
    circle: int
    network: Network
    closures: tuple[str, ...]

    def by_unit(self) -> list[dict[str, Any]]:
        """Persons, persons without room and persons out of reach of every shelter, by unit; the worst first."""
        out = np.where(self.coverage.nearest_mm < FAR, 0, self.who.persons)
        counted = (self.who.persons, self.coverage.assignment.unmet, out)
        sums = [np.bincount(self.who.unit, some, len(self.who.units)).astype(int).tolist() for some in counted]
        rows = zip(self.who.units, *sums, strict=True)
        found = [dict(zip(("unit", "persons", "unmet", "out_of_reach"), row, strict=True)) for row in rows]
        return sorted(found, key=lambda row: (-row["unmet"], row["unit"]))


def _parameter(tx: Reading, key: str, given: float | None) -> Used:
    if given is not None:
        return Used(key, given, "", False)
    try:
        found = value_of(tx.session, key, tx.at)
        return Used(key, found.number, found.document, found.is_demo)
    except (NotFound, ValueError):
        return Used(key, DEFAULTS[key], "DEMO", True)


def _question(tx: Reading, asked: Asked) -> tuple[tuple[Used, Used, Used, Used], Question]:
    indoor, outdoor, _, years = used = (
        _parameter(tx, "shelter.per_capita[indoor, overnight]", asked.indoor_m2),
        _parameter(tx, "shelter.per_capita[outdoor, emergency]", asked.outdoor_m2),
        _parameter(tx, "shelter.service_distance[town]", asked.limit_m),
        _parameter(tx, "shelter.appraisal_years", None),
    )
    question = Question(
        asked.hazard,
        asked.overnight,
        indoor.value,
        outdoor.value,
        round(years.value),
        tx.at.astimezone(SHANGHAI).date(),
    )
    return used, question


def judged(tx: Reading, asked: Asked) -> gpd.GeoDataFrame:
    """All shelters with their capacity for the question, whether they count, and why not; by code."""
    return _shelters(tx, _question(tx, asked)[1], asked)


def coverage(tx: Reading, asked: Asked) -> Answer:
    """Coverage of a demand by the shelters that count for a hazard, by the roads as they are now."""
    used, question = _question(tx, asked)
    limit, shelters = used[2], _shelters(tx, question, asked)
    network, who = roads.network(tx.session), demand(tx.session, asked.demand)
    kept = shelters[shelters["eligible"] & shelters["place"].notna()]
    places: list[Position] = kept["place"].tolist()
    room = kept["capacity"].fillna(0).to_numpy(np.int64)
    key = (*who.version, network.plan.version, tuple(kept["code"]))
    with _lock:
        start = _last.get(key)
    found = cover(
        network, located(tx.session, who), who.persons, places, room, limit.value, profile=DISTANCE, start=start
    )
    with _lock:
        _last[key] = found
        while len(_last) > demands.KEPT:
            _last.popitem(last=False)
    shelters["assigned"] = 0
    taken = np.bincount(found.assignment.shelter, found.assignment.persons, len(kept)).astype(int)
    shelters.loc[kept.index, "assigned"] = taken
    circle = demands.remember((*key, limit.value), lambda: _within_circles(network, who, kept, limit.value))
    return Answer(asked, used, who, shelters, found, circle, network, roads.closure_ids(tx.session))


def _shelters(tx: Reading, question: Question, asked: Asked) -> gpd.GeoDataFrame:
    """All shelters with capacity, whether they count and why not, and the place of the entrance on the roads."""
    found = gpd.read_postgis(
        text(
            "select id, code, name, space, accepted, appraised_at, state, hazards, effective_area_m2, capacity,"
            " is_demo, geom from gis.shelter where valid_to is null order by code"
        ),
        tx.session.connection(),
        geom_col="geom",
        crs="EPSG:4490",
    )
    danger = None
    if table := ZONES_OF.get(question.hazard):
        zones = tx.session.scalar(text(f"select ST_AsBinary(ST_Union(geom)) from gis.{table} where valid_to is null"))
        danger = shapely.from_wkb(bytes(zones)) if zones else None
    judged = eligibility(found, question, danger, asked.excluded)
    found = found.drop(columns="capacity").join(judged)
    lonlat = np.column_stack([found.geometry.x, found.geometry.y])
    whole = roads.base(tx.session)
    found["place"] = np.array([*snap_all(whole, lonlat, DISTANCE, limit_m=ENTRANCE_M), None], object)[:-1]
    return found


def _within_circles(network: Network, who: Demand, shelters: gpd.GeoDataFrame, limit_m: float) -> int:
    """Persons within a straight line of the limit: what a map with circles would claim."""
    if not len(shelters) or not len(who.persons):
        return 0
    to_metric = network.plan.to_metric.transform
    centres: Any = shapely.points(np.column_stack(to_metric(shelters.geometry.x, shelters.geometry.y)))
    cells = shapely.points(np.column_stack(to_metric(who.lonlat[:, 0], who.lonlat[:, 1])))
    inside = np.unique(shapely.STRtree(centres).query(cells, predicate="dwithin", distance=limit_m)[0])
    return int(who.persons[inside].sum())


@dataclass(frozen=True, eq=False)
class Island:
    """A part of the network that is cut off (孤岛): its ground (EPSG:4490), and who is there."""

    area: shapely.MultiPolygon
    persons: int
    places: tuple[tuple[str, int], ...]
    road_ids: tuple[int, ...]


@dataclass(frozen=True)
class Islands:
    """All islands for a kind of vehicle, the most persons first, and who has no open road near at all."""

    islands: tuple[Island, ...]
    stranded: int
    """Persons on roads that are themselves closed, with no open one within `isolation.NEAR_M`."""
    network_version: str
    closures: tuple[str, ...]


def islands(tx: Reading, profile: Profile = DRIVE) -> Islands:
    """Who is cut off now and is not without closures: places that cannot be reached from the rest, or not left."""
    whole, network = roads.base(tx.session), roads.network(tx.session)
    closures = roads.closure_ids(tx.session)
    if network is whole:
        return Islands((), 0, network.version, closures)
    usual, ground = mainland(whole, profile), mainland(network, profile)
    groups = [rows[usual.roads[rows]] for rows in cut_roads(network, profile, ground)]
    groups = [rows for rows in groups if len(rows)]
    residents, villages = (demand(tx.session, kind) for kind in ("residents", "villages"))
    home, village = (located_now(tx.session, who, network, profile) for who in (residents, villages))
    before = located(tx.session, residents, profile)
    stranded = (home.row < 0) & (before.row >= 0) & usual.roads[before.row]
    row, _, xy = network.plan.spots

    found = []
    for rows in groups:
        area = gpd.GeoSeries([outline(xy[np.isin(row, rows)])], crs=district(tx.session).metric_crs).to_crs(4490)
        here, there = np.isin(home.row, rows), np.isin(village.row, rows)
        names = tuple(zip(villages.name[there].tolist(), villages.persons[there].tolist(), strict=True))
        ids = network.plan.roads.index[rows]
        found.append(Island(area.iloc[0], int(residents.persons[here].sum()), names, tuple(map(int, ids))))
    found.sort(key=lambda island: (-island.persons, -len(island.road_ids)))
    return Islands(tuple(found), int(residents.persons[stranded].sum()), network.version, closures)


@dataclass(frozen=True)
class Dependence:
    """A village and the roads without any of which it is cut off, from the village outwards."""

    village: str
    persons: int
    lon: float
    lat: float
    road_ids: tuple[int, ...]


def dependence(tx: Reading, profile: Profile = DRIVE) -> list[Dependence]:
    """Single-road dependence (单一通道) of each key village, the longest chain of single roads first."""
    network, villages = roads.network(tx.session), demand(tx.session, "villages")
    places = snap_all(network, villages.lonlat, profile)
    named = {str(k): place for k, place in enumerate(places) if place}
    found = [
        Dependence(
            village=str(villages.name[k]),
            persons=int(villages.persons[k]),
            lon=float(villages.lonlat[k, 0]),
            lat=float(villages.lonlat[k, 1]),
            road_ids=ways,
        )
        for k, ways in ((int(k), ways) for k, ways in only_ways(network, named, profile).items())
    ]
    return sorted(found, key=lambda one: (-len(one.road_ids), -one.persons, one.village))
