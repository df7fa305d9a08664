"""Alarms on two screens: they blink and sound until one post takes note, and fall silent together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests.conftest import Person, Server, serving, wait_for
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"
COUNT = """window.tones = 0; const made = window.OscillatorNode;
window.OscillatorNode = class extends made { constructor(...all) { super(...all); window.tones += 1 } }"""


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def _tones(wall: Wall) -> int:
    return int(wall.page.evaluate("window.tones"))


def _rings(wall: Wall) -> bool:
    return _tones(wall) >= 4


def test_an_alarm_rings_until_somebody_takes_note(browser: Browser, server: Server) -> None:
    desk, wall = (Wall(browser, server.url, motion="no-preference") for _ in range(2))
    for one in (desk, wall):
        one.page.context.add_init_script(COUNT)
    desk.log_in("operator")
    wall.log_in("viewer")
    expect(wall.at("alarms")).to_have_attribute("data-voice", "on")  # whoever has logged in has clicked

    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    place = operator.get("/api/places", q="双浦演示大道")[0]
    said = {"kind": "geohazard", "title": "山体滑坡压车", "lon": place["lon"], "lat": place["lat"]}
    operator.post(f"{LIVE}/incidents", 201, **said, grade="major")
    for one in (desk, wall):
        expect(one.at("alarm")).to_contain_text("山体滑坡压车")
        wait_for(partial(_rings, one), 30)  # it goes on: two tones, again and again
    blink = "one => getComputedStyle(one).animationIterationCount"
    assert wall.at("alarm").evaluate(blink) == "infinite"
    expect(wall.at("alarm-acknowledge")).to_have_count(0)  # a liaison may not answer for the post
    wall.shot("alarm-1080")

    desk.page.keyboard.press("x")
    desk.shot("alarm-settings-1080")
    desk.at("alarm-mute-15").click()
    expect(desk.at("alarm-muted")).to_contain_text("operator岗")
    expect(wall.at("alarms")).to_have_attribute("data-voice", "muted")
    expect(wall.at("alarm")).to_be_visible()  # silent, and still blinking
    desk.at("alarm-unmute").click()
    expect(wall.at("alarms")).to_have_attribute("data-voice", "on")
    desk.page.keyboard.press("Escape")

    desk.at("alarm-acknowledge").click()
    for one in (desk, wall):
        expect(one.at("alarms")).to_have_attribute("data-waiting", "0")
    silent = _tones(wall)
    expect(wall.at("event-log")).to_contain_text("知悉：重大事件")
    operator.post(f"{LIVE}/incidents", 201, **said, grade="general")
    expect(wall.at("incident-card")).to_have_count(2)
    assert _tones(wall) == silent

    desk.page.keyboard.press("x")  # this screen asks for no incidents any more; the other does
    desk.at("alarm-kind-incident").uncheck()
    operator.post(f"{LIVE}/incidents", 201, **said | {"title": "又一处滑坡"}, grade="major")
    expect(wall.at("alarm")).to_contain_text("又一处滑坡")
    expect(desk.at("alarms")).to_have_attribute("data-waiting", "0")
    assert (desk.outside, wall.outside, desk.wrong, wall.wrong) == ([], [], [], [])
