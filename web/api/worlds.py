"""Worlds: live and the drills, their board, their stream, their journal, their clock."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from command import board, journal, worlds
from gis_data.db import reading, writing
from gis_data.world import World
from gis_data.world import worlds as all_worlds
from web.api.board_schemas import BoardOut
from web.api.schemas import ClockIn, ClockOut, EntryOut, Id64, WorldIn, WorldOut
from web.deps import ActorDep, EngineDep, LoginDep, WorldDep
from web.errors import responses
from web.live import Live

router = APIRouter(prefix="/api/worlds", tags=["worlds"])


def _out(world: World) -> WorldOut:
    with reading(world) as tx:
        clock = ClockOut(sim0=tx.clock.sim0, real0=tx.clock.real0, speed=tx.clock.speed)
    return WorldOut.model_validate({"name": world.name, "kind": world.kind, "title": world.title, "clock": clock})


@router.get("", responses=responses())
def index(engine: EngineDep, actor: ActorDep) -> list[WorldOut]:
    """All worlds, live first."""
    return [_out(world) for world in all_worlds(engine)]


@router.post("", status_code=201, responses=responses(409, 422))
def create(body: WorldIn, engine: EngineDep, actor: ActorDep) -> WorldOut:
    """Make a drill."""
    return _out(worlds.create_drill(engine, actor, body.name, body.title))


@router.delete("/{world}", status_code=204, responses=responses(404, 409, 422))
def drop(world: WorldDep, engine: EngineDep, actor: ActorDep) -> None:
    """Drop a drill and all that happened in it."""
    worlds.drop_drill(engine, actor, world.name)


@router.get("/{world}/board", responses=responses(404, 422))
def read_board(world: WorldDep) -> BoardOut:
    """All that is open, and the journal position that it belongs to."""
    with reading(world) as tx:
        found = board.snapshot(tx)
    found["world"]["clock"] = found["clock"]["clock"]
    return BoardOut.model_validate(found)


@router.get(
    "/{world}/stream",
    response_class=StreamingResponse,
    responses=responses(404, 422) | {200: {"content": {"text/event-stream": {}}}},
)
def stream(
    world: WorldDep,
    held: LoginDep,
    request: Request,
    after: Annotated[Id64, Query(description="the board's `seq`")] = 0,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,18}$")] = None,
) -> StreamingResponse:
    """Server-Sent Events: `patch`, `beat`, and `reset` when the board must be read again."""
    live: Live = request.app.state.live
    position = int(last_event_id) if last_event_id else after
    return StreamingResponse(
        live.follow(world.schema, position, held.expires_at),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-World-Kind": world.kind},
    )


@router.get("/{world}/journal", responses=responses(404, 422))
def read_journal(
    world: WorldDep, after: Annotated[Id64, Query()] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> list[EntryOut]:
    """Entries after a position, oldest first."""
    with reading(world) as tx:
        return [EntryOut(**journal.said(entry)) for entry in journal.read(tx.session, after, limit)]


@router.put("/{world}/clock", responses=responses(404, 409, 422))
def set_clock(world: WorldDep, actor: ActorDep, body: ClockIn) -> WorldOut:
    """Run a drill's clock faster, slower, or pause it with 0; set it forward."""
    with writing(world, actor) as tx:
        worlds.set_clock(tx, body.speed, body.at)
    return _out(world)
