"""The synthetic district's ground: units that tile it, heights, water, wood and fields (EPSG:4549 metres)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from gis_data.demo import flow, plan

CELL_M = 25.0
Field = NDArray[np.float64]
Shape = Any
"""A geometry; shapely's type stubs lose which kind it is."""
HILLFOOT_M = 24.0
"""Above this, no street grid."""
LAKE_M, RIVER_M, CANAL_M, DYKE_M = 6.2, 2.0, 3.2, 8.6
"""Levels of the water, and of the river dyke's crest."""


def metres(points: plan.Line) -> Field:
    """Plan units to metres in EPSG:4549."""
    found: Field = np.asarray(points) * plan.UNIT_M + np.asarray(plan.CORNER)
    return found


def rounded(points: Field, closed: bool, times: int = 3) -> Field:
    """Corners cut by Chaikin's scheme; the ends of an open line stay."""
    for _ in range(times):
        a = np.vstack([points, points[:1]]) if closed else points
        cut = np.stack([0.75 * a[:-1] + 0.25 * a[1:], 0.25 * a[:-1] + 0.75 * a[1:]], axis=1).reshape(-1, 2)
        points = cut if closed else np.vstack([points[:1], cut[1:-1], points[-1:]])
    return points


def area_of(points: plan.Line) -> shapely.Polygon:
    """A smooth polygon from plan points."""
    return shapely.Polygon(rounded(metres(points), closed=True))


def line_of(points: plan.Line) -> shapely.LineString:
    """A smooth line from plan points."""
    return shapely.LineString(rounded(metres(points), closed=False))


def wavy(line: Shape, rng: np.random.Generator, amplitude_m: float, length_m: float) -> Shape:
    """A line or ring that swings about its course by up to so much, in waves of about that length; ends stay."""
    steps = np.arange(0, line.length, min(40.0, length_m / 8))
    closed = line.is_closed
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, steps if closed else [*steps, line.length]))
    along = np.linspace(0, 1, len(xy), endpoint=not closed)
    waves = max(round(line.length / length_m), 1)
    swing = sum(
        share * np.sin(2 * np.pi * (np.round(waves * times) * along + rng.random()))
        for share, times in ((0.45, 1.0), (0.35, 1.7), (0.2, 3.1))
    )
    ahead = np.roll(xy, -1, axis=0) - np.roll(xy, 1, axis=0) if closed else np.gradient(xy, axis=0)
    ahead /= np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    hold = 1.0 if closed else np.clip(np.minimum(along, 1 - along) * line.length / length_m * 2, 0, 1)
    xy = xy + amplitude_m * np.asarray(swing * hold)[:, None] * np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    return shapely.linearrings(xy) if closed else shapely.LineString(xy)


def noise(rng: np.random.Generator, shape: tuple[int, int], cells: float) -> Field:
    """Smooth noise, about −1 to 1, with features of so many cells."""
    coarse = rng.uniform(-1, 1, (int(shape[0] / cells) + 4, int(shape[1] / cells) + 4))
    rows, cols = np.meshgrid(
        np.arange(shape[0]) / cells + 1, np.arange(shape[1]) / cells + 1, indexing="ij", sparse=True
    )
    smooth: Field = ndimage.zoom(coarse, 4, order=3, grid_mode=False)
    scale = (np.array(smooth.shape) - 1) / (np.array(coarse.shape) - 1)
    at = np.broadcast_arrays(rows * scale[0], cols * scale[1])
    found: Field = ndimage.map_coordinates(smooth, at, order=1)
    return found


@dataclass(frozen=True)
class Stream:
    """A stream of the hills from its head down to the water (or the stream) that takes it."""

    name: str | None
    line: shapely.LineString
    area_km2: float


@dataclass(frozen=True)
class Ground:
    """The land before people: outline, units, height grid with its transform, and water."""

    outline: shapely.Polygon
    units: tuple[shapely.Polygon, ...]
    height_m: Field
    transform: Affine
    lake: Shape
    river: Shape
    canals: tuple[tuple[str, shapely.Polygon], ...]
    streams: tuple[Stream, ...]
    ponds: Shape
    wetland: shapely.Polygon
    hills: Shape

    def at(self, xy: Field) -> Field:
        """Height in metres at points."""
        found: Field = sampled(self.height_m, self.transform, xy)
        return found

    @cached_property
    def broad_water(self) -> Shape:
        """Water that only a great bridge crosses."""
        return shapely.union_all([self.lake, self.river, self.ponds])


