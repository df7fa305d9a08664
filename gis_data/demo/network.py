"""The synthetic district's road network: drawn streets noded, hill roads and forest tracks grown, rows made."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_data import crs
from gis_data.demo import plan
from gis_data.demo.ground import Field, Ground
from gis_data.demo.streets import Street, arterials, blocks, causeway, expressways, over_water, points
from gis_data.demo.trails import Hills

METRIC = "EPSG:4549"
SPEEDS_KMH = {
    "motorway": 100, "trunk": 80, "motorway_link": 50, "trunk_link": 40, "primary": 60, "secondary": 50, "tertiary": 40,
    "unclassified": 30, "residential": 30, "living_street": 20,
}  # fmt: skip
_RANK = [*SPEEDS_KMH, "footway", "track", "path"]
_ON_FOOT = ("footway", "track", "path")


def _ends(street: Street) -> Field:
    found: Field = np.asarray(street.line.coords)[[0, -1]]
    return found


def _onto(line: shapely.LineString, roads: list[Street]) -> shapely.LineString:
    """A line whose ends are brought onto the nearest roads."""
    tree = [road.line for road in roads]
    xy = np.asarray(line.coords)
    for end in (0, -1):
        near = tree[int(shapely.distance(np.array(tree), shapely.Point(xy[end])).argmin())]
        xy[end] = shapely.get_coordinates(near.interpolate(near.project(shapely.Point(xy[end]))))[0]
    return shapely.LineString(xy)


def _passes(hills: Hills, roads: list[Street]) -> list[Street]:
    """The planned hill roads, each from point to point along its cheapest course."""
    found: list[Street] = []
    for name, course in plan.PASSES:
        cells = hills.cell(points(course))
        for a, b in pairwise(cells):
            legs = hills.branches(np.array([a]), np.array([b]))
            line = shapely.line_merge(shapely.MultiLineString([hills.xy[leg] for leg in legs]))
            trail = hills.smooth(hills.cell(np.asarray(line.coords)))
            found.append(Street(_onto(trail, [*roads, *found]), "tertiary", name))
    return found


def _noded(streets: list[Street]) -> list[Street]:
    """Streets cut wherever they meet (on a 1 m grid), each piece as the highest street that it lies on."""
    ranked = sorted(streets, key=lambda s: _RANK.index(s.road_class))
    lines = np.array([s.line for s in ranked])
    whole = shapely.union_all(lines, grid_size=1.0)
    pieces = shapely.get_parts(whole)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(lines)
    at, near = tree.query(middle, predicate="dwithin", distance=1.6)
    best: dict[int, int] = {}
    for piece, line in zip(at.tolist(), near.tolist(), strict=True):
        best[piece] = min(best.get(piece, line), line)
    found = []
    for piece, line in best.items():
        geom, along = pieces[piece], ranked[line].line
        start, end = (along.project(shapely.Point(geom.coords[i])) for i in (0, -1))
        found.append(replace(ranked[line], line=geom if start <= end else geom.reverse()))
    return found


def _merged(streets: list[Street]) -> list[Street]:
    """Pieces of one street joined where nothing else meets them."""
    ends = pd.Series([tuple(p) for s in streets for p in _ends(s)])
    degree = ends.value_counts().to_dict()
    groups: dict[tuple[object, ...], list[Street]] = {}
    for s in streets:
        groups.setdefault((s.road_class, s.name, s.oneway, s.bridge, s.tunnel, s.layer, s.max_height_m), []).append(s)
    found: list[Street] = []
    for group in groups.values():
        joined = shapely.line_merge(shapely.MultiLineString([s.line for s in group]), directed=group[0].oneway)
        for line in shapely.get_parts(joined):
            coords = [tuple(p) for p in line.coords]
            cuts = [0, *(i for i in range(1, len(coords) - 1) if degree.get(coords[i], 0) > 2), len(coords) - 1]
            found += [replace(group[0], line=shapely.LineString(coords[a : b + 1])) for a, b in pairwise(cuts)]
    return found


def _main_part(streets: list[Street], *, drive: bool) -> list[Street]:
    """Only what hangs together; for driving, a one-way that would strand a corner becomes two-way."""
    while True:
        nodes, at = np.unique(np.vstack([_ends(s) for s in streets]), axis=0, return_inverse=True)
        a, b = at.reshape(-1, 2).T
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
        local = [s.road_class in ("residential", "living_street") for s in streets]
        opened = stuck & np.array(local) & ~both
        if opened.any():
            streets = [replace(s, oneway=s.oneway and not o) for s, o in zip(streets, opened, strict=True)]
        else:
            core = strong == np.bincount(strong).argmax()
            streets = [s for s, i, j in zip(streets, core[a], core[b], strict=True) if i and j]


def _pruned(streets: list[Street], least_m: float) -> list[Street]:
    """Without short local dead ends."""
    for _ in range(2):
        ends = pd.Series([tuple(p) for s in streets for p in _ends(s)])
        lone = set(ends[~ends.duplicated(keep=False)])
        streets = [
            s
            for s in streets
            if not (
                s.line.length < least_m
                and _RANK.index(s.road_class) >= _RANK.index("tertiary")
                and any(tuple(p) in lone for p in _ends(s))
            )
        ]
    return streets


def _grown(
    streets: list[Street],
    ground: Ground,
    hills: Hills,
    rng: np.random.Generator,
    heights: tuple[float, float],
    kinds: list[str],
) -> list[Street]:
    """Branches from the streets to scattered places between two heights, about 650 m apart."""
    low = [s for s in streets if not s.road_class.startswith(("motorway", "trunk"))]
    nodes = np.unique(np.vstack([_ends(s) for s in low]), axis=0)
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
            found.append(Street(hills.smooth(course, home.get(int(course[0]))), kinds[int(rng.integers(len(kinds)))]))
    return [s for s in found if s.line.length > 1]


def make(ground: Ground, rng: np.random.Generator) -> tuple[list[Street], list[shapely.Polygon]]:
    """All streets, cut at their junctions, and the blocks between them."""
    hills = Hills(ground, grade=0.055)
    main = arterials()
    main += _passes(hills, main)
    local, lots = blocks(main, ground, rng)
    ramps, fast = expressways(main, ground)
    flat = [*over_water([*main, *local], ground, rng), *ramps]
    walk = replace(causeway(), line=_onto(causeway().line, [s for s in main if s.road_class == "secondary"]))
    driven = _main_part(_pruned([*_noded([*flat, walk]), *fast], 45), drive=False)
    driven += _grown(driven, ground, hills, rng, (26, 150), ["unclassified"])
    driven = _merged(driven)
    feet = [s for s in driven if s.road_class in _ON_FOOT]
    driven = _main_part([s for s in driven if s.road_class not in _ON_FOOT], drive=True)
    tracks = _grown(driven, ground, Hills(ground, grade=0.22), rng, (110, 400), ["track", "path", "path"])
    return _main_part([*driven, *feet, *_merged(tracks)], drive=False), lots


def frames(streets: list[Street]) -> dict[str, gpd.GeoDataFrame]:
    """The rows of `road_node` and `road`, EPSG:4490, lengths measured in EPSG:4549."""
    back = crs.to_degrees(METRIC)

    def degrees(xy: Field) -> Field:
        return np.round(np.stack(back.transform(xy[:, 0], xy[:, 1]), axis=-1), 8)

    nodes, at = np.unique(np.vstack([_ends(s) for s in streets]), axis=0, return_inverse=True)
    ends = at.reshape(-1, 2)
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
            "geom": shapely.transform(np.array([s.line for s in streets]), degrees),
        }
    )
    spots = gpd.GeoDataFrame({"geom": shapely.points(degrees(nodes))}, geometry="geom", crs=crs.STORAGE)
    return {"road_node": spots, "road": gpd.GeoDataFrame(rows, geometry="geom", crs=crs.STORAGE)}
