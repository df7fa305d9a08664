"""A grid over the district's towns in Web Mercator, so that a picture of it lies straight on the map."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from gis_data.db import Reading
from gis_data.errors import Invalid

MOST_CELLS = 60_000


def towns(tx: Reading) -> list[tuple[str, str, BaseGeometry]]:
    """Code, name and outline (EPSG:4490) of each town."""
    rows = tx.session.execute(
        text(
            "select code, name, ST_AsBinary(geom) as geom from gis.admin_unit"
            " where valid_to is null and level = 'town' and geom is not null order by code"
        )
    ).all()
    if not rows:
        raise Invalid("台账中没有镇街范围。", "The register has no outlines of towns.", field="district")
    return [(row.code, row.name, shapely.from_wkb(bytes(row.geom))) for row in rows]


_TO_MERCATOR = Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True)


def mercator(area: BaseGeometry) -> BaseGeometry:
    """An outline in Web Mercator."""
    return shapely.transform(area, lambda xy: np.column_stack(_TO_MERCATOR.transform(xy[:, 0], xy[:, 1])))


def grid(areas: list[BaseGeometry], cell_m: float) -> tuple[Affine, tuple[int, int]]:
    """Cells of so many metres on the ground, in Web Mercator, over all areas."""
    west, south, east, north = shapely.total_bounds(np.array([mercator(area) for area in areas]))
    middle = np.radians(shapely.total_bounds(np.array(areas))[[1, 3]].mean())
    cell = cell_m / float(np.cos(middle))
    shape = int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell))
    if shape[0] * shape[1] > MOST_CELLS:
        raise Invalid("网格过多，请加大网格边长。", "Too many cells; take larger ones.", field="cell_m")
    return Affine(cell, 0, west, 0, -cell, north), shape


def middles(transform: Affine, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Lon lat of the cells\' middles, row by row."""
    column, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = transform.c + transform.a * column.ravel(), transform.f + transform.e * row.ravel()
    return np.column_stack(_TO_MERCATOR.transform(x, y, direction="INVERSE"))


def corners(transform: Affine, shape: tuple[int, int]) -> list[tuple[float, float]]:
    """Lon lat of the picture's corners, clockwise from north-west."""
    x, y = transform.c + transform.a * shape[1], transform.f + transform.e * shape[0]
    west, north = _TO_MERCATOR.transform(transform.c, transform.f, direction="INVERSE")
    east, south = _TO_MERCATOR.transform(x, y, direction="INVERSE")
    return [(west, north), (east, north), (east, south), (west, south)]
