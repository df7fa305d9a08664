"""The road network: a directed graph, the arrays compiled under it, and its versions under changing limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis_data.errors import NotFound
from layers.engine import hierarchy
from layers.engine.hierarchy import FAR, Hierarchy, Metric
from layers.profiles import Limit, Profile

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

CRS = "EPSG:4490"
SPOT_M = 20.0
FORTH, BACK = 0, 1
"""The two ways along a road: with its geometry, and against it."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Directed pieces of roads, sorted by tail and head. All of shape (a,).

    An arc leads over piece `piece` of `pieces` of road row `road`, counted in its direction `way`. `turn` arcs begin at
    a copy of a node that remembers where one came from; on `banned` ones that turn is forbidden.
    """

    tail: Ints
    head: Ints
    road: Ints
    way: Ints
    piece: Ints
    pieces: Ints
    banned: Flags

    def find(self, tail: Ints, head: Ints) -> NDArray[np.int64]:
        """The arcs between pairs of nodes that are joined."""
        return np.searchsorted(self._keys, tail.astype(np.int64) << 32 | head)

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return self.tail.astype(np.int64) << 32 | self.head


@dataclass(frozen=True, eq=False)
class Plan:
    """What stays the same in all versions of a network.

    Nodes are numbered along the hierarchy. Besides the stored junctions there are added nodes: so that no two arcs
    join the same pair, later roads between the same two junctions are cut in half and a road that returns to its start
    in three, each way by nodes of its own; and where a turn is restricted, a copy of the junction stands for having
    come by that road.

    Attributes
    ----------
    roads : m roads, EPSG:4490, index = road id, ascending; a road's row is its number in all arrays.
    lines, metric_lines : (m,) LineStrings in EPSG:4490 and in the metric CRS; `tree` indexes the latter.
    node_ids (n,) : stored ids, and negative ones for added nodes. xy (n, 2) : lon, lat.
    ends (m, 2) : the junctions at a road's source and target. land (m, 2) : the node where one is after travelling the
    road forth, back. copies : junction → all nodes that stand for it.
    """

    version: str
    roads: gpd.GeoDataFrame
    lines: Objects
    metric_lines: Objects
    length_m: Floats
    node_ids: NDArray[np.int64]
    xy: Floats
    ends: Ints
    land: Ints
    copies: Mapping[int, tuple[int, ...]]
    arcs: Arcs
    shape: Hierarchy
    tree: shapely.STRtree
    to_metric: Transformer
    metrics: dict[Profile, Metric] = field(default_factory=dict, repr=False)
    """The searches without any limit; those of versions are made from them."""
    snapped: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Points found on the roads without any limit; see `positions.snap_all`."""
    making: Lock = field(default_factory=Lock, repr=False)
    _base: dict[Profile, tuple[Flags, Ints]] = field(default_factory=dict, repr=False)
    _base_road: dict[Profile, Ints] = field(default_factory=dict, repr=False)
    _base_arc: dict[Profile, Ints] = field(default_factory=dict, repr=False)

    def row(self, road_id: int) -> int:
        """The row of a road; `NotFound` if the network has no such road."""
        row = self._rows.get(road_id)
        if row is None:
            raise NotFound(f"路网中没有道路 {road_id}。", f"No road {road_id} in the network.", field="road_id")
        return row

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {int(road_id): row for row, road_id in enumerate(self.roads.index)}

    def starts(self, row: int, way: int) -> Iterable[tuple[int, bool]]:
        """The nodes from which a road is entered forth or back, and whether turning into it is forbidden there."""
        first, last = np.searchsorted(self._entries[0], [2 * row + way, 2 * row + way + 1])
        arcs = self._entries[1][first:last]
        return zip(self.arcs.tail[arcs].tolist(), self.arcs.banned[arcs].tolist(), strict=True)

    @cached_property
    def _entries(self) -> tuple[Ints, NDArray[np.int64]]:
        first = np.flatnonzero(self.arcs.piece == 0)
        key = 2 * self.arcs.road[first] + self.arcs.way[first]
        by_key = np.argsort(key, kind="stable")
        return key[by_key], first[by_key]

    @cached_property
    def graph(self) -> nx.DiGraph[int]:
        """The model: nodes by id with `x`, `y`, added ones with `added`; edges with `road`, `length_m`, `class`,
        `drive`, `walk`, `forward` and `banned` (a forbidden turn). The reverse of a one-way road has `drive=False`.
        """
        graph: nx.DiGraph[int] = nx.DiGraph(crs=CRS)
        for node, (x, y) in zip(self.node_ids.tolist(), self.xy.tolist(), strict=True):
            graph.add_node(node, x=x, y=y, **({"added": True} if node < 0 else {}))
        arcs, roads = self.arcs, self.roads
        drive, walk, oneway = (roads[flag].to_numpy(bool)[arcs.road] for flag in ("drive", "walk", "oneway"))
        columns: dict[str, Any] = {
            "road": roads.index.to_numpy()[arcs.road],
            "length_m": self.length_m[arcs.road] / arcs.pieces,
            "class": roads["class"].to_numpy()[arcs.road],
            "drive": drive & ((arcs.way == FORTH) | ~oneway),
            "walk": walk,
            "forward": arcs.way == FORTH,
            "banned": arcs.banned,
        }
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        attributes = (dict(zip(columns, row, strict=True)) for row in rows)
        tails, heads = self.node_ids[arcs.tail].tolist(), self.node_ids[arcs.head].tolist()
        graph.add_edges_from(zip(tails, heads, attributes, strict=True))
        return graph

    @cached_property
    def spots(self) -> tuple[Ints, Floats, Floats]:
        """Points along all roads, at most `SPOT_M` apart: row (k,), fraction (k,), metric x y (k, 2)."""
        count = np.maximum(np.ceil(shapely.length(self.metric_lines) / SPOT_M).astype(int), 1) + 1
        row = np.repeat(np.arange(len(count), dtype=np.int32), count)
        step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        fraction = step / (count[row] - 1)
        points = shapely.line_interpolate_point(self.metric_lines[row], fraction, normalized=True)
        return row, fraction, shapely.get_coordinates(points)

    def base_ms(self, profile: Profile) -> tuple[Flags, Ints]:
        """Roads that a profile may use forth and back (m, 2), without any limit, and milliseconds over each (m,)."""
        if profile not in self._base:
            self._base[profile] = _usable(self.roads, profile), _milliseconds(self.roads, self.length_m, profile)
        return self._base[profile]

    def base_road_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each whole road, forth and back, without any limit: (m, 2)."""
        if profile not in self._base_road:
            usable, ms = self.base_ms(profile)
            self._base_road[profile] = np.where(usable, ms[:, None], np.int32(FAR))
        return self._base_road[profile]

    def base_arc_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each arc, without any limit: (a,)."""
        if profile not in self._base_arc:
            self._base_arc[profile] = Network(self).arc_ms(profile)
        return self._base_arc[profile]


