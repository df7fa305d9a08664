"""Scenario A of the handbook before the screen: mouse and keyboard alone; only gauges and the clock come by HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect
from sqlalchemy import Engine

from gis_data.demo.plans import plans
from gis_data.demo.xh_mini import NODES
from tests.command.calls import FOUR
from tests.command.gauges import parameters
from tests.command.transfers import BEYOND, HOMES, KITS, persons
from tests.conftest import PASSWORD, Person, middle, serving, wait_for
from tests.stories.day import Day, add_account
from tests.stories.test_cloudburst import AWAY, REFUSED, TOWNS, registers, signal
from tests.ui.driver import SHOTS, SLOW_MS, Wall, Writes, chromium

PHONE: ViewportSize = {"width": 412, "height": 915}
LAW = "浙江省防汛防台抗旱条例（演示）"


class Screen(Day):
    """The same drill; whoever acts sits before a screen or holds a phone."""

    def __init__(self, browser: Browser, url: str, engine: Engine) -> None:
        self.browser, self.url = browser, url
        self.walls, self.phones = dict[str, Wall](), dict[str, Phone]()
        super().__init__(httpx.Client(base_url=url, timeout=30), engine, "drill-screen", "突发强降雨")

    def who(self, name: str) -> Person:
        """Whoever sets the clock and asks what there is; nobody who acts."""
        if name not in self._people:
            self._people[name] = Person(httpx.Client(base_url=self.url, timeout=30)).log_in(name)
        return self._people[name]

    def all_entries(self) -> list[dict[str, Any]]:
        """The journal from its beginning."""
        self._seen = 0
        return self.journal()

    def at(self, clock: str, days: int = 0, speed: float = 0) -> None:
        """Set the drill's clock, once what was done before it is on the record."""
        for one in (*self.walls.values(), *self.phones.values()):
            one.writes.settle()
        super().at(clock, days, speed)

    def wall(self, name: str, width: int = 1920, height: int = 1080) -> Wall:
        """The wall of the drill, before somebody who logs in once."""
        if name not in self.walls:
            self.walls[name] = Wall(self.browser, self.url, width, height).log_in(name, f"/w/{self.name}")
        return self.walls[name]

    def phone(self, name: str) -> Phone:
        """The phone of somebody, on the field page of the drill."""
        if name not in self.phones:
            self.phones[name] = Phone(self.browser, f"{self.url}/field/{self.name}", name)
        return self.phones[name]


class Phone:
    """A phone with the field page."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        lon, lat = NODES["C1"]
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True, permissions=["geolocation"],
            geolocation={"longitude": lon, "latitude": lat, "accuracy": 9},
        )  # fmt: skip
        self.context.set_default_timeout(SLOW_MS)
        self.page: Page = self.context.new_page()
        self.writes = Writes(self.page)
        self.page.goto(address)
        self.at("login-username").fill(name)
        self.at("login-password").fill(PASSWORD)
        self.at("login-submit").click()
        expect(self.at("field-state")).to_have_attribute("data-reached", "true")

    def at(self, name: str) -> Locator:
        """The element with that test id."""
        return self.page.get_by_test_id(name)

    def tab(self, name: str) -> None:
        """Ask for news, and open a tab."""
        self.sync()
        self.at(f"field-tab-{name}").click()

    def sync(self) -> None:
        """Send what waits, and see that it was taken."""
        self.at("field-sync").click()
        expect(self.at("field-sync")).to_have_attribute("aria-busy", "false")
        expect(self.at("field-waits")).to_have_text("0")
        expect(self.at("field-tab-queue")).to_have_text("上传")  # nothing was refused

    def home(self, code: str) -> Locator:
        """The card of a household."""
        return self.page.locator(f"[data-testid=field-home][data-code={code}]")

    def shot(self, name: str) -> None:
        """Keep a picture to look at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture
def day(mini_db: Engine, data_dir: Path) -> Iterator[Screen]:
    registers(mini_db, data_dir)
    with mini_db.begin() as connection:  # eleven strips about the roads, so that both fill the screen
        connection.exec_driver_sql(
            "update gis.admin_unit a set geom ="
            " st_multi(st_makeenvelope(120.092 + n * 0.002, 30.238, 120.094 + n * 0.002, 30.262, 4490))"
            " from (select code, row_number() over (order by code) as n from gis.admin_unit"
            " where level = 'town') t where a.code = t.code"
        )
    add_account(mini_db, "warner", "演示村山洪预警员", "field", TOWNS[0])
    landslide = {"incident.class[geohazard]": "10301"}
    with parameters(mini_db, landslide), serving(mini_db, data_dir) as server, chromium() as browser:
        found = Screen(browser, server.url, mini_db)
        headers = {"Content-Type": "application/yaml"}
        answer = found.who("planner").client.post("/api/plans", content=plans()[0], headers=headers)
        assert answer.status_code == 201, answer.text
        yield found
        for wall in found.walls.values():
            assert (wall.outside, wall.wrong) == ([], [])


