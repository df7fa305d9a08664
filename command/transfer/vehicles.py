"""Vehicles for those who have no permitted way on foot, or cannot walk: which there are, how they drive, how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from sqlalchemy import select

from command import roads
from gis_data.db import Reading
from gis_data.parameters import numbers_under
from gis_data.tables import TABLES
from layers.engine.hierarchy import FAR
from layers.network import Floats, Ints, Network
from layers.positions import Position, snap_all
from layers.profiles import AMBULANCE, BUS, CAR, PICKUP, Profile
from layers.routing import matrix_ms

CARRIERS = (BUS, CAR, PICKUP, AMBULANCE)
"""Kinds that take people along; the register of vehicles names them by their words."""


@dataclass(frozen=True)
class Carrier:
    """A kind of vehicle: how it travels, how many there are, how many persons one takes besides its driver."""

    profile: Profile
    count: int
    seats: int


@dataclass(frozen=True, eq=False)
class Ride:
    """By what a group is driven, from where along the roads, and to which door of each shelter (None: none)."""

    carrier: Carrier
    start: Position
    doors: Sequence[Position | None]
    network: Network


def fleet(tx: Reading) -> tuple[Carrier, ...]:
    """Vehicles of the register that are fit, by kind, those with most seats first.

    Seats are `transfer.seats[<kind>]`, or the fewest persons of a vehicle of the kind less its driver.
    """
    c = TABLES["vehicle"].c
    known, said = roads.profiles(tx), numbers_under(tx.session, "transfer.seats[", tx.at)
    words = {kind.zh: kind.id for kind in CARRIERS}
    crews: dict[str, list[int]] = {}
    fit = select(c.kind, c.crew).where(c.valid_to.is_(None), c.state.in_(("ready", "in_use")), c.kind.in_(words))
    for row in tx.session.execute(fit):
        crews.setdefault(words[row.kind], []).append(row.crew or 0)
    found = [Carrier(known[kind], len(some), int(said.get(f"{kind}]", min(some) - 1))) for kind, some in crews.items()]
    return tuple(sorted((one for one in found if one.seats > 0), key=lambda one: (-one.seats, one.profile.id)))


def rides(
    tx: Reading,
    some: Sequence[Carrier],
    spots: Mapping[int, tuple[float, float]],
    doors: Floats,
    limits_m: tuple[float, float],
) -> tuple[dict[int, Ride], dict[int, Ints]]:
    """For each group by its number: the first kind that gets to any shelter, and its milliseconds to each.

    `spots` are places (EPSG:4490), `doors` those of the shelters, `limits_m` how far from a road each may lie.
    Roads are as the closures leave them; unlike walkers, drivers may cross streams.
    """
    network = roads.network(tx.session)
    found: dict[int, Ride] = {}
    times: dict[int, Ints] = {}
    for one in some:
        todo = [k for k in spots if k not in found]
        if not todo:
            break
        starts = snap_all(network, np.array([spots[k] for k in todo]), one.profile, limit_m=limits_m[0])
        ends = snap_all(network, doors, one.profile, limit_m=limits_m[1])
        at = [n for n, end in enumerate(ends) if end]
        mine = [(k, start) for k, start in zip(todo, starts, strict=True) if start]
        if not at or not mine:
            continue
        ms = matrix_ms(network, [start for _, start in mine], [end for end in ends if end], one.profile)
        for (k, start), row in zip(mine, ms, strict=True):
            if (row < FAR).any():
                times[k] = np.full(len(ends), FAR, np.int64)
                times[k][at] = row
                found[k] = Ride(one, start, ends, network)
    return found, times


def trips(tx: Reading, moved: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Of (shelter, profile, persons) those by vehicle, summed by shelter and kind, with the trips that they take."""
    by = {one.profile.id: one for one in fleet(tx)}
    known = {one.id: one for one in CARRIERS}
    sums: dict[tuple[str, str], list[int]] = {}
    for shelter, kind, persons in moved:
        if kind in known:
            sums.setdefault((shelter, kind), []).append(persons)
    return [
        {
            "shelter_code": shelter, "kind": kind, "zh": known[kind].zh, "en": known[kind].en, "households": len(some),
            "persons": sum(some), "seats": one.seats if one else None, "vehicles": one.count if one else 0,
            "trips": ceil(sum(some) / one.seats) if one else None,
        }
        for (shelter, kind), some in sorted(sums.items()) for one in (by.get(kind),)
    ]  # fmt: skip
