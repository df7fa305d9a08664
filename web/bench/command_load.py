"""Commands under load: how soon one is committed and on every screen; the board read whole; the past read again."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from sqlalchemy import Engine, create_engine, insert, select

from command import board, registers, replay
from command.accounts import Profile, put_account
from command.journal import GENESIS, chained, position
from command.tables import Entry
from gis_data.clock import monotonic_s
from gis_data.db import reading
from gis_data.demo import district
from gis_data.errors import Conflict
from gis_data.settings import Settings
from gis_data.tables import WORLD
from gis_data.world import SYSTEM, World, get_world
from web.bench import Row
from web.bench.peers import ours
from web.bench.scratch import scratch

LISTENERS, OPERATORS, COMMANDS, EVERY_S = 500, 100, 300, 0.2
EVENTS = 100_000
COMMIT_MS, SCREEN_MS, REPLAY_S, BOARD_MS = 50.0, 400.0, 2.0, 100.0


def rows(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """A minute or two. Raises Conflict where a page misses an event, or the past is another than it was."""
    with scratch(config) as made:
        engine = create_engine(made.database)
        for source in district(say, data=made.home):
            registers.load(engine, source, SYSTEM, made.home)
        login = {"username": "bench", "password": secrets.token_urlsafe(16)}
        put_account(engine, SYSTEM, "bench", Profile("DEMO", "值班员", "operator"), login["password"])
        say(f"{LISTENERS} 页面、{OPERATORS} 人同时操作 pages and operators")
        with ours(made.database, made.home, login) as server:
            found = asyncio.run(_load(server.port, server.headers))
        say(f"{EVENTS:,} 条记录的回放 replay")
        found += _past(engine, get_world(engine, "live"), made.home)
        engine.dispose()
    return found


def _row(work: str, size: str, ours: float, unit: str, limit: float) -> Row:
    return Row(work, size, "", round(ours, 3), None, None, unit, f"≤ {limit:g}", ours <= limit)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


async def _load(port: int, headers: dict[str, str]) -> list[Row]:
    base = f"http://127.0.0.1:{port}/api"
    limits = httpx.Limits(max_connections=OPERATORS, max_keepalive_connections=OPERATORS)
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60, limits=limits) as client:
        client.headers["X-CSRF-Token"] = (await client.get("/session")).json()["csrf"]
        shown = (await client.get("/worlds/live/board")).json()
        start, team = shown["seq"], next(iter(shown["teams"].values()))
        pages = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "web.bench.listeners", stdin=PIPE, stdout=PIPE, limit=1 << 27
        )
        assert pages.stdin
        assert pages.stdout
        order = {"port": port, "headers": headers, "after": start, "pages": LISTENERS, "events": COMMANDS}
        pages.stdin.write(json.dumps(order).encode())
        pages.stdin.close()
        await pages.stdout.readline()
        waits: list[float] = []

        async def operate(n: int) -> None:
            said = {"kind": "flood", "title": f"DEMO {n}", "lon": team["lon"], "lat": team["lat"]}
            begun = monotonic_s()
            answer = await client.post("/worlds/live/incidents", json=said)
            waits.append((monotonic_s() - begun) * 1000)
            answer.raise_for_status()

        doing = []
        for n in range(COMMANDS):
            doing.append(asyncio.create_task(operate(n)))
            await asyncio.sleep(EVERY_S)
        await asyncio.gather(*doing)
        told = json.loads(await pages.stdout.readline())
        await pages.wait()
    if not told["whole"]:
        raise Conflict("有页面漏收或错序。", "A page missed events, or got them out of order.")
    size = f"{LISTENERS} 页 pages × {COMMANDS}，{1 / EVERY_S:g}/s p95"
    return [
        _row("命令作答 a command's answer", size, _p95(waits), "ms", COMMIT_MS),
        _row("到各屏 on every screen", size, _p95(told["lags_ms"]), "ms", SCREEN_MS),
    ]


def _past(engine: Engine, world: World, home: Path) -> list[Row]:
    with reading(world) as tx:
        now = board.snapshot(tx)
        seq, at = position(tx.session), tx.at
    taken = []
    for _ in range(5):
        begun = monotonic_s()
        with reading(world) as tx:
            board.snapshot(tx)
        taken.append((monotonic_s() - begun) * 1000)
    items = {name: now[name] for name in board.COLLECTIONS}
    found = [_row("看板全量 the board", f"{sum(map(len, items.values()))} 项 items", median(taken), "ms", BOARD_MS)]
    last = _write(engine, world, seq, at, items)
    begun = monotonic_s()
    with reading(world) as tx:
        whole = replay.past(tx, last, home / "replay")
    cold = monotonic_s() - begun
    middle = []
    for number in (last // 3, last // 2, last - 1):
        begun = monotonic_s()
        with reading(world) as tx:
            replay.past(tx, number, home / "replay")
        middle.append(monotonic_s() - begun)
    with reading(world) as tx:
        if replay.past(tx, last, home / "replay").hash != whole.hash:
            raise Conflict("两次回放不一致。", "The past is not the same twice.")
    size = f"{EVENTS:,} 条 events"
    return [
        *found,
        _row("首次回放 replay, the first", size, cold, "s", REPLAY_S),
        _row("回放到任一时刻 replay to a moment", size, max(middle), "s", REPLAY_S),
    ]


def _write(engine: Engine, world: World, seq: int, at: datetime, items: dict[str, dict[str, Any]]) -> int:
    """A long journal in one go: states of incidents, each linked to the one before."""
    incidents = list(items["incidents"].values())
    with engine.begin() as connection:
        mapped = connection.execution_options(schema_translate_map={WORLD: world.schema})
        previous = mapped.scalar(select(Entry.hash).where(Entry.seq == seq)) or GENESIS
        for first in range(0, EVENTS, 5000):
            batch = []
            for n in range(first, first + 5000):
                seq += 1
                item = incidents[n % len(incidents)] | {"note": f"DEMO {n}"}
                patch = {"put": {"incidents": {item["id"]: item}}, "drop": {}}
                body = {"zh": f"演示 {n}", "en": f"DEMO {n}", "facts": {}, "patch": patch}
                entry = Entry(
                    seq=seq, at=at + timedelta(milliseconds=n), recorded_at=at, actor="bench", post="DEMO",
                    kind="IncidentReported", body=body, prev_hash=previous,
                )  # fmt: skip
                previous = entry.hash = chained(entry)
                batch.append({column.key: getattr(entry, column.key) for column in Entry.__table__.columns})
            mapped.execute(insert(Entry), batch)
    return seq
