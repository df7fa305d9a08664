"""Imports (导入): a file on its way into a register: uploaded, looked at, checked, confirmed; faulty rows come back."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from command import register_import
from command.access import require
from command.register_import import Job
from gis_data.errors import Invalid
from gis_data.sources import register_file, reject_book
from gis_data.sources.register_file import Terms
from web.api.schemas import In, Line, Text
from web.deps import ActorDep, EngineDep, SettingsDep
from web.errors import responses


def may_load(actor: ActorDep) -> None:
    """Nobody without the right comes as far as sending a file."""
    require(actor, "register.load")


router = APIRouter(prefix="/api/imports", tags=["imports"], dependencies=[Depends(may_load)])
Mapping = Annotated[dict[str, Line], Field(max_length=500)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportFindingOut(BaseModel):
    row: int | None
    field: str
    level: Literal["error", "question", "warning", "accepted"]
    value: str
    zh: str
    en: str
    suggestion: str | None


class CountOut(BaseModel):
    field: str
    level: Literal["error", "question", "warning", "accepted"]
    count: int


class FigureOut(BaseModel):
    """How each reading of the coordinates fits over `n` rows: `%` fitting, or `m` apart."""

    zh: str
    en: str
    n: int
    unit: Literal["%", "m"]
    values: dict[str, float]


class ReportOut(BaseModel):
    """What a check found. `findings` are the first of them; `summary` counts all by field and level.

    `refused`: another reading of the coordinates (`suspected`) fits clearly better; `compared` is drawn beside it.
    """

    rows: int
    good: int
    new: int
    changed: int
    unchanged: int
    closed: int
    word: str
    findings: list[ImportFindingOut]
    summary: list[CountOut]
    notes: list[tuple[str, str]]
    stated: str
    suspected: str | None
    refused: bool
    figures: list[FigureOut]
    compared: str | None


class TermsOut(BaseModel):
    layer: str | None
    datum: str
    mapping: dict[str, str]
    answers: dict[str, Literal["accept", "keep"]]
    replace: bool
    demo: bool
    keep_datum: bool


class JobOut(BaseModel):
    """An import: `uploaded`, `refused` (the datum), `checked` or `confirmed`."""

    id: UUID
    key: str
    state: Literal["uploaded", "refused", "checked", "confirmed"]
    file_name: str
    terms: TermsOut | None
    report: ReportOut | None
    load_id: int | None
    created_by: str
    created_at: datetime
    updated_at: datetime


class PreviewOut(BaseModel):
    """What a file holds; `first` are rows as text, their number in the file under the empty name."""

    layers: list[str]
    layer: str
    columns: list[str]
    rows: int | None
    has_shapes: bool
    crs: str | None
    notes: list[tuple[str, str]]
    first: list[dict[str, str]]
    mapping: dict[str, str]
    known: bool


class TermsIn(In):
    """How the file is to be read. The datum has no default: WGS-84, CGCS2000, GCJ-02, BD-09 or EPSG:n."""

    datum: Line
    mapping: Mapping
    layer: Line | None = None
    answers: Annotated[dict[str, Literal["accept", "keep"]], Field(max_length=5000)] = {}
    replace: bool = False
    demo: bool = False
    keep_datum: bool = False


class ServiceIn(In):
    """A read-only WFS or OGC API Features service; without a layer its only one is taken."""

    key: Line
    url: Annotated[str, Field(min_length=10, max_length=1000)]
    layer: Line | None = None


class ImportConfirmIn(In):
    reason: Text = ""


def _out(job: Job) -> JobOut:
    said = {name: getattr(job, name) for name in JobOut.model_fields if name not in ("key", "terms")}
    return JobOut.model_validate(said | {"key": job.register, "terms": job.settings or None})


@router.post("", status_code=201, responses=responses(404, 422))
def upload(
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    key: Annotated[str, Form(min_length=1, max_length=60)],
    file: UploadFile,
) -> JobOut:
    """Take a file in (GeoPackage, GeoJSON, Shapefile as a zip, KML, CSV, XLSX, …), up to 2 GB."""
    return _out(register_import.start(engine, actor, key, file.filename or "file", file.file, config.data))


@router.post("/service", status_code=201, responses=responses(404, 422, 503))
def service(engine: EngineDep, actor: ActorDep, config: SettingsDep, body: ServiceIn) -> JobOut:
    """Fetch a layer of a WFS or OGC API Features service as it stands now, and take it in."""
    return _out(register_import.start_service(engine, actor, body.key, body.url, body.layer, config.data))


@router.get("", responses=responses(404, 422))
def listing(
    engine: EngineDep, actor: ActorDep, key: Annotated[str | None, Query(max_length=60)] = None
) -> list[JobOut]:
    """The last imports, newest first."""
    return [_out(job) for job in register_import.jobs(engine, actor, key)]


@router.get("/{job_id}", responses=responses(404, 422))
def read(engine: EngineDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """One import as it stands."""
    return _out(register_import.get(engine, actor, job_id))


@router.get("/{job_id}/preview", responses=responses(404, 422))
def preview(
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    job_id: UUID,
    layer: Annotated[str | None, Query(max_length=200)] = None,
) -> PreviewOut:
    """What the file holds, and which field each column may be."""
    return PreviewOut.model_validate(asdict(register_import.preview(engine, actor, job_id, layer, config.data)))


@router.post("/{job_id}/mapping", responses=responses(404, 422))
def mapping_sheet(
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    job_id: UUID,
    sheet: UploadFile,
    layer: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, str]:
    """The mapping that a mapping sheet (字段对照, CSV or XLSX) says, completed by names. Nothing is kept."""
    suffix = Path(sheet.filename or "").suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise Invalid("字段对照表应为 CSV 或 XLSX", "A mapping sheet is a CSV or an XLSX", field="sheet")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{suffix}"
        path.write_bytes(sheet.file.read(8 << 20))
        return register_import.suggestion(engine, actor, job_id, layer, path, config.data)


@router.post("/{job_id}/check", responses=responses(404, 409, 422))
def check(engine: EngineDep, actor: ActorDep, config: SettingsDep, job_id: UUID, body: TermsIn) -> JobOut:
    """Check the whole file under these terms; nothing is written to the register."""
    return _out(register_import.check(engine, actor, job_id, Terms(**body.model_dump()), config.data))


@router.post("/{job_id}/confirm", responses=responses(404, 409, 422))
def confirm(engine: EngineDep, actor: ActorDep, config: SettingsDep, job_id: UUID, body: ImportConfirmIn) -> JobOut:
    """Write what was checked, all of it or nothing; once more changes nothing."""
    return _out(register_import.confirm(engine, actor, job_id, body.reason, config.data))


@router.post("/{job_id}/drop", status_code=204, responses=responses(404, 409, 422))
def drop(engine: EngineDep, actor: ActorDep, config: SettingsDep, job_id: UUID) -> None:
    """Give an import up."""
    register_import.drop(engine, actor, job_id, config.data)


@router.get(
    "/{job_id}/rejects",
    response_class=Response,
    responses=responses(404, 422)
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string"}}}}},
)
def rejects(
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    job_id: UUID,
    format: Literal["csv", "xlsx"] = "csv",
) -> Response:
    """The faulty rows as the file has them, each with its line and why; corrected, they can be loaded again."""
    path = register_import.laid(engine, actor, job_id, register_file.REJECTS, config.data)
    name = f"退回-{Path(register_import.get(engine, actor, job_id).file_name).stem}.{format}"
    headers: dict[str, Any] = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    if format == "xlsx":
        return Response(reject_book.workbook(path), media_type=XLSX, headers=headers)
    return FileResponse(path, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/{job_id}/evidence.svg",
    response_class=Response,
    responses=responses(404, 422) | {200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def evidence(engine: EngineDep, actor: ActorDep, config: SettingsDep, job_id: UUID) -> Response:
    """The side-by-side picture: the stated reading of the coordinates, and the one compared with it."""
    path = register_import.laid(engine, actor, job_id, register_file.EVIDENCE, config.data)
    return FileResponse(path, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
