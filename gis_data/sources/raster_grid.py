"""One raster onto another grid, in blocks: each kind by the rule that keeps its meaning.

Heights and rain are interpolated upwards and averaged downwards, classes are counted and never averaged, and people
are shared out by area, so that their sum stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, reproject, transform_bounds
from rasterio.windows import Window

from gis_data import crs as coordinates
from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Kind = Literal["terrain", "landcover", "population", "rain"]
Box = tuple[float, float, float, float]

FINER: dict[Kind, Resampling] = {
    "terrain": Resampling.cubic_spline,
    "landcover": Resampling.nearest,
    "rain": Resampling.bilinear,
}
"""How values come onto cells smaller than their own; people are shared out instead."""
COARSER: dict[Kind, Resampling] = {
    "terrain": Resampling.average,
    "landcover": Resampling.mode,
    "rain": Resampling.average,
}
"""How values come onto cells larger than their own."""

_BLOCK_CELLS, _PART_CELLS = 2**18, 2**16


def blocks(source: DatasetReader) -> Iterator[Window]:
    """Windows that cover a raster along its stored blocks, about a quarter of a million cells each."""
    height, width = source.block_shapes[0]
    width *= max(1, 512 // width)
    height *= max(1, _BLOCK_CELLS // width // height)
    for top in range(0, source.height, height):
        for left in range(0, source.width, width):
            yield Window(left, top, min(width, source.width - left), min(height, source.height - top))


def values(source: DatasetReader, window: Window) -> Floats:
    """The values of a window; NaN where there are none."""
    cells: Floats = source.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    cells[~np.isfinite(cells)] = np.nan
    return cells


def cell_size(source: DatasetReader, crs: str, x: float, y: float) -> float:
    """The longer side of the raster's cell at x, y of `crs`, in the units of `crs`."""
    x0, y0 = coordinates.transformer(crs, source.crs.to_wkt()).transform(x, y)
    corners = [(x0, y0), (x0 + source.res[0], y0), (x0, y0 - source.res[1])]
    east, north = coordinates.transformer(source.crs.to_wkt(), crs).transform(*np.transpose(corners))
    return float(np.hypot(east[1:] - east[0], north[1:] - north[0]).max())


def spread(
    source: DatasetReader, crs: str, transform: Affine, shape: tuple[int, int], box: Sequence[float] | None = None
) -> Floats:
    """Counts shared out by area onto a grid of rows × columns; what falls off the grid is left out.

    Each cell goes, as an upright rectangle round its place on the grid, to the grid's cells that it overlaps. Its
    shares add up to its count, so the sum is kept exactly. With a `box` (degrees), only cells whose centre lies
    inside it count.
    """
    out = np.zeros(shape)
    to_grid = coordinates.transformer(source.crs.to_wkt(), crs)
    to_degrees = coordinates.transformer(source.crs.to_wkt(), coordinates.STORAGE)
    for window in _reaching(source, transform_bounds(crs, source.crs, *array_bounds(*shape, transform))):
        counts = np.nan_to_num(values(source, window))
        if box is not None and counts.any():
            col, row = np.meshgrid(np.arange(window.width) + 0.5, np.arange(window.height) + 0.5)
            lon, lat = to_degrees.transform(*(source.transform @ (col + window.col_off, row + window.row_off)))
            counts = np.where(coordinates.inside(lon, lat, box), counts, 0)
        rows, cols = np.nonzero(counts)
        if not len(rows):
            continue
        edges = np.meshgrid(np.arange(window.width + 1.0), np.arange(window.height + 1.0))
        x, y = source.transform @ (edges[0] + window.col_off, edges[1] + window.row_off)
        corner = np.stack(~transform @ tuple(to_grid.transform(x, y)))  # in columns and rows of the grid
        low = np.clip(np.floor(corner.min(axis=(1, 2))).astype(int) - 1, 0, shape[::-1])
        high = np.clip(np.floor(corner.max(axis=(1, 2))).astype(int) + 2, low, shape[::-1])
        a, b = corner[:, rows, cols], corner[:, rows, cols + 1]
        c, d = corner[:, rows + 1, cols], corner[:, rows + 1, cols + 1]
        size = np.abs(np.stack([b[0] - a[0] + d[0] - c[0], c[1] - a[1] + d[1] - b[1]])) / 2  # wide and high
        steps = np.ceil(size.max(axis=1) - 1e-9).astype(int)  # parts no larger than the grid's cells
        part = np.zeros((high - low)[::-1])
        for v in (np.arange(steps[1]) + 0.5) / steps[1]:
            west, east = a + v * (c - a), b + v * (d - b)
            for u in (np.arange(steps[0]) + 0.5) / steps[0]:
                middle = west + u * (east - west) - low[:, None]
                _share(middle, size / steps[:, None], counts[rows, cols] / steps.prod(), part)
        out[low[1] : high[1], low[0] : high[0]] += part
    return out


