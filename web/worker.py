"""Models run in a process of their own (模型推算), less urgent than the server: a long run delays no request."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock
from time import sleep

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from command import runs
from command.fire import FIRE
from command.flood import FLOOD
from gis_data.db import open_engine
from gis_data.errors import BaochuError
from gis_data.settings import Settings
from gis_data.world import worlds

KINDS: Mapping[str, runs.Kind] = {"flood": FLOOD, "fire": FIRE}
LOOK_S = 0.5
END_S = 5.0
NICE = 10
LOCK = 8331
"""The advisory lock of the one process that runs a district's models."""
log = structlog.get_logger()


class Worker:
    """The server's hold on that process: started when something waits, ended with the server."""

    def __init__(self, engine: Engine, config: Settings) -> None:
        self.engine, self.config, self.lock = engine, config, Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Go on with what was left unfinished when the server last ended."""
        try:
            if any(runs.any_active(world) for world in worlds(self.engine)):
                self.wake()
        except SQLAlchemyError as error:
            log.warning("models wait for the database", error=str(error))

    def wake(self) -> None:
        """Something waits: see to it that the process is there."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                url = self.engine.url.render_as_string(hide_password=False)
                own = {"BAOCHU_DATA": str(self.config.data), "BAOCHU_DATABASE_URL": url}
                self.process = subprocess.Popen([sys.executable, "-m", "web.worker"], env=os.environ | own)

    def close(self) -> None:
        """End it; what is being computed starts again with the next process."""
        with self.lock:
            if self.process is not None:
                self.process.terminate()
                try:
                    self.process.wait(END_S)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()


def main() -> None:
    """Take what waits, in all worlds, one run at a time, until the parent is gone."""
    parent, config = os.getppid(), Settings()
    os.nice(NICE)
    assert config.database_url, "started by the server, which says where"
    engine = open_engine(config.database_url)
    recovered = set[str]()

    def going() -> bool:
        return os.getppid() == parent

    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
        while going() and not alone.scalar(text("select pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            sleep(LOOK_S)
        while going():
            busy = False
            try:
                for world in worlds(engine):
                    if world.schema not in recovered:
                        runs.recover(world)
                        recovered.add(world.schema)
                    busy |= runs.do_next(world, KINDS, config, going)
            except (SQLAlchemyError, BaochuError) as error:
                log.warning("models wait for the database", error=str(error))
            if not busy:
                sleep(LOOK_S)


if __name__ == "__main__":
    main()
