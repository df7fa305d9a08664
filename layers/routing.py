"""Exact fastest routes and travel times between places on the road network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from shapely import LineString

from gis_data.errors import NotFound
from layers.engine.hierarchy import FAR, Metric, recustomise
from layers.network import FORTH, Floats, Ints, Network, arc_times
from layers.positions import Position, arriving, direct, leaving, part, position, seeds
from layers.profiles import Profile

Piece = tuple[int, float, float]
"""A road's row, and the fractions where travel on it begins and ends."""

DETOUR = 2.0
"""An alternative takes at most so many times the fastest way's time."""
PENALTY = 1.4
"""How much slower each road becomes, in the search for alternatives, with every way that used it."""
SHARE = 0.3
"""The share of an alternative's length that no better way uses."""


@dataclass(frozen=True)
class Route:
    """A way, with the limits and the network that it was computed on.

    `geometry` (EPSG:4490) runs in the direction of travel; `pieces` are the parts of roads travelled, in order, as road
    id and fractions. A road of which nothing is travelled (a start exactly at a junction) is left out, unless the route
    is one place. `closed` are the roads that were closed to this profile.
    """

    geometry: LineString
    metres: float
    ms: int
    pieces: tuple[Piece, ...]
    profile: Profile
    closed: frozenset[int]
    network_version: str

    @property
    def seconds(self) -> float:
        """Travel time."""
        return self.ms / 1000

    @property
    def road_ids(self) -> tuple[int, ...]:
        """The roads travelled, in order."""
        return tuple(road_id for road_id, _, _ in self.pieces)


def route(network: Network, a: Position, b: Position, profile: Profile) -> Route | None:
    """The fastest route from a to b, or None when b is unreachable, which is a result and not an error.

    A closed road carries nobody in either direction, its own start and target included: `snap` keeps positions off
    closed roads, and one put on a closed road all the same reaches nothing. Turning round is allowed at junctions.

    Raises
    ------
    NotFound : a position's road is not in the network.
    """
    return _route(network, network.metric(profile), a, b, profile)


def _route(network: Network, metric: Metric, a: Position, b: Position, profile: Profile) -> Route | None:
    row_a, row_b = network.plan.row(a.road_id), network.plan.row(b.road_id)
    best, ends = direct(network, a, b, profile), None
    for start, stop in product(leaving(network, a, profile), arriving(network, b, profile)):
        if start.ms + stop.ms < best:
            ms = start.ms + metric.pair(start.node, stop.node) + stop.ms
            if ms < best:
                best, ends = ms, (start, stop)
    if best >= FAR:
        return None
    pieces: list[Piece] = [(row_a, a.fraction, b.fraction)]
    if ends:
        start, stop = ends
        _, nodes = metric.path(start.node, stop.node)
        first, last = (row_a, a.fraction, start.side), (row_b, stop.side, b.fraction)
        pieces = [first, *_travelled(network, nodes), last]
        pieces = [piece for piece in pieces if piece[1] != piece[2]] or pieces[:1]
    return _drawn(network, pieces, best, profile)


def _travelled(network: Network, nodes: Ints) -> list[Piece]:
    """The whole roads between consecutive nodes of a way."""
    arcs = network.plan.arcs
    found = arcs.find(nodes[:-1], nodes[1:])
    found = found[arcs.piece[found] == 0]
    begin = arcs.way[found].astype(float)
    return list(zip(arcs.road[found].tolist(), begin.tolist(), (1 - begin).tolist(), strict=True))


def _drawn(network: Network, pieces: list[Piece], ms: int, profile: Profile) -> Route:
    plan, ids = network.plan, network.plan.roads.index
    vertices = [part(network, *piece) for piece in pieces]
    return Route(
        geometry=LineString(np.vstack([vertices[0], *(points[1:] for points in vertices[1:])])),
        metres=float(sum(abs(end - begin) * plan.length_m[row] for row, begin, end in pieces)),
        ms=ms,
        pieces=tuple((int(ids[row]), begin, end) for row, begin, end in pieces),
        profile=profile,
        closed=network.closed(profile),
        network_version=network.version,
    )


def alternatives(network: Network, a: Position, b: Position, profile: Profile, *, count: int = 3) -> list[Route]:
    """The fastest route, then others that differ: at least `SHARE` of each one's length is on no better one.

    Roads used already are made slower by `PENALTY` and the search is made again (the penalty method of Chen, Bell,
    Bogenberger 2007), so an alternative need not be the second fastest. Its time is the true one, within `DETOUR`.
    """
    found = [first] if (first := route(network, a, b, profile)) else []
    ms = network.road_ms(profile).astype(float)
    slowed = np.where(ms < FAR, ms, np.inf)
    way: Route | None = first
    for _ in range(4 * count):
        if not way or len(found) >= count:
            break
        slowed[network.plan.roads.index.get_indexer(list(way.road_ids))] *= PENALTY
        way = _slowed(network, slowed, a, b, profile)
        if way and way.ms <= DETOUR * found[0].ms and all(_own_share(network, way, one) >= SHARE for one in found):
            found.append(way)
    return found


