"""Rows from grids: people in square cells, land cover in polygons (the map draws rows; models read the grid)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes, sieve
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources.prepared import Region
from gis_data.sources.raster_file import MOST_CODES
from gis_data.sources.raster_grid import Box, cell_size, regrid, spread

WORLDCOVER = {
    10: "wood", 20: "scrub", 30: "grass", 40: "farmland", 50: "built_up", 60: "bare", 70: "snow", 80: "water",
    90: "wetland", 95: "wetland", 100: "moss",
}  # fmt: skip
"""ESA WorldCover 10 m, product user manual v2.0, table 3: class code to our kind."""
DRAWN = (
    "wood", "bamboo", "tea", "scrub", "grass", "park", "orchard", "farmland", "wetland", "cemetery",
    "residential", "industrial", "commercial", "built_up",
)  # fmt: skip
UNDRAWN = ("water", "bare", "snow", "moss")
"""Kinds that stay in the grid alone: water has a layer of its own, and the rest is the map's ground."""

_PEOPLE_CELLS_M, _MOST_PEOPLE_CELLS = (100, 250, 500, 1000, 2000, 5000), 250_000
_COVER_CELLS_M, _MOST_COVER_CELLS = (20, 30, 50, 100, 250, 500, 1000), 25_000_000
_BLOCK = 512
_LEAST_PATCH_M2 = 10_000


def class_table(said: str | Path) -> dict[int, str]:
    """Class code to kind: `worldcover`, or a CSV with the columns code and kind; raises Invalid for any other."""
    if str(said) == "worldcover":
        return WORLDCOVER
    path, kinds = Path(said), (*DRAWN, *UNDRAWN)
    if not str(said) or not path.is_file():
        raise Invalid(
            f"需要地类对照表: worldcover, 或含 code,kind 两列的 CSV 文件 (所给: {said or '无'})",
            f"A class table is needed: worldcover, or a CSV with the columns code,kind (given: {said or 'none'})",
            field="classes",
        )
    table: dict[int, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            code, kind = (row.get("code") or "").strip(), (row.get("kind") or "").strip()
            if not code.isdecimal() or int(code) >= MOST_CODES or int(code) in table or kind not in kinds:
                raise Invalid(
                    f"{path.name} 第 {number} 行: 代码 {code!r} 应为整数且不重复, "
                    f"地类 {kind!r} 应为 {', '.join(kinds)}",
                    f"{path.name} row {number}: code {code!r} must be a whole number that does not repeat, and kind "
                    f"{kind!r} one of {', '.join(kinds)}",
                    field="classes",
                    row=number,
                )
            table[int(code)] = kind
    if not table:
        raise Invalid(f"{path.name} 中没有地类", f"{path.name} holds no class", field="classes")
    return table


def _extent(source: DatasetReader, region: Region) -> Box:
    """What the raster and the district's box share, in the district's metres."""
    degrees = transform_bounds(source.crs, crs.STORAGE, *source.bounds)
    west, south = (max(a, b) for a, b in zip(degrees[:2], region.box[:2], strict=True))
    east, north = (min(a, b) for a, b in zip(degrees[2:], region.box[2:], strict=True))
    x0, y0, x1, y1 = transform_bounds(crs.STORAGE, region.metric_crs, west, south, east, north)
    return (x0, y0, x1, y1)


def _step(least_m: float, extent: Box, steps: tuple[int, ...], most: int) -> int:
    """The first cell size that is no finer than the source and does not make too many cells."""
    area = (extent[2] - extent[0]) * (extent[3] - extent[1])
    return next((s for s in steps if s >= 0.95 * least_m and area / s**2 <= most), steps[-1])


def _degrees(geoms: NDArray[np.object_], region: Region) -> NDArray[np.object_]:
    to = crs.to_degrees(region.metric_crs)
    found: NDArray[np.object_] = shapely.transform(geoms, lambda xy: np.stack(to.transform(*xy.T), axis=-1))
    return found


def people(file: Path, region: Region) -> tuple[gpd.GeoDataFrame, int]:
    """Rows of `population_cell`, squares in the metric CRS with somebody in them, and their side in metres.

    Cells of the source whose centre lies outside the district's box are left out; the sum of all others is kept.
    """
    with rasterio.open(file) as source:
        extent = _extent(source, region)
        own = cell_size(source, region.metric_crs, (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
        side = _step(own, extent, _PEOPLE_CELLS_M, _MOST_PEOPLE_CELLS)
        margin = int(own // side) + 2  # source cells reach beyond the box by less than their own size
        west, south = (int(v // side) - margin for v in extent[:2])
        east, north = (int(v // side) + margin + 1 for v in extent[2:])
        grid = Affine(side, 0, west * side, 0, -side, north * side)
        counts = spread(source, region.metric_crs, grid, (north - south, east - west), region.box)
    row, col = np.nonzero(counts)
    e, n = west + col, north - row - 1
    squares: list[Any] = [
        shapely.multipolygons(_degrees(shapely.box(x, y, x + side, y + side), region)[:, None])
        for x, y in zip(np.array_split(e * side, 100), np.array_split(n * side, 100), strict=True)
    ]  # in parts: outlines take much memory
    found = {"code": [f"{side}mE{i}N{j}" for i, j in zip(e, n, strict=True)], "population": counts[row, col]}
    return gpd.GeoDataFrame({**found, "geom": np.concatenate(squares)}, geometry="geom", crs=crs.STORAGE), side


def cover(file: Path, region: Region, classes: Mapping[int, str]) -> gpd.GeoDataFrame:
    """Rows of `landcover`: classes of one kind joined, patches under a hectare dissolved, outlines simplified.

    Outlines are simplified together, so that neighbours keep one border, and end at the edges of blocks.
    """
    kinds = sorted(set(classes.values()))
    index = np.zeros(MOST_CODES, np.int16)
    for code, kind in classes.items():
        index[code] = kinds.index(kind) + 1
    geoms: list[NDArray[np.object_]] = []
    names: list[str] = []
    with rasterio.open(file) as source:
        extent = _extent(source, region)
        own = cell_size(source, region.metric_crs, (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
    side = _step(own, extent, _COVER_CELLS_M, _MOST_COVER_CELLS)
    least = int(_LEAST_PATCH_M2 // side**2)
    for y in np.arange(extent[3], extent[1], -_BLOCK * side):
        for x in np.arange(extent[0], extent[2], _BLOCK * side):
            wide, high = (min(_BLOCK, int(np.ceil(d / side))) for d in (extent[2] - x, y - extent[1]))
            grid = Affine(side, 0, x, 0, -side, y)
            codes = regrid(file, "landcover", region.metric_crs, grid, (high, wide))
            kind = index[np.nan_to_num(codes, nan=0).astype(int)] * np.isfinite(codes)
            if least > 1 and kind.any():
                kind = sieve(kind, least, mask=kind > 0)
            found = list(shapes(kind, mask=kind > 0, transform=grid))
            outlines = np.array([shapely.geometry.shape(geom) for geom, _ in found], dtype=object)
            if len(outlines):
                geoms.append(shapely.coverage_simplify(outlines, side, simplify_boundary=False))
                names += [kinds[int(value) - 1] for _, value in found]
    drawn = np.isin(names, DRAWN)
    outlines = np.concatenate([*geoms, np.empty(0, object)])[drawn]
    kept = _degrees(outlines, region)
    geom = shapely.multipolygons(kept[:, None]) if len(kept) else kept
    rows = {"kind": np.array(names, dtype=object)[drawn], "name": None, "geom": geom}
    return gpd.GeoDataFrame(rows, geometry="geom", crs=crs.STORAGE)
