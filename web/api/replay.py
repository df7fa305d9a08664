"""The past of a world: its board at any moment, the entries from there on, marked situations, response times."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from command import replay, review
from command.journal import read
from gis_data.db import reading, writing
from gis_data.errors import Invalid
from web.api.replay_schemas import PastOut, PatchOut, ReviewOut, SituationIn, SituationOut, SpanOut
from web.api.schemas import Id64
from web.deps import ActorDep, SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["replay"])


@router.get("/replay", responses=responses(404, 422))
def past(
    world: WorldDep, config: SettingsDep, at: datetime | None = None, seq: Annotated[Id64 | None, Query(ge=1)] = None
) -> PastOut:
    """The board after an entry, or at a moment of the world's clock, as it was shown then."""
    if (at is None) == (seq is None):
        raise Invalid("请给出时刻或记录号，且只给一项。", "Give either a moment or an entry's number.", field="at")
    if at is not None and at.tzinfo is None:
        raise Invalid("时刻须带时区。", "The moment needs its time zone.", field="at")
    with reading(world) as tx:
        number = seq if seq is not None else replay.entry_at(tx, at)  # type: ignore[arg-type]  # one of both
        found = replay.past(tx, number, replay.folder(config.data, world))
    return PastOut(seq=found.seq, at=found.at, hash=found.hash, kind=world.kind, collections=found.collections)


@router.get("/replay/span", responses=responses(404))
def span(world: WorldDep, steps: Annotated[int, Query(ge=1, le=2000)] = 200) -> SpanOut:
    """From when to when there is something to see, and how much happened in each step."""
    with reading(world) as tx:
        return SpanOut(**replay.span(tx, steps))


@router.get("/replay/patches", responses=responses(404, 422))
def patches(
    world: WorldDep, after: Annotated[Id64, Query()] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 500
) -> list[PatchOut]:
    """Entries after one with what each changed on the board, as the stream sent them."""
    with reading(world) as tx:
        return [
            PatchOut(
                seq=entry.seq, at=entry.at, kind=entry.kind, actor=entry.post, zh=entry.body["zh"],
                en=entry.body["en"], **entry.body["patch"],
            )
            for entry in read(tx.session, after, limit)
        ]  # fmt: skip


@router.post("/situations", status_code=201, responses=responses(404, 422))
def keep(world: WorldDep, actor: ActorDep, body: SituationIn) -> SituationOut:
    """Mark the situation as it stands (态势快照); replay at its `seq` has the same hash."""
    with writing(world, actor) as tx:
        kept = replay.keep_situation(tx, body.note)
        return SituationOut(seq=kept.seq, at=tx.at, hash=kept.board_hash, note=kept.note)


@router.get("/review", responses=responses(404, 422))
def response_times(
    world: WorldDep, actor: ActorDep, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> ReviewOut:
    """For the review sheet: how long each task, call, dispatch and decision took to each of its steps."""
    with reading(world) as tx:
        lines = review.times(tx, actor, since, until)
    return ReviewOut(
        lines=[asdict(one) for one in lines],
        figures=[asdict(one) for one in review.figures(lines)],
    )
