"""What happens to plans and responses, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class PlanLoaded(Event):
    """A plan edition came in; the journal holds the hash of its file."""

    plan_id: str
    track: str
    jurisdiction: str
    edition: str
    sha256: str


@dataclass(frozen=True)
class ResponseProposed(Event):
    """A level was proposed: by a trigger rule, or by hand."""

    touches = {"decisions": "decision_id"}

    decision_id: str
    source: str
    track: str
    from_level: int
    to_level: int
    sources: list[str]


@dataclass(frozen=True)
class RulesTurned(Event):
    """Trigger rules are true no longer, or nobody knows whether they are."""

    rules: list[str]
    truth: str


@dataclass(frozen=True)
class DecisionStepped(Event):
    """A proposal was consulted on, submitted, rejected or withdrawn."""

    touches = {"decisions": "decision_id"}

    decision_id: str
    to: str
    note: str


@dataclass(frozen=True)
class ResponseDecided(Event):
    """A named post approved a start, a raise, a lowering or an end."""

    touches = {"responses": "response_id", "decisions": "decision_ids"}

    response_id: str
    decision_ids: list[str]
    """The approved one first; then those that it made moot or moved."""
    kind_of: str
    track: str
    from_level: int
    to_level: int
    document_no: str
    evidence: int


@dataclass(frozen=True)
class ResponseNoticed(Event):
    """A level of the city's or a town's own was typed from its notice."""

    touches = {"responses": "response_id"}

    response_id: str
    track: str
    jurisdiction: str
    level: int
    document_no: str


@dataclass(frozen=True)
class ResponseReviewed(Event):
    """An ended response was looked back on (复盘)."""

    touches = {"responses": "response_id"}

    response_id: str
