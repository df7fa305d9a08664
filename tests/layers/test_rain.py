"""Rain in windows and over areas; what is missing is unknown, never dry. Rules of quality, each by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from layers.quality import RULES, Limits, Past, Reading, judge, unit_ratios
from layers.rain import BIN_S, Known, Windows, areal, spread, weights

NOON = 1_782_014_400
"""2026-06-21 12:00 in Hangzhou (04:00 UTC)."""
HOUR = 3600
GOLDEN = (12, 18, 28, 31, 22, 30, 35)
"""The handbook's hourly rain of 5.8."""


def hourly(values: dict[int, float], known: Known | None = None) -> Windows:
    """One gauge that reports each hour, with the rain of some hours (from 1)."""
    windows = Windows([HOUR], known)
    for hour, mm in values.items():
        put(windows, 0, NOON + hour * HOUR, HOUR, mm)
    return windows


def put(windows: Windows, station: int, end_s: int, span_s: int, mm: float) -> None:
    windows.put(np.array([station]), np.array([end_s]), np.array([span_s]), np.array([float(mm)]))


def three_hours(windows: Windows, hour: int) -> tuple[float, bool]:
    totals = windows.totals(NOON + hour * HOUR + windows.known.grace_s, (3,))
    return totals.mm[0, 0], bool(totals.known[0, 0])


def test_the_handbooks_rolling_rain() -> None:
    windows, found = Windows([HOUR]), []
    for hour, mm in enumerate(GOLDEN, 1):
        put(windows, 0, NOON + hour * HOUR, HOUR, mm)
        found.append(three_hours(windows, hour))
    assert found[2:] == [(mm, True) for mm in (58, 77, 81, 83, 87)]
    assert windows.totals(NOON + 4 * HOUR, (3,)).mm[0, 0] == 77, "as it was at the fourth hour"


def test_the_handbooks_missing_hour_is_unknown_in_each_window_that_holds_it() -> None:
    windows = hourly({hour: mm for hour, mm in enumerate(GOLDEN, 1) if hour != 5})
    assert [three_hours(windows, hour)[1] for hour in range(3, 9)] == [True, True, False, False, False, False]
    put(windows, 0, NOON + 5 * HOUR, HOUR, GOLDEN[4])
    assert three_hours(windows, 7) == (87, True), "late data land in their hours"


def test_an_hour_is_too_much_to_miss_in_three_days_too() -> None:
    windows = hourly({hour: 1 for hour in range(1, 73) if hour != 30})
    totals = windows.totals(NOON + 72 * HOUR, (24, 72))
    assert totals.known[0].tolist() == [True, False]
    assert totals.coverage[0].tolist() == [1, 71 / 72]


def test_sums_are_exact_however_an_amount_is_spread() -> None:
    windows = Windows([600])
    for k in range(1, 19):
        put(windows, 0, NOON + k * 600 + 77, 600, 3.3)
    assert windows.totals(NOON + 18 * 600 + 77, (3, 6)).mm[0, 1] == 59.4
    assert windows.totals(NOON + 18 * 600 + 77, (6,)).mm[0, 0] == 18 * 3.3


def test_a_window_that_begins_within_a_bin_is_whole() -> None:
    windows = Windows([BIN_S])
    for k in range(40):
        put(windows, 0, NOON - k * BIN_S + 77, BIN_S, 0.5)
    totals = windows.totals(NOON + 77, (1, 3))
    assert totals.mm[0].tolist() == [6, 18]
    assert totals.coverage[0].tolist() == [1, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 14 * 288), st.integers(0, 30_000)), max_size=60),
    st.randoms(use_true_random=False),
)
def test_windows_are_the_plain_sums_in_any_order(found: list[tuple[int, int, int]], order: object) -> None:
    readings = list({(s, k): (s, NOON + k * BIN_S, um / 1000) for s, k, um in found}.values())
    order.shuffle(readings)  # type: ignore[attr-defined]
    windows = Windows([BIN_S] * 3)
    for station, end_s, mm in readings:
        put(windows, station, end_s, BIN_S, mm)
    now = NOON + 14 * 86_400
    totals = windows.totals(now, (1, 3, 24, 72))
    for station in range(3):
        for k, hours in enumerate(totals.hours):
            end = totals.end_s[station]
            wanted = [mm for s, at, mm in readings if s == station and end - hours * HOUR < at <= end]
            assert math.isclose(totals.mm[station, k], sum(wanted), abs_tol=1e-9)
            assert totals.coverage[station, k] == pytest.approx(len(wanted) * BIN_S / hours / HOUR)


def test_old_bins_are_used_again_clean() -> None:
    windows = Windows([BIN_S])
    put(windows, 0, NOON, BIN_S, 9)
    put(windows, 0, NOON + 15 * 86_400, BIN_S, 1)
    assert windows.totals(NOON + 15 * 86_400, (1,)).mm[0, 0] == 1
    put(windows, 0, NOON, BIN_S, 9)
    assert windows.totals(NOON + 15 * 86_400, (72,)).mm[0, 0] == 1, "too late for what is kept"
    with pytest.raises(ValueError, match="kept"):
        windows.totals(NOON, (72,))


