"""The rain field (雨量场) over the district: a picture between corners, its legend, and the towns' means. 参考."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize

from command import district_grid as grid
from command.gauge_views import as_of, rain_over
from command.station_memory import Memory, memory
from gis_data.db import Reading, district
from gis_data.errors import Invalid, NotFound
from gis_data.parameters import numbers_under, value_of
from layers.rain import Totals, areal
from layers.rain_field import CLASSES, WORDS, classes, distances, field, left_out
from layers.terrain import png

FIGURES = {"power": 2.0, "reach_m": 8000.0, "cell_m": 200.0}
"""DEMO: parameters `rain.field.…`: the exponent, how far a gauge speaks, the side of a cell."""
SHADES = ("#1F4E5F", "#2E7587", "#4FA0A8", "#86C8BE", "#C2E6D2", "#F4FBEF")
"""No colour of a warning: the brighter the more."""
DARK = "#7C90A6"
OPAQUE, FAINT = 165, 110
ASSUMED = (
    ("站间按距离平方反比插值（幂次为参数）；测站处等于实测",
     "Between gauges by inverse distance (its power is a parameter); at a gauge it is what was measured"),
    ("有缺测的测站不参与；可达距离内没有测站之处不推算，斜纹表示不明，不等于无雨",
     "A gauge with gaps takes no part; where none is within reach nothing is told: hatched is unknown, not dry"),
    ("不考虑地形抬升；站网之外的强降水看不见", "No lifting by hills; a downpour between the gauges is not seen"),
    ("24、12 小时分级按 GB/T 28592-2012；6、3、1 小时为常用分级（参数）",
     "Classes of 24 and 12 h are GB/T 28592-2012; of 6, 3 and 1 h the usual ones (parameters)"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Ground:
    """What does not change with the rain: the grid, which town a cell is in, how far each gauge is."""

    transform: Affine
    shape: tuple[int, int]
    town: NDArray[np.int32]
    names: list[tuple[str, str]]
    distance_m: NDArray[np.float64]
    gauges: NDArray[np.float64]


def over_district(tx: Reading, hours: int, at: datetime | None) -> dict[str, Any]:
    """The field of a rolling window as of a time (None: now). Raises Invalid for a time that is not kept."""
    steps = _steps(tx, hours)
    then = as_of(tx, at)
    given = numbers_under(tx.session, "rain.field.", tx.at)
    figures = FIGURES | {name: given[name] for name in FIGURES if name in given}
    how = {name: figures[name] for name in ("power", "reach_m")}
    kept = memory(tx)
    rain_over(tx, "town", "thiessen")  # so that the towns' sample points are there
    ground = _ground(tx, kept, figures["cell_m"])
    with kept.lock:
        totals = kept.windows.totals(then.timestamp(), (hours,))
    mm, known = totals.mm[:, 0], totals.known[:, 0]
    cells = np.full(len(ground.town), np.nan)
    inside = ground.town >= 0
    cells[inside] = field(ground.distance_m, mm, known, **how)
    step = classes(cells, steps)
    stations = [kept.stations[code] for code in kept.rain]
    error = left_out(ground.gauges, mm, known, **how)
    return {
        "at": then, "computed_at": tx.at, "hours": hours, **figures, "method": "idw",
        "demo": [name for name in FIGURES if name not in given],
        "gauges": [
            {"code": s.code, "name": s.name, "mm": round(float(mm[n]), 1), "is_demo": s.is_demo}
            for n, s in enumerate(stations) if known[n]
        ],
        "unknown": [s.code for n, s in enumerate(stations) if not known[n]],
        "error_mm": None if error is None else round(error, 1), "corners": grid.corners(ground.transform, ground.shape),
        "picture": _picture(np.where(inside, step, 0).reshape(ground.shape)),
        "unknown_share": round(float((step[inside] < 0).mean()), 4),
        "legend": [
            {"from_mm": least, "zh": zh, "en": en, "colour": shade,
             "share": round(float((step[inside] == n).mean()), 4)}
            for n, (least, (zh, en), shade) in enumerate(zip(steps, WORDS, SHADES, strict=True), 1)
        ],
        "towns": _towns(kept, ground, cells, totals), "assumptions": [{"zh": zh, "en": en} for zh, en in ASSUMED],
        "is_demo": any(s.is_demo for s in stations),
    }  # fmt: skip


def _steps(tx: Reading, hours: int) -> tuple[float, ...]:
    """The classes' bounds: those of the parameter `rain.class[<hours>]`, such as 0.1/10/25/50/100/250."""
    if hours not in CLASSES:
        known = "、".join(map(str, sorted(CLASSES)))
        raise Invalid(f"时段须为 {known} 小时之一。", f"Hours are one of {known}.", field="hours")
    with suppress(NotFound, ValueError):
        given = tuple(float(one) for one in value_of(tx.session, f"rain.class[{hours}]", tx.at).value.split("/"))
        if len(given) == len(WORDS) and list(given) == sorted(given):
            return given
    return CLASSES[hours]


