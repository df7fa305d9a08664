"""What is seen from a place (通视 参考): the district's terrain, with buildings on it, put to `layers.viewshed`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from rasterio.features import rasterize, shapes
from rasterio.transform import array_bounds
from shapely.geometry import mapping, shape
from sqlalchemy import text

from command import roads
from command.exposure import metric, moved
from gis_data.db import Reading, district
from gis_data.errors import Invalid
from gis_data.sources.raster_grid import regrid
from layers.viewshed import REFRACTION, Floats, height_at, sight, viewshed

LEAST_CELL_M, CELLS = 10.0, 250
"""A view is made on cells of a 250th of its range, of 10 m at least."""
ASSUMPTIONS = (
    ("地形网格 {cell:g} 米，格间取直；看不见比网格小的起伏", "Terrain in cells of {cell:g} m, straight between"),
    ("地球曲率，折光系数 k = {k:g}", "The Earth's curve, refraction k = {k:g}"),
    ("目标按地面以上 {target:g} 米", "What is looked at stands {target:g} m above ground"),
    ("不计树木、天气与镜头能力", "No trees, no weather, no limit of the lens"),
)
WITH = ("建筑按登记高度遮挡，高度不详的不计", "Buildings hide by their height; those of unknown height do not")
WITHOUT = ("不计建筑", "Without buildings")


@dataclass(frozen=True)
class Eye:
    """From where: degrees EPSG:4490, metres above the ground; whether buildings hide what is behind them."""

    lon: float
    lat: float
    eye_m: float
    target_m: float
    buildings: bool


@dataclass(frozen=True, eq=False)
class _Ground:
    z: Floats
    transform: Affine
    cell_m: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Column and row of a place, whole numbers being the middles of cells."""
        column, row = ~self.transform @ (x, y)
        return column - 0.5, row - 0.5


