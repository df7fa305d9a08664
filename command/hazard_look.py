"""How all risk zones and key villages stand at a moment, beside what the journal last said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from command.hazard_watch import FACTS, Patrol, Told, Watch
from layers.thresholds import REASONS, SAFE, STATES, Flags, Floats, Levels, States
from layers.zone_status import COLOURS, SOURCES, Status


@dataclass(frozen=True)
class Look:
    """How all objects stand at a moment; `changed` where that is not what the journal last said.

    `mm`, `known` (o, windows) are the sums at each object. `heard`: one of its gauges was, ever; `silent`: one is not;
    `speaks`: heard or coloured, otherwise it is not on the board. `speaking`: gauges, whether they are not silent.
    """

    watch: Watch
    at: datetime
    before: Told
    mm: Floats
    known: Flags
    heard: Flags
    silent: Flags
    states: States
    official: Levels
    patrol: list[Patrol]
    status: Status
    speaks: Flags
    changed: Flags
    speaking: dict[str, bool]

    def evidence(self, n: int) -> dict[str, Any]:
        """What decided an object's state, and what of it is not known."""
        one, states, hours = self.watch.objects[n], self.states, self.watch.hours
        stands = states.alarm[n] != SAFE
        return {
            "window_h": hours[states.measure[n]] if stands else None,
            "sum_mm": round(float(states.sum_mm[n]), 3) if stands else None,
            "threshold_mm": float(states.threshold_mm[n]) if stands else None,
            "at": datetime.fromtimestamp(float(states.seen_s[n]), UTC).isoformat() if stands else None,
            "gauges": list(one.gauges),
            "unknown": [h for h, is_unknown in zip(hours, states.unknown_measures[n], strict=True) if is_unknown],
            "silent": [code for code in one.gauges if not self.speaking.get(code)],
        }

    def newly_dark(self, n: int) -> bool:
        """Whether an object is unknown and was not said to be, or whether its gauges fell silent since."""
        said = self.before.there[n] and self.before.unknown[n].any()
        return bool(self.states.unknown[n] and not (said and self.before.silent[n] >= self.silent[n]))

    def shown(self, n: int) -> dict[str, Any]:
        """An object's state, as it is stored and shown."""
        one, states = self.watch.objects[n], self.states
        return {
            "id": one.id, "register": one.register, "code": one.code, **{name: getattr(one, name) for name in FACTS},
            "state": STATES[int(states.state[n])][0], "alarm": STATES[int(states.alarm[n])][0],
            "unknown": bool(states.unknown[n]), "since": datetime.fromtimestamp(float(states.since_s[n]), UTC),
            "reason": REASONS[int(states.reason[n])][0], "evidence": self.evidence(n),
            "colour": COLOURS[int(self.status.colour[n])][0],
            "decided": [key for (key, *_), by in zip(SOURCES, self.status.decided[n], strict=True) if by],
            "internal": bool(self.status.internal[n]), "official": COLOURS[int(self.official[n])][0],
            "patrol": self.patrol[n][0], "patrol_finding": self.patrol[n][1],
        }  # fmt: skip
