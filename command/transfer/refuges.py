"""Where people can be brought: the shelters that count, their room, and the ways there on foot or by vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select, text

from command import roads
from command.planning import ENTRANCE_M, Asked, judged
from command.transfer.tables import ShelterState
from command.transfer.vehicles import Carrier, rides
from gis_data.db import Reading
from gis_data.parameters import numbers_under
from gis_data.tables import TABLES
from layers.engine.hierarchy import FAR
from layers.lodging import lodge
from layers.network import Network
from layers.positions import Position, snap_all
from layers.profiles import DANGERS, TRANSFER, TRANSFER_VULNERABLE, WALK, Profile
from layers.routing import Route, matrix_ms, route

START_M = 500.0
"""How far from a road on which people may be led a house may lie."""
WALK_MINUTES = 90.0
"""DEMO: how long anybody is led on foot; further is no way. Parameter `transfer.walk_minutes`."""
_WHY = {"crosses_stream": ("跨越溪流", "crosses a stream"), "in_gully": ("沿沟谷", "along a gully")}


@dataclass(frozen=True)
class Refuge:
    """A shelter: `capacity` None is not known; `free` is what is neither taken nor held (below zero: too many).

    `reasons` say why nobody is sent there: keys of `layers.evacuation.REASONS`, or `closed`, `full`.
    """

    code: str
    name: str
    town: str
    address: str
    lon: float
    lat: float
    capacity: int | None
    free: int
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Who goes together: how many, how many of them slowly, and from where (EPSG:4490; None: not known).

    `seated`: somebody of them cannot walk, so they are driven wherever a vehicle gets through.
    """

    persons: int
    vulnerable: int
    lon: float | None
    lat: float | None
    seated: bool = False


@dataclass(frozen=True)
class Way:
    """Where a group goes and how. `problem` is `no_way`, `no_room` or nothing.

    `profile` says whether on foot or by which kind of vehicle. `avoided` are prohibited roads of the way that people
    would take by themselves, with name and why; of a driven way those that it passes, to be looked at first.
    """

    refuge: Refuge | None
    problem: str
    profile: str
    route: Route | None = None
    offset_m: float | None = None
    avoided: tuple[dict[str, Any], ...] = ()


def refuges(tx: Reading, hazard: str, *, overnight: bool = True) -> list[Refuge]:
    """All shelters for a hazard, with the room that they have now, and why some are not used."""
    found = judged(tx, Asked(hazard=hazard, overnight=overnight))
    slides = found if hazard == "geohazard" else judged(tx, Asked(hazard="geohazard", overnight=overnight))
    c = TABLES["shelter"].c
    more = {row.code: row for row in tx.session.execute(select(c.code, c.admin_code, c.address, c.geom.is_not(None)))}
    used = {row.code: row for row in tx.session.scalars(select(ShelterState))}
    made = []
    for row, slide in zip(found.itertuples(), slides["reasons"], strict=True):
        now = used.get(row.code)
        reasons = list(row.reasons)
        if "danger_zone" in slide and "danger_zone" not in reasons:
            reasons.append("danger_zone")
        capacity = None if "no_capacity" in reasons else int(row.capacity)
        free = (capacity or 0) - (now.occupancy + now.assigned if now else 0)
        state = now.state if now else "standby"
        if state in ("closed", "out_of_use"):
            reasons.append(state)
        elif now and now.fill == "full":
            reasons.append("full")
        about = more[row.code]
        made.append(
            Refuge(
                row.code, row.name, (about.admin_code or "")[:9], about.address or "", row.geom.x, row.geom.y,
                capacity, free, state, tuple(dict.fromkeys(reasons)),
            )
        )  # fmt: skip
    return made


