"""The import wizard in a real browser: scenario C's sheet, its questions, the evidence on a wrong datum, both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests.command.test_register_import import build_houses, scenario, workbook
from tests.conftest import PASSWORD, Server, serving, wait_for
from tests.ui.driver import Wall


@pytest.fixture
def server(mini_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(build_houses(mini_db, data_dir), data_dir) as running:
        yield running


def _enter(browser: Browser, server: Server, width: int, height: int) -> Wall:
    clerk = Wall(browser, server.url, width, height)
    clerk.page.goto(f"{server.url}/registers/shelter/import")
    clerk.at("login-username").fill("admin")
    clerk.at("login-password").fill(PASSWORD)
    clerk.at("login-submit").click()
    expect(clerk.at("step-file")).to_be_visible()
    return clerk


def _drawn(clerk: Wall) -> None:
    """Wait until the side-by-side picture stands."""
    picture = clerk.at("evidence-picture")
    wait_for(lambda: picture.evaluate("image => image.naturalWidth") > 0, 30)


def test_the_shelter_sheet_through_the_wizard(browser: Browser, server: Server, tmp_path: Path) -> None:
    sheet = tmp_path / "避灾点.xlsx"
    sheet.write_bytes(workbook(scenario()).getvalue())
    clerk = _enter(browser, server, 1920, 1080)
    page = clerk.page
    page.set_input_files("[data-testid=import-file]", sheet)
    expect(clerk.at("mapping")).to_be_visible()
    expect(clerk.at("import-check")).to_be_disabled()  # no datum has been stated
    assert page.locator("[data-testid=datum] input:checked").count() == 0
    clerk.shot("import-fields")

    page.get_by_text("WGS-84（GPS").click()
    clerk.at("import-check").click()
    expect(clerk.at("evidence")).to_contain_text("坐标系统存疑")
    expect(clerk.at("import-confirm")).to_have_count(0)
    _drawn(clerk)
    clerk.shot("import-refused")

    clerk.at("to-fields").click()
    page.get_by_text("GCJ-02（高德").click()
    clerk.at("import-check").click()
    expect(clerk.at("rejected")).to_contain_text("3")
    page.reload()  # the job outlives the page
    expect(clerk.at("finding")).to_have_count(3)
    clerk.at("accept").click()
    clerk.at("recheck").click()
    expect(clerk.at("rejected")).to_contain_text("2")
    _drawn(clerk)
    clerk.shot("import-report")
    with page.expect_download() as waiting:
        clerk.at("rejects-xlsx").click()
    assert waiting.value.suggested_filename == "退回-避灾点.xlsx"

    wide = _enter(browser, server, 3840, 2160)
    wide.page.goto(page.url)
    expect(wide.at("finding")).to_have_count(3)
    _drawn(wide)
    wide.shot("import-report-4k")

    clerk.at("import-confirm").click()
    expect(clerk.at("import-done")).to_contain_text("28")
    assert clerk.outside == []
    assert clerk.wrong == []
