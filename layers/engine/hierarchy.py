"""A customizable contraction hierarchy: its shape is made once for a network, its times again for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.engine import kernels
from layers.engine.lanes import LANES
from layers.engine.order import neighbours, order

Ints = NDArray[np.int32]
FAR = int(kernels.FAR)
"""The time that stands for "no way"; greater times are not told apart (twelve days)."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The shape: nodes numbered in the order of contraction, and the upward graph.

    Attributes
    ----------
    rank (n,) : the number here of each node of the network. up (n + 1,), head, tail (m,) : the upward arcs of each
    node. parent, depth (n,) : the elimination tree. cells (c + 1,) : see `order`. down (n + 1,), lower (m,) : the arcs
    that lead up to each node. slot (a,) : 2 × upward arc, + 1 if against it, of each arc of the network.
    """

    rank: Ints
    up: Ints
    head: Ints
    parent: Ints
    depth: Ints
    cells: Ints
    slot: Ints
    tail: Ints
    high: NDArray[np.int16]
    down: Ints
    lower: Ints
    _own: local = field(default_factory=local, repr=False)

    def lanes(self) -> Ints:
        """This thread's room for a sweep."""
        if not hasattr(self._own, "lanes"):
            self._own.lanes = np.empty(LANES * (len(self.up) - 1), np.int32)
        kept: Ints = self._own.lanes
        return kept


def build(n: int, tail: Ints, head: Ints) -> Hierarchy:
    """The hierarchy of n nodes and directed arcs (a,), in which no ordered pair of nodes comes twice."""
    rank, up, above, parent, depth, cells = order(*neighbours(n, tail, head))
    return assemble(rank, up, above, parent, depth, cells, tail, head)


