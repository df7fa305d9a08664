"""The order in which a customizable contraction hierarchy takes the nodes, and the upward graph that it leaves.

Dibbelt, Strasser, Wagner, "Customizable Contraction Hierarchies", ACM JEA 21 (2016). Dead ends and chains go first, in
rounds of nodes that do not touch; what is left is ordered by METIS's nested dissection. Nodes are then numbered so
that sweeps run along memory: a subtree of at most `CELL` nodes (a cell) stands together, deep nodes first in it, and
the nodes above all cells come last.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymetis
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
CELL = 4096
SEPARATORS = 6
"""How many separators METIS tries at each cut: on a city of 400,000 nodes 6 make searches a third shorter than 1."""


def neighbours(n: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """The undirected graph under directed arcs, without loops, as compressed rows (n + 1,), (2 edges,)."""
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head).astype(np.int64)
    pairs = np.unique((low * n + high)[low != high])
    low, high = pairs // max(n, 1), pairs % max(n, 1)
    ends = np.concatenate([low, high]) * n + np.concatenate([high, low])
    ends.sort()
    start = np.searchsorted(ends, np.arange(n + 1, dtype=np.int64) * n)
    return start.astype(np.int32), (ends % max(n, 1)).astype(np.int32)


def order(start: Ints, adjacent: Ints) -> tuple[Ints, ...]:
    """Number the nodes of an undirected graph, and eliminate them in that order.

    Returns
    -------
    rank (n,) : each node's number. up (n + 1,), head (m,) : compressed rows of each number's higher neighbours,
    ascending, in the chordal graph. parent (n,) : the lowest of them, or -1. depth (n,) : number of nodes above.
    cells (c + 1,) : the numbers at which cells begin; from the last on, nodes belong to none. walk (n,) : the place of
    each node in a walk down the elimination tree, in which subtrees stand together.
    """
    first, core, core_start, core_adjacent = _peel(start, adjacent.copy())
    taken = np.concatenate([first, core[_dissect(core_start, core_adjacent)]]).astype(np.int32)
    up, head = _eliminate(start, adjacent, taken)
    parent, depth, place, cell = _tree(up, head, CELL)
    group = np.where(cell < 0, np.iinfo(np.int32).max, place[cell])
    again = np.lexsort((np.diff(up), -depth, group))
    taken = taken[again]
    up, head = _eliminate(start, adjacent, taken)
    number = np.empty(len(taken), np.int32)
    number[again] = np.arange(len(taken), dtype=np.int32)
    parent = np.where(parent[again] < 0, -1, number[parent[again]]).astype(np.int32)
    rank = np.empty(len(taken), np.int32)
    rank[taken] = np.arange(len(taken), dtype=np.int32)
    inside = cell[again]
    begins = np.flatnonzero(np.diff(inside[inside >= 0], prepend=-2))
    cells = np.append(begins, (inside >= 0).sum()).astype(np.int32)
    return rank, up, head, parent, depth[again], cells, place[again]


def _dissect(start: Ints, adjacent: Ints) -> Any:
    if len(start) <= 2 or not len(adjacent):
        return np.arange(len(start) - 1)
    graph = pymetis.CSRAdjacency(start, adjacent)
    permutation, _ = pymetis.nested_dissection(graph, options=pymetis.Options(seed=11, nseps=SEPARATORS))
    return np.asarray(permutation)


@njit(cache=True, nogil=True)
def _peel(start: Any, adjacent: Any) -> Any:
    """Take nodes of degree ≤ 2 until none is left; `adjacent` is used up. The rest comes back as a graph."""
    n = len(start) - 1
    degree = (start[1:] - start[:-1]).astype(np.int32)
    taken = np.empty(n, np.int32)
    k = 0
    alive = np.ones(n, np.bool_)
    touched = np.full(n, -1, np.int32)
    queued = np.full(n, -1, np.int32)
    now, later = np.empty(n, np.int32), np.empty(n, np.int32)
    m = 0
    for v in range(n):
        if degree[v] <= 2:
            now[m] = v
            m += 1
    turn = 0
    while m:
        waiting = 0
        for i in range(m):
            v = now[i]
            if not alive[v] or degree[v] > 2:
                continue
            if touched[v] == turn:
                if queued[v] != turn:
                    later[waiting] = v
                    waiting += 1
                    queued[v] = turn
                continue
            alive[v] = False
            taken[k] = v
            k += 1
            for side in range(degree[v]):
                x = adjacent[start[v] + side]
                y = adjacent[start[v] + 1 - side] if degree[v] == 2 else -1
                at, joined = -1, False
                for j in range(start[x], start[x] + degree[x]):
                    if adjacent[j] == v:
                        at = j
                    elif adjacent[j] == y:
                        joined = True
                if y >= 0 and not joined:
                    adjacent[at] = y
                else:
                    adjacent[at] = adjacent[start[x] + degree[x] - 1]
                    degree[x] -= 1
                touched[x] = turn
                if degree[x] <= 2 and queued[x] != turn:
                    later[waiting] = x
                    waiting += 1
                    queued[x] = turn
        now, later = later, now
        m = waiting
        turn += 1
    core = np.flatnonzero(alive).astype(np.int32)
    number = np.empty(n, np.int32)
    number[core] = np.arange(len(core)).astype(np.int32)
    core_start = np.zeros(len(core) + 1, np.int32)
    core_start[1:] = np.cumsum(degree[core])
    core_adjacent = np.empty(core_start[-1], np.int32)
    for c in range(len(core)):
        for j in range(degree[core[c]]):
            core_adjacent[core_start[c] + j] = number[adjacent[start[core[c]] + j]]
    return taken[:k], core, core_start, core_adjacent


@njit(cache=True, nogil=True)
def _eliminate(start: Any, adjacent: Any, taken: Any) -> Any:
    """Compressed rows of higher neighbours once lower ones have joined theirs; nodes are numbered as taken."""
    n = len(taken)
    rank = np.empty(n, np.int32)
    for i in range(n):
        rank[taken[i]] = i
    up = np.zeros(n + 1, np.int32)
    head = np.empty(4 * n + len(adjacent), np.int32)
    seen = np.full(n, -1, np.int32)
    child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    found = np.empty(n, np.int32)
    for i in range(n):
        k = 0
        seen[i] = i
        for j in range(start[taken[i]], start[taken[i] + 1]):
            u = rank[adjacent[j]]
            if u > i and seen[u] != i:
                seen[u] = i
                found[k] = u
                k += 1
        c = child[i]
        while c >= 0:
            for j in range(up[c], up[c + 1]):
                u = head[j]
                if seen[u] != i:
                    seen[u] = i
                    found[k] = u
                    k += 1
            c = sibling[c]
        row = found[:k]
        row.sort()
        m = up[i]
        if m + k > len(head):
            more = np.empty(2 * (m + k), np.int32)
            more[:m] = head[:m]
            head = more
        head[m : m + k] = row
        up[i + 1] = m + k
        if k:
            sibling[i] = child[row[0]]
            child[row[0]] = i
    return up, head[: up[n]].copy()


@njit(cache=True, nogil=True)
def _tree(up: Any, head: Any, most: int) -> Any:
    """The elimination tree: parents, depths, places in a walk down it, and the root of each node's cell or -1."""
    n = len(up) - 1
    parent, size = np.full(n, -1, np.int32), np.ones(n, np.int32)
    for v in range(n):
        if up[v] < up[v + 1]:
            parent[v] = head[up[v]]
            size[parent[v]] += size[v]
    depth, place, cell = np.zeros(n, np.int32), np.zeros(n, np.int32), np.full(n, -1, np.int32)
    after = np.zeros(n, np.int32)
    roots = 0
    for v in range(n - 1, -1, -1):
        p = parent[v]
        if p >= 0:
            depth[v] = depth[p] + 1
            place[v] = after[p]
            after[p] += size[v]
        else:
            place[v] = roots
            roots += size[v]
        after[v] = place[v] + 1
        if size[v] <= most:
            cell[v] = cell[p] if p >= 0 and cell[p] >= 0 else v
    return parent, depth, place, cell
