"""Who and what lies inside an area: people, households, schools, firms, roads, shelters; each figure with its unit.

Figures of different units or layers are never added up. All geometries are in one metric CRS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_data.errors import Invalid
from layers.clip import areas_in, convex, lengths_in
from layers.zonal import Reached

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Rule = Literal["share", "whole", "length"]


@dataclass(frozen=True)
class Measure:
    """A figure of a layer, with its unit: 人, 户, 所, 家, m."""

    id: str
    zh: str
    en: str
    unit: str


@dataclass(frozen=True, eq=False)
class Layer:
    """Objects that may be exposed (n,), and their figures.

    Attributes
    ----------
    geometry : (n,) points, lines or polygons.
    amount : (n, measures), NaN where a figure is not known; None counts objects, or metres by the rule "length".
    rule : "share" – a polygon counts by the share of its area that lies inside, as if its people were spread evenly;
        points count whole. "whole" – what touches the area counts whole: a school that is half inside is inside.
        "length" – metres of lines inside.
    group : (n,) numbers in `groups`, such as classes of roads. as_of : the date of the data, None if not known.
    """

    id: str
    measures: tuple[Measure, ...]
    geometry: Shapes
    amount: Floats | None = None
    rule: Rule = "share"
    as_of: date | None = None
    source: str = ""
    group: Ints | None = None
    groups: tuple[str, ...] = ("",)

    def __post_init__(self) -> None:
        n, k = len(self.geometry), len(self.measures)
        sound = (k == 1) if self.amount is None else self.amount.shape == (n, k)
        if not sound or (self.group is not None and self.group.shape != (n,)):
            raise Invalid(
                f"图层 {self.id}：{n} 个对象、{k} 项指标，数组大小不符。",
                f"Layer {self.id}: the arrays do not fit {n} objects and {k} measures.",
                field=self.id,
            )

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The index of its objects, made at the first question."""
        return shapely.STRtree(self.geometry)

    @cached_property
    def dimension(self) -> Ints:
        """0 of points, 1 of lines, 2 of polygons."""
        return np.asarray(shapely.get_dimensions(self.geometry))

    @cached_property
    def size(self) -> Floats:
        """Metres of each line, or square metres."""
        return np.asarray(shapely.length(self.geometry) if self.rule == "length" else shapely.area(self.geometry))

    @cached_property
    def convex(self) -> NDArray[np.bool_]:
        """Which of its objects are convex and of few corners."""
        return convex(self.geometry)


@dataclass(frozen=True)
class Line:
    """One figure of an exposure: `objects` touched, of which `unknown` have no figure and add nothing to `amount`."""

    layer: str
    measure: Measure
    group: str
    amount: float
    objects: int
    unknown: int
    as_of: date | None
    source: str


@dataclass(frozen=True)
class Exposure:
    """What lies inside an area of `area_m2`: a line for every measure and every group that has objects inside.

    A layer with nothing inside has its lines too, of amount 0: asked, and none there.
    """

    area_m2: float
    lines: tuple[Line, ...]

    def amount(self, measure: str, group: str | None = None) -> float:
        """The figure of a measure, in one group or in all of its layer. Raises Invalid if nobody asked for it."""
        found = [line.amount for line in self.lines if line.measure.id == measure and group in (None, line.group)]
        if not found and group is None:
            raise Invalid(f"没有指标“{measure}”。", f"There is no measure “{measure}”.", field=measure)
        return sum(found)


Area = shapely.Geometry | Reached


def inside(area: Area, layers: Sequence[Layer]) -> Exposure:
    """What lies inside a polygon or the reached cells of a raster; objects on its edge do."""
    return inside_each([area], layers)[0]


def inside_each(areas: Sequence[Area], layers: Sequence[Layer]) -> tuple[Exposure, ...]:
    """The same for many areas at once; an object in two of them is counted in both.

    Raises
    ------
    Invalid : an area that is no polygon, named by its number. An empty one has nothing inside.
    """
    parts, owner = _parts(areas)
    size = np.bincount(owner, shapely.area(parts), len(areas))
    lines: list[list[Line]] = [[] for _ in areas]
    for layer in layers:
        _tally(layer, parts, owner, lines)
    return tuple(Exposure(float(m2), tuple(some)) for m2, some in zip(size, lines, strict=True))


