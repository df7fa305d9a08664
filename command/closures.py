"""Road closures (道路封控): set and lifted by a person; the routes of teams under way follow at once."""

from __future__ import annotations

from uuid import UUID

from shapely import MultiLineString
from sqlalchemy import select

from command import dispatch, roads
from command.access import require
from command.board import record
from command.events import RoadClosed, RoadReopened
from command.tables import Closure
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables import Road
from gis_data.tables.base import SRID, new_id
from layers.network import DRIVE, snap

CLICK_LIMIT_M = 200.0
"""How far from a road a click may be to mean it."""


def close(tx: Writing, lon: float, lat: float, reason: str) -> Closure:
    """Close the drivable road segment nearest to a point (EPSG:4490), and re-route who would use it."""
    require(tx.actor, "closure.set")
    if not reason.strip():
        raise Invalid("请填写封控原因。", "Say why it is closed.", field="reason")
    in_force = roads.closures(tx.session)
    network = roads.network(tx.session)
    road_id = snap(network, lon, lat, DRIVE, frozenset(), limit_m=CLICK_LIMIT_M).road_id
    if road_id in roads.closed_roads(in_force):
        raise Conflict("该路段已封控。", "This segment is closed already.")
    name = tx.session.scalar(select(Road.name).where(Road.id == road_id)) or "无名道路"
    line = network.lines[network.row(road_id)]
    row = Closure(
        id=new_id(),
        road_ids=[road_id],
        road_name=name,
        reason=reason,
        geom=f"SRID={SRID};{MultiLineString([line]).wkt}",
        set_at=tx.at,
        set_by=tx.actor.post,
        recorded_at=tx.real_at,
    )
    tx.session.add(row)
    words = (f"{name}封控（{reason}）", f"{name} closed ({reason})")
    record(
        tx,
        RoadClosed(f"道路封控：{name}，{reason}", f"Road closed: {name}, {reason}", str(row.id), [road_id], reason),
    )
    dispatch.roads_closed(tx, row.id, frozenset([road_id]), words)
    return row


def lift(tx: Writing, closure_id: UUID, reason: str) -> Closure:
    """Reopen a closed segment. Only a person does this, with a reason."""
    require(tx.actor, "closure.lift")
    row = tx.session.get(Closure, closure_id)
    if row is None:
        raise NotFound("没有这一封控。", "There is no such closure.", field="closure_id")
    if row.lifted_at:
        raise Conflict("该封控已解除。", "This closure is lifted already.")
    if not reason.strip():
        raise Invalid("请填写解除依据。", "Say why it is lifted.", field="reason")
    row.lifted_at, row.lifted_by, row.lift_reason = tx.at, tx.actor.post, reason
    name = row.road_name
    record(
        tx,
        RoadReopened(
            f"解除封控：{name}，{reason}",
            f"Road reopened: {name}, {reason}",
            str(row.id),
            list(row.road_ids),
            reason,
        ),
    )
    dispatch.roads_opened(tx, (f"{name}恢复通行", f"{name} reopened"))
    return row