def _share(middle: Floats, size: Floats, count: Floats, out: Floats) -> None:
    """Add counts to the cells that their rectangles overlap: (2, n) columns and rows, sides of at most a cell."""
    first = np.floor(middle - size / 2)
    near = np.clip((first + 1 - middle) / size + 0.5, 0, 1)  # the share of the first of two columns, and of two rows
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        col, row = first[0].astype(np.int64) + right, first[1].astype(np.int64) + down
        share = count * np.abs(right - near[0]) * np.abs(down - near[1])
        on = (col >= 0) & (col < out.shape[1]) & (row >= 0) & (row < out.shape[0])
        out += np.bincount(row[on] * out.shape[1] + col[on], share[on], out.size).reshape(out.shape)


def _reaching(source: DatasetReader, bounds: Box) -> Iterator[Window]:
    """The parts of blocks that come within two cells of bounds given in the raster's CRS."""
    wide, high = 2 * source.res[0], 2 * source.res[1]
    for block in blocks(source):
        rows = max(1, _PART_CELLS // block.width)
        for row in range(0, block.height, rows):
            part = Window(block.col_off, block.row_off + row, block.width, min(rows, block.height - row))
            west, south, east, north = source.window_bounds(part)
            if meet((west - wide, south - high, east + wide, north + high), bounds):
                yield part


def meet(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _fineness(source: DatasetReader, crs: str, bounds: Box, shape: tuple[int, int]) -> float | None:
    """How many of the raster's cells go along one of a grid's; None where they do not meet.

    The world does not fit a metric CRS: a raster in degrees is met in its own CRS, any other in the grid's.
    """
    if source.crs.is_geographic:
        box, cell = transform_bounds(crs, source.crs, *bounds), source.res[0]
        return (box[2] - box[0]) / shape[1] / cell if meet(box, tuple(source.bounds)) else None
    box = transform_bounds(source.crs, crs, *source.bounds)
    cell = max((box[2] - box[0]) / source.width, (box[3] - box[1]) / source.height)
    return (bounds[2] - bounds[0]) / shape[1] / cell if meet(box, bounds) else None


def regrid(file: str | Path, kind: Kind, crs: str, transform: Affine, shape: tuple[int, int]) -> Floats:
    """A raster on a north-up grid of rows × columns in `crs`, by the rule of its kind; NaN where it has nothing.

    Coarse grids are read from the file's overviews. Raises Invalid for a file without a CRS.
    """
    out = np.full(shape, np.nan)
    with rasterio.open(file) as source:
        if source.crs is None:
            raise Invalid("栅格没有坐标系。", "The raster has no coordinate system.", field="file")
        if kind == "population":
            return spread(source, crs, transform, shape)
        times = _fineness(source, crs, array_bounds(*shape, transform), shape)
        if times is None:
            return out
        level = sum(factor <= times for factor in source.overviews(1)) - 1
    with rasterio.open(file, **({"OVERVIEW_LEVEL": level} if level >= 0 else {})) as source:
        reproject(
            rasterio.band(source, 1),
            out,
            dst_transform=transform,
            dst_crs=crs,
            dst_nodata=np.nan,
            resampling=(COARSER if times > 1 else FINER)[kind],
        )
    return out
