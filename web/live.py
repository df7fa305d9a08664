"""The live stream: one reader of the journal per world feeds every page, by Server-Sent Events."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from typing import Any

import psycopg
import structlog
from psycopg import sql
from sqlalchemy import Engine, make_url

from command.journal import CHANNEL
from gis_data import tile_changes
from gis_data.clock import real_now
from web.metrics import CLIENTS
from web.tilecache import TileCache

KEPT = 2_000
"""Events kept in memory per world; a page further behind reads the whole board again."""
KEPT_READINGS = 60
BEAT_S = 5.0
SLICE, PAUSE_S = 20, 0.001
"""So many pages are woken at a time, and so long then belongs to commands: an answer does not wait for 500 screens."""
RETRY_S = 1.0
log = structlog.get_logger()
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


def _frame(event: str, data: object, seq: int | None = None) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return (f"id: {seq}\n" if seq is not None else "").encode() + f"event: {event}\ndata: {text}\n\n".encode()


class Feed:
    """What has lately happened in one world, encoded once for all pages."""

    def __init__(self, start: int) -> None:
        self.start = start
        """Position before the oldest kept event."""
        self.newest = start
        self.events: deque[tuple[int, bytes]] = deque()
        self.turn = 0
        """How often there was something new."""
        self.waiting: set[asyncio.Future[None]] = set()
        self.waking: set[asyncio.Task[None]] = set()
        self.reading = asyncio.Lock()
        self.readings: deque[tuple[int, bytes]] = deque([(0, b"")], maxlen=KEPT_READINGS)
        """What gauges newly showed, numbered for this feed alone; a page's own number starts with the newest."""

    def put(self, seq: int, frame: bytes) -> None:
        """Add the next event."""
        self.events.append((seq, frame))
        self.newest = seq
        while len(self.events) > KEPT:
            self.start = self.events.popleft()[0]

    def wake(self) -> None:
        """Tell everybody who waits that there is something new, a slice at a time."""
        self.turn += 1
        waiting, self.waiting = list(self.waiting), set()
        waking = asyncio.create_task(_wake(waiting))
        self.waking.add(waking)
        waking.add_done_callback(self.waking.discard)

    async def wait(self, turn: int, seconds: float) -> None:
        """Until there is something newer than that turn. Raises TimeoutError."""
        if self.turn == turn:
            news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.add(news)
            try:
                await asyncio.wait_for(news, seconds)
            finally:
                self.waiting.discard(news)

    def put_readings(self, frame: bytes) -> None:
        """Add what gauges newly show."""
        self.readings.append((self.readings[-1][0] + 1, frame))
        self.wake()

    def readings_after(self, number: int) -> bytes:
        """The frames after one that a page has; a page too far behind is told to ask again."""
        if number < self.readings[0][0] - 1:
            return _frame("readings", {"missed": True})
        return b"".join(frame for n, frame in self.readings if n > number)

    def after(self, position: int) -> list[bytes]:
        """The frames after a position that is still kept."""
        return [frame for seq, frame in self.events if seq > position]


async def _wake(waiting: list[asyncio.Future[None]]) -> None:
    for first in range(0, len(waiting), SLICE):
        for news in waiting[first : first + SLICE]:
            if not news.done():
                news.set_result(None)
        await asyncio.sleep(PAUSE_S)


