"""Rain becomes a re-route: MQTT → windows → modelled depth → a gauge's word → a person's → new way → the wall."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, text

from gis_data.clock import real_now
from gis_data.demo.xh_mini import NODES
from tests.command.points import add_points
from tests.conftest import Person, middle, serving, wait_for
from tests.ui.driver import SLOW_MS, Wall
from tests.web.broker import Mosquitto
from tests.web.test_runs import load_hollow, run

LIVE = "/api/worlds/live"
_GAUGE = """insert into gis.gauge (code, name, element, unit, interval_s, valid_from, geom)
values (:code, :name, :element, :unit, 300, now() - interval '1 day', st_setsrid(st_point(:lon, :lat), 4490))"""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    found = Mosquitto(tmp_path)
    yield found
    found.kill()


def send(broker: Mosquitto, station: str, element: str, *readings: tuple[datetime, float]) -> None:
    """Publish as a gauge's box does, and wait until the broker has it."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"box-{station}")
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    body = [{"at": at.isoformat(), "value": value} for at, value in readings]
    client.publish(f"baochu/live/{station}/{element}", json.dumps(body), qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_rain_becomes_a_new_way(
    browser: Browser, mini_db: Engine, data_dir: Path, tmp_path: Path, broker: Mosquitto
) -> None:
    load_hollow(mini_db, tmp_path, data_dir)
    add_points(mini_db)
    lon, lat = middle("N2–N3")
    gauges = [("R-07", "雨量七站", "rain", "mm"), ("D-03", "下穿水位计", "depth", "cm")]
    with mini_db.begin() as connection:
        for code, name, element, unit in gauges:
            row = {"code": code, "name": name, "element": element, "unit": unit, "lon": lon, "lat": lat}
            connection.execute(text(_GAUGE), row)

    with serving(mini_db, data_dir, BAOCHU_MQTT_URL=broker.url) as server:
        operator = Person(httpx.Client(base_url=server.url, timeout=30)).log_in("operator")
        x, y = NODES["C3"]
        incident = operator.post(f"{LIVE}/incidents", kind="flood", title="C3 居民被困", lon=x, lat=y)
        teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
        where = f"{LIVE}/incidents/{incident['id']}/dispatches"
        sent = operator.post(where, team_id=teams["T1"], reason="装备齐全")["id"]
        wall = Wall(browser, server.url)
        wall.log_in("commander")
        assert round(operator.get(f"{LIVE}/board")["dispatches"][sent]["distance_m"]) == 1150

        now = real_now().astimezone(UTC)
        full = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
        send(broker, "R-07", "rain", *((full - timedelta(minutes=5 * k), 8.0) for k in reversed(range(13))))

        def hour() -> float:
            shown = {one["code"]: one for one in operator.get(f"{LIVE}/gauges")}
            rain = {window["hours"]: window["mm"] for window in shown["R-07"]["rain"]}
            return rain.get(1, 0.0)

        wait_for(lambda: hour() >= 80, 20)

        found = run(operator, back_h=1)
        assert found["state"] == "done", found["problem"]
        assert found["result"]["observed_s"] in (3000, 3600)  # the next ten minutes may just have begun
        (modelled,) = operator.get(f"{LIVE}/suggestions")
        assert (modelled["source"], modelled["place"]) == ("model", "N2–N3")
        assert operator.get(f"{LIVE}/closures") == []
        expect(wall.at("suggestion-row")).to_contain_text("参考", timeout=SLOW_MS)

        send(broker, "D-03", "depth", (real_now().astimezone(UTC), 28.0))
        row = wall.at("suggestion-row").filter(has_text="演示下穿")
        expect(row).to_contain_text("28 厘米")  # the gauge's word has taken the model's place
        expect(wall.at("suggestion-row")).to_have_count(1)
        assert operator.get(f"{LIVE}/closures") == []

        expect(row.get_by_test_id("suggestion-confirm")).to_be_in_viewport(ratio=1)
        wall.at("incident-card").first.click()  # at work on something else, one is led back
        wall.at("suggestions-back").click()
        row.get_by_test_id("suggestion-confirm").click()
        row.get_by_test_id("suggestion-note").fill("交警大队确认")
        row.get_by_test_id("suggestion-submit").click()
        expect(wall.at("closure-row")).to_contain_text("交警大队确认")
        dispatch = operator.get(f"{LIVE}/board")["dispatches"][sent]
        assert (dispatch["route_valid"], round(dispatch["distance_m"])) == (True, 1300)
        assert dispatch["route_note"].startswith("已改线：演示下穿")
        expect(wall.at("notice").filter(has_text="改线")).to_be_visible()
        wall.shot("rain-story")

        send(broker, "D-03", "depth", (real_now().astimezone(UTC) + timedelta(seconds=1), 20.0))
        wait_for(lambda: "可解除封控" in operator.get(f"{LIVE}/journal", after=0, limit=500)[-1]["zh"], 20)
        assert len(operator.get(f"{LIVE}/closures")) == 1  # lower water reopens nothing by itself
        assert (wall.outside, wall.wrong) == ([], [])
