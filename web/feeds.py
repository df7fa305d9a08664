"""How the ways that readings come in by are: what runs, and what has been lost since when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

import structlog

from gis_data.clock import real_now
from gis_data.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Feed:
    """One way in: whether it is well, what is said of it, and since when that holds."""

    name: str
    well: bool
    zh: str
    en: str
    since: datetime


def file(settings: Settings) -> Path:
    """Where the server writes down how its feeds are, for `doctor`."""
    return settings.data / f"feeds-{settings.district}-{settings.port}.json"


class Feeds:
    """All ways in of this process, also written to a file if one is named."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = Lock()
        self._all: dict[str, Feed] = {}
        self._file = file
        if file:
            file.unlink(missing_ok=True)

    def tell(self, name: str, well: bool, zh: str, en: str) -> None:
        """Say how a way in is; only a change is logged and moves `since`."""
        with self._lock:
            before = self._all.get(name)
            if before and (before.well, before.zh) == (well, zh):
                return
            self._all[name] = Feed(name, well, zh, en, real_now())
            if self._file:
                found = [asdict(feed) | {"since": feed.since.isoformat()} for feed in self._all.values()]
                self._file.with_suffix(".new").write_text(json.dumps(found, ensure_ascii=False))
                self._file.with_suffix(".new").replace(self._file)
        (log.info if well else log.warning)("feed", feed=name, well=well, said=en)

    def all(self) -> list[Feed]:
        """All of them."""
        with self._lock:
            return list(self._all.values())
