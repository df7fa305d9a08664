"""Places along roads: found near a point, and how searches leave and reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from gis_data.errors import Invalid
from layers.engine.hierarchy import FAR, Seeds
from layers.lines import part_of
from layers.network import BACK, FORTH, Floats, Ints, Network
from layers.profiles import Profile

MOST_SNAPPED = 20_000


@dataclass(frozen=True)
class Position:
    """A place on a road: `fraction` of it from its first vertex, `offset_m` from what was snapped."""

    road_id: int
    fraction: float
    lon: float
    lat: float
    offset_m: float = 0.0


def part(network: Network, row: int, begin: float, end: float) -> Floats:
    """Vertices (k, 2), lon lat, of a road between two fractions of its length, in the order of travel."""
    return part_of(network.plan.lines[row], network.plan.metric_lines[row], begin, end)


def position(network: Network, road_id: int, fraction: float) -> Position:
    """The position at a fraction of a road; `NotFound` or `Invalid` if there is none."""
    if not 0 <= fraction <= 1:
        raise Invalid("道路上的位置须在 0 到 1 之间。", "A fraction must lie in 0…1.", field="fraction")
    lon, lat = part(network, network.plan.row(road_id), fraction, fraction)[0].tolist()
    return Position(road_id, fraction, lon, lat)


def snap(network: Network, lon: float, lat: float, profile: Profile, *, limit_m: float = 2000.0) -> Position:
    """The nearest place on a road that the profile may use now; ties go to the lowest road id.

    Parameters
    ----------
    lon, lat : degrees, EPSG:4490. limit_m : how far to look, metres in the network's metric CRS.

    Raises
    ------
    Invalid : no usable road within the limit.
    """
    found = snap_all(network, np.array([[lon, lat]]), profile, limit_m=limit_m)[0]
    if found is None:
        raise Invalid(
            f"{limit_m:.0f} 米内没有可用道路。",
            f"No usable road within {limit_m:.0f} m.",
            field="position",
        )
    return found


def metres_to(network: Network, road_id: int, lon: float, lat: float) -> float:
    """Metres from a point (EPSG:4490) to a road, in the metric CRS; `NotFound` if there is no such road."""
    plan = network.plan
    row = plan.row(road_id)
    return float(shapely.distance(plan.metric_lines[row], shapely.Point(*plan.to_metric.transform(lon, lat))))


def snap_all(network: Network, lonlat: Floats, profile: Profile, *, limit_m: float = 2000.0) -> list[Position | None]:
    """`snap` for each of (k, 2) points; None where no usable road is within the limit.

    What was found without any limit is remembered, and holds as long as its road is open.
    """
    plan, open_ = network.plan, network.usable(profile)
    keys = [(profile.id, limit_m, lon, lat) for lon, lat in lonlat.tolist()]
    found: list[Any] = [plan.snapped.get(key, plan) for key in keys]
    if new := [k for k, place in enumerate(found) if place is plan]:
        if len(plan.snapped) > MOST_SNAPPED:
            plan.snapped.clear()
        for k, place in zip(new, _snap_all(Network(plan), lonlat[new], profile, limit_m), strict=True):
            found[k] = plan.snapped[keys[k]] = place
    if shut := [k for k, place in enumerate(found) if place and not open_[plan.row(place.road_id)]]:
        for k, place in zip(shut, _snap_all(network, lonlat[shut], profile, limit_m), strict=True):
            found[k] = place
    return found


def _snap_all(network: Network, lonlat: Floats, profile: Profile, limit_m: float) -> list[Position | None]:
    plan, places = network.plan, locate(network, lonlat, profile, limit_m=limit_m)
    found = np.flatnonzero(places.row >= 0)
    row, fraction = places.row[found], places.fraction[found]
    spots = shapely.get_coordinates(shapely.line_interpolate_point(plan.metric_lines[row], fraction, normalized=True))
    lon, lat = plan.to_metric.transform(spots[:, 0], spots[:, 1], direction="INVERSE")
    where: list[Position | None] = [None] * len(lonlat)
    columns = (plan.roads.index.to_numpy()[row], fraction, lon, lat, places.offset_m[found])
    for k, one in zip(found.tolist(), zip(*(column.tolist() for column in columns), strict=True), strict=True):
        where[k] = Position(*one)
    return where


@dataclass(frozen=True, eq=False)
class Places:
    """Many positions as arrays (k,): road rows (-1: no road near), fractions, metres from what was located."""

    row: Ints
    fraction: Floats
    offset_m: Floats


def locate(network: Network, lonlat: Floats, profile: Profile, *, limit_m: float = 2000.0) -> Places:
    """The nearest place on a usable road of each of (k, 2) points, lon lat in EPSG:4490, within `limit_m` metres."""
    plan = network.plan
    usable = network.usable(profile)
    points: Any = shapely.points(np.column_stack(plan.to_metric.transform(lonlat[:, 0], lonlat[:, 1])))
    row: Any = np.full(len(points), -1, np.int32)
    away = np.full(len(points), np.inf)
    for radius_m in (limit_m / 40, limit_m / 6, limit_m):
        open_ = np.flatnonzero(row < 0)
        if not len(open_):
            break
        point, near = plan.tree.query(points[open_], predicate="dwithin", distance=radius_m)
        point, near = open_[point[usable[near]]], near[usable[near]]
        metres = np.asarray(shapely.distance(plan.metric_lines[near], points[point]))
        best = np.lexsort((near, metres, point))
        first = best[np.unique(point[best], return_index=True)[1]]
        row[point[first]], away[point[first]] = near[first], metres[first]
    fraction: Floats = np.zeros(len(points))
    some = row >= 0
    along = shapely.line_locate_point(plan.metric_lines[row[some]], points[some], normalized=True)
    fraction[some] = np.round(np.nan_to_num(along), 9)  # a point at a node lies at 0 or 1
    return Places(row, fraction, away)


class Stop(NamedTuple):
    """A node, the milliseconds between it and a place, and the fraction of the place's road at which it lies."""

    node: int
    ms: int
    side: float


