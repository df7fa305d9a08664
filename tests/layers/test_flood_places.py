"""Where water stands at last, in underpasses and along roads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis_data.errors import Invalid
from layers.flood.buildings import at_buildings, building_index
from layers.flood.roads import along_roads, road_index, road_water
from layers.flood.scene import Body, Floats, Scene, make_scene, with_wall
from layers.flood.screening import above_drainage, connected_inundation, screen
from layers.flood.solver import Forcing, Inflow, Rain, run
from layers.flood.underpass import Underpass, by_area, fill, overflow

POCKETS = np.array(
    [[5, 5, 5, 5, 5], [5, 2, 5, 3, 5], [5, 2, 4, 3, 5], [5, 2, 5, 3, 5], [1, 2, 5, 5, 5]], float
)  # fmt: skip


@pytest.mark.parametrize(("level", "cells", "deepest"), [(3.5, 5, 2.5), (4.2, 9, 3.2)])
def test_a_level_floods_what_is_connected_to_its_source(level: float, cells: int, deepest: float) -> None:
    """The handbook's 7.4: 500 m² and 900 m² of 10 m cells; a bathtub would give 800 m² at 3.5."""
    flooded = connected_inundation(POCKETS, level, (4, 0))
    assert flooded.sum() == cells
    assert (level - POCKETS[flooded]).max() == pytest.approx(deepest)
    assert (level > POCKETS).sum() >= cells


def test_a_source_above_the_level_floods_nothing() -> None:
    assert not connected_inundation(POCKETS, 3.5, (0, 0)).any()


def box(z: Floats) -> Scene:
    return make_scene(z, 10.0, edge_slope=None)


def test_rain_fills_a_pit_spills_into_the_next_and_merges_with_it() -> None:
    """Two pits in a row of ground that drains to the first: by hand, in metres times cells."""
    z = np.array([[9.0, 2.0, 5.0, 0.0, 6.0]])
    few = screen(box(z), 1000.0)  # 2.5 and 2.5 to the pits (the sill's rain runs to the lower one)
    assert few.sum() == pytest.approx(5.0)
    assert few[0] == pytest.approx([0.0, 2.0, 0.0, 3.0, 0.0])
    more = screen(box(z), 1700.0)  # 3.4 to the left, whose room is 3: 0.4 run over; the right gets 5.5, has room for 5
    assert more.sum() == pytest.approx(8.5)
    level = (8.5 + 7) / 3
    assert more[0] == pytest.approx([0.0, level - 2, level - 5, level, 0.0])


@settings(max_examples=40, deadline=None)
@given(arrays(float, (5, 6), elements=st.integers(0, 6)), st.sampled_from([20.0, 400.0, 3000.0]), st.booleans())
def test_standing_water_is_all_there_and_level(z: Floats, rain: float, closed: bool) -> None:
    depth = screen(box(z) if closed else make_scene(z, 10.0), rain)
    fallen = rain / 1000 * z.size
    assert depth.sum() == pytest.approx(fallen) if closed else depth.sum() <= fallen + 1e-9
    surface = z + depth
    for a, b in (((slice(None), slice(1, None)), (slice(None), slice(-1))), ((slice(1, None),), (slice(-1),))):
        for one, other in ((a, b), (b, a)):
            wet = depth[one] > 1e-9
            both = wet & (depth[other] > 1e-9)
            assert surface[one][both] == pytest.approx(surface[other][both])
            shore = wet & ~both
            assert np.all(surface[one][shore] <= z[other][shore] + 1e-9)


def test_screening_finds_where_the_model_ends() -> None:
    """A pit in a slope, closed all round: both hold all water, at one level."""
    row, column = np.indices((20, 20))
    z = 0.02 * np.hypot(row - 9.5, column - 9.5)
    scene = box(z)
    depth = screen(scene, 30.0)
    flood = run(scene, Forcing(Rain((0.0, 600.0), np.array([180.0]))), 20_000)
    assert depth == pytest.approx(flood.state.h, abs=0.003)


def test_water_bodies_swallow_and_walls_hold() -> None:
    z = np.full((5, 5), 1.0)
    z[2, 2] = 0.0
    body = np.full((5, 5), -1)
    body[2, 3] = 0
    scene = make_scene(z, 10.0, body=body, bodies=[Body("lake", (0.5,))], edge_slope=None)
    assert screen(scene, 1000.0).sum() == pytest.approx(0.0)
    around = np.full((5, 6), -np.inf)
    around[:, 1] = 3.0
    kept = screen(replace(scene, crest_x=around), 1000.0)
    assert kept[:, 0] == pytest.approx(1.0)
    assert not kept[:, 1:].any()


