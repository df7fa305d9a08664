"""Duty and joint assignment at the wall: a shift taken over item by item, its log and rolls, a proposal in part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import Engine

from command import accounts
from gis_data.world import SYSTEM
from tests.conftest import PASSWORD, Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"
UNITS = ["应急", "城管", "交警", "公安", "消防", "水务", "电力"]


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    accounts.put_account(demo_db, SYSTEM, "night", accounts.Profile("DEMO", "夜班值班员", "operator", ()), PASSWORD)
    with serving(demo_db, data_dir) as running:
        yield running


def report(person: Person, title: str, grade: str, nth: int) -> None:
    """An incident where the n-th team stands that takes floods."""
    teams = sorted(person.get(f"{LIVE}/board")["teams"].values(), key=lambda one: str(one["code"]))
    spot = [one for one in teams if "flood" in one["hazards"]][nth]
    said = {"kind": "flood", "title": title, "grade": grade, "lon": spot["lon"], "lat": spot["lat"]}
    person.post(f"{LIVE}/incidents", 201, **said)


def test_a_shift_is_taken_over_and_teams_are_sent_together(browser: Browser, server: Server) -> None:
    night = Person(httpx.Client(base_url=server.url)).log_in("night")
    first = night.post(f"{LIVE}/duty/shifts", 201, leader="夜班带班领导")
    night.post(f"{LIVE}/duty/shifts/{first['id']}/start", 200)
    report(night, "东口积水", "larger", 0)
    night.post(f"{LIVE}/duty/log", 201, channel="handover", content="三号泵待修，已报城管", person_post="城管")

    day = Wall(browser, server.url).log_in("operator")
    expect(day.at("duty-open")).to_contain_text("夜班值班员")
    day.page.keyboard.press("s")
    day.at("takeover-leader").fill("白班带班领导")
    day.at("takeover").click()
    expect(day.at("handover-item")).to_have_count(2)
    expect(day.at("shift-start")).to_be_disabled()  # nobody starts over what is not accepted
    day.at("handover-accept").first.click()
    expect(day.at("handover-waiting")).to_contain_text("1")
    expect(day.at("shift-start")).to_be_disabled()
    day.shot("duty-handover-1080")
    report(night, "西口积水", "major", 3)  # while it is handed over
    expect(day.at("handover-came")).to_contain_text("1")
    day.at("handover-relist").click()
    expect(day.at("handover-item")).to_have_count(3)
    for left in (2, 1):  # what was accepted stays accepted
        expect(day.at("handover-accept")).to_have_count(left)
        day.at("handover-accept").first.click()
    expect(day.at("handover-accept")).to_have_count(0)
    day.at("shift-start").click()
    expect(day.at("duty-open")).to_contain_text("operator岗")

    day.at("duty-tab-log").click()
    day.at("log-content").fill("市防指询问积水点")
    day.page.reload()
    day.ready()
    day.page.keyboard.press("s")
    day.at("duty-tab-log").click()
    expect(day.at("log-content")).to_have_value("市防指询问积水点")  # what is typed is kept
    day.at("log-post").fill("市防指")
    day.at("log-write").click()
    entry = day.at("log-entry").filter(has_text="市防指询问积水点")
    expect(entry).to_have_attribute("data-open", "true")
    entry.get_by_test_id("log-end").fill("已答复")
    entry.get_by_test_id("log-close").click()
    expect(entry).to_have_attribute("data-open", "false")
    day.shot("duty-log-1080")

    day.at("duty-tab-rolls").click()
    expect(day.at("roll-new")).to_be_visible()
    day.at("roll-title").fill("早间呼叫测试")
    day.at("roll-units").fill("\n".join(UNITS))
    day.at("roll-begin").click()
    for n, unit in enumerate(UNITS):
        row = day.at("roll-row").filter(has_text=unit)
        row.get_by_test_id("roll-absent" if n == 6 else "roll-present").click()
        expect(row).to_have_attribute("data-result", "absent" if n == 6 else "present")
    expect(day.at("roll-rate")).to_have_text("6/7")
    expect(day.at("roll-missing")).to_contain_text("电力")
    day.shot("duty-rolls-1080")

    day.at("duty-tab-reminder").click()
    day.at("reminder-draft").click()
    expect(day.at("reminder")).to_have_attribute("data-state", "draft")
    day.at("reminder-number").filter(has_text="2 起").first.click()
    expect(day.at("reminder-items")).to_contain_text("东口积水")
    expect(day.at("reminder-approve")).to_be_disabled()  # a commander does
    day.shot("duty-reminder-1080")

    day.page.keyboard.press("g")
    groups = day.at("allocation-incident")
    expect(groups).to_have_count(2)
    sends = day.page.locator("[data-testid=move][data-action=send]")
    expect(sends.first).to_be_visible()
    before = sends.count()
    assert before > 1
    day.shot("allocation-1080")
    grave, light = (groups.filter(has=day.page.locator("header", has_text=name)) for name in ("西口积水", "东口积水"))
    grave.get_by_test_id("needs-edit").click()
    grave.get_by_test_id("need-count").fill("2")
    day.shot("allocation-needs-1080")
    grave.get_by_test_id("needs-save").click()
    expect(grave.locator("[data-action=send]")).to_have_count(2)
    expect(grave.get_by_test_id("need")).not_to_contain_text("常规")
    for tick in light.get_by_test_id("move-tick").all():
        tick.uncheck()
    expect(day.at("allocation-accept")).to_contain_text("2")
    day.at("allocation-accept").click()
    expect(grave.locator("[data-action=keep]")).to_have_count(2)
    dispatches = night.get(f"{LIVE}/board")["dispatches"].values()
    assert len(dispatches) == 2  # the part that was ticked, and nothing else

    taken = sends.first.get_attribute("data-team")
    (team,) = [id_ for id_, one in night.get(f"{LIVE}/board")["teams"].items() if one["code"] == taken]

    def meanwhile(route: Route) -> None:
        night.post(f"{LIVE}/teams/{team}/state", 200, state="unavailable", note="车辆故障")
        route.continue_()

    day.page.route("**/allocation/accept", meanwhile)
    day.at("allocation-accept").click()
    expect(day.at("notice").filter(has_text="已重新计算")).to_be_visible()
    expect(day.page.locator(f"[data-testid=move][data-team={taken}]")).to_have_count(0)  # asked anew
    day.shot("allocation-anew-1080")
    day.at("allocation-tab-standby").click()
    expect(day.at("cover")).to_be_visible()
    day.shot("allocation-standby-1080")
    assert (day.outside, day.wrong) == ([], [])
