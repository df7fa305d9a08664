"""What has happened, in the past tense. An event holds facts, says itself in words, and names what it touched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

Touched = dict[str, list[str]]
"""Board collection → ids of the items that may have changed."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. `zh` and `en` say it to people."""

    touches: ClassVar[dict[str, str]] = {}
    """Board collection → the field that holds the id (or the ids) of what may have changed there."""

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
        found = {collection: getattr(self, field) for collection, field in self.touches.items()}
        return {collection: ids if isinstance(ids, list) else [ids] for collection, ids in found.items()}


@dataclass(frozen=True)
class IncidentReported(Event):
    """An incident became known."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    no: str
    incident_kind: str
    lon: float
    lat: float


@dataclass(frozen=True)
class IncidentClosed(Event):
    """An incident came to its end, on a stated ground."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    no: str
    ground: str


@dataclass(frozen=True)
class NeedsStated(Event):
    """Somebody said what an incident asks for; none: what is usual for its kind and grade."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    needs: list[dict[str, Any]] | None


@dataclass(frozen=True)
class AllocationAccepted(Event):
    """A joint proposal was accepted, whole or in part; the orders themselves are events of their own."""

    dispatches: list[str]
    redirected: list[str]
    reason: str


@dataclass(frozen=True)
class TeamDispatched(Event):
    """A team was ordered to an incident, by a route computed on a named network and closure set."""

    touches = {"dispatches": "dispatch_id", "incidents": "incident_id", "teams": "team_id"}

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


@dataclass(frozen=True)
class DispatchAdvanced(Event):
    """A dispatched team took the next step."""

    touches = {"dispatches": "dispatch_id", "teams": "team_id", "headcounts": "dispatch_id"}

    dispatch_id: str
    team_id: str
    before: str
    after: str
    note: str


@dataclass(frozen=True)
class RouteInvalidated(Event):
    """A closure cut the route of a dispatch under way (路线失效)."""

    touches = {"dispatches": "dispatch_id"}

    dispatch_id: str
    closure_id: str


@dataclass(frozen=True)
class RouteReplaced(Event):
    """A dispatch got another route."""

    touches = {"dispatches": "dispatch_id"}

    dispatch_id: str
    travel_s: float
    distance_m: float
    closures: list[str]


@dataclass(frozen=True)
class TeamStateSet(Event):
    """A person set what a team is doing."""

    touches = {"teams": "team_id"}

    team_id: str
    before: str
    after: str
    note: str


@dataclass(frozen=True)
class RoadClosed(Event):
    """Road segments were closed, or limited, by a person."""

    touches = {"closures": "closure_id"}

    closure_id: str
    road_ids: list[int]
    reason: str
    closed_for: list[str]
    slower: float
    depth_m: float | None


@dataclass(frozen=True)
class RoadReopened(Event):
    """A closure was lifted by a person."""

    touches = {"closures": "closure_id"}

    closure_id: str
    road_ids: list[int]
    reason: str


@dataclass(frozen=True)
class WorldOpened(Event):
    """A world was made: its board begins with what the registers hold."""

    touches = {"clock": "clock", "teams": "teams"}

    clock: str
    teams: list[str]


@dataclass(frozen=True)
class ClockSet(Event):
    """A drill's clock got another speed."""

    touches = {"clock": "id"}

    id: str
    sim0: str
    real0: str
    speed: float


@dataclass(frozen=True)
class ClosureSuggested(Event):
    """A gauge or a model says that roads should be closed (建议封控); nothing is closed by it."""

    touches = {"suggestions": "ids"}

    ids: list[str]
    source: str


@dataclass(frozen=True)
class SuggestionsChanged(Event):
    """Water that was told of is deeper or shallower, or gone: what nobody decided on is withdrawn then."""

    touches = {"suggestions": "ids"}

    ids: list[str]


@dataclass(frozen=True)
class SuggestionDecided(Event):
    """A person confirmed a suggestion, which closes the road, or dismissed it."""

    touches = {"suggestions": "suggestion_id"}

    suggestion_id: str
    decision: str
    note: str
    closure_id: str | None


@dataclass(frozen=True)
class RunChanged(Event):
    """A run of a model was asked for, is done, failed, was cancelled or put away."""

    touches = {"runs": "ids"}

    ids: list[str]
    state: str
