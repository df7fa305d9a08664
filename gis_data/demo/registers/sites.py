"""The thin layer between the land and its registers: where a row can stand, and rows with their unit and date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from gis_data.demo import plan
from gis_data.demo.built import frame
from gis_data.demo.ground import Field, Shape
from gis_data.demo.land import Ints, Land, Objects
from gis_data.registers.units import Units

AS_OF = date(2026, 6, 30)
"""The data date of all demo registers."""
IN_SCOPE = tuple(unit[0] for unit in plan.UNITS if unit[0] != plan.SCENIC)
HILLY = ("330106009", "330106010", "330106012", "330106110")
"""Units in scope with woods and streams."""
MAIN_ROADS = ("primary", "secondary", "tertiary")
Frames = dict[str, pd.DataFrame]
Columns = Mapping[str, Any]

WORDS = tuple(a + b for b in "和安宁康景泰平乐明远清嘉" for a in "春秋晨暮云雨霜雪松竹梅兰荷枫柳桂")
"""Two-character words for made-up names, each once."""
COUNT = "一二三四五六七八九十"


def phones(block: int, n: int) -> list[str]:
    """Telephone numbers that cannot exist: local numbers never begin with 0."""
    return [f"0571-0{block:03d}{i:04d}" for i in range(1, n + 1)]


def distinct(names: Iterable[str]) -> list[str]:
    """The names, a repeated one with its number: 演示路, 演示路二号, …"""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}{numeral(seen[name])}号")
    return found


def demo(name: str) -> str:
    """The name with the word that says it is a demonstration."""
    return name if "演示" in name else f"演示{name}"


def numeral(n: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{COUNT[tens - 1]}十") + (COUNT[ones - 1] if ones else "")


def given(where: Any, value: Any) -> Objects:
    """A value (one, or one a row) where it holds, None elsewhere."""
    found: Objects = np.where(where, np.asarray(value, dtype=object), np.array(None, dtype=object))
    return found


def plain(columns: Columns) -> pd.DataFrame:
    """Rows that have no place."""
    return pd.DataFrame(dict(columns)).assign(as_of=AS_OF)


def days(rng: np.random.Generator, n: int, start: date, end: date) -> list[date]:
    """Days from start to end, both included."""
    return [date.fromordinal(int(d)) for d in rng.integers(start.toordinal(), end.toordinal() + 1, n)]


def apart(xy: Field, distance_m: float, n: int) -> Ints:
    """The first n points, in their order, that keep so far apart."""
    tree, free = KDTree(xy), np.ones(len(xy), dtype=bool)
    kept: list[int] = []
    for i in range(len(xy)):
        if free[i] and len(kept) < n:
            kept.append(i)
            free[tree.query_ball_point(xy[i], distance_m)] = False
    return np.array(kept, dtype=np.int64)


def spread(xy: Field, n: int, first: int = 0) -> Ints:
    """n points spread out: each next one is the farthest from those before."""
    kept = [first]
    away = np.hypot(*(xy - xy[first]).T)
    while len(kept) < min(n, len(xy)):
        kept.append(int(away.argmax()))
        away = np.minimum(away, np.hypot(*(xy - xy[kept[-1]]).T))
    return np.array(kept, dtype=np.int64)


class Sites:
    """The land as registers see it. Buildings are given away once each, in an order that the seed decides."""

    def __init__(self, land: Land, units: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
        self.land, self.rng = land, rng
        self.units = Units(tuple(units["code"]), tuple(units["name"]), np.asarray(units["geom"].array, dtype=object))
        self.xy = land.buildings.centre
        self.use: Objects = land.buildings.use
        self.unit = land.unit(shapely.points(self.xy))
        self._order = rng.permutation(len(self.xy))
        self._kinds = [pd.factorize(words) for words in (self.use, self.unit)]
        self.free: NDArray[np.bool_] = self.unit != ""

    def _among(self, which: int, wanted: Collection[str]) -> NDArray[np.bool_]:
        codes, words = self._kinds[which]
        found: NDArray[np.bool_] = np.isin(words, list(wanted))[codes]
        return found

    def in_scope(self, xy: Field) -> NDArray[np.bool_]:
        """Which points lie in the bureau's own units."""
        found: NDArray[np.bool_] = np.isin(self.land.unit(shapely.points(xy)), IN_SCOPE)
        return found

    def used(self, *uses: str) -> NDArray[np.bool_]:
        """Buildings of some uses."""
        return self._among(0, uses)

    def within(self, *units: str) -> NDArray[np.bool_]:
        """Buildings in some units."""
        return self._among(1, units)

    @cached_property
    def by_main_road(self) -> NDArray[np.bool_]:
        """Buildings within 90 m of a main road."""
        lines = np.array([s.line for s in self.land.streets if s.road_class in MAIN_ROADS and s.layer == 0])
        near = shapely.STRtree(lines).query_nearest(shapely.points(self.xy), max_distance=90, all_matches=False)[0]
        found = np.zeros(len(self.xy), dtype=bool)
        found[near] = True
        return found

    def take(
        self, n: int, uses: Collection[str], units: Sequence[str] = IN_SCOPE, where: NDArray[np.bool_] | None = None
    ) -> Ints:
        """n free buildings of some uses and units; where they run short, of any use in the units."""
        fits = self.free & self.within(*units) & (True if where is None else where)
        wanted = fits & self.used(*uses)
        best = self._order[wanted[self._order]][:n]
        more = self._order[(fits & ~wanted)[self._order]][: n - len(best)] if len(best) < n else best[:0]
        found = np.concatenate([best, more])
        self.free[found] = False
        return found

    def nearest(self, spots: Field, uses: Collection[str], units: Sequence[str] = IN_SCOPE) -> Ints:
        """The nearest free building of some uses to each spot."""
        found: list[int] = []
        wanted = self.used(*uses) & self.within(*units)
        for spot in spots:
            fits = np.flatnonzero(self.free & wanted)
            found.append(int(fits[np.hypot(*(self.xy[fits] - spot).T).argmin()]))
            self.free[found[-1]] = False
        return np.array(found, dtype=np.int64)

    def clear(self, spots: Field) -> Field:
        """The spots, those by a building, a street or water moved by up to 150 m."""
        steps = np.array([0, *(r for r in (25, 50, 80, 110, 150) for _ in range(8))], dtype=float)
        turn = np.array([0, *(np.tile(np.arange(8), 5) * np.pi / 4)])
        ring = np.stack([steps * np.cos(turn), steps * np.sin(turn)], axis=-1)
        tried = (spots[:, None, :] + ring).reshape(-1, 2)
        points, ground = shapely.points(tried), self.land.ground
        wet = [ground.broad_water, ground.wetland, *(bed for _, bed in ground.canals)]
        busy = np.zeros(len(tried), dtype=bool)
        for tree, reach in (
            (self.land.buildings.tree, 16.0), (shapely.STRtree([s.line for s in self.land.streets]), 12.0),
            (shapely.STRtree(wet), 14.0), (shapely.STRtree([s.line for s in ground.streams]), 14.0),
        ):  # fmt: skip
            busy[tree.query(points, predicate="dwithin", distance=reach)[0]] = True
        first = busy.reshape(len(spots), -1).argmin(axis=1)
        found: Field = tried.reshape(len(spots), -1, 2)[np.arange(len(spots)), first]
        return found

    @cached_property
    def _named(self) -> tuple[shapely.STRtree, list[str]]:
        named = [s for s in self.land.streets if s.name and s.layer == 0 and "匝道" not in s.name]
        return shapely.STRtree([s.line for s in named]), [str(s.name) for s in named]

    def streets(self, xy: Field) -> list[str]:
        """The name of the street nearest to each point."""
        tree, names = self._named
        return [names[i] for i in np.atleast_1d(tree.nearest(shapely.points(xy)))]

    def rows(self, columns: Columns, geoms: Any) -> gpd.GeoDataFrame:
        """Rows with a place (metres in; points as rows of x and y), in the unit that they lie in."""
        shapes = shapely.points(geoms) if isinstance(geoms, np.ndarray) and geoms.dtype != object else geoms
        found = frame(dict(columns), shapes)
        at = self.units.of(np.asarray(found["geom"].array, dtype=object))
        codes = [self.units.codes[i] if i >= 0 else None for i in at]
        return found.assign(admin_code=codes, geom_source="generated", as_of=AS_OF)


def multi(polygon: Shape) -> Shape:
    """A polygon as a multipolygon."""
    return shapely.multipolygons([polygon]) if polygon.geom_type == "Polygon" else polygon


def multi_line(line: Shape) -> Shape:
    """A line as a multi-line."""
    return shapely.multilinestrings([line]) if line.geom_type == "LineString" else line
