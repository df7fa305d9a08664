"""Population grids: polygons from GeoPackage, GeoJSON or CSV with WKT, or a CSV of cell centres.

A CSV of centres only (such as an H3 grid with `lon` and `lat`) has no outlines: they are built as hexagons or
squares from the mean steps between neighbouring centres, and the progress lines say so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError
from scipy.spatial import KDTree

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources.prepared import (
    Prepared,
    Progress,
    Region,
    Rejected,
    outside,
    reject_outside,
    sha256_of,
    stored,
)

_NAMES = {
    "code": ("code", "id", "编码", "网格编码"),
    "population": ("population", "pop", "人口", "人口数", "常住人口"),
    "population_day": ("population_day", "日间人口", "白天人口"),
    "jobs": ("jobs", "就业", "就业岗位"),
    "schools": ("schools", "学校"),
    "healthcare": ("healthcare", "医疗", "医疗机构"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "wkt": ("geom", "geometry", "wkt", "几何"),
}
_COUNTS = ("population_day", "jobs", "schools", "healthcare")


def _table(path: Path) -> tuple[pd.DataFrame, int]:
    """The file's rows as text or features, and the number of its first data row."""
    try:
        if path.suffix.lower() == ".csv":
            return pd.read_csv(path, dtype=str, encoding="utf-8-sig"), 2
        return gpd.read_file(path), 1
    except (DataSourceError, ValueError, OSError) as error:
        raise Invalid(
            f"{path.name} 无法读取 (应为 GeoPackage、GeoJSON 或 UTF-8 的 CSV): {error}",
            f"{path.name} cannot be read (GeoPackage, GeoJSON or CSV in UTF-8): {error}",
            field="file",
        ) from error


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    """Our column names to the file's, by their known synonyms."""
    lower = {str(c).strip().lower(): c for c in table.columns}
    return {ours: lower[name] for ours, names in _NAMES.items() for name in reversed(names) if name in lower}


