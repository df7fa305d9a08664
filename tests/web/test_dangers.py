"""Danger of the day over HTTP on XH-MINI: chains from gauges, typed weather, the map of the district."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from shapely import MultiPolygon, Point, box
from sqlalchemy import Engine

from command import registers
from command.observations import take
from command.stations import Source
from gis_data.clock import SHANGHAI
from gis_data.db import reading
from gis_data.sources.prepared import Region
from gis_data.sources.raster import Detail, prepare
from gis_data.world import SYSTEM, get_world
from layers.fire.danger import DMC_DAY_30N, Codes, fire_weather
from tests.command.slopes import insert
from tests.conftest import Person, app_on
from tests.web.danger_ground import CELL, MARGIN, X0, Y0, degrees, put

LIVE = "/api/worlds/live"
HERE = dict(zip(("lon", "lat"), degrees(0, 0), strict=True))
GAUGES = {"R-1": ("rain", "mm"), "T-1": ("temperature", "°C"), "H-1": ("humidity", "%"), "A-1": ("wind", "m/s")}
FOUR = ((14.0, 60.0, 2.0, 3.0), (18.0, 45.0, 3.0, 0.0), (21.0, 35.0, 4.0, 0.0), (23.0, 30.0, 5.0, 0.0))
"""Temperature, humidity, wind m/s, rain mm of four days, the last yesterday."""
DRY = {"temperature_c": 28.0, "humidity": 20.0, "wind_ms": 6.0, "rain_mm": 0.0}


@pytest.fixture
def people(mini_db: Engine, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    for code, (element, unit) in GAUGES.items():
        put(mini_db, "gauge", Point(0, 0), code=code, name=code, element=element, unit=unit, interval_s=300)
    for n, west in enumerate((-2000, 500)):
        put(
            mini_db, "admin_unit", MultiPolygon([box(west, -1500, west + 2000, 1500)]), code=f"33010600{n + 2}",
            name=f"演示镇{n + 1}", name_en="Demo", level="town", governing_authority="演示", in_scope=True,
        )  # fmt: skip
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def send(engine: Engine, skip: tuple[int, str] | None = None) -> None:
    """Noon weather of four days and the rain of the 24 h to noon; `skip` a day's reading of a gauge."""
    world = get_world(engine, "live")
    with reading(world) as tx:
        today = tx.at.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    rows = []
    for n, (warm, damp, wind, rain) in enumerate(FOUR):
        noon = (today - timedelta(days=len(FOUR) - n)).isoformat()
        for station, value in zip(("T-1", "H-1", "A-1", "R-1"), (warm, damp, wind, rain), strict=True):
            if (n, station) != skip:
                span = {"span_s": 86_400} if station == "R-1" else {}
                rows.append({"station": station, "at": noon, "value": value, **span})
    assert take(world, rows, Source("test")).rejected == 0


def yesterday(engine: Engine) -> datetime:
    with reading(get_world(engine, "live")) as tx:
        return tx.at.astimezone(SHANGHAI) - timedelta(days=1)


