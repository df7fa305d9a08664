"""Runs of models (模型推算): asked for, done one by one outside the writer's lock, kept with what they rest on.

A run holds no lock while it computes. What it was asked is kept in its row, so that after a power failure it starts
again; what it made is written in one transaction with its event, and only if nobody has cancelled it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import Event, RunChanged
from command.tables import ModelRun
from gis_data.clock import monotonic_s
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import BaochuError, Conflict, NotFound
from gis_data.settings import Settings
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World

MOST_WAITING = 8
LOOK_S = 1.0
"""How often a run looks whether it is still wanted, and says how far it is."""
PROGRESS = "progress"
ACTIVE = ("queued", "running")
STATES = {
    "queued": ("排队", "waiting"),
    "running": ("计算中", "running"),
    "done": ("完成", "done"),
    "failed": ("失败", "failed"),
    "cancelled": ("已取消", "cancelled"),
}
log = structlog.get_logger()


class Cancelled(Exception):
    """Nobody wants the run any more."""


@dataclass(frozen=True)
class Kind:
    """What a kind of run does: reads its inputs, computes without the database, and writes what follows from it.

    `compute` gets the inputs, the run's folder and a function to tell the share done, which raises when the run is not
    wanted any more. `finish` returns the figures that are kept, and the events that follow are recorded by it.
    """

    zh: str
    en: str
    prepare: Callable[[Reading, ModelRun, Settings], Any]
    compute: Callable[[Any, Path, Callable[[float], None]], Any]
    finish: Callable[[Writing, ModelRun, Any], dict[str, Any]]


def progress(run: ModelRun, where: Path) -> float | None:
    """The share of a running run that is done, as the process that does it has last said."""
    try:
        return float((where / PROGRESS).read_text()) if run.state == "running" else None
    except (OSError, ValueError):
        return None


def any_active(world: World) -> bool:
    """Whether a run waits, or was being computed."""
    with reading(world) as tx:
        return tx.session.scalar(select(ModelRun.id).where(ModelRun.state.in_(ACTIVE)).limit(1)) is not None


def folder(config: Settings, world: World, id_: UUID) -> Path:
    """Where a run's files are."""
    return config.data / "runs" / world.schema / str(id_)


def get_run(session: Session, id_: UUID) -> ModelRun:
    """The run of that id."""
    row = session.get(ModelRun, id_)
    if row is None:
        raise NotFound("没有这次推算。", "There is no such run.", field="run_id")
    return row


def ask(tx: Writing, kind: str, title: str, asked: dict[str, Any], starts_at: datetime) -> ModelRun:
    """Put a run into the queue."""
    require(tx.actor, "model.run")
    waiting = tx.session.scalars(select(ModelRun).where(ModelRun.state.in_(ACTIVE))).all()
    if len(waiting) >= MOST_WAITING:
        raise Conflict("推算任务已满，请稍后再试。", "Too many runs are waiting; try again later.")
    row = ModelRun(
        id=new_id(), kind=kind, title=title, asked=asked, state="queued", asked_by=tx.actor.post, asked_at=tx.at,
        starts_at=starts_at, shown=True, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    record(tx, _said(row))
    return row


def cancel(tx: Writing, id_: UUID) -> ModelRun:
    """Stop a run that waits or computes."""
    require(tx.actor, "model.run")
    row = get_run(tx.session, id_)
    if row.state not in ACTIVE:
        raise Conflict("该推算已结束。", "This run is over.")
    _end(tx, row, "cancelled")
    record(tx, _said(row))
    return row


def put_away(tx: Writing, id_: UUID) -> ModelRun:
    """Take a run off the board; it stays on the record."""
    require(tx.actor, "model.run")
    row = get_run(tx.session, id_)
    if row.state in ACTIVE:
        raise Conflict("推算尚未结束，请先取消。", "The run is not over; cancel it first.")
    row.shown = False
    zh, en = f"收起推算：{row.title}", f"Run put away: {row.title}"
    record(tx, RunChanged(zh, en, [str(row.id)], row.state))
    return row


def _said(row: ModelRun, also: tuple[ModelRun, ...] = ()) -> Event:
    zh, en = STATES[row.state]
    tail = f"（{row.problem}）" if row.problem else ""
    ids = [str(one.id) for one in (row, *also)]
    return RunChanged(f"推算{zh}：{row.title}{tail}", f"Run {en}: {row.title}", ids, row.state)


def _end(tx: Writing, row: ModelRun, state: str) -> None:
    row.state, row.finished_at = state, tx.at
    row.shown = state != "cancelled"


def recover(world: World) -> None:
    """After a start: what was computing when the process ended waits again."""
    with writing(world, SYSTEM) as tx:
        rows = list(tx.session.scalars(select(ModelRun).where(ModelRun.state == "running")))
        for row in rows:
            row.state, row.started_at = "queued", None
        if rows:
            zh, en = f"服务重启，{len(rows)} 项推算重新排队", f"After a restart {len(rows)} runs wait again"
            record(tx, RunChanged(zh, en, [str(row.id) for row in rows], "queued"))


def do_next(world: World, kinds: Mapping[str, Kind], config: Settings, going: Callable[[], bool]) -> bool:
    """Do the run that has waited longest, if one waits; says whether there was one.

    When it is no longer `going`, the process ends: the run is left as it is, for `recover`.
    """
    waiting = select(ModelRun).where(ModelRun.state == "queued").order_by(ModelRun.asked_at, ModelRun.id).limit(1)
    with reading(world) as look:
        if look.session.scalar(waiting.with_only_columns(ModelRun.id)) is None:
            return False
    with writing(world, SYSTEM) as tx:
        row = tx.session.scalar(waiting)
        if row is None:
            return False
        row.state, row.started_at = "running", tx.at
        record(tx, _said(row))
    _do(world, row.id, kinds[row.kind], config, going)
    return True


def _do(world: World, id_: UUID, kind: Kind, config: Settings, going: Callable[[], bool]) -> None:
    where, looked = folder(config, world, id_), monotonic_s()

    def tell(share: float) -> None:
        nonlocal looked
        if not going():
            raise Cancelled
        if share == 0 or monotonic_s() - looked > LOOK_S:
            looked = monotonic_s()
            (where / PROGRESS).write_text(f"{share:.3f}")
            with reading(world) as tx:
                if get_run(tx.session, id_).state != "running":
                    raise Cancelled

    try:
        where.mkdir(parents=True, exist_ok=True)
        with reading(world, SYSTEM) as tx:
            inputs = kind.prepare(tx, get_run(tx.session, id_), config)
        tell(0.0)
        found = kind.compute(inputs, where, tell)
        with writing(world, SYSTEM) as now:
            row = get_run(now.session, id_)
            if row.state != "running":
                raise Cancelled
            row.result = kind.finish(now, row, found)
            _end(now, row, "done")
            older = select(ModelRun).where(ModelRun.kind == row.kind, ModelRun.shown, ModelRun.id != row.id)
            old = tuple(one for one in now.session.scalars(older) if one.state not in ACTIVE)
            for one in old:
                one.shown = False
            record(now, _said(row, old))
    except Cancelled:
        pass
    except Exception as error:
        said = error.zh if isinstance(error, BaochuError) else "程序错误，详见服务日志"
        if not isinstance(error, BaochuError):
            log.exception("a run failed", run=str(id_))
        with writing(world, SYSTEM) as now:
            row = get_run(now.session, id_)
            if row.state == "running":
                row.problem = said
                _end(now, row, "failed")
                record(now, _said(row))
