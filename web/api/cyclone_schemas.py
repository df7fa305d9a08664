"""Typhoon tracks as they go over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from command.cyclone_points import Issue, Track
from layers.cyclone import Fix
from web.api.schemas import Geometry, In, Line, Text

Grade = Literal["TD", "TS", "STS", "TY", "STY", "SuperTY"]
Force = Literal["7", "10", "12"]
RadiiIn = dict[Force, Annotated[tuple[float, float, float, float], Field(description="km: NE, SE, SW, NW")]]


class PointIn(In):
    """Where the centre is: degrees (EPSG:4490), m/s near the centre, hPa, degrees and km/h of its way, wind circles."""

    lon: float
    lat: float
    wind_ms: float | None = None
    pressure_hpa: float | None = None
    moving_deg: float | None = None
    moving_kmh: float | None = None
    radii: RadiiIn = {}

    def fix(self, at: datetime, lead_h: float = 0.0, radius_km: float | None = None) -> Fix:
        said = self.model_dump(include={"lon", "lat", "wind_ms", "pressure_hpa", "moving_deg", "moving_kmh"})
        radii = {int(force): some for force, some in self.radii.items()}
        return Fix(at + timedelta(hours=lead_h), **said, radii=radii, lead_h=lead_h, radius_km=radius_km)


class ObservedIn(PointIn):
    at: AwareDatetime


class ForecastIn(PointIn):
    """Where it will be in so many hours, and how far off that may be."""

    lead_h: Annotated[float, Field(gt=0, le=240)]
    radius_km: float | None = None


class CycloneIn(In):
    """An issue typed by hand: a fix, and the forecast made at its time."""

    number: Annotated[Line, Field(max_length=20)]
    agency: Annotated[Line, Field(max_length=60)]
    name_zh: Annotated[Text, Field(max_length=40)] = ""
    name_en: Annotated[Text, Field(max_length=40)] = ""
    is_demo: bool = False
    fix: ObservedIn
    forecast: Annotated[list[ForecastIn], Field(max_length=40)] = []

    def track(self) -> Track:
        at = self.fix.at
        ahead = tuple(one.fix(at, one.lead_h, one.radius_km) for one in self.forecast)
        return Track(
            self.number, self.agency, self.name_zh, (Issue(self.fix.fix(at), ahead),), self.name_en, self.is_demo
        )


class PointOut(BaseModel):
    """A point of a track; of a forecast with its lead hours and how far off it may be."""

    at: datetime
    lon: float
    lat: float
    wind_ms: float | None
    grade: Grade | None
    pressure_hpa: float | None
    moving_deg: float | None
    moving_kmh: float | None
    radii: dict[str, list[float]]
    lead_h: float
    radius_km: float | None


class ShapeOut(BaseModel):
    """A wind circle (风圈) of the newest fix by its force, or the cone of the forecast."""

    kind: Literal["circle", "cone"]
    force: int | None
    geometry: Geometry


class ApproachOut(BaseModel):
    """How near the district the track comes (geodesic km), 参考; by force when its wind circle touches, none: not.

    `known`: the forces whose radii the agency said.
    """

    now_km: float
    nearest_km: float
    nearest_at: datetime
    nearest: list[float]
    arrives: dict[str, datetime | None]
    known: list[int]


class CycloneOut(BaseModel):
    """A cyclone as one agency tracks it."""

    id: UUID
    number: str
    agency: str
    name_zh: str
    name_en: str
    is_demo: bool
    state: Literal["open", "ended"]
    last_at: datetime
    observed: list[PointOut]
    forecast: list[PointOut]
    forecast_at: datetime | None
    shapes: list[ShapeOut]
    approach: ApproachOut
    received_at: datetime
    received_by: str
    ended_at: datetime | None
    ended_by: str | None
    ended_why: str


class CycloneIssueOut(BaseModel):
    """What the agency said at a time; of several revisions the last counts."""

    at: datetime
    revision: int
    fix: PointOut
    forecast: list[PointOut]
    sha256: str
    received_at: datetime
    received_by: str
