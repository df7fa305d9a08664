"""The roads at the wall on XH-MINI: ways under limits, areas and islands, coverage with the handbook's case A."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, middle, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall

STALE = "已过期：路网已变化"


class Roads(Wall):
    """Somebody at the wall who asks the roads."""

    def tab(self, name: str) -> None:
        """Open the panel at one of its questions."""
        if not self.at("work-roads").is_visible():
            self.page.keyboard.press("d")
        self.at(f"roads-tab-{name}").click()

    def drawn(self, source: str) -> list[dict[str, Any]]:
        """What a source of the map holds: each feature's properties."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "async name => (await baochuMap.getSource(name).getData()).features.map(one => one.properties)", source
        )
        return found

    def sees(self, source: str, **properties: Any) -> None:
        """Wait until a feature with these properties is drawn."""
        wait_for(lambda: any(properties.items() <= one.items() for one in self.drawn(source)), SLOW_MS / 1000)

    def settled(self) -> None:
        """Wait until all that the map holds is drawn."""
        wait_for(lambda: self.page.evaluate("baochuMap.loaded()"), SLOW_MS / 1000)

    def close_road(self, road: str) -> None:
        """Take a road on the map for closing, with a reason."""
        self.page.keyboard.press("r")
        self.settled()
        self.click_map(*middle(road))
        expect(self.at("closure-road")).to_have_text(road)
        self.page.get_by_role("button", name="积水", exact=True).click()


@pytest.fixture
def wall(browser: Browser, mini_db: Engine, data_dir: Path) -> Iterator[Roads]:
    with serving(mini_db, data_dir) as server:
        found = Roads(browser, server.url)
        found.log_in("operator")
        yield found
        assert (found.outside, found.wrong) == ([], [])


def test_a_way_follows_the_limits_for_its_vehicle(wall: Roads) -> None:
    wall.tab("route")
    wall.click_map(*NODES["N1"])
    expect(wall.at("route-from")).to_contain_text("T1")  # the team that stands there
    wall.click_map(*NODES["C3"])
    first = wall.at("way-card").first
    expect(first).to_contain_text("2.3")
    expect(wall.at("way-card").nth(1)).to_contain_text("2.6")
    expect(wall.at("way-step").last).to_have_text("到达")
    expect(wall.at("roads-rests")).to_contain_text("封控与限行 0 处")
    wall.sees("ways", chosen=True)
    wall.sees("ways", chosen=False)

    wall.close_road("N2–N3")
    expect(wall.at("closure-detour")).to_contain_text("多 0.3 分、150 米")
    wall.shot("closure-detour")
    wall.at("closure-scope-some").click()
    wall.at("closure-kind-ambulance").check(force=True)
    wall.at("closure-submit").click()
    expect(wall.at("closure-limit")).to_have_text("禁行：救护车")
    wall.sees("closures", full=False)

    wall.tab("route")
    expect(first).to_contain_text("2.3")  # kept, and asked anew: others may pass
    expect(wall.at("roads-rests")).to_contain_text("封控与限行 1 处")
    wall.at("route-profile").get_by_role("combobox").select_option("ambulance")
    expect(first).to_contain_text("2.6")
    wall.at("lang-switch").first.click()
    expect(wall.at("way-step").last).to_have_text("Arrive")
    expect(wall.at("route-profile")).to_contain_text("Ambulance")
    wall.at("lang-switch").first.click()

    wall.at("route-profile").get_by_role("combobox").select_option("drive")
    wall.close_road("N2–N3")
    wall.at("closure-submit").click()
    wall.sees("closures", full=True)
    wall.tab("route")
    expect(first).to_contain_text("2.6")
    wall.at("roads-clear").click()
    wait_for(lambda: wall.drawn("ways") == [], SLOW_MS / 1000)


def test_areas_grow_stale_and_islands_are_told(wall: Roads) -> None:
    wall.tab("areas")
    wall.at("areas-minutes").fill("2, 1")
    wall.click_map(*NODES["N3"])
    rows = wall.at("area-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("1 分钟内")
    expect(rows.nth(0)).to_contain_text("260")
    expect(rows.nth(1)).to_contain_text("505")
    expect(wall.at("roads-answer")).to_contain_text("参考")
    expect(wall.at("legend-areas")).to_contain_text("2 分")
    wall.sees("service_areas", kind="band", minutes=1)

    wall.tab("islands")
    expect(wall.at("islands-none")).to_be_visible()
    wall.page.keyboard.press("Escape")
    operator = Person(httpx.Client(base_url=wall.url)).log_in("operator")
    for road in ("N3–N4", "N4–N5"):
        lon, lat = middle(road)
        operator.post("/api/worlds/live/closures", lon=lon, lat=lat, reason="塌方")
    expect(wall.at("notice").filter(has_text="形成孤岛")).to_contain_text("150 人")
    wall.tab("islands")
    expect(wall.at("island-row")).to_contain_text("150 人")
    wall.sees("islands", label="孤岛 150 人")
    wall.at("islands-profile").get_by_role("combobox").select_option("walk")
    expect(wall.at("island-row")).to_contain_text("150 人")
    wall.shot("islands")

    wall.tab("areas")
    expect(wall.at("roads-stale")).to_contain_text(STALE)
    wall.at("roads-again").click()
    expect(wall.at("roads-stale")).to_have_count(0)
    expect(rows.nth(1)).to_contain_text("355")  # C4 is cut off

    wall.tab("route")
    wall.click_map(*NODES["N1"])
    wall.click_map(*NODES["C4"])
    expect(wall.at("roads-problem")).to_contain_text("孤岛")


def test_coverage_by_distance_and_by_room(wall: Roads) -> None:
    wall.tab("coverage")
    wall.at("coverage-run").click()
    by_distance, by_room = wall.at("coverage-by-distance"), wall.at("coverage-by-capacity")
    expect(by_distance).to_contain_text("94.5%")
    expect(by_distance).to_contain_text("685 人")
    expect(by_room).to_contain_text("62.1%")
    expect(by_room).to_contain_text("450 人")
    expect(wall.at("coverage-unmet")).to_contain_text("275")
    outdoor = wall.page.locator("[data-testid=shelter-out][data-code=S3]")
    expect(outdoor).to_contain_text("室外")
    expect(wall.at("coverage-parameter").filter(has_text="服务距离")).to_contain_text("1000")
    wall.sees("coverage", state="housed")
    wall.sees("coverage", state="full")
    wall.sees("coverage", state="far")
    wall.sees("coverage-shelters", id="S3", counts=False)

    wall.settled()
    wall.shot("coverage-mini-1080")
    wall.click_map(*NODES["S4"])  # left out by a click: the handbook's case C
    expect(by_distance).to_contain_text("73.8%")
    expect(by_room).to_contain_text("300 人")
    wall.page.locator("[data-testid=shelter-out][data-code=S4]").get_by_test_id("shelter-take-in").click()
    expect(by_room).to_contain_text("450 人")

    wall.at("coverage-limit_m").fill("1500")
    wall.at("coverage-run").click()
    expect(by_distance).to_contain_text("100.0%")
    wall.page.keyboard.press("Escape")
    wall.tab("coverage")
    expect(by_distance).to_contain_text("100.0%")
    wall.at("roads-clear").click()
    expect(wall.at("roads-answer")).to_have_count(0)
    assert wall.drawn("coverage") == []
