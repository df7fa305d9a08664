"""Villages of the synthetic district: sites along streams, canals and field roads, their lanes, and their houses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from gis_data.demo import plan
from gis_data.demo.fabric import Boxes
from gis_data.demo.ground import Field, Ground, Shape
from gis_data.demo.streets import Street, density

Rng = np.random.Generator
_HILL, _PLAIN = 54, 84
"""How many villages at most on streams of the hills and valleys, and on the plain."""


@dataclass(frozen=True)
class Hamlet:
    """A village laid out: name, `centre` on its main lane, the stream's place in `Ground.streams` or None, lanes."""

    name: str
    centre: Field
    stream: int | None
    lanes: tuple[shapely.LineString, ...]


def _free(ground: Ground, roads: list[Street]) -> Shape:
    """Land where a village may have its centre."""
    wide = ("motorway", "trunk", "primary")
    loud = shapely.union_all([shapely.buffer(s.line, 130 if s.road_class in wide else 60) for s in roads])
    wet = shapely.union_all([ground.broad_water.buffer(140), ground.wetland.buffer(60)])
    return ground.outline.buffer(-250).difference(loud).difference(wet)


def _spaced(xy: Field, least_m: float, most: int, taken: list[Field]) -> list[int]:
    """Places of points, first come first served, that keep a distance from each other and from those taken."""
    kept: list[int] = []
    others = list(taken)
    for i, at in enumerate(xy):
        if len(kept) < most and all(np.hypot(*(at - other)) > least_m for other in others):
            kept.append(i)
            others.append(at)
    return kept


def settle(ground: Ground, roads: list[Street], fast: Shape, rng: Rng) -> list[Hamlet]:
    """Lay out the villages: first those on streams, then those of the plain."""
    free = _free(ground, roads).difference(fast.buffer(150))
    shapely.prepare(free)
    names = iter(
        rng.permutation([f"演示{a}{b}村" for a in plan.VILLAGE_WORDS[0] for b in plan.VILLAGE_WORDS[1]]).tolist()
    )
    found: list[Hamlet] = []
    stations = [(i, s) for i, stream in enumerate(ground.streams) for s in np.arange(120, stream.line.length - 60, 60)]
    order = [stations[i] for i in rng.permutation(len(stations))]
    xy = shapely.get_coordinates([ground.streams[i].line.interpolate(s) for i, s in order])
    high = ground.at(xy)
    fit = (
        (high > 7) & (high < 110) & (density(xy) < 0.22) & shapely.contains_xy(free, *xy.T) & (_relief(ground, xy) < 26)
    )
    order, xy = [o for o, ok in zip(order, fit.tolist(), strict=True) if ok], xy[fit]
    for i in _spaced(xy, 620, _HILL, []):
        stream, station = order[i]
        if (hamlet := _on_stream(ground, stream, float(station), rng)) is not None:
            found.append(Hamlet(next(names), *hamlet))
    west, south, east, north = ground.outline.bounds
    tried = rng.uniform((west, south), (east, north), (9000, 2))
    fit = shapely.contains_xy(free, *tried.T) & (density(tried) < 0.24) & (ground.at(tried) < 16)
    tried = tried[fit]
    beside = shapely.distance(shapely.points(tried), shapely.union_all([bed for _, bed in ground.canals]))
    tried = tried[np.argsort(np.where((beside > 40) & (beside < 160), 0, 1), kind="stable")]
    lines = np.array([s.line for s in roads if s.road_class in ("primary", "secondary", "tertiary")])
    for i in _spaced(tried, 760, _PLAIN, [h.centre for h in found]):
        near = lines[shapely.distance(lines, shapely.Point(tried[i])).argmin()]
        at = near.project(shapely.Point(tried[i]))
        ahead = shapely.get_coordinates([near.interpolate(at - 30), near.interpolate(at + 30)])
        heading = float(np.arctan2(*(ahead[1] - ahead[0])[::-1])) + rng.choice([0, np.pi / 2])
        found.append(Hamlet(next(names), *_on_plain(tried[i].round(), heading, rng)))
    return found


def _relief(ground: Ground, xy: Field) -> Field:
    """The height between the lowest and the highest of points 90 m around."""
    ring = [ground.at(xy + 90 * np.array([np.cos(t), np.sin(t)])) for t in np.arange(0, 2 * np.pi, np.pi / 4)]
    found: Field = np.ptp(ring, axis=0)
    return found


_Layout = tuple[Field, int | None, tuple[shapely.LineString, ...]]


