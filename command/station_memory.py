"""What this process remembers of a world's stations: rolling windows, newest readings, states.

It is made from the world's tables, and made anew when the registers of stations or parameters change. Whoever holds
a world's writer may ask for it; whoever is in the readings' queue does not wait for a writer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from command.stations import Station, read_stations
from command.tables import StationState
from gis_data.db import Reading as Moment
from gis_data.db import Writing, writing
from gis_data.parameters import numbers_under
from gis_data.world import SYSTEM, World
from layers.quality import ALARMS, RULES, Limits, Past, Reading, unit_ratios
from layers.rain import DAYS, Known, Windows

QUEUE = "readings"
"""The readings' own queue of writers, see `gis_data.db.writing`."""
KEPT_WORLDS = 16
NEIGHBOURS = 3
GRACE_S = 60
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Last:
    """A station's newest reading."""

    at: datetime
    value: float
    quality: str
    rule: str | None = None


@dataclass
class Memory:
    """What this process knows of a world's stations; under `lock`. `rain` numbers the rain gauges, in order of code."""

    version: tuple[Any, ...]
    stations: dict[str, Station]
    rain: dict[str, int]
    limits: Limits
    known: Known
    windows: Windows
    neighbours: np.ndarray[Any, np.dtype[np.int64]]
    pasts: dict[str, Past]
    last: dict[str, Last]
    states: dict[str, tuple[str, datetime]]
    rainday_hour: int = 8
    spreads: dict[str, Any] = field(default_factory=dict)
    """How gauges speak for areas, by kind of area; made when first asked for."""
    changes: int = 0
    """Rises with every change; `changed` holds at which number a station last changed."""
    changed: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def touch(self, codes: Iterable[str]) -> None:
        """Note that these stations show something new."""
        self.changes += 1
        self.changed.update(dict.fromkeys(codes, self.changes))

    def state(self, station: Station, last: Last, at: datetime) -> str:
        """How a station stands at a time, by its newest reading: fresh, silent, alarm."""
        if station.element in ALARMS:
            return "alarm" if last.value >= 1 else "fresh"
        limit = max(self.known.stale_s, station.interval_s + GRACE_S)
        return "silent" if (at - last.at).total_seconds() > limit else "fresh"

    def due(self, at: datetime) -> dict[str, str]:
        """Stations whose state is another one than the journal last said, with the state they are in."""
        found = {}
        for code, last in self.last.items():
            said = self.states.get(code, ("", None))[0]
            now = self.state(self.stations[code], last, at)
            if now != said and (said or now != "fresh" or self.stations[code].element not in ALARMS):
                found[code] = now
        gone = (code for code, (said, _) in self.states.items() if code not in self.stations and said != WITHDRAWN)
        return found | dict.fromkeys(gone, WITHDRAWN)


_opening = Lock()
_kept: OrderedDict[tuple[URL, str], Memory] = OrderedDict()


def _version(session: Session, world: World) -> tuple[Any, ...]:
    """Changes with the registers, and with a drill that is made anew under an old name."""
    query = (
        "select (select max(id) from gis.register_change), (select max(id) from gis.load), "
        f"""cast(to_regclass('"{world.schema}".reading') as oid)"""
    )
    return tuple(rows(session, query)[0])


def rows(session: Session, query: str, **values: Any) -> list[Any]:
    return list(session.execute(_read(query), values))


_read = lru_cache(128)(text)
"""A query as SQLAlchemy reads it; the same few come again and again."""


def newest(tx: Moment, stations: Iterable[Station], most: int = 1, at: datetime | None = None) -> list[Any]:
    """The `most` newest readings of each station, the oldest first; of those measured by a time (None: all)."""
    pairs = [(s.code, s.element) for s in stations]
    return rows(
        tx.session,
        f"""select r.* from unnest(cast(:codes as text[]), cast(:elements as text[])) s(station, element)
        cross join lateral (select station, at, value, span_s, quality, rule from "{tx.world.schema}".reading r
          where r.station = s.station and r.element = s.element
            and (cast(:at as timestamptz) is null or r.at <= :at)
          order by at desc limit :most) r order by r.at""",
        codes=[code for code, _ in pairs], elements=[element for _, element in pairs], most=most, at=at,
    )  # fmt: skip


