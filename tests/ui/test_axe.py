"""No page has a serious fault of accessibility: axe-core looks at each as it stands, contrast (AA) included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from gis_data.clock import real_now
from tests.conftest import PASSWORD, Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"
UI = Path(__file__).parents[2] / "web" / "ui"
AXE = (UI / "node_modules" / "axe-core" / "axe.min.js").read_text()
RUN = """() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
  .then(({ violations }) => violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.slice(0, 6).map(node =>
      `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`)))"""
PANELS = "eacpgsdmbhnr"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    with serving(demo_db, data_dir) as running:
        yield running


def _look(wall: Wall) -> list[str]:
    wall.still()  # what fades in has faded in
    wall.page.evaluate(AXE)
    return list(wall.page.evaluate(RUN))


def _fill(server: Server) -> None:
    """Something in every panel: an incident, a task, a call-out, a draft of a transfer."""
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    place = operator.get("/api/places", q="双浦演示大道")[0]
    at = {"lon": place["lon"], "lat": place["lat"]}
    operator.post(f"{LIVE}/incidents", 201, kind="flood", title="下穿通道积水", grade="major", **at)
    operator.post(f"{LIVE}/closures", 201, reason="积水 DEMO", **at)
    village = operator.get("/api/registers/key_village", limit=1)["rows"][0]["values"]["code"]
    scope = [{"register_key": "key_village", "code": village}]
    operator.post(f"{LIVE}/callouts", 201, text="请到岗", title="强降雨", scope=scope)
    later = (real_now() + timedelta(hours=3)).isoformat()
    operator.post(f"{LIVE}/transfers", 201, trigger="雨量", deadline=later, objects=[f"key_village:{village}"])
    operator.post(f"{LIVE}/tasks", 201, text_zh="检查泵站", organization="viewer岗", due_at=later)


def _page(browser: Browser, server: Server, who: str, path: str, there: str) -> Wall:
    wall = Wall(browser, server.url)
    wall.page.goto(server.url + path)
    wall.at("login-username").fill(who)
    wall.at("login-password").fill(PASSWORD)
    wall.at("login-submit").click()
    expect(wall.page.locator(there).first).to_be_visible()
    return wall


def test_no_page_has_a_serious_fault(browser: Browser, server: Server) -> None:
    _fill(server)
    found: dict[str, list[str]] = {}
    entrance = Wall(browser, server.url)
    entrance.page.goto(server.url)
    expect(entrance.at("login-username")).to_be_visible()
    found["log-in"] = _look(entrance)

    desk = Wall(browser, server.url).log_in("operator")
    expect(desk.at("incident-card")).to_be_visible()
    found["wall"] = _look(desk)
    for key in PANELS:
        desk.page.keyboard.press(key)
        expect(desk.page.locator("[data-testid^=work-]").first).to_be_visible()
        found[f"panel {key}"] = _look(desk)
        for _ in range(3):
            desk.page.keyboard.press("Escape")
        expect(desk.at("shelters")).to_be_visible()
    for key, there in (("j", "recommend-row"), ("l", "layer-tree"), ("?", "key-help"), ("x", "alarm-settings")):
        desk.page.keyboard.press(key)
        expect(desk.at(there).first).to_be_visible()
        found[f"wall {key}"] = _look(desk)
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Control+k")
    found["palette"] = _look(desk)

    pages = (
        ("clerk", "/registers/shelter", "[data-testid=rows]"),
        ("clerk", "/registers/shelter/import", "h1"),
        ("admin", "/admin/accounts", "table"),
        ("field", "/field", "main, h1"),
        ("operator", "/desk/duty", "[data-testid=tasks]"),
        ("commander", "/desk/drill", "[data-testid=desk-drill]"),
        ("planner", "/desk/plan", "[data-testid=desk-registers]"),
        ("clerk", "/desk/census", "[data-testid=gaps]"),
        ("reviewer", "/desk/safety", "[data-testid=desk-registers]"),
        ("admin", "/desk/admin", "[data-testid=desk-registers]"),
    )
    for who, path, there in pages:
        found[path] = _look(_page(browser, server, who, path, there))
    assert {name: faults for name, faults in found.items() if faults} == {}
