"""Plans, responses and decisions as they go over HTTP. Levels: 1 (Ⅰ, the highest) to 4 (Ⅳ); 0 is none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import In, Line, Text
from web.api.task_schemas import TaskOut

Truth = Literal["true", "false", "unknown"]
Track = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")]
Area = Annotated[str, Field(pattern=r"^\d{6}(\d{3})?$")]
Level = Annotated[int, Field(ge=0, le=4)]
Words = Annotated[Text, Field(max_length=2000)]


class PlanOut(BaseModel):
    """A plan edition (预案版本); `in_force`: what begins now begins under it."""

    id: UUID
    track: str
    track_zh: str
    track_en: str
    jurisdiction: str
    jurisdiction_zh: str
    edition: str
    title: str
    document_no: str
    organ: str
    legal_basis: str
    approved_by: str
    in_force_from: date
    in_force_to: date | None
    is_demo: bool
    in_force: bool
    sha256: str
    loaded_by: str
    loaded_at: datetime


class PlanLevelOut(BaseModel):
    level: int
    hours: int
    matter: str
    measures: str


class PlanRuleOut(BaseModel):
    """A trigger rule: `when` as in the plan's file."""

    level: int
    name: str
    clause: str
    when: dict[str, Any]


class ActionOut(BaseModel):
    """An action template: due so many minutes after the approval; `level_bound`: a lowering closes it."""

    no: str
    level: int
    organization: str
    zh: str
    en: str
    due_min: int
    evidence: str
    level_bound: bool


class PlanDetailOut(PlanOut):
    levels: list[PlanLevelOut]
    rules: list[PlanRuleOut]
    actions: list[ActionOut]


class RuleFindingOut(BaseModel):
    """What one condition found: value against threshold, sources by id, when; `unknown`: of whom nothing is known."""

    leaf: str
    truth: Truth
    zh: str
    en: str
    value: float | None
    threshold: float | None
    unit: str
    sources: list[str]
    unknown: list[str]
    at: datetime
    wanted: dict[str, Any]


class RuleOut(BaseModel):
    """A rule as it stands now. Unknown is not false: it lists what is not known."""

    track: str
    track_zh: str
    track_en: str
    jurisdiction: str
    level: int
    name: str
    truth: Truth
    findings: list[RuleFindingOut]


class ResponseOut(BaseModel):
    """How a track stands in a jurisdiction. `own`: decided here; otherwise typed from another authority's notice."""

    id: UUID
    track: str
    track_zh: str
    track_en: str
    jurisdiction: str
    jurisdiction_zh: str
    own: bool
    state: Literal["active", "ended", "reviewed"]
    level: int
    plan_id: UUID | None
    started_at: datetime
    since: datetime
    expected_until: datetime | None
    document_no: str
    note: str
    by: str
    ended_at: datetime | None
    reviewed_at: datetime | None
    review: str


class DecisionOut(BaseModel):
    """A change of level, from the proposal (建议) to what became of it. `hours`: expected duration."""

    id: UUID
    no: str
    track: str
    track_zh: str
    track_en: str
    jurisdiction: str
    jurisdiction_zh: str
    response_id: UUID | None
    plan_id: UUID
    kind: Literal["start", "raise", "lower", "end"]
    from_level: int
    to_level: int
    source: Literal["rule", "manual"]
    state: Literal["proposed", "consulting", "submitted", "approved", "rejected", "withdrawn", "superseded"]
    evidence: list[RuleFindingOut]
    matter: str
    measures: str
    hours: int
    legal_basis: str
    document_no: str
    ground: str
    jump_reason: str
    conclusion: str
    proposed_at: datetime
    proposed_by: str
    consulted_at: datetime | None
    consulted_by: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    decided_note: str | None
    tasks_issued: int
    tasks_closed: int


class DecisionDetailOut(BaseModel):
    """A decision with its text, who took part, and what approving it does: actions that go out, tasks that close.

    `jump`: levels are passed over, which needs a reason. `mine`: this account proposed or submitted it, another
    approves.
    """

    decision: DecisionOut
    attendees: str
    jump: bool
    mine: bool
    issues: list[ActionOut]
    closes: list[TaskOut]
    text_zh: str
    text_en: str


class ProposeIn(In):
    track: Track
    jurisdiction: Area
    to_level: Level
    ground: Words


class ConsultIn(In):
    """Units and posts that take part, and what it came to; without a conclusion it is called, not over."""

    attendees: Words
    conclusion: Words = ""


class SubmitIn(In):
    """What the decision says; what is left out stays as the plan has it."""

    matter: Words | None = None
    measures: Words | None = None
    hours: Annotated[int, Field(ge=1, le=2000)] | None = None
    legal_basis: Words | None = None
    document_no: Annotated[Text, Field(max_length=200)] | None = None
    ground: Words | None = None
    jump_reason: Words | None = None


class ApproveIn(In):
    """`closes`: the tasks that the approver saw, and closes with a lowering or an end."""

    closes: Annotated[list[UUID], Field(max_length=2000)] = []
    document_no: Annotated[Text, Field(max_length=200)] = ""
    note: Words = ""


class ReasonIn(In):
    reason: Line


class NoticeIn(In):
    """A level of another authority, typed from its notice; 0 is the end. `document_no`: its number or its source."""

    track: Track
    track_zh: Line
    track_en: Line
    jurisdiction: Area
    jurisdiction_zh: Line
    level: Level
    since: AwareDatetime
    expected_until: AwareDatetime | None = None
    document_no: Line
    note: Words = ""


class ReviewIn(In):
    review: Words
