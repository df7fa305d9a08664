"""Homes and sites that rain endangers: dilapidated houses, old compounds, construction sites; what happened before."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.sites import AS_OF, COUNT, WORDS, Frames, Sites, apart, days, distinct, multi

DANGERS, INTERIM = 168, 5
_WORKS = ("府", "大厦", "学校扩建", "安置房", "产业园")
_BEFORE = {"geohazard": "滑坡", "flood": "内涝", "forest_fire": "火情", "city_fire": "火灾"}
_SOURCES = {
    "geohazard": ("geohazard_zone", 30, "截排水沟淤堵", "清理截排水沟, 增设警示牌"),
    "waterlogging": ("waterlogging_point", 44, "雨水口堵塞", "清掏雨水口, 预置移动泵"),
    "river": ("river_reach", 28, "河道行洪障碍物", "清除阻水物"),
    "site": ("construction_site", 34, "基坑排水能力不足", "增设排水泵, 加固围挡"),
    "compound": ("old_compound", 32, "地下车库挡水设施缺失", "配置挡水板和沙袋"),
}  # fmt: skip
"""Kind of flood danger: register, how many, what was found, what is done."""


def dilapidated(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `dilapidated_house`."""
    n, rng = 120, sites.rng
    xy = sites.xy[sites.take(n, ["house"])]
    rows = sites.rows(
        {
            "code": [f"DEMO-WF{i:03d}" for i in range(1, n + 1)],
            "grade": rng.choice(["c", "c", "c", "d", "other"], n),
            "structure": rng.choice(["砖木", "砖混", "夯土", "木结构"], n),
            "occupants": rng.choice([0, 0, 1, 2, 2, 3, 4], n),
            "measures": rng.choice(["限期加固", "腾空封闭", "巡查监测", "汛期转移"], n),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    return rows.assign(name=distinct(f"{p}危旧房" for p in at.place), responsible_post=at.posts(8))


def compounds(sites: Sites, communities: Communities, low: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `old_compound`: blocks of flats of the older quarters; low-lying near a waterlogging point."""
    rng, land = sites.rng, sites.land
    blocks = [i for i, lot in enumerate(land.lots) if lot.use == "apartments" and len(lot.buildings) >= 4]
    centre = shapely.get_coordinates(shapely.point_on_surface([land.lots[i].land for i in blocks]))
    kept = sites.in_scope(centre)
    order = rng.permutation(np.flatnonzero(kept))
    chosen = order[apart(centre[order], 320, 72)]
    n, xy = len(chosen), centre[chosen]
    count = np.array([len(land.lots[blocks[i]].buildings) for i in chosen])
    pits = low[low["kind"] != "underpass"].to_crs("EPSG:4549")
    away = pits.sindex.nearest(shapely.points(xy), return_all=False, return_distance=True)[1]
    wet = away < 350
    rows = sites.rows(
        {
            "code": [f"DEMO-LX{i:03d}" for i in range(1, n + 1)],
            "name": distinct(f"演示{WORDS[(7 * i) % 190]}{'新村苑园里'[i % 5]}小区" for i in range(n)),
            "built_year": rng.integers(1978, 2000, n),
            "buildings": count,
            "households": count * rng.integers(24, 49, n),
            "low_lying": wet,
            "measures": np.where(wet, "备挡水板、移动泵, 汛前清掏管网", "汛前清掏管网"),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    return rows.assign(responsible_post=at.posts(3))


def construction(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `construction_site`: on open blocks within the built-up quarters."""
    rng, land = sites.rng, sites.land
    open_lots = [
        lot.land
        for lot in land.lots
        if lot.use in ("grass", "park", "farmland") and lot.dense > 0.2 and not lot.buildings
    ]
    open_lots = [lot for lot in open_lots if 3000 < lot.area < 60_000 and not lot.intersects(land.ground.broad_water)]
    centre = shapely.get_coordinates(shapely.point_on_surface(open_lots))
    centre = rng.permutation(centre[sites.in_scope(centre)])
    xy = centre[apart(centre, 300, 54)]
    n = len(xy)
    workers = rng.integers(20, 320, n)
    rows = sites.rows(
        {
            "code": [f"DEMO-GD{i:03d}" for i in range(1, n + 1)],
            "name": distinct(f"演示{WORDS[(11 * i + 5) % 190]}{_WORKS[i % len(_WORKS)]}工地" for i in range(n)),
            "builder": [f"演示第{COUNT[i % 9]}建设有限公司" for i in range(n)],
            "workers": workers,
            "dormitory_persons": (workers * rng.choice([0, 0.4, 0.8], n)).astype(int),
            "cranes": rng.integers(0, 5, n),
            "deep_pit": rng.random(n) < 0.3,
            "measures": "大风停止高处作业, 暴雨撤出基坑人员",
        },
        xy,
    )  # fmt: skip
    at = of_rows(sites, communities, rows, xy)
    return rows.assign(responsible_post=at.posts(3))


def history(sites: Sites, frames: Frames) -> gpd.GeoDataFrame:
    """Rows of `historical_disaster`: where zones, villages, hollows, stands and firms are now; one has no place."""
    rng = sites.rng
    kinds = (
        ("geohazard", "geohazard_zone", 9, "强降雨引发小型滑坡, 提前转移, 无人员伤亡"),
        ("flood", "key_village", 9, "溪水漫溢, 部分住房进水, 提前转移"),
        ("flood", "waterlogging_point", 12, "短时强降雨积水, 交通中断, 排涝后恢复"),
        ("forest_fire", "forest_stand", 8, "用火不慎引发, 当日扑灭"),
        ("city_fire", "enterprise", 7, "电气故障引发, 初起扑救"),
    )
    rows: list[tuple[str, str, str, object]] = []
    for hazard, register, count, text in kinds:
        source = frames[register]
        for at in rng.choice(len(source), count, replace=False):
            row = source.iloc[int(at)]
            rows.append((hazard, f"{row['name']}{_BEFORE[hazard]}", text, shapely.point_on_surface(row["geom"])))
    rows = [rows[i] for i in rng.permutation(len(rows))]
    n = len(rows)
    spots = gpd.GeoSeries([g for *_, g in rows], crs="EPSG:4490").to_crs("EPSG:4549")
    burnt = [multi(spot.buffer(60)) if row[0] == "forest_fire" else spot for spot, row in zip(spots, rows, strict=True)]
    first = {"forest_fire": 1, "city_fire": 1}
    happened = [date(2006 + i * 20 // n, first.get(h, 6) + int(m), int(d)) for i, (h, m, d) in enumerate(
        zip([r[0] for r in rows], rng.integers(0, 4, n), rng.integers(1, 29, n), strict=True))]  # fmt: skip
    found = sites.rows(
        {
            "code": [f"DEMO-LS{i:03d}" for i in range(1, n + 1)],
            "name": [f"{day.year} 年{name}" for day, (_, name, *_) in zip(happened, rows, strict=True)],
            "hazard": [r[0] for r in rows],
            "happened_at": happened,
            "affected_persons": rng.integers(0, 60, n),
            "loss_wan": np.round(rng.gamma(1.5, 20, n), 1),
            "description": [f"{text} (演示)" for _, _, text, _ in rows],
        },
        burnt,
    )
    storm = {
        "code": "DEMO-LS000", "name": "2013 年全区强降雨过程(演示)", "hazard": "flood",
        "happened_at": date(2013, 10, 7),
        "affected_persons": 2400, "loss_wan": 3150.0, "description": "全区性过程, 不落图 (演示)", "as_of": AS_OF,
    }  # fmt: skip
    whole = pd.concat([pd.DataFrame([storm]), pd.DataFrame(found)], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geom", crs="EPSG:4490")


def flood_dangers(sites: Sites, frames: Frames) -> gpd.GeoDataFrame:
    """Rows of `flood_danger`: 168 found before the season, 163 closed, 5 under interim control."""
    rng = sites.rng
    kind, names, measures, spots = [], [], [], []
    for what, (register, count, problem, measure) in _SOURCES.items():
        source = frames[register]
        at = rng.choice(len(source), count, replace=count > len(source))
        kind += [what] * count
        names += [f"{source['name'].iloc[i]}{problem}" for i in at]
        measures += [measure] * count
        spots += list(shapely.point_on_surface(source["geom"].array[at]))
    xy = shapely.get_coordinates(gpd.GeoSeries(spots, crs="EPSG:4490").to_crs("EPSG:4549"))
    found = np.array(days(rng, DANGERS, date(2026, 3, 20), date(2026, 5, 25)), dtype=object)
    state = np.full(DANGERS, "closed", dtype=object)
    state[rng.choice(DANGERS, INTERIM, replace=False)] = "interim"
    took = rng.integers(2, 26, DANGERS)
    closed = [
        date.fromordinal(f.toordinal() + int(t)) if s == "closed" else None
        for f, t, s in zip(found, took, state, strict=True)
    ]
    return sites.rows(
        {
            "code": [f"DEMO-YH{i:03d}" for i in range(1, DANGERS + 1)],
            "name": distinct(names),
            "object_kind": kind,
            "found_at": found,
            "state": state,
            "measures": measures,
            "closed_at": closed,
        },
        xy,
    )
