"""The handbook's worked example XH-MINI (section 7.3): a network small enough to check by hand. DEMO numbers."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data import crs
from gis_data.demo import prepared
from gis_data.demo.built import frame
from gis_data.sources.prepared import Prepared

_METRIC = "EPSG:4549"
_ORIGIN = tuple(crs.to_metric(_METRIC).transform(120.10, 30.25))
_PLAN = {
    "S1": (0, 450), "C1": (-140, 140), "N1": (0, 0), "N2": (300, 0), "C2": (300, 150), "S2": (600, -260),
    "N3": (900, 0), "C3": (900, 250), "S3": (1200, 600), "N4": (1400, 0), "S4": (1400, 300), "C4": (1540, -140),
    "N5": (560, 690), "C5": (560, 840),
}  # fmt: skip
"""Metres east and north of (120.10, 30.25); drawn to be read, the handbook's lengths count."""

EDGES_M = {
    ("C1", "N1"): 200, ("N1", "S1"): 450, ("N1", "N2"): 300, ("N2", "C2"): 150, ("N2", "S2"): 400, ("N2", "N3"): 600,
    ("N3", "C3"): 250, ("N3", "S2"): 350, ("N3", "N4"): 500, ("N4", "S4"): 300, ("N4", "C4"): 200, ("N4", "N5"): 900,
    ("N5", "C5"): 150, ("N5", "S1"): 1200, ("N3", "S3"): 700,
}  # fmt: skip
PERSONS = {"C1": 180, "C2": 95, "C3": 260, "C4": 150, "C5": 40}
_SHELTERS = {
    "S1": ("indoor", 600, 200), "S2": ("indoor", 300, 100), "S3": ("outdoor", 2000, 2000),
    "S4": ("indoor", 450, 150),
}  # fmt: skip
_TEAMS = {"T1": ("N1", 300.0), "T2": ("N5", 60.0)}


def _metres(name: str) -> tuple[float, float]:
    return _ORIGIN[0] + _PLAN[name][0], _ORIGIN[1] + _PLAN[name][1]


def _degrees(name: str) -> tuple[float, float]:
    lon, lat = crs.to_degrees(_METRIC).transform(*_metres(name))
    return round(lon, 8), round(lat, 8)


NODES: dict[str, tuple[float, float]] = {name: _degrees(name) for name in _PLAN}
"""Each node's lon and lat (EPSG:4490); the rows of `road_node` stand in this order."""


def _roads() -> gpd.GeoDataFrame:
    order = list(NODES)
    return gpd.GeoDataFrame(
        pd.DataFrame(
            {
                "way_id": range(1, len(EDGES_M) + 1),
                "source": [order.index(a) for a, _ in EDGES_M],
                "target": [order.index(b) for _, b in EDGES_M],
                "name": [f"{a}–{b}" for a, b in EDGES_M],
                "class": "unclassified",
                "oneway": False,
                "bridge": False,
                "tunnel": False,
                "layer": 0,
                "max_speed_kmh": None,
                "max_height_m": None,
                "max_weight_t": None,
                "max_width_m": None,
                "drive": True,
                "walk": True,
                "length_m": [float(m) for m in EDGES_M.values()],
                "geom": [shapely.LineString([NODES[a], NODES[b]]) for a, b in EDGES_M],
            }
        ),
        geometry="geom",
        crs=crs.STORAGE,
    )


def xh_mini() -> list[Prepared]:
    """Roads, people by cell, shelters S1–S4 and teams T1 and T2."""
    spots = gpd.GeoDataFrame({"geom": shapely.points(list(NODES.values()))}, geometry="geom", crs=crs.STORAGE)
    cells = {
        "code": list(PERSONS),
        "population": [float(n) for n in PERSONS.values()],
        "jobs": None,
        "schools": None,
        "healthcare": None,
    }
    squares = [shapely.multipolygons([shapely.Point(_metres(c)).buffer(40, cap_style="square")]) for c in PERSONS]
    shelters = {
        "code": list(_SHELTERS),
        "name": [f"演示安置点 {code}" for code in _SHELTERS],
        "level": "town",
        "space": [space for space, *_ in _SHELTERS.values()],
        "effective_area_m2": [float(area) for _, area, _ in _SHELTERS.values()],
        "capacity": [capacity for *_, capacity in _SHELTERS.values()],
        "capacity_source": "computed",
        "accepted": True,
        "appraised_at": date(2026, 1, 1),
        "state": "closed",
    }
    teams = {
        "code": list(_TEAMS),
        "name": [f"演示队伍 {code}" for code in _TEAMS],
        "kind": "综合应急抢险",
        "hazards": [["flood", "city_fire", "forest_fire", "geohazard", "other"]] * len(_TEAMS),
        "members": 12,
        "muster_s": [muster_s for _, muster_s in _TEAMS.values()],
        "vehicle": "pump_truck",
    }
    registers = {
        "shelter": frame(shelters, np.array([shapely.Point(_metres(code)) for code in _SHELTERS])),
        "team": frame(teams, np.array([shapely.Point(_metres(node)) for node, _ in _TEAMS.values()])),
    }
    return [
        prepared("registers", "XH-MINI-registers", registers),
        prepared("roads", "XH-MINI-roads", {"road_node": spots, "road": _roads()}),
        prepared("population", "XH-MINI-population", {"population_cell": frame(cells, squares)}),
    ]
