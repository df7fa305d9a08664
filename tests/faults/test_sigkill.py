"""Server and database are killed in the midst of 1,000 commands; nothing acknowledged is lost, the journal holds."""

from __future__ import annotations

import os
import random
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from command import accounts, journal, registers
from command.schema import migrate
from command.tables import Incident
from gis_data.clock import monotonic_s
from gis_data.cluster import Cluster
from gis_data.db import connect, reading
from gis_data.demo.xh_mini import NODES, xh_mini
from gis_data.settings import Settings
from gis_data.world import SYSTEM, get_world
from tests.conftest import PASSWORD, Person, Server, wait_for

COMMANDS, WRITERS, DEADLINE_S = 1_000, 6, 120


def _report(person: Person, number: int, deadline: float) -> str | None:
    """Send one report until it is acknowledged, as a page would: with the same id."""
    lon, lat = NODES["C3"]
    body = {"id": str(uuid.UUID(int=number + 1)), "kind": "flood", "title": f"积水 {number}", "lon": lon, "lat": lat}
    while monotonic_s() < deadline:
        try:
            answer = person.client.post("/api/worlds/live/incidents", json=body)
        except httpx.HTTPError:
            continue
        if answer.status_code in (200, 201):
            return str(answer.json()["id"])
        assert answer.status_code == 503, answer.text
    return None


def _reached(acknowledged: set[str], count: int) -> bool:
    return len(acknowledged) >= count


def test_nothing_acknowledged_is_lost(data_dir: Path) -> None:
    data = data_dir / f"fault-{uuid.uuid4().hex[:8]}"
    data.mkdir(mode=0o755)
    config = Settings(data=data)
    engine = connect(config)
    migrate(engine, config)
    for prepared in xh_mini():
        registers.load(engine, prepared, SYSTEM, data)
    accounts.put_account(engine, SYSTEM, "operator", accounts.Profile("DEMO", "值班员", "operator"), PASSWORD)
    cluster = Cluster(data / "cluster")
    server = Server(data)
    rng = random.Random(330106)
    kills: list[str] = []
    acknowledged: set[str] = set()

    def send(worker: int) -> None:
        with httpx.Client(base_url=server.url, timeout=10) as client:
            person = Person(client).log_in("operator")
            deadline = monotonic_s() + DEADLINE_S
            for number in range(worker, COMMANDS, WRITERS):
                if (id_ := _report(person, number, deadline)) is not None:
                    acknowledged.add(id_)

    def kill_server() -> None:
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        kills.append("server")
        server.start()

    def kill_database() -> None:
        if (pid := cluster.pid()) is not None:
            os.kill(pid, signal.SIGKILL)
            kills.append("database")
        wait_for(server._ready, 60)

    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            sending = [pool.submit(send, worker) for worker in range(WRITERS)]
            for kill, at in zip(
                (kill_database, kill_server, kill_database, kill_server), (100, 300, 500, 700), strict=True
            ):
                wait_for(lambda at=at: len(acknowledged) >= at + rng.randrange(50), DEADLINE_S)  # type: ignore[misc]
                kill()
            for future in sending:
                future.result()
        assert kills == ["database", "server", "database", "server"]
        assert len(acknowledged) == COMMANDS
        with reading(get_world(connect(config), "live")) as tx:
            verdict = journal.verify(tx)
            stored = {str(id_) for (id_,) in tx.session.query(Incident.id)}
            written = [
                e.body["facts"]["incident_id"]
                for e in journal.read(tx.session, limit=5_000)
                if e.kind == "IncidentReported"
            ]
        assert verdict.broken_at is None
        assert stored == acknowledged
        assert sorted(written) == sorted(acknowledged)
    finally:
        server.process.kill()
        server.process.wait()
        cluster.stop()
