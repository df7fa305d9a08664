"""Water over the ground in time: the two-dimensional local-inertial model, on two threads.

Bates, Horritt, Fewtrell, "A simple inertial formulation of the shallow water equations", J. Hydrology 387, 2010; the
weighting of neighbouring discharges by de Almeida and others, Water Resources Research 48, 2012; friction by the whole
discharge's size after de Almeida, Bates, WRR 49, 2013. What leaves a cell in a step is cut to what is there, so depth
is never negative and no water is made on steep ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_data.errors import Invalid
from layers.flood.kernels import EDGE, LEVEL, LOSS, SOURCE, march
from layers.flood.prepare import MM_H, Grid, by_row, grid_of, pad
from layers.flood.scene import Floats, Scene

NEVER = 1e30
CELL_STEPS = 8_000_000
"""How much work lies between two looks at the caller: about a tenth of a second."""
ALONE = 20_000
"""Scenes of fewer cells are not worth a second thread."""


@dataclass(frozen=True)
class Numerics:
    """How finely time is cut: DEMO values that the known answers were reached with.

    dt_max_s : the longest step; on thin sheets longer ones oscillate, though no mass is lost.
    h_min_m : the step is that of water at least so deep.
    alpha : share of the longest step that is stable, √(θ/2)·Δx/√(gh); in one dimension it would be √θ.
    theta : weight of a face's own last discharge against its neighbours' mean.
    """

    dt_max_s: float = 5.0
    h_min_m: float = 0.05
    alpha: float = 0.95
    theta: float = 0.9


@dataclass(frozen=True)
class Rain:
    """Rain that holds between moments: `times_s` (n + 1), `rate_mmh` (n,) or (n, ny, nx)."""

    times_s: tuple[float, ...]
    rate_mmh: Floats


@dataclass(frozen=True)
class Inflow:
    """Water that enters at cells, in equal parts: m³/s, linear between `times_s`, none before and after."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    times_s: tuple[float, ...]
    flow_m3s: tuple[float, ...]

    def at(self, t_s: float, *, before: bool) -> float:
        """The flow just before or just after a time."""
        if not self.times_s[0] <= t_s <= self.times_s[-1] or t_s == self.times_s[-1 if not before else 0]:
            return 0.0
        return float(np.interp(t_s, self.times_s, self.flow_m3s))


@dataclass(frozen=True)
class Forcing:
    """All that brings water."""

    rain: Rain | None = None
    inflows: tuple[Inflow, ...] = ()


@dataclass(frozen=True)
class State:
    """Water at a moment, from which a run can go on: depth (ny, nx) m, discharge on faces (m²/s) west and north."""

    t_s: float
    h: Floats
    qx: Floats
    qy: Floats


@dataclass(frozen=True)
class Balance:
    """Cubic metres since the first start; `error` is what is not accounted for, as a share of all water there was."""

    at_start: float
    rain: float
    inflow: float
    from_bodies: float
    lost: float
    over_edge: float
    stored: float

    @property
    def error(self) -> float:
        """Positive where water was made."""
        came = self.at_start + self.rain + self.inflow + max(self.from_bodies, 0.0)
        due = self.at_start + self.rain + self.inflow + self.from_bodies - self.lost - self.over_edge
        return (self.stored - due) / came if came > 0 else 0.0


@dataclass(frozen=True)
class Flood:
    """A run's answer: the last state, the greatest depth (ny, nx) m, and when cells first reached each of `depths_m`,
    (k, ny, nx) s, inf for never. Water bodies and cells outside have depth 0."""

    state: State
    peak_m: Floats
    depths_m: tuple[float, ...]
    arrival_s: NDArray[np.float32]
    balance: Balance
    steps: int = field(compare=False)


