"""The synthetic district as its registers need it: what stands where, and where its dangers naturally lie.

Everything is in metres (EPSG:4549); `built.frame` brings geometry to EPSG:4490. A unit is its code (`plan.UNITS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.ops import substring

from gis_data.demo import flow, plan
from gis_data.demo.ground import CELL_M, Field, Ground, Shape, middles
from gis_data.demo.streets import Street

Objects = NDArray[np.object_]
Ints = NDArray[np.int64]
_CODES = np.array([unit[0] for unit in plan.UNITS], dtype=object)


@dataclass(frozen=True)
class Lot:
    """A block with its use and its buildings; `dense` says how densely people build there, 0 to 1.

    Uses: apartments, tower, office, mall, school, industrial, village, park; fields: farmland, paddy, orchard, grass.
    """

    land: shapely.Polygon
    use: str
    dense: float
    buildings: tuple[shapely.Polygon, ...]
    heights_m: tuple[float, ...]


@dataclass(frozen=True)
class Village:
    """A named cluster of houses: `centre` on its main lane, `stream` its place in `Ground.streams` or None."""

    name: str
    centre: shapely.Point
    stream: int | None


@dataclass(frozen=True)
class Buildings:
    """Every building, one per place in the arrays: outline, use, height, and its lot and village or −1."""

    outline: Objects
    use: Objects
    height_m: Field
    lot: Ints
    village: Ints

    @cached_property
    def centre(self) -> Field:
        """Their centres, shape (buildings, 2)."""
        found: Field = shapely.get_coordinates(shapely.centroid(self.outline))
        return found

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of their centres."""
        return shapely.STRtree(np.asarray(shapely.points(self.centre), dtype=object))


@dataclass(frozen=True)
class LowPoint:
    """A closed hollow of the plain: its lowest point, depth to the sill, area, and the nearest street within 80 m."""

    at: shapely.Point
    depth_m: float
    area_m2: float
    unit: str
    street: str | None


@dataclass(frozen=True)
class Underpass:
    """A street that dips under an expressway, with its clearance."""

    name: str
    line: shapely.LineString
    clearance_m: float
    unit: str


@dataclass(frozen=True)
class Slope:
    """A steep slope above houses: mean slope and the direction that it faces (degrees from north), drop in metres.

    `houses` are places in `Buildings`, those within 60 m of its foot.
    """

    area: shapely.Polygon
    unit: str
    slope_deg: float
    aspect_deg: float
    drop_m: float
    houses: tuple[int, ...]


@dataclass(frozen=True)
class Gully:
    """The steep head of a stream: course downhill, mean slope, the area that the whole stream drains, houses below."""

    line: shapely.LineString
    stream: int
    unit: str
    slope_deg: float
    area_km2: float
    houses: tuple[int, ...]


