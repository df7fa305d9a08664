"""Tasks: lists, orders, steps, cancelling; files as evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool

from command import attachments, board, task_views, tasks
from command.access import require
from command.task_tables import Attachment
from gis_data.db import Reading, reading, writing
from gis_data.errors import NotFound
from web.api.schemas import Lat, Line, Lon
from web.api.task_schemas import (
    AttachmentOut,
    TaskCancelIn,
    TaskDetailOut,
    TaskIn,
    TaskNoteOut,
    TaskOut,
    TaskStepIn,
)
from web.deps import ActorDep, SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["tasks"])
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def _out(tx: Reading, id_: UUID) -> TaskOut:
    return TaskOut(**board.item(tx.session, "tasks", id_))


def file_out(row: Attachment) -> AttachmentOut:
    """A file's record as it goes over HTTP."""
    return AttachmentOut(**{name: getattr(row, name) for name in AttachmentOut.model_fields})


@router.get("/tasks", responses=responses(404, 422))
def index(
    world: WorldDep,
    actor: ActorDep,
    response: UUID | None = None,
    incident: UUID | None = None,
    organization: Annotated[Line | None, Query(description="code or name")] = None,
    mine: Annotated[bool, Query(description="of one's own post, organisation or towns")] = False,
    late: bool = False,
    ended: Annotated[bool, Query(description="ended ones too")] = False,
) -> list[TaskOut]:
    """Open tasks, the most urgent first, at most a thousand."""
    with reading(world) as tx:
        ids = task_views.listed(
            tx.session, response_id=response, incident_id=incident, organization=organization,
            of=actor if mine else None, late=late, ended=ended,
        )  # fmt: skip
        return [TaskOut(**item) for item in board.items_of(tx.session, "tasks", ids)]


@router.post("/tasks", status_code=201, responses=responses(404, 422))
def issue(world: WorldDep, actor: ActorDep, body: TaskIn) -> TaskOut:
    """Tell somebody to do something."""
    with writing(world, actor) as tx:
        return _out(tx, tasks.issue(tx, tasks.NewTask(**body.model_dump())).id)


@router.get("/tasks/{task_id}", responses=responses(404, 422))
def read(world: WorldDep, task_id: UUID) -> TaskDetailOut:
    """One task with what was said of it and its files."""
    with reading(world) as tx:
        tasks.get_task(tx.session, task_id)
        notes = task_views.notes(tx.session, task_id)
        return TaskDetailOut(
            task=_out(tx, task_id),
            notes=[TaskNoteOut(step=one.step, text=one.text, at=one.at, by=one.by) for one in notes],
            files=[file_out(one) for one in attachments.of(tx.session, "task", task_id)],
        )


@router.post("/tasks/{task_id}/steps", responses=responses(404, 409, 422))
def step(world: WorldDep, actor: ActorDep, task_id: UUID, body: TaskStepIn) -> TaskOut:
    """The next step: 签收, 开始办理, 反馈, 办结; 核验 or 退回整改 by another account than the one that did it."""
    with writing(world, actor) as tx:
        return _out(tx, tasks.step(tx, task_id, body.to, body.text, body.without).id)


@router.post("/tasks/{task_id}/cancel", responses=responses(404, 409, 422))
def cancel(world: WorldDep, actor: ActorDep, task_id: UUID, body: TaskCancelIn) -> TaskOut:
    """Take a task back, with the reason."""
    with writing(world, actor) as tx:
        return _out(tx, tasks.cancel(tx, task_id, body.reason).id)


@router.post("/tasks/{task_id}/attachments", status_code=201, openapi_extra=_FILE, responses=responses(404, 422))
async def attach(
    request: Request,
    world: WorldDep,
    actor: ActorDep,
    config: SettingsDep,
    task_id: UUID,
    name: Annotated[Line, Query(description="the file's name with its ending")],
    confidentiality: Literal["internal", "personal"] = "internal",
    taken_at: AwareDatetime | None = None,
    lon: Lon | None = None,
    lat: Lat | None = None,
) -> AttachmentOut:
    """A file (photo, film, document; 64 MB at most) as the body, as it is. Twice the same is once."""
    require(actor, "task.act")

    def allowed() -> None:
        with reading(world) as tx:
            tasks.may_act(tx, actor, task_id)

    await run_in_threadpool(allowed)  # before anything is taken in
    kept = await attachments.keep(config.data, name, request.stream())
    about = attachments.About(confidentiality, taken_at, lon, lat)

    def done() -> AttachmentOut:
        with writing(world, actor) as tx:
            task = tasks.may_act(tx, actor, task_id)
            return file_out(attachments.add(tx, "task", task.id, f"任务 {task.no}", kept, about))

    return await run_in_threadpool(done)


@router.get("/attachments/{attachment_id}", response_class=FileResponse, responses=responses(404, 422) | _BYTES)
def download(world: WorldDep, actor: ActorDep, config: SettingsDep, attachment_id: UUID) -> FileResponse:
    """The bytes as they came; always to be saved, never shown by the browser as a page of ours."""
    with reading(world) as tx:
        row = attachments.opened(tx.session, actor, attachment_id)
    path = attachments.path(config.data, row.sha256)
    if not path.is_file():
        raise NotFound("附件文件不在磁盘上。", "The file is not on the disk.", field="attachment_id")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name)}", "Cache-Control": "no-store"}
    return FileResponse(path, media_type=row.media_type, headers=headers)
