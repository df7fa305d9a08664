"""The short way to a vector tile: for a log-in that was checked a moment ago, past the application to the cache."""

from __future__ import annotations

import time
from typing import Any

from cachetools import TTLCache

from gis_data.clock import monotonic_s
from gis_data.errors import BaochuError
from layers.catalog import LAYERS
from web.metrics import REQUESTS, SECONDS
from web.tilecache import Headers, Key, Tile, TileCache

PATH = "/api/tiles/{layer}/{z}/{x}/{y}.mvt"
TRUST_S = 2.0
"""How long a checked log-in opens this door without another look; the application checks it again after that."""


class TileDoor:
    """ASGI: answers plain requests for tiles, and leaves everything else, errors too, to the application within."""

    def __init__(self, app: Any, tiles: TileCache, trusted: TTLCache[bytes, bool], headers: dict[str, str]) -> None:
        self.app, self.tiles, self.trusted = app, tiles, trusted
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self.seconds = SECONDS.labels(PATH)
        self.counts = {status: REQUESTS.labels("GET", PATH, status) for status in (200, 204, 304)}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass on."""
        if scope["type"] == "http" and scope["path"].startswith("/api/tiles/") and scope["method"] == "GET":
            started = time.perf_counter()
            if answer := await self._answer(scope):
                status, headers, body = answer
                self.counts[status].inc()
                self.seconds.observe(time.perf_counter() - started)
                await send({"type": "http.response.start", "status": status, "headers": headers + self.headers})
                await send({"type": "http.response.body", "body": body})
                return
        await self.app(scope, receive, send)

    async def _answer(self, scope: Any) -> tuple[int, Headers, bytes] | None:
        asked = dict(scope["headers"])
        if asked.get(b"cookie", b"") not in self.trusted or b"gzip" not in asked.get(b"accept-encoding", b""):
            return None
        place = _place(scope["path"], scope["query_string"])
        if place is None:
            return None
        key, version = place
        try:
            tile = self.tiles.at_hand(key, version or 0) or await self.tiles.tile(key, version or 0)
        except BaochuError:
            return None  # the application says what is wrong
        return answered(self.tiles, tile, key, version, asked.get(b"if-none-match", b""))


def answered(
    tiles: TileCache, tile: Tile, key: Key, version: int | None, if_none_match: bytes
) -> tuple[int, Headers, bytes]:
    """Status, headers and body of the answer with a tile; it lasts if the address names a version that is reached."""
    lasts = version is not None and tiles.listening and version <= tiles.version(key.layer)
    headers = tile.lasting if lasts else tile.passing
    if not tile.packed:
        return 204, headers, b""
    if tile.etag in if_none_match:
        return 304, [one for one in headers if not one[0].startswith(b"content-")], b""
    return 200, headers, tile.packed


def trust() -> TTLCache[bytes, bool]:
    """The cookies that were checked a moment ago."""
    return TTLCache(4096, TRUST_S, timer=monotonic_s)


def _place(path: str, query: bytes) -> tuple[Key, int | None] | None:
    """Tile and version of an address, if it is a plain one."""
    layer, *numbers = path.removeprefix("/api/tiles/").removesuffix(".mvt").split("/")
    if layer not in LAYERS or len(numbers) != 3 or not all(n.isdecimal() and len(n) < 8 for n in numbers):
        return None
    z, x, y = map(int, numbers)
    if z > 22 or not (x < 1 << z and y < 1 << z):
        return None
    if not query:
        return Key(layer, z, x, y), None
    version = query.removeprefix(b"v=")
    return (Key(layer, z, x, y), int(version)) if len(version) < 19 and version.isdigit() else None
