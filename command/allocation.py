"""Joint assignment (联合调派): all open needs against all teams at once; a proposal that persons accept or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from command import board, demand, dispatch, journal, roads, sector
from command.access import require
from command.allocation_words import Asking, Ints, Move, Told
from command.board import Item
from command.events import AllocationAccepted
from command.needs import GRAVITY, Wanted, abilities, needs_of
from command.recommend import SNAP_LIMIT_M
from command.tables import Dispatch
from command.teams import get_team
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid
from gis_data.parameters import numbers_under
from gis_data.tables import Team
from layers.deployment import LATEST_MS, Crew, Need, Policy, deploy
from layers.engine.hierarchy import FAR
from layers.network import Network
from layers.positions import snap_all
from layers.routing import matrix_ms

PROOF_S = 2.0
"""Seconds for a search under a reserve; then a good answer that keeps it will do."""
STILL_HERE = ("ordered", "acknowledged")
"""Steps at which a team has not left yet, and can be sent elsewhere."""
FIGURES = {"cover_minutes": 10.0, "reserve_share": 0.0, "duty_hours": 12.0, "redirect_minutes": 5.0}
"""DEMO: within how many minutes persons count as near; which share of those near must stay so; how long a crew may be
out of any 24 hours; how much sooner help must be there for a team to be sent elsewhere. Parameters `allocation.*`."""


@dataclass(frozen=True)
class Asked:
    """How to propose. `redirect`: teams that have been ordered but have not left may be sent elsewhere.

    `reserve_share` of the persons who are near a free team now must stay near one; None takes the parameter.
    """

    redirect: bool = False
    reserve_share: float | None = None


@dataclass(frozen=True)
class Proposal:
    """Who goes where, what is short, who stays, and persons near a free team (of `persons`) before and after."""

    at: datetime
    seq: int
    network_version: str
    closures: tuple[str, ...]
    figures: Mapping[str, float]
    needs: tuple[Asking, ...]
    moves: tuple[Move, ...]
    idle: tuple[tuple[Item, str], ...]
    constraints: Mapping[str, str]
    """What keeps a crew from some work (安全限制), as the register says it, by the team's id."""
    persons: int
    covered_before: int
    covered_after: int
    least_covered: int
    reserved: bool
    exact: bool


def figures(tx: Reading) -> dict[str, float]:
    """The parameters in force, DEMO where there is none."""
    return FIGURES | numbers_under(tx.session, "allocation.", tx.at)


def propose(tx: Reading, asked: Asked = Asked()) -> Proposal:
    """The best deployment of all teams to all open needs, on the roads and closures of this moment."""
    figure = figures(tx)
    if asked.reserve_share is not None:
        figure |= {"reserve_share": asked.reserve_share}
    network = roads.network(tx.session)
    incidents = sorted(board.items(tx.session, "incidents").values(), key=lambda one: str(one["no"]))
    usual = numbers_under(tx.session, "need.teams", tx.at)
    wanted = [(one, need) for one in incidents for need in needs_of(one, usual)]
    needs = [
        Need(
            str(n), frozenset(need.abilities), need.count, GRAVITY[one["grade"] or "general"],
            in_persons=need.in_persons, **_until(need, tx.at),
        )
        for n, (one, need) in enumerate(wanted)
    ]  # fmt: skip
    teams = sorted(board.items(tx.session, "teams").values(), key=lambda one: str(one["code"]))
    out = {one["team_id"]: one for one in board.items(tx.session, "dispatches").values()}
    crews, travel = crews_of(tx, teams, figure), travels(tx, network, teams, [one for one, _ in wanted])
    _keep_out(tx, network, teams, [one for one, _ in wanted], travel)
    penalty = np.zeros_like(travel)
    for t, team in enumerate(teams):
        if there := out.get(team["id"]):
            own = np.array([one["id"] == there["incident_id"] for one, _ in wanted], bool)
            if asked.redirect and there["state"] in STILL_HERE:
                left = datetime.fromisoformat(there["eta_at"]) - tx.at
                travel[t, own] = max(0, round(1000 * left.total_seconds()))
                travel[t, ~own] += crews[t].muster_ms
                penalty[t, ~own] = round(60_000 * figure["redirect_minutes"])
            else:  # whatever the others' times are, it serves its own incident
                travel[t, own], travel[t, ~own] = 0, FAR
            crews[t] = replace(crews[t], free=True, muster_ms=0, duty_left_ms=LATEST_MS)
    loaded = np.where(travel < FAR, np.minimum(travel + penalty, FAR), FAR)
    who = demand.demand(tx.session, "residents")
    near = nearby(tx, network, teams, figure["cover_minutes"])
    near[[team["id"] in out for team in teams]] = False
    before = int(who.persons[near[[crew.free for crew in crews]].any(0)].sum())
    least = int(before * figure["reserve_share"])
    found = deploy(
        crews, needs, loaded, persons=who.persons, near=near, policy=Policy(least_covered=least), within_s=PROOF_S
    )
    eta = found.eta_ms - np.where(found.eta_ms < FAR, penalty, 0)
    by_id = {str(one["id"]): one for one in incidents}
    told = Told(teams, out, wanted, crews, needs, found, eta, loaded, by_id, tx.at)
    return Proposal(
        tx.at, journal.position(tx.session), network.version, roads.closure_ids(tx.session), figure, told.asking(),
        told.moves(), told.idle(), _constraints(tx), int(who.persons.sum()), before, found.covered_after, least,
        found.reserved, found.exact,
    )  # fmt: skip


