"""Time. The only module that reads the machine's clock; a world's clock is a stored anchor, and nothing ticks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def real_now() -> datetime:
    """The real time, UTC with offset."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds of a clock that never goes back, for measuring and waiting."""
    return time.monotonic()


@dataclass(frozen=True)
class Clock:
    """A world's clock: `sim0 + (real - real0) × speed`; speed 0 is a pause."""

    sim0: datetime
    real0: datetime
    speed: float

    def at(self, real: datetime) -> datetime:
        """The world's time at a real time."""
        return self.sim0 + (real - self.real0) * self.speed

    def now(self) -> datetime:
        """The world's time now."""
        return self.at(real_now())

    def changed(self, speed: float, *, sim: datetime | None = None, real: datetime | None = None) -> Clock:
        """The same clock with another speed from now on, optionally set to another world time."""
        real = real or real_now()
        return Clock(sim or self.at(real), real, speed)