def leaving(network: Network, place: Position, profile: Profile) -> list[Stop]:
    """The nodes that one comes to first from a place; at a junction that is the junction, whatever its road allows."""
    plan, row, at = network.plan, network.plan.row(place.road_id), place.fraction
    forth, back = network.road_ms(profile)[row].tolist()
    if at in (0, 1):
        return [Stop(int(plan.ends[row, int(at)]), 0, at)]
    stops = []
    if forth < FAR:
        stops.append(Stop(int(plan.land[row, FORTH]), forth - round(at * forth), 1.0))
    if back < FAR:
        stops.append(Stop(int(plan.land[row, BACK]), round(at * back), 0.0))
    return stops


def arriving(network: Network, place: Position, profile: Profile) -> list[Stop]:
    """The nodes from which a place is reached last; those in which a forbidden turn would lead there are left out."""
    plan, row, at = network.plan, network.plan.row(place.road_id), place.fraction
    forth, back = network.road_ms(profile)[row].tolist()
    if at in (0, 1):
        junction = int(plan.ends[row, int(at)])
        return [Stop(node, 0, at) for node in plan.copies.get(junction, (junction,))]
    driven, stops = profile.mode == "drive", []
    for way, whole, ms, side in (
        (FORTH, forth, round(at * forth), 0.0),
        (BACK, back, back - round(at * back), 1.0),
    ):
        if whole < FAR:
            stops += [Stop(node, ms, side) for node, banned in plan.starts(row, way) if not (banned and driven)]
    return stops


def direct(network: Network, a: Position, b: Position, profile: Profile) -> int:
    """Milliseconds from a to b without leaving their road; `FAR` if they share none, or against the one way."""
    if a.road_id != b.road_id:
        return FAR
    forth, back = network.road_ms(profile)[network.plan.row(a.road_id)].tolist()
    found = [FAR]
    if a.fraction <= b.fraction and forth < FAR:
        found.append(round(b.fraction * forth) - round(a.fraction * forth))
    if a.fraction >= b.fraction and back < FAR:
        found.append(round(a.fraction * back) - round(b.fraction * back))
    return min(found)


def seeds(stops: Sequence[Sequence[Stop]]) -> Seeds:
    """One lane for each place's stops."""
    flat = [(lane, node, ms) for lane, some in enumerate(stops) for node, ms, _ in some]
    columns: Ints = np.array(flat, np.int32).reshape(-1, 3)
    lane, node, ms = (np.ascontiguousarray(column) for column in columns.T)
    return Seeds(node, lane, ms, len(stops))


def leaving_all(network: Network, places: Places, profile: Profile) -> tuple[Ints, Ints, Ints]:
    """`leaving` for many places: which place, node, milliseconds; all (s,), places ascending."""
    plan, ms = network.plan, network.road_ms(profile)[places.row].astype(np.int64)
    located, at = places.row >= 0, places.fraction
    here = np.rint(at[:, None] * ms)
    whole = np.isin(at, (0, 1))
    junction = plan.ends[places.row, at.astype(np.int64)]
    columns = [
        (located & whole, junction, np.zeros(len(at))),
        (located & ~whole & (ms[:, FORTH] < FAR), plan.land[places.row, FORTH], ms[:, FORTH] - here[:, FORTH]),
        (located & ~whole & (ms[:, BACK] < FAR), plan.land[places.row, BACK], here[:, BACK]),
    ]
    place = np.concatenate([np.flatnonzero(use) for use, _, _ in columns])
    node, time = (np.concatenate([column[k][column[0]] for column in columns]) for k in (1, 2))
    by = np.argsort(place, kind="stable")
    return place[by].astype(np.int32), node[by].astype(np.int32), time[by].astype(np.int32)
