"""What goes over HTTP of fire and gas: questions to the models of fire and of a leak, and exposure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import Geometry, In, Kind, Lat, Line, Lon

Share = Annotated[float, Field(gt=0, lt=1)]
LiveShare = Annotated[float, Field(gt=0, lt=4)]
Degrees = Annotated[float, Field(ge=0, le=360)]
Wind = Annotated[float, Field(ge=0, le=60)]
Un = Annotated[str, Field(pattern=r"^\d{4}$")]


class BilingualOut(BaseModel):
    zh: str
    en: str


class MoistureIn(In):
    """Water in the fuel as a share of its dry weight; what is left out is the parameter's."""

    one_h: Share | None = None
    ten_h: Share | None = None
    hundred_h: Share | None = None
    herb: LiveShare | None = None
    woody: LiveShare | None = None


class PeriodIn(In):
    """Wind until so many hours from the start; the last holds to the end."""

    until_h: Annotated[float, Field(gt=0, le=12)]
    wind_ms: Wind
    wind_from_deg: Degrees


class RefugeIn(In):
    name: Line
    lon: Lon
    lat: Lat


class FireIn(In):
    """A point of ignition, or the perimeter of what burns now (GeoJSON polygon, EPSG:4490).

    Wind 10 m above open ground; a speed or a direction that is left out is that of the nearest gauge with a
    fresh, good reading. `periods` is a series in its place. `members` : fires under doubt of wind and moisture.
    """

    lon: Lon | None = None
    lat: Lat | None = None
    perimeter: Geometry | None = None
    incident_id: UUID | None = None
    wind_ms: Wind | None = None
    wind_from_deg: Degrees | None = None
    periods: Annotated[list[PeriodIn], Field(max_length=24)] = []
    moistures: MoistureIn | None = None
    hours: Annotated[float, Field(gt=0, le=12)] = 3
    step_min: Annotated[int, Field(ge=5, le=240)] = 30
    cell_m: Annotated[float, Field(ge=10, le=50)] = 20
    members: Annotated[int, Field(ge=0, le=50)] = 0
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0
    refuges: Annotated[list[RefugeIn], Field(max_length=10)] = []
    title: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class AreaIn(In):
    """A polygon (GeoJSON, EPSG:4490)."""

    area: Geometry


class ExposureLineOut(BaseModel):
    """A figure: `objects` touched, of which `unknown` have no figure; the date and source of its data."""

    layer: str
    id: str
    zh: str
    en: str
    unit: str
    group: str
    amount: float
    objects: int
    unknown: int
    as_of: date | None
    source: str


class ExposureOut(BaseModel):
    computed_at: datetime
    area_m2: float
    lines: list[ExposureLineOut]


class ChemicalIn(In):
    """A leak of a substance (UN number), or at a site of the register; `night` null goes by the world's clock.

    Without `wind_from_deg` it is that of the nearest gauge that tells a direction.
    """

    lon: Lon | None = None
    lat: Lat | None = None
    un_number: Un | None = None
    site_code: Line | None = None
    spill: Literal["small", "large"] = "large"
    night: bool | None = None
    wind_from_deg: Degrees | None = None
    hazard: Kind = "city_fire"


class SpotOut(BaseModel):
    lon: float
    lat: float


class FastestOut(BaseModel):
    """The usual way: refused where it crosses the sector; `stop` : where it meets the circle."""

    refused: bool
    sector_m: float
    stop: SpotOut | None
    travel_s: float
    metres: float
    route: Geometry
    words: BilingualOut


class ComingOut(BaseModel):
    """A team's way to its staging point upwind; `inside` : its base lies in the zones."""

    team_id: UUID
    code: str
    name: str
    profile: str
    muster_s: float
    travel_s: float | None
    eta_s: float | None
    metres: float | None
    route: Geometry | None
    staging: SpotOut | None
    inside: bool
    fastest: FastestOut | None
    words: BilingualOut


class TargetOut(BaseModel):
    code: str
    name: str
    kind: str
    day_occupancy: int | None
    night_occupancy: int | None
    capacity: int | None
    lon: float
    lat: float


