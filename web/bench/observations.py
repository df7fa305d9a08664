"""Readings judged, stored and evaluated: by the command itself, over HTTP with a key, and what a batch costs others.

A thousand rain gauges send their minutes; there is no peer, the figures stand against what is asked for.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import httpx
from sqlalchemy import Engine, create_engine, text

from command import sources
from command.accounts import Profile, put_account
from command.gauge_views import shown
from command.observations import take
from command.station_memory import peek
from command.stations import Source
from gis_data.clock import monotonic_s, real_now
from gis_data.db import reading, writing
from gis_data.errors import Conflict
from gis_data.settings import Settings
from gis_data.world import SYSTEM, World, get_world
from web.bench import Row
from web.bench.peers import ours
from web.bench.scratch import scratch

GAUGES, BATCH, BATCHES = 1_000, 5_000, 30
WANTED, LOCK_MS, STATE_MS = 10_000, 50.0, 10.0
FEW = 60


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """Send 150,000 readings twice; under a minute. Raises Conflict where what is stored does not add up."""
    with scratch(config) as made:
        engine = create_engine(made.database)
        _gauges(engine, GAUGES)
        live = get_world(engine, "live")
        say("直接写入 by the command")
        rows = [_command(live), _beside(live)]
        key = sources.add(engine, SYSTEM, "bench", "DEMO")
        say("经 HTTP over HTTP")
        login = {"username": "bench", "password": secrets.token_urlsafe(16)}
        put_account(engine, SYSTEM, "bench", Profile("DEMO", "值班员", "operator"), login["password"])
        with ours(made.database, made.home, login) as server:
            rows.append(_http(f"http://127.0.0.1:{server.port}", key, engine))
        engine.dispose()
    with scratch(config) as made:
        engine = create_engine(made.database)
        _gauges(engine, FEW)
        say("六十站，单条到新状态 sixty gauges, from one reading to the new state")
        rows.append(_one(get_world(engine, "live")))
        engine.dispose()
    return rows


def _gauges(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into gis.gauge (code, name, element, unit, interval_s, is_demo, valid_from, geom)"
                " select 'B-' || n, 'DEMO ' || n, 'rain', 'mm', 60, true, now(),"
                " st_setsrid(st_point(120 + (n % 40) * 0.005, 30.1 + (n / 40) * 0.005), 4490)"
                " from generate_series(1, :count) n"
            ),
            {"count": count},
        )


def _batches(count: int, until: datetime) -> Iterator[list[dict[str, Any]]]:
    """Each gauge's minutes, oldest first: so many batches, the last one up to a time."""
    minutes = BATCH // GAUGES
    for k in range(count, 0, -1):
        yield [
            {"station": f"B-{n}", "at": (until - timedelta(minutes=k * minutes - m)).isoformat(),
             "value": (n * 7 + (k * minutes - m) * 13) % 10 / 10}
            for m in range(1, minutes + 1)
            for n in range(1, GAUGES + 1)
        ]  # fmt: skip


def _row(work: str, size: str, ours: float, unit: str, wanted: str, met: bool) -> Row:
    return Row(work, size, "", ours, None, None, unit, wanted, met)


def _stored(engine: Engine, wanted: int) -> None:
    with engine.connect() as connection:
        there = connection.scalar(text("select count(*) from live.reading"))
    if there != wanted:
        raise Conflict(f"应有 {wanted} 条，实有 {there} 条。", f"{wanted} readings were sent, {there} are there.")


def _evaluated(world: World) -> float:
    """What all gauges show now, as the live stream asks; the rain of an hour, summed."""
    kept = peek(world)
    assert kept
    with reading(world) as tx, kept.lock:
        return float(sum(item["rain"][0]["mm"] for item in shown(kept, tx.at).values()))


def _command(world: World) -> Row:
    batches = list(_batches(BATCHES, real_now() - timedelta(hours=6)))
    take(world, [], Source("bench"))
    start = monotonic_s()
    for batch in batches:
        take(world, batch, Source("bench"))
        _evaluated(world)
    rate = BATCH * BATCHES / (monotonic_s() - start)
    _stored(world.engine, BATCH * BATCHES)
    size = f"{GAUGES:,} × {BATCH * BATCHES // GAUGES}"
    return _row("存入并评定 stored, evaluated", size, rate, "条/s", f"≥ {WANTED:,}", rate >= WANTED)


def _beside(world: World) -> Row:
    """How long a command waits for the world's writer while readings pour in."""
    batches = list(_batches(4, real_now() - timedelta(hours=4)))
    waits: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        pouring = pool.submit(lambda: [take(world, batch, Source("bench")) for batch in batches])
        while not pouring.done():
            start = monotonic_s()
            with writing(world, SYSTEM):
                waits.append((monotonic_s() - start) * 1000)
        pouring.result()
    wait = median(waits)
    return _row("其间命令等候 a command beside it", "p50", wait, "ms", f"≤ {LOCK_MS:g}", wait <= LOCK_MS)


def _http(url: str, key: str, engine: Engine) -> Row:
    until = real_now() - timedelta(minutes=1)
    bodies = [json.dumps(batch) for batch in _batches(BATCHES, until)]
    with engine.connect() as connection:
        before = connection.scalar(text("select count(*) from live.reading")) or 0
    head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with httpx.Client(base_url=url, headers=head, timeout=60) as client, ThreadPoolExecutor(2) as pool:

        def send(body: str) -> int:
            answer = client.post("/api/worlds/live/readings", content=body)
            answer.raise_for_status()
            return int(answer.json()["stored"])

        client.post("/api/worlds/live/readings", content="[]").raise_for_status()
        start = monotonic_s()
        stored = sum(pool.map(send, bodies))
        rate = BATCH * BATCHES / (monotonic_s() - start)
    _stored(engine, before + stored)
    return _row("经 HTTP over HTTP, JSON", f"{BATCH * BATCHES:,}", rate, "条/s", f"≥ {WANTED:,}", rate >= WANTED)


def _one(world: World) -> Row:
    """From one reading to what sixty gauges show, all of them heard of before."""
    now = real_now().replace(second=0, microsecond=0)

    def said(n: int, minutes: int) -> dict[str, Any]:
        return {"station": f"B-{n}", "at": (now - timedelta(minutes=minutes)).isoformat(), "value": minutes % 7 / 10}

    take(world, [said(n, k) for k in range(29, 9, -1) for n in range(1, FEW + 1)], Source("bench"))
    taken = []
    for k in range(9, 0, -1):
        for n in (1, 20, 40, 60):
            start = monotonic_s()
            take(world, [said(n, k)], Source("bench"))
            _evaluated(world)
            taken.append((monotonic_s() - start) * 1000)
    ms = median(taken)
    return _row("单条到窗口 one reading to windows", f"{FEW} p50", ms, "ms", f"≤ {STATE_MS:g}", ms <= STATE_MS)
