"""Alarms: taken note of once for all screens, silenced by somebody until a time; all of it on the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def test_an_alarm_is_acknowledged_once_for_all_screens(people: Callable[[str], Person]) -> None:
    operator, commander, viewer = people("operator"), people("commander"), people("viewer")
    lon, lat = middle("N2–N3")
    said = {"kind": "geohazard", "title": "山体滑坡", "lon": lon, "lat": lat, "grade": "major"}
    incident = operator.post(f"{LIVE}/incidents", 201, **said)
    alarm = {"kind": "incident", "id": incident["id"], "episode": "major"}
    assert viewer.get(f"{LIVE}/board")["alarms"] == {}

    (word,) = operator.post(f"{LIVE}/alarms/acknowledge", 200, alarms=[alarm])
    key = f"incident:{incident['id']}"
    assert (word["id"], word["by"], word["episode"]) == (key, "operator岗", "major")
    assert viewer.get(f"{LIVE}/board")["alarms"] == {key: word}
    commander.post(f"{LIVE}/alarms/acknowledge", 409, alarms=[alarm])  # somebody has: nothing is asked twice
    worse = alarm | {"episode": "extraordinary"}
    assert commander.post(f"{LIVE}/alarms/acknowledge", 200, alarms=[alarm, worse])[0]["by"] == "commander岗"
    operator.post(f"{LIVE}/alarms/acknowledge", 404, alarms=[alarm | {"kind": "gauge"}])

    entry = commander.get(f"{LIVE}/journal", limit=100)[-1]
    assert (entry["kind"], entry["zh"]) == ("AlarmsAcknowledged", f"知悉：重大事件 {incident['no']}")


def test_screens_are_silenced_by_somebody_until_a_time(people: Callable[[str], Person]) -> None:
    operator, commander = people("operator"), people("commander")
    commander.post(f"{LIVE}/alarms/mute", 409, minutes=0)
    muted = operator.post(f"{LIVE}/alarms/mute", 200, minutes=10)
    lasts = datetime.fromisoformat(muted["until"]) - datetime.fromisoformat(muted["at"])
    assert (muted["by"], lasts) == ("operator岗", timedelta(minutes=10))
    operator.post(f"{LIVE}/alarms/mute", 422, minutes=61)
    assert commander.get(f"{LIVE}/board")["alarms"] == {"mute": muted}
    commander.post(f"{LIVE}/alarms/mute", 200, minutes=0)
    assert commander.get(f"{LIVE}/board")["alarms"] == {}
    kinds = [entry["kind"] for entry in commander.get(f"{LIVE}/journal", limit=100)]
    assert kinds[-2:] == ["AlarmsMuted", "AlarmsUnmuted"]
