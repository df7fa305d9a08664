"""Bringing reference data in, on the record: the rows and the journal's event are one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from command.access import require
from command.board import record
from command.events import Event
from command.register_events import RegisterLoaded
from gis_data.db import Writing, writing
from gis_data.load import Loaded, Prepared, write
from gis_data.tables import Team
from gis_data.world import Actor, get_world, worlds


def load(engine: Engine, prepared: Prepared, actor: Actor, data: Path) -> Loaded:
    """Write a prepared source into the registers and its event into the live journal, then tell the drills."""
    require(actor, "register.load")
    with writing(get_world(engine, "live"), actor) as tx:
        before = _teams(tx)
        loaded = write(tx.session.connection(), prepared, actor=actor.username, data=data)
        if loaded.unchanged:
            return loaded
        rows = sum(loaded.counts[name] for name in prepared.frames)
        event = RegisterLoaded(
            f"导入{prepared.source}：{rows} 行，退回 {loaded.rejected} 行",
            f"Loaded {prepared.source}: {rows} rows, {loaded.rejected} rejected",
            loaded.load_id,
            prepared.kind,
            prepared.source,
            prepared.sha256,
            loaded.counts,
            loaded.rejected,
            sorted(before ^ _teams(tx)),
        )
        record(tx, event)
    tell_drills(engine, actor, event)
    return loaded


def tell_drills(engine: Engine, actor: Actor, event: Event) -> None:
    """Record an event of the registers in each drill too: it reads the same rows, so its board has changed as well."""
    for world in worlds(engine):
        if world.kind == "drill":
            with writing(world, actor) as tx:
                record(tx, event)


def _teams(tx: Writing) -> set[str]:
    return {str(id_) for id_ in tx.session.scalars(select(Team.id).where(Team.valid_to.is_(None)))}
