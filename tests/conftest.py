"""One real PostGIS for the whole run, a migrated template copied for each test, real servers on loopback."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import shutil
import signal
import socket
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text

from command import accounts, registers
from command.access import ROLES
from command.schema import migrate
from gis_data import demo
from gis_data.clock import monotonic_s
from gis_data.cluster import Cluster
from gis_data.db import open_engine
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.load import Prepared
from gis_data.settings import Settings
from gis_data.world import SYSTEM, World, get_world
from tests.forge import Forged
from web.app import create_app

TOWN = "330106010"
"""The town of those whose role is confined to towns."""
PASSWORD = "correct horse"


def tries(examples: int) -> int:
    """How many examples a long search takes: as many in the suite, `BAOCHU_TEST_TRIES` times as many in `make soak`."""
    return examples * int(os.environ.get("BAOCHU_TEST_TRIES", "1"))


def pytest_configure() -> None:
    """Name the run once; workers inherit the name."""
    os.environ.setdefault("BAOCHU_TEST_RUN", uuid.uuid4().hex[:12])
    _home()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long stories first, so that the workers end together."""
    items.sort(key=lambda item: not {"ui", "stories", "faults"} & set(item.path.parts))


MEMORY, ENOUGH = Path("/dev/shm"), 6 * 2**30


