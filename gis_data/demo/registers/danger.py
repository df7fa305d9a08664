"""Firms and their dangers, petrol stations, bottled gas, risk points, and what has to be protected."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo.ground import Field
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.reference import SECTORS
from gis_data.demo.registers.sites import IN_SCOPE, WORDS, Sites, apart, days, distinct, given, phones

INDUSTRIAL, THREE_PLACES, CHEMICAL, STATIONS, RISK_POINTS = 257, 61, 95, 36, 610
STANDARDISED = (("2", 29), ("3", 131), ("4", 53))
_BOTH_CHEMICAL, _BOTH_THREE, _STATIONS_THREE = 70, 22, 20
"""Industrial firms that use chemicals, industrial ones of three places, petrol stations of three places."""
_SMALL, _WATER = 38, 2
_TRADES = ("精密机械", "电子", "食品", "纺织", "包装", "印刷", "塑胶", "冷链", "制药", "建材", "仪表", "汽修")
_SUBSTANCES: tuple[tuple[str, str, str, float, float, str], ...] = (
    ("液氨", "1005", "7664-41-7", 8, 100, "冷链"), ("甲醇", "1230", "67-56-1", 20, 50, "化工"),
    ("乙醇", "1170", "64-17-5", 12, 50, "制药"), ("盐酸", "1789", "7647-01-0", 6, 50, "电镀"),
    ("硫酸", "1830", "7664-93-9", 10, 50, "电子"), ("液氧", "1073", "7782-44-7", 15, 50, "医用气体"),
    ("乙炔", "1001", "74-86-2", 1, 100, "机械"), ("丙酮", "1090", "67-64-1", 3, 50, "印刷"),
    ("甲苯", "1294", "108-88-3", 5, 50, "涂料"), ("次氯酸钠溶液", "1791", "7681-52-9", 10, 50, "水处理"),
    ("液氯", "1017", "7782-50-5", 1, 150, "水处理"), ("过氧化氢溶液", "2014", "7722-84-1", 4, 50, "造纸"),
)  # fmt: skip
"""Substance, UN and CAS numbers, usual store (t), DEMO isolation (m), trade."""
_TARGETS: tuple[tuple[str, str, int, tuple[int, int], tuple[str, ...]], ...] = (
    ("school", "学校", 48, (400, 1800), ("school",)),
    ("kindergarten", "幼儿园", 34, (120, 360), ("school", "apartments")),
    ("hospital", "医院", 8, (120, 700), ("office",)), ("clinic", "社区卫生服务中心", 24, (20, 60), ("office", "shop")),
    ("nursing_home", "养老院", 22, (60, 240), ("apartments", "office")),
    ("fire_station", "消防站", 9, (20, 40), ("office",)),
    ("police", "派出所", 13, (20, 40), ("office",)), ("hotel", "宾馆", 18, (120, 300), ("office", "tower")),
    ("mall", "商场", 14, (800, 3000), ("mall",)), ("worship", "寺观", 8, (60, 300), ("house",)),
    ("substation", "变电站", 12, (0, 0), ("industrial",)), ("water_works", "水厂", 3, (0, 0), ("industrial",)),
)  # fmt: skip


def targets(sites: Sites) -> gpd.GeoDataFrame:
    """Rows of `protected_target`, the neighbour's unit included, and metro stations where main roads meet."""
    rng, every = sites.rng, (*IN_SCOPE, "330106008")
    rows: list[tuple[str, str, int | None]] = []
    spots: list[Field] = []
    word = iter(WORDS * 4)
    for kind, title, count, (least, most), uses in _TARGETS:
        road = sites.by_main_road if kind in ("fire_station", "police", "hospital", "hotel") else None
        at = sites.take(count, uses, every, road)
        spots.append(sites.xy[at])
        room = np.round(rng.uniform(least, most, count), -1).astype(int)
        rows += [(kind, f"演示{next(word)}{title}", int(r) if most else None) for r in room]
    meets = crossings(sites)
    spots.append(meets)
    rows += [("metro", f"演示{next(word)}地铁站", 1500) for _ in meets]
    shores = shapely.get_coordinates(
        [lot.land.representative_point() for lot in sites.land.lots if lot.use == "park" and lot.land.area > 25_000]
    )
    shores = shores[apart(shores, 900, 12)]
    spots.append(shores)
    rows += [("scenic_spot", f"演示{next(word)}景区", 3000) for _ in shores]
    kinds = np.array([r[0] for r in rows], dtype=object)
    room_of = pd.Series([r[2] for r in rows], dtype="Int64")
    size = room_of.fillna(0).to_numpy(dtype=float)
    sleeps = np.isin(kinds, ["hospital", "nursing_home", "hotel", "fire_station"])
    return sites.rows(
        {
            "code": [f"DEMO-P{i:03d}" for i in range(1, len(rows) + 1)],
            "name": [r[1] for r in rows],
            "kind": kinds,
            "capacity": room_of,
            "day_occupancy": np.round(size * 0.8).astype(int),
            "night_occupancy": np.round(size * np.where(sleeps, 0.85, 0.02)).astype(int),
            "vulnerable_share": np.select(
                [np.isin(kinds, ["kindergarten", "nursing_home"]), kinds == "school", kinds == "hospital"],
                [95.0, 80.0, 70.0], 15.0),
        },
        np.vstack(spots),
    )  # fmt: skip


