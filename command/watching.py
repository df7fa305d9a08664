"""What follows from new readings: states of zones and villages, suggested closures. Whoever takes readings calls it.

Readings are committed before; a failure here is logged, and the next tick looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from command import (
    callout_watch,
    duty_reminder,
    hazards,
    headcounts,
    neighbours,
    observations,
    purge,
    suggestions,
    tasks,
    town_watch,
    warnings,
)
from command.fire import danger_days
from command.responses import watch as rules
from command.station_memory import peek
from command.transfer import proposals, room
from gis_data.world import World

log = structlog.get_logger()


def watch(world: World, stations: Iterable[str] = ()) -> None:
    """Look at what these stations newly say; without any, at what time, warnings and patrols say."""
    stations = list(stations)
    if _look(world, stations) or not stations:
        _safely(world, "rules", lambda: rules.settle(world))


def _look(world: World, stations: Iterable[str]) -> list[str]:
    """Look at hazards and depths; gives the objects whose state changed."""
    changed: list[str] = []
    _safely(world, "hazards", lambda: changed.extend(hazards.evaluate(world)))
    _safely(world, "transfers", lambda: proposals.settle(world))
    if depths := _depths(world, stations):
        _safely(world, "suggestions", lambda: suggestions.by_gauges(world, depths))
    return changed


def tick(world: World) -> None:
    """What time alone changes: gauges that fall silent, warnings that run out; and what was missed since the last."""
    _safely(world, "gauges", lambda: observations.settle(world))
    _safely(world, "warnings", lambda: warnings.settle(world))
    _safely(world, "tasks", lambda: tasks.settle(world))
    _safely(world, "shelters", lambda: room.watch(world))
    _safely(world, "callouts", lambda: callout_watch.settle(world))
    _safely(world, "headcounts", lambda: headcounts.settle(world))
    _safely(world, "neighbours", lambda: neighbours.settle(world))
    _safely(world, "fire danger", lambda: danger_days.settle(world))
    _safely(world, "reminders", lambda: duty_reminder.settle(world))
    _look(world, _news(world))
    _safely(world, "towns", lambda: town_watch.settle(world))
    _safely(world, "rules", lambda: rules.settle(world))
    _safely(world, "purge", lambda: purge.settle(world))


def _depths(world: World, stations: Iterable[str]) -> dict[str, float]:
    """The newest good depth, in metres, of those that are depth gauges."""
    kept = peek(world)
    if kept is None:
        return {}
    with kept.lock:
        return {
            code: last.value
            for code in stations
            if code in kept.stations and kept.stations[code].element == "depth"
            for last in (kept.last.get(code),)
            if last is not None and last.quality == "good"
        }


_seen: dict[tuple[str, str], tuple[int, int]] = {}


def _news(world: World) -> list[str]:
    """Stations that have changed since the last tick."""
    kept = peek(world)
    if kept is None:
        return []
    key = str(world.engine.url), world.schema
    with kept.lock:
        which, since = _seen.get(key, (0, 0))
        since = since if which == id(kept) else 0
        _seen[key] = id(kept), kept.changes
        return [code for code, change in kept.changed.items() if change > since]


def _safely(world: World, what: str, do: Callable[[], object]) -> None:
    try:
        do()
    except Exception as error:  # whatever it is, the readings stand and the other watches go on
        log.exception("not watched", world=world.name, what=what, error=str(error).splitlines()[:1])