def assemble(
    rank: Ints, up: Ints, above: Ints, parent: Ints, depth: Ints, cells: Ints, tail: Ints, head: Ints
) -> Hierarchy:
    """A hierarchy from what `order` found, which may have been kept, and the network's arcs."""
    n = len(rank)
    below = np.repeat(np.arange(n, dtype=np.int32), np.diff(up))
    lower = np.argsort(above, kind="stable").astype(np.int32)
    a, b = rank[tail], rank[head]
    key = below.astype(np.int64) * n + above
    slot = 2 * np.searchsorted(key, np.minimum(a, b).astype(np.int64) * n + np.maximum(a, b)) + (a > b)
    down = np.zeros(n + 1, np.int32)
    down[1:] = np.cumsum(np.bincount(above, minlength=n))
    return Hierarchy(
        rank, up, above, parent, depth, cells, slot.astype(np.int32), below, depth[above].astype(np.int16), down, lower
    )


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where searches begin: lane k has one or more nodes, each with the time that it takes to get there.

    `lane` ascends; nodes are in the numbers of the hierarchy. All (k,) int32.
    """

    node: Ints
    lane: Ints
    ms: Ints
    count: int

    @staticmethod
    def at(nodes: Sequence[int] | Ints) -> Seeds:
        """One lane a node, each starting at once."""
        node = np.asarray(nodes, np.int32)
        return Seeds(node, np.arange(len(node), dtype=np.int32), np.zeros(len(node), np.int32), len(node))

    def near_each_other(self) -> tuple[Seeds, Ints]:
        """The same with lanes numbered along the hierarchy, and the lane of old that each new one is."""
        first = np.full(self.count, np.iinfo(np.int32).max, np.int32)
        np.minimum.at(first, self.lane, self.node)
        old = np.argsort(first, kind="stable").astype(np.int32)
        new = np.empty(self.count, np.int32)
        new[old] = np.arange(self.count, dtype=np.int32)
        by_lane = np.argsort(new[self.lane], kind="stable")
        return Seeds(self.node[by_lane], new[self.lane][by_lane], self.ms[by_lane], self.count), old


@dataclass(frozen=True, eq=False)
class Metric:
    """Times on a hierarchy, ready for searches; immutable. Times are milliseconds, `FAR` where there is no way."""

    shape: Hierarchy
    out: Ints
    back: Ints
    out_via: Ints
    back_via: Ints

    def pair(self, s: int, t: int) -> int:
        """The least time from s to t."""
        h = self.shape
        return int(kernels.meet(h.up, h.parent, h.depth, h.high, self.out, self.back, s, t)[0])

    def path(self, s: int, t: int) -> tuple[int, Ints]:
        """The least time from s to t, and the nodes of that way."""
        h = self.shape
        found: Any = kernels.path(
            h.up, h.head, h.tail, h.parent, h.depth, h.high, self.out, self.back, self.out_via, self.back_via, s, t
        )
        return int(found[0]), found[1]

    def nearest(self, seeds: Seeds, *, backward: bool = False) -> Ints:
        """For every node (n,), the least time from (or, backward, to) any seed."""
        h, out, back = self.shape, *self._ways(backward)
        found: Ints = kernels.nearest(h.up, h.head, h.parent, out, back, seeds.node, seeds.ms)
        return found

    def matrix(self, sources: Seeds, targets: Seeds) -> Ints:
        """Least times from each lane of sources to each lane of targets: (sources, targets)."""
        h, room = self.shape, self.shape.lanes()
        (a, old_a), (b, old_b) = sources.near_each_other(), targets.near_each_other()
        goals = kernels.rises(h.up, h.head, h.parent, self.back, b.node, b.lane, b.ms, b.count, room)
        rows = kernels.matrix(h.up, h.head, h.parent, self.out, a.node, a.lane, a.ms, a.count, *goals, room)
        found: Ints = np.empty_like(rows)
        found[np.ix_(old_a, old_b)] = rows
        return found

    def reach(self, seeds: Seeds, limit: int, *, backward: bool = False) -> tuple[NDArray[np.uint16], Ints]:
        """Which nodes each lane reaches within the limit, as bits (⌈lanes / 16⌉, n), and the lane of each bit.

        Bit k of `bits[g]` belongs to lane `lanes[16 * g + k]`.
        """
        h, (near, old) = self.shape, seeds.near_each_other()
        bits = np.zeros((-(-seeds.count // LANES), len(h.up) - 1), np.uint16)
        for group, row in enumerate(bits):
            self._reach(near, group, limit, backward, row)
        return bits, old

    def reached(self, seeds: Seeds, limit: int, *, backward: bool = False) -> tuple[Ints, Ints, Ints]:
        """The (lane, node, ms) triples of all nodes that a lane reaches within the limit."""
        h, (near, old) = self.shape, seeds.near_each_other()
        found = []
        for group in range(-(-seeds.count // LANES)):
            row = np.zeros(len(h.up) - 1, np.uint16)
            self._reach(near, group, limit, backward, row)
            node, lane, ms = kernels.collect(row, h.lanes())
            found.append((old[LANES * group + lane], node, ms))
        if not found:
            nothing = np.empty(0, np.int32)
            return nothing, nothing, nothing
        lane, node, ms = (np.concatenate(part) for part in zip(*found, strict=True))
        return lane, node, ms

    def _reach(self, seeds: Seeds, group: int, limit: int, backward: bool, bits: NDArray[np.uint16]) -> None:
        h, out, back = self.shape, *self._ways(backward)
        some = slice(*np.searchsorted(seeds.lane, [LANES * group, LANES * (group + 1)]))
        lane = seeds.lane[some] - LANES * group
        limit = min(limit, FAR - 1)
        kernels.reach(
            h.up, h.head, h.parent, h.cells, out, back, seeds.node[some], lane, seeds.ms[some], np.int32(limit),
            h.lanes(), bits,
        )  # fmt: skip

    def _ways(self, backward: bool) -> tuple[Ints, Ints]:
        return (self.back, self.out) if backward else (self.out, self.back)


def customise(shape: Hierarchy, ms: Ints) -> Metric:
    """The metric of these times (a,) over the network's arcs; `FAR` closes an arc."""
    both = np.full((len(shape.head), 2), FAR, np.int32)
    both.reshape(-1)[shape.slot] = ms
    out, back = np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])
    vias = kernels.customise(shape.up, shape.head, shape.tail, shape.down, shape.lower, out, back)
    return Metric(shape, out, back, *vias)
