"""Head counts (清点人数): crews at work are counted each hour; one that is missed, or short, raises an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.dispatch import get_dispatch
from command.duty_events import HeadCountMissed, HeadsCounted
from command.duty_tables import HeadCount, HeadWatch
from command.tables import Dispatch
from command.teams import get_team, led
from gis_data.db import Writing, reading, writing
from gis_data.errors import Conflict, Invalid
from gis_data.parameters import numbers_under
from gis_data.tables import Team
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World

MINUTES = 60.0
"""DEMO. Parameter `headcount.minutes`: a crew at work is counted this often."""
AT_WORK = ("arrived", "working")


def _minutes(session: Session, at: datetime) -> timedelta:
    return timedelta(minutes=numbers_under(session, "headcount.", at).get("minutes", MINUTES))


def count(tx: Writing, dispatch_id: UUID, counted: int, expected: int | None = None, note: str = "") -> HeadWatch:
    """Write down how many of a crew are there; `expected`: how many should be, else as last, else the team's size.

    A team's leader counts the own team, whatever else the account may do.
    """
    own = led(tx.session, tx.actor)
    if not own:
        require(tx.actor, "headcount.report")
    row = get_dispatch(tx.session, dispatch_id)
    if row.team_id not in own:
        require(tx.actor, "headcount.report")
    if row.state not in AT_WORK:
        raise Conflict("该队伍不在现场作业。", "This crew is not at work on the scene.", field="dispatch_id")
    if counted < 0 or (expected is not None and expected < 1):
        raise Invalid("人数须为非负整数。", "Heads are counted from 0.", field="counted")
    team, watch = get_team(tx.session, row.team_id), tx.session.get(HeadWatch, dispatch_id)
    should = expected or (watch.expected if watch else team.members)
    if counted > should:
        raise Invalid(f"多于应到 {should} 人。", f"More than the {should} expected.", field="counted")
    due, short = tx.at + _minutes(tx.session, tx.at), counted < should
    if watch is None:
        watch = HeadWatch(dispatch_id=dispatch_id, recorded_at=tx.real_at)
        tx.session.add(watch)
    watch.expected, watch.counted, watch.counted_at, watch.counted_by = should, counted, tx.at, tx.actor.post
    watch.due_at = due
    watch.alarm, watch.alarm_at = ("short", tx.at) if short else (None, None)
    tx.session.add(
        HeadCount(
            id=new_id(), dispatch_id=dispatch_id, expected=should, counted=counted, note=note, at=tx.at,
            by=tx.actor.post, recorded_at=tx.real_at,
        )
    )  # fmt: skip
    said = f"清点人数：{team.name} {counted}/{should}", f"Head count: {team.name} {counted}/{should}"
    if short:
        said = f"{said[0]}，缺 {should - counted} 人（告警）", f"{said[1]}, {should - counted} missing (alarm)"
    record(tx, HeadsCounted(*said, str(dispatch_id), str(team.id), should, counted, short))
    return watch


def _missed(at: datetime, every: timedelta) -> Select[Dispatch, HeadWatch, Team]:
    """Crews at work whose last count, or arrival, is longer ago than they may go uncounted, and not yet said."""
    due = func.coalesce(HeadWatch.due_at, Dispatch.arrived_at + every)
    unsaid = or_(HeadWatch.dispatch_id.is_(None), HeadWatch.alarm.is_distinct_from("missed"))
    return (
        select(Dispatch, HeadWatch, Team)
        .join(Team, Team.id == Dispatch.team_id)
        .outerjoin(HeadWatch, HeadWatch.dispatch_id == Dispatch.id)
        .where(Dispatch.state.in_(AT_WORK), due < at, unsaid)
        .order_by(Team.code)
    )


def settle(world: World) -> None:
    """Raise the alarm, once for each count that is missed."""
    with reading(world) as tx:
        if tx.session.execute(_missed(tx.at, _minutes(tx.session, tx.at)).limit(1)).first() is None:
            return
    with writing(world, SYSTEM) as now:
        every = _minutes(now.session, now.at)
        late = list(now.session.execute(_missed(now.at, every)))
        if not late:
            return
        for row, watch, team in late:
            if watch is None:
                due = (row.arrived_at or now.at) + every
                watch = HeadWatch(dispatch_id=row.id, expected=team.members, due_at=due, recorded_at=now.real_at)
                now.session.add(watch)
            watch.alarm, watch.alarm_at = "missed", now.at
        names = "、".join(team.name for _, _, team in late)
        zh, en = f"告警：未按时清点人数：{names}", f"Alarm: head count missed: {names}"
        record(now, HeadCountMissed(zh, en, [str(row.id) for row, _, _ in late]))
