"""What goes over HTTP of models: runs, and the closures that gauges and models suggest."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.schemas import Geometry, In, Lat, Line, Lon

Rate = Annotated[float, Field(ge=0, le=500)]


class SuggestionOut(BaseModel):
    """Water of `depth_m` on roads that are closed at `limit_m`; `arrives_at` null: it is there."""

    id: UUID
    source: str
    road_ids: list[int]
    place: str
    station: str | None
    run_id: UUID | None
    depth_m: float
    limit_m: float
    arrives_at: datetime | None
    evidence: dict[str, Any]
    geom: Geometry
    made_at: datetime
    updated_at: datetime


class ConfirmIn(In):
    """Whom the closure stops, as in a closure; `note` says what confirms it."""

    note: Line
    closed_for: Annotated[list[str], Field(max_length=20)] = ["*"]


class DismissIn(In):
    note: Line


class BoardRunOut(BaseModel):
    """A run as the board shows it."""

    id: UUID
    kind: str
    title: str
    asked: dict[str, Any]
    state: str
    asked_by: str
    asked_at: datetime
    starts_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    problem: str | None


class RunOut(BoardRunOut):
    """`progress` is the share done of a run that is being computed."""

    progress: float | None


Series = Annotated[list[tuple[float, float]], Field(min_length=1, max_length=300)]
"""Minutes from the present (before it: negative), and the value then; straight between them."""


class PlacedIn(In):
    """A place, or the row of a register (its kind, its code) that has one."""

    lon: Lon | None = None
    lat: Lat | None = None
    kind: Literal["reservoir", "river_reach", "sluice", "gauge"] | None = None
    code: Line | None = None


class InflowIn(PlacedIn):
    """Water let in at a place, m³/s; none before the first minute and after the last."""

    series: Series


class WaterLevelIn(PlacedIn):
    """The level of a lake or river, m in the datum of the terrain, held before and after.

    `body` is its name; otherwise the water nearest to the place, with all that has its name.
    """

    body: Line | None = None
    series: Series


class WallIn(In):
    """A wall along a line (lon, lat), as of sandbags: a height above ground, or the level of its crest."""

    line: Annotated[list[tuple[Lon, Lat]], Field(min_length=2, max_length=200)]
    height_m: Annotated[float, Field(gt=0, le=20)] | None = None
    crest_m: Annotated[float, Field(ge=-100, le=9000)] | None = None


class FloodIn(In):
    """Observed rain of the last hours (in tenths of one sixth), then rain expected, mm/h in steps of ten minutes.

    `from_run` goes on from the water of an earlier run, with what was observed since.
    """

    back_h: Annotated[float, Field(ge=0, le=24)] = 0
    forecast_mmh: Annotated[list[Rate], Field(max_length=144)] = []
    cell_m: Annotated[float, Field(ge=10, le=200)] = 30
    from_run: UUID | None = None
    inflows: Annotated[list[InflowIn], Field(max_length=20)] = []
    levels: Annotated[list[WaterLevelIn], Field(max_length=20)] = []
    walls: Annotated[list[WallIn], Field(max_length=50)] = []
    title: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class ScreeningOut(BaseModel):
    """Where water stands at last (参考 筛查): by depth in cm, hectares, roads, buildings; who lives deeper than the
    first. `corners` are those of the picture at the same address with `.png`."""

    computed_at: datetime
    network_version: str
    closures: list[UUID]
    corners: list[tuple[float, float]]
    cell_m: float
    bands_cm: list[int]
    water_ha: dict[str, float]
    roads_km: dict[str, float]
    persons: int
    buildings: dict[str, int]
    assumptions: list[dict[str, str]]
