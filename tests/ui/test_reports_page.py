"""What goes up the line, on the page: a first report and a continued one, a situation sheet, the journal verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, text

from gis_data.clock import real_now
from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def _landslide(server: Server) -> tuple[Person, str]:
    """An incident that a post has known of for 40 minutes, with a team on its way."""
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    team = next(one for one in operator.get(f"{LIVE}/board")["teams"].values() if "geohazard" in one["hazards"])
    known_at = (real_now() - timedelta(minutes=40)).isoformat()
    said = {"kind": "geohazard", "title": "龙井路边坡滑塌", "place": "龙井路", "lon": team["lon"], "lat": team["lat"]}
    incident = operator.post(f"{LIVE}/incidents", **said, known_at=known_at)["id"]
    operator.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=team["id"], reason="就近")
    return operator, incident


def test_reports_go_up_documents_are_released_and_the_journal_proves_it(
    browser: Browser, server: Server, demo_db: Engine
) -> None:
    operator, incident = _landslide(server)
    desk = Wall(browser, server.url).log_in("operator")
    desk.card("龙井路边坡滑塌").click()
    clocks = desk.at("report-clock")
    expect(clocks.nth(0)).to_have_attribute("data-state", "late")
    expect(clocks.nth(1)).to_have_attribute("data-state", "half")
    desk.page.keyboard.press("i")
    expect(desk.at("report-next")).to_have_attribute("data-kind", "first")
    desk.at("said-course").fill("边坡滑塌，阻断道路")
    desk.at("figure-injured").fill("2")
    desk.page.reload()
    desk.ready()
    desk.card("龙井路边坡滑塌").click()
    desk.at("reports-open").click()
    expect(desk.at("said-course")).to_have_value("边坡滑塌，阻断道路")  # what was typed is still there
    desk.shot("report-write-1080")

    desk.at("report-send").click()
    desk.at("send-to").fill("市应急管理局")
    desk.at("send-confirmed").fill("带班领导")
    expect(desk.at("send-sure")).to_be_disabled()  # it is late: nothing goes without the reason
    desk.at("send-late").fill("现场通信中断")
    desk.shot("report-send-1080")
    desk.at("send-sure").click()
    expect(desk.at("sent-report")).to_have_attribute("data-kind", "first")
    expect(clocks.nth(0)).to_have_attribute("data-state", "met_late")
    expect(clocks.nth(1)).to_have_attribute("data-state", "met")

    expect(desk.at("report-next")).to_have_attribute("data-kind", "continued")
    expect(desk.at("said-course")).to_have_value("边坡滑塌，阻断道路")  # it goes on from what was said
    desk.at("figure-dead").fill("3")
    desk.at("grade-now").click()
    expect(desk.at("estimate").first).to_contain_text("中型")
    desk.at("report-send").click()
    expect(desk.at("send-to")).to_have_value("市应急管理局")
    desk.at("send-sure").click()
    expect(desk.at("sent-report")).to_have_count(2)
    desk.at("sent-report").nth(1).get_by_role("button").click()
    desk.shot("report-chain-1080")
    sent = operator.get(f"{LIVE}/incidents/{incident}/reports")["sent"]
    assert [(one["kind"], one["late"], one["said"]["dead"]) for one in sent] == [
        ("first", True, None), ("continued", False, 3),
    ]  # fmt: skip

    desk.page.keyboard.press("b")
    desk.at("draft-situation").click()
    expect(desk.at("document")).to_have_attribute("data-state", "draft")
    desk.at("source-mark").first.click()
    expect(desk.at("document-sources").locator("[data-on=true]")).to_be_visible()
    desk.shot("document-1080")
    desk.at("document-edit").click()
    last = desk.at("edit-text").last
    last.fill("已转移 30 人。")
    desk.at("edit-keep").click()
    expect(desk.at("edit-fault")).to_contain_text("来源")  # no number without its source
    desk.shot("document-edit-1080")
    last.fill("继续排险，防止次生灾害。")
    desk.at("edit-keep").click()
    expect(desk.at("document-text")).to_contain_text("继续排险")
    desk.at("document-release").click()
    expect(desk.at("document")).to_have_attribute("data-state", "draft")  # another look before it stands
    desk.at("document-sure").click()
    expect(desk.at("document")).to_have_attribute("data-state", "released")
    with desk.page.expect_download() as word:
        desk.at("document-docx").click()
    assert word.value.suggested_filename.endswith(".docx")

    desk.page.keyboard.press("h")
    expect(desk.at("chain-verdict")).to_have_attribute("data-sound", "true")
    expect(desk.at("chain-verdict")).to_contain_text("全链完好")
    desk.at("journal-words").fill("初报 现场通信中断")
    desk.at("journal-search").click()
    expect(desk.at("journal-entry")).to_have_count(1)
    expect(desk.at("journal-entry")).to_have_attribute("data-kind", "ReportSent")
    expect(desk.at("journal-entry")).to_have_attribute("data-sound", "true")
    desk.at("journal-words").fill("")
    desk.at("journal-incident").select_option(incident)
    expect(desk.at("journal-entry").filter(has_text="定级").first).to_be_visible()
    desk.shot("journal-1080")
    desk.at("lang-switch").click()
    expect(desk.at("chain-verdict")).to_contain_text("whole chain sound")
    with demo_db.begin() as connection:  # somebody goes behind the platform's back
        connection.execute(text("update live.journal set post = '他人' where kind = 'ReportSent'"))
    desk.at("chain-verify").click()
    expect(desk.at("chain-verdict")).to_have_attribute("data-sound", "false")
    desk.at("journal-search").click()
    expect(desk.page.locator("[data-testid=journal-entry][data-sound=false]")).to_have_count(2)
    desk.at("lang-switch").click()
    expect(desk.at("chain-verdict")).to_contain_text("断链")
    desk.shot("journal-broken-1080")
    assert (desk.outside, desk.wrong) == ([], [])