class WindGaugeOut(BaseModel):
    """The nearest gauge of the wind's speed (m/s) or direction (degrees), its newest reading's age, how far it is."""

    code: str
    name: str
    value: float
    at: datetime
    age_s: int
    distance_m: float
    is_demo: bool


class WindOut(BaseModel):
    """The wind near a place; of a direction it is the vector mean of some minutes."""

    speed: WindGaugeOut | None
    direction: WindGaugeOut | None


class ChemicalOut(BaseModel):
    """初始警戒建议: zones by the table's `document`, who is inside (schools and homes first), from where to come."""

    status: BilingualOut
    computed_at: datetime
    network_version: str
    closures: list[str]
    lon: float
    lat: float
    un_number: str
    substance: str
    large: bool
    night: bool
    wind_from_deg: float
    wind_to_deg: float
    half_angle_deg: float
    isolation_m: float
    protective_m: float
    document: str
    is_demo: bool
    wind_gauge: WindGaugeOut | None
    wind_vane: WindGaugeOut | None
    wind_given: bool
    isolation: Geometry
    sector: Geometry
    upwind: Geometry
    targets: list[TargetOut]
    exposure: list[ExposureLineOut]
    exposure_isolation: list[ExposureLineOut]
    exposure_sector: list[ExposureLineOut]
    approaches: list[ComingOut]


Points = Annotated[int, Field(ge=0, le=100)]
StepIn = tuple[float, Points]


class DrynessIn(In):
    """Points by days since rain, for rain from so many mm on."""

    least_mm: Annotated[float, Field(ge=0)]
    steps: Annotated[list[StepIn], Field(min_length=1, max_length=50)]


class ClassTableIn(In):
    """The points A–E of LY/T 1172-95, with the document that they stand in; each step: from this value on, points."""

    document: Line
    temperature: Annotated[list[StepIn], Field(min_length=1, max_length=50)]
    humidity: Annotated[list[StepIn], Field(min_length=1, max_length=50)]
    dryness: Annotated[list[DrynessIn], Field(min_length=1, max_length=50)]
    wind: Annotated[list[StepIn], Field(min_length=1, max_length=50)]
    season: Annotated[dict[str, Points], Field(min_length=1, max_length=20)]


class ClassIn(In):
    """What the class goes by; without a table it is the DEMO one, and says so."""

    highest_c: Annotated[float, Field(ge=-60, le=60)]
    lowest_humidity: Annotated[float, Field(ge=0, le=100)]
    rain_mm: Annotated[float, Field(ge=0, le=2000)]
    days_since_rain: Annotated[float, Field(ge=0, le=366)]
    wind_force: Annotated[float, Field(ge=0, le=18)]
    season: Line
    table: ClassTableIn | None = None


class FireDangerIn(In):
    """A station's weather at noon, local standard time, and the codes of the day before; wind 10 m above open ground.

    Without a date it is the world's. `day_length` : factors published for about 46° N, or for 15–30° N.
    """

    temperature_c: Annotated[float, Field(ge=-60, le=60)]
    humidity: Annotated[float, Field(ge=0, le=100)]
    wind_kmh: Annotated[float, Field(ge=0, le=400)]
    rain_mm: Annotated[float, Field(ge=0, le=2000)] = 0
    day: date | None = None
    ffmc: Annotated[float, Field(ge=0, le=101)] = 85
    dmc: Annotated[float, Field(ge=0, le=2000)] = 6
    dc: Annotated[float, Field(ge=0, le=3000)] = 15
    day_length: Literal["30N", "46N"] = "30N"
    danger: ClassIn | None = None


class DangerClassOut(BaseModel):
    """The class (火险等级); it is no colour of a warning, and none is made from it."""

    htz: int
    danger_class: int
    words: BilingualOut
    parts: dict[str, int]
    document: str
    is_demo: bool


class FireDangerOut(BaseModel):
    """The six indices and the daily severity; ffmc, dmc, dc go into the next day's question."""

    day: date
    ffmc: float
    dmc: float
    dc: float
    isi: float
    bui: float
    fwi: float
    dsr: float
    day_length: str
    fire_class: DangerClassOut | None
    status: BilingualOut
