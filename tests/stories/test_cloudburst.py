"""The handbook's scenario A, the cloudburst day of the command centre: fifteen steps in one drill, over HTTP."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from gis_data.demo.plans import plans
from gis_data.demo.xh_mini import NODES
from gis_data.sources.cap import Area
from gis_data.sources.cap_warning import Signal, to_cap
from tests.command.calls import FOUR, add_posts
from tests.command.gauges import add_gauges, parameters
from tests.command.points import add_points
from tests.command.slopes import TOWNS, add_slopes, insert
from tests.command.transfers import BEYOND, HOMES, KITS, add_people, persons
from tests.conftest import app_on, middle, wait_for
from tests.stories.day import Day, add_account, spot

DISTRICT = "330106"
HERE = {"track": "flood", "jurisdiction": DISTRICT}
ELEVEN = 11
EVERYBODY = [code for home in HOMES for code in persons(home)]
AWAY, ON_THE_WAY, REFUSED, THERE = EVERYBODY[:2], EVERYBODY[2], EVERYBODY[3], EVERYBODY[4:]


def registers(engine: Engine, data: Path) -> None:
    """The handbook's numbers about XH-MINI; all DEMO."""
    add_gauges(engine)
    add_slopes(engine)
    for n in range(len(TOWNS), ELEVEN):
        insert(
            engine, "admin_unit", "st_multi(st_makeenvelope(:w, 30.19, :e, 30.21, 4490))", w=120.1 + n / 100,
            e=120.11 + n / 100, code=f"3301061{n:02d}", name=f"演示镇{n + 1}", name_en="Demo", level="town",
            governing_authority="演示", in_scope=True,
        )  # fmt: skip
    add_people(engine, data, village=False)
    add_posts(engine, household=False)
    add_points(engine)
    here = {"element": "depth", "unit": "cm", "interval_s": 3600}
    insert(engine, "gauge", "st_setsrid(st_point(:x, 30.25), 4490)", x=120.106, code="D-03", name="D-03 站", **here)
    insert(
        engine, "key_village", f"st_setsrid(st_point(:x, {NODES['C5'][1]}), 4490)", x=NODES["C5"][0], code="V-14",
        name="演示村五", admin_code=f"{TOWNS[0]}014", reasons=["a"], households=13, persons=40,
    )  # fmt: skip
    for code, node in (("T3", "C1"), ("T4", "N2"), ("T5", "C3")):
        insert(
            engine, "team", f"st_setsrid(st_point(:x, {NODES[node][1]}), 4490)", x=NODES[node][0], code=code,
            name=f"演示队伍 {code}", kind="综合应急抢险", hazards=["flood", "geohazard"], members=8, muster_s=120,
            vehicle="pump_truck",
        )  # fmt: skip
    with engine.begin() as connection:
        connection.execute(text("update gis.gauge set interval_s = 3600 where code = 'R-07'"))
    for name, post in (("night", "夜班值班员"), ("leader", "带班领导"), ("police", "演示区交警大队值班岗")):
        add_account(engine, name, post, "operator")
    add_account(engine, "deputy", "副总指挥", "commander")
    add_account(engine, "field2", "演示镇应急消防管理站", "field", TOWNS[0])


@pytest.fixture
def day(mini_db: Engine, tmp_path: Path) -> Any:
    registers(mini_db, tmp_path)
    with app_on(mini_db, tmp_path) as client, parameters(mini_db, {"incident.class[geohazard]": "10301"}):
        found = Day(client, mini_db, "drill-cloudburst", "突发强降雨")
        answer = found.who("planner").client.post(
            "/api/plans", content=plans()[0], headers={"Content-Type": "application/yaml"}
        )
        assert answer.status_code == 201, answer.text
        yield found


def test_the_cloudburst_day(day: Day) -> None:
    step_1_the_shift_is_handed_over(day)
    step_2_the_reminder_is_on_time(day)
    step_3_a_yellow_warning_for_eleven_towns(day)
    step_4_a_silent_gauge_is_not_safe(day)
    step_5_the_village_prepares_at_the_fourth_value(day)
    step_6_four_posts_are_called(day)
    step_7_the_response_is_proposed_and_approved(day)
    step_8_an_underpass_is_closed_by_a_person(day)
    step_9_the_faster_team_is_first(day)
    step_10_an_order_for_61_persons(day)
    step_11_counted_and_verified(day)
    step_12_a_full_shelter(day)
    step_13_raised(day)
    step_14_a_landslide(day)
    step_15_offline_lowered_ended_reviewed(day)
    step_2_again_a_minute_late(day)


