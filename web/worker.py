"""The one thread that runs models (模型推算), beside the requests."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from command import runs
from command.flood import FLOOD
from gis_data.errors import BaochuError
from gis_data.settings import Settings
from gis_data.world import worlds

KINDS: Mapping[str, runs.Kind] = {"flood": FLOOD}
LOOK_S = 5.0
END_S = 5.0
log = structlog.get_logger()


class Worker:
    """Takes what waits, in all worlds, one run at a time."""

    def __init__(self, engine: Engine, config: Settings) -> None:
        self.engine, self.config = engine, config
        self.woken, self.ended = Event(), Event()
        self.thread = Thread(target=self._work, name="models", daemon=True)

    def start(self) -> None:
        """Begin, with what was left unfinished when the process last ended."""
        self.thread.start()

    def wake(self) -> None:
        """Something waits."""
        self.woken.set()

    def close(self) -> None:
        """Leave off; what is being computed starts again with the next process."""
        self.ended.set()
        self.woken.set()
        self.thread.join(END_S)

    def _work(self) -> None:
        recovered = set[str]()
        while not self.ended.is_set():
            self.woken.clear()
            busy = False
            try:
                for world in worlds(self.engine):
                    if world.schema not in recovered:
                        runs.recover(world)
                        recovered.add(world.schema)
                    busy |= runs.do_next(world, KINDS, self.config, lambda: not self.ended.is_set())
            except (SQLAlchemyError, BaochuError) as error:
                log.warning("models wait for the database", error=str(error))
            if not busy:
                self.woken.wait(LOOK_S)
