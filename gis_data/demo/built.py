"""What stands on the synthetic ground: buildings in their places, land cover, people in hexagons, labels."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from gis_data import crs
from gis_data.demo import fabric, plan, villages
from gis_data.demo.ground import Field, Ground, Shape, metres, noise, polygons, sampled
from gis_data.demo.land import Buildings, Lot, Village, unit_codes
from gis_data.demo.network import Laid
from gis_data.demo.streets import Street
from gis_data.sources.vector import cells_around

RESIDENTS = 1_090_000
AT_DAY = 1_164_000
"""People in the whole district at daytime: some leave, more come to work and study."""
MOST = 64_000
"""Buildings; houses and sheds beyond them are left out."""
HEX_M = 540.0
_METRIC = "EPSG:4549"
_CLEAR_M = {
    "motorway": 24, "trunk": 24, "motorway_link": 9, "trunk_link": 9, "primary": 14, "secondary": 12, "tertiary": 9,
    "residential": 5, "living_street": 5, "unclassified": 4.5, "service": 3.6, "footway": 3, "track": 3, "path": 2.5,
}  # fmt: skip
"""What buildings keep from a street's middle, in metres."""


def frame(columns: dict[str, Any], geoms: Any) -> gpd.GeoDataFrame:
    """Rows with geometry moved from metres to EPSG:4490 (1e-8 degrees)."""
    back = crs.to_degrees(_METRIC)
    moved = shapely.transform(
        np.asarray(geoms, dtype=object), lambda xy: np.round(np.stack(back.transform(*xy.T), axis=-1), 8)
    )
    torn = ~shapely.is_valid(moved)  # rounding can pinch a polygon
    moved[torn] = _multi(shapely.make_valid(moved[torn], method="structure", keep_collapsed=False))
    return gpd.GeoDataFrame(pd.DataFrame(columns).assign(geom=moved), geometry="geom", crs=crs.STORAGE)


def _multi(geoms: Any) -> Any:
    """Polygons as multipolygons of one; other geometries as they are."""
    found = np.empty(len(geoms), dtype=object)
    found[:] = list(geoms)
    alone = np.flatnonzero(shapely.get_type_id(found) == 3)
    found[alone] = shapely.multipolygons(found[alone], indices=np.arange(len(alone)))
    return found


def _standing(
    found: fabric.Boxes, streets: list[Street], ground: Ground, wet: Shape, rng: np.random.Generator
) -> fabric.Boxes:
    """The candidates inside the district that keep off streets, water, steep ground and each other, `MOST` at most."""
    outlines: Any = shapely.polygons(found.corners)
    centres = shapely.get_coordinates(shapely.centroid(outlines))
    steep = np.hypot(*np.gradient(ndimage.gaussian_filter(ground.height_m, 0.8), 25.0))
    fit = shapely.contains_xy(ground.outline, *centres.T) & (shapely.area(outlines) > 11)
    fit &= sampled(steep, ground.transform, centres) < 0.36
    tree = shapely.STRtree(outlines)
    for road_class, clear_m in _CLEAR_M.items():
        lines = np.array(
            [
                s.line
                for s in streets
                if s.road_class == road_class and not (s.tunnel and s.layer == -1 and not s.max_height_m)
            ]
        )
        if len(lines):
            fit[tree.query(lines, predicate="dwithin", distance=clear_m)[1]] = False
    for obstacle in (*shapely.get_parts(wet), ground.wetland):
        fit[tree.query(obstacle, predicate="dwithin", distance=6)] = False
    fit[tree.query([s.line for s in ground.streams], predicate="dwithin", distance=7)[1]] = False
    first = np.flatnonzero(fit)
    a, b = shapely.STRtree(outlines[first]).query(outlines[first], predicate="dwithin", distance=1.2)
    pairs = np.stack([a, b], axis=-1)[a < b]
    gone: set[int] = set()
    for better, worse in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist():
        if better not in gone:
            gone.add(worse)
    kept = np.delete(first, sorted(gone))
    spare = np.flatnonzero(np.isin(found.use[kept], ["house", "shed"]))
    surplus = rng.permutation(spare)[: max(len(kept) - MOST, 0)]
    return found[np.delete(kept, surplus)]


