"""The application: routers, the live stream, health, metrics, and the pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import structlog
from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from command import roads
from command.schema import migrate
from gis_data.db import cluster, connect
from gis_data.errors import BaochuError, NotFound, Unavailable
from gis_data.settings import Settings
from gis_data.world import get_world
from web import errors, gauge_stream
from web.api import (
    accounts,
    alarms,
    allocation,
    basemaps,
    callouts,
    cyclones,
    dangers,
    district,
    documents,
    duty,
    exports,
    field,
    gauges,
    hazards,
    imports,
    incidents,
    journal,
    maps,
    operations,
    receipts,
    registers,
    replay,
    reports,
    responses,
    responsibility,
    runs,
    scene,
    screening,
    screens,
    session,
    shelters,
    sight,
    sources,
    statistics,
    suggestions,
    tasks,
    tiles,
    transfer,
    warnings,
    ways,
    worlds,
)
from web.archive import Archives, folder
from web.basemaps import BaseMaps
from web.channels import Channels
from web.feeds import Feeds, file
from web.live import Live
from web.mqtt import Broker
from web.pull import Puller
from web.tilecache import TileCache
from web.tiledoor import TileDoor, trust
from web.watch import Watch
from web.worker import Worker

PAGE = Path(__file__).parent / "ui/dist"
POLICY = (
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; "
    "base-uri 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
GUARD_S = 2.0
log = structlog.get_logger()


def described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None) -> FastAPI:
    """The application with all its routes, on no district yet: enough to describe it."""
    app = FastAPI(
        title="保俶 Baochu",
        version="0.1.0",
        description="Emergency command and dispatch on one map. Coordinates are EPSG:4490, longitude first.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    errors.install(app)
    nouns = (
        session, accounts, district, worlds, incidents, operations, exports, registers, imports, responsibility, tiles,
        maps, basemaps, ways, gauges, sources, suggestions, runs, screening, dangers, warnings, hazards, allocation,
        alarms, cyclones, replay, tasks, responses, field, reports, documents, journal, scene, screens, transfer,
        receipts, statistics, shelters, callouts, duty, sight,
    )  # fmt: skip
    for module in nouns:
        app.include_router(module.router)
    _probes(app)
    _pages(app)
    return app


def create_app(settings: Settings) -> FastAPI:
    """The application for one district; its database is started and migrated first."""
    engine = connect(settings)
    migrate(engine, settings)
    address = make_url(engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    pool = AsyncConnectionPool(address, kwargs={"autocommit": True}, min_size=1, max_size=2, timeout=10, open=False)
    kept, trusted = TileCache(pool, Archives(folder(settings))), trust()
    live, feeds = Live(engine, kept), Feeds(file(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with pool:
            background = [asyncio.create_task(live.run()), asyncio.create_task(_guard(settings))]
            background.append(asyncio.create_task(asyncio.to_thread(_warm, app)))
            background += [asyncio.create_task(gauge_stream.stream(engine, live))]
            background += [asyncio.create_task(gauge_stream.watch(engine, settings.data))]
            doors = _doors(settings, engine, feeds)
            await asyncio.to_thread(app.state.worker.start)
            app.state.channels.start()
            yield
            await asyncio.to_thread(app.state.worker.close)
            await asyncio.to_thread(app.state.channels.stop)
            for door in doors:
                await asyncio.to_thread(door.stop)
            live.close()
            await app.state.basemaps.close()
            for task in background:
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    app = described(lifespan)
    app.state.settings, app.state.engine, app.state.live = settings, engine, live
    app.state.tiles, app.state.trusted, app.state.reliefs = kept, trusted, tiles.ReliefCache()
    app.state.basemaps, app.state.feeds = BaseMaps(settings), feeds
    app.state.worker = Worker(engine, settings)
    app.state.channels = Channels(settings, engine, feeds)
    app.add_middleware(Watch, headers=HEADERS)
    app.add_middleware(TileDoor, tiles=kept, trusted=trusted, headers=HEADERS)
    return app


def _doors(settings: Settings, engine: Engine, feeds: Feeds) -> list[Broker | Puller]:
    """The ways in for readings that we open ourselves: a broker's, and what is fetched."""
    doors: list[Broker | Puller] = [Puller(pull, engine, feeds) for pull in settings.pulls]
    if settings.mqtt_url:
        doors.append(Broker(settings, engine, feeds))
    for door in doors:
        door.start()
    return doors


def _warm(app: FastAPI) -> None:
    """Build the road network before anybody asks; without roads there is nothing to build."""
    with suppress(BaochuError, SQLAlchemyError):
        roads.warm(get_world(app.state.engine, "live"))


async def _guard(settings: Settings) -> None:
    """Start the embedded cluster again should it die under us."""
    own = cluster(settings)
    while own:
        await asyncio.sleep(GUARD_S)
        if not await asyncio.to_thread(own.running):
            log.error("database down, starting it again")
            try:
                await asyncio.to_thread(own.start)
            except BaochuError as error:
                log.error("database does not start", error=error.en)


def _probes(app: FastAPI) -> None:
    @app.get("/healthz", tags=["probes"])
    def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["probes"], responses={503: {"model": errors.Problem, "description": "Not ready"}})
    def readyz() -> dict[str, str]:
        """The database answers."""
        try:
            with app.state.engine.connect() as connection:
                connection.execute(text("select 1"))
        except SQLAlchemyError as error:
            raise Unavailable("数据库没有应答。", "The database does not answer.") from error
        return {"status": "ready"}

    @app.get("/metrics", tags=["probes"], response_class=PlainTextResponse)
    def metrics() -> Response:
        """Counters for Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _pages(app: FastAPI) -> None:
    app.mount("/assets", StaticFiles(directory=PAGE / "assets", check_dir=False), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> FileResponse:
        """The page; a file of the build where there is one, else the page itself, which reads the address."""
        if path.startswith("api/"):
            raise NotFound("没有这个地址。", "There is no such address.")
        file = (PAGE / path).resolve()
        inside = file.is_relative_to(PAGE.resolve()) and file.is_file()
        return FileResponse(file if inside else PAGE / "index.html", headers={"Cache-Control": "no-cache"})
