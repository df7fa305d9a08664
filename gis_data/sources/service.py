"""WFS and OGC API Features, read-only: a layer is fetched as it stands into a GeoPackage, and imported like any file.

All requests go by HTTP(S) to the stated host alone; links and redirects to another host are refused.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit
from xml.etree import ElementTree

import geopandas as gpd
import httpx
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from gis_data.errors import Invalid, Unavailable
from gis_data.sources.prepared import Progress

TIMEOUT_S = 20.0
PAGE = 1_000
MOST_ROWS, MOST_BYTES = 1_000_000, 2 << 30


class _Host:
    """Requests to one host."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise Invalid("服务地址应为 http(s)://主机/…", "A service's address is http(s)://host/…", field="url")
        self.origin = (parts.scheme, parts.netloc)
        self.bytes = 0
        self.client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)

    def get(self, url: str, accept: str) -> tuple[bytes, str]:
        """The body and its type; redirects are followed on the same host, three at most."""
        for _ in range(4):
            parts = urlsplit(url)
            if (parts.scheme, parts.netloc) != self.origin:
                raise Invalid(
                    f"服务要求访问另一主机 {parts.netloc}，已拒绝",
                    f"The service points to another host, {parts.netloc}: refused",
                    field="url",
                )
            try:
                with self.client.stream("GET", url, headers={"Accept": accept}) as answer:
                    if answer.is_redirect:
                        url = urljoin(url, answer.headers.get("location", ""))
                        continue
                    if answer.status_code != 200:
                        raise Unavailable(
                            f"服务答复 {answer.status_code}", f"The service answered {answer.status_code}", field="url"
                        )
                    body = bytearray()
                    for part in answer.iter_bytes():
                        body += part
                        self.bytes += len(part)
                        if self.bytes > MOST_BYTES:
                            raise Invalid("服务数据超过 2 GB", "The service sends more than 2 GB", field="url")
                    return bytes(body), answer.headers.get("content-type", "")
            except httpx.HTTPError as error:
                raise Unavailable(f"服务无法访问：{error}", f"The service cannot be reached: {error}") from error
        raise Unavailable("服务重定向过多", "The service redirects too often", field="url")


def _with(url: str, **extra: str) -> str:
    """The address with these query parameters in place of its own of the same names (in any case)."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.lower() not in extra]
    return urlunsplit(parts._replace(query=urlencode([*kept, *extra.items()])))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Unavailable("服务的答复不是 JSON", "The service's answer is no JSON", field="url") from error


def _chosen(names: list[str], layer: str | None) -> str:
    if layer in names:
        return str(layer)
    if layer is None and len(names) == 1:
        return names[0]
    raise Invalid(f"请选择图层：{'、'.join(names[:50])}", f"Choose a layer: {', '.join(names[:50])}", field="layer")


def _frame(body: bytes, suffix: str) -> gpd.GeoDataFrame | None:
    """The features of an answer, x before y; None where it holds none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page{suffix}"
        path.write_bytes(body)
        try:
            if not len(pyogrio.list_layers(path)):
                return None
            return pyogrio.read_dataframe(path)
        except (DataSourceError, DataLayerError) as error:
            raise Unavailable(f"服务的答复无法识别：{error}", f"The answer cannot be read: {error}") from error


def _features(host: _Host, url: str, layer: str | None) -> Iterator[gpd.GeoDataFrame]:
    """OGC API Features: page after page by the service's own `next` links."""
    base = url.split("?")[0].rstrip("/")
    base = base.split("/collections")[0]
    listed = _json(host.get(_with(f"{base}/collections", f="json"), "application/json")[0])
    names = [str(one["id"]) for one in listed.get("collections", []) if "id" in one]
    within = url.split("/collections/")[1].split("/")[0].split("?")[0] if "/collections/" in url else None
    name = _chosen(names, layer or within)
    following: str | None = _with(f"{base}/collections/{name}/items", f="json", limit=str(PAGE))
    while following:
        body, _ = host.get(following, "application/geo+json")
        page = _json(body)
        frame = _frame(body, ".geojson") if page.get("features") else None
        if frame is not None:
            yield frame
        links = [link.get("href") for link in page.get("links", []) if link.get("rel") == "next"]
        following = urljoin(following, links[0]) if links and links[0] else None


def _wfs(host: _Host, url: str, layer: str | None) -> Iterator[gpd.GeoDataFrame]:
    """WFS 2.0.0: GML, page after page; GDAL puts the axes in order by the srsName that each answer states."""
    said, _ = host.get(_with(url, service="WFS", request="GetCapabilities", version="2.0.0"), "text/xml")
    try:
        root = ElementTree.fromstring(said)
    except ElementTree.ParseError as error:
        raise Unavailable("服务的能力文档无法识别", "The service's capabilities cannot be read", field="url") from error
    names = [(kind.findtext("{*}Name") or "").strip() for kind in root.iterfind(".//{*}FeatureTypeList/{*}FeatureType")]
    name = _chosen([one for one in names if one], layer)
    start = 0
    while True:
        query = {
            "service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": name, "count": str(PAGE),
            "startindex": str(start),
        }  # fmt: skip
        body, _ = host.get(_with(url, **query), "application/gml+xml")
        frame = _frame(body, ".gml") if b"xception" not in body[:2000] else None
        if frame is None and not start:
            raise Unavailable(f"服务未给出图层 {name}", f"The service does not give the layer {name}", field="layer")
        if frame is None or not len(frame):
            return
        yield frame
        start += len(frame)
        if len(frame) < PAGE:
            return


def is_wfs(url: str) -> bool:
    """Whether an address speaks WFS rather than OGC API Features."""
    query = {k.lower(): v.lower() for k, v in parse_qsl(urlsplit(url).query)}
    return query.get("service") == "wfs" or "wfs" in urlsplit(url).path.lower().split("/")[-1]


def fetch(url: str, layer: str | None, path: Path, progress: Progress = lambda _: None) -> int:
    """Fetch a layer into a GeoPackage at `path` and give its number of rows.

    Raises Invalid for an address or layer that cannot be, Unavailable where the service fails.
    """
    host = _Host(url)
    frames: list[gpd.GeoDataFrame] = []
    count = 0
    with host.client:
        for frame in (_wfs if is_wfs(url) else _features)(host, url, layer):
            frames.append(frame)
            count += len(frame)
            progress(f"已取 {count} 行 / {count} rows fetched")
            if count > MOST_ROWS:
                raise Invalid("服务数据超过一百万行", "The service holds more than a million rows", field="url")
    if not count:
        raise Invalid("该图层没有数据", "The layer holds no data", field="layer")
    whole = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    pyogrio.write_dataframe(whole, path, layer="service", driver="GPKG")
    return count
