# mypy: disallow-untyped-decorators=False
"""The compiled loop of `spread`: how a front crosses cells, first come first served.

A cell's fire runs as an ellipse whose rear focus is where it comes from, so the seconds to go d metres (x, y) in it are
s·|d| − ω·d, with three numbers a cell: s, ωx, ωy in seconds per metre; s is infinite where nothing burns.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, inf, sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

RADIUS = 5
"""Cells that a stencil reaches: 5 gives 80 directions."""
UNMET, SETTLED, NEVER = -1, -2, -3
"""In the place of a cell's place in the heap; what never burns is `NEVER`, and so is the border of the grid."""


@dataclass(frozen=True, eq=False)
class Stencil:
    """Steps from a cell (n of them, by angle), and which cells each crosses, as offsets in rows of `width` cells.

    Attributes
    ----------
    radius : cells. step (n,) : offset. x, y (n,) : metres east and north.
    first (n + 1,), crossed, share : cells crossed, from `first[k]` on, and the share of the step's length in each.
    corner (n, 2) : the two cells whose common corner the step goes through, 0 where it meets none.
    side (n, 2, 7) : of the triangles with the two adjacent steps: direction (x, y) of the third side, 1 / its length,
    the goal's distance from it, how far from the foot it begins, and the sines under which the goal sees its ends.
    """

    radius: int
    step: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    first: NDArray[np.int64]
    crossed: NDArray[np.int64]
    share: NDArray[np.float64]
    corner: NDArray[np.int64]
    side: NDArray[np.float64]


def stencil(width: int, cell_m: float, radius: int = RADIUS) -> Stencil:
    """All steps of at most `radius` cells each way that pass over no cell's centre."""
    around = range(-radius, radius + 1)
    steps = [(i, j) for i in around for j in around if gcd(i, j) == 1]  # i cells east, j north
    steps.sort(key=lambda step: np.arctan2(step[1], step[0]))
    d = np.array(steps, float) * cell_m
    first, crossed, share, corners = [0], [], [], []
    for i, j in steps:
        cuts = {0.0, 1.0}
        cuts |= {(k + 0.5) / abs(i) for k in range(abs(i))} | {(k + 0.5) / abs(j) for k in range(abs(j))}
        at = np.unique(np.round(sorted(cuts), 12))
        middle = (at[1:] + at[:-1]) / 2
        crossed += [int(np.rint(a * i)) - int(np.rint(a * j)) * width for a in middle]
        share += np.diff(at).tolist()
        first.append(len(share))
        if i % 2 and j % 2:
            e, n = (i - np.sign(i)) // 2, (j - np.sign(j)) // 2
            corners.append([e + np.sign(i) - n * width, e - (n + np.sign(j)) * width])
        else:
            corners.append([0, 0])
    sides = np.empty((len(steps), 2, 7))
    for side, turn in enumerate((1, -1)):
        q = np.roll(d, turn, axis=0) - d
        m = np.hypot(*q.T)
        h, a = np.abs(d[:, 0] * q[:, 1] - d[:, 1] * q[:, 0]) / m, (d * q).sum(axis=1) / m
        sides[:, side] = np.c_[q / m[:, None], 1 / m, h, a, a / np.hypot(a, h), (a + m) / np.hypot(a + m, h)]
    step = np.array([i - j * width for i, j in steps])
    return Stencil(
        radius, step, d[:, 0].copy(), d[:, 1].copy(), np.array(first), np.array(crossed), np.array(share),
        np.array(corners), sides,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def push(heap: Any, place: Any, arrival: Any, size: int, cell: int) -> int:
    """Put a cell into the heap of four by its arrival, or raise it; the heap's size."""
    i = place[cell]
    if i < 0:
        i = size
        size += 1
    time = arrival[cell]
    while i > 0:
        above = (i - 1) >> 2
        other = heap[above]
        if arrival[other] <= time:
            break
        heap[i] = other
        place[other] = i
        i = above
    heap[i] = cell
    place[cell] = i
    return size


@njit(cache=True, nogil=True)
def pop(heap: Any, place: Any, arrival: Any, size: int) -> int:
    """Take the earliest cell, `heap[0]`, out of the heap; the heap's size."""
    place[heap[0]] = SETTLED
    size -= 1
    if size == 0:
        return 0
    cell = heap[size]
    time = arrival[cell]
    i = 0
    while True:
        child = 4 * i + 1
        if child >= size:
            break
        best = child
        for k in range(child + 1, min(child + 4, size)):
            if arrival[heap[k]] < arrival[heap[best]]:
                best = k
        if arrival[heap[best]] >= time:
            break
        heap[i] = heap[best]
        place[heap[i]] = i
        i = best
    heap[i] = cell
    place[cell] = i
    return size


@njit(cache=True, nogil=True, fastmath={"contract"})
def grow(
    arrival: Any, heap: Any, place: Any, size: int, pace: Any, until: Any, limit: float, most: int,
    step: Any, x: Any, y: Any, first: Any, crossed: Any, share: Any, corner: Any, side: Any,
) -> int:  # fmt: skip
    """Settle at most `most` cells, none after `limit`; the heap's size, 0 at the end.

    Parameters
    ----------
    arrival (n,) : seconds, in place. heap, place (n,) : cells that wait, and where in the heap, or a word from above.
    pace (periods, n, 3) : s, ωx, ωy of each cell while the wind is that of the period. until (periods,) : its end, s.
    """
    n, last = len(step), len(until) - 1
    period = 0
    for _ in range(most):
        if size == 0:
            return 0
        u = heap[0]
        t = arrival[u]
        if t > limit:
            return 0
        size = pop(heap, place, arrival, size)
        while period < last and until[period] <= t:
            period += 1
        for k in range(n):
            v = u + step[k]
            if place[v] <= SETTLED:
                continue
            if corner[k, 0] != 0 and place[u + corner[k, 0]] == NEVER and place[u + corner[k, 1]] == NEVER:
                continue  # no way between two cells that touch at a corner
            now, left, p = t, 1.0, period
            while True:  # through the periods, each does its share of the step
                s, wx, wy = 0.0, 0.0, 0.0
                for c in range(first[k], first[k + 1]):
                    cell = u + crossed[c]
                    s += share[c] * pace[p, cell, 0]
                    wx += share[c] * pace[p, cell, 1]
                    wy += share[c] * pace[p, cell, 2]
                cost = s * sqrt(x[k] * x[k] + y[k] * y[k]) - wx * x[k] - wy * y[k]
                if p == last or now + left * cost <= until[p]:
                    break
                left -= (until[p] - now) / cost
                now = until[p]
                p += 1
            best = now + left * cost
            if p == period and s < inf:
                for way in range(2):  # from between this cell and a settled one beside it
                    w = v - step[k - 1 if way == 0 else (k + 1) % n]
                    if place[w] == SETTLED:
                        g = wx * side[k, way, 0] + wy * side[k, way, 1] - (arrival[w] - t) * side[k, way, 2]
                        if s * side[k, way, 5] < g < s * side[k, way, 6]:
                            over = side[k, way, 3] * sqrt(s * s - g * g) + side[k, way, 4] * g
                            best = min(best, t - wx * x[k] - wy * y[k] + over)
            if best < arrival[v]:
                arrival[v] = best
                size = push(heap, place, arrival, size, v)
    return size
