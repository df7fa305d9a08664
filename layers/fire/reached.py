"""What a fire reaches and when, and who gets away in time."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from rasterio.features import rasterize
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis_data.errors import Invalid
from layers.fire.spread import Fire

Floats = NDArray[np.float64]


def reached(fire: Fire, features: gpd.GeoDataFrame, within_m: float = 0.0) -> pd.Series[float]:
    """The earliest arrival at each feature (point, line or area), s; inf where the fire does not come.

    Parameters
    ----------
    features : any CRS. within_m : a feature counts as reached when the fire is so near: roofs and roads lie in
    cells that do not burn.
    """
    geometries = features.to_crs(fire.crs).geometry.buffer(within_m) if within_m else features.to_crs(fire.crs).geometry
    return pd.Series([_earliest(fire, g) for g in geometries], index=features.index, dtype=float, name="arrival_s")


def _earliest(fire: Fire, geometry: BaseGeometry | None) -> float:
    """The earliest arrival in the cells that a geometry touches."""
    if geometry is None or geometry.is_empty:
        return inf
    rows, columns = fire.arrival_s.shape
    west, south, east, north = geometry.bounds
    (left, right), (top, bottom) = _cell(fire, [west, east], [north, south])
    top, left, bottom, right = max(top, 0), max(left, 0), min(bottom + 1, rows), min(right + 1, columns)
    if top >= bottom or left >= right:
        return inf
    window = fire.transform @ fire.transform.translation(left, top)
    shape = (bottom - top, right - left)
    cells = rasterize([geometry], shape, transform=window, all_touched=True, dtype=np.uint8).astype(bool)
    times = fire.arrival_s[top:bottom, left:right][cells]
    return float(times.min()) if len(times) else inf


@dataclass(frozen=True)
class Margin:
    """How much time is left where a way is tightest.

    Attributes
    ----------
    margin_s : the front's arrival less the time of passing; below 0 the front is there first; inf if it never comes.
    at : where. passed_s, arrival_s : when it is passed and when the fire comes there; NaN and inf if it never comes.
    """

    margin_s: float
    at: Point
    passed_s: float
    arrival_s: float


def escape_margin(fire: Fire, path: ArrayLike, passed_s: ArrayLike, within_m: float | None = None) -> Margin:
    """The least time between passing a place and the fire being there, along a way.

    Parameters
    ----------
    path : (n, 2) x, y in the fire's CRS. passed_s : (n,) on the fire's clock, rising; between two the walk is even.
    within_m : the fire counts as there when it is so near; if not said one cell, as a road lies in cells that do not
    burn.

    The way is looked at every half cell. What lies off the grid is not known, and is an error. A way through what has
    burnt already has a margin below 0: whether black ground is safe is not for a model to say.

    Raises
    ------
    Invalid : fewer than two places, times that go back, or a way that leaves the grid.
    """
    xy, times = np.asarray(path, float).reshape(-1, 2), np.asarray(passed_s, float)
    if len(xy) < 2 or len(xy) != len(times) or not np.isfinite(xy).all() or not (np.diff(times) >= 0).all():
        raise Invalid(
            "路线至少两点，时间不得倒退。",
            "A way has two places or more, with times in order.",
            field="path",
        )
    step = fire.transform.a / 2
    gone = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    at = np.unique(np.r_[np.arange(0.0, gone[-1], step), gone])
    x, y = np.interp(at, gone, xy[:, 0]), np.interp(at, gone, xy[:, 1])
    when = np.interp(at, gone, times)
    column, row = _cell(fire, x, y)
    rows, columns = fire.arrival_s.shape
    if ((row < 0) | (column < 0) | (row >= rows) | (column >= columns)).any():
        raise Invalid("路线超出火势计算范围。", "The way leaves the grid of the fire.", field="path")
    near = fire.transform.a if within_m is None else within_m
    places = (Point(a, b).buffer(near) if near else Point(a, b) for a, b in zip(x, y, strict=True))
    arrival = np.array([_earliest(fire, place) for place in places])
    k = int(np.argmin(arrival - when))
    margin = float(arrival[k] - when[k])
    return Margin(margin, Point(x[k], y[k]), float(when[k]) if margin < inf else np.nan, float(arrival[k]))


def within_hose(position: BaseGeometry, points: gpd.GeoDataFrame, hose_m: float, lay: float = 1.0) -> gpd.GeoDataFrame:
    """Water points within the length of hose, nearest first, with `distance_m` and `hose_m` that they need.

    Parameters
    ----------
    position : in the metric CRS of `points`. hose_m : carried, for the bureau to say. lay : hose laid per metre of
    straight line (≥ 1), for hoses do not lie straight.
    """
    distance = shapely.distance(np.asarray(points.geometry.values), position)
    near = points.assign(distance_m=distance, hose_m=distance * lay)
    return near[near.hose_m <= hose_m].sort_values("distance_m", kind="stable")


def _cell(fire: Fire, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and row of a place; also off the grid."""
    t = fire.transform
    column, row = (np.asarray(x, float) - t.c) / t.a, (np.asarray(y, float) - t.f) / t.e
    return np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
