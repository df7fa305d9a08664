"""The synthetic district's road network: drawn streets noded, hill roads and forest tracks grown, rows made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_data import crs
from gis_data.demo import fabric, plan, villages
from gis_data.demo.ground import Field, Ground, line_of
from gis_data.demo.streets import Street, arterials, blocks, causeway, expressways, over_water, points
from gis_data.demo.trails import Hills

METRIC = "EPSG:4549"
SPEEDS_KMH = {
    "motorway": 100, "trunk": 80, "motorway_link": 50, "trunk_link": 40, "primary": 60, "secondary": 50, "tertiary": 40,
    "unclassified": 30, "residential": 30, "living_street": 20, "service": 15,
}  # fmt: skip
_RANK = [*SPEEDS_KMH, "footway", "track", "path"]
_ON_FOOT = ("footway", "track", "path")


@dataclass(frozen=True)
class Laid:
    """The network laid out: streets cut at their junctions, blocks with their uses, fields, villages."""

    streets: list[Street]
    plots: list[fabric.Plot]
    crops: list[fabric.Crop]
    hamlets: list[villages.Hamlet]


def _lines(streets: list[Street]) -> NDArray[np.object_]:
    found = np.empty(len(streets), dtype=object)
    found[:] = [s.line for s in streets]
    return found


def _ends(streets: list[Street]) -> Field:
    """First and last points, shape (streets, 2, 2)."""
    xy, owner = shapely.get_coordinates(_lines(streets), return_index=True)
    first = np.searchsorted(owner, np.arange(len(streets)))
    found: Field = np.stack([xy[first], xy[np.append(first[1:], len(xy)) - 1]], axis=1)
    return found


def _junctions(streets: list[Street]) -> tuple[Field, NDArray[np.int64]]:
    """The points where streets end, shape (nodes, 2), and each street's two, shape (streets, 2)."""
    ends = _ends(streets).reshape(-1, 2)
    nodes, at = np.unique(ends[:, 0] + 1j * ends[:, 1], return_inverse=True)
    return np.stack([nodes.real, nodes.imag], axis=-1), at.reshape(-1, 2)


def _onto(line: shapely.LineString, roads: list[Street]) -> shapely.LineString:
    """A line whose ends are brought onto the nearest roads."""
    tree = [road.line for road in roads]
    xy = np.asarray(line.coords)
    for end in (0, -1):
        near = tree[int(shapely.distance(np.array(tree), shapely.Point(xy[end])).argmin())]
        xy[end] = shapely.get_coordinates(near.interpolate(near.project(shapely.Point(xy[end]))))[0]
    return shapely.LineString(xy)


def _passes(hills: Hills, roads: list[Street]) -> list[Street]:
    """The planned hill roads, each from point to point along its cheapest course, its ends on roads."""
    found: list[Street] = []
    for name, course in plan.PASSES:
        cells = hills.cell(points(course))
        whole = [hills.course(int(a), int(b)) for a, b in pairwise(cells)]
        trail = hills.smooth(np.concatenate([whole[0], *(leg[1:] for leg in whole[1:])]))
        found.append(Street(_onto(trail, [*roads, *found]), "tertiary", name))
    return found


def _noded(streets: list[Street]) -> list[Street]:
    """Streets cut wherever they meet (on a 1 m grid), each piece as the highest street that it lies on."""
    ranked = sorted(streets, key=lambda s: _RANK.index(s.road_class))
    lines = _lines(ranked)
    whole = shapely.union_all(lines, grid_size=1.0)
    pieces = shapely.get_parts(whole)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(lines)
    at, near = tree.query(middle, predicate="dwithin", distance=1.6)
    best = np.full(len(pieces), len(lines))
    np.minimum.at(best, at, near)
    pieces, best = pieces[best < len(lines)], best[best < len(lines)]
    start, end = (shapely.line_locate_point(lines[best], shapely.get_point(pieces, i)) for i in (0, -1))
    pieces = np.where(start <= end, pieces, shapely.reverse(pieces))
    return [ranked[line].along(piece) for piece, line in zip(pieces, best.tolist(), strict=True)]


