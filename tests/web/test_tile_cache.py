"""Tiles over HTTP: kept while they hold, dropped where a table has changed, from an archive while it is in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import mercantile
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from gis_data.demo.xh_mini import NODES
from gis_data.settings import Settings
from tests.conftest import Person, app_on, events, serving, wait_for
from web import archive
from web.doctor import examine
from web.tilecache import TileCache

LIVE = "/api/worlds/live"


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
