"""Coverage: the handbook's cases A–F on XH-MINI, and eligibility with every reason."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from xh_mini import ROADS, at, xh_mini

from gis_data.demo.xh_mini import PERSONS
from layers.coverage import Coverage, cover, places_of
from layers.evacuation import REASONS, Question, eligibility

ROOM = {"S1": 200, "S2": 100, "S4": 150, "S3": 2000}
CASES = {
    "A": (1000, "S1 S2 S4", (), 685, 450, 266_250),
    "B": (1000, "S1 S2 S4", ("N2–N3",), 685, 450, 266_250),
    "C": (1000, "S1 S2", (), 535, 300, 191_250),
    "D": (1000, "S1 S2 S3", (), 535, 535, 414_500),
    "E": (1500, "S1 S2 S4", (), 725, 450, 266_250),
    "F": (1500, "S1 S2 S3", (), 725, 725, 698_750),
}
"""Limit, shelters, closed roads; covered by distance, assigned, person-metres."""


def run(limit: float, names: str, closed: tuple[str, ...], start: Coverage | None = None) -> Coverage:
    network = xh_mini().close(ROADS[name] for name in closed)
    cells = places_of(network, [at(network, name) for name in PERSONS])
    people = np.array(list(PERSONS.values()))
    shelters = [at(network, name) for name in names.split()]
    room = np.array([ROOM[name] for name in names.split()])
    return cover(network, cells, people, shelters, room, limit, start=start)


@pytest.mark.parametrize("case", CASES)
def test_the_handbooks_cases(case: str) -> None:
    limit, names, closed, covered, assigned, person_metres = CASES[case]
    found = run(limit, names, closed)
    assert (found.total, found.covered, found.assigned) == (725, covered, assigned)
    assert found.person_metres == person_metres
    assert found.assignment.unmet.sum() == 725 - assigned


def test_case_d_leaves_c4_and_c5_without() -> None:
    limit, names, closed, *_ = CASES["D"]
    unmet = dict(zip(PERSONS, run(limit, names, closed).assignment.unmet.tolist(), strict=True))
    assert unmet == {"C1": 0, "C2": 0, "C3": 0, "C4": 150, "C5": 40}


def test_after_a_closure_a_warm_start_gives_the_same() -> None:
    before = run(1500, "S1 S2 S4", ())
    cold, warm = run(1500, "S1 S2 S4", ("N3–N4",)), run(1500, "S1 S2 S4", ("N3–N4",), before)
    assert (warm.covered, warm.assigned, warm.person_metres) == (cold.covered, cold.assigned, cold.person_metres)
    assert warm.network_version == cold.network_version != before.network_version


def test_a_shelter_cut_off_takes_nobody() -> None:
    found = run(1000, "S1 S2 S4", ("N4–S4",))
    assert found.covered == 535
    assert found.assigned == 300


def shelters(**columns: object) -> gpd.GeoDataFrame:
    plain: dict[str, object] = {
        "code": "S", "space": "indoor", "accepted": True, "appraised_at": date(2025, 1, 1), "state": "closed",
        "hazards": ["all"], "effective_area_m2": 600.0, "capacity": None,
    }  # fmt: skip
    row = {name: [value] for name, value in (plain | columns).items()}
    return gpd.GeoDataFrame(row, geometry=[shapely.Point(0, 0)], crs=4490)


ASKED = Question("geohazard", True, 3.0, 1.0, 3, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("columns", "reasons", "capacity"),
    [
        ({}, [], 200),
        ({"effective_area_m2": 300.5}, [], 100),
        ({"effective_area_m2": None, "capacity": 80}, [], 80),
        ({"effective_area_m2": None}, ["no_capacity"], None),
        ({"accepted": None}, ["not_accepted"], 200),
        ({"appraised_at": date(2023, 6, 30)}, ["appraisal_expired"], 200),
        ({"appraised_at": date(2023, 7, 1)}, [], 200),
        ({"appraised_at": None}, ["appraisal_expired"], 200),
        ({"state": "out_of_use"}, ["out_of_use"], 200),
        ({"hazards": ["flood"]}, ["hazard"], 200),
        ({"hazards": ["flood", "geohazard"]}, [], 200),
        ({"space": "outdoor"}, ["outdoor"], 600),
        ({"accepted": False, "space": "outdoor"}, ["not_accepted", "outdoor"], 600),
    ],
)
def test_every_exclusion_says_why(columns: dict[str, object], reasons: list[str], capacity: int | None) -> None:
    found = eligibility(shelters(**columns), ASKED).iloc[0]
    assert found["reasons"] == reasons
    assert found["eligible"] == (not set(reasons) - {"no_capacity"})
    assert (None if found["capacity"] is np.nan or found.isna()["capacity"] else found["capacity"]) == capacity
    assert set(reasons) <= set(REASONS)


def test_danger_zones_and_hands_leave_shelters_out() -> None:
    zone = shapely.box(-1, -1, 1, 1)
    assert eligibility(shelters(), ASKED, zone)["reasons"].item() == ["danger_zone"]
    assert eligibility(shelters(), ASKED, shapely.box(1, 1, 2, 2))["eligible"].item()
    assert eligibility(shelters(), ASKED, excluded=frozenset("S"))["reasons"].item() == ["excluded"]
