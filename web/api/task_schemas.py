"""Tasks and files as they go over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import In, Lat, Line, Lon, Text

State = Literal["issued", "received", "in_progress", "done", "returned", "verified", "cancelled", "terminated"]


class TaskOut(BaseModel):
    """A task (指令任务). `level`: the response level whose action it is, 1 (Ⅰ) to 4; `attachments` counts its files.

    `overdue_at`: when it was noticed that it is late; `ended_at`: when it was verified, cancelled or terminated.
    """

    id: UUID
    no: str
    source: Literal["action", "adhoc", "rule"]
    response_id: UUID | None
    decision_id: UUID | None
    incident_id: UUID | None
    action_no: str | None
    level: int | None
    level_bound: bool
    organization_code: str | None
    organization: str
    post_code: str | None
    post: str
    team_id: UUID | None
    town: str | None
    text_zh: str
    text_en: str
    evidence_needed: str
    place: str
    lon: float | None
    lat: float | None
    issued_at: datetime
    issued_by: str
    due_at: datetime
    state: State
    received_at: datetime | None
    received_by: str | None
    done_at: datetime | None
    done_by: str | None
    feedback: str
    overdue_at: datetime | None
    returns: int
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None
    attachments: int


class TaskNoteOut(BaseModel):
    """A step of a task with what was said."""

    step: str
    text: str
    at: datetime
    by: str


class AttachmentOut(BaseModel):
    """A file (附件); `personal` ones are opened by those alone who may see persons at risk."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    confidentiality: Literal["internal", "personal"]
    taken_at: datetime | None
    uploaded_at: datetime
    uploaded_by: str


class TaskDetailOut(BaseModel):
    task: TaskOut
    notes: list[TaskNoteOut]
    files: list[AttachmentOut]


class TaskIn(In):
    """What is to be done, by whom, until when; organisation, post or team says who."""

    text_zh: Annotated[Line, Field(max_length=1000)]
    text_en: Text = ""
    due_at: AwareDatetime
    organization: Annotated[Text, Field(max_length=200)] = ""
    organization_code: Line | None = None
    post_code: Line | None = None
    team_id: UUID | None = None
    town: Annotated[str, Field(pattern=r"^\d{9}$")] | None = None
    incident_id: UUID | None = None
    response_id: UUID | None = None
    place: Annotated[Text, Field(max_length=200)] = ""
    lon: Lon | None = None
    lat: Lat | None = None
    evidence_needed: Annotated[Text, Field(max_length=200)] = ""


class TaskStepIn(In):
    """The next step, with what was done or found; `without`: why there is no file where one is needed."""

    to: Literal["received", "in_progress", "feedback", "done", "verified", "returned"]
    text: Text = ""
    without: Annotated[Text, Field(max_length=200)] = ""


class TaskCancelIn(In):
    reason: Line
