"""What observes: rain, water and depth gauges as the scenarios number them, sensors in buildings, cameras."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from gis_data.demo import plan
from gis_data.demo.ground import CANAL_M, LAKE_M, RIVER_M, Field, Shape
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.hollows import DEEP, UNDERPASSES
from gis_data.demo.registers.sites import IN_SCOPE, Sites, days, demo, distinct, given
from gis_data.demo.registers.villages import Chosen
from gis_data.demo.registers.waters import DATUM

SENSORS, WIND = 3000, 3
_SENSOR = {"smoke": "智慧烟感", "electric": "智慧电感", "gas": "智慧气感"}


def _water_level(sites: Sites, middle: dict[str, shapely.LineString]) -> list[tuple[str, Field, float, float]]:
    """W-01 to W-06: name, spot, level and warning height above it, on river, lake, canals and streams."""
    ground = sites.land.ground
    largest = sorted((s for s in ground.streams if s.name), key=lambda s: -s.area_km2)
    inside = [s for s in largest if sites.land.unit([s.line.interpolate(0.75, normalized=True)])[0] in IN_SCOPE][:2]
    bank: Shape = max(shapely.get_parts(ground.river.boundary.intersection(ground.outline)), key=lambda p: p.length)
    spots = [
        ("演示江水位站", bank.interpolate(0.45, normalized=True), RIVER_M, 4.6),
        ("演示西湖水位站", ground.lake.boundary.interpolate(0.31, normalized=True), LAKE_M, 0.6),
        ("演示运河水位站", middle["演示运河"].interpolate(0.55, normalized=True), CANAL_M, 1.0),
        ("演示沿塘河水位站", middle["演示沿塘河"].interpolate(0.4, normalized=True), CANAL_M, 1.0),
        *((f"{s.name}水位站", s.line.interpolate(0.75, normalized=True), None, 1.2) for s in inside),
    ]
    found = []
    for name, spot, level, rise in spots:
        xy = shapely.get_coordinates(spot)[0]
        found.append((name, xy, float(ground.at(xy[None])[0]) if level is None else level, rise))
    return found


def gauges(
    sites: Sites,
    communities: Communities,
    chosen: Chosen,
    low: gpd.GeoDataFrame,
    tops: Field,
    middle: dict[str, shapely.LineString],
) -> gpd.GeoDataFrame:
    """Rows of `gauge`: R-01 to R-14, W-01 to W-06, D-01 to D-24 (underpasses, then hollows), A-01 to A-03."""
    rng = sites.rng
    water = _water_level(sites, middle)
    deep = low.iloc[: UNDERPASSES + DEEP]
    spots = np.vstack(
        [
            sites.clear(chosen.rain_xy),
            [xy for _, xy, *_ in water],
            shapely.get_coordinates(deep.to_crs("EPSG:4549").geometry) + np.array([9.0, 7.0]),
            tops[:WIND],
        ]
    )
    sizes = (len(chosen.rain_xy), len(water), len(deep), WIND)
    n = sum(sizes)
    element = np.repeat(["rain", "water_level", "depth", "wind"], sizes)
    code = [f"{letter}-{i:02d}" for letter, size in zip("RWDA", sizes, strict=True) for i in range(1, size + 1)]
    level = np.full(n, np.nan)
    level[element == "water_level"] = [row[2] for row in water]
    rise = np.full(n, np.nan)
    rise[element == "water_level"] = [row[3] for row in water]
    depth = element == "depth"
    rows = sites.rows(
        {
            "code": code,
            "element": element,
            "unit": np.select([element == "rain", element == "water_level", depth], ["mm", "m", "cm"], "m/s"),
            "vertical_datum": given(element == "water_level", DATUM),
            "zero_m": np.where(element == "water_level", np.round(level - 2, 2), np.nan),
            "warning_level_m": np.round(level + rise, 2),
            "guarantee_level_m": np.round(level + rise + 0.6, 2),
            "interval_s": np.where(element == "rain", 300, np.where(depth, 60, 300)),
            "owner": np.select([element == "water_level", depth], ["演示区水利局", "演示区城市管理局"], "演示气象站"),
            "installed_at": days(rng, n, date(2016, 1, 1), date(2025, 5, 1)),
        },
        spots,
    )  # fmt: skip
    at = of_rows(sites, communities, rows, spots)
    rain = [f"{p}雨量站" for p in at.place[: sizes[0]]]
    pits = [f"{name}水位计" for name in deep["name"]]
    wind = [f"{p}风力站" for p in at.place[-WIND:]]
    return rows.assign(name=distinct([*rain, *(row[0] for row in water), *pits, *wind]))


def sensors(sites: Sites) -> gpd.GeoDataFrame:
    """Rows of `sensor`: electric, gas and smoke sensors at buildings, more where people live closer."""
    rng, n = sites.rng, SENSORS
    weight = np.select([sites.used("shop", "mall"), sites.used("apartments", "tower", "industrial", "office"),
                        sites.used("house")], [4.0, 3.0, 0.5], 0.0)  # fmt: skip
    weight *= sites.within(*IN_SCOPE)
    at = rng.choice(len(weight), n, replace=False, p=weight / weight.sum())
    kind = rng.choice(["smoke", "smoke", "smoke", "electric", "electric", "gas"], n)
    xy = sites.xy[at]
    streets = sites.streets(xy)
    house = rng.integers(1, 400, n)
    return sites.rows(
        {
            "code": [f"DEMO-GZ{i:05d}" for i in range(1, n + 1)],
            "name": distinct(
                demo(f"{road}{number}号{_SENSOR[k]}") for road, number, k in zip(streets, house, kind, strict=True)
            ),
            "kind": kind,
            "address": [f"{road}{number}号(演示)" for road, number in zip(streets, house, strict=True)],
            "owner": np.where(kind == "gas", "演示燃气公司", "演示消防物联平台"),
            "installed_at": days(rng, n, date(2023, 1, 1), date(2026, 5, 31)),
        },
        xy,
    )


def cameras(
    sites: Sites, communities: Communities, tops: Field, rows: gpd.GeoDataFrame, metro: Field
) -> gpd.GeoDataFrame:
    """Rows of `camera`: on tops for the forest, where main roads meet, at water and depth gauges, at malls."""
    rng = sites.rng
    wet = shapely.get_coordinates(rows[rows["element"].isin(["water_level", "depth"])].to_crs("EPSG:4549").geometry)
    main = [s.line for s in sites.land.streets if s.road_class in ("primary", "secondary") and s.layer == 0]
    ends = np.unique(
        np.concatenate([shapely.get_coordinates(shapely.get_point(main, i)) for i in (0, -1)]).round(), axis=0
    )
    ends = rng.permutation(ends[sites.in_scope(ends)])
    city = sites.xy[sites.take(24, ["mall", "shop"])]
    parts = {"forest": tops, "water": wet + 6.0, "road": np.vstack([metro, ends[:30] + 8.0]), "city": city}
    kind = np.repeat(list(parts), [len(p) for p in parts.values()])
    xy = np.vstack(list(parts.values()))
    kept = np.isin(sites.land.unit(shapely.points(xy)), [u[0] for u in plan.UNITS])
    kind, xy = kind[kept], xy[kept]
    word = {"forest": "林区", "water": "水情", "road": "路口", "city": "街面"}
    frame = sites.rows(
        {
            "code": [f"DEMO-SX{i:03d}" for i in range(1, len(xy) + 1)],
            "kind": kind,
            "height_m": np.where(kind == "forest", 24.0, np.where(kind == "road", 8.0, 6.0)),
            "range_m": np.where(kind == "forest", 4000.0, np.where(kind == "road", 250.0, 120.0)),
            "ptz": np.isin(kind, ["forest", "road"]),
            "owner": np.where(kind == "forest", "演示区林业", "演示视频平台"),
            "stream": [f"demo/{i:03d}" for i in range(1, len(xy) + 1)],
        },
        xy,
    )
    at = of_rows(sites, communities, frame, xy)
    streets = sites.streets(xy)
    names = [
        f"{p if k in ('forest', 'city') else s}{word[k]}摄像机" for p, s, k in zip(at.place, streets, kind, strict=True)
    ]
    return frame.assign(name=distinct(map(demo, names)))
