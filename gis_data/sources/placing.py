"""From a file's coordinates to places in EPSG:4490: the datum as stated, the axes as mapped, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.registers.check import Finding
from gis_data.registers.shapes import flat
from gis_data.registers.units import Shapes
from gis_data.registers.values import as_text, narrow
from gis_data.sources.rows import Batch

Points = NDArray[np.float64]
_ANGLE = re.compile(
    r"[东北ENen]?\s*(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'’分])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"”秒]|''|′′))?\s*[ENen]?"
)
_SAME_AS_STORED = (4326, 4490, 4979, 4480)


def converter(datum: str, own: str | None) -> Callable[[Points], Points]:
    """How a file's coordinates (rows of x, y) come to lon, lat in EPSG:4490.

    `own` is what the file itself states. Raises Invalid for an unknown datum, and where the two contradict each other.
    """
    crs.check_datum(datum)
    if own is None:
        return lambda xy: crs.to_storage(xy, datum)
    system = CRS.from_user_input(own)
    known = own in {f"EPSG:{code}" for code in _SAME_AS_STORED}
    if datum.startswith("EPSG:") and own != datum:
        raise Invalid(
            f"所述坐标系 {datum} 与文件自带的 {_name(own)} 不符",
            f"The stated {datum} is not what the file itself says: {_name(own)}",
            field="datum",
        )
    if system.is_projected and datum in ("GCJ-02", "BD-09"):
        raise Invalid(
            f"文件自带投影坐标系 {_name(own)}, 不能是 {datum}",
            f"A file in the projected {_name(own)} cannot be in {datum}",
            field="datum",
        )
    if datum.startswith("EPSG:") or system.is_projected:
        return lambda xy: np.stack(crs.transformer(own, crs.STORAGE).transform(xy[..., 0], xy[..., 1]), axis=-1)
    if not known:
        raise Invalid(
            f"文件自带坐标系 {_name(own)}, 请按它说明", f"The file itself says {_name(own)}: state that", field="datum"
        )
    return lambda xy: crs.to_storage(xy, datum)


def _name(own: str) -> str:
    return own if own.startswith("EPSG:") else CRS.from_user_input(own).name


def _numbers(column: pd.Series, name: str, answers: Mapping[Any, str], findings: list[Finding]) -> NDArray[np.float64]:
    """One coordinate; degrees with minutes and seconds, and full-width digits, are asked about."""
    text = as_text(column)
    numbers: NDArray[np.float64] = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, copy=True)
    for at in np.flatnonzero(text.notna().to_numpy() & ~np.isfinite(numbers)):
        given, row = str(text.iloc[at]), column.index[int(at)]
        became = _angle(narrow(given).strip())
        numbers[at] = np.nan
        if became is None:
            zh, en = f"{given!r} 不是坐标", f"{given!r} is no coordinate"
            findings.append(Finding(row, name, "error", given, zh, en))
            continue
        accepted = (answers.get((row, name)) or answers.get(name)) == "accept"
        zh, en = f"{given!r} 按 {became:.7f}° 收入吗", f"take {given!r} as {became:.7f}°?"
        findings.append(Finding(row, name, "accepted" if accepted else "question", given, zh, en, f"{became:.7f}"))
        if accepted:
            numbers[at] = became
    return numbers


def _angle(text: str) -> float | None:
    if match := _ANGLE.fullmatch(text):
        whole, minutes, seconds = (float(part or 0) for part in match.groups())
        return whole + minutes / 60 + seconds / 3600
    try:
        return float(text)
    except ValueError:
        return None


def shapes_in_file(
    batch: Batch, mapping: Mapping[str, str], answers: Mapping[Any, str]
) -> tuple[Shapes | None, list[Finding]]:
    """The shapes of a batch as the file has them: of mapped WKT, of lon and lat, else its own; None for none."""
    column_of = {field: column for column, field in mapping.items()}
    findings: list[Finding] = []
    if "wkt" in column_of:
        text = as_text(batch.frame[column_of["wkt"]])
        shapes = np.asarray(shapely.from_wkt(text.astype(object).where(text.notna(), None), on_invalid="ignore"))
        for at in np.flatnonzero(text.notna().to_numpy() & shapely.is_missing(shapes)):
            words = "不是 WKT 图形", "is no WKT"
            findings.append(Finding(batch.frame.index[int(at)], "wkt", "error", str(text.iloc[at])[:80], *words))
        return shapes, findings
    if "lon" in column_of and "lat" in column_of:
        x, y = (_numbers(batch.frame[column_of[n]], n, answers, findings) for n in ("lon", "lat"))
        points = np.asarray(shapely.points(x, y), dtype=object)
        points[~(np.isfinite(x) & np.isfinite(y))] = None
        return points, findings
    return batch.shapes, findings


def placed(shapes: Shapes, convert: Callable[[Points], Points]) -> Shapes:
    """Shapes of a file as EPSG:4490; heights are dropped."""
    here = flat(shapes)
    xy = shapely.get_coordinates(here)
    with np.errstate(all="ignore"):
        there = convert(xy)
    if there is xy:  # the datum is our own
        return here
    moved: Shapes = shapely.set_coordinates(here.copy(), there)
    return moved
