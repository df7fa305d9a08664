"""Walks over the map: which tiles a screen asks for, the same on each run."""

from __future__ import annotations

import random

import mercantile

from layers.catalog import LAYERS
from web.bench.serve import FIRST_ZOOM, LAST_ZOOM, PLAIN
from web.bench.tile_data import EAST, NORTH, SOUTH, WEST

WIDE, HIGH = 5, 3
"""Tiles of a screen, side by side and one above the other."""
Spot = tuple[str, int, int, int]
"""Layer of the catalogue, z, x, y."""


def _screen(lon: float, lat: float, z: int) -> list[mercantile.Tile]:
    middle = mercantile.tile(lon, lat, z)
    west, east = mercantile.tile(WEST, NORTH, z), mercantile.tile(EAST, SOUTH, z)
    return [
        mercantile.Tile(x, y, z)
        for y in range(middle.y - HIGH // 2, middle.y + HIGH // 2 + 1)
        for x in range(middle.x - WIDE // 2, middle.x + WIDE // 2 + 1)
        if west.x <= x <= east.x and west.y <= y <= east.y
    ]


def plain_walk(screens_a_zoom: int) -> list[Spot]:
    """Distinct tiles of all three layers from screens anywhere, as many screens at each zoom from 10 to 17."""
    dice = random.Random(17)
    found: dict[Spot, None] = {}
    for _ in range(screens_a_zoom):
        for z in range(FIRST_ZOOM, LAST_ZOOM + 1):
            lon, lat = dice.uniform(WEST, EAST), dice.uniform(SOUTH, NORTH)
            for tile in _screen(lon, lat, z):
                found |= dict.fromkeys((name, z, tile.x, tile.y) for name in PLAIN)
    return list(found)


def mixed_walk(steps: int) -> list[Spot]:
    """One person's way over the map, screen after screen, zooms from 10 to 17 and back, seen tiles included."""
    dice = random.Random(10)
    lon, lat, z = (WEST + EAST) / 2, (SOUTH + NORTH) / 2, FIRST_ZOOM
    asked: list[Spot] = []
    rise = 1
    for step in range(steps):
        asked += [(name, z, tile.x, tile.y) for tile in _screen(lon, lat, z) for name in PLAIN]
        if step % 3 == 2:  # two pans, then a zoom
            rise = 1 if z == FIRST_ZOOM else -1 if z == LAST_ZOOM else rise
            z += rise
        else:
            reach = 360 / 2**z * 2
            lon = min(max(lon + dice.uniform(-reach, reach), WEST), EAST)
            lat = min(max(lat + dice.uniform(-reach, reach), SOUTH), NORTH)
    return asked


def as_drawn(walk: list[Spot]) -> list[Spot]:
    """The same way as our page asks: layers from their first zoom on, and beyond the last zoom its tiles stretched."""
    asked = []
    for name, z, x, y in walk:
        layer = LAYERS[name]
        if z >= layer.min_zoom:
            over = max(0, z - layer.max_zoom)
            asked.append((name, z - over, x >> over, y >> over))
    return asked