def crossings(sites: Sites) -> Field:
    """Where great surface roads meet, some way apart."""
    great = [s.line for s in sites.land.streets if s.road_class == "primary" and s.layer == 0]
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(great, i)) for i in (0, -1)])
    found, count = np.unique(ends.round(), axis=0, return_counts=True)
    busy = found[count >= 3]
    busy = busy[sites.in_scope(busy)]
    return busy[apart(busy, 1100, 16)] + 22.0


def _forecourts(sites: Sites) -> Field:
    """Spots 28 m beside main roads, clear of buildings and water, for petrol stations."""
    rng, land = sites.rng, sites.land
    roads = [
        s.line
        for s in land.streets
        if s.road_class in ("primary", "secondary", "tertiary") and s.layer == 0 and s.line.length > 90
    ]
    side = [
        shapely.offset_curve(line, sign * 28) for line, sign in zip(roads, rng.choice([-1, 1], len(roads)), strict=True)
    ]
    xy = shapely.get_coordinates(shapely.line_interpolate_point(side, 0.5, normalized=True))
    xy = rng.permutation(xy[np.isfinite(xy[:, 0])])
    xy = xy[sites.in_scope(xy)]
    clear = np.ones(len(xy), dtype=bool)
    clear[land.buildings.tree.query(shapely.points(xy), predicate="dwithin", distance=26)[0]] = False
    clear[
        shapely.STRtree([s.line for s in land.streets]).query(shapely.points(xy), predicate="dwithin", distance=17)[0]
    ] = False
    wet = shapely.union_all(
        [land.ground.broad_water, land.ground.wetland, *(bed for _, bed in land.ground.canals)]
    ).buffer(25)
    shapely.prepare(wet)
    clear &= ~shapely.contains_xy(wet, xy[:, 0], xy[:, 1])
    return xy[clear][apart(xy[clear], 1100, STATIONS)]


def enterprises(sites: Sites) -> gpd.GeoDataFrame:
    """Rows of `enterprise`: 257/61/95/36 with overlaps, 213 of them standardised (29/131/53)."""
    rng = sites.rng
    kinds: list[list[str]] = []
    for i in range(INDUSTRIAL):
        kinds.append(["industrial"])
        if i < _BOTH_CHEMICAL:
            kinds[i].append("chemical_user")
        if _BOTH_CHEMICAL - 10 <= i < _BOTH_CHEMICAL - 10 + _BOTH_THREE:
            kinds[i].append("three_places")
    kinds += [["chemical_user"] for _ in range(CHEMICAL - _BOTH_CHEMICAL)]
    kinds += [["three_places"] for _ in range(THREE_PLACES - _BOTH_THREE - _STATIONS_THREE)]
    kinds += [["small"] for _ in range(_SMALL)] + [["water_transport"] for _ in range(_WATER)]
    housed = len(kinds)
    kinds += [["gas_station", "three_places"] if i < _STATIONS_THREE else ["gas_station"] for i in range(STATIONS)]
    n = len(kinds)
    works = sites.take(INDUSTRIAL, ["industrial"])
    others = sites.take(housed - INDUSTRIAL, ["office", "shop"], IN_SCOPE, sites.by_main_road)
    xy = np.vstack([sites.xy[works], sites.xy[others], _forecourts(sites)])
    trade = np.array([_TRADES[i % len(_TRADES)] for i in range(n)], dtype=object)
    words = [f"{WORDS[(5 * i) % len(WORDS)]}" for i in range(n)]
    names = [
        f"演示{w}加油站" if "gas_station" in k else f"演示{w}{t}有限公司"
        for w, t, k in zip(words, trade, kinds, strict=True)
    ]
    level = np.full(n, None, dtype=object)
    fit = rng.permutation([i for i, k in enumerate(kinds) if k[0] in ("industrial", "gas_station")])
    start = 0
    for grade, count in STANDARDISED:
        level[fit[start : start + count]] = grade
        start += count
    held = level != None  # noqa: E711  # element-wise
    until = np.array(days(rng, n, date(2026, 8, 1), date(2029, 6, 1)), dtype=object)
    sector = [3 if "gas_station" in k or "chemical_user" in k else 2 if "water_transport" in k else 5 for k in kinds]
    rows = sites.rows(
        {
            "code": [f"DEMO-E{i:04d}" for i in range(1, n + 1)],
            "name": distinct(names),
            "kinds": pd.Series(kinds, dtype=object),
            "committee_code": [f"DEMO-O-Q{10 + s:02d}" for s in sector],
            "standard_level": level,
            "certificate_no": [f"DEMO-BZH-{i:04d}" if h else None for i, h in enumerate(held, 1)],
            "certificate_to": given(held, until),
            "employees": np.where(
                [k[0] == "gas_station" for k in kinds], rng.integers(6, 16, n), rng.integers(8, 260, n)
            ),
            "duty_phone": phones(400, n),
        },
        xy,
    )
    return rows.assign(
        address=[f"{road}{k}号(演示)" for road, k in zip(sites.streets(xy), rng.integers(1, 480, n), strict=True)]
    )


