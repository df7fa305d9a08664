# mypy: disallow-untyped-decorators=False
"""Danger of the day: the Canadian Fire Weather Index, for a station's series or a map.

Source: Van Wagner 1987, Forestry Technical Report 35, with the constant 250·59.5/101 of the fine fuel code;
Van Wagner & Pickett 1985, FTR 33, has the series that the tests hold it to. Its moisture codes remember: each day goes
on from the day before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid
from layers.fire.powers import exp, log

Floats = NDArray[np.float64]
FFMC_SCALE = 250 * 59.5 / 101
DMC_DAY = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
"""Effective hours of light by month, about 46° N. Source: Van Wagner 1987."""
DMC_DAY_30N = (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8)
"""The same, from 15° to 30° N. Source: Lawson & Armitage 2008, Weather Guide for the CFFDRS."""
DC_DAY = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
"""Drying of the deep layer by month, north of 20° N. Source: Van Wagner 1987."""


@dataclass(frozen=True)
class Codes:
    """What the ground remembers from the day before; the defaults are those of a start after snow or rain."""

    ffmc: ArrayLike = 85.0
    dmc: ArrayLike = 6.0
    dc: ArrayLike = 15.0


@dataclass(frozen=True, eq=False)
class Index:
    """The six indices, and the daily severity; all of the weather's shape."""

    ffmc: Floats
    dmc: Floats
    dc: Floats
    isi: Floats
    bui: Floats
    fwi: Floats
    dsr: Floats

    @property
    def codes(self) -> Codes:
        """To go on from on the next day."""
        return Codes(self.ffmc, self.dmc, self.dc)


def fire_weather(
    temperature_c: ArrayLike, humidity: ArrayLike, wind_kmh: ArrayLike, rain_mm: ArrayLike, month: int,
    before: Codes = Codes(), *, dmc_day: tuple[float, ...] = DMC_DAY, dc_day: tuple[float, ...] = DC_DAY,
) -> Index:  # fmt: skip
    """The indices of one day, at a station or in each cell of a map.

    Parameters
    ----------
    temperature_c, humidity, wind_kmh : at noon local standard time; °C, %, km/h 10 m above open ground.
    rain_mm : of the 24 h to noon. month : 1–12. before : of the day before. NaN stays NaN.
    dmc_day, dc_day : factors of the twelve months, by latitude.

    Raises
    ------
    Invalid : a value out of range, with its field.
    """
    for field, zh, en, values, least, most in (
        ("temperature_c", "气温", "The temperature", temperature_c, -60, 60),
        ("humidity", "相对湿度", "The humidity", humidity, 0, 100),
        ("wind_kmh", "风速", "The wind", wind_kmh, 0, 400),
        ("rain_mm", "雨量", "The rain", rain_mm, 0, 2000),
        ("month", "月份", "The month", month, 1, 12),
        ("ffmc", "前一日 FFMC", "The FFMC before", before.ffmc, 0, 101),
        ("dmc", "前一日 DMC", "The DMC before", before.dmc, 0, 2000),
        ("dc", "前一日 DC", "The DC before", before.dc, 0, 3000),
    ):
        a = np.asarray(values, float)
        if ((a < least) | (a > most)).any():
            raise Invalid(f"{zh}应为 {least}–{most}。", f"{en} must be {least} to {most}.", field=field)
    given = (temperature_c, humidity, wind_kmh, rain_mm, before.ffmc, before.dmc, before.dc)
    columns = np.broadcast_arrays(*(np.asarray(a, float) for a in given))
    flat = [np.require(a.ravel(), float, ["C", "W"]) for a in columns]  # the kernel knows one kind of array
    found = np.empty((7, flat[0].size))
    _days(*flat, dmc_day[month - 1], dc_day[month - 1], found)
    return Index(*found.reshape(7, *columns[0].shape))


def overwintered(dc: float, rain_mm: float, *, carried: float = 0.75, effective: float = 0.75) -> float:
    """The drought code of spring from that of autumn and the winter's rain and snow.

    Parameters
    ----------
    dc : of the last day of autumn. rain_mm : since. carried, effective : shares of the moisture that is kept and of the
    rain that soaks in, for the place to say. Source: Van Wagner 1987; Lawson & Armitage 2008.
    """
    moisture = carried * 800 * math.exp(-dc / 400) + effective * 3.94 * rain_mm
    return max(400 * math.log(800 / moisture), 15.0)


