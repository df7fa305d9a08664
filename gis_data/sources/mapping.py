"""Which column of a file is which field of a register: suggested by names, stated by a mapping sheet, or by a person.

Besides fields a column may be the `lon`, `lat` or `wkt` of the place. Columns named plainly X and Y are never
suggested: in Chinese survey sheets X is the north, elsewhere the east; a person says it.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_data.errors import Invalid
from gis_data.registers import Field, Register
from gis_data.registers.values import as_text, unit_in_head
from gis_data.sources.sheet_file import fold
from gis_data.sources.table_file import open_table

PLACES: tuple[Field, ...] = (
    Field("lon", "经度（东坐标）", "Longitude (east)"),
    Field("lat", "纬度（北坐标）", "Latitude (north)"),
    Field("wkt", "图形 (WKT)", "Shape (WKT)"),
)
DEMO = Field("is_demo", "演示标记", "DEMO mark", "boolean")
"""What a column may be besides a field: the parts of a place, and the mark of synthetic rows."""

REASONS = ("原因", "reason", "原行号")
"""Columns that a file of rejected rows has besides its own."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "code": ("编号", "代码", "统一编号", "业务编码", "编码号", "id", "gid", "code"),
    "name": ("名字", "全称", "name", "title"),
    "admin_code": ("区划代码", "所属区划代码", "行政代码", "镇街代码", "towncode", "adcode"),
    "as_of": ("数据时间", "更新日期", "统计日期", "截止日期"),
    "note": ("说明", "remark", "remarks", "memo", "description"),
    "phone": ("电话", "联系方式", "联系人电话", "手机", "tel"),
    "duty_phone": ("值班电话", "电话", "联系电话", "tel"),
    "address": ("地址", "位置", "详细地址", "地点"),
    "capacity": ("容量", "容纳人数", "可容纳人数", "可安置人数"),
    "effective_area_m2": ("有效面积", "避难面积", "可用面积", "面积"),
    "space": ("室内外", "类型", "空间"),
    "level": ("级别", "等级"),
    "members": ("队员人数", "人员数量", "人数"),
    "lon": ("经度", "东经", "lon", "lng", "long", "longitude", "经度坐标", "东坐标", "easting", "gcjlon", "bdlon"),
    "lat": ("纬度", "北纬", "lat", "latitude", "纬度坐标", "北坐标", "northing", "gcjlat", "bdlat"),
    "wkt": ("wkt", "geom", "geometry", "图形", "几何", "the_geom"),
}


def targets(register: Register) -> tuple[Field, ...]:
    """What a column of a file may be."""
    return (*register.all_fields, *(PLACES if register.located else ()), DEMO)


def words(register: Register) -> set[str]:
    """The names that a head row is known by, folded."""
    found = {fold(word) for field in targets(register) for word in (field.name, field.zh, field.en)}
    return found | {fold(word) for field in targets(register) for word in _ALIASES.get(field.name, ())}


