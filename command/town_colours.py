"""The five-colour map of towns (五色图): red, orange, yellow, blue, green from worst to best, each with its reasons.

A town is as bad as the worst that is known of it: official warnings in force, risk zones and key villages by rain and
patrols, incidents (worse while nobody is sent), suggested closures that nobody has decided. Where nothing bad is known
but some gauges or zones are silent it is not green; where nothing is known at all it is unknown. The colours are a
scale of their own and no warnings; which finding stands for which is the bureau's to say (DEMO).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from command.hazard_tables import WarningRow
from command.hazards import look
from gis_data.db import Reading
from gis_data.parameters import numbers_under
from gis_data.tables import TABLES
from layers.zone_status import COLOURS as ZONE

RED, ORANGE, YELLOW, BLUE, GREEN, UNKNOWN = range(1, 7)
COLOURS = {
    RED: ("red", "红", "Red"),
    ORANGE: ("orange", "橙", "Orange"),
    YELLOW: ("yellow", "黄", "Yellow"),
    BLUE: ("blue", "蓝", "Blue"),
    GREEN: ("green", "绿", "Green"),
    UNKNOWN: ("unknown", "未知", "Unknown"),
}
DEFAULTS: dict[str, float] = {
    "warning.red": RED, "warning.orange": ORANGE, "warning.yellow": YELLOW, "warning.blue": BLUE,
    "zone.red": RED, "zone.orange": ORANGE, "zone.yellow": YELLOW, "zone.blue": BLUE,
    "incident.extraordinary": RED, "incident.major": RED, "incident.larger": ORANGE, "incident.general": YELLOW,
    "incident.ungraded": YELLOW, "waiting_minutes": 15, "suggestion": YELLOW, "silent": BLUE,
}  # fmt: skip
"""DEMO: 1 red to 5 green. Parameters `town_colour.<finding>`; an incident to which nobody is sent for so many minutes
counts one colour worse."""
GRADES = {
    "extraordinary": ("特别重大", "extraordinary"), "major": ("重大", "major"), "larger": ("较大", "larger"),
    "general": ("一般", "general"), "ungraded": ("未定级", "ungraded"),
}  # fmt: skip
_INSIDE = """
select a.code as town, {what} from {schema}.{table} x
join gis.admin_unit a on a.valid_to is null and a.level = 'town' and a.in_scope and ST_Covers(a.geom, {at})
where {which} group by a.code {by}
"""


@dataclass(frozen=True)
class Reason:
    """One finding: the colour that it stands for, and its words."""

    level: int
    zh: str
    en: str


@dataclass
class Town:
    """A town with what was found; `known`: something speaks for it."""

    code: str
    name: str
    name_en: str
    known: bool = False
    reasons: list[Reason] = field(default_factory=list)

    @property
    def level(self) -> int:
        """Its colour: the worst found; green where nothing was, unknown where nothing speaks."""
        worst = min((reason.level for reason in self.reasons), default=GREEN)
        return UNKNOWN if not self.known and worst >= BLUE else worst


def towns(tx: Reading) -> list[Town]:
    """The towns in scope as they stand now, the worst first, each with its reasons, the worst first."""
    c = TABLES["admin_unit"].c
    query = select(c.code, c.name, c.name_en).where(c.valid_to.is_(None), c.level == "town", c.in_scope)
    found = {row.code: Town(row.code, row.name, row.name_en) for row in tx.session.execute(query)}
    given = DEFAULTS | numbers_under(tx.session, "town_colour.", tx.at)
    for town, reason in (
        *_warnings(tx.session, given), *_zones(tx, found, given), *_incidents(tx, given),
        *_suggestions(tx, given), *_gauges(tx, found, given),
    ):  # fmt: skip
        if town in found:
            found[town].reasons.append(reason)
    for one in found.values():
        one.reasons.sort(key=lambda reason: reason.level)
    return sorted(found.values(), key=lambda one: (one.level, one.code))


def as_shown(town: Town) -> dict[str, Any]:
    """A town as people see it: names, colour in words, reasons."""
    key, zh, en = COLOURS[town.level]
    reasons = [{"colour": COLOURS[one.level][0], "zh": one.zh, "en": one.en} for one in town.reasons]
    return {
        "code": town.code, "name": town.name, "name_en": town.name_en, "known": town.known,
        "colour": key, "colour_zh": zh, "colour_en": en, "reasons": reasons,
    }  # fmt: skip


def shapes(session: Session) -> dict[str, str]:
    """The towns' outlines as GeoJSON text, EPSG:4490, simplified to some 5 m, by code."""
    c = TABLES["admin_unit"].c
    outline = func.ST_AsGeoJSON(func.ST_SimplifyPreserveTopology(c.geom, 0.00005), 5).label("outline")
    query = select(c.code, outline).where(c.valid_to.is_(None), c.level == "town", c.in_scope)
    return {row.code: row.outline for row in session.execute(query)}


