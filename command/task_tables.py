"""Tasks (指令任务), what was said of them, and files that belong to something: what of them is kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import SRID, WORLD, Base


class Task(Base):
    """One thing that somebody is told to do, from the order until another account has verified it."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("source in ('action', 'adhoc', 'rule')", name="source"),
        CheckConstraint(
            "state in ('issued', 'received', 'in_progress', 'done', 'returned', 'verified', 'cancelled', 'terminated')",
            name="state",
        ),
        CheckConstraint("level between 1 and 4", name="level"),
        Index("ix_task_open", "due_at", postgresql_where=text("ended_at is null")),
        Index("ix_task_response_id", "response_id"),
        Index("ix_task_incident_id", "incident_id"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    response_id: Mapped[uuid.UUID | None]
    decision_id: Mapped[uuid.UUID | None]
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.incident.id"))
    action_no: Mapped[str | None]
    level: Mapped[int | None]
    """The response level whose action it is: 1 (Ⅰ, the highest) to 4."""
    level_bound: Mapped[bool]
    """Closed when the response is lowered below its level."""
    organization_code: Mapped[str | None]
    organization: Mapped[str]
    """Its name at that moment, or who is meant where the register has nobody."""
    post_code: Mapped[str | None]
    post: Mapped[str]
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("gis.team.id"))
    town: Mapped[str | None]
    """The town (9 digits) whose people it is for."""
    text_zh: Mapped[str]
    text_en: Mapped[str]
    evidence_needed: Mapped[str]
    place: Mapped[str]
    geom: Mapped[Any] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False), nullable=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    done_account: Mapped[str | None]
    """The account that reported it done; another one verifies."""
    feedback: Mapped[str]
    """What was last said of it."""
    overdue_at: Mapped[datetime | None]
    """When it was noticed that it is late; once."""
    returns: Mapped[int]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str | None]
    recorded_at: Mapped[datetime]


class TaskNote(Base):
    """A step of a task with what was said (反馈); never changed."""

    __tablename__ = "task_note"
    __table_args__ = {"schema": WORLD}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    task_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.task.id"), index=True)
    step: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    recorded_at: Mapped[datetime]


class Attachment(Base):
    """A file that belongs to something (附件): its bytes lie in the data directory under their hash."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("confidentiality in ('internal', 'personal')", name="confidentiality"),
        Index("ix_attachment_of", "of_kind", "of_id"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    of_kind: Mapped[str]
    of_id: Mapped[uuid.UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    confidentiality: Mapped[str]
    taken_at: Mapped[datetime | None]
    geom: Mapped[Any] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False), nullable=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    recorded_at: Mapped[datetime]
