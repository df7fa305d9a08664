"""Our half of the road benchmark, a process of its own like each peer: `python -m web.bench.road_ours FOLDER`.

As in the product, nodes are numbered in the order of contraction once that is known; answers are put back into the
input's numbers before they are written, with no clock running.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.engine.hierarchy import FAR, Hierarchy, Metric, Seeds, assemble, customise
from layers.engine.order import neighbours, order
from web.bench.road_peers import NEVER, Arrays, pairs, timed

TILES = 8
"""Copies of the second network, side by side, for the large one."""


class Ours:
    """Our engine on the task's arcs; `a` gives a path of nodes."""

    def __init__(self, task: Arrays, ms: NDArray[Any]) -> None:
        n = int(task["n"])
        tail, head = task["tail"], task["head"]
        self.rank, *shape = order(*neighbours(n, tail, head))
        tail, head = self.rank[tail], self.rank[head]
        self.by = np.lexsort((head, tail))
        number = np.arange(n, dtype=np.int32)
        self.shape: Hierarchy = assemble(number, *shape, tail=tail[self.by], head=head[self.by])
        self.metric: Metric = customise(self.shape, ms[self.by])

    def renumbered(self, task: Arrays) -> Arrays:
        """The task in our numbers."""
        nodes = {name: self.rank[task[name]] for name in ("pairs", "rows", "cols", "near", "sets")}
        arcs = {"tail": self.rank[task["tail"]][self.by], "head": self.rank[task["head"]][self.by]}
        return task | arcs | nodes | {name: task[name][self.by] for name in ("ms", "ms2")}

    def a(self, source: int, target: int) -> Any:
        return self.metric.path(source, target)[1]


def closed(ms: NDArray[Any]) -> NDArray[np.int32]:
    """The input's closed arcs are ours."""
    return np.where(ms == NEVER, FAR, ms).astype(np.int32)


def work(peer: Ours, task: Arrays, ms: NDArray[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The times and the answers, in our numbers."""
    answers, times = {}, {}
    rows, cols, near, sets = (Seeds.at(task[name]) for name in ("rows", "cols", "near", "sets"))
    answers["a"], times["a"] = pairs(peer, task, ms)
    answers["b"], times["b"] = timed(lambda: peer.metric.matrix(rows, cols))
    answers["c1"], times["c1"] = timed(lambda: peer.metric.nearest(near))
    (bits, lanes), times["c2"] = timed(lambda: peer.metric.reach(sets, int(task["limit"])))
    counts = np.zeros(len(lanes), np.int64)
    for k, lane in enumerate(lanes.tolist()):
        counts[lane] = ((bits[k // 16] >> (k % 16)) & 1).sum()
    answers["c2"] = counts
    return times, answers


def main(folder: Path) -> None:
    """All of it, before and after the flood."""
    with np.load(folder / "input.npz") as file:
        task = dict(file)
    ms, ms2 = closed(task["ms"]), closed(task["ms2"])
    Ours(task, ms)  # compiled, or read from the cache of an earlier run
    peer, build = timed(lambda: Ours(task, ms))
    own = peer.renumbered(task)
    before, answers = work(peer, own, own["ms"])
    there = ms2[peer.by]

    def update() -> None:
        peer.metric = customise(peer.shape, there)

    _, updated = timed(update)
    after, later = work(peer, own, own["ms2"])
    report = {
        "peer": "ours", "version": "", "build": build, "before": before, "update": updated | {"rebuild": False},
        "after": after, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "upward_arcs": len(peer.shape.head),
    }  # fmt: skip
    for one in (answers, later):
        one["c1"] = one["c1"][peer.rank]
        for name in ("b", "c1"):
            one[name] = np.where(one[name] < FAR, one[name], NEVER).astype(np.int64)
    fields = {
        f"{name}_{when}": found for when, one in (("before", answers), ("after", later)) for name, found in one.items()
    }
    np.savez(folder / "ours.npz", **fields)
    (folder / "ours.json").write_text(json.dumps(report, indent=1) + "\n")


def large(folder: Path) -> None:
    """The network of FOLDER tiled: built, customised, asked; seconds and peak memory of this process."""
    with np.load(folder / "input.npz") as file:
        n, tail, head, ms = int(file["n"]), file["tail"], file["head"], file["ms"]
    small = Ours({"n": np.array(1000), "tail": tail[:0], "head": head[:0]}, ms[:0])
    small.metric.nearest(Seeds.at([0]))
    small.metric.path(0, 1)
    start = time.perf_counter()
    steps = np.arange(TILES, dtype=np.int32)[:, None] * n
    joins = np.arange(TILES - 1, dtype=np.int32)[:, None] * n + np.arange(0, n, 997, dtype=np.int32)
    tails = np.concatenate([(tail + steps).ravel(), joins.ravel(), (joins + n).ravel()])
    heads = np.concatenate([(head + steps).ravel(), (joins + n).ravel(), joins.ravel()])
    times = np.concatenate([np.tile(ms, TILES), np.full(2 * joins.size, 60_000, np.int32)])
    peer = Ours({"n": np.array(TILES * n), "tail": tails, "head": heads}, times)
    least, nodes = peer.metric.path(int(peer.rank[0]), int(peer.rank[-1]))
    peer.metric.nearest(Seeds.at(peer.rank[:: n // 40]))
    spent = time.perf_counter() - start
    key = np.sort(tails.astype(np.int64) * TILES * n + heads)
    back = np.argsort(peer.rank)[nodes]
    steps_taken = back[:-1].astype(np.int64) * TILES * n + back[1:]
    if least >= FAR or not np.isin(steps_taken, key).all():
        raise SystemExit("the large network was answered wrongly")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"nodes": TILES * n, "seconds": spent, "rss_mb": peak}))


if __name__ == "__main__":
    large(Path(sys.argv[2])) if sys.argv[1] == "large" else main(Path(sys.argv[1]))
