"""How water runs over a height grid: depressions filled, steepest ways down, gathered area, hills worn by streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

Field = NDArray[np.float64]
Cells = NDArray[np.int64]
_STEPS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


@dataclass(frozen=True)
class Flow:
    """Where each cell of a grid drains: `filled` heights (m), the cell `down` stream (itself at an outlet), `levels`.

    Cells are numbered row by row. `levels` lists the cells by their number of steps to an outlet, 0 first.
    """

    filled: Field
    down: Cells
    levels: tuple[Cells, ...]

    def area(self) -> Field:
        """Cells that drain through each cell, itself included."""
        found = np.ones(self.filled.size)
        for cells in self.levels[:0:-1]:
            np.add.at(found, self.down[cells], found[cells])
        return found.reshape(self.filled.shape)


def _neighbours(size: tuple[int, int]) -> tuple[Cells, Cells]:
    """The pairs of cells side by side (4-neighbours)."""
    number = np.arange(size[0] * size[1]).reshape(size)
    a = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    b = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    return a, b


def _filled(height: Field, outlet: NDArray[np.bool_]) -> tuple[Field, Cells]:
    """The lowest level at which each cell spills to an outlet, and the next cell on that way."""
    flat, size = height.ravel(), height.size
    a, b = _neighbours((height.shape[0], height.shape[1]))
    exits = np.flatnonzero(outlet)
    least = flat.min() - 2.0
    weight = np.concatenate([np.maximum(flat[a], flat[b]) - least, np.full(len(exits), 1.0)])
    ends = np.concatenate([a, exits]), np.concatenate([b, np.full(len(exits), size)])
    tree = minimum_spanning_tree(coo_array((weight, ends), shape=(size + 1, size + 1)).tocsr())
    _, before = breadth_first_order(tree, size, directed=False)
    way = np.where(before[:size] == size, np.arange(size), before[:size]).astype(np.int64)
    level, jump = flat.copy(), way
    while True:  # the highest cell on the way out, by doubling the stride
        level, beyond = np.maximum(level, level[jump]), jump[jump]
        if (beyond == jump).all():
            return level.reshape(height.shape), way
        jump = beyond


def drain(height: Field, outlet: NDArray[np.bool_]) -> Flow:
    """The flow over a grid towards its outlets: steepest descent, and through depressions the lowest way out.

    `height` in m, shape (rows, columns), square cells; `outlet` marks where water leaves, at least one cell.
    """
    filled, way = _filled(height, outlet)
    rows, cols = height.shape
    padded = np.pad(filled, 1, constant_values=np.inf)
    best, down = np.zeros(height.shape), way.reshape(height.shape).copy()
    number = np.arange(height.size).reshape(height.shape)
    for dr, dc in _STEPS:
        fall = (filled - padded[1 + dr : 1 + dr + rows, 1 + dc : 1 + dc + cols]) / np.hypot(dr, dc)
        steeper = fall > best
        best[steeper], down[steeper] = fall[steeper], (number + dr * cols + dc)[steeper]
    way_down = np.where(outlet, number, down).ravel()
    return Flow(filled, way_down, _levels(way_down))


def _levels(down: Cells) -> tuple[Cells, ...]:
    jump: Any = down
    steps: Any = (down != np.arange(len(down))).astype(np.int64)
    while True:
        further = steps + steps[jump]
        if (further == steps).all():
            break
        steps, jump = further, jump[jump]
    order = np.argsort(steps, kind="stable")
    return tuple(np.split(order, np.cumsum(np.bincount(steps))[:-1]))


def worn(height: Field, base: Field, outlet: NDArray[np.bool_], rise: Field, steepest: float, cell_m: float) -> Field:
    """Heights that streams would leave: from the outlets' `base` up, each step rising less the more water passes.

    `rise` is the slope of a cell that only drains itself; with area it falls to the power −0.42; `steepest` bounds it.
    """
    for _ in range(4):
        flow = drain(height, outlet)
        slope = np.minimum(rise * flow.area() ** -0.42, steepest).ravel()
        cols = height.shape[1]
        here = np.arange(height.size)
        apart = np.abs(here // cols - flow.down // cols) + np.abs(here % cols - flow.down % cols)
        step = slope * cell_m * np.where(apart == 2, np.sqrt(2), 1.0)
        found = base.ravel().copy()
        for cells in flow.levels[1:]:
            found[cells] = found[flow.down[cells]] + step[cells]
        height = found.reshape(height.shape)
    return height
