"""A typhoon track as a file: CSV with a header, or JSON rows of the same names; see docs/weather.md."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from command.cyclone_points import BOUNDS, Issue, Track, wrong
from gis_data.clock import SHANGHAI
from gis_data.errors import Invalid
from layers.cyclone import FORCES, QUADRANTS, Fix, Radii

MOST_ROWS = 2_000
_QUADRANT_ZH = {"ne": "东北", "se": "东南", "sw": "西南", "nw": "西北"}
HEADERS = {
    "编号": "number", "名称": "name", "英文名": "name_en", "发布机构": "agency", "类型": "kind", "时间": "at",
    "预报时效": "lead_h", "经度": "lon", "纬度": "lat", "最大风速": "wind_ms", "中心气压": "pressure_hpa",
    "移向": "moving_deg", "移速": "moving_kmh", "误差半径": "radius_km",
    **{f"{force}级{zh}": f"r{force}_{q}" for force in FORCES for q, zh in _QUADRANT_ZH.items()},
}  # fmt: skip
"""Chinese column heads that a CSV may have instead."""
KINDS = {"observed": False, "实况": False, "": False, "forecast": True, "预报": True}
Row = Mapping[str, Any]


def read(body: bytes, *, is_demo: bool = False) -> Track:
    """A track from a file's bytes: JSON where it begins as such, else CSV. Raises Invalid naming row and field."""
    rows = _rows(body)
    first = rows[0]
    issues: list[Issue] = []
    ahead: dict[datetime, list[tuple[int, Fix]]] = {}
    for n, row in enumerate(rows, 1):
        for name in ("number", "agency"):
            if _text(row, name) != _text(first, name):
                wrong(name, n, "一个文件只放一个台风、一家机构", "a file has one cyclone of one agency")
        kind = _text(row, "kind").lower()
        if kind not in KINDS:
            wrong("kind", n, "须为 实况 或 预报", "is observed or forecast")
        fix = _fix(row, n, forecast=KINDS[kind])
        if KINDS[kind]:
            ahead.setdefault(fix.at - timedelta(hours=fix.lead_h), []).append((n, fix))
        else:
            issues.append(Issue(fix, row=n))
    known = {one.fix.at for one in issues}
    if lost := [some[0][0] for at, some in ahead.items() if at not in known]:
        wrong("at", lost[0], "预报的起报时间没有实况点", "no observed point has the time of this forecast")
    whole = [
        Issue(one.fix, tuple(fix for _, fix in some), one.row, tuple(n for n, _ in some))
        for one in issues
        for some in (ahead.get(one.fix.at, []),)
    ]
    number, agency, name, name_en = (_text(first, each) for each in ("number", "agency", "name", "name_en"))
    return Track(number, agency, name, tuple(whole), name_en, is_demo)


def _rows(body: bytes) -> list[Row]:
    try:
        said = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise Invalid("文件须为 UTF-8 编码。", "The file is UTF-8.", field="file") from error
    if said.startswith(("[", "{")):
        try:
            found = json.loads(said)
        except (ValueError, RecursionError) as error:
            raise Invalid("不是有效的 JSON。", "This is not valid JSON.", field="file") from error
        rows: list[Row] = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    else:
        lines = csv.DictReader(io.StringIO(said, newline=""))
        rows = [{HEADERS.get(str(k).strip(), str(k).strip()): v for k, v in row.items()} for row in lines]
    if not rows or not {"number", "agency", "at", "lon", "lat"} <= rows[0].keys():
        raise Invalid(
            "首行须有 编号、发布机构、时间、经度、纬度 各列。",
            "The first line names number, agency, at, lon, lat.",
            field="file",
        )
    if len(rows) > MOST_ROWS:
        wrong("file", MOST_ROWS + 1, f"一次最多 {MOST_ROWS} 行", f"at most {MOST_ROWS} rows at a time")
    return rows


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _fix(row: Row, n: int, *, forecast: bool) -> Fix:
    figures = {name: _number(row, name, n) for name in BOUNDS}
    lon, lat, lead_h = (figures.pop(name) for name in ("lon", "lat", "lead_h"))
    if lon is None or lat is None:
        wrong("lon" if lon is None else "lat", n, "必填", "must be said")
    if forecast and not lead_h:
        wrong("lead_h", n, "预报行须填预报时效", "a forecast says its lead hours")
    lead = lead_h if forecast and lead_h else 0.0
    radii: dict[int, Radii] = {}
    for force in FORCES:
        whole = _number(row, f"r{force}", n)
        some = [_number(row, f"r{force}_{q}", n) for q in QUADRANTS]
        if whole is not None or any(one is not None for one in some):
            ne, se, sw, nw = ((whole if one is None else one) or 0.0 for one in some)
            radii[force] = (ne, se, sw, nw)
    return Fix(_time(row, n) + timedelta(hours=lead), lon, lat, radii=radii, lead_h=lead, **figures)


def _number(row: Row, name: str, n: int) -> float | None:
    said = _text(row, name)
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        wrong(name, n, f"“{said[:20]}”不是数字", f"“{said[:20]}” is no number")
    if not math.isfinite(value):
        wrong(name, n, "不是数字", "is no number")
    return value


def _time(row: Row, n: int) -> datetime:
    """Of a forecast the time that it starts from; without an offset it is Beijing time."""
    said = _text(row, "at").replace("/", "-")
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        wrong("at", n, "时间应如 2026-08-01 08:00", "a time is such as 2026-08-01 08:00")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
