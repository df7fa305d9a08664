"""Incidents, who is recommended for them, and who is sent."""

from __future__ import annotations

import json
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Response
from shapely.geometry import mapping

from command import board, dispatch, incidents
from gis_data.db import reading, writing
from web.api.schemas import (
    CloseIn,
    DispatchIn,
    DispatchOut,
    IncidentIn,
    IncidentOut,
    RecommendationOut,
)
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/incidents", tags=["incidents"])
_encoded: WeakKeyDictionary[dispatch.Recommendation, bytes] = WeakKeyDictionary()


@router.get("", responses=responses(404, 422))
def index(world: WorldDep) -> list[IncidentOut]:
    """Open incidents, oldest first."""
    with reading(world) as tx:
        found = board.items(tx.session, "incidents").values()
    return [IncidentOut(**item) for item in sorted(found, key=lambda i: str(i["no"]))]


@router.post(
    "",
    status_code=201,
    responses=responses(404, 409, 422) | {200: {"model": IncidentOut, "description": "Known already: the same `id`"}},
)
def report(world: WorldDep, actor: ActorDep, body: IncidentIn, response: Response) -> IncidentOut:
    """Report an incident; with the same `id` twice it is one."""
    with writing(world, actor) as tx:
        incident, new = incidents.report(tx, incidents.Report(**body.model_dump()))
        out = IncidentOut(**board.item(tx.session, "incidents", incident.id))
    if not new:
        response.status_code = 200
    return out


@router.get("/{incident_id}", responses=responses(404, 422))
def read(world: WorldDep, incident_id: UUID) -> IncidentOut:
    """One incident, open or closed."""
    with reading(world) as tx:
        incidents.get_incident(tx.session, incident_id)
        return IncidentOut(**board.item(tx.session, "incidents", incident_id))


@router.post("/{incident_id}/close", responses=responses(404, 409, 422))
def close(world: WorldDep, actor: ActorDep, incident_id: UUID, body: CloseIn) -> IncidentOut:
    """End an incident on a stated ground."""
    with writing(world, actor) as tx:
        incidents.close(tx, incident_id, body.ground)
        return IncidentOut(**board.item(tx.session, "incidents", incident_id))


@router.get("/{incident_id}/recommendations", response_model=RecommendationOut, responses=responses(404, 409, 422))
def recommendations(world: WorldDep, incident_id: UUID, response: Response) -> Response:
    """Teams by muster plus travel time, with reasons; and why each other team is absent."""
    with reading(world) as tx:
        found = dispatch.recommendations(tx, incident_id)
    if (body := _encoded.get(found)) is None:  # hundreds of teams: made once, and not checked once more
        body = _encoded[found] = _encode(incident_id, found)
    return Response(body, media_type="application/json", headers=dict(response.headers))


def _encode(incident_id: UUID, found: dispatch.Recommendation) -> bytes:
    body = {
        "incident_id": str(incident_id),
        "computed_at": found.computed_at.isoformat(),
        "network_version": found.network_version,
        "closures": found.closures,
        "offers": [
            {
                "rank": o.rank,
                "team_id": o.team_id,
                "muster_s": o.muster_s,
                "travel_s": o.travel_s,
                "eta_s": o.eta_s,
                "distance_m": o.route.metres if o.route else None,
                "route": mapping(o.route.geometry) if o.route else None,
                "reasons": [{"zh": r.zh, "en": r.en} for r in o.reasons],
            }
            for o in found.ranking.offers
        ],
        "absent": [
            {"team_id": a.team_id, "code": a.code, "zh": a.reason.zh, "en": a.reason.en} for a in found.ranking.absent
        ],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


@router.post("/{incident_id}/dispatches", status_code=201, responses=responses(404, 409, 422))
def order(world: WorldDep, actor: ActorDep, incident_id: UUID, body: DispatchIn) -> DispatchOut:
    """Send a team; another than the first choice needs a reason, and a busy team is a conflict."""
    with writing(world, actor) as tx:
        row = dispatch.order(tx, incident_id, body.team_id, body.reason)
        return DispatchOut(**board.item(tx.session, "dispatches", row.id))
