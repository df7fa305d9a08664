"""What happens on duty, in the past tense. What was written in the log stays there; the journal holds its hash."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class HandoverOffered(Event):
    """A post takes over; what is open is listed for it to accept."""

    touches = {"shifts": "shift_ids"}

    shift_ids: list[str]
    outgoing: str | None
    incoming: str
    items: list[str]


@dataclass(frozen=True)
class HandoverItemAccepted(Event):
    """One open item was accepted."""

    touches = {"shifts": "shift_id"}

    shift_id: str
    item: str
    outgoing: str | None
    incoming: str


@dataclass(frozen=True)
class HandoverDropped(Event):
    """A hand-over was called off; the shift that was on duty stays."""

    touches = {"shifts": "shift_id"}

    shift_id: str
    reason: str


@dataclass(frozen=True)
class ShiftStarted(Event):
    """A shift began and the one before it ended."""

    touches = {"shifts": "shift_ids"}

    shift_ids: list[str]
    outgoing: str | None
    incoming: str
    accepted: list[str]


@dataclass(frozen=True)
class DutyLogged(Event):
    """Something was written into the duty log, or its closure was."""

    entry_id: str
    no: str
    channel: str
    closed: bool
    sha256: str


@dataclass(frozen=True)
class RollCalled(Event):
    """Posts or units are asked for: a call test, or attendance."""

    roll_id: str
    roll_kind: str
    names: list[str]


@dataclass(frozen=True)
class RollAnswered(Event):
    """One of them is there, absent, or its deputy is."""

    roll_id: str
    name: str
    result: str
    present: int
    total: int


@dataclass(frozen=True)
class ReminderStepped(Event):
    """The work reminder of a day was drafted, edited, approved, given to a channel, or sent."""

    reminder_id: str
    day: str
    step: str
    sha256: str
    on_time: bool | None


@dataclass(frozen=True)
class ReminderLate(Event):
    """The deadline has passed and the reminder of the day is not out; said once."""

    reminder_id: str
    day: str


@dataclass(frozen=True)
class HeadsCounted(Event):
    """A crew was counted; fewer than expected is an alarm."""

    touches = {"headcounts": "dispatch_id"}

    dispatch_id: str
    team_id: str
    expected: int
    counted: int
    short: bool


@dataclass(frozen=True)
class HeadCountMissed(Event):
    """Crews at work were not counted in time; said once of each."""

    touches = {"headcounts": "dispatch_ids"}

    dispatch_ids: list[str]
