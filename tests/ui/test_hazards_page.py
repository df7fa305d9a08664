"""Rain, warnings and what they mean for villages, at a drill's wall: the cloudburst of the handbook's scenario A."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, text

from command import sources, worlds
from gis_data.demo.storm import storm
from gis_data.sources.cap import Area
from gis_data.sources.cap_warning import Signal, to_cap
from gis_data.world import SYSTEM
from tests.conftest import Person, Server, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall

DRILL = "/api/worlds/drill-cloudburst"
END = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VILLAGE = "key_village:V-07"


def clock(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(text("update drill_cloudburst.clock set sim0 = :at, speed = 0"), {"at": at})


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    worlds.create_drill(demo_db, SYSTEM, "drill-cloudburst", "突发强降雨")
    clock(demo_db, END - HOUR)
    with serving(demo_db, data_dir) as running:
        yield running


@pytest.fixture(scope="module")
def push(demo_db: Engine, server: Server) -> Callable[[list[dict[str, Any]]], Any]:
    key = sources.add(demo_db, SYSTEM, "story", "水文", worlds=["drill-cloudburst"])

    def send(rows: list[dict[str, Any]]) -> Any:
        head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        answer = httpx.post(f"{server.url}{DRILL}/readings", content=json.dumps(rows), headers=head, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return send


def rain_until(gauges: list[dict[str, Any]], first: datetime, last: datetime) -> list[dict[str, Any]]:
    """The synthetic storm of all rain gauges between two times."""
    at = {g["code"]: (g["lon"], g["lat"]) for g in gauges if g["element"] == "rain"}
    return [row for row in storm(at, END) if first < datetime.fromisoformat(row["at"]) <= last]


def depth(cm: list[float], last: datetime) -> list[dict[str, Any]]:
    """A reading a minute of the gauge in an underpass."""
    start = last - timedelta(minutes=len(cm) - 1)
    return [
        {"station": "D-01", "at": (start + timedelta(minutes=n)).isoformat(), "value": value, "span_s": 60}
        for n, value in enumerate(cm)
    ]


def shot(wall: Wall, name: str) -> None:
    """A picture, once the map has come to rest."""
    wait_for(lambda: bool(wall.page.evaluate("baochuMap.loaded() && !baochuMap.isMoving()")), SLOW_MS / 1000)
    wall.shot(name)


def message(folder: Path, kind: str, colour: str, event: str, at: datetime) -> Path:
    area = Area("西湖区", geocodes=(("GB/T 2260", "330106"),))
    signal = Signal(
        kind, colour, at, (area,), "预计三小时雨量将达 50 毫米以上", "停止户外作业", "演示气象台", at, event
    )
    path = folder / f"{kind}.cap"
    path.write_bytes(to_cap(signal, "drill", "demo@example", f"M-{kind}"))
    return path


def test_rain_moves_a_village_and_what_is_silent_is_grey(
    browser: Browser, server: Server, demo_db: Engine, push: Callable[[list[dict[str, Any]]], Any]
) -> None:
    person = Person(httpx.Client(base_url=server.url, timeout=30)).log_in("operator")
    gauges = person.get(f"{DRILL}/gauges")
    wall = Wall(browser, server.url).log_in("operator", "/w/drill-cloudburst")
    expect(wall.at("monitor")).to_contain_text("各站未超阈值")
    push(rain_until(gauges, END - 7 * HOUR, END - HOUR))
    row = wall.page.locator(f"[data-testid=hazard-row][data-id='{VILLAGE}']")
    expect(row).to_have_attribute("data-state", "prepare")
    expect(row).to_contain_text("准备转移")
    expect(row).to_contain_text("内部提示")
    rain = "[data-testid=gauge-row][data-id='R-07']"
    expect(wall.page.locator(rain)).to_contain_text("1 小时 30 毫米")
    drawn = "async id => (await baochuMap.getSource(id).getData()).features.map(f => f.properties)"
    found = {one["id"]: one for one in wall.page.evaluate(drawn, "hazard_state")}
    assert found[VILLAGE]["icon"].startswith("hazard:village:orange:hatch:准")
    shown = {one["id"]: one for one in wall.page.evaluate(drawn, "gauge_state")}
    assert (shown["R-07"]["label"], shown["R-07"]["icon"]) == ("30 mm/1h", "gauge:rain:over:fresh")
    assert shown["W-01"]["icon"].endswith(":unknown")  # never heard of

    clock(demo_db, END)
    push(rain_until(gauges, END - HOUR, END))
    push(depth([0, 6, 12, 18, 24, 30, 36], END))
    wall.page.reload()
    wall.ready()
    expect(row).to_have_attribute("data-state", "immediate")
    expect(wall.at("hazard-sum-immediate")).to_contain_text("人")
    expect(wall.page.locator("[data-testid=gauge-row][data-id='D-01']")).to_contain_text("36 厘米")
    silent = wall.page.locator("[data-testid=gauge-row][data-id='R-09']")
    expect(silent).to_have_attribute("data-state", "silent")
    wait_for(
        lambda: any(
            one["id"] == "R-09" and one["icon"] == "gauge:rain:calm:unknown" and one["label"] == ""
            for one in wall.page.evaluate(drawn, "gauge_state")
        ),
        SLOW_MS / 1000,
    )

    def small(gauge: str) -> bool:
        return {one["id"]: bool(one["small"]) for one in wall.page.evaluate(drawn, "gauge_state")}[gauge]

    assert small("W-01")  # what says nothing is small from afar
    assert small("R-07")  # the alarm of the village beside it stands before it
    marks = wall.page.evaluate(drawn, "hazard_state")
    hidden = [one for one in marks if one["small"]]
    assert 0 < sum(int(one["count"] or 0) for one in marks) <= len(hidden)  # some stand behind a gauge
    assert max(one["order"] for one in marks) == 0 == min(-one["order"] for one in marks if not one["small"])
    towns = wall.at("town-rain-row")
    expect(towns).to_have_count(12)
    wet = wall.at("town-rain").locator("b[data-hours='3']:not(.town__dry)")
    expect(wet).not_to_have_count(0)
    expect(towns.first.locator("[data-hours='24']")).to_have_text("缺测")  # seven hours were heard of: never nought
    shot(wall, "hazards-1080")
    there = next([one["lon"], one["lat"]] for one in gauges if one["code"] == "R-07")
    wall.page.evaluate("at => baochuMap.jumpTo({ center: at, zoom: 17 })", there)
    wait_for(lambda: not small("R-07"), SLOW_MS / 1000)  # near enough, both have room
    wall.at("fit-button").click()

    wall.at("silent-count").click()
    expect(wall.at("hazard-row")).to_have_count(0)
    wall.at("silent-count").click()
    wall.page.locator(rain).click()
    expect(wall.at("gauge-chart")).to_have_attribute("data-drawn", "true")
    expect(wall.at("rain-windows").locator("[data-hours='3']")).to_have_text("87")
    expect(wall.at("rain-windows").locator("[data-hours='24']")).to_contain_text("–")
    shot(wall, "gauge-1080")
    wall.page.keyboard.press("Escape")
    wall.page.locator("[data-testid=gauge-row][data-id='D-01']").click()
    expect(wall.at("gauge-detail")).to_contain_text("封控水深")
    expect(wall.at("gauge-chart")).to_have_attribute("data-drawn", "true")
    wall.at("course-3").click()
    expect(wall.at("course-3")).to_have_attribute("aria-pressed", "true")
    wall.page.keyboard.press("Escape")

    silent.click()
    expect(wall.at("gauge-detail")).to_have_attribute("data-state", "silent")
    expect(wall.at("gauge-detail")).to_contain_text("失联")
    wall.page.keyboard.press("Escape")

    row.click()
    expect(wall.at("hazard-detail")).to_contain_text("内部提示，非对外预警")
    expect(wall.at("rain-bars").locator("[data-hours='3']")).to_contain_text("87")
    wall.at("patrol-submit").click()
    expect(wall.at("patrol-form").get_by_role("alert")).to_be_visible()
    wall.at("patrol-finding").fill("坡脚渗水")
    wall.page.locator("[data-testid=patrol-colour][data-value=red]").click()
    wall.at("patrol-submit").click()
    expect(wall.at("patrol-line")).to_contain_text("坡脚渗水")
    expect(wall.at("hazard-detail")).to_have_attribute("data-internal", "false")  # somebody has seen it
    shot(wall, "hazard-1080")
    assert (wall.outside, wall.wrong) == ([], [])


def test_warnings_come_as_messages_and_by_hand(browser: Browser, server: Server, tmp_path: Path) -> None:
    wall = Wall(browser, server.url).log_in("operator", "/w/drill-cloudburst")
    for n, (kind, colour, event) in enumerate([("thunderstorm", "yellow", "雷暴"), ("rainstorm", "orange", "暴雨")]):
        wall.at("warning-enter").first.click()
        wall.at("warning-file").set_input_files(message(tmp_path, kind, colour, event, END - (2 - n) * HOUR / 6))
        expect(wall.at("warning-card")).to_contain_text("演示气象台")
        wall.page.keyboard.press("Escape") if n else None
    badge = wall.at("warning-badge").first
    expect(badge).to_contain_text("暴雨橙 16:50")
    expect(badge.locator("[data-colour]")).to_have_attribute("data-official", "true")

    badge.click()
    wall.at("warning-enter").last.click()
    expect(wall.at("warning-form")).to_be_visible()
    wall.at("warning-kind").select_option("geohazard")
    wall.at("warning-submit").click()
    expect(wall.at("warning-form").get_by_role("alert")).to_be_visible()
    wall.page.locator("[data-testid=warning-colour][data-value=red]").click()
    wall.at("warning-area").fill("全区山边")
    wall.at("warning-cautions").fill("谨防滑坡")
    wall.at("warning-measures").fill("加密巡查")
    wall.page.get_by_role("button", name="本单位内部提示").click()
    wall.at("warning-submit").click()
    expect(wall.at("warning-card")).to_contain_text("内部提示，非对外预警")
    for width, height in ((1920, 1080), (3840, 2160), (7680, 2160)):
        wall.page.set_viewport_size({"width": width, "height": height})
        for _ in ("en", "zh"):
            wall.at("lang-switch").first.click()
            clock = wall.at("clock").bounding_box()
            assert clock
            assert abs(clock["x"] + clock["width"] / 2 - width / 2) <= 1
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    own = wall.at("warning-badge").filter(has_text="地质灾害红")
    expect(own.locator("[data-colour]")).to_have_attribute("data-official", "false")

    badge.click()
    card = wall.at("warning-card")
    expect(card).to_contain_text("停止户外作业")
    with wall.page.expect_download() as download:
        wall.at("warning-cap").click()
    assert download.value.path().read_bytes() == (tmp_path / "rainstorm.cap").read_bytes()
    wall.page.keyboard.press("Escape")
    wall.at("lang-switch").first.click()
    expect(badge).to_contain_text("Rainstorm orange")
    shot(wall, "warnings-english-1080")

    wall.at("lang-switch").first.click()
    badge.click()
    wall.at("warning-pick").filter(has_text="地质灾害红").click()
    wall.at("warning-lift").click()
    wall.at("warning-lift-reason").fill("演练结束")
    wall.page.get_by_role("button", name="确认解除").click()
    expect(own).to_have_count(0)
    viewer = Wall(browser, server.url).log_in("viewer", "/w/drill-cloudburst")
    expect(viewer.at("warning-badge").first).to_be_visible()
    expect(viewer.at("warning-enter")).to_have_count(0)  # a viewer may not
    assert (wall.outside + viewer.outside, wall.wrong + viewer.wrong) == ([], [])
