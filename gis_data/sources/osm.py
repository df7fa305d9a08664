"""OpenStreetMap extracts (PBF or XML): roads cut at junctions, forbidden turns, buildings, water, cover, targets.

OSM coordinates are WGS-84, kept as EPSG:4490 (they agree within decimetres). Source of the tag rules: the OSM wiki.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.sources import osm_tags as tag
from gis_data.sources.osm_roads import Way, network, restrictions
from gis_data.sources.prepared import (
    Prepared,
    Progress,
    Region,
    Rejected,
    outside,
    reject_outside,
    sha256_of,
    stored,
)

_AREA_KEYS = (
    "building",
    "natural",
    "waterway",
    "landuse",
    "leisure",
    *dict.fromkeys(k for k, _ in tag.TARGETS),
)


@dataclass
class _Read:
    """What one pass over the file collects, in file order."""

    ways: list[Way] = field(default_factory=list)
    turns: list[tuple[int, str, list[tuple[str, str, int]]]] = field(default_factory=list)
    areas: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    streams: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    points: list[tuple[str, dict[str, str], float, float]] = field(default_factory=list)
    outlines: set[int] = field(default_factory=set)
    rejects: list[Rejected] = field(default_factory=list)


def _way(read: _Read, way: Any, tags: dict[str, str], wkb: osmium.geom.WKBFactory) -> None:
    if tags.get("highway") in tag.ROADS and tags.get("area") != "yes":
        located = [(n.ref, n.x, n.y) for n in way.nodes]
        read.ways.append(Way(way.id, tags, np.array(located, dtype=np.int64).reshape(-1, 3)))
    elif tags.get("waterway") in tag.WATER_LINES:
        try:
            read.streams.append((f"way {way.id}", tags, wkb.create_linestring(way)))
        except (RuntimeError, osmium.InvalidLocationError):
            read.rejects.append(_shapeless(f"way {way.id}"))
    if "building" in tags and tags["building"] != "no":
        read.outlines.add(way.id)


def _shapeless(row: str) -> Rejected:
    return Rejected(
        row,
        "geom",
        "没有可用的几何 (节点缺失或轮廓不闭合)",
        "no usable geometry (missing nodes or open ring)",
    )


def _read(path: Path) -> _Read:
    """One streaming pass over the file; untagged objects never reach Python."""
    read, wkb = _Read(), osmium.geom.WKBFactory()
    areas = osmium.filter.KeyFilter(*_AREA_KEYS)
    try:
        source = osmium.FileProcessor(str(path)).with_areas(areas).with_filter(osmium.filter.EmptyTagFilter())
        item: Any
        for item in source:
            tags = dict(item.tags)
            if item.is_node():
                if "place" in tags or tags.get("natural") == "peak" or tag.target(tags):
                    read.points.append((f"node {item.id}", tags, item.lon, item.lat))
            elif item.is_way():
                _way(read, item, tags, wkb)
            elif item.is_area():
                if item.from_way():
                    read.outlines.discard(item.orig_id())
                row = f"{'way' if item.from_way() else 'relation'} {item.orig_id()}"
                try:
                    read.areas.append((row, tags, wkb.create_multipolygon(item)))
                except (RuntimeError, osmium.InvalidLocationError):
                    read.rejects.append(_shapeless(row))
            elif tags.get("type") == "restriction" and "emergency" not in tags.get("except", ""):
                members = [(m.role, m.type, m.ref) for m in item.members]
                read.turns.append((item.id, tags.get("restriction", "none unconditional"), members))
    except (RuntimeError, OSError) as error:
        raise Invalid(
            f"{path.name} 不是可读的 OSM 文件 (PBF): {error}",
            f"{path.name} is no readable OSM file: {error}",
            field="file",
        ) from error
    read.rejects += [_shapeless(f"way {i}") for i in sorted(read.outlines)]
    return read


def _frame(rows: list[dict[str, Any]], geoms: Any, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return gpd.GeoDataFrame(table.assign(geom=geoms), geometry="geom", crs=crs.STORAGE)


def _clip(
    rows: list[tuple[str, dict[str, Any]]],
    geoms: Any,
    columns: tuple[str, ...],
    region: Region,
    rejects: list[Rejected],
) -> gpd.GeoDataFrame:
    """A frame of the rows that touch the district's box; the others are rejected."""
    away = outside(geoms, region.box)
    rejects += [reject_outside(rows[i][0], geoms[i], region.box) for i in np.flatnonzero(away)]
    return _frame([row for (_, row), out in zip(rows, away, strict=True) if not out], geoms[~away], columns)


def _polygons(geoms: Any) -> Any:
    single = shapely.get_type_id(geoms) == shapely.GeometryType.POLYGON
    return np.array([shapely.multipolygons([g]) if s else g for g, s in zip(geoms, single, strict=True)], dtype=object)


