"""The shapes that go over HTTP. Coordinates EPSG:4490 lon lat; times with offset; `_s` seconds, `_m` metres."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


def _printable(value: str) -> str:
    if any((ord(c) < 32 and c not in "\n\t") or 0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise ValueError("control characters are not allowed 不允许控制字符")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_printable)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Id64 = Annotated[int, Field(ge=0, le=2**63 - 1)]
Kind = Literal["flood", "city_fire", "forest_fire", "geohazard", "other"]
Grade = Literal["general", "larger", "major", "extraordinary"]
Source = Literal["phone", "field", "camera", "sensor", "upper", "other"]
TeamStateName = Literal["standby", "mustering", "en_route", "on_scene", "working", "resting", "unavailable"]
Step = Literal["ordered", "acknowledged", "departed", "arrived", "working", "released"]
Geometry = dict[str, Any]
"""A GeoJSON geometry."""


class In(BaseModel):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class LoginIn(In):
    username: Line
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AccountOut(BaseModel):
    username: str
    name: str
    post: str
    role: str
    role_zh: str
    role_en: str
    towns: list[str]


class SessionOut(BaseModel):
    account: AccountOut
    permissions: list[str]
    csrf: str
    must_change: bool


class OidcOut(BaseModel):
    """The bureau's own log-in, as the button names it."""

    name: str


class WaysOut(BaseModel):
    """How one may log in besides an account of this system."""

    oidc: OidcOut | None


class PasswordIn(In):
    current: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DistrictOut(BaseModel):
    name: str
    title: str
    metric_crs: str
    bounds: Annotated[list[float], Field(min_length=4, max_length=4, description="west, south, east, north")]
    is_demo: bool
    version: str


class ClockOut(BaseModel):
    id: str = "clock"
    sim0: datetime
    real0: datetime
    speed: float


class WorldOut(BaseModel):
    name: str
    kind: Literal["live", "drill"]
    title: str
    clock: ClockOut


class WorldIn(In):
    name: Line
    title: Line


class ClockIn(In):
    """How fast a drill's clock runs; `at` sets it forward first."""

    speed: Annotated[float, Field(ge=0, le=60)]
    at: AwareDatetime | None = None


class IncidentIn(In):
    """A report. Give `lon` and `lat`, or `place_id`; `id` makes a retry safe."""

    id: UUID | None = None
    kind: Kind
    title: Line
    lon: Lon | None = None
    lat: Lat | None = None
    place_id: Id64 | None = None
    place: Text = ""
    grade: Grade | None = None
    note: Text = ""
    source: Source = "phone"
    occurred_at: AwareDatetime | None = None
    known_at: AwareDatetime | None = None
    class_code: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9.-]{1,20}$")] | None = None


class NeedOut(BaseModel):
    """What an incident asks for: teams, or persons, each able to do all of `abilities`."""

    abilities: list[str]
    count: int
    in_persons: bool
    latest_at: datetime | None


class IncidentOut(BaseModel):
    id: UUID
    no: str
    kind: Kind
    title: str
    place: str
    lon: float
    lat: float
    grade: Grade | None
    state: Literal["reported", "responding", "closed"]
    note: str
    source: Source
    occurred_at: datetime | None
    reported_at: datetime
    reported_by: str
    closed_at: datetime | None
    needs: list[NeedOut] | None
    class_code: str | None
    cause: str | None
    known_at: datetime
    first_due_at: datetime
    written_due_at: datetime
    first_sent_at: datetime | None
    written_sent_at: datetime | None
    stage: Annotated[str | None, Field(description="of a forest fire since its open fire was out")] = None
    sensitive: Annotated[bool, Field(description="敏感: screens hide or dim it")] = False


class CloseIn(In):
    ground: Line


class TeamOut(BaseModel):
    id: UUID
    code: str
    name: str
    kind: str
    hazards: list[str]
    members: int
    muster_s: float
    vehicle: str
    lon: float
    lat: float
    state: TeamStateName
    state_since: datetime | None
    state_note: str
    dispatch_id: UUID | None
    is_demo: bool


class TeamStateIn(In):
    state: Literal["standby", "resting", "unavailable"]
    note: Text = ""


