"""Whether a file's coordinates are what was stated: other readings of the same numbers are tried against what is known.

Known are the district's box, its units, rows in force of the same register, buildings, roads and water. A file is
suspected where another reading (axes swapped, GCJ-02, BD-09, unshifted) fits one of these clearly better and none
clearly worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_data import crs
from gis_data.registers.units import Shapes, Units, spots

Points = NDArray[np.float64]
_LON_M, _LAT_M = 111_320.0, 110_574.0


@dataclass(frozen=True)
class Known:
    """What stands already: all in EPSG:4490.

    `near` tells which positions are at something known (`near_zh`, `near_en` say at what). `places` are the rows
    in force of the same register, by code and by name.
    """

    box: Sequence[float]
    units: Units
    places: Mapping[str, Any]
    near: Callable[[Points], NDArray[np.bool_]] | None = None
    near_zh: str = ""
    near_en: str = ""


@dataclass(frozen=True)
class Sample:
    """Some rows of a file: shapes as the file has them, and the codes, names and unit codes that they give."""

    shapes: Shapes
    codes: Sequence[str | None]
    names: Sequence[str | None]
    units: Sequence[str | None]


@dataclass(frozen=True)
class Figure:
    """One comparison over `n` rows: the value of each reading, in `unit` (% fitting, or m apart)."""

    zh: str
    en: str
    n: int
    unit: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Verdict:
    """What the comparison says: `suspected` is the reading that fits clearly better, None if the stated one stands."""

    stated: str
    suspected: str | None
    figures: tuple[Figure, ...]
    readings: Mapping[str, Shapes]
    """Reading → the sample's shapes in EPSG:4490."""


SWAPPED = "swapped"
_WORDS = {
    SWAPPED: ("经纬度（或东北坐标）颠倒", "axes swapped"),
    "CGCS2000": ("CGCS2000/WGS-84，未偏移", "CGCS2000/WGS-84, not shifted"),
}


def words(reading: str) -> tuple[str, str]:
    """A reading in Chinese and English."""
    return _WORDS.get(reading, (reading, reading))


def _readings(shapes: Shapes, datum: str, convert: Callable[[Points], Points]) -> dict[str, Shapes]:
    """The stated reading first, then the others that the numbers allow."""

    def moved(by: Callable[[Points], Points]) -> Shapes:
        with np.errstate(all="ignore"):
            found: Shapes = np.asarray(shapely.transform(shapes, by), dtype=object)
        found[~np.isfinite(shapely.bounds(found)).all(axis=1)] = None
        return found

    found = {datum: moved(convert), SWAPPED: moved(lambda xy: convert(xy[:, ::-1]))}
    degrees = bool((np.abs(shapely.get_coordinates(shapes)) <= 180).all())
    plain = "CGCS2000" if datum in ("WGS-84", "EPSG:4326", crs.STORAGE) else datum
    for other in ("CGCS2000", "GCJ-02", "BD-09") if degrees else ():
        if other != plain:
            found[other] = moved(partial(crs.to_storage, datum=other))
    return found


def _metres(a: Points, b: Points) -> NDArray[np.float64]:
    scale = np.cos(np.radians(np.nan_to_num(a[:, 1], nan=0.0).clip(-80, 80)))
    apart: NDArray[np.float64] = np.hypot((a[:, 0] - b[:, 0]) * _LON_M * scale, (a[:, 1] - b[:, 1]) * _LAT_M)
    return apart


def _centres(shapes: Shapes) -> Points:
    at = shapely.centroid(shapes)
    return np.stack([shapely.get_x(at), shapely.get_y(at)], axis=-1)


def _edge_m(shape: Any, outline: Any) -> float:
    """The median distance in metres from an outline's edge to another's."""
    if shape is None or abs(shape.centroid.y) > 80:
        return np.inf
    lon, lat = shape.centroid.x, shape.centroid.y
    scale = np.array([_LON_M * np.cos(np.radians(lat)), _LAT_M])
    a, b = (shapely.transform(one, lambda xy: (xy - (lon, lat)) * scale) for one in (shape, outline))
    edge = shapely.points(shapely.get_coordinates(a.boundary.segmentize(200)))
    return float(np.median(shapely.distance(edge, b.boundary)))


@dataclass(frozen=True)
class _Test:
    """One comparison: the figures to show, and whether reading `a` is clearly better than `b`."""

    figure: Figure
    beats: Callable[[str, str], bool]


def _shares(zh: str, en: str, fits: Mapping[str, NDArray[np.bool_]], least: float) -> _Test:
    """Shares of rows that fit; one reading beats another by the rows that fit under it alone."""
    n = len(next(iter(fits.values())))

    def beats(a: str, b: str) -> bool:
        alone, other = int((fits[a] & ~fits[b]).sum()), int((fits[b] & ~fits[a]).sum())
        return alone - other >= max(6, least * n) and alone >= 4 * other

    return _Test(Figure(zh, en, n, "%", {k: round(float(v.mean()) * 100, 1) for k, v in fits.items()}), beats)


def _distances(zh: str, en: str, n: int, medians: Mapping[str, float], least_m: float, share: float) -> _Test:
    """Median distances to what is known: less than `share` of another reading's, which is over `least_m`, beats it."""

    def beats(a: str, b: str) -> bool:
        return medians[b] > least_m and medians[a] < share * medians[b]

    return _Test(Figure(zh, en, n, "m", {k: round(v, 1) for k, v in medians.items() if np.isfinite(v)}), beats)


