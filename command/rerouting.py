"""Routes stay true (路线失效, 改线): a closure moves the teams that are still to arrive, in the same commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import shapely
from shapely import LineString, Point
from sqlalchemy import ColumnElement, func, select

from command import roads, sector, teams
from command.dispatch import STEPS, set_route
from command.events import Event, RouteInvalidated, RouteReplaced
from command.recommend import SNAP_LIMIT_M, minutes
from command.tables import Dispatch, Incident
from gis_data.db import Writing
from gis_data.errors import Invalid
from gis_data.tables import Team
from layers.network import Network
from layers.positions import snap
from layers.profiles import Profile
from layers.routing import Route, route


@dataclass(frozen=True)
class _UnderWay:
    """A dispatch still to arrive: who drives what, along which line, to where."""

    row: Dispatch
    team: str
    profile: Profile
    line: LineString
    target: tuple[float, float]
    fix: tuple[float, float] | None
    """Where its leader's phone is, while that is fresh; otherwise it is taken to be where its route's time says."""

    def share(self, at: datetime) -> float:
        """How much of the route the team has behind it, by its place or its time; 1 or more is overdue."""
        row = self.row
        if self.fix and row.departed_at:
            return min(float(self.line.project(Point(self.fix), normalized=True)), 0.999)
        if not row.departed_at:
            return 0.0
        gone = (at - row.route_from_at).total_seconds()
        return gone / row.travel_s if row.travel_s else 1.0

    def cut(self, road_ids: frozenset[int], network: Network, at: datetime) -> bool:
        """Whether the team still has one of these roads before it, and its vehicle may not pass there."""
        ahead = road_ids & set(self.row.road_ids) & network.closed(self.profile)
        share, plan = min(self.share(at), 1.0), network.plan
        middles = (plan.lines[plan.row(id_)].interpolate(0.5, normalized=True) for id_ in ahead)
        return any(share >= 1 or self.line.project(middle, normalized=True) > share for middle in middles)

    def way_now(self, network: Network, at: datetime, held: frozenset[int] = frozenset()) -> Route | None:
        """The fastest open route from where the team is now, or None; an overdue team could be anywhere.

        `held` : roads of a downwind sector; who is on one of them is led nowhere by itself.
        """
        if (share := self.share(at)) >= 1:
            return None
        here = Point(self.fix) if self.fix and self.row.departed_at else self.line.interpolate(share, normalized=True)
        try:
            if held and snap(network.apply(dict.fromkeys(held)), here.x, here.y, self.profile).road_id in held:
                return None
            start = snap(network, here.x, here.y, self.profile, limit_m=SNAP_LIMIT_M)
            target = snap(network, *self.target, self.profile, limit_m=SNAP_LIMIT_M)
        except Invalid:
            return None
        return route(network, start, target, self.profile)


def _still_to_arrive(tx: Writing, which: ColumnElement[bool]) -> list[_UnderWay]:
    d, i, known, fixed = Dispatch, Incident, roads.profiles(tx), teams.fixes(tx.session, tx.at)
    query = (
        select(d, Team.name, Team.vehicle, func.ST_AsBinary(d.route), func.ST_X(i.geom), func.ST_Y(i.geom))
        .join(Team, Team.id == d.team_id)
        .join(i, i.id == d.incident_id)
        .where(d.state.in_(STEPS[:3]), which)
        .order_by(d.ordered_at, d.id)
    )
    return [
        _UnderWay(
            row,
            name,
            roads.profile_of(vehicle, known),
            LineString(shapely.get_coordinates(shapely.from_wkb(bytes(line)))),
            (lon, lat),
            fixed.get(row.team_id),
        )
        for row, name, vehicle, line, lon, lat in tx.session.execute(query)
    ]


def _replace(tx: Writing, one: _UnderWay, way: Route, closures: tuple[str, ...], why: tuple[str, str]) -> RouteReplaced:
    row, before = one.row, one.row.travel_s
    set_route(row, way, closures, tx.at if row.departed_at else row.route_from_at)
    row.route_note = f"已改线：{why[0]}"
    return RouteReplaced(
        f"{one.team}改线：行车 {minutes(way.seconds)} 分（原 {minutes(before)} 分）",
        f"{one.team} re-routed: {minutes(way.seconds)} min of travel (was {minutes(before)})",
        str(row.id),
        way.seconds,
        way.metres,
        list(closures),
    )


def _without(overdue: bool) -> tuple[str, str]:
    if overdue:
        return "；队伍逾时未报到达，位置不明，请核实", "; the team is overdue and its position unknown: ask it"
    return "，无其他道路可达", ", and no other road leads there"


def roads_closed(tx: Writing, closure_id: UUID, road_ids: frozenset[int], why: tuple[str, str]) -> Iterator[Event]:
    """Flag (路线失效) every team that still has one of these roads before it, and re-route it if it can be.

    Yields the events, to be recorded together with the closure's own.
    """
    closures = roads.closure_ids(tx.session)
    for one in _still_to_arrive(tx, Dispatch.road_ids.overlap(list(road_ids))):
        network, held = sector.network(tx.session, one.row.incident_id), sector.crossed(tx.session, one.row.incident_id)
        if not one.cut(road_ids, network, tx.at):
            continue
        way = one.way_now(network, tx.at, held)
        tail = ("", "") if way else _without(one.share(tx.at) >= 1)
        one.row.route_valid, one.row.route_note = False, f"路线失效：{why[0]}{tail[0]}"
        yield RouteInvalidated(
            f"{one.team}路线失效：{why[0]}{tail[0]}",
            f"The route of {one.team} is cut: {why[1]}{tail[1]}",
            str(one.row.id),
            str(closure_id),
        )
        if way:
            yield _replace(tx, one, way, closures, why)


def roads_opened(tx: Writing, why: tuple[str, str]) -> Iterator[Event]:
    """Try again for every team that was left without a route; yields the events."""
    closures = roads.closure_ids(tx.session)
    for one in _still_to_arrive(tx, Dispatch.route_valid.is_(False)):
        network, held = sector.network(tx.session, one.row.incident_id), sector.crossed(tx.session, one.row.incident_id)
        if way := one.way_now(network, tx.at, held):
            yield _replace(tx, one, way, closures, why)
