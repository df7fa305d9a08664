"""Two real road networks as plain arrays, a flood on them, and the questions asked of them; the same on each run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_data import crs
from gis_data.sources import osm_tags

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]

CLOSED = 2**31 - 1
"""The weight of an arc that carries nobody."""
LIMIT_MS = 900_000
ZONES, ZONE_SEGMENTS, SLOWER = 5, 200, 3
PAIRS, ROWS, SOURCES = 100, 200, 300
_KMH = {"motorway": 80.0, "trunk": 60.0, "primary": 50.0, "secondary": 40.0, "service": 15.0}
_OTHER_KMH = 30.0
"""The benchmark's own, so that its figures do not change with the product's parameters."""
_HEIDELBERG_CRS = "EPSG:32632"
_MOSCOW_LAT_DEG = 55.75
"""The file's coordinates are metres of the Mercator projection, this much too long."""
_MOSCOW_KMH = np.array([20.0, 30.0, 40.0, 50.0, 60.0, 80.0])


@dataclass(frozen=True, eq=False)
class Plain:
    """A strongly connected network: m arcs without parallels or loops, sorted by tail and head.

    `tail`, `head`, `ms` (m,) int32: nodes 0…n-1 and milliseconds; `xy` (n, 2) metres.
    """

    n: int
    tail: Int32s
    head: Int32s
    ms: Int32s
    xy: Floats


def heidelberg(folder: Path) -> Plain:
    """Every located node of the ways open to cars is a node; speeds by class; 50,921 nodes and 98,167 arcs."""
    source = osmium.FileProcessor(str(folder / "heidelberg.osm.pbf")).with_locations()
    tails: list[int] = []
    heads: list[int] = []
    kmh: list[float] = []
    where: dict[int, tuple[float, float]] = {}
    way: Any
    for way in source.with_filter(osmium.filter.KeyFilter("highway")):
        tags = dict(way.tags)
        shut = any(tags.get(key) in ("no", "private") for key in ("access", "motor_vehicle"))
        if not way.is_way() or tags["highway"] not in osm_tags.DRIVEN or shut:
            continue
        located = [node for node in way.nodes if node.location.valid()]
        where.update((node.ref, (node.lon, node.lat)) for node in located)
        refs = [node.ref for node in located]
        direction = osm_tags.direction(tags)
        for one, other, wrong in ((refs[:-1], refs[1:], -1), (refs[1:], refs[:-1], 1)):
            if direction != wrong:
                tails += one
                heads += other
                kmh += [_KMH.get(tags["highway"], _OTHER_KMH)] * len(one)
    ids = np.array(sorted(where))
    lon, lat = np.array([where[ref] for ref in ids.tolist()]).T
    xy = np.column_stack(crs.to_metric(_HEIDELBERG_CRS).transform(lon, lat))
    return _plain(np.searchsorted(ids, tails), np.searchsorted(ids, heads), np.array(kmh), xy)


def moscow(folder: Path) -> Plain:
    """Two-way roads with made-up classes; 404,060 nodes and 885,820 arcs."""
    arcs = np.fromfile(folder / "moscow.gr.bin", "<i4").reshape(-1, 2).astype(np.int64) - 1
    xy = np.fromfile(folder / "moscow.co.bin", "<i4").reshape(-1, 2) * np.cos(np.radians(_MOSCOW_LAT_DEG))
    low, high = arcs.min(axis=1), arcs.max(axis=1)
    kmh = _MOSCOW_KMH[_hash(low * len(xy) + high) % len(_MOSCOW_KMH)]
    return _plain(np.concatenate([low, high]), np.concatenate([high, low]), np.tile(kmh, 2), xy)


def _hash(keys: Ints) -> Ints:
    """63 well-mixed bits of each key (the finaliser of splitmix64)."""
    x = keys.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)


def _plain(tail: Ints, head: Ints, kmh: Floats, xy: Floats) -> Plain:
    """The largest strongly connected part, the fastest of parallel arcs, and no loops."""
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(len(xy), len(xy)))
    part = connected_components(links, connection="strong")[1]
    kept = part == np.bincount(part).argmax()
    number = np.cumsum(kept) - 1
    inside = kept[tail] & kept[head] & (tail != head)
    tail, head, kmh = tail[inside], head[inside], kmh[inside]
    ms = np.maximum(1, np.rint(np.hypot(*(xy[tail] - xy[head]).T) / kmh * 3600)).astype(np.int64)
    order = np.lexsort((ms, head, tail))
    tail, head, ms = number[tail[order]], number[head[order]], ms[order]
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    tails, heads, times = (column[first].astype(np.int32) for column in (tail, head, ms))
    return Plain(int(kept.sum()), tails, heads, times, xy[kept])


def flood(plain: Plain, seed: int) -> tuple[Int32s, Int32s]:
    """Weights after a flood, and the arcs that it changes.

    In each of five zones it meets the 200 segments (arcs with their reverses) nearest to a random node that no
    other zone has: half are closed, half three times slower.
    """
    dice = np.random.default_rng(seed)
    ends = np.sort(np.column_stack([plain.tail, plain.head]).astype(np.int64), axis=1)
    segments, of_arc = np.unique(ends[:, 0] * plain.n + ends[:, 1], return_inverse=True)
    middle = (plain.xy[segments // plain.n] + plain.xy[segments % plain.n]) / 2
    state = np.zeros(len(segments), np.int8)
    for centre in plain.xy[dice.choice(plain.n, ZONES, replace=False)]:
        distance_m = np.where(state == 0, np.hypot(*(middle - centre).T), np.inf)
        near = dice.permutation(np.argsort(distance_m, kind="stable")[:ZONE_SEGMENTS])
        state[near[: ZONE_SEGMENTS // 2]] = 1
        state[near[ZONE_SEGMENTS // 2 :]] = 2
    met = state[of_arc]
    ms2 = np.where(met == 1, CLOSED, np.where(met == 2, plain.ms * SLOWER, plain.ms)).astype(np.int32)
    return ms2, np.flatnonzero(met).astype(np.int32)


def work(plain: Plain, seed: int) -> dict[str, Int32s]:
    """What is asked: `pairs` (100, 2), `rows` and `cols` (200,), `near` and `sets` (300,), random nodes."""
    dice = np.random.default_rng(seed)

    def nodes(count: int) -> Int32s:
        return dice.choice(plain.n, count, replace=False).astype(np.int32)

    return {
        "pairs": nodes(2 * PAIRS).reshape(-1, 2),
        "rows": nodes(ROWS),
        "cols": nodes(ROWS),
        "near": nodes(SOURCES),
        "sets": nodes(SOURCES),
    }


def write(path: Path, plain: Plain, seed: int) -> None:
    """The network, its flood and the work as the one file that the peers read."""
    ms2, changed = flood(plain, seed)
    fields: dict[str, Any] = {**vars(plain), **work(plain, seed + 1), "ms2": ms2, "changed": changed}
    np.savez(path, limit=LIMIT_MS, **fields)
