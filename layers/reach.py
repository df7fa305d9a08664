"""Service areas (服务区): what is reached within some minutes, from places or to them, as polygons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from rasterio.features import shapes
from rasterio.transform import Affine, from_origin
from scipy.ndimage import distance_transform_edt

from layers.engine.hierarchy import FAR
from layers.network import BACK, CRS, FORTH, Floats, Ints, Network
from layers.positions import Position, arriving, leaving, seeds
from layers.profiles import Profile

CELL_M, BESIDE_M, GAP_M = 25.0, 60.0, 120.0
"""Areas are drawn on cells of so many metres: what lies so near a reached road, with gaps up to so wide filled."""


def times(network: Network, places: Sequence[Position], profile: Profile, *, to: bool = False) -> Floats:
    """Seconds from the nearest of the places to every node, or from every node to it: (n,), inf for no way."""
    side = arriving if to else leaving
    ms = network.metric(profile).nearest(seeds([side(network, place, profile) for place in places]), backward=to)
    return np.where(ms < FAR, ms / 1000, np.inf)


def areas(
    network: Network, places: Sequence[Position], profile: Profile, minutes: Sequence[float], *, to: bool = False
) -> gpd.GeoDataFrame:
    """The area within each of some travel times of the nearest place: one row each, the longest first.

    Returns
    -------
    `minutes`, `area_km2` and a MultiPolygon, EPSG:4490; longer times include the shorter. Roads are entered for as
    long as the time lasts; the area is what lies beside them.
    """
    spots, seconds = _spots(network, times(network, places, profile, to=to), profile, to, places)
    rows = []
    for limit in sorted(minutes, reverse=True):
        area = outline(spots[seconds <= limit * 60])
        rows.append({"minutes": limit, "area_km2": round(area.area / 1e6, 3), "geometry": area})
    frame = gpd.GeoDataFrame(rows, columns=["minutes", "area_km2", "geometry"], crs=network.plan.to_metric.target_crs)
    return frame.to_crs(CRS)


def _spots(
    network: Network, seconds: Floats, profile: Profile, to: bool, places: Sequence[Position]
) -> tuple[Floats, Floats]:
    """Points along all roads, metric, and the seconds at which each is reached."""
    row, share, xy = network.plan.spots
    return xy, at_places(network, seconds, row, share, profile, places, to=to)


def at_places(
    network: Network,
    seconds: Floats,
    row: Ints,
    share: Floats,
    profile: Profile,
    places: Sequence[Position] = (),
    *,
    to: bool = False,
) -> Floats:
    """Seconds at places along roads, (k,), from those at nodes (n,) that `times` found for `places`; inf for no way."""
    plan, ms = network.plan, network.road_ms(profile)
    at_junction = seconds.copy()
    for junction, copies in plan.copies.items():
        at_junction[junction] = seconds[list(copies)].min()
    source, target = (at_junction[plan.ends[row, side]] for side in (0, 1))
    first, second = (BACK, FORTH) if to else (FORTH, BACK)
    forth, back = (np.where(ms[row, way] < FAR, ms[row, way] / 1000, np.inf) for way in (first, second))
    with np.errstate(invalid="ignore"):
        here = np.fmin(source + share * forth, target + (1 - share) * back)
    here = np.where(np.isnan(here), np.inf, here)
    for place in places:  # on its own road one need not go round by an end
        own = np.flatnonzero(row == plan.row(place.road_id))
        along = share[own] - place.fraction
        way = np.where((along >= 0) != to, forth[own], back[own])
        with np.errstate(invalid="ignore"):
            here[own] = np.fmin(here[own], np.abs(along) * way)
    return here


def outline(spots: Floats) -> shapely.MultiPolygon:
    """The area beside some points (k, 2) along roads, in the CRS that they are in, which is metric."""
    if not len(spots):
        return shapely.MultiPolygon()
    margin = 2 * GAP_M
    west, north = spots[:, 0].min() - margin, spots[:, 1].max() + margin
    column, line = ((spots - [west, north]) * [1, -1] / CELL_M).astype(int).T
    open_ = np.ones((line.max() + 1 + int(margin / CELL_M), column.max() + 1 + int(margin / CELL_M)), bool)
    open_[line, column] = False
    wide = distance_transform_edt(open_) * CELL_M <= GAP_M
    inside = distance_transform_edt(np.pad(wide, 1))[1:-1, 1:-1] * CELL_M > GAP_M - BESIDE_M
    grid: Affine = from_origin(west, north, CELL_M, CELL_M)
    found = [shapely.geometry.shape(one) for one, _ in shapes(inside.astype(np.uint8), mask=inside, transform=grid)]
    whole: Any = shapely.simplify(shapely.union_all(found), CELL_M)
    return whole if isinstance(whole, shapely.MultiPolygon) else shapely.MultiPolygon([whole])