def test_a_gauge_is_silent_after_the_limit_and_its_windows_unknown() -> None:
    windows = Windows([BIN_S, HOUR], Known(stale_s=1800))
    for k in range(36):
        put(windows, 0, NOON - k * BIN_S, BIN_S, 0)
    for k in range(3):
        put(windows, 1, NOON - k * HOUR, HOUR, 0)
    assert windows.silent(NOON + 1800).tolist() == [False, False]
    assert windows.silent(NOON + 35 * 60).tolist() == [True, False], "who reports by the hour has the hour"
    assert windows.totals(NOON, (1, 3)).known.all()
    assert not windows.totals(NOON + 35 * 60, (1,)).known[0, 0]


def five_minutes(lost: set[int]) -> Windows:
    """A gauge of five minutes with 0.5 mm in each, three hours up to noon; some lost, counted back from 0."""
    windows = Windows([BIN_S])
    for k in range(36):
        if k not in lost:
            put(windows, 0, NOON - k * BIN_S, BIN_S, 0.5)
    return windows


@pytest.mark.parametrize(
    ("lost", "known"), [({3, 4}, [True, True]), ({3, 8}, [True, True]), ({3, 4, 8}, [False, True])]
)
def test_two_lost_reports_of_five_minutes_leave_the_hour_known(lost: set[int], known: list[bool]) -> None:
    totals = five_minutes(lost).totals(NOON, (1, 3))
    assert totals.known[0].tolist() == known
    assert totals.mm[0].tolist() == [6 - len(lost) / 2, 18 - len(lost) / 2], "a lower bound"


def test_a_late_gauge_has_its_windows_up_to_its_last_reading_until_it_is_silent() -> None:
    windows = five_minutes(set())
    for minutes, known in ((11, True), (29, True), (30, False), (35, False)):
        totals = windows.totals(NOON + minutes * 60, (1,))
        assert bool(totals.known[0, 0]) == known
        assert (int(totals.end_s[0]), totals.mm[0, 0]) == (NOON, 6) if known else totals.end_s[0] > NOON
    put(windows, 0, NOON + 15 * 60, 900, 9)
    assert windows.totals(NOON + 16 * 60, (1,)).mm[0, 0] == 9 + 9 * 0.5, "what was late counts where it fell"


def test_a_rain_day_begins_at_its_hour() -> None:
    windows = Windows([HOUR])
    eight = NOON - 4 * HOUR
    for k in range(-24, 4):
        put(windows, 0, eight + (k + 1) * HOUR, HOUR, 2 if k < 0 else 5)
    mm, known = windows.rain_days(NOON, 2)
    assert (mm.tolist(), known.tolist()) == ([[48, 20]], [[True, True]])
    mm, known = windows.rain_days(NOON, 2, start_hour=0)
    assert (mm.tolist(), known.tolist()) == ([[32, 16 + 20]], [[False, True]])


def test_a_series_in_steps_says_what_it_covers() -> None:
    windows = Windows([BIN_S])
    for k in range(1, 13):
        if k != 4:
            put(windows, 0, NOON + k * BIN_S, BIN_S, 0.2)
    start, mm, covered = windows.series(0, NOON, NOON + HOUR, 1800)
    assert start.tolist() == [NOON, NOON + 1800]
    assert mm.tolist() == [1.0, 1.2]
    assert covered.tolist() == [pytest.approx(5 / 6), 1.0]


def test_thiessen_shares_a_square_between_two_gauges() -> None:
    where = spread(np.array([box(0, 0, 1000, 1000)]), np.array([(0.0, 500.0), (500.0, 500.0), (5e6, 0.0)]), 10_000)
    assert weights(where, np.array([True, True, True]), "thiessen")[0] == pytest.approx([0.25, 0.75, 0], abs=0.01)
    assert weights(where, np.array([True, False, True]), "thiessen")[0].tolist() == [1, 0, 0]
    assert np.isnan(weights(where, np.array([False, False, True]), "thiessen")).all(), "nobody within reach"


def test_inverse_distance_at_a_point_and_anew_without_a_silent_gauge() -> None:
    spot = np.array([box(-1e-3, -1e-3, 1e-3, 1e-3)])
    where = spread(spot, np.array([(100.0, 0.0), (0.0, 200.0), (-200.0, 0.0)]), 1)
    everybody, without = np.array([True, True, True]), np.array([True, True, False])
    assert weights(where, everybody)[0] == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    assert weights(where, without)[0] == pytest.approx([0.8, 0.2, 0])
    assert weights(where, everybody, power=1)[0] == pytest.approx([0.5, 0.25, 0.25])


