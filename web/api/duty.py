"""Duty (值班): hand-over and shifts, the log, rolls, work reminders, head counts of crews."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from command import board, duty, duty_reminder, duty_rolls, headcounts
from command.access import require
from command.duty_tables import DutyEntry, DutyRoll, DutyShift, HeadCount, WorkReminder
from command.fire import danger_days
from gis_data.db import Reading, reading, writing
from gis_data.errors import Invalid
from web.api.duty_schemas import (
    DutyEntryIn,
    DutyEntryOut,
    EntryCloseIn,
    HandoverDropIn,
    HandoverItemOut,
    HeadCountIn,
    HeadCountOut,
    HeadEntryOut,
    PastShiftOut,
    ReminderNumberOut,
    ReminderOut,
    ReminderSendIn,
    ReminderTextIn,
    RollAnswerIn,
    RollIn,
    RollOut,
    RollRowOut,
    ShiftOut,
    TakeOverIn,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["duty"])
MOST = 200
_ITEM = [name for name in HandoverItemOut.model_fields if name != "collection"]
_SHIFT = [name for name in PastShiftOut.model_fields if name != "items"]
_REMINDER = [
    name for name in ReminderOut.model_fields if name not in ("rendered", "numbers", "unlinked", "on_time")
]  # fmt: skip


def _of(row: object, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _shift(session: Session, row: DutyShift) -> PastShiftOut:
    session.flush()
    items = [HandoverItemOut(**_of(one, _ITEM), collection=one.of_kind) for one in duty.items_of(session, row.id)]
    return PastShiftOut(**_of(row, _SHIFT), items=items)


@router.get("/duty", responses=responses(404))
def now(world: WorldDep) -> list[ShiftOut]:
    """The shift on duty, and the one that takes over."""
    with reading(world) as tx:
        return [ShiftOut(**item) for item in board.items(tx.session, "shifts").values()]


@router.get("/duty/shifts", responses=responses(404))
def shifts(world: WorldDep) -> list[PastShiftOut]:
    """The newest thirty shifts, with what was handed over."""
    query = select(DutyShift).order_by(DutyShift.offered_at.desc()).limit(30)
    with reading(world) as tx:
        return [_shift(tx.session, row) for row in tx.session.scalars(query).all()]


@router.post("/duty/shifts", status_code=201, responses=responses(404, 409, 422))
def take_over(world: WorldDep, actor: ActorDep, body: TakeOverIn) -> PastShiftOut:
    """Begin to take over: everything open is listed, to be accepted one by one."""
    with writing(world, actor) as tx:
        return _shift(tx.session, duty.take_over(tx, body.leader))


@router.post("/duty/shifts/{shift_id}/items/{item_id}/accept", responses=responses(404, 409, 422))
def accept(world: WorldDep, actor: ActorDep, shift_id: UUID, item_id: UUID) -> PastShiftOut:
    """Accept one open item."""
    with writing(world, actor) as tx:
        duty.accept(tx, shift_id, item_id)
        return _shift(tx.session, tx.session.get_one(DutyShift, shift_id))


@router.post("/duty/shifts/{shift_id}/relist", responses=responses(404, 409, 422))
def relist(world: WorldDep, actor: ActorDep, shift_id: UUID) -> PastShiftOut:
    """Add what has come since; what was accepted stays accepted."""
    with writing(world, actor) as tx:
        return _shift(tx.session, duty.relist(tx, shift_id))


@router.post("/duty/shifts/{shift_id}/start", responses=responses(404, 409, 422))
def start(world: WorldDep, actor: ActorDep, shift_id: UUID) -> PastShiftOut:
    """Start the shift; refused (409) while an open item is not accepted."""
    with writing(world, actor) as tx:
        return _shift(tx.session, duty.start(tx, shift_id))


@router.post("/duty/shifts/{shift_id}/drop", responses=responses(404, 409, 422))
def drop(world: WorldDep, actor: ActorDep, shift_id: UUID, body: HandoverDropIn) -> PastShiftOut:
    """Call a hand-over off."""
    with writing(world, actor) as tx:
        return _shift(tx.session, duty.drop(tx, shift_id, body.reason))


_ENTRY = list(DutyEntryOut.model_fields)


@router.get("/duty/log", responses=responses(404, 422))
def log(
    world: WorldDep, actor: ActorDep, still_open: Annotated[bool, Query(description="only what is open")] = False
) -> list[DutyEntryOut]:
    """The newest two hundred entries of the duty log."""
    require(actor, "duty.read")
    query = select(DutyEntry).order_by(DutyEntry.at.desc(), DutyEntry.no.desc()).limit(MOST)
    with reading(world) as tx:
        rows = tx.session.scalars(query.where(DutyEntry.closed_at.is_(None)) if still_open else query).all()
        return [DutyEntryOut(**_of(row, _ENTRY)) for row in rows]


@router.post("/duty/log", status_code=201, responses=responses(404, 422))
def write(world: WorldDep, actor: ActorDep, body: DutyEntryIn) -> DutyEntryOut:
    """Write into the duty log."""
    with writing(world, actor) as tx:
        return DutyEntryOut(**_of(duty.log(tx, duty.NewEntry(**body.model_dump())), _ENTRY))


@router.post("/duty/log/{entry_id}/close", responses=responses(404, 409, 422))
def close_entry(world: WorldDep, actor: ActorDep, entry_id: UUID, body: EntryCloseIn) -> DutyEntryOut:
    """Write how an entry ended."""
    with writing(world, actor) as tx:
        return DutyEntryOut(**_of(duty.close_entry(tx, entry_id, body.closure, body.action), _ENTRY))


def _roll(session: Session, row: DutyRoll) -> RollOut:
    session.flush()
    rows = duty_rolls.rows_of(session, row.id)
    listed = [RollRowOut(**_of(one, list(RollRowOut.model_fields))) for one in rows]
    names = ["id", "kind", "title", "made_at", "made_by", "done_at"]
    return RollOut(**_of(row, names), **asdict(duty_rolls.tally(rows)), rows=listed)


@router.get("/duty/rolls", responses=responses(404, 422))
def rolls(world: WorldDep, kind: Literal["call_test", "attendance"] | None = None) -> list[RollOut]:
    """The newest thirty call tests and attendance boards."""
    query = select(DutyRoll).order_by(DutyRoll.made_at.desc()).limit(30)
    with reading(world) as tx:
        rows = tx.session.scalars(query.where(DutyRoll.kind == kind) if kind else query).all()
        return [_roll(tx.session, row) for row in rows]


@router.post("/duty/rolls", status_code=201, responses=responses(404, 422))
def call(world: WorldDep, actor: ActorDep, body: RollIn) -> RollOut:
    """Ask for posts and units: a call test, or attendance."""
    with writing(world, actor) as tx:
        return _roll(tx.session, duty_rolls.call(tx, body.kind, body.title, body.posts, body.names))


@router.post("/duty/rolls/{roll_id}/rows/{row_id}", responses=responses(404, 409, 422))
def answer(world: WorldDep, actor: ActorDep, roll_id: UUID, row_id: UUID, body: RollAnswerIn) -> RollOut:
    """One is there, absent, or its deputy is."""
    with writing(world, actor) as tx:
        duty_rolls.answer(tx, roll_id, row_id, body.result, body.channel, body.note)
        return _roll(tx.session, tx.session.get_one(DutyRoll, roll_id))


def _reminder(tx: Reading, row: WorkReminder) -> ReminderOut:
    at = f"/api/worlds/{tx.world.name}/reminders/{row.id}/numbers"
    return ReminderOut(
        **_of(row, _REMINDER), rendered=duty_reminder.rendered(row), unlinked=duty_reminder.unlinked(row),
        on_time=duty_reminder.on_time(row, tx.at),
        numbers={mark: ReminderNumberOut(**said, href=f"{at}/{mark}") for mark, said in row.numbers.items()},
    )  # fmt: skip


@router.get("/reminders", responses=responses(404))
def reminders(world: WorldDep) -> list[ReminderOut]:
    """The newest sixty days' reminders: drafts, and which were sent on time."""
    query = select(WorkReminder).order_by(WorkReminder.day.desc()).limit(60)
    with reading(world) as tx:
        return [_reminder(tx, row) for row in tx.session.scalars(query).all()]


