"""Where free teams should wait (前置待命): the most residents near one, by moves that a person accepts as tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from command import board, demand, roads
from command.access import require
from command.allocation import figures, nearby, travels
from command.board import Item
from command.task_tables import Task
from command.tasks import NewTask, issue_all
from command.teams import get_team, state
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, NotFound
from layers.engine.hierarchy import FAR
from layers.standby import Option, stand_by

FIGURES = {"standby_minutes": 20.0}
"""DEMO: how far away a team may be told to wait; parameter `allocation.standby_minutes`."""
PLACES = ("staging_area", "fire_station")
"""The registers of places where a team can wait."""


@dataclass(frozen=True)
class Place:
    """Where a team can wait."""

    id: UUID
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class StandbyMove:
    """One move and the persons that it alone brings near a free team, and leaves without one."""

    team: Item
    place: Place
    move_s: float
    gained: int
    lost: int


@dataclass(frozen=True)
class Standing:
    """The moves, with persons near a free team before and after; `considered` counts pairs of team and place."""

    moves: tuple[StandbyMove, ...]
    figures: Mapping[str, float]
    persons: int
    covered_before: int
    covered_after: int
    considered: int


def places(session: Session) -> list[Place]:
    """The places of the registers where a team can wait."""
    union = " union all ".join(
        f"select id, name, ST_X(p) as lon, ST_Y(p) as lat from (select id, name, code, ST_PointOnSurface(geom) as p"
        f" from gis.{table} where valid_to is null and geom is not null order by code) as {table}"
        for table in PLACES
    )
    return [Place(*row) for row in session.execute(text(union))]


def propose(tx: Reading, most_moves: int) -> Standing:
    """Where the teams that stand by should wait; no more than so many move."""
    figure = FIGURES | figures(tx)
    teams = [one for one in board.items(tx.session, "teams").values() if one["state"] == "standby"]
    teams.sort(key=lambda one: str(one["code"]))
    network, where, who = roads.network(tx.session), places(tx.session), demand.demand(tx.session, "residents")
    within, spots = figure["cover_minutes"], [vars(one) for one in where]
    ms = travels(tx, network, teams, spots)
    t, p = np.nonzero((ms > 0) & (ms < FAR) & (ms <= 60_000 * figure["standby_minutes"]))
    home = nearby(tx, network, teams, within)
    moved = [teams[k] | {"lon": where[q].lon, "lat": where[q].lat} for k, q in zip(t.tolist(), p.tolist(), strict=True)]
    keys = [(one["lon"], one["lat"], one["vehicle"], one["muster_s"]) for one in moved]
    alike = dict(zip(keys, moved, strict=True))
    there = dict(zip(alike, nearby(tx, network, list(alike.values()), within), strict=True))
    near = np.vstack([home, *(there[key] for key in keys)])
    options = [Option(one["id"], "", 0) for one in teams]
    options += [
        Option(teams[k]["id"], str(where[q].id), int(ms[k, q])) for k, q in zip(t.tolist(), p.tolist(), strict=True)
    ]
    found = stand_by(options, near, who.persons, most_moves=most_moves)
    team, place = {one["id"]: one for one in teams}, {str(one.id): one for one in where}
    return Standing(
        tuple(StandbyMove(team[m.crew], place[m.place], m.move_ms / 1000, m.gained, m.lost) for m in found.moves),
        figure, int(who.persons.sum()), found.covered_before, found.covered_after, len(moved),
    )  # fmt: skip


def accept(tx: Writing, moves: Sequence[tuple[UUID, UUID]]) -> list[Task]:
    """Tell teams that stand by where to wait, each by a task; one that was taken meanwhile is a `Conflict`."""
    require(tx.actor, "task.issue")
    known = {one.id: one for one in places(tx.session)}
    due = tx.at + timedelta(minutes=(FIGURES | figures(tx))["standby_minutes"])
    told = []
    for team_id, place_id in moves:
        team = get_team(tx.session, team_id)
        if (place := known.get(place_id)) is None:
            raise NotFound("没有这一待命地点。", "There is no such place to wait.", field="place_id")
        if state(tx.session, team_id) != "standby":
            raise Conflict(f"{team.name}已不在待命。", f"{team.name} does not stand by any more.", field="team_id")
        told.append(
            NewTask(
                f"{team.name}前往{place.name}待命", due, f"{team.name}: wait at {place.name}", team_id=team_id,
                place=place.name, lon=place.lon, lat=place.lat,
            )
        )  # fmt: skip
    return issue_all(tx, told)
