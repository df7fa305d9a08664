"""The wind's direction: judged, meant by vectors, shown, and what fire and gas go by where nobody says another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from command.observations import take
from command.stations import Source
from gis_data.db import reading
from gis_data.demo.xh_mini import NODES
from gis_data.world import get_world
from tests.conftest import Person, app_on

LIVE = "/api/worlds/live"
N2 = dict(zip(("lon", "lat"), NODES["N2"], strict=True))
_GAUGE = text(
    "insert into gis.gauge (code, name, element, unit, interval_s, valid_from, geom)"
    " values (:code, :code, :element, :unit, 60, now(), st_setsrid(st_point(:lon, :lat), 4490))"
)


@pytest.fixture
def people(mini_db: Engine, data_dir: Any) -> Iterator[Callable[[str], Person]]:
    with mini_db.begin() as connection:
        for code, element, unit in (("A-1", "wind", "m/s"), ("V-1", "wind_direction", "°")):
            connection.execute(_GAUGE, {"code": code, "element": element, "unit": unit, **N2})
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def send(engine: Engine, station: str, values: list[float], *, ago_min: int = 0) -> Any:
    """One reading a minute, the last so many minutes ago."""
    world = get_world(engine, "live")
    with reading(world) as tx:
        now = tx.at.replace(microsecond=0) - timedelta(minutes=ago_min)
    last = len(values) - 1
    rows = [
        {"station": station, "at": (now - timedelta(minutes=last - k)).isoformat(), "value": value}
        for k, value in enumerate(values)
    ]
    return take(world, rows, Source("test"))


def test_directions_are_judged_and_meant_over_north(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    assert viewer.get(f"{LIVE}/wind", **N2) == {"speed": None, "direction": None}
    told = send(mini_db, "V-1", [361, -1, 350, 10, 355, 5])
    assert (told.stored, told.rejected, {one.rule for one in told.problems}) == (4, 2, {"range"})
    send(mini_db, "A-1", [4.0])
    near = viewer.get(f"{LIVE}/wind", **N2)
    assert near["direction"]["value"] == pytest.approx(0, abs=0.1)  # and not 180, which the plain mean would say
    assert (near["direction"]["code"], near["speed"]["value"]) == ("V-1", 4.0)
    assert 0 <= near["speed"]["age_s"] < 60
    shown = viewer.get(f"{LIVE}/gauges/V-1/series", hours=1, step=3600)
    known = [one for one in shown["steps"] if one["value"] is not None]
    assert {one["least"] for one in known} == {None}
    assert all(min(one["value"], 360 - one["value"]) <= 10 for one in known)


def test_a_vane_may_stand_still_in_calm_air(mini_db: Engine, people: Callable[[str], Person]) -> None:
    people("viewer")
    told = send(mini_db, "V-1", [213.0] * 200)
    assert (told.stored, told.suspect) == (200, 0)
    assert send(mini_db, "A-1", [3.1] * 90).suspect > 0  # a speed that does so is stuck


def test_zones_go_by_the_gauge_unless_somebody_says_another(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer, leak = people("viewer"), {**N2, "un_number": "1005", "spill": "small", "night": False}
    assert viewer.post(f"{LIVE}/chemical-zones", 422, **leak)["field"] == "wind_from_deg"
    send(mini_db, "V-1", [90, 90])
    found = viewer.post(f"{LIVE}/chemical-zones", 200, **leak)
    assert (found["wind_from_deg"], found["wind_vane"]["code"], found["wind_given"]) == (90, "V-1", False)
    said = viewer.post(f"{LIVE}/chemical-zones", 200, **leak, wind_from_deg=10)
    assert (said["wind_from_deg"], said["wind_given"]) == (10, True)


def test_a_gauge_that_is_silent_says_nothing_of_the_wind(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    send(mini_db, "V-1", [90], ago_min=45)
    assert viewer.get(f"{LIVE}/wind", **N2)["direction"] is None