def _ground(tx: Reading, kept: Memory, cell_m: float) -> _Ground:
    name = f"field:{cell_m}"
    if name not in kept.spreads:
        towns = grid.towns(tx)
        transform, shape = grid.grid([area for *_, area in towns], cell_m)
        shapes = [(grid.mercator(area), n) for n, (*_, area) in enumerate(towns)]
        town = rasterize(shapes, shape, fill=-1, transform=transform, dtype="int32").ravel()
        there = Transformer.from_crs("EPSG:4490", district(tx.session).metric_crs, always_xy=True)
        lonlat = grid.middles(transform, shape)[town >= 0]
        cells = np.column_stack(there.transform(lonlat[:, 0], lonlat[:, 1]))
        stations = [kept.stations[code] for code in kept.rain]
        at = np.array([there.transform(s.lon, s.lat) for s in stations]).reshape(-1, 2)
        names = [(code, title) for code, title, _ in towns]
        kept.spreads[name] = _Ground(transform, shape, town, names, distances(cells, at), at)
    found: _Ground = kept.spreads[name]
    return found


def _towns(kept: Memory, ground: _Ground, cells: NDArray[np.float64], totals: Totals) -> list[dict[str, Any]]:
    """Each town's mean over the field, where all of it is known; beside it the mean by Thiessen's polygons."""
    areas, where = kept.spreads["town"]
    check = dict(zip((code for code, _ in areas), areal(where, totals, "thiessen")[:, 0].tolist(), strict=True))
    found = []
    for n, (code, name) in enumerate(ground.names):
        own = cells[ground.town == n]
        known = np.isfinite(own)
        mean = float(own.mean()) if len(own) and known.all() else None
        other = check.get(code, np.nan)
        found.append(
            {"code": code, "name": name, "mm": None if mean is None else round(mean, 1),
             "most_mm": round(float(own[known].max()), 1) if known.any() else None,
             "known_share": round(float(known.mean()), 4) if len(own) else 0.0,
             "thiessen_mm": None if np.isnan(other) else round(other, 1)}
        )  # fmt: skip
    return found


def _picture(step: NDArray[np.int64]) -> str:
    """A transparent PNG as an address that holds it: classes in their shades, what is not known hatched."""
    inks = np.zeros((len(SHADES) + 2, 4), np.uint8)
    inks[1:-1] = [(*bytes.fromhex(shade[1:]), OPAQUE) for shade in SHADES]
    row, column = np.indices(step.shape)
    hatched = (step < 0) & ((row + column) % 4 == 0)
    inks[-1] = (*bytes.fromhex(DARK[1:]), FAINT)
    cells = inks[np.where(hatched, len(SHADES) + 1, np.maximum(step, 0))]
    return "data:image/png;base64," + base64.b64encode(png(np.moveaxis(cells, 2, 0))).decode()
