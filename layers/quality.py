"""Whether a reading can be believed: named rules, the first one broken decides. All limits are DEMO values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["suspect", "rejected"]
UNITS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "rain": {"mm": 1.0, "0.1mm": 0.1, "cm": 10.0},
        "water_level": {"m": 1.0, "cm": 0.01, "mm": 0.001},
        "depth": {"m": 1.0, "cm": 0.01, "mm": 0.001},
        "wind": {"m/s": 1.0, "0.1m/s": 0.1, "km/h": 1 / 3.6},
        "wind_direction": {"°": 1.0, "deg": 1.0},
        "temperature": {"°C": 1.0, "℃": 1.0, "0.1°C": 0.1},
        "humidity": {"%": 1.0},
        **{alarm: {"": 1.0} for alarm in ("smoke", "gas", "electric", "other", "alarm")},
    }
)
"""Element → unit → factor to the unit that is stored: mm of rain, m of level and depth, m/s, degrees that the
wind comes from, °C, % of humidity; alarms are 0 or 1."""
STORED = {element: next(iter(units)) for element, units in UNITS.items()}
ALARMS = frozenset(element for element, unit in STORED.items() if not unit)


@dataclass(frozen=True)
class Band:
    """What readings of an element may be, in the unit that is stored.

    `most_per_min` is the fastest change (of rain: the heaviest fall); so many equal readings, not zero, over so long a
    time are a stuck value, and 0 of them switch that rule off.
    """

    low: float
    high: float
    most_per_min: float
    stuck_n: float = 0
    stuck_s: float = 0.0


BANDS: Mapping[str, Band] = MappingProxyType(
    {
        "rain": Band(0, 300, 6, 36, 10_800),
        "water_level": Band(-5, 200, 0.2, 288, 172_800),
        "depth": Band(0, 6, 0.5, 60, 21_600),
        "wind": Band(0, 75, 40, 12, 3600),
        "wind_direction": Band(0, 360, 1e9),
        "temperature": Band(-40, 50, 3, 144, 43_200),
        "humidity": Band(0, 100, 30),
        **{alarm: Band(0, 1, 1e9) for alarm in sorted(ALARMS)},
    }
)
"""DEMO values: a still lake may stand for two days, a drizzle for hours; an alarm is 0 or 1 and may change at once;
a vane stands still in calm air and swings round at once: neither is a fault; in fog the air is saturated for days."""


@dataclass(frozen=True)
class Limits:
    """What the rules go by; DEMO values.

    A time ahead of the clock by more than `future_s`, or older than `old_s`, is refused. A rain gauge whose day is
    `unit_low`–`unit_high` times its neighbours' median (or the inverse), both being at least `unit_mm` where the
    larger is concerned, is suspected of another unit. `use_suspect` lets suspect readings count in windows.
    """

    future_s: float = 120
    old_s: float = 15 * 86_400
    unit_low: float = 8
    unit_high: float = 12.5
    unit_mm: float = 20
    use_suspect: float = 0
    bands: Mapping[str, Band] = field(default_factory=lambda: BANDS)

    def changed(self, values: Mapping[str, float]) -> Limits:
        """With some values replaced, by names such as `future_s` or `rain.high`; unknown names are passed over."""
        own = {f.name for f in fields(self)} - {"bands"}
        bands = dict(self.bands)
        for name, value in values.items():
            element, _, limit = name.partition(".")
            if element in bands and limit in {f.name for f in fields(Band)}:
                bands[element] = replace(bands[element], **{limit: value})
        return replace(self, bands=bands, **{name: value for name, value in values.items() if name in own})


class Reading(NamedTuple):
    """One reading in the unit that is stored: when (s of the epoch), how much, and over which time up to then (s)."""

    element: str
    at_s: float
    value: float
    span_s: float


class Past:
    """What a station is remembered by: its newest good reading, the run of equal ones, its ratio to neighbours."""

    __slots__ = ("good", "good_s", "last_s", "run", "run_from_s", "run_n", "unit_ratio")

    def __init__(self) -> None:
        self.last_s = self.good_s = self.run_from_s = -np.inf
        self.good = self.run = np.nan
        self.run_n = 0
        self.unit_ratio = np.nan

    def note(self, reading: Reading, rule: Rule | None) -> None:
        """Remember a reading that was stored, unless it came out of order."""
        if reading.at_s <= self.last_s:
            return
        self.last_s = reading.at_s
        if reading.value == self.run:
            self.run_n += 1
        else:
            self.run, self.run_n, self.run_from_s = reading.value, 1, reading.at_s
        if rule is None or rule.name != "jump":
            self.good, self.good_s = reading.value, reading.at_s


Breaks = Callable[[Reading, Past, Limits, float], bool]


@dataclass(frozen=True)
class Rule:
    """A rule: its name, which field it speaks of, what is said, what becomes of the reading, and the test."""

    name: str
    field: str
    zh: str
    en: str
    verdict: Verdict
    breaks: Breaks


def _future(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    return r.at_s > now_s + limits.future_s


def _old(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    return r.at_s < now_s - limits.old_s


def _range(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    band = limits.bands[r.element]
    return not band.low <= r.value <= band.high


def _overlap(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    return r.element == "rain" and past.last_s < r.at_s < past.last_s + r.span_s / 2


def _jump(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    most = limits.bands[r.element].most_per_min
    if r.element == "rain":
        return r.value > most * r.span_s / 60
    minutes = max((r.at_s - past.good_s) / 60, 1.0)
    return r.at_s > past.last_s and abs(r.value - past.good) > most * minutes


def _stuck(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    band = limits.bands[r.element]
    return bool(
        band.stuck_n and r.at_s > past.last_s and r.value == past.run != 0
        and past.run_n + 1 >= band.stuck_n and r.at_s - past.run_from_s >= band.stuck_s
    )  # fmt: skip


def _unit(r: Reading, past: Past, limits: Limits, now_s: float) -> bool:
    ratio = past.unit_ratio
    return limits.unit_low <= max(ratio, 1 / ratio if ratio else np.inf) <= limits.unit_high


RULES: tuple[Rule, ...] = (
    Rule("future", "at", "时间超前于时钟", "the time is ahead of the clock", "rejected", _future),
    Rule("old", "at", "时间过早", "the time is too long ago", "rejected", _old),
    Rule("range", "value", "超出该要素的可能范围", "outside what this element can be", "rejected", _range),
    Rule("overlap", "at", "与上一读数的时段重叠", "its time overlaps the reading before", "suspect", _overlap),
    Rule("jump", "value", "变化过快", "it changes faster than it can", "suspect", _jump),
    Rule("stuck", "value", "数值长时间不变", "the value has not changed for long", "suspect", _stuck),
    Rule("unit", "unit", "与邻站相差约十倍，疑为单位有误", "about tenfold its neighbours; a unit?", "suspect", _unit),
)  # fmt: skip
"""In the order in which they are asked. Duplicates are found where readings are kept, by station, element and time."""


def judge(reading: Reading, past: Past, limits: Limits, now_s: float) -> Rule | None:
    """The first rule that a reading breaks, or None: it is good."""
    return next((rule for rule in RULES if rule.breaks(reading, past, limits, now_s)), None)


def unit_ratios(
    mm: NDArray[np.float64], known: NDArray[np.bool_], neighbours: NDArray[np.int64], least_mm: float
) -> NDArray[np.float64]:
    """Each gauge's day of rain to the median of its neighbours' (n × k, indices), NaN where that says nothing.

    It says nothing where a gauge or all its neighbours are unknown, or where the larger of the two is under `least_mm`.
    """
    around = np.where(known[neighbours], mm[neighbours], np.nan)
    middle = np.full(len(mm), np.nan)
    there = ~np.isnan(around).all(axis=1)
    middle[there] = np.nanmedian(around[there], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = mm / middle
    return np.where(known & (np.maximum(mm, middle) >= least_mm) & (middle > 0), ratio, np.nan)
