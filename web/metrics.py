"""What the server counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("baochu_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("baochu_request_seconds", "Time to answer", ["route"])
CLIENTS = Gauge("baochu_stream_clients", "Pages that follow a world", ["world"])
TILES = Counter(
    "baochu_tiles_total", "Vector tiles by where they came from: cache, archive, database", ["layer", "origin"]
)
