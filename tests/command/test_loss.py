"""The logic checks of loss statistics (5.13): each rule, just kept and just broken, with row and field."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command.reports.loss import DISTRICT, INDICATORS, PARTS, SUMS, check

WHOLE = {
    "affected": 100, "dead": 1, "injured": 9, "serious": 2, "evacuated": 60, "resettled": 40, "resettled_central": 30,
    "resettled_dispersed": 10, "resettled_now": 20, "resettled_central_now": 15, "resettled_dispersed_now": 5,
    "aid": 8, "aid_now": 3, "collapsed": 6, "collapsed_homes": 4, "collapsed_households": 2, "crops_affected": 3.5,
    "crops_damaged": 2.5, "crops_lost": 0.5, "loss": 120.5, "loss_homes": 100, "loss_agriculture": 20.5,
}  # fmt: skip


def _wrong(changed: dict[str, float], **more: object) -> set[tuple[str, str]]:
    row = WHOLE | changed
    return {(one.row, one.field) for one in check({"330106010": row}, row, **more)}  # type: ignore[arg-type]


def test_a_sound_report_has_nothing_wrong() -> None:
    assert check({"330106010": WHOLE}, WHOLE, {"330106010": WHOLE}) == []


@pytest.mark.parametrize(("part", "whole"), PARTS)
def test_no_part_is_more_than_the_whole(part: str, whole: str) -> None:
    for more, wanted in ((0, False), (1, True)):
        row = WHOLE | {part: WHOLE[whole] + more}
        found = [one for one in check({"330106010": row}, row) if "大于" in one.zh and one.row == "330106010"]
        assert (part in [one.field for one in found]) == wanted


@pytest.mark.parametrize(("whole", "parts"), SUMS)
def test_a_total_is_the_sum_of_its_parts(whole: str, parts: tuple[str, ...]) -> None:
    assert ("330106010", whole) in _wrong({whole: WHOLE[whole] + 1})
    assert ("330106010", whole) in _wrong({parts[0]: WHOLE[parts[0]] + 1})


def test_towns_sum_to_the_district() -> None:
    towns = {"a": WHOLE, "b": WHOLE}
    twice = {key: 2 * value for key, value in WHOLE.items()}
    assert check(towns, twice) == []
    (one,) = check(towns, twice | {"dead": 3})
    assert (one.row, one.field, one.zh) == (DISTRICT, "dead", "因灾死亡人口：各镇街之和 2 ≠ 全区 3 人")


def test_what_is_cumulative_never_falls_without_a_note() -> None:
    before = {"330106010": WHOLE | {"dead": 2}}
    assert _wrong({}, before=before) == {("330106010", "dead")}
    assert _wrong({}, before=before, correction="核实为 1 人") == set()
    assert _wrong({"aid_now": 1}, before={"330106010": WHOLE}) == set()  # what is current may fall
    assert [one.field for one in check({}, {}, {"330106010": {"dead": 1}})] == ["dead"]  # nor may a town be left out


def test_what_cannot_be_is_named() -> None:
    assert _wrong({"dead": -1}) >= {("330106010", "dead")}
    assert _wrong({"dead": 0.5}) >= {("330106010", "dead")}
    assert _wrong({"nothing": 1}) >= {("330106010", "nothing")}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries({key: st.integers(0, 50) for key in ("affected", "resettled_central",
       "resettled_dispersed", "loss_homes", "loss_other")}), min_size=1, max_size=4))  # fmt: skip
def test_a_district_made_of_sound_towns_is_sound(rows: list[dict[str, int]]) -> None:
    towns = {}
    for n, row in enumerate(rows):
        resettled = row["resettled_central"] + row["resettled_dispersed"]
        loss = row["loss_homes"] + row["loss_other"]
        towns[str(n)] = row | {"resettled": resettled, "affected": row["affected"] + resettled, "loss": loss}
    district = sum((Counter(row) for row in towns.values()), Counter())
    assert check(towns, district) == []
    assert set(district) <= set(INDICATORS)
