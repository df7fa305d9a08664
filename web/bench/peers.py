"""The two servers of the tile benchmark, each a process on loopback, and what they and the database spend."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import make_url

from gis_data.clock import monotonic_s
from gis_data.errors import Unavailable
from layers.catalog import LAYERS
from layers.tiles import attributes
from web.bench.serve import PLAIN
from web.bench.walks import Spot

ROOT = Path(__file__).parents[2]
TIPG = ROOT / ".venv-bench/bin/python"
CONNECTIONS = 6
"""As many as a browser opens."""
START_S = 120.0
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def need_tipg() -> None:
    """Raise Unavailable, with how to mend it, where the peer is not installed."""
    if not TIPG.exists():
        raise Unavailable(
            "没有安装对照软件 tipg，请先运行 make bench-env。",
            "The peer tipg is not installed; run make bench-env first.",
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], env: dict[str, str], port: int, ready: str, log: Path) -> Iterator[int]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=os.environ | env, stdout=file, stderr=file, cwd=ROOT)
    try:
        deadline = monotonic_s() + START_S
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{port}{ready}", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if process.poll() is not None or monotonic_s() > deadline:
                end = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise Unavailable(f"服务未能启动：\n{end}", f"The server did not start:\n{end}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


class Peer:
    """A running server: its address, how it is asked, and its process id."""

    def __init__(self, port: int, pid: int, path: str, headers: dict[str, str]) -> None:
        self.port, self.pid, self.path = port, pid, path
        self.headers = headers | {"Accept-Encoding": "gzip", "Accept": "*/*"}

    def address(self, spot: Spot, plain: bool = True) -> str:
        """The path and query of a tile."""
        name, z, x, y = spot
        layer = LAYERS[name]
        columns = ("id", *layer.attributes) if plain else attributes(layer, z)
        return self.path.format(
            layer=PLAIN[name] if plain else name,
            table=layer.table,
            properties=",".join(dict.fromkeys(columns)),
            z=z,
            x=x,
            y=y,
        )

    def get(self, spot: Spot) -> bytes:
        """A tile, unpacked."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}{self.address(spot)}", headers=self.headers, timeout=60)
        answer.raise_for_status()
        return answer.content

    def ask(self, spots: list[Spot], plain: bool = True) -> dict[str, Any]:
        """All these tiles over a few kept connections; see `web.bench.client`. Raises Unavailable if one fails."""
        order = {
            "port": self.port,
            "paths": [self.address(spot, plain) for spot in spots],
            "headers": self.headers,
            "connections": CONNECTIONS,
        }
        command = [sys.executable, "-m", "web.bench.client"]
        done = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, check=True, cwd=ROOT)
        found: dict[str, Any] = json.loads(done.stdout)
        if wrong := set(found["status"]) - {200, 204}:
            raise Unavailable(f"瓦片请求失败：{wrong}", f"Tiles were answered with {wrong}")
        return found


@contextmanager
def ours(database: str, home: Path, login: dict[str, str]) -> Iterator[Peer]:
    """Our server, with an empty cache, and somebody logged in."""
    port = _free_port()
    env = {"BAOCHU_DATA": str(home), "BAOCHU_DATABASE_URL": database, "BAOCHU_PORT": str(port)}
    with _process([sys.executable, "-m", "web.bench.serve"], env, port, "/readyz", home / "ours.log") as pid:
        answer = httpx.post(f"http://127.0.0.1:{port}/api/session", json=login)
        answer.raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        yield Peer(port, pid, "/api/tiles/{layer}/{z}/{x}/{y}.mvt", {"Cookie": cookie})


@contextmanager
def theirs(database: str, home: Path) -> Iterator[Peer]:
    """tipg on the drawn geometry of the same tables, with our buffer, our columns, and no limit that bites."""
    port, url = _free_port(), make_url(database)  # on a unix socket, which stands in the place of the host here
    env = {
        "DATABASE_URL": f"postgresql://{url.username}@{quote(str(url.query['host']), safe='')}/{url.database}",
        "TIPG_DB_SCHEMAS": '["gis"]',
        "TIPG_DB_TABLES": json.dumps([LAYERS[name].table for name in PLAIN]),
        "TIPG_TILE_BUFFER": "64",
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "TIPG_CATALOG_TTL": "0",
    }
    serve = ["-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning", "--no-access-log"]
    path = "/collections/{table}/tiles/WebMercatorQuad/{z}/{x}/{y}?geom-column=geom_3857&properties={properties}"
    with _process([str(TIPG), *serve], env, port, "/healthz", home / "theirs.log") as pid:
        yield Peer(port, pid, path, {})


def cpu_s(*parents: int) -> float:
    """CPU seconds of processes and of their children, those that have ended included."""

    def spent(pid: int) -> float:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return 0.0
        return sum(map(int, fields[11:15])) * _TICK_S + sum(spent(int(child)) for child in children)

    return sum(map(spent, parents))
