"""Grades at the edges of the handbook's 5.3: the number itself belongs to the higher grade."""

from __future__ import annotations

from datetime import date

import pytest

from command.reports.grading import EDITIONS, Edition, Figures, edition_of, grade
from gis_data.errors import Invalid, NotFound

DAY = date(2026, 7, 1)
G, L, M, X = "general", "larger", "major", "extraordinary"


@pytest.mark.parametrize(
    ("table", "figure", "grades"),
    [
        ("production", "dead", {0: G, 2: G, 3: L, 9: L, 10: M, 29: M, 30: X}),
        ("production", "serious", {9: G, 10: L, 49: L, 50: M, 99: M, 100: X}),
        ("production", "loss_yuan", {9_999_999.99: G, 1e7: L, 49_999_999: L, 5e7: M, 99_999_999: M, 1e8: X}),
        ("forest_fire", "forest_ha", {0: G, 0.8: G, 0.9999: G, 1.0: L, 99.99: L, 100: M, 999.9: M, 1000: X}),
        ("forest_fire", "dead", {2: G, 3: L, 10: M, 30: X}),
        ("forest_fire", "serious", {9: G, 10: L, 50: M, 100: X}),
        ("geohazard", "dead", {2: G, 3: L, 9: L, 10: M, 29: M, 30: X}),
        ("geohazard", "loss_yuan", {999_999: G, 1e6: L, 4_999_999: L, 5e6: M, 9_999_999: M, 1e7: X}),
    ],
)
def test_an_edge_belongs_to_the_higher_grade(table: str, figure: str, grades: dict[float, str]) -> None:
    for value, wanted in grades.items():
        found = grade(table, Figures(**{figure: value}), DAY)  # type: ignore[arg-type]
        assert found.grade == wanted, (value, found)
        (judged,) = found.judged
        assert judged.at_least is None or judged.at_least <= value
        assert judged.below is None or value < judged.below


def test_the_worst_criterion_decides_and_the_missing_are_a_possibility() -> None:
    found = grade("production", Figures(dead=1, missing=2, injured=60, serious=50, loss_yuan=2e6), DAY)
    assert (found.grade, found.zh, found.possible) == (M, "重大", M)
    found = grade("geohazard", Figures(dead=1, missing=2, injured=1), DAY)
    assert (found.grade, found.zh, found.possible) == (G, "小型", L)
    assert grade("geohazard", Figures(), DAY).zh == "小型"


def test_editions_have_dates() -> None:
    old, new = (
        edition_of("forest_fire", date(year, month, day)) for year, month, day in ((2025, 12, 31), (2026, 1, 1))
    )
    assert (old.checked, new.checked, old.edges == new.edges) == (True, False, True)
    with pytest.raises(NotFound):
        edition_of("forest_fire", date(2008, 12, 31))
    later = Edition("geohazard", "演示", {"dead": (2, 5, 9), "loss_yuan": (1, 2, 3)}, date(2026, 6, 1))
    assert grade("geohazard", Figures(dead=2), DAY, (*EDITIONS, later)).grade == L
    assert grade("geohazard", Figures(dead=2), date(2026, 5, 31), (*EDITIONS, later)).grade == G


def test_figures_that_cannot_be_are_refused() -> None:
    with pytest.raises(Invalid):
        Figures(dead=-1)
    with pytest.raises(Invalid):
        Figures(injured=1, serious=2)