def cells_around(centres: NDArray[np.float64]) -> NDArray[np.object_]:
    """Equal hexagons or squares (perhaps sheared) around the points of a lattice, in metres.

    The outline is what lies nearer to a point than to the mean steps to its neighbours, so that cells tile.
    Raises Invalid for fewer than 9 points, or points that repeat.
    """
    if len(centres) < 9:
        raise Invalid("网格中心点不足 9 个", "fewer than 9 cell centres", field="lon")
    distance, near = KDTree(centres).query(centres, k=9)
    spacing = float(np.median(distance[:, 1]))
    if spacing <= 0:
        raise Invalid("网格中心点重复", "cell centres repeat", field="lon")
    close = distance < 1.36 * spacing
    sides = 6 if np.median(close.sum(axis=1)) > 5.5 else 4
    steps = (centres[near] - centres[:, None, :])[close & (distance > 0)]
    angle = np.arctan2(steps[:, 1], steps[:, 0])
    facing = np.angle(np.exp(1j * sides * angle).sum()) / sides
    sector = np.round((angle - facing) * sides / (2 * np.pi)).astype(int) % sides
    mean = np.stack([steps[sector == k].mean(axis=0) for k in range(sides)])
    a = (mean - np.roll(mean, sides // 2, axis=0)) / 2
    b = np.roll(a, -1, axis=0)
    a2, b2 = (a**2).sum(axis=1), (b**2).sum(axis=1)
    twice = 2 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    ring = np.stack([b[:, 1] * a2 - a[:, 1] * b2, a[:, 0] * b2 - b[:, 0] * a2], axis=-1) / twice[:, None]
    return np.asarray(shapely.polygons(centres[:, None, :] + ring), dtype=object)


def _outlines(
    table: pd.DataFrame, columns: dict[str, Any], path: Path, region: Region, datum: str, progress: Progress
) -> NDArray[np.object_]:
    """Each row's outline in EPSG:4490; None where it has none that can be read."""
    if isinstance(table, gpd.GeoDataFrame):
        own = table.crs
        if own is not None and datum.startswith("EPSG:") and own.to_epsg() != int(datum[5:]):
            raise Invalid(
                f"所述 {datum} 与文件的坐标系不符", f"The stated {datum} is not the file's CRS", field="datum"
            )
        if own is not None and own.is_projected:
            if datum in ("GCJ-02", "BD-09"):
                raise Invalid(f"投影坐标的文件不能是 {datum}", f"A projected file cannot be in {datum}", field="datum")
            return np.asarray(table.geometry.to_crs(crs.STORAGE).array, dtype=object)
        return stored(np.asarray(table.geometry.array, dtype=object), datum)
    if "wkt" in columns:
        return stored(np.asarray(shapely.from_wkt(table[columns["wkt"]].to_numpy(), on_invalid="ignore")), datum)
    if "lon" not in columns or "lat" not in columns:
        raise Invalid(
            f"{path.name}: 缺少几何: 需要 WKT 列 (geom) 或 lon、lat 列",
            f"{path.name}: no geometry: a WKT column (geom) or lon and lat are needed",
            field="geom",
        )
    lonlat = table[[columns["lon"], columns["lat"]]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    lonlat = crs.to_storage(lonlat, datum)
    good = crs.inside(lonlat[:, 0], lonlat[:, 1], region.box)
    outlines: NDArray[np.object_] = np.array(shapely.points(lonlat), dtype=object)
    outlines[~np.isfinite(lonlat).all(axis=1)] = None
    if not good.any():
        return outlines
    metric = np.stack(crs.to_metric(region.metric_crs).transform(*lonlat[good].T), axis=-1)
    cells = cells_around(metric)
    corners = crs.to_degrees(region.metric_crs)
    outlines[good] = shapely.transform(cells, lambda xy: np.stack(corners.transform(*xy.T), axis=-1))
    shape = "六边形/hexagons" if len(cells[0].exterior.coords) == 7 else "方格/squares"
    progress(f"文件只有中心点, 按间距推算网格轮廓 / centres only, outlines derived from their spacing: {shape}")
    return outlines


def _problem(outline: Any, population: float, region: Region, row: str) -> Rejected | None:
    """Why a row cannot be kept, or None."""
    if np.isnan(population):
        return Rejected(row, "population", "人口缺失或不是数字", "population is missing or no number")
    if not 0 <= population < np.inf:
        return Rejected(row, "population", f"人口 {population:g} 不合理", f"population {population:g} is not possible")
    if outline is None or outline.is_empty:
        return Rejected(row, "geom", "没有几何或无法识别", "no geometry, or one that cannot be read")
    if outside(np.array([outline], dtype=object), region.box)[0]:
        return reject_outside(row, outline, region.box)
    if outline.geom_type not in ("Polygon", "MultiPolygon"):
        return Rejected(
            row, "geom", f"应为面, 实为 {outline.geom_type}", f"a polygon is needed, not {outline.geom_type}"
        )
    if not outline.is_valid:
        reason = shapely.is_valid_reason(outline)
        return Rejected(row, "geom", f"几何无效: {reason}", f"invalid geometry: {reason}")
    return None


def prepare(path: Path, region: Region, *, datum: str, progress: Progress) -> Prepared:
    """Read a population grid; raises Invalid where no row can be kept. Bad rows are rejected by number and field."""
    sha256 = sha256_of(path)
    progress(f"读取 {path.name} / reading {path.name}")
    table, first = _table(path)
    columns = _columns(table)
    if "population" not in columns:
        raise Invalid(f"{path.name}: 缺少人口列", f"{path.name}: no population column", field="population")
    outlines = _outlines(table, columns, path, region, datum, progress)
    numbers = {c: pd.to_numeric(table[columns[c]], errors="coerce") for c in ("population", *_COUNTS) if c in columns}
    rejects: list[Rejected] = []
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for i, outline in enumerate(outlines):
        row = str(i + first)
        code = str(table[columns["code"]].iloc[i]) if "code" in columns else row
        problem = _problem(outline, float(numbers["population"].iloc[i]), region, row)
        if problem is None and code in seen:
            problem = Rejected(row, "code", f"编码 {code} 重复", f"code {code} repeats")
        if problem:
            rejects.append(problem)
            continue
        seen.add(code)
        kept: dict[str, Any] = {"code": code, "population": float(numbers["population"].iloc[i])}
        for name in _COUNTS:
            value = float(numbers[name].iloc[i]) if name in numbers else np.nan
            if value < 0:
                rejects.append(
                    Rejected(row, name, f"{value:g} 为负, 记为未知", f"{value:g} is negative, kept as unknown")
                )
                value = np.nan
            kept[name] = None if np.isnan(value) else value if name in ("population_day", "jobs") else int(value)
        multi = outline if outline.geom_type == "MultiPolygon" else shapely.multipolygons([outline])
        rows.append({**kept, "geom": multi})
    if not rows:
        why = f": {rejects[0].zh}", f": {rejects[0].en}"
        raise Invalid(f"{path.name} 中没有可用的行{why[0]}", f"{path.name} holds no usable row{why[1]}", field="file")
    frame = pd.DataFrame(rows, columns=["code", "population", *_COUNTS, "geom"]).astype(dict.fromkeys(_COUNTS, object))
    cells = gpd.GeoDataFrame(frame, geometry="geom", crs=crs.STORAGE)
    progress(f"{len(cells)} 个网格, 人口 {cells['population'].sum():.0f} / {len(cells)} cells")
    return Prepared("population", path.name, sha256, datum, {"population_cell": cells}, tuple(rejects))
