"""The golden fixture XH-MINI of the domain handbook (7.3) on a made-up grid: DEMO lengths, no real places."""

from __future__ import annotations

import geopandas as gpd
from shapely import LineString, Point

from layers.network import Network, Position, build, position

PLACES = {
    "N1": (0, 0), "N2": (3, 0), "N3": (9, 0), "N4": (14, 0), "N5": (23, 0), "C1": (0, 2), "S1": (0, -4),
    "C2": (3, 2), "S2": (6, -3), "C3": (9, 3), "S3": (9, 7), "S4": (14, -3), "C4": (14, 2), "C5": (23, 2),
}  # fmt: skip
EDGES = """C1–N1 200; N1–S1 450; N1–N2 300; N2–C2 150; N2–S2 400; N2–N3 600; N3–C3 250; N3–S2 350; N3–N4 500;
N4–S4 300; N4–C4 200; N4–N5 900; N5–C5 150; N5–S1 1200; N3–S3 700"""
ROADS = {name: i for i, name in enumerate((edge.split()[0] for edge in EDGES.split(";")), start=1)}


def xh_mini() -> Network:
    """The network: every road two-way, class `demo`, for driving and walking."""
    ids = {name: i for i, name in enumerate(PLACES, start=1)}
    points = {name: Point(120.10 + 0.001 * x, 30.25 + 0.001 * y) for name, (x, y) in PLACES.items()}
    nodes = gpd.GeoDataFrame({"id": ids.values()}, geometry=list(points.values()), crs=4490)
    rows = [(*edge.split()[0].split("–"), float(edge.split()[1])) for edge in EDGES.split(";")]
    roads = gpd.GeoDataFrame(
        {
            "id": list(ROADS.values()),
            "class": "demo",
            "oneway": False,
            "drive": True,
            "walk": True,
            "source": [ids[a] for a, _, _ in rows],
            "target": [ids[b] for _, b, _ in rows],
            "length_m": [length for _, _, length in rows],
        },
        geometry=[LineString([points[a], points[b]]) for a, b, _ in rows],
        crs=4490,
    )
    return build(nodes, roads, "EPSG:4549", version="xh-mini")


def at(network: Network, place: str) -> Position:
    """The position of a named place, at the end of the first road that meets it."""
    name = next(name for name in ROADS if place in name.split("–"))
    return position(network, ROADS[name], float(name.split("–")[1] == place))
