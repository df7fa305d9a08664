"""Alarms on screens: a page finds them on the board; here is what people say of them, for all screens at once.

An alarm is an object of the board in a state that somebody must notice. It blinks and sounds until one post has taken
note (知悉). Mute (静音) silences all screens of a world for a stated time, never what blinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import select

from command.access import require
from command.alarm_events import AlarmsAcknowledged, AlarmsMuted, AlarmsUnmuted
from command.alarm_tables import AlarmWord
from command.board import items, record
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict, NotFound

AlarmKind = Literal["incident", "warning", "hazard", "task", "callout", "route", "gauge", "headcount"]
KINDS: dict[AlarmKind, tuple[str, str, str]] = {
    "incident": ("incidents", "重大事件", "Major incident"),
    "warning": ("warnings", "高级别预警", "High warning"),
    "hazard": ("hazards", "立即转移", "Immediate transfer"),
    "task": ("tasks", "任务超时", "Task overdue"),
    "callout": ("callouts", "叫应超时", "Call-out overdue"),
    "route": ("dispatches", "路线失效", "Route invalid"),
    "gauge": ("gauges", "监测站失联", "Gauge silent"),
    "headcount": ("headcounts", "现场人数", "Head count"),
}
"""Kind → the board's collection of its objects, and its words."""
MUTE = "mute"
KEPT = timedelta(days=7)
"""DEMO: so long what was acknowledged stays on the board."""
MUTE_MAX_MIN = 60


@dataclass(frozen=True)
class Alarm:
    """An alarm as a screen shows it: the object's kind and id, and which of its alarms."""

    kind: AlarmKind
    id: str
    episode: str


def _put(tx: Writing, id_: str, episode: str) -> AlarmWord:
    row = tx.session.get(AlarmWord, id_)
    if row is None:
        row = AlarmWord(id=id_)
        tx.session.add(row)
    row.episode, row.at, row.by, row.until, row.ended_at = episode, tx.at, tx.actor.post, None, None
    row.recorded_at = tx.real_at
    return row


def _called(tx: Writing, one: Alarm) -> tuple[str, str]:
    """The alarm in words. An incident is named by its number: its title may be sensitive."""
    collection, zh, en = KINDS[one.kind]
    item = items(tx.session, collection, [one.id]).get(one.id)
    if item is None:
        raise NotFound("报警的对象已不在看板上。", "What the alarm is about is no longer on the board.", field="id")
    if team := item.get("team_id"):
        item = items(tx.session, "teams", [str(team)]).get(str(team), {})
    name = next((str(item[key]) for key in ("no", "name", "headline") if item.get(key)), "")
    return f"{zh} {name}".strip(), f"{en} {name}".strip()


def acknowledge(tx: Writing, some: Sequence[Alarm]) -> list[str]:
    """Take note of alarms (知悉), under the actor's post; gives back their ids.

    Raises
    ------
    Denied, NotFound : an object is not open. Conflict : all of them were acknowledged already.
    """
    require(tx.actor, "alarm.answer")
    words, new = [], list[Alarm]()
    for one in some:
        said = _called(tx, one)
        row = tx.session.get(AlarmWord, f"{one.kind}:{one.id}")
        if row and row.episode == one.episode and row.ended_at is None:
            continue
        words.append(said)
        new.append(one)
    if not new:
        raise Conflict("已有人知悉。", "Somebody has acknowledged that already.")
    ids = [_put(tx, f"{one.kind}:{one.id}", one.episode).id for one in new]
    old = select(AlarmWord).where(AlarmWord.ended_at.is_(None), AlarmWord.id != MUTE, AlarmWord.at < tx.at - KEPT)
    gone = list(tx.session.scalars(old))
    for row in gone:
        row.ended_at, row.recorded_at = tx.at, tx.real_at
    zh, en = "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)
    touched = [*ids, *(row.id for row in gone)]
    record(tx, AlarmsAcknowledged(f"知悉：{zh}", f"Acknowledged: {en}", ids, [one.episode for one in new], touched))
    return ids


def mute(tx: Writing, minutes: int) -> AlarmWord:
    """Silence all screens of this world for so many minutes (1 … 60); what blinks goes on. Raises Denied."""
    require(tx.actor, "alarm.answer")
    row = _put(tx, MUTE, "")
    row.until = tx.at + timedelta(minutes=min(minutes, MUTE_MAX_MIN))
    until = f"{row.until.astimezone(SHANGHAI):%H:%M}"
    zh, en = f"报警静音至 {until}（{tx.actor.post}）", f"Alarms silenced until {until} ({tx.actor.post})"
    record(tx, AlarmsMuted(zh, en, MUTE, row.until.isoformat()))
    return row


def unmute(tx: Writing) -> None:
    """Let alarms sound again. Raises Denied, or Conflict where they were not silenced."""
    require(tx.actor, "alarm.answer")
    row = tx.session.get(AlarmWord, MUTE)
    if row is None or row.ended_at is not None or row.until is None or row.until <= tx.at:
        raise Conflict("报警没有静音。", "Alarms are not silenced.")
    row.ended_at, row.recorded_at = tx.at, tx.real_at
    record(tx, AlarmsUnmuted("报警恢复声音", "Alarms sound again", MUTE))
