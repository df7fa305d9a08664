"""Sources of readings and their keys; for administrators."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request

from command import sources
from gis_data.tables import ReadingSource
from web.api.accounts import ManagerDep
from web.api.gauge_schemas import FeedOut, KeyOut, SourceIn, SourceOut
from web.deps import ActorDep, EngineDep
from web.errors import responses

router = APIRouter(prefix="/api", tags=["gauges"])


def shown(row: ReadingSource) -> SourceOut:
    """A source, without its secret."""
    return SourceOut(**{name: getattr(row, name) for name in SourceOut.model_fields})


@router.get("/sources", responses=responses())
def index(engine: EngineDep, actor: ManagerDep) -> list[SourceOut]:
    """All sources, revoked ones too."""
    return [shown(row) for row in sources.sources(engine)]


@router.post("/sources", status_code=201, responses=responses(409, 422))
def create(body: SourceIn, engine: EngineDep, actor: ManagerDep) -> KeyOut:
    """Make a source; its key is told this once."""
    key = sources.add(
        engine, actor, body.id, body.name, worlds=body.worlds, elements=body.elements, stations=body.stations
    )
    return KeyOut(source=next(shown(row) for row in sources.sources(engine) if row.id == body.id), key=key)


@router.post("/sources/{source_id}/revoke", responses=responses(404, 409, 422))
def revoke(source_id: str, engine: EngineDep, actor: ManagerDep) -> SourceOut:
    """Let a source's key hold no longer."""
    sources.revoke(engine, actor, source_id)
    return next(shown(row) for row in sources.sources(engine) if row.id == source_id)


@router.get("/feeds", responses=responses())
def feeds(request: Request, actor: ActorDep) -> list[FeedOut]:
    """How the ways are that readings come in by: the broker, what is pulled."""
    return [FeedOut(**asdict(feed)) for feed in request.app.state.feeds.all()]
