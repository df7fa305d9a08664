"""The board as it goes over HTTP: all that is open in a world."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from web.api.alarms import AlarmWordOut
from web.api.callout_schemas import BoardCallOutOut
from web.api.cyclone_schemas import CycloneOut
from web.api.duty_schemas import HeadCountOut, ShiftOut
from web.api.hazard_schemas import BoardHazardOut, WarningOut
from web.api.model_schemas import BoardRunOut, SuggestionOut
from web.api.response_schemas import DecisionOut, ResponseOut
from web.api.scene_schemas import MarkOut
from web.api.schemas import BoardGaugeOut, BoardWorld, ClockOut, ClosureOut, DispatchOut, IncidentOut, TeamOut
from web.api.screen_schemas import ScreenOut, TownStateOut
from web.api.task_schemas import TaskOut
from web.api.transfer_schemas import ShelterStateOut, TransferOut


class BoardTransferOut(TransferOut):
    """An order in counts, without names."""


class BoardShelterOut(ShelterStateOut):
    """A shelter in use, by its code."""

    id: str


class BoardOut(BaseModel):
    """All that is open, as of journal position `seq`."""

    seq: int
    at: datetime
    real_at: datetime
    world: BoardWorld
    clock: dict[str, ClockOut]
    transfers: dict[str, BoardTransferOut]
    shelters: dict[str, BoardShelterOut]
    incidents: dict[str, IncidentOut]
    teams: dict[str, TeamOut]
    dispatches: dict[str, DispatchOut]
    closures: dict[str, ClosureOut]
    gauges: dict[str, BoardGaugeOut]
    suggestions: dict[str, SuggestionOut]
    runs: dict[str, BoardRunOut]
    warnings: dict[str, WarningOut]
    hazards: dict[str, BoardHazardOut]
    callouts: dict[str, BoardCallOutOut]
    shifts: dict[str, ShiftOut]
    headcounts: dict[str, HeadCountOut]
    tasks: dict[str, TaskOut]
    responses: dict[str, ResponseOut]
    decisions: dict[str, DecisionOut]
    marks: dict[str, MarkOut]
    screens: dict[str, ScreenOut]
    towns: dict[str, TownStateOut]
    alarms: dict[str, AlarmWordOut]
    cyclones: dict[str, CycloneOut]
