"""Responses: plans, how each track stands, rules as they stand, decisions from the proposal to the text."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from command import board, watching
from command.access import require
from command.responses import approval, decisions, plans, rules
from command.responses.tables import OPEN, Decision
from command.responses.tables import Response as Row
from command.responses.texts import text
from gis_data.clock import real_now
from gis_data.db import Reading, reading, writing
from gis_data.errors import Invalid
from gis_data.plans import LIMIT
from gis_data.tables import PlanEdition
from gis_data.world import Actor, get_world
from web.api.response_schemas import (
    ActionOut,
    ApproveIn,
    ConsultIn,
    DecisionDetailOut,
    DecisionOut,
    NoticeIn,
    PlanDetailOut,
    PlanOut,
    ProposeIn,
    ReasonIn,
    ResponseOut,
    ReviewIn,
    RuleOut,
    SubmitIn,
    Track,
)
from web.api.task_schemas import TaskOut
from web.deps import ActorDep, EngineDep, WorldDep
from web.errors import responses

router = APIRouter(tags=["responses"])
HERE = "/api/worlds/{world}"
YAML = "application/yaml"
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {YAML: {"schema": {"type": "string", "format": "binary"}}}}
}


def _plan(row: PlanEdition, current: bool) -> dict[str, Any]:
    names = set(PlanDetailOut.model_fields) - {"in_force"}
    return {name: getattr(row, name) for name in names} | {"in_force": current}


@router.get("/api/plans", responses=responses(404, 422))
def plan_index(engine: EngineDep, actor: ActorDep) -> list[PlanOut]:
    """All plan editions, by track; those in force first."""
    with reading(get_world(engine, "live")) as tx:
        now = {row.id for row in plans.in_force(tx.session, real_now()).values()}
        rows = tx.session.scalars(select(PlanEdition).order_by(PlanEdition.track, PlanEdition.loaded_at.desc()))
        found = [PlanOut(**_plan(row, row.id in now)) for row in rows]
    return sorted(found, key=lambda one: (one.track, not one.in_force))


@router.get("/api/plans/{plan_id}", responses=responses(404, 422))
def plan_read(engine: EngineDep, actor: ActorDep, plan_id: UUID) -> PlanDetailOut:
    """One edition with its levels, rules and actions."""
    with reading(get_world(engine, "live")) as tx:
        row = plans.get(tx.session, plan_id)
        now = plans.in_force(tx.session, real_now()).get((row.track, row.jurisdiction))
        return PlanDetailOut(**_plan(row, now is not None and now.id == row.id))


@router.post(
    "/api/plans", status_code=201, openapi_extra=_BODY,
    responses=responses(404, 409, 422) | {200: {"model": PlanDetailOut, "description": "Known already: the same"}},
)  # fmt: skip
async def plan_load(engine: EngineDep, actor: ActorDep, request: Request, response: Response) -> PlanDetailOut:
    """A plan edition as YAML: checked whole, kept for good. What is wrong is said with its row and field."""
    require(actor, "plan.load")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LIMIT:
            raise Invalid(f"预案文件超过 {LIMIT:,} 字节。", f"A plan's file is {LIMIT:,} bytes at most.", field="file")
    row, new = await run_in_threadpool(plans.load, engine, bytes(body), actor)
    if not new:
        response.status_code = 200
    return await run_in_threadpool(plan_read, engine, actor, row.id)


@router.get(f"{HERE}/responses", responses=responses(404, 422))
def index(world: WorldDep, ended: Annotated[bool, Query(description="ended ones too")] = False) -> list[ResponseOut]:
    """How each track stands: the city's, the district's and the towns' levels side by side."""
    query = select(Row.id).order_by(Row.track, Row.jurisdiction)
    with reading(world) as tx:
        ids = list(tx.session.scalars(query if ended else query.where(Row.state == "active")))
        return [ResponseOut(**item) for item in board.items_of(tx.session, "responses", ids)]


@router.get(f"{HERE}/responses/rules", responses=responses(404, 422))
def rule_index(world: WorldDep) -> list[RuleOut]:
    """All trigger rules as they stand now, each condition with what it found."""
    with reading(world) as tx:
        editions = plans.in_force(tx.session, tx.at)
        found = rules.evaluate(tx, editions.values())
        return [
            RuleOut(
                track=track, track_zh=editions[track, area].track_zh, track_en=editions[track, area].track_en,
                jurisdiction=area, level=one.level, name=one.name, truth=rules.NAMES[one.truth],
                findings=one.findings,
            )
            for (track, area), some in found.items() for one in some
        ]  # fmt: skip


@router.post(f"{HERE}/responses/notices", status_code=201, responses=responses(404, 409, 422))
def notice(world: WorldDep, actor: ActorDep, body: NoticeIn, after: BackgroundTasks) -> ResponseOut:
    """The level of another authority, typed from its notice."""
    with writing(world, actor) as tx:
        row = approval.notice(tx, approval.Notice(**body.model_dump()))
        after.add_task(watching.watch, world)
        return ResponseOut(**board.item(tx.session, "responses", row.id))


@router.post(f"{HERE}/responses/{{response_id}}/review", responses=responses(404, 409, 422))
def review(world: WorldDep, actor: ActorDep, response_id: UUID, body: ReviewIn) -> ResponseOut:
    """What looking back on an ended response found (复盘)."""
    with writing(world, actor) as tx:
        approval.review(tx, response_id, body.review)
        return ResponseOut(**board.item(tx.session, "responses", response_id))


