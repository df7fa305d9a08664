"""A map to hand over, of the district and a world: what the command line and the page's export button share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gis_data.clock import SHANGHAI
from gis_data.db import Reading, district
from gis_data.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    import folium

    from layers.catalog import Layer
    from layers.folium_map import Box
    from layers.map_layer import MapLayer

LEAFLET = Path(__file__).parent / "ui/dist/leaflet"
"""Leaflet's files, which the page's build puts beside it: nothing is fetched when a map is made."""
Point = tuple[float, float]


def world_map(
    tx: Reading,
    names: Sequence[str],
    *,
    box: Box | None = None,
    zoom: float | None = None,
    way: tuple[Point, Point] | None = None,
    review_no: str = "",
) -> folium.Map:
    """The named layers of the catalogue, live ones included, and a route between two points on the open roads.

    Layers lie as the catalogue orders them, whatever the order of the names. What the page alone draws (what models and
    gauges say, which is old within minutes) stays out, and the map says so. Coordinates are lon, lat in EPSG:4490.
    """
    from command.map_layers import SITUATION, read, situation
    from layers.catalog import LAYERS
    from layers.folium_map import offline_map

    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        known = "、".join(name for name, layer in LAYERS.items() if layer.kind != "raster")
        raise NotFound(
            f"没有图层“{unknown[0]}”。可选：{known}",
            f"There is no layer “{unknown[0]}”. Known: {known}",
            field="layers",
        )
    lying = [name for name, layer in LAYERS.items() if name in names and layer.kind != "live"]
    base = [read(tx.session, name, box, zoom) for name in lying]
    drawn = [*base, *([_route(tx, *way)] if way else []), *situation(tx, names)]
    left_out = [
        layer for name, layer in LAYERS.items() if name in names and layer.kind == "live" and name not in SITUATION
    ]
    at, drill = tx.at.astimezone(SHANGHAI), tx.world.kind == "drill"
    return offline_map(
        drawn,
        assets=LEAFLET,
        title=f"{district(tx.session).title}{f' · 演练：{tx.world.title}' if drill else ''}",
        notes=[f"{'演练时间 Drill time' if drill else '态势时间 As of'} {at:%Y-%m-%d %H:%M}", *_said(left_out)],
        drill=drill,
        review_no=review_no,
        box=box,
    )


def _said(left_out: Sequence[Layer]) -> list[str]:
    if not left_out:
        return []
    zh, en = "、".join(one.title_zh for one in left_out), ", ".join(one.title_en for one in left_out)
    return [f"未含（只在页面上看）：{zh} Not in this map, only on the page: {en}"]


def _route(tx: Reading, start: Point, end: Point) -> MapLayer:
    from command import roads
    from layers.map_layer import route_layer
    from layers.positions import snap
    from layers.profiles import DRIVE
    from layers.routing import route

    network = roads.network(tx.session)
    a, b = (snap(network, lon, lat, DRIVE) for lon, lat in (start, end))
    way = route(network, a, b, DRIVE)
    if way is None:
        raise Conflict("两点之间没有可通行的道路（孤岛）。", "No open road joins the two points.")
    return route_layer(way)


def parse_point(text: str, field: str = "point") -> Point:
    """`lon,lat` in degrees; `Invalid` if it is not."""
    lon, lat = _numbers(text, 2, field)
    return lon, lat


def parse_box(text: str, field: str = "box") -> Box:
    """`west,south,east,north` in degrees; `Invalid` if it is not, or is empty."""
    west, south, east, north = _numbers(text, 4, field)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid(
            f"范围“{text}”应为“西,南,东,北”，单位为度。", "A box is west,south,east,north in degrees.", field=field
        )
    return west, south, east, north


def _numbers(text: str, count: int, field: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != count:
        raise Invalid(
            f"“{text}”应为 {count} 个以逗号分隔的数（先经度，后纬度）。",
            f"“{text}” should be {count} numbers separated by commas, longitude first.",
            field=field,
        )
    return found