def _slowed(network: Network, road_ms: Floats, a: Position, b: Position, profile: Profile) -> Route | None:
    """The fastest route if roads took this long, with the time that it really takes."""
    times = np.where(np.isfinite(road_ms), np.minimum(np.rint(road_ms), FAR), FAR).astype(np.int32)
    other = Network(network.plan, network.limits, _times={profile: times})
    arcs = network.plan.arcs
    metric = recustomise(network.metric(profile), arc_times(arcs, times, profile, np.arange(len(arcs.road))))
    way = _route(other, metric, a, b, profile)
    if way is None:
        return None
    true_ms = network.road_ms(profile)
    rows = network.plan.roads.index.get_indexer(list(way.road_ids)).tolist()
    ms = 0
    for row, (_, begin, end) in zip(rows, way.pieces, strict=True):
        whole = int(true_ms[row, int(end < begin)])
        ms += abs(round(end * whole) - round(begin * whole))
    return replace(way, ms=ms, network_version=network.version)


def _own_share(network: Network, way: Route, other: Route) -> float:
    used, length_m, own = set(other.road_ids), network.plan.length_m, 0.0
    for road_id, begin, end in way.pieces:
        if road_id not in used:
            own += abs(end - begin) * length_m[network.plan.row(road_id)]
    return own / way.metres if way.metres else 0.0


def matrix_ms(network: Network, sources: Sequence[Position], targets: Sequence[Position], profile: Profile) -> Ints:
    """Milliseconds from each source to each target (sources, targets), as `route` has them; `FAR`: unreachable."""
    starts = [leaving(network, place, profile) for place in sources]
    stops = [arriving(network, place, profile) for place in targets]
    found = np.minimum(network.metric(profile).matrix(seeds(starts), seeds(stops)), FAR)
    by_road: dict[int, list[int]] = {}
    for k, place in enumerate(targets):
        by_road.setdefault(place.road_id, []).append(k)
    for i, place in enumerate(sources):
        for k in by_road.get(place.road_id, ()):
            found[i, k] = min(found[i, k], direct(network, place, targets[k], profile))
    return found


def seconds_to(network: Network, sources: Sequence[Position], target: Position, profile: Profile) -> Floats:
    """Seconds from each source to the target, shape (len(sources),), inf where unreachable."""
    ms = matrix_ms(network, sources, [target], profile)[:, 0]
    return np.where(ms < FAR, ms / 1000, np.inf)


def nearest(network: Network, sources: Sequence[Position], target: Position, k: int, profile: Profile) -> Ints:
    """Indices of the k sources that reach the target first, in that order; fewer where fewer can reach it."""
    ms = matrix_ms(network, sources, [target], profile)[:, 0]
    order = np.argsort(ms, kind="stable")
    return order[ms[order] < FAR][:k].astype(np.int32)


@dataclass(frozen=True)
class Approach:
    """By vehicle to the road head (林道口), then on foot; `walk` is None where the vehicle gets there itself."""

    drive: Route
    walk: Route | None

    @property
    def ms(self) -> int:
        """Milliseconds of both."""
        return self.drive.ms + (self.walk.ms if self.walk else 0)


def approach(network: Network, a: Position, b: Position, by: Profile, on_foot: Profile) -> Approach | None:
    """The fastest way that is driven first and then walked, from a road to any path; None where there is none.

    The head is the junction where the sum of both times is least; `b` may lie on a path where no vehicle goes.
    """
    out = network.metric(by).nearest(seeds([leaving(network, a, by)]))
    home = network.metric(on_foot).nearest(seeds([arriving(network, b, on_foot)]), backward=True)
    both = np.minimum(out.astype(np.int64) + home, FAR)
    all_the_way = route(network, a, b, by)
    if all_the_way and all_the_way.ms <= both.min():
        return Approach(all_the_way, None)
    if both.min() >= FAR:
        return None
    head = junction(network, int(both.argmin()))
    drive, walk = route(network, a, head, by), route(network, head, b, on_foot)
    assert drive is not None, "the head was reached by the vehicle"
    return Approach(drive, walk)


def junction(network: Network, node: int) -> Position:
    """A node of the network as a position: the end of an arc there. `NotFound` where no road meets it."""
    arcs = network.plan.arcs
    arc, end = int(np.searchsorted(arcs.tail, node)), 0
    if arc == len(arcs.tail) or arcs.tail[arc] != node:
        into = np.flatnonzero(arcs.head == node)
        if not len(into):
            raise NotFound("该节点没有道路。", "No road meets this node.", field="node")
        arc, end = int(into[0]), 1
    along = (int(arcs.piece[arc]) + end) / int(arcs.pieces[arc])
    road_id = int(network.plan.roads.index[arcs.road[arc]])
    return position(network, road_id, along if arcs.way[arc] == FORTH else 1 - along)
