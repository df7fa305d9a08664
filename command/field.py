"""The field (现场): acts that phones send, each done exactly once; what a person in the field has to do.

A phone numbers its acts and keeps them until they are answered. Each is one transaction with the act's own events; what
is refused is kept and journalled too, for somebody saw or did something.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from command import teams
from command.access import require
from command.board import record
from command.events import Event
from command.field_acts import KINDS, Act
from command.field_tables import FieldAction, FieldDevice
from gis_data.crs import check_box
from gis_data.db import Reading, Writing, district, in_scope, writing
from gis_data.errors import BaochuError, Conflict, Invalid
from gis_data.tables.base import SRID
from gis_data.world import Actor, World

LATE_S = 60.0
"""An act that comes in later than that after it happened says so in the journal."""
FUTURE = timedelta(seconds=60)
"""How far a phone's clock may be ahead."""


@dataclass(frozen=True)
class FieldActRefused(Event):
    """An act from the field came in and could not be done."""

    action_id: str
    act: str
    happened_at: str
    problem: str


@dataclass(frozen=True)
class FieldActLate(Event):
    """An act from the field was done, long after it happened."""

    action_id: str
    act: str
    happened_at: str
    latency_s: float


@dataclass(frozen=True)
class Position:
    """Where a phone is, EPSG:4490, how exactly (m), and since when."""

    lon: float
    lat: float
    accuracy_m: float | None
    at: datetime


def take(world: World, actor: Actor, act: Act) -> FieldAction:
    """Do an act, or answer as it was answered before. Raises Conflict where its number was used for another act."""
    require(actor, "field.sync")
    said = json.dumps([act.kind, act.happened_at.isoformat(), act.body], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    with writing(world, actor) as tx:
        known = tx.session.get(FieldAction, act.id)
        if known is not None:
            if (known.account, known.digest) != (actor.username, digest):
                raise Conflict("该编号已用于另一条上报。", "This number was used for another act.", field="id")
            return known
        row = FieldAction(
            id=act.id, account=actor.username, post=actor.post, kind=act.kind, digest=digest,
            happened_at=min(act.happened_at.astimezone(UTC), tx.at), received_at=tx.at, state="done",
            problem_zh="", problem_en="",
            answer={}, recorded_at=tx.real_at,
        )  # fmt: skip
        try:
            with in_scope(actor), tx.session.begin_nested():
                row.answer = _done(tx, act)
        except BaochuError as error:
            row.state, row.problem_zh, row.problem_en, row.field = "refused", error.zh, error.en, error.field
        _told(tx, row)
        tx.session.add(row)
        return row


def _done(tx: Writing, act: Act) -> dict[str, Any]:
    if act.kind not in KINDS:
        raise Invalid(f"没有“{act.kind}”这一类上报。", f"There is no act “{act.kind}”.", field="kind")
    if act.happened_at > tx.at + FUTURE:
        raise Invalid("发生时刻晚于现在。", "It would have happened later than now.", field="happened_at")
    return KINDS[act.kind][2](tx, replace(act, happened_at=min(act.happened_at, tx.at)))


def _told(tx: Writing, row: FieldAction) -> None:
    zh, en, _ = KINDS.get(row.kind, (row.kind, row.kind, None))
    late_s = (row.received_at - row.happened_at).total_seconds()
    facts = (str(row.id), row.kind, row.happened_at.isoformat())
    if row.state == "refused":
        zh, en = f"现场上报未能办理：{zh}，{row.problem_zh}", f"From the field, refused: {en}; {row.problem_en}"
        record(tx, FieldActRefused(zh, en, *facts, row.problem_zh))
    elif late_s > LATE_S:
        minutes = round(late_s / 60)
        zh, en = f"现场上报迟到 {minutes} 分钟：{zh}（{row.post}）", f"From the field, {minutes} min late: {en}"
        record(tx, FieldActLate(zh, en, *facts, late_s))


def heard(world: World, actor: Actor, position: Position | None, oldest: datetime | None) -> None:
    """Note that a phone was heard of. Like readings this is no journal entry; it has a queue of its own.

    A place that cannot be right, or lies outside the district, is left out: it must not hold up what was done.
    """
    require(actor, "field.sync")
    with writing(world, actor, "field") as tx:
        values: dict[str, Any] = {"post": actor.post, "seen_at": tx.at, "recorded_at": tx.real_at}
        if oldest is not None:
            values["latency_s"] = max((tx.at - oldest).total_seconds(), 0.0)
        if position is not None and _inside(tx, position):
            values |= {
                "geom": f"SRID={SRID};{Point(position.lon, position.lat).wkt}", "accuracy_m": position.accuracy_m,
                "position_at": min(position.at, tx.at),
            }  # fmt: skip
        put = insert(FieldDevice).values(account=actor.username, **({"latency_s": 0.0} | values))
        tx.session.execute(put.on_conflict_do_update(index_elements=["account"], set_=values))


def _inside(tx: Reading, position: Position) -> bool:
    try:
        check_box(position.lon, position.lat, tuple(district(tx.session).box))
    except Invalid:
        return False
    return True


def devices(tx: Reading) -> Sequence[Mapping[str, Any]]:
    """All phones as they were last heard of, by post: age and latency in seconds, place, teams led."""
    d = FieldDevice
    query = select(
        d.post, d.seen_at, d.latency_s, d.accuracy_m, d.position_at, func.ST_X(d.geom).label("lon"),
        func.ST_Y(d.geom).label("lat"),
    ).order_by(d.post, d.account)  # fmt: skip
    led: dict[str, list[UUID]] = {}
    for team, post in teams.leaders(tx.session).items():
        led.setdefault(post, []).append(team)
    return [
        {**row, "age_s": max((tx.at - row["seen_at"]).total_seconds(), 0.0), "teams": led.get(row["post"], [])}
        for row in tx.session.execute(query).mappings()
    ]


def refused(tx: Reading, actor: Actor, limit: int = 50) -> list[FieldAction]:
    """What of one's own was refused, the newest first."""
    own = select(FieldAction).where(FieldAction.account == actor.username, FieldAction.state == "refused")
    return list(tx.session.scalars(own.order_by(FieldAction.received_at.desc()).limit(limit)))
