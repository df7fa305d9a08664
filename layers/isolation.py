"""Who is cut off (孤岛), who hangs on a single road, and what closing a road costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gis_data.errors import NotFound
from layers.engine.hierarchy import FAR, Seeds
from layers.network import Flags, Ints, Network
from layers.positions import Position, arriving, leaving, position
from layers.profiles import Profile
from layers.routing import Route, route

NEAR_M = 300.0
"""How far from an open road a place may lie to count as joined to it. A DEMO value."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The mainland of a network version for a profile: the largest part within which all reach all.

    `there`, `back` (n,) : the nodes that the mainland reaches, and that reach it. `roads` (m,) : roads that it uses.
    """

    there: Flags
    back: Flags
    roads: Flags


def mainland(network: Network, profile: Profile) -> Ground:
    """The largest strongly connected part of the open roads, and what it reaches."""
    plan, open_ = network.plan, network.arc_ms(profile) < FAR
    n, arcs = len(plan.node_ids), plan.arcs
    nothing = np.zeros(n, bool)
    if not open_.any():
        return Ground(nothing, nothing, np.zeros(len(plan.roads), bool))
    graph = csr_array((np.ones(open_.sum()), (arcs.tail[open_], arcs.head[open_])), shape=(n, n))
    _, label = connected_components(graph, directed=True, connection="strong")
    hub = Seeds.at([int(np.flatnonzero(label == np.bincount(label).argmax())[0])])
    metric = network.metric(profile)
    there, back = metric.nearest(hub) < FAR, metric.nearest(hub, backward=True) < FAR
    roads = np.zeros(len(plan.roads), bool)
    roads[arcs.road[open_ & there[arcs.tail] & back[arcs.head]]] = True
    return Ground(there, back, roads)


def isolated(network: Network, places: Sequence[Position | None], profile: Profile, ground: Ground) -> Flags:
    """Which places cannot be reached from the mainland or cannot reach it; None, off every open road, is isolated."""

    def cut_off(place: Position | None) -> bool:
        if place is None:
            return True
        to, out = arriving(network, place, profile), leaving(network, place, profile)
        return not (any(ground.there[stop.node] for stop in to) and any(ground.back[stop.node] for stop in out))

    return np.array([cut_off(place) for place in places], bool)


def cut_roads(network: Network, profile: Profile, ground: Ground) -> list[Ints]:
    """Rows of roads that are open but off the mainland, in groups that hang together, the largest first."""
    plan = network.plan
    rows = np.flatnonzero(network.usable(profile) & ~ground.roads)
    n = len(plan.node_ids)
    source, target = plan.ends[rows].T
    graph = csr_array((np.ones(len(rows)), (source, target)), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = {}
    for row, group in zip(rows.tolist(), label[source].tolist(), strict=True):
        groups.setdefault(group, []).append(row)
    return sorted((np.array(found, np.int32) for found in groups.values()), key=len, reverse=True)


def only_ways(network: Network, places: Mapping[str, Position], profile: Profile) -> dict[str, tuple[int, ...]]:
    """For each named place, the roads without any of which it is cut off, from the place outwards.

    They are the bridges (in the sense of graphs) between the place and the largest part of the network that no single
    closed road can split; one-ways are not looked at. A place off that part altogether is left out.
    """
    plan = network.plan
    rows = np.flatnonzero(network.usable(profile)).tolist()
    graph: Any = nx.Graph()
    for row, (source, target) in zip(rows, plan.ends[rows].tolist(), strict=True):
        if source != target:
            graph.add_edge(source, target, row=row, parallel=graph.has_edge(source, target))
    bridges = [edge for edge in nx.bridges(graph) if not graph.edges[edge]["parallel"]]
    single = {graph.edges[edge]["row"] for edge in bridges}
    firm = graph.copy()
    firm.remove_edges_from(bridges)
    parts = sorted(nx.connected_components(firm), key=len, reverse=True)
    home = {node: k for k, nodes in enumerate(parts) for node in nodes}
    tree: Any = nx.Graph()
    tree.add_nodes_from(range(len(parts)))
    tree.add_edges_from((home[a], home[b], graph.edges[a, b]) for a, b in bridges)
    inwards: Any = nx.predecessor(tree, 0) if parts else {}

    def ways(node: int) -> list[int] | None:
        here, found = home.get(node), []
        while here:
            if not inwards.get(here):
                return None
            found.append(tree.edges[here, inwards[here][0]]["row"])
            here = inwards[here][0]
        return None if here is None else found

    found: dict[str, tuple[int, ...]] = {}
    for name, place in places.items():
        row = plan.row(place.road_id)
        ends = plan.ends[row].tolist()
        if place.fraction in (0, 1):
            way = ways(ends[int(place.fraction)])
        else:
            both = [one for end in ends if (one := ways(end)) is not None]
            way = min(both, key=len) if both else None
            if way is not None and row in single:
                way = [row, *way]
        if way is not None:
            found[name] = tuple(int(plan.roads.index[row]) for row in way)
    return found


@dataclass(frozen=True)
class Detour:
    """What closing a road costs those who drive it from end to end; None where no other way leads round."""

    road_id: int
    ms: int
    metres: float
    round_: Route | None

    @property
    def extra_ms(self) -> int | None:
        """Milliseconds lost."""
        return self.round_.ms - self.ms if self.round_ else None

    @property
    def extra_m(self) -> float | None:
        """Metres more."""
        return self.round_.metres - self.metres if self.round_ else None


def detour(network: Network, road_id: int, profile: Profile) -> Detour:
    """The way round a road, from its source to its target, or back where it may only be driven so.

    Raises
    ------
    NotFound : no such road, or it is closed to the profile already.
    """
    row = network.plan.row(road_id)
    forth, back = network.road_ms(profile)[row].tolist()
    if min(forth, back) >= FAR:
        raise NotFound("该道路此车型不能通行。", "This road is closed to this profile.", field="road_id")
    begin, end = (0.0, 1.0) if forth < FAR else (1.0, 0.0)
    a, b = position(network, road_id, begin), position(network, road_id, end)
    way = route(network.close([road_id]), a, b, profile)
    return Detour(road_id, forth if forth < FAR else back, float(network.plan.length_m[row]), way)
