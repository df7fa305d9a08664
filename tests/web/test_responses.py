"""Responses over HTTP: the handbook's scenario A, steps 7, 13 and 15, and what doors refuse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from command import sources, watching
from gis_data.cluster import Cluster
from gis_data.demo.plans import plans
from gis_data.sources.cap import Area
from gis_data.sources.cap_warning import Signal, to_cap
from gis_data.world import SYSTEM, get_world
from tests.command.gauges import add_gauges
from tests.command.slopes import TOWNS, add_slopes
from tests.conftest import Person, _copy, _template, app_on

DRILL = "/api/worlds/drill-response"
TEN = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
"""10:00 in Hangzhou."""
FLOOD = plans()[0]
HERE = {"track": "flood", "jurisdiction": "330106"}


@pytest.fixture
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        add_slopes(engine)
        yield engine


@pytest.fixture
def client(engine: Engine, data_dir: Path) -> Iterator[TestClient]:
    with app_on(engine, data_dir) as client:
        admin = Person(client).beside().log_in("admin")
        admin.post("/api/worlds", name="drill-response", title="突发强降雨")
        load(admin, FLOOD)
        clock(engine, TEN)
        yield client


@pytest.fixture
def person(client: TestClient) -> Callable[[str], Person]:
    return lambda role: Person(client).beside().log_in(role)


def load(person: Person, raw: bytes, status: int = 201) -> Any:
    answer = person.client.post("/api/plans", content=raw, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == status, answer.text
    return answer.json()


def clock(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(text("update drill_response.clock set sim0 = :at, speed = 0"), {"at": at})


def signal(colour: str, number: str, at: datetime) -> bytes:
    area = Area("西湖区", geocodes=(("GB/T 2260", "330106"),))
    one = Signal(
        "rainstorm", colour, at, (area,), "预计雨量将达 50 毫米以上", "停止户外作业", "演示气象台", at, "暴雨",
        ends_at=at + timedelta(hours=14),
    )  # fmt: skip
    return to_cap(one, "drill", "demo@example", number)


def warn(person: Person, colour: str, number: str, at: datetime) -> Any:
    raw = signal(colour, number, at)
    answer = person.client.post(f"{DRILL}/warnings/cap", content=raw, headers={"Content-Type": "application/cap+xml"})
    assert answer.status_code == 201, answer.text
    return answer.json()["warnings"][0]


def rain(client: TestClient, key: str, at: datetime, mm: float) -> None:
    row = {"station": "R-07", "at": at.isoformat(), "value": mm, "span_s": 3600}
    answer = client.post(
        f"{DRILL}/readings", content=json.dumps([row]),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.json()["stored"] == 1, answer.text


def tick(engine: Engine) -> None:
    watching.tick(get_world(engine, "drill-response"))


def step(person: Person, decision: str, to: str, status: int = 200, **body: Any) -> Any:
    return person.post(f"{DRILL}/decisions/{decision}/{to}", status, **body)


def tasks(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get(f"{DRILL}/tasks")
    return found


def decide(operator: Person, commander: Person, to_level: int, closes: list[str] | None = None, **terms: Any) -> Any:
    """A decision from the proposal by hand to the approval."""
    made = operator.post(f"{DRILL}/decisions", **HERE, to_level=to_level, ground="雨势变化")
    id_ = made["decision"]["id"]
    step(operator, id_, "consult", attendees="防汛办、气象局", conclusion="同意")
    step(operator, id_, "submit", **terms)
    closing = [one["id"] for one in made["closes"]] if closes is None else closes
    return step(commander, id_, "approve", closes=closing)


def test_the_cloudburst_day(client: TestClient, engine: Engine, person: Callable[[str], Person]) -> None:
    """Scenario A, steps 7, 13 and 15."""
    operator, commander = person("operator"), person("commander")
    key = sources.add(engine, SYSTEM, "story", "水文", worlds=["drill-response"])
    yellow = warn(operator, "yellow", "M-1", TEN)
    for hour, mm in enumerate([12, 18, 28, 31], 1):
        at = TEN + timedelta(hours=hour)
        clock(engine, at)
        rain(client, key, at, mm)
        tick(engine)
        assert bool(operator.get(f"{DRILL}/board")["decisions"]) == (hour == 4)
    tick(engine)
    (proposed,) = operator.get(f"{DRILL}/board")["decisions"].values()
    assert (proposed["to_level"], proposed["state"], proposed["source"], proposed["proposed_by"]) == (
        4, "proposed", "rule", "系统",
    )  # fmt: skip
    held = {one["leaf"]: one for one in proposed["evidence"] if one["truth"] == "true"}
    assert held["warning"]["sources"] == [yellow["id"]]
    assert (held["rain"]["value"], held["rain"]["threshold"], held["rain"]["unit"]) == (77.0, 60.0, "mm")
    assert held["rain"]["sources"] == ["R-07"]
    assert held["rain"]["at"].startswith("2026-07-01T06:00")
    assert held["hazards"]["sources"] == ["key_village:V-07"]
    dark = [one for one in proposed["evidence"] if one["truth"] == "unknown"]
    assert [one["leaf"] for one in dark] == ["water_level"]

    id_ = proposed["id"]
    clock(engine, TEN + timedelta(hours=4, minutes=10))
    step(operator, id_, "approve", 403)
    step(commander, id_, "approve", 409)
    step(operator, id_, "submit", 409)
    step(operator, id_, "consult", attendees="防汛办、气象局、水利局", conclusion="")
    assert step(operator, id_, "submit", 422)["field"] == "conclusion"
    step(operator, id_, "consult", attendees="防汛办、气象局、水利局", conclusion="雨势将持续，建议启动")
    sent = step(operator, id_, "submit", hours=24)
    assert (len(sent["issues"]), sent["closes"], sent["jump"]) == (18, [], False)
    assert "【演练】【草稿，未经批准】" in sent["text_zh"]
    assert tasks(operator) == []
    clock(engine, TEN + timedelta(hours=4, minutes=20))
    approved = step(commander, id_, "approve", document_no="演示防指〔2026〕7 号")
    assert (approved["decision"]["state"], approved["decision"]["tasks_issued"]) == ("approved", 18)

    issued = tasks(operator)
    assert len(issued) == 18
    assert all(one["organization"] and one["decision_id"] == id_ for one in issued)
    assert {one["issued_at"] for one in issued} == {"2026-07-01T06:20:00Z"}
    first = next(one for one in issued if one["action_no"] == "Ⅳ-01")
    assert (first["due_at"], first["level_bound"]) == ("2026-07-01T06:50:00Z", True)
    board = operator.get(f"{DRILL}/board")
    assert board["decisions"] == {}
    (flood,) = board["responses"].values()
    assert (flood["level"], flood["since"], flood["expected_until"]) == (
        4, "2026-07-01T06:20:00Z", "2026-07-02T06:20:00Z",
    )  # fmt: skip
    notice = operator.client.get(f"{DRILL}/decisions/{id_}/text").text
    for said in (
        "【演练】", "演示防指〔2026〕7 号", "突发事件应对法", "2026年7月1日14时20分", "启动防汛Ⅳ级应急响应",
        "响应事项：强降雨防御", "级别：Ⅳ级", "预计期限：24 小时", "应急处置措施：",
        "发布机关：演示区防汛防台抗旱指挥部",
    ):  # fmt: skip
        assert said in notice
    assert "草稿" not in notice
    tick(engine)
    assert operator.get(f"{DRILL}/board")["decisions"] == {}
    kinds = Counter(one["kind"] for one in operator.get(f"{DRILL}/journal", limit=200))
    assert (kinds["ResponseProposed"], kinds["ResponseDecided"], kinds["TasksIssued"]) == (1, 1, 1)

    clock(engine, TEN + timedelta(hours=8, minutes=30))
    city = {
        "track_zh": "防汛",
        "track_en": "Flood",
        "since": "2026-07-01T18:00:00+08:00",
        "document_no": "市防指〔2026〕9 号",
    }
    for area, name, level in (("330100", "杭州市", 3), (TOWNS[0], "演示镇1", 4)):
        body = city | {"track": "flood", "jurisdiction": area, "jurisdiction_zh": name, "level": level}
        operator.post(f"{DRILL}/responses/notices", **body)
    shown = {one["jurisdiction"]: (one["level"], one["own"]) for one in operator.get(f"{DRILL}/responses")}
    assert shown == {"330106": (4, True), "330100": (3, False), TOWNS[0]: (4, False)}
    (upper,) = operator.get(f"{DRILL}/board")["decisions"].values()
    assert (upper["kind"], upper["from_level"], upper["to_level"]) == ("raise", 4, 3)
    assert any("杭州市已启动防汛Ⅲ级响应" in one["zh"] for one in upper["evidence"])
    step(operator, upper["id"], "consult", attendees="防汛办", conclusion="同意提升")
    step(operator, upper["id"], "submit")
    step(commander, upper["id"], "approve")
    after = tasks(operator)
    assert len(after) == 29
    assert {one["id"] for one in issued} <= {one["id"] for one in after}
    assert Counter(one["level"] for one in after) == {4: 18, 3: 11}

    clock(engine, TEN + timedelta(hours=11, minutes=30))
    lower = operator.post(f"{DRILL}/decisions", **HERE, to_level=4, ground="降雨减弱，水位回落")
    id_ = lower["decision"]["id"]
    bound = [one["id"] for one in after if one["level"] == 3 and one["level_bound"]]
    assert sorted(one["id"] for one in lower["closes"]) == sorted(bound)
    step(operator, id_, "consult", attendees="防汛办", conclusion="同意降级")
    step(operator, id_, "submit")
    assert step(commander, id_, "approve", 409)["field"] == "closes"
    assert len(tasks(operator)) == 29
    step(commander, id_, "approve", closes=bound)
    left = {one["id"] for one in tasks(operator)}
    assert left == {one["id"] for one in after} - set(bound)

    clock(engine, TEN + timedelta(hours=13))
    operator.post(f"{DRILL}/decisions", 422, **HERE, to_level=0, ground=" ")
    end = operator.post(f"{DRILL}/decisions", **HERE, to_level=0, ground="预警解除，无新增险情")
    id_ = end["decision"]["id"]
    step(operator, id_, "consult", attendees="防汛办", conclusion="同意结束")
    assert step(operator, id_, "submit", 422, ground="")["field"] == "ground"
    step(operator, id_, "submit", ground="预警解除，无新增险情")
    done = step(commander, id_, "approve", closes=[one["id"] for one in end["closes"]])
    assert "结束依据：预警解除，无新增险情" in done["text_zh"]
    assert "330106" not in {one["jurisdiction"] for one in operator.get(f"{DRILL}/board")["responses"].values()}
    (own,) = [one for one in operator.get(f"{DRILL}/responses", ended=True) if one["own"]]
    assert (own["state"], own["level"]) == ("ended", 0)
    reviewed = operator.post(f"{DRILL}/responses/{own['id']}/review", 200, review="叫应及时，排涝泵车前置偏晚")
    assert reviewed["state"] == "reviewed"
    assert len(operator.get(f"{DRILL}/decisions", decided=True)) == 4
    assert operator.get("/api/worlds/live/board")["responses"] == {}


def test_two_people_make_a_level(person: Callable[[str], Person]) -> None:
    operator, commander, viewer = person("operator"), person("commander"), person("viewer")
    viewer.post(f"{DRILL}/decisions", 403, **HERE, to_level=4, ground="雨大")
    id_ = commander.post(f"{DRILL}/decisions", **HERE, to_level=4, ground="雨大")["decision"]["id"]
    operator.post(f"{DRILL}/decisions", 409, **HERE, to_level=4, ground="雨大")
    step(operator, id_, "consult", attendees="防汛办", conclusion="同意")
    step(operator, id_, "submit")
    assert commander.get(f"{DRILL}/decisions/{id_}")["mine"]
    step(commander, id_, "approve", 403)
    step(commander, id_, "reject", 422, reason=" ")
    assert step(commander, id_, "reject", reason="雨势减弱")["decision"]["state"] == "rejected"
    step(commander, id_, "reject", 409, reason="雨势减弱")
    assert tasks(operator) == []
    kept = operator.get(f"{DRILL}/decisions", decided=True, track="flood")
    assert [(one["state"], one["decided_note"]) for one in kept] == [("rejected", "雨势减弱")]
    again = operator.post(f"{DRILL}/decisions", **HERE, to_level=4, ground="雨又大")["decision"]["id"]
    step(operator, again, "consult", attendees="防汛办", conclusion="同意")
    step(commander, again, "submit")
    step(commander, again, "approve", 403)
    step(operator, again, "withdraw", reason="重报")


def test_levels_in_between_are_passed_over_with_a_reason_and_their_actions_all_go_out(
    person: Callable[[str], Person],
) -> None:
    operator, commander = person("operator"), person("commander")
    decide(operator, commander, 4)
    id_ = operator.post(f"{DRILL}/decisions", **HERE, to_level=2, ground="山洪暴发")["decision"]["id"]
    lesser = operator.post(f"{DRILL}/decisions", **HERE, to_level=3, ground="雨大")["decision"]["id"]
    step(operator, id_, "consult", attendees="防汛办", conclusion="同意")
    assert step(operator, id_, "submit", 422)["field"] == "jump_reason"
    sent = step(operator, id_, "submit", jump_reason="水位一小时上涨 1.5 米")
    assert (sent["jump"], len(sent["issues"])) == (True, 22)
    assert "越级理由：水位一小时上涨 1.5 米" in step(commander, id_, "approve")["text_zh"]
    assert Counter(one["level"] for one in tasks(operator)) == {4: 18, 3: 11, 2: 11}
    assert operator.get(f"{DRILL}/decisions/{lesser}")["decision"]["state"] == "superseded"


def test_a_rejected_truth_is_not_proposed_again_until_it_has_been_false(
    engine: Engine, person: Callable[[str], Person]
) -> None:
    operator, commander = person("operator"), person("commander")

    def waiting() -> list[int]:
        tick(engine)
        return sorted(one["to_level"] for one in operator.get(f"{DRILL}/board")["decisions"].values())

    def reject() -> None:
        for id_ in operator.get(f"{DRILL}/board")["decisions"]:
            step(commander, id_, "reject", reason="再看")

    first = warn(operator, "orange", "M-1", TEN)
    assert waiting() == [4]
    reject()
    assert waiting() == []
    now = {(one["level"], one["truth"]) for one in operator.get(f"{DRILL}/responses/rules")}
    assert now == {(4, "true"), (3, "unknown"), (2, "false"), (1, "false")}
    operator.post(f"{DRILL}/warnings/{first['id']}/lift", 200, reason="来电解除")
    assert waiting() == []
    clock(engine, TEN + timedelta(hours=1))
    warn(operator, "orange", "M-2", TEN + timedelta(hours=1))
    assert waiting() == [4]


def test_plans_over_http_are_checked_and_kept(person: Callable[[str], Person]) -> None:
    planner, viewer = person("planner"), person("viewer")
    load(person("operator"), FLOOD, 403)
    wrong = load(planner, FLOOD.replace(b"due_min: 30", b"due_min: x", 1), 422)
    assert (wrong["field"], wrong["row"]) == ("actions.due_min", 1)
    assert load(planner, FLOOD, 200)["in_force"]
    load(planner, FLOOD.replace(b"due_min: 30", b"due_min: 31", 1), 409)
    snow = FLOOD.replace(b"track: flood", b"track: snow").replace(
        b"track_zh: \xe9\x98\xb2\xe6\xb1\x9b", "track_zh: 雨雪冰冻".encode()
    )
    assert load(planner, snow)["track_zh"] == "雨雪冰冻"  # tracks are an open list
    found = viewer.get("/api/plans")
    assert [(one["track"], one["in_force"], one["is_demo"]) for one in found] == [
        ("flood", True, True), ("snow", True, True),
    ]  # fmt: skip
    one = viewer.get(f"/api/plans/{found[0]['id']}")
    assert Counter(action["level"] for action in one["actions"]) == {4: 18, 3: 11, 2: 11, 1: 7}
    viewer.get("/api/plans/00000000-0000-0000-0000-000000000000", 404)


def test_another_authoritys_level_is_typed_and_ours_is_not(person: Callable[[str], Person]) -> None:
    operator = person("operator")
    body = HERE | {
        "track_zh": "防汛", "track_en": "Flood", "jurisdiction_zh": "西湖区", "level": 3, "document_no": "x",
        "since": TEN.isoformat(),
    }  # fmt: skip
    operator.post(f"{DRILL}/responses/notices", 409, **body)
    city = body | {"jurisdiction": "330100", "jurisdiction_zh": "杭州市"}
    operator.post(f"{DRILL}/responses/notices", 409, **city | {"level": 0})
    operator.post(f"{DRILL}/responses/notices", **city)
    assert operator.post(f"{DRILL}/responses/notices", **city | {"level": 0})["state"] == "ended"
    operator.post(f"{DRILL}/decisions", 409, track="flood", jurisdiction="330100", to_level=4, ground="雨大")
    operator.post(f"{DRILL}/decisions", 404, track="quake", jurisdiction="330106", to_level=4, ground="地震")
