# mypy: disallow-untyped-decorators=False
"""How a surface fire behaves in each cell: rate, direction, shape, intensity and flame length.

Sources: Rothermel 1972, USDA RP INT-115; Albini 1976, GTR INT-30; Scott & Burgan 2005, RMRS-GTR-153 (curing); Andrews
2012, RMRS-GTR-266 (wind under a canopy); Andrews 2018, RMRS-GTR-371 (all equations); Anderson 1983, RP INT-305 (shape);
Byram 1959 (flame length). The limit on strong wind is left out, as Andrews and others advise (2013). Inside, the units
are those of the papers (ft, min, lb, Btu).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid
from layers.fire.fuels import Fuel

FT_M = 0.3048
FT_MIN_OF_MS = 60 / FT_M
KW_M2_OF_BTU = 1.055056 / FT_M**2 / 60  # of Btu/(ft²·min)
KJ_M2_OF_BTU = 1.055056 / FT_M**2
DENSITY, MINERAL, SILICA_FREE = 32.0, 0.0555, 0.010
TEN_HOURS, HUNDRED_HOURS = 109.0, 30.0
SIZES = (1200.0, 192.0, 96.0, 48.0, 16.0)
MOST_ELONGATED = 8.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moisture:
    """Water in the fuel as a share of its dry weight (0.08 is 8 %): below 1 in dead fuel, below 4 in live."""

    one_h: float
    ten_h: float
    hundred_h: float
    herb: float
    woody: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 < value < (4 if name in ("herb", "woody") else 1):
                zh = f"含水率 {name} 应为小数（0.08 即 8%），得到 {value:g}。"
                raise Invalid(zh, f"The moisture {name} must be a share (0.08 is 8 %), not {value:g}.", field=name)


@dataclass(frozen=True)
class Bed:
    """A fuel under a moisture: everything that does not depend on wind and slope.

    Attributes
    ----------
    rate_ms : without wind and slope, m/s. heat_kj_m2 : heat that the front sets free. reaction_kw_m2 : its intensity.
    wind, power : the wind's factor is wind · U^power, U in ft/min at midflame. slope : its factor is slope · tan².
    depth_m : of the fuel.
    """

    rate_ms: float
    heat_kj_m2: float
    reaction_kw_m2: float
    wind: float
    power: float
    slope: float
    depth_m: float


def bed(fuel: Fuel, moisture: Moisture) -> Bed:
    """Rothermel's bed. Moisture beyond extinction gives a rate of 0."""
    one, ten, hundred, herb, wood = fuel.load
    cured = herb * min(max(1.333 - 1.11 * moisture.herb, 0.0), 1.0) if fuel.dynamic else 0.0
    dead = [
        (one, fuel.sav[0], moisture.one_h),
        (ten, TEN_HOURS, moisture.ten_h),
        (hundred, HUNDRED_HOURS, moisture.hundred_h),
        (cured, fuel.sav[1], moisture.one_h),
    ]
    live = [(herb - cured, fuel.sav[1], moisture.herb), (wood, fuel.sav[2], moisture.woody)]
    classes = [[row for row in kind if row[0] > 0] for kind in (dead, live)]
    areas = [sum(sav * load for load, sav, _ in kind) for kind in classes]
    sigma = beta = sink = reaction = 0.0
    beta = sum(load for kind in classes for load, _, _ in kind) / fuel.depth_ft / DENSITY
    for kind, area in zip(classes, areas, strict=True):
        for load, sav, water in kind:
            part = sav * load / area * area / sum(areas)
            sigma += part * sav
            sink += part * exp(-138 / sav) * (250 + 1116 * water)
    best = 3.348 * sigma**-0.8189
    a = 133 * sigma**-0.7913
    most = sigma**1.5 / (495 + 0.0594 * sigma**1.5)
    velocity = most * (beta / best) ** a * exp(a * (1 - beta / best))
    for kind, area, extinction in zip(classes, areas, (fuel.extinction, _live_extinction(fuel, classes)), strict=True):
        if kind:
            net = sum(_of_size(kind, sav) / area * load for load, sav, _ in kind) * (1 - MINERAL)
            ratio = min(sum(sav * load / area * water for load, sav, water in kind) / extinction, 1.0)
            damping = 1 - 2.59 * ratio + 5.11 * ratio**2 - 3.52 * ratio**3
            reaction += velocity * net * fuel.heat_btu_lb * max(damping, 0.0) * 0.174 * SILICA_FREE**-0.19
    flux = exp((0.792 + 0.681 * sqrt(sigma)) * (beta + 0.1)) / (192 + 0.2595 * sigma)
    rate = reaction * flux / (beta * DENSITY * sink)
    c, e = 7.47 * exp(-0.133 * sigma**0.55), 0.715 * exp(-3.59e-4 * sigma)
    return Bed(
        rate / FT_MIN_OF_MS, reaction * 384 / sigma * KJ_M2_OF_BTU, reaction * KW_M2_OF_BTU,
        c * (beta / best) ** -e, 0.02526 * sigma**0.54, 5.275 * beta**-0.3, fuel.depth_ft * FT_M,
    )  # fmt: skip


