"""What goes on in a world besides incidents: dispatches, team states, closures."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks

from command import board, closures, dispatch, roads, teams
from gis_data.db import reading, writing
from layers.profiles import Limit
from web.api.schemas import (
    AdvanceIn,
    ClosureIn,
    ClosureOut,
    DispatchOut,
    LiftIn,
    TeamOut,
    TeamStateIn,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["operations"])


@router.post("/dispatches/{dispatch_id}/advance", responses=responses(404, 409, 422))
def advance(world: WorldDep, actor: ActorDep, dispatch_id: UUID, body: AdvanceIn) -> DispatchOut:
    """The team's next step, timed."""
    with writing(world, actor) as tx:
        dispatch.advance(tx, dispatch_id, body.to, body.note)
        return DispatchOut(**board.item(tx.session, "dispatches", dispatch_id))


@router.post("/teams/{team_id}/state", responses=responses(404, 409, 422))
def set_state(world: WorldDep, actor: ActorDep, team_id: UUID, body: TeamStateIn) -> TeamOut:
    """Say that a team stands by, rests or is unavailable."""
    with writing(world, actor) as tx:
        teams.set_state(tx, team_id, body.state, body.note)
        return TeamOut(**board.item(tx.session, "teams", team_id))


@router.get("/closures", responses=responses(404, 422))
def index(world: WorldDep) -> list[ClosureOut]:
    """Closures in force."""
    with reading(world) as tx:
        return [ClosureOut(**item) for item in board.items(tx.session, "closures").values()]


@router.post("/closures", status_code=201, responses=responses(404, 409, 422))
def close_road(world: WorldDep, actor: ActorDep, body: ClosureIn, after: BackgroundTasks) -> ClosureOut:
    """Close or limit a road, or the one nearest to the point; teams under way are re-routed in the same commit."""
    with writing(world, actor) as tx:
        limit = Limit(frozenset(body.closed_for), body.slower, (body.depth_cm or 0) / 100)
        row = closures.close(tx, body.lon, body.lat, body.reason, limit, body.road_id)
        after.add_task(roads.warm, world)
        return ClosureOut(**board.item(tx.session, "closures", row.id))


@router.post("/closures/{closure_id}/lift", responses=responses(404, 409, 422))
def lift(world: WorldDep, actor: ActorDep, closure_id: UUID, body: LiftIn, after: BackgroundTasks) -> ClosureOut:
    """Reopen a closed segment."""
    with writing(world, actor) as tx:
        closures.lift(tx, closure_id, body.reason)
        after.add_task(roads.warm, world)
        return ClosureOut(**board.item(tx.session, "closures", closure_id))
