"""Forest-fire registers read off the terrain: stands between ridges and valleys, breaks, look-outs."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from gis_data.demo.ground import Field, Shape, middles, sampled
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.sites import IN_SCOPE, Sites, apart, distinct, multi, multi_line

_SECTORS, _LEAST_CELLS = 5, 48
_LOADS = {"masson_pine": 18.0, "bamboo": 9.0, "broadleaf": 14.0, "mixed": 16.0, "tea": 3.0, "shrub": 7.0}
_FUELS = {
    "masson_pine": "松林",
    "bamboo": "竹林",
    "broadleaf": "阔叶林",
    "mixed": "混交林",
    "tea": "茶园",
    "shrub": "灌木林",
}
_COMPASS = "北东南西"


@dataclass(frozen=True)
class Hills:
    """The hills cut into stands: polygons that share their edges, mean slope, aspect and height of each."""

    stands: NDArray[np.object_]
    slope_deg: Field
    aspect_deg: Field
    height_m: Field
    smooth_m: Field
    """Heights smoothed over 125 m."""


def _facing(sites: Sites, smooth: Field) -> NDArray[np.int64]:
    """Patches of hill that face one way, numbered from 1; 0 elsewhere, around houses too."""
    ground = sites.land.ground
    shape, transform = smooth.shape, ground.transform
    scope = [area for code, area in zip(sites.units.codes, ground.units, strict=True) if code in IN_SCOPE]
    inside = rasterio.features.rasterize(scope, out_shape=shape, transform=transform) == 1
    hilly = (
        rasterio.features.rasterize(list(shapely.get_parts(ground.hills)), out_shape=shape, transform=transform) == 1
    )
    col, row = (np.asarray(v).astype(int) for v in ~transform @ tuple(sites.xy.T))
    built = np.zeros(shape, dtype=bool)
    built[np.clip(row, 0, shape[0] - 1), np.clip(col, 0, shape[1] - 1)] = True
    mask = inside & hilly & (ndimage.distance_transform_edt(~built) > 2.2)
    south, east = np.gradient(smooth)
    sector = np.floor(((np.degrees(np.arctan2(-east, south)) + 36) % 360) / (360 / _SECTORS)).astype(int)
    labels = np.zeros(shape, dtype=np.int64)
    for k in range(_SECTORS):
        part, count = ndimage.label(mask & (sector == k))
        labels[part > 0] = part[part > 0] + labels.max()
        del count
    small = np.bincount(labels.ravel()) < _LEAST_CELLS
    small[0] = True
    kept = ~small[labels]
    _, at = ndimage.distance_transform_edt(~kept, return_indices=True)
    return np.where(mask, labels[tuple(at)], 0)


def hills(sites: Sites) -> Hills:
    """Cut the hills in scope into stands."""
    ground = sites.land.ground
    smooth = ndimage.gaussian_filter(ground.height_m, 5)
    labels = _facing(sites, smooth)
    found = rasterio.features.shapes(labels.astype(np.int32), mask=labels > 0, transform=ground.transform)
    whole = np.array([shapely.geometry.shape(geom) for geom, _ in found])
    whole = whole[shapely.area(whole) > 20_000]
    eased = shapely.coverage_simplify(whole, 26)
    eased = np.array([max(shapely.get_parts(g), key=lambda p: p.area) for g in eased])
    eased = eased[shapely.is_valid(eased) & (shapely.area(eased) > 15_000)]
    xy = shapely.get_coordinates(shapely.point_on_surface(eased))
    return Hills(eased, sites.land.slope_deg(xy), sites.land.aspect_deg(xy), ground.at(xy), smooth)


def stands(sites: Sites, communities: Communities, found: Hills) -> gpd.GeoDataFrame:
    """Rows of `forest_stand`: tea at the foot, bamboo in the valleys, pine and broadleaf above."""
    rng, n = sites.rng, len(found.stands)
    high = rng.choice(["masson_pine", "mixed", "broadleaf", "broadleaf", "shrub"], n)
    middle = rng.choice(["bamboo", "broadleaf", "mixed", "masson_pine"], n)
    low = rng.choice(["tea", "tea", "bamboo", "broadleaf"], n)
    fuel = np.where(found.height_m > 150, high, np.where(found.height_m > 70, middle, low)).astype(object)
    rows = sites.rows(
        {
            "code": [f"DEMO-LB{i:04d}" for i in range(1, n + 1)],
            "fuel": fuel,
            "load_t_ha": np.round([_LOADS[f] for f in fuel] * rng.uniform(0.8, 1.25, n), 1),
            "slope_deg": np.round(found.slope_deg, 1),
            "aspect_deg": np.round(found.aspect_deg),
            "area_ha": np.round(shapely.area(found.stands) / 1e4, 2),
            "owner": rng.choice(["集体(演示)", "集体(演示)", "国有林场(演示)"], n),
        },
        [multi(g) for g in found.stands],
    )
    at = of_rows(sites, communities, rows, shapely.get_coordinates(shapely.centroid(found.stands)))
    face = [_COMPASS[int((a + 45) % 360 // 90)] for a in found.aspect_deg]
    names = [f"{p}{d}坡{_FUELS[f]}" for p, d, f in zip(at.place, face, fuel, strict=True)]
    return rows.assign(name=distinct_many(names))


def distinct_many(names: list[str]) -> list[str]:
    """Each name with a number in Arabic figures, counted by name."""
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        names[i] = f"{name}{seen[name]}"
    return names


def breaks(sites: Sites, communities: Communities, found: Hills) -> gpd.GeoDataFrame:
    """Rows of `fire_break`: the longest ridges between stands."""
    tree = shapely.STRtree(found.stands)
    a, b = tree.query(found.stands, predicate="touches")
    edges = shapely.intersection(found.stands[a[a < b]], found.stands[b[a < b]])
    pieces = [[p for p in shapely.get_parts(e) if p.geom_type == "LineString"] for e in edges if e.length > 350]
    merged = [shapely.get_parts(shapely.line_merge(shapely.multilinestrings(some))) for some in pieces]
    lines: list[Shape] = [max(parts, key=lambda p: p.length) for parts in merged]
    above = found.smooth_m - ndimage.gaussian_filter(found.smooth_m, 14)
    rise = [float(sampled(above, sites.land.ground.transform, shapely.get_coordinates(shapely.line_interpolate_point(
        line, np.linspace(0, 1, 9), normalized=True))).min()) for line in lines]  # fmt: skip
    ridges = [line for line, r in zip(lines, rise, strict=True) if r > 6 and line.length > 350]
    ridges = sorted(ridges, key=lambda line: -line.length)[:28]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(ridges, 0.5, normalized=True))
    rows = sites.rows(
        {
            "code": [f"DEMO-GL{i:02d}" for i in range(1, len(ridges) + 1)],
            "width_m": sites.rng.choice([10.0, 12.0, 15.0, 20.0], len(ridges)),
            "state": sites.rng.choice(["完好", "完好", "需清理"], len(ridges)),
        },
        [multi_line(line) for line in ridges],
    )
    at = of_rows(sites, communities, rows, middle)
    return rows.assign(name=distinct(f"{p}山脊隔离带" for p in at.place))


def roads(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `forest_road`: tracks, paths and lanes that run for the most part in the hills."""
    hill = sites.land.ground.hills
    shapely.prepare(hill)
    wild = [s for s in sites.land.streets if s.road_class in ("track", "path", "unclassified") and s.line.length > 250]
    middle = shapely.line_interpolate_point([s.line for s in wild], 0.5, normalized=True)
    units = sites.land.unit(middle)
    kept = [
        s
        for s, p, unit in zip(wild, middle, units, strict=True)
        if unit in IN_SCOPE and hill.contains(p) and s.line.intersection(hill).length > 0.7 * s.line.length
    ]
    drivable = np.array([s.road_class != "path" for s in kept])
    rows = sites.rows(
        {
            "code": [f"DEMO-LD{i:03d}" for i in range(1, len(kept) + 1)],
            "width_m": np.where(drivable, 4.0, 1.5),
            "drivable": drivable,
        },
        [multi_line(s.line) for s in kept],
    )
    at = of_rows(sites, communities, rows, shapely.get_coordinates(shapely.line_interpolate_point(
        [s.line for s in kept], 0.5, normalized=True)))  # fmt: skip
    words = np.where(drivable, "林道", "防火步道")
    return rows.assign(name=distinct_many([f"{p}{w}" for p, w in zip(at.place, words, strict=True)]))