def test_the_cloudburst_day_before_the_screen(day: Screen) -> None:
    a_shift_is_handed_over(day)
    a_reminder_goes_out(day)
    a_warning_and_a_silent_gauge(day)
    a_village_prepares_and_four_posts_answer(day)
    two_accounts_start_the_response(day)
    an_underpass_is_closed(day)
    the_faster_team_is_first(day)
    an_order_for_61_persons(day)
    counted_and_verified(day)
    a_full_shelter_sends_on(day)
    raised(day)
    a_landslide_is_reported(day)
    offline_lowered_ended_reviewed(day)


def a_shift_is_handed_over(day: Screen) -> None:
    day.at("00:10")
    desk = day.wall("night")
    desk.page.keyboard.press("s")
    desk.at("takeover-leader").fill("夜班带班领导")
    desk.at("takeover").click()
    desk.at("shift-start").click()
    expect(desk.at("duty-on")).to_contain_text("夜班值班员")
    desk.at("duty-tab-log").click()
    desk.at("log-channel").select_option("handover")
    desk.at("log-post").fill("城管")
    desk.at("log-content").fill("泵站水泵待修")
    desk.at("log-write").click()
    expect(desk.at("log-entry")).to_have_count(1)
    desk.page.keyboard.press("a")
    desk.at("tasks").locator("summary").click()
    desk.at("task-what").fill("检查泵站")
    desk.at("task-to").fill("演示区城市管理局")
    desk.at("task-minutes").fill("560")
    desk.at("task-issue").click()
    expect(desk.at("task")).to_have_count(1)
    desk.report("other", "树木倒伏", *NODES["C2"])
    expect(desk.card("树木倒伏")).to_be_visible()
    desk.at("account-menu").click()
    desk.at("sign-out").click()

    day.at("07:30")
    desk.at("login-username").fill("operator")  # the next one at the same desk
    desk.at("login-password").fill(PASSWORD)
    desk.at("login-submit").click()
    desk.ready()
    day.walls["operator"] = day.walls.pop("night")
    desk.page.keyboard.press("s")
    desk.at("takeover-leader").fill("带班领导")
    desk.at("takeover").click()
    expect(desk.at("handover-item")).to_have_count(3)
    for left in (3, 2, 1):
        expect(desk.at("shift-start")).to_be_disabled()
        expect(desk.at("handover-accept")).to_have_count(left)
        desk.at("handover-accept").first.click()
    expect(desk.at("handover-accept")).to_have_count(0)
    desk.at("shift-start").click()
    expect(desk.at("duty-on")).to_contain_text("operator岗")
    desk.shot("a01-duty")

    day.at("08:00")
    desk.page.keyboard.press("a")
    task = desk.at("task")
    task.get_by_role("button").first.click()
    task.get_by_test_id("task-text").fill("城管已自行完成")
    task.get_by_test_id("task-cancel").click()
    expect(desk.at("task")).to_have_count(0)
    chief = day.wall("deputy")
    chief.card("树木倒伏").click()
    chief.at("close-incident-button").click()
    chief.at("close-ground").fill("已清障")
    chief.at("close-submit").click()
    expect(desk.card("树木倒伏")).to_have_count(0)


def a_reminder_goes_out(day: Screen) -> None:
    desk, chief = day.wall("operator"), day.wall("deputy")
    day.at("08:20")
    desk.page.keyboard.press("s")
    desk.at("duty-tab-reminder").click()
    desk.at("reminder-draft").click()
    desk.at("reminder-edit").click()
    text = desk.at("reminder-text")
    text.fill(text.input_value() + "\n四、请各镇街加强巡查。")
    desk.at("reminder-save").click()
    expect(desk.at("reminder-said")).to_contain_text("加强巡查")
    desk.at("reminder-number").first.click()  # each number opens what it counts
    expect(desk.at("reminder-items")).to_be_visible()
    expect(desk.at("reminder-approve")).to_be_disabled()
    day.at("08:45")
    chief.page.keyboard.press("s")
    chief.at("duty-tab-reminder").click()
    chief.at("reminder-approve").click()
    day.at("08:50")
    desk.at("reminder-send").click()
    expect(desk.at("reminder")).to_have_attribute("data-state", "sent")
    expect(desk.at("reminder-time")).to_have_text("按时")


