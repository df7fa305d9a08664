"""Documents: drafted from the board, edited, released by a person, taken out as Word or PDF."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from command.access import require
from command.reports import daily, documents
from command.reports.tables import Document
from gis_data.db import reading, writing
from web.api.report_schemas import DailyOut, DocumentIn, DocumentOut, EditIn
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/documents", tags=["documents"])
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_FILE = {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES.values()}}}


@router.get("", responses=responses(404, 422))
def index(world: WorldDep, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[DocumentOut]:
    """The newest first; what was dropped is left out."""
    with reading(world) as tx:
        return [_out(row) for row in documents.documents(tx.session, limit)]


@router.post("", status_code=201, responses=responses(404, 409, 422))
def draft(world: WorldDep, actor: ActorDep, body: DocumentIn) -> DocumentOut:
    """Draft one from the board of this moment."""
    require(actor, "report.draft")
    with reading(world) as now:
        made = documents.prepare(now, body.kind, body.incident_id, body.decision_id)
    with writing(world, actor) as tx:
        return _out(documents.keep(tx, made))


@router.get("/daily", responses=responses(404, 422))
def daily_report(world: WorldDep) -> DailyOut | None:
    """How the daily report stands (日报): due at its hour while a response is active or a graded incident goes on."""
    with reading(world) as tx:
        found = daily.daily(tx)
        return DailyOut.model_validate(vars(found)) if found else None


@router.get("/{document_id}", responses=responses(404, 422))
def read(world: WorldDep, document_id: UUID) -> DocumentOut:
    """One document with its sources."""
    with reading(world) as tx:
        return _out(documents.get_document(tx.session, document_id))


@router.post("/{document_id}", responses=responses(404, 409, 422))
def edit(world: WorldDep, actor: ActorDep, document_id: UUID, body: EditIn) -> DocumentOut:
    """Change a draft; a sentence with a number keeps the mark of its source."""
    with writing(world, actor) as tx:
        some = [one.model_dump() for one in body.paragraphs]
        return _out(documents.edit(tx, document_id, body.title, some, body.over))


@router.post("/{document_id}/release", responses=responses(404, 409, 422))
def release(world: WorldDep, actor: ActorDep, document_id: UUID) -> DocumentOut:
    """Release a draft; it never changes again. Nothing is sent anywhere by this."""
    with writing(world, actor) as tx:
        return _out(documents.release(tx, document_id))


@router.post("/{document_id}/drop", responses=responses(404, 409, 422))
def drop(world: WorldDep, actor: ActorDep, document_id: UUID) -> DocumentOut:
    """Put a draft away."""
    with writing(world, actor) as tx:
        return _out(documents.drop(tx, document_id))


@router.get("/{document_id}/file.{kind}", response_class=Response, responses=responses(404, 422, 503) | _FILE)  # type: ignore[operator]
def file(world: WorldDep, document_id: UUID, kind: Annotated[Literal["docx", "pdf"], Path()]) -> Response:
    """As Word or PDF, with the map's picture and the sources. Drafts and drills say on each page that they are."""
    from web.documents import pdf, word  # these read fonts: not before somebody asks

    drill = world.kind == "drill"
    with reading(world) as tx:
        row = documents.get_document(tx.session, document_id)
        made = (pdf if kind == "pdf" else word)(row, drill=drill)
        name = f"{'演练-' if drill else ''}{'' if row.state == 'released' else '草稿-'}{row.no}.{kind}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(made, media_type=TYPES[kind], headers=headers)


def _out(row: Document) -> DocumentOut:
    kept = {name: getattr(row, name) for name in DocumentOut.model_fields if name != "version"}
    return DocumentOut.model_validate(kept | {"version": documents.digest(row)})