@dataclass(frozen=True)
class Land:
    """The finished district: ground, streets, lots, villages, buildings, and people of each unit (night and day)."""

    ground: Ground
    streets: tuple[Street, ...]
    lots: tuple[Lot, ...]
    villages: tuple[Village, ...]
    buildings: Buildings
    residents: tuple[int, ...]
    """In the order of `plan.UNITS`, as `day`."""
    day: tuple[int, ...]

    def unit(self, points: Any) -> Objects:
        """The codes of the units that points (an array of geometries) lie in, '' outside the district."""
        return unit_codes(self.ground, points)

    @cached_property
    def _slopes(self) -> tuple[Field, Field]:
        south, east = np.gradient(ndimage.gaussian_filter(self.ground.height_m, 0.8), CELL_M)
        return np.degrees(np.arctan(np.hypot(south, east))), np.degrees(np.arctan2(-east, south)) % 360

    def slope_deg(self, xy: Field) -> Field:
        """Slope at points, shape (n, 2), in degrees."""
        return self._nearest(self._slopes[0], xy)

    def aspect_deg(self, xy: Field) -> Field:
        """The direction that the ground faces at points, degrees clockwise from north."""
        return self._nearest(self._slopes[1], xy)

    def _nearest(self, grid: Field, xy: Field) -> Field:
        col, row = ~self.ground.transform @ (xy[:, 0], xy[:, 1])
        found: Field = ndimage.map_coordinates(grid, [row - 0.5, col - 0.5], order=0, mode="nearest")
        return found

    @cached_property
    def _mask(self) -> dict[str, NDArray[np.bool_]]:
        """Cells inside the district and off the water; cells of open water."""
        size, transform = self.ground.height_m.shape, self.ground.transform
        wet = [self.ground.broad_water, self.ground.wetland, *(bed for _, bed in self.ground.canals)]
        water = rasterio.features.rasterize(wet, out_shape=size, transform=transform, all_touched=True) == 1
        inside = rasterio.features.rasterize([self.ground.outline], out_shape=size, transform=transform) == 1
        return {"water": water, "dry": inside & ~water}

    def low_points(self, n: int) -> tuple[LowPoint, ...]:
        """The plain's closed hollows beside streets, deepest first, at least 250 m apart; fewer if there are fewer."""
        outlet = self._mask["water"].copy()
        outlet[[0, -1]] = outlet[:, [0, -1]] = True
        depth = flow.drain(self.ground.height_m, outlet).filled - self.ground.height_m
        hollow = (depth > 0.1) & self._mask["dry"] & (self.ground.height_m < 20)
        labels, count = ndimage.label(hollow)
        spots = np.array(ndimage.maximum_position(depth, labels, np.arange(1, count + 1)))
        sizes = np.bincount(labels.ravel())[1:] * CELL_M**2
        xy = middles(self.ground.transform, *spots.T)
        lines = np.array([s.line for s in self.streets])
        near, street = shapely.STRtree(lines).query_nearest(shapely.points(xy), max_distance=80, all_matches=False)
        order = np.argsort(-depth[tuple(spots[near].T)], kind="stable")
        found: list[LowPoint] = []
        units = self.unit(shapely.points(xy))
        for i, s in zip(near[order], street[order], strict=True):
            at = shapely.Point(xy[i])
            if len(found) < n and all(at.distance(other.at) > 250 for other in found):
                deep = round(float(depth[tuple(spots[i])]), 2)
                found.append(LowPoint(at, deep, float(sizes[i]), str(units[i]), self.streets[s].name))
        return tuple(found)

    def underpasses(self) -> tuple[Underpass, ...]:
        """The underpasses, one per crossing, west to east."""
        kept = [s for s in self.streets if s.layer < 0 and s.max_height_m is not None]
        kept.sort(key=lambda s: s.line.bounds)
        units = self.unit([s.line.interpolate(0.5, normalized=True) for s in kept])
        return tuple(
            Underpass(s.name or "演示下穿", s.line, float(s.max_height_m or 0), str(unit))
            for s, unit in zip(kept, units, strict=True)
            if unit
        )

    def steep_slopes(self, n: int, steep_deg: float = 22) -> tuple[Slope, ...]:
        """Slopes of so many degrees with houses at their foot, those above most houses first."""
        size, transform = self.ground.height_m.shape, self.ground.transform
        col, row = ~transform @ tuple(self.buildings.centre.T)
        built = np.ones(size, dtype=bool)
        built[np.clip(row.astype(int), 0, size[0] - 1), np.clip(col.astype(int), 0, size[1] - 1)] = False
        away, (r, c) = ndimage.distance_transform_edt(built, return_indices=True)
        above = self.ground.height_m - self.ground.height_m[r, c]
        mask = (self._slopes[0] > steep_deg) & (away * CELL_M < 170) & (above > 3) & self._mask["dry"]
        labels, _ = ndimage.label(ndimage.binary_closing(mask))
        tree = self.buildings.tree
        ground_m = self.ground.at(self.buildings.centre)
        found: list[Slope] = []
        for number, box in enumerate(ndimage.find_objects(labels), 1):
            cells = labels[box] == number
            if not 6 <= cells.sum() <= 220:
                continue
            part = transform @ transform.translation(box[1].start, box[0].start)
            area = _smooth(cells, part)
            top = float(self.ground.height_m[box][cells].max())
            houses = [int(i) for i in tree.query(area, predicate="dwithin", distance=60) if ground_m[i] < top - 4]
            if not houses:
                continue
            facing = np.radians(self._slopes[1][box][cells])
            aspect = float(np.degrees(np.arctan2(np.sin(facing).sum(), np.cos(facing).sum())) % 360)
            drop = round(top - float(ground_m[houses].min()), 1)
            slope = round(float(self._slopes[0][box][cells].mean()), 1)
            found.append(Slope(area, "", slope, round(aspect), drop, tuple(houses)))
        found.sort(key=lambda s: (-len(s.houses), s.area.bounds))
        units = self.unit([s.area.representative_point() for s in found])
        inside = [Slope(**{**vars(s), "unit": str(u)}) for s, u in zip(found, units, strict=True) if u]
        return tuple(inside[:n])

    def gullies(self, n: int) -> tuple[Gully, ...]:
        """The streams' steep heads (their first 600 m), those above most houses first, then the steepest."""
        tree = self.buildings.tree
        found: list[Gully] = []
        lines = [s.line for s in self.ground.streams]
        heads = [_until(line, 600) for line in lines]
        units = self.unit([head.interpolate(0.5, normalized=True) for head in heads])
        for i, (stream, head, unit) in enumerate(zip(self.ground.streams, heads, units, strict=True)):
            ends = self.ground.at(np.asarray(head.coords)[[0, -1]])
            slope = float(np.degrees(np.arctan((ends[0] - ends[1]) / head.length)))
            foot = substring(stream.line, head.length * 0.5, head.length + 400)
            houses = tuple(int(h) for h in tree.query(foot, predicate="dwithin", distance=50))
            if unit and slope > 5:
                found.append(Gully(head, i, str(unit), round(slope, 1), round(stream.area_km2, 2), houses))
        return tuple(sorted(found, key=lambda g: (-len(g.houses), -g.slope_deg, g.stream))[:n])


def unit_codes(ground: Ground, points: Any) -> Objects:
    """The codes of the units that points lie in, '' outside."""
    geoms = np.asarray(points, dtype=object)
    found = np.full(len(geoms), "", dtype=object)
    at, unit = shapely.STRtree(np.array(ground.units)).query(geoms, predicate="intersects")
    found[at] = _CODES[unit]
    return found


def _until(line: shapely.LineString, length_m: float) -> Shape:
    return substring(line, 0, min(length_m, line.length))


def _smooth(cells: NDArray[np.bool_], transform: Any) -> Shape:
    shapes = rasterio.features.shapes(cells.astype(np.uint8), mask=cells, transform=transform)
    whole = shapely.union_all([shapely.geometry.shape(geom) for geom, _ in shapes])
    round_off: Shape = shapely.simplify(whole.buffer(20).buffer(-32).buffer(12), 4)
    return max(shapely.get_parts(whole if round_off.is_empty else round_off), key=lambda part: part.area)
