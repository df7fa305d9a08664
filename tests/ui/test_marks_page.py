"""The scene on the page: an area drawn by clicks stands on another wall; a fire's stages; an alarm looked into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from shapely import Point
from sqlalchemy import Engine

from command.observations import take
from command.stations import Source
from gis_data.db import reading
from gis_data.demo.xh_mini import NODES
from gis_data.world import get_world
from tests.command.slopes import insert
from tests.conftest import Person, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall
from tests.web.danger_ground import put

LIVE = "/api/worlds/live"
LON, LAT = NODES["N3"]
CORNERS = [
    (LON - 0.002, LAT - 0.001),
    (LON + 0.002, LAT - 0.001),
    (LON + 0.002, LAT + 0.001),
    (LON - 0.002, LAT + 0.001),
]


@pytest.fixture
def url(mini_db: Engine, data_dir: Path) -> Iterator[str]:
    insert(mini_db, "post", code="R-1", name="护林员1", level="grid", phone="0571-0000001", organization_code="O-1")
    put(mini_db, "fire_point", Point(350, -450), code="F-1", name="演示坟墓", kind="graves", ranger_post="R-1")
    put(mini_db, "camera", Point(500, -300), code="C-9", name="林火相机", kind="forest")
    world = get_world(mini_db, "live")
    with reading(world) as tx:
        now = tx.at.replace(microsecond=0).isoformat()
    take(world, [{"station": "C-9", "at": now, "value": 1}], Source("t"))
    with serving(mini_db, data_dir) as server:
        yield server.url


def open_fire(wall: Wall, username: str) -> None:
    wall.log_in(username)
    wall.page.evaluate(f"baochuMap.jumpTo({{center: [{LON}, {LAT}], zoom: 15.5}})")
    wall.card("南高峰山火").click()
    expect(wall.at("marks-section")).to_be_visible()


def test_the_scene_is_worked_on_the_page(browser: Browser, url: str) -> None:
    operator = Person(httpx.Client(base_url=url, timeout=20)).log_in("operator")
    operator.post(f"{LIVE}/incidents", kind="forest_fire", title="南高峰山火", lon=LON, lat=LAT)
    wall, other = Wall(browser, url), Wall(browser, url, 1280, 720)
    open_fire(wall, "operator")
    open_fire(other, "commander")

    wall.at("mark-new").click()
    wall.at("mark-kind-cordon").click()
    crossed = [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]]
    for at in crossed:
        wall.click_map(*at)
    wall.page.keyboard.press("Enter")
    wall.at("mark-name").fill("东侧")
    wall.at("mark-save").click()
    expect(wall.at("mark-geometry-fault")).to_contain_text("不自相交")
    wall.at("mark-name").blur()
    for _ in range(3):
        wall.page.keyboard.press("Escape")
    for at in CORNERS[1:]:
        wall.click_map(*at)
    wall.page.keyboard.press("Enter")
    expect(wall.at("mark-drawn")).to_contain_text("共 4 点")
    wall.shot("marks-form-1080")
    wall.page.reload()
    wall.ready()
    wall.card("南高峰山火").click()
    expect(wall.at("mark-name")).to_have_value("东侧")
    wall.at("mark-save").click()
    expect(other.at("mark")).to_contain_text("警戒区 东侧")
    drawn = "baochuMap.querySourceFeatures('scene_marks').map((one) => one.properties.label)"
    wait_for(lambda: "警戒区 东侧" in other.page.evaluate(drawn), SLOW_MS / 1000)

    other.at("mark-open").click()
    other.at("decide-evacuate").check()
    other.at("decide-reason").fill("风向转东")
    other.shot("marks-decide-1080")
    other.at("decide-send").click()
    expect(wall.at("mark-decision")).to_have_text("疏散撤离")
    wall.at("mark-open").click()
    wall.at("mark-finding").fill("明火已灭")
    wall.at("mark-end").click()
    expect(other.at("mark")).to_have_count(0)

    for stage in ("out", "watch"):
        wall.at(f"stage-{stage}").check()
        wall.at("stage-send").click()
        expect(other.at("stage-now")).to_have_attribute("data-stage", stage)
    other.at("stage-accepted").check()
    other.at("stage-note").fill("全线检查无烟点")
    other.at("stage-send").click()
    expect(other.at("stage-fault")).to_contain_text("看守至")
    wall.shot("marks-stages-1080")

    wall.at("tasks-open").click()
    wall.at("check-look").click()
    wall.shot("marks-check-1080")
    wall.at("check-received").click()
    wall.at("check-note").fill("水汽")
    wall.at("check-false").click()
    expect(wall.at("check-feedback")).to_have_text("核查结果：误报，水汽")
    assert (wall.outside, wall.wrong, other.wrong) == ([], [], [])
