"""The handbook's scenario E, a forest fire: twelve steps in one drill, over HTTP, on a plain about XH-MINI."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiPolygon, Point, box
from shapely.geometry import mapping
from sqlalchemy import Engine

from gis_data.clock import real_now
from tests.command.gauges import parameters
from tests.command.slopes import TOWNS, insert, warning
from tests.conftest import app_on, wait_for
from tests.stories.day import Day, add_account
from tests.web.danger_ground import MOVE, X0, Y0, degrees, load_plain, put

RANGERS = tuple(f"R-{n}" for n in range(1, 7))
FIRE = (500, -300)
"""Metres east and north of N1; the neighbour begins 400 m east of it."""


def registers(engine: Engine, folder: Path, data: Path) -> None:
    """Forest, what a fire may reach, rangers, water, crews and the neighbour; all DEMO."""
    load_plain(engine, folder, data)
    put(
        engine, "forest_stand", MultiPolygon([box(-1500, -1500, 2000, 900)]), code="XB-1", name="演示小班", fuel="grass"
    )
    own = {"name_en": "Demo", "level": "town", "governing_authority": "演示"}
    town, neighbour = MultiPolygon([box(-2000, -2000, 900, 2000)]), MultiPolygon([box(900, -2000, 2500, 2000)])
    put(engine, "admin_unit", town, code=TOWNS[0], name="演示镇1", **own, in_scope=True)
    put(
        engine, "admin_unit", neighbour, code="330106999", name="西湖街道", name_en="Xihu", level="town",
        governing_authority="西湖风景名胜区管委会", in_scope=False,
    )  # fmt: skip
    for n, code in enumerate(RANGERS, 1):
        insert(
            engine, "post", code=code, name=f"护林员{n}", level="grid", phone=f"0571-000000{n}", deputy_code="R-D",
            organization_code="O-1",
        )  # fmt: skip
    insert(engine, "post", code="R-D", name="护林员替补", level="grid", phone="0571-0000009", organization_code="O-1")
    points = (("graves", 350, -450, "R-1"), ("power_line", 300, -500, None), ("farm_edge", -700, 300, "R-2"))
    for n, (kind, east, north, post) in enumerate(points, 1):
        put(engine, "fire_point", Point(east, north), code=f"F-{n}", name=f"演示{kind}", kind=kind, ranger_post=post)
    put(engine, "gas_station", Point(320, -600), code="GS-1", name="演示加油站", kind="petrol")
    put(
        engine, "key_village", Point(250, -550), code="V-1", name="演示山村", reasons=["a"], households=20, persons=60,
        admin_code=f"{TOWNS[0]}001",
    )  # fmt: skip
    for n, (east, north) in enumerate(((20, 20), (300, 20), (620, -260), (900, 20), (1400, 20))):
        put(
            engine,
            "water_point",
            Point(east, north),
            code=f"W-{n}",
            name=f"演示水塘{n}",
            kind="pond",
            vehicle_access=True,
        )
    for code in ("C-8", "C-9"):
        put(engine, "camera", Point(*FIRE), code=code, name=f"林火相机 {code}", kind="forest")
    for code, element, unit in (("A-1", "wind", "m/s"), ("V-1", "wind_direction", "°")):
        put(engine, "gauge", Point(450, -250), code=code, name=code, element=element, unit=unit, interval_s=60)
    crews = (("T-P", "专业森林消防", 1400, 0, 240), ("T-V", "社会应急力量", 600, -260, 30))
    for code, kind, east, north, muster_s in crews:
        put(
            engine, "team", Point(east, north), code=code, name=f"演示{code}", kind=kind, hazards=["forest_fire"],
            members=15, muster_s=muster_s, vehicle="fire_engine",
        )  # fmt: skip
    add_account(engine, "ranger", "护林员1", "field", TOWNS[0])
    add_account(engine, "leader", "带班领导", "operator")


@pytest.fixture
def day(mini_db: Engine, tmp_path: Path, data_dir: Path) -> Any:
    registers(mini_db, tmp_path, data_dir)
    with app_on(mini_db, data_dir) as client, parameters(mini_db, {"fire.watch_hours": "6"}):
        yield Day(client, mini_db, "drill-forest", "清明森林火灾")


def test_a_forest_fire(day: Day) -> None:
    step_1_class_and_colour_apart(day)
    step_2_attendance(day)
    step_3_an_alarm_is_looked_into(day)
    step_4_the_neighbour_is_told_by_rule(day)
    step_5_wind_and_where_it_runs(day)
    step_6_professionals_first(day)
    step_7_the_road_head_and_water(day)
    step_8_who_is_exposed(day)
    step_9_headquarters_and_head_counts(day)
    step_10_the_burnt_ground_grades_it(day)
    step_11_watched_before_crews_go(day)
    step_12_the_chain_ends(day)


def step_1_class_and_colour_apart(day: Day) -> None:
    operator = day.who("operator")
    day.at("07:30")
    weather = {"highest_c": 22, "lowest_humidity": 45, "rain_mm": 0, "days_since_rain": 8, "wind_force": 4}
    found = operator.post(
        f"{day.here}/fire-danger", 200, temperature_c=22, humidity=45, wind_kmh=25, danger={**weather, "season": "dry"}
    )["fire_class"]
    assert (found["danger_class"], found["is_demo"]) == (4, True)
    operator.post(f"{day.here}/duty/log", channel="other", content="森林火险等级 4 级（容易燃烧，演示表）")
    said = warning("forest_fire", "orange", official=True, starts_at=day.now.isoformat(), issued_at=day.now.isoformat())
    operator.post(f"{day.here}/warnings", **said)
    (orange,) = day.board("warnings").values()
    assert (orange["kind"], orange["colour"], orange["official"]) == ("forest_fire", "orange", True)
    day.logged("DutyLogged", "WarningReceived")


def step_2_attendance(day: Day) -> None:
    operator = day.who("operator")
    day.at("08:00")
    made = operator.post(f"{day.here}/duty/rolls", kind="attendance", title="清明护林员到岗", posts=list(RANGERS))
    absent = {"R-5", "R-6"}
    for result in ("first", "deputies"):
        for row in made["rows"]:
            if result == "deputies" and row["post_code"] not in absent:
                continue
            to = "deputy" if result == "deputies" else "absent" if row["post_code"] in absent else "present"
            found = operator.post(f"{day.here}/duty/rolls/{made['id']}/rows/{row['id']}", 200, result=to)
    assert (found["present"], found["deputies"], found["absent"], found["total"]) == (4, 2, 0, 6)
    assert {row["deputy"] for row in found["rows"] if row["result"] == "deputy"} == {"护林员替补"}
    day.logged("RollCalled", "RollAnswered")


def step_3_an_alarm_is_looked_into(day: Day) -> None:
    operator, ranger = day.who("operator"), day.who("ranger")
    day.at("13:00")
    operator.post(f"{day.here}/alarms/C-9/look", 409)  # it raises none
    day.push("C-8", 1)
    day.push("C-9", 1)
    day.tick()
    false = operator.post(f"{day.here}/alarms/C-8/look")
    asked = operator.post(f"{day.here}/alarms/C-9/look")
    assert (asked["post_code"], asked["post"]) == ("R-1", "护林员1")
    assert 60 < asked["walk_s"] < 1200
    operator.post(f"{day.here}/alarms/C-9/look", 409)  # once
    assert "步行约" in asked["task"]["text_zh"]
    day.at("13:01")
    for one in (false, asked):
        ranger.post(f"{day.here}/tasks/{one['task']['id']}/steps", 200, to="received")
    day.at("13:08")
    none = ranger.post(f"{day.here}/tasks/{false['task']['id']}/finding", 200, result="false", note="水汽")
    assert none["incident"] is None
    assert none["task"]["feedback"] == "核查结果：误报，水汽"
    found = ranger.post(f"{day.here}/tasks/{asked['task']['id']}/finding", 200, result="fire", note="草坡起火")
    assert (found["incident"]["kind"], found["incident"]["source"]) == ("forest_fire", "camera")
    ranger.post(f"{day.here}/tasks/{asked['task']['id']}/finding", 409, result="fire")
    verified = f"{day.here}/tasks/{false['task']['id']}"
    operator.post(f"{verified}/steps", 200, to="verified")  # which takes the task off the board; the alarm goes on
    assert verified.rpartition("/")[2] not in day.board("tasks")
    assert {code: day.board("gauges")[code]["found"] for code in ("C-8", "C-9")} == {"C-8": "false", "C-9": "fire"}
    day.kept["fire"] = f"{day.here}/incidents/{found['incident']['id']}"
    told = day.logged("AlarmsRaised", "TasksIssued", "TaskStepped", "AlarmFound", "IncidentReported")
    assert sum("告警核查结果" in zh for zh in told) == 2


def step_4_the_neighbour_is_told_by_rule(day: Day) -> None:
    day.tick()
    day.tick()
    told = [one for one in day.board("tasks").values() if one["source"] == "rule"]
    (task,) = told
    assert (task["organization"], task["issued_by"]) == ("西湖风景名胜区管委会", "系统")
    assert "距西湖街道 400 米" in task["text_zh"]
    day.logged("TasksIssued")
    for clock, value in (("13:09", 0), ("13:10", 1)):
        day.at(clock)
        day.push("C-8", value)
        day.tick()
    assert day.board("gauges")["C-8"]["found"] is None  # another alarm


def step_5_wind_and_where_it_runs(day: Day) -> None:
    operator = day.who("operator")
    day.push("A-1", 5)
    day.push("V-1", 45)
    lon, lat = degrees(*FIRE)
    wind = operator.get(f"{day.here}/wind", lon=lon, lat=lat)
    assert (wind["speed"]["value"], wind["direction"]["value"]) == (5, 45)
    asked = operator.post(
        f"{day.here}/runs/fire", lon=lon, lat=lat, hours=1, step_min=30,
        incident_id=day.kept["fire"].rsplit("/", 1)[1],
    )  # fmt: skip
    done: list[Any] = []

    def over() -> bool:
        done[:] = [operator.get(f"{day.here}/runs/{asked['id']}")]
        return done[0]["state"] not in ("queued", "running")

    wait_for(over, 120)
    (run,) = done
    assert (run["state"], run["problem"]) == ("done", None)
    assert run["result"]["head"]["to_deg"] == pytest.approx(225, abs=2)  # NE wind, flat ground: to the south-west
    assert run["result"]["wind"]["source"] != "given"
    day.kept["run"] = run["result"]
    day.logged("RunChanged")


def step_6_professionals_first(day: Day) -> None:
    operator = day.who("operator")
    this = real_now().year
    for born, wrong in ((this - 17, True), (this - 61, True), (this - 30, False)):
        values = {
            "code": f"M-{born}",
            "name": f"M-{born}",
            "team_code": "T-V",
            "birth_year": born,
            "admin_code": TOWNS[0],
        }
        found = day.who("clerk").post("/api/registers/team_member/check", 200, values=values)
        assert ("birth_year" in {one["field"] for one in found if one["level"] == "error"}) == wrong
    teams = {one["code"]: id_ for id_, one in day.board("teams").items()}
    offers = operator.get(f"{day.kept['fire']}/recommendations")["offers"]
    by_team = {one["team_id"]: one for one in offers}
    assert offers[0]["team_id"] == teams["T-P"]
    assert offers[-1]["team_id"] == teams["T-V"]
    assert by_team[teams["T-V"]]["eta_s"] < by_team[teams["T-P"]]["eta_s"]  # though it would be there before
    assert all(one["eta_s"] == one["muster_s"] + one["travel_s"] for one in offers)
    refused = operator.post(f"{day.kept['fire']}/dispatches", 422, team_id=teams["T-V"])
    assert refused["field"] == "reason"
    day.kept["T-P"] = operator.post(f"{day.kept['fire']}/dispatches", team_id=teams["T-P"])["id"]
    day.kept["T1"] = operator.post(f"{day.kept['fire']}/dispatches", team_id=teams["T1"], reason="就近增援")["id"]
    day.logged("TeamDispatched")


def step_7_the_road_head_and_water(day: Day) -> None:
    operator = day.who("operator")
    here, there = degrees(1400, 0), degrees(*FIRE)
    way = operator.get(
        f"{day.here}/route", from_lon=here[0], from_lat=here[1], to_lon=there[0], to_lat=there[1],
        profile="fire_engine", then="walk",
    )  # fmt: skip
    legs = way["ways"][0]["legs"]
    assert legs[0]["profile"] == "fire_engine"  # XH-MINI has no forest track: see test_ways
    assert way["to_m"] > 50  # from the road to the fire on foot
    heads = day.kept["run"]["road_heads"]
    assert heads
    assert any(head["water"] for head in heads)
    assert all(water["distance_m"] <= 400 for head in heads for water in head["water"])


def step_8_who_is_exposed(day: Day) -> None:
    reached = {one["code"]: one for one in day.kept["run"]["reached"] if one["register"] != "road"}
    assert {"F-1", "F-2", "GS-1", "V-1"} <= set(reached)
    order = [one["arrival_s"] for one in day.kept["run"]["reached"]]
    assert order == sorted(order)
    last = day.kept["run"]["isochrones"][-1]
    assert last["village_persons"] == 60
    operator = day.who("operator")
    drafted = operator.post(
        f"{day.here}/transfers", trigger="林火威胁演示山村", deadline=day.time("15:00").isoformat(),
        objects=["key_village:V-1"], hazard="fire", incident_id=day.kept["fire"].rsplit("/", 1)[1],
    )  # fmt: skip
    assert drafted["state"] == "draft"
    day.logged("TransferDrafted")


def step_9_headquarters_and_head_counts(day: Day) -> None:
    operator = day.who("operator")
    drawn = (
        ("headquarters", "前指", "副总指挥", Point(*degrees(620, -100))),
        ("division", "东线", "演示T-P", box(*degrees(500, -400), *degrees(700, -200))),
        ("division", "西线", "演示T1", box(*degrees(300, -400), *degrees(500, -200))),
        ("escape", "向东撤", "安全员", LineString([degrees(520, -300), degrees(600, -260)])),
        ("safety", "安全区", "安全员", box(*degrees(580, -280), *degrees(640, -220))),
    )
    for kind, name, post, shape in drawn:
        made = operator.post(f"{day.kept['fire']}/marks", kind=kind, name=name, post=post, geometry=mapping(shape))
        assert made["post"] == post
    day.at("13:30")
    for code in ("T-P", "T1"):
        for to in ("acknowledged", "departed", "arrived"):
            operator.post(f"{day.here}/dispatches/{day.kept[code]}/advance", 200, to=to)
    day.at("14:10")
    operator.post(f"{day.here}/headcounts", dispatch_id=day.kept["T-P"], counted=15)
    day.tick()
    assert {one["alarm"] for one in day.board("headcounts").values()} == {None}
    day.at("14:31")
    day.tick()
    shown = day.board("headcounts")
    assert {id_: one["alarm"] for id_, one in shown.items()} == {day.kept["T-P"]: None, day.kept["T1"]: "missed"}
    operator.post(f"{day.here}/headcounts", dispatch_id=day.kept["T1"], counted=12)
    day.logged("MarksSet", "DispatchAdvanced", "HeadsCounted", "HeadCountMissed")


def square(side_m: float) -> dict[str, Any]:
    """Burnt ground about the fire, so many metres wide, in degrees."""
    x, y, half = X0 + FIRE[0], Y0 + FIRE[1], side_m / 2
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    ring = [MOVE.transform(*one, direction="INVERSE") for one in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def step_10_the_burnt_ground_grades_it(day: Day) -> None:
    operator = day.who("operator")
    for clock, side_m, hectares, zh in (("14:40", 89.4427, 0.8, "一般"), ("15:10", 100.0, 1.0, "较大")):
        day.at(clock)
        burnt = operator.post(f"{day.kept['fire']}/marks", kind="burnt", name=clock, geometry=square(side_m))
        assert burnt["area_ha"] == hectares
        assert operator.get(f"{day.kept['fire']}/grade")[-1]["grade_zh"] == zh
    kept = operator.get(f"{day.kept['fire']}/grade")
    assert [(one["figures"]["forest_ha"], one["grade"]) for one in kept] == [(0.8, "general"), (1.0, "larger")]
    day.logged("MarksSet", "IncidentGraded")


def step_11_watched_before_crews_go(day: Day) -> None:
    operator, commander, path = day.who("operator"), day.who("commander"), day.kept["fire"]

    def stage(person: Any, to: str, status: int = 201, note: str = "") -> Any:
        return person.post(f"{path}/stages", status, to=to, note=note)

    def release(status: int) -> Any:
        return operator.post(f"{day.here}/dispatches/{day.kept['T-P']}/advance", status, to="released")

    release(409)
    day.at("16:00")
    stage(operator, "watch", 409)  # it burns
    stage(operator, "out")
    release(409)
    day.at("17:30")
    stage(operator, "mop_up")
    watch = stage(operator, "watch")
    assert datetime.fromisoformat(watch["until"]) - day.now == timedelta(hours=6)
    assert "看守" in release(409)["detail"]
    day.at("23:00")
    stage(operator, "accepted", 403, "无烟点")
    assert "看守至" in stage(commander, "accepted", 409, "无烟点")["detail"]
    day.at("23:31")
    stage(commander, "accepted", note="全线检查无烟点")
    for code in ("T-P", "T1"):
        operator.post(f"{day.here}/dispatches/{day.kept[code]}/advance", 200, to="released")
    assert [one["stage"] for one in operator.get(f"{path}/stages")] == ["out", "mop_up", "watch", "accepted"]
    told = day.logged("FireStaged", "DispatchAdvanced")
    assert sum("验收" in zh for zh in told) == 1


def step_12_the_chain_ends(day: Day) -> None:
    operator, commander, path = day.who("operator"), day.who("commander"), day.kept["fire"]
    operator.post(f"{path}/reports/draft", 200, overview="草坡火灾已扑灭", forest_ha=1.0)
    late = operator.post(f"{path}/reports/send", to="市森防指", confirmed_by="带班领导", late_reason="演练压缩时间")
    assert (late["no"], late["kind"], late["grade"], late["late"]) == (1, "first", "larger", True)
    day.at("09:00", 1)
    survey = {"overview": "终报：过火 1.0 公顷，无伤亡", "course": "起因：上坟用火（调查结论）", "forest_ha": 1.0}
    operator.post(f"{path}/reports/draft", 200, **survey, final=True)
    final = operator.post(f"{path}/reports/send", to="市森防指")
    assert (final["kind"], final["said"]["course"], final["grade"]) == ("final", "起因：上坟用火（调查结论）", "larger")
    commander.post(f"{path}/close", 200, ground="验收合格，调查结束")
    found = operator.get(f"{day.here}/review")
    (verified,) = [one for one in found["lines"] if one["title"].startswith("核查林火相机 C-9")]
    assert {one["step"]: one["minutes"] for one in verified["steps"]} == {"received": 1, "done": 8}
    day.logged("ReportDrafted", "ReportSent", "IncidentClosed")
    assert operator.get(f"{day.here}/journal/verify")["broken_at"] is None
