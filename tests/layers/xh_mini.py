"""XH-MINI (the handbook's 7.3) as a network, from the rows that the demo loads."""

from __future__ import annotations

from gis_data.demo.xh_mini import EDGES_M
from gis_data.demo.xh_mini import xh_mini as sources
from layers.network import Network
from layers.network_build import build
from layers.positions import Position, position

ROADS = {"–".join(ends): i for i, ends in enumerate(EDGES_M, start=1)}
"""Road name → id."""


def xh_mini() -> Network:
    """The network: every road two-way, for driving and walking; ids from 1."""
    frames = next(source.frames for source in sources() if source.kind == "roads")
    nodes, roads = (frames[table].assign(id=range(1, len(frames[table]) + 1)) for table in ("road_node", "road"))
    roads = roads.assign(source=roads["source"] + 1, target=roads["target"] + 1)
    return build(nodes, roads, "EPSG:4549", version="xh-mini")


def at(network: Network, place: str) -> Position:
    """The position of a named place, at the end of the first road that meets it."""
    name = next(name for name in ROADS if place in name.split("–"))
    return position(network, ROADS[name], float(name.split("–")[1] == place))
