"""What fills a block of the synthetic district: its use, lanes of its own, and buildings laid out for that use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_data.demo.ground import Field, Shape
from gis_data.demo.streets import Street, density, turned, upright

Rng = np.random.Generator
_MIXES: dict[str, dict[str, float]] = {
    "old": {"apartments": 0.66, "office": 0.07, "mall": 0.04, "school": 0.07, "tower": 0.07, "park": 0.09},
    "new": {"tower": 0.56, "apartments": 0.14, "office": 0.07, "mall": 0.04, "school": 0.08, "park": 0.11},
    "business": {"office": 0.5, "tower": 0.16, "apartments": 0.12, "mall": 0.1, "park": 0.12},
    "works": {"industrial": 0.62, "apartments": 0.14, "office": 0.14, "park": 0.1},
    "edge": {"village": 0.33, "apartments": 0.18, "tower": 0.1, "industrial": 0.13, "school": 0.05, "farmland": 0.21},
}
"""Character of a quarter: the shares of its blocks' uses."""


@dataclass(frozen=True)
class Boxes:
    """Candidate buildings: corners (n, 4, 2), use, height in metres, and the lot and village of each, or −1.

    Those that come first have the better right to their place.
    """

    corners: Field
    use: NDArray[np.object_]
    height_m: Field
    lot: NDArray[np.int64]
    village: NDArray[np.int64]

    def __getitem__(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Boxes:
        return Boxes(self.corners[kept], self.use[kept], self.height_m[kept], self.lot[kept], self.village[kept])


def joined(parts: list[Boxes]) -> Boxes:
    """Several sets as one, in their order."""
    return Boxes(*(np.concatenate([getattr(p, name) for p in parts]) for name in Boxes.__annotations__))


@dataclass(frozen=True)
class Plot:
    """A block with its use, the lanes inside it, and candidate buildings."""

    land: shapely.Polygon
    use: str
    dense: float
    lanes: tuple[shapely.LineString, ...]
    boxes: tuple[tuple[Field, float, str], ...]
    """Corners (n, 4, 2), mean height, use."""


def plots(blocks: list[shapely.Polygon], scenic: Shape, rng: Rng) -> list[Plot]:
    """Every block with a use that its quarter suggests; open ones become fields, or parks in the scenic unit."""
    centres = shapely.get_coordinates(shapely.centroid(np.array(blocks)))
    dense = density(centres)
    quarter = _quarters(centres, dense, rng)
    park = np.asarray(shapely.contains_xy(scenic, *centres.T), dtype=bool)
    found = []
    for land, crowd, kind, scenery in zip(blocks, dense.tolist(), quarter, park.tolist(), strict=True):
        if crowd < 0.12 or (scenery and rng.random() < 0.75):
            found.append(Plot(land, "park" if scenery else "farmland", crowd, (), ()))
            continue
        mix = _MIXES[kind]
        found.append(_plot(land, crowd, str(rng.choice(list(mix), p=list(mix.values()))), rng))
    return found


def _quarters(centres: Field, dense: Field, rng: Rng) -> list[str]:
    """The character of each block, by the nearest of seeds strewn over the district."""
    seeds = rng.uniform(centres.min(axis=0), centres.max(axis=0), (260, 2))
    names = np.array(["old", "new", "business", "works"])
    there = density(seeds)
    character = np.array(
        [
            rng.choice(
                names,
                p=(0.55, 0.25, 0.2, 0.0) if d > 0.75 else (0.2, 0.5, 0.12, 0.18) if d > 0.4 else (0.1, 0.4, 0.05, 0.45),
            )
            for d in there
        ]
    )
    near = np.hypot(*(centres[:, None, :] - seeds[None, :, :]).transpose(2, 0, 1)).argmin(axis=1)
    edge = dense < rng.uniform(0.2, 0.42, len(dense))
    return [str(q) for q in np.where(edge, "edge", character[near])]


def _plot(land: shapely.Polygon, dense: float, use: str, rng: Rng) -> Plot:
    block = upright(land)
    if use in ("park", "farmland") or land.area < 2500:
        return Plot(land, "park" if land.area < 2500 else use, dense, (), ())
    flat: Shape = block.land
    plain = flat.simplify(1.5)
    lanes, inner = _lanes(flat, plain, use, rng)
    boxes: list[tuple[Field, float, str]] = []
    if use in ("apartments", "tower"):
        strip = plain.buffer(-14, join_style="mitre")
        if rng.random() < 0.3 + 0.45 * dense:
            boxes.append((_along(strip, (14, 46), (8, 11), rng), float(rng.choice([4.5, 8, 8, 11])), "shop"))
        else:
            boxes.append((_along(strip, (26, 58), (10.5, 12), rng), float(rng.choice([15, 18, 21])), "apartments"))
    for area in inner:
        boxes += _standing(area, use, dense, rng)
    back = [(_back(corners, block.frame), height, kind) for corners, height, kind in boxes if len(corners)]
    return Plot(land, use, dense, tuple(turned(lane, block.frame, back=True) for lane in lanes), tuple(back))


def _back(corners: Field, frame: tuple[float, float, float]) -> Field:
    x, y, angle = frame
    cos, sin = np.cos(angle), np.sin(angle)
    found: Field = corners @ np.array([[cos, sin], [-sin, cos]]) + np.array([x, y])
    return found


def _polygons(geom: Shape, least_m2: float) -> list[Shape]:
    return [part for part in shapely.get_parts(geom) if part.geom_type == "Polygon" and part.area > least_m2]


def _lanes(flat: Shape, plain: Shape, use: str, rng: Rng) -> tuple[list[shapely.LineString], list[Shape]]:
    """A block's own lanes (a ring with gates, or one or two ways through), and the areas left to build on."""
    west, south, east, north = flat.bounds
    wide, deep = east - west, north - south
    inner = plain.buffer(-13, join_style="mitre")
    roomy = flat.area > 18e3 and min(wide, deep) > 122
    if use in ("apartments", "tower", "industrial", "school") and roomy and rng.random() < 0.62:
        core = max(_polygons(plain.buffer(-31, join_style="mitre"), 1500), key=lambda p: p.area, default=None)
        if core is not None:
            return _ring(flat, shapely.simplify(core, 3), rng)
    if flat.area < 7e3 or use == "mall":
        return [], _polygons(inner, 300)
    tall = deep > wide if rng.random() < 0.8 else deep <= wide
    many = max(wide, deep) > 175 or use == "village"
    shares = (rng.uniform(0.27, 0.38), rng.uniform(0.62, 0.73)) if many else (rng.uniform(0.4, 0.6),)
    cuts = [_through(flat, share, tall, rng) for share in shares]
    lanes = [
        lane for cut in cuts for lane in shapely.get_parts(cut.intersection(flat)) if lane.geom_type == "LineString"
    ]
    keep_off = shapely.union_all([lane.buffer(5, quad_segs=1) for lane in lanes])
    return [lane for lane in lanes if lane.length > 30], _polygons(inner.difference(keep_off), 300)


def _through(flat: Shape, share: float, tall: bool, rng: Rng) -> shapely.LineString:
    """A way through, straight or with a step in the middle."""
    west, south, east, north = flat.bounds
    wide, deep = east - west, north - south
    step = rng.uniform(-0.12, 0.12) * (deep if tall else wide) if rng.random() < 0.5 else 0.0
    b = south + share * deep if tall else west + share * wide
    if tall:
        return shapely.LineString(
            [(west - 9, b), (west + wide * 0.47, b), (west + wide * 0.53, b + step), (east + 9, b + step)]
        )
    return shapely.LineString(
        [(b, south - 9), (b, south + deep * 0.47), (b + step, south + deep * 0.53), (b + step, north + 9)]
    )


def _ring(flat: Shape, core: Shape, rng: Rng) -> tuple[list[shapely.LineString], list[Shape]]:
    """A lane round the inside of a block, gates to the streets, and a way across when it is large."""
    ring = shapely.LineString(core.exterior.coords)
    ends = np.asarray(core.exterior.coords)
    runs = np.hypot(*np.diff(ends, axis=0).T)
    gates = []
    for edge in np.argsort(-runs)[: int(rng.integers(2, 5))]:
        at = ends[edge] + (ends[edge + 1] - ends[edge]) * rng.uniform(0.3, 0.7)
        out = np.array([ends[edge + 1, 1] - ends[edge, 1], ends[edge, 0] - ends[edge + 1, 0]]) / runs[edge]
        gate = shapely.LineString([at, at + out * (50 if shapely.is_ccw(core.exterior) else -50)]).intersection(flat)
        gates += [max(shapely.get_parts(gate), key=lambda g: g.length)]
    inside = core.buffer(-7, join_style="mitre")
    lanes = [ring, *(g for g in gates if g.geom_type == "LineString" and g.length > 8)]
    if core.area > 24e3:
        west, south, east, north = core.bounds
        tall = north - south > east - west
        share = rng.uniform(0.42, 0.58)
        line = shapely.LineString(
            [(west - 9, south + share * (north - south)), (east + 9, south + share * (north - south))]
            if tall
            else [(west + share * (east - west), south - 9), (west + share * (east - west), north + 9)]
        )
        across = [part for part in shapely.get_parts(line.intersection(core)) if part.length > 20]
        lanes += across
        inside = inside.difference(shapely.union_all([part.buffer(6, quad_segs=1) for part in across]))
    return lanes, _polygons(inside, 300)


def _rows(area: Shape, width: tuple[float, float], depth: float, gap: tuple[float, float], rng: Rng) -> Field:
    """Oblongs in rows from south to north, of widths between two bounds, those that fit in the area."""
    west, south, east, north = area.bounds
    count = int((north - south + gap[1]) // (depth + gap[1]))
    if count < 1:
        return np.empty((0, 4, 2))
    slack = (north - south + gap[1] - count * (depth + gap[1])) / count
    found = []
    for row in range(count):
        y = south + row * (depth + gap[1] + slack) + slack / 2
        x = west + rng.uniform(0, gap[0])
        while x + width[0] <= east:
            w = min(rng.uniform(*width), east - x)
            found.append((x, y, x + w, y + depth))
            x += w + gap[0] * rng.uniform(0.8, 1.5)
    return _fitting(area, found)


def _fitting(area: Shape, found: list[tuple[float, float, float, float]]) -> Field:
    if not found:
        return np.empty((0, 4, 2))
    a, b, c, d = np.array(found).T
    corners: Field = np.stack(
        [np.stack([a, b], -1), np.stack([c, b], -1), np.stack([c, d], -1), np.stack([a, d], -1)], 1
    )
    shapely.prepare(area)
    kept: Field = corners[shapely.contains(area, shapely.polygons(corners))]
    return kept


def _along(area: Shape, width: tuple[float, float], depth: tuple[float, float], rng: Rng) -> Field:
    """Oblongs along the inside of an area's edges, as shops along a street."""
    found = []
    for part in _polygons(area, 600):
        ends = np.asarray(part.exterior.coords)
        sign = 1.0 if shapely.is_ccw(part.exterior) else -1.0
        for a, b in pairwise(ends):
            run = float(np.hypot(*(b - a)))
            if run < 40 or rng.random() < 0.3:
                continue
            u = (b - a) / run
            n = np.array([-u[1], u[0]]) * sign
            x, deep = 10.0, rng.uniform(*depth)
            while x + width[0] < run - 10:
                w = min(rng.uniform(*width), run - 10 - x)
                if rng.random() < 0.8:
                    p = a + u * x
                    found.append([p, p + u * w, p + u * w + n * deep, p + n * deep])
                x += w + rng.uniform(2, 9)
    return np.array(found) if found else np.empty((0, 4, 2))


def _standing(area: Shape, use: str, dense: float, rng: Rng) -> list[tuple[Field, float, str]]:
    """Candidate buildings of a use in an area (upright)."""
    west, south, east, north = area.bounds
    if use == "apartments":
        floors = int(rng.choice([5, 6, 6, 7, 7, 11], p=[0.1, 0.25, 0.2, 0.2, 0.15, 0.1]))
        depth, height = rng.uniform(10.5, 13), floors * 2.95
        slab = (26, 34) if rng.random() < 0.35 else (38, 64)
        return [(_rows(area, slab, depth, (7, 0.55 * height + 4), rng), height, use)]
    if use == "tower":
        height = float(rng.choice([33, 54, 78, 96], p=[0.3, 0.3, 0.27, 0.13]))
        width = rng.uniform(24, 34)
        return [(_rows(area, (width, width + 4), rng.uniform(14, 18), (13, 0.2 * height + 16), rng), height, use)]
    if use == "office":
        height = float(rng.choice([18, 30, 48, 80, 120], p=[0.3, 0.3, 0.2, 0.15, 0.05]))
        return [(_rows(area, (34, 58), rng.uniform(24, 38), (15, 17), rng), height, use)]
    if use == "mall":
        core = (
            west + (east - west) * 0.1,
            south + (north - south) * 0.1,
            east - (east - west) * 0.1,
            north - (north - south) * 0.1,
        )
        return [(_fitting(area, [core]), 24.0, use), (_rows(area, (30, 60), 24, (14, 16), rng), 18.0, use)]
    if use == "school":
        return [
            (_rows(area, (44, 58), 12, (16, 24), rng)[:5], 15.0, use),
            (_rows(area, (30, 38), 22, (60, 60), rng)[-1:], 11.0, use),
        ]
    if use == "industrial":
        big = _rows(area, (46, 96), rng.uniform(24, 42), (14, 13), rng)
        return [(big, 9.0, use), (_rows(area, (18, 26), 11, (30, 50), rng), 12.0, use)]
    return [(_rows(area, (9.5, 13.5), rng.uniform(10, 12), (3.0, 7.0), rng), 9.5, "house")]


@dataclass(frozen=True)
class Crop:
    """A field and what grows there: farmland, paddy, orchard, grass, or a fish pond."""

    land: shapely.Polygon
    kind: str


_CROPS = {"farmland": 0.62, "paddy": 0.18, "orchard": 0.08, "grass": 0.06, "pond": 0.06}


def crops(found: list[Plot], rng: Rng) -> tuple[list[Crop], list[Street]]:
    """The farmland cut into fields, and the tracks along the first cuts."""
    fields: list[Crop] = []
    tracks: list[Street] = []
    todo = [plot.land for plot in found if plot.use == "farmland"]
    while todo:
        land = todo.pop()
        if land.area > 42e3 * np.exp(rng.uniform(-0.9, 0.9)):
            parts, line = _cut(land, float(rng.uniform(0.35, 0.65)))
            todo += [p for p in parts if p.area > 600]
            if land.area > 110e3:
                tracks += [Street(p, "track") for p in shapely.get_parts(land.intersection(line)) if p.length > 60]
            continue
        fields.append(Crop(land, str(rng.choice(list(_CROPS), p=list(_CROPS.values())))))
    return fields, tracks


def _cut(land: Shape, share: float) -> tuple[list[Shape], shapely.LineString]:
    """Land cut across its longer way, and the line of the cut."""
    around: Shape = shapely.oriented_envelope(land)
    box = np.asarray(around.exterior.coords)
    a, b = box[1] - box[0], box[2] - box[1]
    along, start = (a, box[0]) if np.hypot(*a) > np.hypot(*b) else (b, box[1])
    across = np.array([-along[1], along[0]]) / np.hypot(*along) * 1e4
    at = start + share * along
    half = shapely.Polygon([at - across, at + across, at + across - along * 9, at - across - along * 9])
    parts = [*shapely.get_parts(land.intersection(half)), *shapely.get_parts(land.difference(half))]
    return [p for p in parts if p.geom_type == "Polygon"], shapely.LineString([at - across, at + across])


def lanes(found: list[Plot]) -> list[Street]:
    """The blocks' own lanes as streets."""
    return [Street(lane, "service") for plot in found for lane in plot.lanes]


def boxes(found: list[Plot], rng: Rng) -> Boxes:
    """All candidate buildings of the blocks, thinned a little, heights varied by whole storeys."""
    flat = [(i, corners, height, use) for i, plot in enumerate(found) for corners, height, use in plot.boxes]
    counts = [len(corners) for _, corners, *_ in flat]
    height = np.repeat([h for _, _, h, _ in flat], counts) * rng.uniform(0.85, 1.15, sum(counts))
    use = np.repeat(np.array([u for *_, u in flat], dtype=object), counts)
    whole = Boxes(
        np.concatenate([corners for _, corners, *_ in flat]),
        use,
        np.maximum(np.round(height / 3) * 3, 3.0),
        np.repeat([i for i, *_ in flat], counts),
        np.full(sum(counts), -1),
    )
    kept: NDArray[np.bool_] = rng.random(sum(counts)) < np.where(
        use == "house", 0.95, np.where(use == "office", 0.8, 0.97)
    )
    return whole[kept]
