"""Every request is timed, counted and logged, and every answer carries the security headers."""

from __future__ import annotations

import time
import uuid
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders

from web.metrics import REQUESTS, SECONDS

log = structlog.get_logger()


class Watch:
    """ASGI: stands before the application."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on, and look at what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")[:64]
        started, number, status = time.perf_counter(), asked or uuid.uuid4().hex[:12], 500

        async def answer(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    given.setdefault(name, value)
            await send(message)

        structlog.contextvars.bind_contextvars(request=number)
        try:
            await self.app(scope, receive, answer)
        finally:
            structlog.contextvars.clear_contextvars()
            taken, route = time.perf_counter() - started, getattr(scope.get("route"), "path", "other")
            REQUESTS.labels(scope["method"], route, status).inc()
            SECONDS.labels(route).observe(taken)
            if scope["method"] not in ("GET", "HEAD") or status >= 400:
                log.info(
                    "request", request=number, method=scope["method"], path=scope["path"], status=status,
                    ms=round(taken * 1000, 1),
                )  # fmt: skip