def _outline_of(i: int, shape: Any, sample: Sample, units: Units, whole: Any) -> Any:
    """The known outline that a shape should be: its unit's by code or name, or the district's; None for neither."""
    code, name = sample.codes[i], sample.names[i]
    for known, ours in ((units.codes, code), (units.names, name)):
        if ours in known:
            return units.outlines[known.index(ours)]
    return whole if 0.5 < shape.area / whole.area < 2 else None


def _tests(sample: Sample, known: Known, readings: Mapping[str, Shapes]) -> list[_Test]:
    tests: list[_Test] = []
    at = {reading: spots(shapes) for reading, shapes in readings.items()}
    inside = {reading: crs.inside(xy[:, 0], xy[:, 1], known.box) for reading, xy in at.items()}
    share = {reading: float(fits.mean()) for reading, fits in inside.items()}
    box = _shares("在本区范围内", "inside the district's box", inside, 0.5)
    tests.append(_Test(box.figure, lambda a, b: share[a] >= 0.9 and share[b] < 0.5))
    if len(known.units):
        tests += _unit_tests(sample, known.units, readings, at)
    there = [i for i, (c, n) in enumerate(zip(sample.codes, sample.names, strict=True)) if _place(known, c, n)]
    if there:
        old = np.array([_place(known, sample.codes[i], sample.names[i]) for i in there], dtype=object)
        medians = {
            reading: float(np.median(np.nan_to_num(_metres(_centres(shapes[there]), _centres(old)), nan=np.inf)))
            for reading, shapes in readings.items()
        }
        tests.append(
            _distances(
                "距同编码（同名）已有记录",
                "from the rows in force",
                len(there),
                medians,
                80,
                0.4 if len(there) >= 3 else 0.2,
            )
        )
    if known.near is not None:
        near = {reading: known.near(xy) & inside[reading] for reading, xy in at.items()}
        if any(fits.any() for fits in near.values()):
            tests.append(_shares(known.near_zh, known.near_en, near, 0.25))
    return tests


def _unit_tests(sample: Sample, units: Units, readings: Mapping[str, Shapes], at: Mapping[str, Points]) -> list[_Test]:
    tests: list[_Test] = []
    own = np.array([units.position(code) if code else -1 for code in sample.units])
    if (own >= 0).any():
        fits = {
            reading: np.array([units.holds(int(u), xy[i : i + 1])[0] for i, u in enumerate(own) if u >= 0])
            for reading, xy in at.items()
        }
        tests.append(_shares("在所填区划内", "inside the unit of their code", fits, 0.05))
    else:
        fits = {reading: units.of(shapes) >= 0 for reading, shapes in readings.items()}
        tests.append(_shares("在已知区划内", "inside a known unit", fits, 0.05))
    stated = next(iter(readings.values()))
    areal = [
        i for i, shape in enumerate(stated) if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon")
    ][:40]
    whole = shapely.union_all(units.outlines) if areal else None
    pairs = [(i, _outline_of(i, stated[i], sample, units, whole)) for i in areal]
    pairs = [(i, outline) for i, outline in pairs if outline is not None]
    if pairs:
        medians = {
            reading: float(np.median([_edge_m(shapes[i], outline) for i, outline in pairs]))
            for reading, shapes in readings.items()
        }
        tests.append(
            _distances("与已知轮廓边线的距离", "between their edges and known outlines", len(pairs), medians, 100, 0.4)
        )
    return tests


def _place(known: Known, code: str | None, name: str | None) -> Any:
    return known.places.get(code or "") or known.places.get(name or "")


def verdict(sample: Sample, datum: str, convert: Callable[[Points], Points], known: Known) -> Verdict:
    """Compare the stated datum with the other readings of the same numbers; an empty sample is not suspected."""
    keep = ~(shapely.is_missing(sample.shapes) | shapely.is_empty(sample.shapes))
    keep &= np.isfinite(shapely.bounds(sample.shapes)).all(axis=1)
    there = np.flatnonzero(keep).tolist()
    if not there:
        return Verdict(datum, None, (), {})
    shapes = shapely.force_2d(sample.shapes[there])
    some = Sample(
        shapes, [sample.codes[i] for i in there], [sample.names[i] for i in there], [sample.units[i] for i in there]
    )
    readings = _readings(shapes, datum, convert)
    tests = _tests(some, known, readings)
    wins = {
        other: sum(test.beats(other, datum) for test in tests)
        for other in readings
        if other != datum and not any(test.beats(datum, other) for test in tests)
    }
    most = max(wins.values(), default=0)
    suspected = _closest(tests, [other for other in wins if wins[other] == most]) if most else None
    return Verdict(datum, suspected, tuple(test.figure for test in tests), readings)


def _closest(tests: Sequence[_Test], rivals: Sequence[str]) -> str:
    """Of readings that are all better than the stated one, the best by the sharpest comparison: distances, if any."""
    figure = max((test.figure for test in tests), key=lambda one: one.unit == "m")
    sign = -1 if figure.unit == "%" else 1
    return min(rivals, key=lambda reading: sign * figure.values.get(reading, np.inf))
