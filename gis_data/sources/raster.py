"""Terrain from a GeoTIFF of any CRS: checked, then kept tiled, compressed and overviewed under its hash."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.shutil import copy as copy_raster
from rasterio.warp import transform_bounds

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources.prepared import Prepared, Progress, Region, sha256_of

_LOWEST_M, _HIGHEST_M = -500.0, 9000.0


def _check(source: DatasetReader, name: str, datum: str) -> None:
    def bad(zh: str, en: str) -> Invalid:
        return Invalid(f"{name}: {zh}", f"{name}: {en}", field="file")

    if source.crs is None:
        raise bad("没有坐标系, 请先为 GeoTIFF 指定坐标系", "has no CRS; give the GeoTIFF one first")
    if source.count != 1:
        raise bad(f"有 {source.count} 个波段, 高程应为单波段", f"has {source.count} bands; terrain has one")
    if np.dtype(source.dtypes[0]).kind not in "iuf":
        raise bad(f"像元类型 {source.dtypes[0]} 不是数值", f"cells of type {source.dtypes[0]} are no numbers")
    if datum in ("GCJ-02", "BD-09"):
        raise bad(f"高程栅格不能是 {datum}", f"terrain cannot be in {datum}")
    if datum.startswith("EPSG:") and source.crs.to_epsg() != int(datum[5:]):
        raise bad(f"所述 {datum} 与文件的坐标系不符", f"the stated {datum} is not the file's CRS")


def _range(source: DatasetReader, name: str) -> tuple[float, float]:
    """The lowest and highest height, read window by window; raises Invalid where there is none."""
    low, high = np.inf, -np.inf
    for _, window in source.block_windows(1):
        heights = source.read(1, window=window, masked=True).compressed()
        heights = heights[np.isfinite(heights)]
        if heights.size:
            low, high = min(low, float(heights.min())), max(high, float(heights.max()))
    if low > high:
        raise Invalid(f"{name}: 全部像元无数据", f"{name}: every cell is nodata", field="file")
    if low < _LOWEST_M or high > _HIGHEST_M:
        raise Invalid(
            f"{name}: 高程 {low:g} 至 {high:g} 米不合理 (无数据值未声明?)",
            f"{name}: heights {low:g} to {high:g} m are not plausible (nodata value not declared?)",
            field="file",
        )
    return low, high


def _keep(path: Path, target: Path) -> None:
    """A cloud-optimised copy, written beside its place, flushed, then renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        copy_raster(path, fresh, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES", OVERVIEW_RESAMPLING="AVERAGE")
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    folder_fd = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder_fd)
    finally:
        os.close(folder_fd)


def prepare(
    path: Path, region: Region, *, datum: str, data: Path, progress: Progress, vertical_datum: str = "未说明"
) -> Prepared:
    """Check a GeoTIFF and keep a copy under `data`; raises Invalid for one that is no terrain of this district.

    Heights in metres; `vertical_datum` is what the source says of them (unstated unless given).
    """
    sha256 = sha256_of(path)
    progress(f"读取 {path.name} / reading {path.name}")
    target = data / "terrain" / region.name / f"{sha256[:16]}.tif"
    try:
        with rasterio.open(path, driver="GTiff") as source:
            _check(source, path.name, datum)
            low, high = _range(source, path.name)
            bounds = transform_bounds(source.crs, crs.STORAGE, *source.bounds)
            code = source.crs.to_epsg()
            name = f"EPSG:{code}" if code else source.crs.to_wkt()
            cells = source.width * source.height
        west, south, east, north = region.box
        if bounds[0] > east or bounds[2] < west or bounds[1] > north or bounds[3] < south:
            raise Invalid(
                f"{path.name}: 高程不覆盖本区范围",
                f"{path.name}: does not cover the district's box",
                field="file",
            )
        if not target.exists():
            progress("生成分块压缩副本 / making a tiled, compressed copy")
            _keep(path, target)
    except RasterioError as error:
        raise Invalid(
            f"{path.name} 不是可读的 GeoTIFF: {error}",
            f"{path.name} is no readable GeoTIFF: {error}",
            field="file",
        ) from error
    row = {
        "file": target.relative_to(data).as_posix(),
        "crs": name,
        "bounds": [float(b) for b in bounds],
        "min_m": low,
        "max_m": high,
        "vertical_datum": vertical_datum,
    }
    return Prepared("terrain", path.name, sha256, datum, {"terrain": pd.DataFrame([row])}, figures={"cells": cells})
