"""The peers' half of the road benchmark: `python road_peers.py PEER FOLDER`, in the environment that has the peers.

It reads FOLDER/input.npz (`web.bench.road_networks.write`) and writes FOLDER/PEER.json, the times, and FOLDER/PEER.npz,
the answers. What is timed is the call itself, its arguments laid out beforehand as the peer takes them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEVER = 2**31 - 1
"""The weight of a closed arc, and the time to where nothing leads."""
NOT_ASKED = -2
"""In the place of an answer that was left out to save time."""
RUNS, BRISK_S, ENOUGH_S = 5, 0.02, 8.0
"""Calls are repeated so often, what is brisk for so long, and nothing beyond so long."""
LARGE = 100_000
"""Nodes from which on a slow peer is asked less."""
Arrays = dict[str, NDArray[Any]]
Ints = NDArray[np.int64]


class Peer:
    """An engine that is built on weights; `a` gives a path of nodes.

    Those that are able to have `b`, a matrix (of some rows), `c1`, times from the nearest source, and `c2`, what each
    of some sources reaches; `update` brings one to what `edits` laid out.
    """

    few: dict[str, int] = {}
    """Of how many sources a work is asked on a large network, where all would take minutes."""
    unit_ms = 1.0
    update: Any = None
    """None where it must be built anew."""


class Networkx(Peer):
    """Closed arcs have no weight, which hides them."""

    few = {"b": 10, "c2": 60}

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        self.nx: Any = import_module("networkx")
        self.task = task
        self.near, self.cols, self.limit = task["near"].tolist(), task["cols"].tolist(), int(task["limit"])
        self.graph = self.nx.DiGraph()
        self.graph.add_nodes_from(range(int(task["n"])))
        weights = [None if weight == NEVER else weight for weight in ms.tolist()]
        self.graph.add_weighted_edges_from(zip(task["tail"].tolist(), task["head"].tolist(), weights, strict=True))

    def edits(self, ms: NDArray[Any]) -> Any:
        at = self.task["changed"]
        arcs = zip(self.task["tail"][at].tolist(), self.task["head"][at].tolist(), strict=True)
        return dict(zip(arcs, (None if weight == NEVER else weight for weight in ms[at].tolist()), strict=True))

    def update(self, edits: Any) -> None:
        self.nx.set_edge_attributes(self.graph, edits, "weight")

    def a(self, source: int, target: int) -> Any:
        try:
            return self.nx.bidirectional_dijkstra(self.graph, source, target)[1]
        except self.nx.NetworkXNoPath:
            return []

    def b(self, rows: list[int]) -> Any:
        found = (self.nx.single_source_dijkstra_path_length(self.graph, row) for row in rows)
        return [[times.get(col) for col in self.cols] for times in found]

    def c1(self) -> Any:
        return self.nx.multi_source_dijkstra_path_length(self.graph, self.near)

    def c2(self, sources: list[int]) -> Any:
        return [self.nx.single_source_dijkstra_path_length(self.graph, one, self.limit) for one in sources]


class Scipy(Peer):
    """Closed arcs weigh infinity; one source at a time is as fast as many, or faster."""

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        sparse: Any = import_module("scipy.sparse")
        self.search: Any = import_module("scipy.sparse.csgraph").dijkstra
        self.task, n = task, int(task["n"])
        indptr = np.searchsorted(task["tail"], np.arange(n + 1)).astype(np.int32)
        self.graph = sparse.csr_array((np.where(ms == NEVER, np.inf, ms), task["head"], indptr), shape=(n, n))

    def edits(self, ms: NDArray[Any]) -> Any:
        at = self.task["changed"]
        return at, np.where(ms[at] == NEVER, np.inf, ms[at])

    def update(self, edits: Any) -> None:
        self.graph.data[edits[0]] = edits[1]

    def a(self, source: int, target: int) -> Any:
        _, before = self.search(self.graph, indices=source, return_predecessors=True)
        path = [target]
        while path[-1] >= 0:
            path.append(int(before[path[-1]]))
        return path[-2::-1] if path[-2] == source else []

    def b(self, rows: list[int]) -> Any:
        return [self.search(self.graph, indices=row)[self.task["cols"]] for row in rows]

    def c1(self) -> Any:
        return self.search(self.graph, indices=self.task["near"], min_only=True)

    def c2(self, sources: list[int]) -> Any:
        limit = float(self.task["limit"])
        rows = (self.search(self.graph, indices=one, limit=limit) for one in sources)
        return [np.flatnonzero(row < np.inf) for row in rows]


class Pandana(Peer):
    """Seconds, which it keeps as whole milliseconds; half a millisecond more, as it cuts off what follows them."""

    unit_ms = 1000.0

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        pandas: Any = import_module("pandas")
        network: Any = import_module("pandana").Network
        open_arcs = ms != NEVER
        weights = pandas.DataFrame({"s": (ms[open_arcs] + 0.5) / 1000})
        tail, head = task["tail"][open_arcs], task["head"][open_arcs]
        x, y = (pandas.Series(task["xy"][:, axis]) for axis in (0, 1))
        self.net = network(x, y, pandas.Series(tail), pandas.Series(head), weights, twoway=False)
        self.cols, self.limit = task["cols"], int(task["limit"]) / 1000

    def a(self, source: int, target: int) -> Any:
        return self.net.shortest_path(source, target)

    def b(self, rows: list[int]) -> Any:
        return self.net.shortest_path_lengths(np.repeat(rows, len(self.cols)), np.tile(self.cols, len(rows)))

    def c2(self, sources: list[int]) -> Any:
        return self.net.nodes_in_range(sources, self.limit)


class ChRouter(Peer):
    """Closed arcs are left out; a matrix is pair by pair, as there is no other way."""

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        router: Any = import_module("ch_router")
        open_arcs = ms != NEVER
        tail, head, weights = (one[open_arcs].astype(np.uint32) for one in (task["tail"], task["head"], ms))
        self.query = router.CHQuery(router.ContractionHierarchy.build(int(task["n"]), tail, head, weights))
        self.cols = task["cols"].tolist()

    def a(self, source: int, target: int) -> Any:
        return self.query.reset().add_source(source).add_target(target).run().get_node_path()

    def b(self, rows: list[int]) -> Any:
        ask = self.query
        return [[ask.reset().add_source(row).add_target(col).run().get_distance() for col in self.cols] for row in rows]


class Pyroutingkit(Peer):
    """A partial customisation brings the update; arrays must be contiguous, for strides are not heeded."""

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        kit: Any = import_module("pyroutingkit")
        self.changed, self.cols = task["changed"].astype(np.uint32), task["cols"].astype(np.uint32)
        x, y = np.ascontiguousarray(task["xy"].T, np.float32)
        topology = kit.CCHTopology()
        topology.build(task["tail"].astype(np.uint32), task["head"].astype(np.uint32), y, x, int(task["n"]))
        self.metric = kit.CCHMetric(topology)
        self.metric.customize(ms.astype(np.uint32))

    def edits(self, ms: NDArray[Any]) -> Any:
        return ms[self.changed].astype(np.uint32)

    def update(self, edits: Any) -> None:
        self.metric.update_weights(self.changed, edits)

    def a(self, source: int, target: int) -> Any:
        return self.metric.query(source, target)[1]

    def b(self, rows: list[int]) -> Any:
        return self.metric.distances_many_to_many(np.asarray(rows, np.uint32), self.cols)


class RoutingkitCch(Peer):
    """A partial customisation brings the update. Nothing pinned may live through it, so pinning is in the work."""

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        self.kit: Any = import_module("routingkit_cch")
        self.task, self.n, self.cols = task, int(task["n"]), task["cols"].tolist()
        self.near, self.nodes = [(one, 0) for one in task["near"].tolist()], list(range(self.n))
        tail, head = task["tail"].tolist(), task["head"].tolist()
        x, y = task["xy"].T.tolist()
        cch = self.kit.CCH(self.kit.compute_order_inertial(self.n, tail, head, y, x), tail, head, False)
        self.metric = self.kit.CCHMetric(cch, ms.tolist())
        self.updater = self.kit.CCHMetricPartialUpdater(cch)
        self.query = self.kit.CCHQuery(self.metric)

    def edits(self, ms: NDArray[Any]) -> Any:
        at = self.task["changed"]
        return dict(zip(at.tolist(), ms[at].tolist(), strict=True))

    def update(self, edits: Any) -> None:
        del self.query
        self.updater.apply(self.metric, edits)
        self.query = self.kit.CCHQuery(self.metric)

    def a(self, source: int, target: int) -> Any:
        return self.query.run(source, target).node_path

    def b(self, rows: list[int]) -> Any:
        pinned = self.kit.CCHOneToMany(self.metric, self.cols)
        return [pinned.distances_from(row) for row in rows]

    def c1(self) -> Any:
        return self.kit.CCHOneToMany(self.metric, self.nodes).distances_from_multi(self.near)


PEERS: dict[str, tuple[Callable[[Arrays, NDArray[Any]], Any], str]] = {
    "networkx": (Networkx, "networkx"),
    "scipy": (Scipy, "scipy.sparse.csgraph"),
    "pandana": (Pandana, "pandana"),
    "ch-router": (ChRouter, "ch_router"),
    "pyroutingkit": (Pyroutingkit, "pyroutingkit"),
    "routingkit-cch": (RoutingkitCch, "routingkit_cch"),
}
"""A peer, and the module that is imported before any clock runs."""


def timed(call: Callable[[], Any], between: Callable[[], Any] = lambda: None) -> tuple[Any, dict[str, Any]]:
    """What the last call gives, and the medians of all; `between` is not timed."""
    wall: list[float] = []
    cpu: list[float] = []
    while (len(wall) < RUNS or sum(wall) < BRISK_S) and sum(wall) < ENOUGH_S:
        if wall:
            between()
        start, spent = time.perf_counter(), time.process_time()
        result = call()
        cpu.append(time.process_time() - spent)
        wall.append(time.perf_counter() - start)
    return result, {"wall": median(wall), "cpu": median(cpu), "runs": len(wall)}


def pairs(peer: Any, task: Arrays, weights: NDArray[Any]) -> tuple[Ints, dict[str, Any]]:
    """What each path costs by the arcs on it, -1 without a path, and the median over the pairs.

    The pairs are asked in turns, so that no query finds the caches filled by its like.
    """
    turns: list[list[tuple[float, float]]] = []
    begun = time.perf_counter()
    while len(turns) < RUNS and time.perf_counter() - begun < ENOUGH_S:
        paths, spent = [], []
        for source, target in task["pairs"].tolist():
            wall, cpu = time.perf_counter(), time.process_time()
            paths.append(peer.a(source, target))
            cpu = time.process_time() - cpu
            spent.append((time.perf_counter() - wall, cpu))
        turns.append(spent)
    wall, cpu = np.median(np.median(turns, axis=0), axis=0).tolist()
    answers = zip(paths, task["pairs"].tolist(), strict=True)
    costs = [cost(path, source, target, task, weights) for path, (source, target) in answers]
    return np.array(costs), {"wall": wall, "cpu": cpu, "runs": len(turns)}


def cost(path: Any, source: int, target: int, task: Arrays, weights: NDArray[Any]) -> int:
    """The weights of the arcs along a path, -1 without one; ValueError where it is no path from source to target."""
    nodes, n = np.asarray(path, np.int64), int(task["n"])
    if not len(nodes):
        return -1
    key, wanted = task["tail"].astype(np.int64) * n + task["head"], nodes[:-1] * n + nodes[1:]
    arcs = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    if nodes[0] != source or nodes[-1] != target or (key[arcs] != wanted).any():
        raise ValueError(f"not a path from {source} to {target}: {path}")
    return int(weights[arcs].sum(dtype=np.int64))


def whole_ms(found: Any, unit_ms: float) -> Ints:
    """Times as whole milliseconds: None, infinity and what is beyond the largest are `NEVER`."""
    times = np.array(found, dtype=np.float64) * unit_ms
    return np.where(times < NEVER, np.rint(np.nan_to_num(times, posinf=NEVER)), NEVER).astype(np.int64)


def work(peer: Any, task: Arrays, weights: NDArray[Any]) -> tuple[dict[str, Any], dict[str, Ints]]:
    """The times and the answers of all that the peer is able to."""
    answers, times, n = {}, {}, int(task["n"])
    answers["a"], times["a"] = pairs(peer, task, weights)
    for name, field in (("b", "rows"), ("c2", "sets")):
        if not hasattr(peer, name):
            continue
        sources = task[field].tolist()
        asked = sources[: peer.few.get(name)] if n > LARGE else sources
        found, spent = timed(partial(getattr(peer, name), asked))
        if len(asked) < len(sources):
            share = len(sources) / len(asked)
            spent |= {"wall": spent["wall"] * share, "cpu": spent["cpu"] * share, "scaled_from": len(asked)}
        if name == "b":
            rows = whole_ms(found, peer.unit_ms).reshape(len(asked), -1)
        elif hasattr(found, "groupby"):
            rows = found.groupby("source", sort=False).size().to_numpy()
        else:
            rows = np.array([len(one) for one in found])
        missing = np.full((len(sources) - len(asked), *rows.shape[1:]), NOT_ASKED)
        answers[name], times[name] = np.concatenate([rows, missing]), spent
    if hasattr(peer, "c1"):
        found, times["c1"] = timed(peer.c1)
        found = [found.get(node) for node in range(n)] if isinstance(found, dict) else found
        answers["c1"] = whole_ms(found, peer.unit_ms)
    return times, answers


def main(name: str, folder: Path) -> None:
    """Run one peer through all of it."""
    warnings.simplefilter("ignore")  # one peer names all pairs without a path
    with np.load(folder / "input.npz") as file:
        task = dict(file)
    (kind, module), ms, ms2 = PEERS[name], task["ms"], task["ms2"]
    import_module(module)
    peer, build = timed(lambda: kind(task, ms))
    before, answers = work(peer, task, ms)
    if peer.update is None:
        peer, update = timed(lambda: kind(task, ms2))
    else:
        there, back = peer.edits(ms2), peer.edits(ms)
        _, update = timed(lambda: peer.update(there), between=lambda: peer.update(back))
    after, later = work(peer, task, ms2)
    report = {
        "peer": name,
        "version": version(name),
        "build": build,
        "before": before,
        "update": update | {"rebuild": peer.update is None},
        "after": after,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    both = {"before": answers, "after": later}
    fields: dict[str, Any] = {f"{work}_{when}": found for when, one in both.items() for work, found in one.items()}
    np.savez(folder / f"{name}.npz", **fields)
    (folder / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
