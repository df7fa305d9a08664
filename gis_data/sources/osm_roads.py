"""The road network of an OSM extract: ways cut at junctions, and turn restrictions put on the cuts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_data import crs
from gis_data.sources import osm_tags as tag
from gis_data.sources.prepared import Region, Rejected, outside, reject_outside

_UNLOCATED = 2**31 - 1
_LIMITS = (
    ("max_speed_kmh", ("maxspeed",), tag.speed_kmh),
    ("max_height_m", ("maxheight", "maxheight:physical"), tag.length_m),
    ("max_weight_t", ("maxweight",), tag.weight_t),
    ("max_width_m", ("maxwidth", "maxwidth:physical"), tag.length_m),
)


@dataclass(frozen=True)
class Way:
    """A road way as read: its tags and its nodes as rows of id, lon, lat (the last two in 1e-7 degrees)."""

    id: int
    tags: dict[str, str]
    nodes: NDArray[np.int64]


def _attributes(way: Way, rejects: list[Rejected]) -> dict[str, Any]:
    """The columns that all segments of a way share; a value that cannot be read is noted and left unset."""
    tags = way.tags
    row: dict[str, Any] = {
        "way_id": way.id,
        "name": tags.get("name"),
        "class": tags["highway"],
        "oneway": tag.direction(tags) != 0,
        "bridge": tags.get("bridge", "no") != "no",
        "tunnel": tags.get("tunnel", "no") != "no",
        "layer": 0,
        "drive": tag.may_drive(tags),
        "walk": tag.may_walk(tags),
    }
    readers = [*_LIMITS, ("layer", ("layer",), lambda text: max(-99, min(99, int(text))))]
    for column, keys, read in readers:
        row.setdefault(column, None)
        key = next((k for k in keys if k in tags), None)
        if key is None:
            continue
        try:
            row[column] = read(tags[key])
        except ValueError:
            zh, en = f"数值无法识别: {tags[key]}", f"cannot read the value: {tags[key]}"
            rejects.append(Rejected(f"way {way.id}", key, zh, en))
    return row


def _located(ways: list[Way], region: Region, datum: str, rejects: list[Rejected]) -> list[tuple[Way, Any]]:
    """The ways that have at least two located nodes and touch the box, with their coordinates in EPSG:4490."""
    kept = []
    for way in ways:
        known = way.nodes[(way.nodes[:, 1] != _UNLOCATED) & (way.nodes[:, 2] != _UNLOCATED)]
        if len(known) < 2:
            zh, en = "有坐标的节点少于 2 个", "fewer than 2 located nodes"
            rejects.append(Rejected(f"way {way.id}", "geom", zh, en))
            continue
        if len(known) < len(way.nodes):
            zh, en = "部分节点没有坐标, 已略去", "some nodes have no position and were left out"
            rejects.append(Rejected(f"way {way.id}", "geom", zh, en))
        step = -1 if tag.direction(way.tags) < 0 else 1
        kept.append((Way(way.id, way.tags, known[::step]), crs.to_storage(known[::step, 1:] / 1e7, datum)))
    if not kept:
        return []
    lines: Any = shapely.linestrings(
        np.vstack([xy for _, xy in kept]),
        indices=np.repeat(np.arange(len(kept)), [len(xy) for _, xy in kept]),
    )
    away = outside(lines, region.box)
    rejects += [reject_outside(f"way {kept[i][0].id}", lines[i], region.box) for i in np.flatnonzero(away)]
    return [pair for pair, out in zip(kept, away, strict=True) if not out]


def network(
    ways: list[Way], region: Region, datum: str, rejects: list[Rejected]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame]:
    """Nodes, segments, and the OSM node ids at the segments' ends (columns `from_osm`, `to_osm`).

    Ways are cut where two meet or one meets itself, and at their ends. Lengths in metres in the district's CRS.
    """
    kept = _located(sorted(ways, key=lambda way: way.id), region, datum, rejects)
    if not kept:
        return gpd.GeoDataFrame(), gpd.GeoDataFrame(), pd.DataFrame()
    refs = np.concatenate([way.nodes[:, 0] for way, _ in kept])
    xy = np.vstack([xy for _, xy in kept])
    sizes = np.array([len(xy) for _, xy in kept])
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    _, at, uses = np.unique(refs, return_inverse=True, return_counts=True)
    cut = uses[at] > 1
    cut[first] = cut[last] = True
    stops = np.flatnonzero(cut)
    along = ~np.isin(stops[:-1], last)
    start, end = stops[:-1][along], stops[1:][along]

    metric = np.stack(crs.to_metric(region.metric_crs).transform(xy[:, 0], xy[:, 1]), axis=-1)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(metric, axis=0).T))])
    length = run[end] - run[start]
    owner = np.repeat(np.arange(len(kept)), sizes)[start]
    flat = length <= 0
    for i in dict.fromkeys(owner[flat]):
        rejects.append(Rejected(f"way {kept[i][0].id}", "geom", "长度为零的路段", "a segment of zero length"))
    start, end, length, owner = start[~flat], end[~flat], length[~flat], owner[~flat]

    count = end - start + 1
    inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
    lines = shapely.linestrings(xy[inner], indices=np.repeat(np.arange(len(count)), count))
    used, place = np.unique(np.concatenate([refs[start], refs[end]]), return_inverse=True)
    position = np.zeros((len(used), 2))
    position[place] = np.vstack([xy[start], xy[end]])
    nodes = gpd.GeoDataFrame({"geom": shapely.points(position)}, geometry="geom", crs=crs.STORAGE)
    shared = pd.DataFrame([_attributes(way, rejects) for way, _ in kept]).iloc[owner].reset_index(drop=True)
    roads = shared.assign(source=place[: len(start)], target=place[len(start) :], length_m=length, geom=lines)
    ends = pd.DataFrame({"from_osm": refs[start], "to_osm": refs[end]})
    return nodes, gpd.GeoDataFrame(roads, geometry="geom", crs=crs.STORAGE), ends


def _turn(
    kind: str,
    members: list[tuple[str, str, int]],
    roads: pd.DataFrame,
    ends: pd.DataFrame,
    of_way: dict[int, list[int]],
) -> list[tuple[int, int, int]] | str:
    """The (from, via, to) triples of one restriction, or why there are none."""
    came = [ref for role, type_, ref in members if role == "from" and type_ == "w"]
    gone = [ref for role, type_, ref in members if role == "to" and type_ == "w"]
    via = [(type_, ref) for role, type_, ref in members if role == "via"]
    if not kind.startswith(("no_", "only_")) or not came or not gone:
        return "no plain from–via–to restriction"
    if len(via) != 1 or via[0][0] != "n":
        return "goes via a way, which is not supported"
    node = via[0][1]
    source, target, both = (
        ends["from_osm"].to_numpy(),
        ends["to_osm"].to_numpy(),
        ~roads["oneway"].to_numpy(bool),
    )
    arrive = [s for w in came for s in of_way[w] if target[s] == node or (both[s] and source[s] == node)]
    leave = [s for w in gone for s in of_way[w] if source[s] == node or (both[s] and target[s] == node)]
    if not arrive or not leave:
        return "its ways do not meet at its node (or were left out)"
    at = int(roads["target"].iloc[arrive[0]] if target[arrive[0]] == node else roads["source"].iloc[arrive[0]])
    if kind == "no_u_turn" and came == gone:
        return [(s, at, s) for s in arrive if s in leave]
    if len(arrive) > len(came) or len(leave) > len(gone):
        return "its ways pass through its node, so the turn is ambiguous"
    return [(a, at, b) for a in arrive for b in leave]


_WHY_ZH = {
    "no plain from–via–to restriction": "不是无条件的“从—经—到”转向限制",
    "goes via a way, which is not supported": "经由道路 (而非节点) 的转向限制不支持",
    "its ways do not meet at its node (or were left out)": "其道路未在该节点相接 (或未读入)",
    "its ways pass through its node, so the turn is ambiguous": "道路穿过该节点, 转向不明确",
}


def restrictions(
    turns: list[tuple[int, str, list[tuple[str, str, int]]]],
    roads: pd.DataFrame,
    ends: pd.DataFrame,
    rejects: list[Rejected],
) -> pd.DataFrame:
    """Turn restrictions as rows of segment, node, segment; those that cannot be placed are rejected."""
    of_way: dict[int, list[int]] = defaultdict(list)
    for segment, way in enumerate(roads["way_id"]):
        of_way[way].append(segment)
    rows = []
    for ident, kind, members in sorted(turns):
        found = _turn(kind, members, roads, ends, of_way)
        if isinstance(found, str):
            rejects.append(Rejected(f"relation {ident}", "restriction", _WHY_ZH[found], found))
        else:
            rows += [(*turn, kind) for turn in found]
    return pd.DataFrame(rows, columns=["from_road", "via_node", "to_road", "kind"])
