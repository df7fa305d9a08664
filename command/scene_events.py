"""What happens at the scene of an incident, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from command.events import Event


@dataclass(frozen=True)
class MarksSet(Event):
    """Zones, lines or places were drawn at a scene, with who and what lay inside."""

    touches = {"marks": "marks"}

    incident_id: str
    marks: list[str]
    kinds: list[str]
    basis: dict[str, Any]


@dataclass(frozen=True)
class MarkDecided(Event):
    """A commander decided whether the people inside leave or stay indoors."""

    touches = {"marks": "mark_id"}

    incident_id: str
    mark_id: str
    decision: str
    reason: str


@dataclass(frozen=True)
class MarkEnded(Event):
    """A mark was ended, with what was found; of a zone: people may return."""

    touches = {"marks": "mark_id"}

    incident_id: str
    mark_id: str
    finding: str


@dataclass(frozen=True)
class FireStaged(Event):
    """A forest fire came to another stage."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    stage: str
    until: str | None


@dataclass(frozen=True)
class AlarmFound(Event):
    """What was behind an alarm (核查): a fire, a permitted use of fire, nothing."""

    touches = {"tasks": "task_id", "gauges": "station"}

    station: str
    task_id: str
    result: str
    incident_id: str | None
