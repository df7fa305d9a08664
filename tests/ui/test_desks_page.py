"""Desks: one navigation of what an account may use; each desk at its address, and nothing on it that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command import worlds
from gis_data.world import SYSTEM
from tests.conftest import PASSWORD, Server, serving
from tests.ui.driver import Wall


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    worlds.create_drill(demo_db, SYSTEM, "drill-rain", "突发强降雨")
    with serving(demo_db, data_dir) as running:
        yield running


def _desk(browser: Browser, server: Server, who: str, path: str) -> Wall:
    desk = Wall(browser, server.url)
    desk.page.goto(server.url + path)
    desk.at("login-username").fill(who)
    desk.at("login-password").fill(PASSWORD)
    desk.at("login-submit").click()
    expect(desk.at("desk-nav")).to_be_visible()
    return desk


def _nav(desk: Wall) -> list[str]:
    return [one.inner_text() for one in desk.at("desk-nav").get_by_role("link").all()]


def test_each_desk_has_its_frame_and_its_people(browser: Browser, server: Server) -> None:
    duty = _desk(browser, server, "operator", "/desk/duty")
    assert _nav(duty) == ["大屏", "值班台", "安全监管", "台账"]
    for part in ("tasks", "callouts", "documents", "alarms"):
        expect(duty.at(part)).to_be_visible()
    duty.shot("desk-duty-1080")

    plan = _desk(browser, server, "planner", "/desk/plan")
    assert _nav(plan) == ["大屏", "规划", "普查", "安全监管", "台账"]
    plan.shot("desk-plan-1080")
    plan.at("act-roads").click()
    plan.ready()
    expect(plan.at("work-roads")).to_be_visible()

    drill = _desk(browser, server, "commander", "/desk/drill")
    drill.at("drill-speed-10").click()
    expect(drill.at("drill-speed-10")).to_have_attribute("aria-pressed", "true")
    expect(drill.at("drill-create")).to_have_count(0)
    drill.shot("desk-drill-1080")
    drill.at("drill-enter").click()
    expect(drill.at("world-kind")).to_have_attribute("data-kind", "drill")

    census = _desk(browser, server, "clerk", "/desk/census")
    expect(census.at("gaps")).to_be_visible()
    census.shot("desk-census-1080")
    safety = _desk(browser, server, "reviewer", "/desk/safety")
    expect(safety.at("desk-registers")).to_contain_text("企业")
    admin = _desk(browser, server, "admin", "/desk/admin")
    expect(admin.at("desk-registers")).to_contain_text("参数")
    admin.shot("desk-admin-1080")
    denied = _desk(browser, server, "viewer", "/desk/admin")
    expect(denied.at("load-problem")).to_contain_text("没有查看权限")
    assert _nav(denied) == ["大屏", "台账"]
    assert [one.wrong for one in (duty, plan, drill, census, safety, admin, denied)] == [[]] * 7
