"""What the board shows: of each collection its query, the column of its id, and what makes an item open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from command.alarm_tables import AlarmWord
from command.callout_tables import CallOut, CallRecord, OutMessage
from command.cyclone_tables import Cyclone
from command.duty_tables import DutyItem, DutyShift, HeadWatch
from command.hazard_tables import HazardState, WarningRow
from command.responses.tables import OPEN, Decision, Response
from command.scene_tables import FireStage, Mark
from command.screen_tables import Screen
from command.tables import Closure, Dispatch, Incident, ModelRun, StationState, Suggestion, TeamState
from command.task_tables import Attachment, Task
from command.town_tables import TownState
from command.transfer.tables import ShelterState, TransferOrder
from gis_data.tables import ClockRow, Team
from layers.quality import ALARMS

Query = tuple[Select[*tuple[Any, ...]], Any, ColumnElement[bool]]


def _stage() -> Any:
    """The last stage of a forest fire that was put out."""
    f = FireStage
    last = select(f.stage).where(f.incident_id == Incident.id).order_by(f.recorded_at.desc()).limit(1)
    return last.scalar_subquery()


def _marks() -> Query:
    m = Mark
    query = select(
        m.id, m.incident_id, m.kind, m.name, m.post, func.ST_AsGeoJSON(m.geom, 7).label("geom"), m.area_ha, m.basis,
        m.inside, m.targets, m.set_at, m.set_by, m.decision, m.decided_at, m.decided_by, m.reason, m.ended_at,
        m.ended_by, m.finding,
    )  # fmt: skip
    return query, m.id, m.ended_at.is_(None)


def _incidents() -> Query:
    i = Incident
    query = select(
        i.id, i.no, i.kind, i.title, i.place, i.grade, i.state, i.note, i.source, i.occurred_at, i.reported_at,
        i.reported_by, i.closed_at, i.needs,
        i.class_code, i.cause, i.known_at, i.first_due_at, i.written_due_at, i.first_sent_at, i.written_sent_at,
        i.sensitive,
        _stage().label("stage"),
        func.ST_X(i.geom).label("lon"), func.ST_Y(i.geom).label("lat"),
    )  # fmt: skip
    return query, i.id, i.state != "closed"


def _teams() -> Query:
    t, s = Team, TeamState
    there = and_(Dispatch.id == s.dispatch_id, s.state.in_(("on_scene", "working")))
    at = func.coalesce(Incident.geom, t.geom)  # at the scene once it says so, else at its base
    query = (
        select(
            t.id, t.code, t.name, t.kind, t.hazards, t.members, t.muster_s, t.vehicle, t.is_demo,
            func.ST_X(at).label("lon"), func.ST_Y(at).label("lat"),
            func.coalesce(s.state, "standby").label("state"), s.since.label("state_since"),
            func.coalesce(s.note, "").label("state_note"), s.dispatch_id,
        )
        .outerjoin(s, s.team_id == t.id)
        .outerjoin(Dispatch, there)
        .outerjoin(Incident, Incident.id == Dispatch.incident_id)
    )  # fmt: skip
    return query, t.id, t.valid_to.is_(None)


def _dispatches() -> Query:
    d = Dispatch
    query = select(
        d.id, d.incident_id, d.team_id, d.state, d.reason, d.muster_s, d.travel_s, d.distance_m, d.eta_at,
        func.ST_AsGeoJSON(d.route, 7).label("route"), d.route_valid, d.route_note, d.closures, d.network_version,
        d.ordered_by, d.ordered_at, d.acknowledged_at, d.departed_at, d.arrived_at, d.working_at, d.released_at,
    )  # fmt: skip
    return query, d.id, d.state != "released"


def _closures() -> Query:
    c = Closure
    query = select(
        c.id,
        c.road_ids,
        c.road_name,
        c.closed_for,
        c.slower,
        c.depth_m,
        c.reason,
        func.ST_AsGeoJSON(c.geom, 7).label("geom"),
        c.set_at,
        c.set_by,
    )
    return query, c.id, c.lifted_at.is_(None)


def _gauges() -> Query:
    s = StationState
    query = select(
        s.station.label("id"), s.station.label("code"), s.element, s.name, s.lon, s.lat, s.state, s.since, s.last_at,
        s.last_value, s.quality, s.found,
    )  # fmt: skip
    gauges = and_(s.element.notin_(ALARMS), s.state != "withdrawn")
    return query, s.station, gauges | (s.state == "alarm")


def _suggestions() -> Query:
    s = Suggestion
    query = select(
        s.id, s.source, s.road_ids, s.place, s.station, s.run_id, s.depth_m, s.limit_m, s.arrives_at, s.evidence,
        func.ST_AsGeoJSON(s.geom, 7).label("geom"), s.made_at, s.updated_at,
    )  # fmt: skip
    return query, s.id, s.state == "open"


def _runs() -> Query:
    r = ModelRun
    query = select(
        r.id, r.kind, r.title, r.asked, r.state, r.asked_by, r.asked_at, r.starts_at, r.finished_at, r.result,
        r.problem,
    )  # fmt: skip
    return query, r.id, r.shown.is_(True)


def _warnings() -> Query:
    w = WarningRow
    query = select(
        w.id, w.official, w.kind, w.kind_zh, w.kind_en, w.colour, w.colour_zh, w.colour_en, w.level, w.event,
        w.headline, w.starts_at, w.ends_at, w.areas, w.towns, w.cautions, w.measures, w.issuer, w.issued_at, w.sender,
        w.identifier, w.document_no, w.state, w.received_at, w.received_by, w.ended_at, w.ended_why, w.ended_by,
        w.ended_note,
    )  # fmt: skip
    return query, w.id, w.state == "in_force"


def _hazards() -> Query:
    h = HazardState
    query = select(
        h.id, h.register, h.code, h.name, h.kind, h.lon, h.lat, h.town, h.town_name, h.households, h.persons, h.state,
        h.alarm, h.unknown, h.since, h.reason, h.evidence, h.colour, h.decided, h.internal, h.official, h.patrol,
        h.patrol_finding, h.updated_at,
    )  # fmt: skip
    return query, h.id, and_(h.withdrawn.is_(False), or_(h.state != "safe", h.colour != "none"))


def _tasks() -> Query:
    t = Task
    files = select(func.count()).where(Attachment.of_kind == "task", Attachment.of_id == t.id).scalar_subquery()
    query = select(
        t.id, t.no, t.source, t.response_id, t.decision_id, t.incident_id, t.action_no, t.level, t.level_bound,
        t.organization_code, t.organization, t.post_code, t.post, t.team_id, t.town, t.text_zh, t.text_en,
        t.evidence_needed, t.place, func.ST_X(t.geom).label("lon"), func.ST_Y(t.geom).label("lat"), t.issued_at,
        t.issued_by, t.due_at, t.state, t.received_at, t.received_by, t.done_at, t.done_by, t.feedback, t.overdue_at,
        t.returns, t.ended_at, t.ended_by, t.ended_reason, files.label("attachments"),
    )  # fmt: skip
    return query, t.id, t.ended_at.is_(None)


def _delivered(r: type[CallRecord]) -> ColumnElement[bool]:
    """Whether a gateway has said that a message of this record was delivered."""
    m = OutMessage
    return exists().where(m.of_kind == "record", m.of_id == r.id, m.delivery["status"].as_string() == "delivered")


def _callouts() -> Query:
    c, r = CallOut, CallRecord

    def number(*where: ColumnElement[bool]) -> Any:
        return select(func.count()).where(r.callout_id == c.id, *where).scalar_subquery()

    query = select(
        c.id, c.no, c.why, c.why_id, c.title, c.text, c.scope, c.depth, c.pattern, c.made_at, c.made_by, c.closed_at,
        c.closed_by, c.closed_reason, number().label("posts"), number(r.reached_at.is_not(None)).label("answered"),
        number(r.read_back_at.is_not(None)).label("read_back"), number(r.action_at.is_not(None)).label("acted"),
        number(r.verified_at.is_not(None)).label("verified"), number(_delivered(r)).label("delivered"),
        number(r.overdue_at.is_not(None), r.reached_at.is_(None)).label("overdue"),
        select(func.min(r.due_at)).where(r.callout_id == c.id).scalar_subquery().label("next_at"),
    )  # fmt: skip
    return query, c.id, c.closed_at.is_(None)


def _shifts() -> Query:
    s, i = DutyShift, DutyItem
    waiting = select(func.count()).where(i.shift_id == s.id, i.accepted_at.is_(None), i.gone_at.is_(None))
    query = select(
        s.id, s.state, s.outgoing_post, s.post, s.leader, s.offered_at, s.started_at,
        waiting.scalar_subquery().label("waiting"),
    )  # fmt: skip
    return query, s.id, s.state.in_(("handover", "on"))


def _headcounts() -> Query:
    h, d = HeadWatch, Dispatch
    query = select(
        h.dispatch_id.label("id"), d.team_id, d.incident_id, h.expected, h.counted, h.counted_at, h.counted_by,
        h.due_at, h.alarm, h.alarm_at,
    ).join(d, d.id == h.dispatch_id)  # fmt: skip
    return query, h.dispatch_id, d.state != "released"


def _transfers() -> Query:
    t = TransferOrder
    query = select(
        t.id, t.no, t.state, t.incident_id, t.trigger, t.scope, t.objects, t.hazard, t.deadline, t.drafted_at,
        t.drafted_by, t.issued_at, t.issued_by, t.force_asked_at, t.forced_at, t.released_at, t.released_by,
        t.households, t.due, t.on_the_way, t.claimed, t.verified, t.away, t.forced, t.unreachable, t.refused,
        t.unplaced,
    )  # fmt: skip
    return query, t.id, t.state.in_(("draft", "issued", "released"))


def _shelters() -> Query:
    s = ShelterState
    free = case((s.capacity.is_not(None), func.greatest(s.capacity - s.occupancy - s.assigned, 0)))
    query = select(
        s.code.label("id"), s.code, s.name, s.town, s.lon, s.lat, s.state, s.reason, s.capacity, s.occupancy,
        s.assigned, free.label("free"), s.fill, s.since, s.set_by, s.updated_at,
    )  # fmt: skip
    used = (s.occupancy > 0) | (s.assigned > 0)
    return query, s.code, s.state.in_(("open", "out_of_use")) | used


def _responses() -> Query:
    r = Response
    query = select(
        r.id, r.track, r.track_zh, r.track_en, r.jurisdiction, r.jurisdiction_zh, r.own, r.state, r.level, r.plan_id,
        r.started_at, r.since, r.expected_until, r.document_no, r.note, r.by, r.ended_at, r.reviewed_at, r.review,
    )  # fmt: skip
    return query, r.id, r.state == "active"


def _decisions() -> Query:
    d = Decision
    query = select(
        d.id, d.no, d.track, d.track_zh, d.track_en, d.jurisdiction, d.jurisdiction_zh, d.response_id, d.plan_id,
        d.kind, d.from_level, d.to_level, d.source, d.state, d.evidence, d.matter, d.measures, d.hours, d.legal_basis,
        d.document_no, d.ground, d.jump_reason, d.conclusion, d.proposed_at, d.proposed_by, d.consulted_at,
        d.consulted_by, d.submitted_at, d.submitted_by, d.decided_at, d.decided_by, d.decided_note, d.tasks_issued,
        d.tasks_closed,
    )  # fmt: skip
    return query, d.id, d.state.in_(OPEN)


def _screens() -> Query:
    s = Screen
    query = select(s.name.label("id"), s.name, s.home, s.sensitive, s.shown, s.shown_by, s.shown_at)
    return query, s.name, true()


def _towns() -> Query:
    t = TownState
    query = select(
        t.code.label("id"), t.code, t.name, t.name_en, t.colour, t.colour_zh, t.colour_en, t.known, t.reasons, t.at
    )
    return query, t.code, t.in_scope.is_(True)


def _alarms() -> Query:
    a = AlarmWord
    return select(a.id, a.episode, a.at, a.by, a.until), a.id, a.ended_at.is_(None)


def _cyclones() -> Query:
    c = Cyclone
    query = select(
        c.id, c.number, c.agency, c.name_zh, c.name_en, c.is_demo, c.state, c.last_at, c.observed, c.forecast,
        c.forecast_at, c.shapes, c.approach, c.received_at, c.received_by, c.ended_at, c.ended_by, c.ended_why,
    )  # fmt: skip
    return query, c.id, c.state == "open"


def _clock() -> Query:
    key = func.concat("clock")
    return select(key.label("id"), ClockRow.sim0, ClockRow.real0, ClockRow.speed), key, true()


COLLECTIONS: dict[str, Callable[[], Query]] = {
    "incidents": _incidents,
    "teams": _teams,
    "dispatches": _dispatches,
    "closures": _closures,
    "gauges": _gauges,
    "suggestions": _suggestions,
    "runs": _runs,
    "warnings": _warnings,
    "hazards": _hazards,
    "tasks": _tasks,
    "responses": _responses,
    "decisions": _decisions,
    "callouts": _callouts,
    "shifts": _shifts,
    "headcounts": _headcounts,
    "transfers": _transfers,
    "shelters": _shelters,
    "marks": _marks,
    "screens": _screens,
    "towns": _towns,
    "alarms": _alarms,
    "cyclones": _cyclones,
    "clock": _clock,
}
"""Collection → its query, the column of the id, and what makes an item open."""
