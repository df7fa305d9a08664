"""Exact fastest routes and travel times between positions on the road network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

from layers.network import Floats, Ints, Network, Position, Profile, part, road_seconds

Piece = tuple[int, float, float]  # road row, and the fractions where travel on it begins and ends


@dataclass(frozen=True)
class Route:
    """A fastest route, with the closures and the network that it was computed on.

    `geometry` (EPSG:4490) runs in the direction of travel; `road_ids` are the roads travelled, in order. A
    road of which nothing is travelled (a start exactly at a node) is left out, unless the route is one place.
    """

    geometry: LineString
    metres: float
    seconds: float
    road_ids: tuple[int, ...]
    closed: frozenset[int]
    network_version: str


def route(
    network: Network, a: Position, b: Position, profile: Profile, closed: frozenset[int] = frozenset()
) -> Route | None:
    """The fastest route from a to b, or None when b is unreachable, which is a result and not an error.

    A closed road carries nobody in either direction, its own start and target included: `snap` with the same
    closures keeps positions off closed roads, and one put on a closed road all the same reaches nothing.
    Turning round is allowed anywhere on a two-way road; turn restrictions are not honoured.

    Parameters
    ----------
    a, b : positions on this network. closed : road ids; unknown ones are ignored.

    Raises
    ------
    NotFound : a position's road is not in the network.
    """
    seconds = road_seconds(network, profile, closed)
    row_a, row_b = network.row(a.road_id), network.row(b.road_id)
    leave = _leave(seconds[row_a], a.fraction)
    time_s, previous = _search(network, seconds, network.ends[row_a], leave)
    through = time_s[network.ends[row_b]] + _arrive(seconds[row_b], b.fraction)
    direct = _direct(seconds, row_a, a.fraction, row_b, b.fraction)
    best = min(direct, float(through.min()))
    if not np.isfinite(best):
        return None
    pieces: list[Piece] = [(row_a, a.fraction, b.fraction)]
    if direct > best:
        side = int(through.argmin())
        nodes = _path(previous, int(network.ends[row_b, side]))
        out = int(np.where(network.ends[row_a] == nodes[0], leave, np.inf).argmin())
        first, last = (row_a, a.fraction, float(out)), (row_b, float(side), b.fraction)
        pieces = [first, *_travelled(network, nodes), last]
        pieces = [piece for piece in pieces if piece[1] != piece[2]] or pieces[:1]
    length_m = network.roads["length_m"].to_numpy(float)
    vertices = [part(network, *piece) for piece in pieces]
    return Route(
        geometry=LineString(np.vstack([vertices[0], *(points[1:] for points in vertices[1:])])),
        metres=float(sum(abs(end - begin) * length_m[row] for row, begin, end in pieces)),
        seconds=best,
        road_ids=tuple(int(network.roads.index[row]) for row, _, _ in pieces),
        closed=closed,
        network_version=network.version,
    )


def seconds_to(
    network: Network,
    sources: Sequence[Position],
    target: Position,
    profile: Profile,
    closed: frozenset[int] = frozenset(),
) -> Floats:
    """Seconds from each source to the target, shape (len(sources),), inf where unreachable.

    One backward search; the rules, and each figure, are those of `route`.
    """
    seconds = road_seconds(network, profile, closed)
    row = network.row(target.road_id)
    time_s, _ = _search(network, seconds, network.ends[row], _arrive(seconds[row], target.fraction), backward=True)

    def one(source: Position) -> float:
        start = network.row(source.road_id)
        through = _leave(seconds[start], source.fraction) + time_s[network.ends[start]]
        return min(float(through.min()), _direct(seconds, start, source.fraction, row, target.fraction))

    return np.array([one(source) for source in sources], float)


def nearest(
    network: Network,
    sources: Sequence[Position],
    target: Position,
    k: int,
    profile: Profile,
    closed: frozenset[int] = frozenset(),
) -> Ints:
    """Indices of the k sources that reach the target first, in that order; fewer where fewer can reach it."""
    time_s = seconds_to(network, sources, target, profile, closed)
    order = np.argsort(time_s, kind="stable")
    return order[np.isfinite(time_s[order])][:k]


def _search(
    network: Network, seconds: Floats, seeds: Ints, seed_s: Floats, *, backward: bool = False
) -> tuple[Floats, Ints]:
    """The engine's one door: Dijkstra from, or backward to, a place `seed_s` seconds from the seed nodes.

    Returns seconds per node, shape (n,), and the previous node on the way, n or above for a seed.
    """
    arcs, adjacency = network.arcs, network.incoming if backward else network.outgoing
    n = len(network.node_ids)
    span = np.abs(arcs.end - arcs.begin) * seconds[arcs.road, (arcs.end < arcs.begin).astype(int)]
    weights = np.concatenate([span[adjacency.arc], seed_s])
    neighbours = np.concatenate([adjacency.neighbour, seeds])
    rows = np.append(adjacency.indptr, len(weights))
    matrix = csr_array((weights, neighbours, rows), shape=(n + 1, n + 1))
    limit = np.finfo(float).max  # an infinite weight is a road that may not be used
    time_s, previous = dijkstra(matrix, indices=n, limit=limit, return_predecessors=True)
    return time_s[:n], previous[:n]


def _share(share: float, whole_s: float) -> float:
    return share * whole_s if whole_s < np.inf else np.inf


def _leave(whole_s: Floats, fraction: float) -> Floats:
    """Seconds from a position to its road's source and target node."""
    return np.array([_share(fraction, whole_s[1]), _share(1 - fraction, whole_s[0])])


def _arrive(whole_s: Floats, fraction: float) -> Floats:
    """Seconds from a road's source and target node to a position on it."""
    return np.array([_share(fraction, whole_s[0]), _share(1 - fraction, whole_s[1])])


def _direct(seconds: Floats, row_a: int, a: float, row_b: int, b: float) -> float:
    """Seconds from a to b without leaving their road; inf if they share none, or against the one way."""
    return _share(abs(b - a), float(seconds[row_a, int(b < a)])) if row_a == row_b else np.inf


def _path(previous: Ints, last: int) -> list[int]:
    nodes = [last]
    while previous[nodes[-1]] < len(previous):
        nodes.append(int(previous[nodes[-1]]))
    return nodes[::-1]


def _travelled(network: Network, nodes: list[int]) -> list[Piece]:
    """The arcs between consecutive nodes, with the pieces of a split road joined again."""
    out, arcs = network.outgoing, network.arcs
    pieces: list[Piece] = []
    for tail, head in pairwise(nodes):
        first, last = out.indptr[tail], out.indptr[tail + 1]
        arc = out.arc[first + np.searchsorted(out.neighbour[first:last], head)]
        row, begin, end = int(arcs.road[arc]), float(arcs.begin[arc]), float(arcs.end[arc])
        if pieces and pieces[-1][0] == row and pieces[-1][2] == begin:
            row, begin, _ = pieces.pop()
        pieces.append((row, begin, end))
    return pieces
