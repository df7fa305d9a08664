"""Terrain, land cover, population and rain from rasters: checked, mosaicked, and kept under their hash.

The kept file stays in the CRS of its source, as every resampling loses; `raster_grid.regrid` brings it onto any
metric grid by the rule of its kind. All passes go block by block: memory does not grow with the file.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import rasterio

from gis_data.errors import Invalid
from gis_data.sources import raster_rows
from gis_data.sources.prepared import Prepared, Progress, Region, Rejected, sha256_of
from gis_data.sources.raster_file import MEMORY, UNITS, Source, Survey, box_of, check_reach, naming, opened, survey
from gis_data.sources.raster_grid import Kind
from gis_data.sources.raster_store import keep, mosaic

KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIXES = (".tif", ".tiff", ".asc")


@dataclass(frozen=True)
class Detail:
    """What a grid does not say of itself.

    `vertical_datum` is that of heights. `classes` is the class table of land cover: `worldcover` or a CSV file of
    code,kind. `start` and `end` are the interval that a rain grid holds for, with their offset from UTC.
    """

    vertical_datum: str = "未说明"
    classes: str | Path = ""
    start: datetime | None = None
    end: datetime | None = None


def prepare(
    kind: Kind,
    paths: Sequence[Path],
    region: Region,
    *,
    datum: str,
    data: Path,
    progress: Progress,
    detail: Detail = Detail(),
) -> Prepared:
    """Check one raster, or several that make one, and keep it as a COG under `data`.

    `datum` may be empty: then the files' own CRS holds. Heights are in metres, rain in mm, population in persons per
    cell. Raises Invalid for what is no raster of this kind in this district.
    """
    classes = raster_rows.class_table(detail.classes) if kind == "landcover" else {}
    _check_interval(kind, detail)
    hashes = [sha256_of(path) for path in paths]
    label = paths[0].name if len(paths) == 1 else f"{paths[0].name} +{len(paths) - 1}"
    with ExitStack() as stack:
        stack.enter_context(rasterio.Env(**MEMORY))
        progress(f"读取 {label} / reading {label}")
        sources = stack.enter_context(opened(kind, paths, datum))
        check_reach(sources, region)
        stated = [source.crs if source.stated else "" for source in sources]
        sha256 = _identity(hashes, stated, classes, detail)
        target = data / kind / region.name / f"{sha256[:16]}.tif"
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.parent)))

        def joined() -> Source:
            progress("拼接栅格 / joining the rasters")
            mosaic(kind, sources, folder / "mosaic.tif", classes)
            return Source(stack.enter_context(rasterio.open(folder / "mosaic.tif")), label, sources[0].crs, False)

        single = sources[0]
        scaled = (single.data.scales[0], single.data.offsets[0]) != (1, 0)
        whole = joined() if len(sources) > 1 or single.stated or scaled else single
        with naming(label):
            found = survey(kind, whole)
            if found.stray and whole is single:
                whole = joined()
            rejects = _unknown(found, classes, label) if kind == "landcover" else []
            if not target.exists():
                progress("生成分块压缩副本 / making a tiled, compressed copy")
                keep(kind, Path(whole.data.name), target)
        row = _row(kind, whole, found, target.relative_to(data), classes, detail)
        frames: dict[str, pd.DataFrame] = {"raster": pd.DataFrame([row])}
        if kind == "population":
            frames["population_cell"], outside = _people(target, region, found, label, progress)
            rejects += outside
        if kind == "landcover":
            progress("地类转为面 / turning classes into polygons")
            frames["landcover"] = raster_rows.cover(target, region, classes)
    return Prepared(kind, label, sha256, datum or whole.crs, frames, tuple(rejects), figures={"cells": found.cells})


def _check_interval(kind: Kind, detail: Detail) -> None:
    if kind != "rain":
        return
    start, end = detail.start, detail.end
    if start is None or end is None or start.tzinfo is None or end.tzinfo is None or start >= end:
        raise Invalid(
            f"雨量格网需要起止时间 (含时区, 先起后止), 所给: {start} 至 {end}",
            f"A rain grid needs its interval, start before end, with their offset from UTC; given: {start} to {end}",
            field="start",
        )


def _identity(hashes: Sequence[str], stated: Sequence[str], classes: dict[int, str], detail: Detail) -> str:
    """A hash of all that decides what comes in: the file's own where nothing else does."""
    more = {name: str(v) for name, v in asdict(detail).items() if name != "classes" and v != getattr(Detail, name)}
    if len(hashes) == 1 and not (more or classes or any(stated)):
        return hashes[0]
    return hashlib.sha256(json.dumps([hashes, stated, classes, more], sort_keys=True).encode()).hexdigest()


def _row(
    kind: Kind, whole: Source, found: Survey, file: Path, classes: dict[int, str], detail: Detail
) -> dict[str, Any]:
    return {
        "kind": kind,
        "file": file.as_posix(),
        "crs": whole.crs,
        "bounds": list(box_of(whole)),
        "min": found.low,
        "max": found.high,
        "unit": UNITS[kind],
        "nodata_share": 1 - found.filled / found.cells,
        "vertical_datum": detail.vertical_datum if kind == "terrain" else None,
        "classes": json.dumps(classes) if classes else None,
        "start_at": detail.start,
        "end_at": detail.end,
    }


def _people(
    file: Path, region: Region, found: Survey, label: str, progress: Progress
) -> tuple[pd.DataFrame, list[Rejected]]:
    """Rows of people, and a reject that tells how many live outside the box."""
    progress("人口归入方格 / people into square cells")
    cells, side = raster_rows.people(file, region)
    kept = float(cells["population"].sum())
    progress(f"{len(cells)} 个 {side} 米方格, 人口 {kept:.0f} / {len(cells)} cells of {side} m, {kept:.0f} people")
    outside = found.total - kept
    if kept <= 0:
        raise Invalid(f"{label}: 本区范围内没有人口", f"{label}: nobody lives inside the district's box", field="file")
    if outside <= 1e-6 * found.total:
        return cells, []
    zh, en = f"{outside:.1f} 人在本区范围外, 未导入", f"{outside:.1f} people live outside the district's box, left out"
    return cells, [Rejected(label, "geom", zh, en)]


def _unknown(found: Survey, classes: dict[int, str], label: str) -> list[Rejected]:
    """A reject for each class code that the table does not name; raises Invalid where it names none."""
    unknown = {code: cells for code, cells in found.codes.items() if code not in classes}
    if len(unknown) == len(found.codes):
        raise Invalid(
            f"{label}: 对照表中没有文件的任何代码 {sorted(unknown)[:20]}",
            f"{label}: the class table names none of its codes {sorted(unknown)[:20]}",
            field="classes",
        )
    return [
        Rejected(
            f"code {code}", "class", f"对照表中没有代码 {code} ({n} 格)", f"no such class in the table ({n} cells)"
        )
        for code, n in unknown.items()
    ]
