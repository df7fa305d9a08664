"""Who travels: vehicles and walkers, how fast on each class of road, and where they may not go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from gis_data.errors import Invalid

Speeds = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Profile:
    """A way to travel. All figures are parameters; those below are DEMO values until the bureau gives its own.

    Attributes
    ----------
    id, zh, en : its name. mode : which roads it may use at all. `walk` heeds neither one-ways nor forbidden turns.
    kmh, default_kmh : speed by class of road; a driver also keeps a road's `max_speed_kmh`.
    height_m, weight_t, width_m : the vehicle's own; it keeps off roads whose limit is lower. None knows no limit.
    wading_m : the deepest water it goes through. None: any.
    slowed : by slope, pairs of (slope in percent up to which, share of the speed), ascending, for walkers.
    shuns : flags of roads (columns such as `crosses_stream`) on which it must not go at all.
    """

    id: str
    zh: str
    en: str
    mode: Literal["drive", "walk"]
    default_kmh: float
    kmh: Speeds = ()
    height_m: float | None = None
    weight_t: float | None = None
    width_m: float | None = None
    wading_m: float | None = None
    slowed: tuple[tuple[float, float], ...] = ()
    shuns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        speeds = (self.default_kmh, *(kmh for _, kmh in self.kmh), *(share for _, share in self.slowed))
        if not all(0 < speed < float("inf") for speed in speeds):
            raise Invalid("速度必须大于零。", "Every speed must be above zero.", field="kmh")


CITY: Speeds = (
    ("motorway", 80.0), ("trunk", 60.0), ("primary", 50.0), ("secondary", 40.0), ("service", 15.0), ("track", 15.0),
)  # fmt: skip
HEAVY: Speeds = (
    ("motorway", 70.0), ("trunk", 50.0), ("primary", 45.0), ("secondary", 35.0), ("service", 10.0), ("track", 10.0),
)  # fmt: skip
SLOPES = ((5.0, 1.0), (15.0, 0.8), (30.0, 0.55), (float(10**6), 0.35))
WALK_KMH, VULNERABLE_KMH = 1.2 * 3.6, 0.8 * 3.6
DANGERS = ("crosses_stream", "in_gully")
"""Where nobody is led on foot during a transfer (the handbook's 5.6); risk zones come on top, as limits."""

DRIVE = Profile("drive", "车辆", "Vehicle", "drive", 30.0, CITY)
CAR = Profile("car", "小客车", "Car", "drive", 30.0, CITY, 1.8, 2.5, 1.9, 0.15)
FIRE_ENGINE = Profile("fire_engine", "消防车", "Fire engine", "drive", 30.0, CITY, 3.5, 16.0, 2.5, 0.4)
PICKUP = Profile("pickup", "皮卡", "Pickup", "drive", 30.0, CITY, 1.9, 3.0, 1.9, 0.3)
BUS = Profile("bus", "运兵车", "Crew bus", "drive", 30.0, HEAVY, 2.9, 6.5, 2.2, 0.25)
PUMP_TRUCK = Profile("pump_truck", "大型排涝泵车", "Heavy pump truck", "drive", 30.0, HEAVY, 3.8, 25.0, 2.55, 0.6)
AMBULANCE = Profile("ambulance", "救护车", "Ambulance", "drive", 30.0, CITY, 2.8, 3.5, 2.1, 0.25)
BOAT_TRAILER = Profile("boat_trailer", "拖艇车", "Boat trailer", "drive", 30.0, HEAVY, 2.6, 4.0, 2.5, 0.4)
WALK = Profile("walk", "步行", "On foot", "walk", WALK_KMH, slowed=SLOPES)
WALK_VULNERABLE = Profile(
    "walk_vulnerable", "步行（弱势群体）", "On foot, vulnerable", "walk", VULNERABLE_KMH, slowed=SLOPES
)
TRANSFER = Profile("transfer", "步行转移", "Transfer on foot", "walk", WALK_KMH, slowed=SLOPES, shuns=DANGERS)
TRANSFER_VULNERABLE = Profile(
    "transfer_vulnerable", "步行转移（弱势群体）", "Transfer on foot, vulnerable", "walk", VULNERABLE_KMH,
    slowed=SLOPES, shuns=DANGERS,
)  # fmt: skip
DISTANCE = Profile("distance", "步行距离", "Walking distance", "walk", 3.6)
"""One metre a second: its milliseconds are millimetres, for limits and costs that are counted in metres."""

PROFILES: Mapping[str, Profile] = {
    profile.id: profile
    for profile in (
        DRIVE, CAR, PICKUP, FIRE_ENGINE, PUMP_TRUCK, AMBULANCE, BUS, BOAT_TRAILER,
        WALK, WALK_VULNERABLE, TRANSFER, TRANSFER_VULNERABLE, DISTANCE,
    )
}  # fmt: skip


def with_figures(figures: Mapping[str, float]) -> dict[str, Profile]:
    """The profiles, with a bureau's own figures in place of the DEMO ones.

    Parameters
    ----------
    figures : by key. `drive.speed[<class of road>]`, for one kind alone `drive.speed[<profile>, <class>]`, in km/h;
        the class `urban` is what roads have that are of no other. `walk.speed[ordinary]`, `walk.speed[vulnerable]`, in
        m/s. `vehicle.wading_cm[<profile>]`, `vehicle.height_m[…]`, `vehicle.weight_t[…]`, `vehicle.width_m[…]`;
        `vehicle.wading_cm` alone for kinds of which nothing is known. Others are passed over.
    """
    return {id_: _own(profile, figures) for id_, profile in PROFILES.items()}


def _own(profile: Profile, figures: Mapping[str, float]) -> Profile:
    if profile.mode == "walk":
        group = "vulnerable" if profile.id.endswith("vulnerable") else "ordinary"
        speed = figures.get(f"walk.speed[{group}]")
        return profile if speed is None or profile == DISTANCE else replace(profile, default_kmh=speed * 3.6)
    kmh = {**dict(profile.kmh), "urban": profile.default_kmh}
    for whom in ("", f"{profile.id}, "):  # what is said of this kind comes last
        for key, speed in figures.items():
            name = key.removeprefix(f"drive.speed[{whom}").removesuffix("]")
            if key == f"drive.speed[{whom}{name}]" and ", " not in name:
                kmh[name] = speed
    wading = figures.get(f"vehicle.wading_cm[{profile.id}]", figures.get("vehicle.wading_cm"))
    if wading is not None and (profile.wading_m is None or f"vehicle.wading_cm[{profile.id}]" in figures):
        profile = replace(profile, wading_m=wading / 100)
    return replace(
        profile,
        default_kmh=kmh.pop("urban"),
        kmh=tuple(kmh.items()),
        height_m=figures.get(f"vehicle.height_m[{profile.id}]", profile.height_m),
        weight_t=figures.get(f"vehicle.weight_t[{profile.id}]", profile.weight_t),
        width_m=figures.get(f"vehicle.width_m[{profile.id}]", profile.width_m),
    )


EVERYBODY = frozenset({"*"})
IN_TRANSFER = frozenset({TRANSFER.id, TRANSFER_VULNERABLE.id})


@dataclass(frozen=True)
class Limit:
    """What holds on a road for now.

    `closed_for` names profiles, or modes, or `EVERYBODY`. `depth_m` is water on the road: it stops those who cannot
    wade it. `slower` multiplies the time of those who may go.
    """

    closed_for: frozenset[str] = field(default=EVERYBODY)
    slower: float = 1.0
    depth_m: float = 0.0

    def __post_init__(self) -> None:
        if not (1 <= self.slower < float("inf") and 0 <= self.depth_m < float("inf")):
            raise Invalid("减速倍数须不小于 1，水深须非负。", "Times slower must be ≥ 1, depth ≥ 0.", field="limit")

    def stops(self, profile: Profile) -> bool:
        """Whether this profile may not pass."""
        if self.closed_for & {"*", profile.id, profile.mode}:
            return True
        return profile.wading_m is not None and self.depth_m > profile.wading_m
