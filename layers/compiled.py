"""Compile the kernels ahead of the first question: `python -m layers.compiled`. Numba keeps them by their modules."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from affine import Affine
from shapely import LineString, Point, box

from layers.clip import areas_in, lengths_in
from layers.coverage import cover, places_of
from layers.fire.behaviour import Moisture
from layers.fire.danger import fire_weather
from layers.fire.fuels import FUELS
from layers.fire.ground import Ground
from layers.fire.spread import Ignition, Weather, spread
from layers.flood.scene import make_scene
from layers.flood.screening import above_drainage, screen
from layers.flood.solver import Forcing, Rain, run
from layers.network_build import build
from layers.positions import position
from layers.profiles import DISTANCE, DRIVE
from layers.reach import times
from layers.routing import matrix_ms, route
from layers.viewshed import sight, viewshed


def compile_all() -> None:
    """Ask every kind of question once, of a triangle of roads."""
    _clip()
    _fire()
    _flood()
    viewshed(np.zeros((3, 3)), 10.0, (1, 1), 1.0, range_m=20)
    sight(np.zeros((3, 3)), 10.0, (0, 0), 1.0, (2.0, 1.5), 1.0)
    spots = [(120.1, 30.2), (120.11, 30.2), (120.1, 30.21)]
    pairs = [(0, 1), (1, 2), (2, 0)]
    nodes = gpd.GeoDataFrame({"id": [1, 2, 3]}, geometry=[Point(spot) for spot in spots], crs=4490)
    roads = gpd.GeoDataFrame(
        {"id": [1, 2, 3], "source": [1, 2, 3], "target": [2, 3, 1], "class": "", "length_m": 1000.0},
        geometry=[LineString([spots[a], spots[b]]) for a, b in pairs],
        crs=4490,
    ).assign(oneway=False, drive=True, walk=True)
    network = build(nodes, roads, "EPSG:4549")
    a, b = position(network, 1, 0.5), position(network, 2, 0.5)
    for version in (network, network.close([3])):
        route(version, a, b, DRIVE)
        matrix_ms(version, [a], [b], DRIVE)
        times(version, [a], DRIVE)
        found = cover(version, places_of(version, [a]), np.array([2]), [b], np.array([1]), 2000.0, profile=DISTANCE)
        cover(version, places_of(version, [a]), np.array([2]), [b], np.array([1]), 2000.0, start=found)


def _flood() -> None:
    """Rain on a slope of 81 cells, in time and at rest."""
    scene = make_scene(np.add.outer(np.arange(9.0), np.arange(9.0)), 10.0, fill_m=0.1)
    run(scene, Forcing(Rain((0.0, 10.0), np.array([60.0]))), 10.0)
    screen(scene, 10.0)
    above_drainage(scene, scene.z < 1)


def _clip() -> None:
    """What lies inside a cell."""
    one, cells = np.zeros(1, np.int64), np.array([box(0, 0, 1, 1)], object)
    areas_in(cells, one, cells, one)
    lengths_in(np.array([LineString([(0, 0), (1, 1)])], object), one, cells, one)


def _fire() -> None:
    """A fire on three cells by three, and the danger of a day."""
    ground = Ground(np.zeros((3, 3), np.int16), (FUELS["FM1"],), Affine(30, 0, 0, 0, -30, 0), "EPSG:4549")
    weather = Weather(3.0, 0.0, Moisture(0.08, 0.08, 0.08, 1.0, 1.0))
    spread(ground, [weather], [Ignition(Point(45, -45))], 3600.0)
    fire_weather(20.0, 40.0, 10.0, 0.0, 4)


if __name__ == "__main__":
    compile_all()
