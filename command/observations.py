"""Readings: judged, stored, kept in rolling windows; silence is noticed, and each change of state is journalled.

Readings have a queue of their own beside the commands', so that many of them hold nobody up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert

from command.board import record
from command.station_events import (
    AlarmsEnded,
    AlarmsRaised,
    StationsChanged,
    StationsHeard,
    StationsSilent,
    StationsWithdrawn,
)
from command.station_memory import QUEUE, WITHDRAWN, Last, Memory, compare, forget, fresh, memory, rows
from command.stations import Problem, Raw, Source, Station, Unread, read_row
from command.tables import StationState
from gis_data.db import Writing, reading, writing
from gis_data.world import SYSTEM, World
from layers.quality import ALARMS, Past, Reading, judge

TOLD = 100
"""How many problems of a batch are said in words; all are kept."""


@dataclass(frozen=True)
class Taken:
    """What became of a batch; `stations` have something new."""

    stored: int
    duplicate: int
    suspect: int
    rejected: int
    problems: tuple[Problem, ...]
    stations: frozenset[str]


@dataclass(frozen=True)
class _Judged:
    row: int
    station: Station
    at: datetime
    reading: Reading
    rule: str | None


def take(world: World, raws: Sequence[Raw], source: Source) -> Taken:
    """Judge and store a batch in one transaction; what is stored enters the windows, and states are settled.

    A row: `station`, `at`, `value`, and if need be `element`, `unit`, `span_s`. Twice is once: the first of the same
    station and time stays, and another value for it is refused. Rows that are refused are kept with the reason.
    """
    problems: list[tuple[Problem, Raw]] = []
    doubts: list[Problem] = []
    try:
        with writing(world, SYSTEM, QUEUE) as tx:
            kept = fresh(tx)
            with kept.lock:
                judged, duplicate = _judge(kept, raws, source, tx.at.timestamp(), problems, doubts)
            new = _store(tx, judged, source)
            again = [one for n, one in enumerate(judged) if n not in new]
            duplicate += _compared(tx, again, raws, problems)
            _keep_rejected(tx, problems, source)
            stored = [judged[n] for n in sorted(new)]
            at = tx.at
    except BaseException:
        forget(world)  # what was judged is not stored
        raise
    with kept.lock:
        _remember(kept, stored, at)
        overdue = kept.due(at)
    if overdue:
        settle(world)
    suspect = sum(one.rule is not None for one in stored)
    there = {one.row for one in stored}
    said = sorted([p for p, _ in problems] + [d for d in doubts if d.row in there], key=lambda p: p.row)[:TOLD]
    return Taken(
        len(stored), duplicate, suspect, len(problems), tuple(said), frozenset(one.station.code for one in stored)
    )


def _judge(
    kept: Memory, raws: Sequence[Raw], source: Source, now_s: float,
    problems: list[tuple[Problem, Raw]], doubts: list[Problem],
) -> tuple[list[_Judged], int]:  # fmt: skip
    """The rows to store, in order of time, and how many were there twice."""
    found: dict[tuple[str, datetime], tuple[int, Station, datetime, Reading]] = {}
    twice = 0
    for n, raw in enumerate(raws, 1):
        try:
            station, at, reading = read_row(raw, kept.stations, source)
        except Unread as wrong:
            problems.append((Problem(n, wrong.field, wrong.rule, wrong.zh, wrong.en), raw))
            continue
        first = found.setdefault((station.code, at), (n, station, at, reading))
        if first[0] == n:
            continue
        if first[3].value == reading.value:
            twice += 1
        else:
            problems.append((_other_value(n), raw))
    judged = []
    for n, station, at, reading in sorted(found.values(), key=lambda one: one[2]):
        past = kept.pasts.setdefault(station.code, Past())
        rule = judge(reading, past, kept.limits, now_s)
        if rule:
            problem = Problem(n, rule.field, rule.name, rule.zh, rule.en)
            if rule.verdict == "rejected":
                problems.append((problem, raws[n - 1]))
                continue
            doubts.append(problem)
        past.note(reading, rule)
        judged.append(_Judged(n, station, at, reading, rule.name if rule else None))
    return judged, twice


def _other_value(row: int) -> Problem:
    return Problem(row, "value", "duplicate", "同一时刻已有另一读数", "there is another value of the same time")


_INCOMING = """unnest(cast(:station as text[]), cast(:element as text[]), cast(:at as timestamptz[]),
 cast(:value as float8[]), cast(:span as int[]), cast(:rule as text[]))
 with ordinality as i(station, element, at, value, span_s, rule, n)"""


def _columns(judged: Sequence[_Judged]) -> dict[str, list[Any]]:
    return {
        "station": [one.station.code for one in judged],
        "element": [one.reading.element for one in judged],
        "at": [one.at for one in judged],
        "value": [one.reading.value for one in judged],
        "span": [int(one.reading.span_s) for one in judged],
        "rule": [one.rule for one in judged],
    }


def _store(tx: Writing, judged: Sequence[_Judged], source: Source) -> set[int]:
    """Insert; returns which ones (from 0) were not there yet."""
    if not judged:
        return set()
    query = f"""
    with new as (
      insert into "{tx.world.schema}".reading
        (station, element, at, value, span_s, quality, rule, source, received_at)
      select station, element, at, value, span_s, case when rule is null then 'good' else 'suspect' end, rule,
        :source, :received from {_INCOMING}
      on conflict do nothing returning station, element, at)
    select n - 1 from {_INCOMING} join new using (station, element, at)"""
    return {row[0] for row in rows(tx.session, query, **_columns(judged), source=source.id, received=tx.real_at)}


def _compared(
    tx: Writing, again: Sequence[_Judged], raws: Sequence[Raw], problems: list[tuple[Problem, Raw]]
) -> int:  # fmt: skip
    """How many of those that were there already say the same; the others are refused."""
    if not again:
        return 0
    query = f"""select n - 1 from {_INCOMING} join "{tx.world.schema}".reading r using (station, element, at)
    where r.value <> i.value"""
    other = [again[row[0]].row for row in rows(tx.session, query, **_columns(again))]
    problems.extend((_other_value(n), raws[n - 1]) for n in other)
    return len(again) - len(other)


def _keep_rejected(tx: Writing, problems: Sequence[tuple[Problem, Raw]], source: Source) -> None:
    if not problems:
        return
    raws = [json.dumps({str(k)[:40]: str(v)[:200] for k, v in list(raw.items())[:12]}) for _, raw in problems]
    said = [[getattr(problem, name) for problem, _ in problems] for name in ("rule", "field", "zh", "en")]
    clean = [[value.encode("utf-8", "replace").decode().replace("\0", "\ufffd") for value in some] for some in said]
    tx.session.execute(
        text(
            f"""insert into "{tx.world.schema}".reading_rejected (raw, rule, field, zh, en, source, received_at)
            select cast(raw as json), rule, field, zh, en, :source, :received from unnest(cast(:raw as text[]),
              cast(:rule as text[]), cast(:field as text[]), cast(:zh as text[]), cast(:en as text[]))
              as i(raw, rule, field, zh, en)"""
        ),
        {"raw": raws, "source": source.id, "received": tx.real_at}
        | dict(zip(("rule", "field", "zh", "en"), clean, strict=True)),
    )


def _remember(kept: Memory, stored: Sequence[_Judged], at: datetime) -> None:
    for one in stored:
        last = kept.last.get(one.station.code)
        if last is None or last.at < one.at:
            quality = "suspect" if one.rule else "good"
            kept.last[one.station.code] = Last(one.at, one.reading.value, quality, one.rule)
    rain = [one for one in stored if one.reading.element == "rain" and (not one.rule or kept.limits.use_suspect)]
    if rain:
        kept.windows.put(
            np.array([kept.rain[one.station.code] for one in rain]),
            np.array([int(one.reading.at_s) for one in rain]),
            np.array([int(one.reading.span_s) for one in rain]),
            np.array([one.reading.value for one in rain]),
        )
        compare(kept, at)
    kept.touch(one.station.code for one in stored)


_WORDS: dict[str, tuple[type[StationsChanged], str, str]] = {
    "silent": (StationsSilent, "监测站失联", "Gauges silent"),
    "fresh": (StationsHeard, "监测站有读数", "Gauges heard of"),
    "alarm": (AlarmsRaised, "感知设备报警", "Sensors in alarm"),
    "ended": (AlarmsEnded, "感知设备报警结束", "Alarms ended"),
    WITHDRAWN: (StationsWithdrawn, "监测站已撤出台账", "Stations withdrawn from the register"),
}


def settle(world: World) -> dict[str, str]:
    """Notice on the world's clock who has gone silent, is heard of again, or is in alarm; each change is journalled.

    Returns the stations that changed, with their states. Call it every some seconds; `take` calls it by itself.
    """
    with reading(world) as tx:
        kept = memory(tx)
        with kept.lock:
            if not kept.due(tx.at):
                return {}
    with writing(world, SYSTEM) as now:
        kept = memory(now)
        with kept.lock:
            due = kept.due(now.at)
            lasts = {code: kept.last[code] for code in due if code in kept.last}
        groups: dict[str, list[str]] = {}
        for code, state in sorted(due.items()):
            station = kept.stations.get(code)
            ended = state == "fresh" and station is not None and station.element in ALARMS
            groups.setdefault("ended" if ended else state, []).append(code)
            _put_state(now, code, station, state, lasts.get(code))
        for group, codes in groups.items():
            kind, zh, en = _WORDS[group]
            names = [f"{kept.stations[code].name} {code}" if code in kept.stations else code for code in codes[:3]]
            more = len(codes) - len(names)
            zh = f"{zh}：{'、'.join(names)}{f' 等 {len(codes)} 处' if more else ''}"
            en = f"{en}: {', '.join(names)}{f' and {more} more' if more else ''}"
            if group == "silent":
                minutes = round(kept.known.stale_s / 60)
                zh, en = f"{zh}（限 {minutes} 分钟）", f"{en} (limit {minutes} min)"
            record(now, kind(zh, en, codes))
        at = now.at
    with kept.lock:
        kept.states.update({code: (state, at) for code, state in due.items()})
        kept.touch(due)
    return due


def _put_state(tx: Writing, code: str, station: Station | None, state: str, last: Last | None) -> None:
    values: dict[str, Any] = {"state": state, "since": tx.at, "found": None, "recorded_at": tx.real_at}
    if station is None or last is None:  # out of the register: what it was stays
        tx.session.execute(update(StationState).where(StationState.station == code).values(**values))
        return
    values |= {
        "element": station.element, "name": station.name, "lon": station.lon, "lat": station.lat,
        "last_at": last.at, "last_value": last.value, "quality": last.quality,
    }  # fmt: skip
    put = insert(StationState).values(station=code, **values)
    tx.session.execute(put.on_conflict_do_update(index_elements=["station"], set_=values))
