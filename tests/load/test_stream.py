"""Many pages follow one world while reports come in: each page gets each event once, in order, and soon."""

from __future__ import annotations

import asyncio
import json
import statistics
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from gis_data.clock import real_now
from gis_data.demo.xh_mini import NODES
from tests.conftest import PASSWORD, serving

PAGES, REPORTS, LIMIT_S = 300, 500, 120
LIVE = "/api/worlds/live"


async def _client(url: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=url, timeout=LIMIT_S, limits=httpx.Limits(max_connections=PAGES + 10))
    answer = await client.post("/api/session", json={"username": "operator", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


async def _follow(client: httpx.AsyncClient, after: int, lags: list[float]) -> list[int]:
    seen: list[int] = []
    async with client.stream("GET", f"{LIVE}/stream", params={"after": after}) as stream:
        kind = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: ") and kind == "patch":
                data = json.loads(line[6:])
                lags.append((real_now() - datetime.fromisoformat(data["recorded_at"])).total_seconds())
                seen.append(data["seq"])
                if len(seen) == REPORTS:
                    return seen
    return seen


async def _run(url: str) -> tuple[list[list[int]], int, list[float]]:
    client = await _client(url)
    start = (await client.get(f"{LIVE}/board")).json()["seq"]
    lags: list[float] = []
    pages = [asyncio.create_task(_follow(client, start, lags)) for _ in range(PAGES)]
    lon, lat = NODES["C3"]
    for n in range(REPORTS):
        said = {"kind": "flood", "title": f"DEMO {n}", "lon": lon, "lat": lat}
        assert (await client.post(f"{LIVE}/incidents", json=said)).status_code == 201
    async with asyncio.timeout(LIMIT_S):
        seen = await asyncio.gather(*pages)
    await client.aclose()
    return seen, start, lags


@pytest.mark.soak
def test_every_page_gets_every_event(mini_db: Engine, data_dir: Path) -> None:
    with serving(mini_db, data_dir) as server:
        seen, start, lags = asyncio.run(_run(server.url))
    wanted = list(range(start + 1, start + REPORTS + 1))
    assert all(page == wanted for page in seen)
    median, late = statistics.median(lags), sorted(lags)[int(len(lags) * 0.95)]
    print(f"{PAGES} pages × {REPORTS} events: median {median:.3f} s, 95th percentile {late:.3f} s")
