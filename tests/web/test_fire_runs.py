"""Runs of the fire model over HTTP on XH-MINI: a grass plain between two breaks, with what may be reached upon it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiLineString, MultiPolygon, Point, box
from shapely.geometry import shape
from sqlalchemy import Engine

from tests.conftest import Person, app_on, wait_for
from tests.web.danger_ground import degrees, load_plain, put

LIVE = "/api/worlds/live"
WIND = {"wind_ms": 4.0, "wind_from_deg": 270.0}


@pytest.fixture
def people(mini_db: Engine, tmp_path: Path, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    load_plain(mini_db, tmp_path, data_dir)
    stand = MultiPolygon([box(-1500, -1500, 2000, 900)])
    put(mini_db, "forest_stand", stand, code="XB-1", name="演示小班", fuel="grass")
    far = MultiLineString([LineString([(1000, -1500), (1000, 900)])])
    put(mini_db, "fire_break", far, code="FB-1", name="演示隔离带", width_m=20)
    put(mini_db, "key_village", Point(800, -400), code="V-1", name="演示村", reasons=["a"], households=20, persons=60)
    put(mini_db, "fire_point", Point(500, -400), code="F-1", name="演示坟墓", kind="graves")
    put(mini_db, "gas_station", Point(1100, -400), code="G-1", name="隔离带外加油站", kind="petrol")
    put(mini_db, "water_point", Point(1390, -210), code="W-1", name="演示水塘", kind="pond", vehicle_access=True)
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def run(person: Person, **body: Any) -> Any:
    asked = person.post(f"{LIVE}/runs/fire", **body)
    done: list[Any] = []

    def over() -> bool:
        done[:] = [person.get(f"{LIVE}/runs/{asked['id']}")]
        return done[0]["state"] not in ("queued", "running")

    wait_for(over, 60)
    return done[0]


def spot(east: float, north: float) -> dict[str, float]:
    lon, lat = degrees(east, north)
    return {"lon": lon, "lat": lat}


def test_a_spark_becomes_isochrones_and_the_list_of_what_is_reached(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    found = run(operator, **spot(0, -400), **WIND, hours=2, step_min=30, members=10, seed=1)
    assert (found["state"], found["problem"], found["kind"]) == ("done", None, "fire")
    result = found["result"]
    areas = [one["area_ha"] for one in result["isochrones"]]
    assert [one["minutes"] for one in result["isochrones"]] == [30, 60, 90, 120]
    assert 0 < areas[0] < areas[1] < areas[2]
    assert result["head"]["to_deg"] == 90  # before the wind, on flat ground
    assert (result["wind"]["source"], result["ignition"]["snapped_m"], result["edge"]) == ("given", 0, False)

    named = {one["code"]: one for one in result["reached"] if one["register"] != "road"}
    assert list(named) == ["F-1", "S2", "V-1"]  # the nearer first; the break holds for the station
    pace = result["head"]["rate_m_min"]
    assert named["F-1"]["arrival_s"] / 60 == pytest.approx(500 / pace, rel=0.1)
    assert named["V-1"]["arrival_s"] / 60 == pytest.approx(800 / pace, rel=0.1)
    assert any(one["register"] == "road" for one in result["reached"])
    last = result["isochrones"][-1]
    assert (last["village_persons"], result["isochrones"][0]["village_persons"]) == (60, 0)
    assert last["persons_night"] >= result["isochrones"][0]["persons_night"]
    assert any("飞火" in one["zh"] for one in result["assumptions"])

    drawn = operator.get(f"{LIVE}/runs/{found['id']}/shapes")["features"]
    by_kind: dict[str, list[Any]] = {}
    for one in drawn:
        by_kind.setdefault(one["properties"]["kind"], []).append(one)
    outlines = [shape(one["geometry"]) for one in by_kind["isochrone"]]
    assert all(b.buffer(1e-7).covers(a) for a, b in pairwise(outlines))
    assert outlines[0].covers(Point(degrees(10, -400)))
    assert not outlines[-1].covers(Point(degrees(1100, -400)))
    likely = {one["properties"]["share"]: shape(one["geometry"]) for one in by_kind["probability"]}
    assert likely[0.1].area >= likely[0.5].area >= likely[0.9].area > 0
    ha = result["probability_ha"]
    assert ha["10%"] >= ha["50%"] >= ha["90%"]


def test_crews_know_how_long_they_may_stay(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    scene = spot(300, -20)  # south of N2
    incident = operator.post(f"{LIVE}/incidents", kind="forest_fire", title="演示火情", **scene)["id"]
    teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
    sent = operator.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=teams["T1"], reason="就近")["id"]
    asked = {**spot(200, -300), "wind_ms": 6.0, "wind_from_deg": 180.0, "hours": 1, "incident_id": incident}
    assert run(operator, **asked)["result"]["escapes"] == []  # on its way yet
    for step in ("acknowledged", "departed", "arrived"):
        operator.post(f"{LIVE}/dispatches/{sent}/advance", 200, to=step)
    refuge = {"name": "演示避险点", **spot(900, 0)}
    result = run(operator, **asked, refuges=[refuge])["result"]
    (crew,) = result["escapes"]
    assert (crew["code"], crew["team_id"]) == ("T1", teams["T1"])
    assert crew["margin_min"] > 0
    assert "余量" in crew["words"]["zh"]
    assert crew["walk_min"] > 0
    ring = [degrees(*one) for one in ((280, -80), (560, -80), (560, 40), (280, 40), (280, -80))]
    about = {"perimeter": {"type": "Polygon", "coordinates": [ring]}}  # it burns about them and on their way
    late = run(operator, **{k: v for k, v in asked.items() if k not in ("lon", "lat")}, **about)
    (lost,) = late["result"]["escapes"]
    assert lost["margin_min"] < 0
    assert lost["words"]["zh"].startswith("危险")
    drawn = operator.get(f"{LIVE}/runs/{late['id']}/shapes")["features"]
    assert [one["properties"]["team_id"] for one in drawn if one["properties"]["kind"] == "escape"] == [teams["T1"]]


def test_water_within_the_hose_of_road_heads(people: Callable[[str], Person]) -> None:
    result = run(people("operator"), **spot(1100, -300), **WIND, hours=0.5, step_min=10)["result"]
    with_water = [head for head in result["road_heads"] if head["water"]]
    assert with_water
    assert all(one["water"][0]["code"] == "W-1" for one in with_water)
    assert all(0 < head["perimeter_m"] <= 500 for head in result["road_heads"])
    assert all(one["distance_m"] <= 300 for head in with_water for one in head["water"])


def test_a_perimeter_goes_on_burning_and_turns_with_the_wind(people: Callable[[str], Person]) -> None:
    planner = people("planner")
    ring = [degrees(*one) for one in ((0, -300), (200, -300), (200, -100), (0, -100), (0, -300))]
    burning = {"type": "Polygon", "coordinates": [ring]}
    turning = [{"until_h": 0.5, "wind_ms": 4, "wind_from_deg": 270}, {"until_h": 1, "wind_ms": 4, "wind_from_deg": 90}]
    result = run(planner, perimeter=burning, periods=turning, hours=1)["result"]
    assert result["isochrones"][0]["area_ha"] > 4.0  # what burns now is 4 ha
    shapes = planner.get(f"{LIVE}/runs")[0]["id"]
    drawn = planner.get(f"{LIVE}/runs/{shapes}/shapes")["features"]
    first, last = (shape(one["geometry"]).bounds for one in drawn if one["properties"]["kind"] == "isochrone")
    west = degrees(0, -200)[0]
    assert west - last[0] > 3 * (west - first[0])  # the second half hour ran west


def test_what_cannot_be_computed_says_why(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    here = spot(0, -400)
    assert operator.post(f"{LIVE}/runs/fire", 422, **WIND)["field"] == "lon"
    assert operator.post(f"{LIVE}/runs/fire", 422, **here, wind_ms=3)["field"] == "wind_from_deg"
    assert operator.post(f"{LIVE}/runs/fire", 422, **here, **WIND, hours=12, step_min=5)["field"] == "step_min"
    bad = {"type": "Polygon", "coordinates": [[[120, 30], [120.1]]]}
    assert operator.post(f"{LIVE}/runs/fire", 422, perimeter=bad, **WIND)["field"] == "perimeter"
    no_wind = operator.post(f"{LIVE}/runs/fire", 422, **here, wind_from_deg=90)
    assert (no_wind["field"], no_wind["detail"]) == ("wind_ms", "附近没有可用的风速读数，请填写风速。")
    bare = run(operator, **spot(-2200, -400), **WIND)
    assert (bare["state"], bare["problem"]) == ("failed", "300 米内没有可燃地（林地小班或地表覆盖）。")
    moved = run(operator, **spot(-1600, -400), **WIND, hours=0.5)["result"]
    assert moved["ignition"]["snapped_m"] == pytest.approx(110, abs=15)
    assert "已移到" in moved["notes"][0]["zh"]
    people("viewer").post(f"{LIVE}/runs/fire", 403, **here, **WIND)
    operator.get(f"{LIVE}/runs/{bare['id']}/shapes", 404)
