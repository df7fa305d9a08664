"""What the questions to the road network take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import Geometry, In, Lat, Lon

ProfileId = Literal[
    "drive", "car", "pickup", "fire_engine", "pump_truck", "ambulance", "bus", "boat_trailer",
    "walk", "walk_vulnerable", "transfer", "transfer_vulnerable", "distance",
]  # fmt: skip


class ProfileOut(BaseModel):
    """A way to travel; DEMO figures until the bureau gives its own."""

    id: str
    zh: str
    en: str
    mode: Literal["drive", "walk"]


class AsOf(BaseModel):
    """What an answer rests on: the world's time, the roads, the closures in force."""

    computed_at: datetime
    network_version: str
    closures: list[str]


class WayStepOut(BaseModel):
    zh: str
    en: str
    metres: float
    seconds: float
    lon: float
    lat: float


class LegOut(BaseModel):
    """A part of a way by one means."""

    profile: str
    seconds: float
    metres: float
    route: Geometry
    steps: list[WayStepOut]
    road_ids: list[int]


class WayOut(BaseModel):
    seconds: float
    metres: float
    legs: list[LegOut]


class RoutesOut(AsOf):
    """The fastest way first, then others that differ by three tenths of their length.

    `from_m`, `to_m`: metres between the points asked for and the road.
    """

    ways: list[WayOut]
    from_m: float
    to_m: float


class PointIn(In):
    lon: Lon
    lat: Lat


Points = Annotated[list[PointIn], Field(min_length=1, max_length=500)]


class MatrixIn(In):
    sources: Points
    targets: Points
    profile: ProfileId = "drive"


class MatrixOut(AsOf):
    """Seconds by source and target; null where there is no way, or no road within 2 km."""

    seconds: list[list[float | None]]


class AreasIn(In):
    """From these points, or from all teams that stand by (for a kind of incident, if said); `to`: towards them."""

    points: Annotated[list[PointIn], Field(max_length=500)] = []
    teams: bool = False
    hazard: str | None = None
    minutes: Annotated[list[Annotated[float, Field(gt=0, le=240)]], Field(min_length=1, max_length=6)] = [5, 10, 15, 30]
    profile: ProfileId = "drive"
    to: bool = False
    each: bool = False


class AreaOut(BaseModel):
    """`source` numbers the points; null where all are taken together."""

    source: int | None
    minutes: float
    area_km2: float
    persons: int
    area: Geometry


class AreasOut(AsOf):
    areas: list[AreaOut]


class VillageOut(BaseModel):
    name: str
    persons: int


class IslandOut(BaseModel):
    area: Geometry
    persons: int
    villages: list[VillageOut]
    road_ids: list[int]


class IslandsOut(AsOf):
    """`stranded`: persons on closed roads themselves, with no open road near."""

    islands: list[IslandOut]
    stranded: int


class DependenceOut(BaseModel):
    village: str
    persons: int
    lon: float
    lat: float
    road_ids: list[int]
    roads: Geometry


class DependencesOut(AsOf):
    villages: list[DependenceOut]


class DetourOut(AsOf):
    """What closing the road costs; `extra_s` null: no other way leads round."""

    road_id: int
    road_name: str | None
    seconds: float
    metres: float
    extra_s: float | None
    extra_m: float | None
    route: Geometry | None


class CoverageIn(In):
    """A question of coverage; what is left out is taken from the register of parameters."""

    demand: Literal["residents", "residents_day", "villages", "zones"] = "residents"
    hazard: Literal["earthquake", "typhoon", "flood", "geohazard", "fire"] = "geohazard"
    overnight: bool = True
    limit_m: Annotated[float, Field(gt=0, le=50_000)] | None = None
    indoor_m2: Annotated[float, Field(gt=0, le=100)] | None = None
    outdoor_m2: Annotated[float, Field(gt=0, le=100)] | None = None
    excluded: Annotated[list[str], Field(max_length=1000)] = []
    cells: bool = False


class UsedOut(BaseModel):
    key: str
    value: float
    document: str
    is_demo: bool


class WayReasonOut(BaseModel):
    key: str
    zh: str
    en: str


class JudgedOut(BaseModel):
    id: UUID
    code: str
    name: str
    lon: float
    lat: float
    capacity: int | None
    eligible: bool
    reasons: list[WayReasonOut]
    assigned: int
    is_demo: bool


class UnitOut(BaseModel):
    unit: str
    persons: int
    unmet: int
    out_of_reach: int


class CoverageOut(AsOf):
    """Distance coverage and capacity-constrained coverage, side by side; `circle` is what straight lines would claim.

    `cells`, if asked for: longitude, latitude, persons, persons without room, metres to the nearest shelter or null.
    """

    demand_zh: str
    demand_en: str
    persons: int
    covered: int
    assigned: int
    unmet: int
    circle: int
    person_metres: float
    parameters: list[UsedOut]
    shelters: list[JudgedOut]
    units: list[UnitOut]
    cells: list[tuple[float, float, int, int, float | None]] | None
    is_demo: bool


class TrackIn(In):
    """A team's positions in order, and the dispatch whose route they are held against."""

    points: Points
    dispatch_id: UUID | None = None
    profile: ProfileId = "drive"


class MatchedOut(BaseModel):
    road_id: int
    road_name: str | None
    lon: float
    lat: float
    offset_m: float


class TrackOut(AsOf):
    """Each position on its road, null where none fits; `off` says which are off the route, null without one."""

    places: list[MatchedOut | None]
    off: list[bool] | None
    off_route: bool | None
