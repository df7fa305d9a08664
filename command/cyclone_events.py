"""What is said of tropical cyclones, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class CycloneReported(Event):
    """An agency said where a cyclone is, and where it will be."""

    touches = {"cyclones": "cyclone_id"}

    cyclone_id: str
    number: str
    agency: str
    issues: list[str]
    """The hashes of what was newly said."""


@dataclass(frozen=True)
class CycloneEnded(Event):
    """A cyclone is not followed any more (停止编报), on a stated ground."""

    touches = {"cyclones": "cyclone_id"}

    cyclone_id: str
    reason: str
