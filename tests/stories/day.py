"""A day in a drill, over HTTP alone: its clock is set forward from step to step, and each step is in the journal."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import httpx
from sqlalchemy import Engine

from command import accounts, watching
from gis_data.clock import SHANGHAI, real_now
from gis_data.demo.xh_mini import NODES
from gis_data.world import SYSTEM, get_world
from tests.conftest import PASSWORD, Person


def add_account(engine: Engine, name: str, post: str, role: str, *towns: str) -> None:
    """Somebody who can log in; `name` is the user name."""
    accounts.put_account(engine, SYSTEM, name, accounts.Profile(f"DEMO {name}", post, role, towns), PASSWORD)


def spot(node: str | tuple[float, float]) -> dict[str, float]:
    """A node of XH-MINI, or a place, as `lon` and `lat`."""
    return dict(zip(("lon", "lat"), NODES[node] if isinstance(node, str) else node, strict=True))


class Day:
    """A drill world on the day after this one; the clock stands still between the moments that `at` sets."""

    def __init__(self, client: httpx.Client, engine: Engine, name: str, title: str) -> None:
        self.engine, self.name, self.here = engine, name, f"/api/worlds/{name}"
        self._client, self._people, self._seen = client, dict[str, Person](), 0
        self.date = (real_now().astimezone(SHANGHAI) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        self.now = self.date
        self.kept: dict[str, Any] = {}
        """What later steps need of earlier ones."""
        self.who("admin").post("/api/worlds", name=name, title=title)

    def who(self, name: str) -> Person:
        """Somebody, logged in once."""
        if name not in self._people:
            self._people[name] = Person(self._client).beside().log_in(name)
        return self._people[name]

    def time(self, clock: str, days: int = 0) -> datetime:
        """A time of the day such as `07:30`."""
        hour, minute = map(int, clock.split(":"))
        return self.date + timedelta(days=days, hours=hour, minutes=minute)

    def at(self, clock: str, days: int = 0, speed: float = 0) -> None:
        """Set the drill's clock forward to a time of the day, and let it stand there, or run on."""
        self.now = self.time(clock, days)
        answer = self.who("admin").client.put(f"{self.here}/clock", json={"speed": speed, "at": self.now.isoformat()})
        assert answer.status_code == 200, answer.text

    def tick(self) -> None:
        """What the server's watch does every ten seconds."""
        watching.tick(get_world(self.engine, self.name))

    @cached_property
    def _key(self) -> str:
        made = self.who("admin").post("/api/sources", id=self.name, name="演练水文", worlds=[self.name])
        return str(made["key"])

    def push(self, station: str, value: float, span_s: int = 60, at: datetime | None = None) -> None:
        """A reading, of now or of a time before."""
        row = {"station": station, "at": (at or self.now).isoformat(), "value": value, "span_s": span_s}
        answer = self._client.post(
            f"{self.here}/readings", content=json.dumps([row]),
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["stored"]) == (200, 1), answer.text

    def board(self, collection: str) -> dict[str, Any]:
        """A collection of the board as the wall shows it."""
        found: dict[str, Any] = self.who("operator").get(f"{self.here}/board")[collection]
        return found

    def journal(self) -> list[dict[str, Any]]:
        """The entries since this was last asked."""
        found: list[dict[str, Any]] = []
        while page := self.who("operator").get(f"{self.here}/journal", after=self._seen, limit=1000):
            found += page
            self._seen = page[-1]["seq"]
        return found

    def logged(self, *kinds: str) -> list[str]:
        """See that each kind of event was journalled since this was last asked; gives the words of all of them."""
        found = self.journal()
        missing = set(kinds) - {entry["kind"] for entry in found}
        assert not missing, (missing, [entry["kind"] for entry in found])
        return [entry["zh"] for entry in found]
