"""Routes: the handbook's golden cases, and networkx as oracle on random networks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from xh_mini import ROADS, at, xh_mini

from layers.network import Network
from layers.network_build import build
from layers.positions import Position, position, snap
from layers.profiles import DRIVE, WALK, Profile
from layers.routing import nearest, route, seconds_to
from tests.conftest import tries

CASE_A = {
    "C1–S1": 650, "C1–S2": 900, "C2–S2": 550, "C2–S1": 900, "C3–S2": 600, "C3–S4": 1050, "C4–S4": 500,
    "C4–S2": 1050, "C5–S1": 1350, "C5–S4": 1350,
}  # fmt: skip


@pytest.mark.parametrize("pair", CASE_A)
def test_case_a_distances(pair: str) -> None:
    network = xh_mini()
    a, b = (at(network, place) for place in pair.split("–"))
    for there in (route(network, a, b, WALK), route(network, b, a, WALK)):
        assert there is not None
        assert there.metres == pytest.approx(CASE_A[pair])
        assert there.seconds == pytest.approx(CASE_A[pair] / 1.2, abs=0.002)


def test_the_dispatch_test_with_and_without_the_closure() -> None:
    network = xh_mini()
    t1, t2, incident = (at(network, place) for place in ("N1", "N5", "C3"))
    minutes = seconds_to(network, [t1, t2], incident, DRIVE) / 60
    assert minutes == pytest.approx([2.3, 3.3])
    muster = np.array([5, 1])
    assert (muster + minutes).argmin() == 1
    closed = frozenset({ROADS["N2–N3"]})
    flooded = network.close(closed)
    detour = route(flooded, t1, incident, DRIVE)
    assert detour is not None
    assert detour.metres == pytest.approx(1300)
    assert detour.seconds / 60 == pytest.approx(2.6)
    assert detour.road_ids == tuple(ROADS[name] for name in ("N1–N2", "N2–S2", "N3–S2", "N3–C3"))
    assert (detour.closed, detour.network_version) == (closed, flooded.version)
    assert flooded.version.startswith("xh-mini+")
    assert flooded.apply({ROADS["N2–N3"]: None}).version == "xh-mini"
    assert nearest(network, [t2, t1], incident, 5, DRIVE).tolist() == [1, 0]
    assert nearest(network, [t2, t1], incident, 1, DRIVE).tolist() == [1]


def test_unreachable_is_a_result() -> None:
    network = xh_mini().close([ROADS["N3–S3"]])
    sources = [at(network, "N1"), position(network, ROADS["N3–S3"], 0.5)]
    for target in ("S3", "C3"):
        assert route(network, sources[1], at(network, target), DRIVE) is None
    assert route(network, sources[0], at(network, "S3"), DRIVE) is None
    assert route(network, sources[1], sources[1], DRIVE) is None
    assert seconds_to(network, sources, at(network, "S3"), DRIVE).tolist() == [np.inf, np.inf]
    assert nearest(network, sources, at(network, "C3"), 2, DRIVE).tolist() == [0]


def test_partial_edges_start_and_end_the_line() -> None:
    network = xh_mini()
    a, b = position(network, ROADS["N1–N2"], 0.75), position(network, ROADS["N2–N3"], 0.25)
    for start, end in ((a, b), (b, a)):
        found = route(network, start, end, DRIVE)
        assert found is not None
        assert found.metres == pytest.approx(75 + 150)
        line = found.geometry
        assert line.coords[0] == pytest.approx((start.lon, start.lat))
        assert line.coords[-1] == pytest.approx((end.lon, end.lat))
        assert len(line.coords) == 3


def test_one_place_is_a_route_of_no_length() -> None:
    network = xh_mini()
    here = position(network, 1, 1.0)
    found = route(network, here, here, DRIVE)
    assert found is not None
    assert (found.metres, found.seconds, found.road_ids) == (0.0, 0.0, (1,))
    same = route(network, here, position(network, ROADS["N1–N2"], 0.0), DRIVE)
    assert same is not None
    assert (same.metres, same.road_ids) == (0.0, (1,))


def test_back_along_a_one_way_goes_round_or_nowhere() -> None:
    network = drawn([(0, 1, True, 100.0), (1, 2, False, 100.0), (2, 0, False, 100.0)])
    a, b = position(network, 1, 0.75), position(network, 1, 0.25)
    forth, back, walk = route(network, b, a, DRIVE), route(network, a, b, DRIVE), route(network, a, b, WALK)
    assert forth is not None
    assert back is not None
    assert walk is not None
    assert [forth.metres, back.metres, walk.metres] == pytest.approx([50, 250, 50])
    assert back.road_ids == (1, 2, 3, 1)
    assert route(network.close([2]), a, b, DRIVE) is None


def test_a_split_road_is_travelled_as_one() -> None:
    network = drawn([(0, 1, False, 100.0), (1, 2, False, 100.0), (1, 2, False, 50.0), (2, 5, False, 100.0)])
    found = route(network, position(network, 1, 0.5), position(network, 4, 0.5), DRIVE)
    assert found is not None
    assert found.metres == pytest.approx(150)
    assert found.road_ids == (1, 3, 4)
    assert set(network.plan.lines[2].coords) < set(found.geometry.coords)
    assert len(found.geometry.coords) == 5  # start, node, bend, node, end: nothing at the added node


def drawn(edges: list[tuple[int, int, bool, float]], turns: list[tuple[int, int, int, str]] | None = None) -> Network:
    """A network with node i at its own place, and roads numbered from 1; turns as road, node, road, kind."""
    xy = [(120.1 + 0.001 * (i % 3), 30.25 + 0.001 * (i // 3)) for i in range(9)]
    nodes = gpd.GeoDataFrame({"id": range(10, 19)}, geometry=[Point(p) for p in xy], crs=4490)
    bend = [(120.1 + 0.0001 * i, 30.2505) for i in range(len(edges))]
    rows = [
        {"id": i, "source": a + 10, "target": b + 10, "oneway": oneway, "length_m": length}
        for i, (a, b, oneway, length) in enumerate(edges, start=1)
    ]
    roads = gpd.GeoDataFrame(
        rows,
        geometry=[LineString([xy[a], bend[i], xy[b]]) for i, (a, b, _, _) in enumerate(edges)],
        crs=4490,
    ).assign(drive=True, walk=True, **{"class": "demo"})
    frame = pd.DataFrame(turns or [], columns=["from_road", "via_node", "to_road", "kind"])
    return build(nodes, roads, "EPSG:4549", turns=frame)


def cut_at(network: Network, a: Position, b: Position, profile: Profile, closed: frozenset[int]) -> list[Any]:
    """Arcs (from, to, ms, road, way) of a graph in which a and b are nodes that cut their roads."""
    arcs: list[Any] = []
    for road in network.plan.roads.itertuples():
        whole = round(road.length_m / profile.default_kmh * 3600)
        cuts = sorted((p.fraction, name) for p, name in ((a, "a"), (b, "b")) if p.road_id == road.Index)
        for fraction, name in cuts:
            if fraction in (0, 1):
                node = road.target if fraction else road.source
                arcs += [(name, node, 0, 0, "on"), (node, name, 0, 0, "off")]
        if road.Index in closed:
            continue
        inner = [(f, name) for f, name in cuts if f not in (0, 1)]
        for (f, u), (g, v) in pairwise([(0.0, road.source), *inner, (1.0, road.target)]):
            ms = round(g * whole) - round(f * whole)
            arcs.append((u, v, ms, road.Index, "forth"))
            if profile.mode == "walk" or not road.oneway:
                arcs.append((v, u, ms, road.Index, "back"))
    return arcs


def oracle(network: Network, a: Position, b: Position, profile: Profile, closed: frozenset[int]) -> float:
    """Milliseconds by networkx."""
    graph: Any = nx.MultiDiGraph()
    graph.add_nodes_from(["a", "b"])
    graph.add_weighted_edges_from((u, v, ms) for u, v, ms, _, _ in cut_at(network, a, b, profile, closed))
    try:
        return float(nx.dijkstra_path_length(graph, "a", "b"))
    except nx.NetworkXNoPath:
        return float("inf")


def turning_oracle(network: Network, a: Position, b: Position, turns: list[tuple[int, int, int, str]]) -> float:
    """Milliseconds of a driver by networkx on the line graph: its nodes are arcs, its edges the turns allowed."""
    arcs = cut_at(network, a, b, DRIVE, frozenset())
    no = {(f, v, t) for f, v, t, kind in turns if kind.startswith("no")}
    only: dict[tuple[int, int], set[int]] = {}
    for f, v, t, kind in turns:
        if kind.startswith("only"):
            only.setdefault((f, v), set()).add(t)

    def allowed(one: Any, other: Any) -> bool:
        f, via, t = one[3], one[1], other[3]
        if via in ("a", "b") or not f or not t:
            return True
        return (f, via, t) not in no and t in only.get((f, via), {t})

    graph: Any = nx.DiGraph()
    graph.add_nodes_from(["start", "end"])
    for i, one in enumerate(arcs):
        if one[0] == "a":
            graph.add_edge("start", i, weight=one[2])
        if one[1] == "b":
            graph.add_edge(i, "end", weight=0)
        for k, other in enumerate(arcs):
            if one[1] == other[0] and allowed(one, other):
                graph.add_edge(i, k, weight=other[2])
    try:
        return float(nx.dijkstra_path_length(graph, "start", "end"))
    except nx.NetworkXNoPath:
        return float("inf")


lengths = st.one_of(st.just(0.0), st.floats(1, 1000), st.just(100.0))
fractions = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 1 / 3]), st.floats(0, 1))
edge_lists = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans(), lengths), min_size=1, max_size=14)


@settings(max_examples=tries(120), deadline=None)
@given(edges=edge_lists, data=st.data())
def test_routes_agree_with_networkx(edges: list[tuple[int, int, bool, float]], data: st.DataObject) -> None:
    whole = drawn(edges)
    road_ids = st.integers(1, len(edges))
    closed = frozenset(data.draw(st.sets(road_ids, max_size=3)))
    network = whole.close(closed)
    profile = data.draw(st.sampled_from([DRIVE, WALK]))
    target, *sources = (
        position(network, data.draw(road_ids), data.draw(fractions)) for _ in range(data.draw(st.integers(2, 4)))
    )
    many = seconds_to(network, sources, target, profile)
    for source, seconds in zip(sources, many, strict=True):
        expected = oracle(network, source, target, profile, closed)
        if source == target:
            expected = 0.0 if source.road_id not in closed or source.fraction in (0, 1) else expected
        found = route(network, source, target, profile)
        if found is None:
            assert np.isinf(seconds)
            assert np.isinf(expected)
            continue
        assert found.ms == expected
        assert found.seconds == seconds
        assert found.metres / profile.default_kmh * 3.6 == pytest.approx(found.seconds, abs=0.001 * len(found.pieces))
        assert not closed & set(found.road_ids) or not found.metres
        assert found.geometry.coords[0] == pytest.approx((source.lon, source.lat))
        assert found.geometry.coords[-1] == pytest.approx((target.lon, target.lat))
    order = nearest(network, sources, target, 2, profile)
    assert many[order].tolist() == sorted(many[np.isfinite(many)])[:2]


@settings(max_examples=tries(120), deadline=None)
@given(edges=edge_lists, data=st.data())
def test_forbidden_turns_agree_with_the_line_graph(
    edges: list[tuple[int, int, bool, float]], data: st.DataObject
) -> None:
    meetings = [
        (i, node + 10, k)
        for i, one in enumerate(edges, 1)
        for k, other in enumerate(edges, 1)
        for node in {one[1] if one[2] else n for n in one[:2]} & set(other[:2])
    ]
    assume(meetings)
    kinds = st.sampled_from(["no_left_turn", "no_u_turn", "only_straight_on"])
    drawn_turns = data.draw(st.lists(st.tuples(st.sampled_from(meetings), kinds), min_size=1, max_size=5))
    turns = [(*meeting, kind) for meeting, kind in drawn_turns]
    loops = {i for i, (a, b, _, _) in enumerate(edges, 1) if a == b}
    assume(not any({f, t} & loops for f, _, t, _ in turns))
    network = drawn(edges, turns)
    roads = st.integers(1, len(edges))
    inside = st.sampled_from([0.25, 0.5, 1 / 3])
    a, b = (position(network, data.draw(roads), data.draw(inside)) for _ in "ab")
    assume(a != b)
    found = route(network, a, b, DRIVE)
    expected = turning_oracle(network, a, b, turns)
    assert (found.ms if found else np.inf) == expected
    if found:
        passed = [(f[0], t[0]) for f, t in pairwise(found.pieces)]
        assert sum(abs(e - s) for _, s, e in found.pieces) > 0 or found.metres == 0
        assert len(passed) == len(found.pieces) - 1
    walked = route(network, a, b, WALK)
    assert (walked.ms if walked else np.inf) == oracle(network, a, b, WALK, frozenset())


@settings(max_examples=tries(40), deadline=None)
@given(edges=edge_lists, data=st.data())
def test_the_digraph_itself_gives_the_same_times_between_nodes(
    edges: list[tuple[int, int, bool, float]], data: st.DataObject
) -> None:
    network = drawn(edges).close(data.draw(st.sets(st.integers(1, len(edges)), max_size=2)))
    ends: dict[int, Position] = {}
    for row, road in enumerate(network.plan.roads.itertuples(), 1):
        ends |= {road.source: position(network, row, 0.0), road.target: position(network, row, 1.0)}
    for start, a in ends.items():
        by_graph = nx.single_source_dijkstra_path_length(network.graph, start, weight=network.weight(WALK))
        for stop, b in ends.items():
            assert seconds_to(network, [a], b, WALK)[0] == by_graph.get(stop, np.inf) / 1000


def test_snapped_positions_route_with_the_measured_length() -> None:
    network = xh_mini()
    road = network.plan.lines[ROADS["N4–N5"] - 1]  # drawn 1,086 m, measured 900 m
    a, b = (road.interpolate(share, normalized=True) for share in (0.25, 0.75))
    found = route(network, snap(network, a.x, a.y, DRIVE), snap(network, b.x, b.y, DRIVE), DRIVE)
    assert found is not None
    assert found.metres == pytest.approx(450, abs=0.05)