def a_warning_and_a_silent_gauge(day: Screen) -> None:
    desk = day.wall("operator")
    day.at("10:00")
    raw = signal(day, "yellow", "A-1")
    start, end = raw.index(b"<instruction>"), raw.index(b"</instruction>") + 14
    desk.at("warning-enter").first.click()

    def take(message: bytes) -> None:
        file: Any = {"name": "warning.xml", "mimeType": "text/xml", "buffer": message}
        desk.at("warning-file").set_input_files(file)

    take(raw[:start] + raw[end:])
    expect(desk.at("work-warning").get_by_role("alert")).to_contain_text("措施")
    take(raw)
    card = desk.at("warning-card")
    expect(card).to_contain_text("演示镇11")
    expect(card.locator("dt")).to_have_count(8)
    expect(desk.at("warning-badge")).to_have_count(1)
    for hours in (2, 1, 0):
        for gauge, minutes in (("R-07", 0), ("R-09", 30)):
            day.push(gauge, 0, 3600, day.time(f"{10 - hours - bool(minutes):02d}:{(60 - minutes) % 60:02d}"))
    day.at("10:05")
    day.tick()
    desk.page.keyboard.press("Escape")
    dark = desk.page.locator("[data-testid=hazard-row][data-id='key_village:V-12']")
    expect(dark).to_have_attribute("data-state", "unknown")
    expect(desk.at("silent-count")).to_contain_text("1")
    desk.shot("a04-silent")


def a_village_prepares_and_four_posts_answer(day: Screen) -> None:
    desk, phone = day.wall("operator"), None
    for clock, mm in (("11:00", 12), ("12:00", 18), ("13:00", 28), ("14:00", 31)):
        day.at(clock)
        day.push("R-07", mm, 3600)
    row = desk.page.locator("[data-testid=hazard-row][data-id='key_village:V-07']")
    expect(row).to_have_attribute("data-state", "prepare")
    row.click()
    expect(desk.at("hazard-detail")).to_contain_text("77")
    expect(desk.at("hazard-detail")).to_have_attribute("data-internal", "true")
    expect(desk.at("warning-badge")).to_have_count(1)
    desk.shot("a05-prepare")
    desk.at("hazard-call").click()
    expect(desk.at("call-record")).to_have_count(len(FOUR))

    def record(post: str) -> Locator:
        return desk.at("call-record").filter(has_text=post)

    def step(post: str, to: str, text: str = "") -> None:
        if text:
            record(post).get_by_test_id("call-text").fill(text)
        record(post).get_by_test_id(f"call-{to}").click()

    day.at("14:01")
    for post in ("演示区领导", "演示镇主要负责人"):
        step(post, "reached")
        step(post, "read_back", "准备转移 23 户 61 人，收到")
    step("演示村主任", "failed")
    phone = day.phone("warner")  # who answers for himself
    card = phone.at("field-call")
    card.get_by_test_id("call-step").click()
    card.get_by_test_id("call-text").fill("准备转移 23 户 61 人，收到")
    phone.shot("a06-call")
    card.get_by_test_id("call-step").click()
    phone.sync()
    expect(record("演示村山洪预警员")).to_have_attribute("data-state", "read_back")
    day.at("14:03")
    step("演示村主任", "failed")
    day.at("14:04")
    day.tick()
    day.at("14:05")
    day.tick()
    expect(record("演示村主任")).to_contain_text("演示村副主任")
    desk.shot("a06-calls")
    day.at("14:06")
    step("演示村主任", "reached")
    step("演示村主任", "read_back", "由副主任负责，收到")
    expect(desk.at("callout-answered")).to_have_text("4/4")
    day.at("14:10")
    for post in ("演示区领导", "演示镇主要负责人", "演示村主任"):
        step(post, "action", "人员已集结")
    card.get_by_test_id("call-text").fill("人员已集结")
    card.get_by_test_id("call-step").click()
    phone.sync()
    day.at("14:12")
    chief = day.wall("deputy")
    chief.page.keyboard.press("c")
    for left in range(len(FOUR), 0, -1):
        waits = chief.page.locator("[data-testid=call-record][data-state=action]")
        expect(waits).to_have_count(left)
        waits.first.get_by_test_id("call-text").fill("视频核实")
        waits.first.get_by_test_id("call-verified").click()
    expect(chief.at("callout")).to_have_count(0)