def _on_stream(ground: Ground, stream: int, station: float, rng: Rng) -> _Layout | None:
    """A main lane beside the stream on its gentler side, and lanes up that side; None where there is no room."""
    line = ground.streams[stream].line
    reach = rng.uniform(130, 330, 2)
    part = substring(line, max(station - reach[0], 0), min(station + reach[1], line.length)).simplify(9)
    sides = [shapely.offset_curve(part, side * 26.0, join_style="round") for side in (1, -1)]
    sides = [max(shapely.get_parts(s), key=lambda p: p.length) for s in sides if not s.is_empty]
    if not sides or part.length < 150:
        return None
    ranked = sorted(sides, key=lambda s: float(ground.at(shapely.get_coordinates(s.segmentize(20))).max()))
    spine = shapely.LineString(shapely.get_coordinates(shapely.simplify(ranked[0], 4).segmentize(34)).round())
    if spine.length < 120 or not spine.is_simple:
        return None
    xy = np.asarray(spine.coords)
    away = 1.0 if ranked[0] is sides[0] else -1.0
    return xy[len(xy) // 2], stream, (spine, *_side_lanes(xy, (away,), (45, 120), rng))


def _on_plain(centre: Field, heading: float, rng: Rng) -> _Layout:
    """A gently curved main lane, and lanes to both sides."""
    arms = []
    for turn in (0.0, np.pi):
        at, way = centre, heading + turn
        course = [centre]
        for _ in range(int(rng.integers(2, 8))):
            way += rng.normal(0, 0.13)
            at = (at + 42 * np.array([np.cos(way), np.sin(way)])).round()
            course.append(at)
        arms.append(course)
    xy = np.array(arms[1][::-1] + arms[0][1:])
    spine = shapely.LineString(xy)
    return centre, None, (spine, *_side_lanes(xy, (1.0, -1.0), (30, 130), rng))


def _side_lanes(
    spine: Field, sides: tuple[float, ...], length: tuple[float, float], rng: Rng
) -> list[shapely.LineString]:
    found = []
    for i in range(1, len(spine) - 1):
        for side in sides:
            if rng.random() > 0.4:
                continue
            ahead = spine[i + 1] - spine[i - 1]
            way = float(np.arctan2(ahead[1], ahead[0])) + side * (np.pi / 2 + rng.normal(0, 0.16))
            at, course = spine[i], [spine[i]]
            for _ in range(int(rng.uniform(*length) // 32) + 1):
                way += rng.normal(0, 0.14)
                at = (at + 32 * np.array([np.cos(way), np.sin(way)])).round()
                course.append(at)
            found.append(shapely.LineString(course))
    return found


def lanes(found: list[Hamlet]) -> list[Street]:
    """The villages' lanes as streets."""
    return [
        Street(lane, "residential" if i == 0 else "service", f"{hamlet.name[:-1]}路" if i == 0 else None)
        for hamlet in found
        for i, lane in enumerate(hamlet.lanes)
    ]


def houses(found: list[Hamlet], roads: list[Street], rng: Rng) -> Boxes:
    """Candidate houses along the villages' lanes, sheds behind them, and farmhouses strewn along country roads."""
    flat = [(i, lane) for i, hamlet in enumerate(found) for lane in hamlet.lanes]
    close = _beside([lane for _, lane in flat], 14.6, (10.5, 12.5), rng)
    second = _beside([lane for _, lane in flat], 17.0, (25.0, 29.0), rng)
    country = [s.line for s in roads if s.road_class in ("unclassified", "tertiary", "secondary") and not s.tunnel]
    lone = _beside(country, 19.0, (15.0, 24.0), rng)
    owner = np.array([i for i, _ in flat], dtype=np.int64)
    parts = []
    for (xy, angle, line), share, village in ((close, 0.86, True), (second, 0.62, True), (lone, 0.46, False)):
        kept = rng.random(len(xy)) < share
        if not village:
            patch = np.sin(xy[:, 0] / 410) + np.sin(xy[:, 1] / 370 + 1) + np.sin((xy[:, 0] + xy[:, 1]) / 230)
            kept &= (density(xy) < 0.2) & (patch > 0.5)
        xy, angle, line = xy[kept], angle[kept], line[kept]
        size = np.stack([rng.uniform(9.5, 13.2, len(xy)), rng.uniform(8.5, 11.5, len(xy))], axis=-1)
        height = 3.2 * rng.choice([2, 3, 3, 4], len(xy))
        who = owner[line] if village else np.full(len(xy), -1)
        parts.append(_boxes(xy, angle, size, "house", np.round(height, 1), who))
        back = rng.random(len(xy)) < 0.36
        shift = rng.uniform(9, 13, (back.sum(), 1)) * np.stack([-np.sin(angle[back]), np.cos(angle[back])], axis=-1)
        small = np.stack([rng.uniform(4, 7.5, back.sum()), rng.uniform(3.5, 5, back.sum())], axis=-1)
        parts.append(_boxes(xy[back] + shift, angle[back], small, "shed", np.full(back.sum(), 3.0), who[back]))
    order = (0, 2, 4, 1, 3, 5)  # houses before sheds
    return Boxes(*(np.concatenate([getattr(parts[i], name) for i in order]) for name in Boxes.__annotations__))


def _beside(
    lines: list[shapely.LineString], step_m: float, offset_m: tuple[float, float], rng: Rng
) -> tuple[Field, Field, NDArray[np.int64]]:
    """Places on both sides of lines: points, the direction that faces away from the line, and which line."""
    xy, angle, line = [], [], []
    for i, course in enumerate(lines):
        at = np.arange(step_m * 0.7, course.length - step_m * 0.3, step_m)
        if not len(at):
            continue
        on = shapely.get_coordinates(shapely.line_interpolate_point(course, at))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(course, np.minimum(at + 2, course.length)))
        way = np.arctan2(*(ahead - on).T[::-1])
        for side in (1, -1):
            off = rng.uniform(*offset_m, len(at))[:, None]
            xy.append(on + side * off * np.stack([-np.sin(way), np.cos(way)], axis=-1) + rng.normal(0, 0.8, on.shape))
            angle.append(way + (0 if side > 0 else np.pi) + rng.normal(0, 0.06, len(at)))
            line.append(np.full(len(at), i))
    return np.vstack(xy), np.concatenate(angle), np.concatenate(line)


def _boxes(xy: Field, angle: Field, size: Field, use: str, height: Field, village: NDArray[np.int64]) -> Boxes:
    along = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * size[:, :1] / 2
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=-1) * size[:, 1:] / 2
    corners = np.stack([xy - along - across, xy + along - across, xy + along + across, xy - along + across], axis=1)
    return Boxes(corners, np.full(len(xy), use, dtype=object), height, np.full(len(xy), -1), village)
