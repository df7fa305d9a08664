"""One file for a load: several rasters mosaicked in blocks, then kept as a cloud-optimised GeoTIFF."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.shutil import copy as copy_raster
from rasterio.transform import array_bounds
from rasterio.vrt import WarpedVRT
from rasterio.warp import Resampling, calculate_default_transform, transform_bounds
from rasterio.windows import Window

from gis_data.sources.raster_file import Source, naming
from gis_data.sources.raster_grid import COARSER, FINER, Box, Kind, meet

_TILE = 256
_WIDEST = 64 * _TILE


def _own_grid(source: Source, crs: str) -> tuple[Affine, Box]:
    """A raster's cells and extent in `crs`: its own where that is its CRS, else such as keep its resolution."""
    data = source.data
    if source.crs == crs:
        return data.transform, (data.bounds.left, data.bounds.bottom, data.bounds.right, data.bounds.top)
    cells, _, _ = calculate_default_transform(source.crs, crs, data.width, data.height, *data.bounds)
    west, south, east, north = transform_bounds(source.crs, crs, *data.bounds)
    return cells, (west, south, east, north)


def _common_grid(sources: Sequence[Source]) -> tuple[Affine, int, int]:
    """The grid of all: the first one's CRS and origin, the finest cells, the extent of all."""
    crs = sources[0].crs
    grids = [_own_grid(source, crs) for source in sources]
    finest = min((cells for cells, _ in grids), key=lambda cells: cells.a)
    wide, high = finest.a, -finest.e
    x0, y0 = sources[0].data.bounds.left, sources[0].data.bounds.top
    boxes = [box for _, box in grids]
    west = x0 + math.floor((min(b[0] for b in boxes) - x0) / wide + 0.01) * wide
    north = y0 + math.ceil((max(b[3] for b in boxes) - y0) / high - 0.01) * high
    width = math.ceil((max(b[2] for b in boxes) - west) / wide - 0.01)
    height = math.ceil((north - min(b[1] for b in boxes)) / high - 0.01)
    return Affine(wide, 0, west, 0, -high, north), width, height


def _off_grid(source: Source, crs: str, grid: Affine) -> float | None:
    """How far a raster's cells lie off the grid's, in cells; None where CRS or cell size differ."""
    data = source.data
    size = max(data.width, data.height)
    if source.crs != crs or not np.allclose((data.transform.a, -data.transform.e), (grid.a, -grid.e), rtol=0.01 / size):
        return None
    column, row = ~grid @ (data.bounds.left, data.bounds.top)
    return float(max(abs(column - round(column)), abs(row - round(row))))


def _resampling(kind: Kind, source: Source, crs: str, grid: Affine) -> Resampling:
    off = _off_grid(source, crs, grid)
    if off is not None and off < 0.01:
        return Resampling.nearest
    if kind == "population":
        raise source.bad(
            "与其他文件不在同一格网上, 拼接会改变人口总数; 请分别导入或先统一格网",
            "does not lie on one grid with the other files, and joining them would change the number of people; "
            "bring them onto one grid first",
        )
    cells, _ = _own_grid(source, crs)
    return (COARSER if grid.a > 1.01 * cells.a else FINER)[kind]


def _profile(kind: Kind, sources: Sequence[Source], used: Iterable[int]) -> dict[str, Any]:
    """Type and nodata of the mosaic; for classes a nodata code that no class uses."""
    if kind != "landcover":
        return {"dtype": "float32", "nodata": np.nan, "predictor": 3}
    narrow = all(source.data.dtypes[0] == "uint8" for source in sources)
    declared = [source.data.nodata for source in sources if source.data.nodata is not None]
    free = (code for code in range(256) if code not in set(used))
    return {"dtype": "uint8" if narrow else "int32", "nodata": declared[0] if declared else next(free), "predictor": 2}


def mosaic(kind: Kind, sources: Sequence[Source], target: Path, used: Iterable[int] = ()) -> None:
    """Write all rasters as one GeoTIFF in the CRS of the first; where they overlap, the first with a value holds.

    Rasters on another grid are brought onto the common one by the rule of their kind; population is refused then
    (Invalid). `used` are the class codes that mean something.
    """
    crs = sources[0].crs
    grid, width, height = _common_grid(sources)
    profile = _profile(kind, sources, used)
    with ExitStack() as stack:
        common = {"crs": crs, "transform": grid, "width": width, "height": height}
        layers = [
            stack.enter_context(
                WarpedVRT(
                    source.data,
                    src_crs=source.crs,
                    resampling=_resampling(kind, source, crs, grid),
                    nodata=profile["nodata"],
                    dtype=profile["dtype"],
                    warp_mem_limit=32,
                    **common,
                )
            )
            for source in sources
        ]
        extents = [_own_grid(source, crs)[1] for source in sources]
        tiled = {"tiled": True, "blockxsize": _TILE, "blockysize": _TILE, "compress": "deflate", "zlevel": 1}
        out = stack.enter_context(
            rasterio.open(target, "w", "GTiff", count=1, BIGTIFF="IF_SAFER", **common, **profile, **tiled)
        )
        for top in range(0, height, _TILE):
            for left in range(0, width, _WIDEST):
                window = Window(left, top, min(_WIDEST, width - left), min(_TILE, height - top))
                here = array_bounds(window.height, window.width, out.window_transform(window))
                cells = np.full((window.height, window.width), np.nan, np.float64)
                for layer, extent, source in zip(layers, extents, sources, strict=True):
                    if not meet(here, extent):
                        continue
                    with naming(source.name):
                        found = layer.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
                    found = found * source.data.scales[0] + source.data.offsets[0]
                    cells = np.where(np.isnan(cells) & np.isfinite(found), found, cells)
                out.write(
                    np.where(np.isnan(cells), profile["nodata"], cells).astype(profile["dtype"]), 1, window=window
                )


def keep(kind: Kind, path: Path, target: Path) -> None:
    """A cloud-optimised copy, written beside its place, flushed, then renamed.

    Overviews follow the kind: means of heights and rain, the most frequent class; none of counts, which have no mean.
    """
    overviews = {
        "landcover": {"OVERVIEW_RESAMPLING": "MODE"},
        "population": {"OVERVIEWS": "NONE"},
    }.get(kind, {"OVERVIEW_RESAMPLING": "AVERAGE"})
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        packed = {"COMPRESS": "DEFLATE", "LEVEL": "1", "PREDICTOR": "YES", "BIGTIFF": "IF_SAFER"}
        copy_raster(path, fresh, driver="COG", **packed, **overviews)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    folder_fd = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder_fd)
    finally:
        os.close(folder_fd)
