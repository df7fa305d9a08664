"""States of zones and villages in a world: the handbook's rolling rain, silence, patrols, and what the board shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from command import board, hazards, journal, observations, warnings, watching, worlds
from command.hazard_watch import _kept
from command.station_memory import forget
from command.stations import Source
from gis_data.cluster import Cluster
from gis_data.db import reading, writing
from gis_data.errors import Denied, Invalid, NotFound
from gis_data.world import SYSTEM, Actor, World
from tests.command.gauges import add_gauges, parameters
from tests.command.slopes import TOWNS, add_slopes, limit, warning
from tests.conftest import _copy, _template

SOURCE = Source("test")
OPERATOR = Actor("operator", "值班员", "operator")
NOON = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
HOURLY = [12, 18, 28, 31, 22, 30, 35]
V07, V12, V13 = (f"key_village:V-{n}" for n in ("07", "12", "13"))
Z1, Z2 = (f"geohazard_zone:330106FF000{n}" for n in (1, 2))
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """One district with gauges, villages and zones for all tests of this module."""
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        add_slopes(engine)
        yield engine


@pytest.fixture
def world(engine: Engine) -> World:
    """A fresh drill whose clock stands at noon."""
    made = worlds.create_drill(engine, SYSTEM, f"drill-slope{next(_numbers)}", "雨量")
    set_clock(made, NOON)
    return made


def set_clock(world: World, at: datetime) -> None:
    with world.engine.begin() as connection:
        connection.execute(text(f'update "{world.schema}".clock set sim0 = :at, speed = 0'), {"at": at})


def rain(world: World, station: str, at: datetime, mm: float, span_s: int = 3600) -> None:
    row = {"station": station, "at": at.isoformat(), "value": mm, "span_s": span_s}
    taken = observations.take(world, [row], SOURCE)
    assert taken.stored == 1, taken.problems
    watching.watch(world, taken.stations)


def shown(world: World) -> dict[str, Any]:
    with reading(world) as tx:
        return board.items(tx.session, "hazards")


def now(world: World) -> dict[str, dict[str, Any]]:
    with reading(world) as tx:
        found = hazards.look(tx)
        return {one.id: found.shown(n) for n, one in enumerate(found.watch.objects)}


def said(world: World, kind: str = "HazardStatesChanged") -> list[journal.Entry]:
    with reading(world) as tx:
        return [entry for entry in journal.read(tx.session) if entry.kind == kind]


def hourly(world: World, station: str, mm: list[float], start: datetime = NOON) -> list[tuple[str, bool]]:
    """Send an hour's rain at each hour; what V-07 is after each."""
    found = []
    for hour, amount in enumerate(mm, 1):
        at = start + timedelta(hours=hour)
        set_clock(world, at)
        if amount is not None:
            rain(world, station, at, amount)
        else:
            watching.tick(world)
        one = now(world)[V07]
        found.append((one["state"], one["unknown"]))
    return found


def dry(world: World, station: str) -> None:
    for hour in (-2, -1, 0):
        rain(world, station, NOON + timedelta(hours=hour), 0)


def test_the_handbooks_rolling_rain(world: World) -> None:
    dry(world, "R-07")
    assert now(world)[V07]["state"] == "safe"
    assert V07 not in shown(world)
    found = hourly(world, "R-07", HOURLY)
    assert found == [("safe", False)] * 3 + [("prepare", False)] * 3 + [("immediate", False)]
    one = shown(world)[V07]
    assert (one["name"], one["households"], one["persons"], one["town"]) == ("演示村", 23, 61, TOWNS[0])
    assert (one["state"], one["colour"], one["decided"], one["internal"]) == ("immediate", "red", ["threshold"], True)
    evidence = one["evidence"]
    assert (evidence["window_h"], evidence["sum_mm"], evidence["threshold_mm"]) == (3, 87, 85)
    assert (evidence["at"], evidence["gauges"]) == ((NOON + timedelta(hours=7)).isoformat(), ["R-07"])
    words = [entry.body["zh"] for entry in said(world)]
    assert any("V-07 演示村：准备转移（3 小时 77 毫米，阈值 60）；内部提示，非对外预警" in zh for zh in words)
    assert any("V-07 演示村：立即转移（3 小时 87 毫米，阈值 85）" in zh for zh in words)
    turned = [entry.body["facts"]["immediate"] for entry in said(world)]
    assert [V07] in turned


def test_the_handbooks_missing_hour(world: World) -> None:
    dry(world, "R-07")
    found = hourly(world, "R-07", [*HOURLY[:4], None, *HOURLY[5:]])  # type: ignore[list-item]
    assert found[3:] == [("prepare", False)] + [("prepare", True)] * 3
    one = shown(world)[V07]
    assert (one["state"], one["evidence"]["unknown"]) == ("prepare", [3])
    assert any("数据告警：V-07 演示村：R-07 失联，保留准备转移" in entry.body["zh"] for entry in said(world))


