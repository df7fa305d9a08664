"""Routes: the handbook's golden cases, and networkx as oracle on random networks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from xh_mini import ROADS, at, xh_mini

from layers.network import DRIVE, WALK, Network, Position, Profile, build, position, road_seconds, snap
from layers.routing import nearest, route, seconds_to

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
        assert there.seconds == pytest.approx(CASE_A[pair] / 1.2)


def test_the_dispatch_test_with_and_without_the_closure() -> None:
    network = xh_mini()
    t1, t2, incident = (at(network, place) for place in ("N1", "N5", "C3"))
    minutes = seconds_to(network, [t1, t2], incident, DRIVE) / 60
    assert minutes == pytest.approx([2.3, 3.3])
    muster = np.array([5, 1])
    assert (muster + minutes).argmin() == 1
    closed = frozenset({ROADS["N2–N3"]})
    detour = route(network, t1, incident, DRIVE, closed)
    assert detour is not None
    assert detour.metres == pytest.approx(1300)
    assert detour.seconds / 60 == pytest.approx(2.6)
    assert detour.road_ids == tuple(ROADS[name] for name in ("N1–N2", "N2–S2", "N3–S2", "N3–C3"))
    assert (detour.closed, detour.network_version) == (closed, "xh-mini")
    assert nearest(network, [t2, t1], incident, 5, DRIVE).tolist() == [1, 0]
    assert nearest(network, [t2, t1], incident, 1, DRIVE).tolist() == [1]


def test_unreachable_is_a_result() -> None:
    network = xh_mini()
    closed = frozenset({ROADS["N3–S3"]})
    sources = [at(network, "N1"), position(network, ROADS["N3–S3"], 0.5)]
    for target in ("S3", "C3"):
        assert route(network, sources[1], at(network, target), DRIVE, closed) is None
    assert route(network, sources[0], at(network, "S3"), DRIVE, closed) is None
    assert route(network, sources[1], sources[1], DRIVE, closed) is None
    assert seconds_to(network, sources, at(network, "S3"), DRIVE, closed).tolist() == [np.inf, np.inf]
    assert nearest(network, sources, at(network, "C3"), 2, DRIVE, closed).tolist() == [0]


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
    assert route(network, a, b, DRIVE, frozenset({2})) is None


def test_a_split_road_is_travelled_as_one() -> None:
    network = drawn([(0, 1, False, 100.0), (1, 2, False, 100.0), (1, 2, False, 50.0), (2, 5, False, 100.0)])
    found = route(network, position(network, 1, 0.5), position(network, 4, 0.5), DRIVE)
    assert found is not None
    assert found.metres == pytest.approx(150)
    assert found.road_ids == (1, 3, 4)
    assert set(network.lines[2].coords) < set(found.geometry.coords)
    assert len(found.geometry.coords) == 5  # start, node, bend, node, end: nothing at the added node


def drawn(edges: list[tuple[int, int, bool, float]]) -> Network:
    """A network with node i at its own place, and roads numbered from 1."""
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
    return build(nodes, roads, "EPSG:4549")


def oracle(network: Network, a: Position, b: Position, profile: Profile, closed: frozenset[int]) -> float:
    """Seconds by networkx on a multigraph in which a and b are nodes that cut their roads."""
    graph: Any = nx.MultiDiGraph()
    graph.add_nodes_from(["a", "b"])
    for road in network.roads.itertuples():
        if road.Index in closed:
            continue
        cuts = sorted((p.fraction, name) for p, name in ((a, "a"), (b, "b")) if p.road_id == road.Index)
        stops = [(0.0, road.source), *cuts, (1.0, road.target)]
        kmh = profile.default_kmh
        for (f, u), (g, v) in pairwise(stops):
            seconds = (g - f) * road.length_m * 3.6 / kmh
            graph.add_edge(u, v, seconds=seconds)
            if profile.mode == "walk" or not road.oneway:
                graph.add_edge(v, u, seconds=seconds)
    try:
        return float(nx.dijkstra_path_length(graph, "a", "b", weight="seconds"))
    except nx.NetworkXNoPath:
        return float("inf")


lengths = st.one_of(st.just(0.0), st.floats(1, 1000), st.just(100.0))
fractions = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 1 / 3]), st.floats(0, 1))
edge_lists = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans(), lengths), min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(edges=edge_lists, data=st.data())
def test_routes_agree_with_networkx(edges: list[tuple[int, int, bool, float]], data: st.DataObject) -> None:
    network = drawn(edges)
    road_ids = st.integers(1, len(edges))
    closed = frozenset(data.draw(st.sets(road_ids, max_size=3)))
    profile = data.draw(st.sampled_from([DRIVE, WALK]))
    target, *sources = (
        position(network, data.draw(road_ids), data.draw(fractions)) for _ in range(data.draw(st.integers(2, 4)))
    )
    many = seconds_to(network, sources, target, profile, closed)
    for source, seconds in zip(sources, many, strict=True):
        expected = oracle(network, source, target, profile, closed)
        found = route(network, source, target, profile, closed)
        if found is None:
            assert np.isinf(seconds)
            assert np.isinf(expected)
            continue
        assert found.seconds == pytest.approx(expected, abs=1e-9)
        assert found.seconds == pytest.approx(seconds, abs=1e-9)
        assert found.metres / profile.default_kmh * 3.6 == pytest.approx(found.seconds, abs=1e-9)
        assert not closed & set(found.road_ids)
        assert found.geometry.coords[0] == pytest.approx((source.lon, source.lat))
        assert found.geometry.coords[-1] == pytest.approx((target.lon, target.lat))
    order = nearest(network, sources, target, 2, profile, closed)
    assert many[order].tolist() == sorted(many[np.isfinite(many)])[:2]


@settings(max_examples=100, deadline=None)
@given(edges=edge_lists)
def test_the_digraph_itself_gives_the_same_times_between_nodes(
    edges: list[tuple[int, int, bool, float]],
) -> None:
    network = drawn(edges)
    ends = {10 + node for edge in edges for node in edge[:2]}
    seconds = road_seconds(network, WALK)
    for start in ends:
        by_graph = nx.single_source_dijkstra_path_length(network.graph, start, weight="length_m")
        row = next(i for i, road in enumerate(network.roads.itertuples()) if start in (road.source, road.target))
        a = position(network, row + 1, float(network.roads.iloc[row]["source"] != start))
        for stop in ends & set(by_graph):
            row = next(i for i, road in enumerate(network.roads.itertuples()) if stop in (road.source, road.target))
            b = position(network, row + 1, float(network.roads.iloc[row]["source"] != stop))
            assert seconds_to(network, [a], b, WALK)[0] == pytest.approx(by_graph[stop] / 1.2, abs=1e-9)
    assert np.isfinite(seconds).all()


def test_snapped_positions_route_with_the_measured_length() -> None:
    network = xh_mini()
    road = network.lines[ROADS["N4–N5"] - 1]  # drawn 1,086 m, measured 900 m
    a, b = (road.interpolate(share, normalized=True) for share in (0.25, 0.75))
    found = route(network, snap(network, a.x, a.y, DRIVE), snap(network, b.x, b.y, DRIVE), DRIVE)
    assert found is not None
    assert found.metres == pytest.approx(450, abs=0.05)
