"""Duty over HTTP: scenario A, steps 1 and 2; B, step 2; E, steps 2 and 9; G, step 1 of the handbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from command import accounts, watching
from gis_data.clock import SHANGHAI
from gis_data.demo.xh_mini import NODES
from gis_data.settings import Settings
from gis_data.world import SYSTEM, get_world
from tests.command.calls import add_posts
from tests.command.gauges import parameters
from tests.command.slopes import TOWNS, add_slopes, warning
from tests.conftest import PASSWORD, Person, middle, wait_for
from web.app import create_app

LIVE = "/api/worlds/live"
DAY = datetime(2026, 7, 2, tzinfo=SHANGHAI)
UNITS = ["应急", "城管", "交警", "公安", "消防"]


@pytest.fixture
def people(mini_db: Engine, tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    """Who logs in, by role; `night` is a second duty officer."""
    add_slopes(mini_db)
    add_posts(mini_db)
    accounts.put_account(mini_db, SYSTEM, "night", accounts.Profile("DEMO", "夜班值班员", "operator", ()), PASSWORD)
    url = mini_db.url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(data=tmp_path, database_url=url))) as client:
        yield lambda role: Person(client).beside().log_in(role)


def clock(engine: Engine, hour: int, minute: int = 0, day: int = 0, schema: str = "live") -> None:
    at = DAY + timedelta(days=day, hours=hour, minutes=minute)
    with engine.begin() as connection:
        connection.execute(text(f"update {schema}.clock set sim0 = :at, speed = 0"), {"at": at})


def report(person: Person, node: str = "C3", kind: str = "flood", **more: Any) -> Any:
    lon, lat = NODES[node]
    return person.post(f"{LIVE}/incidents", kind=kind, title=f"{node} 积水", lon=lon, lat=lat, **more)


def said(person: Person, kind: str) -> list[str]:
    return [entry["zh"] for entry in person.get(f"{LIVE}/journal") if entry["kind"] == kind]


def test_a_shift_starts_when_each_open_item_is_accepted(mini_db: Engine, people: Callable[[str], Person]) -> None:
    """Scenario A, step 1."""
    night, day = people("night"), people("operator")
    clock(mini_db, 23, day=-1)
    first = night.post(f"{LIVE}/duty/shifts", leader="夜班带班领导")
    night.post(f"{LIVE}/duty/shifts/{first['id']}/start", 200)
    report(night)
    lon, lat = middle("N2–N3")
    night.post(f"{LIVE}/closures", lon=lon, lat=lat, reason="积水")
    left = night.post(f"{LIVE}/duty/log", channel="handover", content="U-03 水泵待修", person_post="城管")
    night.post(f"{LIVE}/duty/log", channel="phone", content="问询", closure="已答复")

    clock(mini_db, 7, 30)
    night.post(f"{LIVE}/duty/shifts", 409)  # does not take over from itself
    found = day.post(f"{LIVE}/duty/shifts", leader="带班领导")
    assert [item["collection"] for item in found["items"]] == ["closures", "entries", "incidents"]
    (waiting,) = [one for one in day.get(f"{LIVE}/board")["shifts"].values() if one["state"] == "handover"]
    assert (waiting["waiting"], waiting["outgoing_post"], waiting["post"]) == (3, "夜班值班员", "operator岗")
    shift = f"{LIVE}/duty/shifts/{found['id']}"
    for n, item in enumerate(found["items"]):
        assert f"{3 - n} 项未接收" in day.post(f"{shift}/start", 409)["detail"]
        night.post(f"{shift}/items/{item['id']}/accept", 403)  # nobody accepts for another
        day.post(f"{shift}/items/{item['id']}/accept", 200)
        day.post(f"{shift}/items/{item['id']}/accept", 409)
    report(night, "C2")  # since the hand-over began
    assert "1 项未接收" in day.post(f"{shift}/start", 409)["detail"]
    assert day.get(f"{LIVE}/duty")[0]["state"] == "on"
    listed = day.get(f"{LIVE}/duty/shifts")[0]["items"]
    assert len(listed) == 3  # what was refused has left no trace
    night.post(f"{shift}/relist", 403)
    again = day.post(f"{shift}/relist", 200)["items"]
    assert [item["accepted_at"] is not None for item in again].count(True) == 3  # what was accepted stays accepted
    day.post(f"{LIVE}/duty/log/{left['id']}/close", 200, closure="已修复")
    (new,) = [item for item in again if item["accepted_at"] is None]
    day.post(f"{shift}/items/{new['id']}/accept", 200)
    started = day.post(f"{shift}/start", 200)
    assert (started["state"], started["started_at"]) == ("on", "2026-07-01T23:30:00Z")
    (on,) = day.get(f"{LIVE}/duty")
    assert on["post"] == "operator岗"
    assert said(day, "ShiftStarted")[-1] == "operator岗接班（交班 夜班值班员），接收 4 项"
    assert len(said(day, "HandoverItemAccepted")) == 4


def test_the_reminder_is_drafted_edited_approved_and_on_time(
    mini_db: Engine, people: Callable[[str], Person], tmp_path: Path
) -> None:
    """Scenario A, step 2."""
    operator, commander = people("operator"), people("commander")
    clock(mini_db, 15, day=-1)
    mine = [report(operator, node)["id"] for node in ("C2", "C3")]
    commander.post(f"{LIVE}/incidents/{mine[0]}/close", 200, ground="水退")
    clock(mini_db, 6)
    official = warning(
        "rainstorm", "yellow", official=True, units=list(TOWNS), starts_at=(DAY + timedelta(hours=6)).isoformat(),
        issued_at=(DAY + timedelta(hours=6)).isoformat(),
    )  # fmt: skip
    operator.post(f"{LIVE}/warnings", **official)
    clock(mini_db, 8, 20)
    made = operator.post(f"{LIVE}/reminders")
    assert made["rendered"].split("\n")[:3] == [
        "2026年07月02日工作提醒",
        "一、安全形势：昨日接报事件2 起，其中未办结1 起；目前在办事件1 起、在办任务0 项。",
        "二、天气与预警：暴雨黄色预警1 条。",
    ]
    assert "汛期、梅雨期、台风季" in made["rendered"]
    numbers = {one["label"]: one for one in made["numbers"].values()}
    opened = operator.get(numbers["昨日接报事件"]["href"])
    assert sorted(one["id"] for one in opened) == sorted(mine)  # the closed one opens too
    assert all(len(operator.get(one["href"])) == one["value"] for one in made["numbers"].values())
    assert made["unlinked"] == []

    path = f"{LIVE}/reminders/{made['id']}"
    words = made["text"] + "\n四、请各镇街 10 时前报送巡查情况。"
    edited = operator.client.put(path, json={"text": words}).json()
    assert edited["unlinked"] == ["10"]
    assert operator.client.put(path, json={"text": "事件 {99}"}).status_code == 422
    operator.post(f"{path}/send", 409)
    clock(mini_db, 8, 45)
    operator.post(f"{path}/approve", 403)
    commander.post(f"{path}/approve", 200)
    assert operator.client.put(path, json={"text": "改"}).status_code == 409
    clock(mini_db, 8, 50)
    assert operator.get(path)["on_time"] is None
    operator.post(f"{path}/send", 200)
    wait_for(lambda: operator.get(path)["state"] == "sent", 20)
    done = operator.get(path)
    assert (done["on_time"], done["sent_at"]) == (True, "2026-07-02T00:50:00Z")
    (file,) = (tmp_path / "outbox/xihu/live").rglob("*.json")
    assert json.loads(file.read_text())["text"] == done["rendered"]
    assert said(operator, "ReminderStepped")[-1] == "工作提醒 2026-07-02 已发送（准时）"
    operator.post(f"{path}/send", 409)
    operator.post(f"{LIVE}/reminders", 409)

    clock(mini_db, 8, 55, day=1)
    late = operator.post(f"{LIVE}/reminders")
    commander.post(f"{LIVE}/reminders/{late['id']}/approve", 200)
    clock(mini_db, 9, 1, day=1)
    watching.tick(get_world(mini_db, "live"))
    watching.tick(get_world(mini_db, "live"))
    assert said(operator, "ReminderLate") == ["工作提醒 2026-07-03 未按时发送"]
    operator.post(f"{LIVE}/reminders/{late['id']}/send", 200)
    wait_for(lambda: operator.get(f"{LIVE}/reminders/{late['id']}")["state"] == "sent", 20)
    assert [one["on_time"] for one in operator.get(f"{LIVE}/reminders")] == [False, True]


def test_a_drills_reminder_goes_to_its_recorder_alone(
    mini_db: Engine, people: Callable[[str], Person], tmp_path: Path
) -> None:
    operator, commander = people("operator"), people("commander")
    people("admin").post("/api/worlds", name="drill-duty", title="值班演练")
    drill = "/api/worlds/drill-duty"
    clock(mini_db, 8, schema="drill_duty")
    with parameters(mini_db, {"reminder.deadline": "08:30"}):
        clock(mini_db, 8, 0, day=3650, schema="drill_duty")
        made = operator.post(f"{drill}/reminders")
    assert made["deadline"].endswith("T00:30:00Z")
    commander.post(f"{drill}/reminders/{made['id']}/approve", 200)
    operator.post(f"{drill}/reminders/{made['id']}/send", 200)
    wait_for(lambda: operator.get(f"{drill}/reminders/{made['id']}")["state"] == "sent", 20)
    assert not (tmp_path / "outbox").exists()


def test_the_link_test_shows_six_of_seven(people: Callable[[str], Person]) -> None:
    """Scenario B, step 2."""
    operator = people("operator")
    made = operator.post(f"{LIVE}/duty/rolls", kind="call_test", title="链路测试", posts=["P-Z", "P-C"], names=UNITS)
    assert [row["name"] for row in made["rows"]] == ["演示镇主要负责人", "演示村主任", *UNITS]
    for row in made["rows"]:
        result = "absent" if row["name"] == "交警" else "present"
        found = operator.post(
            f"{LIVE}/duty/rolls/{made['id']}/rows/{row['id']}", 200, result=result, channel="phone",
            note="忙音" if result == "absent" else "",
        )  # fmt: skip
    assert (found["present"], found["total"]) == (6, 7)
    assert [(row["name"], row["note"]) for row in found["rows"] if row["result"] == "absent"] == [("交警", "忙音")]
    assert found["done_at"]
    assert said(operator, "RollAnswered")[-1] == "链路测试：消防已应答，6/7"
    first = made["rows"][0]["id"]
    operator.post(f"{LIVE}/duty/rolls/{made['id']}/rows/{first}", 409, result="absent")
    operator.post(f"{LIVE}/duty/rolls", 404, kind="call_test", title="x", posts=["P-9"])
    operator.post(f"{LIVE}/duty/rolls", 422, kind="call_test", title="x")


def test_attendance_is_full_but_for_two_whose_deputies_stand_in(people: Callable[[str], Person]) -> None:
    """Scenario E, step 2: the rangers of Qingming; here the village's posts."""
    operator = people("operator")
    posts = ["P-Q", "P-Z", "P-C", "P-G", "P-W", "P-H"]
    made = operator.post(f"{LIVE}/duty/rolls", kind="attendance", title="清明值守", posts=posts)
    absent = {"P-C", "P-G"}
    for row in made["rows"]:
        where = f"{LIVE}/duty/rolls/{made['id']}/rows/{row['id']}"
        found = operator.post(where, 200, result="absent" if row["post_code"] in absent else "present")
    assert (found["present"], found["absent"], found["deputies"], found["total"]) == (4, 2, 0, 6)
    for row in made["rows"]:
        if row["post_code"] in absent:
            found = operator.post(f"{LIVE}/duty/rolls/{made['id']}/rows/{row['id']}", 200, result="deputy")
    assert (found["present"], found["absent"], found["deputies"]) == (4, 0, 2)
    stand_in = {row["post_code"]: row["deputy"] for row in found["rows"] if row["result"] == "deputy"}
    assert stand_in == {"P-C": "演示村副主任", "P-G": "演示村副主任"}
    assert said(operator, "RollAnswered")[-1] == "清明值守：演示村副主任（替演示村山洪预警员）替补到岗，4/6"


