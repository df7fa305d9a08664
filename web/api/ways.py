"""Questions to the road network under a world's closures: routes, areas, islands, dependence, coverage."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, TypedDict

import numpy as np
import pandas as pd
from fastapi import APIRouter, Query
from shapely import LineString, MultiLineString
from shapely.geometry import mapping, shape

from command import board, planning, roads
from command.demand import WORDS, demand, located
from gis_data.db import Reading, reading
from gis_data.errors import Conflict, Invalid
from layers.directions import steps
from layers.engine.hierarchy import FAR
from layers.evacuation import REASONS
from layers.isolation import detour
from layers.matching import match
from layers.network import Network
from layers.positions import Position, snap, snap_all
from layers.profiles import PROFILES, Profile
from layers.reach import areas, at_places, times
from layers.routing import Route, alternatives, approach, matrix_ms
from web.api.schemas import Lat, Lon
from web.api.way_schemas import (
    AreaOut,
    AreasIn,
    AreasOut,
    CoverageIn,
    CoverageOut,
    DependenceOut,
    DependencesOut,
    DetourOut,
    IslandOut,
    IslandsOut,
    JudgedOut,
    LegOut,
    MatchedOut,
    MatrixIn,
    MatrixOut,
    PointIn,
    ProfileId,
    ProfileOut,
    RoutesOut,
    TrackIn,
    TrackOut,
    UnitOut,
    UsedOut,
    VillageOut,
    WayOut,
    WayReasonOut,
    WayStepOut,
)
from web.deps import WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["roads"])
OFF_AFTER = 3
"""A team is off its route when so many of its newest positions are. A DEMO value."""


class _AsOf(TypedDict):
    computed_at: Any
    network_version: str
    closures: list[str]


def _as_of(tx: Reading, network: Network) -> _AsOf:
    closures = list(roads.closure_ids(tx.session))
    return {"computed_at": tx.at, "network_version": network.version, "closures": closures}


def _leg(network: Network, way: Route) -> LegOut:
    return LegOut(
        profile=way.profile.id,
        seconds=way.seconds,
        metres=way.metres,
        route=mapping(way.geometry),
        steps=[WayStepOut(**asdict(step)) for step in steps(network, way)],
        road_ids=list(way.road_ids),
    )


def _way(network: Network, *legs: Route) -> WayOut:
    seconds, metres = sum(leg.seconds for leg in legs), sum(leg.metres for leg in legs)
    return WayOut(seconds=seconds, metres=metres, legs=[_leg(network, leg) for leg in legs])


@router.get("/profiles", responses=responses(404, 422))
def profiles(world: WorldDep) -> list[ProfileOut]:
    """Who can travel: vehicles and walkers."""
    return [ProfileOut(id=p.id, zh=p.zh, en=p.en, mode=p.mode) for p in PROFILES.values()]


@router.get("/route", responses=responses(404, 409, 422))
def find_route(
    world: WorldDep,
    from_lon: Annotated[Lon, Query()],
    from_lat: Annotated[Lat, Query()],
    to_lon: Annotated[Lon, Query()],
    to_lat: Annotated[Lat, Query()],
    profile: Annotated[ProfileId, Query()] = "drive",
    then: Annotated[ProfileId | None, Query(description="on foot from the road head, by this profile")] = None,
    most: Annotated[int, Query(ge=1, le=3, description="how many ways")] = 1,
) -> RoutesOut:
    """The fastest ways between two points on the open roads of this world, with directions."""
    with reading(world) as tx:
        known = roads.profiles(tx)
        by, on_foot = known[profile], known[then] if then else None
        network = roads.network_for(tx.session, on_foot or by)
        as_of = _as_of(tx, network)
    start, end = snap(network, from_lon, from_lat, by), snap(network, to_lon, to_lat, on_foot or by)
    if on_foot:
        both = approach(network, start, end, by, on_foot)
        ways = [_way(network, both.drive, *([both.walk] if both.walk else []))] if both else []
    else:
        ways = [_way(network, way) for way in alternatives(network, start, end, by, count=most)]
    if not ways:
        raise Conflict("两点之间没有可通行的道路（孤岛）。", "No open road joins the two points.")
    return RoutesOut(ways=ways, from_m=start.offset_m, to_m=end.offset_m, **as_of)


def _snapped(network: Network, points: list[PointIn], profile: Profile) -> list[Position | None]:
    return snap_all(network, np.array([(point.lon, point.lat) for point in points], float).reshape(-1, 2), profile)


@router.post("/matrix", responses=responses(404, 409, 422))
def matrix(world: WorldDep, body: MatrixIn) -> MatrixOut:
    """Travel times from each source to each target."""
    with reading(world) as tx:
        profile = roads.profiles(tx)[body.profile]
        network = roads.network_for(tx.session, profile)
        as_of = _as_of(tx, network)
    sources, targets = (_snapped(network, points, profile) for points in (body.sources, body.targets))
    found = np.full((len(sources), len(targets)), FAR)
    rows, columns = ([k for k, place in enumerate(some) if place] for some in (sources, targets))
    if rows and columns:
        near = matrix_ms(network, [p for p in sources if p], [p for p in targets if p], profile)
        found[np.ix_(rows, columns)] = near
    seconds = [[ms / 1000 if ms < FAR else None for ms in row] for row in found.tolist()]
    return MatrixOut(seconds=seconds, **as_of)


@router.post("/areas", responses=responses(404, 409, 422))
def service_areas(world: WorldDep, body: AreasIn) -> AreasOut:
    """Service areas (服务区): what is reached within some minutes, merged or each by itself, with the persons there."""
    with reading(world) as tx:
        profile = roads.profiles(tx)[body.profile]
        network = roads.network_for(tx.session, profile)
        as_of = _as_of(tx, network)
        points = list(body.points)
        if body.teams:
            points += [
                PointIn(lon=team["lon"], lat=team["lat"])
                for team in board.items(tx.session, "teams").values()
                if team["state"] == "standby" and (not body.hazard or body.hazard in team["hazards"])
            ]
        who = demand(tx.session, "residents")
        home = located(tx.session, who)
    places = [place for place in _snapped(network, points, profile) if place]
    if not places:
        raise Invalid("没有可用的起点。", "There is no point on a road to start from.", field="points")
    found = []
    groups: list[tuple[int | None, list[Position]]] = [(None, places)]
    if body.each:
        groups = [(k, [place]) for k, place in enumerate(places)]
    for source, some in groups:
        reached = times(network, some, profile, to=body.to)
        at_home = at_places(network, reached, home.row, home.fraction, profile, some, to=body.to)
        at_home[home.row < 0] = np.inf
        for area in areas(network, some, profile, body.minutes, to=body.to).itertuples():
            persons = int(who.persons[at_home <= area.minutes * 60].sum())
            found.append(
                AreaOut(
                    source=source, minutes=area.minutes, area_km2=area.area_km2, persons=persons,
                    area=mapping(area.geometry),
                )
            )  # fmt: skip
    return AreasOut(areas=found, **as_of)


@router.get("/islands", responses=responses(404, 409, 422))
def islands(world: WorldDep, profile: Annotated[ProfileId, Query()] = "drive") -> IslandsOut:
    """Islands (孤岛): what the closures in force cut off, with the people there."""
    with reading(world) as tx:
        found = planning.islands(tx, roads.profiles(tx)[profile])
        return IslandsOut(
            islands=[
                IslandOut(
                    area=mapping(island.area),
                    persons=island.persons,
                    villages=[VillageOut(name=name, persons=persons) for name, persons in island.places],
                    road_ids=list(island.road_ids),
                )
                for island in found.islands
            ],
            stranded=found.stranded,
            **_as_of(tx, roads.network(tx.session)),
        )


@router.get("/dependence", responses=responses(404, 409, 422))
def dependence(world: WorldDep, profile: Annotated[ProfileId, Query()] = "drive") -> DependencesOut:
    """Single-road dependence (单一通道): for each key village, the roads without any of which it is cut off."""
    with reading(world) as tx:
        found, network = planning.dependence(tx, roads.profiles(tx)[profile]), roads.network(tx.session)
        plan = network.plan

        def lines(road_ids: tuple[int, ...]) -> Any:
            return mapping(MultiLineString([plan.lines[plan.row(road_id)] for road_id in road_ids]))

        villages = [
            DependenceOut(
                village=one.village, persons=one.persons, lon=one.lon, lat=one.lat, road_ids=list(one.road_ids),
                roads=lines(one.road_ids),
            )
            for one in found
        ]  # fmt: skip
        return DependencesOut(villages=villages, **_as_of(tx, network))


@router.get("/detour/{road_id}", responses=responses(404, 409, 422))
def detour_cost(world: WorldDep, road_id: int, profile: Annotated[ProfileId, Query()] = "drive") -> DetourOut:
    """What closing a road costs those who drive it from end to end."""
    with reading(world) as tx:
        network = roads.network(tx.session)
        found = detour(network, road_id, roads.profiles(tx)[profile])
        return DetourOut(
            road_id=road_id,
            road_name=_name(network, road_id),
            seconds=found.ms / 1000,
            metres=found.metres,
            extra_s=None if found.extra_ms is None else found.extra_ms / 1000,
            extra_m=found.extra_m,
            route=mapping(found.round_.geometry) if found.round_ else None,
            **_as_of(tx, network),
        )


def _name(network: Network, road_id: int) -> str | None:
    name = network.plan.roads["name"].iloc[network.plan.row(road_id)] if "name" in network.plan.roads else None
    return name if isinstance(name, str) else None


@router.post("/coverage", responses=responses(404, 409, 422))
def coverage(world: WorldDep, body: CoverageIn) -> CoverageOut:
    """Shelter coverage: by distance and by room, with every exclusion and its reason, and the unmet by unit."""
    asked = planning.Asked(**body.model_dump(exclude={"cells", "excluded"}), excluded=frozenset(body.excluded))
    with reading(world) as tx:
        found = planning.coverage(tx, asked)
        as_of = _as_of(tx, found.network)
    made, who = found.coverage, found.who
    judged = [
        JudgedOut(
            id=row.id,
            code=row.code,
            name=row.name,
            lon=row.geom.x,
            lat=row.geom.y,
            capacity=None if pd.isna(row.capacity) else int(row.capacity),
            eligible=row.eligible and row.place is not None,
            reasons=[WayReasonOut(key=key, zh=REASONS[key][0], en=REASONS[key][1]) for key in row.reasons],
            assigned=row.assigned,
            is_demo=bool(row.is_demo),
        )
        for row in found.shelters.astype({"capacity": object}).itertuples()
    ]
    cells = None
    if body.cells:
        metres = np.where(made.nearest_mm < FAR, made.nearest_mm / 1000, np.nan).tolist()
        columns = (*who.lonlat.T.tolist(), who.persons.tolist(), made.assignment.unmet.tolist(), metres)
        cells = [(*row[:4], None if row[4] != row[4] else row[4]) for row in zip(*columns, strict=True)]
    zh, en = WORDS[body.demand]
    return CoverageOut(
        demand_zh=zh,
        demand_en=en,
        persons=made.total,
        covered=made.covered,
        assigned=made.assigned,
        unmet=made.total - made.assigned,
        circle=found.circle,
        person_metres=made.person_metres,
        parameters=[UsedOut(**asdict(one)) for one in found.used],
        shelters=judged,
        units=[UnitOut(**row) for row in found.by_unit()],
        cells=cells,
        is_demo=any(one.is_demo for one in judged),
        **as_of,
    )


@router.post("/track", responses=responses(404, 409, 422))
def track(world: WorldDep, body: TrackIn) -> TrackOut:
    """On which roads a team drove, from its positions, and whether it left the route of its dispatch."""
    with reading(world) as tx:
        network = roads.network(tx.session)
        as_of = _as_of(tx, network)
        line, profile = None, roads.profiles(tx)[body.profile]
        if body.dispatch_id:
            item = board.item(tx.session, "dispatches", body.dispatch_id)
            line = shape(item["route"]) if item["route"] else None
    lonlat = np.array([(point.lon, point.lat) for point in body.points], float)
    found = match(network, lonlat, profile)
    off = found.off(network, line).tolist() if isinstance(line, LineString) else None
    places = [
        MatchedOut(
            road_id=place.road_id, road_name=_name(network, place.road_id), lon=place.lon, lat=place.lat,
            offset_m=place.offset_m,
        )
        if place
        else None
        for place in found.places
    ]  # fmt: skip
    return TrackOut(places=places, off=off, off_route=None if off is None else all(off[-OFF_AFTER:]), **as_of)
