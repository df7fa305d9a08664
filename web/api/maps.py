"""The map in view as one file to hand over."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from gis_data.clock import SHANGHAI
from gis_data.db import district, reading
from layers.catalog import LAYERS
from web.deps import ActorDep, WorldDep
from web.errors import responses
from web.maps import parse_box, world_map

router = APIRouter(prefix="/api/worlds/{world}", tags=["maps"])


@router.get(
    "/map.html",
    response_class=Response,
    responses=responses(404, 422) | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
def map_html(
    world: WorldDep,
    actor: ActorDep,
    layers: Annotated[str, Query(max_length=2000, description="layers, separated by commas; unset: the usual")] = "",
    box: Annotated[str, Query(max_length=100, description="west,south,east,north in degrees; unset: all")] = "",
    zoom: Annotated[float | None, Query(ge=0, le=22, description="leave out what is too small here")] = None,
    review_no: Annotated[str, Query(max_length=60, description="map review number (审图号)")] = "",
) -> Response:
    """One self-contained page with these layers and the situation of this world; persons never go into it."""
    usual = [layer.id for layer in LAYERS.values() if layer.default_on and layer.kind != "raster"]
    names = [name.strip() for name in layers.split(",") if name.strip()] or usual
    with reading(world) as tx:
        page = world_map(tx, names, box=parse_box(box) if box else None, zoom=zoom, review_no=review_no)
        stamp = f"{tx.at.astimezone(SHANGHAI):%Y%m%d-%H%M}"
        name = f"{'演练-' if world.kind == 'drill' else ''}{district(tx.session).title}-{stamp}.html"
    return Response(
        page.get_root().render(),
        media_type="text/html",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"},
    )
