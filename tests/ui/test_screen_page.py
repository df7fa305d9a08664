"""The wall's screen: an operator pushes a scene with an incident to it, it follows, and is handed back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, Server, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall

LIVE = "/api/worlds/live"


@pytest.fixture
def server(mini_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(mini_db, data_dir) as running:
        yield running


def centre(wall: Wall) -> tuple[float, float, float]:
    at = wall.page.evaluate("[baochuMap.getCenter().lng, baochuMap.getCenter().lat, baochuMap.getZoom()]")
    return round(at[0], 3), round(at[1], 3), round(at[2], 1)


def test_a_screen_follows_its_director_and_is_handed_back(browser: Browser, server: Server) -> None:
    operator = Person(httpx.Client(base_url=server.url, timeout=20)).log_in("operator")
    Person(httpx.Client(base_url=server.url)).log_in("admin").post("/api/worlds", name="drill-screen", title="屏演")
    lon, lat = NODES["N3"]
    operator.post(f"{LIVE}/incidents", kind="flood", title="下穿积水", grade="larger", lon=lon, lat=lat)
    hidden = operator.post(f"{LIVE}/incidents", kind="other", title="不宜示人", lon=lon, lat=lat)
    operator.post(f"{LIVE}/incidents/{hidden['id']}/sensitive", 200, sensitive=True, reason="涉未成年人")
    screen = Wall(browser, server.url).log_in("viewer", "/screen?name=东屏")
    desk = Wall(browser, server.url).log_in("operator")
    cards = screen.at("screen-incident")
    expect(cards).to_have_count(1)
    assert "不宜示人" not in screen.page.content()
    expect(screen.at("screen-scene")).to_have_attribute("data-scene", "daily")
    expect(screen.page.locator("[data-feed=data][data-state=fresh]")).to_be_visible()
    alone = centre(screen)

    desk.page.keyboard.press("2")
    expect(desk.at("scene-menu")).to_have_attribute("data-scene", "flood")
    desk.card("下穿积水").click()
    desk.page.evaluate(f"baochuMap.jumpTo({{center: [{lon}, {lat}], zoom: 15}})")
    desk.at("director").click()
    desk.at("director-to").fill("东屏")
    expect(desk.at("director-box")).to_contain_text("下穿积水")
    desk.at("director-push").click()
    expect(screen.at("screen-directed")).to_contain_text("operator岗")
    expect(screen.at("screen-directed")).to_contain_text("下穿积水")
    expect(screen.at("screen-scene")).to_have_attribute("data-scene", "flood")
    wait_for(lambda: centre(screen) == (round(lon, 3), round(lat, 3), 15.0), SLOW_MS / 1000)
    picked = "baochuMap.getSource('picked').serialize().data.features.length"
    assert screen.page.evaluate(picked) == 1
    screen.shot("screen-directed-1080")

    desk.at("director-release").click()
    expect(screen.at("screen-directed")).to_have_count(0)
    expect(screen.at("screen-scene")).to_have_attribute("data-scene", "daily")
    wait_for(lambda: centre(screen) == alone, SLOW_MS / 1000)
    assert screen.page.evaluate(picked) == 0
    assert operator.get(f"{LIVE}/journal", limit=500)[-1]["kind"] == "ScreenReleased"

    screen.page.goto(f"{server.url}/screen/drill-screen")
    screen.ready()
    expect(screen.at("screen-world")).to_have_attribute("data-kind", "drill")
    expect(screen.at("watermark")).to_be_visible()
    frame = screen.page.locator(".screen__frame")
    assert frame.evaluate("one => getComputedStyle(one).borderTopColor") == "rgb(176, 124, 255)"
    screen.shot("screen-drill-1080")
    assert (screen.outside, screen.wrong, desk.outside, desk.wrong) == ([], [], [], [])