def settle(laid: Laid, ground: Ground, rng: np.random.Generator) -> tuple[list[Lot], list[Village], Buildings]:
    """The finished blocks and fields, villages, and buildings."""
    wet = [ground.broad_water, *(bed for _, bed in ground.canals), *ponds(laid.crops)]
    candidates = fabric.joined([fabric.boxes(laid.plots, rng), villages.houses(laid.hamlets, laid.streets, rng)])
    stands = _standing(candidates, laid.streets, ground, shapely.union_all(wet), rng)
    outlines = np.asarray(shapely.polygons(stands.corners), dtype=object)
    built_on = np.array([plot.use != "farmland" for plot in laid.plots])
    lot = np.where(stands.lot >= 0, (np.cumsum(built_on) - 1)[stands.lot], -1)
    whole = Buildings(outlines, stands.use, stands.height_m, lot, stands.village)
    own: list[list[int]] = [[] for _ in range(built_on.sum())]
    for i in np.flatnonzero(lot >= 0).tolist():
        own[lot[i]].append(i)
    plots = [plot for plot in laid.plots if plot.use != "farmland"]
    lots = [
        Lot(p.land, p.use, p.dense, tuple(outlines[mine]), tuple(whole.height_m[mine].tolist()))
        for p, mine in zip(plots, own, strict=True)
    ]
    lots += [Lot(c.land, "farmland" if c.kind == "pond" else c.kind, 0.0, (), ()) for c in laid.crops]
    return lots, [Village(h.name, shapely.Point(h.centre), h.stream) for h in laid.hamlets], whole


def ponds(crops: list[fabric.Crop]) -> list[Shape]:
    """The fish ponds among the fields."""
    wet = [crop.land.buffer(-14, join_style="mitre").buffer(5) for crop in crops if crop.kind == "pond"]
    return [part for part in shapely.get_parts(wet) if part.area > 1500]


_KINDS = {"tower": "apartments", "shop": "retail", "mall": "retail"}


def buildings(found: Buildings) -> gpd.GeoDataFrame:
    """Rows of `building`."""
    columns = {"kind": [_KINDS.get(use, use) for use in found.use], "name": None, "height_m": found.height_m}
    return frame(columns, _multi(found.outline))


_COVERS = {
    "apartments": "residential", "tower": "residential", "village": "residential", "school": "residential",
    "office": "commercial", "mall": "commercial", "industrial": "industrial", "park": "park",
}  # fmt: skip
"""Use of a block → kind of land cover, where they differ."""


