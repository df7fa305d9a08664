"""Catchments (汇水区): the ground above a point whose water comes by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyflwdir import from_array
from pyflwdir.dem import fill_depressions
from rasterio.features import shapes

NODATA = -9999.0
_D8 = {1: (0, 1), 2: (1, 1), 4: (1, 0), 8: (1, -1), 16: (0, -1), 32: (-1, -1), 64: (-1, 0), 128: (-1, 1)}
"""Code of a direction → rows and columns on."""


def _directions(heights: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Where each cell's water goes: down the steepest way, over flats as they fill."""
    filled, found = fill_depressions(np.where(known, heights, NODATA), nodata=NODATA, outlets="edge")
    z = np.pad(np.where(known, filled, np.inf), 1, constant_values=np.inf)
    steepest = np.zeros(heights.shape)
    inner = (found != 0) & known  # at the edge water leaves
    for code, (down, right) in _D8.items():
        rows, columns = (slice(1 + step, n + 1 + step) for step, n in zip((down, right), heights.shape, strict=True))
        with np.errstate(invalid="ignore"):
            fall = (z[1:-1, 1:-1] - z[rows, columns]) / np.hypot(down, right)
        better = inner & (fall > steepest)
        found[better], steepest[better] = code, fall[better]
    return np.asarray(found, np.uint8)


def catchments(z: ArrayLike, transform: Affine, outlets: ArrayLike, snap_m: float = 150.0) -> list[Any]:
    """The catchment of each outlet, as a polygon; None for an outlet off the grid or on unknown ground.

    Pits are filled, water runs to the lowest of eight neighbours, and off the grid at its edge: a catchment that
    reaches there is cut. Catchments of outlets on one stream lie within each other.

    Parameters
    ----------
    z : heights, m, rows from the north; NaN is unknown ground.
    transform : from columns and rows to a metric CRS.
    outlets : n × 2, metres in that CRS.
    snap_m : an outlet is moved to the nearest cell of the strongest stream within so far: to one that gathers at least
        half as much as any. A DEMO value.

    Source: Wang and Liu 2006 (filling), O'Callaghan and Mark 1984 (D8), by way of pyflwdir.
    """
    heights = np.asarray(z, np.float32)
    known = np.isfinite(heights)
    flow = from_array(_directions(heights, known), ftype="d8", check_ftype=False, transform=transform, latlon=False)
    above: NDArray[np.float64] = np.where(known, flow.upstream_area("cell"), -1.0)
    reach = max(1, round(snap_m / abs(transform.a)))
    found: list[Any] = []
    for x, y in np.asarray(outlets, float).reshape(-1, 2):
        column, row = (int(np.floor(v)) for v in ~transform @ (x, y))
        r0, c0 = max(row - reach, 0), max(column - reach, 0)
        near = above[r0 : max(row + reach + 1, 0), c0 : max(column + reach + 1, 0)]
        if not near.size or near.max() < 0:
            found.append(None)
            continue
        rows, columns = np.nonzero(near >= near.max() / 2)
        nearest = np.argmin(np.hypot(rows + r0 - row, columns + c0 - column))
        r, c = rows[nearest], columns[nearest]
        basin = flow.basins(idxs=np.array([(r0 + r) * heights.shape[1] + c0 + c])) > 0
        parts = [shapely.geometry.shape(part) for part, _ in shapes(basin.astype(np.uint8), basin, 8, transform)]
        found.append(shapely.union_all(parts))
    return found