def test_a_silent_gauge_makes_its_village_unknown_and_not_safe(world: World) -> None:
    dry(world, "R-09")
    assert now(world)[V12]["state"] == "safe"
    set_clock(world, NOON + timedelta(minutes=29))
    watching.tick(world)
    assert (now(world)[V12]["state"], V12 in shown(world)) == ("safe", False), "late, and not silent yet"
    set_clock(world, NOON + timedelta(minutes=35))
    watching.tick(world)
    one = shown(world)[V12]
    assert (one["state"], one["alarm"], one["colour"]) == ("unknown", "safe", "unknown")
    assert one["evidence"]["silent"] == ["R-09"]
    rain(world, "R-09", NOON + timedelta(minutes=35), 0, 2100)
    assert now(world)[V12]["state"] == "safe"
    assert V12 not in shown(world)


def test_what_was_measured_reaches_a_threshold_whatever_is_missing(world: World) -> None:
    dry(world, "R-07")
    set_clock(world, NOON + timedelta(minutes=60))
    rain(world, "R-07", NOON + timedelta(minutes=10), 20, 600)
    rain(world, "R-07", NOON + timedelta(minutes=60), 31, 1500)  # 25 minutes between are lost
    one = now(world)[V07]
    assert (one["state"], one["unknown"], one["evidence"]["sum_mm"]) == ("immediate", True, 51)
    assert one["evidence"]["unknown"] == [1, 3]


def test_before_any_gauge_is_heard_all_is_unknown_and_the_board_is_quiet(world: World) -> None:
    watching.tick(world)
    assert shown(world) == {}
    assert said(world) == []
    assert {one["state"] for one in now(world).values()} == {"unknown"}


def test_an_alarm_falls_after_its_hold_and_below_the_release_value(world: World) -> None:
    dry(world, "R-07")
    assert hourly(world, "R-07", [40])[-1] == ("prepare", False)
    found = hourly(world, "R-07", [0, 0, 0], NOON + timedelta(hours=1))
    assert found == [("safe", False)] * 3
    assert any("V-07 演示村：内部提示解除" in entry.body["zh"] for entry in said(world))
    assert V07 not in shown(world)


def test_states_outlive_the_process(world: World) -> None:
    dry(world, "R-07")
    hourly(world, "R-07", HOURLY[:4])
    before = shown(world)[V07]
    forget(world)
    _kept.clear()
    assert hazards.evaluate(world) == []
    assert shown(world)[V07] == before
    assert hourly(world, "R-07", [0], NOON + timedelta(hours=4)) == [("prepare", False)]  # 59 mm is not below 0.8 × 60
    assert now(world)[V07]["reason"] == "release"
    assert shown(world)[V07]["since"] == before["since"]


def test_two_gauges_speak_together_and_one_that_is_silent_is_not_replaced(world: World) -> None:
    rain(world, "R-01", NOON, 70)
    one = shown(world)[V13]
    assert (one["state"], one["unknown"]) == ("prepare", True)  # half of 70 mm at least, whatever R-02 has
    assert one["evidence"]["sum_mm"] == 35
    assert one["evidence"]["silent"] == ["R-02"]
    rain(world, "R-02", NOON, 20)
    one = shown(world)[V13]
    assert (one["state"], one["unknown"], one["evidence"]["sum_mm"]) == ("immediate", False, 45)


def test_a_zone_takes_the_nearest_gauge_or_as_many_as_the_parameter_says(world: World, engine: Engine) -> None:
    rain(world, "R-01", NOON, 40)
    found = now(world)
    assert (found[Z1]["evidence"]["gauges"], found[Z1]["alarm"]) == (["R-01"], "prepare")
    assert (found[Z2]["evidence"]["gauges"], found[Z2]["state"]) == (["R-02"], "unknown")
    with parameters(engine, {"hazard.gauges": "2", "hazard.power": "0"}):
        forget(world)
        found = now(world)
        assert found[Z1]["evidence"]["gauges"] == ["R-01", "R-02"]
    forget(world)


def test_a_patrol_report_colours_at_once_and_the_worst_decides(world: World) -> None:
    rain(world, "R-01", NOON, 40)
    with writing(world, OPERATOR) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "坡脚渗水，裂缝增宽", "red")
    one = shown(world)[Z1]
    assert (one["colour"], one["decided"], one["internal"]) == ("red", ["patrol"], False)
    assert (one["patrol"], one["patrol_finding"]) == ("red", "坡脚渗水，裂缝增宽")
    assert said(world, "PatrolReported")[0].body["patch"]["put"] == {}  # one commit: the last event shows it
    with writing(world, OPERATOR) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "复查无异常", "none")
    one = shown(world)[Z1]
    assert (one["colour"], one["decided"], one["internal"], one["patrol"]) == ("orange", ["threshold"], True, "none")


