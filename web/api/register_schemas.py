"""What registers take and send over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from command.register_edit import MOST_AT_ONCE
from web.api.schemas import Geometry, In, Line, Text

Key = Annotated[str, "a register's key"]
Value = str | bool | float | list[str] | None
Values = Annotated[dict[str, Value], Field(max_length=80)]


class WordsOut(BaseModel):
    code: str
    zh: str
    en: str


class FieldOut(BaseModel):
    name: str
    zh: str
    en: str
    type: Literal["text", "integer", "number", "boolean", "date", "choice", "choices", "texts", "secret"]
    required: bool
    unit: str
    least: float | None
    most: float | None
    choices: list[WordsOut]
    pattern: str
    refers: str
    listed: bool


class RegisterOut(BaseModel):
    key: str
    zh: str
    en: str
    group: str
    group_zh: str
    group_en: str
    geometry: str | None
    geometry_required: bool
    personal: bool
    may: list[Literal["edit", "load", "export"]]
    layer: str | None
    count: int
    fields: list[FieldOut]


class RowOut(BaseModel):
    """A row; `values` by field, a secret as whether there is one."""

    id: UUID
    version: int
    values: dict[str, Any]
    geometry: Geometry | None
    is_demo: bool
    load_id: int | None
    load_source: str | None
    source_row: str | None
    valid_from: datetime
    valid_to: datetime | None
    updated_at: datetime | None
    updated_by: str | None


class PageOut(BaseModel):
    total: int
    rows: list[RowOut]


class RowPlaceOut(BaseModel):
    id: UUID
    code: str
    name: str
    geometry: Geometry


class RowPlacesOut(BaseModel):
    """Rows of a filter that have a place, and where the first of them lie."""

    total: int
    rows: list[RowPlaceOut]


class FieldChangeOut(BaseModel):
    field: str
    before: Any
    after: Any


class ChangeOut(BaseModel):
    action: Literal["create", "update", "close", "reopen", "load"]
    at: datetime
    actor: str
    post: str
    reason: str
    version: int
    source: str | None
    changes: list[FieldChangeOut]


class FindingOut(BaseModel):
    row: int | None
    field: str
    level: Literal["error", "question", "warning", "accepted"]
    value: str
    zh: str
    en: str
    suggestion: str | None


class CheckIn(In):
    values: Values
    geometry: Geometry | None = None
    answers: dict[str, Literal["accept", "keep"]] = {}


class RowIn(CheckIn):
    reason: Text = ""


class RowChangeIn(In):
    """The fields to change; `geometry` is left out where it stays."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    values: Values = {}
    geometry: Geometry | None = None
    keep_geometry: bool = True
    answers: dict[str, Literal["accept", "keep"]] = {}
    reason: Text = ""


class ValidityIn(In):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Line


class FilterIn(In):
    q: Text = ""
    towns: list[Line] = []
    where: dict[str, list[Text]] = {}
    ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)] | None = None


class BulkIn(In):
    filter: FilterIn
    values: Values


class BulkDoIn(BulkIn):
    seen: Line
    reason: Line


class PlannedOut(BaseModel):
    id: UUID
    code: str
    changes: list[FieldChangeOut]
    findings: list[FindingOut]


class BulkOut(BaseModel):
    """What a bulk edit would do; `seen` names this very preview."""

    seen: str
    rows: int
    changing: int
    blocked: int
    planned: list[PlannedOut]


class DoneOut(BaseModel):
    changed: int
