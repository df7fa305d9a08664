"""Marks at a scene on the wall: zones of a leak are drawn as they are set, and gone when they are lifted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall

LIVE = "/api/worlds/live"


@pytest.fixture
def wall(browser: Browser, mini_db: Engine, data_dir: Path) -> Iterator[Wall]:
    with serving(mini_db, data_dir) as server:
        found = Wall(browser, server.url)
        found.log_in("operator")
        yield found
        assert (found.outside, found.wrong) == ([], [])


def drawn(wall: Wall) -> set[str]:
    asked = "baochuMap.querySourceFeatures('scene_marks').map((one) => one.properties.kind)"
    return set(wall.page.evaluate(asked))


def test_zones_of_a_leak_come_and_go(wall: Wall) -> None:
    operator = Person(httpx.Client(base_url=wall.url, timeout=20)).log_in("operator")
    lon, lat = NODES["N3"]
    wall.page.evaluate(f"baochuMap.jumpTo({{center: [{lon}, {lat}], zoom: 15}})")
    leak = operator.post(f"{LIVE}/incidents", kind="other", title="氨泄漏", lon=lon, lat=lat)["id"]
    zones = operator.post(f"{LIVE}/incidents/{leak}/zones", un_number="1005", spill="small", wind_from_deg=225)
    at = {"type": "Point", "coordinates": [lon - 0.002, lat - 0.001]}
    operator.post(f"{LIVE}/incidents/{leak}/marks", kind="headquarters", name="前指", geometry=at)
    wait_for(lambda: drawn(wall) == {"isolation", "downwind", "headquarters"}, SLOW_MS / 1000)
    wall.shot("scene-marks-1080")
    for zone in reversed(zones):
        operator.post(f"{LIVE}/marks/{zone['id']}/end", 200, finding="达标")
    wait_for(lambda: drawn(wall) == {"headquarters"}, SLOW_MS / 1000)
