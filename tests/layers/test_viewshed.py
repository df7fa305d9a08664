"""Lines of sight and views: plains, walls, the Earth's curve, worked out by hand; the two agree everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis_data.errors import Invalid
from layers.viewshed import sight, viewshed

CELL = 10.0


def test_on_a_plain_everything_is_seen_to_the_range_and_in_the_camera_s_field() -> None:
    plain = np.zeros((41, 41))
    rows, columns = np.indices(plain.shape)
    away = np.hypot(columns - 20, rows - 20) * CELL
    assert (viewshed(plain, CELL, (20, 20), 2.0, range_m=150) == (away <= 150)).all()
    east = viewshed(plain, CELL, (20, 20), 2.0, range_m=150, bearing_deg=90, field_deg=90)
    assert east[20, 30]
    assert east[12, 28]  # on the edge of the field, 45° from its middle
    assert not east[11, 28]
    assert not east[20, 10]
    across = viewshed(plain, CELL, (20, 20), 2.0, range_m=150, bearing_deg=350, field_deg=60)
    assert across[8, 22]  # 9.5°: the field passes north
    assert not across[8, 28]


def test_a_wall_hides_what_lies_behind_it_and_no_more() -> None:
    z = np.zeros((1, 41))
    z[0, 10] = 5.0  # 100 m from the eye at 10 m: the line over it meets the ground at 200 m, at 2 m height at 160 m
    seen = viewshed(z, CELL, (0, 0), 10.0, range_m=400, k=1.0)  # k = 1: a flat Earth
    assert seen[0].tolist() == [c <= 10 or c >= 20 for c in range(41)]
    high = viewshed(z, CELL, (0, 0), 10.0, range_m=400, target_m=2.0, k=1.0)
    assert high[0].tolist() == [c <= 10 or c >= 16 for c in range(41)]
    found = sight(z, CELL, (0, 0), 10.0, (19, 0), 0.0, k=1.0)
    assert (found.clear, found.obstacle, found.s_m[10], found.ground_m[10]) == (False, 10, 100.0, 5.0)
    # From 19 cells off the line must pass 5 m at 9 cells from the target: an eye at 5 · 19 / 9 m.
    assert found.lacking_m == pytest.approx(5 * 19 / 9 - 10)
    assert sight(z, CELL, (0, 0), 10.0 + found.lacking_m + 1e-9, (19, 0), 0.0, k=1.0).clear


def test_the_earth_hides_a_shore_as_far_off_as_surveyors_say() -> None:
    # 10 km: d² / 2R · (1 − 0.13) = 7.848 · 0.87 = 6.828 m; a line from 0 to 0 dips by a quarter of it in the middle.
    z = np.zeros((1, 101))
    found = sight(z, 100.0, (0, 0), 0.0, (100, 0), 0.0)
    assert found.line_m[50] == pytest.approx(-6.8278 / 4, abs=1e-3)
    assert not found.clear
    # Two eyes of one height h see each other over h = d² / 8R · (1 − k) = 1.707 m.
    assert not sight(z, 100.0, (0, 0), 1.70, (100, 0), 1.70).clear
    assert sight(z, 100.0, (0, 0), 1.71, (100, 0), 1.71).clear


def test_unknown_ground_is_not_seen_nor_seen_over() -> None:
    z = np.zeros((1, 11))
    z[0, 5] = np.nan
    assert viewshed(z, CELL, (0, 0), 10.0, range_m=500)[0].tolist() == [c < 5 for c in range(11)]
    found = sight(z, CELL, (0, 0), 10.0, (10, 0), 0.0)
    assert (found.clear, found.obstacle, found.lacking_m) == (False, 5, float("inf"))
    with pytest.raises(Invalid):
        sight(z, CELL, (0, 0), 10.0, (11, 0), 0.0)


ground = arrays(np.float64, (9, 11), elements=st.integers(0, 40).map(float))


@settings(max_examples=60, deadline=None)
@given(ground, st.integers(0, 10), st.integers(0, 8), st.floats(0, 30), st.floats(0, 10))
def test_a_cell_is_in_view_where_its_line_of_sight_is_clear_and_that_is_the_same_both_ways(
    z: np.ndarray, column: int, row: int, eye_m: float, target_m: float
) -> None:
    eye, eye_z = (float(column), float(row)), z[row, column] + eye_m
    seen = viewshed(z, CELL, eye, eye_z, range_m=1000, target_m=target_m)
    for r, c in np.ndindex(z.shape):
        there = sight(z, CELL, eye, eye_z, (float(c), float(r)), z[r, c] + target_m)
        assert seen[r, c] == there.clear
        gaps = (there.line_m - there.ground_m)[1:-1]
        assert there.clear == (there.obstacle is None)
        if len(gaps) and np.abs(gaps).min() > 1e-6:  # a line that grazes may fall either way by rounding
            back = sight(z, CELL, (float(c), float(r)), z[r, c] + target_m, eye, eye_z)
            assert back.clear == there.clear == bool((gaps > 0).all())
