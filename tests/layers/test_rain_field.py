"""The rain field: exact at gauges, between them in between, unknown out of reach; classes of the standard."""

from __future__ import annotations

import numpy as np
import pytest

from layers.rain_field import CLASSES, classes, distances, field, left_out

GAUGES = np.array([[0.0, 0.0], [10_000.0, 0.0], [0.0, 10_000.0]])
MM = np.array([10.0, 40.0, 70.0])
ALL = np.array([True, True, True])


def test_a_field_is_exact_at_gauges_and_between_them_elsewhere() -> None:
    cells = np.array([[0.0, 0.0], [10_000.0, 0.0], [5_000.0, 0.0], [2_500.0, 0.0], [90_000.0, 0.0]])
    near = field(distances(cells, GAUGES), MM, ALL, reach_m=9_000)
    assert near[:4] == pytest.approx([10, 40, 25, 13], abs=0.01)  # 1/2.5² : 1/7.5² = 9 : 1
    assert np.isnan(near[4])


def test_what_is_unknown_takes_no_part_and_out_of_reach_is_not_dry() -> None:
    cells = np.array([[10_000.0, 0.0]])
    dark = field(distances(cells, GAUGES), MM, np.array([True, False, True]), reach_m=12_000)
    assert dark == pytest.approx([10.0])
    assert np.isnan(field(distances(cells, GAUGES), MM, np.array([True, False, True]), reach_m=9_000)).all()


def test_the_error_is_told_by_leaving_each_gauge_out() -> None:
    assert left_out(GAUGES, np.array([20.0, 20.0, 20.0]), ALL, reach_m=20_000) == pytest.approx(0)
    assert left_out(GAUGES, MM, np.array([True, False, False])) is None
    # From the others at 10 km and 10 km: 55; at 10 and 14.14 km (2 : 1): 30 and 20.
    expected = (abs(55 - 10) + abs((2 * 10 + 70) / 3 - 40) + abs((2 * 10 + 40) / 3 - 70)) / 3
    assert left_out(GAUGES, MM, ALL, reach_m=20_000) == pytest.approx(expected)


def test_classes_begin_where_the_standard_says() -> None:
    mm = np.array([np.nan, 0.0, 0.04, 0.1, 9.9, 10.0, 24.9, 25.0, 49.96, 50.0, 99.9, 100.0, 249.9, 250.0])
    assert classes(mm, CLASSES[24]).tolist() == [-1, 0, 0, 1, 1, 2, 2, 3, 4, 4, 4, 5, 5, 6]