def landcover(land: Any, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Rows of `landcover`: kinds of wood on the hills, tea at their foot, fields and parks, built-up land, wetland."""
    ground: Ground = land.ground
    high = ndimage.gaussian_filter(ground.height_m, 2)
    slope = np.hypot(*np.gradient(high, 25.0))
    homes = _village_ground(land.buildings)
    built = shapely.union_all([homes, *(lot.land for lot in land.lots if lot.use in _COVERS and lot.use != "park")])
    dry = ground.outline.buffer(800).difference(shapely.union_all([ground.broad_water, built]))
    patchy, mixed = noise(rng, high.shape, 18), noise(rng, high.shape, 26)
    tea_mask = (high > 14) & (high < 105) & (patchy > 0.12) & (slope < 0.42)
    tea = polygons(tea_mask, ground.transform, 25_000, 25).intersection(dry)
    wood = ground.hills.intersection(dry).difference(tea)
    kinds = {
        "bamboo": (mixed > 0.34) & (high < 220),
        "conifer": (mixed < -0.25) | (high > 300),
        "scrub": (noise(rng, high.shape, 12) > 0.55) & (high < 160),
    }
    rows: list[tuple[str, str | None, Shape]] = [("wetland", "演示湿地", ground.wetland.difference(ground.ponds))]
    parts = [("tea", tea)]
    for kind, mask in kinds.items():
        area = polygons(mask & (high > 18), ground.transform, 40_000, 25).intersection(wood)
        wood = wood.difference(area)
        parts.append((kind, area))
    for kind, whole in (("wood", wood), *parts):
        rows += [(kind, None, p) for p in shapely.get_parts(whole) if p.geom_type == "Polygon" and p.area > 6_000]
    rows += [(_COVERS.get(lot.use, lot.use), None, lot.land) for lot in land.lots if lot.land.area > 900]
    rows += [("residential", None, p) for p in shapely.get_parts(homes) if p.area > 2_000]
    columns = {"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}
    return frame(columns, _multi([r[2] for r in rows]))


def _village_ground(found: Buildings) -> Shape:
    """Where village houses stand close together."""
    close = found.outline[found.village >= 0]
    return shapely.simplify(shapely.union_all(shapely.buffer(close, 17, quad_segs=1)).buffer(-11, quad_segs=1), 2)


def water(ground: Ground, fish: list[Shape]) -> gpd.GeoDataFrame:
    """Rows of `water`: areas, and streams as lines downhill."""
    rows: list[tuple[str, str | None, Shape]] = [("lake", "演示西湖", ground.lake), ("river", "演示江", ground.river)]
    rows += [("stream" if "溪" in name else "canal", name, course) for name, course in ground.canals]
    rows += [("stream", stream.name, stream.line) for stream in ground.streams]
    rows += [("pond", None, pond) for pond in shapely.get_parts(ground.ponds) if pond.area > 200]
    rows += [("pond", None, pond) for pond in fish]
    columns = {"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}
    return frame(columns, _multi([g for *_, g in rows]))


_LABELS: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("locality", "演示西湖", (15.9, 19.3)), ("locality", "演示江", (13.85, 7.0)), ("locality", "演示湿地", (8.6, 24.2)),
    ("peak", "保演山", (15.6, 21.6)), ("peak", "天演峰", (10.8, 18.3)), ("peak", "北演峰", (12.1, 20.0)),
    ("peak", "五演山", (13.6, 14.7)), ("peak", "西演尖", (2.0, 17.6)), ("peak", "灵演山", (1.0, 9.6)),
)  # fmt: skip


def _summit(ground: Ground, at: Field) -> Field:
    """The highest point within 700 m."""
    grid = at + np.stack(np.meshgrid(np.arange(-700, 701, 25.0), np.arange(-700, 701, 25.0)), axis=-1).reshape(-1, 2)
    found: Field = grid[ground.at(grid).argmax()]
    return found


def places(ground: Ground, found: list[Village]) -> gpd.GeoDataFrame:
    """Rows of `place`: the units, the lake, the river, the hills, the villages."""
    rows = [
        ("suburb", unit[1], spot) for unit, spot in zip(plan.UNITS, shapely.point_on_surface(ground.units), strict=True)
    ]
    for kind, name, at in _LABELS:
        xy = metres((at,))[0]
        rows.append((kind, name, shapely.Point(_summit(ground, xy) if kind == "peak" else xy)))
    rows += [("village", village.name, village.centre) for village in found]
    return frame({"kind": [r[0] for r in rows], "name": [r[1] for r in rows]}, [r[2] for r in rows])


_HOMES = {"apartments": 1.0, "tower": 1.0, "house": 0.55, "shop": 0.2, "office": 0.08}
_WORK = {"office": 1.0, "mall": 0.8, "shop": 0.7, "industrial": 0.5, "school": 2.2, "house": 0.06, "apartments": 0.04}
_STAY = 0.46
"""The share of residents who are at home at daytime."""


def population(found: Buildings, ground: Ground, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, Field]:
    """Rows of `population_cell` (made-up people by floor space), and the people of each unit by night and by day."""
    west, south, east, north = ground.outline.bounds
    rows = np.arange(int((north - south) / HEX_M / np.sqrt(0.75)) + 2)
    cols = np.arange(int((east - west) / HEX_M) + 2)
    centres = np.array(
        [(west + (c + 0.5 * (r % 2)) * HEX_M, south + r * HEX_M * np.sqrt(0.75)) for r in rows for c in cols]
    )
    unit = unit_codes(ground, shapely.points(centres))
    kept = np.flatnonzero(unit != "")
    cell = KDTree(centres[kept]).query(found.centre)[1]
    space = shapely.area(found.outline) * found.height_m / 3 * rng.uniform(0.85, 1.15, len(cell))
    night = np.bincount(cell, space * [_HOMES.get(use, 0.0) for use in found.use], len(kept))
    work = np.bincount(cell, space * [_WORK.get(use, 0.0) for use in found.use], len(kept))
    there = night / night.sum() * RESIDENTS
    day = _STAY * there + work / work.sum() * (AT_DAY - _STAY * RESIDENTS)
    people = np.stack([_whole(there, RESIDENTS), _whole(day, AT_DAY)])
    columns = {
        "code": [f"DEMO-H{i:04d}" for i in range(1, len(kept) + 1)],
        "population": people[0],
        "population_day": people[1],
        "jobs": None,
        "schools": None,
        "healthcare": None,
    }
    totals = np.stack([people[:, unit[kept] == u[0]].sum(axis=1) for u in plan.UNITS], axis=1)
    return frame(columns, _multi(cells_around(centres)[kept])), totals


def _whole(exact: NDArray[np.float64], total: int) -> NDArray[np.float64]:
    """Whole numbers near to those given that sum to the total."""
    people = np.floor(exact)
    people[np.argsort(people - exact, kind="stable")[: int(total - people.sum())]] += 1
    return people
