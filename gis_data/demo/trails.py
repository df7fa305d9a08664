"""Roads that the terrain decides: least-cost courses over the hills, winding where straight is too steep."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis_data.demo.ground import Field, Ground, rounded

STEP_M = 50.0
_MOVES = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2)]
Cells = NDArray[np.int64]


class Hills:
    """A lattice over the hilly part, on which courses are sought."""

    def __init__(self, ground: Ground, grade: float) -> None:
        """`grade` is the slope that doubles the cost of a metre."""
        west, south, east, north = ground.outline.bounds
        self.origin = np.array([west - 400, south - 400])
        self.shape = (int((north - south + 800) / STEP_M), int((east - west + 800) / STEP_M))
        rows, cols = np.divmod(np.arange(self.shape[0] * self.shape[1]), self.shape[1])
        self.xy: Field = self.origin + np.stack([cols, rows], axis=-1) * STEP_M
        height = ground.at(self.xy)
        wet = shapely.contains_xy(ground.broad_water.buffer(45), self.xy[:, 0], self.xy[:, 1])
        free = ~wet
        starts, ends, costs = [], [], []
        for dr, dc in _MOVES:
            keep = free & (rows + dr < self.shape[0]) & (cols + dc < self.shape[1]) & (cols + dc >= 0)
            a = np.flatnonzero(keep)
            b = a + dr * self.shape[1] + dc
            a, b = a[free[b]], b[free[b]]
            run = STEP_M * np.hypot(dr, dc)
            slope = np.abs(height[b] - height[a]) / run
            starts.append(a)
            ends.append(b)
            costs.append(run * (1 + (slope / grade) ** 2))
        size = len(self.xy)
        self.graph = coo_array(
            (np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))), shape=(size, size)
        ).tocsr()

    def cell(self, xy: Field) -> Cells:
        """The lattice cells nearest to points."""
        col, row = np.round((xy - self.origin) / STEP_M).astype(np.int64).T
        found: Cells = np.clip(row, 0, self.shape[0] - 1) * self.shape[1] + np.clip(col, 0, self.shape[1] - 1)
        return found

    def course(self, start: int, end: int) -> Cells:
        """The cheapest course between two cells."""
        reach = 14 * float(np.hypot(*(self.xy[start] - self.xy[end]))) + 4000
        _, before = dijkstra(self.graph, directed=False, indices=start, return_predecessors=True, limit=reach)
        found = [end]
        while found[-1] != start and before[found[-1]] >= 0:
            found.append(int(before[found[-1]]))
        return np.array(found[::-1])

    def branches(self, sources: Cells, targets: Cells) -> list[Cells]:
        """Courses from each target to its cheapest source, sharing trunks; cut where they branch, source first."""
        _, before, _ = dijkstra(
            self.graph, directed=False, indices=np.unique(sources), return_predecessors=True, min_only=True
        )
        parent: dict[int, int] = {}
        for target in targets.tolist():
            at = target
            while before[at] >= 0 and at not in parent:
                parent[at] = int(before[at])
                at = parent[at]
        children: dict[int, int] = defaultdict(int)
        for up in parent.values():
            children[up] += 1
        tips = [c for c in parent if children[c] != 1 or c in set(targets.tolist())]
        found = []
        for tip in tips:
            course = [tip]
            while course[-1] in parent:
                course.append(parent[course[-1]])
                if children[course[-1]] != 1 or course[-1] in tips:
                    break
            found.append(np.array(course[::-1]))
        return found

    def smooth(self, course: Cells, start: Field | None = None, end: Field | None = None) -> shapely.LineString:
        """A course as a rounded line; its ends may be moved onto other points."""
        xy = self.xy[course].copy()
        thin = np.vstack([xy[:1], xy[1:-1:2], xy[-1:]]) if len(xy) > 4 else xy
        found = rounded(thin, closed=False, times=2).round()
        for place, to in ((0, start), (-1, end)):
            if to is not None:
                found[place] = to
        return shapely.LineString(found)
