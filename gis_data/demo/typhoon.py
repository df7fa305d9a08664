"""A synthetic typhoon that approaches a place and passes it, all of it made up, as rows of a track's file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import cos, exp, radians
from typing import Any

NUMBER, AGENCY, NAME, NAME_EN = "DEMO01", "DEMO 演示台", "演示一号", "DEMO One"
BEFORE, EVERY, AHEAD = timedelta(hours=108), timedelta(hours=6), (12, 24, 36, 48, 72)
"""How long before it is nearest it is first heard of; how often there is an issue; lead hours of each forecast."""
PAST_KM, KM_H = 35.0, 17.0
"""How far off the place it passes, and its speed on the way."""
UNCERTAIN_KM = 3.2
"""Of a forecast, each hour."""
TURN = 0.02
"""How it bends, km by hour²."""


def _at(hours: float, lon: float, lat: float) -> dict[str, Any]:
    """So many hours before (below 0) or after it is nearest: from the south-east, turning to the north."""
    x = -KM_H * hours * 0.72 + PAST_KM * 0.8 + TURN * hours * abs(hours)
    y = KM_H * hours * 0.7 + PAST_KM * 0.6
    wind = 46 * exp(-(((hours + 22) / 34) ** 2)) + 8
    strong = max(wind - 14, 0)
    row = {
        "lon": round(lon + x / (111.32 * cos(radians(lat))), 2), "lat": round(lat + y / 110.57, 2),
        "wind_ms": round(wind, 1), "pressure_hpa": round(1008 - 1.35 * strong), "moving_deg": 315 if hours < 0 else 340,
        "moving_kmh": KM_H,
    }  # fmt: skip
    for force, least, km in ((7, 13.9, 8.5), (10, 24.5, 4.2), (12, 32.7, 2.4)):
        if wind > least + 1:
            reach = 40 + km * (wind - least)
            row |= {f"r{force}_{q}": round(reach * k) for q, k in (("ne", 1), ("se", 0.9), ("sw", 0.7), ("nw", 0.8))}
    return row


def typhoon(lon: float, lat: float, until: datetime, nearest: datetime) -> Iterator[dict[str, Any]]:
    """Issues every six hours up to a time, the last with its forecast; it is nearest to the place at `nearest`."""
    head = {"number": NUMBER, "agency": AGENCY, "name": NAME, "name_en": NAME_EN}
    at = nearest - BEFORE
    while at <= until:
        hours, said = (at - nearest) / timedelta(hours=1), at.isoformat()
        yield head | {"kind": "observed", "at": said} | _at(hours, lon, lat)
        if at + EVERY > until:
            for lead in AHEAD:
                row = _at(hours + lead, lon, lat) | {"lead_h": lead, "radius_km": round(20 + UNCERTAIN_KM * lead)}
                yield head | {"kind": "forecast", "at": said} | row
        at += EVERY
