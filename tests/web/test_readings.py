"""Readings by every door of a real server: HTTP, a real MQTT broker, files; what gauges show, and on the stream."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from command import sources, worlds
from gis_data.clock import real_now
from gis_data.cluster import Cluster
from gis_data.demo.storm import HOURLY_MM, storm
from gis_data.settings import Settings
from gis_data.world import SYSTEM
from tests.command.gauges import add_gauges
from tests.conftest import Person, Server, _copy, _template, events, serving, wait_for
from tests.web.broker import Mosquitto
from web.doctor import examine
from web.feeds import Feeds
from web.mqtt import Broker, rows_of
from web.pull import Puller
from web.reading_rows import from_csv

LIVE = "/api/worlds/live"
UNIT = """
insert into gis.admin_unit (code, name, name_en, level, governing_authority, in_scope, geom_source, valid_from, geom)
values ('330106010', '演示镇', 'Demo', 'town', '演示', true, 'generated', now(),
        st_multi(st_makeenvelope(120.09, 30.19, 120.11, 30.21, 4490)))
"""


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        with engine.begin() as connection:
            connection.execute(text(UNIT))
        yield engine


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    found = Mosquitto(tmp_path_factory.mktemp("broker"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def server(engine: Engine, broker: Mosquitto, data_dir: Path) -> Iterator[Server]:
    with serving(engine, data_dir, BAOCHU_MQTT_URL=broker.url) as running:
        yield running


@pytest.fixture(scope="module")
def person(server: Server) -> Person:
    return Person(httpx.Client(base_url=server.url, timeout=10)).log_in("operator")


@pytest.fixture(scope="module")
def key(engine: Engine) -> str:
    return sources.add(engine, SYSTEM, "city", "市站", elements=["rain", "water_level"])


def five(minutes: int = 0) -> datetime:
    """The last full five minutes, or some minutes before."""
    now = real_now().astimezone(UTC)
    return now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) - timedelta(minutes=minutes)


def row(station: str, at: datetime, value: object, **more: object) -> dict[str, Any]:
    return {"station": station, "at": at.isoformat(), "value": value, **more}


def push(server: Server, key: str, body: Any, status: int = 200, world: str = "live", **headers: str) -> Any:
    """Send as a source, without a log-in."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | headers
    answer = httpx.post(f"{server.url}/api/worlds/{world}/readings", content=content, headers=headers, timeout=10)
    assert answer.status_code == status, answer.text
    return answer.json()


def gauge(person: Person, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(g for g in person.get(f"{LIVE}/gauges") if g["code"] == code)
    return found


def count(engine: Engine, station: str, schema: str = "live") -> int:
    with engine.connect() as connection:
        query = f'select count(*) from "{schema}".reading where station = :s'
        return int(connection.execute(text(query), {"s": station}).scalar_one())


def test_rows_by_json_are_stored_and_the_others_said(server: Server, person: Person, key: str) -> None:
    rows = [row("R-01", five(5 * k), 1.5) for k in range(12)]
    answer = push(server, key, [*rows, row("R-01", five(), "?"), row("D-01", five(), 3), "nonsense", rows[0]])
    assert {name: answer[name] for name in ("stored", "duplicate", "suspect", "rejected")} == {
        "stored": 12, "duplicate": 1, "suspect": 0, "rejected": 3,
    }  # fmt: skip
    assert [(p["row"], p["field"], p["rule"]) for p in answer["problems"]] == [
        (13, "value", "format"),
        (14, "station", "scope"),
        (15, "payload", "format"),
    ]
    shown = gauge(person, "R-01")
    assert (shown["state"], shown["last_value"], shown["quality"]) == ("fresh", 1.5, "good")
    assert shown["rain"][0] == {"hours": 1, "mm": 18.0, "coverage": 1.0, "known": True}
    assert shown["rain"][1]["known"] is False
    assert gauge(person, "A-01")["state"] == "never"


def test_rows_by_csv(server: Server, person: Person, key: str) -> None:
    body = f"站码,时间,数值,单位\r\nW-01,{five().isoformat()},312,cm\r\nW-01,昨天,3,m\r\n".encode("utf-8-sig")
    answer = push(server, key, body, **{"Content-Type": "text/csv"})
    assert (answer["stored"], answer["problems"][0]["row"], answer["problems"][0]["field"]) == (1, 2, "at")
    assert gauge(person, "W-01")["last_value"] == 3.12


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", {}),
        (b"[" * 100_000, {}),
        (b"x,y\n1,2\n", {"Content-Type": "text/csv"}),
        ("站码,时间\n".encode("gbk"), {"Content-Type": "text/csv"}),
        (b"[" + b"1," * 5_000 + b"1]", {}),
        (b" " * 4_000_001, {}),
    ],
)
def test_a_body_that_nothing_can_be_made_of(server: Server, key: str, body: bytes, headers: dict[str, str]) -> None:
    problem = push(server, key, body, 422, **headers)
    assert problem["field"] == "body"
    assert problem["detail"]
    assert problem["detail_en"]