def step_1_the_shift_is_handed_over(day: Day) -> None:
    night, operator = day.who("night"), day.who("operator")
    day.at("00:10")
    first = night.post(f"{day.here}/duty/shifts", leader="夜班带班领导")
    night.post(f"{day.here}/duty/shifts/{first['id']}/start", 200)
    tree = night.post(f"{day.here}/incidents", kind="other", title="树木倒伏", **spot("C2"))
    night.post(f"{day.here}/duty/log", channel="handover", content="泵站水泵待修", person_post="城管")
    due = day.time("09:30").isoformat()
    task = night.post(f"{day.here}/tasks", text_zh="检查泵站", organization="演示区城市管理局", due_at=due)
    day.journal()

    day.at("07:30")
    found = operator.post(f"{day.here}/duty/shifts", leader="带班领导")
    assert len(found["items"]) == 3
    shift = f"{day.here}/duty/shifts/{found['id']}"
    for n, item in enumerate(found["items"]):
        assert f"{3 - n} 项未接收" in operator.post(f"{shift}/start", 409)["detail"]
        operator.post(f"{shift}/items/{item['id']}/accept", 200)
    assert operator.post(f"{shift}/start", 200)["started_at"] == utc(day)
    told = day.logged("HandoverOffered", "HandoverItemAccepted", "ShiftStarted")
    assert told[-1] == "operator岗接班（交班 夜班值班员），接收 3 项"

    day.at("08:00")
    operator.post(f"{day.here}/tasks/{task['id']}/cancel", 200, reason="城管已自行完成")
    day.who("commander").post(f"{day.here}/incidents/{tree['id']}/close", 200, ground="已清障")


def step_2_the_reminder_is_on_time(day: Day) -> None:
    operator, commander = day.who("operator"), day.who("commander")
    day.at("08:20")
    made = operator.post(f"{day.here}/reminders")
    assert made["deadline"] == utc(day, "09:00")
    assert made["numbers"]
    for number in made["numbers"].values():  # each opens what it counts
        assert len(operator.get(number["href"])) == number["value"]
    path = f"{day.here}/reminders/{made['id']}"
    edited = operator.client.put(path, json={"text": made["text"] + "\n四、请各镇街加强巡查。"}).json()
    assert (edited["unlinked"], edited["state"]) == ([], "draft")
    day.at("08:45")
    operator.post(f"{path}/approve", 403)
    commander.post(f"{path}/approve", 200)
    day.at("08:50")
    operator.post(f"{path}/send", 200, channels=["file"])
    wait_for(lambda: operator.get(path)["state"] == "sent", 20)
    done = operator.get(path)
    assert (done["on_time"], done["sent_at"]) == (True, utc(day))
    assert any("已发送（准时）" in zh for zh in day.logged("ReminderStepped"))


def step_2_again_a_minute_late(day: Day) -> None:
    operator, commander = day.who("operator"), day.who("commander")
    day.at("08:55", 1)
    path = f"{day.here}/reminders/{operator.post(f'{day.here}/reminders')['id']}"
    commander.post(f"{path}/approve", 200)
    day.at("09:01", 1)
    operator.post(f"{path}/send", 200, channels=["file"])
    wait_for(lambda: operator.get(path)["state"] == "sent", 20)
    assert operator.get(path)["on_time"] is False


def step_3_a_yellow_warning_for_eleven_towns(day: Day) -> None:
    operator = day.who("operator")
    day.at("10:00")
    raw = signal(day, "yellow", "A-1")
    (badge,) = warn(day, raw)["warnings"]
    assert len(badge["towns"]) == ELEVEN
    eight = ("kind", "colour", "starts_at", "areas", "cautions", "measures", "issuer", "issued_at")
    assert all(badge[field] for field in eight)
    assert warn(day, raw, 200)["message_id"]
    start, end = raw.index(b"<instruction>"), raw.index(b"</instruction>") + 14
    assert warn(day, raw[:start] + raw[end:], 422)["field"] == "measures"
    (shown,) = day.board("warnings").values()
    assert (shown["kind"], shown["colour"], shown["official"], shown["state"]) == (
        "rainstorm", "yellow", True, "in_force",
    )  # fmt: skip
    assert operator.client.get(f"{day.here}/warnings/{badge['id']}.cap").content == raw
    assert [one for one in day.journal() if one["kind"] == "WarningReceived"][1:] == []


