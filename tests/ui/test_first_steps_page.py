"""First steps: the tour once an account, the flow in the help; and what was just done is taken back by its notice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def test_the_tour_the_flow_and_the_way_back(browser: Browser, server: Server) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    place = operator.get("/api/places", q="双浦演示大道")[0]
    operator.post(f"{LIVE}/incidents", 201, kind="flood", title="积水 DEMO", lon=place["lon"], lat=place["lat"])
    desk = Wall(browser, server.url).log_in("operator")
    desk.at("tour-start").click()
    seen = []
    while desk.at("tour").count():
        seen.append(desk.at("tour").get_attribute("data-step"))
        if len(seen) == 2:
            desk.shot("tour-1080")
        desk.page.keyboard.press("ArrowRight")
    assert len(seen) == len(set(seen))
    assert {"report-button", "incidents", "command-lines", "replay-open"} <= set(seen)
    desk.page.reload()
    desk.ready()
    expect(desk.at("tour-offer")).to_have_count(0)  # once an account and browser
    desk.page.keyboard.press("?")
    steps = ["接报", "推荐", "调派", "封控", "响应", "任务", "叫应", "转移", "报告", "回放"]
    said = [f"{n} {step}" for n, step in enumerate(steps, 1)]
    expect(desk.at("help-flow").locator("li b")).to_have_text(said)
    desk.shot("help-1080")
    desk.at("tour-again").click()
    expect(desk.at("tour")).to_be_visible()
    desk.page.keyboard.press("Escape")

    desk.page.keyboard.press("j")
    desk.at("dispatch-button").first.click()
    expect(desk.at("dispatch-state")).to_have_text("已下令")
    desk.at("undo").click()
    expect(desk.at("dispatch-card")).to_have_count(0)
    entry = operator.get(f"{LIVE}/journal", limit=100)[-1]
    assert entry["kind"] == "DispatchAdvanced"
    assert "操作后立即撤销" in entry["zh"]
    assert (desk.outside, desk.wrong) == ([], [])
