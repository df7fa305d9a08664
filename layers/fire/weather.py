"""The weather of days at places, from what gauges measured or a person typed: what the danger of the day goes by.

Between gauges by inverse distance. Temperature falls with height, and the air's moisture is carried as its vapour
pressure, so that a cooler ridge is damper in the same air. What nobody measured is NaN, and so is what follows from it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.fire.danger import DMC_DAY, Codes, Index, fire_weather

Floats = NDArray[np.float64]
LAPSE_C_M = 0.0065
"""How much cooler it is a metre higher. Source: the International Standard Atmosphere (ISO 2533)."""
LEAST_RAIN_MM = 0.1
"""A day with less is a day without rain."""
FORCES_MS = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)
"""From here on the wind has force 1, 2, … 12. Source: Beaufort's scale, GB/T 28591-2012."""


@dataclass(frozen=True, eq=False)
class Told:
    """What the gauges of one element tell: where they are (x, y metres; z m), by day (gauges × days; NaN: nothing).

    `noon` : at noon, of rain the sum of the 24 h to noon; `extreme` : highest temperature, lowest humidity, strongest
    wind of the day.
    """

    xy: Floats
    z: Floats
    noon: Floats
    extreme: Floats


@dataclass(frozen=True, eq=False)
class Daily:
    """The weather of days at places: arrays places × days; °C, %, m/s 10 m above open ground, mm."""

    temperature_c: Floats
    humidity: Floats
    wind_ms: Floats
    rain_mm: Floats
    highest_c: Floats
    lowest_humidity: Floats
    strongest_ms: Floats


def vapour_hpa(temperature_c: ArrayLike) -> Floats:
    """Saturation over water, hPa. Source: Magnus' formula as in WMO No. 8 (2018), 4.B."""
    t = np.asarray(temperature_c, float)
    return np.asarray(6.112 * np.exp(17.62 * t / (243.12 + t)))


def force_of(wind_ms: ArrayLike) -> NDArray[np.float64]:
    """Beaufort's force of a wind; NaN stays NaN."""
    wind = np.asarray(wind_ms, float)
    return np.where(np.isnan(wind), np.nan, np.searchsorted(FORCES_MS, wind, side="right"))


def between(at: Floats, gauges: Floats, values: Floats, reach_m: float) -> Floats:
    """Values (gauges × days) at places (n × 2), by inverse squared distance of those that know and are in reach."""
    away = np.hypot(*np.moveaxis(at[:, None] - gauges[None], 2, 0))
    share = np.where(away <= reach_m, 1 / np.maximum(away, 1.0) ** 2, 0.0)
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(share @ np.nan_to_num(values) / (share @ known))


def daily(at: Floats, z: Floats, air: Told, damp: Told, wind: Told, rain: Told, *, reach_m: float) -> Daily:
    """The weather at places (n × 2, metres; their heights, m) from the gauges of each element."""

    def warm(xy: Floats, z: Floats, values: Floats) -> Floats:
        level = between(xy, air.xy, values + LAPSE_C_M * air.z[:, None], reach_m)
        return level - LAPSE_C_M * z[:, None]

    def moist(values: Floats, warmth: Floats, here: Floats) -> Floats:
        pressure = between(at, damp.xy, values / 100 * vapour_hpa(warm(damp.xy, damp.z, warmth)), reach_m)
        return np.minimum(100 * pressure / vapour_hpa(here), 100.0)

    noon, highest = warm(at, z, air.noon), warm(at, z, air.extreme)
    return Daily(
        noon, moist(damp.noon, air.noon, noon), between(at, wind.xy, wind.noon, reach_m),
        between(at, rain.xy, rain.noon, reach_m), highest, moist(damp.extreme, air.extreme, highest),
        between(at, wind.xy, wind.extreme, reach_m),
    )  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What a person typed of a day, at a place of height z; None leaves it to the gauges."""

    temperature_c: float | None = None
    humidity: float | None = None
    wind_ms: float | None = None
    rain_mm: float | None = None
    z: float = 0.0


def typed(weather: Daily, day: int, said: Typed, z: Floats) -> Daily:
    """The weather with what was typed of a day in place of the gauges'; it is that day's extreme too."""
    found = {name: values.copy() for name, values in vars(weather).items()}

    def put(value: Floats | float, *names: str) -> None:
        for name in names:
            found[name][:, day] = value

    if said.temperature_c is not None:
        put(said.temperature_c + LAPSE_C_M * (said.z - z), "temperature_c", "highest_c")
    if said.humidity is not None:
        here: Floats | float = said.humidity
        if said.temperature_c is not None:
            there = said.humidity / 100 * vapour_hpa(said.temperature_c)
            here = np.minimum(100 * there / vapour_hpa(found["temperature_c"][:, day]), 100.0)
        put(here, "humidity", "lowest_humidity")
    if said.wind_ms is not None:
        put(said.wind_ms, "wind_ms", "strongest_ms")
    if said.rain_mm is not None:
        put(said.rain_mm, "rain_mm")
    return replace(weather, **found)


def chain(
    weather: Daily, months: list[int], start: Codes, *, dmc_day: tuple[float, ...] = DMC_DAY, keep: int | None = None
) -> tuple[list[Index], NDArray[np.int64]]:
    """The indices of each day (of the last `keep`), one going on from the other; how many days each place had to skip.

    On a day whose weather is not known there is no index, and the codes stay what they were the day before.
    """
    codes, found = start, deque[Index](maxlen=keep)
    skipped = np.zeros(len(weather.temperature_c), np.int64)
    for d, month in enumerate(months):
        one = fire_weather(
            weather.temperature_c[:, d], weather.humidity[:, d], weather.wind_ms[:, d] * 3.6, weather.rain_mm[:, d],
            month, codes, dmc_day=dmc_day,
        )  # fmt: skip
        gone = np.isnan(one.fwi)
        skipped += gone
        kept = zip(vars(codes).values(), vars(one.codes).values(), strict=True)
        codes = Codes(*(np.where(gone, old, new) for old, new in kept))
        found.append(one)
    return list(found), skipped


def last_rain(rain_mm: Floats) -> tuple[Floats, Floats]:
    """How much fell on the last day with rain, and how many days ago that was; places × days.

    NaN where a day since may have had rain too. Without any rain: 0 mm, as many days ago as are looked at.
    """
    days = rain_mm.shape[1]
    newest = rain_mm[:, ::-1]
    wet = newest >= LEAST_RAIN_MM
    ago = np.where(wet.any(axis=1), wet.argmax(axis=1), days)
    unknown = np.isnan(newest)
    lost = np.where(unknown.any(axis=1), unknown.argmax(axis=1), days) < ago
    amount = np.take_along_axis(newest, np.minimum(ago, days - 1)[:, None], axis=1)[:, 0]
    amount = np.where(ago == days, 0.0, amount)
    return np.where(lost, np.nan, amount), np.where(lost, np.nan, ago.astype(float))