def middles(transform: Any, row: Any, col: Any) -> Field:
    """The centres of cells, shape (cells, 2)."""
    return np.stack(transform @ (col + 0.5, row + 0.5), axis=-1)


def sampled(grid: Field, transform: Affine, xy: Field) -> Field:
    """A grid's values between its cells' centres, at points."""
    col, row = ~transform @ (xy[:, 0], xy[:, 1])
    found: Field = ndimage.map_coordinates(grid, [row - 0.5, col - 0.5], order=1, mode="nearest")
    return found


def _burnt(shapes: list[Shape], like: Field, transform: Affine, touched: bool = False) -> NDArray[np.bool_]:
    found = rasterio.features.rasterize(shapes, out_shape=like.shape, transform=transform, all_touched=touched)
    return np.asarray(found, dtype=bool)


@dataclass(frozen=True)
class _Water:
    """Open water before the land's heights are known; canals with the level of their two ends."""

    lake: Shape
    river: Shape
    canals: tuple[tuple[str, shapely.Polygon], ...]
    courses: tuple[shapely.LineString, ...]
    wetland: shapely.Polygon


def _levels(water: _Water, like: Field, transform: Affine) -> Field:
    """The level of open water in its cells, NaN on land."""
    level = np.full(like.shape, np.nan)
    level[_burnt([water.wetland], like, transform)] = CANAL_M + 0.8
    for (name, bed), course in zip(water.canals, water.courses, strict=True):
        cells = np.nonzero(_burnt([bed], like, transform, touched=True))
        xy = middles(transform, *cells)
        fall = plan.FALLS_M.get(name, 0.0)
        gone = shapely.line_locate_point(course, shapely.points(xy), normalized=True)
        level[cells] = CANAL_M + fall * (1 - np.asarray(gone))
    level[_burnt([water.lake], like, transform)] = LAKE_M
    level[_burnt([water.river], like, transform)] = RIVER_M
    return level