BLOCK = 2048
# Below, each loop writes one array, and works out both sides of every choice: so the compiler does four cells at once.


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _days(
    temperature: Any, humidity: Any, wind: Any, rain: Any, ffmc0: Any, dmc0: Any, dc0: Any, light: float, drying: float,
    found: Any,
) -> None:  # fmt: skip
    """Fill the seven rows of `found`, block by block."""
    n = len(temperature)
    water, unknown = np.empty(BLOCK), np.empty(BLOCK)
    for begin in range(0, n, BLOCK):
        end = min(begin + BLOCK, n)
        t, h, w, r = temperature[begin:end], humidity[begin:end], wind[begin:end], rain[begin:end]
        f0, p0, d0 = ffmc0[begin:end], dmc0[begin:end], dc0[begin:end]
        m, lost = water[: end - begin], unknown[: end - begin]
        ffmc, dmc, dc, isi = found[0, begin:end], found[1, begin:end], found[2, begin:end], found[3, begin:end]
        bui, fwi, dsr = found[4, begin:end], found[5, begin:end], found[6, begin:end]
        _unknown(t, h, w, r, lost)
        _unknown(f0, p0, d0, lost, lost)
        _rained(f0, r, m)
        _dried(t, h, w, ffmc, m)
        _fine(m, lost, ffmc)
        _duff(t, h, r, p0, light, lost, dmc)
        _deep(t, r, d0, drying, lost, dc)
        _initial(w, m, lost, isi)
        _build_up(dmc, dc, bui)
        _index(isi, bui, lost, fwi)
        _severity(fwi, lost, dsr)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _unknown(a: Any, b: Any, c: Any, d: Any, found: Any) -> None:
    """NaN where any is, else 0."""
    for i in range(len(found)):
        found[i] = (a[i] + b[i] + c[i] + d[i]) * 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _rained(before: Any, rain: Any, found: Any) -> None:
    """Moisture of fine fuel after the rain, %."""
    for i in range(len(found)):
        m = FFMC_SCALE * (101 - before[i]) / (59.5 + before[i])
        r = max(rain[i] - 0.5, 1e-9)
        wet = 42.5 * r * exp(-100 / (251 - m)) * (1 - exp(-6.93 / r))
        over = max(m - 150, 0.0)
        wet = min(m + wet + 0.0015 * over * over * np.sqrt(r), 250.0)
        found[i] = wet if rain[i] > 0.5 else m


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _dried(temperature: Any, humidity: Any, wind: Any, goal: Any, found: Any) -> None:
    """Moisture of fine fuel after a day in this air, from `found` into it; `goal` is where it tends."""
    for i in range(len(found)):
        t, h, m = temperature[i], humidity[i], found[i]
        logh = log(max(h, 1e-9))
        air, warm = exp((h - 100) / 10), 0.18 * (21.1 - t) * (1 - exp(-0.115 * h))
        dry = 0.942 * exp(0.679 * logh) + 11 * air + warm
        moist = 0.618 * exp(0.753 * logh) + 10 * air + warm
        goal[i] = dry if m > dry else max(m, moist)  # between the two nothing changes
    for i in range(len(found)):
        m, a = found[i], humidity[i] / 100
        a = a if m > goal[i] else 1 - a
        a2 = a * a
        k = 0.424 * (1 - exp(1.7 * log(max(a, 1e-9)))) + 0.0694 * np.sqrt(wind[i]) * (1 - a2 * a2 * a2 * a2)
        slow = exp(-2.302585092994046 * 0.581 * k * exp(0.0365 * temperature[i]))
        found[i] = goal[i] + (m - goal[i]) * slow


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _fine(moisture: Any, lost: Any, found: Any) -> None:
    """Fine fuel moisture code."""
    for i in range(len(found)):
        code = 59.5 * (250 - moisture[i]) / (FFMC_SCALE + moisture[i])
        found[i] = min(max(code, 0.0), 101.0) + lost[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _duff(temperature: Any, humidity: Any, rain: Any, code: Any, light: float, lost: Any, found: Any) -> None:
    """Duff moisture code."""
    for i in range(len(found)):
        t, before = temperature[i], code[i]
        r = 0.92 * max(rain[i], 1.5) - 1.27
        slow = log(max(before, 1.0))
        b = 14 - 1.3 * slow if before <= 65 else 6.2 * slow - 17.2
        b = 100 / (0.5 + 0.3 * before) if before <= 33 else b
        wet = 43.43 * (5.6348 - log(280 * exp(-0.023 * before) + 1000 * r / (48.77 + b * r)))
        after = max(wet, 0.0) if rain[i] > 1.5 else before
        found[i] = after + 1.894e-4 * (max(t, -1.1) + 1.1) * (100 - humidity[i]) * light + lost[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _deep(temperature: Any, rain: Any, code: Any, drying: float, lost: Any, found: Any) -> None:
    """Drought code."""
    for i in range(len(found)):
        wet = -400 * log(exp(-code[i] / 400) + 3.937 / 800 * (0.83 * max(rain[i], 2.8) - 1.27))
        after = max(wet, 0.0) if rain[i] > 2.8 else code[i]
        found[i] = after + max(0.36 * (max(temperature[i], -2.8) + 2.8) + drying, 0.0) / 2 + lost[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _initial(wind: Any, moisture: Any, lost: Any, found: Any) -> None:
    """Initial spread index."""
    for i in range(len(found)):
        m = moisture[i]
        found[i] = 0.208 * 91.9 * exp(0.05039 * wind[i] - 0.1386 * m) * (1 + exp(5.31 * log(m)) / 4.93e7) + lost[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _build_up(duff: Any, deep: Any, found: Any) -> None:
    """Build-up index."""
    for i in range(len(found)):
        p, q = duff[i], 0.4 * deep[i]
        both = max(p + q, 1e-9)
        less = p - (1 - 2 * q / both) * (0.92 + exp(1.7 * log(max(0.0114 * p, 1e-9))))
        found[i] = 2 * p * q / both if p <= q else max(less, 0.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _index(initial: Any, build_up: Any, lost: Any, found: Any) -> None:
    """Fire weather index."""
    for i in range(len(found)):
        u = build_up[i]
        low, high = 0.626 * exp(0.809 * log(max(u, 1e-9))) + 2, 1000 / (25 + 108.64 * exp(-0.023 * u))
        found[i] = 0.1 * initial[i] * (low if u <= 80 else high)
    for i in range(len(found)):
        b = found[i]
        grown = exp(2.72 * exp(0.647 * log(0.434 * log(max(b, 1.0000001)))))
        found[i] = (grown if b > 1 else b) + lost[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _severity(index: Any, lost: Any, found: Any) -> None:
    """Daily severity rating."""
    for i in range(len(found)):
        found[i] = 0.0272 * exp(1.77 * log(max(index[i], 1e-9))) + lost[i]
