"""Risk zones and key villages as their registers know them, with their thresholds and how far gauges lie from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, literal, null, select
from sqlalchemy.orm import Session

from command.station_memory import Memory
from gis_data.db import district
from gis_data.tables import TABLES
from layers.thresholds import Flags, Floats, Thresholds

LONGEST_H = 336
"""Windows are kept of fourteen days; of a longer one nothing is known."""


@dataclass(frozen=True)
class Object:
    """A zone or a village, as its register knows it; `gauges` speak for it."""

    register: str
    code: str
    name: str
    kind: str
    lon: float
    lat: float
    town: str
    town_name: str
    households: int | None
    persons: int | None
    gauges: tuple[str, ...]

    @property
    def id(self) -> str:
        """What it is known by on the board."""
        return f"{self.register}:{self.code}"


def rows_of(session: Session) -> list[Any]:
    """The registers' rows in force, zones first, each with a point inside."""
    zone, village = TABLES["geohazard_zone"].c, TABLES["key_village"].c
    found: list[Any] = []
    for key, c, kind, households, persons, gauges in (
        ("geohazard_zone", zone, zone.hazard_kind, zone.threatened_households, zone.threatened_persons, null()),
        ("key_village", village, literal("village"), village.households, village.persons, village.gauges),
    ):
        inside = func.ST_PointOnSurface(c.geom)
        query = select(
            literal(key).label("register"), c.code, c.name, kind.label("kind"), c.admin_code,
            func.ST_X(inside).label("lon"), func.ST_Y(inside).label("lat"), households.label("households"),
            persons.label("persons"), gauges.label("gauges"),
        )  # fmt: skip
        found += session.execute(query.where(c.valid_to.is_(None), c.geom.is_not(None)).order_by(c.code))
    return found


def apart(session: Session, kept: Memory, rows: Sequence[Any]) -> Floats:
    """How far each row lies from each rain gauge, metres."""
    gauges = [kept.stations[code] for code in kept.rain]
    crs = district(session).metric_crs
    there, here = (
        shapely.get_coordinates(
            gpd.GeoSeries(gpd.points_from_xy([o.lon for o in some], [o.lat for o in some]), crs=4490).to_crs(crs)
        )
        for some in (gauges, rows)
    )
    found: NDArray[np.float64] = np.hypot(*np.moveaxis(here[:, None] - there[None], 2, 0))
    return found


def thresholds_of(session: Session, ids: Sequence[str]) -> tuple[Thresholds, Flags, tuple[int, ...]]:
    """Thresholds by object and window. One that makes no sense, or two of one window, leave that window unknown."""
    c = TABLES["rain_threshold"].c
    query = select(c.object_register, c.object_code, c.window_h, c.prepare_mm, c.immediate_mm)
    place = {id_: n for n, id_ in enumerate(ids)}
    rows = [
        (at, row.window_h, row.prepare_mm, row.immediate_mm)
        for row in session.execute(query.where(c.valid_to.is_(None)))
        if (at := place.get(f"{row.object_register}:{row.object_code}")) is not None
    ]
    hours = tuple(sorted({window for _, window, *_ in rows})) or (1,)
    limits = np.full((2, len(ids), len(hours)), np.nan)
    faulty = np.zeros((len(ids), len(hours)), bool)
    for n, window, prepare, immediate in rows:
        k = hours.index(window)
        twice = not np.isnan(limits[0, n, k])
        faulty[n, k] |= twice or not 0 < prepare <= immediate or window > LONGEST_H
        limits[:, n, k] = prepare, immediate
    limits[:, faulty] = np.inf
    return Thresholds(tuple(ids), tuple(f"{h}h" for h in hours), limits[0], limits[1]), faulty, hours
