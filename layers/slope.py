"""Rain on slopes: windows, effective rain, antecedent indices, intensity–duration curves; gauges to zones and villages.

All of it is arithmetic on rain. Whether a value is dangerous is said by thresholds (`layers.thresholds`), which are
local data with a document, never constants of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Decay:
    """How much of a day's rain counts a day later. A DEMO value: 0.84 is one of those in use, 0.8 another."""

    share: float = 0.84
    source: str = "DEMO"


def effective_rain(daily_mm: ArrayLike, decay: Decay | None = None) -> Floats:
    """Effective rain 有效雨量: today's rain and what is left of that of the days before, Σ kᵗ · Pₜ.

    Parameters
    ----------
    daily_mm : (…, days) rain of whole days in mm, the last is today (t = 0); NaN makes the result NaN.

    Returns
    -------
    (…) mm.

    Source: Bruce and Clark, Introduction to Hydrometeorology, 1966, in the form used in China with today's rain.
    """
    daily = np.asarray(daily_mm, float)
    found: Floats = daily @ ((decay or Decay()).share ** np.arange(daily.shape[-1])[::-1])
    return found


def antecedent_rain(daily_mm: ArrayLike, decay: Decay | None = None) -> Floats:
    """Antecedent rain index 前期降雨指数: the same without today, Σ kᵗ · Pₜ for t ≥ 1, mm."""
    found: Floats = effective_rain(daily_mm, decay) - np.asarray(daily_mm, float)[..., -1]
    return found


def antecedent_index(daily_mm: ArrayLike, power: float = 2.0) -> Floats:
    """The antecedent rainfall index of LHASA v1: a mean of the days' rain with weights (t + 1)⁻ᵖ, today t = 0, mm.

    Parameters
    ----------
    daily_mm : (…, days) rain of whole days in mm, the last is today; seven days in the original.

    Source: Kirschbaum and Stanley, "Satellite-based assessment of rainfall-triggered landslide hazard for situational
    awareness", Earth's Future 6, 2018.
    """
    daily = np.asarray(daily_mm, float)
    weight = (np.arange(daily.shape[-1])[::-1] + 1.0) ** -power
    found: Floats = daily @ weight / weight.sum()
    return found


@dataclass(frozen=True)
class Curve:
    """An intensity–duration curve I = a · D^b, mm/h over hours: rain above it has set slopes moving somewhere."""

    a: float
    b: float
    least_h: float
    most_h: float
    source: str

    def intensity_mm_h(self, duration_h: ArrayLike) -> Floats:
        """Mean intensity of the curve, mm/h; NaN for durations it was not made for."""
        hours = np.asarray(duration_h, float)
        within = (hours >= self.least_h) & (hours <= self.most_h)
        return np.where(within, self.a * np.where(within, hours, 1.0) ** self.b, np.nan)

    def depth_mm(self, duration_h: ArrayLike) -> Floats:
        """The rain of a window that lies on the curve, mm: a threshold where there is no local one."""
        found: Floats = self.intensity_mm_h(duration_h) * np.asarray(duration_h, float)
        return found


CAINE_1980 = Curve(
    14.82, -0.39, 10 / 60, 500.0,
    "Caine, The rainfall intensity–duration control of shallow landslides and debris flows, Geogr. Ann. 62A, 1980",
)  # fmt: skip
"""The worldwide lower limit: a worked example, no local value."""


