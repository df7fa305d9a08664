"""The 2.5-D scene on XH-MINI with a hollow and a house: they stand, water rises, a view is hatched; and back."""

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
    draw(mini_db, "building", f"MULTIPOLYGON({square(40, 0, 10)})", kind="school", height_m=20.0)
    with serving(mini_db, data_dir) as server:
        found = Wall(browser, server.url, 1280, 720)
        found.log_in("operator")
        yield found
        assert (found.outside, found.wrong) == ([], [])


def test_ground_stands_water_rises_and_a_house_hides(wall: Wall) -> None:
    page = wall.page

    def drawn(layer: str) -> int:
        return int(page.evaluate(f"baochuMap.queryRenderedFeatures({{ layers: ['{layer}'] }}).length"))

    lon, lat = at(0, 0)
    page.evaluate(f"baochuMap.jumpTo({{ center: [{lon}, {lat}], zoom: 16 }})")
    assert page.evaluate("[baochuMap.getPitch(), baochuMap.getTerrain()]") == [0, None]
    page.keyboard.press("v")
    expect(wall.at("relief-note")).to_contain_text("×1.5")
    wait_for(lambda: page.evaluate("baochuMap.getPitch()") > 50, SLOW_MS / 1000)
    # The rim of the hollow is 2 m above its floor: 3 m here.
    rise = f"baochuMap.queryTerrainElevation({list(at(0, 200))}) - baochuMap.queryTerrainElevation({[lon, lat]})"
    wait_for(lambda: 2 < page.evaluate(rise) < 5, SLOW_MS / 1000)
    wait_for(lambda: drawn("buildings-solid") > 0, SLOW_MS / 1000)
    assert drawn("buildings-fill") == 0

    page.keyboard.press("m")
    wall.at("flood-series").fill("120 120 120 0 0 0")
    wall.at("flood-run").click()
    expect(wall.at("flood-bar")).to_contain_text("参考", timeout=3 * SLOW_MS)
    expect(wall.at("relief-note")).to_contain_text("推算水深 ×10（参考）")
    wait_for(lambda: drawn("flood_roads-water") > 0, SLOW_MS / 1000)
    wall.at("flood-slider").fill("0")
    wait_for(lambda: drawn("flood_roads-water") == 0, SLOW_MS / 1000)
    wall.at("flood-hide").click()

    wall.at("models-tab-sight").click()
    wall.at("sight-eye-field").fill("2")
    wall.at("sight-range-field").fill("400")
    wall.click_map(*at(-60, 0))
    expect(wall.at("sight-seen")).to_contain_text("平方公里")
    wait_for(lambda: drawn("sight-seen") > 0, SLOW_MS / 1000)
    wall.click_map(*at(90, 0))
    expect(wall.at("sight-clear-said")).to_have_text("不通视")
    expect(wall.at("sight-profile")).to_contain_text("被遮挡")

    page.keyboard.press("Escape")
    wall.at("relief-button").click()
    wait_for(lambda: page.evaluate("baochuMap.getPitch()") == 0, SLOW_MS / 1000)
    assert page.evaluate("baochuMap.getTerrain()") is None
    wait_for(lambda: drawn("buildings-fill") > 0, SLOW_MS / 1000)
