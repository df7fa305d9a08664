"""`baochu up` as an administrator meets it: first run, second run, doctor, a killed database, drills, down."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from gis_data.cluster import Cluster
from tests.conftest import Person, demo_sources, free_port, wait_for
from web.cli import app


class Installation:
    """A data directory and the command line on it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = os.environ | {"BAOCHU_DATA": str(home), "BAOCHU_PORT": str(self.port), "COLUMNS": "120"}

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run `baochu` and return what it prints."""
        command = [sys.executable, "-m", "web.cli", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + (done.stderr if code else "")

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run `baochu … --json`."""
        return json.loads(self.run(*arguments, "--json", code=code))

    def ready(self) -> bool:
        """Whether the server says that it is ready."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def installation(data_dir: Path) -> Iterator[Installation]:
    home = data_dir / f"up-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o755)
    found = Installation(home)
    yield found
    found.run("down")
    shutil.rmtree(home, ignore_errors=True)


def _demo_loaded(database: Cluster) -> dict[str, str]:
    engine = create_engine(database.url("baochu_xihu"))
    with engine.connect() as connection:
        found = connection.execute(text("select kind, sha256 from gis.load where replaced_at is null")).all()
    engine.dispose()
    return {row.kind: row.sha256 for row in found}


def test_from_the_first_up_to_down(installation: Installation, data_dir: Path) -> None:
    said = installation.run("up")
    assert installation.url in said
    accounts = json.loads((installation.home / "demo-accounts-xihu.json").read_text())
    assert all(password in said for password in accounts.values())
    assert (installation.home / "demo-accounts-xihu.json").stat().st_mode & 0o077 == 0
    operator = Person(httpx.Client(base_url=installation.url, timeout=20)).log_in("operator", accounts["operator"])
    district = operator.get("/api/district")
    assert (district["title"], district["is_demo"]) == ("西湖区", True)
    assert len(operator.get("/api/worlds/live/board")["teams"]) == 25
    assert len(operator.get("/api/shelters")) == 30
    database = Cluster(installation.home / "cluster")
    assert _demo_loaded(database) == {p.kind: p.sha256 for p in demo_sources(data_dir)}  # the same every time

    assert accounts["operator"] in installation.run("up")  # a second time: the same server, the same accounts
    assert [f["name"] for f in installation.json("doctor", code=0 if _built() else 1) if not f["well"]] == (
        [] if _built() else ["字体 fonts"]
    )

    killed = database.pid()
    assert killed
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: database.running() and database.pid() != killed and installation.ready(), 60)
    assert installation.json("journal", "verify")["broken_at"] is None

    installation.run("world", "create", "drill-rain", "--title", "突发强降雨")
    assert [w["name"] for w in installation.json("world", "list")] == ["live", "drill-rain"]
    installation.run("world", "drop", "drill-rain", "--yes")
    assert "没有名为" in installation.run("world", "drop", "drill-rain", "--yes", code=1)

    keyed = ("--role", "operator", "--post", "值班员", "--name", "DEMO", "--password", "long enough")
    installation.run("account", "put", "duty1", *keyed)
    duty = Person(httpx.Client(base_url=installation.url, timeout=20)).log_in("duty1", "long enough")
    installation.run("account", "disable", "duty1")
    duty.get("/api/session", 401)
    installation.run("account", "disable", "operator")
    assert accounts["operator"] not in installation.run("up")

    installation.run("down")
    assert not installation.ready()
    assert not database.running()
    assert "not running" in installation.run("doctor", code=1)


def _built() -> bool:
    return (Path(__file__).parents[2] / "web/ui/dist/index.html").exists()


MISTAKES = {
    ("load", "roads", "nowhere.osm.pbf"): "找不到文件",
    ("load", "population", "nowhere.csv", "--datum", "GCJ02"): "坐标系",
    ("world", "create", "live"): "演练名称",
    ("journal", "verify", "drill-none"): "没有名为",
}


def test_mistakes_are_said_in_plain_words(installation: Installation) -> None:
    for arguments, said in MISTAKES.items():
        shown = installation.run(*arguments, code=1)
        assert said in shown
        assert "Traceback" not in shown
    installation.env["BAOCHU_DISTRICT"] = "Porto Alegre"
    shown = installation.run("world", "list", code=1)
    del installation.env["BAOCHU_DISTRICT"]
    assert "BAOCHU_DISTRICT" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "command",
    [
        *("up", "down", "doctor", "demo", "openapi", "world list", "world create", "world drop", "journal verify"),
        *("account list", "account put", "account disable"),
        *(f"load {kind}" for kind in ("roads", "terrain", "landcover", "rain", "population", "teams", "shelters")),
    ],
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"])
    assert (shown.exit_code, f"Example: baochu {command}" in shown.stdout) == (0, True)
