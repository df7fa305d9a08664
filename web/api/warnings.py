"""Warnings: lists, CAP messages that come in, warnings typed by hand, lifting, and CAP back again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from command import board, warnings, watching
from command.hazard_tables import WarningRow
from command.warning_rows import exported
from gis_data.db import Reading, reading, writing
from gis_data.errors import Invalid
from gis_data.sources.cap import LIMIT
from web.api.hazard_schemas import ReceivedOut, WarningIn, WarningOut
from web.api.schemas import LiftIn
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/warnings", tags=["warnings"])
CAP = "application/cap+xml"
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {CAP: {"schema": {"type": "string", "format": "binary"}}}}
}


def _out(tx: Reading, id_: UUID) -> WarningOut:
    return WarningOut(**board.item(tx.session, "warnings", id_))


@router.get("", responses=responses(404, 422))
def index(
    world: WorldDep, ended: Annotated[bool, Query(description="the newest hundred, ended ones too")] = False
) -> list[WarningOut]:
    """Warnings in force or to come, the highest first; with `ended` also those that were."""
    w = WarningRow
    query = select(w.id).order_by(w.issued_at.desc()).limit(100) if ended else select(w.id).where(w.state != "ended")
    with reading(world) as tx:
        found = [_out(tx, id_) for id_ in tx.session.scalars(query)]
    return sorted(found, key=lambda one: (one.state == "ended", one.level, -one.issued_at.timestamp()))


@router.post(
    "/cap",
    status_code=201,
    openapi_extra=_BODY,
    responses=responses(404, 422) | {200: {"model": ReceivedOut, "description": "Known already: the same message"}},
)
async def receive(
    request: Request, world: WorldDep, actor: ActorDep, response: Response, after: BackgroundTasks
) -> ReceivedOut:
    """A CAP 1.2 message, as it is. Twice is once; live takes Actual, a drill Exercise."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LIMIT:
            raise Invalid(f"报文超过 {LIMIT:,} 字节。", f"This is more than {LIMIT:,} bytes.", field="file")

    def done() -> tuple[ReceivedOut, bool]:
        with writing(world, actor) as tx:
            found = warnings.receive(tx, bytes(body))
            names = ("sender", "identifier", "sent", "kind", "sha256")
            return ReceivedOut(
                message_id=found.message.id,
                warnings=[_out(tx, row.id) for row in found.warnings],
                ended=[_out(tx, row.id) for row in found.ended],
                **{name: getattr(found.message, name) for name in names},
            ), found.new

    out, new = await run_in_threadpool(done)
    if not new:
        response.status_code = 200
    after.add_task(watching.watch, world)
    return out


@router.post("", status_code=201, responses=responses(404, 422))
def enter(world: WorldDep, actor: ActorDep, body: WarningIn, after: BackgroundTasks) -> WarningOut:
    """A warning read from a paper: official with its issuer and number, otherwise our own prompt."""
    with writing(world, actor) as tx:
        row = warnings.enter(tx, warnings.Typed(**body.model_dump() | {"units": tuple(body.units)}))
        after.add_task(watching.watch, world)
        return _out(tx, row.id)


@router.post("/{warning_id}/lift", responses=responses(404, 409, 422))
def lift(world: WorldDep, actor: ActorDep, warning_id: UUID, body: LiftIn, after: BackgroundTasks) -> WarningOut:
    """End a warning by hand, saying on what ground."""
    with writing(world, actor) as tx:
        warnings.lift(tx, warning_id, body.reason)
        after.add_task(watching.watch, world)
        return _out(tx, warning_id)


@router.get(
    "/{warning_id}.cap", response_class=Response,
    responses=responses(404, 422) | {200: {"content": {CAP: {}}, "description": "CAP 1.2"}},
)  # fmt: skip
def export(world: WorldDep, warning_id: UUID) -> Response:
    """The bytes that it came in; of one typed by hand a draft, in a drill an exercise."""
    with reading(world) as tx:
        raw = exported(tx, warning_id)
    name = f'attachment; filename="{warning_id}.cap"'
    return Response(raw, media_type=CAP, headers={"Content-Disposition": name})
