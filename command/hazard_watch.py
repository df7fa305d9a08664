"""What this process knows of a world's risk zones and key villages, to tell their states from its gauges' windows.

It is made from the registers and from the states that the journal last said, and made anew when either has changed
behind its back. Which gauges speak for an object: those its register lists, otherwise the nearest.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import URL, func, select
from sqlalchemy.orm import Session

from command.hazard_objects import Object, apart, rows_of, thresholds_of
from command.hazard_tables import HazardState
from command.station_memory import KEPT_WORLDS, Memory
from gis_data.db import Reading as Moment
from gis_data.parameters import numbers_under
from gis_data.tables import AdminUnit
from layers.slope import listed, near
from layers.thresholds import STATES, Flags, Floats, Levels, Rules, States, Thresholds, begin
from layers.zone_status import COLOURS, SOURCES, Scale

LEVEL = {key: number for number, (key, *_) in STATES.items()}
COLOUR = {key: number for number, (key, *_) in COLOURS.items()}
PATROL = ("none", "yellow", "orange", "red")
"""Nothing found, to monitor, to prepare, to evacuate."""
Patrol = tuple[str | None, str | None]
"""The colour that a patrol's report stands for, and what it found."""
NO_REPORT: Patrol = (None, None)
OFFICIAL = {"geohazard_zone": ("geohazard",), "key_village": ("mountain_flood",)}
"""Which kinds of official warning colour which objects. DEMO: the bureau's plans say."""


@dataclass(frozen=True)
class Practice:
    """How states are told; DEMO values, parameters `hazard.*` replace them.

    Objects without gauges of their own take the nearest `gauges`, weighted by distance to the `power`, none beyond
    `reach_m`. A sum that has risen by `told_mm` is said again.
    """

    gauges: float = 1
    power: float = 2.0
    reach_m: float = 15_000.0
    release: float = Rules.release
    hold_s: float = Rules.hold_s
    told_mm: float = 5.0


@dataclass
class Told:
    """What the journal last said of each object, in arrays; `there` where it has said anything."""

    there: Flags
    alarm: Levels
    unknown: Flags
    silent: Flags
    colour: Levels
    decided: Flags
    official: Levels
    patrol: list[Patrol]
    sum_mm: Floats
    changed: Flags
    """What the register says of the object is something else than what was said."""
    gone: list[str]
    """Said of objects that are no longer in the registers."""


@dataclass
class Watch:
    """Objects with thresholds and weights; states as of the last look. Under `lock`."""

    kept: Memory
    objects: tuple[Object, ...]
    thresholds: Thresholds
    faulty: Flags
    """(o, m) windows whose threshold cannot be read: never known."""
    hours: tuple[int, ...]
    weights: Floats
    """(o, gauges + 1): the last gauge is the one that a register lists and nobody has."""
    practice: Practice
    scale: Scale = field(default_factory=Scale)
    stamp: tuple[Any, ...] | None = None
    """Of which state of the table `states` and `told` are."""
    states: States = field(init=False)
    """Read with the stamp, as `told` is."""
    told: Told = field(init=False)
    lock: Lock = field(default_factory=Lock)

    @property
    def rules(self) -> Rules:
        """When an alarm is taken back."""
        return Rules(self.practice.release, self.practice.hold_s)


_opening = Lock()
_kept: OrderedDict[tuple[URL, str], Watch] = OrderedDict()


def watch_of(tx: Moment, kept: Memory) -> Watch:
    """The watch over a world's objects, in step with its registers as `kept` is."""
    key = tx.world.engine.url, tx.world.schema
    with _opening:
        found = _kept.get(key)
    if found is None or found.kept is not kept:
        found = _build(tx, kept)
        with _opening:
            _kept[key] = found
            _kept.move_to_end(key)
            while len(_kept) > KEPT_WORLDS:
                _kept.popitem(last=False)
    return found


def stamp(session: Session) -> tuple[Any, ...]:
    """Changes with every write to the states."""
    return tuple(session.execute(select(func.max(HazardState.recorded_at), func.count())).one())


