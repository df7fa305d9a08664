"""Whether shapes fit a register: of its kind, valid, in the district's box."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from gis_data import crs
from gis_data.registers.definition import Register
from gis_data.registers.units import Shapes

_KINDS = {"POINT": (0, 4), "LINESTRING": (1, 2, 5), "MULTILINESTRING": (1, 2, 5), "MULTIPOLYGON": (3, 6)}
_WORDS = {
    "POINT": ("点", "a point"), "LINESTRING": ("线", "a line"), "MULTILINESTRING": ("线", "a line"),
    "MULTIPOLYGON": ("面", "a polygon"),
}  # fmt: skip
_REASONS = {
    "Self-intersection": "自相交", "Ring Self-intersection": "环自相交", "Too few points in geometry component": "点数不足",
    "Hole lies outside shell": "洞在外环之外", "Nested holes": "洞套洞", "Nested shells": "面套面",
    "Interior is disconnected": "内部不连通", "Duplicate Rings": "环重复", "Invalid Coordinate": "坐标无效",
}  # fmt: skip
Say = Callable[..., None]


def flat(geoms: Shapes) -> Shapes:
    """Shapes without heights and measures."""
    tall = shapely.has_z(geoms) | shapely.has_m(geoms)
    return np.asarray(shapely.force_2d(geoms), dtype=object) if tall.any() else geoms


def _promoted(register: Register, geoms: Shapes) -> Shapes:
    """Single shapes as the MULTI kind that the register stores, and one-part MULTI shapes as the single kind."""
    kinds = shapely.get_type_id(geoms)
    out = geoms.copy()
    if register.geometry == "MULTIPOLYGON":
        out[kinds == 3] = shapely.multipolygons(geoms[kinds == 3, None])
    elif register.geometry == "MULTILINESTRING":
        out[np.isin(kinds, (1, 2))] = shapely.multilinestrings(geoms[np.isin(kinds, (1, 2)), None])
    elif register.geometry in ("POINT", "LINESTRING"):
        single = (kinds == {"POINT": 4, "LINESTRING": 5}[register.geometry]) & (shapely.get_num_geometries(geoms) == 1)
        out[single] = shapely.get_geometry(geoms[single], 0)
    return out


def why_invalid(geom: Any) -> tuple[str, str]:
    """Why a shape is not valid and where, in Chinese and English."""
    reason, _, place = shapely.is_valid_reason(geom).partition("[")
    spot = re.sub(r"(-?\d+\.\d{6})\d+", r"\1", place.rstrip("]")).replace(" ", ", ")
    at_zh, at_en = (f", 位于 ({spot})", f" at ({spot})") if spot else ("", "")
    return f"图形无效: {_REASONS.get(reason, reason)}{at_zh}", f"invalid shape: {reason}{at_en}"


def fitting(register: Register, geoms: Shapes, box: Sequence[float], say: Say) -> Shapes:
    """The shapes as the register stores them; those that do not fit are None, and `say` told why."""
    kept = flat(np.array(geoms, dtype=object))
    empty = shapely.is_missing(kept) | shapely.is_empty(kept)
    kept[empty] = None
    if register.geometry_required:
        for at in np.flatnonzero(empty):
            say(int(at), "geom", "error", "", "没有坐标或图形", "has no position or shape")
    kept = _promoted(register, kept)
    bad = np.zeros(len(kept), dtype=bool)

    def refuse(where: Any, words: Callable[[Any], tuple[str, str]]) -> None:
        for at in np.flatnonzero(where & ~bad):
            say(int(at), "geom", "error", kept[at].geom_type, *words(kept[at]))
            bad[at] = True

    kinds, there = shapely.get_type_id(kept), ~empty
    if register.geometry != "GEOMETRY":
        zh, en = _WORDS[str(register.geometry)]
        refuse(there & ~np.isin(kinds, _KINDS[str(register.geometry)]),
               lambda g: (f"应为{zh}, 实为 {g.geom_type}", f"{en} is needed, not {g.geom_type}"))  # fmt: skip
        if register.geometry in ("POINT", "LINESTRING"):
            refuse(there & (kinds >= 4), lambda g: (f"应为一个{zh}, 实有 {len(g.geoms)} 个",
                                                    f"{en} is needed, not {len(g.geoms)}"))  # fmt: skip
    west, south, east, north = shapely.bounds(kept).T.reshape(4, -1)
    outside = there & ~crs.inside((west + east) / 2, (south + north) / 2, box)
    refuse(outside, lambda g: crs.box_problem(
        (g.bounds[0] + g.bounds[2]) / 2, (g.bounds[1] + g.bounds[3]) / 2, box) or ("不在本区范围内", "outside"))  # fmt: skip
    refuse(there & ~shapely.is_valid(kept), why_invalid)
    kept[bad] = None
    return kept
