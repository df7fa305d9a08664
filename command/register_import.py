"""Importing a file into a register: upload → preview → check → confirm. A job outlives a restart of the server.

Uploads lie under `data/uploads/` by their hash, what a check has laid by under `data/imports/` by the job's id.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.register_edit import allow
from command.register_events import RegisterLoaded
from command.registers import tell_drills
from gis_data.clock import real_now
from gis_data.db import writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.registers import Register, rows, store
from gis_data.registers.values import as_text
from gis_data.sources import mapping as columns
from gis_data.sources import register_file, service, table_file
from gis_data.sources.prepared import Progress
from gis_data.sources.register_file import Terms
from gis_data.tables import ImportJob, Load, SourceMapping
from gis_data.world import SYSTEM, Actor, get_world

MOST_BYTES = 2 << 30
PREVIEW_ROWS = 20


@dataclass(frozen=True)
class Job:
    """An import as it stands; see `gis_data.tables.ImportJob`."""

    id: UUID
    register: str
    state: str
    file_name: str
    sha256: str
    settings: dict[str, Any]
    report: dict[str, Any] | None
    load_id: int | None
    created_by: str
    created_at: Any
    updated_at: Any


@dataclass(frozen=True)
class Preview:
    """What a file holds: its layers, the columns of one, the first rows as text, and which field each column may be.

    `known` says that the mapping is the one that was kept from the last file of this shape.
    """

    layers: tuple[str, ...]
    layer: str
    columns: tuple[str, ...]
    rows: int | None
    has_shapes: bool
    crs: str | None
    notes: tuple[tuple[str, str], ...]
    first: list[dict[str, str]]
    mapping: dict[str, str]
    known: bool


def _job(row: ImportJob) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})


def _upload(data: Path, job: Job) -> Path:
    return data / "uploads" / job.sha256 / job.file_name


def folder(data: Path, job_id: UUID) -> Path:
    """Where a job's rows, rejects and picture lie."""
    return data / "imports" / str(job_id)


