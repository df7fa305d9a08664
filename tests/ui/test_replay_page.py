"""Replay on the wall: back to a moment, running from there, nothing to be done in the past, and back to the present."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from gis_data.clock import real_now
from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall

HERE = "/api/worlds/drill-past"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


@pytest.fixture
def clock(server: Server) -> Callable[[int], datetime]:
    """Sets the clock of a drill so many minutes on from its beginning, where it stands; gives that time."""
    admin = Person(httpx.Client(base_url=server.url)).log_in("admin")
    admin.post("/api/worlds", name="drill-past", title="回放演练")
    begins = real_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)

    def to(minutes: int) -> datetime:
        at = begins + timedelta(minutes=minutes)
        answer = admin.client.put(f"{HERE}/clock", json={"speed": 0, "at": at.isoformat()})
        assert answer.status_code == 200, answer.text
        return at

    return to


def rain(server: Server, at: datetime, mm: float) -> None:
    """What every rain gauge has measured in the hour before a time."""
    admin = Person(httpx.Client(base_url=server.url)).log_in("admin")
    key = admin.post("/api/sources", id="rain", name="演示水文", worlds=["drill-past"])["key"]
    rows = [{"station": f"R-{n:02d}", "at": at.isoformat(), "value": mm, "span_s": 3600} for n in range(1, 15)]
    answer = httpx.post(f"{server.url}{HERE}/readings", json=rows, headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["stored"] == len(rows), answer.text


def slide(wall: Wall, ms: float) -> None:
    """Draw the bar of time to a moment."""
    bar = "(bar, ms) => { bar.value = ms; bar.dispatchEvent(new Event('input', { bubbles: true })) }"
    wall.at("replay-slider").evaluate(bar, ms)


def test_the_wall_goes_back_and_returns(browser: Browser, server: Server, clock: Callable[[int], datetime]) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    team = next(iter(operator.get(f"{HERE}/board")["teams"].values()))
    place = {"lon": team["lon"], "lat": team["lat"]}

    def report(title: str) -> None:
        operator.post(f"{HERE}/incidents", 201, kind="flood", title=title, **place)

    clock(0)
    report("第一处积水")
    kept = operator.post(f"{HERE}/situations", 201, note="第一处之后")
    rain(server, clock(60), 33)
    report("第二处积水")
    wall = Wall(browser, server.url).log_in("operator", "/w/drill-past")
    expect(wall.card("第二处积水")).to_be_visible()
    fallen = wall.at("town-rain-row").first.locator("[data-hours='1']")
    expect(fallen).to_have_text("33")
    wall.page.keyboard.press("t")
    expect(wall.at("replay-mark")).to_be_visible()
    expect(wall.card("第二处积水")).to_be_visible()  # it begins at the newest moment
    expect(wall.at("report-button")).to_be_disabled()

    moment = wall.page.evaluate("at => Date.parse(at)", kept["at"])
    slide(wall, moment)
    expect(wall.card("第二处积水")).to_have_count(0)
    expect(fallen).to_have_text("缺测")  # nobody had measured yet
    clock(61)
    report("第三处积水")  # the present goes on behind
    wall.shot("replay-past-1080")
    slide(wall, moment + 3_540_000)
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