def _keep_out(tx: Reading, network: Network, teams: Sequence[Item], targets: Sequence[Item], travel: Ints) -> None:
    """Where a downwind sector stands at an incident: times by ways that keep out of it; none for who is behind it."""
    for id_ in dict.fromkeys(str(one["id"]) for one in targets):
        if held := sector.crossed(tx.session, UUID(id_)):
            own = [n for n, one in enumerate(targets) if str(one["id"]) == id_]
            travel[:, own] = travels(tx, network.close(held), teams, [targets[n] for n in own])
            behind = sector.behind(tx, held)
            travel[np.ix_([t for t, team in enumerate(teams) if team["id"] in behind], own)] = FAR


def _constraints(tx: Reading) -> dict[str, str]:
    t = Team.__table__.c
    rows = tx.session.execute(select(t.id, t.constraints).where(t.valid_to.is_(None), t.constraints != ""))
    return {str(id_): said for id_, said in rows}


def _until(need: Wanted, at: datetime) -> dict[str, int]:
    return {"latest_ms": max(0, round(1000 * (need.latest_at - at).total_seconds()))} if need.latest_at else {}


def crews_of(tx: Reading, teams: Sequence[Item], figure: Mapping[str, float]) -> list[Crew]:
    """The teams as crews: who stands by, with the members on duty and what is left of the hours it may be out."""
    able, t, d = abilities(tx.session), Team, Dispatch
    rows = tx.session.execute(select(t.id, t.__table__.c.on_duty).where(t.valid_to.is_(None)))
    here = {str(id_): count for id_, count in rows}
    since, out_s = tx.at - timedelta(hours=24), dict.fromkeys(here, 0.0)
    spells = select(d.team_id, d.ordered_at, d.released_at).where((d.released_at > since) | d.released_at.is_(None))
    for team_id, start, end in tx.session.execute(spells):
        key = str(team_id)
        out_s[key] = out_s.get(key, 0.0) + ((end or tx.at) - max(start, since)).total_seconds()
    return [
        Crew(
            team["id"], able.get(team["id"], frozenset()),
            team["members"] if here[team["id"]] is None else here[team["id"]],
            round(1000 * team["muster_s"]), team["state"] == "standby",
            max(0, round(1000 * (3600 * figure["duty_hours"] - out_s[team["id"]]))),
        )
        for team in teams
    ]  # fmt: skip


