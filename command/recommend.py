"""Which team to send: those that can go, by muster and travel time, and why each of the others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from command.board import Item
from command.roads import profile_of
from command.teams import STATES
from gis_data.errors import Invalid
from layers.engine.hierarchy import FAR
from layers.network import Network
from layers.positions import Position, snap, snap_all
from layers.profiles import Profile
from layers.routing import Route, matrix_ms, route

SNAP_LIMIT_M = 3_000.0
DRAWN = 5
"""How many offers are drawn on the map."""


@dataclass(frozen=True)
class Reason:
    """A reason in both languages."""

    zh: str
    en: str


UNREACHABLE = Reason("道路不可达（孤岛）", "no open road leads there")


@dataclass(frozen=True)
class Offer:
    """A team that can go: ETA is muster plus travel, in seconds. The first `DRAWN` come with their route."""

    rank: int
    team_id: str
    muster_s: float
    travel_s: float
    start: Position
    target: Position
    profile: Profile
    route: Route | None
    reasons: tuple[Reason, ...]

    @property
    def eta_s(self) -> float:
        """Seconds until the team is there."""
        return self.muster_s + self.travel_s

    def way(self, network: Network) -> Route:
        """The route, on the network of the ranking."""
        way = self.route or route(network, self.start, self.target, self.profile)
        assert way is not None, "its travel time was finite, so there is a route"
        return way


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


def _force(kind: str, team: Item) -> int:
    """Which force goes first to a forest fire: professionals, then other forces of the state, then volunteers."""
    if kind != "forest_fire":
        return 0
    if "森林" in team["kind"] and "专业" in team["kind"] and "半专业" not in team["kind"]:
        return 0
    return 2 if any(word in team["kind"] for word in ("志愿", "社会", "民兵")) else 1


def rank(
    kind: str,
    lon: float,
    lat: float,
    teams: Sequence[dict[str, Any]],
    network: Network,
    profiles: Mapping[str, Profile],
    *,
    drawn: int = DRAWN,
) -> Ranking:
    """Rank teams (board items) for an incident of a kind at a point in EPSG:4490, each by its own vehicle."""
    absent = [Absent(t["id"], *kept_out) for t in teams if (kept_out := _kept_out(t, kind)) is not None]
    out = {a.team_id for a in absent}
    able = [t for t in teams if t["id"] not in out]
    found: list[tuple[int, Item, Position, Position, Profile]] = []
    for profile in dict.fromkeys(profile_of(t["vehicle"], profiles) for t in able):
        some = [t for t in able if profile_of(t["vehicle"], profiles) == profile]
        travels = _travel(network, some, lon, lat, profile)
        for team, travel in zip(some, travels, strict=True):
            if travel is None:
                absent.append(
                    Absent(team["id"], "unreachable", Reason("道路不可达（孤岛）", "no open road leads there"))
                )
            else:
                found.append((travel[0], team, *travel[1:], profile))
    found.sort(key=lambda f: (_force(kind, f[1]), f[1]["muster_s"] * 1000 + f[0], f[1]["code"]))
    earliest = min((team["muster_s"] * 1000 + ms for ms, team, *_ in found), default=0)
    offers: list[Offer] = []
    for place, (ms, team, start, target, profile) in enumerate(found, 1):
        eta, seconds = team["muster_s"] + ms / 1000, ms / 1000
        reasons = [
            Reason(
                f"集结 {minutes(team['muster_s'])} 分 + 行车 {minutes(seconds)} 分 = {minutes(eta)} 分",
                f"muster {minutes(team['muster_s'])} min + travel {minutes(seconds)} min = {minutes(eta)} min",
            )
        ]
        if kind == "forest_fire" and _force(kind, team) == 0:
            reasons.append(Reason("专业森林消防队伍，优先", "professional forest-fire crew, first"))
        if place == 1 and len(found) > 1 and team["muster_s"] * 1000 + ms <= earliest:
            lead = minutes(found[1][1]["muster_s"] + found[1][0] / 1000 - eta)
            reasons.append(Reason(f"最快，比下一支早 {lead} 分", f"fastest, {lead} min ahead of the next"))
        if target.offset_m > 50:
            far = f"{target.offset_m:.0f}"
            reasons.append(Reason(f"道路尽头距现场 {far} 米", f"{far} m from the road to the scene"))
        way = route(network, start, target, profile) if place <= drawn else None
        offers.append(Offer(place, team["id"], team["muster_s"], seconds, start, target, profile, way, tuple(reasons)))
    return Ranking(tuple(offers), tuple(absent))


def _travel(
    network: Network, teams: Sequence[Item], lon: float, lat: float, profile: Profile
) -> list[tuple[int, Position, Position] | None]:
    """Milliseconds, start and target of each team's way; None where no open road leads there."""
    try:
        target = snap(network, lon, lat, profile, limit_m=SNAP_LIMIT_M)
    except Invalid:
        return [None] * len(teams)
    where = np.array([(team["lon"], team["lat"]) for team in teams], float)
    starts = snap_all(network, where, profile, limit_m=SNAP_LIMIT_M)
    ms = iter(matrix_ms(network, [start for start in starts if start], [target], profile)[:, 0].tolist())
    reached = [(start, next(ms)) if start else (start, FAR) for start in starts]
    return [(ms, start, target) if start and ms < FAR else None for start, ms in reached]
