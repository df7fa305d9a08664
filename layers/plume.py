"""Gas after an accident: first zones from the bureau's table, a Gaussian plume. All 参考; heat is in `heat`.

A Gaussian plume is for a light or neutral gas from a steady source over open ground: among buildings, for gas heavier
than air, for calm air and near the source it is wrong, and it says nothing of a cloud that catches fire.
Sources: Briggs 1973, ATDL 79 (sigmas); Turner 1970, Workbook of Atmospheric Dispersion Estimates (the rest).
Places are x, y in a metric CRS whose y is north; wind is where it comes from, degrees clockwise from north.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, pi, radians, sin, sqrt

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_data.errors import Invalid, NotFound

Floats = NDArray[np.float64]
Curve = tuple[float, float, float]
"""a, b, c of the sigma a·x·(1 + b·x)^c, x in metres."""
LEAST_WIND_MS, VALID_M = 1.0, 10_000.0
"""Below this wind, and beyond this distance, the formulas do not hold."""
RURAL: dict[str, tuple[Curve, Curve]] = {
    "A": ((0.22, 1e-4, -0.5), (0.20, 0, 1)),
    "B": ((0.16, 1e-4, -0.5), (0.12, 0, 1)),
    "C": ((0.11, 1e-4, -0.5), (0.08, 2e-4, -0.5)),
    "D": ((0.08, 1e-4, -0.5), (0.06, 1.5e-3, -0.5)),
    "E": ((0.06, 1e-4, -0.5), (0.03, 3e-4, -1)),
    "F": ((0.04, 1e-4, -0.5), (0.016, 3e-4, -1)),
}
_AB, _EF = ((0.32, 4e-4, -0.5), (0.24, 1e-3, 0.5)), ((0.11, 4e-4, -0.5), (0.08, 1.5e-3, -0.5))
URBAN: dict[str, tuple[Curve, Curve]] = {
    "A": _AB,
    "B": _AB,
    "C": ((0.22, 4e-4, -0.5), (0.20, 0, 1)),
    "D": ((0.16, 4e-4, -0.5), (0.14, 3e-4, -0.5)),
    "E": _EF,
    "F": _EF,
}


def sigmas(x_m: ArrayLike, stability: str, *, urban: bool = False) -> tuple[Floats, Floats]:
    """Spread across and upward, m, at distances downwind; stability A (unstable) to F (stable). Source: Briggs 1973."""
    table = URBAN if urban else RURAL
    if stability not in table:
        raise Invalid("稳定度应为 A–F。", "The stability must be A to F.", field="stability")
    x = np.asarray(x_m, float)
    across, upward = (a * x * (1 + b * x) ** c for a, b, c in table[stability])
    return across, upward


_DAY = {"strong": "AABCC", "moderate": "ABBCD", "slight": "BCCDD"}
_NIGHT = {"cloudy": "EEDDD", "clear": "FFEDD"}


def stability_of(wind_ms: float, sky: str) -> str:
    """Pasquill's class from the wind at 10 m and the sun (strong, moderate, slight) or night sky (cloudy, clear).

    Where Turner's table has two classes, the more unstable; below 2 m/s at night F or E, for it has none there.
    """
    row = (_DAY | _NIGHT).get(sky)
    if row is None:
        raise Invalid(
            "天空状况应为 strong、moderate、slight、cloudy、clear。", "The sky is not one of the five.", field="sky"
        )
    return row[sum(wind_ms >= bound for bound in (2, 3, 5, 6))]


@dataclass(frozen=True)
class Release:
    """A steady source.

    Attributes
    ----------
    at : where. rate_kg_s : of gas. wind_ms, from_deg : at the source's height. height_m : of the source.
    """

    at: Point
    rate_kg_s: float
    wind_ms: float
    from_deg: float
    stability: str
    urban: bool = False
    height_m: float = 0.0

    def __post_init__(self) -> None:
        if not self.wind_ms >= LEAST_WIND_MS:
            zh, en = "风速低于 1 m/s，高斯烟羽不适用。", "Below 1 m/s a Gaussian plume does not apply."
            raise Invalid(zh, en, field="wind_ms")
        if not self.rate_kg_s > 0 or not self.height_m >= 0:
            raise Invalid(
                "泄漏速率应大于 0，高度不小于 0。", "The rate must be above 0, the height not below.", field="rate_kg_s"
            )


def concentration(release: Release, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 0.0) -> Floats:
    """kg/m³ at metres downwind, across and above the ground, reflected by the ground; 0 upwind."""
    x, y, z = np.broadcast_arrays(*(np.asarray(a, float) for a in (x_m, y_m, z_m)))
    across, upward = sigmas(np.maximum(x, 1e-3), release.stability, urban=release.urban)
    height = release.height_m
    up = np.exp(-((z - height) ** 2) / (2 * upward**2)) + np.exp(-((z + height) ** 2) / (2 * upward**2))
    whole = release.rate_kg_s / (2 * pi * release.wind_ms * across * upward) * np.exp(-(y**2) / (2 * across**2)) * up
    return np.asarray(np.where(x > 0, whole, 0.0))


def kg_m3_of_ppm(ppm: float, molar_g: float, temperature_c: float = 20.0) -> float:
    """Parts per million by volume of an ideal gas at 1013.25 hPa."""
    return ppm * 1e-6 * molar_g / 1000 * 101_325 / (8.314462618 * (temperature_c + 273.15))


@dataclass(frozen=True)
class Footprint:
    """Where a concentration is exceeded: its outline, how far it reaches, m, and whether it was cut off at 10 km."""

    area: BaseGeometry
    reach_m: float
    cut: bool


def footprint(release: Release, level_kg_m3: float, z_m: float = 1.5, points: int = 400) -> Footprint:
    """The area where the plume at height z exceeds a level; empty where it nowhere does."""
    if not level_kg_m3 > 0:
        raise Invalid("浓度限值应大于 0。", "The level must be above 0.", field="level_kg_m3")
    x = np.geomspace(1.0, VALID_M, points)
    middle = concentration(release, x, 0.0, z_m)
    over = np.flatnonzero(middle > level_kg_m3)
    if not len(over):
        return Footprint(Polygon(), 0.0, False)
    begin, end = _edge(release, level_kg_m3, z_m, x, over[0], -1), _edge(release, level_kg_m3, z_m, x, over[-1], 1)
    x = np.r_[begin, x[over], end]
    ratio = concentration(release, x, 0.0, z_m) / level_kg_m3
    half = sigmas(x, release.stability, urban=release.urban)[0] * np.sqrt(2 * np.log(np.maximum(ratio, 1.0)))
    along, across = np.r_[x, x[::-1]], np.r_[half, -half[::-1]]
    to = radians(release.from_deg + 180)
    east = release.at.x + along * sin(to) + across * cos(to)
    north = release.at.y + along * cos(to) - across * sin(to)
    area = shapely.make_valid(Polygon(np.c_[east, north]))
    return Footprint(area, float(end), bool(over[-1] == points - 1))


def _edge(release: Release, level: float, z: float, x: Floats, k: int, way: int) -> float:
    """Where the middle of the plume passes the level, between point k and the next that way."""
    if not 0 <= k + way < len(x):
        return float(x[k])
    inside, outside = float(x[k]), float(x[k + way])
    for _ in range(50):
        half = sqrt(inside * outside)
        if float(concentration(release, half, 0.0, z)) > level:
            inside = half
        else:
            outside = half
    return inside


@dataclass(frozen=True)
class ProtectRow:
    """What a table says of a substance (UN number), a small or large spill, by day or night; metres."""

    un_number: str
    substance: str
    large: bool
    night: bool
    isolation_m: float
    protective_m: float


@dataclass(frozen=True)
class ProtectTable:
    """Isolation and protective distances, supplied by the bureau, with the document that they stand in."""

    document: str
    rows: tuple[ProtectRow, ...]
    is_demo: bool = False

    def row(self, un_number: str, *, large: bool, night: bool) -> ProtectRow:
        """The row; NotFound where the table has none: nobody guesses a distance."""
        for row in self.rows:
            if (row.un_number, row.large, row.night) == (un_number, large, night):
                return row
        raise NotFound(
            f"《{self.document}》没有 UN{un_number} 的距离。", f"{self.document} has no distances of UN{un_number}.",
            field="un_number",
        )  # fmt: skip


DEMO_TABLE = ProtectTable(
    "DEMO：演示用距离，不得用于处置 made-up distances, not for use",
    tuple(
        ProtectRow(
            un, name, large, night, (100.0 if large else 50.0), reach * (2 if night else 1) * (3 if large else 1)
        )
        for un, name, reach in (("1005", "氨 ammonia", 200.0), ("1017", "氯 chlorine", 500.0))
        for large in (False, True)
        for night in (False, True)
    ),
    is_demo=True,
)


@dataclass(frozen=True)
class Zones:
    """初始警戒建议: the isolation circle and the sector downwind of it."""

    isolation: Polygon
    sector: BaseGeometry


def zones(at: Point, from_deg: float, row: ProtectRow, half_angle_deg: float) -> Zones:
    """The circle and the sector; the half angle is the bureau's to say, for wind turns."""
    if not 0 < half_angle_deg < 180:
        raise Invalid("扇形半角应在 0–180°。", "The half angle must be within 0 and 180.", field="half_angle_deg")
    circle = at.buffer(row.isolation_m, quad_segs=32)
    arc = _arc(at, from_deg + 180, row.protective_m, half_angle_deg)
    return Zones(circle, Polygon([at.coords[0], *arc]).difference(circle))


