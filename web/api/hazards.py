"""Risk zones and key villages: how they stand, the rain behind it, what patrols found."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from command import hazard_views, hazards
from gis_data.db import reading, writing
from web.api.hazard_schemas import Hazard, HazardDetailOut, HazardNowOut, PatrolIn
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/hazards", tags=["hazards"])
CodePath = Annotated[str, Path(max_length=100)]


@router.get("", responses=responses(404, 422))
def index(world: WorldDep) -> list[HazardNowOut]:
    """All of them as of now, safe ones too, with the sums of their windows against the thresholds."""
    with reading(world) as tx:
        return [HazardNowOut(**item) for item in hazard_views.listed(tx)]


@router.get("/{register}/{code}", responses=responses(404, 422))
def read(world: WorldDep, register: Hazard, code: CodePath) -> HazardDetailOut:
    """One of them, with who lives there and what patrols found."""
    with reading(world) as tx:
        return HazardDetailOut(**hazard_views.one(tx, register, code))


@router.post("/{register}/{code}/patrol", status_code=201, responses=responses(404, 422))
def report_patrol(
    world: WorldDep, actor: ActorDep, register: Hazard, code: CodePath, body: PatrolIn
) -> HazardDetailOut:
    """What a patrol found; the colour follows at once."""
    with writing(world, actor) as tx:
        hazards.report_patrol(tx, register, code, body.finding, body.colour)
        return HazardDetailOut(**hazard_views.one(tx, register, code))
