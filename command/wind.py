"""The wind near a place, as its gauges tell it: the nearest fresh speed, and the nearest fresh direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import text

from command.exposure import metric
from command.gauge_views import MEAN_DIRECTION
from command.station_memory import memory
from gis_data.db import Reading
from gis_data.parameters import numbers_under

FIGURES = {"near_m": 15_000.0, "mean_min": 10.0}
"""DEMO: parameters `wind.…`: how near a gauge has to be; over how long its direction is the vector mean."""


def wind_at(tx: Reading, lon: float, lat: float) -> dict[str, Any]:
    """Speed (m/s) and direction (degrees that it blows from) near a place, each with its gauge and age; or None."""
    given = numbers_under(tx.session, "wind.", tx.at)
    figures = FIGURES | {name: given[name] for name in FIGURES if name in given}
    speed = _nearest(tx, "wind", lon, lat, figures["near_m"])
    vane = _nearest(tx, "wind_direction", lon, lat, figures["near_m"])
    if vane is not None:
        vane = _meant(tx, vane, figures["mean_min"])
    return {"speed": speed, "direction": vane}


def _nearest(tx: Reading, element: str, lon: float, lat: float, near_m: float) -> dict[str, Any] | None:
    """The nearest gauge of an element with a fresh, good reading: code, name, value, when, how old, how far."""
    kept, there = memory(tx), metric(tx.session)
    x, y = there.transform(lon, lat)
    found = []
    with kept.lock:
        for code, station in kept.stations.items():
            last = kept.last.get(code)
            if station.element != element or last is None or last.quality != "good":
                continue
            limit = max(kept.known.stale_s, station.interval_s)
            gx, gy = there.transform(station.lon, station.lat)
            away, age_s = float(np.hypot(gx - x, gy - y)), (tx.at - last.at).total_seconds()
            if age_s <= limit and away <= near_m:  # a clock may be ahead by what the rule `future` lets pass
                found.append((away, code, station, last, age_s))
    if not found:
        return None
    away, code, station, last, age_s = min(found, key=lambda one: one[:2])
    return {
        "code": code, "name": station.name, "value": last.value, "at": last.at.isoformat(),
        "age_s": round(max(age_s, 0.0)), "distance_m": round(away), "is_demo": station.is_demo,
    }  # fmt: skip


def _meant(tx: Reading, vane: dict[str, Any], minutes: float) -> dict[str, Any]:
    """A direction gauge's vector mean up to its newest reading; that reading itself where the others cancel out."""
    query = f"""select {MEAN_DIRECTION} from "{tx.world.schema}".reading where station = :code
      and element = 'wind_direction' and quality = 'good' and at <= cast(:at as timestamptz)
      and at > cast(:at as timestamptz) - make_interval(secs => :s)"""
    mean = tx.session.scalar(text(query), {"code": vane["code"], "at": vane["at"], "s": minutes * 60})
    return vane if mean is None else vane | {"value": float(mean)}