def _of_size(kind: list[tuple[float, float, float]], sav: float) -> float:
    """Surface of all fuel of the same size class (Albini's weighting of loads)."""

    def size(value: float) -> int:
        return sum(value < bound for bound in SIZES)

    return sum(s * load for load, s, _ in kind if size(s) == size(sav) and size(s) < len(SIZES))


def _live_extinction(fuel: Fuel, classes: list[list[tuple[float, float, float]]]) -> float:
    """Moisture at which live fuel puts itself out, from the dead fuel there is to dry it."""
    dead, live = classes
    if not live:
        return fuel.extinction
    fine = sum(load * exp(-138 / sav) for load, sav, _ in dead)
    water = sum(load * exp(-138 / sav) * m for load, sav, m in dead) / fine if fine else 0.0
    ratio = fine / sum(load * exp(-500 / sav) for load, sav, _ in live)
    return max(2.9 * ratio * (1 - water / fuel.extinction) - 0.226, fuel.extinction)


@njit(cache=True, nogil=True)
def wind_adjustment(depth_m: float, cover: float, height_m: float, crown_ratio: float) -> float:
    """Midflame wind as a share of the wind 20 ft (6.1 m) above the vegetation.

    Parameters
    ----------
    depth_m : of the fuel. cover, height_m, crown_ratio : of the canopy; 0–1, m, 0–1. Crowns that fill more than 5 % of
    the space shelter. Source: Andrews 2012.
    """
    crowns = cover * crown_ratio / 3
    if crowns > 0.05:
        h = height_m / FT_M
        return 0.555 / (sqrt(crowns * h) * log((20 + 0.36 * h) / (0.13 * h)))
    h = depth_m / FT_M
    return 1.83 / log((20 + 0.36 * h) / (0.13 * h))


@njit(cache=True, nogil=True)
def length_to_width(wind_ms: float) -> float:
    """Shape of a fire under an effective midflame wind, at most 8. Source: Anderson 1983; Albini & Chase 1980."""
    mph = wind_ms / 0.44704
    ratio = 0.936 * exp(0.1147 * mph) + 0.461 * exp(-0.0692 * mph) - 0.397
    return min(max(ratio, 1.0), MOST_ELONGATED)


def flame_length_m(intensity_kw_m: ArrayLike) -> Floats:
    """Byram's flame length: 0.0775 I^0.46."""
    return np.asarray(0.0775 * np.asarray(intensity_kw_m, float) ** 0.46)


@dataclass(frozen=True, eq=False)
class Behaviour:
    """Head of the fire in each cell, (rows, columns) each; 0 where nothing burns.

    Attributes
    ----------
    rate_ms : along the ground, m/s. to_deg : where it runs, degrees clockwise from north.
    eccentricity, length_to_width : of the ellipse. intensity_kw_m : Byram's fireline intensity.
    """

    rate_ms: Floats
    to_deg: Floats
    eccentricity: Floats
    length_to_width: Floats
    intensity_kw_m: Floats

    @property
    def flame_m(self) -> Floats:
        """Flame length, m."""
        return flame_length_m(self.intensity_kw_m)


