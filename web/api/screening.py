"""A quick look at where water would stand, before any run of the model (参考 筛查)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from command.flood.screening import screened
from gis_data.db import reading
from web.api.model_schemas import ScreeningOut
from web.deps import SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/flood-screening", tags=["models"])


@dataclass(frozen=True)
class Asked:
    """Rain in mm that falls in so many hours, or a rise of all rivers in m; on cells of a size."""

    rain_mm: Annotated[float | None, Query(ge=0, le=2000)] = None
    hours: Annotated[float, Query(gt=0, le=72)] = 1.0
    rise_m: Annotated[float | None, Query(ge=0, le=50)] = None
    cell_m: Annotated[float, Query(ge=10, le=200)] = 30.0


AskedDep = Annotated[Asked, Depends()]


def _found(world: Any, config: Any, asked: Asked) -> tuple[dict[str, Any], bytes]:
    with reading(world) as tx:
        return screened(tx, config, asked.rain_mm, asked.hours, asked.rise_m, asked.cell_m)


@router.get("", responses=responses(404, 422))
def figures(world: WorldDep, config: SettingsDep, asked: AskedDep) -> ScreeningOut:
    """Where rain comes to rest, or what a rise of the rivers reaches: what lies in it."""
    return ScreeningOut(**_found(world, config, asked)[0])


@router.get(".png", responses=responses(404, 422), response_class=Response)
def picture(world: WorldDep, config: SettingsDep, asked: AskedDep) -> Response:
    """The depth of that answer, as a transparent picture in Web Mercator between its `corners`."""
    return Response(_found(world, config, asked)[1], media_type="image/png", headers={"Cache-Control": "no-cache"})
