"""Joint assignment: what incidents ask for, a proposal for all of them, and its acceptance."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from command import allocation, board, needs, standby
from command.allocation_words import WHY
from command.teams import STATES
from gis_data.db import reading, writing
from web.api.allocation_schemas import (
    AcceptedOut,
    AcceptIn,
    AllocationIn,
    AskingOut,
    IdleOut,
    MoveOut,
    NeedsIn,
    ProposalOut,
    StandbyAcceptIn,
    StandbyIn,
    StandbyMoveOut,
    StandbyOut,
    TasksOut,
)
from web.api.schemas import DispatchOut, IncidentOut, NeedOut, ReasonOut
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["allocation"])


@router.post("/incidents/{incident_id}/needs", responses=responses(404, 409, 422))
def state_needs(world: WorldDep, actor: ActorDep, incident_id: UUID, body: NeedsIn) -> IncidentOut:
    """Say what an incident asks for; null goes back to what its kind and grade usually take."""
    some = None if body.needs is None else [
        needs.Wanted(tuple(one.abilities), one.count, one.in_persons, one.latest_at) for one in body.needs
    ]  # fmt: skip
    with writing(world, actor) as tx:
        needs.state_needs(tx, incident_id, some)
        return IncidentOut(**board.item(tx.session, "incidents", incident_id))


@router.post("/allocation", responses=responses(404, 422))
def propose(world: WorldDep, body: AllocationIn) -> ProposalOut:
    """The best deployment of all teams to all open needs now. Nothing is ordered."""
    with reading(world) as tx:
        found = allocation.propose(tx, allocation.Asked(body.redirect, body.reserve_share))
    return ProposalOut(
        at=found.at, seq=found.seq, network_version=found.network_version, closures=list(found.closures),
        figures=dict(found.figures),
        needs=[
            AskingOut(
                incident_id=one.incident["id"], usual=one.incident["needs"] is None,
                need=NeedOut(
                    abilities=list(one.wanted.abilities), count=one.wanted.count, in_persons=one.wanted.in_persons,
                    latest_at=one.wanted.latest_at,
                ),
                given=one.given, short=one.short, out=dict(one.out),
            )
            for one in found.needs
        ],
        moves=[
            MoveOut(
                action=one.action, team_id=one.team["id"], code=one.team["code"], name=one.team["name"],
                incident_id=one.incident["id"], need=one.need, from_dispatch=one.from_dispatch, eta_s=one.eta_s,
                rank=one.rank, reasons=[ReasonOut(zh=why.zh, en=why.en) for why in one.reasons],
                constraints=found.constraints.get(one.team["id"], ""),
            )
            for one in found.moves
        ],
        idle=[
            IdleOut(team_id=team["id"], code=team["code"], name=team["name"], why=why, **_words(why))
            for team, why in found.idle
        ],
        persons=found.persons, covered_before=found.covered_before, covered_after=found.covered_after,
        least_covered=found.least_covered, reserved=found.reserved, exact=found.exact,
    )  # fmt: skip


def _words(why: str) -> dict[str, str]:
    zh, en = (WHY[why].zh, WHY[why].en) if why in WHY else STATES[why]
    return {"zh": zh, "en": en}


@router.post("/allocation/accept", status_code=201, responses=responses(404, 409, 422))
def accept(world: WorldDep, actor: ActorDep, body: AcceptIn) -> AcceptedOut:
    """Order the whole proposal or a part of it: all of it or nothing."""
    some = [allocation.Chosen(one.team_id, one.incident_id, one.from_dispatch) for one in body.moves]
    with writing(world, actor) as tx:
        made = allocation.accept(tx, some, body.reason)
        ids = [str(row.id) for row in made]
        found = board.items(tx.session, "dispatches", ids)
        return AcceptedOut(dispatches=[DispatchOut(**found[id_]) for id_ in ids])


@router.post("/allocation/stand-by", responses=responses(404, 422))
def stand_by(world: WorldDep, body: StandbyIn) -> StandbyOut:
    """Where free teams should wait, so that the most persons are near one. Nothing is ordered."""
    with reading(world) as tx:
        found = standby.propose(tx, body.most_moves)
    return StandbyOut(
        moves=[
            StandbyMoveOut(
                team_id=one.team["id"], code=one.team["code"], name=one.team["name"], place_id=one.place.id,
                place=one.place.name, lon=one.place.lon, lat=one.place.lat, move_s=one.move_s, gained=one.gained,
                lost=one.lost,
            )
            for one in found.moves
        ],
        figures=dict(found.figures), persons=found.persons, covered_before=found.covered_before,
        covered_after=found.covered_after, considered=found.considered,
    )  # fmt: skip


@router.post("/allocation/stand-by/accept", status_code=201, responses=responses(404, 409, 422))
def accept_stand_by(world: WorldDep, actor: ActorDep, body: StandbyAcceptIn) -> TasksOut:
    """Tell these teams where to wait, each by a task."""
    with writing(world, actor) as tx:
        made = standby.accept(tx, [(one.team_id, one.place_id) for one in body.moves])
        return TasksOut(task_ids=[row.id for row in made])
