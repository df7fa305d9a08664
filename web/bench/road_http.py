"""The product's answers over HTTP on the demo district, made larger: 200 teams, 300 shelters, 100,000 demand cells."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any

import httpx
from sqlalchemy import Connection, create_engine, text

from command.accounts import Profile, put_account
from gis_data.clock import monotonic_s
from gis_data.errors import Conflict
from gis_data.settings import Settings
from gis_data.tables import TABLES
from gis_data.world import SYSTEM
from web.bench import Row
from web.bench.peers import ours
from web.bench.scratch import Scratch, scratch
from web.cli_load import load_demo

TEAMS, SHELTERS, CELLS = 200, 300, 100_000
RATE, SECONDS = 20, 30
CLOSURES, COVERAGES, GRACE_S = 40, 5, 0.05
RECOMMEND_MS, COVER_S, AGAIN_S, WALL_MS = 30.0, 1.0, 0.3, 300.0
LIVE = "/api/worlds/live"
Json = dict[str, Any]


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """Load, ask, close roads; two minutes. Raises Conflict where an answer does not add up."""
    with scratch(config) as made:
        say("装载演示区 loading the demo district, made larger")
        engine = create_engine(made.database)
        load_demo(Settings(data=made.home, database_url=made.database), engine)
        with engine.begin() as connection:
            roads = _enlarge(connection)
        login = {"username": "bench", "password": secrets.token_urlsafe(16)}
        put_account(engine, SYSTEM, "bench", Profile("DEMO", "值班员", "operator"), login["password"])
        engine.dispose()
        return asyncio.run(_ask(made, login, roads, say))


def _copies(connection: Connection, table: str, count: int, **fields: str) -> None:
    """More rows of a register, up to `count`: copies with codes of their own, beside random roads."""
    columns = [c.name for c in TABLES[table].columns if c.computed is None]
    made = {
        "id": "gen_random_uuid()", "code": "old.code || '-' || n",
        "geom": "(select ST_LineInterpolatePoint(geom, 0.5) from gis.road where n > 0 and valid_to is null and drive"
                " order by md5(id::text || old.code || n) limit 1)",
    } | fields  # fmt: skip
    values = ", ".join(made.get(name, f"old.{name}") for name in columns)
    connection.execute(
        text(
            f"insert into gis.{table} ({', '.join(columns)}) select {values} from gis.{table} old,"
            f" generate_series(1, 20) n where old.valid_to is null order by n, old.code"
            f" limit {count} - (select count(*) from gis.{table} where valid_to is null)"
        )
    )


def _enlarge(connection: Connection) -> list[tuple[float, float]]:
    """More of everything; returns the middles of some drivable roads, to be closed."""
    _copies(connection, "team", TEAMS, hazards="array['flood']")
    shelter = {"accepted": "true", "appraised_at": "current_date", "hazards": "array['all']", "space": "'indoor'"}
    _copies(connection, "shelter", SHELTERS, **shelter)
    connection.execute(text("delete from gis.population_cell"))
    connection.execute(
        text(
            "insert into gis.population_cell (code, population, geom, load_id, valid_from)"
            " select 'B' || n, 1 + (random() * 39)::int, ST_Multi(ST_Expand(ST_Translate("
            "   ST_LineInterpolatePoint(geom, random()), (random() - 0.5) / 500, (random() - 0.5) / 500), 0.00005)),"
            " load_id, valid_from from (select *, row_number() over (order by md5(id::text)) n from"
            "   (select r.* from gis.road r, generate_series(1, 20) where valid_to is null and walk) r) r"
            " where n <= :cells"
        ),
        {"cells": CELLS},
    )
    rows = connection.execute(
        text(
            "select ST_X(p), ST_Y(p) from (select ST_LineInterpolatePoint(geom, 0.5) p from gis.road"
            " where valid_to is null and drive and length_m > 40 order by md5(id::text) limit 400) r"
        )
    )
    return [(lon, lat) for lon, lat in rows]


class _Client:
    """An operator on loopback."""

    def __init__(self, port: int, cookie: str, csrf: str) -> None:
        headers = {"Cookie": cookie, "X-CSRF-Token": csrf}
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60)

    async def get(self, path: str) -> Json:
        answer = await self.http.get(path)
        answer.raise_for_status()
        found: Json = answer.json()
        return found

    async def post(self, path: str, **body: Any) -> Json:
        answer = await self.http.post(path, json=body)
        answer.raise_for_status()
        found: Json = answer.json()
        return found


async def _ask(
    made: Scratch, login: dict[str, str], roads: list[tuple[float, float]], say: Callable[[str], None]
) -> list[Row]:
    with ours(made.database, made.home, login) as server:
        session = httpx.post(f"http://127.0.0.1:{server.port}/api/session", json=login)
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        client = _Client(server.port, cookie, session.json()["csrf"])
        lon, lat = roads[0]
        incident = await client.post(f"{LIVE}/incidents", kind="flood", title="性能对照", lon=lon, lat=lat)
        await client.get(f"{LIVE}/incidents/{incident['id']}/recommendations")
        say(f"推荐 recommendations, {RATE}/s, {SECONDS} s")
        latencies = await _recommend(client, incident["id"], roads[1:])
        say("封控 → 路线 closures and open routes")
        moved = await _reroute(client, incident["id"])
        say("覆盖 coverage")
        first, again, after = await _cover(client, roads[200:])
        await client.http.aclose()

    def row(work: str, size: str, ours: float, unit: str, most: float | None = None) -> Row:
        wanted = "" if most is None else f"≤ {most:g} {unit}"
        return Row(work, size, "—", ours, None, None, unit, wanted, most is None or ours <= most)

    size, cells = f"{TEAMS} / {RATE} r/s", f"{CELLS:,} × {SHELTERS}"
    return [
        row("推荐 recommendation, HTTP, p95", size, _share(latencies, 0.95), "ms", RECOMMEND_MS),
        row("推荐 recommendation, HTTP, p50", size, _share(latencies, 0.5), "ms"),
        row("封控到新路线 closure to new routes, p95", str(len(moved)), _share(moved, 0.95), "ms", WALL_MS),
        row("覆盖与安置 coverage with assignment, HTTP", cells, again, "s", COVER_S),
        row("覆盖，封控之后 coverage after a closure", cells, after, "s", AGAIN_S),
        row("覆盖，首次 coverage, the first ever", cells, first, "s"),
    ]


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(int(len(values) * share), len(values) - 1)], 1)


async def _recommend(client: _Client, incident: str, roads: list[tuple[float, float]]) -> list[float]:
    """Milliseconds of each answer from when it was due, while a road is closed or opened each second."""
    start, found = monotonic_s() + 0.5, []

    async def one(due: float) -> None:
        await asyncio.sleep(due - monotonic_s())
        answer = await client.get(f"{LIVE}/incidents/{incident}/recommendations")
        found.append((monotonic_s() - due) * 1000)
        if len(answer["offers"]) + len(answer["absent"]) != TEAMS or not answer["offers"]:
            raise Conflict("推荐不全。", "A recommendation does not name every team.")

    async def closing() -> None:
        shut: list[str] = []
        for second in range(SECONDS):
            await asyncio.sleep(start + second + 0.025 - monotonic_s())
            if len(shut) > 5:
                await client.post(f"{LIVE}/closures/{shut.pop(0)}/lift", reason="恢复")
            else:
                lon, lat = roads[second]
                shut.append((await client.post(f"{LIVE}/closures", lon=lon, lat=lat, reason="积水"))["id"])

    dues = [start + k / RATE for k in range(RATE * SECONDS)]
    await asyncio.gather(closing(), *(one(due) for due in dues))
    return found


async def _reroute(client: _Client, incident: str) -> list[float]:
    """Milliseconds from the request that closes a road to the patch with the new route, as a page gets it."""
    dice, found = random.Random(4), list[float]()
    offers = (await client.get(f"{LIVE}/incidents/{incident}/recommendations"))["offers"]
    for offer in offers[20:40]:
        await client.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=offer["team_id"], reason="性能对照")
    board = await client.get(f"{LIVE}/board")
    routes = {id_: row["route"]["coordinates"] for id_, row in board["dispatches"].items() if row["route"]}
    arrived: asyncio.Queue[tuple[float, Json]] = asyncio.Queue()
    async with client.http.stream("GET", f"{LIVE}/stream?after={board['seq']}") as stream:
        reader = asyncio.create_task(_read(stream, arrived))
        while len(found) < CLOSURES:
            route = routes[dice.choice(sorted(routes))]
            lon, lat = route[len(route) // 2]
            start = monotonic_s()
            body = {"lon": lon, "lat": lat, "reason": "积水"}
            if (await client.http.post(f"{LIVE}/closures", json=body)).status_code != 201:
                continue  # closed already
            while "closures" not in (await asyncio.wait_for(arrived.get(), 10))[1]:
                pass
            await asyncio.sleep(GRACE_S)  # what was committed with it comes with it
            moved = [arrived.get_nowait() for _ in range(arrived.qsize())]
            for at, put in moved:
                changed = {id_: row for id_, row in put.get("dispatches", {}).items() if row["route_valid"]}
                routes |= {id_: row["route"]["coordinates"] for id_, row in changed.items()}
                if changed:
                    found.append((at - start) * 1000)
        reader.cancel()
    return found


async def _read(stream: httpx.Response, arrived: asyncio.Queue[tuple[float, Json]]) -> None:
    """Note when each patch arrives, and what it puts."""
    with suppress(httpx.ReadError):  # it is closed when all has been seen
        async for line in stream.aiter_lines():
            if line.startswith("data: ") and (put := json.loads(line[6:]).get("put")):
                arrived.put_nowait((monotonic_s(), put))


async def _cover(client: _Client, roads: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Seconds of the first coverage, of one that finds the district as it was, and of one after a closure."""

    async def ask() -> tuple[float, Json]:
        start = monotonic_s()
        answer = await client.post(f"{LIVE}/coverage", demand="residents", limit_m=1500)
        if answer["assigned"] + answer["unmet"] != answer["persons"] or not answer["assigned"]:
            raise Conflict("覆盖的人数不合。", "The persons of a coverage do not add up.")
        return monotonic_s() - start, answer

    first, _ = await ask()
    again = [(await ask())[0] for _ in range(COVERAGES)]
    after = []
    for lon, lat in roads[:COVERAGES]:
        await client.post(f"{LIVE}/closures", lon=lon, lat=lat, reason="积水")
        after.append((await ask())[0])
    return round(first, 2), round(median(again), 3), round(median(after), 3)
