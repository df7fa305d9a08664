"""What happens to readings as such, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class ReadingsPurged(Event):
    """Readings from before a day are no longer kept; how many, of how many stations. They go in the minutes after."""

    before: str
    readings: int
    rejected: int
    stations: int
    keep_days: int
