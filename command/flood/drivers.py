"""What a run is told besides rain: water let in, levels of lakes and rivers, walls put up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.flood.ground import FloodGround
from gis_data.errors import Invalid
from gis_data.tables import TABLES
from layers.flood.scene import Body, Scene, with_wall
from layers.flood.solver import Inflow

MOST_H = 24
NEAR_M = 250.0
"""How far from a place its water body may lie."""
TITLES = {"inflows": ("入流", "Inflow"), "levels": ("水位", "Level"), "walls": ("挡水墙", "Wall")}


def _wrong(kind: str, row: int, field: str, zh: str, en: str) -> Invalid:
    title_zh, title_en = TITLES[kind]
    return Invalid(f"第 {row} 处{title_zh}：{zh}", f"{title_en} {row}: {en}", field=f"{kind}.{row}.{field}", row=row)


def checked(asked: dict[str, Any]) -> None:
    """Refuse series that do not rise in time or are no numbers, things without a place, walls without a height.

    Raises Invalid naming the row, from 1, and the field.
    """
    for kind in ("inflows", "levels"):
        for row, one in enumerate(asked[kind], 1):
            _series(kind, row, one["series"])
            named = one.get("kind") and one.get("code")
            placed = one.get("lon") is not None and one.get("lat") is not None
            if not (named or placed or one.get("body")):
                raise _wrong(kind, row, "lon", "请给出位置或台账编号。", "give a place, or a row of a register.")
            if one.get("kind") and not one.get("code"):
                raise _wrong(kind, row, "code", "请给出台账编号。", "give the code in the register.")
    for row, one in enumerate(asked["walls"], 1):
        if (one["height_m"] is None) == (one["crest_m"] is None):
            raise _wrong(
                "walls", row, "height_m", "墙高与墙顶高程请填且只填一项。", "give either a height or a crest level."
            )
        if len({tuple(at) for at in one["line"]}) < 2:
            raise _wrong("walls", row, "line", "至少要两个不同的点。", "needs two places that differ.")


def _series(kind: str, row: int, series: Sequence[Sequence[float]]) -> None:
    if len(series) < 2 and kind == "inflows":
        raise _wrong(kind, row, "series", "至少要两个时刻。", "needs two moments.")
    for k, (minute, value) in enumerate(series, 1):
        if not (math.isfinite(minute) and math.isfinite(value)):
            raise _wrong(kind, row, "series", f"第 {k} 行不是有限的数。", f"line {k} is no finite number.")
        if abs(minute) > MOST_H * 60:
            raise _wrong(kind, row, "series", f"第 {k} 行超出 {MOST_H} 小时。", f"line {k} is beyond {MOST_H} h.")
        if k > 1 and minute <= series[k - 2][0]:
            raise _wrong(kind, row, "series", f"第 {k} 行的时刻不大于上一行。", f"line {k} is no later than the last.")
        if kind == "inflows" and value < 0:
            raise _wrong(kind, row, "series", f"第 {k} 行流量为负。", f"line {k}: the flow is negative.")


def last_minute(asked: dict[str, Any]) -> float:
    """The last moment that a series speaks of, minutes from the present; 0 for none after it."""
    return max((one["series"][-1][0] for kind in ("inflows", "levels") for one in asked[kind]), default=0.0)


def _place(session: Session, kind: str, row: int, one: dict[str, Any], ground: FloodGround) -> tuple[float, float]:
    """Where it is, in the scene's CRS: as given, or as the register says."""
    lon, lat = one.get("lon"), one.get("lat")
    if kind_of := one.get("kind"):
        c = TABLES[kind_of].c
        at = select(c.geom.ST_PointOnSurface().ST_AsBinary()).where(c.code == one["code"], c.valid_to.is_(None))
        found = session.scalar(at)
        if found is None:
            raise _wrong(kind, row, "code", f"台账里没有编号“{one['code']}”。", f"no “{one['code']}” in the register.")
        spot = shapely.from_wkb(bytes(found))
        ((lon, lat),) = shapely.get_coordinates(spot)
    x, y = Transformer.from_crs("EPSG:4490", ground.scene.crs, always_xy=True).transform(lon, lat)
    return float(x), float(y)


def inflows(session: Session, ground: FloodGround, asked: dict[str, Any], now_s: float) -> list[Inflow]:
    """Water let in, on the run's clock; `now_s` is the present on it. Raises Invalid where a place is not on land."""
    found = []
    for row, one in enumerate(asked["inflows"], 1):
        r, c = (int(part) for part in ground.scene.cells_of(*_place(session, "inflows", row, one, ground)))
        if r < 0 or not ground.scene.land[r, c]:
            raise _wrong(
                "inflows", row, "lon", "位置在范围外或水面上，请点在其下游的陆地或溪流上。",
                "lies outside or on open water; place it on land or a stream below.",
            )  # fmt: skip
        minutes, flows = zip(*one["series"], strict=True)
        found.append(Inflow((r,), (c,), tuple(now_s + 60.0 * m for m in minutes), tuple(map(float, flows))))
    return found


def scene_of(session: Session, ground: FloodGround, asked: dict[str, Any], now_s: float) -> Scene:
    """The ground's scene under the levels and behind the walls that were asked for."""
    scene, bodies = ground.scene, list(ground.scene.bodies)
    for row, one in enumerate(asked["levels"], 1):
        minutes, levels = zip(*one["series"], strict=True)
        times = tuple(now_s + 60.0 * m for m in minutes)
        for n in _bodies(session, ground, row, one):
            bodies[n] = Body(bodies[n].name, tuple(map(float, levels)), times)
    scene = replace(scene, bodies=tuple(bodies))
    to_metric = Transformer.from_crs("EPSG:4490", scene.crs, always_xy=True)
    for one in asked["walls"]:
        line = shapely.LineString(np.column_stack(to_metric.transform(*np.array(one["line"], float).T)))
        height = one["height_m"]
        crest = one["crest_m"] if height is None else height
        scene = with_wall(scene, line, crest, above_ground=height is not None)
    return scene


def _bodies(session: Session, ground: FloodGround, row: int, one: dict[str, Any]) -> list[int]:
    """Numbers of the bodies meant: all of a name, or the one nearest to a place and all that share its name."""
    scene, name = ground.scene, one.get("body")
    if not name:
        x, y = _place(session, "levels", row, one, ground)
        rows, columns = np.nonzero(scene.body >= 0)
        cx = scene.transform.c + (columns + 0.5) * scene.cell_m
        cy = scene.transform.f - (rows + 0.5) * scene.cell_m
        away = np.hypot(cx - x, cy - y)
        if not len(away) or away.min() > max(NEAR_M, scene.cell_m):
            raise _wrong(
                "levels", row, "lon", f"{NEAR_M:g} 米内没有水面平的湖河。", f"no level water within {NEAR_M:g} m."
            )
        k = int(away.argmin())
        body = int(scene.body[rows[k], columns[k]])
        name = scene.bodies[body].name
        if not name:
            return [body]
    found = [n for n, body in enumerate(scene.bodies) if body.name == name]
    if not found:
        raise _wrong("levels", row, "body", f"没有水面平的湖河“{name}”。", f"there is no level water “{name}”.")
    return found