def step_4_a_silent_gauge_is_not_safe(day: Day) -> None:
    for hours in (2, 1, 0):
        day.push("R-07", 0, 3600, day.now - timedelta(hours=hours))
        day.push("R-09", 0, 3600, day.now - timedelta(hours=hours, minutes=30))
    day.at("10:05")
    day.tick()
    assert day.board("gauges")["R-09"]["state"] == "silent"
    dark = day.board("hazards")["key_village:V-12"]
    assert (dark["state"], dark["evidence"]["silent"]) == ("unknown", ["R-09"])
    told = day.logged("StationsSilent", "HazardStatesChanged")
    assert any("数据告警" in zh and "V-12" in zh and "未知（R-09 失联）" in zh for zh in told)


def step_5_the_village_prepares_at_the_fourth_value(day: Day) -> None:
    operator, states = day.who("operator"), []
    for clock, mm in (("11:00", 12), ("12:00", 18), ("13:00", 28), ("14:00", 31)):
        day.at(clock)
        day.push("R-07", mm, 3600)
        states.append(operator.get(f"{day.here}/hazards/key_village/V-07")["state"])
    assert states == ["safe", "safe", "safe", "prepare"]
    village = operator.get(f"{day.here}/hazards/key_village/V-07")
    three = next(one for one in village["rain"] if one["hours"] == 3)
    assert (three["mm"], three["prepare_mm"], village["internal"]) == (77, 60, True)
    assert len(day.board("warnings")) == 1  # nothing of ours looks like a public warning
    assert any("V-07" in zh for zh in day.logged("HazardStatesChanged"))


def step_6_four_posts_are_called(day: Day) -> None:
    operator, commander = day.who("operator"), day.who("commander")
    said = {"why": "hazard", "why_id": "key_village:V-07", "title": "V-07 准备转移", "text": "准备转移 23 户 61 人"}
    made = operator.post(f"{day.here}/callouts", **said)
    records = {one["post_code"]: one["id"] for one in made["records"]}
    assert tuple(records) == FOUR

    def step(person: Any, code: str, to: str, **more: Any) -> Any:
        return person.post(f"{day.here}/callouts/{made['id']}/records/{records[code]}/step", 200, to=to, **more)

    def record(code: str) -> Any:
        found = operator.get(f"{day.here}/callouts/{made['id']}")["records"]
        return next(one for one in found if one["post_code"] == code)

    day.at("14:01")
    for code in ("P-Q", "P-Z", "P-G"):
        step(operator, code, "reached")
        step(operator, code, "read_back", text="准备转移 23 户 61 人，收到")
    step(operator, "P-C", "failed", text="无人接听")
    day.at("14:03")
    step(operator, "P-C", "failed", text="无人接听")
    day.at("14:04")
    day.tick()
    assert record("P-C")["channel"] == "phone"
    day.at("14:05")
    day.tick()
    assert (record("P-C")["channel"], record("P-C")["target"]) == ("deputy", "演示村副主任")
    day.at("14:06")
    step(operator, "P-C", "reached")
    step(operator, "P-C", "read_back", text="由副主任负责，收到")
    day.at("14:10")
    for code in FOUR:
        step(operator, code, "action", text="人员已集结")
    day.at("14:12")
    for code in FOUR:
        done = step(commander, code, "verified", text="视频核实")
    assert (done["verified"], done["posts"], done["closed_reason"]) == (4, 4, "全部核实")
    assert day.board("callouts") == {}
    for code in FOUR:
        assert {"sent", "reached", "read_back", "action", "verified"} <= {
            entry["step"] for entry in record(code)["entries"] if entry["at"]
        }
    told = day.logged("CallOutMade", "CallStepped", "CallEscalated", "CallOutClosed")
    assert any(zh.startswith("叫应结束 4/4") for zh in told)


