"""Rows out as a file: GeoPackage, GeoJSON, Shapefile with its mapping sheet, XLSX, CSV. Each says what it is.

Every file carries the district, the data date, who took it out and when, and the marks DEMO and 演练: in its name, in
its metadata or on a sheet 说明, and in the columns `mark` and `file_date` of each row.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from gis_data.clock import SHANGHAI
from gis_data.crs import STORAGE
from gis_data.errors import Invalid
from gis_data.registers import Field
from gis_data.registers.units import Shapes

Format = Literal["gpkg", "geojson", "shp", "xlsx", "csv"]
MOST_ROWS = 200_000
MAPPING_SHEET, ABOUT_SHEET = "字段对照.csv", "说明.txt"
_SUFFIX = {"gpkg": "gpkg", "geojson": "geojson", "shp": "zip", "xlsx": "xlsx", "csv": "csv"}
_KINDS = {"Point": "point", "LineString": "line", "Polygon": "area"}


@dataclass(frozen=True)
class About:
    """What a file says of itself; `marks` are DEMO and 演练, as far as they hold."""

    district: str
    title_zh: str
    title_en: str
    data_date: date | None
    exported_at: datetime
    post: str
    marks: tuple[str, ...]
    filter: str = ""

    def lines(self, rows: int) -> list[tuple[str, str]]:
        """Key and value, for people."""
        return [
            ("标记 Mark", " ".join(self.marks) or "无 none"),
            ("区 District", self.district),
            ("内容 Content", f"{self.title_zh} {self.title_en}"),
            ("数据日期 Data date", self.data_date.isoformat() if self.data_date else "未注明 not stated"),
            ("导出时间 Exported at", self.exported_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S%z")),
            ("导出岗位 Exported by post", self.post),
            ("筛选 Filter", self.filter or "全部 all"),
            ("行数 Rows", str(rows)),
            ("坐标系 CRS", "CGCS2000 (EPSG:4490), 经度在前 longitude first"),
        ]

    def name(self, kind: Format) -> str:
        """The file's name: district, content, marks, moment."""
        stamp = self.exported_at.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")
        return "-".join([self.district, self.title_zh, *self.marks, stamp]) + f".{_SUFFIX[kind]}"


@dataclass(frozen=True)
class Content:
    """The rows: a column for each field, under its name; shapes in EPSG:4490 (None: there are none), which are DEMO."""

    fields: tuple[Field, ...]
    frame: pd.DataFrame
    shapes: Shapes | None
    demo: np.ndarray[Any, np.dtype[np.bool_]]


def write(content: Content, about: About, kind: Format, folder: Path) -> Path:
    """Write the file into `folder`; raises Invalid for more rows than a file of this kind is made for."""
    if len(content.frame) > MOST_ROWS:
        raise Invalid(
            f"共 {len(content.frame)} 行，超过 {MOST_ROWS} 行，请缩小范围",
            f"{len(content.frame)} rows are more than {MOST_ROWS}: narrow the filter",
            field="format",
        )
    if content.shapes is None and kind in ("geojson", "shp"):
        raise Invalid("该台账没有位置，不能导出为地图格式", "These rows have no place on a map", field="format")
    path = folder / about.name(kind)
    {"gpkg": _gpkg, "geojson": _geojson, "shp": _shp, "xlsx": _xlsx, "csv": _csv}[kind](content, about, path)
    return path


def _plain(value: Any) -> Any:
    """A value as any format takes it: lists joined, days as ISO, unknown as None."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return "；".join(map(str, value)) or None
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _labelled(field: Field) -> Callable[[Any], Any]:
    """How a sheet writes a field: words for choices, 是 and 否."""

    def written(value: Any) -> Any:
        if isinstance(value, (list, tuple, np.ndarray)):
            return "；".join(field.label(str(part)) for part in value)
        plain = _plain(value)
        if isinstance(plain, bool):
            return "是" if plain else "否"
        return field.label(plain) if isinstance(plain, str) else plain

    return written


def _marks(content: Content, about: About) -> list[str]:
    """The mark of each row."""
    drill = [mark for mark in about.marks if mark != "DEMO"]
    return [" ".join([*(["DEMO"] if demo else []), *drill]) for demo in content.demo]


def _typed(content: Content, about: About) -> pd.DataFrame:
    """The rows for a map format: columns by field name, numbers as numbers, and the columns that every file has."""
    columns: dict[str, Any] = {}
    for field in content.fields:
        values = [_plain(v) for v in content.frame[field.name]]
        if field.type == "integer":
            columns[field.name] = pd.array([None if v is None else int(v) for v in values], dtype="Int64")
        elif field.type == "number":
            columns[field.name] = np.array([np.nan if v is None else float(v) for v in values])
        elif field.type == "boolean":
            columns[field.name] = pd.array(values, dtype="boolean")
        else:
            columns[field.name] = np.array(values, dtype=object)
    day = about.data_date.isoformat() if about.data_date else None
    rows = len(content.frame)
    return pd.DataFrame(
        columns
        | {"is_demo": pd.array(content.demo.tolist(), dtype="boolean"), "mark": _marks(content, about)}
        | {"file_date": np.array([day] * rows, dtype=object)}
    )


def _put(frame: pd.DataFrame, shapes: Shapes | None, path: Path, layer: str, driver: str, **more: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a Shapefile says that it widens or cuts
        if shapes is None:
            pyogrio.write_dataframe(frame, path, layer=layer, driver=driver, **more)
        else:
            placed = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(shapes), crs=STORAGE, index=frame.index))
            pyogrio.write_dataframe(placed, path, layer=layer, driver=driver, **more)


def _gpkg(content: Content, about: About, path: Path) -> None:
    lines = about.lines(len(content.frame))
    said = {"metadata": json.dumps(dict(lines), ensure_ascii=False)}
    _put(_typed(content, about), content.shapes, path, about.title_zh, "GPKG", dataset_metadata=said)
    _put(pd.DataFrame(lines, columns=["key", "value"]), None, path, "说明", "GPKG", append=True)
    table = pd.DataFrame(_mapping(content, {}), columns=["column", "field", "zh", "en"])
    _put(table, None, path, "字段对照", "GPKG", append=True)


def _geojson(content: Content, about: About, path: Path) -> None:
    """RFC 7946 asks for WGS-84, with which CGCS2000 is taken as equal; `metadata` says which it is."""
    assert content.shapes is not None
    frame = _typed(content, about)
    columns = {str(name): [_plain(v) for v in frame[name]] for name in frame}
    shapes = [None if s is None else json.loads(g) for s, g in zip(content.shapes, shapely.to_geojson(content.shapes))]  # noqa: B905
    features = [
        {"type": "Feature", "properties": {n: values[i] for n, values in columns.items()}, "geometry": shapes[i]}
        for i in range(len(frame))
    ]
    whole = {"type": "FeatureCollection", "metadata": dict(about.lines(len(frame))), "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Name → a name of ten letters at most, all different, as a Shapefile wants them."""
    found: dict[str, str] = {}
    for name in names:
        short, n = name[:10], 1
        while short in found.values():
            short, n = f"{name[: 10 - len(str(n)) - 1]}_{n}", n + 1
        found[name] = short
    return found


