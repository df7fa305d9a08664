"""A real mosquitto on loopback, with a folder of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.conftest import free_port, wait_for


class Mosquitto:
    """A broker that keeps sessions and messages on disk, so that it may be killed."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin")
        if program is None:
            pytest.fail("mosquitto is missing: make .make/broker")
        self.port, self.program = free_port(), program
        self.config = folder / "mosquitto.conf"
        self.config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\n"
            f"persistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1\n"
            "max_queued_messages 0\nmax_inflight_messages 0\n"
        )
        self.start()

    def start(self) -> None:
        """Start, and wait until it listens."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([self.program, "-c", str(self.config)], stdout=quiet, stderr=quiet)
        wait_for(self._listens, 10)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """Without a warning."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        """By its process id."""
        self.process.terminate()
        self.process.wait(10)

    @property
    def url(self) -> str:
        """As the settings take it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def publisher(self) -> mqtt.Client:
        """A client that goes on when the broker comes back."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, f"gauge-{free_port()}", clean_session=False)
        client.reconnect_delay_set(1, 1)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        return client
