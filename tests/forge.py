"""Server processes forked from one that has read their libraries: a start then takes a moment, not five seconds."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

FORGE = """
import json, os, signal, sys
import uvicorn, web.app, web.cli
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
for line in sys.stdin:
    env, log = json.loads(line)
    if pid := os.fork():
        print(pid, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    sys.argv = ["baochu", "serve"]
    web.cli.main()
    os._exit(0)
"""


class Forged:
    """A process that is not our own child, as `subprocess.Popen` has it; what it exits with is not known."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        forge = _forge()
        assert forge.stdin
        assert forge.stdout
        forge.stdin.write(json.dumps([env, str(log)]) + "\n")
        self.pid = int(forge.stdout.readline())
        self._fd = os.pidfd_open(self.pid)

    def ended(self, within_s: float = 0) -> bool:
        """Has it ended, or does it end within so many seconds?"""
        return bool(select.select([self._fd], [], [], within_s)[0])

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if not self.ended():
            signal.pidfd_send_signal(self._fd, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def wait(self, seconds: float = 20) -> None:
        """Wait for its end."""
        assert self.ended(seconds), f"process {self.pid} goes on after {seconds} s"


@cache
def _forge() -> subprocess.Popen[str]:
    """The one of this worker; it ends with the worker, whose end closes its input."""
    return subprocess.Popen(
        [sys.executable, "-c", FORGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
