"""Tropical cyclones (热带气旋): grades, wind circles, the cone of a forecast, how near it comes and when. 参考.

Places are EPSG:4490 longitude, latitude; distances are geodesic, km; bearings clockwise from north, degrees.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

GRADES = (
    ("TD", 10.8, "热带低压", "Tropical depression"), ("TS", 17.2, "热带风暴", "Tropical storm"),
    ("STS", 24.5, "强热带风暴", "Severe tropical storm"), ("TY", 32.7, "台风", "Typhoon"),
    ("STY", 41.5, "强台风", "Severe typhoon"), ("SuperTY", 51.0, "超强台风", "Super typhoon"),
)  # fmt: skip
"""From so many m/s on near the centre. Source: GB/T 19201-2006, half-open."""
ORDER = {name: n for n, (name, *_) in enumerate(GRADES)}
FORCES = (7, 10, 12)
QUADRANTS = ("ne", "se", "sw", "nw")
STEP_S = 600
"""How often a track is looked at between its points."""
ARC = 6
"""Degrees between two points of an arc."""
GEOD = Geod(ellps="GRS80")
Floats = NDArray[np.float64]
Radii = tuple[float, float, float, float]


@dataclass(frozen=True)
class Fix:
    """Where the centre is at a time (`lead_h` 0), or will be by the forecast of so many hours.

    Wind near the centre (m/s), pressure (hPa), where it moves to (degrees, km/h); `radii` of the winds of force 7, 10,
    12 to the north-east, south-east, south-west, north-west (km); `radius_km` of a forecast: how far off it may be.
    """

    at: datetime
    lon: float
    lat: float
    wind_ms: float | None = None
    pressure_hpa: float | None = None
    moving_deg: float | None = None
    moving_kmh: float | None = None
    radii: Mapping[int, Radii] = field(default_factory=dict)
    lead_h: float = 0.0
    radius_km: float | None = None


@dataclass(frozen=True, eq=False)
class Course:
    """A track every ten minutes: seconds of the epoch, wind, distance to a place (km), and by force the wind circle's
    radius towards it; NaN where not known."""

    at_s: Floats
    lon: Floats
    lat: Floats
    wind_ms: Floats
    km: Floats
    reach_km: dict[int, Floats]


def grade(wind_ms: float | None) -> str | None:
    """The grade by the wind near the centre (GB/T 19201-2006); none below 10.8 m/s, or where it is not known."""
    return next((name for name, least, *_ in reversed(GRADES) if wind_ms is not None and wind_ms >= least), None)


def circle(lon: float, lat: float, radii_km: Sequence[float]) -> Polygon:
    """A wind circle (风圈) of four quadrants (NE, SE, SW, NW), each with its own radius, along geodesics."""
    bearings = np.concatenate([np.arange(90 * q, 90 * (q + 1) + 1e-9, ARC) for q in range(4)])
    km = np.repeat(np.asarray(radii_km, float), len(bearings) // 4)
    x, y, _ = GEOD.fwd(np.full(len(km), lon), np.full(len(km), lat), bearings, km * 1000)
    return Polygon(np.column_stack([x, y]))


def cone(fixes: Sequence[Fix]) -> BaseGeometry | None:
    """The cone of a forecast: the hulls of each two neighbouring circles of uncertainty, together.

    The first fix is where the centre is; made on an azimuthal equidistant plane about the middle. None where no fix
    says how far off it may be.
    """
    known = [one for one in fixes if one.radius_km is not None or one.lead_h == 0]
    if len(known) < 2 or not any(one.radius_km for one in known):
        return None
    plane = _plane(float(np.mean([one.lon for one in known])), float(np.mean([one.lat for one in known])))
    rounds = [
        shapely.Point(plane.transform(one.lon, one.lat)).buffer(max((one.radius_km or 0) * 1000, 1.0), quad_segs=24)
        for one in known
    ]
    hulls = [shapely.union(a, b).convex_hull for a, b in itertools.pairwise(rounds)]
    return _back(plane, shapely.unary_union(hulls))


def course(fixes: Sequence[Fix], place: BaseGeometry) -> Course:
    """A track, in order of time, every ten minutes from its first point to its last, against a place (lon, lat).

    Between two points the centre goes along the geodesic at even speed, wind and radii change evenly; radii that a
    later point does not say stay as they were.
    """
    points = _held(fixes)
    at = [points[0].at.timestamp()]
    rows = [np.array([[points[0].lon, points[0].lat, *_figures(points[0])]])]
    for a, b in itertools.pairwise(points):
        begins, ends = a.at.timestamp(), b.at.timestamp()
        if ends <= begins:
            continue
        steps = np.append(np.arange(begins - begins % STEP_S + STEP_S, ends, STEP_S), ends)
        share = (steps - begins) / (ends - begins)
        azimuth, _, far = GEOD.inv(a.lon, a.lat, b.lon, b.lat)
        n = len(share)
        x, y, _ = GEOD.fwd(np.full(n, a.lon), np.full(n, a.lat), np.full(n, azimuth), far * share)
        one, two = _figures(a), _figures(b)
        rows.append(np.column_stack([x, y, one + (two - one) * share[:, None]]))
        at.extend(steps.tolist())
    all_ = np.vstack(rows)
    km, towards = _to_place(all_[:, 0], all_[:, 1], place)
    quadrant = (towards // 90).astype(int) % 4
    reach = {force: all_[np.arange(len(all_)), 3 + 4 * k + quadrant] for k, force in enumerate(FORCES)}
    return Course(np.array(at), all_[:, 0], all_[:, 1], all_[:, 2], km, reach)


def approach(found: Course) -> dict[str, Any]:
    """How near a track comes and when; by force when its wind circle first touches (None: it does not, or unknown)."""
    n = int(found.km.argmin())
    arrives: dict[str, datetime | None] = {}
    for force, reach in found.reach_km.items():
        inside = np.flatnonzero((reach > 0) & (reach >= found.km))
        arrives[str(force)] = _time(found.at_s[inside[0]]) if len(inside) else None
    return {
        "nearest_km": round(float(found.km[n]), 1), "nearest_at": _time(found.at_s[n]),
        "nearest": [round(float(found.lon[n]), 4), round(float(found.lat[n]), 4)], "arrives": arrives,
        "known": [force for force, reach in found.reach_km.items() if np.isfinite(reach).any()],
    }  # fmt: skip


def _time(at_s: float) -> datetime:
    return datetime.fromtimestamp(float(at_s), UTC)


def _held(fixes: Sequence[Fix]) -> list[Fix]:
    """Radii and wind that a point does not say, as the one before said them."""
    held: list[Fix] = []
    for one in fixes:
        before = held[-1] if held else one
        radii = {**before.radii, **one.radii}
        wind = before.wind_ms if one.wind_ms is None else one.wind_ms
        held.append(Fix(one.at, one.lon, one.lat, wind, radii=radii, lead_h=one.lead_h))
    return held


def _figures(one: Fix) -> Floats:
    """Wind, and the radii of each force by quadrant."""
    nothing = (np.nan,) * 4
    radii = [one.radii.get(force, nothing) for force in FORCES]
    return np.array([np.nan if one.wind_ms is None else one.wind_ms, *np.ravel(radii)], float)


def _to_place(lon: Floats, lat: Floats, place: BaseGeometry) -> tuple[Floats, Floats]:
    """Geodesic distance (km) from points to the nearest of a place, and the bearing towards it; 0 inside."""
    middle = place.centroid
    plane = _plane(middle.x, middle.y)
    flat = shapely.transform(place, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))
    points = shapely.points(*plane.transform(lon, lat))
    shapely.prepare(flat)
    nearest = shapely.get_point(shapely.shortest_line(flat, points), 0)
    x, y = plane.transform(shapely.get_x(nearest), shapely.get_y(nearest), direction="INVERSE")
    bearing, _, metres = GEOD.inv(lon, lat, x, y)
    inside = shapely.intersects(flat, points)
    return np.where(inside, 0.0, metres / 1000), np.mod(bearing, 360)


def _plane(lon: float, lat: float) -> Transformer:
    """Onto the azimuthal equidistant plane about a place, metres."""
    return Transformer.from_crs(
        "EPSG:4490", f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=GRS80 +units=m", always_xy=True
    )


def _back(plane: Transformer, flat: BaseGeometry) -> BaseGeometry:
    return shapely.transform(flat, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1], direction="INVERSE")))