def test_what_came_in_is_logged_and_read_by_those_who_may(mini_db: Engine, people: Callable[[str], Person]) -> None:
    """Scenario G, step 1: known 09:12, written at 09:15."""
    operator = people("operator")
    clock(mini_db, 9, 15)
    known = (DAY + timedelta(hours=9, minutes=12)).isoformat()
    made = operator.post(
        f"{LIVE}/duty/log", at=known, channel="phone", person_post="冷库安全员", content="闻到氨味，来电 100-0000-0001",
        action="通知消防",
    )  # fmt: skip
    assert (made["no"], made["at"], made["closed_at"]) == ("20260702-Z001", "2026-07-02T01:12:00Z", None)
    assert [one["no"] for one in operator.get(f"{LIVE}/duty/log", still_open=True)] == [made["no"]]
    operator.post(f"{LIVE}/duty/log", 422, content="以后的事", at=(DAY + timedelta(hours=10)).isoformat())
    closed = operator.post(f"{LIVE}/duty/log/{made['id']}/close", 200, closure="消防到场处置完毕")
    assert (closed["closed_by"], closed["action"]) == ("operator岗", "通知消防")
    operator.post(f"{LIVE}/duty/log/{made['id']}/close", 409, closure="再次")
    people("viewer").get(f"{LIVE}/duty/log", 403)
    assert len(people("auditor").get(f"{LIVE}/duty/log")) == 1
    with mini_db.connect() as connection:
        kept = connection.scalar(text("select string_agg(body::text, '') from live.journal"))
    assert "氨味" not in kept  # what people say may name people; the journal holds its hash
    assert "100-0000" not in kept