@dataclass(frozen=True, eq=False)
class Network:
    """One version of the network: its plan and the limits in force, by road id. Immutable: `apply` makes another."""

    plan: Plan
    limits: Mapping[int, Limit] = field(default_factory=lambda: MappingProxyType({}))
    _metrics: dict[Profile, Metric] = field(default_factory=dict, repr=False)
    _open: dict[Profile, Flags] = field(default_factory=dict, repr=False)
    _times: dict[Profile, Ints] = field(default_factory=dict, repr=False)
    _making: Lock = field(default_factory=Lock, repr=False)

    @property
    def graph(self) -> nx.DiGraph[int]:
        """The model that all versions share; `weight` gives this version's times on it."""
        return self.plan.graph

    @cached_property
    def version(self) -> str:
        """Names the data and the limits."""
        if not self.limits:
            return self.plan.version
        told = sorted((id_, sorted(one.closed_for), one.slower, one.depth_m) for id_, one in self.limits.items())
        return f"{self.plan.version}+{hashlib.sha256(repr(told).encode()).hexdigest()[:8]}"

    def apply(self, changes: Mapping[int, Limit | None]) -> Network:
        """The version in which these roads have these limits, or none; roads not in the network are left out."""
        known = self.plan.roads.index
        limits = dict(self.limits) | {id_: one for id_, one in changes.items() if one is not None and id_ in known}
        for id_, one in changes.items():
            if one is None:
                limits.pop(id_, None)
        return Network(self.plan, MappingProxyType(limits))

    def close(self, road_ids: Iterable[int]) -> Network:
        """The version in which these roads are closed for everybody as well."""
        return self.apply(dict.fromkeys(road_ids, Limit()))

    def closed(self, profile: Profile) -> frozenset[int]:
        """The roads whose limit stops this profile."""
        return frozenset(id_ for id_, limit in self.limits.items() if limit.stops(profile))

    @cached_property
    def _limited_rows(self) -> NDArray[np.intp]:
        rows: NDArray[np.intp] = self.plan.roads.index.get_indexer(pd.Index(list(self.limits)))
        return rows

    def road_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each whole road, forth and back: (m, 2), `FAR` where it may not be used."""
        if profile not in self._times:
            times = self.plan.base_road_ms(profile).copy()
            for row, limit in zip(self._limited_rows.tolist(), self.limits.values(), strict=True):
                if limit.stops(profile):
                    times[row] = FAR
                elif limit.slower != 1:
                    slow = np.minimum(np.rint(times[row] * limit.slower), FAR)
                    times[row] = np.where(times[row] < FAR, slow, FAR)
            times.flags.writeable = False
            self._times[profile] = times
        return self._times[profile]

    def usable(self, profile: Profile) -> Flags:
        """Roads that the profile may use now, in either direction: (m,)."""
        if profile not in self._open:
            forth, back = self.road_ms(profile).T
            self._open[profile] = (forth < FAR) | (back < FAR)
        return self._open[profile]

    def arc_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each arc: (a,). The pieces of a road add up to the whole of it."""
        arcs, times = self.plan.arcs, self.road_ms(profile)
        if not self.limits:
            return arc_times(arcs, times, profile, np.arange(len(arcs.road)))
        limited = np.zeros(len(times), bool)
        limited[self._limited_rows] = True
        ms, changed = self.plan.base_arc_ms(profile).copy(), np.flatnonzero(limited[arcs.road])
        ms[changed] = arc_times(arcs, times, profile, changed)
        return ms

    def metric(self, profile: Profile) -> Metric:
        """The searches for a profile; made when first asked for, and kept with this version."""
        kept = self._metrics if self.limits else self.plan.metrics
        with self._making if self.limits else self.plan.making:
            if profile not in kept:
                ms = self.arc_ms(profile)
                if self.limits:
                    kept[profile] = hierarchy.recustomise(Network(self.plan).metric(profile), ms)
                else:
                    kept[profile] = hierarchy.customise(self.plan.shape, ms)
            return kept[profile]

    def weight(self, profile: Profile) -> Callable[[int, int, Mapping[str, Any]], int | None]:
        """This version's milliseconds as a weight for networkx, which leaves out edges that weigh None."""
        plan, ms = self.plan, self.arc_ms(profile)
        number = pd.Index(plan.node_ids)

        def weigh(u: int, v: int, _: Mapping[str, Any]) -> int | None:
            ends = number.get_indexer(pd.Index([u, v])).astype(np.int32)
            time = int(ms[plan.arcs.find(ends[:1], ends[1:])][0])
            return time if time < FAR else None

        return weigh


