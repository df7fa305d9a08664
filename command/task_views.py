"""Tasks as they are looked for: by what they belong to, whose they are, lateness; and what was said of one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from command.task_tables import Task, TaskNote
from gis_data.world import Actor


def listed(
    session: Session,
    *,
    response_id: UUID | None = None,
    incident_id: UUID | None = None,
    organization: str | None = None,
    of: Actor | None = None,
    late: bool = False,
    ended: bool = False,
) -> list[UUID]:
    """Ids of tasks by what they belong to, whose they are (`of`), lateness; open ones, or with `ended` all (1000)."""
    t = Task
    query = select(t.id).order_by(t.ended_at.is_not(None), t.due_at, t.no).limit(1000)
    asked = [
        None if ended else t.ended_at.is_(None),
        t.response_id == response_id if response_id else None,
        t.incident_id == incident_id if incident_id else None,
        or_(t.organization_code == organization, t.organization == organization) if organization else None,
        or_(t.post == of.post, t.organization == of.post, t.town.in_(of.towns)) if of else None,
        t.overdue_at.is_not(None) if late else None,
    ]
    return list(session.scalars(query.where(*(one for one in asked if one is not None))))


def notes(session: Session, task_id: UUID) -> list[TaskNote]:
    """What was said of a task, the oldest first."""
    return list(session.scalars(select(TaskNote).where(TaskNote.task_id == task_id).order_by(TaskNote.recorded_at)))
