"""Which team to send: those that can go, by muster and travel time, and why each of the others cannot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from command.board import Item
from command.teams import STATES
from gis_data.errors import Invalid
from layers.network import DRIVE, Network, Position, Profile, snap
from layers.routing import Route, route, seconds_to

SNAP_LIMIT_M = 3_000.0


@dataclass(frozen=True)
class Reason:
    """A reason in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Offer:
    """A team that can go: ETA is muster plus travel, in seconds."""

    rank: int
    team_id: str
    muster_s: float
    travel_s: float
    route: Route
    reasons: tuple[Reason, ...]

    @property
    def eta_s(self) -> float:
        """Seconds until the team is there."""
        return self.muster_s + self.travel_s


@dataclass(frozen=True)
class Absent:
    """A team that is not offered: `code` is busy, resting, unavailable, incapable or unreachable."""

    team_id: str
    code: str
    reason: Reason


@dataclass(frozen=True)
class Ranking:
    """The answer for one place: offers, best first, and everybody else with the reason."""

    offers: tuple[Offer, ...]
    absent: tuple[Absent, ...]


def minutes(seconds: float) -> str:
    """Seconds as minutes with one decimal."""
    return f"{seconds / 60:.1f}"


def _kept_out(team: Item, kind: str) -> tuple[str, Reason] | None:
    state = team["state"]
    if state in ("resting", "unavailable"):
        return state, Reason(f"{STATES[state][0]}中" if state == "resting" else "不可用", STATES[state][1])
    if state != "standby":
        return "busy", Reason(f"已出动：{STATES[state][0]}", f"already out: {STATES[state][1]}")
    if kind not in team["hazards"]:
        return "incapable", Reason("不具备此类事件处置能力", "not equipped for this kind of incident")
    return None


def rank(
    kind: str,
    lon: float,
    lat: float,
    teams: Sequence[dict[str, Any]],
    network: Network,
    closed: frozenset[int],
    profile: Profile = DRIVE,
) -> Ranking:
    """Rank teams (board items) for an incident of a kind at a point in EPSG:4490, with these roads closed."""
    absent = [Absent(t["id"], *kept_out) for t in teams if (kept_out := _kept_out(t, kind)) is not None]
    out = {a.team_id for a in absent}
    able = [t for t in teams if t["id"] not in out]

    def unreachable(team: Item) -> Absent:
        return Absent(team["id"], "unreachable", Reason("道路不可达（孤岛）", "no open road leads there"))

    try:
        target = snap(network, lon, lat, profile, closed, limit_m=SNAP_LIMIT_M)
    except Invalid:
        return Ranking((), (*absent, *(unreachable(t) for t in able)))
    starts: list[tuple[Item, Position]] = []
    for team in able:
        try:
            starts.append((team, snap(network, team["lon"], team["lat"], profile, closed, limit_m=SNAP_LIMIT_M)))
        except Invalid:
            absent.append(unreachable(team))
    travel = seconds_to(network, [start for _, start in starts], target, profile, closed)
    found = []
    for (team, start), seconds in zip(starts, travel, strict=True):
        if math.isfinite(seconds):
            found.append((team["muster_s"] + float(seconds), float(seconds), team, start))
        else:
            absent.append(unreachable(team))
    found.sort(key=lambda f: (f[0], f[2]["code"]))
    offers = []
    for place, (eta, seconds, team, start) in enumerate(found, 1):
        way = route(network, start, target, profile, closed)
        assert way is not None, "seconds_to was finite, so there is a route"
        reasons = [
            Reason(
                f"集结 {minutes(team['muster_s'])} 分 + 行车 {minutes(seconds)} 分 = {minutes(eta)} 分",
                f"muster {minutes(team['muster_s'])} min + travel {minutes(seconds)} min = {minutes(eta)} min",
            )
        ]
        if place == 1 and len(found) > 1:
            lead = minutes(found[1][0] - eta)
            reasons.append(Reason(f"最快，比下一支早 {lead} 分", f"fastest, {lead} min ahead of the next"))
        if target.offset_m > 50:
            far = f"{target.offset_m:.0f}"
            reasons.append(Reason(f"道路尽头距现场 {far} 米", f"{far} m from the road to the scene"))
        offers.append(Offer(place, team["id"], team["muster_s"], seconds, way, tuple(reasons)))
    return Ranking(tuple(offers), tuple(absent))
