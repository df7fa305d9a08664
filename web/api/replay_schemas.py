"""The shapes of the past over HTTP. Items are as they were written then, which may lack what newer ones have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
