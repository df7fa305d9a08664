"""States of zones and villages from rain against thresholds, and what decides a zone's colour. The handbook's 5.7, 5.8.

A state is a fold: the sums of a moment and the state before give the state now. Nothing unknown is ever safe: an alarm
is not taken back while a window is unknown, and without an alarm the state itself is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Levels = NDArray[np.int8]

EXACT = 6
"""Decimals of mm that are compared: a weighted mean of gauges that is 60 mm must not be 59.999999999."""
UNKNOWN, SAFE, PREPARE, IMMEDIATE = -1, 0, 1, 2
STATES = {
    UNKNOWN: ("unknown", "未知", "Unknown"),
    SAFE: ("safe", "安全", "Safe"),
    PREPARE: ("prepare", "准备转移", "Prepare to move"),
    IMMEDIATE: ("immediate", "立即转移", "Move now"),
}
CALM, MET, RELEASE, HOLD, DOUBT = range(5)
REASONS = {
    CALM: ("calm", "未达阈值", "Below all thresholds"),
    MET: ("met", "达到阈值", "A threshold is reached"),
    RELEASE: ("release", "未降到解除值", "Not yet below the release value"),
    HOLD: ("hold", "未满最短保持时间", "The minimum hold is not over"),
    DOUBT: ("doubt", "有时段未知，保留原告警", "A window is unknown, the last alarm stays"),
}


@dataclass(frozen=True)
class Rules:
    """When an alarm is taken back: all sums below this share of the threshold, and after so long at its level. DEMO."""

    release: float = 0.8
    hold_s: float = 3600.0
    source: str = "DEMO"


@dataclass(frozen=True, eq=False)
class Thresholds:
    """Thresholds of objects (o,) by measure (m,): windows, or other values in mm such as effective rain.

    Attributes
    ----------
    objects : their codes. measures : such as "1h", "3h", "effective".
    prepare_mm, immediate_mm : (o, m), NaN where there is none.
    """

    objects: tuple[str, ...]
    measures: tuple[str, ...]
    prepare_mm: Floats
    immediate_mm: Floats

    def __post_init__(self) -> None:
        shape = (len(self.objects), len(self.measures))
        if self.prepare_mm.shape != shape or self.immediate_mm.shape != shape or not self.measures:
            raise Invalid(
                f"阈值应为 {shape} 的数组，至少有一个时段。",
                f"Thresholds must be arrays of {shape}, with one measure at least.",
                field="thresholds",
            )
        wrong = (self.prepare_mm <= 0) | (self.immediate_mm <= 0) | (self.immediate_mm < self.prepare_mm)
        if wrong.any():
            row, column = (int(one[0]) for one in np.nonzero(wrong))
            where = f"{self.objects[row]} {self.measures[column]}"
            raise Invalid(
                f"{where}：阈值应大于 0，且立即转移不低于准备转移。",
                f"{where}: thresholds must be above 0, and immediate not below prepare.",
                field=self.measures[column],
                row=row + 1,
            )

    @classmethod
    def of(
        cls, objects: Sequence[str], measures: Sequence[str], rows: Iterable[tuple[str, str, float, float]]
    ) -> Thresholds:
        """From rows of (object, measure, prepare, immediate). Rows of other objects or measures are passed over.

        Raises Invalid for two rows of one object and measure.
        """
        place = {code: k for k, code in enumerate(objects)}
        column = {name: k for k, name in enumerate(measures)}
        found = np.full((2, len(objects), len(measures)), np.nan)
        for number, (code, name, prepare, immediate) in enumerate(rows, 1):
            if code in place and name in column:
                at = place[code], column[name]
                if not np.isnan(found[:, *at]).all():
                    raise Invalid(f"{code} {name} 有两行阈值。", f"{code} {name} has two rows.", field=name, row=number)
                found[:, *at] = prepare, immediate
        return cls(tuple(objects), tuple(measures), found[0], found[1])


@dataclass(frozen=True, eq=False)
class States:
    """States of objects (o,) as of a moment.

    Attributes
    ----------
    at_s, since_s : the moment, and since when each alarm stands at its level, s.
    alarm : `SAFE`, `PREPARE` or `IMMEDIATE`: the alarm that stands, maybe kept from before; `reason` says why.
    unknown_measures (o, m) : measures with a threshold whose value is not known. unknown : objects with such a one, or
    with no threshold at all; each is a data alarm (数据告警).
    measure, sum_mm, threshold_mm, seen_s : the evidence: which measure decided, its value then, the threshold, when;
    -1 and NaN where nothing stands.
    """

    at_s: float
    since_s: Floats
    alarm: Levels
    reason: Levels
    unknown: Flags
    unknown_measures: Flags
    measure: NDArray[np.int64]
    sum_mm: Floats
    threshold_mm: Floats
    seen_s: Floats

    @property
    def state(self) -> Levels:
        """The state to show: the alarm, or `UNKNOWN` where there is none and not all is known."""
        return np.where(self.unknown & (self.alarm == SAFE), UNKNOWN, self.alarm).astype(np.int8)


def begin(thresholds: Thresholds, at_s: float) -> States:
    """Before anything is known: no alarm, all unknown."""
    o, m = thresholds.prepare_mm.shape
    nan = np.full(o, np.nan)
    return States(
        at_s, np.full(o, float(at_s)), np.zeros(o, np.int8), np.zeros(o, np.int8), np.ones(o, bool),
        np.ones((o, m), bool), np.full(o, -1), nan, nan, nan,
    )  # fmt: skip


def step(
    before: States,
    at_s: float,
    sums_mm: ArrayLike,
    thresholds: Thresholds,
    rules: Rules | None = None,
    known: ArrayLike | None = None,
) -> States:
    """The states as of a moment.

    Parameters
    ----------
    before : the states before it, of the same objects. at_s : s.
    sums_mm : (o, m) mm, NaN for unknown. known : (o, m) flags; a value that is not known but no NaN is a lower bound,
    which may raise an alarm and never take one back.
    thresholds : a value equal to one reaches it ("以上" includes the number).

    An alarm falls when every value is known and below `release` × the threshold of its level, and `hold_s` have passed
    since it came to its level. It falls to the level that its values still hold.

    Raises
    ------
    Invalid : sums of another shape than the thresholds, or rules that make no sense.
    """
    rules = rules or Rules()
    sums = np.asarray(sums_mm, float)
    if sums.shape != thresholds.prepare_mm.shape:
        raise Invalid(
            f"雨量是 {sums.shape} 的数组，阈值是 {thresholds.prepare_mm.shape} 的。",
            f"The sums are an array of {sums.shape}, the thresholds of {thresholds.prepare_mm.shape}.",
            field="sums_mm",
        )
    if not 0 < rules.release <= 1 or rules.hold_s < 0:
        raise Invalid("解除比例应在 0 与 1 之间。", "The release share must lie between 0 and 1.", field="release")
    sure: Flags = ~np.isnan(sums)
    if known is not None:
        sure &= np.asarray(known, bool)
    value = np.where(np.isnan(sums), -np.inf, np.round(sums, EXACT))
    limit = np.stack([np.full(sums.shape, np.nan), thresholds.prepare_mm, thresholds.immediate_mm])
    asked = ~np.isnan(limit[1:]).all(axis=0)
    unknown_measures: Flags = asked & ~sure
    unknown = unknown_measures.any(axis=1) | ~asked.any(axis=1)

    def level(share: float) -> Levels:
        """The highest level of which a value reaches this share of the threshold."""
        reached: Flags = np.asarray((value >= np.round(share * limit, EXACT)).any(axis=2))
        return np.where(reached[IMMEDIATE], IMMEDIATE, reached[PREPARE]).astype(np.int8)

    raised, was = level(1.0), before.alarm
    held = np.minimum(level(rules.release), was)
    target = np.maximum(raised, held)
    resting = at_s - before.since_s < rules.hold_s
    alarm = np.where((target < was) & (unknown | resting), was, target).astype(np.int8)
    reason = np.select(
        [alarm == SAFE, raised == alarm, unknown, held == alarm], [CALM, MET, DOUBT, RELEASE], HOLD
    ).astype(np.int8)
    new = (alarm != SAFE) & ((raised == alarm) | (alarm != was))
    rows = np.arange(len(alarm))
    decisive = limit[alarm, rows]
    with np.errstate(invalid="ignore"):
        best = (
            np.where(np.isnan(decisive), -np.inf, value / decisive).argmax(axis=1) if value.shape[1] else rows * 0 - 1
        )

    def evidence(now: NDArray[np.generic], then: NDArray[np.generic], none: float) -> NDArray[np.generic]:
        return np.where(alarm == SAFE, none, np.where(new, now, then))

    return States(
        float(at_s),
        np.where(alarm != was, float(at_s), before.since_s),
        alarm,
        reason,
        unknown,
        unknown_measures,
        evidence(best, before.measure, -1).astype(np.int64),
        evidence(value[rows, best], before.sum_mm, np.nan).astype(float),
        evidence(decisive[rows, best], before.threshold_mm, np.nan).astype(float),
        evidence(np.full(len(alarm), float(at_s)), before.seen_s, np.nan).astype(float),
    )
