"""The water model at the wall on XH-MINI with a hollow under N2–N3: looked at, asked, played, suggested, confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests.conftest import serving, wait_for
from tests.ui.driver import SLOW_MS, Wall
from tests.web.test_runs import at, draw, load_hollow, square


@pytest.fixture
def wall(browser: Browser, mini_db: Engine, data_dir: Path, tmp_path: Path) -> Iterator[Wall]:
    load_hollow(mini_db, tmp_path, data_dir)
    draw(mini_db, "building", f"MULTIPOLYGON({square(0, 40, 10)})", kind="house")
    with serving(mini_db, data_dir) as server:
        found = Wall(browser, server.url)
        found.log_in("operator")
        yield found
        assert (found.outside, found.wrong) == ([], [])


def drawn(wall: Wall, picture: str) -> bool:
    return bool(wall.page.evaluate(f"baochuMap.getLayer('picture-{picture}') !== undefined"))


def test_a_quick_look_then_water_let_in_behind_a_wall(wall: Wall) -> None:
    wall.page.keyboard.press("m")
    wall.at("flood-way-screening").click()
    wall.at("screening-mm").fill("12")
    wall.at("screening-run").click()
    expect(wall.at("flood-buildings")).to_contain_text("1")
    expect(wall.at("screening-bar")).to_contain_text("参考 筛查")
    wait_for(lambda: drawn(wall, "screening"), SLOW_MS / 1000)
    wall.shot("flood-screening-1080")

    wall.at("flood-way-run").click()
    wall.at("flood-series").fill("")
    wall.at("told-inflows").locator("summary").click()
    wall.at("told-inflows-add").click()
    wall.click_map(*at(200, 0))
    expect(wall.at("told-inflows-at")).to_contain_text("120.1")
    wall.at("flood-run").click()
    expect(wall.page.get_by_role("alert").filter(has_text="第 1 处没有填全")).to_be_visible()
    for minute, flow in enumerate(("20", "20")):
        wall.at("told-inflows-value").nth(minute).fill(flow)
    wall.at("told-inflows-minute").nth(1).fill("20")
    wall.at("told-walls").locator("summary").click()
    wall.at("told-walls-add").click()
    for corner in ((-160, -160), (160, -160), (160, 160), (-160, 160), (-160, -160)):
        wall.click_map(*at(*corner))
    expect(wall.at("told-wall-draw")).to_contain_text("5")
    wall.at("told-wall-done").click()
    wall.at("told-wall-m").fill("3")
    wall.shot("flood-told-1080")
    wall.at("flood-run").click()
    expect(wall.at("flood-result")).to_contain_text("入流 1 处，挡水墙 1 处", timeout=3 * SLOW_MS)
    expect(wall.at("flood-buildings").locator("td").first).to_have_text("0")  # the wall keeps it dry
    expect(wall.at("screening-bar")).to_have_count(0)
    wait_for(lambda: drawn(wall, "flood") and not drawn(wall, "screening"), SLOW_MS / 1000)
    wall.at("flood-result").scroll_into_view_if_needed()
    wall.shot("flood-walled-1080")
    wall.page.get_by_role("button", name="English").click()
    wall.shot("flood-walled-en-1080")
    wall.at("flood-way-screening").click()
    wall.shot("flood-screening-en-1080")


def test_water_is_computed_looked_at_and_decided_on(wall: Wall) -> None:
    wall.page.keyboard.press("m")
    wall.at("flood-series").fill("120 120 x")
    wall.at("flood-run").click()
    expect(wall.page.get_by_role("alert").filter(has_text="雨强")).to_be_visible()
    wall.at("flood-series").fill("120 120 120 0 0 0")
    wall.at("flood-run").click()
    expect(wall.at("flood-result")).to_contain_text("N2–N3", timeout=3 * SLOW_MS)
    wall.at("flood-assumptions").click()
    expect(wall.at("flood-result")).to_contain_text("局部惯性")
    expect(wall.at("flood-bar")).to_contain_text("参考")
    wait_for(lambda: drawn(wall, "flood"), SLOW_MS / 1000)
    wall.shot("flood-1080")

    slider = wall.at("flood-slider")
    slider.fill("0")
    expect(wall.at("flood-bar")).to_contain_text("0 分")
    roads = "(async () => (await baochuMap.getSource('flood_roads').getData()).features.length)()"
    wait_for(lambda: wall.page.evaluate(roads) == 0, SLOW_MS / 1000)  # nothing has fallen yet
    slider.fill("6")
    wait_for(lambda: wall.page.evaluate(roads) > 0, SLOW_MS / 1000)

    wall.page.keyboard.press("Escape")
    row = wall.at("suggestion-row").filter(has_text="N2–N3")
    expect(row).to_contain_text("参考")
    row.get_by_test_id("suggestion-confirm").click()
    expect(row.get_by_test_id("suggestion-submit")).to_be_disabled()
    row.get_by_test_id("suggestion-note").fill("巡查员现场确认")
    row.get_by_test_id("suggestion-submit").click()
    expect(wall.at("closure-row").filter(has_text="N2–N3")).to_contain_text("巡查员现场确认")
    expect(row).to_have_count(0)
    wall.shot("flood-confirmed-1080")

    wall.at("flood-hide").click()
    expect(wall.at("flood-bar")).to_have_count(0)
    wait_for(lambda: not drawn(wall, "flood"), SLOW_MS / 1000)
