"""What happens on the wall's screens, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from command.events import Event


@dataclass(frozen=True)
class ScreenShown(Event):
    """Somebody showed a scene, a view and perhaps an object on a screen (投到大屏)."""

    touches = {"screens": "screen"}

    screen: str
    shown: dict[str, Any]


@dataclass(frozen=True)
class ScreenReleased(Event):
    """A screen was handed back (放手) and shows its own scene again."""

    touches = {"screens": "screen"}

    screen: str


@dataclass(frozen=True)
class ScreenSet(Event):
    """A screen's own scene, or what it does with sensitive incidents, was set."""

    touches = {"screens": "screen"}

    screen: str
    home: str
    sensitive: str


@dataclass(frozen=True)
class IncidentMadeSensitive(Event):
    """An incident was marked as sensitive (敏感), or is so no longer: screens hide or dim it."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    no: str
    sensitive: bool
    reason: str
