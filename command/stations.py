"""The stations that send readings: gauges, sensors, cameras of the registers; and how a row they send is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from gis_data.tables import TABLES
from layers.quality import STORED, UNITS, Reading

INTERVAL_S = 300
"""How often a gauge reports whose register does not say. A DEMO value."""
FIELDS = frozenset({"station", "element", "at", "value", "unit", "span_s"})
DAY_S = 86_400
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Station:
    """A gauge, a sensor or a camera, as its register knows it."""

    code: str
    name: str
    element: str
    unit: str
    interval_s: int
    lon: float
    lat: float
    is_demo: bool


@dataclass(frozen=True)
class Source:
    """Where readings come from, and what it may send: elements, stations (`R-*`: all that begin so); none: all."""

    id: str
    elements: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()

    def may(self, station: Station) -> bool:
        """Whether it may speak for a station."""
        return (not self.elements or station.element in self.elements) and (
            not self.stations
            or station.code in self.stations
            or any(s.endswith("*") and station.code.startswith(s[:-1]) for s in self.stations)
        )


@dataclass(frozen=True)
class Problem:
    """Why a row was not taken, or is in doubt: which row (from 1), which field, by which rule."""

    row: int
    field: str
    rule: str
    zh: str
    en: str


class Unread(Exception):
    """A row that cannot be read."""

    def __init__(self, field: str, rule: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.rule, self.zh, self.en = field, rule, zh, en


def read_stations(session: Session) -> dict[str, Station]:
    """All stations in force, by code; a gauge goes before a sensor, and a sensor before a camera, of the same code."""
    parts = []
    for rank, (key, element) in enumerate((("gauge", "element"), ("sensor", "kind"), ("camera", None))):
        c = TABLES[key].c
        parts.append(
            select(
                literal(rank).label("rank"), c.code, c.name,
                (c[element] if element else literal("alarm")).label("element"),
                (c.unit if key == "gauge" else literal("")).label("unit"),
                (func.coalesce(c.interval_s, INTERVAL_S) if key == "gauge" else literal(INTERVAL_S)).label("interval"),
                func.ST_X(c.geom).label("lon"), func.ST_Y(c.geom).label("lat"), c.is_demo,
            ).where(c.valid_to.is_(None), c.geom.is_not(None))
        )  # fmt: skip
    rows = union_all(*parts).subquery()
    found: dict[str, Station] = {}
    for row in session.execute(select(rows).order_by(rows.c.rank, rows.c.code)):
        unit = row.unit if row.unit in UNITS[row.element] else STORED[row.element]
        one = Station(row.code, row.name, row.element, unit, row.interval, row.lon, row.lat, row.is_demo)
        found.setdefault(one.code, one)
    return found


def _number(raw: Raw, field: str) -> float:
    value = raw.get(field)
    try:
        if isinstance(value, bool) or value is None:
            raise ValueError
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise Unread(field, "format", f"须为数字：{value!r:.40}", f"not a number: {value!r:.40}") from None
    return number


def _time(raw: Raw) -> datetime:
    value = raw.get("at")
    try:
        if not isinstance(value, str):
            raise ValueError
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Unread("at", "format", f"时间格式不对：{value!r:.40}", f"not an ISO 8601 time: {value!r:.40}") from None
    if at.tzinfo is None:
        raise Unread("at", "format", "时间须带时区，如 +08:00", "a time needs its offset, such as +08:00")
    return at


def read_row(raw: Raw, stations: Mapping[str, Station], source: Source) -> tuple[Station, datetime, Reading]:
    """A row as a reading in the unit that is stored. Raises Unread, naming the field.

    A row of `payload` alone is something that a door could make nothing of.
    """
    if "payload" in raw:
        raise Unread("payload", "format", "不是有效的 JSON 读数", "not a reading in JSON")
    if unknown := raw.keys() - FIELDS:
        name = min(map(str, unknown))[:40]
        raise Unread(name, "format", f"没有这个字段：{name}", f"there is no such field: {name}")
    station = stations.get(str(raw.get("station", "")).strip())
    if station is None:
        code = str(raw.get("station", ""))[:40]
        raise Unread("station", "station", f"台账中没有此站：{code}", f"no such station in the registers: {code}")
    if not source.may(station):
        raise Unread("station", "scope", f"该来源无权上报此站：{station.code}", f"not this source's: {station.code}")
    element = raw.get("element")
    if element and element != station.element:
        raise Unread(
            "element", "element", f"此站的要素为 {station.element}", f"this station measures {station.element}"
        )
    at, value = _time(raw), _number(raw, "value")
    unit = raw.get("unit") or station.unit
    factor = UNITS[station.element].get(unit) if isinstance(unit, str) else None
    if factor is None:
        known = ", ".join(UNITS[station.element])
        raise Unread("unit", "unit", f"单位须为 {known}", f"the unit is one of: {known}")
    span_s = float(station.interval_s)
    if raw.get("span_s") not in (None, ""):
        span_s = _number(raw, "span_s")
    if not 1 <= span_s <= DAY_S:
        raise Unread("span_s", "range", "时段须为 1–86400 秒", "a span has 1 to 86,400 s")
    value *= factor
    return station, at, Reading(station.element, at.timestamp(), round(value, 6), int(span_s))
