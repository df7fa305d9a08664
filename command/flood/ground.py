"""The ground that water runs over here: terrain, cover, lakes and rivers, underpasses, from the registers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize
from sqlalchemy import text
from sqlalchemy.orm import Session

from command import roads
from command.demand import remember
from gis_data import tile_changes
from gis_data.db import district
from gis_data.errors import Invalid
from gis_data.sources.raster_grid import regrid
from layers.flood.buildings import BuildingIndex, building_index
from layers.flood.roads import RoadIndex, road_index
from layers.flood.scene import Body, Scene, make_scene, with_wall
from layers.flood.underpass import Underpass, by_area

MARGIN_M = 300.0
MOST_CELLS = 4_000_000
FILL_M = 0.3
"""Pits of the terrain shallower than this are taken for noise of the survey."""
LEVEL_SPREAD_M = 1.0
"""A water area whose ground varies by more is no level surface: it is left as ground."""
CHANNEL_M = 1.5
"""DEMO: the depth of the bed of a stream that is known as a line, and narrower than a cell."""
COVERS = {
    **dict.fromkeys(("wood", "broadleaf", "conifer", "bamboo", "orchard", "tea", "forest"), 10),
    "scrub": 20, **dict.fromkeys(("grass", "park", "meadow"), 30), **dict.fromkeys(("farmland", "farm"), 40),
    **dict.fromkeys(("residential", "commercial", "industrial", "retail", "school", "village", "builtup"), 50),
    "bare": 60, "quarry": 60, "wetland": 90,
}  # fmt: skip
"""Kind of land cover → class of `layers.flood.scene.DEMO_COVERS`."""
BUILT_UP, GRASS = 50, 30
_TABLES = ("water", "landcover", "building", "underpass", "admin_unit", "dyke")
AROUND_BUILDINGS_M = 30.0


@dataclass(frozen=True, eq=False)
class FloodGround:
    """The scene, the roads on it (`road_ids` in the index's order), the underpasses by row, and what it rests on."""

    scene: Scene
    index: RoadIndex
    road_ids: NDArray[np.int64]
    underpasses: dict[int, tuple[str, str, Underpass, tuple[int, int]]]
    """Row of the road → code and name of the underpass, its vessel, its cell."""
    terrain: str
    road_version: str
    buildings: BuildingIndex
    channel: NDArray[np.bool_]
    """Cells of streams that are known as lines."""
    version: tuple[Any, ...] = ()
    """Names the data that it was made of, and its cells."""


def flood_ground(session: Session, cell_m: float, data: Path) -> FloodGround:
    """The ground at a cell size, made once for the data in force. Raises Invalid where there is no terrain."""
    dem = roads.terrain(session, data)
    if dem is None:
        raise Invalid(
            "还没有地形数据：请先运行 baochu load terrain 文件.tif。",
            "There is no terrain yet: run baochu load terrain FILE.tif.",
            field="terrain",
        )
    versions = tile_changes.versions(session.connection())
    key = (
        "flood ground", session.get_bind().engine.url, str(dem), cell_m, roads.version(session),
        *(versions.get(f"gis.{table}", 0) for table in _TABLES),
    )  # fmt: skip
    found: FloodGround = remember(key, lambda: replace(_make(session, dem, cell_m), version=key))
    return found


def _shapes(session: Session, query: str, crs: str, **values: Any) -> tuple[list[Any], NDArray[np.object_]]:
    rows = session.execute(text(query), values).all()
    to_metric = Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    lines = shapely.from_wkb([bytes(row.geom) for row in rows])
    moved = shapely.transform(lines, lambda xy: np.column_stack(to_metric.transform(xy[:, 0], xy[:, 1])))
    return list(rows), np.atleast_1d(moved)


def _make(session: Session, dem: Path, cell_m: float) -> FloodGround:
    crs = district(session).metric_crs
    within = "select ST_AsBinary(geom) as geom from gis.admin_unit where valid_to is null and level = 'town'"
    _, towns = _shapes(session, within, crs)
    network = roads.base(session)
    area = towns if len(towns) else network.plan.metric_lines
    west, south, east, north = shapely.total_bounds(area) + np.array([-1, -1, 1, 1]) * MARGIN_M
    west, north = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    shape = int(np.ceil((north - south) / cell_m)), int(np.ceil((east - west) / cell_m))
    if shape[0] * shape[1] > MOST_CELLS:
        raise Invalid(
            f"网格过密：{shape[0] * shape[1]:,} 格，上限 {MOST_CELLS:,}。请加大网格边长。",
            f"Too fine: {shape[0] * shape[1]:,} cells, the most is {MOST_CELLS:,}. Take larger cells.",
            field="cell_m",
        )
    transform = Affine(cell_m, 0, west, 0, -cell_m, north)
    z = regrid(dem, "terrain", crs, transform, shape)
    body, bodies = _water(session, crs, z, transform)
    channel = _streams(session, crs, shape, transform) & (body < 0)
    z[channel] -= CHANNEL_M
    scene = make_scene(
        z, cell_m, land_use=_cover(session, crs, shape, transform), body=body, bodies=bodies, fill_m=FILL_M,
        transform=transform, crs=crs,
    )  # fmt: skip
    for dyke, line in zip(*_shapes(session, _DYKES, crs), strict=True):
        for part in shapely.get_parts(line):
            scene = with_wall(scene, part, float(dyke.crest_m))
    plan = network.plan
    lifted = plan.roads["bridge"].to_numpy(bool) | plan.roads["tunnel"].to_numpy(bool)
    index = road_index(scene, plan.metric_lines, lifted=lifted)
    over = np.append(channel.ravel(), True)[index.cells]  # a road over a stream is a bridge, or a culvert under it
    index = replace(index, cells=np.where(over, channel.size, index.cells))
    vessels = _underpasses(session, crs, scene, network)
    _, houses = _shapes(session, "select ST_AsBinary(geom) as geom from gis.building where valid_to is null", crs)
    return FloodGround(
        scene, index, plan.roads.index.to_numpy(), vessels, dem.stem, network.version, building_index(scene, houses),
        channel,
    )  # fmt: skip


_DYKES = "select crest_m, ST_AsBinary(geom) as geom from gis.dyke where valid_to is null and crest_m is not null"


def _water(
    session: Session, crs: str, z: NDArray[np.float64], transform: Affine
) -> tuple[NDArray[np.int32], list[Body]]:
    """The number of the water body of each cell, and their levels: what the terrain says of their surface."""
    query = (
        "select name, kind, ST_AsBinary(geom) as geom from gis.water where valid_to is null and ST_Dimension(geom) = 2"
    )
    rows, areas = _shapes(session, query, crs)
    body, bodies = np.full(z.shape, -1, np.int32), list[Body]()
    if not rows:
        return body, bodies
    mark = rasterize([(one, n) for n, one in enumerate(areas, 1)], z.shape, transform=transform, dtype="int32") - 1
    order = np.argsort(mark.ravel(), kind="stable")
    flat, heights = mark.ravel()[order], z.ravel()[order]
    firsts = np.searchsorted(flat, np.arange(len(rows) + 1))
    for n, row in enumerate(rows):
        here = heights[firsts[n] : firsts[n + 1]]
        here = here[np.isfinite(here)]
        if len(here) < 2 or np.subtract(*np.percentile(here, [90, 10])) > LEVEL_SPREAD_M:
            continue
        body[mark == n] = len(bodies)
        bodies.append(Body(row.name or "", (float(np.median(here)),)))
    return body, bodies


def _streams(session: Session, crs: str, shape: tuple[int, int], transform: Affine) -> NDArray[np.bool_]:
    """Cells that a stream's line runs through."""
    query = "select ST_AsBinary(geom) as geom from gis.water where valid_to is null and ST_Dimension(geom) = 1"
    _, lines = _shapes(session, query, crs)
    if not len(lines):
        return np.zeros(shape, bool)
    found: NDArray[np.uint8] = rasterize([(one, 1) for one in lines], shape, transform=transform, all_touched=True)
    return found > 0


def _cover(session: Session, crs: str, shape: tuple[int, int], transform: Affine) -> NDArray[np.uint8]:
    kinds, covers = _shapes(
        session, "select kind, ST_AsBinary(geom) as geom from gis.landcover where valid_to is null", crs
    )
    _, houses = _shapes(
        session, "select ST_AsBinary(ST_Envelope(geom)) as geom from gis.building where valid_to is null", crs
    )
    around = [(one, BUILT_UP) for one in shapely.buffer(houses, AROUND_BUILDINGS_M, quad_segs=1)]
    said = [(one, COVERS.get(row.kind, GRASS)) for row, one in zip(kinds, covers, strict=True)]
    if not around and not said:
        return np.full(shape, GRASS, np.uint8)
    found: NDArray[np.uint8] = rasterize(said + around, shape, fill=GRASS, transform=transform, dtype="uint8")
    return found


_UNDERPASSES = """
select u.code, coalesce(nullif(u.name, ''), u.road_name) as name, u.road_name, u.catchment_m2, u.storage_m3, u.pump_m3h,
  u.clearance_m, ST_AsBinary(u.geom) as geom
from gis.underpass u where u.valid_to is null and u.catchment_m2 > 0 and u.storage_m3 > 0 order by u.code
"""


def _underpasses(session: Session, crs: str, scene: Scene, network: Any) -> dict[int, Any]:
    """Underpasses whose register says what drains into them and what they hold; each on the road of its name."""
    rows, lines = _shapes(session, _UNDERPASSES, crs)
    plan, found = network.plan, {}
    names = plan.roads["name"].to_numpy() if "name" in plan.roads else np.full(len(plan.roads), None)
    for row, line in zip(rows, lines, strict=True):
        near = plan.tree.query(line, predicate="dwithin", distance=15.0)
        near = [k for k in near.tolist() if names[k] == row.road_name]
        middle = line.interpolate(0.5, normalized=True)
        cell_row, cell_column = (int(part) for part in scene.cells_of(middle.x, middle.y))
        if not near or cell_row < 0:
            continue
        road = min(near, key=lambda k: plan.metric_lines[k].distance(middle))
        brim = min(float(row.clearance_m or 4.5), 4.5)
        area = 2 * float(row.storage_m3) / brim  # a wedge: its surface grows with depth from nothing
        depth = tuple(np.linspace(0, brim, 10).tolist())
        vessel = Underpass(
            row.name, depth, by_area(depth, area * np.array(depth) / brim), float(row.catchment_m2),
            float(row.pump_m3h or 0),
        )  # fmt: skip
        found[int(road)] = (row.code, row.name, vessel, (cell_row, cell_column))
    return found
