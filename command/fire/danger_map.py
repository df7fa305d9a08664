"""Danger of the day over the district: a picture of classes or of the index, and how each town stands. 参考."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from command.fire.danger import Asked, carried
from gis_data.db import Reading
from gis_data.errors import Invalid
from layers.fire.danger_class import CLASSES
from layers.terrain import png

MOST_CELLS = 60_000
FWI_FROM = (0.0, 5.2, 11.2, 21.3, 38.0, 50.0)
"""From here on the index is very low, low, moderate, high, very high, extreme. Source: EFFIS, Fire danger classes."""
FWI_WORDS = (("很低", "Very low"), ("低", "Low"), ("中等", "Moderate"), ("高", "High"), ("很高", "Very high"),
             ("极高", "Extreme"))  # fmt: skip
SHADES = ("#33302A", "#5E4E3A", "#8F6F4C", "#BF9063", "#E0B48C", "#F5DFC6")
"""No colour of a warning: dark where it hardly burns, bright where it burns easily."""
OPAQUE = 150


def over_district(
    tx: Reading, data: Path, at: tuple[float, float] | None, asked: Asked, of: Literal["class", "fwi"], cell_m: float
) -> dict[str, Any]:
    """A picture of the classes (LY/T 1172) or of the index over the towns, its legend, and how each town stands."""
    towns = _towns(tx)
    transform, shape = _grid([area for *_, area in towns], cell_m)
    lonlat = _middles(transform, shape)
    town = rasterize([(_mercator(area), n) for n, (*_, area) in enumerate(towns)], shape, fill=-1, transform=transform,
                     dtype="int32").ravel()  # fmt: skip
    inside = town >= 0
    found = carried(tx, data, lonlat[inside], at, asked)
    if of == "class":
        steps, words = found.classes.astype(int), [CLASSES[n] for n in sorted(CLASSES)]
    else:
        fwi = found.indices[-1].fwi
        steps, words = np.where(np.isnan(fwi), 0, np.searchsorted(FWI_FROM, fwi, side="right")), list(FWI_WORDS)
    cells = np.zeros(len(town), int)
    cells[inside] = steps
    shades = SHADES[-len(words) :]
    return found.said | {
        "of": of, "cell_m": cell_m, "corners": _corners(transform, shape), "cells": int(inside.sum()),
        "picture": _picture(cells.reshape(shape), shades), "unknown": round(float((steps == 0).mean()), 4),
        "legend": [
            {"value": n, "zh": zh, "en": en, "colour": shade, "share": round(float((steps == n).mean()), 4)}
            for n, ((zh, en), shade) in enumerate(zip(words, shades, strict=True), 1)
        ],
        "towns": [
            _of_town(code, name, steps[town[inside] == n], len(words)) for n, (code, name, _) in enumerate(towns)
        ],
    }  # fmt: skip


def _towns(tx: Reading) -> list[tuple[str, str, BaseGeometry]]:
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


def _mercator(area: BaseGeometry) -> BaseGeometry:
    return shapely.transform(area, lambda xy: np.column_stack(_TO_MERCATOR.transform(xy[:, 0], xy[:, 1])))


def _grid(areas: list[BaseGeometry], cell_m: float) -> tuple[Affine, tuple[int, int]]:
    """Cells of so many metres on the ground, in Web Mercator, over all areas."""
    west, south, east, north = shapely.total_bounds(np.array([_mercator(area) for area in areas]))
    middle = np.radians(shapely.total_bounds(np.array(areas))[[1, 3]].mean())
    cell = cell_m / float(np.cos(middle))
    shape = int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell))
    if shape[0] * shape[1] > MOST_CELLS:
        raise Invalid("网格过多，请加大网格边长。", "Too many cells; take larger ones.", field="cell_m")
    return Affine(cell, 0, west, 0, -cell, north), shape


def _middles(transform: Affine, shape: tuple[int, int]) -> NDArray[np.float64]:
    column, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = transform.c + transform.a * column.ravel(), transform.f + transform.e * row.ravel()
    return np.column_stack(_TO_MERCATOR.transform(x, y, direction="INVERSE"))


def _corners(transform: Affine, shape: tuple[int, int]) -> list[tuple[float, float]]:
    """Lon lat of the picture's corners, clockwise from north-west."""
    x, y = transform.c + transform.a * shape[1], transform.f + transform.e * shape[0]
    west, north = _TO_MERCATOR.transform(transform.c, transform.f, direction="INVERSE")
    east, south = _TO_MERCATOR.transform(x, y, direction="INVERSE")
    return [(west, north), (east, north), (east, south), (west, south)]


def _picture(cells: NDArray[np.int64], shades: tuple[str, ...]) -> str:
    """A transparent PNG as an address that holds it; what is not known is not drawn."""
    inks = np.zeros((len(shades) + 1, 4), np.uint8)
    inks[1:] = [(*bytes.fromhex(shade[1:]), OPAQUE) for shade in shades]
    return "data:image/png;base64," + base64.b64encode(png(np.moveaxis(inks[cells], 2, 0))).decode()


def _of_town(code: str, name: str, steps: NDArray[np.int64], most: int) -> dict[str, Any]:
    """The step that covers most of a town, and its highest; None where nothing is known."""
    known = np.bincount(steps[steps > 0], minlength=most + 1)
    return {
        "code": code, "name": name, "most": int(known.argmax()) if known.any() else None,
        "highest": int(np.flatnonzero(known).max()) if known.any() else None,
    }  # fmt: skip