def _merged(streets: list[Street]) -> list[Street]:
    """Pieces of one street joined where nothing else meets them."""
    nodes, at = _junctions(streets)
    busy = set(map(tuple, nodes[np.bincount(at.ravel()) > 2].tolist()))
    groups: dict[tuple[object, ...], list[Street]] = {}
    for s in streets:
        groups.setdefault((s.road_class, s.name, s.oneway, s.bridge, s.tunnel, s.layer, s.max_height_m), []).append(s)
    found: list[Street] = []
    for group in groups.values():
        joined = shapely.line_merge(shapely.MultiLineString([s.line for s in group]), directed=group[0].oneway)
        for line in shapely.get_parts(joined):
            coords = list(line.coords)
            cuts = [0, *(i for i in range(1, len(coords) - 1) if coords[i] in busy), len(coords) - 1]
            whole = len(cuts) == 2
            found += [
                group[0].along(line if whole else shapely.LineString(coords[a : b + 1])) for a, b in pairwise(cuts)
            ]
    return found


def _main_part(streets: list[Street], *, drive: bool) -> list[Street]:
    """Only what hangs together; for driving, a one-way that would strand a corner becomes two-way."""
    while True:
        nodes, at = _junctions(streets)
        a, b = at.T
        both = np.array([not s.oneway for s in streets])
        rows, cols = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
        links = coo_array((np.ones(len(rows)), (rows, cols)), shape=(len(nodes), len(nodes)))
        _, weak = connected_components(links, connection="weak")
        main = weak == np.bincount(weak).argmax()
        if not main[a].all():
            streets = [s for s, keep in zip(streets, main[a], strict=True) if keep]
            continue
        _, strong = connected_components(links, connection="strong")
        stuck = strong[a] != strong[b]
        if not drive or not stuck.any():
            return streets
        local = [s.road_class in ("residential", "living_street", "service") for s in streets]
        opened = stuck & np.array(local) & ~both
        if opened.any():
            streets = [replace(s, oneway=s.oneway and not o) for s, o in zip(streets, opened, strict=True)]
        else:
            core = strong == np.bincount(strong).argmax()
            streets = [s for s, i, j in zip(streets, core[a], core[b], strict=True) if i and j]


def _pruned(streets: list[Street], outline: shapely.Polygon, least_m: float) -> list[Street]:
    """Without short local dead ends, and without longer ones that stop at the district's edge."""
    edge = outline.boundary.buffer(90)
    shapely.prepare(edge)
    for _ in range(3):
        nodes, at = _junctions(streets)
        lone = np.bincount(at.ravel()) == 1
        cut_off = lone & (shapely.contains_xy(edge, *nodes.T) | ~shapely.contains_xy(outline, *nodes.T))
        least = np.where(cut_off[at].any(axis=1), least_m * 5, np.where(lone[at].any(axis=1), least_m, 0.0))
        streets = [
            s
            for s, short_m in zip(streets, least.tolist(), strict=True)
            if s.line.length >= short_m or _RANK.index(s.road_class) < _RANK.index("tertiary")
        ]
    return streets


def _grown(
    streets: list[Street], ground: Ground, hills: Hills, rng: np.random.Generator, heights: tuple[float, float]
) -> list[Street]:
    """Forest tracks and paths from the streets to scattered places between two heights, about 650 m apart."""
    nodes, _ = _junctions([s for s in streets if not s.road_class.startswith(("motorway", "trunk"))])
    cells = hills.cell(nodes)
    tried = rng.uniform(hills.xy.min(axis=0), hills.xy.max(axis=0), (2600, 2))
    high = ground.at(tried)
    inside = shapely.contains_xy(ground.outline, tried[:, 0], tried[:, 1])
    chosen: list[Field] = []
    for xy in tried[(high > heights[0]) & (high < heights[1]) & inside]:
        if all(np.hypot(*(xy - other)) > 650 for other in chosen):
            chosen.append(xy)
    found = []
    home = dict(zip(cells.tolist(), nodes, strict=True))
    for course in hills.branches(cells, hills.cell(np.array(chosen))):
        if len(course) > 2 or int(course[0]) in home:
            line = hills.smooth(course, home.get(int(course[0])))
            found.append(Street(line, ("track", "path", "path")[int(rng.integers(3))]))
    return [s for s in found if s.line.length > 1]


