"""A forest fire's front at the wall on XH-MINI: asked by a click, drawn with its minutes, with what it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from shapely import MultiPolygon, Point, box
from sqlalchemy import Engine

from command.observations import take
from command.stations import Source
from gis_data.db import reading
from gis_data.world import get_world
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
    for n, west in enumerate((-1800, 300)):
        put(
            mini_db, "admin_unit", MultiPolygon([box(west, -1500, west + 2000, 1500)]), code=f"33010600{n + 2}",
            name=f"演示镇{n + 1}", name_en="Demo", level="town", governing_authority="演示", in_scope=True,
        )  # fmt: skip
    for code, element, unit in (("A-1", "wind", "m/s"), ("V-1", "wind_direction", "°")):
        put(mini_db, "gauge", Point(200, 200), code=code, name="演示风站", element=element, unit=unit, interval_s=3600)
    world = get_world(mini_db, "live")
    with reading(world) as tx:
        now = tx.at.replace(microsecond=0).isoformat()
    take(world, [{"station": "A-1", "at": now, "value": 4.5}, {"station": "V-1", "at": now, "value": 270}], Source("t"))
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
    expect(wall.at("fire-wind-by").first).to_contain_text("演示风站 A-1：4.5 米/秒")
    expect(wall.at("fire-from")).to_have_attribute("placeholder", "270")
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
    assert "270" in (wall.at("gas-from").get_attribute("placeholder") or "")  # by the gauge, as nobody says another
    wall.at("plume-run").click()
    expect(wall.at("plume-answer")).to_contain_text("100 mg/m³")
    wall.at("heat-kind").select_option("bleve")
    wall.at("heat-fuel").select_option("lpg")
    wall.at("heat-size").fill("8000")
    wall.at("heat-run").click()
    expect(wall.at("heat-answer")).to_contain_text("12.5")
    wait_for(lambda: {"plume", "heat"} <= set(wall.page.evaluate(kinds)), SLOW_MS / 1000)
    wall.page.mouse.wheel(0, 0)
    wall.at("heat-answer").scroll_into_view_if_needed()
    wall.shot("plume-1080")
    wall.at("gas-un").fill("9999")
    wall.at("gas-run").click()
    expect(wall.at("roads-problem")).to_be_visible()


def test_the_danger_of_the_day_at_a_place_and_over_the_towns(wall: Wall) -> None:
    wall.page.keyboard.press("m")
    wall.at("models-tab-danger").click()
    wall.click_map(*degrees(150, 300))
    expect(wall.at("danger-class")).to_contain_text("未知 · 缺气温 ℃、湿度 %、")  # no gauge tells
    for name, value in {"warm": "28", "damp": "20", "wind": "6", "rain": "0", "ago": "8", "fell": "2"}.items():
        wall.at(f"danger-{name}").fill(value)
    wall.at("danger-season").select_option("dry")
    wall.at("danger-run").click()
    expect(wall.at("danger-class")).to_contain_text("5 级 极易燃烧")
    expect(wall.at("danger-day").first).to_contain_text("28.0")
    expect(wall.at("danger-carry")).to_have_count(0)  # nothing is kept of a day before
    wall.at("danger-map-class").click()
    expect(wall.at("danger-towns")).to_contain_text("演示镇1")
    expect(wall.at("danger-legend").locator("li")).to_have_count(5)
    wait_for(lambda: wall.page.evaluate("Boolean(baochuMap.getLayer('picture-danger'))"), SLOW_MS / 1000)
    wait_for(lambda: wall.page.evaluate("baochuMap.areTilesLoaded() && baochuMap.isSourceLoaded('picture-danger')"), 30)
    wall.shot("danger-1080")
    wall.at("danger-assumptions").click()
    expect(wall.at("danger-answer")).to_contain_text("不据此对外发布")
    wall.at("danger-hide").click()
    wait_for(lambda: not wall.page.evaluate("Boolean(baochuMap.getLayer('picture-danger'))"), SLOW_MS / 1000)
