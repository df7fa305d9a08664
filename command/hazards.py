"""States of risk zones and key villages: rain against thresholds, official warnings, patrols. Internal prompts all.

Whatever is not known is never safe: a silent gauge makes what hangs on it `unknown`, and an alarm that stands stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import Event
from command.hazard_events import HazardStatesChanged, PatrolReported
from command.hazard_look import Look
from command.hazard_objects import LONGEST_H, Object
from command.hazard_tables import HazardState, PatrolReport, WarningRow
from command.hazard_watch import (
    COLOUR,
    NO_REPORT,
    OFFICIAL,
    PATROL,
    Patrol,
    Watch,
    read_back,
    stamp,
    watch_of,
)
from command.hazard_words import told
from command.station_memory import memory
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import Denied, Invalid, NotFound
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World
from layers.slope import weigh
from layers.thresholds import IMMEDIATE, PREPARE, SAFE, step
from layers.zone_status import COLOURS, NONE, status


def look(tx: Reading) -> Look:
    """How all objects stand now; what is remembered goes on from there unless something is to be said first."""
    kept = memory(tx)
    watch = watch_of(tx, kept)
    official, reports = _official(tx.session), _reports(tx.session)
    with watch.lock:
        now = stamp(tx.session)
        if watch.stamp != now:
            read_back(tx.session, watch, tx.at)
            watch.stamp = now
        found = _weighed(watch, tx.at, official, reports)
        if not found.changed.any():
            watch.states = found.states
    return found


def _weighed(watch: Watch, at: datetime, official: dict[tuple[str, str], int], reports: dict[str, Patrol]) -> Look:
    kept, at_s = watch.kept, max(at.timestamp(), watch.states.at_s)
    hours = tuple(h for h in watch.hours if h <= LONGEST_H)
    gauges, m = len(kept.rain), len(watch.hours)
    mm, known = np.zeros((gauges + 1, m)), np.zeros((gauges + 1, m), bool)
    heard = np.zeros(gauges + 1, bool)
    with kept.lock:
        totals = kept.windows.totals(at.timestamp(), hours)
        heard[:-1] = [code in kept.last for code in kept.rain]
    mm[:-1, : len(hours)], known[:-1, : len(hours)] = totals.mm, totals.known
    mm_here, known_here = weigh(watch.weights, mm, known)
    known_here &= ~watch.faulty
    states = step(watch.states, at_s, mm_here, watch.thresholds, watch.rules, known_here)
    colours = [[official.get((one.town, kind), NONE) for kind in OFFICIAL[one.register]] for one in watch.objects]
    levels = np.array([max(some) for some in colours], np.int8)
    patrol = [reports.get(one.id, NO_REPORT) for one in watch.objects]
    found = np.array([PATROL.index(colour) if colour else -1 for colour, _ in patrol], np.int64)
    result = status(levels, states, found, watch.scale)
    share = np.nan_to_num(watch.weights)
    ever, silent = share @ heard > 0, share @ np.append(totals.silent, True) > 0
    before = watch.told
    with np.errstate(invalid="ignore"):
        risen = (states.alarm != SAFE) & (states.sum_mm - before.sum_mm >= watch.practice.told_mm)
    other = (
        ~before.there | before.changed | risen | (states.alarm != before.alarm) | (levels != before.official)
        | (states.unknown_measures != before.unknown).any(axis=1) | (result.colour != before.colour)
        | (silent != before.silent)
        | (result.decided != before.decided).any(axis=1)
        | np.array([a != b for a, b in zip(patrol, before.patrol, strict=True)], bool)
    )  # fmt: skip
    speaks = ever | (result.colour > NONE)
    changed = other & (before.there | speaks)
    speaking = dict(zip(kept.rain, (~totals.silent).tolist(), strict=True))
    return Look(
        watch, at, before, mm_here, known_here, ever, silent, states, levels, patrol, result, speaks, changed, speaking
    )


def evaluate(world: World) -> list[str]:
    """Tell the states anew from what gauges, warnings and patrols say; what changed is stored and journalled at once.

    Returns the ids of the objects that changed. Call it after each batch of readings and every some seconds.
    """
    with reading(world) as tx:
        found = look(tx)
        if not found.changed.any() and not found.before.gone:
            return []
    with writing(world, SYSTEM) as now:
        events = brought_up(now)
        if events:
            record(now, *events)
        return [id_ for event in events for id_ in event.ids]


def brought_up(tx: Writing) -> list[HazardStatesChanged]:
    """Store, inside somebody's transaction, how the objects stand; the event that says what changed, or none."""
    found = look(tx)
    changed, gone = np.flatnonzero(found.changed).tolist(), found.before.gone
    if not changed and not gone:
        return []
    table: Any = HazardState.__table__
    if changed:
        put = insert(table)
        new = {column.name: put.excluded[column.name] for column in table.columns if column.name != "id"}
        stamps = {"updated_at": tx.at, "recorded_at": tx.real_at}
        rows = [found.shown(n) | stamps | {"withdrawn": not found.speaks[n]} for n in changed]
        tx.session.execute(put.on_conflict_do_update(index_elements=["id"], set_=new), rows)
    if gone:
        values = {"withdrawn": True, "updated_at": tx.at, "recorded_at": tx.real_at}
        tx.session.execute(update(table).where(table.c.id.in_(gone)).values(**values))
    found.watch.stamp = None
    ids = [found.watch.objects[n].id for n in changed]
    turned = {
        level: [found.watch.objects[n].id for n in changed if found.states.alarm[n] == level != found.before.alarm[n]]
        for level in (IMMEDIATE, PREPARE)
    }
    dark = [found.watch.objects[n].id for n in changed if found.newly_dark(n)]
    zh, en = told(found, changed, gone)
    return [HazardStatesChanged(zh, en, ids + gone, turned[IMMEDIATE], turned[PREPARE], dark)]