def _of(rows: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    return rows[[kind in kinds for kinds in rows["kinds"]]]


def _at(sites: Sites, rows: gpd.GeoDataFrame) -> Field:
    return np.asarray(shapely.get_coordinates(rows.to_crs("EPSG:4549").geometry))


def chemical_sites(sites: Sites, firms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `chemical_site`: every second firm that uses chemicals keeps a store; isolation radii are DEMO values."""
    kept = _of(firms, "chemical_user").iloc[::2]
    n, rng = len(kept), sites.rng
    of = [_SUBSTANCES[i % len(_SUBSTANCES)] for i in range(n)]
    quantity = np.round([s[3] for s in of] * rng.uniform(0.3, 1.6, n), 1)
    return sites.rows(
        {
            "code": [f"DEMO-WH{i:03d}" for i in range(1, n + 1)],
            "name": [
                f"{name}{s[0]}储存点" for name, s in zip(kept["name"].str.removesuffix("有限公司"), of, strict=True)
            ],
            "substance": [s[0] for s in of],
            "un_number": [s[1] for s in of],
            "cas_number": [s[2] for s in of],
            "max_quantity_t": quantity,
            "major_hazard": np.where((np.array([s[0] for s in of]) == "液氨") & (quantity > 9), "4", "none"),
            "emergency_card": [f"演示处置卡: {s[0]} — 上风向接近, 切断火源, 堵漏收容" for s in of],
            "isolation_m": [s[4] for s in of],
            "enterprise_code": kept["code"].to_numpy(),
            "duty_phone": phones(401, n),
        },
        _at(sites, kept),
    )


def gas_stations(sites: Sites, firms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `gas_station`: one for each of the 36 firms."""
    kept = _of(firms, "gas_station")
    n = len(kept)
    return sites.rows(
        {
            "code": [f"DEMO-JY{i:02d}" for i in range(1, n + 1)],
            "name": kept["name"].to_numpy(),
            "kind": np.where(np.arange(n) % 9 == 4, "both", "petrol"),
            "tank_m3": sites.rng.choice([90.0, 120.0, 150.0, 180.0], n),
            "enterprise_code": kept["code"].to_numpy(),
            "duty_phone": kept["duty_phone"].to_numpy(),
        },
        _at(sites, kept),
    )


def gas_supply_points(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `gas_supply_point`."""
    n = 46
    xy = sites.xy[sites.take(n, ["shop"])]
    rows = sites.rows(
        {
            "code": [f"DEMO-RQ{i:02d}" for i in range(1, n + 1)],
            "cylinders": sites.rng.choice([30, 50, 80, 120], n),
            "duty_phone": phones(402, n),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    return rows.assign(name=distinct(f"{p}瓶装燃气供应点" for p in at.place))


def risk_points(sites: Sites, communities: Communities, firms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `risk_point`: 610 in the ten sectors, half of them at registered firms."""
    rng, n = sites.rng, RISK_POINTS
    at_firms = rng.choice(len(firms), n // 2, replace=True)
    other = sites.take(n - n // 2, ["shop", "mall", "office", "apartments", "industrial", "house"])
    xy = np.vstack([_at(sites, firms)[at_firms], sites.xy[other]])
    sector = rng.integers(0, len(SECTORS), n)
    problem = ("安全出口", "用电线路", "消防设施", "特种作业", "物料堆放", "临时用火", "车辆停放", "设备防护")
    rows = sites.rows(
        {
            "code": [f"DEMO-FX{i:03d}" for i in range(1, n + 1)],
            "sector": [SECTORS[s][1] for s in sector],
            "grade": rng.choice(["larger", "general", "general", "low", "low", "low"], n),
            "control": rng.choice(["每日巡查", "每周检查, 专人负责", "每月检查, 设施维护"], n),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    owners = [*firms["name"].to_numpy()[at_firms], *(f"{p}(演示)" for p in at.place[n // 2 :])]
    return rows.assign(
        owner=owners, name=distinct(f"{str(o).removesuffix('(演示)')}{problem[i % 8]}" for i, o in enumerate(owners))
    )
