"""Optional base maps from outside, fetched by the server: the page stays within its own address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from web.api.schemas import BaseMapOut
from web.basemaps import BaseMaps
from web.deps import ActorDep
from web.errors import responses

router = APIRouter(prefix="/api", tags=["tiles"])
Zoom = Annotated[int, Path(ge=0, le=22)]
Index = Annotated[int, Path(ge=0, lt=2**22)]
IMAGE = {"image/*": {"schema": {"type": "string", "format": "binary"}}}


@router.get("/basemaps", responses=responses())
def index(request: Request, actor: ActorDep) -> list[BaseMapOut]:
    """The configured base maps besides our own; one that is refused says why."""
    known: BaseMaps = request.app.state.basemaps
    return [BaseMapOut.model_validate(vars(one)) for one in known.maps]


@router.get(
    "/basemap/{name}/{z}/{x}/{y}",
    response_class=Response,
    responses=responses(404, 422) | {200: {"content": IMAGE}},
)
async def tile(name: str, z: Zoom, x: Index, y: Index, request: Request, actor: ActorDep) -> Response:
    """A tile of a configured base map, from the one host that the settings name."""
    known: BaseMaps = request.app.state.basemaps
    body, media_type = await known.tile(name, z, x, y)
    return Response(body, media_type=media_type, headers={"Cache-Control": "private, max-age=86400"})