def step_7_the_response_is_proposed_and_approved(day: Day) -> None:
    operator, leader, deputy = day.who("operator"), day.who("leader"), day.who("deputy")
    (proposed,) = day.board("decisions").values()
    assert (proposed["to_level"], proposed["state"], proposed["source"]) == (4, "proposed", "rule")
    assert datetime.fromisoformat(proposed["proposed_at"]) <= day.time("14:05")
    held = {one["leaf"]: one for one in proposed["evidence"] if one["truth"] == "true"}
    assert set(held) == {"warning", "rain", "hazards"}
    assert (held["rain"]["value"], held["rain"]["threshold"], held["rain"]["sources"]) == (77, 60, ["R-07"])
    assert operator.get(f"{day.here}/tasks") == []
    path = f"{day.here}/decisions/{proposed['id']}"
    leader.post(f"{path}/consult", 200, attendees="防汛办、气象局、水利局", conclusion="雨势将持续，建议启动")
    sent = leader.post(f"{path}/submit", 200, hours=24)
    assert (len(sent["issues"]), operator.get(f"{day.here}/tasks")) == (18, [])
    leader.post(f"{path}/approve", 403)
    day.at("14:20")
    deputy.post(f"{path}/approve", 200, document_no="演示防指〔2026〕7 号")
    tasks = operator.get(f"{day.here}/tasks")
    assert len(tasks) == 18
    assert all(one["organization"] and one["due_at"] > one["issued_at"] for one in tasks)
    (flood,) = day.board("responses").values()
    assert flood["level"] == 4
    assert datetime.fromisoformat(flood["expected_until"]) - day.now == timedelta(hours=24)
    notice = operator.client.get(f"{path}/text").text
    for part in ("【演练】", "响应事项：", "级别：Ⅳ级", "预计期限：24 小时", "应急处置措施：", "14时20分"):
        assert part in notice
    kept = operator.get(path)["decision"]
    assert (kept["proposed_by"], kept["consulted_by"], kept["decided_by"]) == ("系统", "带班领导", "副总指挥")
    day.kept["tasks"] = {one["id"] for one in tasks}
    day.logged("DecisionStepped", "ResponseDecided", "TasksIssued")
    all_words = [one["kind"] for one in operator.get(f"{day.here}/journal", limit=1000)]
    assert all_words.count("ResponseProposed") == 1  # what was proposed stays on the record


def step_8_an_underpass_is_closed_by_a_person(day: Day) -> None:
    operator, police = day.who("operator"), day.who("police")
    day.at("14:25")
    teams = {one["code"]: id_ for id_, one in day.board("teams").items()}
    day.kept["teams"] = teams
    operator.post(f"{day.here}/teams/{teams['T5']}/state", 200, state="resting")
    water = operator.post(f"{day.here}/incidents", kind="flood", title="低洼小区进水", **spot("C4"))
    for code in ("T3", "T4"):
        sent = operator.post(
            f"{day.here}/incidents/{water['id']}/dispatches", team_id=teams[code], reason="T1、T2 留作机动"
        )
        day.kept[code] = sent["id"]
    day.at("14:30")
    day.push("D-03", 28)
    (suggested,) = day.board("suggestions").values()
    assert (suggested["depth_m"], suggested["limit_m"], day.board("closures")) == (0.28, 0.27, {})
    day.at("14:33")
    police.post(f"{day.here}/suggestions/{suggested['id']}/confirm", note="交警现场确认")
    (closed,) = day.board("closures").values()
    assert (closed["set_by"], datetime.fromisoformat(closed["set_at"])) == ("演示区交警大队值班岗", day.now)
    routes = [day.board("dispatches")[day.kept[code]] for code in ("T3", "T4")]
    assert all(one["route_valid"] and one["closures"] == [closed["id"]] and one["route_note"] for one in routes)
    told = day.logged("ClosureSuggested", "SuggestionDecided", "RoadClosed", "RouteInvalidated", "RouteReplaced")
    assert sum("路线失效" in zh for zh in told) == 2
    day.at("14:38")
    day.push("D-03", 20)
    assert list(day.board("closures")) == [closed["id"]]
    assert any("核实后可解除封控" in zh for zh in day.logged("SuggestionsChanged"))
    day.kept["closure"] = closed["id"]


