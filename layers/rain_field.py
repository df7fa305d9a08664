"""Rain between gauges (雨量场): inverse distance weighting over a grid, masked where no gauge is near. 参考.

Why not kriging: a district has some ten to some thirty gauges, of which many are dark in a storm; a variogram fitted
to so few changes with every one that falls silent. Inverse distance has one exponent, is exact at the gauges, gives no
rain below zero, and is what the means over towns are made with. What its errors are is said by leaving each gauge out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CLASSES: dict[int, tuple[float, ...]] = {
    24: (0.1, 10.0, 25.0, 50.0, 100.0, 250.0), 12: (0.1, 5.0, 15.0, 30.0, 70.0, 140.0),
    6: (0.1, 4.0, 13.0, 25.0, 60.0, 120.0), 3: (0.1, 3.0, 10.0, 20.0, 50.0, 70.0), 1: (0.1, 1.6, 7.0, 15.0, 40.0, 50.0),
}  # fmt: skip
"""From so many mm on, by hours. 24 and 12 h: GB/T 28592-2012; 6, 3 and 1 h: the usual steps, parameters."""
WORDS = (("小雨", "Light"), ("中雨", "Moderate"), ("大雨", "Heavy"), ("暴雨", "Rainstorm"),
         ("大暴雨", "Severe rainstorm"), ("特大暴雨", "Extreme rainstorm"))  # fmt: skip


def distances(cells: Floats, gauges: Floats) -> Floats:
    """Metres from each cell's middle to each gauge; both in one metric CRS."""
    return np.asarray(np.hypot(*np.moveaxis(cells[:, None] - gauges.reshape(1, -1, 2), 2, 0)), float)


def field(distance_m: Floats, mm: Floats, known: Flags, *, power: float = 2.0, reach_m: float = 8000.0) -> Floats:
    """Rain of each cell, mm, from the gauges that are known and within reach; NaN where there is none.

    `distance_m` is cells × gauges. Source: Shepard 1968.
    """
    near = np.where(known[None, :] & (distance_m <= reach_m), np.maximum(distance_m, 1.0), np.inf)
    least = near.min(axis=1, initial=np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = (least[:, None] / near) ** power
        found = weight @ np.where(known, mm, 0.0) / weight.sum(axis=1)
    return np.where(np.isfinite(least), found, np.nan)


def left_out(gauges: Floats, mm: Floats, known: Flags, *, power: float = 2.0, reach_m: float = 8000.0) -> float | None:
    """The mean error at gauges, mm, each told by the others alone; None where fewer than two can be."""
    apart = distances(gauges, gauges)
    np.fill_diagonal(apart, np.inf)
    told = field(apart, mm, known, power=power, reach_m=reach_m)
    errors = np.abs(told - mm)[known & np.isfinite(told)]
    return float(errors.mean()) if len(errors) > 1 else None


def classes(mm: Floats, steps: tuple[float, ...]) -> NDArray[np.int64]:
    """The class of each amount: 0 no rain, 1 and up by the steps, -1 not known. Compared to a tenth of a mm."""
    found = np.searchsorted(steps, np.round(np.nan_to_num(mm), 1), side="right")
    return np.where(np.isnan(mm), -1, found)
