"""What goes over HTTP of models: runs, and the closures that gauges and models suggest."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import Geometry, In, Line

Rate = Annotated[float, Field(ge=0, le=500)]


class SuggestionOut(BaseModel):
    """Water of `depth_m` on roads that are closed at `limit_m`; `arrives_at` null: it is there."""

    id: UUID
    source: str
    road_ids: list[int]
    place: str
    station: str | None
    run_id: UUID | None
    depth_m: float
    limit_m: float
    arrives_at: datetime | None
    evidence: dict[str, Any]
    geom: Geometry
    made_at: datetime
    updated_at: datetime


class ConfirmIn(In):
    """Whom the closure stops, as in a closure; `note` says what confirms it."""

    note: Line
    closed_for: Annotated[list[str], Field(max_length=20)] = ["*"]


class DismissIn(In):
    note: Line


class BoardRunOut(BaseModel):
    """A run as the board shows it."""

    id: UUID
    kind: str
    title: str
    asked: dict[str, Any]
    state: str
    asked_by: str
    asked_at: datetime
    starts_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    problem: str | None


class RunOut(BoardRunOut):
    """`progress` is the share done of a run that is being computed."""

    progress: float | None


class FloodIn(In):
    """Observed rain of the last hours (in tenths of one sixth), then rain expected, mm/h in steps of ten minutes.

    `from_run` goes on from the water of an earlier run, with what was observed since.
    """

    back_h: Annotated[float, Field(ge=0, le=24)] = 0
    forecast_mmh: Annotated[list[Rate], Field(max_length=144)] = []
    cell_m: Annotated[float, Field(ge=10, le=200)] = 30
    from_run: UUID | None = None
    title: Annotated[str, Field(min_length=1, max_length=100)] | None = None
