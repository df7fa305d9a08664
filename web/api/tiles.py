"""Map tiles: vectors from PostGIS, relief from the terrain file; compressed, cached, with an ETag."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path as FilePath
from typing import Annotated, Literal

from cachetools import LRUCache
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gis_data.errors import NotFound, Unavailable
from gis_data.tables import Terrain
from layers import terrain
from layers.catalog import LAYERS
from layers.tiles import mvt_sql, tile_ok
from web.deps import ActorDep, EngineDep, SettingsDep
from web.errors import responses

router = APIRouter(prefix="/api", tags=["tiles"])
Zoom = Annotated[int, Path(ge=0, le=22)]
Index = Annotated[int, Path(ge=0, lt=2**22)]
Version = Annotated[str, Query(max_length=40, description="the district's data version: makes the answer cacheable")]
CACHE_BYTES = 128 * 2**20
RELIEF = {"hillshade": terrain.hillshade_tile, "rgb": terrain.terrain_rgb_tile}


class TileCache(LRUCache[tuple[object, ...], bytes]):
    """Tiles of this process, the least used dropped first."""

    def __init__(self) -> None:
        super().__init__(CACHE_BYTES, getsizeof=lambda body: len(body) + 200)


def _documented(media_type: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}},
        204: {"description": "Nothing there"},
        304: {"description": "Unchanged"},
    }


def _answer(
    body: bytes, media_type: str, version: str, if_none_match: str | None, encoding: str | None = None
) -> Response:
    keep = "private, max-age=86400" if version else "private, no-cache"
    if not body:
        return Response(status_code=204, headers={"Cache-Control": keep})
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if if_none_match and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, media_type=media_type, headers=headers)


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=responses(404, 422) | _documented("application/vnd.mapbox-vector-tile"),
)
async def vector(
    layer: str,
    z: Zoom,
    x: Index,
    y: Index,
    request: Request,
    actor: ActorDep,
    v: Version = "",
    if_none_match: Annotated[str | None, Header()] = None,
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """A Mapbox vector tile of a layer; its one layer is named as the map layer is."""
    if layer not in LAYERS:
        raise NotFound(f"没有图层“{layer}”。", f"There is no layer “{layer}”.", field="layer")
    tile_ok(z, x, y)
    query = mvt_sql(LAYERS[layer], z)
    cache: TileCache = request.app.state.tiles
    packed = cache.get((layer, z, x, y, v)) if v else None
    if packed is None:
        pool: AsyncConnectionPool = request.app.state.tile_pool
        try:
            async with pool.connection() as connection:
                cursor = await connection.execute(query.encode(), {"z": z, "x": x, "y": y})
                row = await cursor.fetchone()
        except (PoolTimeout, OperationalError) as error:
            raise Unavailable("数据库暂时不可用。", "The database cannot be reached just now.") from error
        packed = gzip.compress(row[0], 5, mtime=0) if row and row[0] else b""
        if v:
            cache[layer, z, x, y, v] = packed
    media_type = "application/vnd.mapbox-vector-tile"
    if packed and "gzip" not in accept_encoding:
        return _answer(gzip.decompress(packed), media_type, v, if_none_match)
    return _answer(packed, media_type, v, if_none_match, "gzip")


def _dem(engine: Engine, data: FilePath) -> str | None:
    with Session(engine) as session:
        query = select(Terrain.file).where(Terrain.valid_to.is_(None)).order_by(Terrain.id.desc()).limit(1)
        file = session.scalar(query)
    return str(data / file) if file else None


@router.get(
    "/terrain/{kind}/{z}/{x}/{y}.png",
    response_class=Response,
    responses=responses(404, 422) | _documented("image/png"),
)
async def relief(
    kind: Literal["hillshade", "rgb"],
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
    """A 256-pixel PNG: relief for a dark map, or heights in terrarium encoding."""
    tile_ok(z, x, y)
    cache: TileCache = request.app.state.tiles
    body = cache.get((kind, z, x, y, v)) if v else None
    if body is None:
        dem = await run_in_threadpool(_dem, engine, config.data)
        body = (await run_in_threadpool(RELIEF[kind], dem, z, x, y) if dem else None) or b""
        if v:
            cache[kind, z, x, y, v] = body
    return _answer(body, "image/png", v, if_none_match)