def _mapping(content: Content, short: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """The mapping sheet: column, field, Chinese, English."""
    extra = (
        ("is_demo", "演示标记", "DEMO mark"),
        ("mark", "标记", "Mark"),
        ("file_date", "文件日期", "Date of the file"),
    )
    fields = [(f.name, f.zh, f.en) for f in content.fields] + list(extra)
    return [(short.get(name, name), name, zh, en) for name, zh, en in fields]


def _shp(content: Content, about: About, path: Path) -> None:
    assert content.shapes is not None
    frame = _typed(content, about)
    short = short_names([str(name) for name in frame])
    frame = frame.rename(columns=short)
    kinds = np.array([None if s is None else s.geom_type.removeprefix("Multi") for s in content.shapes], dtype=object)
    there = [kind for kind in _KINDS if (kinds == kind).any()] or ["Point"]
    folder = path.parent / "shp"
    folder.mkdir()
    for kind in there:
        wanted = (kinds == kind) | ((kinds == None) if kind == there[0] else False)  # noqa: E711  # element by element
        stem = about.title_zh if len(there) == 1 else f"{about.title_zh}-{_KINDS[kind]}"
        part = frame[wanted]
        geometry = {"geometry_type": kind if kind == "Point" else f"Multi{kind}", "promote_to_multi": kind != "Point"}
        _put(part, content.shapes[wanted], folder / f"{stem}.shp", stem, "ESRI Shapefile", encoding="UTF-8", **geometry)
    with (folder / MAPPING_SHEET).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("列名", "字段", "中文", "English"), *_mapping(content, short)])
    text = "\n".join(f"{key}: {value}" for key, value in about.lines(len(frame)))
    (folder / ABOUT_SHEET).write_text(text, encoding="utf-8-sig")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)


def _sheet(content: Content, about: About) -> tuple[list[str], list[list[Any]]]:
    """Head and lines of a sheet: Chinese heads with units, words for choices, the place as 经度 and 纬度 or as WKT."""
    head = [f"{f.zh}（{f.unit}）" if f.unit else f.zh for f in content.fields]
    columns = [[_labelled(f)(v) for v in content.frame[f.name]] for f in content.fields]
    if content.shapes is not None:
        points = all(s is None or s.geom_type == "Point" for s in content.shapes)
        if points:
            head += ["经度", "纬度"]
            columns += [[None if s is None else round(getattr(s, axis), 8) for s in content.shapes] for axis in "xy"]
        else:
            head.append("WKT")
            columns.append(list(shapely.to_wkt(content.shapes, rounding_precision=8)))
    day = about.data_date.isoformat() if about.data_date else None
    head += ["演示标记", "标记", "文件日期"]
    columns += [["DEMO" if d else "" for d in content.demo], _marks(content, about), [day] * len(content.frame)]
    return head, [list(line) for line in zip(*columns, strict=True)]


def _xlsx(content: Content, about: About, path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet(about.title_zh[:31])
    page.freeze_panes = "A2"
    head, lines = _sheet(content, about)
    bold = Font(bold=True)
    for line in [head, *lines]:
        cells = []
        for value in line:
            cell = WriteOnlyCell(page, value=None)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a leading `=` is no formula
            if line is head:
                cell.font = bold
            cells.append(cell)
        page.append(cells)
    note = book.create_sheet("说明")
    for key, said in about.lines(len(lines)):
        note.append([key, said])
    book.properties.title, book.properties.keywords = about.title_zh, " ".join(about.marks)
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())


def _csv(content: Content, about: About, path: Path) -> None:
    """UTF-8 with a mark, as Chinese spreadsheets read it; no cell begins a formula."""
    head, lines = _sheet(content, about)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(
            [f"'{v}" if isinstance(v, str) and v[:1] in "=@\t" and v else v for v in line] for line in lines
        )
