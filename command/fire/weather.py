"""What a world's gauges tell of the weather of days: noon, extremes, rain to noon, by gauge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from sqlalchemy import text

from command import roads
from command.stations import Station, read_stations
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from layers.fire.weather import Told
from layers.terrain import elevation_at

ELEMENTS = ("temperature", "humidity", "wind", "rain")
LEAST_COVERED = 0.9
"""The share of the 24 h to noon that a rain gauge must have measured."""
_NOON = """select station, cast(at at time zone 'Asia/Shanghai' as date) as day,
  avg(value) filter (where extract(epoch from cast(at at time zone 'Asia/Shanghai' as time)) between 41400 and 45000)
    as noon,
  max(value) as most, min(value) as least
from "{schema}".reading where element = :element and quality = 'good' and station = any(:codes)
  and at >= :from and at < :to group by 1, 2"""
"""Noon is the mean from 11:30 to 12:30, Beijing time: local standard time within minutes here."""
_RAIN = """select station,
  cast((at - interval '1 microsecond') at time zone 'Asia/Shanghai' + interval '12 hours' as date) as day,
  sum(value) as noon, sum(span_s) / 86400.0 as covered
from "{schema}".reading where element = 'rain' and quality = 'good' and station = any(:codes)
  and at > :from and at <= :to group by 1, 2"""


def days_of(last: date, count: int) -> list[date]:
    """So many days, the last one included."""
    return [last - timedelta(days=n) for n in range(count - 1, -1, -1)]


def heights(tx: Reading, data: Path, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heights of places on the terrain in force; where it says nothing, the middle one of the others, or 0."""
    dem = roads.terrain(tx.session, data)
    found = np.full(len(lonlat), np.nan) if dem is None else elevation_at(dem, lonlat)
    known = found[~np.isnan(found)]
    return np.nan_to_num(found, nan=float(np.median(known)) if known.size else 0.0)


def told(
    tx: Reading, data: Path, there: Transformer, days: Sequence[date]
) -> tuple[dict[str, Told], dict[str, list[Station]]]:
    """What the gauges of each element tell of each day, and those of them that tell anything."""
    stations = read_stations(tx.session)
    place = {day: n for n, day in enumerate(days)}
    first = datetime.combine(days[0], time(), SHANGHAI)
    found, speaking = {}, {}
    for element in ELEMENTS:
        own = [s for s in stations.values() if s.element == element]
        row_of = {s.code: n for n, s in enumerate(own)}
        noon, extreme = (np.full((len(own), len(days)), np.nan) for _ in range(2))
        rain = element == "rain"
        back = timedelta(hours=12 if rain else 0)
        asked = {
            "codes": list(row_of),
            "from": first - back,
            "to": min(first + timedelta(days=len(days)) - back, tx.at),
        }
        asked |= {} if rain else {"element": element}
        for row in tx.session.execute(text((_RAIN if rain else _NOON).format(schema=tx.world.schema)), asked):
            if (day := place.get(row.day)) is None or (rain and row.covered < LEAST_COVERED):
                continue
            n = row_of[row.station]
            noon[n, day] = np.nan if row.noon is None else row.noon
            if not rain:
                extreme[n, day] = row.least if element == "humidity" else row.most
        lonlat = np.array([(s.lon, s.lat) for s in own]).reshape(-1, 2)
        xy = np.column_stack(there.transform(lonlat[:, 0], lonlat[:, 1])).reshape(-1, 2)
        found[element] = Told(xy, heights(tx, data, lonlat), noon, extreme)
        speaking[element] = [s for n, s in enumerate(own) if not np.isnan(noon[n]).all()]
    return found, speaking
