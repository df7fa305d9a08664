"""Call-outs over HTTP: scenario A, step 6, on a real gateway; who is told what; what never leaves a drill."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from command import callouts, watching
from gis_data.clock import real_now
from gis_data.cluster import Cluster
from gis_data.db import writing
from gis_data.settings import Settings
from gis_data.vault import vault
from gis_data.world import Actor, get_world
from tests.command.calls import FOUR, POSTS, add_posts
from tests.command.gauges import add_gauges, parameters
from tests.command.slopes import TOWNS, add_slopes, insert, warning
from tests.conftest import Person, _copy, _template, wait_for
from web.app import create_app

ONE = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
LIVE, DRILL = "/api/worlds/live", "/api/worlds/drill-call"
SECRET = "not a real secret"
NAMES = {code: name for code, name, *_ in POSTS}


@dataclass
class Gateway:
    """A real HTTP server on loopback that keeps what it is sent; `answers` says how it answers, then well."""

    url: str = ""
    seen: list[tuple[str, dict[str, str], dict[str, Any], bytes]] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)

    def at(self, path: str) -> list[tuple[str, dict[str, str], dict[str, Any], bytes]]:
        return [one for one in self.seen if urlsplit(one[0]).path == path]


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            kept.seen.append((self.path, dict(self.headers), json.loads(raw), raw))
            status = kept.answers.pop(0) if kept.answers else 200
            if status is None:
                self.close_connection = True  # the message arrived, its answer is lost
                return
            body = json.dumps({"errcode": 0, "errmsg": "ok", "message_id": f"m{len(kept.seen)}"}).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        add_slopes(engine)
        add_posts(engine)
        yield engine


@contextmanager
def app(engine: Engine, data: Path, **more: Any) -> Iterator[Callable[[str], Person]]:
    url = engine.url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(data=data, database_url=url, **more))) as client:
        yield lambda role: Person(client).beside().log_in(role)


@pytest.fixture
def people(engine: Engine, tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    with app(engine, tmp_path) as person:
        yield person


def clock(engine: Engine, at: datetime, schema: str = "live") -> None:
    with engine.begin() as connection:
        connection.execute(text(f"update {schema}.clock set sim0 = :at, speed = 0"), {"at": at})


def call(person: Person, where: str = LIVE, **more: Any) -> Any:
    body = {"why": "hazard", "why_id": "key_village:V-07", "title": "V-07 准备转移", "text": "准备转移 23 户 61 人"}
    return person.post(f"{where}/callouts", **body | more)


def step(person: Person, made: Any, post: str, to: str, status: int = 200, where: str = LIVE, **more: Any) -> Any:
    record = next(one for one in made["records"] if one["post_code"] == post)
    return person.post(f"{where}/callouts/{made['id']}/records/{record['id']}/step", status, to=to, **more)


def record_of(found: Any, post: str) -> Any:
    return next(one for one in found["records"] if one["post_code"] == post)


def journal(person: Person, where: str = LIVE) -> list[str]:
    return [entry["kind"] for entry in person.get(f"{where}/journal")]


def test_four_posts_one_phone_fails_twice_the_deputy_answers(
    engine: Engine, people: Callable[[str], Person], tmp_path: Path
) -> None:
    """Scenario A, step 6."""
    operator, commander, world = people("operator"), people("commander"), get_world(engine, "live")
    clock(engine, ONE)
    made = call(operator)
    assert [one["post_code"] for one in made["records"]] == list(FOUR)
    assert {one["sent_at"] for one in made["records"]} == {"2026-07-01T06:00:00Z"}
    for code in ("P-Q", "P-Z", "P-G"):
        clock(engine, ONE + timedelta(minutes=1))
        step(operator, made, code, "reached")
        step(operator, made, code, "read_back", text="准备转移 23 户 61 人，收到")
    for minute in (1, 3):
        clock(engine, ONE + timedelta(minutes=minute))
        step(operator, made, "P-C", "failed", text="无人接听")
    clock(engine, ONE + timedelta(minutes=4, seconds=59))
    watching.tick(world)
    assert "CallEscalated" not in journal(operator)
    clock(engine, ONE + timedelta(minutes=5))
    watching.tick(world)
    watching.tick(world)
    assert journal(operator).count("CallEscalated") == 1
    (shown,) = operator.get(f"{LIVE}/board")["callouts"].values()
    assert (shown["posts"], shown["answered"], shown["read_back"], shown["overdue"]) == (4, 3, 3, 1)
    tried = record_of(operator.get(f"{LIVE}/callouts/{made['id']}"), "P-C")
    assert (tried["channel"], tried["target"], tried["phone"], tried["failures"]) == (
        "deputy", "演示村副主任", "0571-0000005", 2,
    )  # fmt: skip
    clock(engine, ONE + timedelta(minutes=6))
    step(operator, made, "P-C", "reached")
    step(operator, made, "P-C", "read_back", text="由副主任负责，收到")
    for code in FOUR:
        clock(engine, ONE + timedelta(minutes=20))
        step(operator, made, code, "action", text="人员已集结")
        step(operator, made, code, "verified", 403, text="已看到")  # the account that reported it
        clock(engine, ONE + timedelta(minutes=30))
        done = step(commander, made, code, "verified", text="视频核实")
    assert (done["verified"], done["posts"], done["closed_reason"]) == (4, 4, "全部核实")
    assert operator.get(f"{LIVE}/board")["callouts"] == {}
    closed = [entry["zh"] for entry in operator.get(f"{LIVE}/journal") if entry["kind"] == "CallOutClosed"]
    assert closed == [f"叫应结束 4/4：V-07 准备转移（{made['no']}），全部核实"]
    head = record_of(done, "P-C")
    assert (head["reached_by"], head["reached_channel"]) == ("演示村副主任", "deputy")
    assert [(e["step"], e["channel"], e["at"][11:16]) for e in head["entries"] if "deliver" not in e["step"]] == [
        ("sent", "phone", "06:00"), ("failed", "phone", "06:01"), ("failed", "phone", "06:03"),
        ("escalated", "deputy", "06:05"), ("reached", "deputy", "06:06"), ("read_back", "deputy", "06:06"),
        ("action", "deputy", "06:20"), ("verified", "deputy", "06:30"),
    ]  # fmt: skip
    step(operator, made, "P-C", "reached", 409)


def test_an_unanswered_post_climbs_the_whole_ladder_once_each(engine: Engine, people: Callable[[str], Person]) -> None:
    operator, world = people("operator"), get_world(engine, "live")
    clock(engine, ONE)
    made = call(operator)
    ways = []
    for minute in (5, 10, 15, 20, 25):
        clock(engine, ONE + timedelta(minutes=minute))
        watching.tick(world)
        found = operator.get(f"{LIVE}/callouts/{made['id']}")
        ways.append([(r["channel"], r["target"]) for r in found["records"]])
    head = [way[FOUR.index("P-C")] for way in ways]
    assert head == [
        ("deputy", "演示村副主任"), ("loudspeaker", "演示村主任"), ("visit", "演示村包户干部"),
        ("visit", "演示村包户干部"), ("visit", "演示村包户干部"),
    ]  # fmt: skip
    district = [way[0] for way in ways]  # no deputy, and no loudspeaker reaches the district's leader
    assert district == [("phone", "演示区领导")] * 5
    assert found["overdue"] == 4
    assert found["next_at"] is None
    assert journal(operator).count("CallEscalated") == 4  # 5, 10, 15 and, with nothing left, 20 minutes
    operator.post(f"{LIVE}/callouts/{made['id']}/close", 200, reason="雨势减弱")
    operator.post(f"{LIVE}/callouts/{made['id']}/close", 409, reason="雨势减弱")


def test_who_cannot_be_telephoned_is_tried_by_the_deputy_at_once(
    engine: Engine, people: Callable[[str], Person]
) -> None:
    """The village's head is on leave; the district's leader has neither telephone nor deputy."""
    operator = people("operator")
    insert(engine, "post_holder", code="PH-1", name="演示", post_code="P-C", on_leave=True)
    with engine.begin() as connection:
        connection.execute(text("update gis.post set phone = null where code in ('P-Q', 'P-Z')"))
    made = call(operator)
    ways = {one["post_code"]: (one["channel"], one["target"], one["due_at"] is None) for one in made["records"]}
    assert ways == {
        "P-Q": ("phone", "演示区领导", True),
        "P-Z": ("deputy", "演示镇分管负责人", False),
        "P-C": ("deputy", "演示村副主任", False),
        "P-G": ("phone", "演示村山洪预警员", False),
    }
    assert record_of(made, "P-Q")["entries"][0]["step"] == "exhausted"
    assert made["overdue"] == 1
    texts = {one["post_code"]: one["messages"][0]["text"] for one in made["records"] if one["messages"]}
    assert texts["P-C"] == f"准备转移 23 户 61 人（{made['no']}，演示村主任未叫应，请替补履职，请复述并反馈）"
    assert "P-Q" not in texts


def test_the_1833_pattern_and_parameters_say_when(engine: Engine, people: Callable[[str], Person]) -> None:
    operator, world = people("operator"), get_world(engine, "live")
    clock(engine, ONE)
    made = call(operator, pattern="1833")
    assert [rung["minutes"] for rung in made["ladder"]] == [3, 12, 15, 15]
    seen = []
    for minute in (2, 3, 14, 15, 29, 30):
        clock(engine, ONE + timedelta(minutes=minute))
        watching.tick(world)
        seen.append(record_of(operator.get(f"{LIVE}/callouts/{made['id']}"), "P-C")["channel"])
    assert seen == ["phone", "deputy", "deputy", "loudspeaker", "loudspeaker", "visit"]
    with parameters(engine, {"callout.retry_minutes": "2", "callout.channels": "phone,gong"}):
        clock(engine, datetime.now(UTC))
        assert call(operator)["ladder"] == [{"channel": "phone", "minutes": 2}, {"channel": "gong", "minutes": 2}]


def test_how_deep_a_call_goes_and_what_it_is_about(engine: Engine, people: Callable[[str], Person]) -> None:
    operator = people("operator")

    def codes(**more: Any) -> list[str]:
        return [one["post_code"] for one in call(operator, **more)["records"]]

    assert codes(depth="town") == ["P-Q", "P-Z"]
    assert codes(depth="household") == ["P-Q", "P-Z", "P-C", "P-G", "P-H"]
    town = {"why": "hand", "why_id": None, "scope": [{"register_key": "admin_unit", "code": TOWNS[0]}]}
    assert codes(**town) == ["P-Q", "P-Z", "P-C"]
    assert codes(**town, depth="household") == ["P-Q", "P-Z", "P-C", "P-H"]
    at = datetime.now(UTC).isoformat()
    raised = operator.post(
        f"{LIVE}/warnings", **warning("rainstorm", "yellow", starts_at=at, issued_at=at, units=[TOWNS[0]])
    )
    found = call(operator, why="warning", why_id=raised["id"], title="", depth="town")
    assert (found["title"], [one["code"] for one in found["scope"]]) == ("暴雨黄色预警", [TOWNS[0]])
    body = {"why": "hand", "title": "巡查", "text": "加密巡查"}
    assert operator.post(f"{LIVE}/callouts", 422, **body)["field"] == "scope"
    lone = [{"register_key": "key_village", "code": "V-99"}]
    operator.post(f"{LIVE}/callouts", 404, **body, scope=lone)
    assert operator.post(f"{LIVE}/callouts", 422, **body, channels=["sms"], scope=lone)["field"] == "channels"
    people("viewer").post(f"{LIVE}/callouts", 403, **body, scope=lone)


def test_a_retry_with_the_same_id_calls_nobody_twice(engine: Engine, people: Callable[[str], Person]) -> None:
    operator, id_ = people("operator"), "00000000-0000-4000-8000-000000000007"
    made = call(operator, id=id_)
    step(operator, made, "P-C", "reached")
    again = call(operator, id=id_)
    assert (again["id"], again["no"], record_of(again, "P-C")["state"]) == (id_, made["no"], "reached")
    assert len(operator.get(f"{LIVE}/callouts")) == 1
    assert journal(operator).count("CallOutMade") == 1


def test_telephones_and_words_are_for_those_who_call(engine: Engine, people: Callable[[str], Person]) -> None:
    operator = people("operator")
    made = call(operator)
    assert step(operator, made, "P-C", "reached", 422, whom="张三")["field"] == "whom"  # no person's name
    step(operator, made, "P-C", "reached", text="本人接听", whom="演示村副主任")
    path = f"{LIVE}/callouts/{made['id']}"
    for role, sees in (("operator", True), ("viewer", False), ("auditor", False)):
        one = record_of(people(role).get(path), "P-C")
        assert (one["phone"] is not None, one["entries"][-1]["text"] is not None) == (sees, sees)
    told = json.dumps([people("viewer").get(f"{LIVE}/board")["callouts"], people("viewer").get(f"{LIVE}/journal")])
    assert "0571" not in told
    step(people("viewer"), made, "P-G", "reached", 403)  # not the viewer's post
    with engine.begin() as connection:
        connection.execute(text("update gis.post set name = 'viewer岗' where code = 'P-Z'"))
    own = call(operator)
    step(people("viewer"), own, "P-Z", "reached")
    step(people("viewer"), own, "P-Z", "action", 409, text="跳步")


def test_messages_are_signed_proved_and_sent_again_under_the_same_id(
    engine: Engine, tmp_path: Path, gateway: Gateway
) -> None:
    """What was written down before a power cut goes out with the next start; a lost answer is a second try."""
    sealed = vault(tmp_path).seal("100-0002-0001", "post_holder", "holder_phone", "PH-1")
    insert(engine, "post_holder", code="PH-1", name="演示", post_code="P-C", holder_phone=sealed, on_leave=False)
    with writing(get_world(engine, "live"), Actor("operator", "operator岗", "operator")) as tx:
        said = callouts.NewCallOut(
            "准备转移", "hazard", "key_village:V-07", "V-07 准备转移", channels=("file", "webhook", "sms")
        )  # fmt: skip
        callout_id = callouts.make(tx, said).id
    gateway.answers += [None, 503]
    ways = {"webhook_url": f"{gateway.url}/robot?access_token=x", "webhook_secret": SECRET,
            "sms_url": f"{gateway.url}/sms", "sms_secret": SECRET}  # fmt: skip
    with app(engine, tmp_path, **ways) as people:
        operator = people("operator")
        path = f"{LIVE}/callouts/{callout_id}"

        def messages() -> list[Any]:
            return [m for one in operator.get(path)["records"] for m in one["messages"]]

        wait_for(lambda: {m["state"] for m in messages()} == {"sent"} and bool(gateway.at("/robot")), 30)
        wait_for(lambda: len(gateway.seen) == 7, 30, lambda: str(gateway.seen))
        assert operator.get(f"{LIVE}/callouts/channels") == ["file", "webhook", "sms"]
        found = messages()

        def receipt(key: str, status: str, secret: str = SECRET) -> int:
            raw, at = json.dumps({"id": key, "status": status}).encode(), str(int(real_now().timestamp() * 1000))
            mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
            head = {"X-Baochu-Timestamp": at, "X-Baochu-Signature": f"sha256={mac}"}
            return operator.client.post(f"{LIVE}/receipts/sms", content=raw, headers=head).status_code

        one, other = (m for m in found if m["channel"] == "sms" and m["to_name"] in (NAMES["P-Q"], NAMES["P-Z"]))
        assert [receipt(one["id"], "delivered", "another"), receipt(str(uuid4()), "delivered")] == [401, 404]
        assert receipt(one["message_id"], "failed") == receipt(one["id"], "delivered") == 200
        assert receipt(one["id"], "failed") == receipt(other["id"], "failed") == 200  # what was delivered stays so
        told = {m["id"]: m["delivery"] and m["delivery"]["status"] for m in messages()}
        assert (told[one["id"]], told[other["id"]]) == ("delivered", "failed")
        shown = operator.get(f"{LIVE}/board")["callouts"][str(callout_id)]
        assert (shown["delivered"], shown["answered"]) == (1, 0)
        kinds = journal(operator)
        assert kinds.count("MessageDelivered") == 3
    sms = gateway.at("/sms")
    ids = [headers["Idempotency-Key"] for _, headers, *_ in gateway.seen]
    assert len(ids) == 7  # four for the posts, one for the group; two of them twice
    assert len(set(ids)) == 5
    assert {body["to"] for *_, body, _ in sms} == {"0571-0000001", "0571-0000002", "0571-0000006", "100-0002-0001"}
    for _, headers, body, raw in sms:
        signed = hmac.new(SECRET.encode(), f"{headers['X-Baochu-Timestamp']}.".encode() + raw, hashlib.sha256)
        assert headers["X-Baochu-Signature"] == f"sha256={signed.hexdigest()}"
        assert body["mode"] == "实战"
    address, _, body, _ = gateway.at("/robot")[-1]
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    signed = hmac.new(SECRET.encode(), f"{asked['timestamp']}\n{SECRET}".encode(), hashlib.sha256)
    assert asked["sign"] == base64.b64encode(signed.digest()).decode()
    assert asked["access_token"] == "x"
    assert "V-07 准备转移" in body["text"]["content"]
    assert len(found) == 8  # a file and a text message for each post
    assert all(len(m["answer_sha256"]) == 64 and m["message_id"] for m in found)
    files = list((tmp_path / "outbox/xihu/live").rglob("*.json"))
    assert len(files) == 4
    assert all(json.loads(file.read_text())["mode"] == "实战" for file in files)
    assert {"MessagesSent", "MessagesFailed"} <= set(kinds)
    with engine.connect() as connection:
        kept = connection.scalar(text("select string_agg(body::text, '') from live.journal"))
    assert "0571" not in kept
    assert "100-0002" not in kept
    assert SECRET not in kept


def test_nothing_of_a_drill_leaves(engine: Engine, tmp_path: Path, gateway: Gateway) -> None:
    """All ways out are set up, and a message even claims one of them."""
    ways = {"webhook_url": f"{gateway.url}/robot", "sms_url": f"{gateway.url}/sms"}
    with app(engine, tmp_path, **ways) as people:
        people("admin").post("/api/worlds", name="drill-call", title="叫应演练")
        operator = people("operator")
        assert operator.get(f"{DRILL}/callouts/channels") == ["recorder"]
        made = call(operator, DRILL, channels=["file", "webhook", "sms"])
        with engine.begin() as connection:  # as if a row had got past the first gate
            claimed = "update drill_call.out_message set channel = 'sms' where id in (select id from {} limit 1)"
            connection.execute(text(claimed.format("drill_call.out_message")))

        def messages() -> list[Any]:
            return [m for r in operator.get(f"{DRILL}/callouts/{made['id']}")["records"] for m in r["messages"]]

        wait_for(lambda: {m["state"] for m in messages()} == {"sent"}, 20)
        assert all(m["text"].startswith("【演练】") for m in messages())
        live = call(operator)
        sms = [m for one in live["records"] for m in one["messages"] if m["channel"] == "sms"]
        wait_for(lambda: len(gateway.at("/sms")) == len(sms) == 4, 20)
    assert len(gateway.seen) == 5
    assert not any("演练" in raw.decode() for *_, raw in gateway.seen)
    assert not (tmp_path / "outbox/xihu/drill-call").exists()
