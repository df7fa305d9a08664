"""Where a given amount of rain would stand at last: fill, spill, merge; and what a level floods from a source.

Barnes, Callaghan, Wickert, "Computing water flow through complex landscapes, parts 2 and 3", Earth Surface Dynamics 8,
2020, and 9, 2021. There is no time in it, no loss and no friction: a first look that never closes a road.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike
from pyflwdir import from_array
from pyflwdir.dem import fill_depressions
from scipy.ndimage import binary_erosion, label

from gis_data.errors import Invalid
from layers.flood.scene import NO_DATA, Bools, Floats, Scene


def screen(scene: Scene, rain_mm: float | Floats) -> Floats:
    """Depth (ny, nx) m at which rain would come to rest, each drop having run down and filled what lies below.

    Parameters
    ----------
    rain_mm : what runs off, mm, one number or (ny, nx); take off what the ground and the drains keep beforehand.

    Water runs to the lowest of four neighbours, as in the model in time, so a row of raised cells stays tight even
    where it runs aslant. Water bodies, cells outside and an open outer edge swallow all that reaches them.
    """
    land = scene.land
    ny, nx = land.shape
    amount = np.broadcast_to(np.asarray(rain_mm, float) / 1000, land.shape)
    if not np.all(np.isfinite(amount)) or amount.min(initial=0.0) < 0:
        raise Invalid("雨量须为非负数。", "Rain must be numbers of 0 or more.", field="rain_mm")
    shape = (ny + 2, nx + 2)
    z = np.full(shape, -np.inf if scene.edge_slope is not None else np.inf)
    z[1:-1, 1:-1] = np.where(land, scene.z, np.where(scene.body >= 0, -np.inf, z[0, 0]))
    west, north = (np.full(shape if wall is not None else (0, 0), -np.inf) for wall in (scene.crest_x, scene.crest_y))
    if scene.crest_x is not None:
        west[1:-1, 1:] = scene.crest_x
    if scene.crest_y is not None:
        north[1:, 1:-1] = scene.crest_y
    flat, walls = z.ravel(), (west.ravel(), north.ravel())
    basin, pits = _basins(flat, *walls, nx + 2)
    water = _gathered(basin, pits, np.array(amount).ravel(), ny, nx)
    height, one, other = _saddles(flat, *walls, basin, nx + 2)
    tree = _merged(height, one, other, np.argsort(height), pits)
    under, count, total = _under(flat, basin, tree)
    own, room, full = _spilt(water, count, total, tree)
    level, partly = _levels(own, full, tree)
    _part_levels(flat, under, own, room, count, total, tree, level, partly)
    depth: Floats = _stood(flat, under, level).reshape(shape)[1:-1, 1:-1].copy()
    return depth


def connected_inundation(z: ArrayLike, level_m: float, source: tuple[int, int]) -> Bools:
    """Cells lower than a level that are joined to the source over sides, not corners.

    Parameters
    ----------
    z : (ny, nx) ground, metres, NaN outside.
    source : row and column; where it stands higher than the level nothing is flooded.
    """
    found, _ = label(np.asarray(z, float) < level_m)
    number = found[source]
    below: Bools = (found == number) & (number > 0)
    return below


def above_drainage(scene: Scene, river: ArrayLike) -> Floats:
    """Height (ny, nx) of each cell above the river cell that it drains to (HAND); NaN where it drains to none.

    Cells lower than the rise of the river stand to be flooded: compare with a stage. `river` is a (ny, nx) mask; water
    bodies lie at their levels. A pit drains over its rim, and is negative where it lies below the river. Source:
    Nobre and others, "Height Above the Nearest Drainage", J. Hydrology 404, 2011.
    """
    mask, known = np.asarray(river, bool), np.isfinite(scene.z)
    levels = np.array([body.at(0.0) for body in scene.bodies] or [0.0])
    ground = np.where(scene.body >= 0, levels[np.maximum(scene.body, 0)], scene.z)
    edge = known & ~binary_erosion(known, np.ones((3, 3)))
    out = np.flatnonzero((mask & known) | edge)
    _, ways = fill_depressions(np.where(known, ground, NO_DATA), nodata=NO_DATA, idxs_pit=out)
    ground[(ways == 0) & ~mask] = np.nan  # what leaves over the edge
    height = from_array(ways, ftype="d8", check_ftype=False).hand(mask, ground)
    return np.where(known, height, np.nan)


@njit(cache=True, nogil=True)
def _basins(z: Any, west: Any, north: Any, width: int) -> Any:
    """Which pit each cell runs to, 1 and up; 0 is the sea. Equal heights run to the first cell, which makes no flats.

    `z` is padded and flat: -inf swallows water, +inf is a wall; `west` and `north` are crests, or empty.
    """
    size = len(z)
    basin = np.full(size, -1, np.int32)
    to = np.empty(size, np.int32)
    pits = 0
    for c in range(size):
        if np.isinf(z[c]):
            to[c], basin[c] = c, 0
            continue
        best, low = c, z[c]
        for k in range(4):
            d = c - width if k == 0 else c - 1 if k == 1 else c + 1 if k == 2 else c + width
            if len(north) and k in (0, 3) and north[max(c, d)] > z[c]:
                continue
            if len(west) and k in (1, 2) and west[max(c, d)] > z[c]:
                continue
            if z[d] < low or (z[d] == low and d < best):
                best, low = d, z[d]
        to[c] = best
        if best == c:
            pits += 1
            basin[c] = pits
    for c in range(size):
        d = c
        while basin[d] < 0:
            d = to[d]
        found, d = basin[d], c
        while basin[d] < 0:
            basin[d], d = found, to[d]
    return basin, pits


@njit(cache=True, nogil=True)
def _gathered(basin: Any, pits: int, amount: Any, ny: int, nx: int) -> Any:
    """What falls on each basin, metres times cells."""
    water = np.zeros(2 * pits + 1)
    for r in range(ny):
        for c in range(nx):
            water[basin[(r + 1) * (nx + 2) + c + 1]] += amount[r * nx + c]
    return water


@njit(cache=True, nogil=True)
def _saddles(z: Any, west: Any, north: Any, basin: Any, width: int) -> Any:
    """The height of every face between two basins, and the basins."""
    count = 0
    for c in range(width, len(z)):
        count += (basin[c] != basin[c - 1]) + (basin[c] != basin[c - width])
    height, one, other = np.empty(count), np.empty(count, np.int32), np.empty(count, np.int32)
    n = 0
    for c in range(width, len(z)):
        for d in (c - 1, c - width):
            if basin[c] != basin[d]:
                high = max(z[c], z[d])
                wall = west if d == c - 1 else north
                if len(wall):
                    high = max(high, wall[c])
                if high < np.inf:
                    height[n], one[n], other[n] = high, basin[c], basin[d]
                    n += 1
    return height[:n], one[:n], other[:n]


@njit(cache=True, nogil=True)
def _find(union: Any, x: int) -> int:
    while union[x] != x:
        union[x] = union[union[x]]
        x = union[x]
    return x


@njit(cache=True, nogil=True)
def _merged(height: Any, one: Any, other: Any, order: Any, pits: int) -> Any:
    """The tree of depressions: (parent, left, right, height of the brim, basin beyond it, order of the brims).

    Nodes 1..pits are basins, those above are made of two. A brim over the sea's side ends a tree: its parent is -1.
    """
    most = 2 * pits + 1
    parent, left, right = np.full(most, -1, np.int32), np.full(most, -1, np.int32), np.full(most, -1, np.int32)
    brim, beyond = np.full(most, np.inf), np.full(most, -1, np.int32)
    union = np.arange(most)
    brims = np.empty(most, np.int32)
    n, new = 0, pits + 1
    for k in order:
        a, b = one[k], other[k]
        x, y = _find(union, a), _find(union, b)
        if x == y:
            continue
        if x == 0 or y == 0:
            inner, outer = (y, a) if x == 0 else (x, b)
            brim[inner], beyond[inner] = height[k], outer
            union[inner] = 0
            brims[n] = inner
            n += 1
            continue
        brim[x], brim[y], beyond[x], beyond[y] = height[k], height[k], b, a
        parent[x], parent[y], left[new], right[new] = new, new, x, y
        union[x], union[y] = new, new
        brims[n], brims[n + 1] = x, y
        n += 2
        new += 1
    return parent, left, right, brim, beyond, brims[:n]


@njit(cache=True, nogil=True)
def _under(z: Any, basin: Any, tree: Any) -> Any:
    """The smallest depression whose brim is higher than each cell, 0 for none; how many cells each has, children's
    included, and the sum of their heights."""
    parent, left, right, brim, _, _ = tree
    most = len(parent)
    top, depth = brim.copy(), np.zeros(most, np.int32)
    far = np.arange(most)  # an ancestor further up, so that a climb takes as many steps as its length has digits
    for x in range(most - 1, 0, -1):
        up = parent[x]
        if up >= 0:
            top[x], depth[x] = top[up], depth[up] + 1
            even = depth[up] - depth[far[up]] == depth[far[up]] - depth[far[far[up]]]
            far[x] = far[far[up]] if even else up
    under = np.zeros(len(z), np.int32)
    count, total = np.zeros(most), np.zeros(most)
    for c in range(len(z)):
        x = basin[c]
        if x > 0 and z[c] < top[x]:
            while brim[x] <= z[c]:
                x = far[x] if brim[far[x]] <= z[c] else parent[x]
            under[c] = x
            count[x] += 1
            total[x] += z[c]
    for x in range(most):
        if left[x] >= 0:
            count[x] += count[left[x]] + count[right[x]]
            total[x] += total[left[x]] + total[right[x]]
    return under, count, total


@njit(cache=True, nogil=True)
def _spilt(water: Any, count: Any, total: Any, tree: Any) -> Any:
    """What each depression holds beyond what its two parts do, what it can hold, and whether it is full to the brim."""
    parent, left, right, brim, beyond, brims = tree
    most = len(parent)
    own, excess = np.zeros(most), np.zeros(most)
    room, full, known = np.zeros(most), np.zeros(most, np.bool_), np.zeros(most, np.bool_)
    for x in range(1, most):
        if count[x] > 0:
            room[x] = brim[x] * count[x] - total[x]
        if left[x] >= 0 and brim[x] < np.inf:
            both = left[x], right[x]
            room[x] = max(0.0, room[x] - (brim[both[0]] * count[both[0]] - total[both[0]]))
            room[x] = max(0.0, room[x] - (brim[both[1]] * count[both[1]] - total[both[1]]))
        if left[x] < 0:
            own[x] = min(water[x], room[x])
            excess[x] = water[x] - own[x]
            full[x] = water[x] >= room[x]
    for x in brims:
        known[x] = True
        amount, excess[x] = excess[x], 0.0
        while amount > 0.0:
            if not known[x]:
                excess[x] += amount
                break
            up = parent[x]
            if up >= 0 and full[left[up]] and full[right[up]]:
                x = up
            else:
                x = beyond[x]
                if x == 0:
                    break
            if not full[x]:
                space = room[x] - own[x]
                if amount < space:
                    own[x] += amount
                    break
                own[x], full[x] = room[x], True
                amount -= space
    return own, room, full


@njit(cache=True, nogil=True)
def _levels(own: Any, full: Any, tree: Any) -> Any:
    """The water's level over each depression: -inf for none, +inf where still to be found, those `partly` full."""
    parent, brim = tree[0], tree[3]
    level = np.full(len(own), -np.inf)
    partly = np.zeros(len(own), np.bool_)
    for x in range(len(own) - 1, 0, -1):
        up = parent[x]
        if up >= 0 and level[up] > -np.inf:
            level[x] = np.inf if level[up] == np.inf else level[up]
        elif full[x] and own[x] + (tree[1][x] >= 0) > 0:
            level[x] = brim[x]
        elif own[x] > 0:
            level[x], partly[x] = np.inf, True
    return level, partly


