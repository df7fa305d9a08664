"""The watch over call-outs: who does not answer in time is tried the next way, once each, on the world's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from command.board import record
from command.callout_events import CallEscalated
from command.callout_ladder import CHANNELS, next_rung
from command.callout_posts import posts
from command.callout_tables import CallOut, CallRecord
from command.callouts import get_callout, records_of, send
from gis_data.clock import SHANGHAI
from gis_data.db import Writing, reading, writing
from gis_data.world import SYSTEM, World


def settle(world: World) -> None:
    """Try those who have not answered in time the next way, once each; say it when no way is left."""
    query = select(CallRecord).order_by(CallRecord.callout_id, CallRecord.place)
    with reading(world) as tx:
        if not tx.session.scalar(select(func.count()).where(CallRecord.due_at <= tx.at)):
            return
    with writing(world, SYSTEM) as now:
        late: dict[UUID, list[CallRecord]] = {}
        for one in now.session.scalars(query.where(CallRecord.due_at <= now.at)):
            late.setdefault(one.callout_id, []).append(one)
        for callout_id, some in late.items():
            _escalate(now, get_callout(now.session, callout_id), some)


def _escalate(tx: Writing, of: CallOut, late: Sequence[CallRecord]) -> None:
    today = tx.at.astimezone(SHANGHAI).date()
    everyone = records_of(tx.session, of.id)
    known = posts(tx.session, [one.post_code for one in late], today)
    moved, zh, en = [], [], []
    for one in late:
        before = one.channel
        one.overdue_at = one.overdue_at or tx.at
        but = {code for other in everyone for code in (other.post_code, other.target_code) if code}
        post = known.get(one.post_code)
        rung = next_rung(tx.session, post, of.ladder, one.rung, but, today) if post else None
        waited = _minutes(one.due_at, tx.at, of.ladder[one.rung]["minutes"])
        send(tx, of, one, rung, "escalated", f"{waited} 分钟未叫应")
        moved.append({"post": one.post, "from": before, "to": rung.channel if rung else None, "target": one.target})
        to_zh, to_en = CHANNELS[rung.channel] if rung else ("渠道用尽", "no way left")
        zh.append(f"{one.post} → {to_zh}")
        en.append(f"{one.post} → {to_en}")
    more_zh, more_en = (f" 等 {len(zh)} 个岗位", f" and {len(en) - 5} more") if len(zh) > 5 else ("", "")
    said = (
        f"叫应超时，升级：{'、'.join(zh[:5])}{more_zh}（{of.no}）",
        f"No answer in time, next way: {', '.join(en[:5])}{more_en} ({of.no})",
    )
    record(tx, CallEscalated(*said, str(of.id), moved))


def _minutes(due: datetime | None, at: datetime, least: float) -> str:
    """How long a way was tried, in minutes."""
    late = (at - due).total_seconds() / 60 if due else 0.0
    return f"{least + late:.0f}"
