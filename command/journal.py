"""The journal: append-only, numbered per world, chained by hash. It can be verified by anyone who can read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from command.events import Event
from command.tables import Entry
from gis_data.db import Reading, Writing

CHANNEL = "baochu"
"""NOTIFY channel; the payload is `schema:seq`."""
GENESIS = "0" * 64


def canonical(entry: Entry) -> bytes:
    """The bytes that an entry's hash is made of: every column but the hashes, keys sorted, UTF-8."""
    columns = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "actor": entry.actor,
        "post": entry.post,
        "kind": entry.kind,
        "body": entry.body,
    }
    return json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(entry: Entry) -> str:
    """`sha256(prev_hash || canonical event)`, in hex."""
    return hashlib.sha256(entry.prev_hash.encode() + canonical(entry)).hexdigest()


def append(tx: Writing, events: Sequence[tuple[Event, Mapping[str, Any]]]) -> None:
    """Write events with their patches at the journal's end and tell all listeners when the transaction commits."""
    newest = select(Entry.seq, Entry.hash).order_by(Entry.seq.desc()).limit(1)
    last = tx.session.execute(newest).one_or_none()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    for event, patch in events:
        seq += 1
        entry = Entry(
            seq=seq,
            at=tx.at,
            recorded_at=tx.real_at,
            actor=tx.actor.username,
            post=tx.actor.post,
            kind=event.kind,
            body={"zh": event.zh, "en": event.en, "facts": event.facts, "patch": dict(patch)},
            prev_hash=previous,
        )
        entry.hash = previous = chained(entry)
        tx.session.add(entry)
    tx.session.flush()
    notice = {"channel": CHANNEL, "payload": f"{tx.world.schema}:{seq}"}
    tx.session.execute(text("select pg_notify(:channel, :payload)"), notice)


def position(session: Session) -> int:
    """The number of the newest entry, 0 for none."""
    return session.scalar(select(Entry.seq).order_by(Entry.seq.desc()).limit(1)) or 0


def read(session: Session, after: int = 0, limit: int = 1000) -> list[Entry]:
    """Entries after a position, oldest first."""
    return list(session.scalars(select(Entry).where(Entry.seq > after).order_by(Entry.seq).limit(limit)))


def said(entry: Entry) -> dict[str, Any]:
    """An entry as people read it, without the patch."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "kind": entry.kind,
        "actor": entry.post,
        "zh": entry.body["zh"],
        "en": entry.body["en"],
    }


@dataclass(frozen=True)
class Verdict:
    """What verification found: how many entries hold, and the first that does not."""

    entries: int
    broken_at: int | None
    zh: str
    en: str


def _all(session: Session) -> Iterator[Entry]:
    after = 0
    while batch := read(session, after):
        yield from batch
        after = batch[-1].seq
        session.expunge_all()


def verify(tx: Reading) -> Verdict:
    """Walk the whole chain: numbers without gaps, each hash right, each linked to the one before."""
    previous, count = GENESIS, 0
    for entry in _all(tx.session):
        wrong: tuple[str, str] | None = None
        if entry.seq != count + 1:
            wrong = (f"缺少第 {count + 1} 号记录", f"entry {count + 1} is missing")
        elif entry.prev_hash != previous:
            wrong = (f"第 {entry.seq} 号与前一号不相接", f"entry {entry.seq} is not linked to the one before")
        elif chained(entry) != entry.hash:
            wrong = (f"第 {entry.seq} 号内容被改动", f"entry {entry.seq} has been changed")
        if wrong:
            return Verdict(count, count + 1, *wrong)
        previous, count = entry.hash, count + 1
    return Verdict(count, None, f"{count} 条记录完整", f"{count} entries, all sound")