def test_nobody_sends_without_a_key_that_holds(server: Server, engine: Engine, person: Person, key: str) -> None:
    rows = [row("R-02", five(), 1)]
    for wrong in ("city", "city.wrong", key[:-1], key.replace("city", "other")):
        push(server, wrong, rows, 401)
    assert person.client.post(f"{LIVE}/readings", json=rows).status_code == 401, "a person has no key"
    push(server, key, rows, 404, world="drill-none")
    worlds.create_drill(engine, SYSTEM, "drill-shut", "无权")
    push(server, key, rows, 403, world="drill-shut")
    second = sources.add(engine, SYSTEM, "second", "二")
    assert push(server, second, rows)["stored"] == 1
    sources.revoke(engine, SYSTEM, "second")
    push(server, second, rows, 401)


def test_an_administrator_makes_and_revokes_keys(server: Server, person: Person) -> None:
    admin = Person(httpx.Client(base_url=server.url, timeout=10)).log_in("admin")
    made = admin.post("/api/sources", id="street", name="街道", stations=["R-0*"])
    assert push(server, made["key"], [row("R-09", five(), 1)])["stored"] == 1
    assert "key_hash" not in made["source"]
    admin.post("/api/sources", 409, id="street", name="又一个")
    admin.post("/api/sources", 422, id="Street!", name="不行")
    revoked = admin.post("/api/sources/street/revoke", 200)
    assert revoked["revoked_at"]
    push(server, made["key"], [row("R-09", five(), 1)], 401)
    assert {one["id"] for one in admin.get("/api/sources")} >= {"street"}
    person.get("/api/sources", 403)


def test_too_many_requests_are_slowed_down(server: Server, engine: Engine) -> None:
    eager = sources.add(engine, SYSTEM, "eager", "过勤")
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {eager}"}) as client:
        tries = [client.post(f"{LIVE}/readings", json=[]).status_code for _ in range(101)]
    assert tries.count(429) >= 1
    assert tries[0] == 200


def test_a_series_for_a_chart(server: Server, person: Person, key: str) -> None:
    push(server, key, [row("R-07", five(5 * k), 2.0) for k in range(24) if k not in (3, 4)])
    push(server, key, [row("R-07", five(15), 290)])
    found = person.get(f"{LIVE}/gauges/R-07/series", hours=2, step=300)
    by_time = {datetime.fromisoformat(step["at"]): step for step in found["steps"]}
    assert by_time[five(5)]["value"] == 2.0, "what fell in the five minutes from then on"
    assert by_time[five(20)]["value"] is None
    assert found["steps"][-1]["total"] == pytest.approx(44, abs=4.1)
    assert [(doubt["value"], doubt["rule"]) for doubt in found["doubts"]] == [(290, "jump")]
    level = person.get(f"{LIVE}/gauges/W-01/series", hours=1, step=600)
    assert [step["value"] for step in level["steps"] if step["value"]] == [3.12]
    person.get(f"{LIVE}/gauges/none/series", 404)
    person.get(f"{LIVE}/gauges/R-07/series", 422, step=7)


