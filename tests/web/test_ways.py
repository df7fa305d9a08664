"""Questions to the roads over HTTP: ways in words, service areas, islands, dependence, coverage A–F, tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from shapely.geometry import Point, shape
from sqlalchemy import Engine, text

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def at(node: str) -> dict[str, float]:
    return dict(zip(("lon", "lat"), NODES[node], strict=True))


def ends(a: str, b: str) -> dict[str, float]:
    (from_lon, from_lat), (to_lon, to_lat) = NODES[a], NODES[b]
    return {"from_lon": from_lon, "from_lat": from_lat, "to_lon": to_lon, "to_lat": to_lat}


def close(person: Person, road: str, **limit: Any) -> str:
    lon, lat = middle(road)
    found: str = person.post(f"{LIVE}/closures", reason="积水", lon=lon, lat=lat, **limit)["id"]
    return found


def test_ways_come_in_words_with_what_they_rest_on(people: Callable[[str], Person]) -> None:
    found = people("viewer").get(f"{LIVE}/route", **ends("N1", "C3"), most=2)
    first, second = found["ways"]
    assert (first["metres"], first["seconds"]) == pytest.approx((1150, 138))
    assert (second["metres"], second["seconds"]) == pytest.approx((1300, 156))
    leg = first["legs"][0]
    assert [step["metres"] for step in leg["steps"]] == [300, 600, 250, 0]
    assert leg["steps"][-1]["zh"] == "到达"
    assert (found["closures"], found["from_m"]) == ([], pytest.approx(0, abs=0.1))
    assert found["computed_at"]


def test_on_foot_and_by_unknown_means(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    walk = viewer.get(f"{LIVE}/route", **ends("N1", "N3"), profile="walk")["ways"][0]
    assert walk["seconds"] == pytest.approx(900 / 1.2, abs=0.01)
    both = viewer.get(f"{LIVE}/route", **ends("N1", "N3"), then="walk")["ways"][0]
    assert [leg["profile"] for leg in both["legs"]] == ["drive"]
    assert viewer.get(f"{LIVE}/route", 422, **ends("N1", "N3"), profile="hovercraft")["status"] == 422


def test_the_bureaus_own_figures_are_what_is_driven_walked_and_waded_by(people: Callable[[str], Person]) -> None:
    admin = people("admin")
    depth = close(people("operator"), "N2–N3", closed_for=[], depth_cm=50)
    asked = {profile: {**ends("N1", "C3"), "profile": profile} for profile in ("walk", "fire_engine", "drive")}
    before = {profile: admin.get(f"{LIVE}/route", **body)["ways"][0] for profile, body in asked.items()}
    assert before["fire_engine"]["metres"] == pytest.approx(1300)  # 0.4 m is what it wades
    for n, (key, value) in enumerate(
        {"walk.speed[ordinary]": "0.6", "vehicle.wading_cm[fire_engine]": "55", "drive.speed[urban]": "15"}.items()
    ):
        row = {
            "code": f"P{n}",
            "name": key,
            "key": key,
            "value": value,
            "document": "演示参数",
            "approved_by": "演示岗位",
        }
        admin.post("/api/registers/parameter", values=row, reason="参数")
    after = {profile: admin.get(f"{LIVE}/route", **body)["ways"][0] for profile, body in asked.items()}
    assert after["walk"]["seconds"] == pytest.approx(2 * before["walk"]["seconds"])
    assert after["fire_engine"]["metres"] == pytest.approx(1150)
    assert after["drive"]["seconds"] == pytest.approx(2 * before["drive"]["seconds"], abs=0.01)
    people("operator").post(f"{LIVE}/closures/{depth}/lift", 200, reason="退水")


def test_a_transfer_on_foot_keeps_out_of_danger_zones(people: Callable[[str], Person], mini_db: Engine) -> None:
    lon, lat = middle("N2–N3")
    with mini_db.begin() as connection:
        load = connection.scalar(text("select max(id) from gis.load"))
        connection.execute(
            text(
                "insert into gis.geohazard_zone (code, name, kind, risk, hazard_kind, geom, valid_from, load_id,"
                " is_demo) values ('Z1', '演示风险区', 'key', 'high', 'landslide', ST_Multi(ST_Expand("
                "ST_SetSRID(ST_Point(:lon, :lat), 4490), 0.0005)), now(), :load, true)"
            ),
            {"lon": lon, "lat": lat, "load": load},
        )
    viewer = people("viewer")
    metres = {
        profile: viewer.get(f"{LIVE}/route", **ends("N1", "C3"), profile=profile)["ways"][0]["metres"]
        for profile in ("walk", "transfer", "transfer_vulnerable", "drive")
    }
    assert metres == pytest.approx({"walk": 1150, "transfer": 1300, "transfer_vulnerable": 1300, "drive": 1150})


def test_a_limit_stops_those_it_names_and_slows_or_drowns_others(people: Callable[[str], Person]) -> None:
    operator = people("operator")

    def metres(profile: str) -> float:
        found: float = operator.get(f"{LIVE}/route", **ends("N1", "C3"), profile=profile)["ways"][0]["metres"]
        return found

    ambulances = close(operator, "N2–N3", closed_for=["ambulance"])
    assert (metres("ambulance"), metres("fire_engine")) == pytest.approx((1300, 1150))
    operator.post(f"{LIVE}/closures/{ambulances}/lift", 200, reason="解除")
    deep = close(operator, "N2–N3", closed_for=[], depth_cm=30)
    found = [metres(profile) for profile in ("car", "ambulance", "fire_engine", "pump_truck")]
    assert found == pytest.approx([1300, 1300, 1150, 1150])
    operator.post(f"{LIVE}/closures/{deep}/lift", 200, reason="水退")
    slow = close(operator, "N2–N3", closed_for=[], slower=3)
    assert metres("drive") == pytest.approx(1300)
    operator.post(f"{LIVE}/closures/{slow}/lift", 200, reason="恢复")
    lon, lat = middle("N2–N3")
    for wrong, field in (({"closed_for": ["hovercraft"]}, "closed_for"), ({"closed_for": []}, "limit")):
        assert operator.post(f"{LIVE}/closures", 422, reason="无", lon=lon, lat=lat, **wrong)["field"] == field


def test_only_whom_a_closure_stops_is_sent_another_way(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="C3 积水", **at("C3"))["id"]
    teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
    sent = operator.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=teams["T1"], reason="就近")["id"]

    def distance() -> float:
        found: float = operator.get(f"{LIVE}/board")["dispatches"][sent]["distance_m"]
        return found

    close(operator, "N2–N3", closed_for=["ambulance", "walk"])
    assert distance() == pytest.approx(1150)
    close(operator, "N2–N3", closed_for=["pump_truck"])
    assert distance() == pytest.approx(1300)


def test_a_matrix(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    close(operator, "N3–S3")
    far = {"lon": 120.6, "lat": 30.2}
    found = operator.post(f"{LIVE}/matrix", 200, sources=[at("N1"), far], targets=[at("C3"), at("S3")])
    (to_c3, to_s3), none = found["seconds"]
    assert (to_c3, none) == (138.0, [None, None])
    assert to_s3 != pytest.approx((900 + 700) / 500 * 60)  # to the nearest place on an open road


def test_service_areas_with_the_people_in_them(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    found = viewer.post(f"{LIVE}/areas", 200, points=[at("N3")], minutes=[1, 2])
    large, small = found["areas"]
    assert (large["minutes"], small["minutes"]) == (2, 1)
    assert (large["persons"], small["persons"]) == (180 * 0 + 95 + 260 + 150, 260)
    assert shape(large["area"]).contains(Point(NODES["C3"]))
    each = viewer.post(f"{LIVE}/areas", 200, points=[at("N3"), at("N5")], minutes=[1], each=True)["areas"]
    assert [area["source"] for area in each] == [0, 1]
    teams = viewer.post(f"{LIVE}/areas", 200, teams=True, hazard="flood", minutes=[1])["areas"]
    assert teams[0]["persons"] == 180 + 95 + 40
    assert viewer.post(f"{LIVE}/areas", 422, points=[])["field"] == "points"


def test_islands_say_who_is_cut_off(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    assert operator.get(f"{LIVE}/islands")["islands"] == []
    close(operator, "N3–N4")
    assert operator.get(f"{LIVE}/islands")["islands"] == []
    close(operator, "N4–N5")
    found = operator.get(f"{LIVE}/islands")
    (island,) = found["islands"]
    assert island["persons"] == 150
    assert shape(island["area"]).contains(Point(NODES["C4"]))
    assert len(found["closures"]) == 2


def test_dependence_and_the_cost_of_a_closure(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    assert viewer.get(f"{LIVE}/dependence")["villages"] == []
    roads = viewer.get(f"{LIVE}/route", **ends("N2", "N3"))["ways"][0]["legs"][0]["road_ids"]
    found = viewer.get(f"{LIVE}/detour/{roads[-1]}")
    assert (found["road_name"], found["metres"], found["extra_m"], found["extra_s"]) == ("N2–N3", 600, 150, 18)
    assert viewer.get(f"{LIVE}/detour/999999", 404)["status"] == 404


CASES = {
    "A": ({"limit_m": 1000}, ["S3"], (), (685, 450, 275, 266_250)),
    "B": ({"limit_m": 1000}, ["S3"], ("N2–N3",), (685, 450, 275, 266_250)),
    "C": ({"limit_m": 1000}, ["S3", "S4"], (), (535, 300, 425, 191_250)),
    "D": ({"limit_m": 1000, "overnight": False}, ["S4"], (), (535, 535, 190, 414_500)),
    "E": ({"limit_m": 1500}, ["S3"], (), (725, 450, 275, 266_250)),
    "F": ({"limit_m": 1500, "overnight": False}, ["S4"], (), (725, 725, 0, 698_750)),
}


@pytest.mark.parametrize("case", CASES)
def test_the_handbooks_coverage_cases(case: str, people: Callable[[str], Person]) -> None:
    asked, excluded, closed, expected = CASES[case]
    operator = people("operator")
    for road in closed:
        close(operator, road)
    found = operator.post(f"{LIVE}/coverage", 200, **asked, excluded=excluded, indoor_m2=3, outdoor_m2=1, cells=True)
    assert (found["persons"], found["covered"], found["assigned"], found["unmet"], found["person_metres"]) == (
        725, *expected,
    )  # fmt: skip
    assert sum(cell[3] for cell in found["cells"]) == found["unmet"]
    assert sum(one["assigned"] for one in found["shelters"]) == found["assigned"]
    why = {one["code"]: [reason["key"] for reason in one["reasons"]] for one in found["shelters"]}
    assert all(("excluded" in why[code]) == (code in excluded) for code in why)
    assert ("outdoor" in why["S3"]) == asked.get("overnight", True)
    assert {one["key"] for one in found["parameters"]} >= {"shelter.service_distance[town]"}


def test_a_shelter_of_unknown_room_counts_for_distance_alone(people: Callable[[str], Person], mini_db: Engine) -> None:
    with mini_db.begin() as connection:
        connection.execute(text("update gis.shelter set capacity = null, effective_area_m2 = null where code = 'S4'"))
    found = people("planner").post(f"{LIVE}/coverage", 200, limit_m=1000, excluded=["S3"], indoor_m2=3)
    assert (found["covered"], found["assigned"]) == (685, 300)
    unknown = next(one for one in found["shelters"] if one["code"] == "S4")
    assert (unknown["capacity"], unknown["eligible"], unknown["assigned"]) == (None, True, 0)
    assert [reason["key"] for reason in unknown["reasons"]] == ["no_capacity"]


def test_circles_claim_more_than_roads_give(people: Callable[[str], Person]) -> None:
    found = people("planner").post(f"{LIVE}/coverage", 200, limit_m=600, excluded=["S3"], indoor_m2=3)
    assert found["circle"] > found["covered"]


def test_a_track_off_its_route_is_told(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="C3 积水", **at("C3"))["id"]
    teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
    sent = operator.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=teams["T1"], reason="就近")["id"]
    (a, b), (c, d), (e, f) = NODES["N1"], NODES["N2"], NODES["S2"]
    on = [{"lon": a + (c - a) * k / 6, "lat": b + (d - b) * k / 6} for k in range(7)]
    off = [{"lon": c + (e - c) * k / 6, "lat": d + (f - d) * k / 6} for k in range(1, 7)]
    good = operator.post(f"{LIVE}/track", 200, points=on, dispatch_id=sent)
    assert (good["off_route"], set(good["off"])) == (False, {False})
    assert good["places"][3]["road_name"] == "N1–N2"
    assert operator.post(f"{LIVE}/track", 200, points=on + off, dispatch_id=sent)["off_route"]
    assert operator.post(f"{LIVE}/track", 200, points=on)["off"] is None


def test_at_a_junction_the_road_that_was_meant_is_closed(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    meant = operator.get(f"{LIVE}/route", **ends("N3", "N4"))["ways"][0]["legs"][0]["steps"][0]
    lon, lat = NODES["N3"]  # where four roads meet
    with_name = close(operator, "N3–N4")
    road_id = operator.get(f"{LIVE}/board")["closures"][with_name]["road_ids"][0]
    operator.post(f"{LIVE}/closures/{with_name}/lift", 200, reason="换一处")
    closed = operator.post(f"{LIVE}/closures", reason="塌方", lon=lon, lat=lat, road_id=road_id)
    assert (closed["road_ids"], meant["metres"]) == ([road_id], 500)
    far = operator.post(f"{LIVE}/closures", 422, reason="塌方", lon=lon + 0.1, lat=lat, road_id=road_id)
    assert far["field"] == "road_id"
    operator.post(f"{LIVE}/closures", 404, reason="塌方", lon=lon, lat=lat, road_id=10**9)
