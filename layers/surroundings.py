"""What lies about a road: the streams it crosses or runs along, and how steep it is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.network import Floats
from layers.terrain import elevation_at

GULLY_M, GULLY_SHARE = 15.0, 0.6
"""A road is in a gully when so much of its length lies within so many metres of a stream. DEMO values."""
SAMPLES = 5
ABOUT = ("crosses_stream", "in_gully", "slope_pct")
"""The columns that `surroundings` finds; the last with a terrain model alone."""


def surroundings(
    roads: gpd.GeoDataFrame, water: gpd.GeoDataFrame, metric_crs: str, dem: str | Path | None = None
) -> pd.DataFrame:
    """The columns `crosses_stream`, `in_gully` and, with a terrain model, `slope_pct` for each road (m rows).

    Parameters
    ----------
    roads : LineStrings, EPSG:4490, with `length_m` and maybe `bridge` and `tunnel`, which cross no stream.
    water : any geometries, EPSG:4490; its lines are the streams.
    dem : a raster of heights in metres. The slope is the mean rise or fall between five points, in percent.
    """
    lines = roads.geometry.to_crs(metric_crs).to_numpy()
    over = np.zeros(len(roads), bool)
    for flag in ("bridge", "tunnel"):
        if flag in roads:
            over |= roads[flag].to_numpy(bool)
    streams = water.geometry.to_crs(metric_crs).to_numpy()
    streams = streams[shapely.get_dimensions(streams) == 1]
    crosses, inside_m = np.zeros(len(roads), bool), np.zeros(len(roads))
    road, stream = shapely.STRtree(streams).query(lines, predicate="dwithin", distance=GULLY_M)
    meets = shapely.intersects(lines[road], streams[stream])
    crosses[road[meets]] = True
    near = shapely.buffer(streams, GULLY_M, quad_segs=2)
    np.add.at(inside_m, road, shapely.length(shapely.intersection(lines[road], near[stream])))
    length_m = shapely.length(lines)
    found = {
        "crosses_stream": crosses & ~over,
        "in_gully": ~over & (length_m > 2 * GULLY_M) & (inside_m >= GULLY_SHARE * length_m),
    }
    if dem is not None:
        found["slope_pct"] = _slopes(roads, dem)
    return pd.DataFrame(found, index=roads.index)


def _slopes(roads: gpd.GeoDataFrame, dem: str | Path) -> Floats:
    shares = np.linspace(0, 1, SAMPLES)
    points = shapely.line_interpolate_point(roads.geometry.to_numpy()[:, None], shares, normalized=True)
    heights = elevation_at(dem, shapely.get_coordinates(points)).reshape(len(roads), SAMPLES)
    climbed = np.abs(np.diff(heights, axis=1)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope: Floats = np.nan_to_num(climbed / roads["length_m"].to_numpy(float) * 100, posinf=0.0)
    return slope
