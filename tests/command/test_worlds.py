"""Worlds never mix: a drill's role is refused in live, leaves no row there, and keeps its own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from command import board, incidents, journal, registers, worlds
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.world import SYSTEM, Actor, World, get_world

OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")


@pytest.fixture
def drill(mini_db: Engine) -> World:
    return worlds.create_drill(mini_db, SYSTEM, "drill-rain", "突发强降雨")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into live.clock values (2, now(), now(), 1)",
        "update live.clock set speed = 9",
        "select * from live.journal",
        "update gis.team set name = '演练'",
        "select password_hash from gis.account",
        "drop schema live cascade",
        "create table gis.sneaky (id int)",
    ],
)
def test_a_drills_role_is_refused_outside_its_schema(drill: World, statement: str) -> None:
    with pytest.raises(ProgrammingError) as refused, writing(drill, OPERATOR) as tx:
        tx.session.execute(text(statement))
    assert isinstance(refused.value.orig, InsufficientPrivilege)


def test_what_a_drill_does_stays_in_it(mini: World, drill: World) -> None:
    with reading(mini) as tx:
        before = board.snapshot(tx)
    with writing(drill, OPERATOR) as tx:
        incidents.report(tx, incidents.Report("flood", "演练积水", *NODES["C3"]))
    with reading(drill) as tx:
        assert len(board.items(tx.session, "incidents")) == 1
    with reading(mini) as tx:
        after = board.snapshot(tx)
    assert {**after, "at": 0, "real_at": 0} == {**before, "at": 0, "real_at": 0}


def test_a_drills_clock_runs_at_its_speed_and_pauses(drill: World, mini: World) -> None:
    with writing(drill, COMMANDER) as tx:
        worlds.set_clock(tx, 60)
    with reading(drill) as tx:
        real, sim = tx.real_at, tx.at
    with writing(drill, COMMANDER) as tx:
        assert (tx.at - sim) / (tx.real_at - real) == pytest.approx(60, rel=1e-3)
        worlds.set_clock(tx, 0)
        stopped = tx.at
    with reading(drill) as tx:
        assert tx.at == stopped
    with pytest.raises(Conflict), writing(mini, COMMANDER) as tx:
        worlds.set_clock(tx, 2)


def test_dropping_a_drill_leaves_nothing_of_it(drill: World, mini_db: Engine) -> None:
    worlds.drop_drill(mini_db, SYSTEM, drill.name)
    assert drill.schema not in inspect(mini_db).get_schema_names()
    with mini_db.connect() as connection:
        assert not connection.scalar(text("select 1 from pg_roles where rolname = :r"), {"r": drill.role})
    with pytest.raises(NotFound):
        get_world(mini_db, drill.name)


def test_live_cannot_be_dropped(mini_db: Engine) -> None:
    with pytest.raises(Conflict):
        worlds.drop_drill(mini_db, SYSTEM, "live")


@pytest.mark.parametrize("name", ["live", "drill", "drill-", "drill-A", "drill-a;b", "drill_x", "drill-" + "a" * 40])
def test_a_drills_name_is_checked(mini_db: Engine, name: str) -> None:
    with pytest.raises(Invalid):
        worlds.create_drill(mini_db, SYSTEM, name, "演练")


def test_a_name_twice_is_a_conflict(drill: World, mini_db: Engine) -> None:
    with pytest.raises(Conflict):
        worlds.create_drill(mini_db, SYSTEM, drill.name, "again")
    with pytest.raises(Denied):
        worlds.create_drill(mini_db, OPERATOR, "drill-other", "演练")


def test_a_load_shows_on_the_drills_board_too(drill: World, mini_db: Engine, data_dir: Path) -> None:
    with reading(drill) as tx:
        before = board.snapshot(tx)
    changed = replace(next(p for p in xh_mini() if "team" in p.frames), sha256="another")
    registers.load(mini_db, changed, SYSTEM, data_dir)
    with reading(drill) as tx:
        after = board.snapshot(tx)
        (entry,) = journal.read(tx.session, before["seq"])
    assert set(before["teams"]).isdisjoint(after["teams"])
    assert board.apply({"teams": before["teams"]}, entry.body["patch"])["teams"] == after["teams"]


def test_a_drills_clock_is_set_forward_and_never_back(drill: World) -> None:
    with reading(drill) as tx:
        before = tx.at
    later = before + timedelta(hours=7)
    with writing(drill, COMMANDER) as tx:
        worlds.set_clock(tx, 0, later)
    with reading(drill) as tx:
        assert tx.at == later
    with pytest.raises(Invalid) as refused, writing(drill, COMMANDER) as tx:
        worlds.set_clock(tx, 1, before)
    assert refused.value.field == "at"
