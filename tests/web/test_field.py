"""Phones in the field: what they keep is done once, refused with the reason, and late acts say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from command.accounts import Profile, put_account
from gis_data.demo.xh_mini import NODES
from gis_data.world import SYSTEM
from tests.conftest import PASSWORD, Person, app_on

LIVE = "/api/worlds/live"
C3 = dict(zip(("lon", "lat"), NODES["C3"], strict=True))


@pytest.fixture
def people(mini_db: Engine, data_dir: Any) -> Iterator[Callable[[str], Person]]:
    with app_on(mini_db, data_dir) as client:

        def person(name: str) -> Person:
            return Person(client).beside().log_in(name)

        yield person


@pytest.fixture
def leader(people: Callable[[str], Person], mini_db: Engine) -> Person:
    """Who speaks for team T1."""
    with mini_db.connect() as connection:
        name = connection.scalar(text("select name from gis.team where code = 'T1'"))
    put_account(mini_db, SYSTEM, "leader", Profile("队长", name, "viewer"), PASSWORD)
    return people("leader")


def act(person: Person, what: str, *, ago: timedelta = timedelta(0), **body: Any) -> dict[str, Any]:
    at = datetime.fromisoformat(person.get(f"{LIVE}/board")["at"]) - ago
    return {"id": str(uuid4()), "kind": what, "happened_at": at.isoformat(), "body": body}


def send(person: Person, *acts: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return list(person.post(f"{LIVE}/field/acts", 200, acts=list(acts), **more)["acts"])


def kinds(person: Person) -> list[str]:
    return [entry["kind"] for entry in person.get(f"{LIVE}/journal", limit=1000)]


def _order(operator: Person) -> dict[str, Any]:
    incident = operator.post(f"{LIVE}/incidents", 201, kind="flood", title="积水", **C3)
    team = next(one for one in operator.get(f"{LIVE}/board")["teams"].values() if one["code"] == "T1")
    return dict(operator.post(f"{LIVE}/incidents/{incident['id']}/dispatches", 201, team_id=team["id"], reason="就近"))


def test_a_leader_receives_the_order_and_reports_once(people: Callable[[str], Person], leader: Person) -> None:
    operator = people("operator")
    order = _order(operator)
    mine = leader.get(f"{LIVE}/field/mine")
    assert [one["id"] for one in mine["dispatches"]] == [order["id"]]
    assert [one["title"] for one in mine["incidents"]] == ["积水"]
    first = act(leader, "dispatch", dispatch_id=order["id"], to="acknowledged")
    then = act(leader, "dispatch", dispatch_id=order["id"], to="departed")
    answers = send(leader, first, then)
    assert [one["state"] for one in answers] == ["done", "done"]
    assert send(leader, first, then) == answers  # the answer was lost on the way, so it is sent again
    assert kinds(operator).count("DispatchAdvanced") == 2
    assert operator.get(f"{LIVE}/board")["dispatches"][order["id"]]["state"] == "departed"
    again = leader.post(
        f"{LIVE}/field/acts", 409, acts=[first | {"body": {"dispatch_id": order["id"], "to": "arrived"}}]
    )
    assert again["field"] == "id"


def test_nobody_speaks_for_another_team(people: Callable[[str], Person]) -> None:
    order, other = _order(people("operator")), people("field")
    assert other.get(f"{LIVE}/field/mine")["dispatches"] == []
    (answer,) = send(other, act(other, "dispatch", dispatch_id=order["id"], to="acknowledged"))
    assert answer["state"] == "refused"


def test_what_is_refused_is_kept_and_said_and_stops_nothing(people: Callable[[str], Person], leader: Person) -> None:
    operator = people("operator")
    order = _order(operator)
    early = act(leader, "dispatch", dispatch_id=order["id"], to="arrived")
    odd = act(leader, "dance")
    future = act(leader, "dispatch", ago=timedelta(minutes=-10), dispatch_id=order["id"], to="acknowledged")
    good = act(leader, "dispatch", dispatch_id=order["id"], to="acknowledged")
    answers = send(leader, early, odd, future, good)
    assert [one["state"] for one in answers] == ["refused", "refused", "refused", "done"]
    assert [one["field"] for one in answers] == ["to", "kind", "happened_at", None]
    assert "不能变为" in answers[0]["problem_zh"]
    assert kinds(operator).count("FieldActRefused") == 3
    assert len(leader.get(f"{LIVE}/field/mine")["refused"]) == 3
    assert [one["state"] for one in send(leader, early)] == ["refused"]
    assert kinds(operator).count("FieldActRefused") == 3


def test_a_phone_beyond_the_district_or_a_little_ahead_loses_nothing(
    people: Callable[[str], Person], leader: Person
) -> None:
    order = _order(people("operator"))
    ahead = act(leader, "dispatch", ago=timedelta(seconds=-30), dispatch_id=order["id"], to="acknowledged")
    away = {"lon": 121.5, "lat": 31.2, "at": ahead["happened_at"]}
    (answer,) = send(leader, ahead, position=away)
    assert answer["state"] == "done"
    assert people("operator").get(f"{LIVE}/field/devices")[0]["lon"] is None
    cadre = people("field")
    seen = act(cadre, "incident", ago=timedelta(seconds=-30), kind="flood", title="漫水", **C3)
    odd = act(cadre, "incident", kind="dance", title="漫水", **C3)
    assert [(one["state"], one["field"]) for one in send(cadre, seen, odd)] == [("done", None), ("refused", "kind")]


def test_a_cadre_reports_a_danger_once(people: Callable[[str], Person]) -> None:
    cadre, operator = people("field"), people("operator")
    seen = act(cadre, "incident", kind="geohazard", title="坡面裂缝", place="村口", **C3)
    first = send(cadre, seen)
    assert first[0]["state"] == "done"
    assert send(cadre, seen) == first
    (incident,) = operator.get(f"{LIVE}/board")["incidents"].values()
    assert (incident["title"], incident["source"]) == ("坡面裂缝", "field")
    (answer,) = send(cadre, act(cadre, "incident", kind="geohazard", title="没有位置"))
    assert (answer["state"], answer["field"]) == ("refused", "lon")


def test_twenty_minutes_without_a_network_are_on_the_record(people: Callable[[str], Person], leader: Person) -> None:
    operator = people("operator")
    order = _order(operator)
    kept = act(leader, "dispatch", ago=timedelta(minutes=20), dispatch_id=order["id"], to="acknowledged")
    at = {"lon": C3["lon"], "lat": C3["lat"], "accuracy_m": 12.0, "at": kept["happened_at"]}
    send(leader, kept, position=at)
    assert "FieldActLate" in kinds(operator)
    (device,) = operator.get(f"{LIVE}/field/devices")
    assert 1190 < device["latency_s"] < 1260
    assert (round(device["lon"], 6), device["accuracy_m"]) == (round(C3["lon"], 6), 12.0)
    assert device["age_s"] < 60
    assert leader.get(f"{LIVE}/field/devices", 403)
    send(leader)  # a sign of life, which says nothing of the place
    (device,) = operator.get(f"{LIVE}/field/devices")
    assert round(device["lat"], 6) == round(C3["lat"], 6)
