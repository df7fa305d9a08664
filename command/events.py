"""What has happened, in the past tense. An event holds facts, says itself in words, and names what it touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Touched = Mapping[str, list[str]]
"""Board collection → ids of the items that may have changed."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. `zh` and `en` say it to people."""

    zh: str
    en: str

    @property
    def kind(self) -> str:
        """The event's name in the journal."""
        return type(self).__name__

    @property
    def facts(self) -> dict[str, Any]:
        """The event's own fields, without its words."""
        return {key: value for key, value in asdict(self).items() if key not in ("zh", "en")}

    @property
    def touched(self) -> Touched:
        """The board's items that this event may have changed."""
        return {}


@dataclass(frozen=True)
class RegisterLoaded(Event):
    """Reference data came in from a source."""

    load_id: int
    source_kind: str
    source: str
    sha256: str
    counts: dict[str, int]
    rejected: int
    teams: list[str]

    @property
    def touched(self) -> Touched:
        return {"teams": self.teams}


@dataclass(frozen=True)
class IncidentReported(Event):
    """An incident became known."""

    incident_id: str
    no: str
    incident_kind: str
    lon: float
    lat: float

    @property
    def touched(self) -> Touched:
        return {"incidents": [self.incident_id]}


@dataclass(frozen=True)
class IncidentClosed(Event):
    """An incident came to its end, on a stated ground."""

    incident_id: str
    no: str
    ground: str

    @property
    def touched(self) -> Touched:
        return {"incidents": [self.incident_id]}


@dataclass(frozen=True)
class TeamDispatched(Event):
    """A team was ordered to an incident, by a route computed on a named network and closure set."""

    dispatch_id: str
    incident_id: str
    team_id: str
    rank: int
    reason: str
    muster_s: float
    travel_s: float
    distance_m: float
    closures: list[str]
    network_version: str

    @property
    def touched(self) -> Touched:
        return {"dispatches": [self.dispatch_id], "incidents": [self.incident_id], "teams": [self.team_id]}


@dataclass(frozen=True)
class DispatchAdvanced(Event):
    """A dispatched team took the next step."""

    dispatch_id: str
    team_id: str
    before: str
    after: str
    note: str

    @property
    def touched(self) -> Touched:
        return {"dispatches": [self.dispatch_id], "teams": [self.team_id]}


@dataclass(frozen=True)
class RouteInvalidated(Event):
    """A closure cut the route of a dispatch under way (路线失效)."""

    dispatch_id: str
    closure_id: str

    @property
    def touched(self) -> Touched:
        return {"dispatches": [self.dispatch_id]}


@dataclass(frozen=True)
class RouteReplaced(Event):
    """A dispatch got another route."""

    dispatch_id: str
    travel_s: float
    distance_m: float
    closures: list[str]

    @property
    def touched(self) -> Touched:
        return {"dispatches": [self.dispatch_id]}


@dataclass(frozen=True)
class TeamStateSet(Event):
    """A person set what a team is doing."""

    team_id: str
    before: str
    after: str
    note: str

    @property
    def touched(self) -> Touched:
        return {"teams": [self.team_id]}


@dataclass(frozen=True)
class RoadClosed(Event):
    """Road segments were closed by a person."""

    closure_id: str
    road_ids: list[int]
    reason: str

    @property
    def touched(self) -> Touched:
        return {"closures": [self.closure_id]}


@dataclass(frozen=True)
class RoadReopened(Event):
    """A closure was lifted by a person."""

    closure_id: str
    road_ids: list[int]
    reason: str

    @property
    def touched(self) -> Touched:
        return {"closures": [self.closure_id]}


@dataclass(frozen=True)
class ClockSet(Event):
    """A drill's clock got another speed."""

    sim0: str
    real0: str
    speed: float

    @property
    def touched(self) -> Touched:
        return {"clock": ["clock"]}
