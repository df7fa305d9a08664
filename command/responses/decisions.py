"""Decisions about a response's level: proposed, consulted on, submitted, approved by another account; or not.

Nothing is started by itself. Two people make a level: who proposed or submitted a decision does not approve it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.responses import plans
from command.responses.events import DecisionStepped, ResponseProposed
from command.responses.tables import OPEN, Decision, Response
from command.responses.texts import level_zh, said
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.plans import Item
from gis_data.tables import PlanEdition
from gis_data.tables.base import new_id


@dataclass(frozen=True)
class Proposal:
    """A level that somebody proposes by hand, and why; 0 is the response's end."""

    track: str
    jurisdiction: str
    to_level: int
    ground: str


@dataclass(frozen=True)
class Terms:
    """What a decision must say before it can be approved; None leaves what is there."""

    matter: str | None = None
    measures: str | None = None
    hours: int | None = None
    legal_basis: str | None = None
    document_no: str | None = None
    ground: str | None = None
    jump_reason: str | None = None


def get(session: Session, id_: UUID) -> Decision:
    """The decision of that id."""
    row = session.get(Decision, id_)
    if row is None:
        raise NotFound("没有这一响应建议。", "There is no such decision.", field="decision_id")
    return row


def get_open(session: Session, id_: UUID, *states: str) -> Decision:
    """A decision that is still open (in one of these states)."""
    row = get(session, id_)
    if row.state not in (states or OPEN):
        raise Conflict(
            f"{row.no} 现为“{row.state}”，不能这样办理。", f"{row.no} is “{row.state}”: this cannot be done."
        )
    return row


def response_of(session: Session, track: str, jurisdiction: str) -> Response | None:
    """How a track stands in a jurisdiction; none: nothing ever was."""
    r = Response
    return session.scalar(select(r).where(r.track == track, r.jurisdiction == jurisdiction))


def open_decisions(session: Session, track: str, jurisdiction: str) -> list[Decision]:
    """What waits for a decision there."""
    d = Decision
    query = select(d).where(d.track == track, d.jurisdiction == jurisdiction, d.state.in_(OPEN))
    return list(session.scalars(query.order_by(d.no)))


def kind_of(before: int, after: int) -> str:
    """What a change of level is; of levels 1 is the highest, 0 none."""
    if not after:
        return "end"
    return "start" if not before else "raise" if after < before else "lower"


def is_jump(before: int, after: int) -> bool:
    """Whether levels in between are passed over; to end at once passes over none."""
    return bool(after) and abs((before or 5) - after) > 1


def plan_of(tx: Reading, track: str, jurisdiction: str, response: Response | None) -> PlanEdition:
    """The edition that a response goes on under, else the one in force."""
    if response and response.state == "active" and response.plan_id:
        return plans.get(tx.session, response.plan_id)
    plan = plans.in_force(tx.session, tx.at).get((track, jurisdiction))
    if plan is None:
        raise NotFound("该灾种在本级没有生效的预案。", "No plan of this track is in force there.", field="track")
    return plan


def propose(tx: Writing, proposal: Proposal) -> Decision:
    """Propose a level by hand, with the ground."""
    require(tx.actor, "response.propose")
    if not proposal.ground.strip():
        raise Invalid("请填写提出的依据。", "Say on what ground.", field="ground")
    return make(tx, proposal.track, proposal.jurisdiction, proposal.to_level, ground=proposal.ground.strip())


