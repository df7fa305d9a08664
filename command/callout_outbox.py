"""Messages on their way out (发件箱): written with what they belong to, sent outside the world's writer, proved.

A message is sent at least once: its id goes with it. What waits is sent on after a power cut. A drill's messages have
one channel, its recorder, whatever was asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from command.board import record
from command.callout_events import MessagesFailed, MessagesSent
from command.callout_posts import posts
from command.callout_tables import CallEntry, OutMessage
from command.duty_events import ReminderStepped
from command.duty_tables import WorkReminder
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import Unavailable
from gis_data.registers import rows
from gis_data.tables.base import new_id
from gis_data.vault import vault
from gis_data.world import SYSTEM, World

RECORDER = "recorder"
BATCH = 16
MOST_TRIES = 20
LONGEST_S = 300
"""Tries are 2, 4, 8 … seconds apart, at most so many."""


@dataclass(frozen=True)
class Envelope:
    """A message as a channel takes it; `phone` is there for channels that call a number."""

    id: UUID
    channel: str
    mode: str
    to_name: str
    phone: str | None
    title: str
    text: str
    made_at: datetime


@dataclass(frozen=True)
class Result:
    """What became of a try: a receipt (`message_id`, `status`, `sha256`, `real_at`), or the problem.

    `final`: it will never go, and is not tried again.
    """

    id: UUID
    receipt: Mapping[str, Any] | None = None
    problem: str = ""
    final: bool = False


def put(
    tx: Writing,
    of_kind: str,
    of_id: UUID,
    channels: Iterable[str],
    title: str,
    words: str,
    to: tuple[str | None, str] = (None, ""),
) -> None:
    """Write a message for each channel, `to` a post (code, name); it goes out once this transaction is committed."""
    drill = tx.world.kind != "live"
    for channel in dict.fromkeys([RECORDER] if drill else channels):
        tx.session.add(
            OutMessage(
                id=new_id(), of_kind=of_kind, of_id=of_id, channel=channel, to_post=to[0], to_name=to[1],
                title=f"【演练】{title}" if drill else title,
                text=f"【演练】{words}" if drill else words, state="waiting", tries=0, made_at=tx.at,
                next_at=tx.real_at, recorded_at=tx.real_at,
            )
        )  # fmt: skip


def withdraw(tx: Writing, of_ids: Sequence[UUID]) -> None:
    """Take back what has not gone yet."""
    waiting = OutMessage.of_id.in_(of_ids), OutMessage.state == "waiting"
    tx.session.execute(update(OutMessage).where(*waiting).values(state="withdrawn"))


def due(world: World, data: Path) -> list[Envelope]:
    """What is to be sent now, the oldest first."""
    m = OutMessage
    with reading(world, SYSTEM) as tx:
        query = select(m).where(m.state == "waiting", m.next_at <= tx.real_at).order_by(m.made_at, m.id).limit(BATCH)
        found = list(tx.session.scalars(query))
        phones = _phones(tx, [one.to_post for one in found if one.to_post and one.channel == "sms"], data)
        mode = "实战" if world.kind == "live" else "演练"
        return [
            Envelope(
                one.id, one.channel, mode, one.to_name, phones.get(one.to_post or ""), one.title, one.text, one.made_at
            )
            for one in found
        ]


def _phones(tx: Reading, codes: list[str], data: Path) -> dict[str, str]:
    """A number for each post: the mobile of who holds it and is there, else the post's own."""
    if not codes:
        return {}
    today = tx.at.astimezone(SHANGHAI).date()
    found = {code: post.phone for code, post in posts(tx.session, codes, today).items()}
    query = text(
        "select distinct on (post_code) id, code, post_code from gis.post_holder where valid_to is null"
        " and post_code = any(:codes) and on_leave is not true and (since is null or since <= :today)"
        " and (until is null or until >= :today) order by post_code, since desc nulls last"
    )
    for row in tx.session.execute(query, {"codes": codes, "today": today}).all():
        if sealed := rows.secrets(tx.session, "post_holder", row.id).get("holder_phone"):
            with suppress(Unavailable):  # another key file: the post's own number is left
                found[row.post_code] = vault(data).open(sealed, "post_holder", "holder_phone", row.code)
    return {code: phone for code, phone in found.items() if phone}