def rolling(rain_mm: ArrayLike, steps: Sequence[int]) -> Floats:
    """Sums over the last so many steps, at every step.

    Parameters
    ----------
    rain_mm : (g, t) rain of each step in mm, NaN where it was not measured. Before the first step it was dry.
    steps : the windows, in steps.

    Returns
    -------
    (windows, g, t) mm, exact to the micrometre; NaN where a step of the window was not measured.
    """
    rain = np.asarray(rain_mm, float)
    missing = np.isnan(rain)
    um = np.zeros((rain.shape[0], rain.shape[1] + 1), np.int64)
    np.cumsum(np.rint(np.where(missing, 0.0, rain) * 1000).astype(np.int64), axis=1, out=um[:, 1:])
    found = np.empty((len(steps), *rain.shape))
    for k, n in enumerate(steps):
        found[k, :, :n] = um[:, 1 : n + 1]
        found[k, :, n:] = um[:, n + 1 :] - um[:, 1:-n]
    found /= 1000
    if missing.any():
        gaps = np.zeros_like(um)
        np.cumsum(missing, axis=1, out=gaps[:, 1:])
        for k, n in enumerate(steps):
            found[k, :, :n][gaps[:, 1 : n + 1] > 0] = np.nan
            found[k, :, n:][gaps[:, n + 1 :] > gaps[:, 1:-n]] = np.nan
    return found


def listed(rows: Sequence[Sequence[int]], gauges: int) -> Floats:
    """Weights (objects, gauges) of objects whose gauges are listed: all count the same; none listed is a row of NaN."""
    found = np.zeros((len(rows), gauges))
    for row, some in zip(found, rows, strict=True):
        row[list(some)] = 1.0
    with np.errstate(invalid="ignore"):
        found /= found.sum(axis=1, keepdims=True)
    return found


def near(distance_m: ArrayLike, count: int = 4, *, power: float = 2.0, reach_m: float = 15_000.0) -> Floats:
    """Weights (objects, gauges) by inverse distance to the nearest few; `count=1` is the nearest gauge alone.

    Parameters
    ----------
    distance_m : (objects, gauges), metres. Gauges beyond `reach_m` do not count; none within reach is a row of NaN.
    power, reach_m, count : DEMO values.

    Source: Shepard, "A two-dimensional interpolation function for irregularly-spaced data", 1968.
    """
    away = np.asarray(distance_m, float)
    order = np.argsort(away, axis=1, kind="stable")[:, :count]
    chosen = np.take_along_axis(away, order, axis=1)
    share = np.where(chosen <= reach_m, np.maximum(chosen, 1.0) ** -power, 0.0)
    found = np.zeros_like(away)
    with np.errstate(invalid="ignore"):
        np.put_along_axis(found, order, share / share.sum(axis=1, keepdims=True), axis=1)
    found[~share.any(axis=1)] = np.nan
    return found


def weigh(weights: Floats, mm: ArrayLike, known: ArrayLike | None = None) -> tuple[Floats, Flags]:
    """Rain at objects from rain at gauges.

    Parameters
    ----------
    weights : (objects, gauges), rows that sum to one, or of NaN for objects that no gauge speaks for.
    mm : (gauges, …) sums in mm. known : their flags; without them what is NaN is unknown.

    Returns
    -------
    mm : (objects, …); where one of an object's gauges is unknown, only a lower bound: rain that was not measured is
    not taken from the neighbours. known : (objects, …) flags.

    Raises
    ------
    Invalid : weights and sums of different gauges.
    """
    rain = np.asarray(mm, float)
    if weights.ndim != 2 or weights.shape[1] != rain.shape[0]:
        raise Invalid(
            f"权重是 {weights.shape[-1]} 个站的，雨量是 {rain.shape[0]} 个站的。",
            f"The weights are of {weights.shape[-1]} gauges, the rain of {rain.shape[0]}.",
            field="weights",
        )
    sure: Flags = ~np.isnan(rain)
    if known is not None:
        sure &= np.asarray(known, bool)
    alone: Flags = np.asarray(np.isnan(weights).any(axis=1))
    share = np.where(alone[:, None], 0.0, weights)
    flat = np.where(np.isnan(rain), 0.0, rain).reshape(len(rain), -1)
    found = (share @ flat).reshape(-1, *rain.shape[1:])
    flags = np.ones(found.shape, bool)
    if not sure.all():
        doubt = (share > 0).astype(np.float32) @ (~sure).reshape(len(rain), -1).astype(np.float32)
        flags = (doubt == 0).reshape(found.shape)
    flags[alone] = False
    return found, flags
