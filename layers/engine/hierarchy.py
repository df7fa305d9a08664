"""A customizable contraction hierarchy: its shape is made once for a network, its times again for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import local
from typing import NamedTuple

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
    place (m,) : the row of each upward arc in `table` (m, 4), which unpacks arcs, along a walk down the tree.
    """

    rank: Ints
    up: Ints
    head: Ints
    parent: Ints
    depth: Ints
    cells: Ints
    slot: Ints
    tail: Ints
    down: Ints
    lower: Ints
    place: Ints
    table: Ints
    _own: local = field(default_factory=local, repr=False)

    def lanes(self) -> Ints:
        """This thread's room for a sweep."""
        if not hasattr(self._own, "lanes"):
            self._own.lanes = np.empty(LANES * (len(self.up) - 1), np.int32)
        kept: Ints = self._own.lanes
        return kept


def build(n: int, tail: Ints, head: Ints) -> Hierarchy:
    """The hierarchy of n nodes and directed arcs (a,), in which no ordered pair of nodes comes twice."""
    rank, *ordered = order(*neighbours(n, tail, head))
    return assemble(rank, *ordered, tail=tail, head=head)


def assemble(
    rank: Ints, up: Ints, above: Ints, parent: Ints, depth: Ints, cells: Ints, walk: Ints, *, tail: Ints, head: Ints
) -> Hierarchy:
    """A hierarchy from what `order` found, which may have been kept, and the network's arcs."""
    n, degree = len(rank), np.diff(up)
    below = np.repeat(np.arange(n, dtype=np.int32), degree)
    lower = np.argsort(above, kind="stable").astype(np.int32)
    a, b = rank[tail], rank[head]
    key = below.astype(np.int64) * n + above
    slot = 2 * np.searchsorted(key, np.minimum(a, b).astype(np.int64) * n + np.maximum(a, b)) + (a > b)
    down = np.zeros(n + 1, np.int32)
    down[1:] = np.cumsum(np.bincount(above, minlength=n))
    walked = np.argsort(walk)
    begins = np.empty(n, np.int32)
    begins[walked] = np.cumsum(degree[walked]) - degree[walked]
    place = (begins - up[:-1])[below] + np.arange(len(above), dtype=np.int32)
    table = np.full((len(above), 4), -1, np.int32)
    table[place, kernels.TAIL] = below
    return Hierarchy(
        rank, up, above, parent, depth, cells, slot.astype(np.int32), below, down, lower, place.astype(np.int32), table
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


class Half(NamedTuple):
    """The upward arcs of use in one way, as compressed rows: up (n + 1,), head, ms (k,) for sweeps.

    For searches of one pair: climb (k, 2), the time and the depth of the head side by side, and row (k,) in the table.
    """

    up: Ints
    head: Ints
    ms: Ints
    climb: Ints
    row: Ints

    @property
    def sweep(self) -> tuple[Ints, ...]:
        """What a sweep takes."""
        return self.up, self.head, self.ms


Pair = tuple[Ints, Ints]
FEW = 0.01
"""Up to this share of changed arcs, a metric is made from another one."""


@dataclass(frozen=True, eq=False)
class Metric:
    """Times on a hierarchy, ready for searches; immutable. Times are milliseconds, `FAR` where there is no way."""

    shape: Hierarchy
    out: Half
    back: Half
    table: Ints
    own: Pair
    times: Pair
    """Of every upward arc, there and back: the road's own, and the least over lower nodes."""

    @cached_property
    def _pairs(self) -> tuple[Ints, ...]:
        h, out, back = self.shape, self.out, self.back
        return h.parent, h.depth, out.up, out.climb, out.row, back.up, back.climb, back.row, self.table

    def pair(self, s: int, t: int) -> int:
        """The least time from s to t."""
        h, out, back = self.shape, self.out, self.back
        return int(kernels.meet(h.parent, h.depth, out.up, out.climb, back.up, back.climb, s, t)[0])

    def path(self, s: int, t: int) -> tuple[int, Ints]:
        """The least time from s to t, and the nodes of that way."""
        least, nodes = kernels.path(*self._pairs, s, t)
        return least, nodes

    def nearest(self, seeds: Seeds, *, backward: bool = False) -> Ints:
        """For every node (n,), the least time from (or, backward, to) any seed."""
        out, back = self._ways(backward)
        found: Ints = kernels.nearest(self.shape.parent, *out.sweep, *back.sweep, seeds.node, seeds.ms)
        return found

    def matrix(self, sources: Seeds, targets: Seeds) -> Ints:
        """Least times from each lane of sources to each lane of targets: (sources, targets)."""
        parent, room = self.shape.parent, self.shape.lanes()
        (a, old_a), (b, old_b) = sources.near_each_other(), targets.near_each_other()
        goals = kernels.rises(parent, *self.back.sweep, b.node, b.lane, b.ms, b.count, room)
        rows = kernels.matrix(parent, *self.out.sweep, a.node, a.lane, a.ms, a.count, *goals, room)
        found: Ints = np.empty_like(rows)
        found[np.ix_(old_a, old_b)] = rows
        return found

    def reach(self, seeds: Seeds, limit: int, *, backward: bool = False) -> tuple[NDArray[np.uint16], Ints]:
        """Which nodes each lane reaches within the limit, as bits (⌈lanes / 16⌉, n), and the lane of each bit.

        Bit k of `bits[g]` belongs to lane `lanes[16 * g + k]`.
        """
        near, old = seeds.near_each_other()
        bits = np.zeros((-(-seeds.count // LANES), len(self.shape.parent)), np.uint16)
        for group, row in enumerate(bits):
            self._reach(near, group, limit, backward, row)
        return bits, old

    def reached(self, seeds: Seeds, limit: int, *, backward: bool = False) -> tuple[Ints, Ints, Ints]:
        """The (lane, node, ms) triples of all nodes that a lane reaches within the limit."""
        near, old = seeds.near_each_other()
        found = [(np.empty(0, np.int32),) * 3]
        for group in range(-(-seeds.count // LANES)):
            row = np.zeros(len(self.shape.parent), np.uint16)
            self._reach(near, group, limit, backward, row)
            node, lane, ms = kernels.collect(row, self.shape.lanes())
            found.append((old[LANES * group + lane], node, ms))
        lane, node, ms = (np.concatenate(part) for part in zip(*found, strict=True))
        return lane, node, ms

    def _reach(self, seeds: Seeds, group: int, limit: int, backward: bool, bits: NDArray[np.uint16]) -> None:
        h, (out, back) = self.shape, self._ways(backward)
        some = slice(*np.searchsorted(seeds.lane, [LANES * group, LANES * (group + 1)]))
        lane = seeds.lane[some] - LANES * group
        kernels.reach(
            h.parent, h.cells, h.up, h.head, *out.sweep, *back.sweep, seeds.node[some], lane, seeds.ms[some],
            np.int32(min(limit, FAR - 1)), h.lanes(), bits,
        )  # fmt: skip

    def _ways(self, backward: bool) -> tuple[Half, Half]:
        return (self.back, self.out) if backward else (self.out, self.back)


def customise(shape: Hierarchy, ms: Ints) -> Metric:
    """The metric of these times (a,) over the network's arcs; `FAR` closes an arc."""
    own = _own_times(shape, ms)
    out, back, table = own[0].copy(), own[1].copy(), shape.table.copy()
    kernels.customise(shape.up, shape.head, shape.tail, shape.down, shape.lower, shape.place, out, back, table)
    return _metric(shape, own, (out, back), table, kernels.perfect(shape.up, shape.head, out, back))


def recustomise(metric: Metric, ms: Ints) -> Metric:
    """The metric of other times (a,) on the same shape: quicker than `customise` where few have changed.

    Its arcs are not cut down to those of use, so that searches look at some more; the answers are the same.
    """
    shape, own = metric.shape, _own_times(metric.shape, ms)
    changed = np.flatnonzero((own[0] != metric.own[0]) | (own[1] != metric.own[1])).astype(np.int32)
    if len(changed) > max(64, FEW * len(shape.head)):
        return customise(shape, ms)
    out, back, table = metric.times[0].copy(), metric.times[1].copy(), metric.table.copy()
    kernels.recustomise(
        shape.up, shape.head, shape.tail, shape.down, shape.lower, shape.place, *own, out, back, table, changed
    )
    return _metric(shape, own, (out, back), table, (out, back))


def _own_times(shape: Hierarchy, ms: Ints) -> Pair:
    both = np.full((len(shape.head), 2), FAR, np.int32)
    both.reshape(-1)[shape.slot] = ms
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def _metric(shape: Hierarchy, own: Pair, times: Pair, table: Ints, least: Pair) -> Metric:
    there, home = (
        Half(*kernels.half(shape.up, shape.head, shape.depth, shape.place, ms, one))
        for ms, one in zip(times, least, strict=True)
    )
    return Metric(shape, there, home, table, own, times)
