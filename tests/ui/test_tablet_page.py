"""A commander with a tablet, lying and standing: the evidence is read and the level approved with a finger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command.responses import plans
from gis_data.demo.plans import plans as demo_plans
from gis_data.world import SYSTEM
from tests.conftest import Person, Server, serving
from tests.ui.driver import Wall

LIVE = "/api/worlds/live"


@pytest.fixture(scope="module")
def server(demo_db: Engine, data_dir: Path) -> Iterator[Server]:
    for raw in demo_plans():
        plans.load(demo_db, raw, SYSTEM)
    with serving(demo_db, data_dir) as running:
        yield running


def _submit(operator: Person, track: str, jurisdiction: str) -> None:
    said = {"track": track, "jurisdiction": jurisdiction, "to_level": 4, "ground": "暴雨橙色预警，预计持续"}
    made = operator.post(f"{LIVE}/decisions", 201, **said)
    at = f"{LIVE}/decisions/{made['decision']['id']}"
    operator.post(f"{at}/consult", 200, attendees="气象、水利", conclusion="同意启动")
    operator.post(f"{at}/submit", 200)


@pytest.mark.parametrize(("width", "height", "track"), [(1024, 768, "flood"), (820, 1180, "geohazard")])
def test_a_level_is_approved_with_a_finger(
    browser: Browser, server: Server, width: int, height: int, track: str
) -> None:
    operator = Person(httpx.Client(base_url=server.url)).log_in("operator")
    rules = operator.get(f"{LIVE}/responses/rules")
    _submit(operator, track, next(one["jurisdiction"] for one in rules if one["track"] == track))
    chief = Wall(browser, server.url, width, height, touch=True).log_in("commander")
    chief.at("responses-open").tap()
    chief.at("decision-open").tap()
    expect(chief.at("decision-text")).to_be_attached()
    expect(chief.at("decision")).to_contain_text("暴雨橙色预警")
    approve = chief.at("decision-approve")
    approve.scroll_into_view_if_needed()
    chief.shot(f"tablet-{width}")
    box = approve.bounding_box()
    assert box
    assert box["height"] >= 44
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    approve.tap()
    expect(chief.at("decision")).to_have_count(0)
    expect(chief.at("response-badge").first).to_contain_text("Ⅳ")
    assert (chief.outside, chief.wrong) == ([], [])
