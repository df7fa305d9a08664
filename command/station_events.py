"""What is said of stations and of who may send their readings."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class StationsChanged(Event):
    """Stations changed their state; which way, the kind says."""

    touches = {"gauges": "stations"}

    stations: list[str]


@dataclass(frozen=True)
class StationsSilent(StationsChanged):
    """Gauges have not been heard of for longer than the limit (失联): what depends on them is unknown."""


@dataclass(frozen=True)
class StationsHeard(StationsChanged):
    """Gauges are heard of, for the first time or again."""


@dataclass(frozen=True)
class AlarmsRaised(StationsChanged):
    """Sensors or cameras gave alarm; whether it is true, people find out."""


@dataclass(frozen=True)
class AlarmsEnded(StationsChanged):
    """The alarm of sensors or cameras has ended."""


@dataclass(frozen=True)
class StationsWithdrawn(StationsChanged):
    """Stations have left the register; the board shows them no longer."""


@dataclass(frozen=True)
class SourceAdded(Event):
    """A source of readings got a key, with what it may send where."""

    source: str
    worlds: list[str]
    elements: list[str]
    stations: list[str]


@dataclass(frozen=True)
class SourceRevoked(Event):
    """The key of a source of readings holds no longer."""

    source: str
