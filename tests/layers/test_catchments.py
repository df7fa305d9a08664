"""Catchments on ground whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from shapely import Point

from layers.catchments import catchments

CELL = 30.0
NORTH_UP = Affine(CELL, 0, 500_000, 0, -CELL, 3_350_000)


def valley(rows: int = 100, columns: int = 61) -> np.ndarray:
    """A straight valley that falls southwards, with even sides."""
    row, column = np.mgrid[:rows, :columns].astype(float)
    return 500 - 0.2 * row + 3.0 * np.abs(column - columns // 2)


def spot(row: float, column: float) -> tuple[float, float]:
    x, y = NORTH_UP @ (column + 0.5, row + 0.5)
    return x, y


def test_a_valley_gathers_all_that_lies_above() -> None:
    upper, lower = catchments(valley(), NORTH_UP, [spot(39, 32), spot(79, 28)])
    assert upper.area == pytest.approx(40 * 61 * CELL**2, rel=0.01)
    assert lower.area == pytest.approx(80 * 61 * CELL**2, rel=0.01)
    assert lower.covers(upper), "one stream: one lies within the other"
    assert upper.contains(Point(spot(10, 5)))
    assert not upper.contains(Point(spot(95, 30)))


def test_a_pit_is_filled_and_does_not_hold_the_water_back() -> None:
    z = valley()
    z[20:23, 30] -= 5
    (whole,) = catchments(z, NORTH_UP, [spot(79, 30)])
    assert whole.contains(Point(spot(5, 30)))


def test_an_outlet_elsewhere_has_no_catchment() -> None:
    z = valley()
    z[:, :10] = np.nan
    assert catchments(z, NORTH_UP, [(0.0, 0.0), spot(50, 2)], snap_m=30) == [None, None]
