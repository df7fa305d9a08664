"""Tasks (指令任务): issued, received, worked on, done, and verified by another account than the one that did them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command import attachments
from command.access import permissions, require
from command.board import record
from command.incidents import get_incident
from command.task_events import TasksEnded, TasksIssued, TasksOverdue, TaskStepped
from command.task_tables import Task, TaskNote
from gis_data.clock import SHANGHAI
from gis_data.crs import check_box
from gis_data.db import Reading, Writing, district, reading, writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables import TABLES, Team
from gis_data.tables.base import SRID, new_id
from gis_data.world import SYSTEM, Actor, World

Step = Literal["received", "in_progress", "feedback", "done", "verified", "returned"]
ENDED = ("verified", "cancelled", "terminated")
STEPS: dict[str, tuple[str, str, frozenset[str]]] = {
    "received": ("签收", "received", frozenset({"issued"})),
    "in_progress": ("开始办理", "begun", frozenset({"issued", "received", "returned"})),
    "feedback": ("反馈", "feedback", frozenset({"received", "in_progress", "returned", "done"})),
    "done": ("办结", "done", frozenset({"received", "in_progress", "returned"})),
    "verified": ("核验", "verified", frozenset({"done"})),
    "returned": ("退回整改", "returned", frozenset({"done"})),
}
"""Step → its words, and the states that it may be taken from."""


@dataclass(frozen=True)
class NewTask:
    """What is to be done, by whom, until when. One of organisation, post or team says who; codes of the registers."""

    text_zh: str
    due_at: datetime
    text_en: str = ""
    organization: str = ""
    organization_code: str | None = None
    post_code: str | None = None
    team_id: UUID | None = None
    town: str | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    evidence_needed: str = ""
    source: Literal["action", "adhoc", "rule"] = "adhoc"
    response_id: UUID | None = None
    decision_id: UUID | None = None
    incident_id: UUID | None = None
    action_no: str | None = None
    level: int | None = None
    level_bound: bool = False


def get_task(session: Session, task_id: UUID) -> Task:
    """The task of that id, open or not."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound("没有这一任务。", "There is no such task.", field="task_id")
    return task


def issue(tx: Writing, said: NewTask) -> Task:
    """Tell somebody to do something."""
    require(tx.actor, "task.issue")
    return issue_all(tx, [said])[0]


def issue_all(tx: Writing, some: Sequence[NewTask]) -> list[Task]:
    """Issue tasks as one event, for commands that have asked for their own permission."""
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    today = tx.session.scalar(select(func.count()).where(Task.no.startswith(day))) or 0
    made = [_make(tx, said, f"{day}-R{today + n:03d}") for n, said in enumerate(some, 1)]
    if not made:
        return made
    tx.session.add_all(made)
    one, more = made[0], len(made) > 1
    zh = f"下达任务 {len(made)} 项" if more else f"下达任务：{one.text_zh}（{one.no}，{who(one)}）"
    en = f"{len(made)} tasks issued" if more else f"Task issued: {one.text_en or one.text_zh} ({one.no}, {who(one)})"
    record(tx, TasksIssued(zh, en, [str(task.id) for task in made], one.source))
    return made


def who(task: Task) -> str:
    """Whose task it is, in words."""
    return " ".join(part for part in (task.organization, task.post) if part)


def _make(tx: Writing, said: NewTask, no: str) -> Task:
    if not said.text_zh.strip():
        raise Invalid("请填写任务内容。", "Say what is to be done.", field="text_zh")
    if said.due_at <= tx.at:
        raise Invalid("办结时限须晚于现在。", "It must be due later than now.", field="due_at")
    if said.incident_id:
        get_incident(tx.session, said.incident_id)
    organization, code, post = _whose(tx.session, said)
    geom = None
    if said.lon is not None and said.lat is not None:
        check_box(said.lon, said.lat, tuple(district(tx.session).box))
        geom = f"SRID={SRID};{Point(said.lon, said.lat).wkt}"
    return Task(
        id=new_id(), no=no, source=said.source, response_id=said.response_id, decision_id=said.decision_id,
        incident_id=said.incident_id, action_no=said.action_no, level=said.level, level_bound=said.level_bound,
        organization_code=code, organization=organization, post_code=said.post_code, post=post, team_id=said.team_id,
        town=said.town, text_zh=said.text_zh, text_en=said.text_en, evidence_needed=said.evidence_needed,
        place=said.place, geom=geom, issued_at=tx.at, issued_by=tx.actor.post, due_at=said.due_at, state="issued",
        feedback="", returns=0, recorded_at=tx.real_at,
    )  # fmt: skip


def _whose(session: Session, said: NewTask) -> tuple[str, str | None, str]:
    """The organisation's name and code and the post's name; what is named by code must be in the registers."""
    organization, code, post = said.organization, said.organization_code, ""
    if said.post_code:
        p = TABLES["post"].c
        query = select(p.name, p.organization_code).where(p.code == said.post_code, p.valid_to.is_(None))
        found = session.execute(query).one_or_none()
        if found is None:
            raise NotFound(f"没有编码为 {said.post_code} 的岗位。", "There is no such post.", field="post_code")
        post, code = found.name, code or found.organization_code
    if said.team_id:
        team = session.get(Team, said.team_id)
        if team is None:
            raise NotFound("没有这支队伍。", "There is no such team.", field="team_id")
        organization = organization or team.name
    o = TABLES["organization"].c
    if code:
        name = session.scalar(select(o.name).where(o.code == code, o.valid_to.is_(None)))
        if name is None and said.organization_code:
            raise NotFound(f"没有编码为 {code} 的机构。", "There is no such organisation.", field="organization_code")
        organization = organization or name or ""
    elif organization:
        code = session.scalar(select(o.code).where(o.name == organization, o.valid_to.is_(None)).limit(1))
    if not (organization or post):
        raise Invalid(
            "请指明承办单位、岗位或队伍。", "Say who is to do it: organisation, post or team.", field="organization"
        )
    return organization, code, post


