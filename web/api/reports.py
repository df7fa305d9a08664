"""Reports of an incident, its grade, and losses by town."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from command.access import require
from command.incidents import get_incident
from command.reports import chain, clock, losses
from command.reports.grading import Figures
from command.reports.loss import INDICATORS
from command.reports.tables import EventReport, LossReport, ReportDraft
from gis_data.db import Reading, reading, writing
from web.api.report_schemas import (
    DraftOut,
    EstimateOut,
    EventReportOut,
    FiguresIn,
    IndicatorOut,
    LossCheckOut,
    LossIn,
    LossOut,
    LossReminderOut,
    ReportChainOut,
    ReportClockOut,
    ReportIn,
    SaidOut,
    SendIn,
    VillageOut,
    WrongOut,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["reports"])


@router.get("/incidents/{incident_id}/reports", responses=responses(404, 422))
def index(world: WorldDep, incident_id: UUID) -> ReportChainOut:
    """The chain of an incident with its clocks; and what a next report could say."""
    with reading(world) as tx:
        return _chain(tx, incident_id)


@router.post("/incidents/{incident_id}/reports/draft", responses=responses(404, 409, 422))
def write(world: WorldDep, actor: ActorDep, incident_id: UUID, body: ReportIn) -> ReportChainOut:
    """Write at the next report. Nothing goes out."""
    with writing(world, actor) as tx:
        said = chain.Said(**body.model_dump(exclude={"final", "over"}))
        chain.write(tx, incident_id, said, final=body.final, over=body.over)
        tx.session.flush()
        return _chain(tx, incident_id)


@router.post("/incidents/{incident_id}/reports/send", status_code=201, responses=responses(404, 409, 422))
def send(world: WorldDep, actor: ActorDep, incident_id: UUID, body: SendIn) -> EventReportOut:
    """Send the draft: it stands from now on. Late ones need their reason."""
    require(actor, "report.send")
    with reading(world) as now:
        chain.isolated(now)  # remembered for the report: it may take a second, and not under the writer's lock
    with writing(world, actor) as tx:
        return _report(chain.send(tx, incident_id, chain.Sending(**body.model_dump())))


@router.post("/incidents/{incident_id}/grade", responses=responses(404, 409, 422))
def grade(world: WorldDep, actor: ActorDep, incident_id: UUID, body: FiguresIn) -> EstimateOut:
    """Grade an incident by what is known now; estimates before it are kept."""
    with writing(world, actor) as tx:
        chain.grade_now(tx, incident_id, Figures(**body.model_dump()))
        return _estimates(tx, incident_id)[-1]


@router.get("/incidents/{incident_id}/grade", responses=responses(404, 422))
def grades(world: WorldDep, incident_id: UUID) -> list[EstimateOut]:
    """All estimates of an incident's grade, oldest first."""
    with reading(world) as tx:
        get_incident(tx.session, incident_id)
        return _estimates(tx, incident_id)


@router.get("/loss-indicators", responses=responses(404, 422))
def indicators(world: WorldDep) -> list[IndicatorOut]:
    """The indicators of loss statistics with their units."""
    return [IndicatorOut(**vars(one)) for one in INDICATORS.values()]


@router.get("/incidents/{incident_id}/losses", responses=responses(404, 422))
def loss_index(world: WorldDep, incident_id: UUID) -> list[LossOut]:
    """Losses as they were handed in, oldest first."""
    with reading(world) as tx:
        get_incident(tx.session, incident_id)
        return [_loss(row) for row in losses.handed_in(tx.session, incident_id)]


@router.post("/incidents/{incident_id}/losses/check", responses=responses(404, 422))
def loss_check(world: WorldDep, incident_id: UUID, body: LossIn) -> LossCheckOut:
    """All that is wrong with figures, by row and field. Nothing is handed in."""
    with reading(world) as tx:
        get_incident(tx.session, incident_id)
        found = losses.problems(tx, incident_id, body.towns, body.district, body.correction)
    return LossCheckOut(wrong=[WrongOut(**vars(one)) for one in found], reminders=_reminders(body.district))


@router.post("/incidents/{incident_id}/losses", status_code=201, responses=responses(404, 409, 422))
def hand_in(world: WorldDep, actor: ActorDep, incident_id: UUID, body: LossIn) -> LossOut:
    """Hand losses in; they stand from now on."""
    with writing(world, actor) as tx:
        row = losses.hand_in(
            tx, incident_id, body.towns, body.district, body.correction, complete=body.complete
        )  # fmt: skip
        return _loss(row)


def _chain(tx: Reading, incident_id: UUID) -> ReportChainOut:
    incident, draft = get_incident(tx.session, incident_id), chain.draft_of(tx.session, incident_id)
    clocks = []
    for name in ("first", "written"):
        due_at, sent_at = getattr(incident, f"{name}_due_at"), getattr(incident, f"{name}_sent_at")
        share, state = clock.shown(incident.known_at, due_at, sent_at, tx.at)
        told = {"name": name, "due_at": due_at, "sent_at": sent_at, "share": share, "state": state}
        clocks.append(ReportClockOut.model_validate(told))
    return ReportChainOut(
        incident_id=incident_id, known_at=incident.known_at, clocks=clocks,
        sent=[_report(row) for row in chain.sent(tx.session, incident_id)],
        draft=_draft(draft),
        suggested=SaidOut(**vars(chain.suggested(tx, incident_id))),
        isolated=[VillageOut(**one) for one in chain.isolated(tx)],
    )  # fmt: skip


def _draft(row: ReportDraft | None) -> DraftOut | None:
    if not row:
        return None
    return DraftOut(
        kind=row.kind, said=row.said, written_at=row.written_at, written_by=row.written_by, version=chain.version(row)
    )


def _report(row: EventReport) -> EventReportOut:
    return EventReportOut.model_validate({name: getattr(row, name) for name in EventReportOut.model_fields})


def _estimates(tx: Reading, incident_id: UUID) -> list[EstimateOut]:
    return [
        EstimateOut.model_validate({name: getattr(row, name) for name in EstimateOut.model_fields})
        for row in chain.estimates(tx.session, incident_id)
    ]


def _loss(row: LossReport) -> LossOut:
    told = {name: getattr(row, name) for name in LossOut.model_fields if name != "reminders"}
    return LossOut.model_validate(told | {"reminders": _reminders(row.district)})


def _reminders(district: dict[str, float]) -> list[LossReminderOut]:
    return [LossReminderOut(zh=zh, en=en) for zh, en in losses.reminders(district)]
