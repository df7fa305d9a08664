"""Gauges: readings that come in by a source's key, what gauges show, series for charts, rain over areas."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from command import gauge_views, rain_field, sources, watching
from command.observations import take
from command.stations import Source
from gis_data.clock import monotonic_s
from gis_data.db import reading
from gis_data.errors import Invalid, LoggedOut, TooMany
from gis_data.world import World, get_world
from web.api.gauge_schemas import AreasRainOut, By, GaugeOut, ProblemOut, RainFieldOut, ReadingIn, SeriesOut, TakenOut
from web.deps import At, EngineDep, WorldDep
from web.errors import responses
from web.reading_rows import read

router = APIRouter(prefix="/api/worlds/{world}", tags=["gauges"])
MOST_BYTES = 4_000_000
RATE, RATE_S = 100, 10.0
"""Requests of one source in so many seconds."""
_asked: dict[str, deque[float]] = {}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": ReadingIn.model_json_schema(), "maxItems": 5000}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    "security": [{"source key": []}],
}


def sender(
    request: Request,
    engine: EngineDep,
    response: Response,
    world: Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,29}$", description="`live` or a drill's name")],
) -> tuple[World, Source]:
    """Who sends, by the key, and into which world."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise LoggedOut(
            "请以来源密钥访问（Authorization: Bearer …）。", "Send a source's key (Authorization: Bearer …)."
        )
    found = get_world(engine, world)
    source = sources.known(engine, key.strip(), found)
    now, asked = monotonic_s(), _asked.setdefault(source.id, deque())
    while asked and asked[0] < now - RATE_S:
        asked.popleft()
    if len(asked) >= RATE:
        raise TooMany("请求过于频繁，请合并成批上报。", "Too many requests; send larger batches.")
    asked.append(now)
    response.headers["X-World-Kind"] = found.kind
    return found, source


@router.post("/readings", responses=responses(404, 422, 429), openapi_extra=_BODY)
async def push(request: Request, who: Annotated[tuple[World, Source], Depends(sender)]) -> TakenOut:
    """Send readings, JSON or CSV, at most 5,000 rows and 4 MB: good rows are stored, the others said and kept."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Invalid("内容超过 4 MB。", "This is more than 4 MB.", field="body")

    def done() -> TakenOut:
        taken = take(who[0], read(bytes(body), request.headers.get("content-type", "")), who[1])
        watching.watch(who[0], taken.stations)
        return TakenOut(
            stored=taken.stored,
            duplicate=taken.duplicate,
            suspect=taken.suspect,
            rejected=taken.rejected,
            problems=[ProblemOut(**asdict(problem)) for problem in taken.problems],
        )

    return await run_in_threadpool(done)


@router.get("/gauges", responses=responses(404, 422))
def index(world: WorldDep, at: At = None) -> list[GaugeOut]:
    """All gauges, and the sensors that have reported, with rolling windows: as they stand, or stood."""
    with reading(world) as tx:
        return [GaugeOut(**item) for item in gauge_views.gauges(tx, at)]


@router.get("/gauges/{code}/series", responses=responses(404, 422))
def series(
    world: WorldDep,
    code: str,
    hours: Annotated[int, Query(ge=1, le=312)] = 24,
    step: Annotated[int, Query(description="seconds: 300, 600, 900, 1800, 3600, … 86400")] = 3600,
) -> SeriesOut:
    """A gauge's last hours in steps, for a chart."""
    with reading(world) as tx:
        return SeriesOut.model_validate(asdict(gauge_views.series(tx, code, hours, step)))


@router.get("/rain/areas", responses=responses(404, 422))
def rain_over_areas(
    world: WorldDep,
    by: Annotated[By, Query()] = "town",
    method: Annotated[Literal["idw", "thiessen"], Query()] = "idw",
    at: At = None,
) -> AreasRainOut:
    """Mean rain over areas, by inverse distance or Thiessen's polygons; a catchment is what drains to a water gauge."""
    with reading(world) as tx:
        return AreasRainOut.model_validate(asdict(gauge_views.rain_over(tx, by, method, at)))


@router.get("/rain/field", responses=responses(404, 422))
def field_of_rain(
    world: WorldDep,
    hours: Annotated[int, Query(description="1, 3, 6, 12 or 24")] = 1,
    at: At = None,
) -> RainFieldOut:
    """The rain between the gauges over the district's towns: a picture, its classes in mm, the towns' means. 参考."""
    with reading(world) as tx:
        return RainFieldOut.model_validate(rain_field.over_district(tx, hours, at))