def two_accounts_start_the_response(day: Screen) -> None:
    desk, chief = day.wall("operator"), day.wall("deputy")
    desk.page.keyboard.press("e")
    proposed = desk.at("decision")
    expect(proposed).to_have_attribute("data-state", "proposed")
    expect(proposed).to_contain_text("Ⅳ")
    for said in ("R-07", "77"):
        expect(proposed).to_contain_text(said)
    expect(desk.at("tasks-open")).to_contain_text("0")
    desk.at("decision-open").click()
    expect(proposed).to_contain_text("18")
    desk.at("decision-attendees").fill("防汛办、气象局、水利局")
    desk.at("decision-conclusion").fill("雨势将持续，建议启动")
    desk.at("decision-consult").click()
    expect(proposed).to_have_attribute("data-state", "consulting")
    desk.at("decision-hours").fill("24")
    desk.at("decision-submit").click()
    expect(proposed).to_have_attribute("data-state", "submitted")
    expect(desk.at("decision-approve")).to_be_disabled()
    day.at("14:20")
    chief.at("responses-open").click()
    chief.at("decision-open").click()
    chief.at("decision-document").fill("演示防指〔2026〕7 号")
    chief.at("decision-approve").click()
    expect(chief.at("decision")).to_have_count(0)
    expect(desk.at("response-badge")).to_contain_text("Ⅳ")
    expect(desk.at("tasks-open")).to_contain_text("18")
    desk.at("decided").locator("summary").click()
    desk.at("decided-notice").click()  # the text that goes out
    text = desk.at("document-text")
    for part in ("Ⅳ级", "24 小时", "14时20分"):
        expect(text).to_contain_text(part)
    desk.shot("a07-notice")


def an_underpass_is_closed(day: Screen) -> None:
    desk, police = day.wall("operator"), day.wall("police", 1280, 800)
    day.at("14:25")
    whole(desk)
    desk.page.locator("[data-testid=team-row][data-code=T5]").click()
    desk.at("team-note").fill("连续作业，休整")
    desk.page.locator("[data-testid=team-set][data-state=resting]").click()
    expect(desk.at("team-state")).to_have_attribute("data-state", "resting")
    desk.report("flood", "低洼小区进水", *NODES["C4"])
    for code in ("T3", "T4"):
        send(desk, code, "T1、T2 留作机动")
    day.at("14:30")
    day.push("D-03", 28)
    row = police.at("suggestion-row")
    expect(row).to_contain_text("28")
    expect(police.at("closure-row")).to_have_count(0)
    police.shot("a08-suggestion")
    day.at("14:33")
    row.get_by_test_id("suggestion-confirm").click()
    police.at("suggestion-note").fill("交警现场确认")
    police.at("suggestion-submit").click()
    expect(police.at("closure-row")).to_have_count(1)
    for card in desk.at("dispatch-card").all():  # both were on that road, and have another way now
        expect(card).to_contain_text("改线")
    desk.shot("a08-rerouted")
    day.at("14:38")
    day.push("D-03", 20)
    expect(police.at("closure-row")).to_have_count(1)


def whole(desk: Wall) -> None:
    """Close what is open, and see the whole map again."""
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("f")
    wait_for(lambda: not desk.page.evaluate("baochuMap.isMoving()"), SLOW_MS / 1000)


def send(desk: Wall, code: str, reason: str = "") -> None:
    """Dispatch a team to the incident whose work is open."""
    name = f"演示队伍 {code}"
    row = desk.at("recommend-row").filter(has_text=name)
    row.click()
    if reason:
        row.get_by_test_id("dispatch-reason").fill(reason)
    row.get_by_test_id("dispatch-button").click()
    expect(desk.at("dispatch-card").filter(has_text=name)).to_be_visible()


