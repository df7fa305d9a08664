"""Underpasses as vessels: what their catchment brings, less what the pump lifts, by the curve of their shape.

Terrain of 10 to 30 m cannot show them, so they are no part of the ground: they take nothing from it, and what does not
fit in them runs over onto it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from gis_data.errors import Invalid
from layers.flood.prepare import MM_H
from layers.flood.scene import Floats
from layers.flood.solver import Inflow, Rain


@dataclass(frozen=True)
class Underpass:
    """depth_m, volume_m3 : what stands at the lowest point against what is in it, both rising from 0; the last pair is
    full to the brim, and volume runs straight between pairs.
    catchment_m2 : paved ground that drains into it; runoff : the share of rain that gets there.
    pump_m3h : what is lifted out of it while there is any.
    """

    name: str
    depth_m: tuple[float, ...]
    volume_m3: tuple[float, ...]
    catchment_m2: float
    pump_m3h: float = 0.0
    runoff: float = 0.9
    """DEMO; the bureau gives each underpass its own."""


@dataclass(frozen=True)
class Filling:
    """How one filled: volume and depth at each time, and what has run over since the start, m³."""

    times_s: Floats
    volume_m3: Floats
    depth_m: Floats
    overflow_m3: Floats


def by_area(depth_m: ArrayLike, area_m2: ArrayLike) -> tuple[float, ...]:
    """Volumes for a curve of depth against water surface, straight between its points."""
    depth, area = np.asarray(depth_m, float), np.asarray(area_m2, float)
    slices = np.diff(depth) * (area[1:] + area[:-1]) / 2
    return (0.0, *np.cumsum(slices).tolist())


def fill(
    underpass: Underpass, rain: Rain, until_s: float, *, every_s: float = 60.0, start_m3: float = 0.0,
    start_s: float = 0.0, cell: tuple[int, int] | None = None,
) -> Filling:  # fmt: skip
    """What stands in an underpass under rain, exactly: between two changes of the rain the volume runs straight.

    Parameters
    ----------
    cell : row and column of the scene whose rain it gets, where the rain differs from cell to cell.
    start_m3, start_s : where an earlier answer ended.

    Raises Invalid where the curve does not rise from nothing, or the rain is a grid and no cell is given.
    """
    _check(underpass, rain, cell)
    rates = np.asarray(rain.rate_mmh, float)
    rates = rates if cell is None or rates.ndim == 1 else rates[:, cell[0], cell[1]]
    steps = np.arange(start_s, until_s, every_s)
    changes = [t for t in rain.times_s if start_s < t < until_s]
    times = np.unique([*steps, *changes, until_s])
    volumes, overflows = [start_m3], [0.0]
    most = underpass.volume_m3[-1]
    for begin, end in pairwise(times.tolist()):
        k = int(np.searchsorted(rain.times_s, begin, side="right")) - 1
        rate = float(rates[k]) if 0 <= k < len(rates) else 0.0
        net = rate * MM_H * underpass.catchment_m2 * underpass.runoff - underpass.pump_m3h / 3600
        due = volumes[-1] + net * (end - begin)
        volumes.append(min(max(due, 0.0), most))
        overflows.append(overflows[-1] + max(due - most, 0.0))
    volume: Floats = np.array(volumes)
    return Filling(times, volume, np.interp(volume, underpass.volume_m3, underpass.depth_m), np.array(overflows))


def overflow(filling: Filling, cell: tuple[int, int]) -> Inflow | None:
    """What runs over, as an inflow at the underpass's cell of the scene; None where nothing does.

    It comes a moment late: the flow of a span rises to its mean at the span's end and goes on falling after it.
    """
    spilt = np.diff(filling.overflow_m3)
    if not spilt.any():
        return None
    times = filling.times_s
    flows = np.zeros(len(times))
    for k, volume in enumerate(spilt):  # a triangle over two spans holds what one of them spilt
        if volume > 0:
            last = times[min(k + 2, len(times) - 1)]
            flows[k + 1] += 2 * volume / (last - times[k])
    return Inflow((cell[0],), (cell[1],), tuple(times.tolist()), tuple(flows.tolist()))


def _check(underpass: Underpass, rain: Rain, cell: tuple[int, int] | None) -> None:
    depth, volume = underpass.depth_m, underpass.volume_m3
    rising = all(np.all(np.diff(part) > 0) and part[0] == 0 for part in (depth, volume))
    if len(depth) != len(volume) or len(depth) < 2 or not rising:
        raise Invalid(
            f"{underpass.name}：水深与容积须从 0 起逐点增大。",
            f"{underpass.name}: depth and volume must both rise from 0.",
            field="volume_m3",
        )
    if np.ndim(rain.rate_mmh) == 3 and cell is None:
        raise Invalid("栅格雨量须给出下穿通道所在的格。", "Rain on a grid needs the underpass's cell.", field="cell")
