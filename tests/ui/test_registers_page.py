"""The register desk in a real browser: found by pinyin, edited with its history, chosen on the map, many at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from gis_data.cluster import Cluster
from gis_data.demo.xh_mini import NODES, xh_mini
from tests.conftest import Person, Server, _copy, _template, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall


@pytest.fixture(scope="module")
def server(postgis: Cluster, data_dir: Path) -> Iterator[Server]:
    with (
        _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine,
        serving(engine, data_dir) as running,
    ):
        yield running


def row_of(person: Person, code: str) -> Any:
    return person.get("/api/registers/shelter", where=f"code:{code}")["rows"][0]


def test_a_row_is_found_by_pinyin_edited_and_tells_its_history(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("planner", "/registers/shelter")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("ysazd s3")
    expect(desk.at("row")).to_have_count(1)
    desk.at("row").click()
    desk.at("input-capacity").fill("1万")
    expect(desk.at("accept-capacity")).to_contain_text("10000")  # asked about, never converted in silence
    expect(desk.at("row-save")).to_be_disabled()
    desk.at("input-capacity").fill("1900")
    desk.at("row-reason").fill("现场复核")
    desk.at("row-save").click()
    expect(desk.at("row-version")).to_have_text("第 2 版")
    expect(desk.at("row")).to_contain_text("1,900")
    desk.at("tab-history").click()
    newest = desk.at("history-change").first
    expect(newest).to_contain_text("2,000 人 → 1,900 人")
    expect(newest).to_contain_text("现场复核")
    assert (desk.outside, desk.wrong) == ([], [])


def test_a_box_on_the_map_filters_and_a_click_opens_and_places(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("planner", "/registers/shelter")
    expect(desk.at("map-count")).to_have_text("图上 4 / 4 条")
    x, y = desk.point(*NODES["S1"])
    desk.page.keyboard.down("Shift")
    desk.page.mouse.move(x - 12, y - 12)
    desk.page.mouse.down()
    desk.page.mouse.move(x + 12, y + 12, steps=3)
    desk.page.mouse.up()
    desk.page.keyboard.up("Shift")
    expect(desk.at("row")).to_have_count(1)
    expect(desk.at("row")).to_contain_text("S1")
    desk.at("filter-box").click()
    expect(desk.at("row")).to_have_count(4)
    drawn = "baochuMap.queryRenderedFeatures({ layers: ['rows-dot'] }).length"
    wait_for(lambda: desk.page.evaluate(drawn) >= 4, SLOW_MS / 1000)
    desk.click_map(*NODES["S4"])
    expect(desk.at("row-drawer")).to_contain_text("S4")
    desk.at("row-close").click()

    desk.at("row-add").click()
    desk.at("input-code").fill("S9")
    desk.at("input-name").fill("演示新增安置点")
    desk.at("input-level").select_option("town")
    desk.at("input-space").select_option("indoor")
    expect(desk.at("map-hint")).to_be_visible()  # from then on a click places it
    lon, lat = NODES["S4"]  # where the map has gone
    desk.click_map(lon + 0.0004, lat)
    expect(desk.at("row-position")).to_contain_text("120.1")
    desk.at("row-save").click()
    expect(desk.at("row-drawer")).to_contain_text("演示新增安置点")
    expect(desk.at("map-count")).to_have_text("图上 5 / 5 条")
    assert not desk.wrong


def test_what_is_typed_survives_a_reload_and_somebody_elses_edit(browser: Browser, server: Server) -> None:
    other = Person(httpx.Client(base_url=server.url)).log_in("admin")
    row = row_of(other, "S2")
    desk = Wall(browser, server.url).log_in("planner", f"/registers/shelter?row={row['id']}")
    desk.at("input-capacity").fill("88")
    desk.at("row-reason").fill("写到一半")
    said = {"version": row["version"], "values": {"capacity": 120}}
    assert other.client.put(f"/api/registers/shelter/{row['id']}", json=said).status_code == 200
    expect(desk.at("row-save")).to_be_enabled()
    desk.at("row-save").click()
    expect(desk.at("conflict")).to_contain_text("120 人")
    desk.page.reload()
    expect(desk.at("conflict-mine")).to_have_text("88 人")
    desk.at("conflict-rebase").click()
    expect(desk.at("input-capacity")).to_have_value("88")
    desk.at("row-save").click()
    expect(desk.at("row-version")).to_have_text("第 3 版")
    assert row_of(other, "S2")["values"]["capacity"] == 88
    assert other.get(f"/api/registers/shelter/{row['id']}/history")[0]["reason"] == "写到一半"


def test_many_rows_are_changed_as_previewed(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("planner", "/registers/team")
    desk.at("row").first.click(modifiers=["Control"])
    desk.at("row").nth(1).click(modifiers=["Shift"])
    expect(desk.at("chosen")).to_have_text("已选 2 条")
    desk.at("bulk-open").click()
    desk.at("bulk-field").select_option("members")
    desk.at("input-members").fill("0")
    desk.at("bulk-preview").click()
    expect(desk.page.locator("[data-testid=bulk-row][data-blocked=true]")).to_have_count(2)
    desk.at("input-members").fill("20")
    desk.at("bulk-preview").click()
    expect(desk.at("bulk-row").first).to_contain_text("12 人 → 20 人")
    desk.at("bulk-reason").fill("统一核定")
    desk.at("bulk-apply").click()
    expect(desk.at("row").first).to_contain_text("20")
    assert not desk.wrong


def test_who_may_only_look_is_told_so(browser: Browser, server: Server) -> None:
    desk = Wall(browser, server.url).log_in("viewer", "/registers/shelter")
    expect(desk.at("row-add")).to_be_disabled()
    desk.at("row").first.click()
    expect(desk.at("row-readonly")).to_be_visible()
    expect(desk.at("input-name")).to_have_count(0)
