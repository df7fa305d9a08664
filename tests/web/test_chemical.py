"""Zones after a leak, exposure and the danger of the day over HTTP on XH-MINI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Point, box
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.command.slopes import insert
from tests.conftest import Person, app_on
from tests.web.danger_ground import MOVE, degrees, put

LIVE = "/api/worlds/live"
N2 = dict(zip(("lon", "lat"), NODES["N2"], strict=True))


@pytest.fixture
def people(mini_db: Engine, data_dir: Any) -> Iterator[Callable[[str], Person]]:
    for n, (kind, east, day) in enumerate((("hotel", 420, 90), ("nursing_home", 450, 40), ("school", 480, 300))):
        put(
            mini_db, "protected_target", Point(east, 10), code=f"T-{n}", name=f"演示{kind}", kind=kind,
            day_occupancy=day, night_occupancy=None if kind == "school" else 20,
        )  # fmt: skip
    put(mini_db, "protected_target", Point(100, 10), code="T-9", name="上风向学校", kind="school", day_occupancy=500)
    put(mini_db, "chemical_site", Point(300, 0), code="CH-1", name="演示冷库", substance="氨", un_number="1005")
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def moved(geometry: BaseGeometry, way: str = "FORWARD") -> BaseGeometry:
    """From degrees to metres, or back."""
    return shapely.transform(geometry, lambda xy: np.column_stack(MOVE.transform(xy[:, 0], xy[:, 1], direction=way)))


def amount(lines: list[Any], id_: str) -> float:
    return sum(float(line["amount"]) for line in lines if line["id"] == id_)


def test_zones_lie_downwind_and_schools_come_first(people: Callable[[str], Person]) -> None:
    asked = {"site_code": "CH-1", "spill": "small", "night": False, "wind_from_deg": 270.0}
    found = people("viewer").post(f"{LIVE}/chemical-zones", 200, **asked)
    assert (found["un_number"], found["isolation_m"], found["protective_m"]) == ("1005", 50, 200)
    assert (found["is_demo"], found["document"][:4], found["status"]["zh"][:6]) == (True, "DEMO", "初始警戒建议")
    circle, sector = (moved(shape(found[name])) for name in ("isolation", "sector"))
    assert circle.area == pytest.approx(3.14159 * 50**2, rel=0.01)
    middle, x0 = sector.centroid, MOVE.transform(*NODES["N2"])[0]
    assert middle.x > x0 + 50
    assert not circle.intersects(sector.buffer(-0.5))
    assert [one["kind"] for one in found["targets"]] == ["school", "nursing_home", "hotel"]
    assert amount(found["exposure"], "schools_day") == 300  # and not the 500 upwind
    school = next(line for line in found["exposure"] if line["id"] == "schools_night")
    assert (school["amount"], school["unknown"]) == (0, 1)  # nobody says who sleeps there: not known, not none
    night = people("viewer").post(f"{LIVE}/chemical-zones", 200, **{**asked, "night": True})
    assert (night["night"], night["protective_m"]) == (True, 400)


def test_the_table_of_the_bureau_goes_before_the_demo_one(mini_db: Engine, people: Callable[[str], Person]) -> None:
    for key, value in (("gas.isolation_m[1005, large]", 150), ("gas.protective_m[1005, large, day]", 800)):
        insert(
            mini_db, "parameter", code=key, name=key, key=key, value=str(value), document="演示局文〔2026〕1 号",
            approved_by="演示",
        )  # fmt: skip
    found = people("viewer").post(f"{LIVE}/chemical-zones", 200, site_code="CH-1", night=False, wind_from_deg=0)
    assert (found["isolation_m"], found["protective_m"], found["is_demo"]) == (150, 800, False)
    assert found["document"] == "演示局文〔2026〕1 号"


def test_teams_come_from_upwind_and_a_way_through_the_sector_is_refused(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    asked = {**N2, "un_number": "1005", "spill": "small", "night": True, "wind_from_deg": 270.0}
    found = viewer.post(f"{LIVE}/chemical-zones", 200, **asked)
    zone = shape(found["isolation"]).union(shape(found["sector"]))
    ways = {one["code"]: one for one in found["approaches"]}
    assert set(ways) == {"T1", "T2"}
    for one in ways.values():
        assert not shape(one["route"]).intersects(zone)
        assert one["staging"]["lon"] < N2["lon"]  # in the west, from where the wind blows
        assert one["eta_s"] == pytest.approx(one["muster_s"] + one["travel_s"])
    assert ways["T1"]["fastest"]["refused"] is False  # from N1, in the west
    assert ways["T1"]["fastest"]["stop"]["lon"] < N2["lon"]
    turned = viewer.post(f"{LIVE}/chemical-zones", 200, **{**asked, "wind_from_deg": 90.0})
    refused = next(one for one in turned["approaches"] if one["code"] == "T1")["fastest"]
    assert (refused["refused"], refused["words"]["zh"][:2]) == (True, "拒绝")
    assert refused["sector_m"] > 100


def test_a_leak_that_nobody_can_place_or_name_is_refused(people: Callable[[str], Person]) -> None:
    viewer, wind = people("viewer"), {"wind_from_deg": 90.0}
    assert viewer.post(f"{LIVE}/chemical-zones", 422, **wind, un_number="1005")["field"] == "lon"
    assert viewer.post(f"{LIVE}/chemical-zones", 422, **wind, **N2)["field"] == "un_number"
    assert viewer.post(f"{LIVE}/chemical-zones", 404, **wind, site_code="没有")["field"] == "site_code"
    assert viewer.post(f"{LIVE}/chemical-zones", 404, **wind, **N2, un_number="9999")["field"] == "un_number"


def test_exposure_has_units_and_dates(people: Callable[[str], Person]) -> None:
    square = moved(box(*_about("C3", 60)), "INVERSE")
    found = people("viewer").post(f"{LIVE}/exposure", 200, area=mapping(square))
    assert found["area_m2"] == pytest.approx(120**2, rel=0.001)
    (night,) = (line for line in found["lines"] if line["id"] == "persons_night")
    assert (night["amount"], night["unit"], night["objects"]) == (260, "人", 1)
    assert night["as_of"]
    assert "DEMO" in night["source"]
    assert amount(found["lines"], "roads_m") == pytest.approx(60, abs=1)
    half = moved(box(*_about("C3", 60, half=True)), "INVERSE")
    found = people("viewer").post(f"{LIVE}/exposure", 200, area=mapping(half))
    assert amount(found["lines"], "persons_night") == pytest.approx(130, abs=1)  # shared out by area
    for wrong in ({"type": "Point", "coordinates": [120, 30]}, {"type": "Polygon"}, {}):
        assert people("viewer").post(f"{LIVE}/exposure", 422, area=wrong)["field"] == "area"


def _about(node: str, m: float, half: bool = False) -> tuple[float, float, float, float]:
    x, y = MOVE.transform(*NODES[node])
    return x - m, y - m, x if half else x + m, y + m


def test_danger_of_the_day_is_the_published_one(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    first = {
        "temperature_c": 17,
        "humidity": 42,
        "wind_kmh": 25,
        "rain_mm": 0,
        "day": "2026-04-13",
        "day_length": "46N",
    }
    found = viewer.post(f"{LIVE}/fire-danger", 200, **first)
    # Van Wagner and Pickett 1985, FTR 33, the first day of their series; printed to one decimal
    published = {"ffmc": 87.6, "dmc": 8.5, "dc": 19.0, "isi": 10.8, "bui": 8.5, "fwi": 10.0}
    assert {name: found[name] for name in published} == pytest.approx(published, abs=0.06)
    assert found["fire_class"] is None
    weather = {"highest_c": 22, "lowest_humidity": 28, "rain_mm": 0, "days_since_rain": 8, "wind_force": 4}
    demo = viewer.post(f"{LIVE}/fire-danger", 200, **first, danger={**weather, "season": "dry"})["fire_class"]
    assert (demo["htz"], demo["danger_class"], demo["is_demo"]) == (91, 5, True)
    table = {
        "document": "演示局文〔2026〕2 号", "temperature": [[-60, 1]], "humidity": [[0, 2]],
        "dryness": [{"least_mm": 0, "steps": [[0, 30]]}], "wind": [[0, 5]], "season": {"dry": 0, "green": 12},
    }  # fmt: skip
    by_table = viewer.post(f"{LIVE}/fire-danger", 200, **first, danger={**weather, "season": "green", "table": table})
    assert (by_table["fire_class"]["htz"], by_table["fire_class"]["danger_class"]) == (26, 2)
    assert (by_table["fire_class"]["document"], by_table["fire_class"]["is_demo"]) == (table["document"], False)
    wrong = viewer.post(f"{LIVE}/fire-danger", 422, **first, danger={**weather, "season": "spring"})
    assert wrong["field"] == "season"


def test_degrees_and_metres_agree() -> None:
    assert degrees(0, 0) == pytest.approx(NODES["N1"], abs=1e-7)


def test_a_plume_reaches_as_far_as_its_levels_say(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    leak = {**N2, "rate_kg_s": 1.0, "sky": "slight", "wind_ms": 5.5, "wind_from_deg": 270.0}
    found = viewer.post(f"{LIVE}/gas-plume", 200, **leak, levels=[{"mg_m3": 100}, {"mg_m3": 1000, "name": "IDLH"}])
    assert (found["stability"], found["wind_gauge"], found["sky_given"]) == ("D", None, True)
    strong, weak = found["levels"]
    assert (strong["name"], strong["mg_m3"], weak["mg_m3"]) == ("IDLH", 1000, 100)
    assert strong["reach_m"] < weak["reach_m"]
    # D, rural: on the middle of the plume at its end the level is just met, by the formula with Briggs' sigmas
    x, z = weak["reach_m"], 1.5
    sy, sz = 0.08 * x / (1 + 1e-4 * x) ** 0.5, 0.06 * x / (1 + 1.5e-3 * x) ** 0.5
    ground = 1.0 / (np.pi * 5.5 * sy * sz) * np.exp(-(z**2) / (2 * sz**2))
    assert ground == pytest.approx(100e-6, rel=2e-3)
    area = moved(shape(weak["area"]))
    assert area.bounds[2] - MOVE.transform(*NODES["N2"])[0] == pytest.approx(x, rel=0.01)
    assert amount(weak["exposure"], "schools_day") == 300  # 180 m downwind; nobody upwind
    by_volume = viewer.post(f"{LIVE}/gas-plume", 200, **leak, levels=[{"ppm": 25, "molar_g": 17.03}])
    assert by_volume["levels"][0]["mg_m3"] == pytest.approx(17.7, abs=0.1)
    for wrong, field in (
        ({"levels": [{"ppm": 25}]}, "levels"),
        ({"levels": [{"mg_m3": 1}], "wind_ms": 0.5}, "wind_ms"),
    ):
        assert viewer.post(f"{LIVE}/gas-plume", 422, **{**leak, **wrong})["field"] == field
    calm = {key: value for key, value in leak.items() if key != "wind_ms"}
    assert viewer.post(f"{LIVE}/gas-plume", 422, **calm, levels=[{"mg_m3": 1}])["field"] == "wind_ms"


def test_heat_reaches_the_school_and_says_what_it_does(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    pool = viewer.post(f"{LIVE}/heat-radii", 200, **N2, kind="pool", fuel="gasoline", diameter_m=10)
    radii = {one["kw_m2"]: one["radius_m"] for one in pool["radii"]}
    assert pool["heat_mw"] == pytest.approx(188.8, abs=0.1)
    # √(0.35 · 188768 / (4π · 4.0))
    assert radii[4.0] == pytest.approx(36.3, abs=0.1)
    assert list(radii) == sorted(radii, reverse=True)
    ball = viewer.post(f"{LIVE}/heat-radii", 200, **N2, kind="bleve", fuel="lpg", mass_kg=50_000)
    assert (ball["diameter_m"], ball["lasts_s"]) == (213.7, 15.8)
    wide = {one["kw_m2"]: one for one in ball["radii"]}
    assert wide[12.5]["radius_m"] == pytest.approx(
        (0.3 * 50_000 * 46_000 / 15.781 / (4 * np.pi * 12.5)) ** 0.5, rel=1e-3
    )
    assert amount(wide[12.5]["exposure"], "schools_day") == 800
    assert amount(pool["radii"][0]["exposure"], "schools_day") == 0
    assert "冲击波" in ball["assumptions"][1]["zh"]
    assert viewer.post(f"{LIVE}/heat-radii", 422, **N2, kind="pool", fuel="gasoline")["field"] == "diameter_m"
    assert viewer.post(f"{LIVE}/heat-radii", 404, **N2, kind="bleve", fuel="coal", mass_kg=1)["field"] == "fuel"
