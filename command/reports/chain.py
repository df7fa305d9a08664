"""The report chain (信息报送): 初报, 续报, 终报. What was sent is never changed, only continued."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command import board, demand, planning, roads
from command.access import require
from command.incidents import get_incident
from command.reports import grading
from command.reports.events import IncidentGraded, ReportDrafted, ReportSent
from command.reports.grading import TABLES, Figures, called
from command.reports.tables import EventReport, GradeEstimate, ReportDraft
from command.tables import Incident
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid
from gis_data.tables.base import new_id
from layers.profiles import DRIVE

Kind = Literal["first", "continued", "final"]
Channel = Literal["phone", "written"]
KINDS = {
    "first": ("初报", "first report"),
    "continued": ("续报", "continued report"),
    "final": ("终报", "final report"),
}
CHANNELS = {"phone": ("电话", "by phone"), "written": ("书面", "in writing")}


@dataclass(frozen=True)
class Said:
    """What a report says (handbook 5.3), with the figures that an event is graded by."""

    overview: str = ""
    place: str = ""
    course: str = ""
    measures: str = ""
    other: str = ""
    dead: int | None = None
    missing: int | None = None
    injured: int | None = None
    serious: int | None = None
    loss_yuan: float | None = None
    forest_ha: float | None = None

    @property
    def figures(self) -> Figures:
        """The figures alone."""
        return Figures(**{one.name: getattr(self, one.name) for one in fields(Figures)})


@dataclass(frozen=True)
class Sending:
    """To whom and how; who confirmed a first report (带班领导); why it is late, if it is."""

    to: str
    channel: Channel = "written"
    confirmed_by: str = ""
    late_reason: str = ""


def sent(session: Session, incident_id: UUID) -> list[EventReport]:
    """The reports of an incident that were sent, in order."""
    query = select(EventReport).where(EventReport.incident_id == incident_id)
    return list(session.scalars(query.order_by(EventReport.no)))


def draft_of(session: Session, incident_id: UUID) -> ReportDraft | None:
    """The draft of the next report, if there is one."""
    found = session.get(ReportDraft, incident_id)
    return found if found and found.is_open else None


def suggested(tx: Reading, incident_id: UUID) -> Said:
    """A draft of the next report: what the last one said, and what the board knows of the measures."""
    incident, before = get_incident(tx.session, incident_id), sent(tx.session, incident_id)
    teams = board.items(tx.session, "teams")
    out = [one for one in board.items(tx.session, "dispatches").values() if one["incident_id"] == str(incident_id)]
    measures = "；".join(f"已派出{teams[one['team_id']]['name']}（{_time(one['ordered_at'])}）" for one in out)
    if before:
        return Said(**before[-1].said | ({"measures": measures} if measures else {}))
    when = f"{(incident.occurred_at or incident.known_at).astimezone(SHANGHAI):%Y年%m月%d日%H时%M分}"
    return Said(incident.title, f"{when}，{incident.place or '地点见地图'}", incident.note, measures)


def _time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%H:%M}"


def version(row: ReportDraft) -> str:
    """Names what a draft says just now."""
    content = [row.kind, row.said, row.written_at.isoformat(), row.written_by]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def write(tx: Writing, incident_id: UUID, said: Said, *, final: bool = False, over: str | None = None) -> ReportDraft:
    """Write at the next report; nothing goes out. After the final one there is none.

    `over` is the version of the draft that this was written over, "" where there was none; None writes over any.
    Raises Conflict where somebody else has written since.
    """
    require(tx.actor, "report.draft")
    incident, before = get_incident(tx.session, incident_id), sent(tx.session, incident_id)
    if before and before[-1].kind == "final":
        raise Conflict("终报已发出，报送链已结束。", "The final report has been sent; the chain has ended.")
    if final and not before:
        raise Conflict("尚未初报，不能终报。", "There is no first report yet.", field="final")
    said.figures  # noqa: B018  # they are checked
    kind: Kind = "first" if not before else "final" if final else "continued"
    row = tx.session.get(ReportDraft, incident_id) or ReportDraft(incident_id=incident_id, is_open=False)
    if over is not None and over != (version(row) if row.is_open else ""):
        by = f"{row.written_by}（{row.written_at.astimezone(SHANGHAI):%H:%M}）" if row.is_open else "他人"
        raise Conflict(f"{by}已改写此稿。", "Somebody else has written at this draft.", field="over")
    row.is_open, row.kind, row.said = True, kind, asdict(said)
    row.written_at, row.written_by, row.recorded_at = tx.at, tx.actor.post, tx.real_at
    tx.session.add(row)
    zh, en = KINDS[kind]
    board.record(
        tx,
        ReportDrafted(
            f"拟{zh}：{incident.title}（{incident.no}）", f"Drafting a {en}: {incident.title} ({incident.no})",
            str(incident_id), kind,
        ),
    )  # fmt: skip
    return row


def send(tx: Writing, incident_id: UUID, how: Sending) -> EventReport:
    """Send the draft. A late one needs its reason, a first one who confirmed it; then it stands as it is."""
    require(tx.actor, "report.send")
    incident, draft = get_incident(tx.session, incident_id), draft_of(tx.session, incident_id)
    if draft is None:
        raise Conflict("没有待发的报告草稿。", "There is no draft to send.")
    if not how.to.strip():
        raise Invalid("请填写报送对象。", "Say to whom it goes.", field="to")
    if draft.kind == "first" and not how.confirmed_by.strip():
        raise Invalid("初报须经带班领导确认。", "A first report must be confirmed by the watch leader.",
                      field="confirmed_by")  # fmt: skip
    said = Said(**draft.said)
    if not said.overview.strip():
        raise Invalid("请填写概况。", "Say what it is about.", field="overview")
    due_at = incident.first_due_at if not incident.first_sent_at else None
    if due_at is None and how.channel == "written" and not incident.written_sent_at:
        due_at = incident.written_due_at
    late = due_at is not None and tx.at > due_at
    if late and not how.late_reason.strip():
        raise Invalid("已超过报送时限，请写明迟报原因。", "It is late: say why.", field="late_reason")
    estimate(tx, incident, said.figures)
    no = len(sent(tx.session, incident_id)) + 1
    row = EventReport(
        id=new_id(), incident_id=incident_id, no=no, kind=draft.kind, channel=how.channel, said=draft.said,
        grade=incident.grade, grade_zh=called(incident.kind, incident.grade), isolated=isolated(tx),
        known_at=incident.known_at,
        due_at=due_at, late=late, late_reason=how.late_reason if late else "", sent_to=how.to,
        confirmed_by=how.confirmed_by, sent_at=tx.at, sent_by=tx.actor.post, sha256="", recorded_at=tx.real_at,
    )  # fmt: skip
    row.sha256 = digest(row)
    incident.first_sent_at = incident.first_sent_at or tx.at
    if how.channel == "written":
        incident.written_sent_at = incident.written_sent_at or tx.at
    draft.is_open = False
    tx.session.add(row)
    zh, en = KINDS[draft.kind]
    tail, tail_en = (f"，迟报：{how.late_reason}", f", late: {how.late_reason}") if late else ("", "")
    board.record(
        tx,
        ReportSent(
            f"{zh}（第 {no} 号，{CHANNELS[how.channel][0]}）：{incident.title} → {how.to}{tail}",
            f"No. {no}, {en}, {CHANNELS[how.channel][1]}: {incident.title} → {how.to}{tail_en}",
            str(row.id), str(incident_id), no, draft.kind, how.channel, how.to, late, row.late_reason, row.sha256,
            draft.said,
        ),
    )  # fmt: skip
    return row


def digest(row: EventReport) -> str:
    """Names what a report says: the hash of its number, words, figures, villages and times."""
    content = [row.no, row.kind, row.channel, row.said, row.grade, row.isolated, row.sent_to, row.sent_at.isoformat()]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def isolated(tx: Reading) -> list[dict[str, Any]]:
    """Villages that no open road leads to now, with persons: on an island, or on a road that is itself closed."""
    try:
        network = roads.network(tx.session)
    except Invalid:  # there are no roads yet
        return []
    villages = demand.demand(tx.session, "villages")

    def look() -> list[tuple[str, int]]:
        found = [place for island in planning.islands(tx).islands for place in island.places]
        usual = demand.located(tx.session, villages, DRIVE)
        stranded = (demand.located_now(tx.session, villages, network, DRIVE).row < 0) & (usual.row >= 0)
        return found + list(zip(villages.name[stranded].tolist(), villages.persons[stranded].tolist(), strict=True))

    key = (*villages.version, "isolated", tx.world.schema, network.version)
    return [{"name": name, "persons": persons} for name, persons in demand.remember(key, look)]


def estimate(tx: Writing, incident: Incident, figures: Figures) -> bool:
    """Grade an incident by its kind's table and keep the estimate; whether it was graded.

    A figure that is not known now stays as it was last known. A kind without a table is graded by plan; and where no
    figure decides, a grade that stands is left as it is.
    """
    if (table := TABLES.get(incident.kind)) is None:
        return False
    kept = select(GradeEstimate).where(GradeEstimate.incident_id == incident.id)
    last = tx.session.scalar(kept.order_by(GradeEstimate.at.desc(), GradeEstimate.recorded_at.desc()).limit(1))
    new = {name: value for name, value in asdict(figures).items() if value is not None}
    figures = Figures(**((last.figures if last else {}) | new))
    day = (incident.occurred_at or incident.known_at).astimezone(SHANGHAI).date()
    found = grading.grade(table, figures, day)
    if not found.judged and incident.grade:
        return False
    if last and last.grade == incident.grade == found.grade and last.figures == asdict(figures):
        return True
    basis = {
        "document": found.edition.document, "checked": found.edition.checked, "possible": found.possible,
        "judged": [asdict(one) for one in found.judged],
    }  # fmt: skip
    tx.session.add(
        GradeEstimate(
            id=new_id(), incident_id=incident.id, at=tx.at, by=tx.actor.post, figures=asdict(figures),
            grade=found.grade, grade_zh=found.zh, basis=basis, recorded_at=tx.real_at,
        )
    )  # fmt: skip
    before, incident.grade = incident.grade, found.grade
    was = f"（原 {grading.WORDS[before][0]}）" if before and before != found.grade else ""
    board.record(
        tx,
        IncidentGraded(
            f"初步定级：{incident.title}，{found.zh}{was}", f"Provisional grade: {incident.title}, {found.en}",
            str(incident.id), found.grade, asdict(figures), found.edition.document,
        ),
    )  # fmt: skip
    return True


def grade_now(tx: Writing, incident_id: UUID, figures: Figures) -> None:
    """Grade an incident by hand with what is known now, between reports."""
    require(tx.actor, "report.draft")
    incident = get_incident(tx.session, incident_id)
    if incident.kind not in TABLES:
        raise Conflict("此类事件按预案定级，没有分级表。", "This kind is graded by plan; there is no table for it.")
    if not estimate(tx, incident, figures):
        raise Invalid("没有可据以定级的数值。", "None of these figures decides a grade.", field="dead")


def estimates(session: Session, incident_id: UUID) -> list[GradeEstimate]:
    """All estimates of an incident's grade, oldest first."""
    query = select(GradeEstimate).where(GradeEstimate.incident_id == incident_id)
    return list(session.scalars(query.order_by(GradeEstimate.at, GradeEstimate.recorded_at)))
