"""The handbook's scenario G: ammonia leaks from a cold store; eight steps in one drill, over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import LineString, Point, box
from shapely.geometry import mapping, shape
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.command.gauges import parameters
from tests.conftest import app_on, middle
from tests.stories.day import Day, add_account, spot
from tests.web.danger_ground import put

LIMITS = {"report.first_minutes": "60", "report.written_minutes": "120"}
"""Of the enterprise and of the district, in minutes since it was known."""


def registers(engine: Engine) -> None:
    """A cold store at N3, people and targets north-east of it, a school south-west, and wind; all DEMO."""
    put(
        engine, "chemical_site", Point(900, 0), code="CH-1", name="演示冷库", substance="氨", un_number="1005",
        emergency_card="演示处置卡：上风向接近，佩戴正压呼吸器，喷雾水幕稀释", max_quantity_t=12,
    )  # fmt: skip
    targets = (("hotel", 960, 60, 90), ("nursing_home", 980, 70, 40), ("school", 1000, 110, 300))
    for n, (kind, east, north, day) in enumerate(targets):
        put(
            engine, "protected_target", Point(east, north), code=f"G-{n}", name=f"演示{kind}", kind=kind,
            day_occupancy=day, night_occupancy=20,
        )  # fmt: skip
    put(engine, "protected_target", Point(820, -80), code="G-9", name="上风向学校", kind="school", day_occupancy=500)
    cell = shapely.MultiPolygon([box(970, 60, 1010, 100)])
    put(engine, "population_cell", cell, code="P-1", population=120, population_day=150, load_id=1)
    for code, element, unit in (("A-1", "wind", "m/s"), ("V-1", "wind_direction", "°")):
        put(engine, "gauge", Point(880, 20), code=code, name=code, element=element, unit=unit, interval_s=60)
    put(
        engine, "team", Point(1200, 600), code="T3", name="演示危化队", kind="危化", hazards=["city_fire", "other"],
        members=8, muster_s=60, vehicle="pump_truck",
    )  # fmt: skip
    add_account(engine, "police", "演示区公安分局值班岗", "operator")
    add_account(engine, "leader", "带班领导", "operator")


@pytest.fixture
def day(mini_db: Engine, tmp_path: Path) -> Any:
    registers(mini_db)
    with app_on(mini_db, tmp_path) as client, parameters(mini_db, LIMITS):
        yield Day(client, mini_db, "drill-ammonia", "冷库氨泄漏")


def test_ammonia_in_a_cold_store(day: Day) -> None:
    step_1_a_smell_of_ammonia(day)
    step_2_the_card_and_the_first_circle(day)
    step_3_schools_first_downwind(day)
    step_4_from_upwind(day)
    step_5_cordon_and_closures(day)
    step_6_leave_or_stay_indoors(day)
    step_7_the_clocks(day)
    step_8_back_step_by_step(day)


def step_1_a_smell_of_ammonia(day: Day) -> None:
    operator = day.who("operator")
    day.at("09:15")
    day.push("A-1", 3)
    day.push("V-1", 225)
    known = day.time("09:12")
    entry = operator.post(
        f"{day.here}/duty/log", at=known.isoformat(), channel="phone", person_post="冷库安全员", content="闻到氨味",
        action="通知消防、生态环境",
    )  # fmt: skip
    assert datetime.fromisoformat(entry["at"]) == known
    leak = operator.post(
        f"{day.here}/incidents", kind="other", title="演示冷库氨泄漏", known_at=known.isoformat(), **spot("N3")
    )
    assert datetime.fromisoformat(leak["known_at"]) == known
    day.kept["leak"] = f"{day.here}/incidents/{leak['id']}"
    day.logged("DutyLogged", "IncidentReported")


def step_2_the_card_and_the_first_circle(day: Day) -> None:
    operator = day.who("operator")
    (site,) = operator.get("/api/registers/chemical_site")["rows"]
    assert (site["values"]["un_number"], site["values"]["emergency_card"][:6]) == ("1005", "演示处置卡：")
    found = operator.post(f"{day.here}/chemical-zones", 200, site_code="CH-1", spill="small")
    assert (found["substance"], found["isolation_m"], found["protective_m"], found["night"]) == (
        "氨 ammonia", 50, 200, False,
    )  # fmt: skip
    assert found["document"].startswith("DEMO")
    assert (found["wind_from_deg"], found["wind_given"], found["wind_vane"]["code"]) == (225, False, "V-1")


def step_3_schools_first_downwind(day: Day) -> None:
    operator = day.who("operator")
    day.who("viewer").post(f"{day.kept['leak']}/zones", 403, site_code="CH-1", spill="small")
    teams = {one["code"]: id_ for id_, one in day.board("teams").items()}
    early = operator.post(f"{day.kept['leak']}/dispatches", team_id=teams["T3"], reason="先行出动")
    circle, sector = operator.post(f"{day.kept['leak']}/zones", site_code="CH-1", spill="small")
    cut = day.board("dispatches")[early["id"]]  # it was on its way through what is the sector now
    assert (early["route_valid"], cut["route_valid"]) == (True, False)
    assert cut["route_note"].startswith("路线失效：下风向扇形")
    operator.post(f"{day.here}/dispatches/{early['id']}/advance", 200, to="released")
    assert (circle["kind"], sector["kind"], circle["basis"]["wind_from_deg"]) == ("isolation", "downwind", 225)
    assert [one["kind"] for one in sector["targets"]] == ["school", "nursing_home", "hotel"]
    lon, lat = NODES["N3"]
    middle_of = shape(sector["geom"]).centroid
    assert middle_of.x > lon and middle_of.y > lat  # noqa: PT018  # the wind blows from south-west to north-east
    assert set(day.board("marks")) == {circle["id"], sector["id"]}
    day.kept |= {"circle": circle["id"], "sector": sector["id"]}
    assert any("初始警戒圈 50 米" in zh for zh in day.logged("MarksSet", "RouteInvalidated"))


def step_4_from_upwind(day: Day) -> None:
    operator = day.who("operator")
    found = operator.post(f"{day.here}/chemical-zones", 200, site_code="CH-1", spill="small", hazard="other")
    ways = {one["code"]: one for one in found["approaches"]}
    assert set(ways) == {"T1", "T2", "T3"}
    zones = shape(found["isolation"]).union(shape(found["sector"]))
    for code in ("T1", "T2"):
        way = ways[code]
        assert not shape(way["route"]).intersects(zones)
        assert way["staging"]["lon"] < NODES["N3"][0]  # west of it, from where the wind blows
    assert ways["T3"]["fastest"]["refused"]
    assert ways["T3"]["fastest"]["words"]["zh"].startswith("拒绝：最快路线穿过下风向扇形")
    assert ways["T3"]["route"] is None  # S3 has no other way
    assert [ways[code]["fastest"]["refused"] for code in ("T1", "T2")] == [False, False]
    teams = {one["code"]: id_ for id_, one in day.board("teams").items()}
    absent = {one["team_id"]: one for one in operator.get(f"{day.kept['leak']}/recommendations")["absent"]}
    assert absent[teams["T3"]]["zh"] == "避开下风向扇形后没有可达道路"
    refused = operator.post(f"{day.kept['leak']}/dispatches", 409, team_id=teams["T3"], reason="就近")
    assert "下风向" in refused["detail"]
    for code in ("T1", "T2"):
        day.kept[code] = operator.post(
            f"{day.kept['leak']}/dispatches", team_id=teams[code], reason="上风向可达；T3 路线穿过下风向"
        )["id"]
    day.logged("TeamDispatched")


def step_5_cordon_and_closures(day: Day) -> None:
    operator, police = day.who("operator"), day.who("police")
    day.at("09:25")
    ring = Point(*NODES["N3"]).buffer(0.0015)
    cordon = police.post(
        f"{day.kept['leak']}/marks", kind="cordon", name="外围", post="演示区公安分局", geometry=mapping(ring)
    )
    assert cordon["area_ha"] > 1
    wrong = LineString([NODES["N3"], NODES["C3"]])
    answer = police.post(f"{day.kept['leak']}/marks", 422, kind="cordon", geometry=mapping(wrong))
    assert answer["field"] == "geometry"
    for road in ("N3–S3", "N3–C3"):
        closed = police.post(f"{day.here}/closures", reason="氨泄漏警戒", **spot(middle(road)))
        assert closed["set_by"] == "演示区公安分局值班岗"
    for road in ("N3–S3", "N3–C3"):
        task = operator.post(
            f"{day.here}/tasks", text_zh=f"{road} 路口设卡，疏导交通", organization="演示区交警大队", place=road,
            due_at=day.time("09:40").isoformat(), incident_id=day.kept["leak"].rsplit("/", 1)[1],
            **spot(middle(road)),
        )  # fmt: skip
        assert task["incident_id"]
    assert len(day.board("closures")) == 2
    day.kept["cordon"] = cordon["id"]
    day.logged("MarksSet", "RoadClosed", "TasksIssued")


def step_6_leave_or_stay_indoors(day: Day) -> None:
    operator, commander = day.who("operator"), day.who("commander")
    mark = f"{day.here}/marks/{day.kept['sector']}"
    options = {one["decision"]: one for one in operator.get(f"{mark}/options")}
    assert set(options) == {"evacuate", "shelter"}
    assert {one["persons"] for one in options.values()} == {150}
    assert {one["targets"] for one in options.values()} == {3}
    operator.post(f"{mark}/decide", 403, decision="evacuate", reason="浓度上升")
    commander.post(f"{mark}/decide", 422, decision="evacuate", reason=" ")
    done = commander.post(f"{mark}/decide", 200, decision="evacuate", reason="现场浓度上升，学校先行撤离")
    assert (done["decision"], done["decided_by"]) == ("evacuate", "commander岗")
    commander.post(
        f"{day.here}/marks/{day.kept['cordon']}/decide", 200, decision="shelter", reason="外围浓度低，关窗避险"
    )
    told = day.logged("MarkDecided")
    assert any("疏散撤离，涉及 150 人" in zh for zh in told)
    assert any("就地避险" in zh for zh in told)


def step_7_the_clocks(day: Day) -> None:
    operator, path = day.who("operator"), day.kept["leak"]

    def clocks() -> list[tuple[str, str]]:
        return [(one["name"], one["state"]) for one in operator.get(f"{path}/reports")["clocks"]]

    due = {one["name"]: one["due_at"] for one in operator.get(f"{path}/reports")["clocks"]}
    known = day.time("09:12")
    assert [datetime.fromisoformat(due[name]) - known for name in ("first", "written")] == [
        timedelta(hours=1), timedelta(hours=2),
    ]  # fmt: skip
    day.at("09:43")
    assert clocks() == [("first", "half"), ("written", "running")]
    day.at("10:01")
    assert clocks()[0] == ("first", "near")
    day.at("10:13")
    assert clocks()[0] == ("first", "late")  # red
    operator.post(f"{path}/reports/draft", 200, overview="冷库氨泄漏", injured=2)
    send = {"to": "市应急管理局", "channel": "phone", "confirmed_by": "带班领导"}
    assert operator.post(f"{path}/reports/send", 422, **send)["field"] == "late_reason"
    first = operator.post(f"{path}/reports/send", **send, late_reason="企业迟报")
    assert (first["no"], first["late"], first["grade"]) == (1, True, "general")
    day.at("10:40")
    operator.post(f"{path}/reports/draft", 200, overview="冷库氨泄漏，书面续报", injured=2)
    second = operator.post(f"{path}/reports/send", to="市应急管理局")
    assert (second["no"], second["kind"], second["late"]) == (2, "continued", False)
    assert clocks() == [("first", "met_late"), ("written", "met")]
    day.logged("ReportDrafted", "ReportSent", "IncidentGraded")


def step_8_back_step_by_step(day: Day) -> None:
    operator, commander, path = day.who("operator"), day.who("commander"), day.kept["leak"]
    day.at("11:30")
    points = [
        operator.post(f"{path}/marks", kind="monitor", name=name, post="演示区生态环境分局", geometry=mapping(at))["id"]
        for name, at in (("下风向 1", Point(*NODES["C3"])), ("下风向 2", Point(*middle("N3–S3"))))
    ]

    def end(mark: str, finding: str, status: int = 200) -> Any:
        return operator.post(f"{day.here}/marks/{mark}/end", status, finding=finding)

    end(day.kept["sector"], "无异味", 409)
    day.at("12:10")
    end(points[0], "氨 2 mg/m³，达标")
    end(day.kept["sector"], "无异味", 409)
    end(points[1], "氨 1 mg/m³，达标")
    end(day.kept["circle"], "堵漏完成", 409)  # from outside in
    for mark in ("cordon", "sector"):
        assert end(day.kept[mark], "连续 30 分钟达标")["ended_by"] == "operator岗"
    day.at("12:40")
    end(day.kept["circle"], "堵漏完成，洗消完毕")
    assert day.board("marks") == {}
    for id_ in list(day.board("closures")):
        operator.post(f"{day.here}/closures/{id_}/lift", 200, reason="警戒解除")
    for code in ("T1", "T2"):
        operator.post(f"{day.here}/dispatches/{day.kept[code]}/advance", 200, to="released")
    operator.post(f"{path}/reports/draft", 200, overview="处置结束", injured=2, final=True)
    final = operator.post(f"{path}/reports/send", to="市应急管理局")
    assert (final["no"], final["kind"]) == (3, "final")
    commander.post(f"{path}/close", 200, ground="泄漏封堵，监测达标，人员返回")
    case = operator.post(
        f"{day.here}/tasks", text_zh="演示冷库氨泄漏隐患立案并督促整改", organization="演示区安委办",
        due_at=day.time("12:00", 30).isoformat(), incident_id=path.rsplit("/", 1)[1],
    )  # fmt: skip
    assert case["state"] == "issued"
    told = day.logged("MarksSet", "MarkEnded", "RoadReopened", "DispatchAdvanced", "IncidentClosed", "TasksIssued")
    assert any("人员可以返回" in zh for zh in told)
    found = operator.get(f"{day.here}/journal/search", incident_id=path.rsplit("/", 1)[1], limit=500)
    kinds = {one["kind"] for one in found["entries"]}
    assert {"IncidentReported", "MarksSet", "MarkDecided", "MarkEnded", "ReportSent", "IncidentClosed"} <= kinds
    assert operator.get(f"{day.here}/journal/verify")["broken_at"] is None
