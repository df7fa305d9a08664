"""The ground that a fire runs over here: terrain, stands and land cover, what is built, breaks, roads and water."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.transform import array_bounds
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from command import roads
from command.exposure import metric, moved
from gis_data.db import district
from gis_data.errors import Invalid
from gis_data.sources.raster_grid import regrid
from layers.fire.fuels import DEMO
from layers.fire.ground import NOTHING, Ground, barriers, fuel_cells
from layers.terrain import slope_aspect

COVERS = {
    **dict.fromkeys(("wood", "forest"), "mixed"), "broadleaf": "broadleaf", "conifer": "masson_pine",
    "bamboo": "bamboo", **dict.fromkeys(("tea", "orchard"), "tea"), "scrub": "shrub",
    **dict.fromkeys(("grass", "meadow"), "grass"), "cemetery": "grass",
}  # fmt: skip
"""Kind of land cover → fuel, where no stand is known. DEMO: by likeness."""
BUILT = frozenset(("residential", "commercial", "industrial", "retail", "school", "village", "builtup"))
"""Land cover on which nothing burns, whatever lies over it."""
WIDTHS_M = {
    "motorway": 24.0, "trunk": 20.0, "primary": 16.0, "secondary": 12.0, "tertiary": 9.0, "residential": 6.0,
    "unclassified": 6.0, "living_street": 5.0, "service": 4.0, "track": 3.0,
}  # fmt: skip
"""DEMO: clear width of a road by class, as the roads' data has none; a link is as wide as its class."""


@dataclass(frozen=True, eq=False)
class FireGround:
    """The ground, the share of its burning cells that a stand speaks for, and the terrain that it rests on."""

    ground: Ground
    stands: float
    terrain: str


