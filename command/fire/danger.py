"""Danger of the day (森林火险等级) at places, from gauges and typed weather. All of it is 参考."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from command.exposure import metric
from command.fire.weather import ELEMENTS, days_of, heights, told
from command.stations import Station
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from gis_data.errors import Invalid
from gis_data.parameters import numbers_under
from layers.fire.danger import DMC_DAY, DMC_DAY_30N, Codes, Index
from layers.fire.danger_class import ClassTable, class_map, danger_class
from layers.fire.weather import Daily, Typed, chain, daily, force_of, last_rain, typed

FIGURES = {"days": 60.0, "reach_m": 30_000.0, "start_ffmc": 85.0, "start_dmc": 6.0, "start_dc": 15.0}
"""DEMO: parameters `fire.danger.…`: over how many days codes are carried, how far a gauge speaks, where they start."""
MOST_DAYS = 366
SEASON = ("dry", "dry", "dry", "dry", "turning", "green", "green", "green", "green", "turning", "dry", "dry")
"""DEMO: the state of the plants by month, where nobody says it."""
NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")
MISSING = {"temperature_c": "temperature", "humidity": "humidity", "wind_ms": "wind", "rain_mm": "rain"}
ASSUMED = (
    ("各日取 11:30–12:30 均值与截至正午 24 小时雨量",
     "Each day by the mean of 11:30–12:30 and the rain of the 24 h to noon"),
    ("站间按距离平方反比插值；气温按每百米 0.65 ℃ 随地形递减，湿度按水汽压换算；风不随地形变化",
     "Between gauges by inverse squared distance; 0.65 °C cooler each 100 m of height, humidity by vapour pressure; the"
     " wind does not follow the ground"),
    ("缺测之日不作推算，湿度码沿用前一日",
     "A day with anything missing has no index, and the codes stay what they were"),
    ("加拿大火险天气指数按北方针叶林定标，只作相对比较",
     "The Canadian index was made for northern pine: it compares days and places, it says nothing absolute here"),
    ("等级不是预警颜色，不据此对外发布", "The class is no colour of a warning, and none is issued by it"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A day (None: the newest whose noon is over), the codes of the day before the first (None: the start values),
    what was typed of the last day, the state of the plants, the bureau's table of points."""

    day: date | None
    typed: Typed
    season: str | None
    table: ClassTable
    before: Codes | None = None
    day_length: str = "30N"
    dry: tuple[float, float] | None = None
    """How much fell on the last day with rain, mm, and how many days ago; None leaves it to the gauges."""


@dataclass(frozen=True, eq=False)
class Found:
    """The chain at places: days, weather, indices of each (of many places: of the last), days skipped, classes."""

    days: list[date]
    weather: Daily
    indices: list[Index]
    skipped: NDArray[np.int64]
    classes: NDArray[np.int8]
    parts: dict[str, NDArray[np.float64]]
    season: str
    said: dict[str, Any]


def at_place(tx: Reading, data: Path, lon: float, lat: float, asked: Asked) -> dict[str, Any]:
    """The chain of days at a place: each day's indices, the last day's class, the codes to go on from."""
    found = carried(tx, data, np.array([[lon, lat]]), (lon, lat), asked)
    shown = [_shown(found, d) for d in range(len(found.days))]
    fire_class = None
    if found.classes[0]:
        weather = {name: float(values[0]) for name, values in found.parts.items()}
        fire_class = danger_class(asked.table, **weather, season=found.season)
    newest = next((one for one in reversed(shown) if one["fwi"] is not None), None)
    return found.said | {
        "days": shown, "skipped": int(found.skipped[0]), "fire_class": fire_class,
        "before_next": {name: newest[name] for name in ("ffmc", "dmc", "dc")} if newest else None,
        "class_from": {name: None if np.isnan(v[0]) else round(float(v[0]), 2) for name, v in found.parts.items()},
    }  # fmt: skip


