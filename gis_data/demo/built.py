"""What stands on the synthetic ground: buildings in their blocks, land cover, people in hexagons, labels."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage
from scipy.spatial import KDTree

from gis_data import crs
from gis_data.demo import plan
from gis_data.demo.ground import Ground, Shape, metres, noise, polygons
from gis_data.demo.land import Buildings, Lot
from gis_data.demo.streets import Street, density
from gis_data.sources.vector import cells_around

RESIDENTS = 1_090_000
HEX_M = 540.0
_METRIC = "EPSG:4549"
_STYLES: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float], float]] = {
    "apartments": ((44, 60), (13, 15), (24, 38), 0.46),
    "tower": ((24, 30), (22, 26), (54, 96), 0.14),
    "office": ((40, 66), (30, 48), (16, 60), 0.14),
    "school": ((44, 58), (14, 18), (12, 18), 0.07),
    "industrial": ((56, 88), (30, 44), (8, 14), 0.09),
    "park": ((0, 0), (0, 0), (0, 0), 0.10),
}
"""Kind of block: a building's width, depth and height (m), and the share of blocks."""


def frame(columns: dict[str, Any], geoms: Any) -> gpd.GeoDataFrame:
    """Rows with geometry moved from metres to EPSG:4490 (1e-8 degrees)."""
    back = crs.to_degrees(_METRIC)
    moved = shapely.transform(np.array(geoms), lambda xy: np.round(np.stack(back.transform(*xy.T), axis=-1), 8))
    torn = ~shapely.is_valid(moved)  # rounding can pinch a polygon
    moved[torn] = _multi(list(shapely.make_valid(moved[torn], method="structure", keep_collapsed=False)))
    return gpd.GeoDataFrame(pd.DataFrame(columns).assign(geom=moved), geometry="geom", crs=crs.STORAGE)


def _multi(geoms: list[Shape]) -> list[Shape]:
    return [shapely.multipolygons([g]) if g.geom_type == "Polygon" else g for g in geoms]


