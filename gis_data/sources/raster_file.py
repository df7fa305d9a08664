"""Raster files as they come: GeoTIFF or Esri ASCII grid, opened, checked and surveyed in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources.prepared import Region
from gis_data.sources.raster_grid import Box, Kind, blocks, cell_size, meet, values

MEMORY = {"GDAL_CACHEMAX": 32}
"""What GDAL may keep in memory (MB) while rasters are read and written."""
_BLOCK_BYTES = 128 * 2**20
_SEMI_MAJOR_M = 6378137.0
"""Of the ellipsoids of CGCS2000, WGS-84 and their kin, which agree within a metre or two."""
MOST_CODES = 2**16
_MOST_PEOPLE_KM2 = 1_000_000
_PLAUSIBLE: dict[Kind, tuple[float, float]] = {
    "terrain": (-500, 9000),
    "landcover": (0, MOST_CODES - 1),
    "rain": (0, 5000),
}
_WORDS: dict[Kind, tuple[str, str, str]] = {
    "terrain": ("高程", "heights", "m"),
    "landcover": ("地类代码", "class codes", "code"),
    "population": ("每格人口", "people per cell", "persons"),
    "rain": ("雨量", "rain depths", "mm"),
}
UNITS: dict[Kind, str] = {kind: unit for kind, (_, _, unit) in _WORDS.items()}
_SAID_UNITS: dict[Kind, tuple[str, ...]] = {
    "terrain": ("m", "metre", "meter", "metres", "meters", "米"),
    "rain": ("mm", "kg m-2", "kg/m2", "kg/(m^2)", "[kg/(m^2)]", "毫米"),
}


@dataclass(frozen=True)
class Source:
    """An opened raster with the CRS that holds for it (EPSG:n or WKT): its own, or the stated one."""

    data: DatasetReader
    name: str
    crs: str
    stated: bool
    """Whether the CRS does not stand in the GeoTIFF itself."""

    def bad(self, zh: str, en: str, field: str = "file") -> Invalid:
        """An error that names the file."""
        return Invalid(f"{self.name}: {zh}", f"{self.name}: {en}", field=field)


@dataclass(frozen=True)
class Survey:
    """What a raster holds: lowest and highest value, their sum, cells with a value and in all, cells per class.

    `stray`: not-a-number cells stand beside another declared nodata value, or there is none declared.
    """

    low: float
    high: float
    total: float
    filled: int
    cells: int
    stray: bool
    codes: dict[int, int]


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turn what goes wrong while reading into an error that names the file."""
    try:
        yield
    except RasterioError as error:
        raise Invalid(
            f"{name} 不是可读的栅格 (应为 GeoTIFF 或 Esri ASCII 格网): {error}",
            f"{name} is no readable raster (GeoTIFF or Esri ASCII grid): {error}",
            field="file",
        ) from error


@contextmanager
def opened(kind: Kind, paths: Sequence[Path], datum: str) -> Iterator[list[Source]]:
    """Open and check rasters; a CRS comes from the file or, where it has none, from the stated datum.

    Raises Invalid for another format, for what is no raster of this kind, and for a datum that does not fit.
    """
    with ExitStack() as stack:
        found = []
        for path in paths:
            driver = "AAIGrid" if path.suffix.lower() == ".asc" else "GTiff"
            with naming(path.name):
                data = stack.enter_context(rasterio.open(path, driver=driver))
            own = driver == "GTiff" and data.crs is not None
            source = Source(data, path.name, _crs_of(data, path.name, datum), stated=not own)
            _check(kind, source)
            found.append(source)
        yield found


def _crs_of(data: DatasetReader, name: str, datum: str) -> str:
    def bad(zh: str, en: str) -> Invalid:
        return Invalid(f"{name}: {zh}", f"{name}: {en}", field="datum")

    if datum in ("GCJ-02", "BD-09"):
        raise bad(
            f"栅格不能是 {datum}: 该偏移随位置变化, 格网偏移后不再是格网; 请使用原始坐标系的文件",
            f"a raster cannot be in {datum}: its shift changes from place to place, so that a shifted grid is no grid; "
            "use the file in its original CRS",
        )
    code = {"WGS-84": "EPSG:4326", "CGCS2000": crs.STORAGE}.get(datum, datum)
    if data.crs is None:
        west, south, east, north = data.bounds
        if not code:
            raise bad(
                "没有坐标系: 请附 .prj 文件, 或用 --datum EPSG:编号 说明",
                "has no CRS: put a .prj file beside it, or state it with --datum EPSG:n",
            )
        if CRS(code).is_geographic and not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise bad(
                f"坐标 ({west:g}, {south:g}) 不是经纬度, 与所述 {datum} 不符; 请说明投影 EPSG:编号",
                f"({west:g}, {south:g}) are no degrees, as the stated {datum} says; state the projection, EPSG:n",
            )
    found = CRS.from_user_input(code if data.crs is None else data.crs.to_wkt())
    if datum.startswith("EPSG:") and found.to_epsg(25) != int(datum[5:]):
        raise bad(
            f"所述 {datum} 不是文件的坐标系 {found.name}", f"the stated {datum} is not the file's CRS {found.name}"
        )
    if found.ellipsoid is None or found.ellipsoid.semi_major_metre != _SEMI_MAJOR_M:
        base = found.geodetic_crs.name if found.geodetic_crs else found.name
        raise bad(
            f"坐标系基于 {base}, 与 CGCS2000 可差百米且转换参数不公开; 请先转换到 CGCS2000 或 WGS-84",
            f"its CRS rests on {base}, up to a hundred metres off CGCS2000 by a shift that is not public; "
            "convert it to CGCS2000 or WGS-84 first",
        )
    epsg = found.to_epsg(25)
    return f"EPSG:{epsg}" if epsg else found.to_wkt()


