"""Warnings, zones and villages over HTTP: the cloudburst day of the handbook's scenario A, and what doors refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from command import sources, watching
from gis_data.cluster import Cluster
from gis_data.sources.cap import Area
from gis_data.sources.cap_warning import Signal, to_cap
from gis_data.world import SYSTEM, get_world
from tests.command.gauges import add_gauges
from tests.command.slopes import TOWNS, add_slopes, warning
from tests.conftest import Person, _copy, _template, app_on

DRILL = "/api/worlds/drill-cloudburst"
TEN = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        add_slopes(engine)
        yield engine


@pytest.fixture(scope="module")
def client(engine: Engine, data_dir: Path) -> Iterator[TestClient]:
    with app_on(engine, data_dir) as client:
        Person(client).beside().log_in("admin").post("/api/worlds", name="drill-cloudburst", title="突发强降雨")
        yield client


@pytest.fixture(scope="module")
def key(engine: Engine, client: TestClient) -> str:
    return sources.add(engine, SYSTEM, "story", "水文", worlds=["drill-cloudburst"])


@pytest.fixture
def person(client: TestClient) -> Callable[[str], Person]:
    return lambda role: Person(client).beside().log_in(role)


def clock(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(text("update drill_cloudburst.clock set sim0 = :at, speed = 0"), {"at": at})


def push(client: TestClient, key: str, station: str, at: datetime, value: float, span_s: int = 3600) -> None:
    row = {"station": station, "at": at.isoformat(), "value": value, "span_s": span_s}
    answer = client.post(
        f"{DRILL}/readings", content=json.dumps([row]),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["stored"]) == (200, 1), answer.text


def send(person: Person, raw: bytes, status: int = 201, world: str = DRILL) -> Any:
    answer = person.client.post(f"{world}/warnings/cap", content=raw, headers={"Content-Type": "application/cap+xml"})
    assert answer.status_code == status, answer.text
    return answer.json()


def exercise(number: str = "M-1") -> bytes:
    area = Area("西湖区", geocodes=(("GB/T 2260", "330106"),))
    signal = Signal(
        "rainstorm", "yellow", TEN, (area,), "预计雨量将达 50 毫米以上", "停止户外作业", "演示气象台", TEN, "暴雨",
        ends_at=TEN + timedelta(hours=12),
    )  # fmt: skip
    return to_cap(signal, "drill", "demo@example", number)


def hazard(person: Person, code: str) -> dict[str, Any]:
    register = "key_village" if code.startswith("V") else "geohazard_zone"
    found: dict[str, Any] = person.get(f"{DRILL}/hazards/{register}/{code}")
    return found


def test_the_cloudburst_day(client: TestClient, engine: Engine, key: str, person: Callable[[str], Person]) -> None:
    """Scenario A, steps 3, 4, 5 and 10."""
    operator = person("operator")
    clock(engine, TEN)
    raw = exercise()
    found = send(operator, raw)
    assert [town["code"] for town in found["warnings"][0]["towns"]] == list(TOWNS)
    assert send(operator, raw, 200)["message_id"] == found["message_id"]
    start, end = raw.index(b"<instruction>"), raw.index(b"</instruction>") + 14
    assert send(operator, raw[:start] + raw[end:], 422)["field"] == "measures"
    (badge,) = operator.get(f"{DRILL}/board")["warnings"].values()
    assert (badge["kind"], badge["colour"], badge["official"], badge["state"]) == (
        "rainstorm", "yellow", True, "in_force",
    )  # fmt: skip

    for hour in (2, 1, 0):
        push(client, key, "R-07", TEN - timedelta(hours=hour), 0)
        push(client, key, "R-09", TEN - timedelta(hours=hour, minutes=30), 0)
    clock(engine, TEN + timedelta(minutes=5))
    watching.tick(get_world(engine, "drill-cloudburst"))
    dark = operator.get(f"{DRILL}/board")["hazards"]["key_village:V-12"]
    assert (dark["state"], dark["evidence"]["silent"]) == ("unknown", ["R-09"])
    assert any(
        "数据告警" in entry["zh"] and "V-12 演示V-12：未知（R-09 失联）" in entry["zh"]
        for entry in operator.get(f"{DRILL}/journal")
    )
    assert operator.get(f"{DRILL}/board")["gauges"]["R-09"]["state"] == "silent"

    states = []
    for hour, mm in enumerate([12, 18, 28, 31, 22, 30, 35], 1):
        at = TEN + timedelta(hours=hour)
        clock(engine, at)
        push(client, key, "R-07", at, mm)
        states.append(hazard(operator, "V-07")["state"])
    assert states == ["safe"] * 3 + ["prepare"] * 3 + ["immediate"]
    one = hazard(operator, "V-07")
    assert (one["households"], one["persons"], one["internal"], one["decided"]) == (23, 61, True, ["threshold"])
    assert one["rain"] == [
        {"hours": 1, "mm": 35.0, "known": True, "prepare_mm": 35.0, "immediate_mm": 50.0},
        {"hours": 3, "mm": 87.0, "known": True, "prepare_mm": 60.0, "immediate_mm": 85.0},
    ]
    shown = operator.get(f"{DRILL}/board")["hazards"]["key_village:V-07"]
    assert {name: shown[name] for name in ("state", "alarm", "colour", "evidence", "since")} == {
        name: one[name] for name in ("state", "alarm", "colour", "evidence", "since")
    }
    assert operator.get("/api/worlds/live/board")["hazards"] == {}  # a drill touches nothing of the real world
    assert operator.get("/api/worlds/live/board")["warnings"] == {}


def test_all_are_listed_and_one_that_was_never_heard_of_is_unknown(person: Callable[[str], Person]) -> None:
    found = {one["id"]: one for one in person("viewer").get("/api/worlds/live/hazards")}
    assert len(found) == 5
    assert {(one["state"], one["heard"]) for one in found.values()} == {("unknown", False)}
    assert found["key_village:V-13"]["evidence"]["gauges"] == ["R-01", "R-02"]
    assert found["geohazard_zone:330106FF0001"]["households"] == 3
    person("viewer").get("/api/worlds/live/hazards/key_village/V-99", 404)
    person("viewer").get("/api/worlds/live/hazards/reservoir/V-07", 422)


def test_a_patrol_report_colours_its_zone(person: Callable[[str], Person]) -> None:
    zone = f"{DRILL}/hazards/geohazard_zone/330106FF0001"
    made = person("field").post(f"{zone}/patrol", finding="坡脚渗水", colour="orange")
    assert (made["colour"], made["decided"], made["reports"][0]["by"]) == ("orange", ["patrol"], "field岗")
    person("field").post(f"{DRILL}/hazards/geohazard_zone/330106FF0002/patrol", 403, finding="x", colour="red")
    person("viewer").post(f"{zone}/patrol", 403, finding="x", colour="red")
    person("operator").post(f"{zone}/patrol", 422, finding="x", colour="pink")
    assert person("viewer").get(f"{DRILL}/board")["hazards"]["geohazard_zone:330106FF0001"]["colour"] == "orange"
    after = person("commander").post(f"{zone}/patrol", finding="复查无异常", colour="none")
    assert (after["colour"], [one["finding"] for one in after["reports"]]) == ("unknown", ["复查无异常", "坡脚渗水"])


def test_a_typed_warning_is_lifted_and_listed(person: Callable[[str], Person]) -> None:
    operator, path = person("operator"), f"{DRILL}/warnings"
    body = warning(units=list(TOWNS)) | {"starts_at": TEN.isoformat(), "issued_at": TEN.isoformat()}
    made = operator.post(path, **body)
    zone = operator.get(f"{DRILL}/board")["hazards"]["geohazard_zone:330106FF0002"]
    assert (zone["colour"], zone["decided"], zone["internal"]) == ("orange", ["official"], False)
    assert operator.post(path, 422, **body | {"document_no": ""})["field"] == "document_no"
    assert operator.post(path, 422, **body | {"measures": ""})["field"] == "measures"
    operator.post(f"{path}/{made['id']}/lift", 200, reason="来电解除")
    operator.post(f"{path}/{made['id']}/lift", 409, reason="来电解除")
    assert "geohazard_zone:330106FF0002" not in operator.get(f"{DRILL}/board")["hazards"]
    assert made["id"] not in [one["id"] for one in operator.get(path)]
    ended = [one for one in operator.get(path, ended=True) if one["id"] == made["id"]]
    assert [(one["ended_why"], one["ended_note"]) for one in ended] == [("lifted", "来电解除")]


def test_a_message_comes_back_as_it_was_and_live_refuses_an_exercise(person: Callable[[str], Person]) -> None:
    operator, raw = person("operator"), exercise("M-7")
    id_ = send(operator, raw)["warnings"][0]["id"]
    answer = operator.client.get(f"{DRILL}/warnings/{id_}.cap")
    assert (answer.content, answer.headers["content-type"]) == (raw, "application/cap+xml")
    assert "演练预警" in send(operator, raw, 422, "/api/worlds/live")["detail"]
    assert send(operator, b"<nothing", 422)["field"] == "file"
    assert send(operator, b" " * 2_000_001, 422)["field"] == "file"
    operator.get(f"{DRILL}/warnings/00000000-0000-0000-0000-000000000000.cap", 404)
