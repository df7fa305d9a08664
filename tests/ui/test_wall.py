"""The page in a real browser: report → recommend → dispatch, seen by a second browser; a drill; English; two sizes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command import register_import, worlds
from gis_data.sources.register_file import Terms
from gis_data.world import SYSTEM
from tests.conftest import Person, Server, serving
from tests.ui.driver import SLOW_MS, Wall


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    worlds.create_drill(demo_db, SYSTEM, "drill-rain", "突发强降雨")
    with serving(demo_db, data_dir) as running:
        yield running


def _scene(server: Server) -> tuple[float, float]:
    """A place in the middle of the teams that take floods."""
    person = Person(httpx.Client(base_url=server.url)).log_in("viewer")
    teams = [t for t in person.get("/api/worlds/live/board")["teams"].values() if "flood" in t["hazards"]]
    return sum(t["lon"] for t in teams) / len(teams), sum(t["lat"] for t in teams) / len(teams)


def _recorded_ms(server: Server, kind: str) -> float:
    person = Person(httpx.Client(base_url=server.url)).log_in("viewer")
    entry = next(e for e in person.get("/api/worlds/live/journal", limit=1000) if e["kind"] == kind)
    return datetime.fromisoformat(entry["recorded_at"]).timestamp() * 1000


def test_report_recommend_dispatch_and_another_browser_sees_it(browser: Browser, server: Server) -> None:
    lon, lat = _scene(server)
    desk = Wall(browser, server.url).log_in("operator")
    wall = Wall(browser, server.url).log_in("viewer")
    wall.watch_for("下穿通道积水")

    desk.report("flood", "下穿通道积水", lon, lat)
    assert wall.seen_at_ms() - _recorded_ms(server, "IncidentReported") < 1_000
    expect(desk.card("下穿通道积水")).to_be_visible()

    first = desk.page.locator("[data-testid=recommend-row][data-rank='1']")
    expect(first).to_be_visible()
    desk.shot("recommend-1080")
    if not first.get_by_test_id("dispatch-button").is_visible():
        first.get_by_role("button").first.click()
    first.get_by_test_id("dispatch-button").click()
    expect(desk.at("dispatch-state")).to_have_text("已下令")
    for said in ("已签收", "已出发", "已到达", "作业中"):
        desk.at("advance-button").first.click()
        expect(desk.at("dispatch-state")).to_have_text(said)
    expect(wall.card("下穿通道积水")).to_contain_text("作业中")
    expect(wall.at("team-count-working")).to_contain_text("1")
    expect(wall.at("report-button")).to_be_disabled()  # a viewer may only look
    wall.shot("wall-1080")
    assert (desk.outside, wall.outside, desk.wrong, wall.wrong) == ([], [], [], [])


def test_text_being_typed_survives_a_reload(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("operator")
    desk.page.keyboard.press("n")
    desk.at("report-title").fill("写到一半的接报")
    desk.page.reload()
    desk.ready()
    if not desk.at("report-form").is_visible():
        desk.page.keyboard.press("n")
    expect(desk.at("report-title")).to_have_value("写到一半的接报")


def test_a_road_searched_while_reporting_is_where_it_happened(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("operator")
    road = Person(httpx.Client(base_url=server.url)).log_in("viewer").get("/api/places", q="双浦演示大道")[0]
    desk.page.keyboard.press("n")
    desk.at("search").fill("双浦演示大道")
    desk.at("search-row").first.click()
    expect(desk.at("report-point")).to_contain_text(f"{road['lon']:.5f}, {road['lat']:.5f}")


def test_a_road_is_closed_and_opened_on_the_map(browser: Browser, server: Server) -> None:
    person = Person(httpx.Client(base_url=server.url)).log_in("operator")
    road = person.get("/api/places", q="双浦演示大道")[0]
    found = person.post("/api/worlds/live/closures", lon=road["lon"], lat=road["lat"], reason="积水 DEMO")
    desk = Wall(browser, server.url).log_in("operator")
    row = desk.at("closure-row").filter(has_text="积水 DEMO")
    expect(row).to_be_visible()
    row.get_by_test_id("lift-button").click()
    desk.at("lift-reason").fill("水退 DEMO")
    desk.at("lift-submit").click()
    expect(row).to_have_count(0)
    assert found["id"] not in person.get("/api/worlds/live/board")["closures"]


def test_a_drill_cannot_be_mistaken(browser: Browser, server: Server) -> None:
    wall = Wall(browser, server.url).log_in("operator", "/w/drill-rain")
    expect(wall.at("watermark")).to_be_visible()
    expect(wall.at("world-kind")).to_have_attribute("data-kind", "drill")
    assert "演练" in wall.page.title()
    wall.shot("drill-1080")


def test_english_by_a_switch(browser: Browser, server: Server) -> None:
    wall = Wall(browser, server.url).log_in("operator")
    wall.at("lang-switch").first.click()
    expect(wall.at("report-button")).to_contain_text("Report")
    wall.shot("english-1080")


def test_the_same_wall_at_4k(browser: Browser, server: Server) -> None:
    small = Wall(browser, server.url).log_in("viewer")
    large = Wall(browser, server.url, 3840, 2160).log_in("viewer")
    for name in ("world-kind", "shelters", "team-count-standby"):
        a, b = small.at(name).first.bounding_box(), large.at(name).first.bounding_box()
        assert a
        assert b
        sides = [side for side in ("x", "y", "width", "height") if a[side] > 20]
        assert all(b[side] / a[side] == pytest.approx(2, rel=0.05) for side in sides), (name, a, b)
    large.shot("wall-2160")


def test_a_lost_server_is_said_and_found_again(browser: Browser, server: Server) -> None:
    wall = Wall(browser, server.url).log_in("viewer")
    server.stop()
    expect(wall.page.locator("[data-testid=data-age][data-state=offline]")).to_be_visible(timeout=2 * SLOW_MS)
    server.start()
    expect(wall.page.locator("[data-testid=data-age][data-state=fresh]")).to_be_visible()


def test_a_load_shows_on_an_open_page(browser: Browser, server: Server, demo_db: Engine, data_dir: Path) -> None:
    wall = Wall(browser, server.url).log_in("viewer")
    expect(wall.at("shelters")).to_contain_text("30")
    sheet = data_dir / "shelters.csv"
    sheet.write_text("code,name,level,space,lon,lat\nNEW,DEMO 新避灾点,village,indoor,120.08,30.2\n")
    with sheet.open("rb") as content:
        job = register_import.start(demo_db, SYSTEM, "shelter", sheet.name, content, data_dir)
    names = register_import.preview(demo_db, SYSTEM, job.id, None, data_dir).mapping
    register_import.check(demo_db, SYSTEM, job.id, Terms("CGCS2000", names), data_dir)
    register_import.confirm(demo_db, SYSTEM, job.id, "", data_dir)
    expect(wall.at("shelters")).to_contain_text("31")
