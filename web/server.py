"""The server as a process: started detached, found by its pid file, stopped by its process id."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_data.clock import monotonic_s
from gis_data.errors import Unavailable
from gis_data.settings import Settings

START_S, STOP_S = 60.0, 15.0


def address(settings: Settings) -> str:
    """Where the page is."""
    return f"http://{settings.host}:{settings.port}/"


def log_file(settings: Settings) -> Path:
    """Where the server writes its log, a JSON object a line."""
    return settings.data / f"server-{settings.district}.log"


def _pid_file(settings: Settings) -> Path:
    return settings.data / f"server-{settings.district}.pid"


def pid(settings: Settings) -> int | None:
    """The process id of this district's running server that `start` started, or None."""
    return _alive(_pid_file(settings))


def any_running(settings: Settings) -> bool:
    """Whether a server of any district runs on this data directory."""
    return any(_alive(file) for file in settings.data.glob("server-*.pid"))


def _alive(file: Path) -> int | None:
    try:
        number, mark = file.read_text().split()
        environment = Path(f"/proc/{number}/environ").read_bytes()
    except (OSError, ValueError):
        return None
    return int(number) if f"BAOCHU_STARTED={mark}".encode() in environment.split(b"\0") else None


def answers(settings: Settings) -> bool:
    """Whether the server at the address is ready."""
    try:
        with urllib.request.urlopen(address(settings) + "readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _taken(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((settings.host, settings.port)) == 0


def _tail(settings: Settings) -> str:
    lines = log_file(settings).read_text(errors="replace").splitlines()
    return "\n".join(lines[-5:])


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def spawn(settings: Settings) -> None:
    """Start the server in the background, unless it runs; `wait` tells when it is ready."""
    with _one_at_a_time(settings):
        if pid(settings):
            return
        if _taken(settings):
            raise Unavailable(
                f"端口 {settings.port} 已被别的服务占用；请设 BAOCHU_PORT。",
                f"Port {settings.port} is taken by another server; set BAOCHU_PORT.",
            )
        mark = secrets.token_hex(8)
        with log_file(settings).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "web.cli", "serve"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=os.environ | {"BAOCHU_STARTED": mark},
                cwd="/",
            )
        _pid_file(settings).write_text(f"{process.pid} {mark}\n")


def wait(settings: Settings) -> None:
    """Wait until the server is ready; if it ends or does not come, say what it said last."""
    deadline = monotonic_s() + START_S
    while not answers(settings):
        if pid(settings) is None or monotonic_s() > deadline:
            raise Unavailable(
                f"服务未能启动，日志 {log_file(settings)} 末尾：\n{_tail(settings)}",
                f"The server did not start; the end of {log_file(settings)} is above.",
            )
        time.sleep(0.1)


def stop(settings: Settings) -> bool:
    """Stop the server that `start` started; returns whether there was one."""
    number = pid(settings)
    if number is not None:
        os.kill(number, signal.SIGTERM)
        deadline = monotonic_s() + STOP_S
        while pid(settings) is not None and not _is_zombie(number):
            if monotonic_s() > deadline:
                os.kill(number, signal.SIGKILL)
            time.sleep(0.05)
    _pid_file(settings).unlink(missing_ok=True)
    return number is not None


def _is_zombie(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True