def read_back(session: Session, watch: Watch, at: datetime) -> None:
    """Take states and what was said from the table."""
    place = {one.id: n for n, one in enumerate(watch.objects)}
    n, blank = len(watch.objects), begin(watch.thresholds, at.timestamp())
    told = Told(
        np.zeros(n, bool), np.zeros(n, np.int8), np.ones(watch.thresholds.prepare_mm.shape, bool), np.zeros(n, bool),
        np.zeros(n, np.int8),
        np.zeros((n, len(SOURCES)), bool), np.zeros(n, np.int8), [NO_REPORT] * n, np.full(n, np.nan),
        np.zeros(n, bool), [],
    )  # fmt: skip
    since, measure = blank.since_s.copy(), blank.measure.copy()
    total, limit, seen = (np.full(n, np.nan) for _ in range(3))
    sources = [key for key, *_ in SOURCES]
    for row in session.execute(select(HazardState.__table__)):
        at_n = place.get(row.id)
        if at_n is None:
            if not row.withdrawn:
                told.gone.append(row.id)
            continue
        one, evidence = watch.objects[at_n], row.evidence
        told.there[at_n], told.alarm[at_n], told.colour[at_n] = not row.withdrawn, LEVEL[row.alarm], COLOUR[row.colour]
        told.unknown[at_n] = [hours in evidence["unknown"] for hours in watch.hours]
        told.silent[at_n] = bool(evidence["silent"])
        told.decided[at_n] = [key in row.decided for key in sources]
        told.official[at_n], told.patrol[at_n] = COLOUR[row.official], (row.patrol, row.patrol_finding)
        facts = {name: getattr(row, name) for name in FACTS}
        told.changed[at_n] = facts != {name: getattr(one, name) for name in FACTS}
        since[at_n] = row.since.timestamp()
        if evidence["window_h"] in watch.hours:
            measure[at_n] = watch.hours.index(evidence["window_h"])
            total[at_n] = told.sum_mm[at_n] = evidence["sum_mm"]
            limit[at_n], seen[at_n] = evidence["threshold_mm"], datetime.fromisoformat(evidence["at"]).timestamp()
    watch.states = States(
        at.timestamp(), since, told.alarm.copy(), blank.reason, blank.unknown, blank.unknown_measures, measure, total,
        limit, seen,
    )  # fmt: skip
    watch.told = told


FACTS = ("name", "kind", "lon", "lat", "town", "town_name", "households", "persons")
"""What a state holds of its object."""


def _build(tx: Moment, kept: Memory) -> Watch:
    practice = Practice()
    numbers = numbers_under(tx.session, "hazard.", tx.at)
    known = {name: value for name, value in numbers.items() if name in Practice.__dataclass_fields__}
    practice = Practice(**{**practice.__dict__, **known})
    rows = rows_of(tx.session)
    codes = list(kept.rain)
    own = [[code for code in re.split(r"[\s,，;；、]+", row.gauges or "") if code] for row in rows]
    place = {code: n for n, code in enumerate(codes)}
    weights = listed([[place.get(code, len(codes)) for code in some] for some in own], len(codes) + 1)
    bare = [n for n, some in enumerate(own) if not some]
    if bare and codes:
        weights[bare, :-1] = near(
            apart(tx.session, kept, [rows[n] for n in bare]), int(practice.gauges), power=practice.power,
            reach_m=practice.reach_m,
        )  # fmt: skip
        weights[bare, -1] = np.where(np.isnan(weights[bare, 0]), np.nan, 0.0)
    towns = {u.code: u.name for u in tx.session.execute(select(AdminUnit.code, AdminUnit.name))}
    objects = tuple(
        Object(
            row.register, row.code, row.name, row.kind, row.lon, row.lat, (row.admin_code or "")[:9],
            towns.get((row.admin_code or "")[:9], ""), row.households, row.persons,
            tuple(some) or tuple(codes[k] for k in np.flatnonzero(np.nan_to_num(weights[n, :-1]) > 0)),
        )
        for n, (row, some) in enumerate(zip(rows, own, strict=True))
    )  # fmt: skip
    thresholds, faulty, hours = thresholds_of(tx.session, [one.id for one in objects])
    return Watch(kept, objects, thresholds, faulty, hours, weights, practice)
