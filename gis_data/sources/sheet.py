"""Registers as a CSV sheet: one row a team or a shelter, its point in `lon` and `lat`. Bad rows are named, not lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import geopandas as gpd
import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError
from shapely import Point

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources.prepared import Prepared, Progress, Region, Rejected, sha256_of


def _listed(value: object) -> object:
    return (
        [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _unset(value: object) -> object:
    return None if value == "" else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Hazard = Literal["flood", "city_fire", "forest_fire", "geohazard", "other"]


class Row(BaseModel):
    """What every sheet has: a business code, a name, a point in the stated datum."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    code: Name
    name: Name
    lon: float
    lat: float


class TeamRow(Row):
    """A rescue team: `hazards` separated by `;`, muster time in seconds."""

    kind: Name
    hazards: Annotated[list[Hazard], BeforeValidator(_listed), Field(min_length=1)]
    members: PositiveInt
    muster_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    vehicle: Name


class ShelterRow(Row):
    """A shelter; an empty capacity is unknown, never 0."""

    level: Name
    space: Literal["indoor", "outdoor"]
    effective_area_m2: Annotated[PositiveFloat | None, BeforeValidator(_unset)] = None
    capacity: Annotated[PositiveInt | None, BeforeValidator(_unset)] = None
    capacity_source: Annotated[Literal["surveyed", "computed", "assumed"] | None, BeforeValidator(_unset)] = None


SHEETS: dict[str, tuple[str, type[Row]]] = {"teams": ("team", TeamRow), "shelters": ("shelter", ShelterRow)}
"""Kind of load → the table that it fills and the shape of a row."""


def _rows(path: Path, needed: list[str]) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each data row under its number in the file; the head is row 1."""
    try:
        table = csv.DictReader(_text(path.read_bytes()).splitlines())
        missing = [name for name in needed if name not in (table.fieldnames or [])]
        if missing:
            raise Invalid(
                f"{path.name} 缺少列 {'、'.join(missing)}；须有 {','.join(needed)}",
                f"{path.name} lacks the columns {', '.join(missing)}; it must have {','.join(needed)}",
                field=missing[0],
                row=1,
            )
        for number, row in enumerate(table, 2):
            yield str(number), {key: value for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(
            f"{path.name} 无法读取 (应为 UTF-8 或 GB18030 的 CSV): {error}",
            f"{path.name} cannot be read (CSV in UTF-8 or GB18030 is needed): {error}",
            field="file",
        ) from error


def _text(content: bytes) -> str:
    """UTF-8, or what Chinese spreadsheets save."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def prepare(kind: str, path: Path, region: Region, *, datum: str, progress: Progress) -> Prepared:
    """Read a sheet; raises Invalid where no row can be kept. Bad rows are rejected by number and field."""
    sha256 = sha256_of(path)
    progress(f"读取 {path.name} / reading {path.name}")
    table, shape = SHEETS[kind]
    kept: list[dict[str, Any]] = []
    rejects: list[Rejected] = []
    seen: set[str] = set()
    needed = [name for name, about in shape.model_fields.items() if about.is_required()]
    for number, cells in _rows(path, needed):
        try:
            row = shape.model_validate(cells)
        except ValidationError as error:
            rejects += [
                Rejected(number, str(e["loc"][0]), f"填写有误: {e['input']!r}", str(e["msg"])) for e in error.errors()
            ]
            continue
        lon, lat = crs.to_storage(np.array([[row.lon, row.lat]]), datum)[0].tolist()
        if problem := crs.box_problem(lon, lat, region.box):
            rejects.append(Rejected(number, "lon", *problem))
        elif row.code in seen:
            rejects.append(Rejected(number, "code", f"编码 {row.code} 重复", f"code {row.code} repeats"))
        else:
            seen.add(row.code)
            kept.append(row.model_dump(exclude={"lon", "lat"}) | {"geom": Point(lon, lat)})
    if not kept:
        if not rejects:
            raise Invalid(f"{path.name} 没有数据行", f"{path.name} has no data rows", field="file")
        why = rejects[0]
        raise Invalid(
            f"{path.name} 中没有可用的行: 第 {why.row} 行 {why.field} {why.zh}",
            f"{path.name} holds no usable row: row {why.row} {why.field} {why.en}",
            field=why.field,
            row=int(why.row),
        )
    frame = gpd.GeoDataFrame(kept, geometry="geom", crs=crs.STORAGE)
    return Prepared(kind, path.name, sha256, datum, {table: frame}, tuple(rejects))
