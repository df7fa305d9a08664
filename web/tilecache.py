"""Vector tiles: kept in memory, from an archive or from PostGIS, and dropped as soon as what they show has changed."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import psycopg
from cachetools import LRUCache
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from gis_data.errors import Unavailable
from layers.catalog import LAYERS
from layers.tiles import mvt_sql, span
from web.archive import Archives
from web.metrics import TILES

CACHE_BYTES = 128 * 2**20
GZIP_LEVEL = 2
LARGE = 20_000
"""From this many bytes on, a tile is compressed beside the event loop."""
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
Connection = psycopg.AsyncConnection[Any]
Headers = list[tuple[bytes, bytes]]


class Key(NamedTuple):
    """Which tile of which layer."""

    layer: str
    z: int
    x: int
    y: int


class Tile:
    """One tile as it goes out: gzip, empty where there is nothing, with the headers of the whole answer."""

    __slots__ = ("etag", "lasting", "packed", "passing")

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self.etag = b'"%s"' % hashlib.sha256(packed).hexdigest()[:20].encode()
        self.passing = self._headers(b"private, no-cache")
        """The headers that make a browser ask each time."""
        self.lasting = self._headers(b"private, max-age=86400")
        """The headers for an address that names the version."""

    def _headers(self, keep: bytes) -> Headers:
        if not self.packed:
            return [(b"cache-control", keep)]
        return [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(self.packed)).encode()),
            (b"content-encoding", b"gzip"),
            (b"vary", b"Accept-Encoding"),
            (b"etag", self.etag),
            (b"cache-control", keep),
        ]


class TileCache:
    """The tiles of this process, in step with the database.

    What is kept is used only while somebody listens to the database's notices (`listening`): then a change that is
    committed is heard of, and the tiles that it touches are dropped. Otherwise each tile is drawn anew, and what is
    kept serves only while the database cannot be reached.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection], archives: Archives) -> None:
        self.pool, self.archives = pool, archives
        self.kept: LRUCache[Key, Tile] = LRUCache(CACHE_BYTES, getsizeof=lambda tile: len(tile.packed) + 1000)
        self.flights: dict[Key, asyncio.Task[Tile]] = {}
        """Tiles being drawn: who asks meanwhile waits for the same one."""
        self.versions: dict[str, int] = {}
        """The newest change heard of, by table."""
        self.seen = 0
        self.listening = False
        self.reading = asyncio.Lock()

    def version(self, layer: str) -> int:
        """The version of a layer's tiles, as far as this process has heard."""
        return self.versions.get(LAYERS[layer].table or "", 0)

    def layer_versions(self) -> dict[str, int]:
        """The versions of all layers with vector tiles."""
        return {layer.id: self.version(layer.id) for layer in LAYERS.values() if layer.kind == "vector"}

    def at_hand(self, key: Key, version: int = 0) -> Tile | None:
        """A kept tile that is sure to be current, and of this version or newer."""
        if self.listening and version <= self.version(key.layer) and (tile := self.kept.get(key)):
            TILES.labels(key.layer, "cache").inc()
            return tile
        return None

    async def tile(self, key: Key, version: int = 0) -> Tile:
        """A tile of this version or newer; Invalid where the layer has none, Unavailable without a database."""
        if not self.listening:
            try:
                return await self._draw(key, known=False)
            except Unavailable:
                if (tile := self.kept.get(key)) is None:
                    raise
                TILES.labels(key.layer, "cache").inc()
                return tile
        if version > self.version(key.layer):  # another process has heard of a change earlier
            async with self._connection() as connection:
                await self.catch_up(connection)
        if tile := self.at_hand(key):
            return tile
        flight = self.flights.get(key)
        if flight is None:
            flight = self.flights[key] = asyncio.create_task(self._draw(key))
            flight.add_done_callback(partial(self._landed, key))
        return await asyncio.shield(flight)

    def _landed(self, key: Key, flight: asyncio.Task[Tile]) -> None:
        well = not flight.cancelled() and flight.exception() is None
        if self.flights.get(key) is flight:  # else a change has come meanwhile: what was drawn is old
            del self.flights[key]
            if well:
                self.kept[key] = flight.result()

    async def _draw(self, key: Key, known: bool = True) -> Tile:
        layer = LAYERS[key.layer]
        query = mvt_sql(layer, key.z)
        archive = self.archives.in_force(layer, self.version(key.layer)) if known else None
        packed = archive.tile(key.z, key.x, key.y) if archive else None
        TILES.labels(key.layer, "database" if packed is None else "archive").inc()
        if packed is None:
            parameters = {"z": key.z, "x": key.x, "y": key.y}
            async with self._connection() as connection:
                cursor = await connection.execute(query.encode(), parameters, binary=True)
                row = await cursor.fetchone()
            body = row[0] if row else b""
            pack = partial(gzip.compress, body, GZIP_LEVEL, mtime=0)
            packed = b"" if not body else pack() if len(body) < LARGE else await asyncio.to_thread(pack)
        return Tile(packed)

    def _connection(self) -> _Borrowed:
        return _Borrowed(self.pool)

    async def catch_up(self, connection: Connection) -> None:
        """Hear of the changes since the last time, and drop what they touch."""
        query = "select id, drawn, box from gis.tile_change where id > %s order by id"
        async with self.reading:
            for number, drawn, box in await (await connection.execute(query, [self.seen])).fetchall():
                self._drop(drawn, box)
                self.seen = self.versions[drawn] = number

    async def begin(self, connection: Connection) -> None:
        """From now on `catch_up` is called at each notice. What was kept may be old by now, and goes."""
        newest = "select drawn, max(id) from gis.tile_change group by drawn"
        async with self.reading:
            self.versions = dict(await (await connection.execute(newest)).fetchall())
            self.seen = max(self.versions.values(), default=0)
            self.kept.clear()
            self.flights.clear()
            self.listening = True

    def _drop(self, drawn: str, box: list[float] | None) -> None:
        layers = {layer.id for layer in LAYERS.values() if layer.table == drawn}
        spans = [span(box, z) for z in range(23)] if box else None

        def stale(keys: Iterable[Key]) -> list[Key]:
            found = []
            for key in keys:
                if key.layer in layers:
                    west, north, east, south = spans[key.z] if spans else (key.x, key.y, key.x, key.y)
                    if west <= key.x <= east and north <= key.y <= south:
                        found.append(key)
            return found

        for key in stale(self.kept):
            del self.kept[key]
        for key in stale(self.flights):
            del self.flights[key]


class _Borrowed:
    """A connection of the pool; Unavailable instead of what psycopg says."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self.borrowed = pool.connection()

    async def __aenter__(self) -> Connection:
        try:
            return await self.borrowed.__aenter__()
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise _away() from error

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        await self.borrowed.__aexit__(kind, error, trace)
        if isinstance(error, psycopg.OperationalError):
            raise _away() from error


def _away() -> Unavailable:
    return Unavailable("数据库暂时不可用。", "The database cannot be reached just now.")
