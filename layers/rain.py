"""Rain in rolling windows, by station and over areas. What was not measured is unknown, never dry.

Amounts are integer micrometres in bins of five minutes, so that sums are exact and may be compared with a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

BIN_S = 300
DAYS = 15
BINS = DAYS * 86_400 // BIN_S
HOURS = (1, 3, 6, 12, 24, 72)
UM = 1000
"""Micrometres to a millimetre."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Method = Literal["idw", "thiessen"]


@dataclass(frozen=True)
class Known:
    """When a window counts as known. DEMO values, the bureau's own replace them.

    The share of its time that must be covered, or how little may be missing whatever the share (two reports of five
    minutes); how much is too much in any window (an hour); how late a reading may come; after how long without one a
    station is silent (失联).
    """

    least_coverage: float = 0.9
    few_missing_s: int = 600
    most_missing_s: int = 3600
    grace_s: int = 60
    stale_s: int = 1800

    def enough(self, covered_s: Ints, whole_s: Ints) -> Flags:
        """Whether a window of which so much is covered is known."""
        missing_s = whole_s - covered_s
        share = (covered_s >= self.least_coverage * whole_s) | (missing_s <= self.few_missing_s)
        return np.asarray(share & (missing_s < self.most_missing_s), bool)


@dataclass(frozen=True)
class Totals:
    """Rolling sums: arrays of stations × windows; `end_s` and `silent` by station.

    `mm` is what was measured (0 where nothing was), `coverage` the share of time measured; where `known` is false the
    sum is a lower bound, and its window's state is unknown.
    """

    hours: tuple[int, ...]
    mm: Floats
    coverage: Floats
    known: Flags
    end_s: Ints
    silent: Flags


