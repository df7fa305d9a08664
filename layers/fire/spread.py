"""When a fire arrives: minimum travel time over a grid of fuel, slope and wind.

Source: Finney, "Fire growth using minimum travel time methods", Can. J. For. Res. 32, 2002. From each cell the front
runs along 80 directions, and from between two cells beside each other too, so that it is not bent by the directions.
Not modelled: spotting, crown fire, fire fighting, wind that the fire makes, and that the way up a slope is longer than
on the map.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from rasterio.features import shapes
from shapely.geometry.base import BaseGeometry

from gis_data.errors import Invalid
from layers.fire.behaviour import Behaviour, Moisture, bed, behave
from layers.fire.front import NEVER, RADIUS, UNMET, grow, push, stencil
from layers.fire.ground import Ground, touched

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Progress = Callable[[float], None]
"""Told the share that is done; to stop the work, raise from it."""
TEN_METRES = 1.15
"""Wind 10 m above the ground over wind at 20 ft. Source: Turner & Lawson 1978, BC-X-177."""
AT_ONCE = 100_000


@dataclass(frozen=True, eq=False)
class Weather:
    """Wind and moisture until a moment, in seconds of the fire's own clock.

    Attributes
    ----------
    wind_ms, from_deg : 10 m above the ground in the open; one value or (rows, columns); degrees clockwise from north.
    """

    wind_ms: ArrayLike
    from_deg: ArrayLike
    moisture: Moisture
    until_s: float = inf


@dataclass(frozen=True)
class Ignition:
    """Where it burns (point, line or the area of the fire), in the grid's CRS, and since when, s."""

    geometry: BaseGeometry
    at_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Fire:
    """A fire's arrival (rows, columns), s, inf where it does not come within `limit_s`; and how its head behaves."""

    arrival_s: Floats
    transform: Affine
    crs: str
    limit_s: float
    behaviour: Behaviour

    def burnt(self, at_s: float) -> Flags:
        """Cells that the fire has reached."""
        return np.asarray(self.arrival_s <= at_s)

    def area_m2(self, at_s: float) -> float:
        """Area of those cells."""
        return float(self.burnt(at_s).sum() * self.transform.a**2)

    def perimeter(self, at_s: float) -> BaseGeometry:
        """Their outline."""
        cells = self.burnt(at_s)
        found = shapes(cells.astype(np.uint8), cells, connectivity=4, transform=self.transform)
        return shapely.union_all([shapely.geometry.shape(shape) for shape, _ in found])

    def perimeters(self, times_s: Sequence[float]) -> gpd.GeoDataFrame:
        """Outlines at these times: `at_s`, `area_m2`, geometry."""
        rows = {"at_s": list(times_s), "area_m2": [self.area_m2(t) for t in times_s]}
        return gpd.GeoDataFrame(rows, geometry=[self.perimeter(t) for t in times_s], crs=self.crs)


def spread(
    ground: Ground, weather: Sequence[Weather], ignitions: Sequence[Ignition], limit_s: float, *,
    progress: Progress | None = None, radius: int = RADIUS,
) -> Fire:  # fmt: skip
    """Where the fire arrives until `limit_s`, and when.

    Parameters
    ----------
    weather : one after the other, `until_s` rising; the last holds to the end. ignitions : where and when it began.
    radius : of the stencil, cells.

    To go on from what is known now, say the area that burns as an ignition of this moment.

    Raises
    ------
    Invalid : no ignition, one on ground that does not burn or off the grid, weather out of order.
    """
    if not limit_s > 0:
        raise Invalid("计算时限应大于 0。", "The time limit must be above 0.", field="limit_s")
    until = np.array([w.until_s for w in weather], float)
    if not len(until) or (np.diff(until) <= 0).any():
        raise Invalid("气象时段应按时间递增。", "Weather must follow in time.", field="weather")
    until[-1] = inf
    behaviours = [behaviour(ground, w) for w in weather]
    rows, columns = ground.fuel.shape
    wide = (len(until), rows + 2 * radius, columns + 2 * radius, 3)
    pace = np.zeros(wide, np.float32)
    pace[..., 0] = inf
    inner = (slice(radius, radius + rows), slice(radius, radius + columns))
    for p, found in enumerate(behaviours):
        pace[p][inner] = _pace(found)
    place = np.full(wide[1:3], NEVER, np.int32)
    place[inner][np.isfinite(pace[:, *inner, 0]).any(axis=0)] = UNMET
    arrival, heap = np.full(wide[1:3], inf), np.empty(place.size, np.int32)
    begin = np.full(ground.fuel.shape, inf)
    for row, ignition in enumerate(ignitions, 1):
        cells = touched(ground, [ignition.geometry]) & (place[inner] == UNMET)
        if not cells.any():
            words = f"第 {row} 个起火点不在可燃地上。", f"Ignition {row} is not on ground that burns."
            raise Invalid(*words, field="ignitions", row=row)
        begin[cells] = np.minimum(begin[cells], ignition.at_s)
    if not ignitions:
        raise Invalid("没有起火点。", "There is no ignition.", field="ignitions")
    arrival[inner] = begin
    flat, where = arrival.ravel(), place.ravel()
    size = 0
    for cell in np.flatnonzero(np.isfinite(flat)):
        size = push(heap, where, flat, size, cell)
    s = stencil(wide[2], ground.cell_m, radius)
    paces = pace.reshape(len(until), -1, 3)
    while size:
        size = grow(
            flat, heap, where, size, paces, until, float(limit_s), AT_ONCE,
            s.step, s.x, s.y, s.first, s.crossed, s.share, s.corner, s.side,
        )  # fmt: skip
        if progress:
            progress(min(flat[heap[0]] / limit_s, 1.0) if size else 1.0)
    times = np.where(arrival[inner] <= limit_s, arrival[inner], inf)
    return Fire(times, ground.transform, ground.crs, limit_s, behaviours[0])


def behaviour(ground: Ground, weather: Weather) -> Behaviour:
    """The head of a fire in each cell under this weather."""
    beds = [bed(fuel, weather.moisture) for fuel in ground.fuels]
    return behave(
        ground.fuel, beds, np.asarray(weather.wind_ms, float) / TEN_METRES, weather.from_deg,
        ground.slope_deg, ground.aspect_deg,
        cover=ground.cover, height_m=ground.height_m, crown_ratio=ground.crown_ratio,
    )  # fmt: skip


def _pace(found: Behaviour) -> NDArray[np.float32]:
    """Seconds per metre: s, ωx, ωy (rows, columns, 3) of the ellipse, s infinite where nothing burns."""
    burns = found.rate_ms > 0
    s = np.where(burns, 1.0, inf)
    np.divide(1.0, found.rate_ms * (1 - found.eccentricity), out=s, where=burns)
    pull = np.where(burns, s, 0.0) * found.eccentricity
    to = np.radians(found.to_deg)
    return np.stack([s, pull * np.sin(to), pull * np.cos(to)], axis=-1).astype(np.float32)