def _ground(
    tx: Reading, data: Path, middle: tuple[float, float], reach_m: float, bare: list[Any], built: bool
) -> _Ground:
    """Heights of a square about a place of the metric CRS, its middle being the middle of a cell. Buildings within a
    cell of a point of `bare` are left out: whoever stands there is not inside them."""
    dem = roads.terrain(tx.session, data)
    if dem is None:
        zh, en = "还没有地形数据：请先运行 baochu load terrain 文件.tif。", "There is no terrain yet: load it first."
        raise Invalid(zh, en, field="terrain")
    cell = max(LEAST_CELL_M, reach_m / CELLS)
    n = 2 * int(np.ceil(reach_m / cell)) + 1
    transform = Affine(cell, 0, middle[0] - n * cell / 2, 0, -cell, middle[1] + n * cell / 2)
    z = regrid(dem, "terrain", district(tx.session).metric_crs, transform, (n, n))
    if not np.isfinite(z[n // 2, n // 2]):
        raise Invalid("该处没有地形数据。", "There is no terrain at this place.", field="lon")
    if built:
        there = metric(tx.session)
        box = moved(shapely.box(*array_bounds(n, n, transform)), there, back=True).bounds
        rows = tx.session.execute(
            text(
                "select height_m, ST_AsBinary(geom) as geom from gis.building where valid_to is null and height_m > 0"
                " and geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490) order by height_m"
            ),
            dict(zip("wsen", box, strict=True)),
        ).all()
        areas = [moved(shapely.from_wkb(bytes(row.geom)), there) for row in rows]
        clear = shapely.union_all([shapely.Point(one).buffer(cell) for one in bare])
        burned = [(area, row.height_m) for area, row in zip(areas, rows, strict=True) if not area.intersects(clear)]
        if burned:  # the higher are drawn over the lower
            z = z + rasterize(burned, (n, n), transform=transform, dtype="float64")
    return _Ground(z, transform, cell)


def _assumed(eye: Eye, cell_m: float) -> list[dict[str, str]]:
    words = {"cell": round(cell_m, 1), "k": REFRACTION, "target": eye.target_m}
    told = (*ASSUMPTIONS, WITH if eye.buildings else WITHOUT)
    return [{"zh": zh.format(**words), "en": en.format(**words)} for zh, en in told]


def seen_from(
    tx: Reading, data: Path, eye: Eye, range_m: float, bearing_deg: float | None, field_deg: float
) -> dict[str, Any]:
    """The area in view, as GeoJSON in EPSG:4490. Raises Invalid where there is no terrain at the place."""
    there = metric(tx.session)
    ((x, y),) = shapely.get_coordinates(moved(shapely.Point(eye.lon, eye.lat), there))
    ground = _ground(tx, data, (x, y), range_m, [(x, y)], eye.buildings)
    n = len(ground.z) // 2
    here = float(ground.z[n, n])
    seen = viewshed(
        ground.z, ground.cell_m, (n, n), here + eye.eye_m, range_m=range_m, target_m=eye.target_m,
        bearing_deg=bearing_deg, field_deg=field_deg,
    )  # fmt: skip
    parts = [one["coordinates"] for one, _ in shapes(seen.astype(np.uint8), seen, transform=ground.transform)]
    area = moved(shape({"type": "MultiPolygon", "coordinates": parts}), there, back=True)
    share = field_deg / 360 if bearing_deg is not None else 1.0
    return {
        "computed_at": tx.at, "seen": mapping(area), "seen_km2": round(float(seen.sum()) * ground.cell_m**2 / 1e6, 3),
        "field_km2": round(np.pi * range_m**2 * share / 1e6, 3), "ground_m": round(here, 1),
        "cell_m": round(ground.cell_m, 1), "assumptions": _assumed(eye, ground.cell_m),
    }  # fmt: skip


def line_of_sight(tx: Reading, data: Path, eye: Eye, to: tuple[float, float]) -> dict[str, Any]:
    """Whether a place is seen, the profile on the way there, and what hides it. Raises Invalid as `seen_from`."""
    there = metric(tx.session)
    a, b = shapely.get_coordinates(moved(shapely.LineString([(eye.lon, eye.lat), to]), there)).tolist()
    if a == b:
        raise Invalid("目标与观察点相同。", "The target is where the eye is.", field="to_lon")
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    reach = max(abs(a[0] - b[0]), abs(a[1] - b[1])) / 2 + 2 * LEAST_CELL_M
    ground = _ground(tx, data, middle, reach, [a, b], eye.buildings)
    start, end = ground.at(*a), ground.at(*b)
    heights = height_at(ground.z, *start), height_at(ground.z, *end)
    if not np.isfinite(heights).all():
        raise Invalid("该处没有地形数据。", "There is no terrain at this place.", field="lon")
    found = sight(ground.z, ground.cell_m, start, heights[0] + eye.eye_m, end, heights[1] + eye.target_m)
    hidden = None
    if found.obstacle is not None:
        share = found.s_m[found.obstacle] / found.s_m[-1]
        spot = shapely.Point(np.add(a, share * np.subtract(b, a)))
        ((lon, lat),) = shapely.get_coordinates(moved(spot, there, back=True)).tolist()
        over = found.ground_m[found.obstacle] - found.line_m[found.obstacle]
        hidden = {"lon": lon, "lat": lat, "s_m": round(float(found.s_m[found.obstacle]), 1), "above_m": _metres(over)}
    return {
        "computed_at": tx.at, "clear": found.clear, "distance_m": round(float(found.s_m[-1]), 1), "obstacle": hidden,
        "lacking_m": _metres(found.lacking_m), "s_m": np.round(found.s_m, 1).tolist(),
        "ground_m": [_metres(one) for one in found.ground_m], "line_m": np.round(found.line_m, 2).tolist(),
        "cell_m": round(ground.cell_m, 1), "assumptions": _assumed(eye, ground.cell_m),
    }  # fmt: skip


def _metres(value: float) -> float | None:
    return round(float(value), 2) if np.isfinite(value) else None
