"""Towns: PostgreSQL itself keeps whoever is confined to towns from writing elsewhere, and from seeing people there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from command import registers, worlds
from gis_data import scope
from gis_data.cluster import Cluster
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import xh_mini
from gis_data.errors import Conflict, Denied
from gis_data.registers import store
from gis_data.tables import GIS, TABLES, Base
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.conftest import _copy, _template

HERE, THERE = "330106010", "330106110"
CLERK = Actor("clerk", "转塘街道填报员", "clerk", (HERE,))
PERSONAL = [key for key, table in TABLES.items() if table.info["personal"]]


@pytest.fixture(scope="module")
def live(postgis: Cluster, data_dir: Path) -> Iterator[World]:
    """XH-MINI with a link and a household in each of two towns, and in a village of one; one for the whole module."""
    with _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine:
        yield _peopled(get_world(engine, "live"), data_dir)


def _peopled(world: World, data_dir: Path) -> World:
    places = [HERE, THERE, f"{HERE}201"]
    common = {"code": ["a", "b", "c"], "name": ["演示甲", "演示乙", "演示丙"], "admin_code": places}
    links = {"level": ["town"] * 3, "post_code": ["p"] * 3, "object_register": ["team"] * 3, "object_code": ["t"] * 3}
    with writing(world, SYSTEM) as tx:
        stamp = store.Stamp(tx.real_at, "system", "系统", "", data_dir)
        for key, own in (("at_risk_household", _household(3)), ("responsibility_link", links)):
            store.put_many(tx.session.connection(), key, [pd.DataFrame(common | own)], stamp)
    return world


def _household(count: int) -> dict[str, list[Any]]:
    """What a household has beyond the common fields, so many times."""
    one = {"village": "演示村", "hazards": ["flood"], "persons": 3, "geom": shapely.Point(120.1, 30.2)}
    return {name: [value] * count for name, value in one.items()}


def _codes(world: World, actor: Actor | None, table: str) -> set[str]:
    with reading(world, actor) as tx:
        return set(tx.session.scalars(text(f"select code from gis.{table}")))


def test_people_are_seen_in_ones_own_towns_and_by_nobody_in_particular(live: World) -> None:
    assert _codes(live, CLERK, "at_risk_household") == {"a", "c"}
    assert _codes(live, SYSTEM, "at_risk_household") == {"a", "b", "c"}
    assert _codes(live, None, "at_risk_household") == set()
    assert _codes(live, CLERK, "responsibility_link") == {"a", "b", "c"}


def test_a_drill_sees_people_by_the_same_rule(live: World) -> None:
    drill = worlds.create_drill(live.engine, SYSTEM, "drill-rain", "演练")
    assert _codes(drill, CLERK, "at_risk_household") == {"a", "c"}
    assert _codes(drill, None, "at_risk_household") == set()


def test_the_history_of_people_is_seen_where_they_are(live: World, data_dir: Path) -> None:
    with writing(live, SYSTEM) as tx:
        stamp = store.Stamp(tx.real_at, "system", "系统", "核对", data_dir)
        changed = pd.DataFrame({"code": ["a", "b"], "name": ["演示甲改", "演示乙改"]})
        store.put_many(tx.session.connection(), "at_risk_household", [changed], stamp)
    for actor, seen in ((CLERK, {"a"}), (SYSTEM, {"a", "b"}), (None, set())):
        with reading(live, actor) as tx:
            images = text("select before->>'code' from gis.register_change where before is not null")
            assert set(tx.session.scalars(images)) == seen


@pytest.mark.parametrize("table", ["at_risk_household", "responsibility_link"])
@pytest.mark.parametrize("where", ["code = 'b'", "true"])
def test_rows_of_another_town_are_not_changed(live: World, table: str, where: str) -> None:
    with writing(live, CLERK) as tx:
        tx.session.execute(text(f"update gis.{table} set note = :where where {where}"), {"where": where})
    with live.engine.connect() as owner:
        changed = set(owner.scalars(text(f"select code from gis.{table} where note = :where"), {"where": where}))
    assert changed == (set() if "code" in where else {"a", "c"})


@pytest.mark.parametrize(
    "statement",
    [
        f"update gis.responsibility_link set admin_code = '{THERE}' where code = 'a'",
        "update gis.responsibility_link set admin_code = null where code = 'a'",
        f"update gis.at_risk_household set admin_code = '{HERE[:6]}' where code = 'a'",
        "insert into gis.code_list (code, name, edition, valid_from) values ('x', 'x', '1', now())",
        f"insert into gis.code_list (code, name, edition, admin_code, valid_from) values ('x', '', '', {THERE}, now())",
        "update gis.register_change set reason = 'x'",
    ],
)
def test_a_row_does_not_leave_the_towns_nor_come_in_elsewhere(live: World, statement: str) -> None:
    with pytest.raises(Denied), writing(live, CLERK) as tx:
        tx.session.execute(text(statement))


def test_no_town_changes_units(live: World) -> None:
    unit = (
        "insert into gis.admin_unit (code, name, admin_code, name_en, level, governing_authority, in_scope, valid_from,"
        f" geom) values ('{HERE}', '演示', '{HERE}', 'Demo', 'town', '演示', true, now(),"
        " 'SRID=4490;MULTIPOLYGON(((120 30, 120.1 30, 120.1 30.1, 120 30)))')"
    )
    with pytest.raises(Denied), writing(live, CLERK) as tx:
        tx.session.execute(text(unit))
    with writing(live, SYSTEM) as tx:
        tx.session.execute(text(unit))
    with writing(live, CLERK) as tx:
        tx.session.execute(text("update gis.admin_unit set name = 'mine'"))
    with live.engine.connect() as owner:
        assert owner.scalar(text("select name from gis.admin_unit")) == "演示"


def test_a_file_with_a_row_of_another_town_comes_in_as_a_whole_or_not_at_all(live: World, data_dir: Path) -> None:
    teams = next(p for p in xh_mini() if "team" in p.frames)
    there = pd.DataFrame(teams.frames["team"]).assign(
        admin_code=[HERE, THERE] + [HERE] * (len(teams.frames["team"]) - 2)
    )
    changed = replace(teams, kind="other", sha256="another", frames={"team": there.assign(code="x" + there["code"])})
    with pytest.raises(Denied):
        registers.load(live.engine, changed, CLERK, data_dir)
    assert not any(code.startswith("x") for code in _codes(live, None, "team"))


def _load(live: World, data_dir: Path, key: str, codes: list[str], *, replace: bool = False) -> store.Written:
    """What a clerk's file makes of a register."""
    rows = {"code": codes, "name": ["演示"] * len(codes), "admin_code": [HERE] * len(codes)}
    rows |= {"list_code": ["l"] * len(codes), "item": codes} if key == "code_item" else _household(len(codes))
    with writing(live, CLERK) as tx:
        stamp = store.Stamp(tx.real_at, "clerk", "填报员", "", data_dir)
        return store.put_many(tx.session.connection(), key, [pd.DataFrame(rows)], stamp, replace=replace)


