"""What is said of a cyclone: issues of an agency, each with its forecast; what of it can be; how it is kept as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from gis_data.clock import SHANGHAI
from gis_data.errors import Invalid
from layers.cyclone import Fix, Radii, grade

BOUNDS = {
    "lon": (-180.0, 180.0), "lat": (-70.0, 70.0), "wind_ms": (0.0, 120.0), "pressure_hpa": (850.0, 1050.0),
    "moving_deg": (0.0, 360.0), "moving_kmh": (0.0, 200.0), "lead_h": (0.0, 240.0), "radius_km": (0.0, 2000.0),
}  # fmt: skip
MOST_KM = 1500.0
EARLY = timedelta(hours=1)
"""How far ahead of our clock an observation may be."""


@dataclass(frozen=True)
class Issue:
    """What an agency says at a time: where the centre is, and its forecast; `rows` are those of its file, if any."""

    fix: Fix
    forecast: tuple[Fix, ...] = ()
    row: int | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Track:
    """A cyclone by its number (such as 2609) as one agency tracks it."""

    number: str
    agency: str
    name_zh: str
    issues: tuple[Issue, ...]
    name_en: str = ""
    is_demo: bool = False


def as_json(one: Fix) -> dict[str, Any]:
    """A point as it is kept, with its grade."""
    return {
        "at": one.at.astimezone(SHANGHAI).isoformat(), "lon": one.lon, "lat": one.lat, "wind_ms": one.wind_ms,
        "grade": grade(one.wind_ms), "pressure_hpa": one.pressure_hpa, "moving_deg": one.moving_deg,
        "moving_kmh": one.moving_kmh, "radii": {str(force): list(radii) for force, radii in sorted(one.radii.items())},
        "lead_h": one.lead_h, "radius_km": one.radius_km,
    }  # fmt: skip


def from_json(said: dict[str, Any]) -> Fix:
    """A point as it was kept."""
    radii: dict[int, Radii] = {int(force): tuple(some) for force, some in said["radii"].items()}
    rest = {name: value for name, value in said.items() if name not in ("at", "grade", "radii")}
    return Fix(at=datetime.fromisoformat(said["at"]), radii=radii, **rest)


def sound(track: Track, now: datetime) -> None:
    """Raises Invalid, naming row and field, for what cannot be."""
    for name, value, most in (("number", track.number, 20), ("agency", track.agency, 60)):
        if not value.strip() or len(value) > most:
            raise Invalid(f"须填{'编号' if name == 'number' else '发布机构'}。", f"Say the {name}.", field=name)
    if not track.issues:
        raise Invalid("至少要有一个实况点。", "There is at least one observed point.", field="fixes")
    seen: set[datetime] = set()
    for n, one in enumerate(track.issues, 1):
        row = one.row or n
        _bounded(one.fix, row)
        if one.fix.at > now + EARLY:
            wrong("at", row, "实况时间在将来", "an observation lies ahead")
        if one.fix.at in seen:
            wrong("at", row, "同一时间有两个实况点", "there are two observed points of one time")
        seen.add(one.fix.at)
        _ahead(one.forecast, one.rows or tuple(range(1, len(one.forecast) + 1)))


def _ahead(forecast: Sequence[Fix], rows: Sequence[int]) -> None:
    before = 0.0
    for row, point in zip(rows, forecast, strict=True):
        _bounded(point, row)
        if point.lead_h <= before:
            wrong("lead_h", row, "预报时效须逐行增大", "lead hours rise from row to row")
        before = point.lead_h


def _bounded(one: Fix, row: int) -> None:
    for name, (least, most) in BOUNDS.items():
        value = getattr(one, name)
        if value is not None and not least <= value <= most:
            wrong(name, row, f"应在 {least:g}–{most:g} 之间", f"is between {least:g} and {most:g}")
    for force, radii in one.radii.items():
        if not all(0 <= km <= MOST_KM for km in radii) or not any(radii):
            wrong(f"r{force}", row, f"风圈半径应在 0–{MOST_KM:g} 公里之间", f"radii are between 0 and {MOST_KM:g} km")


def wrong(name: str, row: int, zh: str, en: str) -> NoReturn:
    """Say what is wrong with a row's field."""
    raise Invalid(f"第 {row} 行 {name}：{zh}。", f"Row {row}, {name}: {en}.", field=name, row=row)