def _heights(rng: np.random.Generator, transform: Affine, shape: tuple[int, int], water: _Water, low: Shape) -> Field:
    """Hills worn by their streams on a plain that falls to the water; found at twice the cell, then refined."""
    wide = transform @ Affine.scale(2)
    size = (shape[0] // 2 + 1, shape[1] // 2 + 1)
    x, y = middles(wide, *np.indices(size)).transpose(2, 0, 1)
    x, y = (x - plan.CORNER[0]) / plan.UNIT_M, (y - plan.CORNER[1]) / plan.UNIT_M
    bend = [0.4 * noise(rng, size, 40) + 0.22 * noise(rng, size, 13) for _ in range(2)]
    mass = np.zeros(size)
    for cx, cy, rx, ry, top in plan.HILLS:
        d2 = ((x + bend[0] - cx) / rx) ** 2 + ((y + bend[1] - cy) / ry) ** 2
        mass = np.maximum(mass, top * np.exp(-0.62 * d2))
    level = _levels(water, mass, wide)
    away_m = ndimage.distance_transform_edt(~_burnt([low], mass, wide)) * CELL_M * 2
    valley = np.clip((away_m - 50) / 600, 0, 1) ** 0.8
    rough = np.clip(1 + 0.4 * noise(rng, size, 16) + 0.3 * noise(rng, size, 5), 0.25, None)
    rough *= np.exp(0.3 * rng.standard_normal(size))
    rise = 0.0022 + 0.8 * np.clip((mass - 26) / 340, 0, 1) ** 1.2 * valley * rough
    outlet = ~np.isnan(level)
    outlet[[0, -1]] = outlet[:, [0, -1]] = True
    base = np.where(np.isnan(level), 5.0, np.where(level == RIVER_M, CANAL_M + 1.0, level + 0.6))
    hilly = sum(share * noise(rng, size, cells) for share, cells in ((0.5, 34), (0.4, 15), (0.3, 7), (0.2, 3)))
    first = base + mass * np.exp(hilly) + 0.5 * rng.random(size)
    coarse = flow.worn(first, base, outlet, rise, 0.62, CELL_M * 2)
    rows, cols = np.meshgrid(np.arange(shape[0]) / 2 - 0.25, np.arange(shape[1]) / 2 - 0.25, indexing="ij")
    fine: Field = ndimage.map_coordinates(ndimage.gaussian_filter(coarse, 0.9), [rows, cols], order=3, mode="nearest")
    plain = 0.45 * noise(rng, shape, 36) + 0.3 * noise(rng, shape, 9)
    fine = fine + plain + np.clip(fine - 20, 0, 60) / 60 * 2.5 * noise(rng, shape, 5)
    from_river_m = ndimage.distance_transform_edt(~_burnt([water.river], fine, transform)) * CELL_M
    fine = np.maximum(
        np.maximum(fine, 3.4), np.where(from_river_m > 0, DYKE_M - np.maximum(from_river_m - 60, 0) * 0.09, 0)
    )
    shore_m = ndimage.distance_transform_edt(~_burnt([water.lake], fine, transform)) * CELL_M
    fine = np.where(shore_m < 200, np.maximum(fine, LAKE_M + 0.8), fine)
    final = _levels(water, fine, transform)
    return np.where(np.isnan(final), fine, final)


_HEAD_CELLS = 190
"""A stream begins where this many cells (12 ha) gather."""


def _streams(heights: Field, transform: Affine, water: _Water, outline: Shape) -> tuple[Field, tuple[Stream, ...]]:
    """The hills' streams along the steepest ways down, longest first, and the heights with their beds cut in."""
    outlet = ~np.isnan(_levels(water, heights, transform))
    outlet[[0, -1]] = outlet[:, [0, -1]] = True
    run = flow.drain(heights, outlet)
    area, steps = run.area().ravel(), np.empty(heights.size, dtype=np.int64)
    for count, cells in enumerate(run.levels):
        steps[cells] = count
    strong = area >= _HEAD_CELLS
    fed = np.zeros(heights.size, dtype=bool)
    fed[run.down[strong & (run.down != np.arange(heights.size))]] = True
    cols = heights.shape[1]
    xy = middles(transform, *np.divmod(np.arange(heights.size), cols))
    heads = np.flatnonzero(strong & ~fed & (run.filled.ravel() > 34))
    heads = heads[shapely.contains_xy(outline.buffer(100), *xy[heads].T)]
    open_water = shapely.union_all([water.lake, water.river, *(bed for _, bed in water.canals)])
    near = outline.buffer(150)
    taken: dict[int, int] = {}
    lines: list[shapely.LineString] = []
    beds: list[Field] = []
    areas: list[float] = []
    for head in heads[np.argsort(-steps[heads], kind="stable")].tolist():
        course = [head]
        while course[-1] not in taken and run.down[course[-1]] != course[-1]:
            course.append(int(run.down[course[-1]]))
        if len(course) < 18:
            continue
        line = _course(xy[course], lines[taken[course[-1]]] if course[-1] in taken else None)
        dry = [p for p in shapely.get_parts(line.intersection(near).difference(open_water)) if p.length > 1]
        if not dry or dry[0].length < 350:
            continue
        stations = np.maximum.accumulate(shapely.line_locate_point(line, shapely.points(xy[course])))
        at = np.arange(0, dry[0].length, 8.0)
        bed = np.interp(at, stations, run.filled.ravel()[course])
        if course[-1] in taken:
            main, main_bed = lines[taken[course[-1]]], beds[taken[course[-1]]]
            mouth = np.interp(main.project(shapely.Point(line.coords[-1])), 8.0 * np.arange(len(main_bed)), main_bed)
            bed = np.clip(bed, mouth, mouth + 0.4 * (line.length - at))
        taken |= dict.fromkeys(course[:-1], len(lines))
        lines.append(dry[0])
        beds.append(bed)
        areas.append(float(area[course[-2]]) * CELL_M**2 / 1e6)
    cut = _with_beds(heights, transform, lines, beds, ~outlet)
    names = iter(plan.STREAM_NAMES)
    found = [
        Stream(next(names, None) if line.length > 1100 else None, line, km2)
        for line, km2 in zip(lines, areas, strict=True)
    ]
    return cut, tuple(found)


def _with_beds(
    heights: Field, transform: Affine, lines: list[shapely.LineString], beds: list[Field], land: NDArray[np.bool_]
) -> Field:
    """Heights with the streams' beds cut in; `beds` are heights every 8 m along the lines, and none rises on."""
    cut, cols = heights.copy(), heights.shape[1]
    spots = [
        shapely.line_interpolate_point(line, 8.0 * np.arange(len(bed))) for line, bed in zip(lines, beds, strict=True)
    ]
    tree = KDTree(shapely.get_coordinates(np.concatenate(spots)))
    cells = np.flatnonzero(_burnt([shapely.buffer(shapely.multilinestrings(lines), 130)], heights, transform) & land)
    xy = middles(transform, *np.divmod(cells, cols))
    away, near = tree.query(xy, k=4, distance_upper_bound=120)
    some = np.isfinite(away[:, 0])
    weight, near = 1 / (away[some] + 3) ** 5, np.minimum(near[some], tree.n - 1)
    far, natural = away[some, 0], heights.ravel()[cells[some]]
    for _ in range(10):
        level = (weight * np.concatenate(beds)[near]).sum(axis=1) / weight.sum(axis=1)
        bank = level + 0.008 * far + 0.3 * np.maximum(far - 38, 0)
        cut.ravel()[cells[some]] = np.where(far < 38, bank, np.minimum(bank, natural))
        beds = [np.minimum.accumulate(sampled(cut, transform, shapely.get_coordinates(at))) for at in spots]
    return cut


def _course(xy: Field, into: shapely.LineString | None) -> shapely.LineString:
    """Cells' centres as a winding line that ends on the line that it joins."""
    thin = np.vstack([xy[:1], xy[2:-2:3], xy[-1:]])
    if into is not None:
        thin[-1] = shapely.get_coordinates(into.interpolate(into.project(shapely.Point(thin[-1]))))[0]
    return shapely.LineString(rounded(thin, closed=False, times=2))


def polygons(mask: NDArray[np.bool_], transform: Affine, least_m2: float, smooth_m: float) -> Shape:
    """The true cells (seen at twice the cell) as smooth polygons, without small ones."""
    seen = np.ascontiguousarray(mask[::2, ::2])
    found = rasterio.features.shapes(seen.astype(np.uint8), mask=seen, transform=transform @ Affine.scale(2))
    shapes = [shapely.geometry.shape(geom) for geom, _ in found]
    kept = shapely.union_all([s for s in shapes if s.area >= least_m2])
    for step_m in (smooth_m, -2 * smooth_m, smooth_m):
        kept = shapely.simplify(kept.buffer(step_m, quad_segs=3), 4)
    return kept


def _units(rng: np.random.Generator, outline: shapely.Polygon) -> tuple[shapely.Polygon, ...]:
    """The outline cut into units without gaps or overlaps, with borders that wander."""
    west, south, east, north = outline.bounds
    grid = np.stack(
        np.meshgrid(np.arange(west - 900, east + 900, 260), np.arange(south - 900, north + 900, 260)), axis=-1
    )
    sites = grid.reshape(-1, 2) + rng.uniform(-95, 95, (grid.size // 2, 2))
    pulls = np.vstack([metres(seeds) for *_, seeds in plan.UNITS])
    owner = np.repeat(np.arange(len(plan.UNITS)), [len(seeds) for *_, seeds in plan.UNITS])
    unit = owner[np.hypot(*(sites[:, None, :] - pulls[None, :, :]).T).T.argmin(axis=1)]
    cells = np.array(shapely.voronoi_polygons(shapely.MultiPoint(sites), ordered=True).geoms)
    whole = [shapely.union_all(cells[unit == i]) for i in range(len(plan.UNITS))]
    tiles = shapely.intersection(np.array(shapely.coverage_simplify(whole, 240)), outline)
    parts = [sorted(shapely.get_parts(t), key=lambda p: -p.area) for t in tiles]
    loose = [p for pieces in parts for p in pieces[1:] if p.geom_type == "Polygon"]
    main = [pieces[0] for pieces in parts]
    for piece in loose:
        best = max(range(len(main)), key=lambda i: shapely.length(main[i].boundary.intersection(piece.boundary)))
        main[best] = shapely.union(main[best], piece)
    return tuple(main)


def dipped(ground: Ground, spots: Field) -> Ground:
    """The ground lowered by some 3 m around points, as streets dip under a bridge; not in water or by streams."""
    heights = ground.height_m
    wet = [ground.broad_water, *(bed for _, bed in ground.canals), *(s.line.buffer(75) for s in ground.streams)]
    free = ~_burnt(wet, heights, ground.transform, touched=True).ravel()
    cells = np.flatnonzero(free & (heights.ravel() < HILLFOOT_M))
    xy = middles(ground.transform, *np.divmod(cells, heights.shape[1]))
    away = KDTree(spots).query(xy, distance_upper_bound=45)[0]
    found = heights.copy().ravel()
    low = np.maximum(found[cells] - 3.2 * np.clip(1 - (away / 45) ** 2, 0, 1), RIVER_M + 0.3)
    found[cells] = np.minimum(found[cells], low.round(2))
    return replace(ground, height_m=found.reshape(heights.shape))


def make(rng: np.random.Generator) -> Ground:
    """Lay out the ground."""
    west, south, east, north = plan.EXTENT
    transform = Affine(CELL_M, 0, west * plan.UNIT_M + plan.CORNER[0], 0, -CELL_M, north * plan.UNIT_M + plan.CORNER[1])
    shape = (round((north - south) * plan.UNIT_M / CELL_M), round((east - west) * plan.UNIT_M / CELL_M))
    outline = area_of(plan.OUTLINE)
    water = _water(rng)
    low = [area_of(plan.LAKE).buffer(250), water.river.buffer(150), *(bed.buffer(60) for _, bed in water.canals)]
    low += [line_of(course).buffer(60) for _, _, course in plan.ARTERIALS]
    heights = _heights(rng, transform, shape, water, shapely.union_all(low))
    heights, streams = _streams(heights, transform, water, outline)
    heights = np.round(heights, 2)
    ponds = _pond_maze(rng, water.wetland)
    hills = polygons(ndimage.gaussian_filter(heights, 2) > HILLFOOT_M, transform, 60_000, 40)
    units = _units(rng, outline)
    return Ground(
        outline, units, heights, transform, water.lake, water.river, water.canals, streams, ponds, water.wetland, hills
    )


def _pond_maze(rng: np.random.Generator, wetland: shapely.Polygon) -> Shape:
    """A wetland's ponds with narrow dykes between them."""
    west, south, east, north = wetland.bounds
    grid = np.stack(np.meshgrid(np.arange(west, east, 118), np.arange(south, north, 104)), axis=-1).reshape(-1, 2)
    sites = grid + rng.uniform(-46, 46, grid.shape)
    cells = np.array(shapely.voronoi_polygons(shapely.MultiPoint(sites), ordered=True).geoms)
    cells = cells[rng.random(len(cells)) < 0.74]
    inset = -rng.uniform(6, 13, len(cells))
    return shapely.union_all(shapely.buffer(shapely.buffer(cells, inset), 4)).intersection(wetland.buffer(-35))


def _water(rng: np.random.Generator) -> _Water:
    bank = wavy(line_of(plan.RIVER), rng, 60, 2600)
    half = plan.RIVER_WIDTH * plan.UNIT_M / 2
    broad = [
        wavy(bank.parallel_offset(half * 0.7, side), rng, 50, 3000).buffer(half * 0.5) for side in ("left", "right")
    ]
    river = shapely.union_all([bank.buffer(half * 0.9, cap_style="flat"), *broad])
    west, south, east, north = plan.EXTENT
    river = river.intersection(shapely.box(*metres(((west, south), (east, north))).ravel()))
    dry = shapely.union_all([line_of(plan.CAUSEWAY).buffer(18), area_of(plan.ISLAND)])
    lake = shapely.Polygon(wavy(area_of(plan.LAKE).exterior, rng, 55, 900)).difference(dry)
    courses = tuple(wavy(line_of(course), rng, 62, 1500) for *_, course in plan.CANALS)
    canals = tuple(
        (name, course.buffer(width / 2)) for (name, width, _), course in zip(plan.CANALS, courses, strict=True)
    )
    return _Water(lake, river, canals, courses, shapely.Polygon(wavy(area_of(plan.WETLAND).exterior, rng, 60, 700)))
