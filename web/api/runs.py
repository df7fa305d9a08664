"""Runs of models: asked for, watched, cancelled; their pictures and roads."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from sqlalchemy import select

from command import fire, flood, runs
from command.flood.inputs import STEP_S
from command.tables import ModelRun
from gis_data.db import reading, writing
from gis_data.errors import NotFound
from gis_data.world import World
from web.api.danger_schemas import FireIn
from web.api.model_schemas import BoardRunOut, FloodIn, RunOut
from web.deps import ActorDep, SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/runs", tags=["models"])
KEPT = "private, max-age=31536000, immutable"
LISTED = 50


def _out(row: ModelRun, where: Path | None = None) -> RunOut:
    said = {name: getattr(row, name) for name in BoardRunOut.model_fields}
    return RunOut(**said, progress=runs.progress(row, where) if where else None)


@router.get("", responses=responses(404, 422))
def index(world: WorldDep, kind: str | None = None) -> list[RunOut]:
    """The newest runs, of one kind if given, the newest first."""
    query = select(ModelRun).order_by(ModelRun.asked_at.desc(), ModelRun.id).limit(LISTED)
    with reading(world) as tx:
        return [_out(row) for row in tx.session.scalars(query.where(ModelRun.kind == kind) if kind else query)]


@router.post("/flood", status_code=201, responses=responses(404, 409, 422))
def ask_flood(world: WorldDep, actor: ActorDep, body: FloodIn, request: Request) -> RunOut:
    """Compute where water will stand, on observed and expected rain."""
    title, asked = flood.asked(body.model_dump(mode="json"))
    with writing(world, actor) as tx:
        starts_at = datetime.fromtimestamp(tx.at.timestamp() // STEP_S * STEP_S, tx.at.tzinfo)
        row = runs.ask(tx, "flood", title, asked, starts_at)
        found = _out(row)
    request.app.state.worker.wake()
    return found


@router.post("/fire", status_code=201, responses=responses(404, 409, 422))
def ask_fire(world: WorldDep, actor: ActorDep, body: FireIn, request: Request) -> RunOut:
    """Compute where a forest fire arrives and when, what it reaches, and who gets away."""
    title, asked = fire.asked(body.model_dump(mode="json"))
    with reading(world) as look:
        asked |= {"wind": fire.wind_of(look, asked)}  # as it blows now, and not when its turn comes
    with writing(world, actor) as tx:
        row = runs.ask(tx, "fire", title, asked, tx.at)
        found = _out(row)
    request.app.state.worker.wake()
    return found


@router.get("/{run_id}", responses=responses(404, 422))
def one(world: WorldDep, config: SettingsDep, run_id: UUID, request: Request) -> RunOut:
    """A run, and how far it is."""
    with reading(world) as tx:
        row = runs.get_run(tx.session, run_id)
    if row.state in runs.ACTIVE:
        request.app.state.worker.wake()  # should its process have been killed
    return _out(row, runs.folder(config, world, run_id))


@router.post("/{run_id}/cancel", responses=responses(404, 409, 422))
def cancel(world: WorldDep, actor: ActorDep, run_id: UUID) -> RunOut:
    """Stop it."""
    with writing(world, actor) as tx:
        return _out(runs.cancel(tx, run_id))


@router.post("/{run_id}/away", responses=responses(404, 409, 422))
def put_away(world: WorldDep, actor: ActorDep, run_id: UUID) -> RunOut:
    """Take it off the board."""
    with writing(world, actor) as tx:
        return _out(runs.put_away(tx, run_id))


@router.get("/{run_id}/frames/{number}.png", responses=responses(404, 422), response_class=FileResponse)
def frame(world: WorldDep, config: SettingsDep, run_id: UUID, number: int) -> FileResponse:
    """The depth at a step, as a transparent picture in Web Mercator between the run's `corners`."""
    return FileResponse(_file(world, config, run_id, f"frame_{number}.png"), headers={"Cache-Control": KEPT})


@router.get("/{run_id}/roads", responses=responses(404, 422))
def wet_roads(world: WorldDep, config: SettingsDep, run_id: UUID) -> dict[str, Any]:
    """Roads under water, GeoJSON in EPSG:4490: greatest depth, cm, and when each band is reached, s from the start."""
    found: dict[str, Any] = json.loads(_file(world, config, run_id, "roads.json").read_text())
    return found


@router.get("/{run_id}/water", responses=responses(404, 422), response_class=FileResponse)
def water(world: WorldDep, config: SettingsDep, run_id: UUID) -> FileResponse:
    """Squares under water, GeoJSON in EPSG:4490: the depth in cm by the number of each step that it is wet at."""
    file = _file(world, config, run_id, "water.json")
    return FileResponse(file, media_type="application/geo+json", headers={"Cache-Control": KEPT})


@router.get("/{run_id}/shapes", responses=responses(404, 422))
def fire_shapes(world: WorldDep, config: SettingsDep, run_id: UUID) -> dict[str, Any]:
    """What a fire's run draws, GeoJSON in EPSG:4490, by `kind`: isochrone, probability, reached, escape, road head."""
    found: dict[str, Any] = json.loads(_file(world, config, run_id, "shapes.json").read_text())
    return found


def _file(world: World, config: SettingsDep, run_id: UUID, name: str) -> Any:
    with reading(world) as tx:
        row = runs.get_run(tx.session, run_id)
    file = runs.folder(config, world, run_id) / name
    if row.state != "done" or not file.is_file():
        raise NotFound("没有这一结果。", "There is no such result.", field="run_id")
    return file
