"""The work reminder of a day (工作提醒): a draft whose numbers say what they count, edited and approved by people.

Numbers stand in the text as marks, `{1}`; each names the items that it counts, so that a page can open them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import items, record
from command.callout_outbox import digest, messages_of, put
from command.duty_calendar import nodes
from command.duty_events import ReminderLate, ReminderStepped
from command.duty_tables import WorkReminder
from command.fire import danger_days
from command.tables import Incident
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.parameters import value_of
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World

DEADLINE = "09:00"
"""DEMO. Parameter `reminder.deadline`, local time."""
MARK = re.compile(r"\{(\d+)\}")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
WORDS = {
    "drafted": ("生成草稿", "drafted"),
    "edited": ("修改", "edited"),
    "approved": ("批准", "approved"),
    "sending": ("交渠道发送", "given to its channels"),
}


class _Draft:
    """Lines and numbers as they are gathered."""

    def __init__(self, as_of: datetime) -> None:
        self.lines: list[str] = []
        self.numbers: dict[str, Any] = {}
        self.as_of = as_of.isoformat()

    def number(self, label: str, unit: str, collection: str, ids: Iterable[object]) -> str:
        """The mark of a number: how many of what, and which."""
        found, mark = [str(id_) for id_ in ids], str(len(self.numbers) + 1)
        self.numbers[mark] = {
            "value": len(found), "unit": unit, "label": label, "collection": collection, "ids": found,
            "as_of": self.as_of,
        }  # fmt: skip
        return f"{{{mark}}}"

    def value(self, label: str, unit: str, collection: str, id_: object, value: int) -> str:
        """The mark of a value that one item holds."""
        mark = self.number(label, unit, collection, [id_])
        self.numbers[mark[1:-1]]["value"] = value
        return mark


def deadline(session: Session, at: datetime) -> datetime:
    """By when the reminder of that day has to be sent."""
    try:
        said = value_of(session, "reminder.deadline", at).value
    except NotFound:
        said = DEADLINE
    try:
        clock = time.fromisoformat(said)
    except ValueError as error:
        raise Invalid("参数 reminder.deadline 须为 HH:MM。", "reminder.deadline is no HH:MM.", field="day") from error
    return datetime.combine(at.astimezone(SHANGHAI).date(), clock, SHANGHAI).astimezone(UTC)


def _gather(tx: Reading) -> _Draft:
    """Yesterday's cases, what is open, warnings in force, the calendar: text with a mark for each number."""
    session, draft = tx.session, _Draft(tx.at)
    today = datetime.combine(tx.at.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    yesterday = Incident.reported_at >= today - timedelta(days=1), Incident.reported_at < today
    new = session.scalars(select(Incident.id).where(*yesterday).order_by(Incident.no)).all()
    still = session.scalars(select(Incident.id).where(*yesterday, Incident.state != "closed")).all()
    draft.lines.append(f"{today:%Y年%m月%d日}工作提醒")
    first = f"昨日接报事件{draft.number('昨日接报事件', '起', 'incidents', new)}"
    if new:
        first += f"，其中未办结{draft.number('昨日接报未办结', '起', 'incidents', still)}"
    tasks = items(session, "tasks")
    late = [id_ for id_, task in tasks.items() if task["overdue_at"]]
    called = [id_ for id_, one in items(session, "callouts").items() if one["overdue"]]
    first += f"；目前在办事件{draft.number('在办事件', '起', 'incidents', items(session, 'incidents'))}"
    first += f"、在办任务{draft.number('在办任务', '项', 'tasks', tasks)}"
    if late:
        first += f"（超时{draft.number('超时任务', '项', 'tasks', late)}）"
    if called:
        first += f"、叫应超时{draft.number('叫应超时', '次', 'callouts', called)}"
    draft.lines.append(f"一、安全形势：{first}。")
    in_force = [w for w in items(session, "warnings").values() if w["official"]]
    kinds: dict[str, list[str]] = {}
    for one in sorted(in_force, key=lambda w: (w["level"], w["kind"])):
        kinds.setdefault(f"{one['kind_zh']}{one['colour_zh']}预警", []).append(one["id"])
    said = "、".join(f"{name}{draft.number(name, '条', 'warnings', ids)}" for name, ids in kinds.items())
    alert = [id_ for id_, h in items(session, "hazards").items() if h["state"] in ("prepare", "immediate")]
    more = (
        f"；达到转移指标的村落、防范区{draft.number('内部提示', '处', 'hazards', alert)}（内部提示）" if alert else ""
    )
    more += _fire_danger(session, draft, today.date())
    draft.lines.append(f"二、天气与预警：{said or '目前无生效预警'}{more}。")
    periods = "、".join(name for _, name in nodes(session, today.date()))
    closed = draft.number("道路封控", "处", "closures", items(session, "closures"))
    draft.lines.append(f"三、今日重点：{periods or '无特殊节点'}；道路封控{closed}。")
    return draft


def _fire_danger(session: Session, draft: _Draft, day: date) -> str:
    """The class that was stored of the day, with its row as the source; nothing where none was."""
    row = danger_days.last(session, day)
    if row is None or row.danger_class is None:
        return ""
    mark = draft.value("森林火险等级", "级", "fire_danger", row.id, row.danger_class)
    return f"；森林火险最高{mark}（{'DEMO，' if row.inputs['is_demo'] else ''}参考）"


def draft(tx: Writing) -> WorkReminder:
    """Make today's draft; one a day. A draft that nobody has approved is made anew."""
    require(tx.actor, "duty.keep")
    day = tx.at.astimezone(SHANGHAI).date()
    row = tx.session.scalars(select(WorkReminder).where(WorkReminder.day == day)).one_or_none()
    if row is not None and row.state != "draft":
        raise Conflict("今日工作提醒已批准。", "Today's reminder is approved already.")
    found = _gather(tx)
    if row is None:
        row = WorkReminder(
            id=new_id(), day=day, deadline=deadline(tx.session, tx.at), recorded_at=tx.real_at, state="draft"
        )
        tx.session.add(row)
    row.text, row.numbers, row.made_at, row.made_by = "\n".join(found.lines), found.numbers, tx.at, tx.actor.post
    row.edited_at = row.edited_by = None
    _say(tx, row, "drafted")
    return row


def get_reminder(session: Session, reminder_id: UUID) -> WorkReminder:
    """The reminder of that id."""
    row = session.get(WorkReminder, reminder_id)
    if row is None:
        raise NotFound("没有这份工作提醒。", "There is no such reminder.", field="reminder_id")
    return row


def edit(tx: Writing, reminder_id: UUID, words: str) -> WorkReminder:
    """Change the text of a draft; its marks must be marks that there are."""
    require(tx.actor, "duty.keep")
    row = _in(tx, reminder_id, "draft")
    if not words.strip():
        raise Invalid("请填写正文。", "The text is empty.", field="text")
    if wrong := [mark for mark in MARK.findall(words) if mark not in row.numbers]:
        said = f"数字标记 {{{wrong[0]}}} 没有来源。", f"The mark {{{wrong[0]}}} counts nothing."
        raise Invalid(*said, field="text")
    row.text, row.edited_at, row.edited_by = words, tx.at, tx.actor.post
    _say(tx, row, "edited")
    return row


def approve(tx: Writing, reminder_id: UUID) -> WorkReminder:
    """Release the text as it stands."""
    require(tx.actor, "reminder.approve")
    row = _in(tx, reminder_id, "draft")
    row.state, row.approved_at, row.approved_by = "approved", tx.at, tx.actor.post
    _say(tx, row, "approved")
    return row


def send(tx: Writing, reminder_id: UUID, channels: Sequence[str] = ("file",)) -> WorkReminder:
    """Give what is approved to its channels; the first that takes it says when it was sent, on time or late."""
    require(tx.actor, "duty.keep")
    row = get_reminder(tx.session, reminder_id)
    stuck = row.state == "sending" and all(m.state == "failed" for m in messages_of(tx.session, [row.id]))
    if row.state != "approved" and not stuck:
        raise Conflict("工作提醒须先批准，且只发送一次。", "A reminder is sent once, after it is approved.")
    if "sms" in channels:
        raise Invalid("工作提醒不发短信。", "Reminders do not go out as text messages.", field="channels")
    row.state, row.sent_by = "sending", tx.actor.post
    put(tx, "reminder", row.id, channels, f"工作提醒 {row.day}", rendered(row))
    _say(tx, row, "sending")
    return row


def rendered(row: WorkReminder) -> str:
    """The text as people read it, each mark as its number with the unit."""
    return MARK.sub(lambda m: f"{row.numbers[m[1]]['value']} {row.numbers[m[1]]['unit']}", row.text)


def unlinked(row: WorkReminder) -> list[str]:
    """Numbers that somebody typed: they open no source."""
    body = "\n".join(row.text.split("\n")[1:])  # the first line is the day
    return _PLAIN.findall(MARK.sub("", body))


def on_time(row: WorkReminder, at: datetime) -> bool | None:
    """Whether it was sent by its deadline; None while that is open."""
    if row.sent_at is not None:
        return row.sent_at <= row.deadline
    return None if at <= row.deadline else False


def _in(tx: Writing, reminder_id: UUID, state: str) -> WorkReminder:
    row = get_reminder(tx.session, reminder_id)
    if row.state != state:
        raise Conflict("工作提醒已批准，不能再改。", "The reminder is approved and changes no more.")
    return row


def _say(tx: Writing, row: WorkReminder, step: str) -> None:
    zh, en = WORDS[step]
    said = f"工作提醒 {row.day}：{zh}", f"Work reminder of {row.day} {en}"
    record(tx, ReminderStepped(*said, str(row.id), row.day.isoformat(), step, digest(row.text), None))


def settle(world: World) -> None:
    """Say once that a reminder which was begun is not out by its deadline."""
    r = WorkReminder
    query = select(r).where(r.sent_at.is_(None), r.late_at.is_(None)).order_by(r.day)
    with reading(world) as tx:
        if tx.session.scalars(query.where(r.deadline < tx.at).limit(1)).first() is None:
            return
    with writing(world, SYSTEM) as now:
        for row in now.session.scalars(query.where(r.deadline < now.at)).all():
            row.late_at = now.at
            zh, en = f"工作提醒 {row.day} 未按时发送", f"Work reminder of {row.day} is late"
            record(now, ReminderLate(zh, en, str(row.id), row.day.isoformat()))
