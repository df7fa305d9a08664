"""Ground for tests of fire and gas: a plain with stands, a break, a village, graves, schools, water, about XH-MINI."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from command import registers
from gis_data.demo.xh_mini import NODES
from gis_data.sources.prepared import Region
from gis_data.sources.raster import Detail, prepare
from gis_data.world import SYSTEM
from tests.command.slopes import insert

MOVE = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
X0, Y0 = MOVE.transform(*NODES["N1"])
CELL, MARGIN = 20.0, 3000.0


def degrees(east: float, north: float) -> tuple[float, float]:
    """Lon lat of a place so many metres east and north of N1."""
    lon, lat = MOVE.transform(X0 + east, Y0 + north, direction="INVERSE")
    return float(lon), float(lat)


def put(engine: Engine, table: str, geometry: BaseGeometry, **values: object) -> None:
    """A row of a register, its geometry in metres from N1."""
    moved = shapely.transform(geometry, lambda xy: np.array([degrees(*one) for one in xy]))
    insert(engine, table, f"st_geomfromtext('{moved.wkt}', 4490)", **values)


def plain(path: Path) -> Path:
    """Flat terrain of 30 m about the whole of XH-MINI, in EPSG:4549."""
    n = int(2 * MARGIN / CELL) + 80
    shape = {"driver": "GTiff", "width": n, "height": n, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    with rasterio.open(path, "w", transform=from_origin(X0 - MARGIN, Y0 + MARGIN, CELL, CELL), **shape) as file:
        file.write(np.full((1, n, n), 30, np.float32))
    return path


def load_plain(engine: Engine, folder: Path, data: Path) -> None:
    """Put it into the registers."""
    region = Region("xihu", "EPSG:4549", (119.8, 30.0, 120.4, 30.5))
    said = {"datum": "CGCS2000", "progress": lambda _: None, "data": data, "detail": Detail(vertical_datum="演示")}
    registers.load(engine, prepare("terrain", [plain(folder / "plain.tif")], region, **said), SYSTEM, data)
