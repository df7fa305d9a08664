"""What people say of alarms, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class AlarmsAcknowledged(Event):
    """Somebody took note of alarms: on no screen they blink or sound any more."""

    touches = {"alarms": "touched_ids"}

    ids: list[str]
    episodes: list[str]
    touched_ids: list[str]
    """Those acknowledged, and old ones that left the board."""


@dataclass(frozen=True)
class AlarmsMuted(Event):
    """Somebody silenced all screens of the world for a while; alarms go on blinking."""

    touches = {"alarms": "alarm_id"}

    alarm_id: str
    until: str


@dataclass(frozen=True)
class AlarmsUnmuted(Event):
    """Sound was allowed again before its time."""

    touches = {"alarms": "alarm_id"}

    alarm_id: str
