"""One self-contained page with roads, points and a route, for notebooks and for a machine with no network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import folium
import numpy as np
import shapely

from layers.network import Network
from layers.routing import Route

GROUND, TEXT, ACCENT = "#0E1825", "#E6EDF5", "#3FA7FF"  # map colours of the design language
MAIN_ROADS, OTHER_ROADS = "#5B7696", "#2A3A4F"
MAIN_CLASSES = {"motorway", "trunk", "primary", "secondary"}


def base_map(assets: Path) -> folium.Map:
    """An empty dark folium map that carries Leaflet in itself and asks nothing of any other place.

    Parameters
    ----------
    assets : Leaflet's `dist` folder (`leaflet.js`, `leaflet.css`, `images/`).
    """

    def image(match: re.Match[str]) -> str:
        return f"url({_data_uri('image/png', (assets / match[1]).read_bytes())})"

    css = re.sub(r"url\((images/[^)]+)\)", image, (assets / "leaflet.css").read_text("utf-8"))
    css += f"\n.leaflet-container {{ background: {GROUND}; }}"
    page = folium.Map(tiles=None, prefer_canvas=True)
    page.default_js = [("leaflet", _data_uri("text/javascript", (assets / "leaflet.js").read_bytes()))]
    page.default_css = [("leaflet_css", _data_uri("text/css", css.encode()))]
    return page


def offline_map(
    network: Network,
    *,
    assets: Path,
    points: Mapping[str, tuple[float, float]] | None = None,
    route: Route | None = None,
    closed: frozenset[int] = frozenset(),
) -> folium.Map:
    """A network's roads on a map, with named points, a route and closed roads, that works with no internet.

    Write it with `.save(path)`, or let a notebook show it.

    Parameters
    ----------
    assets : as in `base_map`. points : name → lon, lat in EPSG:4490. closed : ids of roads drawn dashed.
    """
    page = base_map(assets)
    is_closed = np.isin(network.roads.index, list(closed))
    is_main = network.roads["class"].isin(MAIN_CLASSES).to_numpy(bool)
    _draw(page, network.lines[~is_main & ~is_closed], color=OTHER_ROADS, weight=1.5)
    _draw(page, network.lines[is_main & ~is_closed], color=MAIN_ROADS, weight=2.5)
    if route:
        _draw(page, [route.geometry], color=ACCENT, weight=5)
    _draw(page, network.lines[is_closed], color=TEXT, weight=3, dash="2 8")
    for name, (lon, lat) in (points or {}).items():
        label = escape(name).translate({ord(sign): f"&#{ord(sign)};" for sign in "`$\\{}"})
        folium.CircleMarker([lat, lon], radius=6, color=TEXT, fill=True, tooltip=label).add_to(page)
    west, south, east, north = shapely.total_bounds(network.lines).tolist()
    page.fit_bounds([[south, west], [north, east]])
    return page


def _draw(
    page: folium.Map,
    lines: Iterable[shapely.LineString],
    *,
    color: str,
    weight: float,
    dash: str | None = None,
) -> None:
    drawn = shapely.transform(shapely.MultiLineString(list(lines)), lambda xy: np.round(xy, 6))
    style = {"color": color, "weight": weight, "dashArray": dash}
    if not drawn.is_empty:
        folium.GeoJson(shapely.geometry.mapping(drawn), style_function=lambda _: style).add_to(page)


def _data_uri(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{b64encode(content).decode()}"