def step_9_the_faster_team_is_first(day: Day) -> None:
    operator, teams = day.who("operator"), day.kept["teams"]
    day.at("14:40")
    pumps = operator.post(f"{day.here}/incidents", kind="flood", title="C3 积水待排", **spot("C3"))
    path = f"{day.here}/incidents/{pumps['id']}"
    found = operator.get(f"{path}/recommendations")
    assert [(one["team_id"], round(one["eta_s"] / 60, 1)) for one in found["offers"]] == [
        (teams["T2"], 4.3), (teams["T1"], 7.6),
    ]  # fmt: skip
    absent = {one["team_id"]: one["code"] for one in found["absent"]}
    assert absent == {teams["T3"]: "busy", teams["T4"]: "busy", teams["T5"]: "resting"}
    assert operator.post(f"{path}/dispatches", 422, team_id=teams["T1"])["field"] == "reason"
    sent = operator.post(f"{path}/dispatches", team_id=teams["T1"], reason="T2 留守北线")
    times = []
    for clock, to in (("14:41", "acknowledged"), ("14:45", "departed"), ("14:48", "arrived")):
        day.at(clock)
        times.append(operator.post(f"{day.here}/dispatches/{sent['id']}/advance", 200, to=to))
    done = times[-1]
    assert [done[f"{step}_at"] for step in ("ordered", "acknowledged", "departed", "arrived")] == [
        utc(day, clock) for clock in ("14:40", "14:41", "14:45", "14:48")
    ]
    day.kept["T1"] = sent["id"]
    assert any("T2 留守北线" in zh for zh in day.logged("IncidentReported", "TeamDispatched", "DispatchAdvanced"))


def step_10_an_order_for_61_persons(day: Day) -> None:
    operator, police, deputy = day.who("operator"), day.who("police"), day.who("deputy")
    for clock, mm in (("15:00", 22), ("16:00", 30)):
        day.at(clock)
        day.push("R-07", mm, 3600)
        assert operator.get(f"{day.here}/hazards/key_village/V-07")["state"] == "prepare"
    day.push("D-03", 2)
    day.at("16:30")
    police.post(f"{day.here}/closures/{day.kept['closure']}/lift", 200, reason="水已退，现场核实")
    day.at("17:00")
    day.push("R-07", 35, 3600)
    village = operator.get(f"{day.here}/hazards/key_village/V-07")
    three = next(one for one in village["rain"] if one["hours"] == 3)
    assert (village["state"], three["mm"], three["immediate_mm"]) == ("immediate", 87, 85)
    day.tick()
    (drafted,) = day.board("transfers").values()  # proposed by itself, and issued by nobody yet
    assert (drafted["state"], drafted["drafted_by"], drafted["due"]) == ("draft", "系统", 0)
    path = f"{day.here}/transfers/{drafted['id']}"
    plan = operator.get(f"{path}/plan")
    assert (plan["households"], plan["persons"], plan["unplaced"]) == (23, 61, 0)
    weak = [home["vulnerable"] for home in plan["homes"]]
    assert weak == sorted(weak, reverse=True)
    assert weak[0] > 0
    for refuge in plan["shelters"]:
        assert refuge["assigned"] <= refuge["free"]
    assert sum(one["assigned"] for one in plan["shelters"]) == 61
    beyond = next(home for home in plan["homes"] if home["code"] == BEYOND)
    assert (beyond["shelter_code"], round(beyond["metres"])) == ("S1", 900)  # and not 550 m over the stream to S2
    operator.post(f"{path}/issue", 403)
    deputy.post(f"{path}/issue", 200)
    operator.post(f"{path}/force", 422, legal_basis=" ")
    day.kept["order"] = path
    day.logged("HazardStatesChanged", "TransferDrafted", "TransferIssued", "RoadReopened")