def _home() -> Path:
    """Where this run's database and files are: in memory where there is room; nobody needs them after a power cut."""
    run = os.environ.get("BAOCHU_TEST_HOME") or str(
        MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else Path("/tmp")
    )
    os.environ["BAOCHU_TEST_HOME"] = run  # workers inherit it
    return Path(run) / f"baochu-test-{os.environ['BAOCHU_TEST_RUN']}"


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (_home() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run's controller stops the cluster when all workers are done."""
    if not hasattr(session.config, "workerinput") and _home().exists():
        Cluster(_home() / "cluster").stop()
        shutil.rmtree(_home(), ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the project; without it a test skips, but never in CI."""
    default = Path(__file__).parents[1].parent / "shared" / "data"
    found = Path(os.environ.get("BAOCHU_SHARED_DATA", default))
    if not found.is_dir():
        message = f"no shared data at {found}; set BAOCHU_SHARED_DATA"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """A data directory that the database's own user may enter too."""
    _home().mkdir(mode=0o755, exist_ok=True)
    return _home()


@pytest.fixture(scope="session")
def postgis(data_dir: Path) -> Cluster:
    """The run's one cluster; whoever comes first starts it."""
    cluster = Cluster(data_dir / "cluster")
    cluster.start()
    return cluster


def _admin(cluster: Cluster, *statements: str) -> None:
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def settings_for(cluster: Cluster, database: str, data: Path) -> Settings:
    """Settings of a district on a database of the run's cluster."""
    return Settings(data=data, database_url=cluster.url(database))


def _template(cluster: Cluster, data: Path, name: str, sources: Callable[[], list[Prepared]]) -> str:
    """A migrated database with accounts and these sources, made once a run."""
    with _locked(name):
        done = data / f"{name}.done"
        if not done.exists():
            _admin(cluster, f"create database {name}")
            engine = create_engine(cluster.url(name))
            with engine.begin() as connection:
                connection.execute(text("create extension postgis"))
            migrate(engine, settings_for(cluster, name, data))
            for role, about in ROLES.items():
                profile = accounts.Profile(f"DEMO {role}", f"{role}岗", role, (TOWN,) if about.of_towns else ())
                accounts.put_account(engine, SYSTEM, role, profile, PASSWORD)
            for prepared in sources():
                registers.load(engine, prepared, SYSTEM, data)
            engine.dispose()
            done.touch()
    return name


@contextmanager
def _copy(cluster: Cluster, template: str) -> Iterator[Engine]:
    name = f"t_{uuid.uuid4().hex[:16]}"
    with _locked("copy"):
        _admin(cluster, f"create database {name} template {template} strategy file_copy")
    engine = open_engine(cluster.url(name))
    yield engine
    engine.dispose()
    _admin(cluster, f"drop database {name} with (force)")


@pytest.fixture
def empty_db(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """A fresh migrated database with nothing in it but accounts."""
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        yield engine


@pytest.fixture
def mini_db(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """A fresh database with the handbook's XH-MINI."""
    with _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine:
        yield engine


def demo_sources(data: Path) -> list[Prepared]:
    """The demo district as prepared sources, made once a run; its terrain lies in `data`."""
    with _locked("district"):
        kept = data / "district.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(demo.district(lambda _: None, data=data)))
        found: list[Prepared] = pickle.loads(kept.read_bytes())
        return found


@pytest.fixture(scope="module")
def demo_db(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """A database with the whole demo district, for the tests of one module."""
    with _copy(postgis, _template(postgis, data_dir, "demo", lambda: demo_sources(data_dir))) as engine:
        yield engine


@pytest.fixture
def mini(mini_db: Engine) -> World:
    """The live world on XH-MINI."""
    return get_world(mini_db, "live")


def middle(road: str) -> tuple[float, float]:
    """Half way along a road of XH-MINI, such as `N2–N3`: lon, lat."""
    (x1, y1), (x2, y2) = (NODES[end] for end in road.split("–"))
    return (x1 + x2) / 2, (y1 + y2) / 2


class Person:
    """Somebody at a browser, as far as HTTP goes."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def log_in(self, username: str, password: str = PASSWORD) -> Person:
        """Log in and carry the CSRF token from now on."""
        answer = self.client.post("/api/session", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        self.client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return self

    def beside(self) -> Person:
        """Somebody else at the same application in this process, with cookies of one's own."""
        assert isinstance(self.client, TestClient)
        own = TestClient(self.client.app)
        own.portal = self.client.portal
        return Person(own)

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """GET, as JSON."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, status: int = 201, **body: Any) -> Any:
        """POST, as JSON."""
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


def app_on(engine: Engine, data: Path) -> TestClient:
    """The application in this process, on a database of the run's cluster."""
    url = engine.url.render_as_string(hide_password=False)
    return TestClient(create_app(Settings(data=data, database_url=url)))


@pytest.fixture
def people(mini_db: Engine, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    """Who logs in to an application on XH-MINI, by role."""
    with app_on(mini_db, data_dir) as client:

        def person(role: str) -> Person:
            return Person(client).beside().log_in(role)

        yield person


def events(person: Person, world: str, after: int, **headers: str) -> Iterator[tuple[str, Any]]:
    """Server-Sent Events of a world after a position: kind and data."""
    path = f"/api/worlds/{world}/stream"
    with person.client.stream("GET", path, params={"after": after}, headers=headers) as stream:
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                yield kind, json.loads(line[6:])


def patches(person: Person, after: int, world: str = "live") -> Generator[Any, None, None]:
    """The patches of a world after a position, as they come."""
    for kind, data in events(person, world, after):
        if kind == "patch":
            yield data


def free_port() -> int:
    """A loopback port that nobody uses just now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """A real server process on loopback."""

    def __init__(self, data: Path, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = os.environ | {"BAOCHU_DATA": str(data), "BAOCHU_PORT": str(self.port)} | env
        self.log = data / f"server-{self.port}.log"
        self.start()

    def start(self) -> None:
        """Start and wait until it is ready."""
        self.process = Forged(self.env, self.log)
        wait_for(self._ready, 90, lambda: self.log.read_text())

    def _ready(self) -> bool:
        assert not self.process.ended(), self.log.read_text()
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """Stop it by its process id."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def wait_for(condition: Callable[[], bool], seconds: float, why: Callable[[], str] = lambda: "") -> None:
    """Poll a condition until it holds, or fail."""
    deadline = monotonic_s() + seconds
    while not condition():
        assert monotonic_s() < deadline, why()
        time.sleep(0.02)


@contextmanager
def serving(engine: Engine, data: Path, **env: str) -> Iterator[Server]:
    """A real server on a database of the run's cluster."""
    server = Server(data, BAOCHU_DATABASE_URL=engine.url.render_as_string(hide_password=False), **env)
    try:
        yield server
    finally:
        server.stop()
