"""The administrator's page, a first log-in with a given password, and log-in at a provider, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import text

from gis_data.cluster import Cluster
from gis_data.demo.xh_mini import xh_mini
from tests.conftest import PASSWORD, Server, _copy, _template, free_port, serving
from tests.ui.driver import Wall
from tests.web.identity import SECRET, provider

UNIT = """
insert into gis.admin_unit (code, name, name_en, level, governing_authority, in_scope, valid_from, geom)
values (:code, :name, :name_en, 'town', '演示', true, now(),
'SRID=4490;MULTIPOLYGON(((120 30, 120.1 30, 120.1 30.1, 120 30)))')"""
TOWNS = {"330106010": ("转塘街道", "Zhuantang"), "330106109": ("三墩镇", "Sandun"), "330106110": ("双浦镇", "Shuangpu")}


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(postgis: Cluster, data_dir: Path, port: int) -> Iterator[Server]:
    with _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine:
        with engine.begin() as owner:
            rows = [{"code": code, "name": zh, "name_en": en} for code, (zh, en) in TOWNS.items()]
            owner.execute(text(UNIT), rows)
        oidc = {"BAOCHU_OIDC_ISSUER": f"http://127.0.0.1:{port}", "BAOCHU_OIDC_CLIENT_SECRET": SECRET}
        with serving(engine, data_dir, **oidc) as running:
            yield running


def _at_desk(browser: Browser, server: Server, username: str, password: str = PASSWORD, height: int = 1080) -> Wall:
    """Somebody at the administrator's page, logged in."""
    desk = Wall(browser, server.url, height * 16 // 9, height)
    desk.page.goto(f"{server.url}/admin/accounts")
    desk.at("login-username").fill(username)
    desk.at("login-password").fill(password)
    desk.at("login-submit").click()
    return desk


def _row(desk: Wall, username: str) -> Locator:
    return desk.page.locator(f"[data-testid=account-row][data-username={username}]")


def test_an_account_is_made_its_owner_comes_in_and_is_shut_out(browser: Browser, server: Server) -> None:
    desk = _at_desk(browser, server, "admin")
    expect(_row(desk, "admin")).to_be_visible()
    desk.page.keyboard.press("n")
    desk.at("account-username").fill("sp1")
    desk.at("account-name").fill("演示填报一 DEMO")
    desk.at("account-post").fill("双浦镇填报员")
    desk.at("account-role").select_option("clerk")
    desk.at("account-save").click()
    expect(desk.at("account-fault")).to_contain_text("镇街")  # a clerk is confined to towns
    desk.page.reload()
    expect(_row(desk, "admin")).to_be_visible()
    desk.page.keyboard.press("n")
    expect(desk.at("account-username")).to_have_value("sp1")  # what was typed is still there
    desk.at("account-towns").get_by_text("双浦镇").click()
    desk.shot("accounts-form-1080")
    desk.at("account-save").click()
    given = desk.at("given-password").inner_text()
    desk.at("given-close").click()
    expect(_row(desk, "sp1")).to_contain_text("双浦镇")

    owner = _at_desk(browser, server, "sp1", given)
    owner.at("password-current").fill(given)
    owner.at("password-new").fill("a new one")
    owner.at("password-again").fill("another")
    owner.at("password-submit").click()
    expect(owner.at("password-form").get_by_role("alert")).to_contain_text("不一致")
    owner.at("password-again").fill("a new one")
    owner.at("password-submit").click()
    expect(owner.at("desk-denied")).to_be_visible()  # a clerk does not administer

    desk.at("account-disable").click()
    expect(_row(desk, "sp1")).to_contain_text("启用")  # not yet: a second look comes first
    desk.at("account-disable").click()
    expect(_row(desk, "sp1")).to_contain_text("停用")
    owner.page.reload()
    expect(owner.at("login-username")).to_be_visible()
    assert (desk.wrong, owner.wrong, desk.outside) == ([], [], [])


def test_the_table_is_walked_by_keys_filtered_and_in_english_too(browser: Browser, server: Server) -> None:
    desk = _at_desk(browser, server, "admin", height=2160)
    expect(_row(desk, "viewer")).to_be_visible()
    desk.shot("accounts-2160")
    _row(desk, "admin").focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    expect(desk.at("account-form").get_by_role("heading")).to_contain_text("auditor")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
    expect(desk.at("account-form")).to_have_count(0)
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("nobody at all")
    expect(desk.page.get_by_text("没有符合条件的账号")).to_be_visible()
    desk.at("account-filter").fill("")
    desk.at("account-filter-role").select_option("admin")
    expect(desk.at("account-row")).to_have_count(1)
    _row(desk, "admin").click()
    desk.at("account-disable").click()
    desk.at("account-disable").click()
    expect(desk.at("account-fault")).to_contain_text("最后一个")
    desk.at("lang-switch").first.click()
    expect(_row(desk, "admin")).to_contain_text("Administrator")
    expect(desk.at("account-fault")).to_contain_text("last administrator")
    desk.at("account-filter-role").select_option("")
    desk.shot("accounts-english-2160")
    assert desk.wrong == []


def test_one_logs_in_at_the_bureaus_own_provider(browser: Browser, server: Server, port: int) -> None:
    admin = _at_desk(browser, server, "admin")
    _row(admin, "planner").click()
    admin.at("account-sso").check()
    admin.at("account-save").click()
    expect(_row(admin, "planner")).to_contain_text("未绑定")

    person = Wall(browser, server.url)
    person.page.goto(f"{server.url}/admin/accounts")
    person.at("login-sso").click()
    expect(person.at("login-fault")).to_contain_text("连不上")
    person.shot("login-sso-1080")
    with provider(port, f"{server.url}/api/session/oidc/callback"):
        person.page.goto(f"{server.url}/admin/accounts")
        for name in ("stranger", "planner"):
            person.at("login-sso").click()
            person.page.locator("[name=login]").fill(name)
            person.page.locator("[name=password]").fill("any")
            person.page.get_by_role("button").click()
            person.page.get_by_role("button").click()  # yes, it may know who I am
            if name == "stranger":
                expect(person.at("login-fault")).to_contain_text("没有为您开通")
                person.page.context.clear_cookies()
                person.page.goto(f"{server.url}/admin/accounts")
        expect(person.at("desk-denied")).to_be_visible()  # in, and a planner does not administer
    admin.page.reload()
    expect(_row(admin, "planner")).to_contain_text("已绑定")