def _rows(land: shapely.Polygon, width: float, depth: float, gap_m: tuple[float, float]) -> list[shapely.Polygon]:
    """Oblongs in rows along a block's longer side, those that fit inside."""
    box: Shape = shapely.oriented_envelope(land)
    corner = np.asarray(box.exterior.coords)
    u, v = corner[1] - corner[0], corner[3] - corner[0]
    if abs(u[0]) < abs(v[0]):
        u, v = v, u
    long, deep = np.hypot(*u), np.hypot(*v)
    u, v = u / long, v / deep
    across, rows = int((long + gap_m[0]) // (width + gap_m[0])), int((deep + gap_m[1]) // (depth + gap_m[1]))
    if across < 1 or rows < 1:
        return []
    start = corner[0] + u * (long - across * (width + gap_m[0]) + gap_m[0]) / 2
    start = start + v * (deep - rows * (depth + gap_m[1]) + gap_m[1]) / 2
    i, j = (a.reshape(-1, 1) for a in np.meshgrid(np.arange(across), np.arange(rows)))
    at = start + i * (width + gap_m[0]) * u + j * (depth + gap_m[1]) * v
    boxes: Any = shapely.polygons(np.stack([at, at + width * u, at + width * u + depth * v, at + depth * v], axis=1))
    shapely.prepare(land)
    return list(boxes[shapely.contains(land, boxes)])


def _lot(land: Shape, dense: float, open_use: str, roads: shapely.STRtree, rng: np.random.Generator) -> Lot:
    if dense < 0.12:
        return Lot(land, open_use, dense, (), ())
    shares = [style[3] for style in _STYLES.values()]
    use = str(rng.choice(list(_STYLES), p=shares))
    near = roads.query(land)
    inner = land.buffer(-9).difference(shapely.union_all(roads.geometries[near]))
    if use == "park" or inner.is_empty:
        return Lot(land, "park", dense, (), ())
    width, depth, height = (float(rng.uniform(*bounds)) for bounds in _STYLES[use][:3])
    if dense < 0.35:
        use, width, depth, height = "house", 15.0, 11.0, 9.5
    gap = (16.0, 0.8 * height + 12) if use != "house" else (22.0, 26.0)
    largest = max(shapely.get_parts(inner), key=lambda part: part.area)
    boxes = _rows(largest, width, depth, gap)
    kept = [box for box in boxes if rng.random() < (0.5 if use != "house" else 0.3)][:40]
    tall = tuple(float(3 * round(height * rng.uniform(0.85, 1.15) / 3)) for _ in kept)
    return Lot(land, use, dense, tuple(kept), tall)


def lots(blocks: list[shapely.Polygon], streets: list[Street], ground: Ground, rng: np.random.Generator) -> list[Lot]:
    """Every block with a use and buildings that keep off the streets."""
    lines = np.array([s.line for s in streets])
    wide = {"motorway": 24.0, "trunk": 24.0, "primary": 24.0, "secondary": 18.0, "tertiary": 14.0}
    widths = np.array([wide.get(s.road_class, 11.0) for s in streets])
    tree = shapely.STRtree(shapely.buffer(lines, widths, quad_segs=2))
    cut = shapely.intersection(np.array(blocks), ground.outline)
    inside = [land for land in cut if land.geom_type == "Polygon" and land.area > 2500]
    dense = density(shapely.get_coordinates(shapely.centroid(np.array(inside)))).tolist()
    scenic = next(area for unit, area in zip(plan.UNITS, ground.units, strict=True) if unit[0] == plan.SCENIC)
    return [
        _lot(land, crowd, "park" if scenic.contains(land.centroid) else "farmland", tree, rng)
        for land, crowd in zip(inside, dense, strict=True)
    ]


def standing(found: list[Lot]) -> Buildings:
    """All buildings of the lots."""
    counts = [len(lot.buildings) for lot in found]
    return Buildings(
        np.array([box for lot in found for box in lot.buildings]),
        np.repeat(np.array([lot.use for lot in found], dtype=object), counts),
        np.array([height for lot in found for height in lot.heights_m]),
        np.repeat(np.arange(len(found)), counts),
        np.full(sum(counts), -1),
    )


def buildings(found: list[Lot]) -> gpd.GeoDataFrame:
    """Rows of `building`."""
    flat = [(lot.use, box, height) for lot in found for box, height in zip(lot.buildings, lot.heights_m, strict=True)]
    kinds = [use if use != "tower" else "apartments" for use, *_ in flat]
    columns = {"kind": kinds, "name": None, "height_m": [h for *_, h in flat]}
    return frame(columns, _multi([box for _, box, _ in flat]))


def landcover(found: list[Lot], ground: Ground, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Rows of `landcover`: woods on the hills, tea at their foot, fields and parks, built-up blocks, the wetland."""
    patchy = noise(rng, ground.height_m.shape, 18) > 0.1
    soft = ndimage.gaussian_filter(ground.height_m, 2)
    tea = polygons((soft > 16) & (soft < 75) & patchy, ground.transform, 40_000, 30)
    dry = ground.outline.buffer(800).difference(ground.broad_water)
    built = shapely.union_all([lot.land for lot in found if lot.use not in ("farmland", "park")])
    tea = tea.intersection(dry).difference(built)
    wood = ground.hills.intersection(dry).difference(tea)
    named = {
        "apartments": "residential", "tower": "residential", "house": "residential", "school": "residential",
        "office": "commercial", "industrial": "industrial", "park": "park", "farmland": "farmland",
    }  # fmt: skip
    rows: list[tuple[str, str | None, shapely.Geometry]] = [
        ("wetland", "演示湿地", ground.wetland.difference(ground.ponds))
    ]
    for kind, whole in (("wood", wood), ("orchard", tea)):
        rows += [(kind, None, p) for p in shapely.get_parts(whole) if p.geom_type == "Polygon" and p.area > 10_000]
    rows += [(named[lot.use], None, lot.land) for lot in found]
    columns = {"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}
    return frame(columns, _multi([r[2] for r in rows]))


def water(ground: Ground) -> gpd.GeoDataFrame:
    """Rows of `water`."""
    rows: list[tuple[str, str | None, Shape]] = [("lake", "演示西湖", ground.lake), ("river", "演示江", ground.river)]
    rows += [("stream" if "溪" in name else "canal", name, course) for name, course in ground.canals]
    rows += [("pond", None, pond) for pond in shapely.get_parts(ground.ponds) if pond.area > 200]
    columns = {"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}
    return frame(columns, [_multi([g])[0] for *_, g in rows])


_LABELS: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("locality", "演示西湖", (15.9, 19.3)), ("locality", "演示江", (13.85, 7.0)), ("locality", "演示湿地", (8.6, 24.2)),
    ("peak", "保演山", (15.6, 21.6)), ("peak", "天演峰", (10.8, 18.3)), ("peak", "北演峰", (12.1, 20.0)),
    ("peak", "五演山", (13.6, 14.7)), ("peak", "西演尖", (2.0, 17.6)), ("peak", "灵演山", (1.0, 9.6)),
)  # fmt: skip


def places(ground: Ground) -> gpd.GeoDataFrame:
    """Rows of `place`: the units, the lake, the river, the hills."""
    rows = [("suburb", unit[1]) for unit in plan.UNITS] + [(kind, name) for kind, name, _ in _LABELS]
    spots = [
        *shapely.point_on_surface(np.array(ground.units)),
        *(shapely.Point(metres((at,))[0]) for *_, at in _LABELS),
    ]
    return frame({"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}, spots)


def population(found: list[Lot], ground: Ground, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, list[int]]:
    """Rows of `population_cell` (made-up residents by floor space), and the residents of each unit."""
    west, south, east, north = ground.outline.bounds
    rows = np.arange(int((north - south) / HEX_M / np.sqrt(0.75)) + 2)
    cols = np.arange(int((east - west) / HEX_M) + 2)
    grid = [(west + (c + 0.5 * (r % 2)) * HEX_M, south + r * HEX_M * np.sqrt(0.75)) for r in rows for c in cols]
    centres = np.array(grid)
    cells = cells_around(centres)
    tree = KDTree(centres)
    weight = np.zeros(len(centres))
    for lot in found:
        storeys = sum(b.area * h / 3 for b, h in zip(lot.buildings, lot.heights_m, strict=True))
        homes = {"apartments": 1.0, "tower": 1.0, "house": 0.8, "office": 0.12}.get(lot.use, 0.03)
        spots = shapely.get_coordinates(shapely.centroid(np.array(lot.buildings or (lot.land,))))
        here = tree.query(spots)[1]
        np.add.at(weight, here, (storeys * homes + lot.land.area * 0.002) / len(spots))
    unit = np.full(len(centres), -1)
    for i, area in enumerate(ground.units):
        unit[shapely.contains_xy(area, centres[:, 0], centres[:, 1])] = i
    weight *= (unit >= 0) * rng.uniform(0.8, 1.2, len(weight))
    exact = weight / weight.sum() * RESIDENTS
    people = np.floor(exact)
    people[np.argsort(people - exact, kind="stable")[: int(RESIDENTS - people.sum())]] += 1
    kept = np.flatnonzero(unit >= 0)
    columns = {
        "code": [f"DEMO-H{i:04d}" for i in range(1, len(kept) + 1)],
        "population": people[kept],
        "jobs": None,
        "schools": None,
        "healthcare": None,
    }
    totals = [int(people[unit == i].sum()) for i in range(len(plan.UNITS))]
    return frame(columns, _multi(list(cells[kept]))), totals
