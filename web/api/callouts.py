"""Call-outs (叫应): made, answered post by post, verified; the list with telephones for those who may call."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select

from command import board, callouts
from command.access import permissions
from command.callout_outbox import messages_of
from command.callout_posts import posts
from command.callout_tables import CallEntry, CallOut, OutMessage
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, reading, writing
from gis_data.errors import Invalid
from gis_data.world import Actor
from web.api.callout_schemas import (
    BoardCallOutOut,
    CallCloseIn,
    CallEntryOut,
    CallMessageOut,
    CallOutIn,
    CallOutOut,
    CallRecordOut,
    CallStepIn,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/callouts", tags=["callouts"])


@router.get("", responses=responses(404, 422))
def index(
    world: WorldDep, closed: Annotated[bool, Query(description="the newest hundred, closed ones too")] = False
) -> list[BoardCallOutOut]:
    """Call-outs under way, the newest first; with `closed` also those that are over."""
    query = select(CallOut.id).order_by(CallOut.made_at.desc()).limit(100)
    with reading(world) as tx:
        ids = tx.session.scalars(query if closed else query.where(CallOut.closed_at.is_(None))).all()
        return [BoardCallOutOut(**board.item(tx.session, "callouts", id_)) for id_ in ids]


@router.get("/channels", responses=responses(404))
def channels(request: Request, world: WorldDep) -> list[str]:
    """The ways that messages can go out by; in a drill its recorder alone."""
    return list(request.app.state.channels.ways) if world.kind == "live" else ["recorder"]


@router.post("", status_code=201, responses=responses(404, 422))
def make(request: Request, world: WorldDep, actor: ActorDep, body: CallOutIn) -> CallOutOut:
    """Call the posts of the chains; messages go out once this is written down. Sent again with its id, it is one."""
    ways = list(request.app.state.channels.ways)
    asked = ways if body.channels is None else body.channels
    if world.kind == "live" and (unknown := [way for way in asked if way not in ways]):
        raise Invalid(f"渠道“{unknown[0]}”未配置。", f"The channel “{unknown[0]}” is not set up.", field="channels")
    said = callouts.NewCallOut(
        body.text, body.why, body.why_id, body.title, tuple((one.register_key, one.code) for one in body.scope),
        body.depth, body.pattern, tuple(asked), body.id,
    )  # fmt: skip
    with writing(world, actor) as tx:
        return _out(tx, actor, callouts.make(tx, said))


@router.get("/{callout_id}", responses=responses(404, 422))
def show(world: WorldDep, actor: ActorDep, callout_id: UUID) -> CallOutOut:
    """A call-out with every post: how far, when, by whom, by which way."""
    with reading(world, actor) as tx:
        return _out(tx, actor, callouts.get_callout(tx.session, callout_id))


@router.post("/{callout_id}/records/{record_id}/step", responses=responses(404, 409, 422))
def step(world: WorldDep, actor: ActorDep, callout_id: UUID, record_id: UUID, body: CallStepIn) -> CallOutOut:
    """An attempt in vain, or the next step of a post: reached, read back, action, verified."""
    with writing(world, actor) as tx:
        callouts.step(tx, callout_id, record_id, body.to, body.text, body.channel or "", body.whom)
        return _out(tx, actor, callouts.get_callout(tx.session, callout_id))


@router.post("/{callout_id}/close", responses=responses(404, 409, 422))
def close(world: WorldDep, actor: ActorDep, callout_id: UUID, body: CallCloseIn) -> CallOutOut:
    """End a call-out by hand, with the reason."""
    with writing(world, actor) as tx:
        return _out(tx, actor, callouts.close(tx, callout_id, body.reason))


def _out(tx: Reading, actor: Actor, row: CallOut) -> CallOutOut:
    """All of it; telephones and words for those who may call."""
    tx.session.flush()
    calls = "holder.read" in permissions(actor.role)
    records = callouts.records_of(tx.session, row.id)
    ids = [one.id for one in records]
    entries: dict[UUID, list[CallEntryOut]] = defaultdict(list)
    query = select(CallEntry).where(CallEntry.record_id.in_(ids)).order_by(CallEntry.at, CallEntry.recorded_at)
    for entry in tx.session.scalars(query):
        words = entry.text if calls else None
        entries[entry.record_id].append(
            CallEntryOut(
                step=entry.step, channel=entry.channel, whom=entry.whom, text=words, at=entry.at, by=entry.by
            )
        )  # fmt: skip
    messages: dict[UUID, list[CallMessageOut]] = defaultdict(list)
    for message in messages_of(tx.session, ids):
        messages[message.of_id].append(_message(message))
    targets = [code for one in records for code in (one.post_code, one.target_code) if code]
    known = posts(tx.session, targets if calls else [], tx.at.astimezone(SHANGHAI).date())
    phones = {code: post.phone for code, post in known.items()}
    return CallOutOut(
        **board.item(tx.session, "callouts", row.id), ladder=row.ladder, channels=row.channels, gaps=row.gaps,
        records=[
            CallRecordOut(
                **{name: getattr(one, name) for name in _RECORD}, phone=phones.get(one.target_code or one.post_code),
                entries=entries[one.id], messages=messages[one.id],
            )
            for one in records
        ],
    )  # fmt: skip


_RECORD = [name for name in CallRecordOut.model_fields if name not in ("phone", "entries", "messages")]


def _message(row: OutMessage) -> CallMessageOut:
    receipt = row.receipt or {}
    names = ("id", "channel", "to_name", "text", "state", "tries", "made_at", "sent_at", "problem", "delivery")
    return CallMessageOut(
        **{name: getattr(row, name) for name in names},
        message_id=receipt.get("message_id"), answer_sha256=receipt.get("sha256"),
    )  # fmt: skip
