"""What joint assignment sends over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import DispatchOut, In, Line, NeedOut, ReasonOut, Text


class NeedIn(In):
    """Teams, or persons, each able to do all of `abilities`: hazards, kinds of teams, categories of equipment."""

    abilities: Annotated[list[Line], Field(max_length=10)]
    count: Annotated[int, Field(ge=0, le=1000)]
    in_persons: bool = False
    latest_at: AwareDatetime | None = None


class NeedsIn(In):
    needs: Annotated[list[NeedIn], Field(max_length=20)] | None


class AllocationIn(In):
    """`reserve_share` of the persons near a free team now must stay near one; null takes the parameter."""

    redirect: bool = False
    reserve_share: Annotated[float, Field(ge=0, le=1)] | None = None


class AskingOut(BaseModel):
    """A need; `usual` where nobody has said it; `out` counts those who do not serve it, by the reason."""

    incident_id: UUID
    usual: bool
    need: NeedOut
    given: int
    short: int
    out: dict[str, int]


class MoveOut(BaseModel):
    """`need` is its number in `needs`; `rank` is of those who could serve it, 0 where the team stays."""

    action: Literal["send", "redirect", "keep", "surplus"]
    team_id: UUID
    code: str
    name: str
    incident_id: UUID
    need: int | None
    from_dispatch: UUID | None
    eta_s: float
    rank: int
    reasons: list[ReasonOut]
    constraints: str


class IdleOut(BaseModel):
    team_id: UUID
    code: str
    name: str
    why: str
    zh: str
    en: str


class ProposalOut(BaseModel):
    """As of journal position `seq`. Persons: residents within `figures.cover_minutes` of a team that is free.

    `exact`: it is proved that nothing is better; under a reserve a good answer may be given without proof.
    """

    at: datetime
    seq: int
    network_version: str
    closures: list[str]
    figures: dict[str, float]
    needs: list[AskingOut]
    moves: list[MoveOut]
    idle: list[IdleOut]
    persons: int
    covered_before: int
    covered_after: int
    least_covered: int
    reserved: bool
    exact: bool


class ChosenIn(In):
    team_id: UUID
    incident_id: UUID
    from_dispatch: UUID | None = None


class AcceptIn(In):
    moves: Annotated[list[ChosenIn], Field(min_length=1, max_length=500)]
    reason: Text = ""


class AcceptedOut(BaseModel):
    dispatches: list[DispatchOut]


class StandbyIn(In):
    most_moves: Annotated[int, Field(ge=0, le=50)] = 3


class StandbyMoveOut(BaseModel):
    """`gained` and `lost`: persons that this move alone brings near a free team, and leaves without one."""

    team_id: UUID
    code: str
    name: str
    place_id: UUID
    place: str
    lon: float
    lat: float
    move_s: float
    gained: int
    lost: int


class StandbyOut(BaseModel):
    moves: list[StandbyMoveOut]
    figures: dict[str, float]
    persons: int
    covered_before: int
    covered_after: int
    considered: int


class StandbyChosenIn(In):
    team_id: UUID
    place_id: UUID


class StandbyAcceptIn(In):
    moves: Annotated[list[StandbyChosenIn], Field(min_length=1, max_length=50)]


class TasksOut(BaseModel):
    task_ids: list[UUID]