@router.post("/reminders", status_code=201, responses=responses(404, 409, 422))
def draft(world: WorldDep, actor: ActorDep) -> ReminderOut:
    """Make today's draft, or make it anew while nobody has approved it."""
    with writing(world, actor) as tx:
        return _reminder(tx, duty_reminder.draft(tx))


@router.get("/reminders/{reminder_id}", responses=responses(404, 422))
def reminder(world: WorldDep, reminder_id: UUID) -> ReminderOut:
    """One day's reminder."""
    with reading(world) as tx:
        return _reminder(tx, duty_reminder.get_reminder(tx.session, reminder_id))


@router.get("/reminders/{reminder_id}/numbers/{mark}", responses=responses(404, 422))
def number(world: WorldDep, reminder_id: UUID, mark: str) -> list[dict[str, Any]]:
    """What a number counts: the items themselves as they are now, open or not."""
    with reading(world) as tx:
        said = duty_reminder.get_reminder(tx.session, reminder_id).numbers.get(mark)
        if said is None:
            raise Invalid("没有这个数字标记。", "There is no such mark.", field="mark")
        if said["collection"] == "fire_danger":
            return [town for id_ in said["ids"] for town in danger_days.by_town(tx.session, UUID(id_))]
        return [board.item(tx.session, said["collection"], id_) for id_ in said["ids"]]


