"""Service areas, islands, single ways, detours, words, alternatives, tracks on foot, map matching."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from test_routing import drawn
from xh_mini import ROADS, at, xh_mini

from gis_data.demo.xh_mini import NODES
from gis_data.errors import NotFound
from layers.directions import steps
from layers.isolation import cut_roads, detour, isolated, mainland, only_ways
from layers.matching import match
from layers.network import Network
from layers.positions import position, snap
from layers.profiles import DISTANCE, DRIVE, WALK, Limit
from layers.reach import areas, times
from layers.routing import alternatives, approach, matrix_ms, route

NAMES = list(NODES)


def names_within(network: Network, place: str, metres: float, *, to: bool = False) -> set[str]:
    seconds = times(network, [at(network, place)], DISTANCE, to=to)
    ids = {int(id_): t for id_, t in zip(network.plan.node_ids, seconds, strict=True)}
    return {name for k, name in enumerate(NAMES, 1) if ids[k] <= metres}


def test_times_to_a_place_and_from_it() -> None:
    network = xh_mini()
    assert names_within(network, "S4", 800) == {"S4", "N4", "C4", "N3"}
    assert names_within(network.close([ROADS["N3–N4"]]), "S4", 800) == {"S4", "N4", "C4"}
    oneway = drawn([(0, 1, True, 100.0), (1, 2, True, 100.0), (2, 0, True, 500.0)])
    here = position(oneway, 1, 0.5)
    out, home = (times(oneway, [here], DRIVE, to=to)[oneway.plan.ends[0, 1]] for to in (False, True))
    assert (out, home) == pytest.approx((6.0, 78.0))


def test_areas_grow_with_time_and_shrink_with_closures() -> None:
    network = xh_mini()
    frame = areas(network, [at(network, "N3")], DRIVE, [0.5, 1, 2])
    assert frame["minutes"].tolist() == [2, 1, 0.5]
    assert frame["area_km2"].is_monotonic_decreasing
    assert frame.geometry.is_valid.all()
    large, middle, small = frame.geometry
    assert large.buffer(5e-4).contains(middle)
    assert middle.buffer(5e-4).contains(small)
    inside = {name for name, xy in NODES.items() if large.contains(shapely.Point(xy))}
    assert {"N3", "N2", "N4", "C3", "S2", "S3"} <= inside
    assert "S1" not in inside
    shut = areas(network.close([ROADS["N3–N4"]]), [at(network, "N3")], DRIVE, [2]).geometry[0]
    assert not shut.contains(shapely.Point(NODES["N4"]))
    assert shut.area < large.area


def test_a_short_time_on_a_long_road_reaches_its_own_part_of_it() -> None:
    network = xh_mini()
    place = position(network, ROADS["N4–N5"], 0.5)
    area = areas(network, [place], DRIVE, [0.4]).geometry[0]
    assert area.contains(shapely.Point(place.lon, place.lat))
    assert not area.contains(shapely.Point(NODES["N4"]))


def test_no_place_within_no_time_is_an_empty_area() -> None:
    network = xh_mini().close(ROADS.values())
    frame = areas(network, [position(network, 1, 0.5)], DRIVE, [5])
    assert frame.geometry.is_empty.all()


def test_islands_and_who_is_on_them() -> None:
    network = xh_mini().close([ROADS["N3–N4"], ROADS["N4–N5"]])
    ground = mainland(network, DRIVE)
    places = [at(network, name) for name in ("C1", "C4", "S4", "N5")]
    assert isolated(network, [*places, None], DRIVE, ground).tolist() == [False, True, True, False, True]
    islands = cut_roads(network, DRIVE, ground)
    assert [[ROADS_BY_ID[int(network.plan.roads.index[row])] for row in rows] for rows in islands] == [
        ["N4–S4", "N4–C4"]
    ]
    whole = xh_mini()
    assert not isolated(whole, [at(whole, name) for name in NAMES], DRIVE, mainland(whole, DRIVE)).any()


ROADS_BY_ID = {id_: name for name, id_ in ROADS.items()}


def test_a_place_that_can_be_reached_but_not_left_is_cut_off() -> None:
    network = drawn([(0, 1, False, 100.0), (1, 2, False, 100.0), (2, 0, False, 100.0), (2, 3, True, 100.0)])
    ground = mainland(network, DRIVE)
    assert isolated(network, [position(network, 4, 1.0), position(network, 4, 0.0)], DRIVE, ground).tolist() == [
        True,
        False,
    ]
    assert not isolated(network, [position(network, 4, 1.0)], WALK, mainland(network, WALK)).any()


def test_single_road_dependence_is_by_bridges() -> None:
    network = xh_mini()
    found = only_ways(network, {name: at(network, name) for name in ("C1", "C2", "C5", "S3", "N3", "C4")}, DRIVE)
    named = {name: [ROADS_BY_ID[road] for road in roads] for name, roads in found.items()}
    assert named == {"C1": ["C1–N1"], "C2": ["N2–C2"], "C5": ["N5–C5"], "S3": ["N3–S3"], "N3": [], "C4": ["N4–C4"]}
    fewer = only_ways(network.close([ROADS["N4–N5"]]), {"C4": at(network, "C4"), "C5": at(network, "C5")}, DRIVE)
    assert [ROADS_BY_ID[road] for road in fewer["C4"]] == ["N4–C4", "N3–N4"]
    assert [ROADS_BY_ID[road] for road in fewer["C5"]] == ["N5–C5", "N5–S1", "N1–S1", "N1–N2"]


def test_parallel_roads_are_no_single_way() -> None:
    network = drawn(
        [(0, 1, False, 100.0), (1, 2, False, 100.0), (2, 0, False, 50.0), (2, 5, False, 9.0), (2, 5, False, 8.0)]
    )
    assert only_ways(network, {"end": position(network, 4, 1.0)}, DRIVE) == {"end": ()}
    for shut, left in ((5, 4), (4, 5)):
        assert only_ways(network.close([shut]), {"end": position(network, 4, 1.0)}, DRIVE) == {"end": (left,)}
    assert only_ways(network.close([4]), {"on it": position(network, 5, 0.5)}, DRIVE) == {"on it": (5,)}


def test_the_cost_of_closing_a_road() -> None:
    network = xh_mini()
    found = detour(network, ROADS["N2–N3"], DRIVE)
    assert (found.metres, found.extra_m) == (600, 150)
    assert found.extra_ms == 18_000
    assert detour(network, ROADS["C1–N1"], DRIVE).round_ is None
    with pytest.raises(NotFound):
        detour(network.close([1]), 1, DRIVE)


def test_alternatives_differ_by_three_tenths_and_say_their_true_time() -> None:
    network = xh_mini()
    a, b = at(network, "C2"), at(network, "C3")
    first, *others = alternatives(network, a, b, DRIVE)
    assert (first.metres, others[0].metres) == (1000, 1150)
    assert others[0].seconds == pytest.approx(138.0)
    shared = set(first.road_ids) & set(others[0].road_ids)
    lengths = network.plan.roads["length_m"]
    assert sum(lengths[list(shared)]) <= 0.7 * others[0].metres
    assert [way.metres for way in alternatives(network, at(network, "C1"), at(network, "N1"), DRIVE)] == [200]
    assert alternatives(network.close([ROADS["C1–N1"]]), position(network, 1, 0.5), b, DRIVE) == []
    elsewhere = alternatives(network.close([ROADS["N5–C5"]]), a, b, DRIVE)
    assert [way.ms for way in elsewhere] == [way.ms for way in (first, *others)]


def test_by_vehicle_to_the_road_head_then_on_foot() -> None:
    network = drawn([(0, 1, False, 1000.0), (1, 2, False, 1000.0), (2, 5, False, 100.0), (0, 5, False, 9000.0)])
    network.plan.roads.loc[[2, 3], "drive"] = False
    fresh = Network(network.plan)
    found = approach(fresh, position(fresh, 1, 0.0), position(fresh, 3, 0.5), DRIVE, WALK)
    assert found is not None
    assert found.walk is not None
    assert (found.drive.metres, found.walk.metres) == (1000, 1050)
    assert found.drive.road_ids == (1,)
    beside = approach(fresh, position(fresh, 1, 0.0), position(fresh, 1, 0.7), DRIVE, WALK)
    assert beside is not None
    assert beside.walk is None
    assert approach(fresh.close([2, 3, 4]), position(fresh, 1, 0.0), position(fresh, 3, 0.5), DRIVE, WALK) is None


def test_a_route_in_words() -> None:
    network = xh_mini()
    way = route(network, at(network, "C1"), at(network, "C3"), DRIVE)
    assert way
    told = steps(network, way)
    assert [step.zh.split("沿")[-1] for step in told] == [
        "C1–N1行 200 米", "N1–N2行 300 米", "N2–N3行 600 米", "N3–C3行 250 米", "到达",
    ]  # fmt: skip
    assert told[0].zh.startswith("向东南出发")
    assert told[1].zh.startswith(("左转", "稍向左转"))
    assert told[3].en.startswith("Turn left, along N3–C3 for 250 m")
    assert sum(step.metres for step in told) == way.metres
    assert sum(step.seconds for step in told) == pytest.approx(way.seconds, abs=0.01)


def test_slow_and_deep_roads_change_the_way_and_the_words_keep_up() -> None:
    network = xh_mini()
    slow = network.apply({ROADS["N2–N3"]: Limit(frozenset(), slower=3)})
    way = route(slow, at(slow, "N1"), at(slow, "C3"), DRIVE)
    assert way
    assert way.metres == 1300
    back = route(slow.apply({ROADS["N2–S2"]: Limit()}), at(slow, "N1"), at(slow, "C3"), DRIVE)
    assert back
    assert back.seconds == pytest.approx((300 + 3 * 600 + 250) / 500 * 60)
    assert sum(step.seconds for step in steps(slow, back)) == pytest.approx(back.seconds, abs=0.01)


def test_positions_of_a_team_find_its_roads_and_show_when_it_left_its_route() -> None:
    network = xh_mini()
    planned = route(network, at(network, "N1"), at(network, "C3"), DRIVE)
    other = route(network.close([ROADS["N2–N3"]]), at(network, "N1"), at(network, "C3"), DRIVE)
    assert planned
    assert other
    rng = np.random.default_rng(3)

    def tracked(line: shapely.LineString) -> np.ndarray:
        points = shapely.line_interpolate_point(line, np.linspace(0, 1, 25), normalized=True)
        return shapely.get_coordinates(points) + rng.normal(0, 8, (25, 2)) / [96_000, 111_000]

    on = match(network, tracked(planned.geometry), DRIVE)
    assert not on.off(network, planned.geometry).any()
    assert {place.road_id for place in on.places if place} <= set(planned.road_ids) | {ROADS["C1–N1"], ROADS["N1–S1"]}
    off = match(network, tracked(other.geometry), DRIVE)
    gone = off.off(network, planned.geometry)
    assert not gone[:6].any()
    assert gone[10:16].all()
    assert match(network, np.array([[121.5, 29.0]]), DRIVE).places == (None,)
    assert match(network, np.empty((0, 2)), DRIVE).places == ()


def test_a_matrix_is_many_routes() -> None:
    network = xh_mini()
    places = [at(network, name) for name in NAMES] + [position(network, ROADS["N2–N3"], f) for f in (0.2, 0.6)]
    found = matrix_ms(network, places, places, DRIVE)
    for i, a in enumerate(places):
        for k, b in enumerate(places):
            way = route(network, a, b, DRIVE)
            assert way is not None
            assert way.ms == found[i, k]
    assert snap(network, *NODES["N2"], DRIVE).fraction in (0.0, 1.0)
