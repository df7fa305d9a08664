"""Rescue teams with their people, vehicles and equipment."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo.ground import Field
from gis_data.demo.registers.communities import town
from gis_data.demo.registers.sites import (
    COUNT,
    HILLY,
    IN_SCOPE,
    Sites,
    days,
    distinct,
    phones,
    plain,
)

_CITY_FIRE, _FOREST = ["city_fire", "other"], ["forest_fire"]
_ALL = ["city_fire", "forest_fire", "flood", "geohazard", "other"]
_TEAMS: tuple[tuple[str, int, list[str], tuple[int, int], tuple[int, int], str, str], ...] = (
    ("综合性消防救援", 4, _ALL, (24, 40), (60, 60), "fire_engine", "Q24"),
    ("政府专职", 2, _CITY_FIRE, (14, 22), (90, 120), "fire_engine", "Q24"),
    ("专业森林消防", 2, _FOREST, (25, 35), (180, 240), "pickup", "Q02"),
    ("半专业森林消防", 7, _FOREST, (15, 25), (300, 600), "pickup", ""),
    ("综合应急抢险", 2, ["flood", "geohazard", "other"], (20, 30), (240, 360), "pickup", "Q05"),
    ("防汛抢险", 2, ["flood"], (16, 30), (240, 420), "pump_truck", "Q26"),
    ("危化", 1, _CITY_FIRE, (12, 16), (180, 180), "fire_engine", "Q24"),
    ("医疗", 1, _ALL, (8, 12), (90, 90), "ambulance", "Q29"),
    ("电力抢修", 1, ["flood", "other"], (10, 14), (300, 300), "pickup", "Q33"),
    ("燃气抢修", 1, _CITY_FIRE, (8, 12), (240, 240), "pickup", "Q35"),
    ("社会应急力量", 1, ["flood", "geohazard", "other"], (18, 26), (600, 600), "pickup", "Q05"),
    ("民兵", 1, ["flood", "forest_fire", "geohazard"], (30, 40), (480, 480), "pickup", "Q05"),
)
"""Kind, how many, hazards, members, muster time (s), vehicle, organisation ('' the town's own)."""


def teams(sites: Sites, targets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `team`: fire crews at fire stations, forest crews in the hilly units, the others by main roads."""
    rng = sites.rng
    stations = list(shapely.get_coordinates(targets[targets["kind"] == "fire_station"].to_crs("EPSG:4549").geometry))
    rows: list[dict[str, Any]] = []
    spots: list[Field] = []
    for kind, count, hazards, members, muster_s, vehicle, organisation in _TEAMS:
        for i in range(count):
            if vehicle == "fire_engine":
                spots.append(stations.pop(0))
            else:
                pool = (HILLY[i % 4],) if hazards == _FOREST else IN_SCOPE
                spots.append(sites.xy[sites.take(1, ["office", "industrial", "shop"], pool, sites.by_main_road)[0]])
            size = int(rng.integers(members[0], members[1] + 1))
            rows.append(
                {
                    "code": f"DEMO-T{len(rows) + 1:02d}", "name": f"演示{kind}{COUNT[i] if count > 1 else ''}队",
                    "kind": kind, "hazards": hazards, "members": size,
                    "muster_s": float(round(rng.uniform(*muster_s) / 30) * 30), "vehicle": vehicle,
                    "on_duty": int(size * rng.uniform(0.4, 0.8)),
                    "organization_code": f"DEMO-O-{organisation}" if organisation else "",
                    "leader_post": f"DEMO-T{len(rows) + 1:02d}-G1",
                    "constraints": "陡坡夜间不攻坚, 每小时清点人数" if hazards == _FOREST else None,
                }
            )  # fmt: skip
    columns = {key: pd.Series([row[key] for row in rows]) for key in rows[0]}
    found = sites.rows(columns | {"duty_phone": phones(501, len(rows))}, np.array(spots))
    own = [o or town(unit) for o, unit in zip(found["organization_code"], found["admin_code"], strict=True)]
    return found.assign(organization_code=own)


def team_members(rows: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `team_member`; all of them are made up."""
    size = rows["members"].to_numpy()
    at, within = np.repeat(np.arange(len(rows)), size), np.concatenate([np.arange(n) for n in size])
    n = len(at)
    forest = rows["kind"].str.contains("森林").to_numpy()[at]
    first, second = np.where(forest, "森林防火", "应急救援员"), np.where(within % 4 == 0, "急救", "")
    return plain(
        {
            "code": [f"DEMO-TM{i:04d}" for i in range(1, n + 1)],
            "name": [f"{name}队员{k + 1:02d}" for name, k in zip(rows["name"].to_numpy()[at], within, strict=True)],
            "admin_code": rows["admin_code"].to_numpy()[at],
            "team_code": rows["code"].to_numpy()[at],
            "role": np.select([within == 0, within == 1, within % 6 == 2], ["队长", "副队长", "驾驶员"], "队员"),
            "identity": [f"演示队员{i:04d}" for i in range(1, n + 1)],
            "mobile": [f"100-0001-{i:04d}" for i in range(1, n + 1)],
            "birth_year": rng.integers(1972, 2005, n),
            "certificates": pd.Series(
                [[w for w in pair if w] for pair in zip(first, second, strict=True)], dtype=object
            ),
            "trained_at": days(rng, n, date(2025, 6, 1), date(2026, 6, 15)),
        }
    )


_VEHICLES = {
    "fire_engine": ("水罐消防车", 6, 3.5, 2.5, 19.0, 60.0), "pickup": ("皮卡", 5, 1.9, 1.9, 3.0, 55.0),
    "pump_truck": ("排涝泵车", 4, 3.2, 2.5, 16.0, 70.0), "ambulance": ("救护车", 4, 2.7, 2.1, 3.8, 30.0),
    "bus": ("运兵车", 16, 2.9, 2.2, 6.5, 35.0),
}  # fmt: skip
"""What a vehicle of a kind is: word, crew, height and width (m), weight (t), wading depth (cm)."""


def vehicles(sites: Sites, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `vehicle`: two or three of each team's own kind and a crew carrier for the larger ones, at the base."""
    owned = [(i, row.vehicle) for i, row in enumerate(rows.itertuples()) for _ in range(2 + i % 2)]
    owned += [(i, "bus") for i, row in enumerate(rows.itertuples()) if row.members >= 20]
    at, kind = np.array([i for i, _ in owned]), [k for _, k in owned]
    n, rng = len(at), sites.rng
    spec = np.array([_VEHICLES[k][1:] for k in kind], dtype=float)
    base = shapely.get_coordinates(rows.to_crs("EPSG:4549").geometry)[at]
    return sites.rows(
        {
            "code": [f"DEMO-VH{i:03d}" for i in range(1, n + 1)],
            "name": distinct(f"{name}{_VEHICLES[k][0]}" for name,
                k in zip(rows["name"].to_numpy()[at], kind, strict=True)),
            "team_code": rows["code"].to_numpy()[at],
            "kind": [_VEHICLES[k][0] for k in kind],
            "model": "演示型",
            "crew": spec[:, 0].astype(int),
            "fuel": np.where(np.isin(kind, ["pickup", "ambulance"]), "汽油", "柴油"),
            "gps_id": [f"DEMO-GPS{i:03d}" for i in range(1, n + 1)],
            "height_m": spec[:, 1], "width_m": spec[:, 2], "weight_t": spec[:, 3], "wading_cm": spec[:, 4],
            "state": rng.choice(["ready"] * 9 + ["repair"], n),
        },
        base,
    )  # fmt: skip


_GEAR: tuple[tuple[str, str, tuple[int, int], float | None, str | None, tuple[str, ...]], ...] = (
    ("移动排水泵", "pump", (2, 6), 300, "m³/h", ("flood",)), ("大流量排涝泵", "pump", (1, 2), 1500, "m³/h", ("flood",)),
    ("冲锋舟", "boat", (1, 4), 8, "人", ("flood",)), ("救生抛投器", "rescue", (2, 8), None, None, ("flood",)),
    ("风力灭火机", "forest", (8, 30), None, None, ("forest_fire",)),
    ("高压接力水泵", "forest", (1, 4), 12, "m³/h", ("forest_fire",)),
    ("油锯", "forest", (3, 10), None, None, ("forest_fire", "geohazard")),
    ("液压破拆工具组", "rescue", (1, 4), None, None, ("city_fire",)),
    ("空气呼吸器", "rescue", (8, 30), None, None, ("city_fire",)),
    ("可燃气体检测仪", "detection", (2, 6), None, None, ("city_fire",)),
    ("生命探测仪", "search", (1, 2), None, None, ("geohazard",)),
    ("无人机", "search", (1, 3), None, None, ("geohazard", "forest_fire")),
    ("卫星电话", "communication", (1, 3), None, None, ("flood", "geohazard", "forest_fire", "city_fire", "other")),
    ("数字对讲机", "communication", (8, 24), None, None, ("flood", "geohazard", "forest_fire", "city_fire", "other")),
)  # fmt: skip
"""Equipment: name, category, number, capacity and its unit, hazards that call for it."""
_SPARE = (("应急发电机", "logistics", 6, 30.0, "kW"), ("备用排水泵", "pump", 8, 300.0, "m³/h"))


def equipment(rows: gpd.GeoDataFrame, depots: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `equipment`: what each team needs for its hazards, and pumps and generators in depots."""
    found: list[tuple[Any, ...]] = []
    for row in rows.itertuples():
        for name, category, (least, most), capacity, unit, hazards in _GEAR:
            if set(hazards) & set(row.hazards):
                found.append(
                    (
                        row.code,
                        None,
                        f"{row.name}{name}",
                        row.admin_code,
                        category,
                        int(rng.integers(least, most + 1)),
                        capacity,
                        unit,
                    )
                )
    for row in depots.itertuples():
        for name, category, most, capacity, unit in _SPARE:
            number = int(rng.integers(1, most + 1))
            found.append((None, row.code, f"{row.name}{name}", row.admin_code, category, number, capacity, unit))
    team, depot, names, towns, categories, count, able, units = zip(*found, strict=True)
    return plain(
        {
            "code": [f"DEMO-EQ{i:03d}" for i in range(1, len(found) + 1)], "name": names, "admin_code": towns,
            "team_code": team, "depot_code": depot, "category": categories, "model": "演示型", "count": count,
            "capacity": able, "capacity_unit": units, "state": rng.choice(["ready"] * 12 + ["repair"], len(found)),
        }
    )  # fmt: skip
