"""How much of many shapes lies in many convex cells: areas and lengths, pair by pair, without making geometries."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
CORNERS = 8


def convex(shapes: Shapes) -> NDArray[np.bool_]:
    """Which shapes are convex polygons of few corners: cells, rectangles, most houses."""
    few = (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & (
        shapely.get_num_coordinates(shapes) <= CORNERS + 1
    )
    found: NDArray[np.bool_] = np.zeros(len(shapes), bool)
    area = shapely.area(shapes[few])
    found[few] = (area > 0) & (area >= (1 - 1e-9) * shapely.area(shapely.convex_hull(shapes[few])))
    return found


def areas_in(shapes: Shapes, row: Ints, cells: Shapes, cell: Ints) -> Floats:
    """Area of polygon `shapes[row]` within the convex `cells[cell]`, for each pair (k,), in units of the CRS squared.

    Source: Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974.
    """
    shapes, row = _asked(shapes, row)
    parts, part_of = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    owner = part_of[ring_of]
    begins = np.searchsorted(owner, np.arange(len(shapes) + 1))
    found: Floats = _areas(*_paths(rings), begins, row, *_corners(cells, cell))
    return found


def lengths_in(lines: Shapes, row: Ints, cells: Shapes, cell: Ints) -> Floats:
    """Length of `lines[row]` within the convex `cells[cell]`, for each pair (k,).

    Source: Cyrus and Beck, "Generalized two- and three-dimensional clipping", Computers & Graphics 3(1), 1978.
    """
    lines, row = _asked(lines, row)
    parts, owner = shapely.get_parts(lines, return_index=True)
    begins = np.searchsorted(owner, np.arange(len(lines) + 1))
    found: Floats = _lengths(*_paths(parts), begins, row, *_corners(cells, cell))
    return found


def _asked(shapes: Shapes, row: Ints) -> tuple[Shapes, Ints]:
    """Only the shapes that occur, and the pairs' numbers among them."""
    some, back = np.unique(row, return_inverse=True)
    return shapes[some], back.astype(np.int64)


def _paths(paths: Shapes) -> tuple[Floats, Ints]:
    """Coordinates (n, 2) of all paths, and where each begins."""
    at, index = shapely.get_coordinates(paths, return_index=True)
    return np.ascontiguousarray(at), np.searchsorted(index, np.arange(len(paths) + 1))


def _corners(cells: Shapes, cell: Ints) -> tuple[Floats, Ints, Ints]:
    """Corners of the cells that occur, against the clock; where each begins; the pairs' numbers among them."""
    cells, cell = _asked(cells, cell)
    at, begins = _paths(shapely.get_exterior_ring(shapely.orient_polygons(cells)))
    return at, begins, cell


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _areas(at: Any, ring: Any, first: Any, row: Any, corner: Any, begins: Any, cell: Any) -> Any:
    """Rings are cut by one side of the cell after the other; holes run the other way round and count against."""
    found = np.zeros(len(row))
    for k in range(len(row)):
        low, high = begins[cell[k]], begins[cell[k] + 1] - 1
        x0, y0 = corner[low, 0], corner[low, 1]
        for r in range(first[row[k]], first[row[k] + 1]):
            n = ring[r + 1] - ring[r] - 1
            x, y = np.empty(n), np.empty(n)
            for i in range(n):
                x[i], y[i] = at[ring[r] + i, 0] - x0, at[ring[r] + i, 1] - y0
            for c in range(low, high):
                ax, ay = corner[c, 0] - x0, corner[c, 1] - y0
                dx, dy = corner[c + 1, 0] - x0 - ax, corner[c + 1, 1] - y0 - ay
                u, v = np.empty(n + n // 2 + 2), np.empty(n + n // 2 + 2)
                m = 0
                for i in range(n):
                    j = i - 1 if i else n - 1
                    here = dx * (y[i] - ay) - dy * (x[i] - ax)
                    before = dx * (y[j] - ay) - dy * (x[j] - ax)
                    if (here >= 0) != (before >= 0):
                        t = before / (before - here)
                        u[m], v[m] = x[j] + t * (x[i] - x[j]), y[j] + t * (y[i] - y[j])
                        m += 1
                    if here >= 0:
                        u[m], v[m] = x[i], y[i]
                        m += 1
                x, y, n = u, v, m
            for i in range(n):
                j = i - 1 if i else n - 1
                found[k] += (x[j] * y[i] - x[i] * y[j]) / 2
    return found


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _lengths(at: Any, path: Any, first: Any, row: Any, corner: Any, begins: Any, cell: Any) -> Any:
    """The part of each segment that is on the inner side of all sides of the cell."""
    found = np.zeros(len(row))
    for k in range(len(row)):
        low, high = begins[cell[k]], begins[cell[k] + 1] - 1
        for p in range(first[row[k]], first[row[k] + 1]):
            for i in range(path[p], path[p + 1] - 1):
                sx, sy = at[i + 1, 0] - at[i, 0], at[i + 1, 1] - at[i, 1]
                enter, leave = 0.0, 1.0
                for c in range(low, high):
                    dx, dy = corner[c + 1, 0] - corner[c, 0], corner[c + 1, 1] - corner[c, 1]
                    start = dx * (at[i, 1] - corner[c, 1]) - dy * (at[i, 0] - corner[c, 0])
                    gain = dx * sy - dy * sx
                    if gain == 0:
                        if start < 0:
                            leave = -1.0
                    elif gain > 0:
                        enter = max(enter, -start / gain)
                    else:
                        leave = min(leave, -start / gain)
                if leave > enter:
                    found[k] += (leave - enter) * (sx * sx + sy * sy) ** 0.5
    return found
