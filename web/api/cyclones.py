"""Typhoon tracks: typed, as a file, or sent by a source's key; what agencies said before; no longer followed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from command import board, cyclones, watching
from command.cyclone_tables import Cyclone, CycloneIssue
from command.stations import Source
from gis_data.db import Reading, reading, writing
from gis_data.errors import Invalid
from gis_data.world import SYSTEM, World
from web.api.cyclone_schemas import CycloneIn, CycloneIssueOut, CycloneOut
from web.api.gauges import sender
from web.api.schemas import LiftIn
from web.cyclone_rows import read
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/cyclones", tags=["cyclones"])
MOST_BYTES = 1_000_000
_ROWS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
        },
    }
}
_KNOWN: dict[int | str, dict[str, Any]] = {200: {"model": CycloneOut, "description": "Known already"}}


def _out(tx: Reading, id_: UUID) -> CycloneOut:
    return CycloneOut(**board.item(tx.session, "cyclones", id_))


@router.get("", responses=responses(404, 422))
def index(
    world: WorldDep, ended: Annotated[bool, Query(description="those no longer followed too")] = False
) -> list[CycloneOut]:
    """Cyclones that are followed, the newest first."""
    query = select(Cyclone.id).order_by(Cyclone.last_at.desc()).limit(100)
    with reading(world) as tx:
        return [_out(tx, id_) for id_ in tx.session.scalars(query if ended else query.where(Cyclone.state == "open"))]


@router.post("", status_code=201, responses=responses(404, 409, 422) | _KNOWN)
def enter(world: WorldDep, actor: ActorDep, body: CycloneIn, response: Response, after: BackgroundTasks) -> CycloneOut:
    """An issue typed by hand. Twice is once; other words of the same time are a revision, and the old are kept."""
    with writing(world, actor) as tx:
        row, new = cyclones.enter(tx, body.track())
        response.status_code = 201 if new else 200
        after.add_task(watching.watch, world)
        return _out(tx, row.id)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Invalid("文件超过 1 MB。", "This is more than 1 MB.", field="file")
    return bytes(body)


@router.post("/file", status_code=201, openapi_extra=_ROWS, responses=responses(404, 409, 422) | _KNOWN)
async def bring(
    request: Request, world: WorldDep, actor: ActorDep, response: Response, after: BackgroundTasks
) -> CycloneOut:
    """A track as CSV or JSON rows; all of it is taken, or nothing: a bad row is named with its field."""
    body = await _body(request)

    def done() -> tuple[CycloneOut, bool]:
        with writing(world, actor) as tx:
            row, new = cyclones.enter(tx, read(body))
            return _out(tx, row.id), new

    out, new = await run_in_threadpool(done)
    response.status_code = 201 if new else 200
    after.add_task(watching.watch, world)
    return out


@router.post("/feed", status_code=201, openapi_extra=_ROWS, responses=responses(404, 409, 422, 429) | _KNOWN)
async def feed(
    request: Request,
    who: Annotated[tuple[World, Source], Depends(sender)],
    response: Response,
    after: BackgroundTasks,
    demo: Annotated[bool, Query(description="made up")] = False,
) -> CycloneOut:
    """The same rows from a source that has a key of its own, one for all readings."""
    body, (world, source) = await _body(request), who

    def done() -> tuple[CycloneOut, bool]:
        with writing(world, SYSTEM) as tx:
            row, new = cyclones.receive(tx, read(body, is_demo=demo), source)
            return _out(tx, row.id), new

    out, new = await run_in_threadpool(done)
    response.status_code = 201 if new else 200
    after.add_task(watching.watch, world)
    return out


@router.get("/{cyclone_id}/issues", responses=responses(404, 422))
def issues(world: WorldDep, cyclone_id: UUID) -> list[CycloneIssueOut]:
    """What was said of it, the newest first; nothing is ever taken away."""
    i = CycloneIssue
    query = select(i).where(i.cyclone_id == cyclone_id).order_by(i.at.desc(), i.revision.desc()).limit(500)
    with reading(world) as tx:
        return [CycloneIssueOut.model_validate(row, from_attributes=True) for row in tx.session.scalars(query)]


@router.post("/{cyclone_id}/end", responses=responses(404, 409, 422))
def end(world: WorldDep, actor: ActorDep, cyclone_id: UUID, body: LiftIn) -> CycloneOut:
    """Follow it no longer (停止编报), saying on what ground."""
    with writing(world, actor) as tx:
        cyclones.end(tx, cyclone_id, body.reason)
        return _out(tx, cyclone_id)
