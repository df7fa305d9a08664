"""Questions to the road network under a world's closures: routes, areas, dependence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from shapely.geometry import mapping

from command import roads
from gis_data.db import reading
from gis_data.errors import Conflict
from layers.positions import snap
from layers.profiles import DRIVE, WALK
from layers.routing import route
from web.api.schemas import Lat, Lon, RouteOut
from web.deps import WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["roads"])


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
        network, closures = roads.network(tx.session), roads.closure_ids(tx.session)
    start = snap(network, from_lon, from_lat, profile)
    way = route(network, start, snap(network, to_lon, to_lat, profile), profile)
    if way is None:
        raise Conflict("两点之间没有可通行的道路（孤岛）。", "No open road joins the two points.")
    return RouteOut(
        seconds=way.seconds,
        metres=way.metres,
        route=mapping(way.geometry),
        closures=list(closures),
        network_version=way.network_version,
    )
