"""Readings in a world: taken once, judged, kept in windows that survive a restart; silence is noticed on its clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from command import board, journal, observations, purge, sources, worlds
from command.observations import Taken, settle, take
from command.station_memory import forget, memory
from command.stations import Source
from gis_data.cluster import Cluster
from gis_data.db import reading
from gis_data.errors import Conflict, Denied, Invalid, LoggedOut
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.command.gauges import add_gauges, parameters
from tests.conftest import _copy, _template

SOURCE = Source("test")


_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """One district with gauges for all tests of this module."""
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_gauges(engine)
        yield engine


@pytest.fixture
def world(engine: Engine) -> World:
    """A fresh drill."""
    return worlds.create_drill(engine, SYSTEM, f"drill-take{next(_numbers)}", "读数")


def now(world: World) -> datetime:
    """The last full five minutes."""
    with reading(world) as tx:
        return tx.at.replace(minute=tx.at.minute // 5 * 5, second=0, microsecond=0)


def row(station: str, at: datetime, value: object, **more: object) -> dict[str, Any]:
    return {"station": station, "at": at.isoformat(), "value": value, **more}


def send(world: World, *rows: dict[str, Any]) -> Taken:
    return take(world, rows, SOURCE)


def stored(world: World, station: str) -> Sequence[Any]:
    with reading(world) as tx:
        query = f'select at, value, quality, rule from "{world.schema}".reading where station = :s order by at'
        return tx.session.execute(text(query), {"s": station}).all()


def refused(world: World) -> list[tuple[str, str]]:
    with reading(world) as tx:
        query = f'select rule, field from "{world.schema}".reading_rejected order by id'
        return [tuple(found) for found in tx.session.execute(text(query))]


def rolling(world: World, station: str, hours: int) -> tuple[float, bool]:
    with reading(world) as tx:
        kept = memory(tx)
        totals, n = kept.windows.totals(tx.at.timestamp(), (hours,)), kept.rain[station]
        return float(totals.mm[n, 0]), bool(totals.known[n, 0])


def kinds(world: World) -> list[tuple[str, list[str]]]:
    with reading(world) as tx:
        entries = journal.read(tx.session)
    return [(e.kind, e.body["facts"]["stations"]) for e in entries if "stations" in e.body["facts"]]


def test_a_batch_is_counted_and_good_rows_are_stored_beside_bad_ones(world: World) -> None:
    at = now(world)
    taken = send(
        world,
        row("R-01", at, 1.2),
        row("R-01", at, 1.2),
        row("R-01", at, 9),
        row("R-99", at, 1),
        row("R-02", at, "many"),
        row("R-02", at, 40),
        row("W-01", at, 305, unit="cm"),
    )
    assert (taken.stored, taken.duplicate, taken.suspect, taken.rejected) == (3, 1, 1, 3)
    assert [(p.row, p.field, p.rule) for p in taken.problems] == [
        (3, "value", "duplicate"),
        (4, "station", "station"),
        (5, "value", "format"),
        (6, "value", "jump"),
    ]
    assert stored(world, "W-01")[0].value == 3.05
    assert [tuple(r)[1:] for r in stored(world, "R-02")] == [(40, "suspect", "jump")]
    assert sorted(refused(world)) == [("duplicate", "value"), ("format", "value"), ("station", "station")]
    again = send(world, row("R-01", at, 1.2), row("R-01", at, 1.3))
    assert (again.stored, again.duplicate, again.rejected) == (0, 1, 1)
    again = send(world, row("R-01", at, 1.2))
    assert (again.stored, again.duplicate, again.rejected) == (0, 1, 0)


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"at": "2026-06-21T12:00:00"}, "format", "at"),
        ({"at": "noon"}, "format", "at"),
        ({"at": 5}, "format", "at"),
        ({"at": "0001-01-01T00:00:00+08:00"}, "old", "at"),
        ({"at": "9999-12-31T23:59:59-08:00"}, "future", "at"),
        ({"value": None}, "format", "value"),
        ({"value": True}, "format", "value"),
        ({"value": "NaN"}, "format", "value"),
        ({"value": 10**400}, "format", "value"),
        ({"value": -1}, "range", "value"),
        ({"unit": "inch"}, "unit", "unit"),
        ({"unit": ["mm"]}, "unit", "unit"),
        ({"element": "depth"}, "element", "element"),
        ({"station": "R-\0\ud800"}, "station", "station"),
        ({"station": ["R-01"]}, "station", "station"),
        ({"span_s": 0}, "range", "span_s"),
        ({"units": "mm"}, "format", "units"),
    ],
)
def test_what_cannot_be_read_or_be_true_is_kept_with_its_reason(
    world: World, changed: dict[str, Any], rule: str, field: str
) -> None:
    taken = send(world, row("R-01", now(world), 1) | changed)
    assert [(p.rule, p.field) for p in taken.problems] == [(rule, field)]
    assert (taken.stored, taken.rejected, refused(world)) == (0, 1, [(rule, field)])
    assert taken.problems[0].zh
    assert taken.problems[0].en


def test_the_gauges_unit_or_the_one_that_is_said(world: World) -> None:
    at = now(world)
    send(world, row("R-03", at, 52), row("R-01", at, 52, unit="0.1mm"), row("D-01", at, 28), row("D-02", at, 0.28))
    values = {code: stored(world, code)[0].value for code in ("R-03", "R-01", "D-01", "D-02")}
    assert values == {"R-03": 5.2, "R-01": 5.2, "D-01": 0.28, "D-02": 0.28}


def test_windows_take_late_data_and_are_the_same_after_a_restart(world: World) -> None:
    at = now(world)
    rows = [row("R-01", at - timedelta(minutes=5 * k), 0.5 + k / 10) for k in range(36)]
    late, early = rows[10:15], rows[:10] + rows[15:]
    send(world, *early)
    assert rolling(world, "R-01", 3)[1] is False
    send(world, *late[::-1], early[3])
    whole = rolling(world, "R-01", 3)
    assert whole == (pytest.approx(sum(0.5 + k / 10 for k in range(36))), True)
    send(world, row("R-02", at, 33))
    assert rolling(world, "R-02", 1)[0] == 0, "what is in doubt does not count"
    forget(world)
    assert rolling(world, "R-01", 3) == whole
    assert rolling(world, "R-02", 1)[0] == 0
    with reading(world) as tx:
        assert memory(tx).last["R-02"].quality == "suspect"


def test_what_is_in_doubt_counts_where_the_bureau_says_so(world: World) -> None:
    with parameters(world.engine, {"reading.use_suspect": "1", "reading.rain.most_per_min": "2"}):
        send(world, row("R-02", now(world), 11))
    assert rolling(world, "R-02", 1)[0] == 11
    assert stored(world, "R-02")[0].rule == "jump"


def test_a_rule_goes_by_what_was_stored_before_a_restart_too(world: World) -> None:
    at = now(world)
    send(world, row("W-01", at - timedelta(minutes=5), 3.0))
    forget(world)
    taken = send(world, row("W-01", at, 12.0))
    assert [(p.rule, p.zh) for p in taken.problems] == [("jump", "变化过快")]


def test_tenths_taken_for_millimetres_are_noticed(world: World) -> None:
    at = now(world)
    rows = [
        row(code, at - timedelta(hours=k), 40 + k if code == "H-04" else 4 + k / 10, span_s=3600)
        for k in range(23, -1, -1)
        for code in ("H-01", "H-02", "H-03", "H-04")
    ]
    send(world, *rows)
    taken = send(world, row("H-04", at + timedelta(seconds=60), 40, span_s=60, unit="0.1mm"))
    assert [p.rule for p in taken.problems] == ["unit"]


def test_a_gauge_silent_for_35_minutes_is_grey_and_comes_back(world: World) -> None:
    at = now(world)
    with parameters(world.engine, {"gauge.stale_minutes": "30"}):
        assert settle(world) == {}
    send(world, row("R-09", at - timedelta(minutes=35), 0.2), row("R-07", at - timedelta(minutes=25), 0.2))
    assert kinds(world) == [("StationsHeard", ["R-07"]), ("StationsSilent", ["R-09"])]
    with reading(world) as tx:
        shown = board.items(tx.session, "gauges")
    assert {code: item["state"] for code, item in shown.items()} == {"R-07": "fresh", "R-09": "silent"}
    assert shown["R-09"]["name"] == "R-09 站"
    assert rolling(world, "R-09", 1)[1] is False
    assert settle(world) == {}
    forget(world)
    assert settle(world) == {}, "said once, also after a restart"
    send(world, row("R-09", at, 0.2))
    assert kinds(world)[-1] == ("StationsHeard", ["R-09"])


def test_silence_goes_by_the_worlds_clock(world: World) -> None:
    other = worlds.create_drill(world.engine, SYSTEM, f"drill-other{next(_numbers)}", "失联")
    for one in (world, other):
        send(one, row("R-07", now(one), 0.2))
    set_world_ahead(world, minutes=36)
    assert settle(world) == {"R-07": "silent"}
    assert settle(other) == {}
    assert [kind for kind, _ in kinds(other)] == ["StationsHeard"]


def test_a_sensors_alarm_is_told_and_its_end(world: World) -> None:
    at = now(world)
    send(world, row("S-1", at - timedelta(minutes=2), 0), row("C-1", at - timedelta(minutes=2), 1, element="alarm"))
    assert kinds(world) == [("AlarmsRaised", ["C-1"])]
    send(world, row("C-1", at, 0))
    assert kinds(world)[-1] == ("AlarmsEnded", ["C-1"])
    with reading(world) as tx:
        assert board.items(tx.session, "gauges") == {}


def test_a_gauge_out_of_the_register_leaves_the_board(world: World) -> None:
    send(world, row("R-07", now(world), 0.2))
    with world.engine.begin() as connection:
        connection.execute(text("update gis.gauge set valid_to = now() where code = 'R-07'"))
    forget(world)
    assert settle(world) == {"R-07": "withdrawn"}
    with reading(world) as tx:
        assert board.items(tx.session, "gauges") == {}
    assert settle(world) == {}
    with world.engine.begin() as connection:
        connection.execute(text("update gis.gauge set valid_to = null where code = 'R-07'"))


def test_a_source_sends_only_what_it_may(world: World) -> None:
    at = now(world)
    narrow = Source("narrow", ("rain",), ("R-0*",))
    taken = take(world, [row("R-01", at, 1), row("W-01", at, 1), row("H-01", at, 1)], narrow)
    assert (taken.stored, [p.rule for p in taken.problems]) == (1, ["scope", "scope"])


def test_keys_are_told_once_and_hold_until_revoked(engine: Engine) -> None:
    mini = get_world(engine, "live")
    key = sources.add(engine, SYSTEM, "city-rain", "市气象雨量", elements=["rain"], stations=["R-*"])
    assert sources.known(engine, key, mini) == Source("city-rain", ("rain",), ("R-*",))
    with engine.connect() as connection:
        kept = connection.execute(text("select key_hash from gis.reading_source")).scalar_one()
        journalled = connection.execute(text("select string_agg(body::text, '') from live.journal")).scalar_one()
    secret = key.split(".")[1]
    assert secret not in kept + journalled
    drill = worlds.create_drill(engine, SYSTEM, "drill-keys", "密钥")
    with pytest.raises(Denied):
        sources.known(engine, key, drill)
    for wrong in ("", "city-rain", "city-rain.", f"other.{secret}", key + "x", "\0.\0"):
        with pytest.raises(LoggedOut):
            sources.known(engine, wrong, mini)
    with pytest.raises(Conflict):
        sources.add(engine, SYSTEM, "city-rain", "又一个")
    with pytest.raises(Invalid):
        sources.add(engine, SYSTEM, "second", "二", elements=["snow"])
    with pytest.raises(Denied):
        sources.add(engine, Actor("commander", "总指挥", "commander"), "third", "三")
    sources.revoke(engine, SYSTEM, "city-rain")
    with pytest.raises(LoggedOut):
        sources.known(engine, key, mini)
    with pytest.raises(Conflict):
        sources.revoke(engine, SYSTEM, "city-rain")


@pytest.mark.parametrize("statement", ["select * from gis.reading_source", "update {}.reading set value = 2"])
def test_no_world_may_see_keys_or_change_readings(world: World, statement: str) -> None:
    send(world, row("R-01", now(world), 1))
    with world.engine.begin() as connection:
        connection.execute(text(f'set local role "{world.role}"'))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement.format(world.schema)))


def test_what_was_not_committed_is_not_remembered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = now(world)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(observations, "_keep_rejected", fails)
        with pytest.raises(OSError, match="disk full"):
            send(world, row("W-01", at, 3.0))
    assert stored(world, "W-01") == []
    assert send(world, row("W-01", at, 12.0)).suspect == 0, "there was no reading before"


def set_world_ahead(world: World, minutes: int) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text(f'update "{world.schema}".clock set sim0 = sim0 + make_interval(mins => :m)'), {"m": minutes}
        )


def _older(world: World, days: int) -> None:
    """As if everything stored had come so many days earlier."""
    with world.engine.begin() as connection:
        for table, column in (("reading", "at"), ("reading_rejected", "received_at")):
            query = f'update "{world.schema}".{table} set {column} = {column} - make_interval(days => :days)'
            connection.execute(text(query), {"days": days})
    forget(world)


def test_old_readings_go_in_batches_and_are_journalled_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = now(world)
    send(world, *(row("R-01", at - timedelta(minutes=5 * k), 1) for k in range(30)), row("W-01", at, 7.1))
    send(world, row("R-02", at - timedelta(minutes=5), 2), row("R-02", at, 3), row("R-02", at, 999))
    _older(world, 401)
    send(world, *(row("R-01", at - timedelta(minutes=5 * k), 0.5) for k in range(36)))
    before = rolling(world, "R-01", 3)
    monkeypatch.setattr(purge, "BATCH", 10)
    first = purge.purge(world, batches=1)
    assert (first.readings, first.rejected, first.left) == (10, 1, True)
    assert len(stored(world, "R-01")) + len(stored(world, "R-02")) == 36 + 30 + 2 - 10
    purge.settle(world)
    assert [one.value for one in stored(world, "R-01")] == [0.5] * 36
    assert [one.value for one in stored(world, "R-02")] == [3], "the newest stays: it was heard then"
    assert len(stored(world, "W-01")) == 1
    assert refused(world) == []
    assert rolling(world, "R-01", 3) == before
    forget(world)
    assert rolling(world, "R-01", 3) == before
    with reading(world) as tx:
        said = [e.body["facts"] for e in journal.read(tx.session) if e.kind == "ReadingsPurged"]
    assert [(one["readings"], one["rejected"], one["stations"]) for one in said] == [(31, 1, 2)]
    assert purge.purge(world).readings == 0


def test_nothing_is_purged_that_is_still_kept(engine: Engine, world: World) -> None:
    at = now(world)
    send(world, *(row("R-01", at - timedelta(minutes=5 * k), 1) for k in range(12)))
    _older(world, 15)
    with parameters(engine, {"gauge.keep_days": "3"}):  # but windows look back 15 days
        assert purge.purge(world).readings == 0
        _older(world, 3)
        assert purge.purge(world).readings == 11
