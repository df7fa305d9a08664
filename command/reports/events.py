"""What happens to reports, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from command.events import Event


@dataclass(frozen=True)
class ReportDrafted(Event):
    """Somebody wrote at the next report of an incident."""

    incident_id: str
    report_kind: str


@dataclass(frozen=True)
class ReportSent(Event):
    """A report went out; its content is named by its hash and never changes."""

    touches = {"incidents": "incident_id"}

    report_id: str
    incident_id: str
    no: int
    report_kind: str
    channel: str
    sent_to: str
    late: bool
    late_reason: str
    sha256: str
    said: dict[str, Any]


@dataclass(frozen=True)
class IncidentGraded(Event):
    """An incident was graded by what is known of it; a later estimate stands beside it."""

    touches = {"incidents": "incident_id"}

    incident_id: str
    grade: str
    figures: dict[str, Any]
    document: str


@dataclass(frozen=True)
class LossHandedIn(Event):
    """Losses by town were handed in."""

    loss_report_id: str
    incident_id: str
    no: int
    stage: str
    correction: str


@dataclass(frozen=True)
class DocumentDrafted(Event):
    """A document was drafted from the board, or its draft was changed or dropped."""

    document_id: str
    document_kind: str
    no: str
    state: str


@dataclass(frozen=True)
class DocumentReleased(Event):
    """A person released a document; it never changes again."""

    document_id: str
    document_kind: str
    no: str
    sha256: str