def behave(
    fuel: ArrayLike, beds: Sequence[Bed], wind_ms: ArrayLike, wind_from_deg: ArrayLike, slope_deg: ArrayLike = 0.0,
    aspect_deg: ArrayLike = 0.0, *, cover: ArrayLike = 0.0, height_m: ArrayLike = 0.0, crown_ratio: ArrayLike = 0.0,
    midflame: bool = False,
) -> Behaviour:  # fmt: skip
    """The head of a fire in each cell, wind and slope joined as vectors.

    Parameters
    ----------
    fuel : rows of `beds`, -1 where nothing burns; (rows, columns), or any shape that the others broadcast with.
    wind_ms, wind_from_deg : 20 ft (6.1 m) above the vegetation, at midflame if so said; degrees clockwise from north.
    slope_deg, aspect_deg : of the ground; the aspect faces downhill, NaN where flat.
    cover, height_m, crown_ratio : of the canopy.

    Raises
    ------
    Invalid : a fuel that is not in `beds`, a wind or slope that is no number or out of range.
    """
    shape = np.broadcast_shapes(*(np.shape(a) for a in (fuel, wind_ms, wind_from_deg, slope_deg, aspect_deg, cover)))
    kind = np.array(np.broadcast_to(fuel, shape), np.int64).ravel()
    if len(kind) and (kind.max() >= len(beds) or kind.min() < -1):
        raise Invalid("有的栅格可燃物不在表中。", "A cell has a fuel that is not in the table.", field="fuel")
    given = (wind_ms, wind_from_deg, slope_deg, aspect_deg, cover, height_m, crown_ratio)
    columns = [np.array(np.broadcast_to(a, shape), float).ravel() for a in given]  # copies: the kernel knows one kind
    columns[3] = np.nan_to_num(columns[3])
    wind, wind_from, slope = columns[:3]
    burns = kind >= 0
    if not ((wind >= 0) & (wind < 100) & np.isfinite(wind_from))[burns].all():
        raise Invalid("风速应为 0–100 m/s，风向应为数值。", "Wind must be 0 to 100 m/s with a direction.", field="wind")
    if not ((slope >= 0) & (slope < 90))[burns].all():
        raise Invalid("坡度应为 0–90°。", "The slope must be 0 to 90 degrees.", field="slope_deg")
    table = np.array([[b.rate_ms, b.heat_kj_m2, b.wind, b.power, b.slope, b.depth_m] for b in beds]).reshape(-1, 6)
    found = _cells(kind, table, *columns, midflame)
    return Behaviour(*(column.reshape(shape) for column in found))


@njit(cache=True, nogil=True)
def _cells(
    fuel: Any, beds: Any, wind: Any, wind_from: Any, slope: Any, aspect: Any, cover: Any, height: Any, crown: Any,
    midflame: bool,
) -> Any:  # fmt: skip
    """Rate, direction, eccentricity, length to width and intensity of each cell."""
    n = len(fuel)
    rate, to, eccentricity = np.zeros(n), np.zeros(n), np.zeros(n)
    shape, intensity = np.zeros(n), np.zeros(n)
    for i in range(n):
        if fuel[i] < 0:
            continue
        still, heat, factor, power, steep, depth = beds[fuel[i]]
        if not still > 0:
            continue
        u = wind[i]
        if not midflame:
            u *= wind_adjustment(depth, cover[i], height[i], crown[i])
        blown = factor * (u * FT_MIN_OF_MS) ** power
        uphill = steep * np.tan(np.radians(slope[i])) ** 2
        a, b = np.radians(wind_from[i] + 180.0), np.radians(aspect[i] + 180.0)
        x = blown * np.sin(a) + uphill * np.sin(b)
        y = blown * np.cos(a) + uphill * np.cos(b)
        both = sqrt(x * x + y * y)
        rate[i] = still * (1 + both)
        to[i] = np.degrees(np.arctan2(x, y)) % 360.0
        shape[i] = length_to_width((both / factor) ** (1 / power) / FT_MIN_OF_MS)
        eccentricity[i] = sqrt(1 - 1 / shape[i] ** 2)
        intensity[i] = heat * rate[i]
    return rate, to, eccentricity, shape, intensity