def test_areal_rain_leaves_out_what_is_unknown() -> None:
    windows = Windows([HOUR, HOUR])
    for k in range(1, 7):
        put(windows, 0, NOON + k * HOUR, HOUR, 10)
        if k != 3:
            put(windows, 1, NOON + k * HOUR, HOUR, 20)
    where = spread(np.array([box(0, 0, 100, 100)]), np.array([(0.0, 50.0), (100.0, 50.0)]))
    totals = windows.totals(NOON + 6 * HOUR, (3, 6))
    assert areal(where, totals)[0] == pytest.approx([45, 60], abs=0.5)
    nobody = windows.totals(NOON + 12 * HOUR, (3,))
    assert np.isnan(areal(where, nobody)).all()


LEVEL = [Reading("water_level", NOON + k * 300, 3.0, 300) for k in range(400)]


def broken(reading: Reading, past: Past | None = None, limits: Limits = Limits(), now_s: float = NOON) -> str:
    rule = judge(reading, past or Past(), limits, now_s)
    return rule.name if rule else ""


@pytest.mark.parametrize(
    ("reading", "rule"),
    [
        (Reading("rain", NOON + 119, 1, 300), ""),
        (Reading("rain", NOON + 121, 1, 300), "future"),
        (Reading("rain", NOON - 16 * 86_400, 1, 300), "old"),
        (Reading("rain", NOON, -0.1, 300), "range"),
        (Reading("rain", NOON, 301, 86_400), "range"),
        (Reading("rain", NOON, 31, 300), "jump"),
        (Reading("rain", NOON, 31, 3600), ""),
        (Reading("wind", NOON, 76, 300), "range"),
        (Reading("smoke", NOON, 1, 300), ""),
        (Reading("smoke", NOON, 2, 300), "range"),
    ],
)
def test_a_reading_by_itself(reading: Reading, rule: str) -> None:
    assert broken(reading) == rule


def test_a_level_nine_metres_too_high_is_in_doubt_and_the_next_good_one_is_not() -> None:
    past = Past()
    story = [(0, 3.0, ""), (300, 12.0, "jump"), (600, 3.02, ""), (900, 3.9, "")]
    for after, value, wanted in story:
        reading = Reading("water_level", NOON + after, value, 300)
        rule = judge(reading, past, Limits(), NOON + 900)
        past.note(reading, rule)
        assert (rule.name if rule else "") == wanted


def test_a_true_change_is_believed_after_a_while() -> None:
    past = Past()
    past.note(Reading("water_level", NOON, 3.0, 300), None)
    assert broken(Reading("water_level", NOON + 300, 5.0, 300), past, now_s=NOON + 300) == "jump"
    assert broken(Reading("water_level", NOON + 660, 5.0, 300), past, now_s=NOON + 660) == ""


def test_a_value_that_does_not_move_for_long_is_in_doubt() -> None:
    limits = Limits().changed({"water_level.stuck_n": 12, "water_level.stuck_s": 3600})
    past, found = Past(), []
    for reading in LEVEL[:14]:
        rule = judge(reading, past, limits, NOON + 86_400)
        past.note(reading, rule)
        found.append(rule.name if rule else "")
    assert found == [""] * 12 + ["stuck"] * 2
    assert broken(LEVEL[20]._replace(value=3.01), past, limits, NOON + 86_400) == ""


def test_dry_weather_is_not_a_stuck_value() -> None:
    past = Past()
    for k in range(100):
        reading = Reading("rain", NOON + k * 300, 0.0, 300)
        assert broken(reading, past, now_s=NOON + 86_400) == ""
        past.note(reading, None)


def test_an_hours_rain_sent_each_five_minutes_overlaps() -> None:
    past = Past()
    past.note(Reading("rain", NOON, 4.0, 3600), None)
    assert broken(Reading("rain", NOON + 300, 4.0, 3600), past, now_s=NOON + 300) == "overlap"
    assert broken(Reading("rain", NOON + 3590, 4.0, 3600), past, now_s=NOON + 3600) == ""


def test_tenths_of_millimetres_stand_out_from_their_neighbours() -> None:
    around = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    mm, known = np.array([412.0, 40.0, 44.0, 39.0]), np.array([True, True, True, True])
    ratios = unit_ratios(mm, known, around, 20)
    assert ratios[0] == pytest.approx(10.3)
    past = Past()
    past.unit_ratio = float(ratios[0])
    assert broken(Reading("rain", NOON, 5, 300), past) == "unit"
    for ratio in (1.0, 7.9, 13.0, math.nan):
        past.unit_ratio = ratio
        assert broken(Reading("rain", NOON, 5, 300), past) == ""
    assert np.isnan(unit_ratios(mm, np.array([True, False, False, False]), around, 20)[0]), "alone it says nothing"
    assert np.isnan(unit_ratios(mm / 100, known, around, 20)).all(), "a drizzle says nothing"


def test_each_rule_says_what_it_means_in_both_languages() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.zh and rule.en and rule.field in ("at", "value", "unit") for rule in RULES)


def test_limits_come_from_parameters_by_name() -> None:
    limits = Limits().changed({"rain.high": 50, "future_s": 5, "bands": 1, "nonsense": 2, "rain.nonsense": 3})
    assert (limits.bands["rain"].high, limits.future_s) == (50, 5)
    assert broken(Reading("rain", NOON, 51, 3600), limits=limits) == "range"