def step_11_counted_and_verified(day: Day) -> None:
    operator, deputy, cadre, town = (day.who(name) for name in ("operator", "deputy", "field", "field2"))
    path = day.kept["order"]

    def step(person: Any, to: str, status: int = 200, **said: Any) -> Any:
        return person.post(f"{path}/steps", status, key=str(uuid4()), to=to, **said)

    day.at("17:10")
    operator.post(f"{day.here}/shelters/S1/state", 200, state="open", kit_stock=KITS)
    step(cadre, "notified", households=HOMES)
    step(cadre, "contacted", persons=[*THERE, ON_THE_WAY, REFUSED])
    day.at("17:20")
    step(cadre, "away", persons=AWAY, note="在外地子女家，电话确认")
    step(town, "away_confirmed", persons=AWAY)
    step(cadre, "departed", persons=[*THERE, ON_THE_WAY])
    step(cadre, "refused", persons=[REFUSED], note="不愿离家")
    step(cadre, "persuaded", persons=[REFUSED])
    day.at("17:40")
    step(cadre, "arrived", persons=THERE, destination="shelter", shelter_code="S1", evidence="scan")
    shown = operator.get(path)
    assert (shown["claimed"], shown["verified"]) == (57, 0)
    step(cadre, "verified", 403, persons=THERE)
    step(cadre, "forced", 409, persons=[REFUSED])
    law = "浙江省防汛防台抗旱条例（演示）"
    operator.post(f"{path}/force", 200, legal_basis=law)
    operator.post(f"{path}/force/confirm", 403)
    deputy.post(f"{path}/force/confirm", 200)
    step(cadre, "forced", persons=[REFUSED])
    step(cadre, "departed", persons=[REFUSED])
    day.at("18:00")
    day.push("R-07", 6, 3600)
    for home in HOMES[1:]:  # the desk of the shelter scans the cards of those who are there
        here = [code for code in persons(home) if code in THERE]
        town.post(
            f"{day.here}/shelters/S1/registrations", 200, key=str(uuid4()), code=home, persons=here, evidence="scan"
        )
    shown = operator.get(path)
    assert {name: shown[name] for name in ("due", "claimed", "verified", "away", "forced", "on_the_way")} == {
        "due": 61, "claimed": 57, "verified": 57, "away": 2, "forced": 1, "on_the_way": 2,
    }  # fmt: skip
    assert f"{shown['rate']:.1%}" == "96.6%"
    (wall,) = day.board("transfers").values()
    assert (wall["due"], wall["verified"]) == (61, 57)
    for said in ("board", "journal"):
        words = operator.client.get(f"{day.here}/{said}", params={"limit": 1000} if said == "journal" else {}).text
        assert not re.search(r"演示人员|100-0000|0571-|HH\d\d", words)
    day.logged("TransferStepped", "TransferForceAsked", "TransferForceConfirmed", "ShelterSet")
    day.at("18:01", speed=1)  # so that what comes after is later than this
    day.kept["situation"] = operator.post(f"{day.here}/situations", note="18 时")
    day.logged("SituationKept")


def step_12_a_full_shelter(day: Day) -> None:
    operator, cadre = day.who("operator"), day.who("field")

    def come(shelter: str, status: int = 200, **said: Any) -> Any:
        return cadre.post(f"{day.here}/shelters/{shelter}/registrations", status, key=str(uuid4()), **said)

    day.at("18:10")
    come("S1", unlisted=122, evidence="manual")
    assert day.board("shelters")["S1"]["fill"] == "room"
    day.at("18:20")
    near = come("S1", unlisted=1, evidence="manual")
    assert (near["occupancy"], near["fill"]) == (180, "near_full")
    full = come("S1", unlisted=20, kits=True, evidence="manual")
    assert (full["occupancy"], full["capacity"], full["fill"], full["kits"]) == (200, 200, "full", 20)
    shelters = day.board("shelters")
    assert (shelters["S1"]["assigned"], shelters["S2"]["assigned"]) == (0, 2)
    last = [one for one in operator.get(f"{day.kept['order']}/households") if one["code"] in HOMES[:2]]
    assert {one["shelter_code"] for one in last} == {"S2"}
    assert {road["name"] for one in last if one["code"] == BEYOND for road in one["avoided"]} == {"N2–S2"}
    assert "须改往他处" in come("S1", 409, code=HOMES[1], persons=[REFUSED])["detail"]
    operator.post(f"{day.here}/shelters/S2/state", 200, state="open")
    assert come("S2", code=HOMES[1], persons=[REFUSED])["came"] == 1
    (kits,) = [stock for stock in operator.get(f"{day.here}/stocks") if stock["code"] == KITS]
    assert kits["on_hand"] == kits["quantity"] - 20
    day.logged("ShelterRegistered", "ShelterNearFull", "ShelterFull", "HouseholdsAssigned")


