"""The year's fixed periods and days (handbook, 1.3) that a work reminder names; dates by the moon are not here."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from gis_data.clock import SHANGHAI
from gis_data.errors import NotFound
from gis_data.parameters import value_of

NODES = (
    ("flood", "汛期", "04-15", "10-15"),
    ("plum_rain", "梅雨期", "06-01", "07-10"),
    ("typhoon", "台风季", "07-01", "09-30"),
    ("forest_fire", "森林防火期", "11-01", "04-30"),
    ("qingming", "清明森林防火重点时段", "04-03", "04-06"),
    ("disaster_day", "全国减灾日", "05-12", "05-12"),
    ("labour_day", "劳动节假期", "05-01", "05-05"),
    ("national_day", "国庆假期", "10-01", "10-07"),
    ("new_year", "元旦假期", "01-01", "01-03"),
)
"""DEMO. Key, name, first and last day (month-day), both included; parameters `calendar.<key>` as `04-15…10-15`."""


def nodes(session: Session, day: date) -> list[tuple[str, str]]:
    """The periods that a day lies in: key and name; a parameter wins over the DEMO dates."""
    found = []
    for key, name, first, last in NODES:
        since, until = _dates(session, key, day) or (first, last)
        today = f"{day:%m-%d}"
        inside = since <= today <= until if since <= until else today >= since or today <= until
        if inside:
            found.append((key, name))
    return found


def _dates(session: Session, key: str, day: date) -> tuple[str, str] | None:
    at = datetime.combine(day, time(12), SHANGHAI)
    for name in (f"calendar.{key}", *(("firesource.season",) if key == "forest_fire" else ())):
        try:
            since, _, until = value_of(session, name, at).value.partition("…")
        except NotFound:
            continue
        if until:
            return since.strip(), until.strip()
    return None