def _ways(streets: list[Street], hamlets: list[villages.Hamlet], hills: Hills) -> list[Street]:
    """Country roads from the streets to the villages' centres, sharing trunks."""
    lines = np.array([s.line for s in streets])
    spots = [shapely.line_interpolate_point(line, np.arange(0, line.length, 40.0)) for line in lines]
    on_road = shapely.get_coordinates(np.concatenate(spots))
    home = dict(zip(hills.cell(on_road).tolist(), on_road, strict=True))
    centres = np.array([h.centre for h in hamlets])
    end = dict(zip(hills.cell(centres).tolist(), centres, strict=True))
    found = []
    for course in hills.branches(np.array(list(home)), np.array(list(end))):
        first, last = int(course[0]), int(course[-1])
        line = hills.smooth(course, home.get(first, end.get(first)), end.get(last))
        if line.length > 1:
            found.append(Street(line, "unclassified"))
    near = [cell for cell in end if cell in home]
    found += [Street(shapely.LineString([home[c], end[c]]), "unclassified") for c in near if (home[c] != end[c]).any()]
    return found


def make(ground: Ground, rng: np.random.Generator) -> Laid:
    """All streets, cut at their junctions, the blocks between them, and the villages."""
    hills = Hills(ground, grade=0.055)
    main = arterials(rng)
    main += _passes(hills, main)
    local, lots = blocks(main, ground, rng)
    inside = [p for p in shapely.intersection(np.array(lots), ground.outline) if p.geom_type == "Polygon"]
    scenic = next(area for unit, area in zip(plan.UNITS, ground.units, strict=True) if unit[0] == plan.SCENIC)
    plots = fabric.plots([p for p in inside if p.area > 1500], scenic, rng)
    fast_line = shapely.union_all([line_of(course) for *_, course in plan.EXPRESSWAYS])
    hamlets = villages.settle(ground, [*main, *local], fast_line, rng)
    ways = _ways([*main, *local], hamlets, hills)
    ramps, fast = expressways(main, ground)
    crops, tracks = fabric.crops(plots, rng)
    crest = ground.river.buffer(34).boundary.intersection(ground.outline.buffer(-15))
    dyke = [Street(part, "track", "演示江堤") for part in shapely.get_parts(shapely.line_merge(crest))]
    own = [*villages.lanes(hamlets), *fabric.lanes(plots), *tracks, *dyke]
    flat = [*over_water([*main, *local, *ways, *own], ground, rng), *ramps]
    walk = causeway().along(_onto(causeway().line, [s for s in main if s.road_class == "secondary"]))
    driven = _main_part(_pruned([*_noded([*flat, walk]), *fast], ground.outline, 45), drive=False)
    driven = _merged(driven)
    feet = [s for s in driven if s.road_class in _ON_FOOT]
    driven = _main_part([s for s in driven if s.road_class not in _ON_FOOT], drive=True)
    paths = _grown(driven, ground, Hills(ground, grade=0.22), rng, (60, 400))
    return Laid(_main_part([*driven, *feet, *_merged(paths)], drive=False), plots, crops, hamlets)


def frames(streets: list[Street]) -> dict[str, gpd.GeoDataFrame]:
    """The rows of `road_node` and `road`, EPSG:4490, lengths measured in EPSG:4549."""
    back = crs.to_degrees(METRIC)

    def degrees(xy: Field) -> Field:
        return np.round(np.stack(back.transform(xy[:, 0], xy[:, 1]), axis=-1), 8)

    nodes, ends = _junctions(streets)
    rows = pd.DataFrame(
        {
            "way_id": np.arange(1, len(streets) + 1),
            "source": ends[:, 0],
            "target": ends[:, 1],
            "name": [s.name for s in streets],
            "class": [s.road_class for s in streets],
            "oneway": [s.oneway for s in streets],
            "bridge": [s.bridge for s in streets],
            "tunnel": [s.tunnel for s in streets],
            "layer": [s.layer for s in streets],
            "max_speed_kmh": [float(SPEEDS_KMH[s.road_class]) if s.road_class in SPEEDS_KMH else None for s in streets],
            "max_height_m": [s.max_height_m for s in streets],
            "max_weight_t": None,
            "max_width_m": None,
            "drive": [s.road_class not in _ON_FOOT for s in streets],
            "walk": [not s.road_class.startswith(("motorway", "trunk")) for s in streets],
            "length_m": [round(s.line.length, 2) for s in streets],
            "geom": shapely.transform(_lines(streets), degrees),
        }
    )
    spots = gpd.GeoDataFrame({"geom": shapely.points(degrees(nodes))}, geometry="geom", crs=crs.STORAGE)
    return {"road_node": spots, "road": gpd.GeoDataFrame(rows, geometry="geom", crs=crs.STORAGE)}
