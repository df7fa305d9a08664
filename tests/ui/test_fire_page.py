"""A forest fire's front at the wall on XH-MINI: asked by a click, drawn with its minutes, with what it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from shapely import MultiPolygon, Point, box
from sqlalchemy import Engine

from tests.conftest import serving, wait_for
from tests.ui.driver import SLOW_MS, Wall
from tests.web.danger_ground import degrees, load_plain, put


@pytest.fixture
def wall(browser: Browser, mini_db: Engine, data_dir: Path, tmp_path: Path) -> Iterator[Wall]:
    load_plain(mini_db, tmp_path, data_dir)
    put(
        mini_db,
        "forest_stand",
        MultiPolygon([box(-1500, -1500, 2000, 900)]),
        code="XB-1",
        name="演示小班",
        fuel="grass",
    )
    put(mini_db, "fire_point", Point(500, 300), code="F-1", name="演示坟墓", kind="graves")
    with serving(mini_db, data_dir) as server:
        found = Wall(browser, server.url)
        found.log_in("operator")
        yield found
        assert (found.outside, found.wrong) == ([], [])


def test_a_front_is_asked_for_and_looked_at(wall: Wall) -> None:
    wall.page.keyboard.press("m")
    wall.at("models-tab-fire").click()
    wall.at("fire-run").click()
    expect(wall.page.get_by_role("alert").filter(has_text="起火点")).to_be_visible()
    wall.click_map(*degrees(150, 300))
    wall.at("fire-from").fill("270")
    wall.at("fire-hours").fill("1")
    wall.at("fire-run").click()
    expect(wall.at("fire-result")).to_contain_text("演示坟墓", timeout=3 * SLOW_MS)
    expect(wall.at("fire-isochrone")).to_have_count(6)
    wall.at("fire-assumptions").click()
    expect(wall.at("fire-result")).to_contain_text("不计飞火")
    kinds = "(async () => (await baochuMap.getSource('fire_run').getData()).features.map(f => f.properties.kind))()"
    wait_for(lambda: wall.page.evaluate(kinds).count("isochrone") == 6, SLOW_MS / 1000)
    wall.shot("fire-1080")
    wall.at("fire-away").click()
    wait_for(lambda: wall.page.evaluate(kinds) == [], SLOW_MS / 1000)


def test_a_leak_gives_zones_and_ways_from_upwind(wall: Wall) -> None:
    wall.page.keyboard.press("m")
    wall.at("models-tab-gas").click()
    wall.click_map(*degrees(900, 0))
    expect(wall.at("gas-answer")).to_contain_text("初始警戒建议")
    expect(wall.at("gas-answer")).to_contain_text("DEMO")
    expect(wall.at("gas-approach")).to_have_count(2)
    expect(wall.at("gas-approach").first).to_contain_text("T")
    kinds = "(async () => (await baochuMap.getSource('gas_zones').getData()).features.map(f => f.properties.kind))()"
    wait_for(lambda: {"isolation", "sector", "upwind", "spot"} <= set(wall.page.evaluate(kinds)), SLOW_MS / 1000)
    wall.shot("gas-1080")
    wall.at("gas-un").fill("9999")
    wall.at("gas-run").click()
    expect(wall.at("roads-problem")).to_be_visible()