def run(
    scene: Scene,
    forcing: Forcing,
    until_s: float,
    *,
    start: Flood | State | None = None,
    depths_m: Sequence[float] = (0.15, 0.27, 0.40),
    numerics: Numerics = Numerics(),
    threads: int = 2,
    progress: Callable[[float], None] | None = None,
) -> Flood:
    """Let water run until a moment.

    Parameters
    ----------
    until_s : seconds on the clock of the forcing; a run starts at 0 or at the moment of its start.
    start : a state to go on from, or an earlier answer, whose peak, arrivals and balance then go on too.
    depths_m : whose first times are noted; those of an earlier answer go first.
    progress : called with the share done several times a second; what it raises ends the run, and nothing remains.

    Raises Invalid where start, rain or inflow do not fit the scene.
    """
    grid = grid_of(scene)
    ny, nx = scene.z.shape
    _check(scene, forcing, start, until_s)
    before = start if isinstance(start, Flood) else None
    state = before.state if before else start if isinstance(start, State) else None
    t = state.t_s if state else 0.0
    depths = before.depths_m if before else tuple(depths_m)
    shape = grid.ground[0].shape
    h, qx, qy = (
        (pad(part, (ny, nx)) for part in (state.h, state.qx, state.qy))
        if state
        else (np.zeros(shape) for _ in range(3))
    )
    peak = pad(before.peak_m, (ny, nx)) if before else h.copy()
    arrival = np.full((len(depths), *shape), NEVER, np.float32)
    for k, depth in enumerate(depths):
        if before:
            arrival[k, 1 : ny + 1, 1 : nx + 1] = np.minimum(before.arrival_s[k], NEVER)
        arrival[k][(h >= depth) & (arrival[k] == np.float32(NEVER))] = t
    land = pad(scene.land, (ny, nx)) > 0
    account, rained, cell_m2 = np.zeros((shape[0], 4)), 0.0, scene.cell_m**2
    stored = float(h[land].sum()) * cell_m2
    record = (peak, arrival, np.array(depths, float))
    done, t0, steps = t, t, 0
    workers = max(1, min(threads, ny // 3)) if ny * nx >= ALONE else 1
    with ThreadPoolExecutor(max(1, workers - 1)) as pool:
        for begin, end in pairwise(_moments(scene, forcing, t, until_s)):
            rain = _rain(forcing.rain, scene, begin)
            rained += float(rain[land].sum()) * (end - begin) * cell_m2
            chunk = _Chunk(scene, grid, forcing, begin, end, rain, numerics)
            for done, made in chunk.go(pool, workers, (h, qx, qy), record, account):
                steps += made
                if progress:
                    progress((done - t0) / (until_s - t0))
    h[~land] = 0.0
    peak[~land] = 0.0
    sums = account.sum(axis=0) * cell_m2
    old = before.balance if before else Balance(stored, 0, 0, 0, 0, 0, stored)
    balance = Balance(
        old.at_start, old.rain + rained, old.inflow + sums[SOURCE], old.from_bodies + sums[LEVEL],
        old.lost + sums[LOSS], old.over_edge + sums[EDGE], float(h[land].sum()) * cell_m2,
    )  # fmt: skip
    cut = slice(1, ny + 1), slice(1, nx + 1)
    times = arrival[:, *cut]
    last = State(until_s, h[cut].copy(), qx[1 : ny + 1, 1 : nx + 2].copy(), qy[1 : ny + 2, 1 : nx + 1].copy())
    first = np.where(times >= np.float32(NEVER), np.float32(np.inf), times)
    return Flood(last, peak[cut].copy(), depths, first, balance, steps)


def _check(scene: Scene, forcing: Forcing, start: Flood | State | None, until_s: float) -> None:
    ny, nx = scene.z.shape
    state = start.state if isinstance(start, Flood) else start
    if state and state.h.shape != (ny, nx):
        raise Invalid("起始状态与地形大小不同。", "The start is of another grid than the scene.", field="start")
    if until_s < (state.t_s if state else 0.0):
        raise Invalid("结束时间早于开始时间。", "The end lies before the start.", field="until_s")
    if rain := forcing.rain:
        if len(rain.times_s) != len(rain.rate_mmh) + 1 or np.shape(rain.rate_mmh)[1:] not in ((), (ny, nx)):
            raise Invalid("雨量的时刻、大小不符。", "Rain needs a rate between every two times.", field="rain")
        if not np.all(np.isfinite(rain.rate_mmh)) or np.min(rain.rate_mmh, initial=0.0) < 0:
            raise Invalid("雨量须为非负数。", "Rain must be numbers of 0 or more.", field="rain")
    for k, one in enumerate(forcing.inflows, 1):
        inside = all(0 <= r < ny and 0 <= c < nx for r, c in zip(one.rows, one.columns, strict=True))
        if not inside or not scene.land[list(one.rows), list(one.columns)].all():
            raise Invalid(f"入流 {k} 不在陆地格内。", f"Inflow {k} is not on land.", field="inflows", row=k)


def _moments(scene: Scene, forcing: Forcing, t: float, until: float) -> list[float]:
    """From t to the end, with all moments between at which something bends."""
    times = [t, until, *(forcing.rain.times_s if forcing.rain else ())]
    for bends in (*(one.times_s for one in forcing.inflows), *(one.times_s for one in scene.bodies)):
        times += bends
    return sorted({float(x) for x in times if t <= x <= until})


def _rain(rain: Rain | None, scene: Scene, t: float) -> Floats:
    """(padded) m/s from a moment on, on land."""
    rate: Floats | float = 0.0
    if rain and rain.times_s[0] <= t < rain.times_s[-1]:
        rate = rain.rate_mmh[int(np.searchsorted(rain.times_s, t, side="right")) - 1]
    return pad(np.where(scene.land, np.asarray(rate) * MM_H, 0.0), scene.land.shape)


class _Chunk:
    """A span of time in which rain is constant and all else linear."""

    def __init__(
        self, scene: Scene, grid: Grid, forcing: Forcing, begin: float, end: float, rain: Floats, numerics: Numerics
    ) -> None:
        self.begin, self.end, self.grid, self.rain = begin, end, grid, rain
        fine = (scene.cell_m, numerics.theta, numerics.alpha, numerics.dt_max_s, numerics.h_min_m)
        self.numerics = tuple(map(float, fine))  # whole numbers would be compiled for anew
        *ground, loss = grid.ground
        self.ground = (*ground, rain, loss)
        levels = np.array([(one.at(begin), one.at(end)) for one in scene.bodies] or [(0.0, 0.0)])
        at, later = levels[grid.held_body].T
        rise = (later - at) / (end - begin)
        self.held = (grid.held_row, grid.held_column, at - grid.held_z, rise)
        rows, columns, flows = [], [], []
        for one in forcing.inflows:
            a, b = one.at(begin, before=False), one.at(end, before=True)
            each = np.array([a, (b - a) / (end - begin)]) / len(one.rows) / scene.cell_m**2
            rows += [r + 1 for r in one.rows]
            columns += [c + 1 for c in one.columns]
            flows += [each] * len(one.rows)
        order, begins = by_row(np.array(rows, np.int64), len(rain))
        first, more = np.array(flows, float).reshape(-1, 2)[order].T.copy()
        self.sources = (begins, np.array(columns, np.int64)[order], first, more)

    def go(
        self, pool: ThreadPoolExecutor, workers: int, state: tuple[Floats, ...],
        record: tuple[Floats, NDArray[np.float32], Floats], account: Floats,
    ) -> Iterator[tuple[float, int]]:  # fmt: skip
        """Step through it in place; after every few steps the time and the number of steps."""
        h, qx, qy = state
        row = np.repeat(np.arange(len(h)), np.diff(self.held[0]))
        h[row, self.held[1]] = self.held[2]
        work = (np.zeros_like(h), np.zeros_like(h), np.ones_like(h), np.zeros(len(h)), np.zeros(len(h)))
        rows = len(h) - 2
        cuts = np.linspace(1, rows + 1, workers + 1).astype(int)
        steps = max(5, CELL_STEPS // h.size)
        clock = np.array([self.begin, self.end, 0.0, self.begin])
        while clock[0] < self.end:
            work[3][:] = h.max(axis=1)
            span, met = self._span(h, qx, qy), np.zeros(1, np.int64)
            task = partial(self._march, workers, met, cuts, clock, steps, state, work, span, record, account)
            others = [pool.submit(task, k) for k in range(1, workers)]
            task(0)
            for other in others:
                other.result()
            yield float(clock[0]), int(clock[2])

    def _march(
        self, workers: int, met: Any, cuts: Any, clock: Any, steps: int, state: Any, work: Any, span: Any, record: Any,
        account: Any, k: int,
    ) -> None:  # fmt: skip
        march(
            k, workers, met, cuts[k], cuts[k + 1] - 1, clock, steps, self.numerics, self.ground, state, work, span,
            self.grid.edge, self.held, self.sources, record, account,
        )  # fmt: skip

    def _span(self, h: Floats, qx: Floats, qy: Floats) -> tuple[NDArray[np.int64], ...]:
        """For each row the columns of land, of water, and room for those that a step looks at."""
        wet = (h > 0) | (self.rain > 0) | (qx != 0) | (qy != 0)
        for begins, column in (self.held[:2], self.sources[:2]):
            wet[np.repeat(np.arange(len(h)), np.diff(begins)), column] = True
        some, size = wet.any(axis=1), h.shape[1]
        ends = np.full((len(h), 2), (size - 1, 0))
        ends[some, 0] = wet[some].argmax(axis=1)
        ends[some, 1] = size - 1 - wet[some, ::-1].argmax(axis=1)
        return self.grid.inside, ends.astype(np.int64), np.full_like(ends, (size - 1, 0)).astype(np.int64)
