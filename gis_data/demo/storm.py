"""A synthetic storm over the rain gauges, all of it made up: the handbook's seven hours at R-07, less farther away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import cos, exp, hypot, radians
from typing import Any

HOURLY_MM = (12, 18, 28, 31, 22, 30, 35)
"""The rolling rain of the handbook, 5.8."""
CENTRE, SILENT, SILENT_MIN = "R-07", "R-09", 35
WIDTH_KM = 6.0
STEPS = 12


def storm(gauges: Mapping[str, tuple[float, float]], until: datetime) -> Iterator[dict[str, Any]]:
    """Five-minute readings of each gauge (code → lon, lat) up to a time; R-09 falls silent 35 minutes before it."""
    end = until.replace(minute=until.minute // 5 * 5, second=0, microsecond=0)
    lon0, lat0 = gauges.get(CENTRE) or next(iter(gauges.values()))
    for code, (lon, lat) in gauges.items():
        km = 111.2 * hypot((lon - lon0) * cos(radians(lat0)), lat - lat0)
        share = exp(-((km / WIDTH_KM) ** 2))
        for hour, mm in enumerate(HOURLY_MM):
            tenths = round(mm * 10 * share)
            for step in range(STEPS):
                at = end - timedelta(hours=len(HOURLY_MM) - hour) + timedelta(minutes=5 * (step + 1))
                if code == SILENT and at > until - timedelta(minutes=SILENT_MIN):
                    continue
                fallen = tenths * (step + 1) // STEPS - tenths * step // STEPS
                yield {"station": code, "at": at.isoformat(), "value": fallen / 10, "unit": "mm", "span_s": 300}
