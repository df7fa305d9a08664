"""`baochu bench slope`: new rain to new states, and fifteen days of indices, beside a plain pandas implementation.

No other engine for this is known, so the peer is what one would write in a notebook: pandas rolling windows. Both get
the same rain, and all their answers are compared before a time counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_data.clock import monotonic_s
from gis_data.errors import Conflict
from gis_data.settings import Settings
from layers.rain import Windows
from layers.slope import Decay, antecedent_index, effective_rain, near, rolling, weigh
from layers.thresholds import IMMEDIATE, PREPARE, Rules, States, Thresholds, begin, step
from layers.zone_status import status
from web.bench import Row

GAUGES, ZONES, VILLAGES = 60, 400, 29
STEP_S, A_DAY, DAYS = 300, 288, 15
HOURS = (1, 3, 6, 12, 24)
STEPS = tuple(hours * 12 for hours in HOURS)
NEWS, ROUNDS = 30, 5
NEWS_MS, BATCH_S = 10.0, 0.22
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class District:
    """A made district: rain of every five minutes (gauges, t) in tenths of a millimetre, weights, thresholds."""

    rain_mm: Floats
    weights: Floats
    thresholds: Thresholds


def district() -> District:
    """Some storms over fifteen days; each object by its four nearest gauges."""
    chance = np.random.default_rng(2026)
    wet = np.repeat(chance.random(DAYS * 24) < 0.25, 12)
    rain = np.round(chance.gamma(0.6, 2.5, (GAUGES, DAYS * A_DAY)) * wet, 1)
    where, gauges = chance.random((ZONES + VILLAGES, 2)) * 2e4, chance.random((GAUGES, 2)) * 2e4
    weights = near(np.linalg.norm(where[:, None] - gauges, axis=2), 4)
    prepare = np.round(np.outer(chance.uniform(0.8, 1.6, ZONES + VILLAGES), [20.0, 45, 65, 90, 130]))
    names = tuple(f"Z-{k}" for k in range(ZONES + VILLAGES))
    return District(rain, weights, Thresholds(names, tuple(f"{h}h" for h in HOURS), prepare, np.round(prepare * 1.35)))


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """Both figures, about a minute. Raises Conflict where the two differ."""
    made = district()
    say(f"新读数到新状态 {NEWS} new readings to new states")
    mine, theirs = _news(made)
    say("15 天的时段与指数 windows and indices of fifteen days")
    batch, theirs_batch = _batch(made)
    size = f"{ZONES} 区 zones + {VILLAGES} 村 villages，{GAUGES} 站 gauges"
    return [
        Row("新读数到新状态 new reading to new states", size, "pandas", round(mine * 1000, 2), round(theirs * 1000, 2),
            round(theirs / mine, 1), "ms", f"≤ {NEWS_MS:g} ms", mine * 1000 <= NEWS_MS),
        Row("15 天 5 分钟的时段与指数 windows and indices", f"{ZONES} × {GAUGES}", "pandas", round(batch, 3),
            round(theirs_batch, 3), round(theirs_batch / batch, 1), "s", f"≤ {BATCH_S:g} s", batch <= BATCH_S),
    ]  # fmt: skip


def _news(made: District) -> tuple[float, float]:
    """Median seconds from one reading of every gauge to the states, of ours and of pandas; alarms are the same."""
    past = made.rain_mm.shape[1] - NEWS
    windows = Windows(np.full(GAUGES, STEP_S))
    gauge, k = (one.ravel() for one in np.meshgrid(np.arange(GAUGES), np.arange(past), indexing="ij"))
    windows.put(gauge, (k + 1) * STEP_S, np.full(len(k), STEP_S), made.rain_mm[gauge, k])
    states = begin(made.thresholds, past * STEP_S)
    calm = np.zeros(ZONES + VILLAGES, np.int8)
    keeps = Rules(release=1.0, hold_s=0.0)  # what a stateless peer can answer too
    frame = pd.DataFrame(made.rain_mm.T)
    seconds: tuple[list[float], list[float]] = ([], [])
    for at in range(past, past + NEWS):
        start = monotonic_s()
        every = np.arange(GAUGES)
        windows.put(every, np.full(GAUGES, (at + 1) * STEP_S), np.full(GAUGES, STEP_S), made.rain_mm[:, at])
        totals = windows.totals((at + 1) * STEP_S, HOURS)
        mm, known = weigh(made.weights, totals.mm, totals.known)
        states = step(states, (at + 1) * STEP_S, mm, made.thresholds, keeps, known)
        status(calm, states, calm)
        seconds[0].append(monotonic_s() - start)
        start = monotonic_s()
        alarm = _plain_alarm(frame.iloc[at + 1 - 2 * A_DAY : at + 1], made)
        seconds[1].append(monotonic_s() - start)
        _same_alarms(states, alarm, at)
    return median(seconds[0]), median(seconds[1])


def _plain_alarm(rain: pd.DataFrame, made: District) -> NDArray[np.int64]:
    """The alarms of the last row, as one writes them with pandas."""
    objects = rain @ made.weights.T
    sums = pd.DataFrame({n: objects.rolling(n).sum().iloc[-1] for n in STEPS}).round(6)
    prepare = (sums.to_numpy() >= made.thresholds.prepare_mm).any(axis=1)
    immediate = (sums.to_numpy() >= made.thresholds.immediate_mm).any(axis=1)
    return np.where(immediate, IMMEDIATE, np.where(prepare, PREPARE, 0))


def _same_alarms(states: States, alarm: NDArray[np.int64], at: int) -> None:
    if not np.array_equal(states.alarm, alarm) or states.unknown.any():
        raise Conflict(f"第 {at} 步的状态与 pandas 不同。", f"The states of step {at} are not those of pandas.")


def _batch(made: District) -> tuple[float, float]:
    """Median seconds of ours, one of pandas, for all windows and indices of all zones; figures agree to 1e-6 mm."""
    weights = np.ascontiguousarray(made.weights[:ZONES])
    seconds: list[float] = []
    for _ in range(ROUNDS):
        start = monotonic_s()
        found = _ours(made.rain_mm, weights)
        seconds.append(monotonic_s() - start)
    start = monotonic_s()
    theirs = _plain(pd.DataFrame(made.rain_mm.T), weights)
    plain = monotonic_s() - start
    for name, value in theirs.items():
        if not np.allclose(found[name], value, rtol=0, atol=1e-6):
            raise Conflict(f"{name} 与 pandas 不同。", f"{name} is not that of pandas.")
    return median(seconds), plain


def _ours(rain_mm: Floats, weights: Floats) -> dict[str, Floats]:
    """Windows and indices of gauges first, for they are linear; then to the zones."""
    found = {f"{h}h": weigh(weights, some)[0] for h, some in zip(HOURS, rolling(rain_mm, STEPS), strict=True)}
    daily = rain_mm.reshape(GAUGES, DAYS, A_DAY).sum(axis=2)
    effective, index = (one(daily) for one in (effective_rain, antecedent_index))
    return {**found, "effective": weigh(weights, effective)[0], "index": weigh(weights, index)[0]}


def _plain(rain: pd.DataFrame, weights: Floats) -> dict[str, Floats]:
    """The same as one writes it with pandas: rain of the zones, its windows, its days and what is left of them."""
    zones = rain @ weights.T
    found = {f"{h}h": zones.rolling(n, min_periods=1).sum().to_numpy().T for h, n in zip(HOURS, STEPS, strict=True)}
    daily = zones.groupby(np.arange(len(zones)) // A_DAY).sum()
    ago = np.arange(DAYS)[::-1]
    left, share = Decay().share ** ago, (ago + 1.0) ** -2
    effective = daily.mul(left, axis=0).sum().to_numpy()
    return {**found, "effective": effective, "index": daily.mul(share / share.sum(), axis=0).sum().to_numpy()}
