"""The live stream on a real server: patches arrive at once, a page that was away resumes, one too far behind resets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from gis_data.clock import monotonic_s
from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, Server, serving

LIVE = "/api/worlds/live"


@pytest.fixture
def server(mini_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(mini_db, data_dir) as running:
        yield running


def _person(server: Server, role: str) -> Person:
    return Person(httpx.Client(base_url=server.url, timeout=10)).log_in(role)


def _events(person: Person, after: int, **headers: str) -> Iterator[tuple[str, dict[str, object]]]:
    with person.client.stream("GET", f"{LIVE}/stream", params={"after": after}, headers=headers) as stream:
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                yield kind, json.loads(line[6:])


def _report(person: Person, title: str) -> dict[str, object]:
    lon, lat = NODES["C3"]
    return person.post(f"{LIVE}/incidents", kind="flood", title=title, lon=lon, lat=lat)  # type: ignore[return-value]


def test_a_report_reaches_another_page_within_a_second(server: Server) -> None:
    operator, wall = _person(server, "operator"), _person(server, "viewer")
    seq = wall.get(f"{LIVE}/board")["seq"]  # type: ignore[index]
    seen: list[tuple[float, dict[str, object]]] = []
    ready = threading.Event()

    def follow() -> None:
        events = _events(wall, seq)
        ready.set()
        for kind, data in events:
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
    assert patch["put"]["incidents"][incident["id"]]["title"] == "积水"  # type: ignore[index]
    assert arrived - sent < 1.0


def test_a_page_that_was_away_resumes_where_it_was(server: Server) -> None:
    operator, wall = _person(server, "operator"), _person(server, "viewer")
    seq = wall.get(f"{LIVE}/board")["seq"]  # type: ignore[index]
    for n in range(5):
        _report(operator, f"积水 {n}")
    events = _events(wall, 0, **{"Last-Event-ID": str(seq + 2)})
    missed = [next(events)[1]["seq"] for _ in range(3)]
    assert missed == [seq + 3, seq + 4, seq + 5]


def test_a_page_ahead_of_the_journal_is_told_to_read_again(server: Server) -> None:
    kind, _ = next(_events(_person(server, "viewer"), 999_999))
    assert kind == "reset"


def test_nobody_follows_without_a_log_in(server: Server) -> None:
    assert httpx.get(f"{server.url}{LIVE}/stream").status_code == 401
