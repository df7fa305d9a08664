"""Files that belong to something (附件): their bytes lie under their hash in `data/attachments/`, once, for good."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.task_events import AttachmentAdded
from command.task_tables import Attachment
from gis_data.crs import check_box
from gis_data.db import Writing, district
from gis_data.errors import Invalid, NotFound
from gis_data.tables.base import SRID, new_id
from gis_data.world import Actor

MOST_BYTES = 64 << 20
MOST_EACH = 50
"""Files of one thing."""
_OLE, _ZIP = (0, b"\xd0\xcf\x11\xe0"), (0, b"PK\x03\x04")
KINDS: dict[str, tuple[str, tuple[int, bytes] | None]] = {
    ".jpg": ("image/jpeg", (0, b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", (0, b"\xff\xd8\xff")),
    ".png": ("image/png", (0, b"\x89PNG\r\n\x1a\n")),
    ".webp": ("image/webp", (8, b"WEBP")),
    ".heic": ("image/heic", (4, b"ftyp")),
    ".mp4": ("video/mp4", (4, b"ftyp")),
    ".m4a": ("audio/mp4", (4, b"ftyp")),
    ".pdf": ("application/pdf", (0, b"%PDF-")),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".txt": ("text/plain", None),
    ".csv": ("text/csv", None),
}
"""Ending → media type, and the bytes that such a file has at an offset."""


@dataclass(frozen=True)
class Kept:
    """A file that lies safe on the disk; nothing refers to it yet."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class About:
    """What is said of a file: when and where it was taken, and whether it shows or names persons at risk."""

    confidentiality: Literal["internal", "personal"] = "internal"
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def path(data: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return data / "attachments" / sha256[:2] / sha256


def plain_name(name: str) -> str:
    """A file's name without folders and odd characters. Raises Invalid for a kind that is not taken."""
    name = re.sub(r"[^\w.()（）\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-120:]
    if Path(name).suffix.lower() not in KINDS:
        known = " ".join(KINDS)
        raise Invalid(f"不收这类文件，可用 {known}", f"Such files are not taken; these are: {known}", field="name")
    return name


async def keep(data: Path, name: str, chunks: AsyncIterator[bytes]) -> Kept:
    """Take a file in as it comes, and let it be on the disk before anybody says that it is there.

    Raises Invalid for an empty or too large file, a kind that is not taken, or bytes that are of another kind.
    """
    name = plain_name(name)
    media_type, mark = KINDS[Path(name).suffix.lower()]
    folder = data / "attachments"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh, digest, size, head = folder / f".{uuid4()}", hashlib.sha256(), 0, b""
    try:
        with fresh.open("wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    most = MOST_BYTES >> 20
                    raise Invalid(f"文件超过 {most} MB。", f"The file is larger than {most} MB.", field="file")
                head = (head + chunk)[:16] if len(head) < 16 else head
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Invalid("文件是空的。", "The file is empty.", field="file")
            if mark and not head[mark[0] :].startswith(mark[1]):
                raise Invalid("文件内容与扩展名不符。", "The file is not what its name says.", field="file")
            file.flush()
            os.fsync(file.fileno())
        kept = path(data, digest.hexdigest())
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.replace(kept)
        for parent in (kept.parent, folder):
            handle = os.open(parent, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
    finally:
        fresh.unlink(missing_ok=True)
    return Kept(name, media_type, size, digest.hexdigest())


def add(tx: Writing, of_kind: str, of_id: UUID, what: str, kept: Kept, about: About = About()) -> Attachment:
    """Attach a kept file to something, for commands that have asked for their own permission; `what` names it.

    Twice the same file is once. The journal holds the file's hash, and no name of its own.
    """
    a = Attachment
    of = select(a).where(a.of_kind == of_kind, a.of_id == of_id)
    if known := tx.session.scalar(of.where(a.sha256 == kept.sha256)):
        return known
    if (tx.session.scalar(select(func.count()).select_from(of.subquery())) or 0) >= MOST_EACH:
        raise Invalid(f"附件不能超过 {MOST_EACH} 个。", f"There can be {MOST_EACH} files at most.", field="file")
    geom = None
    if about.lon is not None and about.lat is not None:
        check_box(about.lon, about.lat, tuple(district(tx.session).box))
        geom = f"SRID={SRID};{Point(about.lon, about.lat).wkt}"
    row = Attachment(
        id=new_id(), of_kind=of_kind, of_id=of_id, name=kept.name, media_type=kept.media_type, size=kept.size,
        sha256=kept.sha256, confidentiality=about.confidentiality, taken_at=about.taken_at, geom=geom,
        uploaded_at=tx.at, uploaded_by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    tasks = [str(of_id)] if of_kind == "task" else []
    event = AttachmentAdded(
        f"上传附件：{what}（{kept.media_type}，{kept.size:,} 字节）",
        f"File attached: {what} ({kept.media_type}, {kept.size:,} bytes)",
        str(row.id), of_kind, str(of_id), kept.sha256, kept.size, tasks,
    )  # fmt: skip
    record(tx, event)
    return row


def of(session: Session, of_kind: str, of_id: UUID) -> list[Attachment]:
    """The files of something, the oldest first."""
    a = Attachment
    query = select(a).where(a.of_kind == of_kind, a.of_id == of_id).order_by(a.uploaded_at, a.id)
    return list(session.scalars(query))


def opened(session: Session, actor: Actor, id_: UUID) -> Attachment:
    """A file that the actor may see: personal ones ask for the right to see persons."""
    row = session.get(Attachment, id_)
    if row is None:
        raise NotFound("没有这个附件。", "There is no such file.", field="attachment_id")
    if row.confidentiality == "personal":
        require(actor, "person.read")
    return row
