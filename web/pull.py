"""Readings that are fetched: a CSV or JSON file, or an address, every so often. Each is its own source and thread."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import httpx
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from command import watching
from command.observations import take
from command.stations import Source
from gis_data.errors import BaochuError
from gis_data.settings import Pull
from gis_data.world import get_world
from web.feeds import Feeds
from web.reading_rows import read

MOST_BYTES = 20_000_000
log = structlog.get_logger()


class Puller:
    """One address, asked again and again until the end."""

    def __init__(self, pull: Pull, engine: Engine, feeds: Feeds) -> None:
        self.pull, self.engine, self.feeds = pull, engine, feeds
        self.ending = Event()
        self.thread = Thread(target=self._run, name=f"pull-{pull.id}", daemon=True)
        self.start = self.thread.start

    def stop(self) -> None:
        """Let it end."""
        self.ending.set()
        self.thread.join(5)

    def _run(self) -> None:
        while True:
            self.once()
            if self.ending.wait(self.pull.every_s):
                return

    def once(self) -> None:
        """Fetch and take; what goes wrong is said by the feed's state."""
        name = f"pull {self.pull.id}"
        try:
            body, kind = self._fetch()
            world = get_world(self.engine, self.pull.world)
            taken = take(world, read(body, kind), Source(self.pull.id))
            watching.watch(world, taken.stations)
        except (httpx.HTTPError, OSError, BaochuError, SQLAlchemyError) as error:
            zh, en = (error.zh, error.en) if isinstance(error, BaochuError) else (str(error), str(error))
            self.feeds.tell(name, False, f"拉取失败：{zh}", f"not fetched: {en}")
            return
        well = not taken.rejected
        zh, en = ("正常", "well") if well else ("有读数被退回", "readings are rejected")
        self.feeds.tell(name, well, zh, en)

    def _fetch(self) -> tuple[bytes, str]:
        address = self.pull.address
        if not address.startswith(("http://", "https://")):
            return Path(address).read_bytes(), Path(address).suffix
        with httpx.stream("GET", address, timeout=10, follow_redirects=True) as answer:
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise OSError(f"more than {MOST_BYTES} bytes")
            return body, f"{answer.headers.get('content-type', '')} {httpx.URL(address).path}"