class Live:
    """All feeds of this process, and the one listener to the journal's notices."""

    def __init__(self, engine: Engine, tiles: TileCache | None = None) -> None:
        self.tiles = tiles
        url = make_url(engine.url).set(drivername="postgresql")
        self.address = url.render_as_string(hide_password=False)
        self.feeds: dict[str, Feed] = {}
        self.opening = asyncio.Lock()
        self.closing = False

    async def run(self) -> None:
        """Listen until cancelled; after a lost connection, catch up and go on."""
        while True:
            try:
                # two connections: one that waits for notices can do nothing else meanwhile
                async with await self.connect() as listening, await self.connect() as reading:
                    await listening.execute(f"listen {CHANNEL}")
                    if self.tiles:
                        await listening.execute(f"listen {tile_changes.CHANNEL}")
                        await self.tiles.begin(reading)
                    for schema in list(self.feeds):
                        await self.catch_up(reading, schema)
                    async for notice in listening.notifies():
                        if self.tiles and notice.channel == tile_changes.CHANNEL:
                            await self.tiles.catch_up(reading)
                            for feed in self.feeds.values():
                                feed.wake()
                            continue
                        schema = notice.payload.rpartition(":")[0]
                        if schema in self.feeds:
                            await self.catch_up(reading, schema)
            except psycopg.Error as error:
                log.warning("stream lost the database", error=str(error))
            finally:
                if self.tiles:
                    self.tiles.listening = False  # notices may be missed from now on
            await asyncio.sleep(RETRY_S)

    def connect(self) -> Awaitable[Connection]:
        """A connection of its own, in UTC; one that is cut off without a word is noticed within 20 s."""
        return psycopg.AsyncConnection.connect(
            self.address,
            autocommit=True,
            options="-c timezone=UTC",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=2,
        )

    async def catch_up(self, connection: Connection, schema: str) -> None:
        """Read what a world's journal has after its feed's newest event."""
        feed = self.feeds[schema]
        query = sql.SQL(
            "select seq, at, recorded_at, kind, post, body from {}.journal where seq > %s order by seq limit 1000"
        ).format(sql.Identifier(schema))
        async with feed.reading:
            while True:
                try:
                    rows = await (await connection.execute(query, [feed.newest])).fetchall()
                except psycopg.errors.UndefinedTable:
                    self.feeds.pop(schema, None)  # the drill was dropped
                    break
                for row in rows:
                    feed.put(row[0], _frame("patch", _patch(*row), row[0]))
                if len(rows) < 1000:
                    break
        feed.wake()

    async def feed(self, schema: str) -> Feed:
        """The feed of a world, made at the first page that follows it."""
        async with self.opening:
            if schema not in self.feeds:
                newest = sql.SQL("select coalesce(max(seq), 0) from {}.journal").format(sql.Identifier(schema))
                async with await self.connect() as connection:
                    row = await (await connection.execute(newest)).fetchone()
                    feed = Feed(max(0, (row[0] if row else 0) - KEPT))
                    self.feeds[schema] = feed
                    await self.catch_up(connection, schema)
                    return feed
        return self.feeds[schema]

    async def follow(self, schema: str, position: int, until: datetime) -> AsyncIterator[bytes]:
        """What a page gets that has the board as of a position: patches, a beat now and then, or `reset`; `layers`,
        the versions of the map's layers, at first and whenever one has changed; `readings`, what gauges newly show.
        """
        feed = await self.feed(schema)
        told: dict[str, int] = {}
        heard = feed.readings[-1][0]
        with CLIENTS.labels(schema).track_inprogress():
            yield b"retry: 1000\n\n"
            if not feed.start <= position <= feed.newest:
                yield _frame("reset", {"seq": feed.newest})
                position = feed.newest
            while self.feeds.get(schema) is feed and real_now() < until and not self.closing:
                turn = feed.turn
                if self.tiles and told != (versions := self.tiles.layer_versions()):
                    yield _frame("layers", versions)
                    told = versions
                if position < feed.start:
                    yield _frame("reset", {"seq": feed.newest})
                elif frames := feed.after(position):
                    yield b"".join(frames)
                position = feed.newest
                if heard < (newest := feed.readings[-1][0]):
                    yield feed.readings_after(heard)
                    heard = newest
                try:
                    await feed.wait(turn, BEAT_S)
                except TimeoutError:
                    yield _frame("beat", {"real_at": real_now().isoformat(), "seq": position})

    def put_readings(self, schema: str, found: dict[str, Any]) -> None:
        """Tell the pages of a world what its gauges newly show."""
        if schema in self.feeds:
            self.feeds[schema].put_readings(_frame("readings", found))

    def close(self) -> None:
        """Let every page go, so that the server can stop."""
        self.closing = True
        for feed in self.feeds.values():
            feed.wake()


def _patch(seq: int, at: datetime, recorded_at: datetime, kind: str, post: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "kind": kind,
        "actor": post,
        "zh": body["zh"],
        "en": body["en"],
        **body["patch"],
    }