def make(
    tx: Writing, track: str, jurisdiction: str, to_level: int, *, ground: str = "", evidence: Sequence[Item] = (),
    sources: Sequence[str] = (),
) -> Decision:  # fmt: skip
    """A new proposal; with evidence it is a rule's. Raises Conflict where that level stands or waits already."""
    response = response_of(tx.session, track, jurisdiction)
    if response and not response.own:
        raise Conflict("该级别由其他机关决定，只能录入通知。", "Another authority decides there.", field="jurisdiction")
    before = response.level if response else 0
    if before == to_level:
        raise Conflict(f"现已是{level_zh(before)}。", "That is how it stands.", field="to_level")
    if any(one.to_level == to_level for one in open_decisions(tx.session, track, jurisdiction)):
        raise Conflict("该级别已有待定的建议。", "That level waits for a decision already.", field="to_level")
    plan = plan_of(tx, track, jurisdiction, response)
    words = plans.level(plan, to_level or before)
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    today = tx.session.scalar(select(func.count()).where(Decision.no.startswith(f"{day}-D"))) or 0
    row = Decision(
        id=new_id(), no=f"{day}-D{today + 1:03d}", track=track, track_zh=plan.track_zh, track_en=plan.track_en,
        jurisdiction=jurisdiction, jurisdiction_zh=plan.jurisdiction_zh, response_id=response and response.id,
        plan_id=plan.id, kind=kind_of(before, to_level), from_level=before, to_level=to_level,
        source="rule" if evidence else "manual", state="proposed", evidence=list(evidence), matter=words["matter"],
        measures=words["measures"] if to_level else "解除封控、逐点核查后返回、灾情核报、物资补充、复盘",
        hours=words["hours"], legal_basis=plan.legal_basis, document_no="", ground=ground, jump_reason="",
        attendees="", conclusion="", proposed_at=tx.at, proposed_by=tx.actor.post, proposed_account=tx.actor.username,
        tasks_issued=0, tasks_closed=0, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    zh, en = said(row)
    facts = [one for one in evidence if one["truth"] == "true"]
    why_zh = "；".join(one["zh"] for one in facts) or ground
    why_en = "; ".join(one["en"] for one in facts) or ground
    event = ResponseProposed(
        f"建议{zh}（内部提示，待研判）：{why_zh}", f"Proposed, for people to judge: {en}. {why_en}", str(row.id),
        row.source, track, before, to_level, list(sources),
    )  # fmt: skip
    record(tx, event)
    return row


def consult(tx: Writing, id_: UUID, attendees: str, conclusion: str = "") -> Decision:
    """Call a consultation (会商), or write down what it came to."""
    require(tx.actor, "response.propose")
    row = get_open(tx.session, id_, "proposed", "consulting")
    if not attendees.strip():
        raise Invalid("请填写参加会商的单位和岗位。", "Say which posts take part.", field="attendees")
    row.state, row.attendees, row.conclusion = "consulting", attendees.strip(), conclusion.strip()
    row.consulted_at, row.consulted_by = tx.at, tx.actor.post
    _stepped(tx, row, "consulting", "会商", "consultation", row.conclusion)
    return row


def submit(tx: Writing, id_: UUID, terms: Terms = Terms()) -> Decision:
    """Hand a consulted decision in for approval, complete; once more changes what it says."""
    require(tx.actor, "response.propose")
    row = get_open(tx.session, id_, "consulting", "submitted")
    for name in Terms.__dataclass_fields__:
        value = getattr(terms, name)
        if value is not None:
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    complete(row)
    row.state, row.submitted_at = "submitted", tx.at
    row.submitted_by, row.submitted_account = tx.actor.post, tx.actor.username
    _stepped(tx, row, "submitted", "报批", "submitted", "")
    return row


def complete(row: Decision) -> None:
    """See that a decision says what it must; raises Invalid that names the field."""
    wanted = {
        "conclusion": "会商结论", "matter": "响应事项", "measures": "应急处置措施", "legal_basis": "法律依据",
    } | ({"ground": "降级或结束的依据"} if row.kind in ("lower", "end") else {})  # fmt: skip
    if is_jump(row.from_level, row.to_level):
        wanted["jump_reason"] = "越级理由"
    for name, zh in wanted.items():
        if not getattr(row, name).strip():
            raise Invalid(f"请填写{zh}。", f"It must say: {name}.", field=name)
    if row.hours < 1:
        raise Invalid("请填写预计期限。", "Say how long it is expected to last.", field="hours")


def reject(tx: Writing, id_: UUID, reason: str) -> Decision:
    """Turn a proposal down, with the reason; it is kept."""
    require(tx.actor, "response.approve")
    return _close(tx, id_, "rejected", "不批准", "rejected", reason)


def withdraw(tx: Writing, id_: UUID, reason: str) -> Decision:
    """Take a proposal back, with the reason; it is kept."""
    require(tx.actor, "response.propose")
    return _close(tx, id_, "withdrawn", "撤回", "withdrawn", reason)


def _close(tx: Writing, id_: UUID, to: str, zh: str, en: str, reason: str) -> Decision:
    row = get_open(tx.session, id_)
    if not reason.strip():
        raise Invalid("请填写理由。", "Say why.", field="reason")
    row.state, row.decided_note = to, reason.strip()
    row.decided_at, row.decided_by, row.decided_account = tx.at, tx.actor.post, tx.actor.username
    _stepped(tx, row, to, zh, en, row.decided_note)
    return row


def _stepped(tx: Writing, row: Decision, to: str, zh: str, en: str, note: str) -> None:
    what_zh, what_en = said(row)
    more = f"，{note}" if note else ""
    record(
        tx, DecisionStepped(f"{zh}：{what_zh}（{row.no}）{more}", f"{what_en}: {en} ({row.no})", str(row.id), to, note)
    )
