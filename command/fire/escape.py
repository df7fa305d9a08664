"""Which crew gets away in time (撤离余量), and where an engine finds water (取水点)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from shapely.geometry import mapping

from command.fire.inputs import Crew, Inputs
from gis_data.errors import Invalid
from layers.engine.hierarchy import FAR
from layers.fire.reached import Margin, escape_margin, within_hose
from layers.fire.spread import Fire
from layers.network import BACK, FORTH, Network
from layers.positions import Position, leaving, part, seeds, snap
from layers.profiles import DRIVE, Profile
from layers.routing import Route, junction, route

MOST_HEADS = 20
SNAP_M = 2000.0
Words = dict[str, str]
Floats = NDArray[np.float64]


def margins(inputs: Inputs, fire: Fire) -> list[dict[str, Any]]:
    """Each crew's fastest way on foot out of the last perimeter, or to a named refuge, and what is left of its time."""
    return [_margin(inputs, fire, crew) for crew in inputs.crews]


def _margin(inputs: Inputs, fire: Fire, crew: Crew) -> dict[str, Any]:
    said: dict[str, Any] = {
        "team_id": crew.id, "code": crew.code, "name": crew.name, "members": crew.members, "margin_min": None,
        "to": None, "walk_min": None, "metres": None, "tightest": None, "route": None,
    }  # fmt: skip
    network, walk = inputs.network, inputs.walk
    try:
        start = snap(network, crew.lon, crew.lat, walk, limit_m=SNAP_M)
    except Invalid:
        return said | {
            "words": _words("附近没有可走的道路，无法计算撤离余量。", "No path is near: no margin can be told.")
        }
    choices = [(way, name) for way, name in _ways(inputs, fire, start) if way is not None]
    if not choices:
        zh, en = "步行无法到达火场外道路或避险点。", "No road outside the fire and no refuge can be reached on foot."
        return said | {"words": _words(zh, en)}
    way, name = min(choices, key=lambda one: one[0].ms)
    path, times = _timed(network, way, walk)
    here = network.plan.to_metric.transform(crew.lon, crew.lat)
    before_s = float(np.hypot(*(path[0] - here))) / (walk.default_kmh / 3.6)
    path, times = np.vstack([here, path]), np.r_[0.0, times + before_s]
    found = _within(fire, path, times)
    left, tight = None, None
    if found is not None and np.isfinite(found.margin_s):
        left = found.margin_s / 60
        tight = network.plan.to_metric.transform(found.at.x, found.at.y, direction="INVERSE")
    return said | {
        "to": name, "walk_min": round(times[-1] / 60, 1), "metres": round(way.metres),
        "margin_min": None if left is None else round(left, 1), "tightest": tight, "route": mapping(way.geometry),
        "words": _judged(left, name, inputs.limit_s),
    }  # fmt: skip


def _words(zh: str, en: str) -> Words:
    return {"zh": zh, "en": en}


def _judged(left: float | None, name: str, limit_s: float) -> Words:
    if left is None:
        hours = f"{limit_s / 3600:g}"
        return _words(
            f"去{name}的路在 {hours} 小时内未被火到达（仅按本模型）。",
            f"The way to {name} is not reached within {hours} h, by this model alone.",
        )
    if left < 0:
        return _words(
            f"危险：火头先到，去{name}的路上差 {-left:.0f} 分钟，此路不可走，请立即另选撤离方向。",
            f"Danger: the front is on the way to {name} {-left:.0f} min before the crew; do not take it.",
        )
    return _words(
        f"去{name}余量 {left:.0f} 分钟：最迟在 {left:.0f} 分钟内出发，不含飞火。",
        f"{left:.0f} min are left on the way to {name}: leave within them; spotting is not counted.",
    )


def _ways(inputs: Inputs, fire: Fire, start: Position) -> list[tuple[Route | None, str]]:
    """The fastest way to a road outside the last perimeter, and to each refuge."""
    network, walk = inputs.network, inputs.walk
    found: list[tuple[Route | None, str]] = []
    for refuge in inputs.asked["refuges"]:
        try:
            end = snap(network, refuge["lon"], refuge["lat"], walk, limit_m=SNAP_M)
        except Invalid:
            continue
        found.append((route(network, start, end, walk), refuge["name"]))
    ms = network.metric(walk).nearest(seeds([leaving(network, start, walk)])).astype(np.int64)
    node, x, y = _junctions(network)
    ms = np.where(_beside_fire(fire, x, y), FAR, ms[node])
    if len(ms) and ms.min() < FAR:
        end = junction(network, int(node[ms.argmin()]))
        found.append((route(network, start, end, walk), "火场外道路"))
    return found