def test_a_wall_along_a_line_is_tight_to_the_model_and_to_screening() -> None:
    """Aslant over the cells, with its crest 2 m above."""
    ground = make_scene(np.zeros((20, 20)), 10.0, edge_slope=None, transform=Affine(10, 0, 0, 0, -10, 200))
    scene = with_wall(ground, shapely.LineString([(-5, 60), (120, 205)]), 2.0)
    rain = np.zeros((20, 20))
    rain[0, 0] = 10_000.0
    kept = screen(scene, rain)
    flood = run(scene, Forcing(inflows=(Inflow((0,), (0,), (0.0, 1000.0), (1.0, 1.0)),)), 1000)
    for depth in (kept, flood.state.h):
        assert depth[0, 0] > 0
        assert depth[10:, 10:].max() == 0
        assert depth.sum() == pytest.approx(10.0)


def test_height_above_the_river() -> None:
    z = np.abs(np.arange(9) - 4.0) * 0.5 + np.arange(9)[:, None] * 0.1
    river = np.zeros(z.shape, bool)
    river[:, 4] = True
    height = above_drainage(make_scene(z, 10.0), river)
    assert np.all(height[:, 4] == 0)
    assert height[4, 2] == pytest.approx(1.4 - 0.2)  # two cells aslant


def test_what_drains_off_the_map_is_above_no_river() -> None:
    """A pond in a hollow of 2 m, on ground that falls towards it in the west and to the edge in the east."""
    z = np.tile(np.array([9.0, 8, 6, 6, 6, 8, 9, 8, 7]), (9, 1))
    z[[0, 1, 7, 8], :7] += 2
    pond = np.full(z.shape, -1)
    pond[4, 3] = 0
    height = above_drainage(make_scene(z, 10.0, body=pond, bodies=(Body("塘", (5.5,)),)), pond >= 0)
    assert height[4, :6].tolist() == [3.5, 2.5, 0.5, 0.0, 0.5, 2.5]
    assert np.isnan(height[:, 7:]).all()


UNDER = Underpass("甲", (0.0, 1.0, 2.0), by_area([0.0, 1.0, 2.0], [0.0, 200.0, 400.0]), 10_000.0, 36.0, 0.9)


def test_an_underpass_fills_as_by_hand() -> None:
    """40 mm/h on 1 ha at 0.9 brings 360 m³/h, the pump lifts 36: 324 m³/h. Room: 100 m³ to 1 m, 400 to 2 m."""
    assert UNDER.volume_m3 == pytest.approx((0.0, 100.0, 400.0))
    rain = Rain((0.0, 3600.0), np.array([40.0]))
    filling = fill(UNDER, rain, 7200.0, every_s=600.0)
    at = {int(t): k for k, t in enumerate(filling.times_s)}
    assert filling.volume_m3[at[1200]] == pytest.approx(108.0)
    assert filling.depth_m[at[1200]] == pytest.approx(1 + 8 / 300)
    assert filling.volume_m3[at[3600]] == pytest.approx(324.0)
    assert filling.volume_m3[at[7200]] == pytest.approx(324.0 - 36.0)
    assert filling.overflow_m3[-1] == 0
    assert overflow(filling, (1, 1)) is None
    on = fill(UNDER, rain, 7200.0, start_s=3600.0, start_m3=float(filling.volume_m3[at[3600]]))
    assert on.volume_m3[-1] == pytest.approx(288.0)


def test_what_does_not_fit_runs_over_onto_the_ground() -> None:
    rain = Rain((0.0, 7200.0), np.array([40.0]))
    filling = fill(replace(UNDER, pump_m3h=0.0), rain, 7200.0)
    assert filling.depth_m.max() == 2.0
    assert filling.overflow_m3[-1] == pytest.approx(720.0 - 400.0)
    inflow = overflow(filling, (5, 5))
    assert inflow
    flood = run(make_scene(np.zeros((10, 10)), 10.0, edge_slope=None), Forcing(inflows=(inflow,)), 7200)
    assert flood.balance.inflow == pytest.approx(320.0)


def test_a_pump_keeps_an_underpass_dry_in_light_rain() -> None:
    filling = fill(UNDER, Rain((0.0, 3600.0), np.array([3.9])), 3600.0)
    assert not filling.depth_m.any()


def test_rain_on_a_grid_is_that_of_the_underpass() -> None:
    rate = np.zeros((1, 4, 4))
    rate[0, 2, 3] = 40.0
    rain = Rain((0.0, 1200.0), rate)
    assert fill(UNDER, rain, 1200.0, cell=(2, 3)).volume_m3[-1] == pytest.approx(108.0)
    with pytest.raises(Invalid):
        fill(UNDER, rain, 1200.0)


def test_a_curve_that_falls_is_refused() -> None:
    with pytest.raises(Invalid, match="甲"):
        fill(replace(UNDER, volume_m3=(0.0, 5.0, 4.0)), Rain((0.0, 1.0), np.array([1.0])), 1.0)


