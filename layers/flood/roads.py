"""Water along roads: depth on each segment, and when it first is too deep for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid
from layers.flood.scene import Bools, Floats, Scene
from layers.flood.solver import Flood
from layers.flood.underpass import Filling


@dataclass(frozen=True)
class RoadIndex:
    """Where roads lie on a scene: cells (flat) along each, `begins[k]` the first of road k; made once for many runs."""

    cells: NDArray[np.int64]
    begins: NDArray[np.int64]
    lifted: Bools
    """Roads that water on the ground does not reach: bridges and tunnels, and those wholly outside."""
    raised_m: Floats | float = 0.0
    """(roads,) how far each one's surface lies above the ground; water passes beneath, as through culverts."""


@dataclass(frozen=True)
class RoadWater:
    """By road: depth now and at its peak, m; when it first reached each wading depth, (depths, roads) s, inf: never."""

    now_m: Floats
    peak_m: Floats
    depths_m: tuple[float, ...]
    reached_s: Floats


def road_index(scene: Scene, lines: NDArray[np.object_], *, lifted: ArrayLike | None = None) -> RoadIndex:
    """The cells that roads run over, sampled twice a cell.

    Parameters
    ----------
    lines : (roads,) shapely LineStrings in the scene's CRS.
    lifted : (roads,) bridges and tunnels, whose surface is not the ground's.
    """
    length = shapely.length(lines)
    count = np.ceil(2 * length / scene.cell_m).astype(np.int64) + 1
    begins = np.concatenate([[0], np.cumsum(count)])
    step = np.arange(begins[-1]) - np.repeat(begins[:-1], count)
    share = step / np.repeat(np.maximum(count - 1, 1), count)
    points = shapely.line_interpolate_point(np.repeat(lines, count), share, normalized=True)
    rows, columns = scene.cells_of(shapely.get_x(points), shapely.get_y(points))
    ny, nx = scene.z.shape
    inside = rows >= 0
    cells = np.where(inside, rows * nx + columns, ny * nx)
    road = np.repeat(np.arange(len(lines)), count)
    new = np.ones(len(cells), bool)
    new[1:] = (cells[1:] != cells[:-1]) | (road[1:] != road[:-1])
    kept: Bools = np.zeros(len(lines), bool) if lifted is None else np.asarray(lifted, bool)
    first = np.searchsorted(road[new], np.arange(len(lines)))
    reached = np.logical_or.reduceat(inside[new], first) if len(lines) else inside
    return RoadIndex(cells[new], first, kept | ~reached)


def along_roads(index: RoadIndex, grid: ArrayLike, outside: float = 0.0) -> Floats:
    """The greatest value of a grid (ny, nx) along each road; `outside` on bridges, in tunnels and beyond the grid."""
    if not len(index.begins):
        return np.zeros(0)
    flat = np.append(np.ravel(grid), outside)
    found: Floats = np.maximum.reduceat(flat.take(index.cells), index.begins)
    return np.where(index.lifted, outside, found)


def road_water(
    index: RoadIndex,
    flood: Flood,
    underpasses: Mapping[int, Filling] | None = None,
    *,
    depths_m: tuple[float, ...] | None = None,
) -> RoadWater:
    """The table of all roads; it decides nothing.

    Parameters
    ----------
    depths_m : the wading depths, all that the flood noted if left out; where roads are raised it has to have noted
        those depths above the raised surfaces too.
    underpasses : by the number of the road in the index, how the underpass on it filled; its depth is the road's, its
        times are those of the filling.

    Raises Invalid where an underpass lies on no road, or a depth was not noted.
    """
    wading = flood.depths_m if depths_m is None else depths_m
    raised = np.broadcast_to(np.asarray(index.raised_m, float), index.begins.shape)
    now, peak = (np.maximum(along_roads(index, grid) - raised, 0.0) for grid in (flood.state.h, flood.peak_m))
    reached = np.full((len(wading), len(now)), np.inf)
    for k, depth in enumerate(wading):
        for rise in np.unique(raised):
            here = raised == rise
            reached[k, here] = -along_roads(index, -flood.arrival_s[_noted(flood, depth + rise)], -np.inf)[here]
    for road, filling in (underpasses or {}).items():
        if not 0 <= road < len(now):
            raise Invalid(
                f"下穿通道所在路段 {road} 不存在。", f"No road {road} for the underpass.", field="underpasses"
            )
        here = filling.times_s <= flood.state.t_s
        depths, times = filling.depth_m[here], filling.times_s[here]
        now[road] = np.interp(flood.state.t_s, filling.times_s, filling.depth_m)
        peak[road] = max(depths.max(initial=0.0), now[road])
        for k, limit in enumerate(wading):
            deep = depths >= limit
            reached[k, road] = times[deep.argmax()] if deep.any() else np.inf
    return RoadWater(now, peak, wading, reached)


def _noted(flood: Flood, depth_m: float) -> int:
    """The number of a depth among those whose first times the flood noted."""
    for k, noted in enumerate(flood.depths_m):
        if abs(noted - depth_m) < 1e-6:
            return k
    raise Invalid(f"没有记录水深 {depth_m:g} 米的时间。", f"No times were noted for {depth_m:g} m.", field="depths_m")
