"""The director, sensitive incidents and the five-colour map, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from command import observations, watching
from command.stations import Source
from gis_data.clock import real_now
from gis_data.cluster import Cluster
from gis_data.demo.xh_mini import NODES
from gis_data.world import World, get_world
from tests.command.gauges import add_gauges, parameters
from tests.command.slopes import TOWNS, add_slopes, warning
from tests.conftest import Person, _copy, _template, app_on

LIVE = "/api/worlds/live"
LON, LAT = NODES["N3"]
VIEW = {"scene": "flood", "lon": LON, "lat": LAT, "zoom": 14}


def test_a_screen_is_directed_and_handed_back(people: Callable[[str], Person]) -> None:
    operator, chief, viewer = people("operator"), people("commander"), people("viewer")
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="下穿积水", lon=LON, lat=LAT)
    at = {"kind": "incident", "id": incident["id"]}
    shown = operator.post(f"{LIVE}/screens/大屏/show", 200, **VIEW, pitch=45, bearing=30, highlight=at)
    assert shown["shown_by"] == "operator岗"
    assert shown["shown"] == VIEW | {
        "zoom": 14.0, "pitch": 45.0, "bearing": 30.0, "highlight": at | {"lon": LON, "lat": LAT},
    }  # fmt: skip
    board = viewer.get(f"{LIVE}/board")
    assert board["screens"]["大屏"] == shown
    chief.post(f"{LIVE}/screens/大屏/show", 200, **VIEW | {"scene": "daily"})  # who shows last directs
    assert viewer.get(f"{LIVE}/screens")[0]["shown_by"] == "commander岗"
    released = operator.post(f"{LIVE}/screens/大屏/release", 200)
    assert (released["shown"], released["shown_by"], released["home"]) == (None, None, "daily")
    operator.post(f"{LIVE}/screens/大屏/release", 409)
    operator.post(f"{LIVE}/screens/无此屏/release", 404)
    viewer.post(f"{LIVE}/screens/大屏/show", 403, **VIEW)
    said = [line["kind"] for line in viewer.get(f"{LIVE}/journal", limit=100)]
    assert said[-3:] == ["ScreenShown", "ScreenShown", "ScreenReleased"]


def test_nothing_wrong_is_shown(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    operator.post(f"{LIVE}/screens/大屏/show", 422, **VIEW | {"lon": 10.0})
    operator.post(f"{LIVE}/screens/大屏/show", 422, **VIEW | {"scene": "football"})
    nobody = {"kind": "team", "id": "00000000-0000-0000-0000-000000000000"}
    operator.post(f"{LIVE}/screens/大屏/show", 404, **VIEW, highlight=nobody)
    operator.post(f"{LIVE}/screens/大屏/show", 422, **VIEW, highlight={"kind": "place"})
    assert operator.get(f"{LIVE}/screens") == []


def test_a_sensitive_incident_keeps_off_the_screen(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = operator.post(f"{LIVE}/incidents", kind="other", title="涉密事项", lon=LON, lat=LAT)
    address = f"{LIVE}/incidents/{incident['id']}/sensitive"
    assert incident["sensitive"] is False
    people("viewer").post(address, 403, sensitive=True, reason="涉未成年人")
    assert operator.post(address, 200, sensitive=True, reason="涉未成年人")["sensitive"] is True
    operator.post(address, 409, sensitive=True, reason="再标")
    line = operator.get(f"{LIVE}/journal", limit=100)[-1]
    assert (line["kind"], incident["no"] in line["zh"], "涉密" in line["zh"]) == ("IncidentMadeSensitive", True, False)
    at = {"kind": "incident", "id": incident["id"]}
    operator.post(f"{LIVE}/screens/大屏/show", 409, **VIEW, highlight=at)  # hidden unless a screen says otherwise
    put = operator.client.put(f"{LIVE}/screens/大屏", json={"home": "flood", "sensitive": "dim"})
    assert put.status_code == 200
    operator.post(f"{LIVE}/screens/大屏/show", 200, **VIEW, highlight=at)
    line = operator.get(f"{LIVE}/journal", limit=100)[-1]
    assert "涉密" not in line["zh"] + line["en"]


@pytest.fixture
def slopes(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        add_slopes(engine)
        yield engine


def push(world: World, station: str, mm: float) -> None:
    at = real_now() - timedelta(seconds=1)
    observations.take(world, [{"station": station, "at": at.isoformat(), "value": mm, "span_s": 3600}], Source("test"))
    watching.tick(world)


def test_towns_have_five_colours_and_say_why(slopes: Engine, data_dir: Path) -> None:
    world = get_world(slopes, "live")
    with app_on(slopes, data_dir) as client:
        now = (real_now() - timedelta(minutes=1)).isoformat()
        operator = Person(client).beside().log_in("operator")

        def colours() -> dict[str, Any]:
            return {town["code"]: town for town in operator.get(f"{LIVE}/glance")["towns"]}

        first = colours()
        assert {code: town["colour"] for code, town in first.items()} == dict.fromkeys(TOWNS, "unknown")
        assert set(operator.get(f"{LIVE}/town-shapes")) == set(TOWNS)
        push(world, "R-07", 0.2)
        dry = colours()[TOWNS[0]]
        assert (dry["known"], dry["colour"]) == (True, "blue" if dry["reasons"] else "green")
        operator.post(f"{LIVE}/warnings", **warning("rainstorm", "blue", starts_at=now, issued_at=now))
        assert colours()[TOWNS[0]]["colour"] == "blue"
        one = operator.post(f"{LIVE}/incidents", kind="flood", title="积水", lon=120.1, lat=30.2)
        found = colours()[TOWNS[0]]
        assert (found["colour"], found["reasons"][0]["zh"]) == ("yellow", "未定级事件 1 起")
        with parameters(slopes, {"town_colour.incident.ungraded": "2"}):
            assert colours()[TOWNS[0]]["colour"] == "orange"
        long_ago = real_now() - timedelta(minutes=20)
        with slopes.begin() as connection:
            connection.execute(text("update live.incident set reported_at = :at"), {"at": long_ago})
        late = colours()[TOWNS[0]]
        assert (late["colour"], "未派" in late["reasons"][0]["zh"]) == ("orange", True)
        operator.post(f"{LIVE}/hazards/key_village/V-07/patrol", finding="屋后开裂", colour="red")
        worst = colours()[TOWNS[0]]
        assert (worst["colour"], worst["reasons"][0]["zh"]) == ("red", "防范区、村落红色 1 处")
        assert one["title"] not in str(colours())


def test_the_colours_that_stood_then_are_replayed(slopes: Engine, data_dir: Path) -> None:
    world = get_world(slopes, "live")
    with app_on(slopes, data_dir) as client:
        operator = Person(client).beside().log_in("operator")
        watching.tick(world)
        before = operator.get(f"{LIVE}/board")
        assert {code: town["colour"] for code, town in before["towns"].items()} == dict.fromkeys(TOWNS, "unknown")
        watching.tick(world)
        assert operator.get(f"{LIVE}/board")["seq"] == before["seq"]  # nothing has changed, nothing is written
        operator.post(f"{LIVE}/hazards/key_village/V-07/patrol", finding="屋后开裂", colour="red")
        watching.tick(world)
        now = operator.get(f"{LIVE}/board")
        red = now["towns"][TOWNS[0]]
        assert (red["colour"], red["reasons"][0]["zh"]) == ("red", "防范区、村落红色 1 处")
        assert now["towns"][TOWNS[1]] == before["towns"][TOWNS[1]]
        said = next(e["zh"] for e in operator.get(f"{LIVE}/journal", limit=100) if "未知→红" in e["zh"])
        assert said.startswith("镇街五色：")
        assert said.endswith("未知→红（防范区、村落红色 1 处）")
        then = operator.get(f"{LIVE}/replay", seq=before["seq"])["collections"]["towns"]
        assert {code: town["colour"] for code, town in then.items()} == dict.fromkeys(TOWNS, "unknown")
        with slopes.begin() as connection:
            connection.execute(text("update gis.admin_unit set in_scope = false where code = :c"), {"c": TOWNS[1]})
        watching.tick(world)
        assert TOWNS[1] not in operator.get(f"{LIVE}/board")["towns"]