def step_13_raised(day: Day) -> None:
    operator, leader, deputy = day.who("operator"), day.who("leader"), day.who("deputy")
    day.at("18:25")
    city = {"track": "flood", "track_zh": "防汛", "track_en": "Flood", "since": day.now.isoformat()}
    for area, name, level in (("330100", "杭州市", 3), (TOWNS[0], "演示镇1", 4)):
        operator.post(
            f"{day.here}/responses/notices", **city, jurisdiction=area, jurisdiction_zh=name, level=level,
            document_no="市防指〔2026〕9 号",
        )  # fmt: skip
    (raised,) = day.board("decisions").values()
    assert (raised["kind"], raised["from_level"], raised["to_level"]) == ("raise", 4, 3)
    two = leader.post(f"{day.here}/decisions", **HERE, to_level=2, ground="山洪暴发")["decision"]["id"]
    leader.post(f"{day.here}/decisions/{two}/consult", 200, attendees="防汛办", conclusion="研判")
    assert leader.post(f"{day.here}/decisions/{two}/submit", 422)["field"] == "jump_reason"
    assert leader.post(f"{day.here}/decisions/{two}/submit", 200, jump_reason="水位一小时上涨 1.5 米")["jump"]
    leader.post(f"{day.here}/decisions/{two}/withdraw", 200, reason="会商改为逐级提升")
    path = f"{day.here}/decisions/{raised['id']}"
    leader.post(f"{path}/consult", 200, attendees="防汛办、水利局", conclusion="同意提升")
    leader.post(f"{path}/submit", 200)
    day.at("18:30")
    deputy.post(f"{path}/approve", 200)
    tasks = operator.get(f"{day.here}/tasks")
    assert Counter(one["level"] for one in tasks) == {4: 18, 3: 11}
    assert day.kept["tasks"] <= {one["id"] for one in tasks}
    side_by_side = {one["jurisdiction"]: (one["level"], one["own"]) for one in operator.get(f"{day.here}/responses")}
    assert side_by_side == {DISTRICT: (3, True), "330100": (3, False), TOWNS[0]: (4, False)}
    day.logged("ResponseNoticed", "ResponseProposed", "ResponseDecided", "TasksIssued")


def step_14_a_landslide(day: Day) -> None:
    operator = day.who("operator")
    day.at("19:00")
    operator.post(f"{day.here}/closures", reason="积水", **spot(middle("N5–S1")))
    day.at("19:12")
    slide = operator.post(
        f"{day.here}/incidents", kind="geohazard", title="N4–N5 滑坡阻断道路", place="N4–N5",
        known_at=day.time("19:10").isoformat(), **spot(middle("N4–N5")),
    )  # fmt: skip
    assert (slide["class_code"], slide["known_at"]) == ("10301", utc(day, "19:10"))
    operator.post(f"{day.here}/closures", reason="滑坡阻断", **spot(middle("N4–N5")))
    path = f"{day.here}/incidents/{slide['id']}"
    chain = operator.get(f"{path}/reports")
    first_due = datetime.fromisoformat(slide["first_due_at"])
    assert first_due == day.time("19:10") + timedelta(minutes=30)
    assert chain["isolated"] == [{"name": "演示村五", "persons": 40}]
    operator.post(f"{path}/reports/draft", 200, overview="滑坡阻断道路", injured=1)
    day.at("19:25")
    first = operator.post(f"{path}/reports/send", to="市应急管理局", confirmed_by="带班领导")
    assert (first["no"], first["kind"], first["late"], first["grade"], first["grade_zh"]) == (
        1, "first", False, "general", "小型",
    )  # fmt: skip
    day.at("19:40")
    operator.post(f"{path}/reports/draft", 200, overview="滑坡阻断道路", injured=2)
    second = operator.post(f"{path}/reports/send", to="市应急管理局")
    assert (second["no"], second["kind"], second["said"]["injured"]) == (2, "continued", 2)
    assert operator.get(f"{path}/reports")["sent"] == [first, second]
    assert first["isolated"] == chain["isolated"]
    told = day.logged("IncidentReported", "RoadClosed", "ReportDrafted", "IncidentGraded", "ReportSent")
    assert told