def arc_times(arcs: Arcs, times: Ints, profile: Profile, which: NDArray[np.intp]) -> Ints:
    """Milliseconds over some arcs, from those over whole roads, forth and back (m, 2)."""
    whole = times[arcs.road[which], arcs.way[which]]
    ms = whole.copy()
    cut = np.flatnonzero((arcs.pieces[which] > 1) & (whole < FAR))
    time, piece, pieces = whole[cut].astype(np.int64), arcs.piece[which[cut]], arcs.pieces[which[cut]]
    ms[cut] = time * (piece + 1) // pieces - time * piece // pieces
    if profile.mode == "drive":
        ms[arcs.banned[which]] = FAR
    return ms


def _usable(roads: gpd.GeoDataFrame, profile: Profile) -> Flags:
    usable = roads[profile.mode].to_numpy(bool).copy()
    own_sizes = (profile.height_m, profile.weight_t, profile.width_m)
    for own, column in zip(own_sizes, ("max_height_m", "max_weight_t", "max_width_m"), strict=True):
        if own is not None and column in roads:
            usable &= ~(roads[column].to_numpy(float, na_value=np.nan) < own)
    for flag in profile.shuns:
        if flag in roads:
            usable &= ~roads[flag].to_numpy(bool)
    back = usable & ~roads["oneway"].to_numpy(bool) if profile.mode == "drive" else usable
    both: Flags = np.column_stack([usable, back])
    return both


def _milliseconds(roads: gpd.GeoDataFrame, length_m: Floats, profile: Profile) -> Ints:
    classes, speeds = roads["class"].cat, dict(profile.kmh)
    by_class = np.array([speeds.get(name, profile.default_kmh) for name in classes.categories])
    kmh = by_class[classes.codes] if len(roads) else np.empty(0)
    if profile.mode == "drive" and "max_speed_kmh" in roads:
        sign = roads["max_speed_kmh"].to_numpy(float, na_value=np.nan)
        kmh = np.where(sign > 0, np.fmin(kmh, sign), kmh)
    if profile.slowed and "slope_pct" in roads:
        upto, share = np.array(profile.slowed).T
        slope = np.nan_to_num(roads["slope_pct"].to_numpy(float))
        kmh = kmh * share[np.minimum(np.searchsorted(upto, slope), len(upto) - 1)]
    ms: Ints = np.minimum(np.rint(length_m / kmh * 3600), FAR - 1).astype(np.int32)
    return ms