def test_a_file_does_not_draw_in_a_row_of_another_town_nor_close_one(live: World, data_dir: Path) -> None:
    item = "insert into gis.code_item (code, name, admin_code, list_code, item, valid_from) values"
    with live.engine.begin() as owner:
        owner.execute(text(f"{item} ('i1', '', '{THERE}', 'l', 'i', now()), ('i2', '', '{HERE}', 'l', 'i', now())"))
    with pytest.raises(Denied):
        _load(live, data_dir, "code_item", ["i1", "i2"])
    done = _load(live, data_dir, "code_item", ["i3"], replace=True)
    assert (done.new, done.changed, done.closed) == (1, 0, 1)
    with live.engine.connect() as owner:
        noted = owner.scalars(text("select before->>'code' from gis.register_change where register = 'code_item'"))
        assert list(noted) == ["i2"]
        assert owner.scalar(text("select valid_to from gis.code_item where code = 'i1'")) is None
    with pytest.raises(Conflict):  # the code of a household that this clerk cannot even see
        _load(live, data_dir, "at_risk_household", ["b"])


def test_words_of_the_session_cannot_widen_the_scope_of_the_next(live: World) -> None:
    with live.engine.connect() as connection:  # no transaction of ours: nothing has been said
        connection.execute(text(f'set role "{live.role}"'))
        assert connection.scalar(text("select count(*) from gis.at_risk_household")) == 0
        connection.rollback()
    with pytest.raises(ProgrammingError), writing(live, SYSTEM) as tx:
        tx.session.execute(text("alter table gis.at_risk_household disable row level security"))


def test_every_table_with_a_unit_code_is_scoped_once_and_for_all(live: World) -> None:
    wanted = {t.name for t in Base.metadata.sorted_tables if t.schema == GIS and "admin_code" in t.c}
    policies = text("select tablename, policyname from pg_policies where schemaname = 'gis' order by 1, 2")
    with live.engine.begin() as owner:
        before = owner.execute(policies).all()
        scope.install(owner)
        assert owner.execute(policies).all() == before
        owner.execute(text("alter table gis.team disable row level security"))
        owner.execute(text("create policy loose on gis.team using (true)"))
        scope.install(owner)
        assert owner.execute(policies).all() == before
    assert {row.tablename for row in before} == wanted | {"register_change"}
    assert {"at_risk_household", "at_risk_person"} <= set(PERSONAL)
