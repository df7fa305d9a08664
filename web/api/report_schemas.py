"""What reports, grades, losses and documents send over HTTP. Reports count losses in yuan, statistics in 万元."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import Grade, In, Line, Text

Count = Annotated[int, Field(ge=0, le=10_000_000)] | None
Figure = Annotated[float, Field(ge=0, le=1e13)] | None


class FiguresIn(In):
    """What is known so far; null is not known. Loss in yuan, burnt forest in hectares."""

    dead: Count = None
    missing: Count = None
    injured: Count = None
    serious: Count = None
    loss_yuan: Figure = None
    forest_ha: Figure = None


class ReportIn(FiguresIn):
    """The next report as it is written; `final` ends the chain."""

    overview: Text = ""
    place: Text = ""
    course: Text = ""
    measures: Text = ""
    other: Text = ""
    final: bool = False
    over: Line | Literal[""] | None = Field(
        default=None, description="version that this was written over, empty: there was none; null: over any"
    )


class SendIn(In):
    to: Line
    channel: Literal["phone", "written"] = "written"
    confirmed_by: Text = ""
    late_reason: Text = ""


class SaidOut(BaseModel):
    overview: str
    place: str
    course: str
    measures: str
    other: str
    dead: int | None
    missing: int | None
    injured: int | None
    serious: int | None
    loss_yuan: float | None
    forest_ha: float | None


class VillageOut(BaseModel):
    name: str
    persons: int


class EventReportOut(BaseModel):
    """A report that was sent."""

    id: UUID
    no: int
    kind: Literal["first", "continued", "final"]
    channel: Literal["phone", "written"]
    said: SaidOut
    grade: Grade | None
    grade_zh: str
    isolated: list[VillageOut]
    known_at: datetime
    due_at: datetime | None
    late: bool
    late_reason: str
    sent_to: str
    confirmed_by: str
    sent_at: datetime
    sent_by: str
    sha256: str


class DraftOut(BaseModel):
    kind: Literal["first", "continued", "final"]
    said: SaidOut
    written_at: datetime
    written_by: str
    version: str


class ReportClockOut(BaseModel):
    """`share` of the limit that is used; it turns at 0.5 (half), 0.8 (near) and beyond 1 (late)."""

    name: Literal["first", "written"]
    due_at: datetime
    sent_at: datetime | None
    share: float
    state: Literal["running", "half", "near", "late", "met", "met_late"]


class ReportChainOut(BaseModel):
    """All reports of an incident, the clocks, the draft, what a next draft could say, who is cut off now."""

    incident_id: UUID
    known_at: datetime
    clocks: list[ReportClockOut]
    sent: list[EventReportOut]
    draft: DraftOut | None
    suggested: SaidOut
    isolated: list[VillageOut]


class EstimateOut(BaseModel):
    at: datetime
    by: str
    figures: dict[str, Any]
    grade: Grade | None
    grade_zh: str
    basis: dict[str, Any]


class LossIn(In):
    """Rows by town code, and the district's own; `correction` says why a cumulative figure falls."""

    towns: Annotated[dict[Annotated[str, Field(max_length=20)], dict[Line, float]], Field(max_length=60)]
    district: dict[Line, float]
    correction: Text = ""
    complete: bool = False


class WrongOut(BaseModel):
    row: str
    field: str
    zh: str
    en: str


class LossReminderOut(BaseModel):
    zh: str
    en: str


class LossCheckOut(BaseModel):
    wrong: list[WrongOut]
    reminders: list[LossReminderOut]


class LossOut(BaseModel):
    id: UUID
    no: int
    stage: Literal["first", "continued", "complete"]
    towns: dict[str, dict[str, float]]
    district: dict[str, float]
    correction: str
    handed_in_at: datetime
    handed_in_by: str
    reminders: list[LossReminderOut]


class IndicatorOut(BaseModel):
    key: str
    zh: str
    en: str
    unit: str
    group: str
    whole: bool
    grows: bool


class ParagraphIn(In):
    head: Text = ""
    text: Text = ""


class DocumentIn(In):
    kind: Literal["situation", "flash", "notice", "daily"]
    incident_id: UUID | None = None
    decision_id: UUID | None = None


class EditIn(In):
    title: Line
    paragraphs: Annotated[list[ParagraphIn], Field(min_length=1, max_length=60)]
    over: Line | None = Field(default=None, description="version that was changed; null: any")


class DocumentSourceOut(BaseModel):
    """A number's source: what it is, its id, its time."""

    n: int
    what: str
    id: str
    at: datetime
    zh: str


class ParagraphOut(BaseModel):
    head: str
    text: str


class DocumentOut(BaseModel):
    """A document; its text marks sources as 〔n〕. Its files are `…/file.docx` and `…/file.pdf`."""

    id: UUID
    no: str
    kind: Literal["situation", "flash", "notice", "daily"]
    incident_id: UUID | None
    decision_id: UUID | None
    title: str
    paragraphs: list[ParagraphOut]
    sources: list[DocumentSourceOut]
    as_of: datetime
    seq: int
    state: Literal["draft", "released", "dropped"]
    made_at: datetime
    made_by: str
    changed_at: datetime | None
    changed_by: str | None
    released_at: datetime | None
    released_by: str | None
    sha256: str | None
    version: str
    """Names what it says just now; to change it, say which was read."""


class UnstableOut(BaseModel):
    """An active response or a graded incident that goes on."""

    what: Literal["response", "incident"]
    id: UUID
    zh: str
    en: str
    since: datetime


class DailyOut(BaseModel):
    """The clock of today's daily report, what makes it due, and the days on which none was released."""

    since: datetime
    because: list[UnstableOut]
    due_at: datetime
    sent_at: datetime | None
    share: float
    state: Literal["running", "half", "near", "late", "met", "met_late"]
    missed: list[date]
