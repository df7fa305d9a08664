"""A joint assignment in words: who goes where and why, what each need gets, who stays and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from command.board import Item
from command.needs import Wanted
from command.recommend import Reason, minutes
from layers.deployment import Crew, Deployment, Need, why_not

Ints = NDArray[np.int64]
WHY = {
    "busy": Reason("已出动或不可用", "out, or unavailable"),
    "incapable": Reason("不具备所需能力", "not able to do what is asked"),
    "unreachable": Reason("道路不可达（孤岛）", "no open road leads there"),
    "late": Reason("到达过晚", "would come too late"),
    "tired": Reason("剩余执勤时间不足", "too little is left of its duty"),
    "elsewhere": Reason("派往其他需求", "goes to another need"),
    "reserve": Reason("留作备勤", "kept in reserve"),
    "spare": Reason("暂不需要", "not needed now"),
}
Action = Literal["send", "redirect", "keep", "surplus"]


@dataclass(frozen=True)
class Move:
    """What becomes of one team: `eta_s` is muster and travel from now; `rank` among those who could serve the need."""

    action: Action
    team: Item
    incident: Item
    need: int | None
    from_dispatch: str | None
    eta_s: float
    rank: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Asking:
    """A need with what the proposal gives it; `out` counts by reason those who do not serve it."""

    incident: Item
    wanted: Wanted
    given: int
    short: int
    out: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Told:
    """A deployment in words."""

    teams: Sequence[Item]
    out: Mapping[str, Item]
    wanted: Sequence[tuple[Item, Wanted]]
    crews: Sequence[Crew]
    needs: Sequence[Need]
    found: Deployment
    eta_ms: Ints
    travel_ms: Ints
    incidents: Mapping[str, Item]
    at: datetime

    def asking(self) -> tuple[Asking, ...]:
        """Each need, what it gets, and why the others do not serve it."""
        chosen = self.found.need
        told = []
        for n, (incident, need) in enumerate(self.wanted):
            given = np.flatnonzero(chosen == n).tolist()
            count = sum(self.crews[t].members if need.in_persons else 1 for t in given)
            why = Counter(self._why(t, n) for t in range(len(self.crews)) if chosen[t] != n)
            told.append(Asking(incident, need, count, int(self.found.short[n]), dict(why)))
        return tuple(told)

    def _why(self, t: int, n: int) -> str:
        code = why_not(self.crews[t], self.needs[n], int(self.travel_ms[t, n]))
        if code == "unreachable" and self.teams[t]["id"] in self.out:
            return "busy"  # it stays where it has been sent
        return code or ("elsewhere" if self.found.need[t] >= 0 else "reserve" if self.found.reserved else "spare")

    def moves(self) -> tuple[Move, ...]:
        """Who goes where, and who stays where it has been sent."""
        told = []
        for t, team in enumerate(self.teams):
            n, there = int(self.found.need[t]), self.out.get(team["id"])
            incident = self.wanted[n][0] if n >= 0 else None
            if there and (incident is None or incident["id"] == there["incident_id"]):
                told.append(self._stays(team, there, n))
            elif incident:
                told.append(
                    Move(
                        "redirect" if there else "send", team, incident, n, there["id"] if there else None,
                        int(self.eta_ms[t, n]) / 1000, self._rank(t, n), self._reasons(t, n),
                    )
                )  # fmt: skip
        return tuple(told)

    def _stays(self, team: Item, there: Item, n: int) -> Move:
        why = Reason("维持现有调派", "stays where it has been sent")
        if n < 0:
            why = Reason("该事件需求已由其他队伍满足，可考虑撤收", "others meet the need; consider releasing it")
        left = max(0.0, (datetime.fromisoformat(there["eta_at"]) - self.at).total_seconds())
        incident = self.incidents[there["incident_id"]]
        return Move(
            "keep" if n >= 0 else "surplus", team, incident, n if n >= 0 else None, there["id"], left, 0, (why,)
        )

    def _rank(self, t: int, n: int) -> int:
        return 1 + int((self.eta_ms[:, n] < self.eta_ms[t, n]).sum())

    def _reasons(self, t: int, n: int) -> tuple[Reason, ...]:
        """Its time, and of those who would be there sooner where they are instead."""
        s = int(self.eta_ms[t, n]) / 1000
        told = [Reason(f"预计 {minutes(s)} 分到达", f"there in {minutes(s)} min")]
        for f in np.argsort(self.eta_ms[:, n], kind="stable")[: min(3, self._rank(t, n) - 1)].tolist():
            sooner, other = minutes(int(self.eta_ms[f, n]) / 1000), int(self.found.need[f])
            if other == n:
                continue
            where = self.wanted[other][0]["title"] if other >= 0 else "备勤"
            told.append(
                Reason(
                    f"{self.teams[f]['name']}更快（{sooner} 分），但安排在：{where}",
                    f"{self.teams[f]['name']} would be sooner ({sooner} min) and is assigned to: "
                    + (where if other >= 0 else "reserve"),
                )
            )
        return tuple(told)

    def idle(self) -> tuple[tuple[Item, str], ...]:
        """Who goes nowhere, with the reason: what keeps it out of the needs, or that none needs it."""
        told = []
        for t, team in enumerate(self.teams):
            if self.found.need[t] >= 0 or team["id"] in self.out:
                continue
            codes = [self._why(t, n) for n in range(len(self.needs))]
            code = next((one for one in ("busy", "reserve", "spare") if one in codes), codes[0] if codes else "spare")
            told.append((team, code if self.crews[t].free else team["state"]))
        return tuple(told)
