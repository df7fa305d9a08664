"""Panels with nothing in them, for whom they are not, and while nothing can be asked: each says so in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import Engine

from command import worlds
from gis_data.world import SYSTEM
from tests.conftest import Server, serving, wait_for
from tests.ui.driver import Wall

PANELS = "eacpgsdmbhnr"
MACHINE = re.compile(r"undefined|NaN|\[object|\b[a-z]+\.[a-z_]+\b|TypeError|fetch")


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    worlds.create_drill(demo_db, SYSTEM, "drill-empty", "空场景")
    with serving(demo_db, data_dir) as running:
        yield running


def _said(panel: Locator, beside: int) -> bool:
    text = panel.inner_text().strip()
    return len(text) > beside and "正在读取" not in text


def _walk(wall: Wall) -> None:
    for key in PANELS:
        wall.page.keyboard.press(key)
        panel = wall.page.locator("[data-testid^=work-]").first
        if key in "nr" and not panel.is_visible():
            continue  # not offered to whom it is not
        heading = panel.locator("h2").first.inner_text()
        wait_for(partial(_said, panel, len(heading) + 1), 30, panel.inner_text)
        assert not MACHINE.search(panel.inner_text()), (key, panel.inner_text())
        for _ in range(3):
            wall.page.keyboard.press("Escape")


def test_every_panel_says_how_it_stands(browser: Browser, server: Server) -> None:
    liaison = Wall(browser, server.url).log_in("viewer", "/w/drill-empty")
    _walk(liaison)
    desk = Wall(browser, server.url).log_in("operator", "/w/drill-empty")
    _walk(desk)
    desk.page.route(re.compile(r"/api/(worlds|registers|places|plans)"), lambda route: route.abort())
    _walk(desk)
    desk.page.keyboard.press("b")
    expect(desk.at("load-problem")).to_contain_text("连不上服务器")
    assert (liaison.wrong, desk.wrong) == ([], [])