def settle(world: World, results: Sequence[Result]) -> None:
    """Write down what became of tries; of each message its success, its first failure and its giving up are events."""
    if not results:
        return
    by_id = {result.id: result for result in results}
    with writing(world, SYSTEM) as tx:
        sent, failed = [], []
        for row in tx.session.scalars(
            select(OutMessage).where(OutMessage.id.in_(by_id), OutMessage.state.in_(("waiting", "withdrawn")))
        ):
            result = by_id[row.id]
            row.tries += 1
            if result.receipt is not None:
                row.state, row.sent_at, row.receipt, row.problem = "sent", tx.at, dict(result.receipt), None
                sent.append(row)  # even if it was taken back meanwhile: it is out
                continue
            if row.state == "withdrawn":
                continue
            row.problem = result.problem
            row.next_at = tx.real_at + timedelta(seconds=min(2**row.tries, LONGEST_S))
            if result.final or row.tries >= MOST_TRIES:
                row.state = "failed"
            if row.tries == 1 or row.state == "failed":
                failed.append(row)
        for row in (*sent, *failed):
            if row.of_kind == "record":
                step = "delivered" if row.state == "sent" else "undelivered"
                note(tx, row.of_id, step, row.channel, row.to_name, row.problem or "", SYSTEM.post)
        _say(tx, sent, failed)


def _say(tx: Writing, sent: Sequence[OutMessage], failed: Sequence[OutMessage]) -> None:
    if sent:
        receipts = [{"id": str(m.id), "channel": m.channel, "of": str(m.of_id), **(m.receipt or {})} for m in sent]
        names = "、".join(sorted({m.channel for m in sent}))
        zh, en = f"消息已送出 {len(sent)} 条（{names}）", f"{len(sent)} messages sent ({names})"
        record(tx, MessagesSent(zh, en, receipts))
    if failed:
        failures = [
            {"id": str(m.id), "channel": m.channel, "of": str(m.of_id), "problem": m.problem, "tries": m.tries,
             "given_up": m.state == "failed"}
            for m in failed
        ]  # fmt: skip
        names = "、".join(sorted({m.channel for m in failed}))
        zh, en = f"消息未送出 {len(failed)} 条（{names}）", f"{len(failed)} messages did not get out ({names})"
        record(tx, MessagesFailed(zh, en, failures))
    for message in sent:
        if message.of_kind == "reminder":
            _reminder_sent(tx, message.of_id)


def _reminder_sent(tx: Writing, reminder_id: UUID) -> None:
    """The first channel that took the reminder says when it was sent."""
    row = tx.session.get_one(WorkReminder, reminder_id)
    if row.sent_at is not None:
        return
    row.state, row.sent_at = "sent", tx.at
    on_time = tx.at <= row.deadline
    zh = f"工作提醒 {row.day} 已发送（{'准时' if on_time else '迟发'}）"
    en = f"Work reminder of {row.day} sent ({'on time' if on_time else 'late'})"
    record(tx, ReminderStepped(zh, en, str(row.id), row.day.isoformat(), "sent", digest(row.text), on_time))


def note(tx: Writing, record_id: UUID, step: str, channel: str, whom: str, words: str, by: str) -> None:
    """Write an entry of a call record."""
    tx.session.add(
        CallEntry(
            id=new_id(), record_id=record_id, step=step, channel=channel, whom=whom, text=words, at=tx.at, by=by,
            recorded_at=tx.real_at,
        )
    )  # fmt: skip


def digest(words: str) -> str:
    """SHA-256 of words, in hex."""
    return hashlib.sha256(words.encode()).hexdigest()


def messages_of(session: Session, of_ids: Sequence[UUID]) -> list[OutMessage]:
    """All messages of some records, reminders or call-outs, the oldest first."""
    query = select(OutMessage).where(OutMessage.of_id.in_(of_ids)).order_by(OutMessage.made_at, OutMessage.id)
    return list(session.scalars(query))
