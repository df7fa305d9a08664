"""Where rain gathers: underpasses and the plain's hollows, with the plan for each point."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis_data.demo.ground import Field
from gis_data.demo.land import Underpass
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.sites import IN_SCOPE, Sites, demo, distinct, spread

POINTS, UNDERPASSES, DEEP = 60, 12, 12
"""Waterlogging points, those of them that are underpasses, and how many of the others have a gauge."""
CLOSE_CM = 27.0


def dips(sites: Sites) -> list[Underpass]:
    """The twelve underpasses that the register holds, spread out over the units in scope."""
    found = [u for u in sites.land.underpasses() if u.unit in IN_SCOPE]
    middles = shapely.get_coordinates([u.line.interpolate(0.5, normalized=True) for u in found])
    return [found[i] for i in sorted(spread(middles, UNDERPASSES))]


def underpasses(sites: Sites, found: list[Underpass]) -> gpd.GeoDataFrame:
    """Rows of `underpass`, each with its gauge and its waterlogging point."""
    rng, n = sites.rng, len(found)
    numbers = range(1, n + 1)
    catchment = np.round(rng.uniform(3000, 14_000, n), -2)
    return sites.rows(
        {
            "code": [f"U-{i:02d}" for i in numbers],
            "name": distinct(demo(u.name) for u in found),
            "road_name": [u.name.removesuffix("下穿") for u in found],
            "clearance_m": [u.clearance_m for u in found],
            "gauge_code": [f"D-{i:02d}" for i in numbers],
            "close_cm": CLOSE_CM,
            "gate": np.arange(n) % 3 != 1,
            "catchment_m2": catchment,
            "storage_m3": np.round([u.line.length * 9 for u in found], -1),
            "pump_m3h": np.round(catchment * rng.uniform(0.05, 0.09, n), -1),
            "waterlogging_code": [f"WL-{i:02d}" for i in numbers],
        },
        [u.line for u in found],
    )


def _kinds(sites: Sites, xy: Field) -> list[str]:
    """What floods at each low point, by the buildings around it."""
    b, found = sites.land.buildings, []
    near = b.tree.query_nearest(shapely.points(xy), all_matches=False)[1]
    away = np.hypot(*(b.centre[near] - xy).T)
    for at, gap in zip(near, away, strict=True):
        use, village = str(b.use[at]), b.village[at] >= 0
        if gap < 45 and village:
            found.append("village")
        elif gap < 40 and use in ("apartments", "tower"):
            found.append("compound")
        elif gap < 40 and use in ("office", "mall"):
            found.append("underground")
        else:
            found.append("road")
    return found


def waterlogging(sites: Sites, communities: Communities, dipped: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `waterlogging_point`: the underpasses, then the deepest hollows of the plain in scope."""
    rng = sites.rng
    low = [p for p in sites.land.low_points(2 * POINTS) if p.unit in IN_SCOPE][: POINTS - UNDERPASSES]
    lines = dipped.to_crs("EPSG:4549").geometry
    xy = np.vstack(
        [shapely.get_coordinates(lines.interpolate(0.5, normalized=True)), shapely.get_coordinates([p.at for p in low])]
    )
    n = len(xy)
    under = np.arange(n) < UNDERPASSES
    kind = ["underpass"] * UNDERPASSES + _kinds(sites, xy[UNDERPASSES:])
    streets = [
        *dipped["road_name"],
        *(p.street or s for p, s in zip(low, sites.streets(xy[UNDERPASSES:]), strict=True)),
    ]
    depth = [None] * UNDERPASSES + [p.depth_m for p in low]
    gauged = np.arange(n) < UNDERPASSES + DEEP
    rows = sites.rows(
        {
            "code": [f"WL-{i:02d}" for i in range(1, n + 1)],
            "kind": kind,
            "causes": ["下穿道路汇水, 泵排能力不足" if d is None else f"地势低洼, 较周边低 {d:.2f} m" for d in depth],
            "history": [f"{2019 + int(y)}年{m}月强降雨积水 {c} cm (演示)" for y, m, c in
                        zip(rng.integers(0, 7, n), rng.integers(6, 10, n), rng.integers(12, 46, n), strict=True)],
            "design_return_years": rng.choice([2, 3, 5], n),
            "pump_station": [f"{s}泵站(演示)" if u else None for s, u in zip(streets, under, strict=True)],
            "barrier": under,
            "gauge_code": [f"D-{i:02d}" if g else None for i, g in enumerate(gauged, 1)],
            "attention_cm": np.where(under, 10.0, 15.0),
            "warn_cm": np.where(under, 20.0, 27.0),
            "close_cm": np.where(under, CLOSE_CM, 40.0),
            "responsible_unit": "演示区城市管理局",
            "equipment": np.where(under, "移动泵车 1 台、阻车设施 2 套", "移动泵 1 台、沙袋 100 只"),
            "closed_by": "演示交警大队",
        },
        xy,
    )  # fmt: skip
    at = of_rows(sites, communities, rows, xy)
    words = {
        "road": "积水点",
        "underpass": "下穿积水点",
        "compound": "小区积水点",
        "underground": "地下空间进水点",
        "village": "低洼处",
    }
    names = [f"{p}{words[k]}" if k in ("compound", "village") else f"{s}{words[k]}"
             for p, k, s in zip(at.place, kind, streets, strict=True)]  # fmt: skip
    return rows.assign(
        name=distinct(map(demo, names)),
        crew=[f"{p}排涝组" for p in at.place],
        plan=[f"达 {a:.0f} cm 值守, {w:.0f} cm 布控, {c:.0f} cm 封控, 退水须人工确认" for a, w, c in
              zip(rows["attention_cm"], rows["warn_cm"], rows["close_cm"], strict=True)],
        detour=[f"经{s}绕行" for s in _detours(sites, xy, streets)],
    )  # fmt: skip


def _detours(sites: Sites, xy: Field, own: list[str]) -> list[str]:
    """A main road near each point that is not its own."""
    roads = [s for s in sites.land.streets if s.road_class in ("primary", "secondary") and s.name and s.layer == 0]
    tree, names = shapely.STRtree([s.line for s in roads]), np.array([s.name for s in roads], dtype=object)
    found = []
    for point, name in zip(map(shapely.Point, xy), own, strict=True):
        near = tree.query(point, predicate="dwithin", distance=3000)
        near = near[np.argsort(shapely.distance(tree.geometries[near], point), kind="stable")]
        found.append(next((str(n) for n in names[near] if n != name), "相邻道路"))
    return found
