"""Many pages on one stream, in a process of their own: `python -m web.bench.listeners < order.json`.

The order has `port`, `headers`, `after`, `pages` and `events`. A line is printed once all pages follow; at the end one
JSON object: `lags_ms` of every event on every page, and whether each page had all of them, in order.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import datetime
from typing import Any

from gis_data.clock import real_now

_TOLD = re.compile(rb'"seq":(\d+),"at":"[^"]*","recorded_at":"([^"]*)"')


async def _page(order: dict[str, Any], open_: asyncio.Semaphore, seen: list[int], lags: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"], limit=1 << 22)
    head = "".join(f"{name}: {value}\r\n" for name, value in order["headers"].items())
    address = f"/api/worlds/live/stream?after={order['after']}"
    writer.write(f"GET {address} HTTP/1.1\r\nHost: bench\r\n{head}\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    open_.release()
    while len(seen) < order["events"] and (line := await reader.readline()):
        if line.startswith(b"data: ") and (match := _TOLD.search(line[:200])):
            seen.append(int(match[1]))
            lags.append((real_now() - datetime.fromisoformat(match[2].decode())).total_seconds() * 1000)
    writer.close()


async def _main(order: dict[str, Any]) -> None:
    seen: list[list[int]] = [[] for _ in range(order["pages"])]
    lags: list[float] = []
    ready = asyncio.Semaphore(0)
    pages = [asyncio.create_task(_page(order, ready, one, lags)) for one in seen]
    for _ in pages:
        await ready.acquire()
    print("ready", flush=True)
    await asyncio.wait(pages, timeout=180)
    wanted = list(range(order["after"] + 1, order["after"] + order["events"] + 1))
    print(json.dumps({"lags_ms": lags, "whole": all(one == wanted for one in seen)}), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(json.load(sys.stdin)))