def peaks(sites: Sites, found: Hills, n: int, least_m: float = 900) -> Field:
    """The highest tops in scope, some way apart."""
    high = found.smooth_m
    top = (high == ndimage.maximum_filter(high, 25)) & (high > 90)
    row, col = np.nonzero(top)
    order = np.argsort(-high[row, col], kind="stable")
    xy = middles(sites.land.ground.transform, row[order], col[order])
    xy = xy[sites.in_scope(xy)]
    return xy[apart(xy, least_m, n)]


def lookouts(sites: Sites, communities: Communities, tops: Field) -> gpd.GeoDataFrame:
    """Rows of `lookout`."""
    n = len(tops)
    rows = sites.rows(
        {
            "code": [f"DEMO-LW{i:02d}" for i in range(1, n + 1)],
            "height_m": sites.rng.choice([12.0, 15.0, 18.0], n),
            "phone": [f"0571-0320{i:04d}" for i in range(1, n + 1)],
        },
        tops,
    )
    at = of_rows(sites, communities, rows, tops)
    return rows.assign(name=distinct(f"{p}瞭望台" for p in at.place), post_code=at.posts(9))


def checkpoints(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `checkpoint`: where roads enter the hills."""
    edge: Shape = shapely.union_all([p.exterior for p in shapely.get_parts(sites.land.ground.hills) if p.area > 1e6])
    ways = [s for s in sites.land.streets if s.layer == 0 and s.road_class in ("tertiary", "unclassified", "track")]
    meets = shapely.intersection(np.array([s.line for s in ways]), edge)
    xy = shapely.get_coordinates([p for m in meets for p in shapely.get_parts(m) if p.geom_type == "Point"])
    xy = sites.rng.permutation(xy[sites.in_scope(xy)])
    xy = xy[apart(xy, 1000, 26)]
    rows = sites.rows(
        {
            "code": [f"DEMO-KK{i:02d}" for i in range(1, len(xy) + 1)],
            "phone": [f"0571-0321{i:04d}" for i in range(1, len(xy) + 1)],
            "hours": np.where(np.arange(len(xy)) % 3 == 0, "全天", "07:00–19:00"),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    return rows.assign(name=distinct(f"{p}入山卡口" for p in at.place), post_code=at.posts(9))


def fire_points(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `fire_point`: along the foot of the hills, away from houses."""
    rng = sites.rng
    foot = shapely.union_all(
        [p.buffer(-70).boundary for p in shapely.get_parts(sites.land.ground.hills) if p.area > 4e5]
    )
    along = rng.uniform(0, foot.length, 900)
    parts = shapely.get_parts(foot)
    ends = np.cumsum(shapely.length(parts))
    which = np.minimum(np.searchsorted(ends, along), len(parts) - 1)
    xy = shapely.get_coordinates(
        shapely.line_interpolate_point(parts[which], along - (ends[which] - shapely.length(parts[which])))
    )
    near = np.unique(sites.land.buildings.tree.query(shapely.points(xy), predicate="dwithin", distance=40)[0])
    lone = np.ones(len(xy), dtype=bool)
    lone[near] = False
    xy = xy[lone & sites.in_scope(xy)]
    xy = xy[apart(xy, 420, 96)]
    n = len(xy)
    kind = rng.choice(["graves", "graves", "graves", "farm_edge", "farm_edge", "temple", "power_line", "camp"], n)
    word = {
        "graves": "坟墓集中点",
        "farm_edge": "农林交界",
        "temple": "寺庙",
        "power_line": "电力线走廊",
        "camp": "露营地",
    }
    rows = sites.rows(
        {
            "code": [f"DEMO-HY{i:03d}" for i in range(1, n + 1)],
            "kind": kind,
            "count": np.where(kind == "graves", rng.integers(8, 120, n), 1),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    names = distinct(f"{p}{word[k]}" for p, k in zip(at.place, kind, strict=True))
    return rows.assign(name=names, ranger_post=at.posts(9))


def water_points(sites: Sites, communities: Communities, ponds: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `water_point`: reservoirs, streams by a road, tanks on forest roads, hydrants at the foot."""
    rng, land = sites.rng, sites.land
    drive = [
        s.line for s in land.streets if s.road_class in ("tertiary", "unclassified", "residential", "service", "track")
    ]
    tree = shapely.STRtree(drive)

    def by_road(xy: Field, reach_m: float) -> NDArray[np.bool_]:
        found = np.zeros(len(xy), dtype=bool)
        found[tree.query_nearest(shapely.points(xy), max_distance=reach_m, all_matches=False)[0]] = True
        return found

    along = np.concatenate(
        [shapely.line_interpolate_point(s.line, np.arange(400, s.line.length, 350.0)) for s in land.ground.streams]
    )
    beside = rng.permutation(shapely.get_coordinates(along))
    hill = [
        s.line for s in land.streets if s.road_class in ("track", "unclassified", "tertiary") and s.line.length > 300
    ]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(hill, 0.4, normalized=True)) + 9.0
    high = land.ground.at(middle)
    parts = [
        ("pond", shapely.get_coordinates(ponds.to_crs("EPSG:4549").geometry) + 32.0, 1e9),
        ("stream", beside[(land.ground.at(beside) > 24) & by_road(beside, 60)], 24),
        ("tank", rng.permutation(middle[high > 45]), 18),
        ("hydrant", rng.permutation(middle[(high > 14) & (high < 45)]), 14),
    ]
    kinds, spots = [], []
    for what, tried, most in parts:
        inside = tried[sites.in_scope(tried)]
        kept = inside if what == "pond" else inside[apart(inside, 600, int(most))]
        kinds += [what] * len(kept)
        spots.append(kept)
    xy, kind = np.vstack(spots), np.array(kinds)
    capacity = np.where(kind == "tank", rng.choice([30.0, 50.0, 100.0], len(xy)), np.nan)
    capacity[kind == "pond"] = ponds["capacity_m3"].to_numpy()[: (kind == "pond").sum()]
    rows = sites.rows(
        {
            "code": [f"DEMO-QS{i:03d}" for i in range(1, len(xy) + 1)],
            "kind": kind,
            "capacity_m3": capacity,
            "vehicle_access": by_road(xy, 45),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    word = {"pond": "库塘取水点", "stream": "溪流取水点", "tank": "蓄水池", "hydrant": "消火栓"}
    return rows.assign(name=distinct(f"{p}{word[k]}" for p, k in zip(at.place, kind, strict=True)))