class Windows:
    """The last fifteen days of rain at each station. Times are seconds of the Unix epoch; not for two threads at once.

    Parameters
    ----------
    interval_s : how often each station reports, s.
    known : when a window counts as known.
    """

    def __init__(self, interval_s: ArrayLike, known: Known | None = None) -> None:
        self.interval_s: Ints = np.asarray(interval_s, np.int64)
        self.known = known or Known()
        n = len(self.interval_s)
        self.head = 0
        """The first bin, counted from the epoch, of which nothing is kept yet."""
        self._um = np.zeros((n, BINS), np.int32)
        self._covered_s = np.zeros((n, BINS), np.int32)
        self.last_s = np.full(n, -(2**40), np.int64)
        """Until when each station has measured."""

    def _advance(self, to: int) -> None:
        new = np.arange(max(self.head, to - BINS), to) % BINS
        if len(new):
            self._um[:, new] = 0
            self._covered_s[:, new] = 0
            self.head = to

    def put(self, station: Ints, end_s: Ints, span_s: Ints, mm: Floats) -> None:
        """Add readings, in any order: the rain of each span up to `end_s`, spread evenly over its bins.

        What lies before the fifteen days kept is passed over. A reading put twice counts twice.
        """
        if not len(station):
            return
        start_s = end_s - span_s
        first, stop = start_s // BIN_S, -(-end_s // BIN_S)
        self._advance(int(stop.max()))
        count = stop - first
        row = np.repeat(np.arange(len(station)), count)
        into = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
        low = np.maximum(start_s[row], into * BIN_S)
        high = np.minimum(end_s[row], (into + 1) * BIN_S)
        um = np.round(mm * UM).astype(np.int64)[row]
        part = um * (high - start_s[row]) // span_s[row] - um * (low - start_s[row]) // span_s[row]
        kept = into >= self.head - BINS
        at = station[row[kept]], into[kept] % BINS
        np.add.at(self._um, at, part[kept].astype(np.int32))
        np.add.at(self._covered_s, at, (high - low)[kept].astype(np.int32))
        np.maximum.at(self.last_s, station, end_s)

    def limit_s(self) -> Ints:
        """How long each station may be without a reading: the limit, or its own interval where that is longer."""
        return np.asarray(np.maximum(self.known.stale_s, self.interval_s + self.known.grace_s), np.int64)

    def ends(self, at_s: float) -> Ints:
        """Until when each station's windows run: its last reading; once that is too long ago, when one was last due."""
        last_s = np.minimum(self.last_s, int(at_s))
        due_s = (int(at_s) - self.known.grace_s) // self.interval_s * self.interval_s
        return np.where(at_s - last_s < self.limit_s(), last_s, np.maximum(due_s, last_s))

    def silent(self, at_s: float) -> Flags:
        """Who has been silent for longer than the limit."""
        return at_s - self.last_s > self.limit_s()

    def _bins(self, first: int, stop: int) -> tuple[Ints, Ints]:
        """Amounts (µm) and time covered (s) of the bins from `first` to before `stop`: stations × bins."""
        self._advance(stop)
        if first < self.head - BINS:
            raise ValueError("before the days that are kept")
        at = np.arange(first, stop) % BINS
        covered_s = np.minimum(self._covered_s.take(at, 1), BIN_S)
        return self._um.take(at, 1).astype(np.int64), covered_s.astype(np.int64)

    def totals(self, at_s: float, hours: tuple[int, ...] = HOURS) -> Totals:
        """The rolling sums as of a time. Where a window begins within a bin, it has its share of that bin.

        Raises ValueError for a time so long ago that the windows begin before what is kept.
        """
        end_s = self.ends(at_s)
        stop = -(-end_s // BIN_S)
        lengths = np.array(hours) * (3600 // BIN_S)
        low, high = (int(stop.min()), int(stop.max())) if len(stop) else (self.head, self.head)
        low -= int(lengths.max()) + 1
        row, last = np.arange(len(stop))[:, None], (stop - low)[:, None]
        begin, rest_s = last - lengths, (stop * BIN_S - end_s)[:, None]

        def summed(bins: Ints) -> Ints:
            upto = np.zeros((len(bins), bins.shape[1] + 1), np.int64)
            np.cumsum(bins, axis=1, out=upto[:, 1:])
            return np.asarray(upto[row, last] - upto[row, begin] + bins[row, begin - 1] * rest_s // BIN_S, np.int64)

        um, covered_s = map(summed, self._bins(low, high))
        whole, silent = lengths * BIN_S, self.silent(at_s)
        known = self.known.enough(covered_s, whole) & ~silent[:, None]
        return Totals(hours, um / UM, covered_s / whole, known, end_s, silent)

    def series(self, station: int, from_s: int, to_s: int, step_s: int) -> tuple[Ints, Floats, Floats]:
        """One station's rain in steps: their starts (s), amounts (mm), and the share of time covered.

        `step_s` is a multiple of five minutes. Raises ValueError for another, or before what is kept.
        """
        if step_s <= 0 or step_s % BIN_S:
            raise ValueError("a step is a multiple of 300 s")
        first, stop = from_s // step_s, -(-to_s // step_s)
        start = np.arange(first, stop) * step_s
        self._advance(max(self.head, stop * step_s // BIN_S))
        at = np.arange(first * step_s // BIN_S, stop * step_s // BIN_S)
        if len(at) > BINS or (len(at) and at[0] < self.head - BINS):
            raise ValueError("before the days that are kept")
        um, covered = self._um[station, at % BINS], np.minimum(self._covered_s[station, at % BINS], BIN_S)
        shape = (len(start), step_s // BIN_S)
        return start, um.reshape(shape).sum(1) / UM, covered.reshape(shape).sum(1) / step_s

    def rain_days(
        self, at_s: float, days: int, *, start_hour: int = 8, utc_offset_s: int = 28_800
    ) -> tuple[Floats, Flags]:
        """Rain by rain day (雨日), the running one last: amounts (mm) and whether they are known, stations × days.

        A rain day begins at `start_hour` (a DEMO value, the hydrologists' 8) in the time that is `utc_offset_s` ahead
        of UTC; at most 14 days are kept whole.
        """
        shift = utc_offset_s - start_hour * 3600
        end_s = self.ends(at_s)
        begins = (int(at_s) + shift) // 86_400 * 86_400 - shift
        stop = (begins + 86_400) // BIN_S
        um, covered = self._bins(stop - days * 86_400 // BIN_S, stop)
        shape = (len(end_s), days, 86_400 // BIN_S)
        covered_s = covered.reshape(shape).sum(2)
        whole = np.full_like(covered_s, 86_400)
        whole[:, -1] = np.maximum(end_s - begins, 0)
        known = self.known.enough(covered_s, whole)
        known[:, -1] &= ~self.silent(at_s)
        return um.reshape(shape).sum(2) / UM, known


@dataclass(frozen=True)
class Spread:
    """How gauges speak for areas: sample points of each area, and how far each lies from every gauge.

    `first` is the first point of each area, `distance_m` points × gauges.
    """

    first: Ints
    distance_m: Floats


def spread(areas: NDArray[np.object_], gauges: Floats, points: int = 400) -> Spread:
    """Lay about so many points into each area, on a grid of its own.

    Parameters
    ----------
    areas : polygons in a metric CRS.
    gauges : g × 2, metres in the same CRS.
    points : how many to an area; shares of an area are right to about 1/√points of a share's edge.
    """
    found = []
    for area in areas:
        step = max((area.area / points) ** 0.5, 1e-6)
        x0, y0, x1, y1 = area.bounds
        x, y = np.meshgrid(np.arange(x0 + step / 2, x1, step), np.arange(y0 + step / 2, y1, step))
        grid = np.column_stack([x.ravel(), y.ravel()])
        inside = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
        found.append(inside if len(inside) else shapely.get_coordinates(area.representative_point()))
    first = np.cumsum([0, *(len(some) for some in found)])[:-1].astype(np.int64)
    at = np.vstack([np.empty((0, 2)), *found])
    return Spread(first, np.hypot(*np.moveaxis(at[:, None] - np.asarray(gauges, float).reshape(1, -1, 2), 2, 0)))


def weights(
    where: Spread, available: Flags, method: Method = "idw", *, power: float = 2.0, reach_m: float = 15_000.0
) -> Floats:
    """How much each gauge counts in each area's mean, areas × gauges: rows sum to one.

    Only gauges that are available and within `reach_m` of a point count; an area with a point out of everybody's reach
    has a row of NaN. `power` and `reach_m` are DEMO values.

    Sources: Shepard 1968 (inverse distance weights); Thiessen 1911 (the nearest gauge).
    """
    usable = np.where(available[None, :], where.distance_m, np.inf)
    usable[usable > reach_m] = np.inf
    nearest = usable.min(axis=1, initial=np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "thiessen":
            share = (usable.argmin(axis=1)[:, None] == np.arange(usable.shape[1])) if usable.size else usable
            share = np.where(np.isfinite(nearest)[:, None], share, np.nan)
        else:
            share = (np.maximum(nearest, 1.0)[:, None] / np.maximum(usable, 1.0)) ** power
            share = np.where(np.isfinite(nearest)[:, None], share / share.sum(axis=1, keepdims=True), np.nan)
    counts = np.diff(np.append(where.first, len(where.distance_m)))
    if not len(where.first):
        return np.empty((0, usable.shape[1]))
    return np.asarray(np.add.reduceat(share, where.first, axis=0) / counts[:, None], float)


def areal(where: Spread, totals: Totals, method: Method = "idw", **how: float) -> Floats:
    """Mean rain of each area in each window, mm, areas × windows; NaN where no gauge can speak for all of an area.

    A gauge whose window is unknown takes no part, and the others' weights are made anew.
    """
    found = np.full((len(where.first), len(totals.hours)), np.nan)
    made: dict[bytes, Floats] = {}
    for k in range(len(totals.hours)):
        known = totals.known[:, k]
        weight = made.setdefault(known.tobytes(), weights(where, known, method, **how))
        found[:, k] = weight @ np.where(known, totals.mm[:, k], 0.0)
    return found
