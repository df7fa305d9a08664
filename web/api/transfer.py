"""Transfer orders: drafted, issued, followed person by person, released; cards for households."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from command import board
from command.access import require
from command.transfer import cards, orders, persons, views
from gis_data.db import reading, writing
from web.api.transfer_schemas import (
    CardOut,
    CardsIn,
    Code,
    HouseholdOut,
    HouseholdsMovedOut,
    LegalBasisIn,
    RideOut,
    TransferDetailOut,
    TransferEndIn,
    TransferIn,
    TransferOut,
    TransferPlanOut,
    TransferReleaseIn,
    TransferStepIn,
    TransferStepOut,
    TransferStepRowOut,
)
from web.card_sheet import sheet
from web.deps import ActorDep, SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["transfers"])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "PDF"}}


def _shown(session: Any, order_id: UUID) -> TransferDetailOut:
    return TransferDetailOut(**board.item(session, "transfers", order_id))


@router.get("/transfers", responses=responses(404, 422))
def index(world: WorldDep) -> list[TransferOut]:
    """Orders that are not over, in counts."""
    with reading(world) as tx:
        return [TransferOut(**item) for item in board.items(tx.session, "transfers").values()]


@router.post("/transfers", status_code=201, responses=responses(404, 409, 422))
def draft(world: WorldDep, actor: ActorDep, body: TransferIn) -> TransferDetailOut:
    """Draft an order; nobody is told to move and no room is held."""
    said = body.model_dump(exclude={"objects"})
    objects = tuple((register, code) for register, _, code in (one.partition(":") for one in body.objects))
    with writing(world, actor) as tx:
        row = orders.draft(tx, orders.Draft(**said, objects=objects))
        return _shown(tx.session, row.id)


@router.get("/transfers/{order_id}", responses=responses(404, 422))
def read(world: WorldDep, order_id: UUID) -> TransferDetailOut:
    """One order, over or not, with its completion rate."""
    with reading(world) as tx:
        persons.get_order(tx, order_id)
        return _shown(tx.session, order_id)


@router.get("/transfers/{order_id}/plan", responses=responses(404, 409, 422))
def plan(world: WorldDep, actor: ActorDep, order_id: UUID) -> TransferPlanOut:
    """What a draft would say if it were issued now: vulnerable first, a shelter with room, a way there."""
    require(actor, "transfer.draft")
    with reading(world, actor) as tx:
        order = persons.get_order(tx, order_id, "draft")
        return TransferPlanOut.model_validate(views.plan_of(tx, orders.planned(tx, order)))


@router.post("/transfers/{order_id}/issue", responses=responses(404, 409, 422))
def issue(world: WorldDep, actor: ActorDep, order_id: UUID) -> TransferDetailOut:
    """Issue a draft, planned anew as things are now."""
    with writing(world, actor) as tx:
        orders.issue(tx, order_id)
        return _shown(tx.session, order_id)


@router.post("/transfers/{order_id}/cancel", responses=responses(404, 409, 422))
def cancel(world: WorldDep, actor: ActorDep, order_id: UUID, body: TransferEndIn) -> TransferDetailOut:
    """Put a draft away."""
    with writing(world, actor) as tx:
        orders.cancel(tx, order_id, body.reason)
        return _shown(tx.session, order_id)


@router.post("/transfers/{order_id}/replan", responses=responses(404, 409, 422))
def replan(world: WorldDep, actor: ActorDep, order_id: UUID) -> HouseholdsMovedOut:
    """Look again for households without room or way."""
    with writing(world, actor) as tx:
        moved = orders.replan(tx, order_id)
    return HouseholdsMovedOut(
        households=moved.households if moved else 0,
        persons=moved.persons if moved else 0,
        unplaced=moved.unplaced if moved else 0,
    )


@router.post("/transfers/{order_id}/force", responses=responses(404, 409, 422))
def ask_force(world: WorldDep, actor: ActorDep, order_id: UUID, body: LegalBasisIn) -> TransferDetailOut:
    """A first post asks for forced transfer, with its legal basis."""
    with writing(world, actor) as tx:
        orders.ask_force(tx, order_id, body.legal_basis)
        return _shown(tx.session, order_id)


@router.post("/transfers/{order_id}/force/confirm", responses=responses(404, 409, 422))
def confirm_force(world: WorldDep, actor: ActorDep, order_id: UUID) -> TransferDetailOut:
    """A second post, by another account, confirms forced transfer."""
    with writing(world, actor) as tx:
        orders.confirm_force(tx, order_id)
        return _shown(tx.session, order_id)


@router.post("/transfers/{order_id}/release", responses=responses(404, 409, 422))
def release(world: WorldDep, actor: ActorDep, order_id: UUID, body: TransferReleaseIn) -> TransferDetailOut:
    """Allow return, with what was found when each object was checked."""
    with writing(world, actor) as tx:
        orders.release(tx, order_id, [(one.object, one.finding) for one in body.findings])
        return _shown(tx.session, order_id)


@router.post("/transfers/{order_id}/end", responses=responses(404, 409, 422))
def end(world: WorldDep, actor: ActorDep, order_id: UUID, body: TransferEndIn) -> TransferDetailOut:
    """End a released order though not everybody is known to be back."""
    with writing(world, actor) as tx:
        orders.end(tx, order_id, body.reason)
        return _shown(tx.session, order_id)


@router.get("/transfers/{order_id}/households", responses=responses(404, 409, 422))
def households(world: WorldDep, actor: ActorDep, order_id: UUID) -> list[HouseholdOut]:
    """The households of an open order in one's own towns, by pseudonymous code."""
    with reading(world, actor) as tx:
        found = views.households(tx, actor, persons.get_order(tx, order_id))
        return [HouseholdOut.model_validate(one) for one in found]


