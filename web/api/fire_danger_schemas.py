"""What goes over HTTP of the danger of the day at a place and over the district."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.danger_schemas import BilingualOut, ClassTableIn, DangerClassOut, Wind
from web.api.schemas import In, Lat, Line, Lon


class CodesIn(In):
    """The codes of the day before."""

    ffmc: Annotated[float, Field(ge=0, le=101)]
    dmc: Annotated[float, Field(ge=0, le=2000)]
    dc: Annotated[float, Field(ge=0, le=3000)]


class WeatherIn(In):
    """Noon weather of the last day as a person says it; what is left out is left to the gauges."""

    temperature_c: Annotated[float, Field(ge=-40, le=50)] | None = None
    humidity: Annotated[float, Field(ge=0, le=100)] | None = None
    wind_ms: Wind | None = None
    rain_mm: Annotated[float, Field(ge=0, le=2000)] | None = None


class DryIn(In):
    """The last day with rain: how much fell, and how many days ago."""

    rain_mm: Annotated[float, Field(ge=0, le=2000)]
    days_ago: Annotated[float, Field(ge=0, le=366)]


class DayIn(In):
    """A place, and what is said of the day; without a day the newest whose noon is over.

    Without `before` the codes are carried from so many days ago (parameter `fire.danger.days`) from the start values.
    `season` : state of the plants, by month where it is not said; `table` : else the DEMO one.
    """

    lon: Lon
    lat: Lat
    day: date | None = None
    weather: WeatherIn = WeatherIn()
    before: CodesIn | None = None
    last_rain: DryIn | None = None
    season: Line | None = None
    table: ClassTableIn | None = None
    day_length: Literal["30N", "46N"] = "30N"


class DangerMapIn(DayIn):
    """`lon`, `lat` : where what was typed holds. `of` : the class of LY/T 1172, or the Canadian index."""

    of: Literal["class", "fwi"] = "class"
    cell_m: Annotated[float, Field(ge=50, le=2000)] = 200


class DayOut(BaseModel):
    """A day's weather (°C, %, m/s, mm) and indices; with anything `missing` there is no index."""

    day: date
    missing: list[str]
    temperature_c: float | None
    humidity: float | None
    wind_ms: float | None
    rain_mm: float | None
    ffmc: float | None
    dmc: float | None
    dc: float | None
    isi: float | None
    bui: float | None
    fwi: float | None
    dsr: float | None


class CodesOut(BaseModel):
    ffmc: float
    dmc: float
    dc: float


class RestsOut(BaseModel):
    """What an answer rests on: days, start values, gauges that told anything, what was typed, the table's document."""

    computed_at: datetime
    day: date
    first_day: date
    season: str
    season_demo: bool
    start: CodesOut
    start_demo: bool
    day_length: str
    document: str
    table_demo: bool
    is_demo: bool
    gauges: dict[str, list[str]]
    typed: list[str]
    assumptions: list[BilingualOut]
    status: BilingualOut


class PlaceDangerOut(RestsOut):
    """Each day of the chain; the last day's class, and what it goes by; the codes to go on from."""

    days: list[DayOut]
    skipped: int
    fire_class: DangerClassOut | None
    class_from: dict[str, float | None]
    before_next: CodesOut | None


class ShadeOut(BaseModel):
    """A step of the legend, and the share of the cells that have it."""

    value: int
    zh: str
    en: str
    colour: str
    share: float


class TownDangerOut(BaseModel):
    """The step that covers most of a town, and the highest in it; null where nothing is known."""

    code: str
    name: str
    most: int | None
    highest: int | None


class DangerMapOut(RestsOut):
    """A transparent picture (PNG, as an address that holds it) in Web Mercator between `corners`, its legend, towns."""

    of: Literal["class", "fwi"]
    cell_m: float
    cells: int
    corners: list[tuple[float, float]]
    picture: str
    unknown: float
    legend: list[ShadeOut]
    towns: list[TownDangerOut]


class StoredTownOut(BaseModel):
    code: str
    name: str
    most: int | None
    highest: int | None


class DangerDayOut(BaseModel):
    """The class of a day as it was stored (参考), the highest of a town; `inputs` is what it rests on."""

    id: UUID
    day: date
    at: datetime
    by: str
    danger_class: int | None
    towns: list[StoredTownOut]
    inputs: dict[str, Any]
