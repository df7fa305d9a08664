"""The scene of an incident: marks, what is decided for people inside zones, stages of a forest fire."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from sqlalchemy import select

from command import board, chemical, scene, verification
from command.access import require
from command.fire import stages
from command.incidents import get_incident
from command.scene_tables import FireStage, Mark
from gis_data.db import reading, writing
from web.api.scene_schemas import (
    AlarmFindingIn,
    AlarmFindingOut,
    AlarmTaskOut,
    FireStageIn,
    FireStageOut,
    MarkDecideIn,
    MarkEndIn,
    MarkIn,
    MarkOut,
    OptionOut,
    ZonesIn,
)
from web.api.schemas import IncidentOut
from web.api.task_schemas import TaskOut
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["scene"])


def _out(session: Any, id_: UUID) -> MarkOut:
    return MarkOut(**board.item(session, "marks", id_))


@router.get("/incidents/{incident_id}/marks", responses=responses(404, 422))
def index(world: WorldDep, incident_id: UUID) -> list[MarkOut]:
    """All marks of an incident, ended ones too, the oldest first."""
    with reading(world) as tx:
        get_incident(tx.session, incident_id)
        ids = tx.session.scalars(select(Mark.id).where(Mark.incident_id == incident_id).order_by(Mark.set_at, Mark.id))
        return [MarkOut(**item) for item in board.items_of(tx.session, "marks", list(ids))]


@router.post("/incidents/{incident_id}/marks", status_code=201, responses=responses(404, 409, 422))
def put(world: WorldDep, actor: ActorDep, incident_id: UUID, body: MarkIn) -> MarkOut:
    """Draw something at the scene; burnt ground grades the fire by its area."""
    new = scene.NewMark(body.kind, body.geometry, body.name, body.post)
    with writing(world, actor) as tx:
        return _out(tx.session, scene.put(tx, incident_id, new).id)


@router.post("/incidents/{incident_id}/zones", status_code=201, responses=responses(404, 409, 422))
def put_zones(world: WorldDep, actor: ActorDep, incident_id: UUID, body: ZonesIn) -> list[MarkOut]:
    """Set 初始警戒圈 and the downwind sector about the incident, by table and wind; earlier ones are ended."""
    require(actor, "scene.mark")
    with reading(world) as now:  # ways and figures are found before the writer's lock
        incident = board.item(now.session, "incidents", get_incident(now.session, incident_id).id)
        found = chemical.answer(
            now,
            chemical.Asked(
                incident["lon"], incident["lat"], body.un_number, body.site_code, body.spill == "large", body.night,
                body.wind_from_deg,
            ),
        )  # fmt: skip
    with writing(world, actor) as tx:
        return [_out(tx.session, row.id) for row in scene.put_zones(tx, incident_id, found)]


@router.get("/marks/{mark_id}/options", responses=responses(404, 409, 422))
def options(world: WorldDep, mark_id: UUID) -> list[OptionOut]:
    """What may be decided for the people inside a zone, with the counts."""
    with reading(world) as tx:
        return [OptionOut(**one) for one in scene.options(tx.session, mark_id)]


@router.post("/marks/{mark_id}/decide", responses=responses(404, 409, 422))
def decide(world: WorldDep, actor: ActorDep, mark_id: UUID, body: MarkDecideIn) -> MarkOut:
    """Leave, or stay indoors: a commander decides."""
    with writing(world, actor) as tx:
        return _out(tx.session, scene.decide(tx, mark_id, body.decision, body.reason).id)


@router.post("/marks/{mark_id}/end", responses=responses(404, 409, 422))
def end(world: WorldDep, actor: ActorDep, mark_id: UUID, body: MarkEndIn) -> MarkOut:
    """End a mark with what was found; zones from outside in, when all monitoring points are clear."""
    with writing(world, actor) as tx:
        return _out(tx.session, scene.end(tx, mark_id, body.finding).id)


def _stage(row: FireStage) -> FireStageOut:
    return FireStageOut.model_validate(
        {"stage": row.stage, "zh": stages.word(row.stage), "at": row.at, "by": row.by, "until": row.until,
         "note": row.note}
    )  # fmt: skip


@router.get("/incidents/{incident_id}/stages", responses=responses(404, 422))
def fire_stages(world: WorldDep, incident_id: UUID) -> list[FireStageOut]:
    """The stages of a forest fire since its open fire was out, the oldest first."""
    with reading(world) as tx:
        get_incident(tx.session, incident_id)
        return [_stage(row) for row in stages.stages(tx.session, incident_id)]


@router.post("/incidents/{incident_id}/stages", status_code=201, responses=responses(404, 409, 422))
def fire_step(world: WorldDep, actor: ActorDep, incident_id: UUID, body: FireStageIn) -> FireStageOut:
    """明火扑灭, 清理, 看守, 验收 or 复燃; crews at the scene are not released before 验收."""
    with writing(world, actor) as tx:
        return _stage(stages.step(tx, incident_id, body.to, body.note))


@router.post("/alarms/{station}/look", status_code=201, responses=responses(404, 409, 422))
def look(world: WorldDep, actor: ActorDep, station: Annotated[str, Path(max_length=100)]) -> AlarmTaskOut:
    """核查: the nearest ranger, on foot, is told to see what is behind an alarm."""
    with writing(world, actor) as tx:
        task, ranger = verification.ask(tx, station)
        shown = TaskOut(**board.item(tx.session, "tasks", task.id))
        return AlarmTaskOut(task=shown, post_code=ranger.code, post=ranger.name, walk_s=ranger.walk_s)


@router.post("/tasks/{task_id}/finding", responses=responses(404, 409, 422))
def finding(world: WorldDep, actor: ActorDep, task_id: UUID, body: AlarmFindingIn) -> AlarmFindingOut:
    """火情, 用火 or 误报; a fire becomes an incident."""
    with writing(world, actor) as tx:
        incident = verification.find(tx, task_id, body.result, body.note)
        return AlarmFindingOut(
            task=TaskOut(**board.item(tx.session, "tasks", task_id)),
            incident=IncidentOut(**board.item(tx.session, "incidents", incident.id)) if incident else None,
        )
