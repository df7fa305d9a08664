"""Views and lines of sight over HTTP on XH-MINI: a hollow under N2–N3, and a house that hides what is behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import Engine

from tests.conftest import Person, app_on
from tests.web.test_runs import LIVE, at, draw, load_hollow, square


@pytest.fixture
def person(mini_db: Engine, tmp_path: Path, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    load_hollow(mini_db, tmp_path, data_dir)
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def spot(east_m: float, north_m: float, prefix: str = "") -> dict[str, float]:
    return dict(zip((f"{prefix}lon", f"{prefix}lat"), at(east_m, north_m), strict=True))


def test_a_house_hides_what_is_behind_it(person: Callable[[str], Person], mini_db: Engine) -> None:
    draw(mini_db, "building", f"MULTIPOLYGON({square(40, 0, 10)})", kind="house", height_m=20.0)
    viewer = person("viewer")
    asked: dict[str, Any] = {**spot(-60, 0), "eye_m": 2, "range_m": 500}
    found = viewer.post(f"{LIVE}/viewshed", 200, **asked)
    free = viewer.post(f"{LIVE}/viewshed", 200, **asked, buildings=False)
    area, whole = shape(found["seen"]), shape(free["seen"])
    behind, beside = shapely.Point(at(90, 0)), shapely.Point(at(-60, 60))
    assert (area.contains(behind), whole.contains(behind)) == (False, True)
    assert area.contains(beside)
    assert 0 < found["seen_km2"] < free["seen_km2"] <= free["field_km2"] + 0.02
    assert found["ground_m"] == pytest.approx(28, abs=0.1)  # the hollow's floor
    assert any("0.13" in one["zh"] for one in found["assumptions"])
    assert any("建筑" in one["zh"] for one in found["assumptions"])
    west = viewer.post(f"{LIVE}/viewshed", 200, **asked, bearing_deg=270, field_deg=60)
    assert not shape(west["seen"]).contains(shapely.Point(at(0, 0)))

    line = viewer.post(f"{LIVE}/line-of-sight", 200, **spot(-60, 0), **spot(100, 0, "to_"), eye_m=2)
    assert (line["clear"], line["distance_m"]) == (False, pytest.approx(160, abs=1))
    assert line["obstacle"]["s_m"] == pytest.approx(90, abs=12)  # the house's near wall, within a cell of 10 m
    assert shapely.Point(line["obstacle"]["lon"], line["obstacle"]["lat"]).distance(shapely.Point(at(40, 0))) < 3e-4
    # 20 m of house, 50 m before the target: an eye about 20 · 160 / 50 m up would see over its far wall.
    assert line["lacking_m"] == pytest.approx(20 * 160 / 50 - 2, rel=0.2)
    assert len(line["s_m"]) == len(line["ground_m"]) == len(line["line_m"])
    over = {**spot(-60, 0), **spot(100, 0, "to_"), "eye_m": 2 + line["lacking_m"] + 0.1}
    assert viewer.post(f"{LIVE}/line-of-sight", 200, **over)["clear"]


def test_no_view_where_there_is_no_ground(person: Callable[[str], Person]) -> None:
    viewer = person("viewer")
    far = {"lon": 121.0, "lat": 31.0}
    assert viewer.post(f"{LIVE}/viewshed", 422, **far)["field"] == "lon"
    same = {**spot(0, 0), **spot(0, 0, "to_")}
    assert viewer.post(f"{LIVE}/line-of-sight", 422, **same)["field"] == "to_lon"
