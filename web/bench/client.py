"""A load generator on loopback, a process of its own: `python -m web.bench.client < order.json`.

The order has `port`, `paths`, `headers` and `connections`; the answer is one JSON object: `seconds` for everything, and
for each path, in order, `status`, `ms` and `bytes`. Connections are kept alive; each asks for the next path when it has
its answer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from typing import Any

import uvloop


class _Connection(asyncio.Protocol):
    """HTTP/1.1, one request at a time."""

    def __init__(self, requests: Any, seen: list[tuple[int, int, float, int]], done: asyncio.Future[None]) -> None:
        self.requests, self.seen, self.done = requests, seen, done
        self.buffer = bytearray()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        found = next(self.requests, None)
        if found is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.number, request = found
        self.body_at, self.length, self.status = 0, 0, 0
        self.asked = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.body_at and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            self.status, self.body_at = int(head[9:12]), end + 4
            if self.status not in (204, 304):
                if b"content-length:" not in head:
                    raise ValueError(f"no length: {head!r}")
                self.length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if self.body_at and len(self.buffer) >= self.body_at + self.length:
            self.seen.append((self.number, self.status, (time.perf_counter() - self.asked) * 1000, self.length))
            self.buffer.clear()
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed by the server"))


async def _run(order: dict[str, Any]) -> dict[str, Any]:
    head = "".join(f"{name}: {value}\r\n" for name, value in order["headers"].items())
    requests = enumerate(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() for path in order["paths"])
    waiting = iter(list(requests))
    seen: list[tuple[int, int, float, int]] = []
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(order["connections"])]
    started = time.perf_counter()
    for end in ends:
        await loop.create_connection(partial(_Connection, waiting, seen, end), "127.0.0.1", order["port"])
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - started
    seen.sort()
    return {
        "seconds": seconds,
        "status": [row[1] for row in seen],
        "ms": [round(row[2], 3) for row in seen],
        "bytes": [row[3] for row in seen],
    }


if __name__ == "__main__":
    json.dump(uvloop.run(_run(json.load(sys.stdin))), sys.stdout)
