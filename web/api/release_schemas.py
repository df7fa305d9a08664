"""What goes over HTTP of a plume's outline and of the heat of a fire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from web.api.danger_schemas import BilingualOut, Degrees, ExposureLineOut, Wind, WindGaugeOut
from web.api.schemas import Geometry, In, Lat, Line, Lon


class GasLevelIn(In):
    """A concentration: mg/m³, or ppm and the gas' molar mass, g/mol."""

    mg_m3: Annotated[float, Field(gt=0, le=1e7)] | None = None
    ppm: Annotated[float, Field(gt=0, le=1e6)] | None = None
    molar_g: Annotated[float, Field(gt=0, le=1000)] | None = None
    name: Line | None = None


class PlumeIn(In):
    """A steady leak; wind that is left out is the nearest gauges'. Without `sky` a slight sun, or a cloudy night."""

    lon: Lon
    lat: Lat
    rate_kg_s: Annotated[float, Field(gt=0, le=10_000)]
    levels: Annotated[list[GasLevelIn], Field(min_length=1, max_length=5)]
    height_m: Annotated[float, Field(ge=0, le=300)] = 0
    urban: bool = False
    sky: Literal["strong", "moderate", "slight", "cloudy", "clear"] | None = None
    wind_ms: Wind | None = None
    wind_from_deg: Degrees | None = None


class LevelOut(BaseModel):
    """Where a concentration is exceeded at 1.5 m; `cut` : it runs on beyond `valid_m`."""

    name: str | None
    mg_m3: float
    reach_m: float
    cut: bool
    area: Geometry
    area_m2: float
    exposure: list[ExposureLineOut]


class PlumeOut(BaseModel):
    status: BilingualOut
    computed_at: datetime
    lon: float
    lat: float
    wind_ms: float
    wind_from_deg: float
    wind_gauge: WindGaugeOut | None
    wind_vane: WindGaugeOut | None
    sky: str
    sky_given: bool
    stability: str
    valid_m: float
    levels: list[LevelOut]
    assumptions: list[BilingualOut]


class HeatIn(In):
    """A burning pool (`diameter_m`) or a fireball, BLEVE (`mass_kg`), of a fuel of the table."""

    lon: Lon
    lat: Lat
    kind: Literal["pool", "bleve"]
    fuel: Line
    diameter_m: Annotated[float, Field(gt=0, le=500)] | None = None
    mass_kg: Annotated[float, Field(gt=0, le=5e6)] | None = None
    radiated: Annotated[float, Field(gt=0, le=1)] | None = None


class RadiusOut(BaseModel):
    """How far a thermal flux reaches, what it does, and who is inside."""

    kw_m2: float
    words: BilingualOut
    radius_m: float
    area: Geometry
    exposure: list[ExposureLineOut]


class HeatOut(BaseModel):
    """`diameter_m` of the pool or the fireball; `lasts_s` of a fireball."""

    status: BilingualOut
    computed_at: datetime
    lon: float
    lat: float
    kind: Literal["pool", "bleve"]
    fuel: str
    fuel_words: BilingualOut
    mass_kg: float | None
    diameter_m: float | None
    lasts_s: float | None
    heat_mw: float
    radiated: float
    radii: list[RadiusOut]
    assumptions: list[BilingualOut]
