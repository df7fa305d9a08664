"""The synthetic registers: units, teams, shelters and targets to protect. All names are made up."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_data.demo import plan
from gis_data.demo.built import frame
from gis_data.demo.ground import Ground
from gis_data.demo.land import Land

_CITY_FIRE, _FOREST = ["city_fire", "other"], ["forest_fire"]
_TEAMS: tuple[tuple[str, int, list[str], tuple[int, int], tuple[int, int], str], ...] = (
    (
        "综合性消防救援",
        4,
        ["city_fire", "forest_fire", "flood", "geohazard", "other"],
        (24, 40),
        (60, 60),
        "fire_engine",
    ),
    ("政府专职", 2, _CITY_FIRE, (14, 22), (90, 120), "fire_engine"),
    ("专业森林消防", 2, _FOREST, (25, 35), (180, 240), "pickup"),
    ("半专业森林消防", 7, _FOREST, (15, 25), (300, 600), "pickup"),
    ("综合应急抢险", 2, ["flood", "geohazard", "other"], (20, 30), (240, 360), "pickup"),
    ("防汛抢险", 2, ["flood"], (16, 30), (240, 420), "pump_truck"),
    ("危化", 1, _CITY_FIRE, (12, 16), (180, 180), "fire_engine"),
    ("医疗", 1, ["flood", "city_fire", "forest_fire", "geohazard", "other"], (8, 12), (90, 90), "ambulance"),
    ("电力抢修", 1, ["flood", "other"], (10, 14), (300, 300), "pickup"),
    ("燃气抢修", 1, _CITY_FIRE, (8, 12), (240, 240), "pickup"),
    ("社会应急力量", 1, ["flood", "geohazard", "other"], (18, 26), (600, 600), "pickup"),
    ("民兵", 1, ["flood", "forest_fire", "geohazard"], (30, 40), (480, 480), "pickup"),
)
"""Kind, how many, hazards, members, muster time (s), vehicle."""

_FOREST_UNITS = ("330106009", "330106010", "330106012", "330106110", "330106008")
_TARGETS: tuple[tuple[str, str, int, tuple[int, int]], ...] = (
    ("school", "演示学校", 18, (400, 1800)), ("kindergarten", "演示幼儿园", 10, (120, 360)),
    ("hospital", "演示医院", 6, (80, 600)), ("nursing_home", "演示养老院", 10, (60, 240)),
    ("fire_station", "演示消防站", 4, (20, 40)), ("police", "演示派出所", 4, (20, 40)),
    ("hotel", "演示宾馆", 3, (120, 300)),
    ("mall", "演示商场", 3, (800, 3000)), ("substation", "演示变电站", 2, (0, 0)),
    ("water_works", "演示水厂", 1, (0, 0)),
)  # fmt: skip
_UNKNOWN_CAPACITY = (6, 13, 20, 27)


class _Sites:
    """Built-up blocks, each given away once, by unit and in an order that the seed decides."""

    def __init__(self, land: Land, rng: np.random.Generator) -> None:
        built = [lot for lot in land.lots if lot.buildings]
        order = rng.permutation(len(built))
        self.free: dict[str, list[shapely.Point]] = {unit[0]: [] for unit in plan.UNITS}
        spots = np.array([built[i].buildings[0].centroid for i in order])
        for unit, area in zip(plan.UNITS, land.ground.units, strict=True):
            self.free[unit[0]] += list(spots[shapely.contains(area, spots)])

    def take(self, code: str) -> shapely.Point:
        """A spot in the unit, or in the largest stock left."""
        stock = self.free[code] or max(self.free.values(), key=len)
        return stock.pop()


def units(ground: Ground, residents: tuple[int, ...]) -> gpd.GeoDataFrame:
    """Rows of `admin_unit`: the twelve, eleven of them in scope."""
    columns = {
        "code": [u[0] for u in plan.UNITS],
        "name": [u[1] for u in plan.UNITS],
        "name_en": [u[2] for u in plan.UNITS],
        "level": "town",
        "parent_code": "330106",
        "governing_authority": [
            "杭州西湖风景名胜区管委会" if u[0] == plan.SCENIC else "西湖区人民政府" for u in plan.UNITS
        ],
        "in_scope": [u[0] != plan.SCENIC for u in plan.UNITS],
        "population": list(residents),
    }
    return frame(columns, [shapely.multipolygons([area]) for area in ground.units])


def _teams(sites: _Sites, rng: np.random.Generator) -> gpd.GeoDataFrame:
    codes = [unit[0] for unit in plan.UNITS if unit[0] != plan.SCENIC]
    rows: list[dict[str, Any]] = []
    spots = []
    for kind, count, hazards, members, muster_s, vehicle in _TEAMS:
        for i in range(count):
            pool = _FOREST_UNITS if hazards == _FOREST else codes
            spots.append(sites.take(pool[(len(rows) if hazards != _FOREST else i) % len(pool)]))
            rows.append(
                {
                    "code": f"DEMO-T{len(rows) + 1:02d}",
                    "name": f"演示{kind}{'一二三四五六七'[i]}队" if count > 1 else f"演示{kind}队",
                    "kind": kind,
                    "hazards": hazards,
                    "members": int(rng.integers(members[0], members[1] + 1)),
                    "muster_s": float(round(rng.uniform(*muster_s) / 30) * 30),
                    "vehicle": vehicle,
                }
            )
    return frame({key: [row[key] for row in rows] for key in rows[0]}, spots)


def _shelters(sites: _Sites, rng: np.random.Generator) -> gpd.GeoDataFrame:
    codes = [unit[0] for unit in plan.UNITS if unit[0] != plan.SCENIC]
    rows: list[dict[str, Any]] = []
    for i in range(30):
        level = "county" if i < 3 else "town" if i < 14 else "village"
        space = "outdoor" if i % 7 == 5 else "indoor"
        area = float(
            round(rng.uniform(*{"county": (1800, 3600), "town": (450, 1200), "village": (180, 420)}[level]), -1)
        )
        known = i not in _UNKNOWN_CAPACITY
        rows.append(
            {
                "code": f"DEMO-S{i + 1:02d}",
                "name": f"演示{'区级镇街村社'[2 * (0 if i < 3 else 1 if i < 14 else 2) :][:2]}避灾安置场所{i + 1:02d}",
                "level": level,
                "space": space,
                "effective_area_m2": area if known else None,
                "capacity": int(area / (3.0 if space == "indoor" else 1.0)) if known else None,
                "capacity_source": ("surveyed" if i % 3 else "computed") if known else None,
            }
        )
    return frame({key: [row[key] for row in rows] for key in rows[0]}, [sites.take(codes[i % 11]) for i in range(30)])


def _targets(sites: _Sites, rng: np.random.Generator) -> gpd.GeoDataFrame:
    codes = [unit[0] for unit in plan.UNITS]
    rows: list[tuple[str, str, str, int | None]] = []
    spots = []
    for kind, name, count, (least, most) in _TARGETS:
        for i in range(count):
            room = int(round(rng.uniform(least, most), -1)) if most else None
            rows.append((f"DEMO-P{len(rows) + 1:02d}", f"{name}{i + 1:02d}", kind, room))
            spots.append(sites.take(codes[len(rows) % 12]))
    return frame(dict(zip(("code", "name", "kind", "capacity"), zip(*rows, strict=True), strict=True)), spots)


def make(land: Land, rng: np.random.Generator) -> dict[str, gpd.GeoDataFrame]:
    """Rows of `admin_unit`, `team`, `shelter` and `protected_target`."""
    sites = _Sites(land, rng)
    return {
        "admin_unit": units(land.ground, land.residents),
        "team": _teams(sites, rng),
        "shelter": _shelters(sites, rng),
        "protected_target": _targets(sites, rng),
    }
