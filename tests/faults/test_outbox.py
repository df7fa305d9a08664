"""A server killed while its gateway keeps it waiting: the next one sends the same message, with the same id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import Engine

from tests.command.calls import add_posts
from tests.command.slopes import add_slopes
from tests.conftest import Person, serving, wait_for

SMS: list[str] = []
HANGING, GOING = Event(), Event()


@pytest.fixture
def gateway() -> Iterator[str]:
    """It takes a message and says nothing, until `GOING`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            SMS.append(self.headers["Idempotency-Key"])
            HANGING.set()
            GOING.wait(30)
            body = json.dumps({"message_id": self.headers["Idempotency-Key"]}).encode()
            try:
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # who asked is gone

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sms"
        GOING.set()
        server.shutdown()
        thread.join()


def test_a_killed_server_leaves_no_message_unsent(
    mini_db: Engine, data_dir: Path, tmp_path: Path, gateway: str
) -> None:
    add_slopes(mini_db)
    add_posts(mini_db)
    with serving(mini_db, data_dir, BAOCHU_SMS_URL=gateway) as server:
        client = httpx.Client(base_url=server.url, timeout=20)
        operator = Person(client).log_in("operator")
        made = operator.post(
            "/api/worlds/live/callouts", why="hazard", why_id="key_village:V-07", title="V-07", text="转移",
            channels=["sms"],
        )  # fmt: skip
        assert HANGING.wait(20)
        server.process.kill()
        server.process.wait(20)
        GOING.set()
        server.start()

        def states() -> list[tuple[str, str]]:
            found = operator.get(f"/api/worlds/live/callouts/{made['id']}")
            return [(m["id"], m["state"]) for one in found["records"] for m in one["messages"]]

        wait_for(lambda: {state for _, state in states()} == {"sent"}, 30)
        assert {id_ for id_, _ in states()} == set(SMS)
        assert len(SMS) > len(set(SMS)) == 4