def test_rain_over_the_towns(server: Server, person: Person, key: str) -> None:
    for method in ("idw", "thiessen"):
        found = person.get(f"{LIVE}/rain/areas", by="town", method=method)
        (town,) = found["areas"]
        assert (town["code"], found["method"]) == ("330106010", method)
        assert 0 < town["rain"][0]["mm"] <= 24
        assert "H-01" in found["unknown"]["1"]
        assert "R-01" not in found["unknown"]["1"]
        assert town["rain"][5]["mm"] is None, "three days nobody knows"


def test_a_page_hears_new_readings_and_the_state_beside_them(server: Server, person: Person, key: str) -> None:
    seq = person.get(f"{LIVE}/board")["seq"]
    heard: list[dict[str, Any]] = []
    patched: list[dict[str, Any]] = []

    def follow() -> None:
        for kind, data in events(person, "live", seq):
            if kind == "readings":
                heard.append(data["gauges"])
            elif kind == "patch":
                patched.append(data)
            if patched and any("R-03" in gauges for gauges in heard):
                return

    page = threading.Thread(target=follow)
    page.start()
    sent = itertools.count()

    def told() -> bool:
        push(server, key, [row("R-03", five(5 * next(sent)), 10)])
        page.join(0.1)
        return not page.is_alive()

    wait_for(told, 20)
    frame = next(gauges["R-03"] for gauges in heard if "R-03" in gauges)
    assert frame["rain"][0]["hours"] == 1
    assert patched[0]["put"]["gauges"]["R-03"]["state"] == "fresh"
    assert person.get(f"{LIVE}/board")["gauges"]["R-03"]["name"] == "R-03 站"


def test_a_reading_by_mqtt_enters_windows_and_state(server: Server, person: Person, broker: Mosquitto) -> None:
    publisher = broker.publisher()
    for k in range(24, -1, -1):
        said = {"at": five(5 * k).isoformat(), "value": 5, "unit": "0.1mm", "span_s": 300}
        publisher.publish("baochu/live/H-03/rain", json.dumps(said), 1)
    publisher.publish("baochu/live/H-03/rain", "not json", 1)
    publisher.publish("baochu/nowhere/H-03/rain", "[]", 1)
    wait_for(lambda: gauge(person, "H-03")["rain"][0]["mm"] == 6.0, 10)
    shown = gauge(person, "H-03")
    assert (shown["state"], shown["last_value"], shown["rain"][0]["known"]) == ("fresh", 0.5, True)
    wait_for(lambda: person.get(f"{LIVE}/board")["gauges"].get("H-03", {}).get("state") == "fresh", 5)
    publisher.disconnect()
    publisher.loop_stop()


def test_a_broker_that_is_killed_and_comes_back_loses_nothing(
    server: Server, person: Person, engine: Engine, broker: Mosquitto, data_dir: Path
) -> None:
    def well() -> bool:
        return bool(next(feed["well"] for feed in person.get("/api/feeds") if feed["name"] == "mqtt"))

    config = Settings(
        data=data_dir, database_url=engine.url.render_as_string(False), port=server.port, mqtt_url=broker.url
    )

    def examined() -> bool:
        return next(finding for finding in examine(config) if "feeds" in finding.name).well

    publisher = broker.publisher()

    def publish(numbers: range) -> None:
        for k in numbers:
            reading = {"at": five(5 * k).isoformat(), "value": 1 + k / 10}
            publisher.publish("baochu/live/H-02/rain", json.dumps(reading), 1)

    publish(range(40))
    broker.kill()
    wait_for(lambda: not well(), 10)
    assert not examined()
    publish(range(40, 80))
    broker.start()
    wait_for(lambda: count(engine, "H-02") == 80, 30, lambda: str(count(engine, "H-02")))
    wait_for(well, 5)
    assert examined()
    publisher.disconnect()
    publisher.loop_stop()