def the_faster_team_is_first(day: Screen) -> None:
    desk = day.wall("operator")
    day.at("14:40")
    desk.report("flood", "C3 积水待排", *NODES["C3"])
    rows = desk.at("recommend-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("4.3")
    expect(rows.nth(1)).to_contain_text("7.6")
    absent = desk.at("absent-row")
    expect(absent).to_have_count(3)
    second = rows.nth(1)
    second.click()
    second.get_by_test_id("dispatch-button").click()
    expect(second.get_by_test_id("dispatch-fault")).to_be_visible()  # the second choice needs its reason
    desk.shot("a09-teams")
    second.get_by_test_id("dispatch-reason").fill("T2 留守北线")
    second.get_by_test_id("dispatch-button").click()
    card = desk.at("dispatch-card")
    expect(card).to_have_count(1)
    for clock, to in (("14:41", "acknowledged"), ("14:45", "departed"), ("14:48", "arrived")):
        day.at(clock)
        card.get_by_test_id("advance-button").click()
        expect(card.get_by_test_id("dispatch-state")).to_have_attribute("data-state", to)


def an_order_for_61_persons(day: Screen) -> None:
    desk, chief, police = day.wall("operator"), day.wall("deputy"), day.wall("police")
    for clock, mm in (("15:00", 22), ("16:00", 30)):
        day.at(clock)
        day.push("R-07", mm, 3600)
    day.push("D-03", 2)
    day.at("16:30")
    row = police.at("closure-row")
    row.get_by_test_id("lift-button").click()
    row.get_by_test_id("lift-reason").fill("水已退，现场核实")
    row.get_by_test_id("lift-submit").click()
    expect(police.at("closure-row")).to_have_count(0)
    day.at("17:00")
    day.push("R-07", 35, 3600)
    desk.page.keyboard.press("Escape")
    village = desk.page.locator("[data-testid=hazard-row][data-id='key_village:V-07']")
    expect(village).to_have_attribute("data-state", "immediate")
    village.click()
    expect(desk.at("hazard-detail")).to_contain_text("87")
    day.tick()
    chief.page.keyboard.press("p")
    order = chief.at("transfer")
    expect(order).to_have_attribute("data-state", "draft")
    chief.at("transfer-plan").click()
    expect(order).to_contain_text("23 户 61 人")
    homes = chief.at("transfer-homes").locator("tbody tr")
    expect(homes).to_have_count(23)
    expect(homes.first).to_contain_text("◆2")  # the vulnerable first
    beyond = homes.filter(has_text=BEYOND)
    expect(beyond).to_contain_text("S1")
    expect(beyond).to_contain_text("900 米")  # and not 550 m over the stream to S2
    chief.shot("a10-plan")
    chief.at("transfer-issue").click()
    expect(order).to_have_attribute("data-state", "issued")
    expect(desk.at("transfers-open")).to_contain_text("61")


def counted_and_verified(day: Screen) -> None:
    desk, chief = day.wall("operator"), day.wall("deputy")
    cadre, town = day.phone("field"), day.phone("field2")
    day.at("17:10")
    desk.page.keyboard.press("p")
    desk.at("transfers-tab-shelters").click()
    desk.at("shelter-pick").select_option("S1")
    desk.at("shelter-stock").select_option(KITS)
    desk.at("shelter-open").click()
    shelter = desk.page.locator("[data-testid=shelter][data-code=S1]")
    expect(shelter).to_have_attribute("data-state", "open")
    cadre.tab("homes")
    for to in ("notified", "contacted"):
        cadre.at(f"homes-{to}").click()
        cadre.at(f"homes-{to}").click()  # asked twice, for it speaks for 23 households
        cadre.sync()
    cadre.shot("a11-homes")

    def person(phone: Phone, code: str, to: str, note: str = "") -> None:
        card = phone.home(code.split("-")[0])
        if card.get_by_test_id("home-open").get_attribute("aria-expanded") == "false":
            card.get_by_test_id("home-open").click()
        if note:
            card.get_by_test_id("home-note").fill(note)
        row = card.locator(f"[data-code={code}]")
        row.get_by_test_id(f"person-{to}").or_(row.get_by_test_id("person-step").filter(has_text=to)).click()

    day.at("17:20")
    for code in AWAY:
        person(cadre, code, "away", "在外地子女家，电话确认")
    person(cadre, REFUSED, "refused", "不愿离家")
    cadre.sync()
    cadre.at("homes-departed").click()  # all but the household with the one who stays
    cadre.at("homes-departed").click()
    for code in persons(HOMES[1])[1:]:
        person(cadre, code, "已出发")
    person(cadre, REFUSED, "劝导")
    cadre.sync()
    cadre.shot("a11-departed")
    town.tab("homes")
    for code in AWAY:
        person(town, code, "不在家")
    town.sync()
    day.at("17:40")
    for home in HOMES[2:]:
        cadre.home(home).get_by_test_id("home-step").click()
    for code in persons(HOMES[1])[1:]:
        person(cadre, code, "已到达")
    cadre.sync()
    desk.at("transfers-tab-orders").click()
    figures = desk.at("transfer").locator(".figures").first
    expect(figures).to_contain_text("57 已报")
    expect(figures).to_contain_text("0 已核")
    desk.at("force-basis").fill(LAW)
    desk.at("force-ask").click()
    expect(desk.at("force-confirm")).to_be_visible()
    chief.at("force-confirm").click()
    expect(desk.at("force-confirm")).to_have_count(0)
    cadre.sync()
    person(cadre, REFUSED, "forced")
    person(cadre, REFUSED, "已出发")
    cadre.sync()
    day.at("18:00")
    day.push("R-07", 6, 3600)
    town.tab("desk")  # the desk of the shelter scans the cards of those who are there: a scanner types, and Enter
    town.at("desk-shelter").select_option("S1")
    for code in (*persons(HOMES[1])[1:], *HOMES[2:]):
        town.at("desk-code").fill(code)
        town.at("desk-code").press("Enter")
        expect(town.at("desk-code")).to_have_value("")
    town.sync()
    town.shot("a11-desk")
    expect(desk.at("transfer-rate")).to_have_text("96.6 %")
    expect(figures).to_contain_text("61 应转")
    expect(figures).to_contain_text("57 已核")
    for said in ("不在家 2", "途中 2", "强制 1"):
        expect(desk.at("transfer")).to_contain_text(said)
    expect(desk.at("moved-verified")).to_have_text("57")
    desk.at("transfer-households").click()
    expect(desk.at("home")).to_have_count(2)  # what is left to do
    desk.shot("a11-transfer")
    for wall in (desk, chief):  # counts only: nobody's name, no telephone
        assert not re.search(r"演示人员|100-0000", wall.page.content())
    day.at("18:01", speed=10)  # so that the slider, of a second a step, can tell this moment from the next
    desk.page.keyboard.press("h")
    desk.at("journal-tab-review").click()
    desk.at("situation-note").fill("18 时")
    desk.at("situation-keep").click()
    day.kept["hash"] = desk.at("situation-kept").get_attribute("data-hash")


def a_full_shelter_sends_on(day: Screen) -> None:
    desk, cadre = day.wall("operator"), day.phone("field")
    one, two = (desk.page.locator(f"[data-testid=shelter][data-code={code}]") for code in ("S1", "S2"))
    day.at("18:10")
    desk.page.keyboard.press("p")
    desk.at("transfers-tab-shelters").click()

    def come(count: int) -> None:
        cadre.at("desk-unlisted").fill(str(count))
        cadre.at("desk-send").click()
        cadre.sync()

    cadre.tab("desk")
    cadre.at("desk-shelter").select_option("S1")
    come(122)
    expect(one).to_have_attribute("data-fill", "room")
    expect(one.get_by_test_id("shelter-occupancy")).to_have_text("179")
    day.at("18:20")
    come(1)
    expect(one).to_have_attribute("data-fill", "near_full")
    cadre.at("desk-kits").check(force=True)
    come(20)
    expect(one).to_have_attribute("data-fill", "full")
    expect(one.get_by_test_id("shelter-occupancy")).to_have_text("200")
    cadre.at("desk-kits").uncheck(force=True)
    expect(one).to_contain_text("留位 0")
    expect(two).to_contain_text("留位 2")  # who is on the way goes there now
    two.get_by_test_id("shelter-toggle").click()
    two.get_by_test_id("shelter-reopen").click()
    expect(two).to_have_attribute("data-state", "open")
    cadre.sync()
    expect(cadre.at("desk-elsewhere")).to_contain_text("S2")
    cadre.shot("a12-full")
    cadre.at("desk-code").fill(REFUSED)
    cadre.at("desk-code").press("Enter")
    cadre.at("field-tab-queue").click()
    refused = cadre.page.locator("[data-state=refused]")
    expect(refused).to_contain_text("须改往他处，最近为演示安置点 S2")
    cadre.shot("a12-refused")
    cadre.at("field-dismiss").click()
    cadre.tab("desk")
    cadre.at("desk-shelter").select_option("S2")
    cadre.at("desk-code").fill(REFUSED)
    cadre.at("desk-code").press("Enter")
    cadre.sync()
    expect(two.get_by_test_id("shelter-occupancy")).to_have_text("1")
    expect(desk.page.locator(f"[data-testid=stock][data-code={KITS}]")).to_contain_text("130")
    expect(one.get_by_test_id("shelter-elsewhere")).to_contain_text("S2")
    desk.shot("a12-shelters")


def raised(day: Screen) -> None:
    desk, chief = day.wall("operator"), day.wall("deputy")
    day.at("18:25")
    desk.page.keyboard.press("e")
    notice = desk.at("notice-form")
    desk.page.locator("details", has=notice).locator("summary").click()
    for area, level in (("330100", "3"), (TOWNS[0], "4")):
        desk.at("notice-area").select_option(area)
        if area == "330100":
            desk.at("notice-name").fill("杭州市")
        desk.at("notice-level").select_option(level)
        desk.at("notice-document").fill("市防指〔2026〕9 号")
        desk.at("notice-send").click()
        expect(desk.at("response").filter(has_text="据通报")).to_have_count(1 if area == "330100" else 2)
        expect(desk.at("notice-document")).to_have_value("")
    up = desk.at("decision").filter(has_text="Ⅳ → Ⅲ")
    expect(up).to_have_count(1)
    desk.at("propose-level").select_option("2")
    desk.at("propose-ground").fill("山洪暴发")
    desk.at("propose-send").click()
    jump = desk.at("decision").filter(has_text="Ⅳ → Ⅱ")
    consult(jump)
    jump.get_by_test_id("decision-submit").click()
    expect(desk.at("notice").filter(has_text="越级").first).to_be_visible()
    jump.get_by_test_id("decision-jump").fill("水位一小时上涨 1.5 米")
    jump.get_by_test_id("decision-submit").click()
    expect(jump).to_have_attribute("data-state", "submitted")
    jump.get_by_test_id("decision-note").fill("会商改为逐级提升")
    jump.get_by_test_id("decision-withdraw").click()
    expect(jump).to_have_count(0)
    consult(up)
    up.get_by_test_id("decision-submit").click()
    day.at("18:30")
    approve(chief)
    expect(desk.at("response-badge")).to_contain_text(re.compile("防汛Ⅲ市Ⅲ.*镇街 1"))
    expect(desk.at("tasks-open")).to_contain_text("29")
    desk.shot("a13-levels")


def consult(card: Locator) -> None:
    """Talk a proposal over."""
    card.get_by_test_id("decision-open").click()
    card.get_by_test_id("decision-attendees").fill("防汛办、水利局")
    card.get_by_test_id("decision-conclusion").fill("同意")
    card.get_by_test_id("decision-consult").click()
    expect(card).to_have_attribute("data-state", "consulting")


def approve(chief: Wall) -> None:
    """Approve the one that waits."""
    if chief.at("responses").count() == 0:
        chief.page.keyboard.press("e")
    card = chief.page.locator("[data-testid=decision][data-state=submitted]")
    if card.get_by_test_id("decision-open").get_attribute("aria-expanded") == "false":
        card.get_by_test_id("decision-open").click()
    card.get_by_test_id("decision-approve").click()
    expect(card).to_have_count(0)


def a_landslide_is_reported(day: Screen) -> None:
    desk = day.wall("operator")
    day.at("19:00")
    whole(desk)
    close_road(desk, middle("N5–S1"), "积水", 1)
    day.at("19:12")
    desk.page.keyboard.press("n")
    desk.at("report-known").fill(f"{day.date:%Y-%m-%d}T19:10")
    desk.report("geohazard", "N4–N5 滑坡阻断道路", *middle("N4–N5"))
    expect(desk.at("report-section")).to_be_visible()
    close_road(desk, middle("N4–N5"), "滑坡阻断", 2)
    desk.card("滑坡阻断道路").click()
    desk.page.keyboard.press("i")
    expect(desk.at("report-section")).to_contain_text("19:10 获知")
    expect(desk.at("report-clock").first).to_contain_text("19:40")

    def report(injured: int) -> None:
        desk.at("said-overview").fill("滑坡阻断道路")
        desk.at("figure-injured").fill(str(injured))
        desk.at("report-send").click()
        desk.at("send-to").fill("市应急管理局")
        if injured == 1:
            desk.at("send-confirmed").fill("带班领导")
        desk.at("send-sure").click()
        expect(desk.at("sent-report")).to_have_count(injured)

    day.at("19:25")
    report(1)
    expect(desk.at("report-clock").first).to_have_attribute("data-state", "met")
    day.at("19:40")
    report(2)
    first = desk.at("sent-report").nth(0)
    first.get_by_role("button").click()
    for said in ("受伤 1 人", "小型", "演示村五 40 人"):
        expect(first).to_contain_text(said)
    second = desk.at("sent-report").nth(1)
    expect(second).to_have_attribute("data-kind", "continued")
    desk.shot("a14-reports")


def close_road(desk: Wall, at: tuple[float, float], reason: str, closed: int) -> None:
    """R, the road on the map, why, save."""
    desk.page.keyboard.press("r")
    desk.click_map(*at)
    desk.at("closure-reason").fill(reason)
    desk.at("closure-submit").click()
    expect(desk.at("closure-row")).to_have_count(closed)


def offline_lowered_ended_reviewed(day: Screen) -> None:
    desk, chief, cadre = day.wall("operator"), day.wall("deputy"), day.phone("field")
    day.at("20:00")
    cadre.sync()
    day.journal()
    cadre.context.set_offline(True)
    cadre.at("field-tab-report").click()
    cadre.at("danger-geohazard").check(force=True)
    cadre.at("danger-title").fill("坡面裂缝")
    cadre.at("danger-locate").click()
    cadre.at("danger-send").click()
    cadre.at("field-tab-report").click()
    cadre.at("patrol-place").select_option(index=1)
    cadre.at("patrol-orange").check(force=True)
    cadre.at("patrol-finding").fill("坡脚渗水")
    cadre.at("patrol-send").click()
    cadre.at("field-tab-homes").click()
    home = cadre.home(BEYOND)
    home.get_by_test_id("home-step").click()
    expect(cadre.at("field-waits")).to_have_text("3")
    cadre.shot("a15-offline")
    day.at("20:20")
    cadre.context.set_offline(False)
    cadre.sync()
    cadre.sync()
    kinds = [entry["kind"] for entry in day.journal()]
    assert [kinds.count(one) for one in ("IncidentReported", "PatrolReported", "TransferStepped")] == [1, 1, 1]
    assert kinds.count("FieldActLate") == 3

    for clock, level, ground in (("21:30", "4", "降雨减弱，水位回落"), ("23:00", "0", "预警解除，无新增险情")):
        day.at(clock)
        if desk.at("responses").count() == 0:
            desk.page.keyboard.press("e")
        desk.at("propose-level").select_option(level)
        desk.at("propose-ground").fill(ground)
        desk.at("propose-send").click()
        card = desk.page.locator("[data-testid=decision]:not([data-state=submitted])").filter(has_text=ground)
        consult(card)
        card.get_by_test_id("decision-submit").click()
        approve(chief)
    expect(desk.at("response-badge").locator("b")).to_have_text("–")
    ended = desk.at("response-ended")
    ended.get_by_test_id("look-back").fill("叫应及时，排涝泵车前置偏晚")
    ended.get_by_test_id("look-back-send").click()
    expect(ended).to_have_attribute("data-state", "reviewed")

    desk.page.keyboard.press("h")
    expect(desk.at("chain-verdict")).to_have_attribute("data-sound", "true")
    desk.at("journal-tab-review").click()
    row = desk.page.locator("[data-testid=review-line][data-who='演示村主任']")
    for said in ("接通 6 分", "行动 10 分", "核实 12 分"):
        expect(row).to_contain_text(said)
    expect(desk.page.locator("[data-testid=review-figures] tr[data-step=verified]")).to_contain_text("4/4")
    desk.at("review-dispatch").click()
    row = desk.page.locator("[data-testid=review-line][data-who='演示队伍 T1']")
    for said in ("签收 1 分", "出发 5 分", "到达 8 分"):
        expect(row).to_contain_text(said)
    desk.shot("a15-review")
    kept = next(one["at"] for one in day.all_entries() if one["kind"] == "SituationKept")
    desk.page.keyboard.press("t")
    bar = "(bar, ms) => { bar.value = ms; bar.dispatchEvent(new Event('input', { bubbles: true })) }"
    desk.at("replay-slider").evaluate(bar, datetime.fromisoformat(kept).timestamp() * 1000)
    expect(desk.at("replay-hash")).to_have_attribute("title", day.kept["hash"])
    expect(desk.at("moved-verified")).to_have_text("57")
    desk.shot("a15-replay")