def upwind_arc(at: Point, from_deg: float, distance_m: float, half_angle_deg: float) -> LineString:
    """The arc upwind from which to come near: by its middle the wind blows to the place."""
    return LineString(_arc(at, from_deg, distance_m, half_angle_deg))


def _arc(at: Point, middle_deg: float, radius_m: float, half_angle_deg: float) -> list[tuple[float, float]]:
    turns = np.radians(np.linspace(middle_deg - half_angle_deg, middle_deg + half_angle_deg, 91))
    return [(at.x + radius_m * sin(a), at.y + radius_m * cos(a)) for a in turns]


@dataclass(frozen=True)
class RouteCheck:
    """How a way lies to the zones: a way through the sector is refused; one into the circle ends at its edge.

    Attributes
    ----------
    sector_m : metres of it in the sector. stop : where it first meets the circle, None if it does not.
    """

    crosses_sector: bool
    sector_m: float
    stop: Point | None


def check_route(route: LineString, around: Zones) -> RouteCheck:
    """Whether a way (LineString, in its direction) crosses the sector, and where it has to stop before the circle."""
    inside = route.intersection(around.sector).length
    meets = route.intersection(around.isolation)
    stop = None
    if not meets.is_empty:
        begin = min((route.project(Point(p)) for p in shapely.get_coordinates(meets)), default=inf)
        stop = route.interpolate(begin)
    return RouteCheck(bool(route.intersects(around.sector)), float(inside), stop)
