"""Building a network from its rows: roads cut into arcs, junctions copied where turns are restricted, then ordered."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis_data.errors import Invalid
from layers.engine import hierarchy
from layers.engine.order import neighbours, order
from layers.lines import part_of
from layers.network import BACK, CRS, FORTH, Arcs, Ints, Network, Objects, Plan


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
