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

from gis_data.errors import Invalid, NotFound
from layers.engine import hierarchy
from layers.engine.hierarchy import FAR, Hierarchy, Metric
from layers.engine.order import neighbours, order
from layers.lines import part_of
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
    making: Lock = field(default_factory=Lock, repr=False)
    _base: dict[Profile, tuple[Flags, Ints]] = field(default_factory=dict, repr=False)

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

    def road_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each whole road, forth and back: (m, 2), `FAR` where it may not be used."""
        if profile not in self._times:
            usable, ms = self.plan.base_ms(profile)
            times = np.where(usable, ms[:, None], np.int32(FAR))
            rows = self.plan.roads.index.get_indexer(pd.Index(list(self.limits)))
            for row, limit in zip(rows.tolist(), self.limits.values(), strict=True):
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
            self._open[profile] = self.road_ms(profile).min(axis=1) < FAR
        return self._open[profile]

    def arc_ms(self, profile: Profile) -> Ints:
        """Milliseconds over each arc: (a,). The pieces of a road add up to the whole of it."""
        arcs = self.plan.arcs
        whole = self.road_ms(profile)[arcs.road, arcs.way]
        ms = whole.copy()
        cut = np.flatnonzero((arcs.pieces > 1) & (whole < FAR))
        time, piece, pieces = whole[cut].astype(np.int64), arcs.piece[cut], arcs.pieces[cut]
        ms[cut] = time * (piece + 1) // pieces - time * piece // pieces
        if profile.mode == "drive":
            ms[arcs.banned] = FAR
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


def build(
    nodes: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    metric_crs: str,
    *,
    turns: pd.DataFrame | None = None,
    version: str = "",
    kept: dict[str, NDArray[Any]] | None = None,
) -> Network:
    """Build the network from current rows of `gis.road_node`, `gis.road` and `gis.turn_restriction`.

    Parameters
    ----------
    nodes : `id` and a Point geometry, EPSG:4490.
    roads : `id`, `class`, `oneway`, `drive`, `walk`, `source`, `target`, `length_m`, and a LineString from source to
        target, EPSG:4490; maybe `name`, `max_speed_kmh`, `max_height_m`, `max_weight_t`, `max_width_m`, `slope_pct`,
        and the flags that profiles shun. Times use `length_m`, not the drawn length.
    metric_crs : a CRS in metres for the district, such as EPSG:4549.
    turns : `from_road`, `via_node`, `to_road`, `kind` (`no_…` or `only_…`, as in OpenStreetMap). Those that name a road
        that does not lead to the node are left out.
    version : kept, and written on every route.
    kept : the order of an earlier build of the same data; filled if it is empty, else used instead of ordering anew.

    Raises
    ------
    Invalid : another CRS, an id given twice, a node that is not there, a length that is negative or missing.
    """
    for frame, name in ((nodes, "nodes"), (roads, "roads")):
        if frame.crs != CRS:
            raise Invalid(f"路网数据须为 {CRS}。", f"The network's data must be in {CRS}.", field=name)
        if frame["id"].duplicated().any():
            raise Invalid("编号重复。", "An id is given twice.", field=f"{name}.id")
    roads = roads.sort_values("id").set_index("id")
    roads["class"] = roads["class"].fillna("").astype("category")
    length_m = roads["length_m"].to_numpy(float)
    if not np.all(np.isfinite(length_m) & (length_m >= 0)):
        raise Invalid("道路长度须为非负数。", "A road's length must not be negative.", field="length_m")
    ids: NDArray[np.int64] = nodes["id"].to_numpy(np.int64)
    number = pd.Index(ids)
    ends: Ints = np.column_stack([number.get_indexer(roads[end]) for end in ("source", "target")]).astype(np.int32)
    if (ends < 0).any():
        raise Invalid("道路端点不在节点表中。", "A road ends at an unknown node.", field="source/target")

    tail, head, road, way, piece, pieces, cut = _cut(roads, ends, len(ids))
    origin = np.concatenate([np.arange(len(ids)), np.full(len(cut), -1)])
    banned = np.zeros(len(tail), bool)
    land = ends[:, ::-1].copy()
    if turns is not None and len(turns):
        table = (tail, head, road, way, piece, pieces, banned)
        table, origin, land = _turned(turns, roads.index, number, ends, table, origin)
        tail, head, road, way, piece, pieces, banned = table
    n = len(origin)
    ordered = kept if kept and set(kept) == set(_ORDERED) and len(kept["rank"]) == n else None
    if ordered is None:
        ordered = dict(zip(_ORDERED, order(*neighbours(n, tail, head)), strict=True))
        if kept is not None:
            kept.update(ordered)
    rank, *shape = (ordered[name] for name in _ORDERED)
    tail, head = rank[tail], rank[head]
    by = np.lexsort((head, tail))
    arcs = Arcs(*(column[by] for column in (tail, head, road, way, piece, pieces, banned)))
    at = np.empty(n, np.int64)
    at[rank] = np.arange(n)
    lines: Objects = roads.geometry.to_numpy()
    metric_lines: Objects = roads.geometry.to_crs(metric_crs).to_numpy()
    junctions = shapely.get_coordinates(nodes.geometry.to_numpy())
    middles = [part_of(lines[row], metric_lines[row], share, share)[:1] for row, share in cut]
    xy = np.vstack([junctions, *middles, junctions[origin[len(ids) + len(cut) :]]])
    added = ids.min(initial=0) - 1 - np.arange(n - len(ids))
    copies: dict[int, list[int]] = {}
    for copy in range(len(ids) + len(cut), n):
        copies.setdefault(int(rank[origin[copy]]), [int(rank[origin[copy]])]).append(int(rank[copy]))
    number_of = np.arange(n, dtype=np.int32)
    return Network(
        Plan(
            version=version,
            roads=roads,
            lines=lines,
            metric_lines=metric_lines,
            length_m=length_m,
            node_ids=np.concatenate([ids, added])[at],
            xy=xy[at],
            ends=rank[ends].reshape(-1, 2),
            land=rank[land].reshape(-1, 2),
            copies={junction: tuple(all_) for junction, all_ in copies.items()},
            arcs=arcs,
            shape=hierarchy.assemble(number_of, *shape, tail=arcs.tail, head=arcs.head),
            tree=shapely.STRtree(metric_lines),
            to_metric=Transformer.from_crs(CRS, metric_crs, always_xy=True),
        )
    )


_ORDERED = ("rank", "up", "head", "parent", "depth", "cells", "walk")


def _cut(roads: gpd.GeoDataFrame, ends: Ints, n: int) -> tuple[Any, ...]:
    """The columns of arcs of all usable directions, and the added nodes as (road row, share), numbered from n."""
    pair = np.sort(ends, axis=1)
    by = np.lexsort((pair[:, 1], pair[:, 0]))  # stable: among parallels the lowest road id stays whole
    again = np.zeros(len(roads), bool)
    again[by[1:]] = (pair[by[1:]] == pair[by[:-1]]).all(axis=1)
    count = np.where(pair[:, 0] == pair[:, 1], 3, np.where(again, 2, 1))
    road = np.repeat(np.arange(len(roads)), count)
    step = np.arange(len(road)) - np.repeat(np.cumsum(count) - count, count)
    pieces = count[road]
    inner = n + (np.cumsum(count - 1) - (count - 1))[road] + step  # the added node at this piece's end, going forth
    back_inner = inner + (count - 1).sum()  # and coming back: another, or one could turn round inside the road
    source, target = (ends[road, side] for side in (0, 1))
    tail, head = np.where(step == 0, source, inner - 1), np.where(step == pieces - 1, target, inner)
    begin, end = np.where(step == pieces - 1, target, back_inner), np.where(step == 0, source, back_inner - 1)
    drive, walk, oneway = (roads[flag].to_numpy(bool)[road] for flag in ("drive", "walk", "oneway"))
    keep = np.concatenate([drive | walk, (drive & ~oneway) | walk])
    forth, back = np.full(len(road), FORTH), np.full(len(road), BACK)
    both = [(tail, begin), (head, end), (road, road), (forth, back), (step, pieces - 1 - step), (pieces, pieces)]
    split = step < pieces - 1
    cut = 2 * list(zip(road[split].tolist(), ((step + 1) / pieces)[split].tolist(), strict=True))
    return (*(np.concatenate(one)[keep].astype(np.int32) for one in both), cut)


def _turned(
    turns: pd.DataFrame, index: pd.Index, number: pd.Index, ends: Ints, table: tuple[Any, ...], origin: Any
) -> tuple[tuple[Any, ...], Any, Ints]:
    """Copies of junctions where turns are restricted, the arcs that lead to and from them, and where roads land."""
    tail, head, road, way, piece, pieces, banned = table
    row, to = (index.get_indexer(pd.Index(turns[end])) for end in ("from_road", "to_road"))
    via = number.get_indexer(pd.Index(turns["via_node"]))
    land, n = ends[:, ::-1].copy(), len(origin)
    copy: dict[tuple[int, int], int] = {}  # (road row, way in which it arrives) → copy of the junction
    no: dict[int, set[int]] = {}
    only: dict[int, set[int]] = {}
    for r, v, t, kind in zip(row.tolist(), via.tolist(), to.tolist(), turns["kind"], strict=True):
        if r < 0 or v < 0 or t < 0:
            continue
        for along in (FORTH, BACK):
            if ends[r, 1 - along] == v:
                c = copy.setdefault((r, along), n + len(copy))
                land[r, along] = c
                (only if kind.startswith("only") else no).setdefault(c, set()).add(t)
    last = piece == pieces - 1
    head = head.copy()
    head[last] = land[road[last], way[last]]
    leaving: dict[int, list[int]] = {ends[r, 1 - along]: [] for r, along in copy}
    for arc in np.flatnonzero(np.isin(tail, list(leaving))).tolist():
        leaving[tail[arc]].append(arc)
    more, start, shut = [], [], []
    for (r, along), c in copy.items():
        for arc in leaving[ends[r, 1 - along]]:
            more.append(arc)
            start.append(c)
            shut.append(road[arc] in no.get(c, ()) or (c in only and road[arc] not in only[c]))
    joined = [np.concatenate([column, column[more]]).astype(np.int32) for column in (head, road, way, piece, pieces)]
    tail = np.concatenate([tail, np.array(start, np.int32)]).astype(np.int32)
    banned = np.concatenate([banned, np.array(shut, bool)])
    origin = np.concatenate([origin, [ends[r, 1 - along] for r, along in copy]]).astype(np.int64)
    return (tail, *joined, banned), origin, land
