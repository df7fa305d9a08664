"""Screens on the wall: who shows what on which, and what they show beside the board."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import StringConstraints

from command import board, glance, screens, town_colours
from gis_data.db import reading, writing
from web.api.schemas import IncidentOut
from web.api.screen_schemas import GlanceOut, ScreenIn, ScreenOut, SensitiveIn, ShowIn, TownShapes
from web.deps import ActorDep, At, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["screens"])
NamePath = Annotated[str, StringConstraints(pattern=r"^[\w·・-]{1,20}$"), Path(description="a screen's name")]


@router.get("/screens", responses=responses(404, 422))
def index(world: WorldDep) -> list[ScreenOut]:
    """All screens known."""
    with reading(world) as tx:
        return [ScreenOut(**item) for item in board.items(tx.session, "screens").values()]


@router.post("/screens/{name}/show", responses=responses(404, 409, 422))
def show(world: WorldDep, actor: ActorDep, name: NamePath, body: ShowIn) -> ScreenOut:
    """投到大屏: show a scene and a view on a screen; it is made when it is first named."""
    view = screens.View(body.lon, body.lat, body.zoom, body.pitch, body.bearing)
    at = screens.Pointer(**body.highlight.model_dump()) if body.highlight else None
    with writing(world, actor) as tx:
        screens.show(tx, name, body.scene, view, at)
        return ScreenOut(**board.item(tx.session, "screens", name))


@router.post("/screens/{name}/release", responses=responses(404, 409, 422))
def release(world: WorldDep, actor: ActorDep, name: NamePath) -> ScreenOut:
    """放手: the screen returns to its own scene."""
    with writing(world, actor) as tx:
        screens.release(tx, name)
        return ScreenOut(**board.item(tx.session, "screens", name))


@router.put("/screens/{name}", responses=responses(404, 422))
def put(world: WorldDep, actor: ActorDep, name: NamePath, body: ScreenIn) -> ScreenOut:
    """Say what a screen shows by itself, and what it does with sensitive incidents."""
    with writing(world, actor) as tx:
        screens.put(tx, name, body.home, body.sensitive)
        return ScreenOut(**board.item(tx.session, "screens", name))


@router.post("/incidents/{incident_id}/sensitive", responses=responses(404, 409, 422))
def sensitive(world: WorldDep, actor: ActorDep, incident_id: UUID, body: SensitiveIn) -> IncidentOut:
    """Mark an incident as 敏感, or no longer: screens hide or dim it, without its title."""
    with writing(world, actor) as tx:
        screens.make_sensitive(tx, incident_id, body.sensitive, body.reason)
        return IncidentOut(**board.item(tx.session, "incidents", incident_id))


@router.get("/glance", responses=responses(404, 422))
def at_a_glance(world: WorldDep, at: At = None) -> GlanceOut:
    """Towns by five colours with their reasons, the age of each feed, gauges online, the work reminder.

    For a time of the past the towns are left out, for the board has them, and the phones' feed, which keeps no past.
    """
    with reading(world) as tx:
        found = glance.glance(tx, at)
    return GlanceOut.model_validate(asdict(found) | {"towns": [town_colours.as_shown(one) for one in found.towns]})


@router.get("/town-shapes", responses=responses(404, 422))
def town_shapes(world: WorldDep) -> TownShapes:
    """The outlines that the five colours fill."""
    with reading(world) as tx:
        return {code: json.loads(outline) for code, outline in town_colours.shapes(tx.session).items()}
