"""Reports as they are kept in a world: drafts may change; what was sent, estimated or handed in never does."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base

_INCIDENT = f"{WORLD}.incident.id"


class ReportDraft(Base):
    """The next report of an incident as it is being written; one at a time."""

    __tablename__ = "report_draft"
    __table_args__ = {"schema": WORLD}

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_INCIDENT), primary_key=True)
    is_open: Mapped[bool]
    kind: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    written_by: Mapped[str]
    recorded_at: Mapped[datetime]


class EventReport(Base):
    """A report (初报、续报、终报) that was sent; it is never changed, only continued."""

    __tablename__ = "event_report"
    __table_args__ = (
        CheckConstraint("kind in ('first', 'continued', 'final')", name="kind"),
        CheckConstraint("channel in ('phone', 'written')", name="channel"),
        UniqueConstraint("incident_id", "no"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_INCIDENT))
    no: Mapped[int]
    kind: Mapped[str]
    channel: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    grade: Mapped[str | None]
    grade_zh: Mapped[str]
    isolated: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Villages that no road led to at that moment, with persons."""
    known_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    late: Mapped[bool]
    late_reason: Mapped[str]
    sent_to: Mapped[str]
    confirmed_by: Mapped[str]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    sha256: Mapped[str]
    """Of the report's content as the journal has it."""
    recorded_at: Mapped[datetime]


class GradeEstimate(Base):
    """What an incident was graded as, with the figures and the edition of the table it rests on."""

    __tablename__ = "grade_estimate"
    __table_args__ = {"schema": WORLD}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_INCIDENT), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    grade: Mapped[str | None]
    grade_zh: Mapped[str]
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class LossReport(Base):
    """Losses by town (灾情统计) as they were handed in; the next report carries corrections."""

    __tablename__ = "loss_report"
    __table_args__ = (
        CheckConstraint("stage in ('first', 'continued', 'complete')", name="stage"),
        Index("ix_loss_report_incident_id", "incident_id"),
        UniqueConstraint("incident_id", "no"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_INCIDENT))
    no: Mapped[int]
    stage: Mapped[str]
    towns: Mapped[dict[str, Any]] = mapped_column(JSON)
    district: Mapped[dict[str, Any]] = mapped_column(JSON)
    correction: Mapped[str]
    handed_in_at: Mapped[datetime]
    handed_in_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Document(Base):
    """A situation sheet (态势专报), flash report (快报) or notice of a decision: a draft until a person releases it."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("kind in ('situation', 'flash', 'notice', 'daily')", name="kind"),
        CheckConstraint("state in ('draft', 'released', 'dropped')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(_INCIDENT))
    decision_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.response_decision.id"))
    title: Mapped[str]
    paragraphs: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    picture: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the map of that moment shows, as shapes in EPSG:4490."""
    as_of: Mapped[datetime]
    seq: Mapped[int]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    sha256: Mapped[str | None]
    recorded_at: Mapped[datetime]