class DispatchIn(In):
    team_id: UUID
    reason: Text = ""


class AdvanceIn(In):
    to: Literal["acknowledged", "departed", "arrived", "working", "released"]
    note: Text = ""


class DispatchOut(BaseModel):
    id: UUID
    incident_id: UUID
    team_id: UUID
    state: Step
    reason: str
    muster_s: float
    travel_s: float
    distance_m: float
    eta_at: datetime
    route: Geometry | None
    route_valid: bool
    route_note: str
    closures: list[str]
    network_version: str
    ordered_by: str
    ordered_at: datetime
    acknowledged_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    working_at: datetime | None
    released_at: datetime | None


class ClosureIn(In):
    """Whom it stops: kinds of vehicles, `drive`, `walk`, or `*`. Water of a depth stops those who cannot wade it."""

    lon: Lon
    lat: Lat
    road_id: Annotated[int, Field(description="the road meant; without it the nearest to the point")] | None = None
    reason: Line
    closed_for: Annotated[list[str], Field(max_length=20)] = ["*"]
    slower: Annotated[float, Field(ge=1, le=100)] = 1.0
    depth_cm: Annotated[float, Field(ge=0, le=1000)] | None = None


class LiftIn(In):
    reason: Line


class ClosureOut(BaseModel):
    id: UUID
    road_ids: list[int]
    road_name: str
    closed_for: list[str]
    slower: float
    depth_m: float | None
    reason: str
    geom: Geometry
    set_at: datetime
    set_by: str


class BoardWorld(BaseModel):
    name: str
    kind: Literal["live", "drill"]
    title: str
    clock: ClockOut


class BoardGaugeOut(BaseModel):
    """A gauge, or a sensor in alarm, as the journal last said; newer readings come by the stream's `readings`."""

    id: str
    code: str
    element: str
    name: str
    lon: float
    lat: float
    state: Literal["fresh", "silent", "alarm"]
    since: datetime
    last_at: datetime
    last_value: float
    quality: Literal["good", "suspect"]
    found: Annotated[Literal["fire", "permitted", "false"] | None, Field(description="behind this alarm")] = None


class ReasonOut(BaseModel):
    zh: str
    en: str


class OfferOut(BaseModel):
    rank: int
    team_id: UUID
    muster_s: float
    travel_s: float
    eta_s: float
    distance_m: float | None
    route: Geometry | None
    reasons: list[ReasonOut]


class AbsentOut(BaseModel):
    team_id: UUID
    code: Literal["busy", "resting", "unavailable", "incapable", "unreachable"]
    zh: str
    en: str


class RecommendationOut(BaseModel):
    incident_id: UUID
    computed_at: datetime
    network_version: str
    closures: list[str]
    offers: list[OfferOut]
    absent: list[AbsentOut]


class EntryOut(BaseModel):
    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    actor: str
    zh: str
    en: str


class ShelterOut(BaseModel):
    id: UUID
    code: str
    name: str
    capacity: int | None
    space: str
    lon: float
    lat: float
    is_demo: bool


class PlaceOut(BaseModel):
    """A named place or road; only a place has an id that a report may give as `place_id`."""

    id: int | None
    name: str
    kind: str
    lon: float
    lat: float


class LegendOut(BaseModel):
    label_zh: str
    label_en: str
    color: str
    mark: str
    pattern: str


class LayerOut(BaseModel):
    id: str
    title_zh: str
    title_en: str
    group: str
    kind: str
    scale_zh: str
    scale_en: str
    min_zoom: int
    max_zoom: int
    attributes: list[str]
    legend: list[LegendOut]
    freshness_zh: str
    freshness_en: str
    default_on: bool
    version: int
    shape: str
    register_key: str | None
    theme_zh: str
    theme_en: str


class BaseMapOut(BaseModel):
    """A base map from outside; each of its sheets is tiled at `/api/basemap/{sheet}/{z}/{x}/{y}`."""

    id: str
    title_zh: str
    title_en: str
    attribution: str
    sheets: list[str]
    max_zoom: int
    dark: bool
    problem_zh: str
    problem_en: str
