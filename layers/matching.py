"""Map matching: on which roads a team drove, from its positions, and whether it left its route."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from layers.engine.hierarchy import FAR
from layers.network import Flags, Floats, Network
from layers.positions import Position, part
from layers.profiles import Profile
from layers.routing import matrix_ms

SIGMA_M, BETA_M, SEARCH_M, MOST = 10.0, 30.0, 60.0, 6
"""Scatter of a receiver, tolerance of the way driven against the straight line, search radius, candidates a point."""
OFF_M = 40.0
"""A matched place farther than this from the route is off it."""


@dataclass(frozen=True, eq=False)
class Match:
    """Where each point (k) was on the network, None where nothing fits, and the metres from the point to it."""

    places: tuple[Position | None, ...]

    def off(self, network: Network, route: shapely.LineString) -> Flags:
        """Which points are off a route (EPSG:4490): those matched more than `OFF_M` from it, and those not matched."""
        to_metric = network.plan.to_metric.transform
        line = shapely.transform(route, lambda xy: np.column_stack(to_metric(xy[:, 0], xy[:, 1])))

        def away(place: Position | None) -> bool:
            return place is None or line.distance(shapely.Point(to_metric(place.lon, place.lat))) > OFF_M

        return np.array([away(place) for place in self.places], bool)


def match(network: Network, lonlat: Floats, profile: Profile) -> Match:
    """The likeliest places on the network of a sequence of points (k, 2), lon lat in EPSG:4490.

    A hidden Markov model: points scatter about the road, and the way between two places is about as long as the
    straight line between the points. Where no way joins two points the sequence begins anew.

    Source: Newson and Krumm, "Hidden Markov map matching through noise and sparseness", ACM GIS 2009.
    """
    plan = network.plan
    metres = replace(profile, kmh=(), default_kmh=3.6)  # its milliseconds are millimetres
    xy = np.column_stack(plan.to_metric.transform(lonlat[:, 0], lonlat[:, 1]))
    places: list[Position | None] = [None] * len(xy)
    scores: Floats | None = None
    chain: list[tuple[int, list[Position], list[int] | None]] = []  # point, candidates, best predecessors
    for k, candidates in enumerate(_candidates(network, xy, metres)):
        if not candidates:
            continue
        near = -0.5 * (np.array([place.offset_m for place in candidates]) / SIGMA_M) ** 2
        if scores is not None:
            before = chain[-1]
            ms = matrix_ms(network, before[1], candidates, metres).astype(float)
            straight = float(np.hypot(*(xy[k] - xy[before[0]])))
            step = np.where(ms < FAR, -np.abs(ms / 1000 - straight) / BETA_M, -np.inf)
            both = scores[:, None] + step
            if np.isfinite(both).any():
                scores = both.max(axis=0) + near
                chain.append((k, candidates, both.argmax(axis=0).tolist()))
                continue
            _settle(places, chain, scores)
        chain, scores = [(k, candidates, None)], near
    if scores is not None:
        _settle(places, chain, scores)
    return Match(tuple(places))


def _settle(
    places: list[Position | None], chain: list[tuple[int, list[Position], list[int] | None]], scores: Floats
) -> None:
    """Write down the best sequence of a chain, from its end."""
    best = int(scores.argmax())
    for k, candidates, came in reversed(chain):
        places[k] = candidates[best]
        if came is not None:
            best = came[best]


def _candidates(network: Network, xy: Floats, profile: Profile) -> list[list[Position]]:
    """The nearest places on up to `MOST` usable roads about each metric point."""
    plan = network.plan
    usable = network.usable(profile)
    points: Any = shapely.points(xy)
    point, row = plan.tree.query(points, predicate="dwithin", distance=SEARCH_M)
    point, row = point[usable[row]], row[usable[row]]
    away: Any = shapely.distance(plan.metric_lines[row], points[point])
    share: Any = np.nan_to_num(shapely.line_locate_point(plan.metric_lines[row], points[point], normalized=True))
    found: list[list[Position]] = [[] for _ in xy]
    for k in np.lexsort((row, away, point)).tolist():
        if len(found[point[k]]) < MOST:
            fraction = round(float(share[k]), 9)
            lon, lat = part(network, int(row[k]), fraction, fraction)[0].tolist()
            found[point[k]].append(Position(int(plan.roads.index[row[k]]), fraction, lon, lat, float(away[k])))
    return found
