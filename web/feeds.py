"""How the ways that readings come in by are: what runs, and what has been lost since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import structlog

from gis_data.clock import real_now

log = structlog.get_logger()


@dataclass(frozen=True)
class Feed:
    """One way in: whether it is well, what is said of it, and since when that holds."""

    name: str
    well: bool
    zh: str
    en: str
    since: datetime


class Feeds:
    """All ways in of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._all: dict[str, Feed] = {}

    def tell(self, name: str, well: bool, zh: str, en: str) -> None:
        """Say how a way in is; only a change is logged and moves `since`."""
        with self._lock:
            before = self._all.get(name)
            if before and (before.well, before.zh) == (well, zh):
                return
            self._all[name] = Feed(name, well, zh, en, real_now())
        (log.info if well else log.warning)("feed", feed=name, well=well, said=en)

    def all(self) -> list[Feed]:
        """All of them."""
        with self._lock:
            return list(self._all.values())
