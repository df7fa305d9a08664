"""Duty as it goes over HTTP: shifts, log, rolls, work reminders, head counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import In, Line, Text

Name = Annotated[Text, Field(max_length=200)]
DutyChannel = Literal["phone", "message", "radio", "fax", "visit", "video", "handover", "other"]
RollKind = Literal["call_test", "attendance"]
Answer = Literal["present", "absent", "deputy"]


class TakeOverIn(In):
    """Who leads the watch (带班领导), as a post."""

    leader: Name = ""


class HandoverDropIn(In):
    reason: Line


class ShiftOut(BaseModel):
    """The shift on duty, or one that is being handed over with so many items still to accept."""

    id: UUID
    state: Literal["handover", "on"]
    outgoing_post: str | None
    post: str
    leader: str
    offered_at: datetime
    started_at: datetime | None
    waiting: int


class HandoverItemOut(BaseModel):
    """An open item of a hand-over; `collection` and `of_id` say where it is. Gone: over before it was accepted."""

    id: UUID
    collection: str
    of_id: str
    title: str
    added_at: datetime
    accepted_at: datetime | None
    accepted_by: str | None
    gone_at: datetime | None


class PastShiftOut(BaseModel):
    """A shift as it was, with what it accepted."""

    id: UUID
    state: Literal["handover", "on", "ended", "dropped"]
    outgoing_post: str | None
    post: str
    leader: str
    offered_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    items: list[HandoverItemOut]


class DutyEntryIn(In):
    """What came in: how, from whom as a post, what, what was done. With `closure` it is closed at once."""

    at: AwareDatetime | None = None
    channel: DutyChannel = "phone"
    person_post: Name = ""
    content: Text
    action: Text = ""
    closure: Text = ""


class EntryCloseIn(In):
    """How an entry ended; `action` replaces what was done, where it is given."""

    closure: Line
    action: Text = ""


class DutyEntryOut(BaseModel):
    id: UUID
    no: str
    shift_id: UUID | None
    at: datetime
    channel: DutyChannel
    person_post: str
    content: str
    action: str
    written_by: str
    closure: str | None
    closed_at: datetime | None
    closed_by: str | None


class RollIn(In):
    """Posts by code, and units that the register of posts does not know by name."""

    kind: RollKind
    title: Line
    posts: Annotated[list[Line], Field(max_length=500)] = []
    names: Annotated[list[Line], Field(max_length=500)] = []


class RollAnswerIn(In):
    result: Answer
    channel: Name = ""
    note: Text = ""


class RollRowOut(BaseModel):
    id: UUID
    post_code: str | None
    name: str
    deputy: str | None
    result: Answer | None
    channel: str
    note: str
    at: datetime | None
    by: str | None


class RollOut(BaseModel):
    """A roll: of `total`, so many are `present` (or answered); `deputies` stand in, the others are absent."""

    id: UUID
    kind: RollKind
    title: str
    made_at: datetime
    made_by: str
    done_at: datetime | None
    present: int
    deputies: int
    absent: int
    total: int
    rows: list[RollRowOut]


class ReminderTextIn(In):
    """The text, with a mark such as `{1}` where a number stands."""

    text: Text


class ReminderSendIn(In):
    channels: Annotated[list[Literal["file", "webhook"]], Field(min_length=1, max_length=2)] = ["file"]


class ReminderNumberOut(BaseModel):
    """A number of the text: how many of what, which ones, and as of when. `href` opens them."""

    value: int
    unit: str
    label: str
    collection: str
    ids: list[str]
    as_of: datetime
    href: str


class ReminderOut(BaseModel):
    """A day's reminder; `rendered` as people read it, `unlinked` the numbers that somebody typed without a source."""

    id: UUID
    day: date
    state: Literal["draft", "approved", "sending", "sent"]
    text: str
    rendered: str
    numbers: dict[str, ReminderNumberOut]
    unlinked: list[str]
    deadline: datetime
    made_at: datetime
    made_by: str
    edited_at: datetime | None
    edited_by: str | None
    approved_at: datetime | None
    approved_by: str | None
    sent_at: datetime | None
    sent_by: str | None
    on_time: bool | None


class HeadCountIn(In):
    """How many are there; `expected` where it is not as last time, or the team's size."""

    dispatch_id: UUID
    counted: Annotated[int, Field(ge=0, le=100_000)]
    expected: Annotated[int, Field(ge=1, le=100_000)] | None = None
    note: Text = ""


class HeadCountOut(BaseModel):
    """A crew at work: how many are expected and were counted, when the next count is due, and what is wrong."""

    id: UUID
    team_id: UUID
    incident_id: UUID
    expected: int
    counted: int | None
    counted_at: datetime | None
    counted_by: str | None
    due_at: datetime
    alarm: Literal["missed", "short"] | None
    alarm_at: datetime | None


class HeadEntryOut(BaseModel):
    """One count of a crew."""

    dispatch_id: UUID
    expected: int
    counted: int
    note: str
    at: datetime
    by: str
