"""The field page on a phone: a network cut with the browser killed in between loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from sqlalchemy import Engine

from gis_data.clock import real_now
from tests.conftest import PASSWORD, TOWN, Person, Server, serving, wait_for
from tests.ui.driver import CHROMIUM, FLAGS, SHOTS, SLOW_MS

PHONE = {"width": 412, "height": 915}


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


def _phone(playwright: Playwright, folder: Path, lon: float, lat: float) -> BrowserContext:
    phone = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, locale="zh-CN", has_touch=True,
        is_mobile=True, device_scale_factor=2, permissions=["geolocation"],
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 9},
    )  # fmt: skip
    phone.set_default_timeout(SLOW_MS)
    return phone


def _kill(folder: Path) -> None:
    """As when the battery falls out."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={folder}"], capture_output=True, text=True, check=True)
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def _log_in(page: Page) -> None:
    page.get_by_test_id("login-username").fill("field")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def _shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_a_cut_network_and_a_killed_browser_lose_and_double_nothing(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    due = (real_now() + timedelta(hours=1)).isoformat()
    task = operator.post(
        "/api/worlds/live/tasks", 201, text_zh="清点危旧房住户", due_at=due, town=TOWN, organization="转塘街道"
    )
    team = next(iter(operator.get("/api/worlds/live/board")["teams"].values()))
    phone = _phone(playwright, tmp_path, team["lon"], team["lat"])
    page = phone.pages[0]
    page.goto(f"{server.url}/field")
    _log_in(page)
    card = page.get_by_test_id("field-task").filter(has_text="清点危旧房住户")
    expect(card).to_have_attribute("data-state", "issued")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()  # from now on the worker holds the page
    expect(card).to_be_visible()
    _shot(page, "field-tasks")

    phone.set_offline(True)
    card.get_by_test_id("field-step-received").click()
    expect(card.get_by_test_id("field-wait")).to_contain_text("待上传")
    card.get_by_test_id("field-step-in_progress").click()
    expect(page.get_by_test_id("field-waits")).to_have_text("2")
    page.get_by_test_id("field-tab-report").click()
    page.get_by_test_id("danger-geohazard").check(force=True)
    page.get_by_test_id("danger-title").fill("坡面新裂缝")
    page.get_by_test_id("danger-locate").click()
    page.get_by_test_id("danger-send").click()
    expect(page.get_by_test_id("field-waits")).to_have_text("3")
    _shot(page, "field-offline")
    _kill(tmp_path)

    phone = _phone(playwright, tmp_path, team["lon"], team["lat"])
    phone.set_offline(True)
    page = phone.pages[0]
    page.goto(f"{server.url}/field")
    expect(page.get_by_test_id("field-waits")).to_have_text("3")  # nothing was lost, and one can go on
    expect(page.get_by_test_id("field-state")).to_have_attribute("data-reached", "false")
    card = page.get_by_test_id("field-task").filter(has_text="清点危旧房住户")
    expect(card).to_have_attribute("data-state", "in_progress")
    card.get_by_test_id("field-text").fill("共 12 户，均已告知")
    card.get_by_test_id("field-step-done").click()
    expect(page.get_by_test_id("field-waits")).to_have_text("4")
    _shot(page, "field-reopened")
    assert operator.get(f"/api/worlds/live/tasks/{task['id']}")["task"]["state"] == "issued"

    phone.set_offline(False)
    _log_in(page)  # the log-in died with the browser; what waits did not
    expect(page.get_by_test_id("field-waits")).to_have_text("0")
    expect(page.get_by_test_id("field-state")).to_have_attribute("data-reached", "true")

    def notes() -> list[str]:
        return [note["step"] for note in operator.get(f"/api/worlds/live/tasks/{task['id']}")["notes"]]

    wait_for(lambda: "done" in notes(), 10)
    assert notes() == ["received", "in_progress", "done"]
    titles = [one["title"] for one in operator.get("/api/worlds/live/board")["incidents"].values()]
    assert titles.count("坡面新裂缝") == 1
    page.get_by_test_id("field-sync").click()  # and again: nothing is sent twice
    expect(page.get_by_test_id("field-waits")).to_have_text("0")
    assert notes() == ["received", "in_progress", "done"]
    (device,) = operator.get("/api/worlds/live/field/devices")
    assert device["lon"] == pytest.approx(team["lon"], abs=1e-6)
    phone.close()
