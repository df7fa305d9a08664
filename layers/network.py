"""The road network: a directed graph, the arrays compiled under it, and positions along its roads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis_data.errors import Invalid, NotFound

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

CRS = "EPSG:4490"


@dataclass(frozen=True)
class Profile:
    """Who travels, and how fast on each class of road.

    On foot, one-way signs and speed limits do not bind; a driver keeps `max_speed_kmh` where a road has one.
    """

    name: str
    mode: Literal["drive", "walk"]
    kmh: Mapping[str, float]
    default_kmh: float

    def __post_init__(self) -> None:
        if not all(0 < kmh < float("inf") for kmh in (*self.kmh.values(), self.default_kmh)):
            raise Invalid("速度必须大于零。", "Every speed must be above zero.", field="kmh")


# DEMO values. The handbook's registry gives drive.speed 30 km/h (500 m/min) and walk.speed 1.2 m/s; the class
# speeds are ours, until the bureau's own parameters replace them.
CITY_KMH = {
    "motorway": 80.0,
    "trunk": 60.0,
    "primary": 50.0,
    "secondary": 40.0,
    "service": 15.0,
    "track": 15.0,
}
DRIVE = Profile("drive", "drive", CITY_KMH, default_kmh=30.0)
WALK = Profile("walk", "walk", {}, default_kmh=1.2 * 3.6)


@dataclass(frozen=True)
class Position:
    """A place on a road: `fraction` of it from its first vertex, `offset_m` from what was snapped."""

    road_id: int
    fraction: float
    lon: float
    lat: float
    offset_m: float = 0.0


@dataclass(frozen=True, eq=False)
class Arcs:
    """Directed pieces of roads: from node `tail` to `head` over road row `road`, fraction `begin` to `end`.

    `begin > end` runs against the geometry. All have shape (arcs,); nodes are numbered as in `node_ids`.
    """

    tail: Ints
    head: Ints
    road: Ints
    begin: Floats
    end: Floats


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Compressed rows: node i meets `neighbour[indptr[i]:indptr[i + 1]]`, ascending, over those `arc`s."""

    indptr: Ints
    neighbour: Ints
    arc: Ints


@dataclass(frozen=True, eq=False)
class Network:
    """Roads as a directed graph, with the arrays that searches run on.

    A DiGraph holds one edge per ordered pair of nodes. So that no road is lost, the second and later roads
    between the same two nodes are split at half length by an added node, and a road that returns to its own
    start is split in three. Added nodes have negative ids below every stored id, and carry `added=True`.

    Attributes
    ----------
    graph : nodes by id with `x`, `y` (EPSG:4490); edges with `road`, `length_m`, `class`, `drive`, `walk`,
        `forward`. The reverse of a one-way road is an edge with `drive=False`.
    version : names the data that the network was built from.
    roads : m roads, EPSG:4490, index = road id, ascending; a road's row is its number in all arrays.
    lines, metric_lines : (m,) LineStrings in EPSG:4490 and in the metric CRS; `tree` indexes the latter.
    node_ids : (n,) ids; ends : (m, 2) node numbers of source and target.
    arcs, outgoing, incoming : the edges of `graph`, and those that leave and reach each node.
    """

    graph: nx.DiGraph[int]
    version: str
    roads: gpd.GeoDataFrame
    lines: Objects
    metric_lines: Objects
    node_ids: Ints
    ends: Ints
    arcs: Arcs
    outgoing: Adjacency
    incoming: Adjacency
    tree: shapely.STRtree
    to_metric: Transformer

    def row(self, road_id: int) -> int:
        """The row of a road; `NotFound` if the network has no such road."""
        rows = self.roads.index.get_indexer([road_id])
        if rows[0] < 0:
            raise NotFound(f"路网中没有道路 {road_id}。", f"No road {road_id} in the network.", field="road_id")
        return int(rows[0])