def test_a_chain_goes_on_from_day_to_day(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    send(mini_db)
    day = yesterday(mini_db).date()
    found = viewer.post(f"{LIVE}/fire-danger/place", 200, **HERE, day=day.isoformat())
    codes = Codes()
    for n, (warm, damp, wind, rain) in enumerate(FOUR):
        month = (day - timedelta(days=len(FOUR) - 1 - n)).month
        index = fire_weather(warm, damp, wind * 3.6, rain, month, codes, dmc_day=DMC_DAY_30N)
        codes = index.codes
        shown = found["days"][-len(FOUR) + n]
        assert shown["fwi"] == pytest.approx(float(index.fwi), abs=1e-3)
    assert (found["skipped"], found["start_demo"], found["is_demo"]) == (56, True, True)
    assert found["days"][0]["missing"] == ["temperature", "humidity", "wind", "rain"]
    assert found["gauges"] == {"rain": ["R-1"], "temperature": ["T-1"], "humidity": ["H-1"], "wind": ["A-1"]}
    assert found["class_from"]["days_since_rain"] == 3  # and 3 mm then
    assert (found["class_from"]["rain_mm"], found["class_from"]["wind_force"]) == (3, 3)
    assert found["fire_class"]["document"].startswith("DEMO")
    # what it gives for the next day goes on as the gauges' own chain would
    given = viewer.post(f"{LIVE}/fire-danger/place", 200, **HERE, before=found["before_next"], weather=DRY)
    alone = fire_weather(28, 20, 21.6, 0, yesterday(mini_db).month, codes, dmc_day=DMC_DAY_30N)
    if given["day"] == (day + timedelta(days=1)).isoformat() and (day + timedelta(days=1)).month == day.month:
        assert given["days"][-1]["fwi"] == pytest.approx(float(alone.fwi), rel=1e-3)
    assert (len(given["days"]), given["start_demo"], len(given["typed"])) == (1, False, 4)


def test_a_day_without_a_gauge_is_skipped_and_said(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    send(mini_db, skip=(2, "H-1"))
    day = yesterday(mini_db).date().isoformat()
    found = viewer.post(f"{LIVE}/fire-danger/place", 200, **HERE, day=day)
    assert [one["missing"] for one in found["days"][-3:]] == [[], ["humidity"], []]
    assert (found["days"][-2]["fwi"], found["skipped"]) == (None, 57)
    far = dict(zip(("lon", "lat"), degrees(60_000, 0), strict=True))
    lost = viewer.post(f"{LIVE}/fire-danger/place", 200, **far, day=day)
    assert (lost["days"][-1]["fwi"], lost["fire_class"], lost["before_next"]) == (None, None, None)
    ahead = (yesterday(mini_db) + timedelta(days=3)).date().isoformat()
    assert viewer.post(f"{LIVE}/fire-danger/place", 422, **HERE, day=ahead)["field"] == "day"
    assert viewer.post(f"{LIVE}/fire-danger/place", 422, **HERE, season="spring")["field"] == "season"


def _hill(engine: Engine, folder: Path, data: Path) -> None:
    """A plain at 0 m whose east is 400 m higher."""
    n = int(2 * MARGIN / CELL) + 80
    cells = np.zeros((1, n, n), np.float32)
    cells[:, :, int((MARGIN + 500) / CELL) :] = 400
    shape = {"driver": "GTiff", "width": n, "height": n, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    place = rasterio.transform.from_origin(X0 - MARGIN, Y0 + MARGIN, CELL, CELL)
    with rasterio.open(folder / "hill.tif", "w", transform=place, **shape) as file:
        file.write(cells)
    region = Region("xihu", "EPSG:4549", (119.8, 30.0, 120.4, 30.5))
    said: Any = {"datum": "CGCS2000", "progress": lambda _: None, "data": data, "detail": Detail(vertical_datum="演示")}
    registers.load(engine, prepare("terrain", [folder / "hill.tif"], region, **said), SYSTEM, data)


def test_the_map_is_cooler_on_the_hill(
    mini_db: Engine, people: Callable[[str], Person], tmp_path: Path, data_dir: Path
) -> None:
    viewer = people("viewer")
    _hill(mini_db, tmp_path, data_dir)
    before = {"ffmc": 88, "dmc": 60, "dc": 300}
    asked = {**HERE, "weather": {**DRY, "temperature_c": 21.0}, "before": before, "season": "dry"}
    asked["last_rain"] = {"rain_mm": 2, "days_ago": 8}
    found = viewer.post(f"{LIVE}/fire-danger/map", 200, **asked, cell_m=100)
    # DEMO table: A 16 on the plain, 12 at 18.4 °C on the hill; B 20, C 40, D 15 (force 4): 91 and 87
    classes = {one["code"]: (one["most"], one["highest"]) for one in found["towns"]}
    assert classes == {"330106002": (5, 5), "330106003": (4, 4)}
    assert sum(one["share"] for one in found["legend"]) == pytest.approx(1, abs=1e-3)
    assert [one["value"] for one in found["legend"]] == [1, 2, 3, 4, 5]
    fwi = viewer.post(f"{LIVE}/fire-danger/map", 200, **asked, cell_m=100, of="fwi")
    assert len(fwi["legend"]) == 6
    with rasterio.open(BytesIO(base64.b64decode(found["picture"].split(",")[1]))) as picture:
        assert (picture.count, picture.width > picture.height) == (4, True)
        ink = picture.read(4)
    west, east = found["corners"][0][0], found["corners"][1][0]
    drawn = (ink > 0).mean(axis=0)
    gap = degrees(250, 0)[0]  # between the towns nothing is drawn
    assert drawn[int((gap - west) / (east - west) * len(drawn))] == 0
    assert drawn[len(drawn) // 4] > 0.9
    nobody = viewer.post(f"{LIVE}/fire-danger/map", 200, **HERE)
    assert (nobody["unknown"], {one["most"] for one in nobody["towns"]}) == (1.0, {None})
    assert viewer.post(f"{LIVE}/fire-danger/map", 422, **HERE, cell_m=50, season="x")["field"] == "season"

    operator = people("operator")
    assert "森林火险" not in operator.post(f"{LIVE}/reminders")["rendered"]
    kept = operator.post(f"{LIVE}/fire-danger/days", **asked)
    assert (kept["danger_class"], kept["inputs"]["season"], kept["inputs"]["is_demo"]) == (5, "dry", True)
    assert viewer.get(f"{LIVE}/fire-danger/days")[0]["id"] == kept["id"]  # before it may stand what came by itself
    made = operator.post(f"{LIVE}/reminders")
    assert "森林火险最高5 级（DEMO，参考）" in made["rendered"]
    number = next(one for one in made["numbers"].values() if one["collection"] == "fire_danger")
    assert [town["id"] for town in operator.get(number["href"])] == ["330106002", "330106003"]
    assert "FireDangerStored" in [one["kind"] for one in operator.get(f"{LIVE}/journal")]


def test_a_table_of_the_bureau_and_parameters_count(mini_db: Engine, people: Callable[[str], Person]) -> None:
    for key, value in (("fire.danger.days", 2), ("fire.danger.start_ffmc", 80), ("fire.danger.start_dmc", 20),
                       ("fire.danger.start_dc", 100)):  # fmt: skip
        insert(mini_db, "parameter", code=key, name=key, key=key, value=str(value), document="演示", approved_by="演示")
    table = {
        "document": "演示局文〔2026〕2 号", "temperature": [[-60, 1]], "humidity": [[0, 2]],
        "dryness": [{"least_mm": 0, "steps": [[0, 30]]}], "wind": [[0, 5]], "season": {"dry": 0, "green": 12},
    }  # fmt: skip
    found = people("viewer").post(
        f"{LIVE}/fire-danger/place", 200, **HERE, weather=DRY, table=table, season="green",
        last_rain={"rain_mm": 0, "days_ago": 5},
    )  # fmt: skip
    assert (found["fire_class"]["htz"], found["fire_class"]["danger_class"]) == (26, 2)
    assert (len(found["days"]), found["start"]["dc"], found["start_demo"], found["is_demo"]) == (2, 100, False, False)
