"""Map tiles: vectors by way of the tile cache, relief from the terrain file; cached, with an ETag."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path as FilePath
from typing import Annotated, Literal

from cachetools import LRUCache
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gis_data.errors import NotFound
from gis_data.tables import Raster
from layers import terrain
from layers.catalog import LAYERS
from layers.tiles import tile_ok
from web.deps import ActorDep, EngineDep, SettingsDep
from web.errors import responses
from web.tilecache import MEDIA_TYPE, Key, TileCache
from web.tiledoor import answered

router = APIRouter(prefix="/api", tags=["tiles"])
Zoom = Annotated[int, Path(ge=0, le=22)]
Index = Annotated[int, Path(ge=0, lt=2**22)]
Version = Annotated[str, Query(max_length=40, description="the district's data version: makes the answer cacheable")]
LayerVersion = Annotated[
    int | None,
    Query(ge=0, lt=2**53, description="the layer's version: the tile is as new or newer, and the answer cacheable"),
]
RELIEF_BYTES = 32 * 2**20
RELIEF = {"hillshade": terrain.hillshade_tile, "rgb": terrain.terrain_rgb_tile, "contours": terrain.contour_tile}


class ReliefCache(LRUCache[tuple[object, ...], bytes]):
    """Relief of this process, the least used dropped first."""

    def __init__(self) -> None:
        super().__init__(RELIEF_BYTES, getsizeof=lambda body: len(body) + 200)


def _documented(media_type: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}},
        204: {"description": "Nothing there"},
        304: {"description": "Unchanged"},
    }


def _answer(body: bytes, media_type: str, version: str, if_none_match: str | None) -> Response:
    keep = "private, max-age=86400" if version else "private, no-cache"
    if not body:
        return Response(status_code=204, headers={"Cache-Control": keep})
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": keep}
    if if_none_match and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=responses(404, 422) | _documented(MEDIA_TYPE),
)
async def vector(
    layer: str,
    z: Zoom,
    x: Index,
    y: Index,
    request: Request,
    actor: ActorDep,
    v: LayerVersion = None,
    if_none_match: Annotated[str, Header()] = "",
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """A Mapbox vector tile of a layer; its one layer is named as the map layer is."""
    if layer not in LAYERS:
        raise NotFound(f"没有图层“{layer}”。", f"There is no layer “{layer}”.", field="layer")
    tile_ok(z, x, y)
    tiles: TileCache = request.app.state.tiles
    key = Key(layer, z, x, y)
    tile = await tiles.tile(key, v or 0)
    status, headers, body = answered(tiles, tile, key, v, if_none_match.encode())
    if "gzip" in accept_encoding:
        request.app.state.trusted[request.headers.get("cookie", "").encode("latin-1")] = True
    elif body:
        body = gzip.decompress(body)
        headers = [one for one in headers if one[0] not in (b"content-encoding", b"content-length")]
        headers.append((b"content-length", str(len(body)).encode()))
    response = Response(body, status)
    response.raw_headers = list(headers)
    return response


def _dem(engine: Engine, data: FilePath) -> str | None:
    with Session(engine) as session:
        in_force = select(Raster.file).where(Raster.kind == "terrain", Raster.valid_to.is_(None))
        file = session.scalar(in_force.order_by(Raster.id.desc()).limit(1))
    return str(data / file) if file else None


@router.get(
    "/terrain/{kind}/{z}/{x}/{y}.png",
    response_class=Response,
    responses=responses(404, 422) | _documented("image/png"),
)
async def relief(
    kind: Literal["hillshade", "rgb", "contours"],
    z: Zoom,
    x: Index,
    y: Index,
    request: Request,
    actor: ActorDep,
    engine: EngineDep,
    config: SettingsDep,
    v: Version = "",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A 256-pixel PNG: relief or contours for a dark map, or heights in terrarium encoding."""
    tile_ok(z, x, y)
    cache: ReliefCache = request.app.state.reliefs
    body = cache.get((kind, z, x, y, v)) if v else None
    if body is None:
        dem = await run_in_threadpool(_dem, engine, config.data)
        body = (await run_in_threadpool(RELIEF[kind], dem, z, x, y) if dem else None) or b""
        if v:
            cache[kind, z, x, y, v] = body
    return _answer(body, "image/png", v, if_none_match)