def mine(actor: Actor, task: Task) -> bool:
    """Whether it is for this actor: by the name of the post or its organisation, or for one of its towns."""
    names = {name for name in (task.post, task.organization) if name}
    return actor.post in names or task.town in actor.towns


def step(tx: Writing, task_id: UUID, to: Step, text: str = "", without: str = "") -> Task:
    """Take the next step of a task.

    What needs evidence is done with a file attached, or `without` says why there is none.

    Whoever issues tasks may write down for others what they report; everybody else acts on their own tasks. What was
    done is verified, or returned with the reason, by another account than the one that reported it done.
    """
    if judged := to in ("verified", "returned"):
        require(tx.actor, "task.verify")
    task = get_task(tx.session, task_id) if judged else may_act(tx, tx.actor, task_id)
    zh, en, possible = STEPS[to]
    if task.state not in possible:
        raise Conflict(
            f"任务 {task.no} 现为“{task.state}”，不能{zh}。", f"Task {task.no} is “{task.state}”: it cannot be {en}."
        )
    if judged and task.done_account == tx.actor.username:
        raise Denied(
            "办结与核验须由不同账号进行。", "Whoever reported it done does not verify it; another account does."
        )
    if to in ("feedback", "returned", "done") and not text.strip():
        raise Invalid("请填写说明。", "Say what was done or found.", field="text")
    if to == "done" and task.evidence_needed and not attachments.of(tx.session, "task", task.id):
        if not without.strip():
            raise Invalid(
                f"此任务须附{task.evidence_needed}，没有附件的请说明原因。",
                "This task needs a file as evidence, or the reason why there is none.",
                field="without",
            )
        text = f"{text}（无附件：{without.strip()}）"
    if to != "feedback":
        task.state = to
    if task.received_at is None:
        task.received_at, task.received_by = tx.at, tx.actor.post
    if to == "done":
        task.done_at, task.done_by, task.done_account = tx.at, tx.actor.post, tx.actor.username
    elif to == "returned":
        task.returns += 1
    elif to == "verified":
        task.ended_at, task.ended_by, task.ended_reason = tx.at, tx.actor.post, text or None
    if text.strip():
        task.feedback = text
    _note(tx, task, to, text)
    more = f"，{text}" if text else ""
    record(
        tx, TaskStepped(f"任务{zh}：{task.text_zh}（{task.no}）{more}", f"Task {task.no} {en}", str(task.id), to, text)
    )
    return task


def may_act(tx: Reading, actor: Actor, task_id: UUID) -> Task:
    """A task that the actor may act on; raises Denied for one that is not the actor's own."""
    require(actor, "task.act")
    task = get_task(tx.session, task_id)
    if "task.issue" not in permissions(actor.role) and not mine(actor, task):
        raise Denied("这不是您的任务。", "This is not your task.", field="task_id")
    return task


def cancel(tx: Writing, task_id: UUID, reason: str) -> Task:
    """Take a task back, with the reason."""
    require(tx.actor, "task.issue")
    task = get_task(tx.session, task_id)
    if task.state in ENDED:
        raise Conflict(f"任务 {task.no} 已结束。", f"Task {task.no} has ended already.")
    end(tx, [task], "cancelled", reason)
    return task


def end(tx: Writing, some: Sequence[Task], to: Literal["cancelled", "terminated"], reason: str) -> None:
    """End open tasks without their being done, for commands that have asked for their own permission."""
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    for task in some:
        task.state, task.ended_at, task.ended_by, task.ended_reason = to, tx.at, tx.actor.post, reason
        _note(tx, task, to, reason)
    if some:
        zh, en = ("取消", "cancelled") if to == "cancelled" else ("终止", "terminated")
        named = "、".join(task.no for task in some)
        event = TasksEnded(
            f"{zh}任务 {named}：{reason}", f"Tasks {en}: {named}", [str(task.id) for task in some], to, reason
        )
        record(tx, event)


def settle(world: World) -> None:
    """Notice, once, what is past its time."""
    query = select(Task).where(Task.ended_at.is_(None), Task.overdue_at.is_(None), Task.state != "done")
    with reading(world) as tx:
        if not tx.session.scalar(select(func.count()).select_from(query.where(Task.due_at < tx.at).subquery())):
            return
    with writing(world, SYSTEM) as now:
        late = list(now.session.scalars(query.where(Task.due_at < now.at).order_by(Task.no)))
        if not late:
            return
        for task in late:
            task.overdue_at = now.at
        named = "、".join(f"{task.no}（{who(task)}）" for task in late[:5])
        zh, en = f"任务超时 {len(late)} 项：{named}", f"{len(late)} tasks are overdue: {named}"
        record(now, TasksOverdue(zh, en, [str(task.id) for task in late]))


def _note(tx: Writing, task: Task, step: str, text: str) -> None:
    tx.session.add(
        TaskNote(id=new_id(), task_id=task.id, step=step, text=text, at=tx.at, by=tx.actor.post, recorded_at=tx.real_at)
    )
