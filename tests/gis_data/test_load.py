"""Loading into PostGIS: once is once, the old is closed and kept, nothing half done."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import psycopg
import pytest
import sqlalchemy as sa

from gis_data import load, tables
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.errors import Invalid
from gis_data.load import Loaded, Prepared, Region, Rejected

MONACO = Region("monaco", "EPSG:32632", (7.3, 43.6, 7.6, 43.9))
MINI = {p.kind: p for p in xh_mini()}


def put(engine: sa.Engine, prepared: Prepared, data: Path) -> Loaded:
    """Write in one transaction, committed."""
    with engine.begin() as connection:
        return load.write(connection, prepared, actor="tester", data=data)


def one(engine: sa.Engine, query: str) -> object:
    """The single value of a query."""
    with engine.connect() as connection:
        return connection.execute(sa.text(query)).scalar_one()


def test_roads_come_in_whole_and_refer_to_each_other(empty_db: sa.Engine, tmp_path: Path) -> None:
    put(empty_db, MINI["roads"], tmp_path)
    loaded = put(empty_db, replace(MINI["roads"], sha256="another"), tmp_path)
    assert loaded.counts == {"road_node": 14, "road": 15}
    joined = """
        select count(*) from gis.road r join gis.road_node a on a.id = r.source join gis.road_node b on b.id = r.target
        where r.valid_to is null and st_startpoint(r.geom) = a.geom and st_endpoint(r.geom) = b.geom
          and a.load_id = r.load_id and b.load_id = r.load_id"""
    assert one(empty_db, joined) == 15
    assert one(empty_db, "select sum(length_m) from gis.road where valid_to is null") == 6650
    assert one(empty_db, "select count(*) from gis.road where valid_to is null and st_srid(geom) = 4490") == 15


def test_the_same_file_again_changes_nothing(empty_db: sa.Engine, tmp_path: Path) -> None:
    first = put(empty_db, MINI["registers"], tmp_path)
    again = put(empty_db, MINI["registers"], tmp_path)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (again.load_id, again.counts) == (first.load_id, first.counts)
    assert one(empty_db, "select count(*) from gis.load") == 1
    assert one(empty_db, "select count(*) from gis.shelter") == 4


def test_the_same_file_in_another_datum_is_another_load(empty_db: sa.Engine, tmp_path: Path) -> None:
    put(empty_db, MINI["registers"], tmp_path)
    assert not put(empty_db, replace(MINI["registers"], datum="WGS-84"), tmp_path).unchanged


def test_a_new_load_closes_the_old_rows_and_keeps_them(empty_db: sa.Engine, tmp_path: Path) -> None:
    first = put(empty_db, MINI["registers"], tmp_path)
    other = put(empty_db, MINI["population"], tmp_path)
    fewer = {"shelter": MINI["registers"].frames["shelter"].head(1)}
    second = put(empty_db, replace(MINI["registers"], sha256="newer", frames=fewer), tmp_path)
    assert one(empty_db, "select count(*) from gis.shelter where valid_to is null") == 1
    assert one(empty_db, "select count(*) from gis.team where valid_to is null") == 0
    closed = f"select count(*) from gis.shelter where load_id = {first.load_id} and valid_to is not null"
    assert one(empty_db, closed) == 4
    in_force = "select array_agg(id order by id) from gis.load where replaced_at is null"
    assert one(empty_db, in_force) == [other.load_id, second.load_id]
    assert one(empty_db, "select count(*) from gis.population_cell where valid_to is null") == 5


def test_an_unknown_capacity_stays_unknown(empty_db: sa.Engine, tmp_path: Path) -> None:
    shelters = MINI["registers"].frames["shelter"].assign(capacity=[200, None, float("nan"), pd.NA])
    put(empty_db, replace(MINI["registers"], frames={"shelter": shelters}), tmp_path)
    assert one(empty_db, "select array_agg(capacity order by code) from gis.shelter") == [200, None, None, None]
    assert one(empty_db, "select bool_and(is_demo) from gis.shelter") is True


def test_a_failure_leaves_nothing_behind(empty_db: sa.Engine, tmp_path: Path) -> None:
    put(empty_db, MINI["population"], tmp_path)
    bad = MINI["population"].frames["population_cell"].assign(code=["C1", "C2", "C3", "C4", None])
    broken = replace(MINI["population"], sha256="bad", frames={"population_cell": bad})
    with pytest.raises(psycopg.errors.NotNullViolation):
        put(empty_db, broken, tmp_path)
    assert one(empty_db, "select count(*) from gis.load") == 1
    assert one(empty_db, "select count(*) from gis.population_cell where valid_to is null") == 5


def test_write_never_commits(empty_db: sa.Engine, tmp_path: Path) -> None:
    with empty_db.connect() as connection:
        load.write(connection, MINI["roads"], actor="tester", data=tmp_path)
        connection.rollback()
    assert one(empty_db, "select count(*) from gis.road") == 0


def test_the_record_says_who_when_what(empty_db: sa.Engine, tmp_path: Path) -> None:
    loaded = put(empty_db, MINI["roads"], tmp_path)
    with empty_db.connect() as connection:
        row = connection.execute(sa.select(tables.Load.__table__)).one()
    assert (row.id, row.kind, row.source, row.actor) == (loaded.load_id, "roads", "XH-MINI-roads", "tester")
    assert (row.sha256, row.datum, row.is_demo) == (MINI["roads"].sha256, "CGCS2000", True)
    assert row.loaded_at.tzinfo is not None


def test_rejects_are_written_for_a_spreadsheet(empty_db: sa.Engine, tmp_path: Path) -> None:
    rejects = (Rejected("7", "population", "人口为负", "negative"), Rejected("way 3", "geom", "零, 已略去", "zero"))
    loaded = put(empty_db, replace(MINI["population"], source="../网格.csv", rejects=rejects), tmp_path)
    assert loaded.rejected == 2
    assert loaded.rejects_file == tmp_path / "rejects" / f"{loaded.load_id}-网格.csv.csv"
    assert loaded.rejects_file.read_bytes().startswith(b"\xef\xbb\xbf")
    with loaded.rejects_file.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["row", "field", "原因", "reason"]
    assert rows[1:] == [[r.row, r.field, r.zh, r.en] for r in rejects]


def test_the_mini_nodes_are_where_the_dict_says(empty_db: sa.Engine, tmp_path: Path) -> None:
    put(empty_db, MINI["registers"], tmp_path)
    lon, lat = NODES["N5"]
    near = f"st_dwithin(geom, st_setsrid(st_point({lon}, {lat}), 4490), 1e-7)"
    assert one(empty_db, f"select code from gis.team where {near}") == "T2"


@pytest.mark.parametrize("datum", ["", "GCJ02", "EPSG:0"])
def test_a_datum_must_be_stated(tmp_path: Path, datum: str) -> None:
    with pytest.raises(Invalid):
        load.prepare("roads", tmp_path / "a.pbf", MONACO, datum=datum, progress=str)


def test_monaco_loads(empty_db: sa.Engine, shared_data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    path = shared_data / "monaco/monaco.osm.pbf"
    found = load.prepare("roads", path, MONACO, datum="WGS-84", progress=said.append)
    loaded = put(empty_db, found, tmp_path)
    assert said
    assert loaded.rejects_file is not None
    assert loaded.counts["building"] == one(empty_db, "select count(*) from gis.building")
    meet = """
        select count(*) from gis.turn_restriction t join gis.road a on a.id = t.from_road
        join gis.road b on b.id = t.to_road
        where t.via_node in (a.source, a.target) and t.via_node in (b.source, b.target)"""
    assert one(empty_db, meet) == loaded.counts["turn_restriction"]
    assert one(empty_db, "select min(st_srid(geom_3857)) from gis.building") == 3857
