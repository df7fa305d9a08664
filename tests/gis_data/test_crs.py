"""Coordinates against the handbook's test point, its area, and each other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_data import crs
from gis_data.errors import Invalid

BOX = crs.default_box("EPSG:4549")
POINT = np.array([[120.13, 30.26]])
IN_CHINA = st.tuples(st.floats(80, 130), st.floats(20, 50))


def test_the_handbook_point_in_metres_comes_out_east_then_north() -> None:
    assert crs.to_metric("EPSG:4549").transform(120.13, 30.26) == pytest.approx((512510.396, 3348942.756), abs=1e-3)
    assert crs.to_degrees("EPSG:4549").transform(512510.396, 3348942.756) == pytest.approx((120.13, 30.26), abs=1e-8)


def test_the_handbook_point_in_gcj02_is_524_m_off() -> None:
    moved = crs.cgcs_to_gcj(POINT)
    assert moved[0] == pytest.approx((120.13476, 30.25771), abs=1e-5)
    here, there = (np.array(crs.to_metric("EPSG:4549").transform(*p[0])) for p in (POINT, moved))
    assert np.hypot(*(there - here)) == pytest.approx(524, abs=1)


@given(IN_CHINA)
def test_gcj02_and_bd09_come_back_to_the_millimetre(lonlat: tuple[float, float]) -> None:
    start = np.array([lonlat])
    gcj = crs.cgcs_to_gcj(start)
    assert np.abs(crs.gcj_to_cgcs(gcj) - start).max() < 1e-8
    assert np.abs(crs.to_storage(crs.gcj_to_bd(gcj), "BD-09") - start).max() < 1e-8


@given(st.tuples(st.floats(-170, 60), st.floats(-60, 60)))
def test_outside_china_gcj02_does_not_shift(lonlat: tuple[float, float]) -> None:
    assert (crs.cgcs_to_gcj(np.array([lonlat])) == np.array([lonlat])).all()


@given(st.floats(490_000, 520_000), st.floats(3_325_000, 3_360_000))
def test_a_hectare_measures_a_hectare(east: float, north: float) -> None:
    square = shapely.box(east, north, east + 100, north + 100)
    to, back = crs.to_metric("EPSG:4549"), crs.to_degrees("EPSG:4549")
    stored = shapely.transform(square, lambda xy: np.stack(back.transform(*xy.T), axis=-1))
    measured = shapely.transform(stored, lambda xy: np.stack(to.transform(*xy.T), axis=-1))
    assert measured.area == pytest.approx(10_000, rel=1e-3)


def test_a_file_in_its_own_system_is_converted() -> None:
    east_north = np.array([[512510.396, 3348942.756]])
    assert crs.to_storage(east_north, "EPSG:4549")[0] == pytest.approx((120.13, 30.26), abs=1e-8)
    assert (crs.to_storage(POINT, "WGS-84") == POINT).all()


@pytest.mark.parametrize("datum", ["", "WGS84", "火星坐标", "EPSG:abc", "EPSG:999999"])
def test_an_unknown_datum_is_refused(datum: str) -> None:
    with pytest.raises(Invalid):
        crs.check_datum(datum)


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:2263"])
def test_only_a_projected_system_in_metres_may_measure(code: str) -> None:
    with pytest.raises(Invalid, match="cannot measure"):
        crs.check_metric(code)


def test_the_box_is_the_handbooks_or_the_area_of_use() -> None:
    assert BOX == (119.9, 30.0, 120.25, 30.45)
    west, south, east, north = crs.default_box("EPSG:31982")
    assert west < -51.2 < east
    assert south < -30.0 < north


def test_a_swapped_position_is_called_swapped() -> None:
    crs.check_box(120.13, 30.26, BOX)
    with pytest.raises(Invalid, match="swapped") as caught:
        crs.check_box(30.26, 120.13, BOX)
    assert "颠倒" in caught.value.zh
    with pytest.raises(Invalid) as caught:
        crs.check_box(116.4, 39.9, BOX)
    assert "swapped" not in caught.value.en


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_the_box_lets_nothing_else_in(lon: float, lat: float) -> None:
    good = BOX[0] <= lon <= BOX[2] and BOX[1] <= lat <= BOX[3]
    assert (crs.box_problem(lon, lat, BOX) is None) == good