@router.put("/reminders/{reminder_id}", responses=responses(404, 409, 422))
def edit(world: WorldDep, actor: ActorDep, reminder_id: UUID, body: ReminderTextIn) -> ReminderOut:
    """Change the text of a draft."""
    with writing(world, actor) as tx:
        return _reminder(tx, duty_reminder.edit(tx, reminder_id, body.text))


@router.post("/reminders/{reminder_id}/approve", responses=responses(404, 409, 422))
def approve(world: WorldDep, actor: ActorDep, reminder_id: UUID) -> ReminderOut:
    """Release the text."""
    with writing(world, actor) as tx:
        return _reminder(tx, duty_reminder.approve(tx, reminder_id))


@router.post("/reminders/{reminder_id}/send", responses=responses(404, 409, 422))
def send(request: Request, world: WorldDep, actor: ActorDep, reminder_id: UUID, body: ReminderSendIn) -> ReminderOut:
    """Give it to its channels; when the first has taken it, it is sent, on time or late."""
    ways = request.app.state.channels.ways
    if world.kind == "live" and (unknown := [way for way in body.channels if way not in ways]):
        raise Invalid(f"渠道“{unknown[0]}”未配置。", f"The channel “{unknown[0]}” is not set up.", field="channels")
    with writing(world, actor) as tx:
        return _reminder(tx, duty_reminder.send(tx, reminder_id, body.channels))


@router.get("/headcounts", responses=responses(404))
def crews(world: WorldDep) -> list[HeadCountOut]:
    """Crews at work that were counted, or should have been."""
    with reading(world) as tx:
        return [HeadCountOut(**item) for item in board.items(tx.session, "headcounts").values()]


@router.post("/headcounts", status_code=201, responses=responses(404, 409, 422))
def count(world: WorldDep, actor: ActorDep, body: HeadCountIn) -> HeadCountOut:
    """Write down how many of a crew are there."""
    with writing(world, actor) as tx:
        headcounts.count(tx, body.dispatch_id, body.counted, body.expected, body.note)
        return HeadCountOut(**board.item(tx.session, "headcounts", body.dispatch_id))


@router.get("/headcounts/{dispatch_id}", responses=responses(404, 422))
def counts(world: WorldDep, dispatch_id: UUID) -> list[HeadEntryOut]:
    """All counts of a crew, the newest first."""
    query = select(HeadCount).where(HeadCount.dispatch_id == dispatch_id).order_by(HeadCount.at.desc())
    with reading(world) as tx:
        return [HeadEntryOut(**_of(row, list(HeadEntryOut.model_fields))) for row in tx.session.scalars(query).all()]
