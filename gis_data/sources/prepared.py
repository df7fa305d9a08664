"""What every source gives back: rows ready for the tables, and what it had to leave out, with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_data import crs
from gis_data.errors import Invalid

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Region:
    """The district as a source sees it: name, metric CRS, and the box (west, south, east, north in degrees)."""

    name: str
    metric_crs: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Rejected:
    """One thing that was left out (or one value that was): its row or id, the field, and why."""

    row: str
    field: str
    zh: str
    en: str


@dataclass(frozen=True)
class Prepared:
    """A source parsed and checked, not yet written.

    `frames` holds a table's rows under its name; geometry is column `geom` in EPSG:4490. Ids inside `frames` are
    positions in their own frame. `figures` are further counts for the record. A source too large for memory brings
    `more` parts, read one after the other: rows of the same tables, whose positions count on from those before.
    """

    kind: str
    source: str
    sha256: str
    datum: str
    frames: Mapping[str, pd.DataFrame]
    rejects: tuple[Rejected, ...] = ()
    is_demo: bool = False
    figures: Mapping[str, int] = field(default_factory=dict)
    more: Iterable[Mapping[str, pd.DataFrame]] = ()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal; raises Invalid where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Invalid(
            f"无法读取文件 {path.name}: {error.strerror}",
            f"Cannot read {path.name}: {error.strerror}",
            field="file",
        ) from error


def outside(geoms: NDArray[np.object_], box: Sequence[float]) -> NDArray[np.bool_]:
    """Which geometries (degrees) lie wholly outside the box; empty ones do."""
    west, south, east, north = shapely.bounds(geoms).T.reshape(4, -1)
    return ~((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]))


def reject_outside(row: str, geom: Any, box: Sequence[float]) -> Rejected:
    """The reject of a geometry outside the box, saying when lon and lat look swapped."""
    if geom.is_empty:
        return Rejected(row, "geom", "没有坐标", "has no coordinates")
    west, south, east, north = geom.bounds
    problem = crs.box_problem((west + east) / 2, (south + north) / 2, box)
    zh, en = problem or ("不在本区范围内", "lies outside the district's box")
    return Rejected(row, "geom", zh, en)


def stored(geoms: NDArray[np.object_], datum: str) -> NDArray[np.object_]:
    """Geometries in the stated datum as EPSG:4490."""
    if datum in ("WGS-84", "CGCS2000"):
        return geoms
    moved: NDArray[np.object_] = shapely.transform(geoms, lambda xy: crs.to_storage(xy, datum))
    return moved
