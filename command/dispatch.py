"""Dispatch (力量调派): a team is ordered, acknowledges, departs, arrives, works, is released."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.orm import Session

from command import board, journal, roads, sector
from command.access import permissions, require
from command.events import DispatchAdvanced, TeamDispatched
from command.fire import stages
from command.incidents import get_incident
from command.recommend import Absent, Offer, Ranking, Reason, minutes, rank
from command.tables import Dispatch, Incident
from command.teams import get_team, led, put_state, standing
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables.base import SRID, new_id
from layers.routing import Route

STEPS = ("ordered", "acknowledged", "departed", "arrived", "working", "released")
WORDS = {
    "ordered": ("已下令", "ordered"),
    "acknowledged": ("已签收", "acknowledged"),
    "departed": ("已出发", "departed"),
    "arrived": ("已到达", "arrived"),
    "working": ("作业中", "working"),
    "released": ("已撤收", "released"),
}
_TEAM_STATE = {
    "ordered": "mustering",
    "acknowledged": "mustering",
    "departed": "en_route",
    "arrived": "on_scene",
    "working": "working",
    "released": "standby",
}


@dataclass(frozen=True, eq=False)
class Recommendation:
    """A ranking with what it was computed on; the same one as long as nothing happens."""

    ranking: Ranking
    computed_at: datetime
    network_version: str
    closures: tuple[str, ...]


def _point(session: Session, incident: Incident) -> tuple[float, float]:
    shape = board.item(session, "incidents", incident.id)
    return shape["lon"], shape["lat"]


_ranking = Lock()
_ranked: LRUCache[tuple[Any, ...], Recommendation] = LRUCache(64)
"""What was found for an incident holds as long as nothing happens: no event, no other roads."""


def recommendations(tx: Reading, incident_id: UUID) -> Recommendation:
    """Rank all teams for an open incident, on the roads and closures of this moment."""
    incident = get_incident(tx.session, incident_id)
    if incident.state == "closed":
        raise Conflict("该事件已结束。", "This incident is closed.")
    network = sector.network(tx.session, incident_id)
    key = (
        tx.session.get_bind().engine.url,
        tx.world.schema,
        incident_id,
        journal.position(tx.session),
        network.version,
    )
    with _ranking:
        if key not in _ranked:
            lon, lat = _point(tx.session, incident)
            ranking = rank(incident.kind, lon, lat, standing(tx.session), network, roads.profiles(tx))
            if held := sector.crossed(tx.session, incident_id):
                ranking = _refusing(ranking, sector.behind(tx, held))
            _ranked[key] = Recommendation(ranking, tx.at, network.version, roads.closure_ids(tx.session))
        return _ranked[key]


_REFUSED = Reason("避开下风向扇形后没有可达道路", "no way keeps out of the downwind sector")


def _refusing(found: Ranking, behind: frozenset[str]) -> Ranking:
    """A ranking where a downwind sector is kept out of: who stands behind it, or gets nowhere else, is absent."""
    offers = [one for one in found.offers if one.team_id not in behind]
    absent = [replace(one, reason=_REFUSED) if one.code == "unreachable" else one for one in found.absent]
    absent += [Absent(one.team_id, "unreachable", _REFUSED) for one in found.offers if one.team_id in behind]
    return Ranking(tuple(replace(one, rank=n) for n, one in enumerate(offers, 1)), tuple(absent))


def _chosen(found: Ranking, team_id: UUID, name: str, reason: str) -> Offer:
    for offer in found.offers:
        if offer.team_id == str(team_id):
            if offer.rank > 1 and not reason.strip():
                raise Invalid(
                    f"{name}不是首选（第 {offer.rank} 位），请写明理由。",
                    f"{name} is not the first choice (number {offer.rank}); give a reason.",
                    field="reason",
                )
            return offer
    why = next(a.reason for a in found.absent if a.team_id == str(team_id))
    raise Conflict(f"{name}不能派出：{why.zh}。", f"{name} cannot be sent: {why.en}.", field="team_id")


def set_route(row: Dispatch, way: Route, closures: tuple[str, ...], start: datetime) -> None:
    """Write down the way a team takes from a time on, and what it was computed on."""
    row.route = f"SRID={SRID};{way.geometry.wkt}"
    row.road_ids = list(way.road_ids)
    row.travel_s, row.distance_m = way.seconds, way.metres
    row.route_from_at, row.eta_at = start, start + timedelta(seconds=way.seconds)
    row.closures, row.network_version = list(closures), way.network_version
    row.route_valid = True


def order(tx: Writing, incident_id: UUID, team_id: UUID, reason: str) -> Dispatch:
    """Send a team. Its availability is checked again here; another than the first choice needs a reason."""
    require(tx.actor, "dispatch.order")
    incident = get_incident(tx.session, incident_id)
    team = get_team(tx.session, team_id)
    found = recommendations(tx, incident_id)
    offer = _chosen(found.ranking, team_id, team.name, reason)
    row = Dispatch(
        id=new_id(),
        incident_id=incident_id,
        team_id=team_id,
        state="ordered",
        reason=reason,
        muster_s=offer.muster_s,
        route_note="",
        ordered_by=tx.actor.post,
        ordered_at=tx.at,
        recorded_at=tx.real_at,
    )
    way = offer.way(sector.network(tx.session, incident_id))
    set_route(row, way, found.closures, tx.at + timedelta(seconds=offer.muster_s))
    tx.session.add(row)
    tx.session.flush()
    incident.state = "responding"
    put_state(tx, team_id, _TEAM_STATE["ordered"], "", row.id)
    eta = minutes(offer.eta_s)
    board.record(
        tx,
        TeamDispatched(
            f"派出{team.name} → {incident.title}，预计 {eta} 分到达" + (f"；理由：{reason}" if reason else ""),
            f"{team.name} sent to {incident.title}, ETA {eta} min" + (f"; reason: {reason}" if reason else ""),
            str(row.id),
            str(incident_id),
            str(team_id),
            offer.rank,
            reason,
            offer.muster_s,
            offer.travel_s,
            way.metres,
            list(found.closures),
            found.network_version,
        ),
    )
    return row


def get_dispatch(session: Session, dispatch_id: UUID) -> Dispatch:
    """The dispatch of that id."""
    row = session.get(Dispatch, dispatch_id)
    if row is None:
        raise NotFound("没有这一调派。", "There is no such dispatch.", field="dispatch_id")
    return row


def advance(tx: Writing, dispatch_id: UUID, to: str, note: str) -> Dispatch:
    """Take the next step, timed; a team may be released (撤收) from any step. Its leader may say so too."""
    anybodys = "dispatch.advance" in permissions(tx.actor.role)
    own = [] if anybodys else led(tx.session, tx.actor)
    if not own:
        require(tx.actor, "dispatch.advance")
    row = get_dispatch(tx.session, dispatch_id)
    if not anybodys and row.team_id not in own:
        require(tx.actor, "dispatch.advance")
    before = row.state
    step = STEPS.index(before)
    if before == "released" or (to != "released" and STEPS.index(to) != step + 1):
        raise Conflict(
            f"当前为“{WORDS[before][0]}”，不能变为“{WORDS[to][0]}”。",
            f"It is {WORDS[before][1]} now and cannot become {WORDS[to][1]}.",
            field="to",
        )
    if to == "released" and before in ("arrived", "working"):
        stages.check_release(tx.session, row.incident_id, get_incident(tx.session, row.incident_id).kind)
    row.state = to
    setattr(row, f"{to}_at", tx.at)
    if to == "departed":
        row.route_from_at, row.eta_at = tx.at, tx.at + timedelta(seconds=row.travel_s)
    put_state(tx, row.team_id, _TEAM_STATE[to], "", None if to == "released" else row.id)
    team = get_team(tx.session, row.team_id)
    board.record(
        tx,
        DispatchAdvanced(
            f"{team.name}：{WORDS[before][0]} → {WORDS[to][0]}" + (f"（{note}）" if note else ""),
            f"{team.name}: {WORDS[before][1]} → {WORDS[to][1]}" + (f" ({note})" if note else ""),
            str(row.id),
            str(row.team_id),
            before,
            to,
            note,
        ),
    )
    return row
