"""The board as it was: folded from the journal up to any moment, with a hash that says whether two are the same."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from command import board
from command.access import require
from command.board import COLLECTIONS, Item
from command.events import Event
from command.journal import GENESIS, position
from command.tables import Entry
from gis_data.db import Reading, Writing, reading
from gis_data.errors import Invalid, NotFound
from gis_data.world import World

EVERY = 2_000
"""Entries between the boards that are kept as files, so that no replay reads more than that."""
Collections = dict[str, dict[str, Item]]


@dataclass(frozen=True)
class SituationKept(Event):
    """A situation (态势快照) was marked, to be looked at again: the board's hash at the entry before this one."""

    seq: int
    board_hash: str
    note: str


@dataclass(frozen=True)
class Past:
    """The board after entry `seq`, which was the newest at `at`."""

    seq: int
    at: datetime
    collections: Collections

    @property
    def hash(self) -> str:
        """The hash of all items: equal for equal boards."""
        return board_hash(self.collections)


def board_hash(collections: Mapping[str, Mapping[str, Item]]) -> str:
    """`sha256` of the board's items, keys sorted, collections without items left out."""
    held = {name: items for name, items in collections.items() if items}
    return hashlib.sha256(
        json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def entry_at(tx: Reading, at: datetime) -> int:
    """The newest entry at a moment of the world's clock, 0 for none; the clock of a world never goes back."""
    return tx.session.scalar(select(func.max(Entry.seq)).where(Entry.at <= at)) or 0


def past(tx: Reading, seq: int, kept: Path) -> Past:
    """The board after an entry; boards on the way are kept as files in a folder, which may be deleted at any time.

    Raises NotFound for an entry that is not there yet.
    """
    at = tx.session.scalar(select(Entry.at).where(Entry.seq == seq))
    if at is None:
        raise NotFound(f"日志没有第 {seq} 号记录。", f"The journal has no entry {seq}.", field="seq")
    after, found = _nearest(tx, seq, kept)
    for number, digest, patch in _patches(tx, after, seq):
        _fold(found, patch)
        if number % EVERY == 0:
            _keep(kept / f"{number}-{digest[:16]}", found)
    return Past(seq, at, {name: found.get(name, {}) for name in COLLECTIONS})


def folder(data: Path, world: World) -> Path:
    """Where the kept boards of a world lie."""
    return data / "replay" / world.schema


def _fold(found: Collections, patch: board.Patch) -> None:
    """`board.apply` in place."""
    for name, items in patch["put"].items():
        found.setdefault(name, {}).update(items)
    for name, ids in patch["drop"].items():
        for id_ in ids:
            found.get(name, {}).pop(id_, None)


def _patches(tx: Reading, after: int, until: int) -> Iterator[tuple[int, str, board.Patch]]:
    query = text(  # a batch comes as one text: a hundred thousand values of their own take three times as long
        f"""select '[' || string_agg(body->>'patch', ',' order by seq) || ']', array_agg(hash order by seq)
        from (select seq, hash, body from "{tx.world.schema}".journal
          where seq > :after and seq <= :until order by seq limit :most) b"""
    )
    while after < until:
        patches, hashes = tx.session.execute(query, {"after": after, "until": until, "most": EVERY}).one()
        for patch, digest in zip(json.loads(patches), hashes, strict=True):
            after += 1
            yield after, digest, patch


def _nearest(tx: Reading, seq: int, kept: Path) -> tuple[int, Collections]:
    """The newest kept board that belongs to this journal, up to an entry."""
    there = {int(file.name.partition("-")[0]): file for file in kept.glob("*-*")} if kept.exists() else {}
    for number in sorted((n for n in there if n <= seq), reverse=True):
        digest = tx.session.scalar(select(Entry.hash).where(Entry.seq == number)) or GENESIS
        if there[number].name == f"{number}-{digest[:16]}":
            found: Collections = json.loads(zlib.decompress(there[number].read_bytes()))
            return number, found
    return 0, {}


def _keep(file: Path, found: Collections) -> None:
    """Written beside and moved into place: a file is whole, or not there."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(zlib.compress(json.dumps(found, ensure_ascii=False).encode(), 1))
        new.rename(file)


def keep_up(world: World, kept: Path) -> None:
    """Keep the boards that are due, so that no replay has far to read."""
    with reading(world) as tx:
        newest = position(tx.session)
        due = newest - newest % EVERY
        if due and not any(kept.glob(f"{due}-*")):
            past(tx, due, kept)


def span(tx: Reading, steps: int = 200) -> dict[str, Any]:
    """From when to when the journal goes, and how many entries fall into each of equal steps of the world's clock."""
    first, last, newest = tx.session.execute(select(func.min(Entry.at), func.max(Entry.at), func.max(Entry.seq))).one()
    if newest is None:
        return {"seq": 0, "begins": None, "ends": None, "steps": []}
    width = max((last - first).total_seconds() / steps, 1e-3)
    step = func.least(func.floor(func.extract("epoch", Entry.at - first) / width), steps - 1)
    counts = {int(n): count for n, count in tx.session.execute(select(step, func.count()).group_by(step))}
    return {"seq": newest, "begins": first, "ends": last, "steps": [counts.get(n, 0) for n in range(steps)]}


def keep_situation(tx: Writing, note: str) -> SituationKept:
    """Mark the situation as it stands, on the record."""
    require(tx.actor, "situation.keep")
    if len(note) > 200:
        raise Invalid("说明不超过 200 字。", "A note has 200 characters at most.", field="note")
    now = board.snapshot(tx)
    digest = board_hash({name: now[name] for name in COLLECTIONS})
    said = f"：{note}" if note else ""
    event = SituationKept(
        f"留存态势快照{said}", f"Situation kept{': ' + note if note else ''}", now["seq"], digest, note
    )
    board.record(tx, event)
    return event
