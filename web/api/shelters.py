"""Shelters in use and their stocks: opened and closed, people in and out, supplies issued and returned."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from command import board
from command.transfer import registration, shelters, stocks, views
from gis_data.db import reading, writing
from gis_data.errors import Invalid
from web.api.transfer_schemas import (
    Code,
    InsideOut,
    PaperIn,
    RegisteredInOut,
    RegistrationIn,
    RegistrationRowIn,
    RejectedRegistrationRowOut,
    ShelterStateIn,
    ShelterStateOut,
    StockLeftOut,
    StockMoveIn,
    StockOut,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["shelters"])


@router.get("/shelters", responses=responses(404, 422))
def index(world: WorldDep) -> list[ShelterStateOut]:
    """Shelters in use: occupancy, room held, room left."""
    with reading(world) as tx:
        return [ShelterStateOut(**item) for item in board.items(tx.session, "shelters").values()]


@router.post("/shelters/{code}/state", responses=responses(404, 409, 422))
def put(world: WorldDep, actor: ActorDep, code: Code, body: ShelterStateIn) -> ShelterStateOut:
    """Open, close, take out of use; those on their way to one that is shut are sent elsewhere in the same commit."""
    with writing(world, actor) as tx:
        shelters.put(tx, code, body.state, body.reason, body.kit_stock)
        return ShelterStateOut(**board.item(tx.session, "shelters", code))


@router.get("/shelters/{code}/registrations", responses=responses(404, 422))
def inside(world: WorldDep, actor: ActorDep, code: Code) -> list[InsideOut]:
    """Who is in a shelter of one's own towns, by code."""
    with reading(world, actor) as tx:
        return [InsideOut.model_validate(one) for one in views.inside(tx, actor, code)]


@router.post("/shelters/{code}/registrations", responses=responses(404, 409, 422))
def register(world: WorldDep, actor: ActorDep, code: Code, body: RegistrationIn) -> RegisteredInOut:
    """Let people in or out by a scan or by hand; the same key again answers the same."""
    with writing(world, actor) as tx:
        answer = registration.register(tx, code, body.key, [_row(body)], body.evidence)
    return RegisteredInOut.model_validate(answer)


@router.post("/shelters/{code}/registrations/paper", responses=responses(404, 409, 422))
def paper(world: WorldDep, actor: ActorDep, code: Code, body: PaperIn) -> RegisteredInOut:
    """A paper list typed later: rows that cannot be taken are kept, with the field, until they are mended."""
    rows = [_read(raw) for raw in body.rows]
    with writing(world, actor) as tx:
        answer = registration.register(tx, code, body.key, rows, "paper")
    return RegisteredInOut.model_validate(answer)


@router.get("/shelters/{code}/registrations/rejected", responses=responses(404, 422))
def rejected(world: WorldDep, actor: ActorDep, code: Code) -> list[RejectedRegistrationRowOut]:
    """Rows of paper lists that wait to be mended."""
    with reading(world, actor) as tx:
        return [RejectedRegistrationRowOut.model_validate(one) for one in views.rejected(tx, actor, code)]


@router.get("/stocks", responses=responses(404, 422))
def stock_list(world: WorldDep, depot: str | None = None) -> list[StockOut]:
    """The stocks of the register with what is left of each."""
    with reading(world) as tx:
        return [StockOut.model_validate(one) for one in stocks.listing(tx, depot)]


@router.post("/stocks/{code}/moves", responses=responses(404, 409, 422))
def move(world: WorldDep, actor: ActorDep, code: Code, body: StockMoveIn) -> StockLeftOut:
    """Issue or return supplies; never more than there are. The same key again answers the same."""
    with writing(world, actor) as tx:
        answer = stocks.move(tx, body.key, code, body.quantity, body.reason, body.order_id, body.shelter_code)
    return StockLeftOut.model_validate(answer)


def _row(body: RegistrationRowIn) -> registration.Row:
    said = body.model_dump(include=set(RegistrationRowIn.model_fields))
    return registration.Row(**said | {"persons": tuple(body.persons)})


def _read(raw: dict[str, Any]) -> registration.Row | registration.Unread:
    """A row of a list; one that cannot even be read is kept as it is."""
    try:
        return _row(RegistrationRowIn.model_validate(raw))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "row"
        return registration.Unread(raw, Invalid(f"“{field}”填写有误。", f"{field}: {first['msg']}", field=field))