@router.get("/transfers/{order_id}/vehicles", responses=responses(404, 422))
def vehicles(world: WorldDep, actor: ActorDep, order_id: UUID) -> list[RideOut]:
    """The trips by vehicle that an order still takes, by shelter and kind."""
    with reading(world, actor) as tx:
        return [RideOut(**one) for one in views.vehicles(tx, actor, persons.get_order(tx, order_id))]


@router.post("/transfers/{order_id}/steps", responses=responses(404, 409, 422))
def step(world: WorldDep, actor: ActorDep, order_id: UUID, body: TransferStepIn) -> TransferStepOut:
    """A step of households or persons, with its evidence; the same key again answers the same."""
    fields = body.model_dump(exclude={"key", "households", "persons"})
    said = persons.Said(**fields, households=tuple(body.households), persons=tuple(body.persons))
    with writing(world, actor) as tx:
        return TransferStepOut.model_validate(persons.step(tx, order_id, body.key, said))


@router.get("/transfers/{order_id}/persons/{code}/steps", responses=responses(404, 422))
def steps(world: WorldDep, actor: ActorDep, order_id: UUID, code: Code) -> list[TransferStepRowOut]:
    """All steps of a person, with evidence and by whom."""
    with reading(world, actor) as tx:
        found = views.steps(tx, actor, persons.get_order(tx, order_id), code)
        return [TransferStepRowOut.model_validate(one) for one in found]


@router.post("/transfers/{order_id}/persons/{code}/identity", responses=responses(404, 422))
def identity(world: WorldDep, actor: ActorDep, config: SettingsDep, order_id: UUID, code: Code) -> dict[str, str]:
    """The identity block of a person under an open order; that it was opened is journalled."""
    with writing(world, actor) as tx:
        return views.open_person(tx, order_id, code, config.data)


@router.get("/cards", responses=responses(404, 422))
def card_list(
    world: WorldDep, actor: ActorDep, state: Annotated[str | None, Query(pattern="^(never|current|stale)$")] = None
) -> list[CardOut]:
    """The cards of the households in one's own towns: printed, never printed, or to be reprinted."""
    require(actor, "person.read")
    with reading(world, actor) as tx:
        found = [CardOut.model_validate(one) for one in cards.listing(tx)]
    return [one for one in found if state in (None, one.state)]


@router.post("/cards/print", response_class=Response, responses=responses(404, 422) | PDF)
def card_print(world: WorldDep, actor: ActorDep, body: CardsIn) -> Response:
    """Cards as one PDF, a page a household, noted as printed."""
    with writing(world, actor) as tx:
        made = cards.printed(tx, body.households)
        pdf = sheet(made, tx.at, drill=world.kind == "drill")
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="cards.pdf"'})