def _buildings(read: _Read, geoms: Any, region: Region, rejects: list[Rejected]) -> gpd.GeoDataFrame:
    rows, kept = [], []
    for i, (row, tags, _) in enumerate(read.areas):
        if tags.get("building", "no") == "no":
            continue
        try:
            height = tag.storey_height_m(tags)
        except ValueError:
            height = None
            key = "height" if "height" in tags else "building:levels"
            rejects.append(Rejected(row, key, f"数值无法识别: {tags[key]}", f"cannot read the value: {tags[key]}"))
        kind = tags["building"]
        rows.append((row, {"kind": kind, "name": tags.get("name"), "height_m": height}))
        kept.append(i)
    return _clip(rows, geoms[kept], ("kind", "name", "height_m"), region, rejects)


def _kinds(
    read: _Read, geoms: Any, kind: Callable[[tag.Tags], str | None], region: Region, rejects: list[Rejected]
) -> gpd.GeoDataFrame:
    """The areas that have a kind, such as land cover."""
    found = [(i, row, k, tags.get("name")) for i, (row, tags, _) in enumerate(read.areas) if (k := kind(tags))]
    rows = [(row, {"kind": k, "name": name}) for _, row, k, name in found]
    return _clip(rows, geoms[[i for i, *_ in found]], ("kind", "name"), region, rejects)


def _water(read: _Read, geoms: Any, datum: str, region: Region, rejects: list[Rejected]) -> gpd.GeoDataFrame:
    rows = [(row, {"kind": tags["waterway"], "name": tags.get("name")}) for row, tags, _ in read.streams]
    lines = stored(np.asarray(shapely.from_wkb([w for *_, w in read.streams]), dtype=object), datum)
    streams = _clip(rows, lines, ("kind", "name"), region, rejects)
    return pd.concat([_kinds(read, geoms, tag.water, region, rejects), streams], ignore_index=True)


def _places(read: _Read, points: Any, region: Region, rejects: list[Rejected]) -> gpd.GeoDataFrame:
    rows, kept = [], []
    for i, (row, tags, _, _) in enumerate(read.points):
        kind = tags.get("place") or tags.get("natural")
        if tags.get("name") and (kind in tag.PLACES or kind == "peak"):
            rows.append((row, {"kind": kind, "name": tags["name"]}))
            kept.append(i)
    return _clip(rows, points[kept], ("kind", "name"), region, rejects)


def _targets(read: _Read, points: Any, areas: Any, region: Region, rejects: list[Rejected]) -> gpd.GeoDataFrame:
    rows, geoms = [], []
    here = [(row, tags, g) for (row, tags, *_), g in zip(read.points, points, strict=True)]
    for row, tags, geom in [
        *here,
        *((row, tags, g) for (row, tags, _), g in zip(read.areas, areas, strict=True)),
    ]:
        if found := tag.target(tags):
            room = tags.get("capacity", tags.get("beds", ""))
            rows.append(
                (
                    row,
                    {
                        "code": f"osm-{row[0]}{row.split()[1]}",
                        "name": tags.get("name") or f"{found[1]} (未命名)",
                        "kind": found[0],
                        "capacity": int(room) if room.isdecimal() else None,
                    },
                )
            )
            geoms.append(geom)
    centres = shapely.point_on_surface(np.array(geoms, dtype=object))
    return _clip(rows, centres, ("code", "name", "kind", "capacity"), region, rejects)


def prepare(path: Path, region: Region, *, datum: str, progress: Progress) -> Prepared:
    """Read an OSM extract; raises Invalid for a file that is none, or holds no road inside the district's box."""
    sha256 = sha256_of(path)
    progress(f"读取 {path.name} / reading {path.name}")
    read = _read(path)
    rejects = read.rejects
    progress(f"切分 {len(read.ways)} 条道路 / splitting {len(read.ways)} ways at junctions")
    nodes, roads, ends = network(read.ways, region, datum, rejects)
    if roads.empty:
        raise Invalid(
            f"{path.name} 中没有位于本区范围 {list(region.box)} 内的道路",
            f"{path.name} holds no road inside the district's box {list(region.box)}",
            field="file",
        )
    links = coo_array((np.ones(len(roads)), (roads["source"], roads["target"])), shape=(len(nodes), len(nodes)))
    parts = int(connected_components(links, directed=False)[0])
    size = len(nodes), len(roads), parts
    progress("{} 个节点, {} 段, {} 个连通部分 / {} nodes, {} segments, {} parts".format(*size, *size))
    areas = stored(_polygons(np.asarray(shapely.from_wkb([w for *_, w in read.areas]), dtype=object)), datum)
    points = stored(np.array([shapely.Point(x, y) for *_, x, y in read.points], dtype=object), datum)
    frames = {
        "road_node": nodes,
        "road": roads,
        "turn_restriction": restrictions(read.turns, roads, ends, rejects),
        "building": _buildings(read, areas, region, rejects),
        "water": _water(read, areas, datum, region, rejects),
        "landcover": _kinds(read, areas, tag.landcover, region, rejects),
        "place": _places(read, points, region, rejects),
        "protected_target": _targets(read, points, areas, region, rejects),
    }
    return Prepared("roads", path.name, sha256, datum, frames, tuple(rejects), figures={"road_parts": parts})
