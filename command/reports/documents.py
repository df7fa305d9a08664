"""Documents (态势专报、快报) drafted from the board, every number with its source; a person edits and releases."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command import journal
from command.access import require
from command.board import record
from command.incidents import get_incident
from command.reports import draft_texts, picture
from command.reports.draft_texts import Draft
from command.reports.events import DocumentDrafted, DocumentReleased
from command.reports.tables import Document
from command.responses import decisions
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables.base import new_id

Kind = Literal["situation", "flash", "notice", "daily"]
KINDS = {
    "situation": ("态势专报", "situation sheet", "T"), "flash": ("快报", "flash report", "K"),
    "notice": ("响应通知", "notice of a response", "X"), "daily": ("日报", "daily report", "R"),
}  # fmt: skip
MARK = re.compile(r"〔(\d+)〕")


def get_document(session: Session, document_id: UUID) -> Document:
    """The document of that id."""
    row = session.get(Document, document_id)
    if row is None:
        raise NotFound("没有这份文稿。", "There is no such document.", field="document_id")
    return row


def documents(session: Session, limit: int = 200) -> list[Document]:
    """The newest documents first; what was dropped is left out."""
    query = select(Document).where(Document.state != "dropped").order_by(Document.made_at.desc(), Document.no.desc())
    return list(session.scalars(query.limit(limit)))


@dataclass(frozen=True, eq=False)
class Prepared:
    """A draft as the board had it at one moment: made before the writer's lock, for it takes a second or two."""

    kind: Kind
    incident_id: UUID | None
    decision_id: UUID | None
    text: Draft
    shown: dict[str, Any]
    as_of: datetime
    seq: int


def prepare(tx: Reading, kind: Kind, incident_id: UUID | None = None, decision_id: UUID | None = None) -> Prepared:
    """Make a draft from the board of this moment: a flash report of an incident, a notice of an approved decision."""
    if (kind == "flash") != (incident_id is not None):
        raise Invalid("快报须指明事件，其他文稿不指明。", "A flash report names an incident, others none.",
                      field="incident_id")  # fmt: skip
    if (kind == "notice") != (decision_id is not None):
        raise Invalid("响应通知须指明决定，其他文稿不指明。", "A notice names a decision, others none.",
                      field="decision_id")  # fmt: skip
    if incident_id:
        text = draft_texts.flash(tx, get_incident(tx.session, incident_id))
    elif decision_id:
        text = draft_texts.notice(decisions.get(tx.session, decision_id))
    else:
        text = draft_texts.daily(tx) if kind == "daily" else draft_texts.situation(tx)
    shown = picture.of(tx, incident_id)
    return Prepared(kind, incident_id, decision_id, text, shown, tx.at, journal.position(tx.session))


def keep(tx: Writing, made: Prepared) -> Document:
    """Keep what was prepared as a draft, to be edited and released."""
    require(tx.actor, "report.draft")
    zh, en, letter = KINDS[made.kind]
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    today = tx.session.scalar(select(func.count()).where(Document.no.startswith(day))) or 0
    row = Document(
        id=new_id(), no=f"{day}-{letter}{today + 1:03d}", kind=made.kind, incident_id=made.incident_id,
        decision_id=made.decision_id, title=made.text.title, paragraphs=made.text.paragraphs,
        sources=made.text.sources, picture=made.shown,
        as_of=made.as_of, seq=made.seq, state="draft", made_at=tx.at, made_by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    _said(tx, row, f"拟{zh}：{row.title}（{row.no}）", f"A {en} was drafted: {row.no}")
    return row


def edit(
    tx: Writing, document_id: UUID, title: str, paragraphs: Sequence[dict[str, str]], over: str | None = None
) -> Document:
    """Change a draft's words; its sources stay. Marks 〔n〕 name them.

    `over` is the digest of what was changed; None changes any. Raises Conflict where somebody else has done so since.
    """
    require(tx.actor, "report.draft")
    row = _draft(tx, document_id)
    if over is not None and over != digest(row):
        by = f"{row.changed_by}（{row.changed_at.astimezone(SHANGHAI):%H:%M}）" if row.changed_at else "他人"
        raise Conflict(f"{by}已改写此稿。", "Somebody else has changed this draft.", field="over")
    if row.kind == "notice":
        raise Conflict("已批准的通知文本不能改动。", "The text of an approved decision does not change.")
    _check(paragraphs, row.sources)
    row.title, row.paragraphs = title, [dict(one) for one in paragraphs]
    row.changed_at, row.changed_by = tx.at, tx.actor.post
    _said(tx, row, f"修改文稿：{title}（{row.no}）", f"A draft was changed: {row.no}")
    return row


def drop(tx: Writing, document_id: UUID) -> Document:
    """Put a draft away."""
    require(tx.actor, "report.draft")
    row = _draft(tx, document_id)
    row.state = "dropped"
    _said(tx, row, f"弃用文稿：{row.title}（{row.no}）", f"A draft was dropped: {row.no}")
    return row


def release(tx: Writing, document_id: UUID) -> Document:
    """Release (签发) a draft: from now on it stands, and its hash names it."""
    require(tx.actor, "report.send")
    row = _draft(tx, document_id)
    if row.kind != "notice":  # each of its lines is marked as a whole
        _check(row.paragraphs, row.sources)
    row.state, row.released_at, row.released_by, row.sha256 = "released", tx.at, tx.actor.post, digest(row)
    zh, en, _ = KINDS[row.kind]
    said = f"签发{zh}：{row.title}（{row.no}）", f"A {en} was released: {row.no}"
    record(tx, DocumentReleased(*said, str(row.id), row.kind, row.no, row.sha256))
    return row


def digest(row: Document) -> str:
    """Names what a document says."""
    content = [row.no, row.title, row.paragraphs, row.sources, row.picture, row.as_of.astimezone(SHANGHAI).isoformat()]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _draft(tx: Writing, document_id: UUID) -> Document:
    row = get_document(tx.session, document_id)
    if row.state != "draft":
        raise Conflict("文稿已签发或弃用，不能再改。", "It was released or dropped; it does not change any more.")
    return row


def _check(paragraphs: Sequence[dict[str, str]], sources: Sequence[dict[str, Any]]) -> None:
    """Every sentence with a number names a source, and every mark is of a source that is listed."""
    for n, one in enumerate(paragraphs):
        marks = [int(mark) for mark in MARK.findall(one["text"])]
        if wrong := [mark for mark in marks if not 1 <= mark <= len(sources)]:
            raise Invalid(f"没有来源〔{wrong[0]}〕。", f"There is no source {wrong[0]}.", field=f"paragraphs.{n}.text")
        for sentence in re.split(r"(?<=[。；\n])", one["text"]):
            if re.search(r"\d", MARK.sub("", sentence)) and not MARK.search(sentence):
                raise Invalid(
                    f"数字须注明来源：“{sentence.strip()[:40]}”。", "A number needs its source: mark it as 〔n〕.",
                    field=f"paragraphs.{n}.text",
                )  # fmt: skip


def _said(tx: Writing, row: Document, zh: str, en: str) -> None:
    record(tx, DocumentDrafted(zh, en, str(row.id), row.kind, row.no, row.state))


def stamp(at: datetime) -> str:
    """A time as documents say it."""
    return f"{at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
