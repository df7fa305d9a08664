"""Call-outs (叫应): posts are called; each is reached, reads back, acts, and is verified by another account.

Who does not answer is tried another way as the ladder says; `callout_watch` notices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.access import permissions, require
from command.board import record
from command.callout_events import CallOutClosed, CallOutMade, CallStepped
from command.callout_ladder import CHANNELS, Pattern, Rung, ladder, next_rung
from command.callout_outbox import digest, note, put, withdraw
from command.callout_posts import Depth, called, is_post
from command.callout_tables import CallOut, CallRecord
from command.callout_why import Why, cause
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, Actor

Step = Literal["failed", "reached", "read_back", "action", "verified"]
STEPS: dict[str, tuple[str, str, str]] = {
    "failed": ("未接通", "did not answer", "sent"),
    "reached": ("已接通", "reached", "sent"),
    "read_back": ("已复述", "read back", "reached"),
    "action": ("已反馈行动", "action reported", "read_back"),
    "verified": ("已核实", "verified", "action"),
}
"""Step → its words, and the state that it is taken from (handbook, 5.6)."""
SAID = ("read_back", "action", "verified")
"""Steps of which one must say what was said, done or seen."""
_ASKS = {"phone": "", "deputy": "{}未叫应，请替补履职，", "visit": "{}未叫应，请上门告知，"}
"""Ways by which a message goes to somebody, and what it asks besides."""


@dataclass(frozen=True)
class NewCallOut:
    """Why, what is said, about which objects (register, code) and how far down; `channels` its messages go out by."""

    text: str
    why: Why = "hand"
    why_id: str | None = None
    title: str = ""
    scope: tuple[tuple[str, str], ...] = ()
    depth: Depth = "village"
    pattern: Pattern = "plain"
    channels: tuple[str, ...] = ("file",)
    id: UUID | None = None
    """What the caller names it by, so that a retry calls nobody twice."""


def make(tx: Writing, said: NewCallOut) -> CallOut:
    """Call all posts of the chains, one record each; messages go out once this is committed. One id is one call."""
    require(tx.actor, "callout.make")
    if said.id and (known := tx.session.get(CallOut, said.id)):
        return known
    if not said.text.strip():
        raise Invalid("请填写叫应内容。", "Say what is to be told.", field="text")
    title, scope = cause(tx.session, said.why, said.why_id, said.title, said.scope)
    today = tx.at.astimezone(SHANGHAI).date()
    found = called(tx.session, scope, said.depth, today)
    if not found.posts:
        raise Invalid(
            "责任台账中没有可叫应的岗位，请先补录责任关系。",
            "The responsibility links name no post to call; enter them first.",
            field="scope",
        )
    steps = ladder(tx.session, said.pattern, tx.at)
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    count = tx.session.scalar(select(func.count()).where(CallOut.no.startswith(day))) or 0
    row = CallOut(
        id=said.id or new_id(), no=f"{day}-J{count + 1:03d}", why=said.why, why_id=said.why_id, title=title,
        text=said.text, scope=[{"register_key": r, "code": c, "name": found.names[r, c]} for r, c in found.names],
        depth=said.depth, pattern=said.pattern, ladder=steps, channels=list(said.channels), gaps=list(found.gaps),
        made_at=tx.at, made_by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    but = {post.code for post in found.posts}
    for place, post in enumerate(found.posts):
        rung = next_rung(tx.session, post, steps, -1, but, today)
        one = CallRecord(
            id=new_id(), callout_id=row.id, place=place, post_code=post.code, post=post.name, level=post.level,
            state="sent", failures=0, sent_at=tx.at, recorded_at=tx.real_at, overdue_at=None if rung else tx.at,
            rung=rung.number if rung else len(steps), channel=rung.channel if rung else str(steps[0]["channel"]),
            target_code=rung.target_code if rung else None, target=rung.target if rung else post.name,
        )  # fmt: skip
        tx.session.add(one)
        tx.session.flush()
        send(tx, row, one, rung, "sent")
    put(tx, "callout", row.id, [c for c in said.channels if c == "webhook"], title, f"{said.text}（{row.no}）")
    names = [post.name for post in found.posts]
    zh = f"叫应 {len(names)} 个岗位：{title}（{row.no}）"
    en = f"{len(names)} posts called: {title} ({row.no})"
    record(tx, CallOutMade(zh, en, str(row.id), row.why, row.why_id, names, steps))
    return row


def send(tx: Writing, of: CallOut, one: CallRecord, rung: Rung | None, step: str, why: str = "") -> None:
    """Try a post by a rung of the ladder: say when the next one comes, and let the messages go to who is tried."""
    if rung is None:
        one.due_at = None
        note(tx, one.id, "exhausted", one.channel, one.target, "渠道用尽，仍未叫应", SYSTEM.post)
        return
    one.rung, one.channel, one.target_code, one.target = rung
    one.due_at = tx.at + timedelta(minutes=of.ladder[rung.number]["minutes"])
    note(tx, one.id, step, rung.channel, rung.target, why, SYSTEM.post if step == "escalated" else tx.actor.post)
    if rung.target_code and rung.channel in _ASKS:
        ways = [channel for channel in of.channels if channel != "webhook"]
        words = f"{of.text}（{of.no}，{_ASKS[rung.channel].format(one.post)}请复述并反馈）"
        put(tx, "record", one.id, ways, of.title, words, (rung.target_code, rung.target))


def get_callout(session: Session, callout_id: UUID) -> CallOut:
    """The call-out of that id, open or closed."""
    row = session.get(CallOut, callout_id)
    if row is None:
        raise NotFound("没有这次叫应。", "There is no such call-out.", field="callout_id")
    return row


def records_of(session: Session, callout_id: UUID) -> list[CallRecord]:
    """Its posts, the highest first."""
    return list(
        session.scalars(select(CallRecord).where(CallRecord.callout_id == callout_id).order_by(CallRecord.place))
    )


def mine(actor: Actor, one: CallRecord) -> bool:
    """Whether this actor's post is the one that is called, or that is being tried in its place."""
    return actor.post in (one.post, one.target)


