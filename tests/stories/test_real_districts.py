"""Real roads into fresh districts, by the commands of the README; then an incident there, a dispatch, a live update."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from command import accounts
from gis_data.cluster import Cluster
from gis_data.db import open_engine, url
from gis_data.settings import Settings
from gis_data.world import SYSTEM
from tests.conftest import PASSWORD, Person, Server, patches

LIVE = "/api/worlds/live"


@dataclass(frozen=True)
class Place:
    """A real district: its metric CRS, what to load, three team bases and a scene (lon, lat)."""

    name: str
    metric_crs: str
    loads: tuple[tuple[str, ...], ...]
    bases: tuple[tuple[float, float], ...]
    scene: tuple[float, float]


PORTO_ALEGRE = Place(
    "porto_alegre",
    "EPSG:32722",
    (
        ("roads", "porto_alegre/poa_osm.pbf"),
        ("terrain", "porto_alegre/poa_elevation.tif"),
        ("population", "porto_alegre/poa_hexgrid.csv", "--datum", "WGS-84"),
    ),
    ((-51.2177, -30.0346), (-51.1850, -30.0500), (-51.2000, -30.1000)),
    (-51.2090, -30.0520),
)
MONACO = Place(
    "monaco",
    "EPSG:32632",
    (("roads", "monaco/monaco.osm.pbf"),),
    ((7.4197, 43.7347), (7.4262, 43.7402), (7.4130, 43.7290)),
    (7.4246, 43.7384),
)


@pytest.fixture
def home(data_dir: Path) -> Iterator[Path]:
    """A data directory with an embedded cluster of its own."""
    place = data_dir / f"story-{uuid.uuid4().hex[:8]}"
    place.mkdir(mode=0o755)
    yield place
    Cluster(place / "cluster").stop()
    shutil.rmtree(place, ignore_errors=True)


def _baochu(env: dict[str, str], *arguments: str) -> Any:
    command = [sys.executable, "-m", "web.cli", *arguments, "--json"]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _teams(place: Place, folder: Path) -> Path:
    sheet = folder / "teams.csv"
    rows = [
        f"T{n},DEMO team {n},综合应急抢险,flood;city_fire,12,{60 * n},fire_engine,{lon},{lat}"
        for n, (lon, lat) in enumerate(place.bases, 1)
    ]
    sheet.write_text("\n".join(["code,name,kind,hazards,members,muster_s,vehicle,lon,lat", *rows]))
    return sheet


@pytest.mark.parametrize("place", [PORTO_ALEGRE, MONACO], ids=lambda place: place.name)
def test_a_fresh_district_on_real_roads_dispatches(place: Place, home: Path, shared_data: Path) -> None:
    env = {"BAOCHU_DATA": str(home), "BAOCHU_DISTRICT": place.name, "BAOCHU_METRIC_CRS": place.metric_crs}
    for kind, file, *more in place.loads:
        (loaded,) = _baochu(env, "load", kind, str(shared_data / file), *more)
        assert not loaded["unchanged"]
        assert sum(loaded["counts"].values()) > 0
    (again,) = _baochu(env, "load", kind, str(shared_data / file), *more)
    assert again["unchanged"]
    _baochu(env, "load", "teams", str(_teams(place, home)), "--datum", "WGS-84")
    config = Settings(data=home, district=place.name)
    profile = accounts.Profile("DEMO", "值班员", "operator")
    accounts.put_account(open_engine(url(config)), SYSTEM, "operator", profile, PASSWORD)
    server = Server(home, **env)
    try:
        _story(server, place)
    finally:
        server.stop()
    assert _baochu(env, "journal", "verify")["broken_at"] is None


def _story(server: Server, place: Place) -> None:
    operator = Person(httpx.Client(base_url=server.url, timeout=30)).log_in("operator")
    lon, lat = place.scene
    seq = operator.get(f"{LIVE}/board")["seq"]
    wall = Person(httpx.Client(base_url=server.url, timeout=30)).log_in("operator")
    with closing(patches(wall, seq)) as seen:
        incident = operator.post(f"{LIVE}/incidents", kind="flood", title="DEMO flood", lon=lon, lat=lat)
        found = operator.get(f"{LIVE}/incidents/{incident['id']}/recommendations")
        offers = found["offers"]
        etas = [offer["eta_s"] for offer in offers]
        assert len(offers) == 3
        assert etas == sorted(etas)
        assert all(offer["distance_m"] > 100 and len(offer["route"]["coordinates"]) > 3 for offer in offers)
        sent = operator.post(f"{LIVE}/incidents/{incident['id']}/dispatches", team_id=offers[0]["team_id"])
        kinds = [next(seen)["kind"] for _ in range(2)]
    assert kinds == ["IncidentReported", "TeamDispatched"]
    middle = offers[0]["route"]["coordinates"][len(offers[0]["route"]["coordinates"]) // 2]
    operator.post(f"{LIVE}/closures", lon=middle[0], lat=middle[1], reason="DEMO water on the road")
    now = operator.get(f"{LIVE}/board")["dispatches"][sent["id"]]
    assert now["route_note"].startswith("已改线") or not now["route_valid"]
    assert now["route"] != offers[0]["route"] or not now["route_valid"]
