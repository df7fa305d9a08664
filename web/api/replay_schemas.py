"""The shapes of the past over HTTP. Items are as they were written then, which may lack what newer ones have."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from web.api.schemas import In

Items = dict[str, dict[str, Any]]


class PastOut(BaseModel):
    """The board after entry `seq`; equal boards have equal hashes."""

    seq: int
    at: datetime
    hash: str
    kind: str
    collections: dict[str, Items]


class SpanOut(BaseModel):
    """What a time bar is made of; `steps` counts entries in equal steps from `begins` to `ends`."""

    seq: int
    begins: datetime | None
    ends: datetime | None
    steps: list[int]


class PatchOut(BaseModel):
    """An entry with what it put on the board and took from it."""

    seq: int
    at: datetime
    kind: str
    actor: str
    zh: str
    en: str
    put: dict[str, Items]
    drop: dict[str, list[str]]


class SituationIn(In):
    """Why it is marked."""

    note: str = ""


class SituationOut(BaseModel):
    """A marked situation: the board after entry `seq`."""

    seq: int
    at: datetime
    hash: str
    note: str


ReviewKind = Literal["task", "call", "dispatch", "decision"]


class ReviewStepOut(BaseModel):
    """A step, and how many minutes after the beginning it was taken."""

    step: str
    at: datetime
    minutes: float


class ReviewLineOut(BaseModel):
    """Something that somebody (a post, a unit, a team) had to do. `late` is null where nothing says so."""

    kind: ReviewKind
    no: str
    title: str
    who: str
    began_at: datetime
    due_at: datetime | None
    late: bool | None
    steps: list[ReviewStepOut]


class ReviewFigureOut(BaseModel):
    """So many of `total` got to a step, in so many minutes (median)."""

    kind: ReviewKind
    step: str
    reached: int
    total: int
    median_min: float | None


class ReviewOut(BaseModel):
    """Response times, the oldest first, and their medians."""

    lines: list[ReviewLineOut]
    figures: list[ReviewFigureOut]
