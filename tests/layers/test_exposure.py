"""Exposure: each figure with its unit, by the rules of shares, wholes and metres; zones of rasters by cell centres."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.errors import Invalid
from layers.clip import areas_in, convex, lengths_in
from layers.exposure import Layer, Measure, inside, inside_each
from layers.zonal import Grid, Reached, members, zonal_mean

NIGHT, DAY = Measure("night", "夜间人口", "People by night", "人"), Measure("day", "日间人口", "People by day", "人")
HOUSES, PERSONS = Measure("households", "受威胁户", "Households", "户"), Measure("persons", "受威胁人", "Persons", "人")
SCHOOLS, METRES = Measure("schools", "学校", "Schools", "所"), Measure("roads", "道路", "Roads", "m")


def shapes(*some: Any) -> Any:
    return np.array(some, object)


CELLS = Layer(
    "people", (NIGHT, DAY), shapes(*(shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200))),
    np.array([[100.0, 40], [60, np.nan], [7, 7]]), as_of=date(2023, 12, 31), source="WorldPop",
)  # fmt: skip
ROADS = Layer(
    "roads", (METRES,), shapes(shapely.LineString([(-50, 50), (350, 50)]), shapely.LineString([(10, 10), (40, 10)])),
    rule="length", group=np.array([1, 0]), groups=("main", "lane"),
)  # fmt: skip
SITES = Layer("schools", (SCHOOLS,), shapes(shapely.box(140, 0, 200, 60), shapely.Point(10, 10)), rule="whole")
AT_RISK = Layer(
    "at_risk", (HOUSES, PERSONS), shapely.points([[10, 10], [150, 50], [151, 50]]), np.array([[1.0, 3], [1, 4], [1, 5]])
)
ALL = (CELLS, ROADS, SITES, AT_RISK)


def test_each_rule_in_one_area() -> None:
    found = inside(shapely.box(0, 0, 150, 100), ALL)
    assert found.area_m2 == 15_000
    figures = {(line.measure.id, line.group): (line.amount, line.objects, line.unknown) for line in found.lines}
    assert figures == {
        ("night", ""): (130.0, 2, 0),  # 100 and half of 60
        ("day", ""): (40.0, 2, 1),  # the second cell's day is not known
        ("roads", "main"): (30.0, 1, 0), ("roads", "lane"): (150.0, 1, 0),
        ("schools", ""): (2.0, 2, 0),  # one lies inside by ten metres: it counts whole
        ("households", ""): (2.0, 2, 0), ("persons", ""): (7.0, 2, 0),  # one on the edge
    }  # fmt: skip
    night = found.lines[0]
    assert (night.measure.unit, night.as_of, night.source) == ("人", date(2023, 12, 31), "WorldPop")
    assert found.amount("roads") == 180
    assert found.amount("roads", "main") == 30
    with pytest.raises(Invalid):
        found.amount("hospitals")


def test_an_object_of_several_parts_counts_by_the_share_of_them_all() -> None:
    blocks = shapely.MultiPolygon([shapely.box(0, 0, 80, 80), shapely.box(200, 0, 280, 80)])
    cells = Layer("cells", (NIGHT,), shapes(blocks), np.array([[260.0]]))
    assert inside(shapely.box(0, 0, 40, 80), [cells]).amount("night") == pytest.approx(65)
    assert inside(shapely.box(40, 0, 240, 80), [cells]).amount("night") == pytest.approx(130)


def test_nothing_inside_is_said() -> None:
    found = inside(shapely.box(5000, 5000, 5001, 5001), ALL)
    assert [(line.measure.id, line.amount, line.objects) for line in found.lines] == [
        ("night", 0, 0), ("day", 0, 0), ("schools", 0, 0), ("households", 0, 0), ("persons", 0, 0)
    ]  # fmt: skip
    assert found.amount("roads", "main") == 0
    assert inside(shapely.Polygon(), ALL).area_m2 == 0
    assert inside_each([], ALL) == ()
    assert inside(shapely.box(0, 0, 1, 1), [Layer("none", (NIGHT,), shapes())]).lines[0].amount == 0


def test_touching_from_outside_is_not_inside_but_for_points() -> None:
    found = inside(shapely.box(300, 0, 400, 100), [CELLS])
    assert (found.lines[0].amount, found.lines[0].objects) == (0, 0)


def test_holes_parts_and_bad_rings() -> None:
    ring = shapely.box(0, 0, 300, 100).difference(shapely.box(0, 0, 100, 100))
    assert inside(ring, [CELLS]).amount("night") == 67
    parts = shapely.MultiPolygon([shapely.box(0, 0, 50, 100), shapely.box(250, 0, 300, 100)])
    assert inside(parts, [CELLS]).amount("night") == 53.5
    holed = shapely.Polygon([(0, 0), (300, 0), (300, 100), (0, 100)], [[(25, 25), (75, 25), (75, 75), (25, 75)]])
    assert inside(holed, [CELLS]).amount("night") == 142
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    assert inside(bow, [CELLS]).amount("night") == 50
    with pytest.raises(Invalid) as refused:
        inside_each([ring, shapely.LineString([(0, 0), (1, 1)])], ALL)
    assert refused.value.row == 2


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Invalid, match="people"):
        Layer("people", (NIGHT, DAY), shapes(shapely.Point(0, 0)), np.ones((1, 1)))
    with pytest.raises(Invalid):
        Layer("people", (NIGHT, DAY), shapes(shapely.Point(0, 0)))


def test_a_raster_counts_as_the_polygon_of_its_cells() -> None:
    grid = Grid(-20, 110, 10, 13, 34)
    depth = np.random.default_rng(3).random((13, 34))
    depth[0, 0] = np.nan
    wet = Reached.least(depth, grid, 0.5)
    boxes = wet.boxes()
    whole = shapely.union_all(boxes)
    assert len(boxes) < wet.cells.sum()
    assert whole.area == pytest.approx(100 * wet.cells.sum())
    centres = shapely.points(-20 + 10 * (np.arange(34) + 0.5), 110 - 10 * (np.arange(13)[:, None] + 0.5))
    np.testing.assert_array_equal(shapely.contains(whole, centres), wet.cells)
    by_cells, by_polygon = inside(wet, ALL), inside(whole, ALL)
    for one, other in zip(by_cells.lines, by_polygon.lines, strict=True):
        assert (one.objects, one.unknown) == (other.objects, other.unknown)
        assert one.amount == pytest.approx(other.amount, abs=1e-4)
    assert Reached.least([[1.0]], Grid(0, 1, 1, 1, 1), 1.0).cells.all()  # "以上" includes the number
    assert not len(Reached.least(np.zeros((13, 34)), grid, 0.5).boxes())
    with pytest.raises(Invalid):
        Reached.least(depth, Grid(0, 0, 10, 34, 13), 0.5)


def test_a_road_along_the_edge_of_two_cells_counts_once() -> None:
    wet = Reached(Grid(0, 100, 50, 2, 1), np.ones((2, 1), bool))
    line = Layer("roads", (METRES,), shapes(shapely.LineString([(0, 50), (200, 50)])), rule="length")
    assert inside(wet, [line]).amount("roads") == pytest.approx(50, abs=1e-4)
    two = Reached(Grid(0, 100, 50, 2, 3), np.array([[True, True, False], [False, True, True]]))
    assert len(two.boxes()) == 2
    assert inside(two, [line]).amount("roads") == pytest.approx(100, abs=1e-4)


def test_many_areas_are_as_each_alone() -> None:
    areas = [shapely.Point(x, 50).buffer(70) for x in (0, 40, 150, 900)]
    assert inside_each(areas, ALL) == tuple(inside(area, ALL) for area in areas)


_numbers = st.integers(-40, 140).map(float)
_points = st.tuples(_numbers, _numbers)
_polygons = (
    st.lists(_points, min_size=3, max_size=9).map(shapely.Polygon).filter(lambda one: one.is_valid and one.area > 0)
)
_cells = st.lists(_points, min_size=3, max_size=6).map(lambda some: shapely.MultiPoint(some).convex_hull)
_cells = _cells.filter(lambda one: one.geom_type == "Polygon" and one.area > 1)


_lines = st.lists(_points, min_size=2, max_size=6).map(shapely.LineString)


def _few(one: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=3)


@settings(max_examples=100, deadline=None)
@given(some=_few(_polygons), cells=_few(_cells), lines=_few(_lines))
def test_clipping_is_what_shapely_finds(some: list[Any], cells: list[Any], lines: list[Any]) -> None:
    far = np.array([5e5, 3.3e6])
    moved = [shapely.transform(shapes(*each), lambda at: at + far) for each in (some, cells, lines)]
    row, cell = (one.ravel() for one in np.meshgrid(np.arange(len(some)), np.arange(len(cells)), indexing="ij"))
    truth = shapely.area(shapely.intersection(moved[0][row], moved[1][cell]))
    np.testing.assert_allclose(areas_in(moved[0], row, moved[1], cell), truth, atol=1e-4)
    row, cell = (one.ravel() for one in np.meshgrid(np.arange(len(lines)), np.arange(len(cells)), indexing="ij"))
    plain = shapely.intersection(shapes(*lines)[row], shapes(*cells)[cell])
    apart = [shapely.union_all(shapely.get_parts(one)).length for one in shapes(*lines)]
    found = lengths_in(shapes(*lines), row, shapes(*cells), cell)
    simple = np.isclose([one.length for one in lines], apart)[row]  # shapely counts a stretch passed twice once
    np.testing.assert_allclose(found[simple], shapely.length(plain)[simple], atol=1e-6)
    assert convex(moved[1]).all()


def test_what_is_convex() -> None:
    circle = shapely.Point(0, 0).buffer(1)
    some = shapes(
        shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (4, 0), (1, 1), (0, 4)]), circle, shapely.Point(0, 0)
    )
    assert convex(some).tolist() == [True, False, False, False]
    assert not convex(shapes(shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 2, 2))).any()


def test_zonal_means_by_the_cell_centre() -> None:
    grid = Grid(0, 30, 10, 3, 4)
    values = np.arange(12.0).reshape(3, 4)
    values[1, 1] = np.nan
    zones = shapes(
        shapely.box(0, 0, 40, 30), shapely.box(5, 15, 15, 25), shapely.box(6, 16, 14, 24), shapely.box(15, 15, 25, 25),
        shapely.Polygon(), shapely.box(100, 100, 110, 110),
    )  # fmt: skip
    mean, count = zonal_mean(members(zones, grid), values)
    assert count.tolist() == [11, 3, 0, 3, 0, 0]
    np.testing.assert_allclose(mean, [61 / 11, (0 + 1 + 4) / 3, np.nan, (1 + 2 + 6) / 3, np.nan, np.nan])
