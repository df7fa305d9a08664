"""Rolls (点名): call tests of posts and units (呼叫测试), and attendance (到岗); who is absent, who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.callout_posts import posts
from command.duty_events import RollAnswered, RollCalled
from command.duty_tables import DutyRoll, DutyRollRow
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables.base import new_id

Kind = Literal["call_test", "attendance"]
RESULTS: dict[str, dict[str, tuple[str, str]]] = {
    "call_test": {
        "present": ("已应答", "answered"),
        "absent": ("未应答", "did not answer"),
        "deputy": ("替补应答", "deputy answered"),
    },
    "attendance": {
        "present": ("到岗", "present"),
        "absent": ("缺岗", "absent"),
        "deputy": ("替补到岗", "deputy present"),
    },
}
MOST = 500


@dataclass(frozen=True)
class Tally:
    """How a roll stands: who answered or is there, who stands in, who is absent, of how many."""

    present: int
    deputies: int
    absent: int
    total: int


def call(tx: Writing, kind: Kind, title: str, codes: Sequence[str] = (), names: Sequence[str] = ()) -> DutyRoll:
    """Ask for posts of the register (by code) and units that it does not know (by name)."""
    require(tx.actor, "duty.keep")
    asked = list(dict.fromkeys(codes)), list(dict.fromkeys(name.strip() for name in names if name.strip()))
    known = posts(tx.session, asked[0], tx.at.astimezone(SHANGHAI).date())
    if missing := [code for code in asked[0] if code not in known]:
        raise NotFound(f"没有编码为 {missing[0]} 的岗位。", f"There is no post {missing[0]}.", field="posts")
    rows = [(code, known[code].name, known[code].deputy) for code in asked[0]] + [(None, n, None) for n in asked[1]]
    if not rows or len(rows) > MOST:
        raise Invalid(f"请指明 1 至 {MOST} 个岗位或单位。", f"Name 1 to {MOST} posts or units.", field="posts")
    roll = DutyRoll(id=new_id(), kind=kind, title=title, made_at=tx.at, made_by=tx.actor.post, recorded_at=tx.real_at)
    tx.session.add(roll)
    tx.session.flush()
    for place, (code, name, deputy) in enumerate(rows):
        tx.session.add(
            DutyRollRow(
                id=new_id(), roll_id=roll.id, place=place, post_code=code, name=name, deputy=deputy, channel="",
                note="", recorded_at=tx.real_at,
            )
        )  # fmt: skip
    word = ("呼叫测试", "Call test") if kind == "call_test" else ("到岗点名", "Attendance")
    said = f"{word[0]}：{title}，{len(rows)} 个", f"{word[1]}: {title}, {len(rows)}"
    record(tx, RollCalled(*said, str(roll.id), kind, [name for _, name, _ in rows]))
    return roll


def rows_of(session: Session, roll_id: UUID) -> list[DutyRollRow]:
    """Those asked for, in order."""
    return list(session.scalars(select(DutyRollRow).where(DutyRollRow.roll_id == roll_id).order_by(DutyRollRow.place)))


def tally(rows: Sequence[DutyRollRow]) -> Tally:
    """How many of each."""
    count = [row.result for row in rows].count
    return Tally(count("present"), count("deputy"), count("absent"), len(rows))


def answer(tx: Writing, roll_id: UUID, row_id: UUID, result: str, channel: str = "", note: str = "") -> DutyRollRow:
    """Write down that one is there, absent, or that its deputy is; an absence may later be filled by the deputy."""
    require(tx.actor, "duty.keep")
    roll, row = tx.session.get(DutyRoll, roll_id), tx.session.get(DutyRollRow, row_id)
    if roll is None or row is None or row.roll_id != roll.id:
        raise NotFound("没有这条点名记录。", "There is no such row.", field="row_id")
    if result not in RESULTS[roll.kind]:
        raise Invalid(f"没有结果“{result}”。", f"There is no result “{result}”.", field="result")
    if row.result is not None and not (row.result == "absent" and result == "deputy"):
        raise Conflict(f"{row.name}已有结果。", f"{row.name} has a result already.", field="result")
    row.result, row.channel, row.at, row.by = result, channel, tx.at, tx.actor.post
    row.note = note or row.note
    rows = rows_of(tx.session, roll.id)
    found = tally(rows)
    if all(other.result for other in rows):
        roll.done_at = roll.done_at or tx.at
    zh, en = RESULTS[roll.kind][result]
    rate = f"{found.present}/{found.total}"
    who = f"{row.deputy}（替{row.name}）" if result == "deputy" and row.deputy else row.name
    said = f"{roll.title}：{who}{zh}，{rate}", f"{roll.title}: {who} {en}, {rate}"
    record(tx, RollAnswered(*said, str(roll.id), row.name, result, found.present, found.total))
    return row