def signature(columns: Iterable[str]) -> str:
    """What tells files of the same shape: the columns' names, in any order, without those that a rejects file adds."""
    names = sorted(fold(name) for name in columns if name not in (*REASONS, "WKT"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _fits(field: Field, column: str, tier: int) -> bool:
    """Whether a column's name speaks of the field: plainly (0), by an alias (1), cut short (2), by its end (3)."""
    name = fold(column)
    own = {fold(field.name), fold(field.zh), fold(field.en)}
    if tier == 0:
        return name in own
    if tier == 1:
        return name in {fold(word) for word in _ALIASES.get(field.name, ())}
    if tier == 2:
        cut = {field.name[:10].lower(), field.zh.encode("gbk", "ignore")[:10].decode("gbk", "ignore")}
        return column.strip().lower() in cut or (len(name) >= 3 and fold(field.zh).startswith(name))
    return len(fold(field.zh)) >= 2 and name.endswith(fold(field.zh))


def suggest(register: Register, columns: Iterable[str], sheet: Mapping[str, str] = {}) -> dict[str, str]:
    """Column → field name, for the columns that speak plainly of one field. What the mapping sheet says comes first."""
    columns = [name for name in columns if name not in REASONS]
    known = {field.name for field in targets(register)}
    found: dict[str, str] = {}
    for column in columns:
        if sheet.get(column) in known - set(found.values()):
            found[column] = sheet[column]
    for tier in range(4):
        left = [field for field in targets(register) if field.name not in found.values()]
        for column in columns:
            fits = [field.name for field in left if column not in found and _fits(field, column, tier)]
            rivals = [c for c in columns if c not in found and fits and c != column]
            unique = len(fits) == 1 and not any(_fits(_of(left, fits[0]), rival, tier) for rival in rivals)
            if unique and fits[0] not in found.values():
                found[column] = fits[0]
    return found


def _of(fields: Iterable[Field], name: str) -> Field:
    return next(field for field in fields if field.name == name)


def read_sheet(path: Path, register: Register) -> dict[str, str]:
    """A mapping sheet (字段对照, CSV or XLSX): each line names a column of the file and, anywhere beside it, a field.

    A field is named by its code, its Chinese or its English word. Raises Invalid for a sheet that names none.
    """
    by_word = {fold(w): f.name for f in targets(register) for w in (f.en, f.zh, f.name)}
    found: dict[str, str] = {}
    table = open_table(path)
    rows = [list(table.columns), *(list(row) for batch in table.batches(10_000) for row in _cells(batch.frame))]
    for first, *others in rows:
        field = next((by_word[fold(word)] for word in others if fold(word) in by_word), None)
        if first and field:
            found[first] = field
    if not found:
        raise Invalid(
            f"{path.name} 不是字段对照表: 每行应写明文件的列名和台账的字段",
            f"{path.name} is no mapping sheet: each line should name a column and a field",
            field="mapping",
        )
    return found


def sheet_inside(path: Path, register: Register) -> dict[str, str]:
    """The mapping sheet (字段对照.csv) that lies in a zip or folder beside its Shapefiles; empty for none."""
    with tempfile.TemporaryDirectory() as folder:
        found: Path | None = None
        if path.is_dir():
            found = next(path.glob("*字段对照*.csv"), None)
        elif zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                name = next((n for n in archive.namelist() if "字段对照" in n and n.lower().endswith(".csv")), None)
                if name:
                    found = Path(folder) / "sheet.csv"
                    found.write_bytes(archive.read(name))
        return read_sheet(found, register) if found else {}


def _cells(frame: pd.DataFrame) -> list[list[str]]:
    texts = [as_text(frame[name]).fillna("").tolist() for name in frame]
    return [list(row) for row in zip(*texts, strict=True)]


def demo_rows(frame: pd.DataFrame, mapping: Mapping[str, str]) -> NDArray[np.bool_]:
    """Which rows the file marks as synthetic."""
    column = next((c for c, field in mapping.items() if field == DEMO.name), None)
    if column is None:
        return np.zeros(len(frame), dtype=bool)
    marked: NDArray[np.bool_] = as_text(frame[column]).str.lower().isin(["demo", "演示", "是", "true", "1"]).to_numpy()
    return marked


def checked(register: Register, columns: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping if it can be used: known columns, known fields, none twice; raises Invalid."""
    there, fields = set(columns), {field.name for field in targets(register)}
    kept = {column: field for column, field in mapping.items() if field}
    for column, field in kept.items():
        if column not in there:
            raise Invalid(f"文件没有列 {column}", f"The file has no column {column}", field="mapping")
        if field not in fields:
            raise Invalid(f"台账没有字段 {field}", f"The register has no field {field}", field="mapping")
        if sum(other == field for other in kept.values()) > 1:
            raise Invalid(f"字段 {field} 对应了两列", f"Two columns are mapped to {field}", field="mapping")
    return kept


def mapped(register: Register, frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.DataFrame:
    """The frame's columns under the names of fields.

    Where a column's head states another unit than the field's (面积(亩)), each value gets the head's unit, so that it
    is asked about and not taken for what it is not.
    """
    columns: dict[str, pd.Series] = {}
    for column, name in mapping.items():
        field, series = register.field(name), frame[column]
        unit = unit_in_head(column, field) if field and field.is_number else ""
        if unit:
            text = as_text(series)
            bare = text.notna() & text.str.fullmatch(r"[+-]?[\d.,]+", na=False)
            series = text.where(~bare, text + unit)
        columns[name] = series
    return pd.DataFrame(columns, index=frame.index)
