"""Areas of rasters: the cells that something reaches, and the means of zones by the cell-centre rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
SHIFT_M = 1e-6
"""Cells are laid so far north-east of their grid: a road along the edge of two of them then lies in one."""


@dataclass(frozen=True)
class Grid:
    """Square cells: the outer corner of the first (north-west) one in metres, their size, rows and columns."""

    x0: float
    y0: float
    cell_m: float
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class Reached:
    """The cells of a raster that a depth, a probability or an arrival reaches: (rows, columns) flags on a grid."""

    grid: Grid
    cells: NDArray[np.bool_]

    @classmethod
    def least(cls, values: ArrayLike, grid: Grid, threshold: float) -> Reached:
        """Cells of at least so much; what is NaN is not reached."""
        found = np.asarray(values, float)
        if found.shape != (grid.rows, grid.columns):
            raise Invalid(
                f"栅格为 {found.shape}，应为 {(grid.rows, grid.columns)}。",
                f"The raster is {found.shape}, its grid {(grid.rows, grid.columns)}.",
                field="raster",
            )
        return cls(grid, found >= threshold)

    def boxes(self) -> Shapes:
        """The cells as rectangles that do not overlap, as large as runs along the rows allow."""
        edge = np.diff(np.pad(self.cells.astype(np.int8), ((0, 0), (1, 1))), axis=1)
        row, first = np.nonzero(edge == 1)
        last = np.nonzero(edge == -1)[1]
        by = np.lexsort((row, last, first))
        row, first, last = row[by], first[by], last[by]
        new = np.ones(len(row), bool)
        new[1:] = (np.diff(row) != 1) | (np.diff(first) != 0) | (np.diff(last) != 0)
        top = np.flatnonzero(new)
        end = np.append(top, len(row))[1:] - 1
        x0, y0, size = self.grid.x0 + SHIFT_M, self.grid.y0 + SHIFT_M, self.grid.cell_m
        found: Any = shapely.box(
            x0 + first[top] * size, y0 - (row[end] + 1) * size, x0 + last[top] * size, y0 - row[top] * size
        )
        return np.atleast_1d(np.asarray(found, object))


@dataclass(frozen=True, eq=False)
class Members:
    """Which cells of a grid have their centre in which zone: pairs (k,), by zone, of `zones` zones in all."""

    zones: int
    zone: Ints
    cell: Ints


def members(zones: Shapes, grid: Grid) -> Members:
    """The cells whose centre lies in a zone or on its edge: the exact cell-centre rule; zones may overlap."""
    zone, cell = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    shapely.prepare(zones)
    for k, shape in enumerate(zones):
        if shapely.is_empty(shape):
            continue
        x0, y0, x1, y1 = (shapely.bounds(shape) - [grid.x0, grid.y0, grid.x0, grid.y0]) / grid.cell_m
        columns = np.arange(max(int(np.ceil(x0 - 0.5)), 0), min(int(np.floor(x1 - 0.5)), grid.columns - 1) + 1)
        rows = np.arange(max(int(np.ceil(-y1 - 0.5)), 0), min(int(np.floor(-y0 - 0.5)), grid.rows - 1) + 1)
        row, column = (one.ravel() for one in np.meshgrid(rows, columns, indexing="ij"))
        x, y = grid.x0 + (column + 0.5) * grid.cell_m, grid.y0 - (row + 0.5) * grid.cell_m
        some = np.flatnonzero(shapely.intersects_xy(shape, x, y))
        zone.append(np.full(len(some), k))
        cell.append(row[some] * grid.columns + column[some])
    return Members(len(zones), np.concatenate(zone), np.concatenate(cell))


def zonal_mean(where: Members, values: ArrayLike) -> tuple[Floats, Ints]:
    """The mean of a raster in each zone and the number of known cells it rests on; NaN where there is none."""
    found = np.asarray(values, float).ravel()[where.cell]
    known = ~np.isnan(found)
    count = np.bincount(where.zone[known], minlength=where.zones)
    total = np.bincount(where.zone[known], found[known], where.zones)
    with np.errstate(invalid="ignore"):
        return total / count, count
