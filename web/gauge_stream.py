"""What gauges newly show, for the live stream; and the watch for those that fall silent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from command import replay, watching
from command.gauge_views import shown
from command.station_memory import Memory, peek
from gis_data.db import reading
from gis_data.errors import BaochuError
from gis_data.world import World, get_world, worlds
from web.live import Live

FRAME_S, SETTLE_S = 0.5, 10.0
log = structlog.get_logger()


async def stream(engine: Engine, live: Live) -> None:
    """Twice a second, what has changed in each world that a page follows: one frame for all its pages."""
    told: dict[str, tuple[Memory, int]] = {}
    while True:
        await asyncio.sleep(FRAME_S)
        for schema in list(live.feeds):
            try:
                found = await asyncio.to_thread(_changed, engine, schema, told.get(schema))
            except (SQLAlchemyError, BaochuError) as error:
                log.warning("no readings for the stream", error=str(error).splitlines()[0])
                continue
            if found:
                told[schema], frame = found
                live.put_readings(schema, frame)


def _changed(
    engine: Engine, schema: str, told: tuple[Memory, int] | None
) -> tuple[tuple[Memory, int], dict[str, Any]] | None:
    """What has changed since what was told: everything, where the world has been read anew."""
    world = _world(engine, schema)
    kept = peek(world)
    if kept is None or (told and told[0] is kept and told[1] == kept.changes):
        return None
    with reading(world) as tx, kept.lock:
        since = told[1] if told and told[0] is kept else -1
        codes = [code for code, change in kept.changed.items() if change > since]
        items = shown(kept, tx.at, codes if since >= 0 else None)
        frame = {"at": tx.at.isoformat(), "gauges": {code: _plain(item) for code, item in items.items()}}
        return (kept, kept.changes), frame


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return item | {name: item[name] and item[name].isoformat() for name in ("since", "last_at")}


def _world(engine: Engine, schema: str) -> World:
    return get_world(engine, schema.replace("_", "-"))


async def watch(engine: Engine, data: Path) -> None:
    """Notice in every world what time alone changes, each on its own clock: silence, warnings that run out."""
    while True:
        await asyncio.sleep(SETTLE_S)
        try:
            for world in await asyncio.to_thread(worlds, engine):
                await asyncio.to_thread(watching.tick, world)
                await asyncio.to_thread(replay.keep_up, world, replay.folder(data, world))
        except SQLAlchemyError as error:
            log.warning("gauges not watched", error=str(error).splitlines()[0])