def test_what_comes_while_nobody_stores_is_kept_by_the_broker(
    engine: Engine, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Mosquitto(tmp_path)
    worlds.create_drill(engine, SYSTEM, "drill-mqtt", "演练")
    config = Settings(data=data_dir, district="second", mqtt_url=broker.url)

    def listening() -> Broker:
        feeds = Feeds()
        found = Broker(config, engine, feeds)
        found.start()
        wait_for(lambda: any(feed.well for feed in feeds.all()), 10)
        return found

    listening().stop()
    publisher = broker.publisher()
    for k in range(30):
        publisher.publish("baochu/drill-mqtt/D-01/depth", json.dumps([{"at": five(k).isoformat(), "value": k}]), 1)
    with monkeypatch.context() as failing:
        failing.setattr("web.mqtt.take", _no_disk)
        came = listening()
        wait_for(lambda: any(feed.name == "mqtt store" for feed in came.feeds.all()), 10)
        came.stop()
    assert count(engine, "D-01", "drill_mqtt") == 0
    last = listening()
    wait_for(lambda: count(engine, "D-01", "drill_mqtt") == 30, 10)
    last.stop()
    publisher.disconnect()
    publisher.loop_stop()
    broker.stop()


def _no_disk(*_: object) -> None:
    raise OSError("disk full")


def test_a_topic_says_whose_reading_it_is() -> None:
    world, rows = rows_of("baochu/live/R-01/rain", b'[{"value": 1, "station": "R-02"}]')
    assert (world, rows) == ("live", [{"value": 1, "station": "R-01", "element": "rain"}])


def test_a_file_and_an_address_are_pulled(engine: Engine, server: Server, tmp_path: Path) -> None:
    from gis_data.settings import Pull

    worlds.create_drill(engine, SYSTEM, "drill-pull", "演练")
    file, feeds = tmp_path / "rain.csv", Feeds()
    puller = Puller(Pull(id="file", address=str(file), world="drill-pull"), engine, feeds)
    puller.once()
    assert [feed.well for feed in feeds.all()] == [False], "there is no file yet"
    file.write_text(f"station,at,value\nR-01,{five().isoformat()},1\nR-02,{five().isoformat()},2\n")
    puller.once()
    puller.once()
    assert [(feed.name, feed.well) for feed in feeds.all()] == [("pull file", True)]
    assert count(engine, "R-01", "drill_pull") + count(engine, "R-02", "drill_pull") == 2
    other = Puller(Pull(id="web", address=f"{server.url}/healthz", world="drill-pull"), engine, feeds)
    other.once()
    assert "退回" in feeds.all()[1].zh, "JSON, but no readings"


def test_a_csv_may_be_empty() -> None:
    assert from_csv(b"") == from_csv(b"station,at,value\n") == []


def test_rain_over_catchments_needs_terrain(person: Person) -> None:
    problem = person.get(f"{LIVE}/rain/areas", 422, by="catchment")
    assert problem["field"] == "by"
    assert "地形" in problem["detail"]


def test_a_made_up_storm_is_the_handbooks_at_its_centre(server: Server, engine: Engine) -> None:
    worlds.create_drill(engine, SYSTEM, "drill-storm", "演示暴雨")
    demo = sources.add(engine, SYSTEM, "storm", "DEMO", worlds=["drill-storm"])
    rows = list(storm({"R-07": (120.103, 30.2), "R-09": (120.104, 30.2)}, real_now()))
    answer = push(server, demo, rows, world="drill-storm")
    assert (answer["stored"], answer["suspect"], answer["rejected"]) == (len(rows), 0, 0)
    person = Person(httpx.Client(base_url=server.url, timeout=10)).log_in("viewer")
    shown = {g["code"]: g for g in person.get("/api/worlds/drill-storm/gauges")}
    assert [shown["R-07"]["rain"][k]["mm"] for k in (0, 1)] == [35, 87]
    assert sum(row["value"] for row in rows if row["station"] == "R-07") == pytest.approx(sum(HOURLY_MM))
    assert (shown["R-07"]["state"], shown["R-09"]["state"]) == ("fresh", "silent")
    assert not shown["R-09"]["rain"][0]["known"]
