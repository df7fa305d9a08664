"""The compiled loops of the assignment: rows of pairs, first placing, and successive shortest paths over shelters."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Shelters = NDArray[np.int32]
Floats = NDArray[np.float64]
Rows = tuple[Ints, Shelters, Ints]  # where each cell begins and the last ends; the pairs' shelter and cost
Graph = tuple[Ints, Shelters, Ints, Shelters, Ints]  # least, pair, cut, near, degree

FAR = 2**61
KEEP = 8  # moves kept in order between two shelters, before their people are looked through again
GAPS = (1750, 701, 301, 132, 57, 23, 10, 4, 1)  # of the shell sort within a cell


@njit(cache=True, nogil=True)
def rows(d: int, s: int, cell: Ints, shelter: Ints, cost: Ints, penalty: int) -> Rows:
    """Pairs by cell and then shelter, without repetition; each cell ends with the pair (s, penalty): unmet."""
    first = np.zeros(d + 1, np.int64)
    for i in cell:
        first[i + 1] += 1
    for i in range(d):
        first[i + 1] += first[i] + 1
    end = first[:-1].copy()
    to, each = np.empty(first[d], np.int32), np.empty(first[d], np.int64)
    for t in range(len(cell)):
        i = cell[t]
        to[end[i]], each[end[i]] = shelter[t], cost[t]
        end[i] += 1
    n = 0
    for i in range(d):
        a, b = first[i], end[i]
        for gap in GAPS:
            for t in range(a + gap, b):
                j, c, q = to[t], each[t], t - gap
                while q >= a and (to[q] > j or (to[q] == j and each[q] > c)):
                    to[q + gap], each[q + gap] = to[q], each[q]
                    q -= gap
                to[q + gap], each[q + gap] = j, c
        first[i] = n
        for t in range(a, b):
            if n == first[i] or to[n - 1] != to[t]:
                to[n], each[n] = to[t], each[t]
                n += 1
        to[n], each[n] = s, penalty
        n += 1
    first[d] = n
    return first, to[:n].copy(), each[:n].copy()


@njit(cache=True, nogil=True)
def sample(first: Ints, shelter: Shelters, cost: Ints, cells: Ints) -> Rows:
    rows = np.zeros(len(cells) + 1, np.int64)
    for n in range(len(cells)):
        rows[n + 1] = rows[n] + first[cells[n] + 1] - first[cells[n]]
    to, each = np.empty(rows[-1], np.int32), np.empty(rows[-1], np.int64)
    for n in range(len(cells)):
        for t in range(rows[n], rows[n + 1]):
            u = first[cells[n]] + t - rows[n]
            to[t], each[t] = shelter[u], cost[u]
    return rows, to, each


@njit(cache=True, nogil=True)
def balance(people: Ints, first: Ints, shelter: Shelters, cost: Ints, price: Ints, width: int) -> tuple[Ints, Floats]:
    """Persons whose best choice is each shelter, and those within `width` of a second choice, by both."""
    n = len(price)
    load, close = np.zeros(n, np.int64), np.zeros((n, n))
    for i in range(len(people)):
        a, b, low, second = n - 1, n - 1, FAR, FAR
        for t in range(first[i], first[i + 1]):
            value = cost[t] + price[shelter[t]]
            if value < low:
                a, b, low, second = shelter[t], a, value, low
            elif value < second:
                b, second = shelter[t], value
        load[a] += people[i]
        if second - low < width:
            close[a, b] += people[i]
    return load, close


@njit(cache=True, nogil=True)
def place(
    people: Ints,
    first: Ints,
    shelter: Shelters,
    cost: Ints,
    price: Ints,
    room: Ints,
    old_first: Ints,
    old_shelter: Ints,
    old_persons: Ints,
    old_unmet: Ints,
) -> Ints:
    """Persons per pair, all on pairs that are best at these prices.

    Among equals they go where the old answer has them, or else where there is room; `room` is used up.
    """
    flow = np.zeros(len(shelter), np.int64)
    for i in range(len(people)):
        best, low, left = -1, FAR, people[i]
        for t in range(first[i], first[i + 1]):
            value = cost[t] + price[shelter[t]]
            if value < low:
                best, low = t, value
        q = old_first[i] if len(old_first) else 0
        for t in range(first[i], first[i + 1]):
            j = shelter[t]
            if cost[t] + price[j] > low:
                continue
            if not len(old_first):
                flow[t] = min(left, room[j])
                room[j] -= flow[t]
            elif t == first[i + 1] - 1:
                flow[t] = min(left, old_unmet[i])
            else:
                while q < old_first[i + 1] and old_shelter[q] < j:
                    q += 1
                if q < old_first[i + 1] and old_shelter[q] == j:
                    flow[t] = min(left, old_persons[q])
            left -= flow[t]
        flow[best] += left
    return flow


@njit(cache=True, nogil=True)
def _offer(b: int, a: int, cost: int, pair: int, graph: Graph) -> None:
    """Put a move from a to b among the KEEP cheapest; `cut` is the least cost of those left out."""
    least, via, cut, near, degree = graph
    if cost >= cut[b, a]:
        return
    if via[0, b, a] < 0:
        near[b, degree[b]] = a
        degree[b] += 1
    n = KEEP - 1
    if least[n, b, a] < FAR:
        cut[b, a] = max(cost, least[n, b, a])
        if cost >= least[n, b, a]:
            return
    while n > 0 and least[n - 1, b, a] > cost:
        least[n, b, a], via[n, b, a] = least[n - 1, b, a], via[n - 1, b, a]
        n -= 1
    least[n, b, a], via[n, b, a] = cost, pair


@njit(cache=True, nogil=True)
def _withdraw(b: int, a: int, pair: int, graph: Graph) -> bool:
    """Take a move away; True if those left out must now be looked up."""
    least, via, cut, _, _ = graph
    n = 0
    while n < KEEP and (least[n, b, a] == FAR or via[n, b, a] != pair):
        n += 1
    if n == KEEP:
        return False
    while n + 1 < KEEP:
        least[n, b, a], via[n, b, a] = least[n + 1, b, a], via[n + 1, b, a]
        n += 1
    least[n, b, a] = FAR
    return bool(least[0, b, a] == FAR and cut[b, a] < FAR)


@njit(cache=True, nogil=True)
def _paths(
    capacity: Ints, used: Ints, excess: Ints, price: Ints, graph: Graph, follow: Ints, by_room: NDArray[np.bool_]
) -> None:
    """Raise the prices by the distance to the nearest lack, so that `follow` leads there over moves of no cost.

    Dijkstra over reduced costs, ties to the fewest moves; it ends when every excess has a way.
    """
    least, _, _, near, degree = graph
    s = len(capacity)
    distance = np.where(excess < 0, 0, FAR)
    front, size = np.empty(s + 1, np.int64), 0
    for v in range(s + 1):
        if excess[v] < 0:
            front[size] = v
            size += 1
    follow[:], by_room[:] = -1, False
    scale, low, left = s + 2, 0, (excess > 0).sum()
    while left > 0:
        at, low = 0, distance[front[0]]
        for n in range(1, size):
            if distance[front[n]] < low:
                at, low = n, distance[front[n]]
        w = front[at]
        size -= 1
        front[at] = front[size]
        left -= excess[w] > 0
        for n in range(degree[w]):
            v = near[w, n]
            if least[0, w, v] < FAR:
                far = low + (least[0, w, v] + price[w] - price[v]) * scale + 1
                if far < distance[v]:
                    if distance[v] == FAR:
                        front[size] = v
                        size += 1
                    distance[v], follow[v], by_room[v] = far, w, False
        for v in range(s) if w == s else range(s, s + 1):
            far = low + (price[w] - price[v]) * scale + 1
            if far < distance[v] and (used[v] < capacity[v] if w == s else used[w] > 0):
                if distance[v] == FAR:
                    front[size] = v
                    size += 1
                distance[v], follow[v], by_room[v] = far, w, True
    price += np.minimum(distance, low) // scale
    price -= price[s]


@njit(cache=True, nogil=True)
def settle(first: Ints, shelter: Shelters, cost: Ints, capacity: Ints, flow: Ints, price: Ints) -> None:
    """Make `flow` and `price`, which must be best for each cell, the optimum, in place.

    Successive shortest paths in bulk over s + 1 nodes: the shelters, and node s that stands for not being
    assigned and for empty places. A move from a to b is a person's change of choice, or of a place's use.
    """
    d, s, k = len(first) - 1, len(capacity), len(shelter)
    begin = np.zeros(s + 2, np.int64)
    for j in shelter:
        begin[j + 1] += 1
    begin = np.cumsum(begin)
    top, last = begin[:-1].copy(), begin[:-1].copy()
    holder, column, member = np.empty(k, np.int32), np.empty(k, np.int32), np.empty(k, np.int32)
    least, via = np.full((KEEP, s + 1, s + 1), FAR), np.full((KEEP, s + 1, s + 1), -1, np.int32)
    cut, near, degree = np.full((s + 1, s + 1), FAR), np.empty((s + 1, s + 1), np.int32), np.zeros(s + 1, np.int64)
    graph = (least, via, cut, near, degree)
    load = np.zeros(s + 1, np.int64)
    for i in range(d):
        for t in range(first[i], first[i + 1]):
            j = shelter[t]
            holder[t], column[top[j]] = i, i
            top[j] += 1
            if flow[t] > 0:
                load[j] += flow[t]
                member[last[j]] = t
                last[j] += 1
                for u in range(first[i], first[i + 1]):
                    if u != t:
                        _offer(shelter[u], j, cost[u] - cost[t], u, graph)
    used, excess = np.zeros(s + 1, np.int64), np.zeros(s + 1, np.int64)
    for j in range(s):
        used[j] = capacity[j] if price[j] > 0 else min(load[j], capacity[j])
        excess[j] = load[j] - used[j]
        excess[s] -= excess[j]
    stale, wanting = np.zeros(s + 1, np.bool_), np.zeros(s, np.bool_)
    follow, by_room = np.empty(s + 1, np.int64), np.empty(s + 1, np.bool_)
    while (excess > 0).any():
        for a in range(s):
            if stale[a]:
                stale[a] = False
                least[:, :, a], cut[:, a] = FAR, FAR
                for q in range(begin[a], last[a]):
                    t = member[q]
                    for u in range(first[holder[t]], first[holder[t] + 1]):
                        if u != t:
                            _offer(shelter[u], a, cost[u] - cost[t], u, graph)
            if wanting[a]:
                wanting[a] = False
                least[:, a, s], cut[a, s] = FAR, FAR
                for q in range(begin[a], begin[a + 1]):
                    u = first[column[q] + 1] - 1
                    if flow[u] > 0:
                        t = first[column[q]]
                        while shelter[t] != a:
                            t += 1
                        _offer(a, s, cost[t] - cost[u], t, graph)
        _paths(capacity, used, excess, price, graph, follow, by_room)
        for source in range(s + 1):
            while excess[source] > 0:
                amount, v = excess[source], source
                while follow[v] >= 0 and amount > 0:
                    w = follow[v]
                    if by_room[v]:
                        amount = min(amount, capacity[v] - used[v] if w == s else used[w])
                    elif least[0, w, v] + price[w] == price[v]:
                        t = first[holder[via[0, w, v]]]
                        while shelter[t] != v:
                            t += 1
                        amount = min(amount, flow[t])
                    else:
                        amount = 0
                    v = w
                amount = min(amount, -excess[v])
                if amount <= 0:
                    break
                excess[source] -= amount
                excess[v] += amount
                v = source
                while follow[v] >= 0:
                    w = follow[v]
                    if by_room[v] and w == s:
                        used[v] += amount
                    elif by_room[v]:
                        used[w] -= amount
                    else:
                        u = via[0, w, v]
                        i = holder[u]
                        t = first[i]
                        while shelter[t] != v:
                            t += 1
                        flow[t] -= amount
                        if flow[t] == 0:
                            for r in range(first[i], first[i + 1]):
                                if r != t and _withdraw(shelter[r], v, r, graph):
                                    if v == s:
                                        wanting[shelter[r]] = True
                                    else:
                                        stale[v] = True
                            if v < s:
                                last[v] -= 1
                                q = begin[v]
                                while member[q] != t:
                                    q += 1
                                member[q] = member[last[v]]
                        if flow[u] == 0:
                            if w < s:
                                member[last[w]] = u
                                last[w] += 1
                            for r in range(first[i], first[i + 1]):
                                if r != u:
                                    _offer(shelter[r], w, cost[r] - cost[u], r, graph)
                        flow[u] += amount
                    v = w
