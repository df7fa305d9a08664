"""What is seen from a point (通视、可视域): 参考, by the terrain and the buildings of the registers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from command.sight import Eye, line_of_sight, seen_from
from gis_data.db import reading
from web.api.danger_schemas import BilingualOut
from web.api.schemas import Geometry, In, Lat, Lon
from web.deps import SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["models"])
Height = Annotated[float, Field(ge=0, le=500)]


class EyeIn(In):
    """A place, how high the eye stands above its ground, m, and how high what is looked at stands above its own."""

    lon: Lon
    lat: Lat
    eye_m: Height = 1.6
    target_m: Height = 0.0
    buildings: bool = True


class ViewIn(EyeIn):
    """All around, or a camera's field about a bearing, degrees clockwise from the grid's north."""

    range_m: Annotated[float, Field(ge=100, le=10_000)] = 3000
    bearing_deg: Annotated[float, Field(ge=0, lt=360)] | None = None
    field_deg: Annotated[float, Field(gt=0, le=360)] = 60


class SightIn(EyeIn):
    to_lon: Lon
    to_lat: Lat


class ViewOut(BaseModel):
    """`seen` lies within `field_km2` of range and field; `ground_m` is the height under the eye."""

    computed_at: datetime
    seen: Geometry
    seen_km2: float
    field_km2: float
    ground_m: float
    cell_m: float
    assumptions: list[BilingualOut]


class ObstacleOut(BaseModel):
    """The first thing that stands above the line, `s_m` from the eye; `above_m` null: its height is unknown."""

    lon: float
    lat: float
    s_m: float
    above_m: float | None


class SightOut(BaseModel):
    """`s_m`, `ground_m`, `line_m`: the profile; `lacking_m`: how much higher the eye must be, null: no height helps."""

    computed_at: datetime
    clear: bool
    distance_m: float
    obstacle: ObstacleOut | None
    lacking_m: float | None
    s_m: list[float]
    ground_m: list[float | None]
    line_m: list[float]
    cell_m: float
    assumptions: list[BilingualOut]


def _eye(body: EyeIn) -> Eye:
    return Eye(body.lon, body.lat, body.eye_m, body.target_m, body.buildings)


@router.post("/viewshed", responses=responses(404, 422))
def view(world: WorldDep, config: SettingsDep, body: ViewIn) -> ViewOut:
    """The ground in view from a point, as an eye or a camera sees it."""
    with reading(world) as tx:
        return ViewOut(**seen_from(tx, config.data, _eye(body), body.range_m, body.bearing_deg, body.field_deg))


@router.post("/line-of-sight", responses=responses(404, 422))
def line(world: WorldDep, config: SettingsDep, body: SightIn) -> SightOut:
    """Whether one place is seen from another, and what hides it."""
    with reading(world) as tx:
        return SightOut(**line_of_sight(tx, config.data, _eye(body), (body.to_lon, body.to_lat)))