def test_depth_along_roads() -> None:
    """A pond that fills: a road through it, one beside it, a bridge over it, one half outside, and an underpass."""
    z = np.full((20, 20), 10.0)
    z[5:15, 5:15] = 8.0
    scene = make_scene(z, 10.0, edge_slope=None, transform=Affine(10, 0, 1000, 0, -10, 2200))
    lines = np.array(
        [
            shapely.LineString([(1005, 2105), (1195, 2105)]),
            shapely.LineString([(1005, 2195), (1195, 2195)]),
            shapely.LineString([(1005, 2105), (1195, 2105)]),
            shapely.LineString([(1105, 2105), (1900, 2105)]),
            shapely.LineString([(3000, 0), (3100, 0)]),
            shapely.LineString([(1005, 2195), (1015, 2195)]),
        ]
    )  # fmt: skip
    index = road_index(scene, lines, lifted=np.array([0, 0, 1, 0, 0, 0], bool))
    assert along_roads(index, scene.z) == pytest.approx([10, 10, 0, 10, 0, 10])
    flood = run(scene, Forcing(Rain((0.0, 3600.0), np.array([100.0]))), 7200, depths_m=(0.15, 0.27, 5.0))
    rain = Rain((0.0, 3600.0), np.array([40.0]))
    table = road_water(index, flood, {5: fill(UNDER, rain, 7200.0)})
    assert table.peak_m[0] == flood.peak_m[9].max()
    assert table.peak_m[3] == flood.peak_m[9, 10:].max()
    assert table.now_m[0] == flood.state.h[9].max()
    assert table.peak_m[2] == table.peak_m[4] == 0
    assert table.peak_m[1] < 0.15
    assert table.reached_s[0, 0] == flood.arrival_s[0, 9].min()
    assert 0 < table.reached_s[0, 0] < table.reached_s[1, 0] < np.inf
    assert table.reached_s[0, 3] >= table.reached_s[0, 0]
    assert np.isinf(table.reached_s[2]).all()
    assert np.isinf(table.reached_s[0, [1, 2, 4]]).all()
    assert table.peak_m[5] == pytest.approx(np.interp(324.0, UNDER.volume_m3, UNDER.depth_m))
    assert 0 < table.reached_s[0, 5] < 300


def test_no_roads_are_no_rows() -> None:
    scene = make_scene(np.zeros((5, 5)), 10.0)
    index = road_index(scene, np.array([], dtype=object))
    assert len(road_water(index, run(scene, Forcing(), 10)).now_m) == 0


def test_a_raised_road_is_wet_only_above_its_own_surface() -> None:
    """Water rises to 1 m everywhere: the road on a bank of 0.6 m has 0.4 m, and gets 0.3 m when the ground has 0.9."""
    lines = np.array([shapely.LineString([(5, 25), (45, 25)])] * 2)
    scene = make_scene(np.zeros((5, 5)), 10.0, edge_slope=None, transform=Affine(10, 0, 0, 0, -10, 50))
    index = replace(road_index(scene, lines), raised_m=np.array([0.0, 0.6]))
    flood = run(scene, Forcing(Rain((0.0, 3600.0), np.array([1000.0]))), 3600.0, depths_m=(0.3, 0.9))
    water = road_water(index, flood, depths_m=(0.3,))
    assert water.peak_m == pytest.approx([1.0, 0.4], abs=1e-6)
    assert water.reached_s[0] == pytest.approx([1080.0, 3240.0], abs=25)
    with pytest.raises(Invalid, match="No times"):
        road_water(index, flood, depths_m=(0.5,))


def test_a_wall_above_ground_follows_it() -> None:
    z = np.repeat(np.array([[0.0, 1.0, 2.0]]), 3, axis=0)
    scene = make_scene(z, 10.0, edge_slope=None, transform=Affine(10, 0, 0, 0, -10, 30))
    found = with_wall(scene, shapely.LineString([(-5, 20), (35, 20)]), 0.5, above_ground=True)
    assert found.crest_y is not None
    assert found.crest_y[1].tolist() == [0.5, 1.5, 2.5]
    assert found.crest_x is not None
    assert not np.isfinite(found.crest_x).any()


def test_a_building_has_the_greatest_depth_at_its_walls() -> None:
    scene = make_scene(np.zeros((4, 4)), 10.0, transform=Affine(10, 0, 0, 0, -10, 40))
    depth = np.zeros((4, 4))
    depth[0, 0], depth[3, 3] = 0.4, 0.9
    houses = np.array(
        [
            shapely.box(12, 12, 18, 18),
            shapely.box(2, 22, 18, 38),
            shapely.MultiPolygon([shapely.box(1, 31, 9, 39), shapely.box(31, 1, 39, 9)]),
        ]
    )
    assert at_buildings(building_index(scene, houses), depth).tolist() == [0.0, 0.4, 0.9]
