"""Replay on the wall: back to a moment, running from there, nothing to be done in the past, and back to the present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from gis_data.clock import real_now
from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def rain(server: Server, mm: float) -> None:
    """What every rain gauge has measured in the last hour."""
    admin = Person(httpx.Client(base_url=server.url)).log_in("admin")
    key = admin.post("/api/sources", id="rain", name="演示水文", worlds=["live"])["key"]
    at = real_now().isoformat()
    rows = [{"station": f"R-{n:02d}", "at": at, "value": mm, "span_s": 3600} for n in range(1, 15)]
    sent = {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"{server.url}/api/worlds/live/readings", json=rows, headers=sent)
    assert answer.json()["stored"] == len(rows), answer.text


def test_the_wall_goes_back_and_returns(browser: Browser, server: Server) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    team = next(iter(operator.get("/api/worlds/live/board")["teams"].values()))
    place = {"lon": team["lon"], "lat": team["lat"]}

    def report(title: str) -> None:
        operator.post("/api/worlds/live/incidents", 201, kind="flood", title=title, **place)

    report("第一处积水")
    kept = operator.post("/api/worlds/live/situations", 201, note="第一处之后")
    report("第二处积水")
    rain(server, 33)
    wall = Wall(browser, server.url).log_in("operator")
    expect(wall.card("第二处积水")).to_be_visible()
    fallen = wall.at("town-rain-row").first.locator("[data-hours='1']")
    expect(fallen).to_have_text("33")
    wall.page.keyboard.press("t")
    expect(wall.at("replay-mark")).to_be_visible()
    expect(wall.card("第二处积水")).to_be_visible()  # it begins at the newest moment
    expect(wall.at("report-button")).to_be_disabled()

    moment = wall.page.evaluate("at => Date.parse(at)", kept["at"])
    wall.at("replay-slider").evaluate(
        "(bar, ms) => { bar.value = ms; bar.dispatchEvent(new Event('input', { bubbles: true })) }", moment - 1000
    )
    expect(wall.card("第二处积水")).to_have_count(0)
    expect(fallen).to_have_text("缺测")  # nobody had measured yet
    report("第三处积水")  # the present goes on behind
    wall.at("replay-speed").select_option("60")
    wall.at("replay-play").click()
    expect(wall.card("第二处积水")).to_be_visible()
    expect(wall.at("replay-play")).to_have_attribute("aria-pressed", "false")  # it stops where the journal ended
    expect(wall.card("第三处积水")).to_have_count(0)
    wall.shot("replay-1080")

    wall.at("replay-leave").click()
    expect(wall.at("replay-mark")).to_have_count(0)
    expect(wall.card("第三处积水")).to_be_visible()
    expect(fallen).to_have_text("33")
    expect(wall.at("report-button")).to_be_enabled()
    assert (wall.outside, wall.wrong) == ([], [])