def carried(
    tx: Reading, data: Path, lonlat: NDArray[np.float64], typed_at: tuple[float, float] | None, asked: Asked
) -> Found:
    given = numbers_under(tx.session, "fire.danger.", tx.at)
    figures = FIGURES | {name: given[name] for name in FIGURES if name in given}
    demo = [name for name in FIGURES if name not in given]
    local = tx.at.astimezone(SHANGHAI)
    newest = local.date() if local.hour >= 13 or _whole(asked.typed) else local.date() - timedelta(days=1)
    last = asked.day or newest
    if last > local.date():
        raise Invalid("日期在将来。", "The day lies ahead.", field="day")
    days = days_of(last, int(min(max(figures["days"], 1), MOST_DAYS)))
    there = metric(tx.session)
    gauges, speaking = told(tx, data, there, days)
    xy = np.column_stack(there.transform(lonlat[:, 0], lonlat[:, 1]))
    z = heights(tx, data, lonlat)
    weather = daily(xy, z, *(gauges[element] for element in ELEMENTS), reach_m=figures["reach_m"])
    if typed_at is not None:
        low = float(heights(tx, data, np.array([typed_at]))[0])
        weather = typed(weather, len(days) - 1, Typed(**(vars(asked.typed) | {"z": low})), z)
    start = asked.before or Codes(figures["start_ffmc"], figures["start_dmc"], figures["start_dc"])
    factors = DMC_DAY_30N if asked.day_length == "30N" else DMC_DAY
    amount, ago = last_rain(weather.rain_mm)
    if asked.dry is not None:
        amount, ago = np.full(len(amount), asked.dry[0]), np.full(len(ago), asked.dry[1])
    if asked.before is not None:
        days, weather = days[-1:], Daily(*(values[:, -1:] for values in vars(weather).values()))
    indices, skipped = chain(
        weather, [day.month for day in days], start, dmc_day=factors, keep=None if len(lonlat) == 1 else 1
    )
    season = asked.season or SEASON[last.month - 1]
    parts = {
        "highest_c": np.fmax(weather.highest_c[:, -1], weather.temperature_c[:, -1]),
        "lowest_humidity": np.fmin(weather.lowest_humidity[:, -1], weather.humidity[:, -1]),
        "rain_mm": amount, "days_since_rain": ago,
        "wind_force": force_of(np.fmax(weather.strongest_ms[:, -1], weather.wind_ms[:, -1])),
    }  # fmt: skip
    classes = class_map(asked.table, **parts, season=season)
    starts_demo = asked.before is None and any(name.startswith("start") for name in demo)
    said = {
        "computed_at": tx.at, "day": last, "first_day": days[0], "season": season, "season_demo": asked.season is None,
        "start": {name: float(np.asarray(value)) for name, value in vars(start).items()}, "start_demo": starts_demo,
        "day_length": asked.day_length, "document": asked.table.document, "table_demo": asked.table.is_demo,
        "is_demo": starts_demo or asked.season is None or asked.table.is_demo or _any_demo(speaking),
        "gauges": {element: [s.code for s in some] for element, some in speaking.items()},
        "typed": [name for name in MISSING if typed_at is not None and getattr(asked.typed, name) is not None],
        "assumptions": [{"zh": zh, "en": en} for zh, en in ASSUMED],
    }  # fmt: skip
    return Found(days, weather, indices, skipped, classes, parts, season, said)


def _whole(said: Typed) -> bool:
    """Whether the weather was typed, so that nobody has to wait for noon."""
    return None not in (said.temperature_c, said.humidity, said.wind_ms)


def _any_demo(speaking: Mapping[str, list[Station]]) -> bool:
    return any(s.is_demo for some in speaking.values() for s in some)


def _shown(found: Found, d: int) -> dict[str, Any]:
    weather = {name: float(getattr(found.weather, name)[0, d]) for name in MISSING}
    index = {name: float(getattr(found.indices[d], name)[0]) for name in NAMES}
    known = not np.isnan(index["fwi"])
    return {
        "day": found.days[d], "missing": [MISSING[name] for name, value in weather.items() if np.isnan(value)],
        **{name: None if np.isnan(value) else round(value, 2) for name, value in weather.items()},
        **{name: round(value, 4) if known else None for name, value in index.items()},
    }  # fmt: skip
