"""Response times for the review (复盘): of each task, call, dispatch and decision, how long it took to each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.callout_tables import CallOut, CallRecord
from command.responses import texts
from command.responses.tables import Decision
from command.tables import Dispatch, Incident
from command.task_tables import Task
from gis_data.db import Reading
from gis_data.tables import Team
from gis_data.world import Actor


@dataclass(frozen=True)
class Step:
    """A step that was taken: when, and how many minutes after the beginning."""

    step: str
    at: datetime
    minutes: float


@dataclass(frozen=True)
class Line:
    """One thing that somebody had to do. `late`: it was noticed to be past its time; none where nothing says so."""

    kind: str
    no: str
    title: str
    who: str
    began_at: datetime
    due_at: datetime | None
    late: bool | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Figure:
    """How one kind of thing got to one step: `reached` of `total`, and the median minutes of those."""

    kind: str
    step: str
    reached: int
    total: int
    median_min: float | None


STEPS = {
    "task": ("received", "done", "verified"),
    "call": ("reached", "read_back", "action", "verified"),
    "dispatch": ("acknowledged", "departed", "arrived"),
    "decision": ("consulted", "submitted", "decided"),
}
"""Kind → the steps that are timed, in their order."""


def times(tx: Reading, actor: Actor, since: datetime | None = None, until: datetime | None = None) -> list[Line]:
    """What began in a span of the world's time (`until` excluded), the oldest first, with the time of each step."""
    require(actor, "journal.read")
    found = [
        one
        for one in _lines(tx.session)
        if (since is None or one.began_at >= since) and (until is None or one.began_at < until)
    ]
    return sorted(found, key=lambda one: (one.began_at, one.kind, one.no, one.who))


def figures(lines: Sequence[Line]) -> list[Figure]:
    """How each kind got to each step."""
    found = []
    for kind, steps in STEPS.items():
        of_kind = [one for one in lines if one.kind == kind]
        for step in steps:
            took = [one.minutes for line in of_kind for one in line.steps if one.step == step]
            found.append(Figure(kind, step, len(took), len(of_kind), round(median(took), 2) if took else None))
    return found


def _lines(session: Session) -> Iterator[Line]:
    for t in session.scalars(select(Task)):
        verified = t.ended_at if t.state == "verified" else None
        yield _line(
            "task", t.no, t.text_zh, t.post or t.organization, t.issued_at, [t.received_at, t.done_at, verified],
            t.due_at, late=t.overdue_at is not None,
        )  # fmt: skip
    for c, about in session.execute(select(CallRecord, CallOut).join(CallOut, CallOut.id == CallRecord.callout_id)):
        steps = [c.reached_at, c.read_back_at, c.action_at, c.verified_at]
        yield _line("call", about.no, about.title, c.post, c.sent_at, steps, late=c.overdue_at is not None)
    sent = select(Dispatch, Incident, Team.name).join(Incident, Incident.id == Dispatch.incident_id)
    for d, incident, team in session.execute(sent.join(Team, Team.id == Dispatch.team_id)):
        steps = [d.acknowledged_at, d.departed_at, d.arrived_at]
        yield _line("dispatch", incident.no, incident.title, team, d.ordered_at, steps)
    for r in session.scalars(select(Decision)):
        steps = [r.consulted_at, r.submitted_at, r.decided_at]
        yield _line("decision", r.no, texts.said(r)[0], r.proposed_by, r.proposed_at, steps)


def _line(
    kind: str, no: str, title: str, who: str, began: datetime, steps: Sequence[datetime | None],
    due_at: datetime | None = None, *, late: bool | None = None,
) -> Line:  # fmt: skip
    taken = tuple(
        Step(step, at, round((at - began).total_seconds() / 60, 2))
        for step, at in zip(STEPS[kind], steps, strict=True)
        if at is not None
    )
    return Line(kind, no, title, who, began, due_at, late, taken)