def step_15_offline_lowered_ended_reviewed(day: Day) -> None:
    operator, leader, deputy, cadre = (day.who(name) for name in ("operator", "leader", "deputy", "field"))
    day.at("20:20")
    order = day.kept["order"].rsplit("/", 1)[1]
    acts = [
        act(day, "20:05", "incident", kind="geohazard", title="坡面裂缝", place="村口", **spot("C1")),
        act(day, "20:10", "patrol", register="geohazard_zone", code="330106FF0001", finding="坡脚渗水",
            colour="orange"),
        act(day, "20:15", "transfer", order_id=order, to="arrived", persons=[ON_THE_WAY], destination="relatives"),
    ]  # fmt: skip
    day.journal()
    answers = [cadre.post(f"{day.here}/field/acts", 200, acts=acts)["acts"] for _ in range(2)]
    assert [one["state"] for one in answers[0]] == ["done"] * 3
    assert answers[0] == answers[1]
    kinds = Counter(entry["kind"] for entry in day.journal())
    assert (kinds["IncidentReported"], kinds["PatrolReported"], kinds["TransferStepped"]) == (1, 1, 1)
    assert kinds["FieldActLate"] >= 1

    day.at("21:30")
    lower = leader.post(f"{day.here}/decisions", **HERE, to_level=4, ground="降雨减弱，水位回落")
    settle(day, lower["decision"]["id"], [one["id"] for one in lower["closes"]])
    assert [one["level"] for one in day.board("responses").values() if one["jurisdiction"] == DISTRICT] == [4]
    day.at("23:00")
    leader.post(f"{day.here}/decisions", 422, **HERE, to_level=0, ground=" ")
    end = leader.post(f"{day.here}/decisions", **HERE, to_level=0, ground="预警解除，无新增险情")
    done = settle(day, end["decision"]["id"], [one["id"] for one in end["closes"]])
    assert "结束依据：预警解除，无新增险情" in done["text_zh"]
    assert DISTRICT not in {one["jurisdiction"] for one in day.board("responses").values()}
    (own,) = [one for one in operator.get(f"{day.here}/responses", ended=True) if one["own"]]
    operator.post(f"{day.here}/responses/{own['id']}/review", 200, review="叫应及时，排涝泵车前置偏晚")
    day.logged("DecisionStepped", "ResponseDecided", "TasksEnded", "ResponseReviewed")

    kept = day.kept["situation"]
    again = operator.get(f"{day.here}/replay", at=kept["at"])
    assert kept["at"].startswith(utc(day, "18:01")[:-4])
    assert again["hash"] == kept["hash"]
    (then,) = again["collections"]["transfers"].values()
    assert (then["due"], then["verified"]) == (61, 57)
    review = operator.get(f"{day.here}/review", since=day.time("07:30").isoformat())
    timed = {(one["kind"], one["who"]): {step["step"]: step["minutes"] for step in one["steps"]}
             for one in review["lines"] if one["kind"] != "task"}  # fmt: skip
    assert timed["call", "演示村主任"] == {"reached": 6, "read_back": 6, "action": 10, "verified": 12}
    assert timed["dispatch", "演示队伍 T1"] == {"acknowledged": 1, "departed": 5, "arrived": 8}
    assert {one["who"] for one in review["lines"] if one["kind"] == "call"} == {
        "演示区领导", "演示镇主要负责人", "演示村主任", "演示村山洪预警员",
    }  # fmt: skip
    reached = {(one["kind"], one["step"]): (one["reached"], one["total"]) for one in review["figures"]}
    assert reached["call", "verified"] == (4, 4)
    assert reached["task", "received"] == (0, 29)
    assert reached["dispatch", "arrived"] == (1, 3)
    assert reached["decision", "decided"][0] == 5  # one was withdrawn
    assert deputy.get("/api/worlds/live/board")["responses"] == {}
    assert operator.get(f"{day.here}/journal/verify")["broken_at"] is None


def settle(day: Day, decision: str, closes: list[str]) -> Any:
    """Consult, submit and approve a decision, by two posts."""
    path = f"{day.here}/decisions/{decision}"
    day.who("leader").post(f"{path}/consult", 200, attendees="防汛办", conclusion="同意")
    day.who("leader").post(f"{path}/submit", 200)
    return day.who("deputy").post(f"{path}/approve", 200, closes=closes)


def act(day: Day, clock: str, what: str, **body: Any) -> dict[str, Any]:
    """What a phone keeps while there is no network."""
    return {"id": str(uuid4()), "kind": what, "happened_at": day.time(clock).isoformat(), "body": body}


def signal(day: Day, colour: str, number: str) -> bytes:
    """An exercise message of the meteorological station for the whole district."""
    area = Area("西湖区", geocodes=(("GB/T 2260", DISTRICT),))
    one = Signal(
        "rainstorm", colour, day.now, (area,), "预计雨量将达 50 毫米以上", "停止户外作业", "演示气象台", day.now,
        "暴雨", ends_at=day.now + timedelta(hours=13),
    )  # fmt: skip
    return to_cap(one, "drill", "demo@example", number)


def warn(day: Day, raw: bytes, status: int = 201) -> Any:
    """Hand in a CAP message."""
    answer = day.who("operator").client.post(
        f"{day.here}/warnings/cap", content=raw, headers={"Content-Type": "application/cap+xml"}
    )
    assert answer.status_code == status, answer.text
    return answer.json()


def utc(day: Day, clock: str | None = None) -> str:
    """A time of the day, or now, as JSON says it."""
    at = day.time(clock) if clock else day.now
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