def _check(kind: Kind, source: Source) -> None:
    data = source.data
    if data.count != 1:
        raise source.bad(f"有 {data.count} 个波段, 应为单波段", f"has {data.count} bands; one is needed")
    number = np.dtype(data.dtypes[0])
    if number.kind not in "iuf":
        raise source.bad(f"像元类型 {number} 不是数值", f"cells of type {number} are no numbers")
    if kind == "landcover" and number.kind == "f":
        raise source.bad(
            "像元是小数, 土地覆被应为整数代码", f"cells of type {number}: land cover has whole class codes"
        )
    turn = data.transform
    if turn.b or turn.d or turn.a <= 0:
        raise source.bad("栅格是旋转或镜像的, 请先校正为北向上", "is rotated or mirrored; make it north-up first")
    unit = (data.units[0] or "").strip().lower()
    if unit and unit not in _SAID_UNITS.get(kind, (unit,)):
        zh, en, wanted = _WORDS[kind]
        raise source.bad(f"{zh}单位是 {unit}, 应为 {wanted}", f"{en} are in {unit}; {wanted} is needed", "unit")
    block = int(np.prod(data.block_shapes[0], dtype=np.int64)) * number.itemsize
    if block > _BLOCK_BYTES:
        raise source.bad(
            f"每个数据块 {block >> 20} MB, 过大; 请先转成分块 GeoTIFF (gdal_translate -co TILED=YES)",
            f"is stored in blocks of {block >> 20} MB, too large; tile it first (gdal_translate -co TILED=YES)",
        )


def survey(kind: Kind, source: Source) -> Survey:
    """Read a GeoTIFF once, block by block; raises Invalid where it holds nothing, or nothing plausible."""
    data, codes = source.data, np.zeros(MOST_CODES, np.int64)
    low, high, total, filled, stray = np.inf, -np.inf, 0.0, 0, False
    undeclared = np.dtype(data.dtypes[0]).kind == "f" and (data.nodata is None or not np.isnan(data.nodata))
    for window in blocks(data):
        if undeclared and not stray:
            raw = data.read(1, window=window, masked=True)
            stray = not np.isfinite(raw.compressed()).all()
        found = values(data, window)
        found = found[~np.isnan(found)]
        if found.size:
            low, high = min(low, float(found.min())), max(high, float(found.max()))
            total, filled = total + float(found.sum()), filled + found.size
            if kind == "landcover" and low >= 0 and high < MOST_CODES:
                codes += np.bincount(found.astype(np.int64), minlength=MOST_CODES)
    zh, en, unit = _WORDS[kind]
    if not filled:
        raise source.bad("全部像元无数据", "every cell is nodata")
    bottom, top = _PLAUSIBLE.get(kind) or (0, _MOST_PEOPLE_KM2 * max(_cell_km2(source), 1e-3))
    if low < bottom or high > top:
        raise source.bad(
            f"{zh} {low:g} 至 {high:g} {unit} 不合理 (无数据值未声明?)",
            f"{en} {low:g} to {high:g} {unit} are not plausible (nodata value not declared?)",
        )
    counts = {int(code): int(codes[code]) for code in np.nonzero(codes)[0]}
    return Survey(low, high, total, filled, data.width * data.height, stray, counts)


def _cell_km2(source: Source) -> float:
    west, south, east, north = box_of(source)
    zone = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2}"
    return (cell_size(source.data, zone, 0, 0) / 1000) ** 2


def box_of(source: Source) -> Box:
    """West, south, east, north of a raster in degrees."""
    west, south, east, north = transform_bounds(source.crs, crs.STORAGE, *source.data.bounds)
    return (west, south, east, north)


def check_reach(sources: Sequence[Source], region: Region) -> None:
    """Raise Invalid for a raster that lies wholly outside the district's box, telling where it lies."""
    for source in sources:
        box = box_of(source)
        if not meet(box, region.box):
            spot = ", ".join(f"{v:.4f}" for v in box)
            raise source.bad(
                f"不覆盖本区范围; 文件范围 [{spot}], 本区 {list(region.box)}",
                f"does not cover the district's box; it spans [{spot}], the district {list(region.box)}",
            )
