"""Command on the wall: a response proposed and approved by two accounts, its tasks; a call; people to move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command.responses import plans
from gis_data.clock import real_now
from gis_data.demo.plans import plans as demo_plans
from gis_data.world import SYSTEM
from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    for raw in demo_plans():
        plans.load(demo_db, raw, SYSTEM)
    with serving(demo_db, data_dir) as running:
        yield running


def test_a_response_is_started_by_two_and_its_tasks_go_out(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("operator")
    chief = Wall(browser, server.url).log_in("commander")
    desk.page.keyboard.press("e")
    desk.at("propose-track").select_option("flood")
    desk.at("propose-ground").fill("暴雨橙色预警，预计持续")
    desk.at("propose-send").click()
    expect(desk.at("decision")).to_have_attribute("data-state", "proposed")
    expect(chief.at("decisions-wait")).to_contain_text("1")
    expect(chief.at("tasks-open")).to_contain_text("0")

    desk.at("decision-open").click()
    desk.at("decision-attendees").fill("气象、水利、规资、城管")
    expect(desk.at("decision-submit")).to_be_disabled()  # nothing is handed in that was not talked over
    desk.at("decision-conclusion").fill("同意启动")
    desk.at("decision-consult").click()
    expect(desk.at("decision")).to_have_attribute("data-state", "consulting")
    desk.at("decision-submit").click()
    expect(desk.at("decision")).to_have_attribute("data-state", "submitted")
    expect(desk.at("decision-approve")).to_be_disabled()  # who handed it in does not approve
    desk.shot("decision-1080")

    chief.at("responses-open").click()
    chief.at("decision-open").click()
    expect(chief.at("decision-text")).to_contain_text("防汛")
    chief.at("decision-approve").click()
    expect(chief.at("decision")).to_have_count(0)
    expect(desk.at("response-badge")).to_contain_text("Ⅳ")
    expect(desk.at("tasks-open")).to_contain_text("18")
    desk.page.keyboard.press("a")
    first = desk.at("task").first
    first.get_by_role("button").first.click()
    first.get_by_test_id("task-received").click()
    expect(desk.page.locator("[data-testid=task][data-state=received]")).to_have_count(1)
    desk.shot("tasks-1080")
    assert (desk.outside, chief.outside, desk.wrong, chief.wrong) == ([], [], [], [])


def test_posts_are_called_and_people_moved_from_the_wall(browser: Browser, server: Server) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    village = operator.get("/api/registers/key_village", limit=1)["rows"][0]["values"]["code"]
    scope = [{"register_key": "key_village", "code": village}]
    operator.post(f"{LIVE}/callouts", 201, text="请到岗并检查低洼住户", title="强降雨", scope=scope)
    deadline = (real_now() + timedelta(hours=3)).isoformat()
    operator.post(
        f"{LIVE}/transfers", 201, trigger="雨量达立即转移", deadline=deadline, objects=[f"key_village:{village}"]
    )
    desk = Wall(browser, server.url).log_in("operator")
    desk.page.keyboard.press("c")
    record = desk.at("call-record").first
    expect(record).to_have_attribute("data-state", "sent")
    record.get_by_test_id("call-reached").click()
    expect(desk.at("call-record").first).to_have_attribute("data-state", "reached")
    expect(desk.at("callout-answered").first).to_contain_text("1/")
    desk.at("call-text").first.fill("收到，立即到岗")
    desk.at("call-read_back").first.click()
    expect(desk.at("call-record").first).to_have_attribute("data-state", "read_back")
    desk.shot("callouts-1080")

    chief = Wall(browser, server.url).log_in("commander")
    chief.page.keyboard.press("p")
    chief.at("transfer-plan").click()
    expect(chief.at("transfer-homes").locator("tbody tr").first).to_be_visible()
    chief.shot("transfer-plan-1080")
    chief.at("transfer-issue").click()
    expect(chief.at("transfer")).to_have_attribute("data-state", "issued")
    expect(chief.at("transfers-open")).not_to_contain_text("0应转")
    page = chief.page.content()
    assert "100-0000" not in page  # counts only: no telephone of anybody
    assert (desk.outside, chief.outside, desk.wrong, chief.wrong) == ([], [], [], [])
