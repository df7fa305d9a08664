"""What happens to warnings, zones and villages, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class WarningReceived(Event):
    """A warning came as a message, or was typed from a named source; it may end others (`ids` holds both)."""

    touches = {"warnings": "ids"}

    ids: list[str]
    message_id: str | None
    source: str
    sha256: str | None


@dataclass(frozen=True)
class WarningBegan(Event):
    """A warning that was sent ahead of time is in force from now on."""

    touches = {"warnings": "ids"}

    ids: list[str]


@dataclass(frozen=True)
class WarningLifted(Event):
    """Warnings came to their end: `lifted` by a person with a reason, or, as time tells, expired or by a message."""

    touches = {"warnings": "ids"}

    ids: list[str]
    why: str
    note: str


@dataclass(frozen=True)
class HazardStatesChanged(Event):
    """Zones or villages changed their state or colour, or are not known any more (数据告警); internal prompts all."""

    touches = {"hazards": "ids"}

    ids: list[str]
    immediate: list[str]
    prepare: list[str]
    unknown: list[str]


@dataclass(frozen=True)
class PatrolReported(Event):
    """A patrol said what it found at a zone or village."""

    touches = {"hazards": "hazard"}

    hazard: str
    finding: str
    colour: str