def travels(tx: Reading, network: Network, teams: Sequence[Item], targets: Sequence[Item]) -> Ints:
    """Milliseconds (teams, targets) from where each team stands, by its own vehicle; `FAR` for no way."""
    found = np.full((len(teams), len(targets)), FAR, np.int64)
    for rows, profile in by_profile(tx, teams):
        ends = ([teams[t] for t in rows], targets)
        snapped = [snap_all(network, _lonlat(some), profile, limit_m=SNAP_LIMIT_M) for some in ends]
        starts, goals = ([(k, place) for k, place in enumerate(some) if place] for some in snapped)
        if goals and starts:
            ms = matrix_ms(network, [place for _, place in starts], [place for _, place in goals], profile)
            found[np.ix_([rows[k] for k, _ in starts], [k for k, _ in goals])] = ms
    return found


def by_profile(tx: Reading, teams: Sequence[Item]) -> list[tuple[list[int], Any]]:
    """Numbers of the teams that drive alike, and how."""
    known = roads.profiles(tx)
    drives = [roads.profile_of(team["vehicle"], known) for team in teams]
    return [([t for t, one in enumerate(drives) if one == profile], profile) for profile in dict.fromkeys(drives)]


def _lonlat(some: Sequence[Item]) -> NDArray[np.float64]:
    return np.array([(one["lon"], one["lat"]) for one in some], float).reshape(-1, 2)


def nearby(tx: Reading, network: Network, teams: Sequence[Item], within: float) -> NDArray[np.bool_]:
    """Whether each team (t, d) is with the residents of each cell within so many minutes, muster included."""
    who = demand.demand(tx.session, "residents")
    stand = tuple((team["lon"], team["lat"], team["muster_s"]) for team in teams)
    drive = tuple((tuple(rows), profile) for rows, profile in by_profile(tx, teams))
    key = (*who.version, "nearby", network.version, within, stand, drive)

    def look() -> NDArray[np.bool_]:
        cells = [{"lon": lon, "lat": lat} for lon, lat in who.lonlat.tolist()]
        muster = np.array([team["muster_s"] for team in teams], float).reshape(-1, 1)
        return np.asarray(travels(tx, network, teams, cells) + 1000 * muster <= 60_000 * within)

    return np.array(demand.remember(key, look), bool)


@dataclass(frozen=True)
class Chosen:
    """One move that a person accepts; `from_dispatch` is where the team is taken from, if it was ordered already."""

    team_id: UUID
    incident_id: UUID
    from_dispatch: UUID | None = None


def accept(tx: Writing, some: Sequence[Chosen], reason: str) -> list[Dispatch]:
    """Order these moves, all or none: each is checked again, and a team that was taken meanwhile is a `Conflict`."""
    require(tx.actor, "dispatch.order")
    if not some:
        raise Invalid("没有选择任何调派。", "No move was chosen.", field="moves")
    said = "联合调派" + (f"：{reason}" if reason.strip() else "")
    for one in some:
        if one.from_dispatch:
            _take_back(tx, one, said)
    made = [dispatch.order(tx, one.incident_id, one.team_id, said) for one in some]
    taken = [str(one.from_dispatch) for one in some if one.from_dispatch]
    board.record(
        tx,
        AllocationAccepted(
            f"采纳联合调派 {len(made)} 项" + (f"，其中改派 {len(taken)} 项" if taken else ""),
            f"Joint assignment accepted: {len(made)} teams" + (f", {len(taken)} of them redirected" if taken else ""),
            [str(row.id) for row in made],
            taken,
            reason,
        ),
    )
    return made


def _take_back(tx: Writing, one: Chosen, said: str) -> None:
    assert one.from_dispatch
    row, team = dispatch.get_dispatch(tx.session, one.from_dispatch), get_team(tx.session, one.team_id)
    if row.team_id != one.team_id or row.state not in STILL_HERE:
        raise Conflict(
            f"{team.name}已不在集结，不能改派。", f"{team.name} is not mustering any more; it cannot be redirected.",
            field="from_dispatch",
        )  # fmt: skip
    dispatch.advance(tx, row.id, "released", said)
