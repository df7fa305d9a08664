"""Tiles over HTTP: kept while they hold, dropped where a table has changed, from an archive while it is in force."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import mercantile
import pytest
from fastapi.testclient import TestClient
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, text

from gis_data.clock import real_now
from gis_data.demo.xh_mini import NODES
from gis_data.settings import Settings
from gis_data.world import World
from layers.catalog import LAYERS
from tests.conftest import Person, app_on, wait_for
from web import archive
from web.doctor import examine
from web.live import Live
from web.tilecache import TileCache


def _tile(node: str, layer: str = "roads", z: int = 16) -> str:
    tile = mercantile.tile(*NODES[node], z)
    return f"/api/tiles/{layer}/{z}/{tile.x}/{tile.y}.mvt"


@pytest.fixture
def viewer(people: Callable[[str], Person]) -> Person:
    """Somebody at an application that has begun to listen for changes."""
    person = people("viewer")
    wait_for(lambda: _cache(person).listening, 5)
    return person


def _cache(person: Person) -> TileCache:
    assert isinstance(person.client, TestClient)
    found: TileCache = person.client.app.state.tiles
    return found


def _counts(person: Person, layer: str) -> dict[str, float]:
    """How many tiles of a layer came from where."""
    found = {"cache": 0.0, "archive": 0.0, "database": 0.0}
    for line in person.client.get("/metrics").text.splitlines():
        if line.startswith("baochu_tiles_total{") and f'layer="{layer}"' in line:
            found[line.split('origin="')[1].split('"')[0]] = float(line.rpartition(" ")[2])
    return found


def _origin(person: Person, path: str) -> str:
    """Where a tile comes from now."""
    layer = path.split("/")[3]
    before = _counts(person, layer)
    assert person.client.get(path).status_code in (200, 204)
    after = _counts(person, layer)
    (changed,) = [origin for origin in after if after[origin] > before[origin]]
    return changed


def _write(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


def _rename(engine: Engine, table: str, name: str, to: str) -> None:
    _write(engine, f"update gis.{table} set name = :to where name = :name and valid_to is null", name=name, to=to)


def test_a_write_drops_the_tiles_that_it_touches_and_no_others(viewer: Person, mini_db: Engine) -> None:
    here, away = _tile("N2"), _tile("C5")
    shelters = _tile("N2", "shelters", 14)
    paths = {path: viewer.client.get(path) for path in (here, away, shelters)}
    assert here != away
    assert b"N2\xe2\x80\x93N3" in paths[here].content
    assert all(_origin(viewer, path) == "cache" for path in paths)
    number = _cache(viewer).seen
    _rename(mini_db, "road", "N2–N3", "DEMO 新路")
    wait_for(lambda: _cache(viewer).seen > number, 5)
    after = viewer.client.get(here, headers={"If-None-Match": paths[here].headers["etag"]})
    assert (after.status_code, "DEMO 新路".encode() in after.content) == (200, True)
    assert _origin(viewer, away) == "cache"
    assert _origin(viewer, shelters) == "cache"
    known = viewer.client.get(shelters, headers={"If-None-Match": paths[shelters].headers.get("etag", "")})
    assert known.status_code in (204, 304)


def test_a_moved_row_leaves_one_tile_and_comes_to_another(viewer: Person, mini_db: Engine) -> None:
    here, there = _tile("S1", "shelters"), _tile("C5", "shelters")
    before = viewer.client.get(here)
    assert (before.status_code, viewer.client.get(there).status_code) == (200, 204)
    lon, lat = NODES["C5"]
    point = "ST_SetSRID(ST_Point(:lon, :lat), 4490)"
    _write(mini_db, f"update gis.shelter set geom = {point} where code = 'S1'", lon=lon, lat=lat)
    wait_for(lambda: viewer.client.get(there).status_code == 200, 5)
    assert viewer.client.get(here).status_code == 204


def test_what_is_missed_while_nobody_listens_is_never_served(viewer: Person, mini_db: Engine) -> None:
    here = _tile("N2")
    viewer.client.get(here)
    assert _origin(viewer, here) == "cache"
    with mini_db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        cut = (
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query like 'listen %' and datname = current_database()"
        )
        assert connection.execute(text(cut)).scalars().all() == [True]
    _rename(mini_db, "road", "N2–N3", "DEMO 断线时改")
    wait_for(lambda: "断线时改".encode() in viewer.client.get(here).content, 5)
    wait_for(lambda: _cache(viewer).listening, 5)
    wait_for(lambda: _origin(viewer, here) == "cache", 1)
    assert "断线时改".encode() in viewer.client.get(here).content


def test_a_version_heard_of_elsewhere_is_waited_for(viewer: Person, mini_db: Engine) -> None:
    here, cache = _tile("N2"), _cache(viewer)
    old = viewer.client.get(here, params={"v": cache.version("roads")})
    assert old.headers["cache-control"] == "private, max-age=86400"
    with mini_db.begin() as connection:  # as if the notice were still on its way
        connection.execute(text("alter table gis.road disable trigger user"))
        connection.execute(text("update gis.road set name = 'DEMO 他处' where name = 'N2–N3'"))
        connection.execute(text("alter table gis.road enable trigger user"))
        newest = cache.seen + 5
        values = {"id": newest, "box": None}
        connection.execute(text("insert into gis.tile_change (id, drawn, box) values (:id, 'gis.road', :box)"), values)
    assert _origin(viewer, here) == "cache"
    fresh = viewer.client.get(here, params={"v": newest})
    assert "DEMO 他处".encode() in fresh.content
    assert fresh.headers["cache-control"] == "private, max-age=86400"
    beyond = viewer.client.get(here, params={"v": newest + 1})
    assert (beyond.status_code, beyond.headers["cache-control"]) == (200, "private, no-cache")
    assert {one["id"]: one["version"] for one in viewer.get("/api/layers")}["roads"] == newest


def test_an_open_page_hears_which_layer_has_changed(mini: World, tmp_path: Path) -> None:
    async def told() -> list[dict[str, int]]:
        address = mini.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with AsyncConnectionPool(address, min_size=1, max_size=2, open=False) as pool:
            cache = TileCache(pool, archive.Archives(tmp_path))
            live = Live(mini.engine, cache)
            listening = asyncio.create_task(live.run())
            while not cache.listening:
                await asyncio.sleep(0.01)
            stream = live.follow(mini.schema, 0, real_now() + timedelta(minutes=1))

            async def versions() -> dict[str, int]:
                while not (frame := await anext(stream)).startswith(b"event: layers\n"):
                    pass
                found: dict[str, int] = json.loads(frame.partition(b"data: ")[2])
                return found

            before = await versions()
            await asyncio.to_thread(_write, mini.engine, "update gis.shelter set beds = 7 where code = 'S1'")
            after = await asyncio.wait_for(versions(), 5)
            listening.cancel()
            return [before, after]

    before, after = asyncio.run(told())
    assert {layer for layer in before if before[layer] != after[layer]} == {"shelters"}
    assert after["shelters"] > before["shelters"]


MANY = """
    do $$ begin
      delete from gis.tile_change where drawn = 'gis.road';
      for i in 0..1000 loop
        update gis.road set layer = i % 3 where name = 'N5–C5';
      end loop;
    end $$"""


def test_many_changes_become_one_of_the_whole_table(viewer: Person, mini_db: Engine) -> None:
    here = _tile("N2")
    viewer.client.get(here)
    assert _origin(viewer, here) == "cache"
    with mini_db.begin() as connection:
        connection.execute(text(MANY))
        kept = connection.execute(text("select box from gis.tile_change where drawn = 'gis.road'")).scalars().all()
    assert kept == [None]
    wait_for(lambda: _origin(viewer, here) == "database", 5)


def _pages(person: Person, layer: str, zooms: range) -> dict[str, bytes]:
    """Tiles of a layer round all nodes of XH-MINI, by path."""
    paths = {_tile(node, layer, z) for node in NODES for z in zooms}
    return {path: person.client.get(path).content for path in sorted(paths)}


def test_an_archive_gives_the_same_tiles_until_the_layer_changes(
    viewer: Person, mini_db: Engine, data_dir: Path, request: pytest.FixtureRequest
) -> None:
    url = mini_db.url.render_as_string(hide_password=False)
    config = Settings(data=data_dir, database_url=url)
    where = archive.folder(config)
    request.addfinalizer(lambda: [file.unlink() for file in where.iterdir()])
    zooms = range(12, 17)
    live = _pages(viewer, "roads", zooms)
    built = {one.layer: one for one in archive.build(mini_db, where, lambda _: None)}
    assert built["roads"].tiles >= sum(map(bool, live.values())) > 10
    assert all(one.unchanged for one in archive.build(mini_db, where, lambda _: None) if one.tiles)
    assert not list(where.glob("*.part"))
    with app_on(mini_db, data_dir) as client:
        person = Person(client).log_in("viewer")
        wait_for(lambda: _cache(person).listening, 5)
        assert _origin(person, _tile("N2")) == "archive"
        assert _pages(person, "roads", zooms) == live
        assert _origin(person, "/api/tiles/roads/16/0/0.mvt") == "archive"
        _rename(mini_db, "road", "N2–N3", "DEMO 新路")
        number = built["roads"].version
        wait_for(lambda: _cache(person).version("roads") > number, 5)
        assert "DEMO 新路".encode() in person.client.get(_tile("N2")).content
        assert _origin(person, _tile("C5")) == "cache"
        assert _origin(person, _tile("C5", z=11)) == "database"
        (said,) = [one for one in examine(config) if "瓦片" in one.name]
        assert (said.well, said.mend, "roads" in said.found) == (False, "baochu tiles build", True)
        again = [one.layer for one in archive.build(mini_db, where, lambda _: None) if not one.unchanged and one.tiles]
        assert again == ["roads"]
        (said,) = [one for one in examine(config) if "瓦片" in one.name]
        assert said.well


def test_a_broken_build_leaves_the_old_archive(mini_db: Engine, tmp_path: Path) -> None:
    list(archive.build(mini_db, tmp_path, lambda _: None))
    before = (tmp_path / "roads.pmtiles").read_bytes()
    _rename(mini_db, "road", "N2–N3", "DEMO 新路")

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(archive.build(mini_db, tmp_path, stop))
    assert (tmp_path / "roads.pmtiles").read_bytes() == before
    (tmp_path / "roads.pmtiles").write_bytes(before[: len(before) // 20])
    assert archive.Archives(tmp_path).of(LAYERS["roads"]) is None