def _build(tx: Moment, version: tuple[Any, ...], since: datetime | None = None) -> Memory:
    schema, session = f'"{tx.world.schema}"', tx.session
    stations = read_stations(session)
    minutes = numbers_under(session, "gauge.stale_", tx.at).get("minutes", 30.0)
    numbers = numbers_under(session, "reading.", tx.at)
    limits = Limits().changed(numbers)
    known = Known(
        numbers.get("least_coverage", Known.least_coverage), int(numbers.get("few_missing_s", Known.few_missing_s)),
        int(numbers.get("most_missing_s", Known.most_missing_s)), GRACE_S, round(minutes * 60),
    )  # fmt: skip
    gauges = sorted((s for s in stations.values() if s.element == "rain"), key=lambda s: s.code)
    rain = {station.code: i for i, station in enumerate(gauges)}
    windows = Windows([station.interval_s for station in gauges], known)
    xy = np.array([(s.lon * np.cos(np.radians(s.lat)), s.lat) for s in gauges]).reshape(-1, 2)
    near = min(NEIGHBOURS + 1, len(gauges))
    around = cKDTree(xy).query(xy, k=range(1, near + 1))[1][:, 1:] if gauges else np.empty((0, 0))
    made = Memory(version, stations, rain, limits, known, windows, around.astype(np.int64), {}, {}, {})
    made.rainday_hour = int(numbers_under(session, "rainday.", tx.at).get("start_hour", 8))

    most = int(max(band.stuck_n for band in limits.bands.values())) + 2
    rules = {rule.name: rule for rule in RULES}
    for r in newest(tx, stations.values(), most):
        past = made.pasts.setdefault(r.station, Past())
        past.note(Reading(stations[r.station].element, r.at.timestamp(), r.value, r.span_s), rules.get(r.rule))
        made.last[r.station] = Last(r.at, r.value, r.quality, r.rule)
    fallen = rows(
        session,
        f"""select station, cast(floor(extract(epoch from at)) as bigint), span_s, value from {schema}.reading
        where element = 'rain' and station = any(:codes)
          and at > :since and (quality = 'good' or :suspect)""",
        codes=list(rain), since=since or tx.at - timedelta(days=DAYS), suspect=bool(limits.use_suspect),
    )  # fmt: skip
    if fallen:
        code, end_s, span_s, mm = zip(*fallen, strict=True)
        index = np.array([rain[c] for c in code])
        windows.put(index, np.array(end_s, np.int64), np.array(span_s, np.int64), np.array(mm, float))
    compare(made, tx.at)
    for row in session.scalars(select(StationState)):
        made.states[row.station] = row.state, row.since
    return made


def compare(memory: Memory, at: datetime) -> None:
    """Compare each rain gauge's day with its neighbours'."""
    if memory.neighbours.shape[1:] >= (NEIGHBOURS,):
        day = memory.windows.totals(at.timestamp(), (24,))
        ratios = unit_ratios(day.mm[:, 0], day.known[:, 0], memory.neighbours, memory.limits.unit_mm)
        for code, ratio in zip(memory.rain, ratios.tolist(), strict=True):
            memory.pasts.setdefault(code, Past()).unit_ratio = ratio


def _key(world: World) -> tuple[URL, str]:
    return world.engine.url, world.schema


def peek(world: World) -> Memory | None:
    """What is remembered of a world, if anything has asked for it yet."""
    return _kept.get(_key(world))


def fresh(tx: Writing) -> Memory:
    """What is remembered, made anew if need be, by whoever is first in the readings' queue."""
    key, version = _key(tx.world), _version(tx.session, tx.world)
    with _opening:
        kept = _kept.get(key)
    if kept is None or kept.version != version:
        kept = _build(tx, version)
    with _opening:
        _kept[key] = kept
        _kept.move_to_end(key)
        while len(_kept) > KEPT_WORLDS:
            _kept.popitem(last=False)
    return kept


def read_anew(tx: Moment, since: datetime) -> Memory:
    """The same with rain from a moment on, not kept: for a process that no readings come to."""
    return _build(tx, (), since)


def memory(tx: Moment) -> Memory:
    """What is remembered of a world, in step with its registers. Lock it for reading more than one thing."""
    kept = peek(tx.world)
    if kept is not None and kept.version == _version(tx.session, tx.world):
        return kept
    with writing(tx.world, SYSTEM, QUEUE) as queued:
        return fresh(queued)


def forget(world: World) -> None:
    """Forget a world; what is stored is read again at the next question."""
    with _opening:
        _kept.pop(_key(world), None)
