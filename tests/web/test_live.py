"""The live stream on a real server: patches arrive at once, a page that was away resumes, one too far behind resets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import httpx
import pytest

from command import incidents, journal
from gis_data.clock import monotonic_s, real_now
from gis_data.cluster import Cluster
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.world import Actor, World
from tests.conftest import Person, Server, _copy, _template, events, serving
from web.live import Live

LIVE = "/api/worlds/live"


@pytest.fixture(scope="module")
def server(postgis: Cluster, data_dir: Path) -> Iterator[Server]:
    with (
        _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine,
        serving(engine, data_dir) as running,
    ):
        yield running


def _person(server: Server, role: str) -> Person:
    return Person(httpx.Client(base_url=server.url, timeout=10)).log_in(role)


def _report(person: Person, title: str) -> dict[str, object]:
    lon, lat = NODES["C3"]
    return person.post(f"{LIVE}/incidents", kind="flood", title=title, lon=lon, lat=lat)


def test_a_report_reaches_another_page_within_a_second(server: Server) -> None:
    operator, wall = _person(server, "operator"), _person(server, "viewer")
    seq = wall.get(f"{LIVE}/board")["seq"]
    seen: list[tuple[float, dict[str, object]]] = []
    ready = threading.Event()

    def follow() -> None:
        found = events(wall, "live", seq)
        ready.set()
        for kind, data in found:
            if kind == "patch":
                seen.append((monotonic_s(), data))
                return

    page = threading.Thread(target=follow)
    page.start()
    ready.wait(5)
    incident = _report(operator, "积水")
    sent = monotonic_s()
    page.join(5)
    (arrived, patch), *_ = seen
    assert patch["put"]["incidents"][incident["id"]]["title"] == "积水"
    assert arrived - sent < 1.0


def test_a_page_that_was_away_resumes_where_it_was(server: Server) -> None:
    operator, wall = _person(server, "operator"), _person(server, "viewer")
    seq = wall.get(f"{LIVE}/board")["seq"]
    for n in range(5):
        _report(operator, f"积水 {n}")
    found = events(wall, "live", 0, **{"Last-Event-ID": str(seq + 2)})
    missed = islice((data["seq"] for kind, data in found if kind == "patch"), 3)
    assert list(missed) == [seq + 3, seq + 4, seq + 5]


def test_a_page_ahead_of_the_journal_is_told_to_read_again(server: Server) -> None:
    found = events(_person(server, "viewer"), "live", 999_999)
    assert next(kind for kind, _ in found if kind != "layers") == "reset"


def test_a_page_too_far_behind_is_told_to_read_again(mini: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.KEPT", 3)
    with reading(mini) as tx:
        start = journal.position(tx.session)
    for n in range(5):
        with writing(mini, Actor("operator", "值班员", "operator")) as tx:
            incidents.report(tx, incidents.Report("flood", f"积水 {n}", *NODES["C3"]))

    async def first_frames(position: int) -> list[bytes]:
        stream = Live(mini.engine).follow(mini.schema, position, real_now() + timedelta(minutes=1))
        return [await anext(stream) for _ in range(2)]

    assert b"event: reset" in asyncio.run(first_frames(start))[1]
    assert asyncio.run(first_frames(start + 2))[1].count(b"event: patch") == 3


def test_nobody_follows_without_a_log_in(server: Server) -> None:
    assert httpx.get(f"{server.url}{LIVE}/stream").status_code == 401