def _junctions(network: Network) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Junctions of the roads that a vehicle may drive now: node, x, y."""
    node = np.unique(network.plan.ends[network.usable(DRIVE)])
    x, y = network.plan.to_metric.transform(*network.plan.xy[node].T)
    return node, np.asarray(x), np.asarray(y)


def _beside_fire(fire: Fire, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which places lie in the last perimeter or in a cell beside it; what is off the grid does not."""
    burnt = binary_dilation(fire.burnt(fire.limit_s), np.ones((3, 3), bool))
    column, row = (np.floor(one).astype(int) for one in ~fire.transform @ (x, y))
    rows, columns = burnt.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.asarray(inside & burnt[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)])


def _timed(network: Network, way: Route, walk: Profile) -> tuple[Floats, Floats]:
    """The way's corners, x y, and when each is passed, s."""
    xy, times = [], []
    gone = 0.0
    for road_id, begin, end in way.pieces:
        row = network.plan.row(road_id)
        lonlat = part(network, row, begin, end)
        points = np.column_stack(network.plan.to_metric.transform(lonlat[:, 0], lonlat[:, 1]))
        along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
        whole_s = float(network.road_ms(walk)[row, FORTH if end >= begin else BACK]) / 1000 * abs(end - begin)
        xy.append(points)
        times.append(gone + (along / along[-1] * whole_s if along[-1] else along))
        gone += whole_s
    return np.vstack(xy), np.concatenate(times)


def _within(fire: Fire, path: Floats, times: Floats) -> Margin | None:
    """The margin on the part of a way that lies on the grid; beyond it the fire does not come."""
    rows, columns = fire.arrival_s.shape
    column, row = ~fire.transform @ (path[:, 0], path[:, 1])
    on = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    first_off = int(np.argmin(on)) if not on.all() else len(path)
    if first_off == 0:
        return None
    path, times = path[: first_off + 1], times[: first_off + 1]
    if first_off < len(path):
        (x0, y0), (x1, y1) = path[-2], path[-1]
        edge = shapely.box(*fire_box(fire)).buffer(-1e-6)
        inside = shapely.intersection(edge, shapely.LineString([(x0, y0), (x1, y1)]))
        share = inside.length / max(float(np.hypot(x1 - x0, y1 - y0)), 1e-9)
        path = np.vstack([path[:-1], path[-2] + share * (path[-1] - path[-2])])
        times = np.r_[times[:-1], times[-2] + share * (times[-1] - times[-2])]
    return escape_margin(fire, path, times) if len(path) > 1 else None


def fire_box(fire: Fire) -> tuple[float, float, float, float]:
    """West, south, east, north of the grid."""
    rows, columns = fire.arrival_s.shape
    t = fire.transform
    return t.c, t.f + rows * t.e, t.c + columns * t.a, t.f


def road_heads(inputs: Inputs, fire: Fire, perimeter: shapely.Geometry) -> list[dict[str, Any]]:
    """Junctions that a vehicle reaches, near the last perimeter and outside it, with the water within its hose."""
    node, x, y = _junctions(inputs.network)
    free = ~_beside_fire(fire, x, y)
    points: Any = shapely.points(x, y)
    away: Floats = np.asarray(shapely.distance(points, perimeter))
    near = np.flatnonzero(free & (away <= inputs.figures["head_near_m"]))
    near = near[np.argsort(away[near], kind="stable")][:MOST_HEADS]
    heads = []
    for k in near.tolist():
        lon, lat = inputs.network.plan.xy[node[k]].tolist()
        waters = within_hose(points[k], inputs.waters, inputs.figures["hose_m"])
        heads.append(
            {"lon": lon, "lat": lat, "perimeter_m": round(float(away[k])), "water": _waters(waters.itertuples())}
        )
    return heads


def _waters(rows: Any) -> list[dict[str, Any]]:
    found: Sequence[Any] = list(rows)
    return [
        {
            "code": one.code, "name": one.name, "kind": one.kind, "distance_m": round(float(one.distance_m)),
            "capacity_m3": None if one.capacity_m3 is None or np.isnan(one.capacity_m3) else float(one.capacity_m3),
            "vehicle_access": one.vehicle_access if isinstance(one.vehicle_access, bool) else None,
        }
        for one in found
    ]  # fmt: skip
