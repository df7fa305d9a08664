"""Optional base maps from outside: which are configured, and their tiles, asked for on the page's behalf.

The page never learns an address or a key. An upstream that fails or is slow is left alone for a while, so that
nobody's dispatch waits behind its tiles; our own base map lies beneath and stays.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
import structlog
from cachetools import TTLCache

from gis_data.clock import monotonic_s
from gis_data.errors import NotFound, Unavailable
from gis_data.settings import Settings
from layers.tiles import tile_ok

ANSWER_S = 3.0
"""How long an upstream may take for a tile."""
REST_S = 20.0
"""How long an upstream that failed is left alone."""
CACHE_BYTES, KEEP_S = 64 * 2**20, 24 * 3600.0
TILE_BYTES = 2 * 2**20
AT_ONCE = 6
IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
"""How an image begins; what begins otherwise (a service's complaint, a log-in page) is not a tile."""
BLANK = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
"""A clear pixel, where the upstream has no tile: our own base map shows."""
SHIFTED_HOSTS = ("autonavi.com", "amap.com", "gtimg.com", "map.qq.com", "baidu.com", "bdimg.com", "google.cn")
"""Services that draw in GCJ-02 or BD-09, whatever is stated."""
PLACES = {"z": "z", "x": "x", "y": "y", "tilematrix": "z", "tilecol": "x", "tilerow": "y"}
log = structlog.get_logger()


@dataclass(frozen=True)
class BaseMap:
    """A base map to choose: its drawn sheets from the ground up, and why it cannot be used, if so."""

    id: str
    title_zh: str
    title_en: str
    attribution: str
    sheets: tuple[str, ...]
    max_zoom: int
    dark: bool
    problem_zh: str = ""
    problem_en: str = ""


@dataclass(frozen=True)
class Sheet:
    """One raster of an upstream: its address template, which may hold a key."""

    template: str = field(repr=False)
    max_zoom: int

    def address(self, z: int, x: int, y: int) -> str:
        """The address of a tile; `{-y}` counts rows from the south."""
        values = {"z": z, "x": x, "y": y}
        filled = self.template.replace("{-y}", str(2**z - 1 - y))
        return re.sub(r"\{(\w+)\}", lambda m: str(values[PLACES[m[1].lower()]]), filled)


def configured(settings: Settings) -> tuple[list[BaseMap], dict[str, Sheet]]:
    """The base maps of the settings, refused ones included, and the sheets that may be asked for."""
    maps: list[BaseMap] = []
    sheets: dict[str, Sheet] = {}
    if settings.tianditu_key:
        key = settings.tianditu_key.get_secret_value()
        for name, zh, en, drawn in (("vec", "矢量", "vector", "cva"), ("img", "影像", "imagery", "cia")):
            ids = (f"tianditu_{name}", f"tianditu_{drawn}")
            for id_, layer in zip(ids, (name, drawn), strict=True):
                sheets[id_] = Sheet(_tianditu(settings.tianditu_url, layer, key), 18)
            maps.append(
                BaseMap(ids[0], f"天地图{zh}", f"TianDiTu {en}", "天地图 TianDiTu", ids, 18, dark=name == "img")
            )
    if settings.basemap_url:
        template, name = settings.basemap_url.get_secret_value(), settings.basemap_name
        zh, en = _refusal(template, settings.basemap_datum)
        maps.append(
            BaseMap("own", name, name, settings.basemap_attribution, ("own",), settings.basemap_max_zoom, False, zh, en)
        )
        if not zh:
            sheets["own"] = Sheet(template, settings.basemap_max_zoom)
    return maps, sheets


def _tianditu(url: str, layer: str, key: str) -> str:
    return (
        f"{url.rstrip('/')}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
        "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
        f"&tk={quote(key, safe='')}"
    )


def _refusal(template: str, datum: str) -> tuple[str, str]:
    """Why a base map cannot be used, in Chinese and English; empty if it can."""
    parts = urlsplit(template)
    host = (parts.hostname or "").lower()
    held = {PLACES.get(name.lower(), "?") for name in re.findall(r"\{(\w+)\}", template.replace("{-y}", "{y}"))}
    if parts.scheme not in ("http", "https") or not host or "{" in parts.netloc or held != {"z", "x", "y"}:
        return (
            "BAOCHU_BASEMAP_URL 应为一个主机的地址，含 {z}、{x}、{y}（或 {TileMatrix}、{TileCol}、{TileRow}）。",
            "BAOCHU_BASEMAP_URL should be an address at one host with {z}, {x}, {y} (or {TileMatrix}, …).",
        )
    if datum in ("GCJ-02", "BD-09") or any(host == one or host.endswith(f".{one}") for one in SHIFTED_HOSTS):
        return (
            "此底图为 GCJ-02/BD-09 偏移坐标，与本系统相差约 500 米，不能叠加。",
            "This base map is drawn in GCJ-02 or BD-09, some 500 m off: nothing would lie where it is.",
        )
    if datum not in ("WGS-84", "CGCS2000"):
        return (
            "请用 BAOCHU_BASEMAP_DATUM 说明底图的坐标系：WGS-84 或 CGCS2000。",
            "State what the base map is drawn in with BAOCHU_BASEMAP_DATUM: WGS-84 or CGCS2000.",
        )
    return "", ""


class BaseMaps:
    """The configured base maps of this process, with their tiles of late and the upstreams that rest."""

    def __init__(self, settings: Settings) -> None:
        self.maps, self.sheets = configured(settings)
        self._cache: TTLCache[tuple[str, int, int, int], bytes] = TTLCache(
            CACHE_BYTES, KEEP_S, monotonic_s, lambda body: len(body) + 200
        )
        self._rests_until: dict[str, float] = {}
        self._free = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    async def tile(self, name: str, z: int, x: int, y: int) -> tuple[bytes, str]:
        """A tile and its media type.

        Raises
        ------
        NotFound : no such sheet. Invalid : no such tile. Unavailable : the upstream fails, refuses or is slow.
        """
        if name not in self.sheets:
            raise NotFound(f"没有底图“{name}”。", f"There is no base map “{name}”.", field="name")
        tile_ok(z, x, y)
        body = self._cache.get((name, z, x, y))
        if body is None:
            async with self._free:
                body = await self._ask(name, z, x, y)
            self._cache[name, z, x, y] = body
        return body, _media_type(body) or ""

    async def _ask(self, name: str, z: int, x: int, y: int) -> bytes:
        sheet = self.sheets[name]
        host = urlsplit(sheet.template).netloc
        if monotonic_s() < self._rests_until.get(host, 0.0):
            raise _down("稍后再试", "resting")
        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, headers={"User-Agent": "Baochu"})
        try:
            async with asyncio.timeout(ANSWER_S), self._client.stream("GET", sheet.address(z, x, y)) as answer:
                body, status = await _read(answer), answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            self._rest(host, type(error).__name__)
            raise _down("没有应答", "no answer") from None  # the error's words hold the address, and so the key
        if status in (401, 403):
            self._rest(host, f"status {status}")
            raise _down("密钥无效或已超限", "the key is refused")
        if status in (204, 404):
            return BLANK
        if status != 200 or _media_type(body) is None:
            raise _down("回应不是图片", "the answer is no image")
        return body

    def _rest(self, host: str, why: str) -> None:
        self._rests_until[host] = monotonic_s() + REST_S
        log.warning("base map down", host=host, why=why)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client:
            await self._client.aclose()


async def _read(answer: httpx.Response) -> bytes:
    """The body, cut where no tile would still go on."""
    body = b""
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > TILE_BYTES:
            return b""
    return body


def _media_type(body: bytes) -> str | None:
    return next((kind for start, kind in IMAGES.items() if body.startswith(start)), None)


def _down(zh: str, en: str) -> Unavailable:
    return Unavailable(
        f"外部底图暂不可用（{zh}），自有底图照常。",
        f"The outside base map cannot be had ({en}); our own stays.",
    )
