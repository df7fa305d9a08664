"""Danger of the day over the district: a picture of classes or of the index, and how each town stands. 参考."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rasterio.features import rasterize

from command import district_grid as grid
from command.fire.danger import Asked, carried
from gis_data.db import Reading
from layers.fire.danger_class import CLASSES
from layers.terrain import png

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
    towns = grid.towns(tx)
    transform, shape = grid.grid([area for *_, area in towns], cell_m)
    lonlat = grid.middles(transform, shape)
    shapes = [(grid.mercator(area), n) for n, (*_, area) in enumerate(towns)]
    town = rasterize(shapes, shape, fill=-1, transform=transform, dtype="int32").ravel()
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
        "of": of, "cell_m": cell_m, "corners": grid.corners(transform, shape), "cells": int(inside.sum()),
        "picture": _picture(cells.reshape(shape), shades), "unknown": round(float((steps == 0).mean()), 4),
        "legend": [
            {"value": n, "zh": zh, "en": en, "colour": shade, "share": round(float((steps == n).mean()), 4)}
            for n, ((zh, en), shade) in enumerate(zip(words, shades, strict=True), 1)
        ],
        "towns": [
            _of_town(code, name, steps[town[inside] == n], len(words)) for n, (code, name, _) in enumerate(towns)
        ],
    }  # fmt: skip


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
