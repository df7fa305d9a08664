"""Rain on slopes: worked examples, the handbook's rolling-rain case, states that are never safe while unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gis_data.errors import Invalid
from layers.rain import Windows
from layers.slope import (
    CAINE_1980,
    Decay,
    antecedent_index,
    antecedent_rain,
    effective_rain,
    listed,
    near,
    rolling,
    weigh,
)
from layers.thresholds import (
    CALM,
    DOUBT,
    HOLD,
    IMMEDIATE,
    MET,
    PREPARE,
    RELEASE,
    SAFE,
    UNKNOWN,
    Rules,
    States,
    Thresholds,
    begin,
    step,
)
from layers.zone_status import NONE, ORANGE, RED, YELLOW, status
from layers.zone_status import UNKNOWN as NO_COLOUR

DAILY = [10, 0, 25, 0, 0, 50, 80]
VILLAGE = Thresholds(("V-07",), ("1h", "3h"), np.array([[35.0, 60.0]]), np.array([[50.0, 85.0]]))
HOURLY = [12.0, 18, 28, 31, 22, 30, 35]


def test_worked_examples_of_daily_rain() -> None:
    assert effective_rain(DAILY, Decay(0.84)) == pytest.approx(137.9598, abs=5e-5)
    assert effective_rain(DAILY, Decay(0.8)) == pytest.approx(132.8614, abs=5e-5)
    assert antecedent_rain(DAILY, Decay(0.84)) == pytest.approx(57.9598, abs=5e-5)
    assert antecedent_index(DAILY) == pytest.approx(61.9819, abs=5e-5)
    many = np.array([DAILY, [0] * 7, [np.nan] * 7])
    np.testing.assert_allclose(effective_rain(many), [effective_rain(DAILY), 0, np.nan])


def test_caines_curve() -> None:
    np.testing.assert_allclose(
        CAINE_1980.intensity_mm_h([1, 3, 6, 12, 24]), [14.82, 9.66, 7.37, 5.62, 4.29], atol=0.005
    )
    np.testing.assert_allclose(CAINE_1980.depth_mm([1, 3]), [14.82, 28.97], atol=0.005)
    assert np.isnan(CAINE_1980.intensity_mm_h([0, 0.1, 501])).all()


def walk(hourly: list[float], rules: Rules | None = None, thresholds: Thresholds = VILLAGE) -> list[States]:
    """The states after each hour; before the first hour it was dry."""
    sums = rolling([hourly], [1, 3])[:, 0]
    states, found = begin(thresholds, 0), []
    for hour in range(len(hourly)):
        states = step(states, (hour + 1) * 3600, sums[:, hour][None], thresholds, rules)
        found.append(states)
    return found


def test_the_handbooks_rolling_rain() -> None:
    assert rolling([HOURLY], [3])[0, 0, 2:].tolist() == [58, 77, 81, 83, 87]
    states = walk(HOURLY)
    assert [int(one.state[0]) for one in states] == [SAFE] * 3 + [PREPARE] * 3 + [IMMEDIATE]
    fourth, last = states[3], states[6]
    assert (fourth.measure[0], fourth.sum_mm[0], fourth.threshold_mm[0], fourth.seen_s[0]) == (1, 77, 60, 4 * 3600)
    assert (last.measure[0], last.sum_mm[0], last.threshold_mm[0], last.since_s[0]) == (1, 87, 85, 7 * 3600)
    assert not any(one.unknown[0] for one in states)


def test_the_handbooks_missing_hour() -> None:
    states = walk([*HOURLY[:4], np.nan, *HOURLY[5:], 0, 0])
    assert [bool(one.unknown_measures[0, 1]) for one in states] == [False] * 4 + [True] * 3 + [False] * 2
    assert [bool(one.unknown[0]) for one in states] == [False] * 4 + [True] * 3 + [False] * 2
    assert [int(one.state[0]) for one in states[3:7]] == [PREPARE] * 4
    assert [int(one.reason[0]) for one in states[3:7]] == [MET, DOUBT, DOUBT, MET]  # the seventh: 1 h is 35
    assert (states[5].measure[0], states[5].sum_mm[0]) == (1, 77)
    assert states[5].unknown_measures[0].tolist() == [False, True]


@pytest.mark.parametrize("missing", [None, 5])
def test_the_same_from_the_gauges_own_windows(missing: int | None) -> None:
    windows = Windows([3600, 3600])
    weights, states, found = listed([[1]], 2), begin(VILLAGE, 0), []
    for hour, mm in enumerate([0.0, 0, 0, *HOURLY], -2):
        at, end_s = np.array([1]), np.array([(hour + 100) * 3600])
        if hour != missing:
            windows.put(at, end_s, np.array([3600]), np.array([mm]))
        now = int(end_s[0]) + 120
        totals = windows.totals(now, (1, 3))
        mm_here, known = weigh(weights, totals.mm, totals.known)
        states = step(states, now, mm_here, VILLAGE, known=known)
        found.append((int(states.alarm[0]), bool(states.unknown_measures[0, 1])))
    alarms = [SAFE] * 3 + [PREPARE] * 3 + [PREPARE if missing else IMMEDIATE]
    assert found[3:] == [(alarm, bool(missing) and hour >= 5) for hour, alarm in enumerate(alarms, 1)]


def test_missing_without_an_alarm_is_unknown_and_not_safe() -> None:
    states = walk([1, np.nan, 1, 1, 1])
    assert [int(one.state[0]) for one in states] == [SAFE, UNKNOWN, UNKNOWN, UNKNOWN, SAFE]
    assert int(begin(VILLAGE, 0).state[0]) == UNKNOWN
    bare = Thresholds(("Z-1",), ("1h",), np.array([[np.nan]]), np.array([[np.nan]]))
    assert step(begin(bare, 0), 1, [[0.0]], bare).state.tolist() == [UNKNOWN]


def test_a_measure_without_threshold_may_be_unknown() -> None:
    only = Thresholds(("Z-1",), ("1h", "3h"), np.array([[35.0, np.nan]]), np.array([[50.0, np.nan]]))
    assert step(begin(only, 0), 1, [[0.0, np.nan]], only).state.tolist() == [SAFE]


def test_a_lower_bound_raises_and_never_takes_back() -> None:
    dark = [[False, False]]
    first = step(begin(VILLAGE, 0), 3600, [[10.0, 61.0]], VILLAGE, known=dark)
    assert (int(first.state[0]), bool(first.unknown[0]), int(first.reason[0])) == (PREPARE, True, MET)
    later = step(first, 10 * 3600, [[0.0, 0.0]], VILLAGE, known=dark)
    assert (int(later.state[0]), int(later.reason[0])) == (PREPARE, DOUBT)
    assert step(later, 11 * 3600, [[0.0, 0.0]], VILLAGE).state.tolist() == [SAFE]


def test_hysteresis_and_the_minimum_hold() -> None:
    rules = Rules(release=0.8, hold_s=7200)
    sums = [
        (0, 60.0),
        (1, 47.0),
        (2, 48.0),
        (3, 47.9),
        (4, 85.0),
        (5, 68.0),
        (6, 67.9),
        (7, 50.0),
        (8, 10.0),
        (9, 10.0),
    ]
    expected = [
        (PREPARE, MET), (PREPARE, HOLD), (PREPARE, RELEASE), (SAFE, CALM), (IMMEDIATE, MET), (IMMEDIATE, RELEASE),
        (PREPARE, MET), (PREPARE, RELEASE), (SAFE, CALM), (SAFE, CALM),
    ]  # fmt: skip
    states, found = begin(VILLAGE, 0), []
    for hour, sum_mm in sums:
        states = step(states, hour * 3600, [[0.0, sum_mm]], VILLAGE, rules)
        found.append((int(states.alarm[0]), int(states.reason[0])))
    assert found == expected
    assert np.isnan(states.sum_mm[0])
    assert states.measure[0] == -1


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_nothing_unknown_is_ever_safe_and_alarms_are_never_late(data: st.DataObject) -> None:
    o, m = 3, 2
    limits = data.draw(arrays.arrays(float, (2, o, m), elements=st.sampled_from([np.nan, 20.0, 35.0, 50.0])))
    some = Thresholds(("a", "b", "c"), ("1h", "3h"), np.fmin(*limits), np.fmax(*limits))
    rules = Rules(data.draw(st.floats(0.1, 1)), data.draw(st.sampled_from([0.0, 3600.0])))
    states = begin(some, 0)
    for hour in range(1, 8):
        sums = data.draw(arrays.arrays(float, (o, m), elements=st.sampled_from([np.nan, 0.0, 10, 20, 35, 50])))
        before, states = states, step(states, hour * 1800, sums, some, rules)
        for k in range(o):
            value, low, high = sums[k], some.prepare_mm[k], some.immediate_mm[k]
            asked = ~np.isnan(low)
            dark = bool((np.isnan(value) & asked).any()) or not asked.any()
            assert bool(states.unknown[k]) == dark
            if (value >= high).any():
                assert states.alarm[k] == IMMEDIATE
            elif (value >= low).any():
                assert states.alarm[k] >= PREPARE
            if dark:
                assert states.state[k] != SAFE
                assert states.alarm[k] >= before.alarm[k]
            if states.alarm[k] < before.alarm[k]:
                assert states.at_s - before.since_s[k] >= rules.hold_s
                level = high if before.alarm[k] == IMMEDIATE else low
                assert not (value >= rules.release * level).any()
            if states.alarm[k] != SAFE:
                j = states.measure[k]
                assert states.threshold_mm[k] == (high if states.alarm[k] == IMMEDIATE else low)[j]
                assert states.reason[k] != CALM


def test_thresholds_from_the_register() -> None:
    rows = [("V-2", "3h", 60.0, 85.0), ("V-1", "1h", 35.0, 50.0), ("Z-9", "1h", 1.0, 2.0)]
    found = Thresholds.of(["V-1", "V-2"], ["1h", "3h"], rows)
    np.testing.assert_equal(found.prepare_mm, [[35, np.nan], [np.nan, 60]])
    with pytest.raises(Invalid, match="two rows"):
        Thresholds.of(["V-1"], ["1h"], [*rows, rows[1]])
    with pytest.raises(Invalid) as refused:
        Thresholds.of(["V-1"], ["1h"], [("V-1", "1h", 50.0, 35.0)])
    assert (refused.value.field, refused.value.row) == ("1h", 1)
    assert "V-1" in refused.value.zh


@pytest.mark.parametrize(
    ("sums", "rules"), [([[1.0]], Rules()), ([[1.0, 1.0]], Rules(release=1.2)), ([[1.0, 1.0]], Rules(hold_s=-1))]
)
def test_what_makes_no_sense_is_refused(sums: list[Any], rules: Rules) -> None:
    with pytest.raises(Invalid):
        step(begin(VILLAGE, 0), 1, sums, VILLAGE, rules)


def test_a_weighted_mean_that_equals_the_threshold_reaches_it() -> None:
    mm, known = weigh(listed([[0, 1, 2, 3, 4, 5]], 6), np.full((6, 2), [12.3, 60.1]))
    assert mm[0, 1] < 60.1  # as floats have it
    low = Thresholds(("V-07",), ("1h", "3h"), np.array([[99.0, 60.1]]), np.array([[99.0, 60.1 / 0.8]]))
    first = step(begin(low, 0), 0, mm, low, Rules(0.8, 0), known)
    assert int(first.alarm[0]) == PREPARE
    high = step(first, 1, [[0.0, 80.0]], low, Rules(0.8, 0))
    assert int(step(high, 2, mm, low, Rules(0.8, 0)).alarm[0]) == IMMEDIATE  # and holds what is just released below it


# Gauges and windows.


def test_windows_are_as_pandas_rolls_them() -> None:
    chance = np.random.default_rng(7)
    rain = np.where(chance.random((3, 400)) < 0.02, np.nan, np.round(chance.gamma(0.2, 2, (3, 400)), 1))
    found = rolling(rain, [1, 12, 36])
    for k, n in enumerate((1, 12, 36)):
        frame = pd.DataFrame(np.column_stack([np.zeros((3, n)), rain]).T).rolling(n).sum().T.to_numpy()[:, n:]
        np.testing.assert_allclose(found[k], frame, atol=1e-9)
    assert np.isnan(found).any()
    assert rolling([[0.1] * 30], [30])[0, 0, -1] == 3.0  # exact, where floats would not be


def test_gauges_to_objects() -> None:
    distance = np.array([[100.0, 200.0, 900.0], [20_000.0, 30_000.0, 40_000.0]])
    np.testing.assert_allclose(near(distance, 1)[0], [1, 0, 0])
    np.testing.assert_allclose(near(distance, 2)[0], [0.8, 0.2, 0])
    assert np.isnan(near(distance, 2)[1]).all()
    lists = listed([[0], [0, 2], []], 3)
    mm, known = weigh(lists, [[10.0, 30.0], [np.nan, 1.0], [20.0, np.nan]])
    np.testing.assert_allclose(mm, [[10, 30], [15, 15], [0, 0]])
    assert known.tolist() == [[True, True], [True, False], [False, False]]
    _, known = weigh(lists, np.ones((3, 1)), [[True], [True], [False]])
    assert known[:, 0].tolist() == [True, False, False]
    with pytest.raises(Invalid):
        weigh(lists, np.ones((2, 1)))


# The zone's colour.


def test_a_zone_shows_the_worst_and_who_decided() -> None:
    zones = Thresholds(tuple("abcdef"), ("1h",), np.full((6, 1), 35.0), np.full((6, 1), 50.0))
    rain = step(begin(zones, 0), 1, [[0], [40], [60], [np.nan], [0], [40]], zones)
    found = status([NONE, YELLOW, NONE, NONE, NO_COLOUR, ORANGE], rain, [-1, 0, 3, 0, 1, 0])
    assert found.colour.tolist() == [NONE, ORANGE, RED, NO_COLOUR, YELLOW, ORANGE]
    assert found.decided.tolist() == [
        [False] * 3, [False, True, False], [False, True, True], [False] * 3, [False, False, True], [True, True, False]
    ]  # fmt: skip
    assert found.unknown.tolist() == [False, False, False, True, True, False]
    assert found.internal.tolist() == [False, True, False, False, False, False]
