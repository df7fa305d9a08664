"""The engine is exact: every workload equals scipy's, on random graphs with closures and on published answers."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.engine.hierarchy import FAR, Hierarchy, Metric, Seeds, build, customise, recustomise
from tests.conftest import tries

Ints = NDArray[np.int32]


def by_scipy(n: int, tail: Ints, head: Ints, ms: Ints) -> NDArray[np.int64]:
    """All times between nodes; scipy takes a weight of 0 for no arc, so weights are doubled and one added to each 0."""
    open_ = ms < FAR
    scale = 2 * (n + 1)
    weights = np.where(ms[open_] == 0, 1, ms[open_].astype(float) * scale)
    graph = csr_array((weights, (tail[open_], head[open_])), shape=(n, n))
    found = dijkstra(graph)
    return np.where(np.isfinite(found), np.nan_to_num(found, posinf=0) // scale, FAR).astype(np.int64)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Ints, Ints, Ints]:
    """Nodes, and arcs that may be closed, slow, of no length, dead ends, apart; no pair twice."""
    n = draw(st.integers(1, 14))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node).filter(lambda p: p[0] != p[1]), max_size=40, unique=True))
    ms = st.one_of(st.integers(0, 50), st.just(FAR), st.integers(10**6, 10**8))
    times = draw(st.lists(ms, min_size=len(pairs), max_size=len(pairs)))
    tail, head = np.array(pairs, np.int32).reshape(-1, 2).T
    return n, np.ascontiguousarray(tail), np.ascontiguousarray(head), np.array(times, np.int32)


def check_all(shape: Hierarchy, metric: Metric, true: NDArray[np.int64], arcs: dict[tuple[int, int], int]) -> None:
    n, rank = len(true), shape.rank
    number = np.argsort(rank)
    everything = Seeds.at(rank)
    assert np.array_equal(metric.matrix(everything, everything), true)
    lane, node, ms = metric.reached(everything, FAR)
    full = np.full((n, n), FAR)
    full[lane, number[node]] = ms
    assert np.array_equal(full, true)
    for s in range(n):
        for t in range(n):
            least, nodes = metric.path(int(rank[s]), int(rank[t]))
            assert least == metric.pair(int(rank[s]), int(rank[t])) == true[s, t]
            way = number[nodes].tolist()
            if least < FAR:
                assert (way[0], way[-1]) == (s, t)
                assert sum(arcs[a, b] for a, b in pairwise(way)) == least
            else:
                assert way == []


@settings(max_examples=tries(500), deadline=None)
@given(graph=graphs(), data=st.data())
def test_every_workload_equals_scipy_before_and_after_a_change(
    graph: tuple[int, Ints, Ints, Ints], data: st.DataObject
) -> None:
    n, tail, head, ms = graph
    shape = build(n, tail, head)
    changed = data.draw(st.lists(st.integers(0, max(len(ms) - 1, 0)), max_size=6)) if len(ms) else []
    after = ms.copy()
    after[changed] = data.draw(st.sampled_from([FAR, 0, 7, 10**7]))
    metric: Metric | None = None
    for times in (ms, after):
        true = by_scipy(n, tail, head, times)
        metric = recustomise(metric, times) if metric else customise(shape, times)
        check_all(
            shape, metric, true, dict(zip(zip(tail.tolist(), head.tolist(), strict=True), times.tolist(), strict=True))
        )
        some = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=4))
        nearest = metric.nearest(Seeds.at(shape.rank[some]))[shape.rank]
        assert np.array_equal(nearest, true[some].min(axis=0))
        back = metric.nearest(Seeds.at(shape.rank[some]), backward=True)[shape.rank]
        assert np.array_equal(back, true[:, some].min(axis=1))
        limit = data.draw(st.integers(0, 200))
        lane, node, _ = metric.reached(Seeds.at(shape.rank[some]), limit, backward=True)
        inside = {(int(k), int(v)) for k, v in zip(lane, np.argsort(shape.rank)[node], strict=True)}
        assert inside == {(k, v) for k, s in enumerate(some) for v in range(n) if true[v, s] <= limit}


def grid(side: int, seed: int) -> tuple[int, Ints, Ints, Ints]:
    """Streets in a grid, some one-way, some closed: large enough for cells, borders and many groups of lanes."""
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    both = rng.random(len(a)) < 0.8
    tail, head = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    ms = np.where(rng.random(len(tail)) < 0.1, FAR, rng.integers(1, 9000, len(tail)))
    return side * side, tail.astype(np.int32), head.astype(np.int32), ms.astype(np.int32)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_network_of_many_cells_equals_scipy(seed: int) -> None:
    n, tail, head, ms = grid(110, seed)
    shape = build(n, tail, head)
    assert len(shape.cells) > 3
    metric, rank = customise(shape, ms), shape.rank
    rng = np.random.default_rng(seed)
    some, others = rng.choice(n, 40, replace=False), rng.choice(n, 35)
    open_ = ms < FAR
    graph = csr_array((ms[open_].astype(float), (tail[open_], head[open_])), shape=(n, n))
    true = np.nan_to_num(dijkstra(graph, indices=some), posinf=FAR).astype(np.int64)
    assert np.array_equal(metric.matrix(Seeds.at(rank[some]), Seeds.at(rank[others])), true[:, others])
    assert np.array_equal(metric.nearest(Seeds.at(rank[some]))[rank], true.min(axis=0))
    limit = 150_000
    bits, lanes = metric.reach(Seeds.at(rank[some]), limit)
    inside = np.zeros(true.shape, bool)
    for k, lane in enumerate(lanes.tolist()):
        inside[lane] = bits[k // 16, rank] >> (k % 16) & 1
    assert np.array_equal(inside, true <= limit)
    lane, node, time = metric.reached(Seeds.at(rank[some]), limit)
    found = np.full(true.shape, FAR)
    found[lane, np.argsort(rank)[node]] = time
    assert np.array_equal(found, np.where(true <= limit, true, FAR))


@pytest.mark.parametrize("share", [0.0003, 0.003, 0.2])
def test_a_change_made_in_part_or_whole_gives_the_same_times(share: float) -> None:
    n, tail, head, ms = grid(60, 4)
    shape = build(n, tail, head)
    rng = np.random.default_rng(9)
    metric = customise(shape, ms)
    for _ in range(12):
        hit = rng.random(len(ms)) < share
        ms = np.where(hit, rng.choice([FAR, 1, 20_000], len(ms)), ms).astype(np.int32)
        metric, fresh = recustomise(metric, ms), customise(shape, ms)
        assert all(np.array_equal(a, b) for a, b in zip(metric.times, fresh.times, strict=True))
        for _ in range(20):
            s, t = rng.integers(0, n, 2).tolist()
            (least, nodes), (again, _) = metric.path(s, t), fresh.path(s, t)
            assert least == again
            arcs = {(int(shape.rank[a]), int(shape.rank[b])): int(c) for a, b, c in zip(tail, head, ms, strict=True)}
            assert least >= FAR or sum(arcs[pair] for pair in pairwise(nodes.tolist())) == least


def test_lanes_start_from_several_nodes_with_a_lead() -> None:
    n, tail, head, ms = grid(12, 5)
    shape = build(n, tail, head)
    metric, rank = customise(shape, ms), shape.rank
    true = by_scipy(n, tail, head, ms)
    seeds = Seeds(rank[[3, 70, 9]], np.array([0, 0, 1], np.int32), np.array([500, 0, 20], np.int32), 2)
    expected = np.minimum([np.minimum(true[3] + 500, true[70]), true[9] + 20], FAR)
    assert np.array_equal(np.minimum(metric.matrix(seeds, Seeds.at(rank)), FAR), expected)
    assert np.array_equal(np.minimum(metric.nearest(seeds)[rank], FAR), expected.min(axis=0))


def pgrouting(answers: Path, directed: bool) -> tuple[Metric, dict[int, int]]:
    arcs: dict[tuple[int, int], int] = {}
    with (answers / "edges.csv").open() as file:
        for row in csv.DictReader(file):
            a, b = int(row["source"]), int(row["target"])
            costs = {(a, b): int(row["cost"]), (b, a): int(row["reverse_cost"])}
            if not directed:
                either = min(cost for cost in costs.values() if cost >= 0)
                costs = {(a, b): either, (b, a): either}
            arcs |= {pair: cost for pair, cost in costs.items() if cost >= 0}
    ids = sorted({node for pair in arcs for node in pair})
    tail, head = (np.array([ids.index(pair[side]) for pair in arcs], np.int32) for side in (0, 1))
    shape = build(len(ids), tail, head)
    metric = customise(shape, np.array(list(arcs.values()), np.int32))
    return metric, {id_: int(shape.rank[k]) for k, id_ in enumerate(ids)}


@pytest.mark.parametrize("directed", [True, False], ids=["directed", "undirected"])
def test_the_answers_that_pgrouting_publishes(directed: bool, shared_data: Path) -> None:
    answers = shared_data.parent / "reference/pgrouting"
    metric, node = pgrouting(answers, directed)
    kind = "directed" if directed else "undirected"
    told: Any = json.loads((answers / "expected_dijkstra.json").read_text())
    costs = told["agg_cost"][kind]
    areas: Any = json.loads((answers / "expected_isochrone_matrix.json").read_text())
    if not directed:
        costs = costs | areas["costMatrix_undirected"]
    for pair, cost in costs.items():
        a, b = (node[int(one)] for one in pair.split("-"))
        assert metric.pair(a, b) == cost
    if directed:
        nodes = metric.path(node[6], node[10])[1].tolist()
        assert nodes == [node[one] for one in told["path_6_10_directed"]["nodes"]]
    _, found, ms = metric.reached(Seeds.at([node[11]]), 3)
    expected = areas["drivingDistance"][f"from_11_dist3_{kind}"]
    assert dict(zip(found.tolist(), ms.tolist(), strict=True)) == {node[int(k)]: v for k, v in expected.items()}
    assert metric.pair(node[2], node[1]) == FAR
