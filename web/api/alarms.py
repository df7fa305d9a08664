"""What people say of alarms: who took note, who silenced all screens and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from command import alarms, board
from gis_data.db import reading, writing
from web.api.schemas import In
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/alarms", tags=["alarms"])


class AlarmIn(In):
    """An alarm as a screen shows it: the board's object, and which of its alarms."""

    kind: alarms.AlarmKind
    id: Annotated[str, Field(min_length=1, max_length=80)]
    episode: Annotated[str, Field(max_length=80)] = ""


class AcknowledgeIn(In):
    """Alarms that somebody takes note of."""

    alarms: Annotated[list[AlarmIn], Field(min_length=1, max_length=200)]


class MuteIn(In):
    """For how long all screens are silent; 0: they sound again."""

    minutes: Annotated[int, Field(ge=0, le=alarms.MUTE_MAX_MIN)]


class AlarmWordOut(BaseModel):
    """The last word about an object's alarm: `<kind>:<id>`; under `mute`, who silenced all screens `until` when."""

    id: str
    episode: str
    at: datetime
    by: str
    until: datetime | None


@router.get("", responses=responses(404, 422))
def index(world: WorldDep) -> list[AlarmWordOut]:
    """What was acknowledged of late, and who silenced the screens."""
    with reading(world) as tx:
        return [AlarmWordOut(**item) for item in board.items(tx.session, "alarms").values()]


@router.post("/acknowledge", responses=responses(404, 409, 422))
def acknowledge(world: WorldDep, actor: ActorDep, body: AcknowledgeIn) -> list[AlarmWordOut]:
    """知悉: from now on these alarms neither blink nor sound on any screen of this world."""
    said = [alarms.Alarm(one.kind, one.id, one.episode) for one in body.alarms]
    with writing(world, actor) as tx:
        ids = alarms.acknowledge(tx, said)
        return [AlarmWordOut(**board.item(tx.session, "alarms", id_)) for id_ in ids]


@router.post("/mute", responses=responses(404, 409, 422))
def mute(world: WorldDep, actor: ActorDep, body: MuteIn) -> AlarmWordOut:
    """静音: silence all screens of this world for so many minutes, or let them sound again."""
    with writing(world, actor) as tx:
        if body.minutes:
            alarms.mute(tx, body.minutes)
        else:
            alarms.unmute(tx)
        return AlarmWordOut(**board.item(tx.session, "alarms", alarms.MUTE))