def report_patrol(tx: Writing, register: str, code: str, finding: str, colour: str) -> PatrolReport:
    """Keep what a patrol found: `none` (nothing), `yellow` (to monitor), `orange` (prepare) or `red` (evacuate).

    The newest report counts; the object's colour follows in the same commit. Raises Denied outside one's own towns.
    """
    require(tx.actor, "patrol.report")
    one = find(tx, register, code)[1]
    if tx.actor.towns and one.town not in tx.actor.towns:
        raise Denied("超出您的镇街范围。", "This lies outside your towns.", field="code")
    if colour not in PATROL:
        raise Invalid(f"巡查结论须为 {'、'.join(PATROL)} 之一。", f"One of {', '.join(PATROL)}.", field="colour")
    if not finding.strip():
        raise Invalid("请填写巡查情况。", "Say what was found.", field="finding")
    p = PatrolReport
    tx.session.execute(update(p).where(p.hazard == one.id, p.cleared_at.is_(None)).values(cleared_at=tx.at))
    row = PatrolReport(
        id=new_id(), hazard=one.id, finding=finding.strip(), colour=colour, by=tx.actor.post, at=tx.at, cleared_at=None,
        recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    word = COLOURS[COLOUR[colour]]
    zh = f"巡查报告：{one.code} {one.name}，{row.finding}（{'无异常' if colour == 'none' else word[1]}）"
    en = f"Patrol: {one.code} {one.name}, {row.finding} ({'nothing' if colour == 'none' else word[2].lower()})"
    events: list[Event] = [PatrolReported(zh, en, one.id, row.finding, colour), *brought_up(tx)]
    record(tx, *events)
    return row


def find(tx: Reading, register: str, code: str) -> tuple[int, Object, Look]:
    """An object with its number in a look. Raises NotFound."""
    found = look(tx)
    for n, one in enumerate(found.watch.objects):
        if (one.register, one.code) == (register, code):
            return n, one, found
    raise NotFound(f"没有防范区或重点村落“{code}”。", f"There is no such zone or village: “{code}”.", field="code")


def _official(session: Session) -> dict[tuple[str, str], int]:
    """The highest official warning in force of each town and kind, as a colour."""
    w = WarningRow
    wanted = {kind for kinds in OFFICIAL.values() for kind in kinds}
    query = select(w.kind, w.colour, w.towns).where(w.state == "in_force", w.official, w.kind.in_(wanted))
    found: dict[tuple[str, str], int] = {}
    for row in session.execute(query):
        for town in row.towns:
            key = town["code"], row.kind
            found[key] = max(found.get(key, NONE), COLOUR[row.colour])
    return found


def _reports(session: Session) -> dict[str, Patrol]:
    p = PatrolReport
    rows = session.execute(select(p.hazard, p.colour, p.finding).where(p.cleared_at.is_(None)))
    return {row.hazard: (row.colour, row.finding) for row in rows}