@njit(cache=True, nogil=True)
def _part_levels(
    z: Any, under: Any, own: Any, room: Any, count: Any, total: Any, tree: Any, level: Any, partly: Any
) -> None:
    """Levels of depressions that are full in part, and of all within them, in place."""
    parent, left, right, brim, _, _ = tree
    begins = np.zeros(len(own) + 1, np.int64)
    for c in range(len(z)):
        if partly[under[c]]:
            begins[under[c] + 1] += 1
    begins = np.cumsum(begins)
    heights, at = np.empty(begins[-1]), begins.copy()
    for c in range(len(z)):
        x = under[c]
        if partly[x]:
            heights[at[x]] = z[c]
            at[x] += 1
    for x in range(len(own) - 1, 0, -1):
        if partly[x]:
            held, cells, sum_ = own[x], 0.0, 0.0
            for child in (left[x], right[x]):
                if child >= 0:
                    held += brim[child] * count[child] - total[child]
                    cells += count[child]
                    sum_ += total[child]
            here = np.sort(heights[begins[x] : begins[x + 1]])
            for k in range(len(here)):
                if cells > 0 and (held + sum_) / cells <= here[k]:
                    break
                cells += 1
                sum_ += here[k]
            level[x] = (held + sum_) / cells
        elif level[x] == np.inf and parent[x] >= 0:
            level[x] = level[parent[x]]


@njit(cache=True, nogil=True)
def _stood(z: Any, under: Any, level: Any) -> Any:
    depth = np.zeros(len(z))
    for c in range(len(z)):
        if under[c] > 0:
            depth[c] = max(0.0, level[under[c]] - z[c])
    return depth