def _parts(areas: Sequence[Area]) -> tuple[Shapes, Ints]:
    """Simple polygons that do not overlap, and the area that each belongs to."""
    found, owner = [], []
    for number, area in enumerate(areas):
        if isinstance(area, Reached):
            some = area.boxes()
        else:
            sound = area if shapely.is_valid(area) else shapely.make_valid(area)
            some = shapely.get_parts(shapely.get_parts(sound))
            some = some[shapely.get_dimensions(some) == 2]
            if not len(some) and not shapely.is_empty(area):
                raise Invalid(f"第 {number + 1} 个范围不是面。", f"Area {number + 1} is no polygon.", row=number + 1)
        found.append(some)
        owner.append(np.full(len(some), number))
    parts = np.concatenate([np.empty(0, object), *found])
    shapely.prepare(parts)
    return parts, np.concatenate([np.empty(0, np.int64), *owner])


def _tally(layer: Layer, parts: Shapes, owner: Ints, lines: list[list[Line]]) -> None:
    """Add the layer's lines of each area."""
    n, groups = len(layer.geometry), len(layer.groups)
    part, row = layer.tree.query(parts, predicate="intersects")
    key, back = np.unique(owner[part] * n + row, return_inverse=True)
    share = np.bincount(back, _portion(layer, parts, part, row), len(key))
    if layer.rule != "length":
        share = np.minimum(share, 1.0)
    key, share = key[share > 0], share[share > 0]
    area, row = key // max(n, 1), key % max(n, 1)
    figures = np.ones((n, 1)) if layer.amount is None else layer.amount
    slot = area * groups + (0 if layer.group is None else layer.group[row])
    shape = (len(lines), groups)
    objects = np.bincount(slot, minlength=len(lines) * groups).reshape(shape)
    for k, measure in enumerate(layer.measures):
        figure = figures[row, k]
        dark = np.isnan(figure)
        amount = np.bincount(slot, np.where(dark, 0.0, figure * share), len(lines) * groups).reshape(shape)
        unknown = np.bincount(slot, dark, len(lines) * groups).reshape(shape)
        for number, some in enumerate(lines):
            for g, name in enumerate(layer.groups):
                if objects[number, g] or groups == 1:
                    some.append(
                        Line(
                            layer.id, measure, name, float(amount[number, g]), int(objects[number, g]),
                            int(unknown[number, g]), layer.as_of, layer.source,
                        )
                    )  # fmt: skip


def _portion(layer: Layer, parts: Shapes, part: Ints, row: Ints) -> Floats:
    """Of each object in a part: the share of its area, the metres of its line, or 1."""
    found = np.ones(len(row))
    dimension = 1 if layer.rule == "length" else 2
    if layer.rule == "length":
        found = layer.size[row]
    cut = np.flatnonzero((layer.dimension[row] == dimension) & (layer.rule != "whole") & (layer.size[row] > 0))
    cut = cut[~shapely.covers(parts[part[cut]], layer.geometry[row[cut]])]
    in_cell, of_cell = layer.convex[row[cut]], convex(parts)[part[cut]]
    by_cell, of_object = cut[of_cell], cut[in_cell & ~of_cell]
    if layer.rule == "length":
        found[by_cell] = lengths_in(layer.geometry, row[by_cell], parts, part[by_cell])
        other = cut[~of_cell]
        found[other] = shapely.length(shapely.intersection(parts[part[other]], layer.geometry[row[other]]))
        return found
    found[by_cell] = areas_in(layer.geometry, row[by_cell], parts, part[by_cell])
    found[of_object] = areas_in(parts, part[of_object], layer.geometry, row[of_object])
    other = cut[~of_cell & ~in_cell]
    found[other] = shapely.area(shapely.intersection(parts[part[other]], layer.geometry[row[other]]))
    found[cut] /= layer.size[row[cut]]
    return found