@router.get(f"{HERE}/decisions", responses=responses(404, 422))
def decision_index(
    world: WorldDep,
    track: Track | None = None,
    response: UUID | None = None,
    decided: Annotated[bool, Query(description="decided ones too")] = False,
) -> list[DecisionOut]:
    """Decisions, the newest first, at most five hundred; all that were ever proposed are kept."""
    d = Decision
    asked = [
        None if decided else d.state.in_(OPEN),
        d.track == track if track else None,
        d.response_id == response if response else None,
    ]
    query = select(d.id).where(*(one for one in asked if one is not None)).order_by(d.no.desc()).limit(500)
    with reading(world) as tx:
        ids = list(tx.session.scalars(query))
        return [DecisionOut(**item) for item in board.items_of(tx.session, "decisions", ids)]


def _texts(tx: Reading, row: Decision) -> tuple[str, str]:
    if row.text_zh and row.text_en:
        return row.text_zh, row.text_en
    return text(row, plans.get(tx.session, row.plan_id), tx.at, drill=tx.world.kind == "drill", issued=False)


def _detail(tx: Reading, actor: Actor, id_: UUID) -> DecisionDetailOut:
    row = decisions.get(tx.session, id_)
    waits = row.state in OPEN
    zh, en = _texts(tx, row)
    ids = [task.id for task in approval.to_close(tx, row)] if waits else []
    return DecisionDetailOut(
        decision=DecisionOut(**board.item(tx.session, "decisions", id_)),
        attendees=row.attendees,
        jump=decisions.is_jump(row.from_level, row.to_level),
        mine=actor.username in (row.proposed_account, row.submitted_account),
        issues=[ActionOut(**one) for one in approval.to_issue(tx, row)] if waits else [],
        closes=[TaskOut(**item) for item in board.items_of(tx.session, "tasks", ids)],
        text_zh=zh,
        text_en=en,
    )


@router.post(f"{HERE}/decisions", status_code=201, responses=responses(404, 409, 422))
def propose(world: WorldDep, actor: ActorDep, body: ProposeIn) -> DecisionDetailOut:
    """Propose a level by hand, with the ground; 0 is the end."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, decisions.propose(tx, decisions.Proposal(**body.model_dump())).id)


@router.get(f"{HERE}/decisions/{{decision_id}}", responses=responses(404, 422))
def decision_read(world: WorldDep, actor: ActorDep, decision_id: UUID) -> DecisionDetailOut:
    """One decision, and what approving it would do now."""
    with reading(world) as tx:
        return _detail(tx, actor, decision_id)


@router.get(
    f"{HERE}/decisions/{{decision_id}}/text", response_class=Response,
    responses=responses(404, 422) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)  # fmt: skip
def decision_text(world: WorldDep, decision_id: UUID, lang: Literal["zh", "en"] = "zh") -> Response:
    """The text of the notice (启动、调整、结束); before the approval a draft that says so."""
    with reading(world) as tx:
        zh, en = _texts(tx, decisions.get(tx.session, decision_id))
    return Response(zh if lang == "zh" else en, media_type="text/plain; charset=utf-8")


@router.post(f"{HERE}/decisions/{{decision_id}}/consult", responses=responses(404, 409, 422))
def consult(world: WorldDep, actor: ActorDep, decision_id: UUID, body: ConsultIn) -> DecisionDetailOut:
    """Call a consultation (会商), or write down its conclusion."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, decisions.consult(tx, decision_id, body.attendees, body.conclusion).id)


@router.post(f"{HERE}/decisions/{{decision_id}}/submit", responses=responses(404, 409, 422))
def submit(world: WorldDep, actor: ActorDep, decision_id: UUID, body: SubmitIn) -> DecisionDetailOut:
    """Hand it in for approval (报批), complete; a jump needs a reason, a lowering or an end a ground."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, decisions.submit(tx, decision_id, decisions.Terms(**body.model_dump())).id)


@router.post(f"{HERE}/decisions/{{decision_id}}/approve", responses=responses(404, 409, 422))
def approve(world: WorldDep, actor: ActorDep, decision_id: UUID, body: ApproveIn) -> DecisionDetailOut:
    """Approve (批准), by another account than proposed or submitted it; tasks go out or close in the same commit."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, approval.approve(tx, decision_id, body.closes, body.document_no, body.note).id)


@router.post(f"{HERE}/decisions/{{decision_id}}/reject", responses=responses(404, 409, 422))
def reject(world: WorldDep, actor: ActorDep, decision_id: UUID, body: ReasonIn) -> DecisionDetailOut:
    """Turn it down, with the reason; it is kept."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, decisions.reject(tx, decision_id, body.reason).id)


@router.post(f"{HERE}/decisions/{{decision_id}}/withdraw", responses=responses(404, 409, 422))
def withdraw(world: WorldDep, actor: ActorDep, decision_id: UUID, body: ReasonIn) -> DecisionDetailOut:
    """Take it back, with the reason; it is kept."""
    with writing(world, actor) as tx:
        return _detail(tx, actor, decisions.withdraw(tx, decision_id, body.reason).id)
