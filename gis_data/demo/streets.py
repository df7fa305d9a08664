"""The synthetic district's streets as drawn lines: arterials, blocks split into streets, expressways with ramps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_data.demo import plan
from gis_data.demo.ground import Field, Ground, Shape, line_of, metres, wavy

CORRIDOR_M = 62.0
"""Kept free of local streets on both sides of an expressway."""
_CARRIAGEWAY_M, _RAMP_M = 13.0, 45.0


@dataclass(frozen=True)
class Street:
    """A drawn line with what its segments will carry."""

    line: shapely.LineString
    road_class: str
    name: str | None = None
    oneway: bool = False
    bridge: bool = False
    tunnel: bool = False
    layer: int = 0
    max_height_m: float | None = None

    def along(self, line: shapely.LineString) -> Street:
        """The same street on another line."""
        return Street(
            line, self.road_class, self.name, self.oneway, self.bridge, self.tunnel, self.layer, self.max_height_m
        )


def arterials(rng: np.random.Generator) -> list[Street]:
    """The planned surface roads, swinging a little, their ends brought onto the roads that they meet."""
    lines = [wavy(line_of(course), rng, 22, 2100) for *_, course in plan.ARTERIALS]
    found = []
    for i, (line, (name, road_class, _)) in enumerate(zip(lines, plan.ARTERIALS, strict=True)):
        others = shapely.union_all([other for j, other in enumerate(lines) if j != i])
        xy = shapely.get_coordinates(line)
        for end in (0, -1):
            tip = shapely.Point(xy[end])
            if 0 < tip.distance(others) < 110:
                xy[end] = shapely.get_coordinates(shapely.shortest_line(tip, others))[1]
        found.append(Street(shapely.LineString(xy), road_class, name))
    return found


def density(xy: Field) -> Field:
    """How densely people build at points, 0 to 1."""
    at = (xy - np.asarray(plan.CORNER)) / plan.UNIT_M
    east, north, reach, top = np.array(plan.CORES).T
    away = np.hypot(at[:, :1] - east, at[:, 1:] - north) / reach
    found: Field = (top * np.exp(-0.7 * away**3)).max(axis=1)
    return found


def _parts(geoms: Iterable[Shape], kind: str) -> list[Shape]:
    return [part for geom in geoms for part in shapely.get_parts(geom) if part.geom_type == kind]


@dataclass(frozen=True)
class Block:
    """Land to split, turned so that its district's grid is upright; `frame` is that grid's origin and angle."""

    land: shapely.Polygon
    frame: tuple[float, float, float]


def turned(geom: Shape, frame: tuple[float, float, float], back: bool = False) -> Shape:
    """A geometry in a frame of its own, or back from it."""
    x, y, angle = frame
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    origin = np.array([x, y])
    return shapely.transform(geom, lambda xy: xy @ turn + origin if back else (xy - origin) @ turn.T)


def upright(land: shapely.Polygon) -> Block:
    """Land turned so that the longer way of its box lies along an axis within 45° of its course."""
    box: Shape = shapely.oriented_envelope(land)
    corner = np.asarray(box.exterior.coords)
    edge = corner[1] - corner[0]
    angle = (np.arctan2(edge[1], edge[0]) + np.pi / 4) % (np.pi / 2) - np.pi / 4
    frame = (float(corner[0, 0]), float(corner[0, 1]), float(angle))
    return Block(turned(land, frame), frame)


def _halves(block: Block, lattice_m: float, share: float) -> tuple[list[Block], list[shapely.LineString]]:
    """A block cut across its longer side on the grid line nearest to a share of it, and the cuts (turned back)."""
    west, south, east, north = block.land.bounds
    tall = north - south > east - west
    low, high = (south, north) if tall else (west, east)
    cut = round((low + share * (high - low)) / lattice_m) * lattice_m
    if not 0.28 < (cut - low) / (high - low) < 0.72:
        cut = low + share * (high - low)
    big = 1e5
    sides = ((-big, -big, big, cut), (-big, cut, big, big)) if tall else ((-big, -big, cut, big), (cut, -big, big, big))
    line = shapely.LineString([(-big, cut), (big, cut)] if tall else [(cut, -big), (cut, big)])
    pieces = _parts([shapely.clip_by_rect(block.land, *side) for side in sides], "Polygon")
    cuts = _parts([block.land.intersection(line)], "LineString")
    return [Block(p, block.frame) for p in pieces], [turned(c, block.frame, back=True) for c in cuts]


def _street(line: shapely.LineString, size_m2: float, dense: float, rng: np.random.Generator) -> Street:
    road_class = "tertiary" if size_m2 > 420e3 and dense > 0.1 else "residential" if dense > 0.12 else "unclassified"
    if size_m2 < 45e3 and dense > 0.5 and rng.random() < 0.25:
        road_class = "living_street"
    return Street(line, road_class, oneway=road_class == "residential" and dense > 0.75 and rng.random() < 0.22)


def blocks(roads: list[Street], ground: Ground, rng: np.random.Generator) -> tuple[list[Street], list[shapely.Polygon]]:
    """Streets that split the land between arterials, finer where it is denser, and the blocks that remain."""
    fast = shapely.union_all([line_of(course) for *_, course in plan.EXPRESSWAYS])
    canals = shapely.union_all([c.buffer(14) for _, c in ground.canals])
    away = [ground.broad_water.buffer(35), ground.hills, ground.wetland, fast.buffer(CORRIDOR_M), canals]
    land = ground.outline.buffer(10).difference(shapely.union_all(away))
    frame = shapely.union_all([land.boundary, *(road.line for road in roads)], grid_size=1.0)
    whole = shapely.get_parts(shapely.polygonize([*shapely.get_parts(frame)]))
    todo = [upright(p) for p in whole if p.area > 4000 and land.contains(p.representative_point())]
    streets: list[Street] = []
    done: list[shapely.Polygon] = []
    while todo:
        block = todo.pop()
        centre = shapely.get_coordinates(turned(block.land.centroid, block.frame, back=True))
        dense, size = float(density(centre)[0]), block.land.area
        target = np.exp(np.interp(dense, (0, 0.12, 0.4, 0.7, 1), np.log((800e3, 300e3, 58e3, 34e3, 25e3))))
        if size < 3000 or size < target * np.exp(rng.uniform(-0.75, 0.75)):
            done.append(turned(block.land, block.frame, back=True))
            continue
        halves, cuts = _halves(block, 65.0 if dense > 0.35 else 130.0, float(rng.uniform(0.4, 0.6)))
        todo += halves
        streets += [_street(line, size, dense, rng) for line in cuts if line.length > 25]
    return streets, done


def _named(streets: list[Street], rng: np.random.Generator) -> Iterator[Street]:
    """Generic made-up names for the wider local streets."""
    first, second = "云翠竹枫兰梅松荷桂溪莲柳桐榆樱杏", "苑坪泉桥亭岗园岸湾坞塘洲"
    pairs = [f"{a}{b}" for a in first for b in second]
    order = rng.permutation(len(pairs))
    used = 0
    for street in streets:
        if (
            street.name is None
            and street.line.length > 220
            and street.road_class in ("tertiary", "residential")
            and used < len(pairs) * 3
        ):
            word = pairs[order[used % len(pairs)]]
            name = f"{word}{('路', '街', '一路')[used // len(pairs)]}"
            used += 1
            yield replace(street, name=f"演示{name}" if street.road_class == "tertiary" else name)
        else:
            yield street


def over_water(streets: list[Street], ground: Ground, rng: np.random.Generator) -> list[Street]:
    """Named streets, bridged over canals where they matter and cut where they do not."""
    narrow = shapely.union_all([c.buffer(10) for _, c in ground.canals])
    wide = ground.broad_water.buffer(12)
    fast = shapely.union_all([line_of(course).buffer(30) for *_, course in plan.EXPRESSWAYS]).difference(ground.hills)
    obstacles = shapely.union_all([narrow, wide, fast])
    shapely.prepare(obstacles)
    touched = shapely.intersects(obstacles, np.array([s.line for s in streets]))
    found: list[Street] = []
    for street, meets in zip(_named(streets, rng), touched.tolist(), strict=True):
        if not meets:
            found.append(street)
            continue
        dry = street.line.difference(wide)
        for line in _parts([dry.difference(narrow).difference(fast)], "LineString"):
            found.append(street.along(line))
        if street.road_class in ("primary", "secondary", "tertiary", "unclassified"):
            over = _parts([dry.intersection(narrow).difference(fast)], "LineString")
            found += [replace(street, line=line, bridge=True, layer=1) for line in over]
        if street.road_class in ("primary", "secondary", "tertiary"):
            height = 4.5 if street.road_class == "primary" else 4.0
            under = _parts([dry.intersection(fast)], "LineString")
            name = f"{street.name or '演示路'}下穿"
            found += [
                replace(street, line=line, tunnel=True, layer=-1, name=name, max_height_m=height) for line in under
            ]
    return found


def _between(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    found: Any = shapely.line_locate_point(line, shapely.points(line.coords))
    stations = [s for s in found if start < s < end]
    return shapely.LineString(shapely.line_interpolate_point(line, [start, *stations, end]))


def _bend(start: Field, control: Field, end: Field) -> shapely.LineString:
    t = np.linspace(0, 1, 9)[:, None]
    return shapely.LineString(((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end).round())


def _at(line: shapely.LineString, station: float) -> Field:
    found: Field = shapely.get_coordinates(shapely.line_interpolate_point(line, station))[0].round()
    return found


def expressways(roads: list[Street], ground: Ground) -> tuple[list[Street], list[Street]]:
    """Dual carriageways cut where ramps join, and the ramps: those to the ground, and between expressways."""
    centre = [(name, kind, line_of(course)) for name, kind, course in plan.EXPRESSWAYS]
    ways: list[tuple[str, str, Shape, set[float]]] = []
    for name, kind, line in centre:
        for lane in (
            shapely.offset_curve(line, -_CARRIAGEWAY_M),
            shapely.offset_curve(line, _CARRIAGEWAY_M).reverse(),
        ):
            ways.append((name, kind, lane, set()))
    ramps: list[Street] = []
    for name, kind, lane, stops in ways:
        beside = shapely.offset_curve(lane, -(_RAMP_M - _CARRIAGEWAY_M))
        taken: list[float] = []
        meets = [(road, p) for road in roads for p in _parts([road.line.intersection(beside)], "Point")]
        ranked = sorted(meets, key=lambda m: (m[0].road_class, lane.project(m[1])))
        for _, meet in ranked:
            station, end = lane.project(meet), shapely.get_coordinates(meet)[0]
            inside = 420 < station < lane.length - 420 and ground.outline.buffer(400).contains(meet)
            crowded = any(abs(station - other) < 900 for other in taken)
            if not inside or crowded or ground.at(end[None, :])[0] > 20:
                continue
            taken.append(station)
            for offset in (-260.0, 260.0):
                stops.add(station + offset)
                control = shapely.get_coordinates(beside.interpolate(beside.project(meet) + offset / 2))[0]
                ends = _at(lane, station + offset), end
                first, second = ends if offset < 0 else ends[::-1]
                ramps.append(Street(_bend(first, control, second), f"{kind}_link", f"{name}匝道", oneway=True, layer=1))
    links: list[Street] = []
    for i, (name, kind, lane, stops) in enumerate(ways):
        for j, (_, _, other, other_stops) in enumerate(ways):
            for p in _parts([lane.intersection(other)], "Point") if i // 2 != j // 2 else []:
                s, o = lane.project(p), other.project(p)
                a, b = (_at(q, v + 20) - _at(q, v - 20) for q, v in ((lane, s), (other, o)))
                if a[0] * b[1] - a[1] * b[0] < 0 and s > 400 and o < other.length - 400:
                    stops.add(s - 330)
                    other_stops.add(o + 330)
                    bend = _bend(_at(lane, s - 330), shapely.get_coordinates(p)[0], _at(other, o + 330))
                    links.append(Street(bend, f"{kind}_link", f"{name}互通", oneway=True, layer=2))
    for (name, kind, lane, stops), (_, _, back, _) in zip(ways, ways[1::-1] + ways[3:1:-1] + ways[5:3:-1], strict=True):
        links += _carriageway(name, kind, lane, stops, ground)
        turn = shapely.LineString([_at(lane, lane.length), _at(back, 0)])
        links.append(Street(turn, f"{kind}_link", f"{name}掉头", oneway=True))
    return ramps, links


def _carriageway(name: str, kind: str, lane: shapely.LineString, stops: set[float], ground: Ground) -> Iterator[Street]:
    """A carriageway's pieces: tunnel under hills, bridge over the river and through the town."""
    sample = np.arange(0, lane.length, 60.0)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lane, sample))
    deep = ground.at(xy) > 30
    wet = shapely.contains_xy(ground.river.buffer(90), xy[:, 0], xy[:, 1])
    state: NDArray[np.int_] = np.where(deep, 2, np.where(wet | (density(xy) > 0.3), 1, 0))
    turns = sample[1:][np.diff(state) != 0]
    cuts = sorted({0.0, lane.length, *stops, *(t for t in turns if all(abs(t - s) > 90 for s in stops))})
    for start, end in pairwise(cuts):
        middle = state[(sample >= start) & (sample < end)]
        kinds = np.bincount(middle, minlength=3).argmax() if middle.size else 0
        piece = shapely.set_precision(_between(lane, start, end), 1.0, mode="pointwise")
        yield Street(piece, kind, name, True, bridge=bool(kinds == 1), tunnel=bool(kinds == 2), layer=(0, 1, -1)[kinds])


def causeway() -> Street:
    """The footway over the lake's causeway."""
    return Street(line_of(plan.CAUSEWAY), "footway", "演示堤")


def points(course: plan.Line) -> Field:
    """Plan points in metres, for roads whose course the terrain decides."""
    return metres(course)
