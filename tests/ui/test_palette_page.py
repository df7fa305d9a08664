"""Working without a pointer: the palette by sound, words and names; a call saved in three interactions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests.conftest import Server, serving
from tests.ui.driver import Wall


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def _choose(wall: Wall, typed: str) -> None:
    wall.page.keyboard.press("Control+k")
    wall.at("palette-field").fill(typed)
    expect(wall.at("palette-row").first).to_be_visible()
    wall.page.keyboard.press("Enter")
    expect(wall.at("palette")).to_have_count(0)


def test_a_call_is_saved_in_three_interactions_and_everything_is_found_by_its_name(
    browser: Browser, server: Server
) -> None:
    desk = Wall(browser, server.url).log_in("operator")
    centre = desk.page.evaluate("Object.values(baochuMap.getCenter())")
    desk.page.mouse.click(*desk.point(*centre), button="right")  # 1: where
    expect(desk.at("report-title")).to_be_focused()
    desk.page.keyboard.type("转塘下穿通道积水")  # 2: what, which names its kind
    desk.page.keyboard.press("Enter")  # 3
    expect(desk.card("转塘下穿通道积水")).to_be_visible()

    desk.page.keyboard.press("n")  # the same without a pointer
    desk.page.keyboard.type("民房着火")
    expect(desk.at("report-kind-city_fire")).to_be_checked()
    desk.page.keyboard.press("Tab")
    expect(desk.at("report-place")).to_be_focused()
    desk.page.keyboard.type("双浦演示大道")
    expect(desk.at("report-place-found").first).to_be_visible()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Enter")
    expect(desk.at("work-incident")).to_contain_text("双浦演示大道")

    for typed, work in (("jy", "callouts"), ("tasks", "tasks"), ("人员转移", "transfers")):
        _choose(desk, typed)
        expect(desk.at(f"work-{work}")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press(":")
    recent = [row.get_attribute("data-id") for row in desk.at("palette-row").all()[:3]]
    assert recent == ["act:transfers", "act:tasks", "act:callouts"]
    desk.shot("palette-1080")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Control+k")
    for sound, group, name in (("zyslxf", "team", "专业森林消防"), ("bzaz", "shelter", "避灾安置")):
        desk.at("palette-field").fill(sound)
        expect(desk.page.locator(f"[data-testid=palette-row][data-id^='{group}:']").first).to_contain_text(name)
    desk.page.keyboard.press("Escape")
    _choose(desk, "下穿通道")
    expect(desk.at("work-incident")).to_be_visible()
    _choose(desk, "tz")
    expect(desk.page).to_have_url(f"{server.url}/registers")
    _choose(desk, "report an")  # an act of the wall, from a desk
    expect(desk.at("report-form")).to_be_visible()

    viewer = Wall(browser, server.url).log_in("viewer")
    viewer.page.keyboard.press("Control+k")
    expect(viewer.page.locator("[data-id='act:tasks']")).to_be_visible()
    expect(viewer.page.locator("[data-id='act:report']")).to_have_count(0)  # what one may not do is not offered
    viewer.page.keyboard.press("Escape")
    viewer.page.keyboard.press("?")
    help_ = viewer.at("key-help")
    expect(help_).to_contain_text("叫应")
    expect(help_).not_to_contain_text("封路")
    viewer.shot("key-help-1080")
    assert (desk.outside, desk.wrong, viewer.wrong) == ([], [], [])


def test_dispatch_and_tasks_are_worked_with_the_keyboard_alone(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("operator")
    desk.page.keyboard.press("j")
    expect(desk.at("work-incident")).to_be_visible()
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    button = desk.at("dispatch-button").first
    expect(desk.at("recommend-row").first).to_be_visible()
    for _ in range(120):
        desk.page.keyboard.press("Tab")
        assert desk.page.evaluate(ring) != "none", desk.page.evaluate("document.activeElement.outerHTML")
        if button.is_visible() and button.evaluate("one => one === document.activeElement"):
            break
    else:
        pytest.fail("the order is not reached by Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.at("dispatch-state")).to_have_text("已下令")
