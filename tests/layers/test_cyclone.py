"""Cyclones: grades at the standard's bounds, circles and cones in kilometres, how near a track comes and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from shapely import Point

from layers.cyclone import GEOD, Fix, approach, circle, cone, course, grade

T0 = datetime(2026, 8, 1, tzinfo=UTC)
EQUATOR_KM = 111.319
"""A degree along the equator."""


@pytest.mark.parametrize(
    ("wind", "named"),
    [(None, None), (10.7, None), (10.8, "TD"), (17.1, "TD"), (17.2, "TS"), (24.5, "STS"), (32.6, "STS"), (32.7, "TY"),
     (41.5, "STY"), (50.9, "STY"), (51.0, "SuperTY")],
)  # fmt: skip
def test_grades_are_those_of_the_standard(wind: float | None, named: str | None) -> None:
    assert grade(wind) == named


def test_each_quadrant_of_a_wind_circle_has_its_own_radius() -> None:
    shape = circle(125.0, 28.0, (300, 250, 150, 200))
    for bearing, km in ((45, 300), (135, 250), (225, 150), (315, 200)):
        for share, inside in ((0.99, True), (1.01, False)):
            lon, lat, _ = GEOD.fwd(125.0, 28.0, bearing, km * 1000 * share)
            assert shape.contains(Point(lon, lat)) == inside


def test_a_cone_holds_every_circle_of_uncertainty_and_the_hulls_between_them() -> None:
    fixes = [Fix(T0, 128, 24), Fix(T0, 126, 26, lead_h=24, radius_km=100), Fix(T0, 123, 28, lead_h=48, radius_km=200)]
    shape = cone(fixes)
    assert shape is not None
    for one in fixes[1:]:
        for bearing in range(0, 360, 30):
            lon, lat, _ = GEOD.fwd(one.lon, one.lat, bearing, 0.99 * 1000 * (one.radius_km or 0))
            assert shape.contains(Point(lon, lat))
    back = GEOD.inv(126, 26, 128, 24)[0]
    lon, lat, _ = GEOD.fwd(128, 24, back, 20_000)
    assert not shape.contains(Point(lon, lat))
    # On the plane: a circle's half, a trapezium, a circle's half; about 2 πr² and the strip between.
    area, _ = GEOD.geometry_area_perimeter(shapely.force_2d(shape).convex_hull)
    assert 0.2 < abs(area) / 1e12 < 0.4
    assert cone([Fix(T0, 128, 24), Fix(T0, 126, 26, lead_h=24)]) is None


def test_how_near_a_track_comes_and_when_its_wind_arrives() -> None:
    """Along the meridian of 1° E from 5° S to 5° N at a degree an hour, past a dot at 0° E on the equator."""
    radii = {7: (300.0,) * 4}
    track = [Fix(T0, 1, -5, 30, radii=radii), Fix(T0 + timedelta(hours=10), 1, 5, 30)]
    dot = Point(0, 0).buffer(1e-7)
    found = course(track, dot)
    said = approach(found)
    assert said["nearest_km"] == pytest.approx(EQUATOR_KM, abs=0.1)
    assert said["nearest_at"] == T0 + timedelta(hours=5)
    # √(300² − 111.319²) = 278.58 km, at 110.574 km a degree: 2.48 h after the start, and the next look.
    assert said["arrives"]["7"] == T0 + timedelta(hours=2, minutes=30)
    assert said["arrives"]["10"] is None
    assert said["known"] == [7]
    assert float(found.km[0]) == pytest.approx(564.0, abs=1)  # √(111.319² + 552.87²)


def test_radii_of_the_quadrant_towards_the_place_count_and_a_place_inside_is_at_nought() -> None:
    square = shapely.box(119.9, 29.9, 120.1, 30.1)
    east = Fix(T0, 121.5, 30, 35, radii={7: (400.0, 400.0, 100.0, 100.0)})
    assert approach(course([east], square))["arrives"]["7"] is None
    west = Fix(T0, 118.5, 30, 35, radii={7: (400.0, 400.0, 100.0, 100.0)})
    assert approach(course([west], square))["arrives"]["7"] == T0
    over = approach(course([Fix(T0, 120, 30, 20)], square))
    assert (over["nearest_km"], over["known"]) == (0.0, [])
