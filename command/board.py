"""The board: all that is open in a world, by id. Snapshot and patches are read by the same queries, so they agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, true
from sqlalchemy.orm import Session

from command import journal
from command.board_queries import COLLECTIONS as COLLECTIONS
from command.events import Event, Touched
from gis_data.db import Reading, Writing

Item = dict[str, Any]
Patch = dict[str, Any]
"""`{"put": {collection: {id: item}}, "drop": {collection: [id]}}`."""

_AS_TEXT: dict[type, Callable[[Any], str]] = {UUID: str, datetime: datetime.isoformat, date: date.isoformat}


def items(session: Session, collection: str, ids: list[str] | None = None) -> dict[str, Item]:
    """The open items of a collection (of these ids, if given), by id."""
    query, key, is_open = COLLECTIONS[collection]()
    return _read(session, query.where(is_open, key.in_(ids) if ids is not None else true()))


def items_of(session: Session, collection: str, ids: Sequence[UUID]) -> list[Item]:
    """Items of these ids, open or not, in their order."""
    query, key, _ = COLLECTIONS[collection]()
    found = _read(session, query.where(key.in_(ids)))
    return [found[str(id_)] for id_ in ids]


def item(session: Session, collection: str, id_: object) -> Item:
    """One item, open or not."""
    query, key, _ = COLLECTIONS[collection]()
    session.flush()
    return _read(session, query.where(key == id_))[str(id_)]


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> dict[str, Item]:
    found = {}
    for row in session.execute(query).mappings():
        item = dict(row)
        for name, value in row.items():
            if as_text := _AS_TEXT.get(type(value)):
                item[name] = as_text(value)
        for name in ("route", "geom"):
            if isinstance(item.get(name), str):
                item[name] = json.loads(item[name])
        found[item["id"]] = item
    return found


def record(tx: Writing, *events: Event) -> None:
    """Write down what happened, with the patch that shows it.

    Of several events at once, which commit as one, each item is shown by the last that touches it.
    """
    tx.session.flush()
    last = {(collection, id_): n for n, e in enumerate(events) for collection, ids in e.touched.items() for id_ in ids}
    touched: Touched = {}
    for collection, id_ in last:
        touched.setdefault(collection, []).append(id_)
    found = {collection: items(tx.session, collection, ids) for collection, ids in touched.items()}
    patches: list[Patch] = [{"put": {}, "drop": {}} for _ in events]
    for (collection, id_), n in last.items():
        if item := found[collection].get(id_):
            patches[n]["put"].setdefault(collection, {})[id_] = item
        else:
            patches[n]["drop"].setdefault(collection, []).append(id_)
    journal.append(tx, list(zip(events, patches, strict=True)))


def snapshot(tx: Reading) -> dict[str, Any]:
    """The whole board and the journal position that it belongs to, as of one moment."""
    return {
        "seq": journal.position(tx.session),
        "at": tx.at.isoformat(),
        "real_at": tx.real_at.isoformat(),
        "world": {"name": tx.world.name, "kind": tx.world.kind, "title": tx.world.title},
        **{collection: items(tx.session, collection) for collection in COLLECTIONS},
    }


def apply(collections: Mapping[str, Mapping[str, Item]], patch: Patch) -> dict[str, dict[str, Item]]:
    """The board after a patch: the fold that pages, replay and review share."""
    after = {name: dict(found) for name, found in collections.items()}
    for name, found in patch["put"].items():
        after.setdefault(name, {}).update(found)
    for name, ids in patch["drop"].items():
        for id_ in ids:
            after.get(name, {}).pop(id_, None)
    return after