def test_who_may_report_a_patrol_and_where(world: World) -> None:
    cadre = Actor("field", "村社干部", "field", (TOWNS[1],))
    with pytest.raises(Denied), writing(world, Actor("viewer", "联络员", "viewer")) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "x", "red")
    with pytest.raises(Denied), writing(world, cadre) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "x", "red")
    with writing(world, cadre) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0002", "无异常", "yellow")
    with pytest.raises(NotFound), writing(world, OPERATOR) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "none", "x", "red")
    for finding, colour, field in ((" ", "red", "finding"), ("x", "blue", "colour")):
        with pytest.raises(Invalid) as wrong, writing(world, OPERATOR) as tx:
            hazards.report_patrol(tx, "key_village", "V-07", finding, colour)
        assert wrong.value.field == field


def test_an_official_warning_colours_its_towns_zones_solid(world: World) -> None:
    rain(world, "R-01", NOON, 0)
    with writing(world, OPERATOR) as tx:
        typed = warnings.Typed(**warning() | {"units": (TOWNS[0],), "starts_at": NOON, "issued_at": NOON})
        row = warnings.enter(tx, typed)
        own = {"official": False, "colour": "red", "units": TOWNS, "starts_at": NOON, "issued_at": NOON}
        warnings.enter(tx, warnings.Typed(**warning() | own))
    watching.watch(world)
    found = shown(world)
    assert (found[Z1]["colour"], found[Z1]["decided"], found[Z1]["internal"]) == ("orange", ["official"], False)
    assert Z2 not in found  # our own prompt colours nothing, and nothing was heard of R-02
    assert V07 not in found
    with writing(world, OPERATOR) as tx:
        warnings.lift(tx, row.id, "气象台电话解除")
    watching.watch(world)
    assert now(world)[Z1]["colour"] == "unknown"


@pytest.mark.parametrize("windows", [((2, 30, 20),), ((2, 30, 40), (2, 31, 41)), ((400, 30, 40),)])
def test_a_threshold_that_makes_no_sense_leaves_its_window_unknown(
    world: World, engine: Engine, windows: tuple[tuple[int, float, float], ...]
) -> None:
    for station in ("R-01", "R-02"):
        rain(world, station, NOON - timedelta(hours=1), 0)
    rain(world, "R-01", NOON, 0)
    for n, window in enumerate(windows):
        limit(engine, V13, *window, code=f"TH-wrong-{n}")
    forget(world)
    try:
        rain(world, "R-02", NOON, 100)
        one = now(world)[V13]
        assert (one["alarm"], one["unknown"], one["evidence"]["unknown"]) == ("immediate", True, [windows[0][0]])
    finally:
        with engine.begin() as connection:
            connection.execute(text("delete from gis.rain_threshold where code like 'TH-wrong%'"))
        forget(world)


def test_a_village_that_leaves_the_register_leaves_the_board(world: World, engine: Engine) -> None:
    rain(world, "R-09", NOON, 100)
    assert V12 in shown(world)
    change = "update gis.key_village set valid_to = {} where code = 'V-12'"
    with engine.begin() as connection:
        connection.execute(text(change.format("now()")))
    forget(world)
    hazards.evaluate(world)
    assert V12 not in shown(world)
    with engine.begin() as connection:
        connection.execute(text(change.format("null")))
    forget(world)
    hazards.evaluate(world)
    assert shown(world)[V12]["state"] == "immediate"


def test_what_is_rolled_back_was_never_said(world: World) -> None:
    rain(world, "R-01", NOON, 0)
    with pytest.raises(NotFound), writing(world, OPERATOR) as tx:  # noqa: PT012 (the second fails)
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "滑动", "red")
        hazards.report_patrol(tx, "geohazard_zone", "none", "滑动", "red")
    assert now(world)[Z1]["patrol"] is None
    assert hazards.evaluate(world) == []
    with writing(world, OPERATOR) as tx:
        hazards.report_patrol(tx, "geohazard_zone", "330106FF0001", "滑动", "red")
    assert shown(world)[Z1]["colour"] == "red"


def test_a_failure_loses_no_readings(world: World, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f'alter table "{world.schema}".hazard_state rename to away'))
    rain(world, "R-01", NOON, 40)
    with engine.begin() as connection:
        connection.execute(text(f'alter table "{world.schema}".away rename to hazard_state'))
    watching.tick(world)
    assert shown(world)[Z1]["state"] == "prepare"
