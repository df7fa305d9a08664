"""Screens on the wall, and what they show beside the board, as they go over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from command.screens import Pointed, SceneName
from web.api.schemas import Geometry, In, Lat, Line, Lon

Sensitive = Literal["hide", "dim"]
TownColour = Literal["red", "orange", "yellow", "blue", "green", "unknown"]
Zoom = Annotated[float, Field(ge=0, le=24, description="as on a 1080p screen")]
Pitch = Annotated[float, Field(ge=0, le=85)]
Bearing = Annotated[float, Field(ge=-360, le=360)]


class PointerIn(In):
    """Something open on the board, by its id; or a `place`, by its coordinates."""

    kind: Pointed
    id: Annotated[str, Field(max_length=200)] = ""
    lon: Lon | None = None
    lat: Lat | None = None


class ShowIn(In):
    """What is to be seen: the scene, where the map looks, and what it points at."""

    scene: SceneName
    lon: Lon
    lat: Lat
    zoom: Zoom
    pitch: Pitch = 0
    bearing: Bearing = 0
    highlight: PointerIn | None = None


class ScreenIn(In):
    """A screen's own scene, and what it does with sensitive incidents."""

    home: SceneName
    sensitive: Sensitive


class PointerOut(BaseModel):
    kind: Pointed
    id: str
    lon: float
    lat: float


class ShownOut(BaseModel):
    scene: SceneName
    lon: float
    lat: float
    zoom: float
    pitch: float
    bearing: float
    highlight: PointerOut | None


class ScreenOut(BaseModel):
    """A screen; `shown` while somebody directs it, with the post that does, and since when."""

    id: str
    name: str
    home: SceneName
    sensitive: Sensitive
    shown: ShownOut | None
    shown_by: str | None
    shown_at: datetime | None


class SensitiveIn(In):
    sensitive: bool
    reason: Line


class ColourReasonOut(BaseModel):
    """A finding, and the colour that it stands for."""

    colour: TownColour
    zh: str
    en: str


class ColouredTownOut(BaseModel):
    """A town by the five-colour scale, which is no warning, with its reasons, the worst first."""

    code: str
    name: str
    name_en: str
    colour: TownColour
    colour_zh: str
    colour_en: str
    known: Annotated[bool, Field(description="some gauge, zone or village speaks for it")]
    reasons: list[ColourReasonOut]


class TownStateOut(ColouredTownOut):
    """A town's colour on the record: since `at`, with the reasons that it had then."""

    id: str
    at: datetime


class FeedAgeOut(BaseModel):
    """When a feed was last heard of, in the world's time (null: never), and after how long it is stale."""

    id: Literal["gauges", "warnings", "phones", "models"]
    zh: str
    en: str
    at: datetime | None
    stale_s: float


class GlanceOut(BaseModel):
    """What screens show beside the board: `online` of `gauges` are heard of; the day's work reminder."""

    at: datetime
    towns: list[ColouredTownOut]
    feeds: list[FeedAgeOut]
    online: int
    gauges: int
    reminder: Literal["draft", "approved", "sending", "sent"] | None
    reminder_due: datetime
    reminder_sent_at: datetime | None


TownShapes = dict[str, Geometry]
"""Outlines of the towns in scope, by code; EPSG:4490."""
