"""The journal for people who read it: by incident, by post, by track, by words; each entry with whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, Uuid, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from command import journal
from command.access import require
from command.incidents import get_incident
from command.tables import Entry, Incident
from gis_data.db import Reading
from gis_data.tables import WORLD, Base
from gis_data.world import Actor

FOLLOWED = frozenset(
    {
        "incident", "dispatch", "task", "response", "response_decision", "transfer_order", "callout", "event_report",
        "loss_report", "document", "incident_mark",
    }
)  # fmt: skip
"""Tables whose rows belong to an incident or a track by one of their `…_id` columns."""
KINDS_OF = {"flood": ("flood",), "typhoon": ("flood",), "geohazard": ("geohazard",), "forest_fire": ("forest_fire",)}
"""Track → the kinds of incidents that belong to it."""


@dataclass(frozen=True)
class Wanted:
    """What to look for: all that is given must hold. `words` are separated by spaces; `kind` is an event's name."""

    words: str = ""
    incident_id: UUID | None = None
    track: str = ""
    post: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A page of entries, the newest first, whether each holds, and how many there are in all."""

    entries: tuple[tuple[Entry, bool], ...]
    total: int
    more: bool


def search(tx: Reading, actor: Actor, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> Found:
    """A page of what was looked for, before a position."""
    require(actor, "journal.read")
    where = list(_conditions(tx.session, wanted))
    total = tx.session.scalar(select(func.count()).select_from(Entry).where(*where)) or 0
    page = select(Entry).where(*where, Entry.seq < before if before else literal(True)).order_by(Entry.seq.desc())
    rows = list(tx.session.scalars(page.limit(limit + 1)))
    shown = rows[:limit]
    earlier = select(Entry.seq, Entry.hash).where(Entry.seq.in_([row.seq - 1 for row in shown]))
    linked = {0: journal.GENESIS} | dict(tx.session.execute(earlier).tuples().all())
    held = [journal.chained(row) == row.hash and linked.get(row.seq - 1) == row.prev_hash for row in shown]
    return Found(tuple(zip(shown, held, strict=True)), total, len(rows) > limit)


def verify(tx: Reading, actor: Actor) -> journal.Verdict:
    """Walk the whole chain, for whoever may read it."""
    require(actor, "journal.read")
    return journal.verify(tx)


def posts(tx: Reading, actor: Actor) -> list[str]:
    """The posts that have acted in this world."""
    require(actor, "journal.read")
    return list(tx.session.scalars(select(Entry.post).distinct().order_by(Entry.post)))


def _conditions(session: Session, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    words, english = Entry.body["zh"].as_string(), Entry.body["en"].as_string()
    for word in wanted.words.split():
        some = (words, english, Entry.post, Entry.kind)
        yield or_(*(column.icontains(word, autoescape=True) for column in some))
    if wanted.incident_id:
        get_incident(session, wanted.incident_id)
        yield _mentions(related(session, {wanted.incident_id}))
    if wanted.track:
        own = Entry.body["facts"]["track"].as_string() == wanted.track
        yield or_(own, _mentions(related(session, _of(session, wanted.track))))
    if wanted.post:
        yield Entry.post == wanted.post
    if wanted.kind:
        yield Entry.kind == wanted.kind
    if wanted.since:
        yield Entry.at >= wanted.since
    if wanted.until:
        yield Entry.at < wanted.until


def _mentions(ids: set[UUID]) -> ColumnElement[bool]:
    if not ids:
        return literal(False)
    return cast(Entry.body["facts"], String).op("~")("|".join(str(id_) for id_ in sorted(ids)))


def _of(session: Session, track: str) -> set[UUID]:
    """Rows of a track itself, and incidents of its kinds."""
    found = set(session.scalars(select(Incident.id).where(Incident.kind.in_(KINDS_OF.get(track, ())))))
    for table in _tables():
        if "track" in table.c:
            found |= set(session.scalars(select(table.c.id).where(table.c.track == track)))
    return found


def related(session: Session, seeds: set[UUID]) -> set[UUID]:
    """These rows and all that belong to them, such as the orders of a dispatch of an incident."""
    found, new = set(seeds), set(seeds)
    while new:
        more: set[UUID] = set()
        for table in _tables():
            links = [
                column for column in table.c
                if column.name.endswith("_id") and column.name != "team_id" and isinstance(column.type, Uuid)
            ]  # fmt: skip
            if links:
                more |= set(session.scalars(select(table.c.id).where(or_(*(column.in_(new) for column in links)))))
        new = more - found
        found |= new
    return found


def _tables() -> list[Table]:
    return [t for t in Base.metadata.sorted_tables if t.schema == WORLD and t.name in FOLLOWED and "id" in t.c]
