"""The server is gone for a minute: the wall keeps its picture and says so, forms keep their words; then all goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command import incidents
from gis_data.db import district, reading, writing
from gis_data.world import SYSTEM, Actor, get_world
from tests.conftest import Server, serving
from tests.ui.driver import Wall


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def _report(engine: Engine, title: str) -> None:
    live = get_world(engine, "live")
    with reading(live, SYSTEM) as tx:
        west, south, east, north = district(tx.session).box
    said = incidents.Report("flood", title, (west + east) / 2, (south + north) / 2)
    with writing(live, Actor("operator", "值班岗", "operator")) as tx:
        incidents.report(tx, said)


def test_a_minute_without_the_server(browser: Browser, server: Server, demo_db: Engine) -> None:
    _report(demo_db, "断网前的积水")
    desk = Wall(browser, server.url)
    desk.page.clock.install()
    desk.log_in("operator")
    expect(desk.card("断网前的积水")).to_be_visible()
    expect(desk.page.locator("html[data-panels-ready=true]")).to_be_attached()
    server.stop()

    age = desk.at("data-age")
    desk.page.clock.fast_forward(40_000)
    expect(age).to_have_attribute("data-state", "offline")
    first = age.inner_text()
    desk.page.keyboard.press("n")  # opened for the first time, and without a server
    desk.at("report-title").fill("断网时接的电话积水")
    expect(desk.at("work-offline")).to_be_visible()
    desk.click_map(*desk.page.evaluate("Object.values(baochuMap.getCenter())"))
    desk.at("report-submit").click()
    expect(desk.at("report-fault")).to_contain_text("连不上服务器")
    desk.page.clock.fast_forward(60_000)
    expect(age).not_to_have_text(first)
    expect(age).to_contain_text("离线")
    expect(desk.card("断网前的积水")).to_be_visible()
    drawn = "baochuMap.queryRenderedFeatures({ layers: ['roads-line'] }).length"
    assert desk.page.evaluate(drawn) > 0
    desk.shot("offline-1080")

    _report(demo_db, "断网期间别处的报告")
    server.start()  # another process at the same address
    desk.page.clock.fast_forward(10_000)
    expect(age).to_have_attribute("data-state", "fresh")
    expect(desk.card("断网期间别处的报告")).to_be_visible()
    expect(desk.at("work-offline")).to_have_count(0)
    expect(desk.at("report-title")).to_have_value("断网时接的电话积水")
    desk.at("report-submit").click()
    expect(desk.card("断网时接的电话积水")).to_be_visible()
    _report(demo_db, "恢复之后的报告")  # the stream itself goes on
    expect(desk.card("恢复之后的报告")).to_be_visible()
    assert (desk.outside, desk.wrong) == ([], [])