def _safe(name: str) -> str:
    """A file name without folders or odd characters, its ending kept."""
    plain = re.sub(r"[^\w.()（）\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-120:]
    return plain or "file"


def keep(data: Path, name: str, content: BinaryIO) -> tuple[str, str]:
    """Keep an upload under its hash; gives hash and name. Raises Invalid for a kind that is not read, or over 2 GB."""
    name = _safe(name)
    if Path(name).suffix.lower() not in table_file.SUFFIXES:
        raise Invalid(
            f"不支持的文件类型 {Path(name).suffix}：可用 {' '.join(table_file.SUFFIXES)}",
            f"Files of type {Path(name).suffix} are not read: {' '.join(table_file.SUFFIXES)} are",
            field="file",
        )
    (data / "uploads").mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, fresh = hashlib.sha256(), 0, data / "uploads" / f".{uuid4()}"
    try:
        with fresh.open("wb") as out:
            while chunk := content.read(1 << 20):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Invalid("文件超过 2 GB", "The file is larger than 2 GB", field="file")
                digest.update(chunk)
                out.write(chunk)
        if not size:
            raise Invalid("文件是空的", "The file is empty", field="file")
        kept = data / "uploads" / digest.hexdigest() / name
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.replace(kept)
    finally:
        fresh.unlink(missing_ok=True)
    return digest.hexdigest(), name


def start(engine: Engine, actor: Actor, key: str, name: str, content: BinaryIO, data: Path) -> Job:
    """Take an upload in; raises Invalid for a file that is not read."""
    _allow(actor, rows.get_register(key))
    sha256, kept = keep(data, name, content)
    now = real_now()
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = ImportJob(
            register=key, state="uploaded", file_name=kept, sha256=sha256, settings={}, created_by=actor.username,
            created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(row)
    job = _job(row)
    try:
        table_file.layers(_upload(data, job))
    except Invalid:
        _set(engine, job.id, state="dropped")
        raise
    return job


def start_service(engine: Engine, actor: Actor, key: str, url: str, layer: str | None, data: Path) -> Job:
    """Fetch a layer of a WFS or OGC API Features service, and take it in under the host's name."""
    _allow(actor, rows.get_register(key))
    host = re.sub(r"\W", "-", urlsplit(url).hostname or "")[:60]
    with tempfile.TemporaryDirectory() as at:
        path = Path(at) / "service.gpkg"
        service.fetch(url, layer, path)
        with path.open("rb") as file:
            return start(engine, actor, key, f"{host}.gpkg", file, data)


def jobs(engine: Engine, actor: Actor, key: str | None = None, limit: int = 50) -> list[Job]:
    """Imports, the last first, of the registers that the actor may load."""
    require(actor, "register.load")
    with Session(engine) as session:
        wanted = (
            select(ImportJob).where(ImportJob.state != "dropped").order_by(ImportJob.created_at.desc()).limit(limit)
        )
        if key:
            wanted = wanted.where(ImportJob.register == key)
        found = [_job(row) for row in session.scalars(wanted)]
    return [job for job in found if _may(actor, rows.get_register(job.register))]


def _allow(actor: Actor, register: Register) -> None:
    """Who loads registers of persons may see persons; the machine's own command line may load them, too."""
    if actor == SYSTEM:
        require(actor, "register.load")
    else:
        allow(actor, "register.load", register)


def _may(actor: Actor, register: Register) -> bool:
    try:
        _allow(actor, register)
    except Denied:
        return False
    return True


def _find(session: Session, actor: Actor, job_id: UUID, *, lock: bool = False) -> ImportJob:
    wanted = select(ImportJob).where(ImportJob.id == job_id)
    row = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None or row.state == "dropped":
        raise NotFound("没有这次导入。", "There is no such import.", field="id")
    _allow(actor, rows.get_register(row.register))
    return row


def get(engine: Engine, actor: Actor, job_id: UUID) -> Job:
    """One import; raises NotFound."""
    with Session(engine) as session:
        return _job(_find(session, actor, job_id))


def _set(engine: Engine, job_id: UUID, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(update(ImportJob).where(ImportJob.id == job_id).values(updated_at=real_now(), **values))


def preview(engine: Engine, actor: Actor, job_id: UUID, layer: str | None, data: Path) -> Preview:
    """What the file holds, with the mapping that was kept for its shape, else one suggested by names."""
    with Session(engine) as session:
        job = _job(_find(session, actor, job_id))
        register, path = rows.get_register(job.register), _upload(data, job)
        layers = table_file.layers(path)
        table = table_file.open_table(path, layer, columns.words(register))
        kept = session.scalars(
            select(SourceMapping.mapping).where(
                SourceMapping.register == job.register, SourceMapping.signature == columns.signature(table.columns)
            )
        ).one_or_none()
    first = next(table.batches(PREVIEW_ROWS), None)
    shown: list[dict[str, str]] = []
    if first is not None:
        texts = {str(name): as_text(first.frame[name]).fillna("").tolist() for name in first.frame}
        shown = [
            {"": str(line), **{name: str(texts[name][i])[:200] for name in texts}}
            for i, line in enumerate(first.frame.index)
        ]
    suggested = columns.suggest(register, table.columns, columns.sheet_inside(path, register))
    if kept is not None:
        suggested = {c: f for c, f in {**suggested, **kept}.items() if c in table.columns and f}
    return Preview(
        layers, layer or layers[0], table.columns, table.rows, table.has_shapes, table.crs, table.notes, shown,
        suggested, kept is not None,
    )  # fmt: skip


def check(
    engine: Engine, actor: Actor, job_id: UUID, terms: Terms, data: Path, progress: Progress = lambda _: None
) -> Job:
    """Check the file under these terms; the report stays with the job, the mapping for the next file of this shape."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = _find(session, actor, job_id, lock=True)
        if row.state == "confirmed":
            raise Conflict("这次导入已经完成。", "This import is done already.")
        if terms.replace and actor.towns:
            raise Denied("整表替换须由全区账号进行。", "Only an account of the whole district may replace a register.")
        path = _upload(data, _job(row))
        report = register_file.check_file(session, row.register, path, terms, folder(data, job_id), data, progress)
        row.state = "refused" if report.refused else "checked"
        row.settings, row.report, row.updated_at = asdict(terms), asdict(report), real_now()
        _keep_mapping(session.connection(), row, terms, actor, path)
    return _job(row)


def _keep_mapping(connection: Connection, job: ImportJob, terms: Terms, actor: Actor, path: Path) -> None:
    table = table_file.open_table(path, terms.layer, columns.words(rows.get_register(job.register)))
    fresh = {
        "register": job.register, "signature": columns.signature(table.columns), "source": job.file_name,
        "mapping": {c: terms.mapping.get(c, "") for c in table.columns}, "saved_by": actor.username,
        "saved_at": real_now(),
    }  # fmt: skip
    statement = upsert(SourceMapping).values(fresh)
    changed = {name: statement.excluded[name] for name in ("source", "mapping", "saved_by", "saved_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["register", "signature"], set_=changed))


def confirm(engine: Engine, actor: Actor, job_id: UUID, reason: str, data: Path) -> Job:
    """Write what was checked, in one transaction with its event; once more changes nothing."""
    with writing(get_world(engine, "live"), actor) as tx:
        row = _find(tx.session, actor, job_id, lock=True)
        if row.state == "confirmed":
            return _job(row)
        if row.state != "checked" or row.report is None:
            raise Conflict("请先核对，再确认。", "Check the file first.")
        report, register, connection = row.report, rows.get_register(row.register), tx.session.connection()
        if not report["good"]:
            raise Invalid("没有可以写入的行。", "There is no row that may be written.", field="file")
        load_id = _load_row(connection, row, tx.real_at, actor)
        stamp = store.Stamp(tx.real_at, actor.username, actor.post, reason, data, load_id)
        waiting = register_file.laid_by(folder(data, job_id), row.register)
        written = store.put_many(connection, row.register, waiting, stamp, replace=bool(row.settings["replace"]))
        done = {
            "new": written.new,
            "changed": written.changed,
            "unchanged": written.unchanged,
            "closed": written.closed,
        }
        row.state, row.load_id, row.updated_at = "confirmed", load_id, tx.real_at
        row.report = {**report, **done}
        rejected = report["rows"] - report["good"]
        event = RegisterLoaded(
            f"导入{register.zh}：{row.file_name}，新增 {written.new}，修改 {written.changed}，停用 {written.closed}，"
            f"退回 {rejected}",
            f"Loaded {register.en}: {row.file_name}, {written.new} new, {written.changed} changed, "
            f"{written.closed} closed, {rejected} rejected",
            load_id, row.register, row.file_name, row.sha256, done, rejected,
            [str(id_) for id_ in written.touched] if row.register == "team" else [],
        )  # fmt: skip
        record(tx, event)
        job = _job(row)
    tell_drills(engine, actor, event)
    _tidy(data, job, register)
    return job


def _load_row(connection: Connection, job: ImportJob, at: Any, actor: Actor) -> int:
    """The record of this load; it takes the place of the register's last one."""
    earlier = (Load.kind == job.register) & Load.replaced_at.is_(None)
    connection.execute(update(Load).where(earlier).values(replaced_at=at))
    report = job.report or {}
    fresh = {
        "kind": job.register, "source": job.file_name, "sha256": job.sha256, "datum": job.settings["datum"],
        "counts": {job.register: report["good"]}, "rejected": report["rows"] - report["good"],
        "is_demo": bool(job.settings["demo"]), "actor": actor.username, "loaded_at": at,
    }  # fmt: skip
    made: int = connection.execute(insert(Load).values(fresh).returning(Load.id)).scalar_one()
    return made


def _tidy(data: Path, job: Job, register: Register) -> None:
    """What is written need not lie by any longer; a file of persons is not kept at all."""
    for path in folder(data, job.id).glob("rows-*.arrow"):
        path.unlink(missing_ok=True)
    if register.personal:
        shutil.rmtree(_upload(data, job).parent, ignore_errors=True)


def drop(engine: Engine, actor: Actor, job_id: UUID, data: Path) -> None:
    """Give an import up; what it laid by goes. One that is confirmed stays."""
    with Session(engine) as session, session.begin():
        row = _find(session, actor, job_id, lock=True)
        if row.state == "confirmed":
            raise Conflict("这次导入已经完成。", "This import is done already.")
        row.state, row.updated_at = "dropped", real_now()
    shutil.rmtree(folder(data, job_id), ignore_errors=True)


def laid(engine: Engine, actor: Actor, job_id: UUID, name: str, data: Path) -> Path:
    """The rejects or the picture of a job; raises NotFound where there is none."""
    job = get(engine, actor, job_id)
    path = folder(data, job.id) / name
    if not path.is_file():
        raise NotFound("没有这个文件。", "There is no such file.", field="name")
    return path


def suggestion(
    engine: Engine, actor: Actor, job_id: UUID, layer: str | None, sheet: Path, data: Path
) -> dict[str, str]:
    """The mapping that a mapping sheet says, completed by names."""
    with Session(engine) as session:
        job = _job(_find(session, actor, job_id))
    register = rows.get_register(job.register)
    table = table_file.open_table(_upload(data, job), layer, columns.words(register))
    return columns.suggest(register, table.columns, columns.read_sheet(sheet, register))
