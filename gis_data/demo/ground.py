"""The synthetic district's ground: units that tile it, heights, water, wood and fields (EPSG:4549 metres)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage

from gis_data.demo import plan

CELL_M = 25.0
Field = NDArray[np.float64]
Shape = Any
"""A geometry; shapely's type stubs lose which kind it is."""
HILLFOOT_M = 24.0
"""Above this, no street grid."""


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
class Ground:
    """The land before people: outline, units, height grid with its transform, and water."""

    outline: shapely.Polygon
    units: tuple[shapely.Polygon, ...]
    height_m: Field
    transform: Affine
    lake: Shape
    river: Shape
    canals: tuple[tuple[str, shapely.Polygon], ...]
    ponds: Shape
    wetland: shapely.Polygon
    hills: Shape

    def at(self, xy: Field) -> Field:
        """Height in metres at points."""
        col, row = ~self.transform @ (xy[:, 0], xy[:, 1])
        found: Field = ndimage.map_coordinates(self.height_m, [row - 0.5, col - 0.5], order=1, mode="nearest")
        return found

    @property
    def broad_water(self) -> Shape:
        """Water that only a great bridge crosses."""
        return shapely.union_all([self.lake, self.river, self.ponds])


def _heights(rng: np.random.Generator, transform: Affine, shape: tuple[int, int], low: Shape) -> Field:
    """Hills with ridges and valleys on a 5 m plain; lowered along valley roads and water."""
    col, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = transform @ (col, row)
    x, y = (x - plan.CORNER[0]) / plan.UNIT_M, (y - plan.CORNER[1]) / plan.UNIT_M
    bend = 0.35 * noise(rng, shape, 90), 0.35 * noise(rng, shape, 90)
    mass = np.zeros(shape)
    for cx, cy, rx, ry, top in plan.HILLS:
        d2 = ((x + bend[0] - cx) / rx) ** 2 + ((y + bend[1] - cy) / ry) ** 2
        mass = np.maximum(mass, top * np.exp(-0.62 * d2)) + 0.12 * top * np.exp(-0.9 * d2)
    ridged = sum(
        w * (1 - np.abs(noise(rng, shape, c)) * 1.6) for w, c in ((0.5, 48), (0.28, 22), (0.14, 11), (0.08, 5))
    )
    blocked = rasterio.features.rasterize([low], out_shape=shape, transform=transform, fill=0, default_value=1)
    away_m = ndimage.distance_transform_edt(blocked == 0) * CELL_M
    valley = np.clip((away_m - 60) / 650, 0, 1) ** 0.8
    hill = np.clip(mass - 26, 0, None) * np.clip(0.25 + 0.75 * ridged, 0.12, None) * valley
    plain = 4.6 + 0.8 * noise(rng, shape, 120) + 0.25 * noise(rng, shape, 12) + 1.4 * np.clip(x < 6, 0, 1)
    heights: Field = np.round(plain + np.minimum(hill, 400 + 12 * ridged), 2)
    return heights


def polygons(mask: NDArray[np.bool_], transform: Affine, least_m2: float, smooth_m: float) -> Shape:
    """The true cells as smooth polygons, without small ones."""
    found = rasterio.features.shapes(mask.astype(np.uint8), mask=mask, transform=transform)
    shapes = [shapely.geometry.shape(geom) for geom, _ in found]
    kept = shapely.union_all([s for s in shapes if s.area >= least_m2])
    return shapely.simplify(kept.buffer(smooth_m).buffer(-2 * smooth_m).buffer(smooth_m), 8)


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


def make(rng: np.random.Generator) -> Ground:
    """Lay out the ground."""
    west, south, east, north = plan.EXTENT
    transform = Affine(CELL_M, 0, west * plan.UNIT_M + plan.CORNER[0], 0, -CELL_M, north * plan.UNIT_M + plan.CORNER[1])
    shape = (round((north - south) * plan.UNIT_M / CELL_M), round((east - west) * plan.UNIT_M / CELL_M))
    outline = area_of(plan.OUTLINE)
    bank = line_of(plan.RIVER)
    river = shapely.union_all([bank.buffer(plan.RIVER_WIDTH * plan.UNIT_M / 2)])
    dry = shapely.union_all([line_of(plan.CAUSEWAY).buffer(22), area_of(plan.ISLAND)])
    lake = area_of(plan.LAKE).difference(dry)
    canals = tuple((name, line_of(course).buffer(width / 2)) for name, width, course in plan.CANALS)
    low = [area_of(plan.LAKE).buffer(250), river.buffer(150), *(c.buffer(60) for _, c in canals)]
    low += [line_of(course).buffer(60) for _, _, course in plan.ARTERIALS]
    heights = _heights(rng, transform, shape, shapely.union_all(low))
    lake_cells = rasterio.features.rasterize([lake], out_shape=shape, transform=transform)
    river_cells = rasterio.features.rasterize([river], out_shape=shape, transform=transform)
    heights = np.where(lake_cells == 1, 6.2, np.where(river_cells == 1, 2.0, heights))
    wetland = area_of(plan.WETLAND)
    inner = rng.uniform((0, 0), (2600, 2200), (420, 2)) + metres(((7.4, 23.2),))
    sizes = rng.uniform(18, 62, len(inner))
    ponds = shapely.union_all(shapely.buffer(shapely.points(inner), sizes, quad_segs=3)).intersection(
        wetland.buffer(-60)
    )
    hills = polygons(ndimage.gaussian_filter(heights, 2) > HILLFOOT_M, transform, 60_000, 40)
    return Ground(outline, _units(rng, outline), heights, transform, lake, river, canals, ponds, wetland, hills)