def build(nodes: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, metric_crs: str, *, version: str = "") -> Network:
    """Build the network from current rows of `gis.road_node` and `gis.road`.

    Parameters
    ----------
    nodes : `id` and a Point geometry, EPSG:4490.
    roads : `id`, `class`, `oneway`, `drive`, `walk`, `source`, `target`, `length_m`, maybe `max_speed_kmh`,
        and a LineString from source to target, EPSG:4490. Costs use `length_m`, not the drawn length.
    metric_crs : a CRS in metres for the district, such as EPSG:4549.
    version : kept, and written on every route.

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
    ids: Ints = nodes["id"].to_numpy(np.int64)
    number = nodes.set_index("id").index
    ends: Ints = np.column_stack([number.get_indexer(roads[end]) for end in ("source", "target")])
    if (ends < 0).any():
        raise Invalid("道路端点不在节点表中。", "A road ends at an unknown node.", field="source/target")

    arcs, added = _arcs(roads, ends, len(ids))
    n = len(ids) + len(added)
    lines: Objects = roads.geometry.to_numpy()
    metric_lines: Objects = roads.geometry.to_crs(metric_crs).to_numpy()
    xy = np.vstack(
        [shapely.get_coordinates(nodes.geometry.to_numpy())]
        + [_part(lines[row], metric_lines[row], at, at)[:1] for row, at in added]
    )
    node_ids = np.concatenate([ids, ids.min(initial=0) - 1 - np.arange(len(added))])
    return Network(
        graph=_graph(roads, node_ids, xy, arcs, len(ids)),
        version=version,
        roads=roads,
        lines=lines,
        metric_lines=metric_lines,
        node_ids=node_ids,
        ends=ends,
        arcs=arcs,
        outgoing=_adjacency(arcs.tail, arcs.head, n),
        incoming=_adjacency(arcs.head, arcs.tail, n),
        tree=shapely.STRtree(metric_lines),
        to_metric=Transformer.from_crs(CRS, metric_crs, always_xy=True),
    )


def _arcs(roads: gpd.GeoDataFrame, ends: Ints, n: int) -> tuple[Arcs, list[tuple[int, float]]]:
    """Arcs of all usable directions, and the added nodes as (road row, fraction), numbered from n."""
    pair = np.sort(ends, axis=1)
    order = np.lexsort((pair[:, 1], pair[:, 0]))  # stable: among parallels the lowest road id stays whole
    again = np.zeros(len(roads), bool)
    again[order[1:]] = (pair[order[1:]] == pair[order[:-1]]).all(axis=1)
    pieces = np.where(pair[:, 0] == pair[:, 1], 3, np.where(again, 2, 1))
    road = np.repeat(np.arange(len(roads)), pieces)
    step = np.arange(len(road)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    count = pieces[road]
    inner = n + (np.cumsum(pieces - 1) - (pieces - 1))[road] + step  # the added node at this piece's end
    tail = np.where(step == 0, ends[road, 0], inner - 1)
    head = np.where(step == count - 1, ends[road, 1], inner)
    begin, end = step / count, (step + 1) / count

    drive, walk, oneway = (roads[flag].to_numpy(bool)[road] for flag in ("drive", "walk", "oneway"))
    keep = np.concatenate([drive | walk, (drive & ~oneway) | walk])
    both = [(tail, head), (head, tail), (road, road), (begin, end), (end, begin)]
    split = step < count - 1
    return (
        Arcs(*(np.concatenate(pair)[keep] for pair in both)),
        list(zip(road[split].tolist(), end[split].tolist(), strict=True)),
    )


def _adjacency(start: Ints, stop: Ints, n: int) -> Adjacency:
    arc = np.lexsort((stop, start))
    return Adjacency(np.searchsorted(start[arc], np.arange(n + 1)), stop[arc], arc)


def _graph(roads: gpd.GeoDataFrame, ids: Ints, xy: Floats, arcs: Arcs, stored: int) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph(crs=CRS)
    for i, (node, (x, y)) in enumerate(zip(ids.tolist(), xy.tolist(), strict=True)):
        graph.add_node(node, x=x, y=y, **({"added": True} if i >= stored else {}))
    forward = arcs.begin < arcs.end
    drive, walk, oneway = (roads[flag].to_numpy(bool)[arcs.road] for flag in ("drive", "walk", "oneway"))
    columns: dict[str, Any] = {
        "road": roads.index.to_numpy()[arcs.road],
        "length_m": np.abs(arcs.end - arcs.begin) * roads["length_m"].to_numpy(float)[arcs.road],
        "class": roads["class"].to_numpy()[arcs.road],
        "drive": drive & (forward | ~oneway),
        "walk": walk,
        "forward": forward,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    attributes = (dict(zip(columns, row, strict=True)) for row in rows)
    graph.add_edges_from(zip(ids[arcs.tail].tolist(), ids[arcs.head].tolist(), attributes, strict=True))
    return graph


def road_seconds(network: Network, profile: Profile, closed: frozenset[int] = frozenset()) -> Floats:
    """Seconds over each whole road, along and against its geometry: (m, 2), inf where it may not be used.

    Ids in `closed` that the network does not have are ignored.
    """
    roads = network.roads
    classes = roads["class"].cat
    speeds = np.array([profile.kmh.get(name, profile.default_kmh) for name in classes.categories])
    kmh = speeds[classes.codes] if len(roads) else np.empty(0)
    usable = roads[profile.mode].to_numpy(bool).copy()
    rows = roads.index.get_indexer(list(closed))
    usable[rows[rows >= 0]] = False
    back = usable
    if profile.mode == "drive":
        back = usable & ~roads["oneway"].to_numpy(bool)
        if "max_speed_kmh" in roads:
            limit = roads["max_speed_kmh"].to_numpy(float, na_value=np.nan)
            kmh = np.where(limit > 0, np.fmin(kmh, limit), kmh)
    seconds = roads["length_m"].to_numpy(float) / kmh * 3.6
    return np.column_stack([np.where(usable, seconds, np.inf), np.where(back, seconds, np.inf)])


def part(network: Network, row: int, begin: float, end: float) -> Floats:
    """Vertices (k, 2), lon lat, of a road between two fractions of its length, in the order of travel."""
    return _part(network.lines[row], network.metric_lines[row], begin, end)


def _part(line: shapely.LineString, metric: shapely.LineString, begin: float, end: float) -> Floats:
    lonlat = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(shapely.get_coordinates(metric), axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    at = at / at[-1] if at[-1] > 0 else np.linspace(0, 1, len(at))
    low, high = sorted((begin, end))
    cut = np.column_stack([np.interp([low, high], at, lonlat[:, axis]) for axis in (0, 1)])
    vertices = np.vstack([cut[:1], lonlat[(at > low) & (at < high)], cut[1:]])
    return vertices if begin <= end else vertices[::-1]


def position(network: Network, road_id: int, fraction: float) -> Position:
    """The position at a fraction of a road; `NotFound` or `Invalid` if there is none."""
    if not 0 <= fraction <= 1:
        raise Invalid("道路上的位置须在 0 到 1 之间。", "A fraction must lie in 0…1.", field="fraction")
    lon, lat = part(network, network.row(road_id), fraction, fraction)[0].tolist()
    return Position(road_id, fraction, lon, lat)


def snap(
    network: Network,
    lon: float,
    lat: float,
    profile: Profile,
    closed: frozenset[int] = frozenset(),
    *,
    limit_m: float = 2000.0,
) -> Position:
    """The nearest place on a usable, not closed road; ties go to the lowest road id.

    Parameters
    ----------
    lon, lat : degrees, EPSG:4490. limit_m : how far to look, metres in the network's metric CRS.

    Raises
    ------
    Invalid : no usable road within the limit.
    """
    point = shapely.Point(network.to_metric.transform(lon, lat))
    allowed, ids = network.roads[profile.mode].to_numpy(bool), network.roads.index
    for radius_m in (limit_m / 40, limit_m / 6, limit_m):
        rows = np.sort(network.tree.query(point, predicate="dwithin", distance=radius_m))
        rows = rows[[bool(allowed[row]) and ids[row] not in closed for row in rows]] if rows.size else rows
        if rows.size:
            distance_m = shapely.distance(network.metric_lines[rows], point)
            row, offset_m = rows[distance_m.argmin()], float(distance_m.min())
            fraction = shapely.line_locate_point(network.metric_lines[row], point, normalized=True)
            fraction = round(float(np.nan_to_num(fraction)), 9)  # a point at a node lies at 0 or 1
            lon, lat = part(network, row, fraction, fraction)[0].tolist()
            return Position(int(ids[row]), fraction, lon, lat, offset_m)
    raise Invalid(
        f"{limit_m:.0f} 米内没有可用道路。",
        f"No usable road within {limit_m:.0f} m.",
        field="position",
    )