def fire_ground(
    session: Session, data: Path, centre: tuple[float, float], half_m: float, cell_m: float, least_m: float
) -> FireGround:
    """The ground of a square about a place of the metric CRS.

    Parameters
    ----------
    half_m : half the square's side. least_m : width of a break, road or water that stops a fire.

    Raises
    ------
    Invalid : there is no terrain, or none of the place.
    """
    dem = roads.terrain(session, data)
    if dem is None:
        zh, en = "还没有地形数据：请先运行 baochu load terrain 文件.tif。", "There is no terrain yet: load it first."
        raise Invalid(zh, en, field="terrain")
    crs = district(session).metric_crs
    n = 2 * int(np.ceil(half_m / cell_m))
    west = np.floor(centre[0] / cell_m) * cell_m - n // 2 * cell_m
    north = np.ceil(centre[1] / cell_m) * cell_m + n // 2 * cell_m
    transform = Affine(cell_m, 0, west, 0, -cell_m, north)
    z = regrid(dem, "terrain", crs, transform, (n, n))
    if not np.isfinite(z[n // 2 - 1 : n // 2 + 1, n // 2 - 1 : n // 2 + 1]).all():
        raise Invalid("该处没有地形数据。", "There is no terrain at this place.", field="lon")
    slope, aspect = slope_aspect(z, cell_m)
    there = metric(session)
    box = moved(shapely.box(*array_bounds(n, n, transform)), there, back=True).bounds

    def read(query: str) -> tuple[list[Any], list[BaseGeometry]]:
        near = " and geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490)"
        rows = session.execute(text(query + near), dict(zip("wsen", box, strict=True))).all()
        return list(rows), [moved(one, there) for one in shapely.from_wkb([bytes(row.geom) for row in rows])]

    covers, cover_areas = read("select kind, ST_AsBinary(geom) as geom from gis.landcover where valid_to is null")
    stands, areas = read("select fuel, ST_AsBinary(geom) as geom from gis.forest_stand where valid_to is null")
    by_cover = [(area, COVERS[c.kind]) for c, area in zip(covers, cover_areas, strict=True) if c.kind in COVERS]
    known = [(area, s.fuel) for s, area in zip(stands, areas, strict=True)]
    fuel = fuel_cells(by_cover, (n, n), transform, DEMO)
    bare = [(area, DEMO[0].code) for c, area in zip(covers, cover_areas, strict=True) if c.kind in BUILT]
    fuel[fuel_cells(bare, (n, n), transform, DEMO) >= 0] = NOTHING
    of_stand = fuel_cells(known, (n, n), transform, DEMO)
    fuel = np.where(of_stand >= 0, of_stand, fuel)
    _, houses = read("select ST_AsBinary(geom) as geom from gis.building where valid_to is null")
    fuel[fuel_cells([(one, DEMO[0].code) for one in houses], (n, n), transform, DEMO) >= 0] = NOTHING
    fuel[~np.isfinite(z) | ~np.isfinite(slope)] = NOTHING
    ground = Ground(fuel.astype(np.int16), DEMO, transform, crs, np.nan_to_num(slope), aspect)
    lines, widths = _breaks(read)
    ground = ground.without(barriers(ground, lines, widths, least_m))
    burns = ground.fuel >= 0
    share = float((burns & (of_stand >= 0)).sum() / max(burns.sum(), 1))
    return FireGround(ground, share, dem.stem)


def _breaks(read: Any) -> tuple[list[BaseGeometry], NDArray[np.float64]]:
    """What may stop a fire, and how wide it is; NaN where nobody says, as of streams."""
    found: list[BaseGeometry] = []
    widths: list[float] = []
    for query, wide in (
        ("select width_m, ST_AsBinary(geom) as geom from gis.fire_break where valid_to is null", None),
        ("select width_m, ST_AsBinary(geom) as geom from gis.forest_road where valid_to is null", None),
        (
            "select ST_AsBinary(geom) as geom from gis.water where valid_to is null and ST_Dimension(geom) = 2",
            np.inf,
        ),
        (
            'select "class" as road_class, ST_AsBinary(geom) as geom from gis.road where valid_to is null and drive'
            " and not tunnel",
            None,
        ),
    ):
        rows, shapes = read(query)
        found += shapes
        for row in rows:
            if wide is not None:
                widths.append(wide)
            elif "road_class" in row._mapping:
                widths.append(WIDTHS_M.get(row.road_class.removesuffix("_link"), np.nan))
            else:
                widths.append(np.nan if row.width_m is None else float(row.width_m))
    return found, np.array(widths)


def middles(ground: Ground, cells: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """x, y of the middles of some cells."""
    (rows, columns), t = np.nonzero(cells), ground.transform
    return np.asarray(t.c + (columns + 0.5) * t.a, np.float64), np.asarray(t.f + (rows + 0.5) * t.e, np.float64)


def burning_near(ground: Ground, x: float, y: float, within_m: float) -> tuple[float, float, float] | None:
    """The middle of the nearest cell that burns and its distance, m; of its own cell 0; None where none is so near."""
    cx, cy = middles(ground, ground.fuel >= 0)
    if not len(cx):
        return None
    away = np.hypot(cx - x, cy - y)
    k = int(np.argmin(away))
    if max(abs(cx[k] - x), abs(cy[k] - y)) <= ground.cell_m / 2:
        return float(cx[k]), float(cy[k]), 0.0
    return (float(cx[k]), float(cy[k]), float(away[k])) if away[k] <= within_m else None


def cut(ground: Ground, x: float, y: float, half_m: float) -> Ground:
    """The part of the ground within so many metres of a place along both axes."""
    column, row = (int(np.floor(one)) for one in ~ground.transform @ (x, y))
    n, rows, columns = int(np.ceil(half_m / ground.cell_m)), *ground.fuel.shape
    top, bottom, left, right = max(row - n, 0), min(row + n + 1, rows), max(column - n, 0), min(column + n + 1, columns)
    part = (slice(top, bottom), slice(left, right))
    slope, aspect = np.asarray(ground.slope_deg)[part], np.asarray(ground.aspect_deg)[part]
    transform = ground.transform @ Affine.translation(left, top)
    return Ground(ground.fuel[part], ground.fuels, transform, ground.crs, slope, aspect)