def test_a_crew_is_counted_each_hour_and_a_missed_count_is_an_alarm(
    mini_db: Engine, people: Callable[[str], Person]
) -> None:
    """Scenario E, step 9."""
    operator, world = people("operator"), get_world(mini_db, "live")
    clock(mini_db, 13)
    incident = report(operator)
    teams = {team["code"]: team for team in operator.get(f"{LIVE}/board")["teams"].values()}
    where = f"{LIVE}/incidents/{incident['id']}/dispatches"
    sent = [operator.post(where, team_id=teams[code]["id"], reason="就近")["id"] for code in ("T1", "T2")]
    operator.post(f"{LIVE}/headcounts", 409, dispatch_id=sent[0], counted=3)  # not there yet
    for step in ("acknowledged", "departed", "arrived"):
        for id_ in sent:
            operator.post(f"{LIVE}/dispatches/{id_}/advance", 200, to=step)
    size = teams["T1"]["members"]
    clock(mini_db, 13, 40)
    counted = operator.post(f"{LIVE}/headcounts", dispatch_id=sent[0], counted=size)
    assert (counted["expected"], counted["due_at"], counted["alarm"]) == (size, "2026-07-02T06:40:00Z", None)
    operator.post(f"{LIVE}/headcounts", 422, dispatch_id=sent[0], counted=size + 1)
    clock(mini_db, 14)
    watching.tick(world)
    assert said(operator, "HeadCountMissed") == []  # 60 minutes are not yet over
    clock(mini_db, 14, 1)
    watching.tick(world)
    watching.tick(world)
    assert said(operator, "HeadCountMissed") == [f"告警：未按时清点人数：{teams['T2']['name']}"]
    shown = operator.get(f"{LIVE}/board")["headcounts"]
    assert {id_: one["alarm"] for id_, one in shown.items()} == {sent[0]: None, sent[1]: "missed"}
    short = people("field").post(f"{LIVE}/headcounts", dispatch_id=sent[1], counted=1, expected=3, note="两人失联")
    assert (short["alarm"], short["counted_by"]) == ("short", "field岗")
    assert said(operator, "HeadsCounted")[-1] == f"清点人数：{teams['T2']['name']} 1/3，缺 2 人（告警）"
    viewer = people("viewer")
    viewer.post(f"{LIVE}/headcounts", 403, dispatch_id=sent[1], counted=3)
    with mini_db.begin() as connection:  # now this account's post leads the team
        connection.execute(text("update gis.team set leader_post = 'P-W' where code = 'T2'"))
        connection.execute(text("update gis.post set name = 'viewer岗' where code = 'P-W'"))
    viewer.post(f"{LIVE}/headcounts", 403, dispatch_id=sent[0], counted=3)
    whole = viewer.post(f"{LIVE}/headcounts", dispatch_id=sent[1], counted=3)
    assert (whole["alarm"], whole["expected"]) == (None, 3)
    history = operator.get(f"{LIVE}/headcounts/{sent[1]}")
    assert sorted((one["counted"], one["note"]) for one in history) == [(1, "两人失联"), (3, "")]
    operator.post(f"{LIVE}/dispatches/{sent[1]}/advance", 200, to="released")
    assert list(operator.get(f"{LIVE}/board")["headcounts"]) == [sent[0]]
