"""The journal to read: a timeline by incident, post or track, searched by words, with its chain verified."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from command import journal, journal_search
from command.journal_search import Wanted
from gis_data.db import reading
from web.api.schemas import EntryOut, Text
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/journal", tags=["journal"])


class TimelineEntryOut(EntryOut):
    """An entry with its place in the chain; `sound`: its hash is right and it is linked to the one before."""

    prev_hash: str
    hash: str
    sound: bool


class TimelineOut(BaseModel):
    """A page, the newest first; `next` asks for the page after it by `before`."""

    entries: list[TimelineEntryOut]
    total: int
    next: int | None


class VerdictOut(BaseModel):
    """What a walk over the whole chain found: how many entries hold, and the first that does not."""

    entries: int
    broken_at: int | None
    zh: str
    en: str


@router.get("/search", responses=responses(404, 422))
def search(
    world: WorldDep,
    actor: ActorDep,
    q: Annotated[Text, Query(description="words, separated by spaces; all must be there")] = "",
    incident_id: UUID | None = None,
    track: Annotated[str, Query(max_length=40, description="flood, typhoon, geohazard, forest_fire, …")] = "",
    post: Annotated[Text, Query()] = "",
    kind: Annotated[str, Query(max_length=60, description="an event's name")] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> TimelineOut:
    """Entries of a timeline, the newest first."""
    with reading(world) as tx:
        wanted = Wanted(q, incident_id, track, post, kind, since, until)
        found = journal_search.search(tx, actor, wanted, before=before, limit=limit)
        entries = [
            TimelineEntryOut(**journal.said(entry), prev_hash=entry.prev_hash, hash=entry.hash, sound=sound)
            for entry, sound in found.entries
        ]
    return TimelineOut(entries=entries, total=found.total, next=entries[-1].seq if found.more else None)


@router.get("/posts", responses=responses(404, 422))
def posts(world: WorldDep, actor: ActorDep) -> list[str]:
    """The posts that have acted in this world."""
    with reading(world) as tx:
        return journal_search.posts(tx, actor)


@router.get("/verify", responses=responses(404, 422))
def verify(world: WorldDep, actor: ActorDep) -> VerdictOut:
    """Walk the whole chain: numbers without gaps, each hash right, each entry linked to the one before."""
    with reading(world) as tx:
        return VerdictOut(**vars(journal_search.verify(tx, actor)))
