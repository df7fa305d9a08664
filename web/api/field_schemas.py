"""The shapes of what phones in the field send and get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.hazard_schemas import BoardHazardOut, WarningOut
from web.api.schemas import ClockOut, DispatchOut, In, IncidentOut, Lat, Lon
from web.api.task_schemas import TaskOut
from web.api.transfer_schemas import PersonState, ShelterStateOut, TransferOut


class ActIn(In):
    """One act under the phone's own number; `happened_at` is on the world's clock."""

    id: UUID
    kind: Annotated[str, Field(max_length=40)]
    happened_at: AwareDatetime
    body: dict[str, Any]


class PositionIn(In):
    """Where the phone is, EPSG:4490; `accuracy_m` as it says itself."""

    lon: Lon
    lat: Lat
    accuracy_m: Annotated[float, Field(ge=0)] | None = None
    at: AwareDatetime


class SyncIn(In):
    """What waited on the phone, the oldest first; nothing at all is a sign of life."""

    acts: Annotated[list[ActIn], Field(max_length=200)] = []
    position: PositionIn | None = None


class ActOut(BaseModel):
    """What became of an act; the same each time it is asked again."""

    id: UUID
    kind: str
    state: Literal["done", "refused"]
    happened_at: datetime
    received_at: datetime
    problem_zh: str
    problem_en: str
    field: str | None
    answer: dict[str, Any]


class SyncOut(BaseModel):
    """The answers, in the order in which the acts were sent."""

    at: datetime
    acts: list[ActOut]


class PatrolPlaceOut(BaseModel):
    """A risk zone or key village of one's towns, whose patrol one may report."""

    register_key: str
    code: str
    name: str


class FieldCallOut(BaseModel):
    """A call for one's post."""

    id: UUID
    callout_id: UUID
    no: str
    post: str
    text: str
    state: Literal["sent", "reached", "read_back", "action"]
    sent_at: datetime
    due_at: datetime | None


class FieldPersonOut(BaseModel):
    code: str
    vulnerable: bool
    state: PersonState
    forced: bool


class FieldHomeOut(BaseModel):
    """A household to be moved, by its pseudonymous code: whereto, and how far on foot."""

    code: str
    village: str
    persons: int
    vulnerable: int
    shelter_code: str | None
    problem: str
    profile: str
    metres: float | None
    minutes: float | None
    way_open: bool
    people: list[FieldPersonOut]


class FieldTransferOut(BaseModel):
    order: TransferOut
    households: list[FieldHomeOut]


class MineOut(BaseModel):
    """All that somebody in the field has to do, as of one moment, to be kept on the phone."""

    at: datetime
    real_at: datetime
    seq: int
    clock: ClockOut
    post: str
    tasks: list[TaskOut]
    dispatches: list[DispatchOut]
    incidents: list[IncidentOut]
    hazards: list[BoardHazardOut]
    warnings: list[WarningOut]
    calls: list[FieldCallOut]
    transfers: list[FieldTransferOut]
    places: list[PatrolPlaceOut]
    shelters: list[ShelterStateOut]
    refused: list[ActOut]


class DeviceOut(BaseModel):
    """A phone as it was last heard of; `latency_s`: how old its oldest act was when it last sent some.

    `teams`: those that its post leads.
    """

    post: str
    seen_at: datetime
    age_s: float
    latency_s: float
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    position_at: datetime | None
    teams: list[UUID]
