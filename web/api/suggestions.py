"""Suggested closures: what gauges and models say; a person confirms or dismisses it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks

from command import board, roads, suggestions
from gis_data.db import reading, writing
from layers.profiles import Limit
from web.api.model_schemas import ConfirmIn, DismissIn, SuggestionOut
from web.api.schemas import ClosureOut
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/suggestions", tags=["suggestions"])


@router.get("", responses=responses(404, 422))
def index(world: WorldDep) -> list[SuggestionOut]:
    """What waits for a decision."""
    with reading(world) as tx:
        return [SuggestionOut(**item) for item in board.items(tx.session, "suggestions").values()]


@router.post("/{suggestion_id}/confirm", status_code=201, responses=responses(404, 409, 422))
def confirm(
    world: WorldDep, actor: ActorDep, suggestion_id: UUID, body: ConfirmIn, after: BackgroundTasks
) -> ClosureOut:
    """Close the road, on the ground of what the person has seen or been told by a named post."""
    with writing(world, actor) as tx:
        row = suggestions.confirm(tx, suggestion_id, body.note, Limit(frozenset(body.closed_for)))
        after.add_task(roads.warm, world)
        return ClosureOut(**board.item(tx.session, "closures", row.id))


@router.post("/{suggestion_id}/dismiss", status_code=204, responses=responses(404, 409, 422))
def dismiss(world: WorldDep, actor: ActorDep, suggestion_id: UUID, body: DismissIn) -> None:
    """Leave the road open, with the reason."""
    with writing(world, actor) as tx:
        suggestions.dismiss(tx, suggestion_id, body.note)