Found = list[tuple[str, Reason]]


def _warnings(session: Session, given: Mapping[str, float]) -> Found:
    """The highest official warning of each kind in each town."""
    w = WarningRow
    query = select(w.kind_zh, w.kind_en, w.colour, w.colour_zh, w.colour_en, w.level, w.towns)
    worst: dict[tuple[str, str], Any] = {}
    for row in session.execute(query.where(w.state == "in_force", w.official)):
        for town in row.towns:
            key = town["code"], row.kind_zh
            if key not in worst or row.level < worst[key].level:
                worst[key] = row
    return [
        (
            town,
            Reason(
                round(given[f"warning.{row.colour}"]), f"{row.kind_zh}{row.colour_zh}预警",
                f"{row.colour_en} warning: {row.kind_en}",
            ),
        )
        for (town, _), row in worst.items()
    ]  # fmt: skip


def _zones(tx: Reading, found: Mapping[str, Town], given: Mapping[str, float]) -> Found:
    """Zones and villages by colour, where rain or a patrol decided; what hangs on a silent gauge is no good news."""
    seen = look(tx)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for n, one in enumerate(seen.watch.objects):
        if one.town in found and seen.heard[n] and not seen.silent[n]:
            found[one.town].known = True
        colour = ZONE[int(seen.status.colour[n])][0]
        if seen.status.decided[n, 1:].any():
            counts[one.town][colour] += 1
        elif seen.heard[n] and seen.states.unknown[n]:
            counts[one.town]["silent"] += 1
    words = {key: (zh, en) for key, zh, en in ZONE.values()}
    return [
        (
            town,
            Reason(round(given["silent"]), f"防范区、村落监测不明 {n} 处", f"zones, villages not known: {n}")
            if colour == "silent"
            else Reason(
                round(given[f"zone.{colour}"]), f"防范区、村落{words[colour][0]} {n} 处",
                f"zones, villages {words[colour][1].lower()}: {n}",
            ),
        )
        for town, of in counts.items()
        for colour, n in of.items()
    ]  # fmt: skip


def _inside(tx: Reading, **parts: str) -> list[Any]:
    return list(tx.session.execute(text(_INSIDE.format(schema=f'"{tx.world.schema}"', **parts))))


def _incidents(tx: Reading, given: Mapping[str, float]) -> Found:
    """Open incidents by grade; the one that nobody is sent to for too long counts one colour worse."""
    rows = _inside(
        tx, table="incident", at="x.geom", which="x.state <> 'closed'",
        what="coalesce(x.grade, 'ungraded') as grade, x.state, x.reported_at", by=", x.id",
    )  # fmt: skip
    late = tx.at - timedelta(minutes=given["waiting_minutes"])
    counts = Counter((row.town, row.grade, _waits(row, late)) for row in rows)
    return [
        (
            town,
            Reason(
                max(RED, round(given[f"incident.{grade}"]) - waits),
                f"{GRADES[grade][0]}事件 {n} 起" + (f"，超过 {given['waiting_minutes']:.0f} 分未派" if waits else ""),
                f"{GRADES[grade][1]} incidents: {n}"
                + (f", nobody sent for {given['waiting_minutes']:.0f} min" if waits else ""),
            ),
        )
        for (town, grade, waits), n in counts.items()
    ]


def _waits(row: Any, late: datetime) -> bool:
    return bool(row.state == "reported" and row.reported_at < late)


def _suggestions(tx: Reading, given: Mapping[str, float]) -> Found:
    rows = _inside(
        tx, table="suggestion", at="ST_PointOnSurface(x.geom)", which="x.state = 'open'", what="count(*) as n", by=""
    )
    return [
        (row.town, Reason(round(given["suggestion"]), f"建议封控待定 {row.n} 处", f"closures to decide: {row.n}"))
        for row in rows
    ]


def _gauges(tx: Reading, found: Mapping[str, Town], given: Mapping[str, float]) -> Found:
    """Gauges that speak make a town known; silent ones keep it from being green."""
    rows = _inside(
        tx, table="station_state", at="ST_SetSRID(ST_Point(x.lon, x.lat), 4490)", which="x.state <> 'withdrawn'",
        what="count(*) filter (where x.state = 'silent') as silent, count(*) as n", by="",
    )  # fmt: skip
    reasons = []
    for row in rows:
        found[row.town].known |= row.silent < row.n
        if row.silent:
            told = f"监测站失联 {row.silent}/{row.n}", f"gauges silent: {row.silent} of {row.n}"
            reasons.append((row.town, Reason(round(given["silent"]), *told)))
    return reasons
