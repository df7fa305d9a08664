"""What goes on in a world besides incidents: dispatches, team states, closures, routes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from shapely.geometry import mapping

from command import board, closures, dispatch, roads, teams
from gis_data.db import reading, writing
from gis_data.errors import Conflict
from layers.network import DRIVE, WALK, snap
from layers.routing import route
from web.api.schemas import (
    AdvanceIn,
    ClosureIn,
    ClosureOut,
    DispatchOut,
    Lat,
    LiftIn,
    Lon,
    RouteOut,
    TeamOut,
    TeamStateIn,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["operations"])


@router.post("/dispatches/{dispatch_id}/advance", responses=responses(404, 409, 422))
def advance(world: WorldDep, actor: ActorDep, dispatch_id: UUID, body: AdvanceIn) -> DispatchOut:
    """The team's next step, timed."""
    with writing(world, actor) as tx:
        dispatch.advance(tx, dispatch_id, body.to, body.note)
        return DispatchOut(**board.item(tx.session, "dispatches", dispatch_id))


@router.post("/teams/{team_id}/state", responses=responses(404, 409, 422))
def set_state(world: WorldDep, actor: ActorDep, team_id: UUID, body: TeamStateIn) -> TeamOut:
    """Say that a team stands by, rests or is unavailable."""
    with writing(world, actor) as tx:
        teams.set_state(tx, team_id, body.state, body.note)
        return TeamOut(**board.item(tx.session, "teams", team_id))


@router.get("/closures", responses=responses(404, 422))
def index(world: WorldDep) -> list[ClosureOut]:
    """Closures in force."""
    with reading(world) as tx:
        return [ClosureOut(**item) for item in board.items(tx.session, "closures").values()]


@router.post("/closures", status_code=201, responses=responses(404, 409, 422))
def close_road(world: WorldDep, actor: ActorDep, body: ClosureIn) -> ClosureOut:
    """Close the road segment nearest to a point; teams under way are re-routed in the same commit."""
    with writing(world, actor) as tx:
        row = closures.close(tx, body.lon, body.lat, body.reason)
        return ClosureOut(**board.item(tx.session, "closures", row.id))


@router.post("/closures/{closure_id}/lift", responses=responses(404, 409, 422))
def lift(world: WorldDep, actor: ActorDep, closure_id: UUID, body: LiftIn) -> ClosureOut:
    """Reopen a closed segment."""
    with writing(world, actor) as tx:
        closures.lift(tx, closure_id, body.reason)
        return ClosureOut(**board.item(tx.session, "closures", closure_id))


@router.get("/route", responses=responses(404, 409, 422))
def find_route(
    world: WorldDep,
    from_lon: Annotated[Lon, Query()],
    from_lat: Annotated[Lat, Query()],
    to_lon: Annotated[Lon, Query()],
    to_lat: Annotated[Lat, Query()],
    on_foot: Annotated[bool, Query()] = False,
) -> RouteOut:
    """The fastest route between two points on the open roads of this world."""
    profile = WALK if on_foot else DRIVE
    with reading(world) as tx:
        network, in_force = roads.network(tx.session), roads.closures(tx.session)
    closed = roads.closed_roads(in_force)
    start = snap(network, from_lon, from_lat, profile, closed)
    way = route(network, start, snap(network, to_lon, to_lat, profile, closed), profile, closed)
    if way is None:
        raise Conflict("两点之间没有可通行的道路（孤岛）。", "No open road joins the two points.")
    return RouteOut(
        seconds=way.seconds,
        metres=way.metres,
        route=mapping(way.geometry),
        closures=sorted(in_force),
        network_version=way.network_version,
    )
