"""The loops of the engine, compiled: customising a metric, and searching in it.

Times are int32 milliseconds; `FAR` is "no way". `FAR + FAR` still fits. Arc j of the upward graph leads from `tail[j]`
to the higher `head[j]`; `out[j]` is the time along it, `back[j]` against it. Searches run on halves: compressed rows of
those arcs whose time is a shortest one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from layers.engine.lanes import LANES, relax, settle, within

FAR = np.int32(2**30 - 1)
TAIL, OUT, BACK, STEPS = 0, 1, 2, 3
"""Columns of the table that unpacks arcs, int32: the lower end; for each way the first of the two lower arcs that it
was made of, at its own tail, -1 for a road; and how many rows on the other one stands, BACK's in the upper 16 bits.
"""


@njit(cache=True, nogil=True)
def customise(
    up: Any, head: Any, tail: Any, down: Any, lower: Any, place: Any, out: Any, back: Any, table: Any
) -> None:
    """Let every arc take the shorter way over a lower node, in place, and note in the table over which.

    For the upper end x of lower arcs (v, x), all arcs (v, y) beyond x are met with the arc (x, y).
    """
    at = np.empty(len(up), np.int32)
    for x in range(len(up) - 1):
        for j in range(up[x], up[x + 1]):
            at[head[j]] = j
        for i in range(down[x], down[x + 1]):
            k = lower[i]
            for m in range(k + 1, up[tail[k] + 1]):
                t = at[head[m]]
                time = back[k] + out[m]
                if time < out[t]:
                    out[t] = time
                    row = place[t]
                    table[row, OUT] = place[k]
                    table[row, STEPS] = (table[row, STEPS] & ~0xFFFF) | (m - k)
                time = out[k] + back[m]
                if time < back[t]:
                    back[t] = time
                    row = place[t]
                    table[row, BACK] = place[k]
                    table[row, STEPS] = (table[row, STEPS] & 0xFFFF) | (m - k) << 16


@njit(cache=True, nogil=True)
def recustomise(
    up: Any, head: Any, tail: Any, down: Any, lower: Any, place: Any, own_out: Any, own_back: Any, out: Any, back: Any,
    table: Any, changed: Any,
) -> None:  # fmt: skip
    """Customise again, in place, where the roads' own times `own_out`, `own_back` of some arcs have changed.

    Arcs are made anew from below; those above follow if they rested on an old time or gain by a new one.
    """
    dirty = _marks(len(head))
    for j in changed:
        dirty[j] = 1
    words = dirty.view(np.uint64)
    for w in range(len(words)):
        while words[w]:  # arcs above lie in this word or in later ones
            j = 8 * w
            while not dirty[j]:
                j += 1
            dirty[j] = 0
            x, y = tail[j], head[j]
            least_out, least_back, row = own_out[j], own_back[j], place[j]
            out_first, out_steps, back_first, back_steps = -1, 0, -1, 0
            i, end, k, last = down[x], down[x + 1], down[y], down[y + 1]
            while i < end and k < last:
                a, c = lower[i], lower[k]
                if tail[a] < tail[c]:
                    i += 1
                elif tail[a] > tail[c]:
                    k += 1
                else:
                    if back[a] + out[c] < least_out:
                        least_out, out_first, out_steps = back[a] + out[c], place[a], c - a
                    if out[a] + back[c] < least_back:
                        least_back, back_first, back_steps = out[a] + back[c], place[a], c - a
                    i += 1
                    k += 1
            table[row, OUT], table[row, BACK] = out_first, back_first
            table[row, STEPS] = out_steps | back_steps << 16
            was_out, was_back = out[j], back[j]
            if least_out == was_out and least_back == was_back:
                continue
            out[j], back[j] = least_out, least_back
            for m in range(up[x], up[x + 1]):
                if m == j:
                    continue
                low, high = (y, head[m]) if m > j else (head[m], y)
                t = up[low] + np.searchsorted(head[up[low] : up[low + 1]], high)
                # from low over x to high, and back; j is the part at low if m > j
                if m > j:
                    was, now = was_back + out[m], least_back + out[m]
                    was_home, now_home = was_out + back[m], least_out + back[m]
                else:
                    was, now = back[m] + was_out, back[m] + least_out
                    was_home, now_home = out[m] + was_back, out[m] + least_back
                if was == out[t] or now < out[t] or was_home == back[t] or now_home < back[t]:
                    dirty[t] = 1


@njit(cache=True, nogil=True)
def perfect(up: Any, head: Any, out: Any, back: Any) -> Any:
    """The least times between the ends of all arcs, by any way: what a customised arc must not exceed to be of use."""
    least_out, least_back = out.copy(), back.copy()
    for v in range(len(up) - 2, -1, -1):
        end = up[v + 1]
        for i in range(up[v], end):
            j = up[head[i]]
            for m in range(i + 1, end):
                while head[j] < head[m]:
                    j += 1
                a, b, c, d = least_out[i], least_out[m], least_back[i], least_back[m]
                least_out[i], least_out[m] = min(a, b + least_back[j]), min(b, a + least_out[j])
                least_back[i], least_back[m] = min(c, least_out[j] + d), min(d, least_back[j] + c)
    return least_out, least_back


@njit(cache=True, nogil=True)
def half(up: Any, head: Any, depth: Any, place: Any, ms: Any, least: Any) -> Any:
    """The arcs whose time is the least and finite, as compressed rows: up, head, ms, (ms, depth of the head), row."""
    rows = np.zeros(len(up), np.int32)
    k = 0
    for j in range(len(head)):
        k += ms[j] == least[j] and ms[j] < FAR
    heads, times, row = np.empty(k, np.int32), np.empty(k, np.int32), np.empty(k, np.int32)
    climb = np.empty((k, 2), np.int32)
    k = 0
    for v in range(len(up) - 1):
        for j in range(up[v], up[v + 1]):
            if ms[j] == least[j] and ms[j] < FAR:
                heads[k], times[k], row[k] = head[j], ms[j], place[j]
                climb[k, 0], climb[k, 1] = ms[j], depth[head[j]]
                k += 1
        rows[v + 1] = k
    return rows, heads, times, climb, row


@njit(cache=True, nogil=True)
def _climb(up: Any, climb: Any, v: int, here: Any, times: Any, came: Any) -> None:
    for j in range(up[v], up[v + 1]):
        time, d = here + climb[j, 0], climb[j, 1]
        if time < times[d]:
            times[d] = time
            came[d] = j


@njit(cache=True, nogil=True)
def meet(parent: Any, depth: Any, up: Any, climb: Any, up_t: Any, climb_t: Any, s: int, t: int) -> Any:
    """The least time from s to t, the depth of the highest node on the way, and the arcs that led up to it.

    Both ends climb the elimination tree; what is above a node is told apart by its depth alone, so the times of a
    search are one short row.
    """
    i, j = depth[s], depth[t]
    from_s, from_t = np.full(i + 1, FAR, np.int32), np.full(j + 1, FAR, np.int32)
    came_s, came_t = np.full(i + 1, -1, np.int32), np.full(j + 1, -1, np.int32)
    from_s[i] = from_t[j] = 0
    u, v = s, t
    while u != v:
        if i > j or (i == j and u < v):
            if from_s[i] < FAR:
                _climb(up, climb, u, from_s[i], from_s, came_s)
            u = parent[u]
            i -= 1
        else:
            if from_t[j] < FAR:
                _climb(up_t, climb_t, v, from_t[j], from_t, came_t)
            v = parent[v]
            j -= 1
    best, top = FAR, -1
    while u >= 0:
        a, b = from_s[i], from_t[i]
        if a + b < best:
            best, top = a + b, i
        if a < best:
            _climb(up, climb, u, a, from_s, came_s)
        if b < best:
            _climb(up_t, climb_t, u, b, from_t, came_t)
        u = parent[u]
        i -= 1
    return best, top, came_s, came_t


@njit(cache=True, nogil=True)
def path(
    parent: Any, depth: Any, up: Any, climb: Any, row: Any, up_t: Any, climb_t: Any, row_t: Any, table: Any,
    s: int, t: int,
) -> Any:  # fmt: skip
    """The least time from s to t and the nodes of that way; no nodes where there is none.

    A stack holds arcs yet to be unpacked, each as a row of the table, doubled, + 1 if travelled upwards, and the node
    that it leads to.
    """
    best, top, came_s, came_t = meet(parent, depth, up, climb, up_t, climb_t, s, t)
    if top < 0:
        return best, np.empty(0, np.int32)
    stack = np.empty((128 + len(came_s) + len(came_t), 2), np.int32)
    k, d = 0, top
    while came_t[d] >= 0:
        k += 1
        d = depth[table[row_t[came_t[d]], TAIL]]
    d = top
    for i in range(k - 1, -1, -1):
        one = row_t[came_t[d]]
        stack[i, 0], stack[i, 1] = 2 * one, table[one, TAIL]
        d = depth[stack[i, 1]]
    d, first = top, k
    while came_s[d] >= 0:
        one = row[came_s[d]]
        stack[k, 0] = 2 * one + 1
        d = depth[table[one, TAIL]]
        if k > first:
            stack[k, 1] = table[stack[k - 1, 0] >> 1, TAIL]
        k += 1
    if k > first:
        v = s
        for _ in range(depth[s] - top):
            v = parent[v]
        stack[first, 1] = v
    nodes = np.empty(1024, np.int32)
    nodes[0] = s
    m = 1
    while k:
        k -= 1
        one, to = stack[k, 0], stack[k, 1]
        lower = table[one >> 1, BACK - (one & 1)]
        while lower >= 0:  # the part at its own tail comes first, the other waits
            steps = table[one >> 1, STEPS]
            upper = lower + (steps & 0xFFFF if one & 1 else steps >> 16)
            if k == len(stack):
                stack = np.concatenate((stack, np.empty_like(stack)))
            stack[k, 0], stack[k, 1] = (2 * upper if one & 1 else 2 * lower) + 1, to
            k += 1
            to = table[lower, TAIL]
            one = 2 * lower if one & 1 else 2 * upper
            lower = table[one >> 1, BACK]
        if m == len(nodes):
            nodes = np.concatenate((nodes, np.empty(m, np.int32)))
        nodes[m] = to
        m += 1
    return best, nodes[:m]


@njit(cache=True, nogil=True)
def _above(parent: Any, nodes: Any, marked: Any) -> Any:
    """These nodes and all above them, ascending; `marked` is set for them."""
    k = 0
    for v in nodes:
        while v >= 0 and not marked[v]:
            marked[v] = 1
            k += 1
            v = parent[v]
    found = np.empty(k, np.int32)
    k = 0
    words = marked.view(np.uint64)
    for w in range(len(words)):
        if words[w]:
            for v in range(8 * w, 8 * w + 8):
                if marked[v]:
                    found[k] = v
                    k += 1
    return found


@njit(cache=True, nogil=True)
def _marks(n: int) -> Any:
    return np.zeros((n + 8) // 8 * 8, np.uint8)


@njit(cache=True, nogil=True)
def _rise(up: Any, head: Any, ms: Any, above: Any, lanes: Any, node: Any, lane: Any, start: Any) -> None:
    """Times from seeds (node, lane, start) to all nodes above them, in their lanes."""
    for v in above:
        lanes[LANES * v : LANES * v + LANES] = FAR
    for i in range(len(node)):
        at = LANES * node[i] + lane[i]
        lanes[at] = min(lanes[at], start[i])
    for v in above:
        for j in range(up[v], up[v + 1]):
            relax(lanes, head[j], lanes, v, ms[j])


@njit(cache=True, nogil=True)
def nearest(
    parent: Any, up: Any, head: Any, ms: Any, up_t: Any, head_t: Any, ms_t: Any, node: Any, start: Any
) -> Any:  # fmt: skip
    """For every node, the least time from any of the seeds (node, start)."""
    n = len(up) - 1
    times = np.full(n, FAR, np.int32)
    above = _above(parent, node, _marks(n))
    for i in range(len(node)):
        times[node[i]] = min(times[node[i]], start[i])
    for v in above:
        for j in range(up[v], up[v + 1]):
            times[head[j]] = min(times[head[j]], times[v] + ms[j])
    end = up_t[n]
    for v in range(n - 1, -1, -1):
        begin, best = up_t[v], times[v]
        for j in range(begin, end):
            best = min(best, times[head_t[j]] + ms_t[j])
        times[v] = best
        end = begin
    return times


@njit(cache=True, nogil=True)
def reach(
    parent: Any, cells: Any, border: Any, beyond: Any, up: Any, head: Any, ms: Any, up_t: Any, head_t: Any, ms_t: Any,
    node: Any, lane: Any, start: Any, limit: Any, lanes: Any, bits: Any,
) -> None:  # fmt: skip
    """One sweep down for up to 16 lanes of seeds: sets bit `lane` of `bits[v]` where v is within the limit.

    Afterwards `lanes` holds the times of the nodes with a bit; elsewhere it says nothing. A cell that no seed lies in
    and whose border is beyond the limit is passed over: all ways into it lead over the border.
    """
    n = len(up) - 1
    marked = _marks(n)
    above = _above(parent, node, marked)
    _rise(up, head, ms, above, lanes, node, lane, start)
    for v in range(n - 1, cells[-1] - 1, -1):
        settle(lanes, v, lanes, head_t, ms_t, up_t[v], up_t[v + 1], marked[v] == 0)
        bits[v] = within(lanes, v, limit)
    for c in range(len(cells) - 2, -1, -1):
        root = cells[c + 1] - 1
        near = marked[root] != 0
        if not near:
            for j in range(border[root], border[root + 1]):
                if bits[beyond[j]]:
                    near = True
                    break
        if near:
            for v in range(root, cells[c] - 1, -1):
                settle(lanes, v, lanes, head_t, ms_t, up_t[v], up_t[v + 1], marked[v] == 0)
                bits[v] = within(lanes, v, limit)


@njit(cache=True, nogil=True)
def collect(bits: Any, lanes: Any) -> Any:
    """The (node, lane, ms) triples that a `reach` found."""
    k = 0
    for v in range(len(bits)):
        b = bits[v]
        while b:
            b &= b - 1
            k += 1
    node, lane, time = np.empty(k, np.int32), np.empty(k, np.int32), np.empty(k, np.int32)
    k = 0
    for v in range(len(bits)):
        if bits[v]:
            for i in range(LANES):
                if bits[v] >> i & 1:
                    node[k], lane[k], time[k] = v, i, lanes[LANES * v + i]
                    k += 1
    return node, lane, time


@njit(cache=True, nogil=True)
def rises(
    parent: Any, up: Any, head: Any, ms: Any, node: Any, lane: Any, start: Any, count: int, lanes: Any
) -> Any:  # fmt: skip
    """For each of `count` lanes of seeds (lanes ascending), the nodes above with their times: rows, node, ms."""
    n = len(up) - 1
    marked = _marks(n)
    rows = np.zeros(count + 1, np.int32)
    nodes, times = np.empty(64 * count + 64, np.int32), np.empty(64 * count + 64, np.int32)
    k, first = 0, 0
    for group in range(0, count, LANES):
        last = first
        while last < len(lane) and lane[last] < group + LANES:
            last += 1
        above = _above(parent, node[first:last], marked)
        _rise(up, head, ms, above, lanes, node[first:last], lane[first:last] - group, start[first:last])
        for one in range(min(LANES, count - group)):
            if k + len(above) > len(nodes):
                nodes = np.concatenate((nodes, np.empty(len(nodes) + len(above), np.int32)))
                times = np.concatenate((times, np.empty(len(times) + len(above), np.int32)))
            for v in above:
                if lanes[LANES * v + one] < FAR:
                    nodes[k], times[k] = v, lanes[LANES * v + one]
                    k += 1
            rows[group + one + 1] = k
        marked[above] = 0
        first = last
    return rows, nodes[:k], times[:k]


@njit(cache=True, nogil=True)
def matrix(
    parent: Any, up: Any, head: Any, ms: Any, node: Any, lane: Any, start: Any, count: int,
    rows: Any, nodes: Any, times: Any, lanes: Any,
) -> Any:  # fmt: skip
    """Least times from `count` lanes of seeds to the targets whose `rises` are given: (count, targets)."""
    n, targets = len(up) - 1, len(rows) - 1
    marked, wanted = _marks(n), _marks(n)
    for v in nodes:
        wanted[v] = 1
    goals = np.flatnonzero(wanted[:n]).astype(np.int32)
    found = np.full((count, targets), FAR, np.int32)
    row = np.empty(LANES * targets, np.int32)
    first = 0
    for group in range(0, count, LANES):
        last = first
        while last < len(lane) and lane[last] < group + LANES:
            last += 1
        for v in goals:
            lanes[LANES * v : LANES * v + LANES] = FAR
        above = _above(parent, node[first:last], marked)
        _rise(up, head, ms, above, lanes, node[first:last], lane[first:last] - group, start[first:last])
        for t in range(targets):
            settle(row, t, lanes, nodes, times, rows[t], rows[t + 1], True)
        for one in range(min(LANES, count - group)):
            for t in range(targets):
                found[group + one, t] = row[LANES * t + one]
        marked[above] = 0
        first = last
    return found
