"""Approval (批准): the level changes, its tasks go out or close, and the text is made, all in one commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from command import tasks
from command.access import require
from command.board import record
from command.responses import plans
from command.responses.decisions import complete, get_open, is_jump, kind_of, open_decisions, response_of
from command.responses.events import ResponseDecided, ResponseNoticed, ResponseReviewed
from command.responses.tables import Decision, Response
from command.responses.texts import level_zh, said, text
from command.task_tables import Task
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.plans import ROMAN, Item
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM

RUNNING = ("issued", "received", "in_progress", "returned")


@dataclass(frozen=True)
class Notice:
    """A level that another authority announced: the city above, or a town within its own plan. 0 is the end."""

    track: str
    track_zh: str
    track_en: str
    jurisdiction: str
    jurisdiction_zh: str
    level: int
    since: datetime
    document_no: str
    expected_until: datetime | None = None
    note: str = ""


def to_close(tx: Reading, decision: Decision) -> list[Task]:
    """The tasks that a lowering or an end closes: level-bound ones of levels above the new one, still open."""
    if decision.kind not in ("lower", "end") or decision.response_id is None:
        return []
    t = Task
    query = select(t).where(t.response_id == decision.response_id, t.level_bound, t.ended_at.is_(None))
    return list(tx.session.scalars(query.where(t.level < (decision.to_level or 5)).order_by(t.no)))


def to_issue(tx: Reading, decision: Decision) -> list[Item]:
    """The actions that a start or a raise adds: of the new level and those in between, unless still being done."""
    if decision.kind not in ("start", "raise"):
        return []
    levels = range(decision.to_level, decision.from_level or 5)
    running: set[str | None] = set()
    if decision.kind == "raise":
        t = Task
        query = select(t.action_no).where(t.response_id == decision.response_id, t.state.in_(RUNNING))
        response = tx.session.get_one(Response, decision.response_id)
        running = set(tx.session.scalars(query.where(t.issued_at >= response.started_at)))
    actions = plans.get(tx.session, decision.plan_id).actions
    return [
        one for level in sorted(levels, reverse=True) for one in actions
        if one["level"] == level and one["no"] not in running
    ]  # fmt: skip


def approve(tx: Writing, id_: UUID, closes: Collection[UUID] = (), document_no: str = "", note: str = "") -> Decision:
    """Approve a submitted decision; `closes` are the tasks that the approver saw and closes with it.

    Raises Denied for who proposed or submitted it, Conflict where other tasks would close than those seen.
    """
    require(tx.actor, "response.approve")
    row = get_open(tx.session, id_, "submitted")
    if tx.actor.username in (row.proposed_account, row.submitted_account):
        raise Denied(
            "提出或报批与批准须由不同账号进行。", "Who proposed or submitted it does not approve it; another does."
        )
    complete(row)
    closing = to_close(tx, row)
    if {task.id for task in closing} != set(closes):
        raise Conflict(
            f"将随之终止的任务为 {len(closing)} 项，与确认的 {len(set(closes))} 项不同，请核对后再批准。",
            f"{len(closing)} tasks would close, other than the {len(set(closes))} confirmed; look again.",
            field="closes",
        )
    issuing = to_issue(tx, row)
    plan = plans.get(tx.session, row.plan_id)
    row.document_no = document_no.strip() or row.document_no
    response = _moved(tx, row)
    row.state, row.decided_note, row.response_id = "approved", note.strip() or None, response.id
    row.decided_at, row.decided_by, row.decided_account = tx.at, tx.actor.post, tx.actor.username
    row.tasks_issued, row.tasks_closed = len(issuing), len(closing)
    row.text_zh, row.text_en = text(row, plan, tx.at, drill=tx.world.kind == "drill", issued=True)
    others = _moot(tx, row)
    zh, en = said(row)
    held = sum(one["truth"] == "true" for one in row.evidence)
    until = "" if row.kind == "end" else f"，预计 {row.hours} 小时"
    event = ResponseDecided(
        f"批准{zh}（{row.document_no or row.no}）{until}", f"Approved: {en}", str(response.id),
        [str(one.id) for one in (row, *others)], row.kind, row.track, row.from_level, row.to_level, row.document_no,
        held,
    )  # fmt: skip
    record(tx, event)
    tasks.end(tx, closing, "terminated", f"{zh}，按级别终止")
    tasks.issue_all(
        tx,
        [
            tasks.NewTask(
                one["zh"], tx.at + timedelta(minutes=one["due_min"]), one["en"], one["organization"],
                evidence_needed=one["evidence"], source="action", response_id=response.id, decision_id=row.id,
                action_no=one["no"], level=one["level"], level_bound=one["level_bound"],
            )
            for one in issuing
        ],
    )  # fmt: skip
    return row


def _moved(tx: Writing, row: Decision) -> Response:
    """The response at its new level; it is made when it first starts."""
    response = response_of(tx.session, row.track, row.jurisdiction)
    if (response.level if response else 0) != row.from_level:
        raise Conflict("级别已变动，请重新报批。", "The level has changed meanwhile; submit it again.")
    if response is None:
        response = Response(
            id=new_id(), track=row.track, track_zh=row.track_zh, track_en=row.track_en, jurisdiction=row.jurisdiction,
            jurisdiction_zh=row.jurisdiction_zh, own=True, note="", review="",
        )  # fmt: skip
        tx.session.add(response)
    if row.kind == "start":
        response.plan_id, response.started_at, response.review = row.plan_id, tx.at, ""
        response.ended_at = response.reviewed_at = None
    response.level, response.since, response.by = row.to_level, tx.at, tx.actor.post
    response.document_no, response.recorded_at = row.document_no or row.no, tx.real_at
    if row.kind == "end":
        response.state, response.ended_at, response.expected_until = "ended", tx.at, None
    else:
        response.state, response.expected_until = "active", tx.at + timedelta(hours=row.hours)
    tx.session.flush()  # before a decision refers to it
    return response


def _moot(tx: Writing, row: Decision) -> list[Decision]:
    """What else waits there: superseded where its way is gone, otherwise it begins from the new level."""
    tx.session.flush()
    others, now = open_decisions(tx.session, row.track, row.jurisdiction), row.to_level
    for one in others:
        kind = kind_of(now, one.to_level) if one.to_level != now else ""
        up = {"start", "raise"}
        if not kind or (one.kind in up) != (kind in up):
            one.state, one.decided_note = "superseded", f"{row.no} 已批准"
            one.decided_at, one.decided_by, one.decided_account = tx.at, SYSTEM.post, SYSTEM.username
            continue
        one.kind, one.from_level, one.plan_id = kind, now, row.plan_id if now else one.plan_id
        one.response_id = row.response_id
        if one.state == "submitted" and is_jump(now, one.to_level) and not one.jump_reason:
            one.state = "consulting"
    return others


def notice(tx: Writing, said_: Notice) -> Response:
    """Write down the level of the city's or a town's own, from its notice; shown beside ours."""
    require(tx.actor, "response.propose")
    if not said_.document_no.strip():
        raise Invalid("请填写通知文号或来源。", "Say which notice it is.", field="document_no")
    if (said_.track, said_.jurisdiction) in plans.in_force(tx.session, tx.at):
        raise Conflict("本级响应须经审批，不能录入通知。", "Our own response is decided here.", field="jurisdiction")
    row = response_of(tx.session, said_.track, said_.jurisdiction)
    if row is None and not said_.level:
        raise Conflict("该级没有响应可结束。", "There is no response there to end.", field="level")
    if row is None:
        row = Response(
            id=new_id(), track=said_.track, track_zh=said_.track_zh, track_en=said_.track_en,
            jurisdiction=said_.jurisdiction, jurisdiction_zh=said_.jurisdiction_zh, own=False, review="",
            state="ended",
        )  # fmt: skip
        tx.session.add(row)
    if row.own:
        raise Conflict("本级响应须经审批，不能录入通知。", "Our own response is decided here.", field="jurisdiction")
    if row.state != "active" and said_.level:
        row.started_at = said_.since
    row.level, row.since, row.expected_until = said_.level, said_.since, said_.expected_until if said_.level else None
    row.state, row.ended_at = ("active", None) if said_.level else ("ended", said_.since)
    row.document_no, row.note, row.by = said_.document_no.strip(), said_.note.strip(), tx.actor.post
    row.recorded_at = tx.real_at
    stands_zh, stands_en = (level_zh(row.level), f"at level {ROMAN[row.level]}") if row.level else ("结束", "ended")
    zh = f"{row.jurisdiction_zh}{row.track_zh}{stands_zh}应急响应（{row.document_no}）"
    en = f"{row.jurisdiction}: {row.track_en} {stands_en}"
    ids = str(row.id), row.track, row.jurisdiction, row.level, row.document_no
    record(tx, ResponseNoticed(f"录入通知：{zh}", f"Notice: {en}", *ids))
    return row


def review(tx: Writing, response_id: UUID, found: str) -> Response:
    """Write down what looking back on an ended response found (复盘)."""
    require(tx.actor, "response.propose")
    row = tx.session.get(Response, response_id)
    if row is None:
        raise NotFound("没有这一响应。", "There is no such response.", field="response_id")
    if row.state != "ended" or not row.own:
        raise Conflict("响应结束后才能复盘。", "A response is looked back on after its end.")
    if not found.strip():
        raise Invalid("请填写复盘情况。", "Say what was found.", field="review")
    row.state, row.review, row.reviewed_at = "reviewed", found.strip(), tx.at
    zh, en = f"复盘：{row.jurisdiction_zh}{row.track_zh}应急响应", f"Looked back on: {row.track_en}"
    record(tx, ResponseReviewed(zh, en, str(row.id)))
    return row
