"""What is seen from a point: lines of sight (通视) over heights, and the cells in view (可视域)."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
EARTH_RADIUS_M = 6_371_000.0
REFRACTION = 0.13
"""Gauss's mean coefficient k: light bends with the Earth, as if its radius were R / (1 - k)."""


@dataclass(frozen=True)
class Sight:
    """One line of sight, from the eye to the target.

    s_m : (n,) metres from the eye, from 0 to the whole distance, at each line of the grid that is crossed.
    ground_m : (n,) heights there; between the lines of the grid the ground is straight.
    line_m : (n,) the sight line over the same datum, lowered by how far the Earth bulges (less refraction).
    clear : no ground in between stands above the line; ground without data counts as standing above it.
    obstacle : index of the first point that hides the target, None where it is seen.
    lacking_m : how much higher the eye must be to see the target; 0 where it does, inf where no height would do.
    """

    s_m: Floats
    ground_m: Floats
    line_m: Floats
    clear: bool
    obstacle: int | None
    lacking_m: float


@njit(cache=True, error_model="numpy")
def _height(z: Any, c: float, r: float) -> Any:
    """Height at a column and row on a line of the grid: straight between its two neighbours."""
    c0, r0 = floor(c), floor(r)
    u, v = c - c0, r - r0
    if u > 0.0:
        return z[r0, c0] * (1.0 - u) + z[r0, c0 + 1] * u
    if v > 0.0:
        return z[r0, c0] * (1.0 - v) + z[r0 + 1, c0] * v
    return z[r0, c0]


@njit(cache=True, error_model="numpy")
def _clear(z: Any, cell_m: float, a: Any, b: Any, bulge: float) -> bool:
    """Whether nothing on the lines of the grid between two points (column, row, height) stands above their line."""
    dc, dr = b[0] - a[0], b[1] - a[1]
    d = np.hypot(dc, dr) * cell_m
    for axis in range(2):
        start, end = (a[0], b[0]) if axis == 0 else (a[1], b[1])
        run = end - start
        first, last = floor(min(start, end)) + 1.0, np.ceil(max(start, end)) - 1.0
        line = first
        while line <= last:
            t = (line - start) / run
            ground = _height(z, line, a[1] + t * dr) if axis == 0 else _height(z, a[0] + t * dc, line)
            if not ground + bulge * t * (1.0 - t) * d * d <= a[2] + t * (b[2] - a[2]):
                return False
            line += 1.0
    return True


@njit(cache=True, error_model="numpy")
def _seen(z: Any, cell_m: float, eye: Any, target_m: float, wanted: Any, bulge: float, out: Any) -> None:
    for r in range(z.shape[0]):
        for c in range(z.shape[1]):
            if wanted[r, c]:
                out[r, c] = _clear(z, cell_m, eye, (float(c), float(r), z[r, c] + target_m), bulge)


def viewshed(
    z: ArrayLike, cell_m: float, eye: tuple[float, float], eye_z: float, *, range_m: float, target_m: float = 0.0,
    bearing_deg: float | None = None, field_deg: float = 360.0, k: float = REFRACTION,
) -> Bools:  # fmt: skip
    """The cells whose middle is in view: exactly those to which `sight` is clear.

    Parameters
    ----------
    z : (rows, columns) heights in metres, the first row northernmost, NaN for no data: such a cell is never in view.
    cell_m : square cells of a plane CRS. eye : column and row, whole numbers being the middles of cells.
    eye_z : height of the eye, in the datum of `z`. target_m : of what is looked at, over its ground.
    range_m : cells further away are left out. bearing_deg, field_deg : middle and width of a camera's view, degrees
        clockwise from the grid's north; without a bearing all around.
    k : refraction.

    Raises
    ------
    Invalid : an eye off the grid, or no range.

    Source: the exact method (R3) of Franklin and Ray, "Higher isn't necessarily better", 1994.
    """
    heights = _checked(z, eye)
    if not range_m > 0:
        raise Invalid("距离须大于零。", "The range must be above zero.", field="range_m")
    rows, columns = np.indices(heights.shape)
    east, north = (columns - eye[0]) * cell_m, (eye[1] - rows) * cell_m
    wanted = np.hypot(east, north) <= range_m
    if bearing_deg is not None and field_deg < 360:
        off = (np.degrees(np.arctan2(east, north)) - bearing_deg + 180) % 360 - 180
        wanted &= (np.abs(off) <= field_deg / 2) | (np.hypot(east, north) < cell_m / 2)
    out = np.zeros(heights.shape, bool)
    _seen(heights, cell_m, (float(eye[0]), float(eye[1]), float(eye_z)), target_m, wanted, _bulge(k), out)
    return out & np.isfinite(heights)


def sight(
    z: ArrayLike, cell_m: float, eye: tuple[float, float], eye_z: float, target: tuple[float, float], target_z: float,
    k: float = REFRACTION,
) -> Sight:  # fmt: skip
    """The line of sight between two points (column, row) at heights in the datum of `z`; the same both ways.

    Parameters and errors as of `viewshed`.
    """
    heights = _checked(z, eye, target)
    (c0, r0), (c1, r1) = eye, target
    crossed = [np.array([0.0, 1.0])]
    for start, end in ((c0, c1), (r0, r1)):
        lines = np.arange(np.floor(min(start, end)) + 1, np.ceil(max(start, end)))
        crossed.append((lines - start) / (end - start) if len(lines) else np.empty(0))
    t = np.unique(np.concatenate(crossed))
    ground = np.array([height_at(heights, c0 + u * (c1 - c0), r0 + u * (r1 - r0)) for u in t])
    d = float(np.hypot(c1 - c0, r1 - r0)) * cell_m
    line = eye_z + t * (target_z - eye_z) - _bulge(k) * t * (1 - t) * d * d
    inner = slice(1, len(t) - 1)
    clear = bool(_clear(heights, cell_m, (c0, r0, eye_z), (c1, r1, target_z), _bulge(k)))
    hidden = np.flatnonzero(~(ground[inner] <= line[inner])) + 1
    short = np.nan_to_num((ground - line)[hidden] / (1 - t[hidden]), nan=inf)
    first = None if clear else int(hidden[0]) if len(hidden) else int(np.argmax((ground - line)[inner])) + 1
    return Sight(t * d, ground, line, clear, first, 0.0 if clear else float(short.max(initial=0.0)))


def height_at(z: Floats, c: float, r: float) -> float:
    """Height at a column and row: linear both ways between the middles of cells; NaN beside cells without data."""
    c0, r0 = min(floor(c), z.shape[1] - 1), min(floor(r), z.shape[0] - 1)
    u, v = c - c0, r - r0
    if u <= ON_LINE or u >= 1 - ON_LINE:
        return float(_height(z, float(round(c)), r))
    if v <= ON_LINE or v >= 1 - ON_LINE:
        return float(_height(z, c, float(round(r))))
    return float(_height(z, c, float(r0)) * (1 - v) + _height(z, c, float(r0 + 1)) * v)


ON_LINE = 1e-9
"""Nearer than this to a line of the grid is on it."""


def _bulge(k: float) -> float:
    """How far the Earth's surface rises above a chord: times the distances to its two ends, in metres."""
    return (1 - k) / (2 * EARTH_RADIUS_M)


def _checked(z: ArrayLike, *points: tuple[float, float]) -> Floats:
    heights = np.ascontiguousarray(z, np.float64)
    for c, r in points:
        if not (0 <= c <= heights.shape[1] - 1 and 0 <= r <= heights.shape[0] - 1):
            raise Invalid("点在高程数据之外。", "A point lies off the heights.", field="lon")
    return heights
