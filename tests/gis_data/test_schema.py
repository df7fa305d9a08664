"""Migrations match the tables, guard what they must, and work on a bureau's own PostGIS with an ordinary owner."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic
from sqlalchemy import DefaultClause, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from command import accounts, registers, schema, worlds
from command.schema import migrate
from gis_data.cluster import Cluster
from gis_data.db import connect, writing
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.settings import Settings
from gis_data.tables.base import Base
from gis_data.world import SYSTEM, Actor
from gis_data.world import worlds as all_worlds
from tests.conftest import PASSWORD, Person, _admin, app_on, settings_for


def test_migrations_and_tables_agree(empty_db: Engine) -> None:
    with empty_db.begin() as connection:
        alembic.check(schema.config(connection))


def test_what_the_tables_fill_in_themselves_the_database_fills_in(empty_db: Engine) -> None:
    """Alembic does not compare defaults."""
    wanted = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if table.schema == "gis" and isinstance(column.server_default, DefaultClause)
    }
    query = (
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'gis' and column_default is not null and is_generated = 'NEVER'"
    )
    with empty_db.connect() as connection:
        found = {(row.table_name, row.column_name) for row in connection.execute(text(query))}
    assert found == wanted


def test_going_down_and_up_again(empty_db: Engine) -> None:
    with empty_db.begin() as connection:
        alembic.downgrade(schema.config(connection), "base")
        alembic.upgrade(schema.config(connection), "head")
        alembic.check(schema.config(connection))


def test_migrating_twice_changes_nothing(empty_db: Engine, postgis: Cluster, data_dir: Path) -> None:
    before = all_worlds(empty_db)
    migrate(empty_db, settings_for(postgis, str(empty_db.url.database), data_dir))
    assert all_worlds(empty_db) == before


@pytest.mark.parametrize("other", [{"metric_crs": "EPSG:32722"}, {"box": (120.0, 30.0, 120.2, 30.2)}])
def test_another_crs_or_box_than_the_districts_is_refused(
    empty_db: Engine, data_dir: Path, other: dict[str, Any]
) -> None:
    url = empty_db.url.render_as_string(hide_password=False)
    with pytest.raises(Conflict) as refused:
        migrate(empty_db, Settings(data=data_dir, database_url=url, **other))
    assert [refused.value.field] == list(other)


def test_a_new_district_must_say_its_crs_and_may_say_it_late(postgis: Cluster, data_dir: Path) -> None:
    name = f"late_{uuid.uuid4().hex[:8]}"
    _admin(postgis, f"create database {name}")
    about = {"data": data_dir, "database_url": postgis.url(name), "district": "monaco"}
    engine = connect(Settings(**about))
    with pytest.raises(Invalid) as refused:
        migrate(engine, Settings(**about))
    assert refused.value.field == "metric_crs"
    migrate(engine, Settings(**about, metric_crs="EPSG:32632"))
    migrate(engine, Settings(**about))
    engine.dispose()
    _admin(postgis, f"drop database {name} with (force)")


@pytest.mark.parametrize(
    "statement",
    [
        "update gis.team set members = 0",
        "update gis.shelter set capacity = -1",
        "update gis.road set length_m = -1",
        "update gis.population_cell set population = -1",
        "update live.clock set speed = -1",
        "insert into live.clock select 2, sim0, real0, speed from live.clock",
    ],
)
def test_the_database_refuses_what_cannot_be(mini_db: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError), mini_db.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def bureau(postgis: Cluster, data_dir: Path) -> Iterator[Settings]:
    """A bureau's own PostGIS: the extension is there, our login owns the database and is no superuser."""
    owner, name = f"bureau_{uuid.uuid4().hex[:8]}", f"own_{uuid.uuid4().hex[:8]}"
    _admin(postgis, f"create role {owner} login createrole", f"create database {name} owner {owner}")
    admin = create_engine(postgis.url(name))
    with admin.begin() as connection:
        connection.execute(text("create extension postgis"))
    admin.dispose()
    yield Settings(data=data_dir, database_url=postgis.url(name).replace("baochu@", f"{owner}@"))
    _admin(postgis, f"drop database {name} with (force)")


def test_everything_works_on_a_bureaus_own_postgis(bureau: Settings, data_dir: Path) -> None:
    engine = connect(bureau)
    migrate(engine, bureau)
    with engine.connect() as connection:
        assert not connection.scalar(text("select usesuper from pg_user where usename = current_user"))
    for prepared in xh_mini():
        registers.load(engine, prepared, SYSTEM, data_dir)
    accounts.put_account(engine, SYSTEM, "operator", accounts.Profile("DEMO", "值班员", "operator"), PASSWORD)
    worlds.create_drill(engine, SYSTEM, "drill-own", "演练")
    lon, lat = NODES["C3"]
    with app_on(engine, data_dir) as client:
        operator = Person(client).log_in("operator")
        for world in ("live", "drill-own"):
            incident = operator.post(f"/api/worlds/{world}/incidents", kind="flood", title="积水", lon=lon, lat=lat)
            found = operator.get(f"/api/worlds/{world}/incidents/{incident['id']}/recommendations")
            team = found["offers"][0]["team_id"]
            sent = operator.post(f"/api/worlds/{world}/incidents/{incident['id']}/dispatches", team_id=team)
            assert sent["state"] == "ordered"
    for world in all_worlds(engine):  # the login owns the tables, and yet a town is held to its limits
        with pytest.raises(Denied), writing(world, Actor("clerk", "填报员", "clerk", ("330106010",))) as tx:
            tx.session.execute(
                text("insert into gis.code_list (code, name, edition, valid_from) values ('', '', '', now())")
            )
    worlds.drop_drill(engine, SYSTEM, "drill-own")
    engine.dispose()
