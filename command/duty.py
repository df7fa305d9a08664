"""Duty (值班): a shift starts only when each open item was accepted one by one; the log; rolls are in duty_rolls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import COLLECTIONS, items, record
from command.callout_outbox import digest
from command.duty_events import DutyLogged, HandoverDropped, HandoverItemAccepted, HandoverOffered, ShiftStarted
from command.duty_tables import DutyEntry, DutyItem, DutyShift
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables.base import new_id

OPEN: Mapping[str, tuple[str, str]] = {
    "incidents": ("事件", "title"),
    "tasks": ("任务", "text_zh"),
    "callouts": ("叫应", "title"),
    "closures": ("封控", "road_name"),
    "suggestions": ("建议封控", "place"),
    "decisions": ("待批响应", "track_zh"),
    "responses": ("响应", "track_zh"),
    "transfers": ("转移", "scope"),
}
"""Collections of the board that are handed over: their word, and the field that names an item."""
CHANNELS = ("phone", "message", "radio", "fax", "visit", "video", "handover", "other")
"""How something reached the duty desk; `handover` is what one post leaves to the next (交接事项)."""


def shift(session: Session, state: str) -> DutyShift | None:
    """The shift that is on duty (`on`), or being handed over (`handover`)."""
    return session.scalars(select(DutyShift).where(DutyShift.state == state)).one_or_none()


def items_of(session: Session, shift_id: UUID) -> list[DutyItem]:
    """The items of a hand-over, in the order they were listed."""
    query = (
        select(DutyItem)
        .where(DutyItem.shift_id == shift_id)
        .order_by(DutyItem.added_at, DutyItem.of_kind, DutyItem.of_id)
    )
    return list(session.scalars(query))


def take_over(tx: Writing, leader: str = "") -> DutyShift:
    """Begin a hand-over to this actor's post; everything open is listed. The shift on duty goes on meanwhile."""
    require(tx.actor, "duty.keep")
    if shift(tx.session, "handover") is not None:
        raise Conflict("正在交接班。", "A hand-over is under way already.")
    before = shift(tx.session, "on")
    if before is not None and before.account == tx.actor.username:
        raise Conflict("您正在值班，应由接班岗位办理交接。", "You are on duty; who takes over does this.")
    row = DutyShift(
        id=new_id(), state="handover", outgoing_id=before.id if before else None,
        outgoing_post=before.post if before else None, post=tx.actor.post, account=tx.actor.username, leader=leader,
        offered_at=tx.at, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    listed = [item for item in _relist(tx, row) if item.gone_at is None]
    zh = f"交接班：{row.outgoing_post or '（无）'} → {row.post}，待交接 {len(listed)} 项"
    en = f"Hand-over: {row.outgoing_post or '(nobody)'} → {row.post}, {len(listed)} open items"
    ids = [str(one.id) for one in (row, before) if one]
    record(tx, HandoverOffered(zh, en, ids, row.outgoing_post, row.post, [i.title for i in listed]))
    return row


def _open(session: Session) -> dict[tuple[str, str], str]:
    """What is open now: (collection, id) → its words."""
    found = {}
    for collection, (word, field) in OPEN.items():
        for id_, item in items(session, collection).items() if collection in COLLECTIONS else ():
            words = item[field] if isinstance(item[field], str) else ""
            found[collection, id_] = f"{word}：{' '.join(filter(None, [item.get('no'), words]))}"
    for entry in session.scalars(select(DutyEntry).where(DutyEntry.closed_at.is_(None)).order_by(DutyEntry.at)):
        found["entries", str(entry.id)] = f"值班事项：{entry.no}"
    return found


def _relist(tx: Writing, row: DutyShift) -> list[DutyItem]:
    """Bring the list up to what is open now: what is new is added, what is over and not yet accepted is gone."""
    now = _open(tx.session)
    listed = {(one.of_kind, one.of_id): one for one in items_of(tx.session, row.id)}
    for key, one in listed.items():
        if one.accepted_at is None:
            one.gone_at = None if key in now else one.gone_at or tx.at
    for (kind, id_), title in now.items():
        if (kind, id_) not in listed:
            added = DutyItem(
                id=new_id(), shift_id=row.id, of_kind=kind, of_id=id_, title=title, added_at=tx.at,
                recorded_at=tx.real_at,
            )  # fmt: skip
            tx.session.add(added)
            listed[kind, id_] = added
    tx.session.flush()
    return list(listed.values())


def _handover(tx: Writing, shift_id: UUID) -> DutyShift:
    require(tx.actor, "duty.keep")
    row = tx.session.get(DutyShift, shift_id)
    if row is None:
        raise NotFound("没有这一班次。", "There is no such shift.", field="shift_id")
    if row.state != "handover":
        raise Conflict("该班次不在交接中。", "This shift is not being handed over.")
    if row.account != tx.actor.username:
        raise Denied("交接事项须由接班岗位逐项接收。", "The post that takes over does this itself.", field="shift_id")
    return row


def relist(tx: Writing, shift_id: UUID) -> DutyShift:
    """Add to a hand-over what has come since; what was accepted stays accepted."""
    row = _handover(tx, shift_id)
    before = {one.id for one in items_of(tx.session, row.id)}
    came = [one.title for one in _relist(tx, row) if one.id not in before]
    zh, en = f"交接班新增待接收 {len(came)} 项", f"{len(came)} more open items to accept"
    record(tx, HandoverOffered(zh, en, [str(row.id)], row.outgoing_post, row.post, came))
    return row


def accept(tx: Writing, shift_id: UUID, item_id: UUID) -> DutyItem:
    """Accept one open item; only the post that takes over does."""
    row = _handover(tx, shift_id)
    item = tx.session.get(DutyItem, item_id)
    if item is None or item.shift_id != row.id:
        raise NotFound("没有这一交接事项。", "There is no such item.", field="item_id")
    if item.accepted_at is not None:
        raise Conflict("该事项已接收。", "This item is accepted already.")
    item.accepted_at, item.accepted_by, item.gone_at = tx.at, tx.actor.post, None
    zh = f"{row.post}接收交接事项（交班 {row.outgoing_post or '无'}）：{item.title}"
    en = f"{row.post} accepts from {row.outgoing_post or 'nobody'}: {item.title}"
    record(tx, HandoverItemAccepted(zh, en, str(row.id), item.title, row.outgoing_post, row.post))
    return item


def start(tx: Writing, shift_id: UUID) -> DutyShift:
    """Start the shift. Refused while anything that is open, also since the hand-over began, is not accepted."""
    row = _handover(tx, shift_id)
    listed = _relist(tx, row)
    waiting = [one.title for one in listed if one.accepted_at is None and one.gone_at is None]
    if waiting:
        raise Conflict(
            f"还有 {len(waiting)} 项未接收：{'；'.join(waiting[:3])}",
            f"{len(waiting)} items are not accepted: {'; '.join(waiting[:3])}",
            field="items",
        )
    before = shift(tx.session, "on")
    if before is not None:
        before.state, before.ended_at = "ended", tx.at
        tx.session.flush()
    row.state, row.started_at = "on", tx.at
    accepted = [one.title for one in listed if one.accepted_at is not None]
    zh = f"{row.post}接班（交班 {row.outgoing_post or '无'}），接收 {len(accepted)} 项"
    en = f"{row.post} on duty (from {row.outgoing_post or 'nobody'}), {len(accepted)} items accepted"
    ids = [str(one.id) for one in (row, before) if one]
    record(tx, ShiftStarted(zh, en, ids, row.outgoing_post, row.post, accepted))
    return row


def drop(tx: Writing, shift_id: UUID, reason: str) -> DutyShift:
    """Call a hand-over off, with the reason; whoever keeps duty may."""
    require(tx.actor, "duty.keep")
    row = tx.session.get(DutyShift, shift_id)
    if row is None:
        raise NotFound("没有这一班次。", "There is no such shift.", field="shift_id")
    if row.state != "handover":
        raise Conflict("该班次不在交接中。", "This shift is not being handed over.")
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    row.state, row.ended_at = "dropped", tx.at
    record(tx, HandoverDropped(f"取消交接班：{reason}", f"Hand-over called off: {reason}", str(row.id), reason))
    return row


@dataclass(frozen=True)
class NewEntry:
    """What came in: when (none: now), how, from whom as a post, what, what was done; closed at once with `closure`."""

    channel: str
    person_post: str
    content: str
    action: str = ""
    closure: str = ""
    at: datetime | None = None


def log(tx: Writing, said: NewEntry) -> DutyEntry:
    """Write into the duty log. An entry without a closure stays open and is handed over."""
    require(tx.actor, "duty.keep")
    if said.channel not in CHANNELS:
        raise Invalid(f"没有渠道“{said.channel}”。", f"There is no channel “{said.channel}”.", field="channel")
    if not said.content.strip():
        raise Invalid("请填写内容。", "Say what it was.", field="content")
    if said.at is not None and not tx.at - timedelta(days=366) <= said.at <= tx.at:
        raise Invalid("时间不能晚于现在，也不能早于一年前。", "The time lies ahead, or a year back.", field="at")
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    count = tx.session.scalar(select(func.count()).where(DutyEntry.no.startswith(day))) or 0
    on = shift(tx.session, "on")
    closed: dict[str, Any] = {}
    if said.closure.strip():
        closed = {"closure": said.closure, "closed_at": tx.at, "closed_by": tx.actor.post}
    row = DutyEntry(
        id=new_id(), no=f"{day}-Z{count + 1:03d}", shift_id=on.id if on else None,
        at=(said.at or tx.at).astimezone(UTC), channel=said.channel, person_post=said.person_post,
        content=said.content, action=said.action,
        written_by=tx.actor.post, recorded_at=tx.real_at, **closed,
    )  # fmt: skip
    tx.session.add(row)
    record(tx, _logged(row, f"值班日志 {row.no}", f"Duty log {row.no}"))
    return row


def close_entry(tx: Writing, entry_id: UUID, closure: str, action: str = "") -> DutyEntry:
    """Write how an entry ended."""
    require(tx.actor, "duty.keep")
    row = tx.session.get(DutyEntry, entry_id)
    if row is None:
        raise NotFound("没有这条日志。", "There is no such entry.", field="entry_id")
    if row.closed_at is not None:
        raise Conflict("该条日志已办结。", "This entry is closed already.")
    if not closure.strip():
        raise Invalid("请填写办结情况。", "Say how it ended.", field="closure")
    row.closure, row.closed_at, row.closed_by = closure, tx.at, tx.actor.post
    row.action = action or row.action
    record(tx, _logged(row, f"值班日志办结 {row.no}", f"Duty log {row.no} closed"))
    return row


def _logged(row: DutyEntry, zh: str, en: str) -> DutyLogged:
    parts = row.at.isoformat(), row.channel, row.person_post, row.content, row.action, row.closure or ""
    words = "\n".join(parts)
    return DutyLogged(zh, en, str(row.id), row.no, row.channel, row.closed_at is not None, digest(words))
