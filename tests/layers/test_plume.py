"""Gas and heat: published sigmas and radii, mass that is kept, zones, and ways that keep out of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from gis_data.errors import Invalid, NotFound
from layers.heat import fireball, heat_radius, liquid, pool_heat_kw
from layers.plume import (
    DEMO_TABLE,
    Release,
    check_route,
    concentration,
    footprint,
    kg_m3_of_ppm,
    sigmas,
    stability_of,
    upwind_arc,
    zones,
)

HERE = Point(500_000, 3_350_000)


@pytest.mark.parametrize(
    ("stability", "urban", "across", "upward"),
    [("D", False, 76.3, 37.9), ("D", True, 135.2, 122.8), ("F", False, 38.1, 12.3)],
)
def test_briggs_at_a_kilometre(stability: str, urban: bool, across: float, upward: float) -> None:
    found = sigmas(1000.0, stability, urban=urban)
    assert [float(a) for a in found] == pytest.approx([across, upward], abs=0.06)


@pytest.mark.parametrize("stability", "ABCDEF")
@pytest.mark.parametrize("height", [0.0, 30.0])
def test_what_goes_out_passes_every_cross_section(stability: str, height: float) -> None:
    release = Release(HERE, 2.0, 3.0, 225, stability, height_m=height)
    across, upward = (float(s) for s in sigmas(800.0, stability))
    y, z = np.linspace(-6 * across, 6 * across, 401), np.linspace(0, height + 6 * upward, 801)
    c = concentration(release, 800.0, y[:, None], z[None, :])
    through = np.trapezoid(np.trapezoid(c, z, axis=1), y) * release.wind_ms / release.rate_kg_s
    assert through == pytest.approx(1, abs=1e-3)


def test_on_the_ground_below_a_ground_source_by_hand() -> None:
    found = concentration(Release(HERE, 1.0, 5.0, 0, "D"), [1000.0, -10.0])
    assert found.tolist() == pytest.approx([1 / (np.pi * 5 * 76.277 * 37.947), 0.0], rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from("ABCDEF"), st.booleans(), st.floats(1, 12), st.integers(0, 359), st.floats(0, 40))
def test_the_outline_is_where_the_level_is(
    stability: str, urban: bool, wind: float, from_deg: int, height: float
) -> None:
    release = Release(HERE, 5.0, wind, from_deg, stability, urban, height)
    level = 2e-4
    found = footprint(release, level)
    if found.area.is_empty:
        assert concentration(release, np.geomspace(1, 10_000, 400), 0.0, 1.5).max() <= level
        return
    to = np.radians(from_deg + 180)
    xy = np.array(found.area.convex_hull.exterior.coords) - [HERE.x, HERE.y]
    along = xy[:, 0] * np.sin(to) + xy[:, 1] * np.cos(to)
    across = xy[:, 0] * np.cos(to) - xy[:, 1] * np.sin(to)
    there = concentration(release, along, across, 1.5)
    free = (along > 1.01) & (along < 9999)
    assert there[free] == pytest.approx(level, rel=1e-3)
    assert along.max() == pytest.approx(found.reach_m, rel=1e-6)
    less = footprint(release, level / 2)
    assert less.area.area > found.area.area
    assert less.area.buffer(0.5).covers(found.area)


def test_a_plume_too_long_for_the_formulas_says_so() -> None:
    found = footprint(Release(HERE, 50.0, 1.0, 0, "F"), 1e-6)
    assert found.cut
    assert found.reach_m == pytest.approx(10_000)
    assert not footprint(Release(HERE, 0.01, 5.0, 0, "D"), 1e-3).cut


def test_calm_air_is_no_plume() -> None:
    with pytest.raises(Invalid) as caught:
        Release(HERE, 1.0, 0.5, 0, "D")
    assert caught.value.field == "wind_ms"
    with pytest.raises(Invalid):
        sigmas(100.0, "G")


def test_stability_by_wind_and_sky() -> None:
    asked = [(1.5, "strong"), (4, "moderate"), (7, "slight"), (2.5, "clear"), (4, "clear"), (4, "cloudy")]
    assert [stability_of(*a) for a in asked] == ["A", "B", "D", "F", "E", "D"]
    with pytest.raises(Invalid):
        stability_of(3, "foggy")


def test_parts_per_million() -> None:
    assert kg_m3_of_ppm(1, 24.055) == pytest.approx(1e-6, rel=1e-4)  # 24.055 L/mol at 20 °C
    assert kg_m3_of_ppm(1100, 17.03) * 1e6 == pytest.approx(778.7, rel=1e-3)  # mg/m³ of ammonia


@pytest.mark.parametrize(("flux", "metres"), [(37.5, 8.6), (12.5, 14.9), (4.0, 26.4), (1.6, 41.7)])
def test_radii_of_a_hundred_megawatts(flux: float, metres: float) -> None:
    assert heat_radius(100_000, flux) == pytest.approx(metres, abs=0.05)


def test_the_first_zones_of_an_ammonia_leak() -> None:
    """Scenario G: wind from the south-west, sector to the north-east; a way through it is refused."""
    row = DEMO_TABLE.row("1005", large=False, night=False)
    assert DEMO_TABLE.is_demo
    around = zones(HERE, 225, row, half_angle_deg=30)
    assert around.isolation.area == pytest.approx(np.pi * row.isolation_m**2, rel=2e-3)
    wedge = np.pi * (row.protective_m**2 - row.isolation_m**2) / 6
    assert around.sector.area == pytest.approx(wedge, rel=2e-3)
    downwind = Point(HERE.x + 100, HERE.y + 100)
    assert around.sector.contains(downwind)
    upwind, east = Point(HERE.x - 300, HERE.y - 300), Point(HERE.x + 200, HERE.y)
    good = check_route(LineString([upwind, HERE]), around)
    assert (good.crosses_sector, good.sector_m) == (False, 0)
    assert good.stop is not None
    assert good.stop.distance(HERE) == pytest.approx(row.isolation_m, abs=0.1)
    assert good.stop.x < HERE.x
    bad = check_route(LineString([east, Point(HERE.x, HERE.y + 200)]), around)
    assert bad.crosses_sector
    assert bad.sector_m > 50
    assert bad.stop is None
    with pytest.raises(NotFound):
        DEMO_TABLE.row("9999", large=True, night=False)


@pytest.mark.parametrize("from_deg", [0, 45, 225, 359])
def test_the_arc_to_come_from_lies_upwind(from_deg: int) -> None:
    around = zones(HERE, from_deg, DEMO_TABLE.row("1017", large=True, night=True), 60)
    arc = upwind_arc(HERE, from_deg, 400, 60)
    assert not arc.intersects(around.sector)
    middle = arc.interpolate(0.5, normalized=True)
    bearing = np.degrees(np.arctan2(middle.x - HERE.x, middle.y - HERE.y)) % 360
    assert bearing == pytest.approx(from_deg, abs=1e-6)
    assert middle.distance(HERE) == pytest.approx(400)


def test_pools_and_fireballs_by_hand() -> None:
    # a wide pool of gasoline: 0.055 kg/m²s · 43.7 MJ/kg · 78.54 m²
    assert pool_heat_kw(liquid("gasoline"), 10) == pytest.approx(188_768, rel=1e-4)
    # 1 m: 1 − e^−2.1 of the rate
    assert pool_heat_kw(liquid("gasoline"), 1) == pytest.approx(2403.5 * 0.877544 * 0.785398, rel=1e-4)
    ball = fireball(liquid("lpg"), 50_000)  # 5.8 · 36.840, 2.6 · 6.0696
    assert (ball.diameter_m, ball.lasts_s) == pytest.approx((213.67, 15.781), rel=1e-3)
    assert fireball(liquid("lpg"), 8000).lasts_s == pytest.approx(9.0)
    assert ball.heat_kw == pytest.approx(50_000 * 46_000 / ball.lasts_s)
    with pytest.raises(NotFound):
        liquid("coal")
