"""Call-outs as they go over HTTP. Telephones and what was said are for those who may call (`holder.read`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import In, Line, Text

Way = Literal["phone", "deputy", "loudspeaker", "gong", "whistle", "visit"]


class CallScopeIn(In):
    """An object that posts answer for: a town, a village, a zone …"""

    register_key: Line
    code: Line


class CallOutIn(In):
    """Why (`why_id`: the warning's id, `register:code` of a zone or village), what is told, whom it is about.

    Without `scope` it is the warning's towns, or the zone or village itself. `depth` says how far down the chain:
    town leaders, village cadres, those who look after households. Without `channels` messages go out every way.
    `id` makes a retry safe.
    """

    id: UUID | None = None
    why: Literal["warning", "hazard", "response", "hand"] = "hand"
    why_id: Line | None = None
    title: Annotated[Text, Field(max_length=200)] = ""
    text: Text
    scope: Annotated[list[CallScopeIn], Field(max_length=200)] = []
    depth: Literal["town", "village", "household"] = "village"
    pattern: Literal["plain", "1833"] = "plain"
    channels: Annotated[list[Literal["file", "webhook", "sms"]], Field(max_length=3)] | None = None


class CallStepIn(In):
    """What happened: `channel` by which way, `whom` the post that spoke; without them those in use."""

    to: Literal["failed", "reached", "read_back", "action", "verified"]
    channel: Way | None = None
    whom: Annotated[Text, Field(max_length=200)] = ""
    text: Text = ""


class CallCloseIn(In):
    reason: Line


class CallScopeOut(BaseModel):
    register_key: str
    code: str
    name: str


class BoardCallOutOut(BaseModel):
    """A call-out in counts: of so many posts, how many answered, read back, acted, are verified, are overdue."""

    id: UUID
    no: str
    why: Literal["warning", "hazard", "response", "hand"]
    why_id: str | None
    title: str
    text: str
    scope: list[CallScopeOut]
    depth: Literal["town", "village", "household"]
    pattern: Literal["plain", "1833"]
    made_at: datetime
    made_by: str
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None
    posts: int
    answered: int
    read_back: int
    acted: int
    verified: int
    delivered: Annotated[int, Field(description="posts to which a gateway says it has delivered; not who answered")]
    overdue: int
    next_at: Annotated[datetime | None, Field(description="when the next post is tried another way")]


class CallEntryOut(BaseModel):
    """One thing that happened to a record; `text` only for those who may call."""

    step: str
    channel: str
    whom: str
    text: str | None
    at: datetime
    by: str


class DeliveryOut(BaseModel):
    """What the gateway said later: 已送达 or 失败."""

    status: Literal["delivered", "failed"]
    at: datetime
    detail: str


class CallMessageOut(BaseModel):
    """A message that went out for a record, with the proof that it was taken."""

    id: UUID
    channel: str
    to_name: str
    text: str
    state: Literal["waiting", "sent", "failed", "withdrawn"]
    tries: int
    made_at: datetime
    sent_at: datetime | None
    message_id: str | None
    answer_sha256: str | None
    problem: str | None
    delivery: DeliveryOut | None


class CallRecordOut(BaseModel):
    """A post that is called; telephones only for those who may call."""

    id: UUID
    post_code: str
    post: str
    level: str
    state: Literal["sent", "reached", "read_back", "action", "verified"]
    channel: str
    target_code: str | None
    target: str
    phone: str | None
    failures: int
    sent_at: datetime
    due_at: datetime | None
    overdue_at: datetime | None
    reached_at: datetime | None
    reached_by: str | None
    reached_channel: str | None
    read_back_at: datetime | None
    action_at: datetime | None
    verified_at: datetime | None
    verified_by: str | None
    entries: list[CallEntryOut]
    messages: list[CallMessageOut]


class CallRungOut(BaseModel):
    channel: str
    minutes: float


class CallOutOut(BoardCallOutOut):
    """A call-out with each of its posts, and what the registers lack."""

    ladder: list[CallRungOut]
    channels: list[str]
    gaps: list[str]
    records: list[CallRecordOut]