def step(
    tx: Writing, callout_id: UUID, record_id: UUID, to: Step, words: str = "", channel: str = "", whom: str = ""
) -> CallRecord:
    """Take the next step of a post's record, or note an attempt in vain.

    Who makes call-outs writes down for others what they hear; everybody else answers for their own post. `whom` is the
    post that spoke (else the one that is being tried), `channel` the way (else the one in use). What was done is
    verified by another account than the one that reported it.
    """
    require(tx.actor, "callout.verify" if to == "verified" else "callout.answer")
    of, one = get_callout(tx.session, callout_id), tx.session.get(CallRecord, record_id)
    if one is None or one.callout_id != of.id:
        raise NotFound("这次叫应中没有这条记录。", "This call-out has no such record.", field="record_id")
    if to != "verified" and "callout.make" not in permissions(tx.actor.role) and not mine(tx.actor, one):
        raise Denied("这不是叫应您的岗位。", "This call is not for your post.", field="record_id")
    zh, en, before = STEPS[to]
    if of.closed_at is not None or one.state != before:
        raise Conflict(
            f"{one.post}现为“{one.state}”，不能记{zh}。", f"{one.post} is “{one.state}”: not {en}.", field="to"
        )
    if to == "verified" and one.action_account == tx.actor.username:
        raise Denied("反馈行动与核实须由不同账号进行。", "Another account verifies than the one that reported.")
    if to in SAID and not words.strip():
        raise Invalid("请填写内容。", "Say what was said, done or seen.", field="text")
    if channel and channel not in CHANNELS:
        raise Invalid(f"没有渠道“{channel}”。", f"There is no channel “{channel}”.", field="channel")
    whom, channel = whom.strip() or one.target, channel or one.channel
    if whom not in (one.post, one.target) and not is_post(tx.session, whom):
        raise Invalid(f"“{whom}”不是岗位名称。", f"“{whom}” is the name of no post.", field="whom")
    if to == "failed":
        one.failures += 1
    else:
        one.state = to
        setattr(one, f"{to}_at", tx.at)
    if to == "reached":
        one.due_at, one.reached_by, one.reached_channel = None, whom, channel
        withdraw(tx, [one.id])
    elif to == "action":
        one.action_account = tx.actor.username
    elif to == "verified":
        one.verified_by = tx.actor.post
    note(tx, one.id, to, channel, whom, words, tx.actor.post)
    way_zh, way_en = CHANNELS[channel]
    by_zh, by_en = ("", "") if whom == one.post else (f"，{whom}", f", {whom}")
    said = f"{one.post}{zh}（{way_zh}{by_zh}，{of.no}）", f"{one.post}: {en} ({way_en}{by_en}, {of.no})"
    event = CallStepped(*said, str(of.id), str(one.id), one.post, to, channel, whom, digest(words))
    record(tx, event)
    if to == "verified" and all(other.state == "verified" for other in records_of(tx.session, of.id)):
        _close(tx, of, "全部核实")
    return one


def close(tx: Writing, callout_id: UUID, reason: str) -> CallOut:
    """End a call-out that is not all verified, with the reason; its messages that wait are taken back."""
    require(tx.actor, "callout.make")
    of = get_callout(tx.session, callout_id)
    if of.closed_at is not None:
        raise Conflict("这次叫应已结束。", "This call-out has ended already.")
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    _close(tx, of, reason)
    return of


def _close(tx: Writing, of: CallOut, reason: str) -> None:
    of.closed_at, of.closed_by, of.closed_reason = tx.at, tx.actor.post, reason
    records = records_of(tx.session, of.id)
    for one in records:
        one.due_at = None
    withdraw(tx, [of.id, *(one.id for one in records)])
    done, total = sum(one.state == "verified" for one in records), len(records)
    zh, en = f"叫应结束 {done}/{total}：{of.title}（{of.no}）", f"Call-out closed {done}/{total}: {of.title} ({of.no})"
    record(tx, CallOutClosed(f"{zh}，{reason}", en, str(of.id), done, total, reason))