def ways(
    tx: Reading,
    groups: Sequence[Group],
    some: Sequence[Refuge],
    minutes: float | None = None,
    vehicles: Sequence[Carrier] = (),
) -> tuple[list[Way], Network]:
    """A shelter with room and the way there for each group, none of them split, by the roads as they are now.

    `minutes` is how long they may walk at their own pace; None takes the parameter. `vehicles` take those who have no
    permitted way on foot, or cannot walk.
    """
    if minutes is None:
        minutes = numbers_under(tx.session, "transfer.", tx.at).get("walk_minutes", WALK_MINUTES)
    network = roads.network_for(tx.session, TRANSFER)
    known = roads.profiles(tx)
    brisk, slow, plain = known[TRANSFER.id], known[TRANSFER_VULNERABLE.id], known[WALK.id]
    open_ = [one for one in some if not one.reasons]
    doors = snap_all(network, np.array([(r.lon, r.lat) for r in open_]).reshape(-1, 2), brisk, limit_m=ENTRANCE_M)
    goals = [k for k, door in enumerate(doors) if door]
    open_, targets = [open_[k] for k in goals], [door for door in doors if door]
    places: list[Position | None] = [None] * len(groups)
    at = [k for k, one in enumerate(groups) if one.lon is not None]
    spots = np.array([(groups[k].lon, groups[k].lat) for k in at], float).reshape(-1, 2)
    for k, place in zip(at, snap_all(network, spots, brisk, limit_m=START_M), strict=True):
        places[k] = place
    ms = np.full((len(groups), len(open_)), FAR, np.int64)
    for profile in (brisk, slow):
        mine = [k for k, one in enumerate(groups) if places[k] and (slow if one.vulnerable else brisk) is profile]
        if mine and targets:
            ms[mine] = matrix_ms(network, [p for k in mine if (p := places[k])], targets, profile)
    ms[ms > minutes * 60_000] = FAR
    far = [k for k in at if groups[k].seated or not (ms[k] < FAR).any()]
    spots_of = {k: (float(groups[k].lon or 0), float(groups[k].lat or 0)) for k in far}
    entrances = np.array([(r.lon, r.lat) for r in open_]).reshape(-1, 2)
    ridden, times = rides(tx, vehicles if open_ else (), spots_of, entrances, (START_M, ENTRANCE_M))
    for k, row in times.items():
        ms[k] = row
    persons = np.array([one.persons for one in groups], np.int64)
    weight = persons + np.array([one.vulnerable for one in groups], np.int64)
    where = lodge(persons, weight, np.array([max(one.free, 0) for one in open_], np.int64), ms)
    zones = _zones(tx, network)
    free = roads.network(tx.session)
    found = []
    for k, one in enumerate(groups):
        profile, place, shelter = slow if one.vulnerable else brisk, places[k], int(where[k])
        if shelter < 0:
            no_way = not (ms[k] < FAR).any()
            found.append(Way(None, "no_way" if no_way else "no_room", profile.id))
            continue
        goal = open_[shelter]
        if ride := ridden.get(k):
            door = ride.doors[shelter]
            assert door  # it could be reached
            driven = route(ride.network, ride.start, door, ride.carrier.profile)
            passed = _dangers(ride.network, driven.road_ids if driven else (), zones)
            found.append(Way(goal, "", ride.carrier.profile.id, driven, ride.start.offset_m, passed))
            continue
        assert place  # it could be left
        walked = route(network, place, targets[shelter], profile)
        avoided = _avoided(free, one, goal, plain, walked, zones)
        found.append(Way(goal, "", profile.id, walked, place.offset_m, avoided))
    return found, network


def _zones(tx: Reading, network: Network) -> dict[int, str]:
    """The roads that only a transfer keeps off, and the zone that each lies in."""
    held = [id_ for id_, limit in network.limits.items() if TRANSFER.id in limit.closed_for]
    query = text(
        "select distinct on (r.id) r.id, z.name from gis.road r join gis.geohazard_zone z"
        " on ST_Intersects(r.geom, z.geom) where r.id = any(:ids) and r.valid_to is null and z.valid_to is null"
        " order by r.id, z.code"
    )
    return {row.id: row.name for row in tx.session.execute(query, {"ids": held})}


def _avoided(
    free: Network, who: Group, goal: Refuge, profile: Profile, walked: Route | None, zones: dict[int, str]
) -> tuple[dict[str, Any], ...]:
    """The prohibited roads of the way that would be the shortest without prohibitions, in its order."""
    ends = np.array([(who.lon, who.lat), (goal.lon, goal.lat)])
    a, b = snap_all(free, ends, profile, limit_m=max(START_M, ENTRANCE_M))
    shortest = route(free, a, b, profile) if a and b else None
    kept = set(walked.road_ids) if walked else set()
    return _dangers(free, [id_ for id_ in (shortest.road_ids if shortest else ()) if id_ not in kept], zones)


def _dangers(network: Network, road_ids: Sequence[int], zones: dict[int, str]) -> tuple[dict[str, Any], ...]:
    """Of these roads those that are prohibited in a transfer on foot, with name and why."""
    found = []
    table = network.plan.roads
    for road_id in road_ids:
        row = network.plan.row(road_id)
        why = [_WHY[flag] for flag in DANGERS if flag in table and bool(table[flag].iat[row])]
        if road_id in zones:
            why.append((f"位于风险区“{zones[road_id]}”", f"inside the zone “{zones[road_id]}”"))
        if why:
            name = table["name"].iat[row] if "name" in table else ""
            said = {"zh": "、".join(zh for zh, _ in why), "en": ", ".join(en for _, en in why)}
            found.append({"road_id": road_id, "name": name if isinstance(name, str) else "", **said})
    return tuple(found)
