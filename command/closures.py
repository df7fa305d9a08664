"""Road closures (道路封控): set and lifted by a person; the routes of teams under way follow at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shapely import MultiLineString
from sqlalchemy import select

from command import rerouting, roads
from command.access import require
from command.board import record
from command.events import RoadClosed, RoadReopened
from command.tables import Closure
from command.transfer import room
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables import Road
from gis_data.tables.base import SRID, new_id
from layers.positions import metres_to, snap
from layers.profiles import DRIVE, EVERYBODY, PROFILES, Limit

CLICK_LIMIT_M = 200.0
"""How far from a road a click may be to mean it."""


def close(
    tx: Writing, lon: float, lat: float, reason: str, limit: Limit = Limit(), road_id: int | None = None
) -> Closure:
    """Put a limit (by default: closed for everybody) on a road near a point (EPSG:4490); without a name, the nearest.

    Teams under way whose vehicle it stops are re-routed in the same commit.
    """
    require(tx.actor, "closure.set")
    whole = roads.base(tx.session)
    if road_id is None:
        road_id = snap(whole, lon, lat, DRIVE, limit_m=CLICK_LIMIT_M).road_id
    elif metres_to(whole, road_id, lon, lat) > CLICK_LIMIT_M:
        raise Invalid("该路段不在所点位置附近。", "That road is not near the point.", field="road_id")
    if roads.limits(tx.session).get(road_id, Limit(frozenset())).closed_for >= EVERYBODY:
        raise Conflict("该路段已封控。", "This segment is closed already.")
    return close_roads(tx, [road_id], reason, limit)


def close_roads(
    tx: Writing, road_ids: Sequence[int], reason: str, limit: Limit = Limit(), place: str | None = None
) -> Closure:
    """Put one limit on some roads, as `close` does; `place` names them where the first one's name would not do."""
    require(tx.actor, "closure.set")
    if not reason.strip():
        raise Invalid("请填写封控原因。", "Say why it is closed.", field="reason")
    if unknown := limit.closed_for - {*PROFILES, "drive", "walk", "*"}:
        raise Invalid(f"没有车型 {min(unknown)}。", f"No such kind of vehicle: {min(unknown)}.", field="closed_for")
    if limit == Limit(frozenset()):
        raise Invalid("请说明封控对象、减速或水深。", "Say whom it stops, how slow or how deep it is.", field="limit")
    plan = roads.base(tx.session).plan
    name = place or tx.session.scalar(select(Road.name).where(Road.id == road_ids[0])) or "无名道路"
    row = Closure(
        id=new_id(),
        road_ids=list(road_ids),
        road_name=name,
        closed_for=sorted(limit.closed_for),
        slower=limit.slower,
        depth_m=limit.depth_m or None,
        reason=reason,
        geom=f"SRID={SRID};{MultiLineString([plan.lines[plan.row(road_id)] for road_id in road_ids]).wkt}",
        set_at=tx.at,
        set_by=tx.actor.post,
        recorded_at=tx.real_at,
    )
    tx.session.add(row)
    zh, en = words(limit)
    closed = RoadClosed(
        f"{zh}：{name}，{reason}", f"{en}: {name}, {reason}", str(row.id), list(road_ids), reason,
        sorted(limit.closed_for), limit.slower, limit.depth_m or None,
    )  # fmt: skip
    why = f"{name}{zh[2:]}（{reason}）", f"{name}: {en} ({reason})"
    record(
        tx,
        closed,
        *rerouting.roads_closed(tx, row.id, frozenset(road_ids), why),
        *room.roads_closed(tx, frozenset(road_ids)),
    )
    return row


def words(limit: Limit) -> tuple[str, str]:
    """What a limit does, in both languages."""
    if limit.closed_for >= EVERYBODY:
        return "道路封控", "Road closed"
    kinds = [("车辆" if k == "drive" else "行人" if k == "walk" else PROFILES[k].zh) for k in sorted(limit.closed_for)]
    english = [
        ("vehicles" if k == "drive" else "walkers" if k == "walk" else PROFILES[k].en) for k in sorted(limit.closed_for)
    ]
    zh = [f"禁行{'、'.join(kinds)}"] if kinds else []
    en = [f"closed for {', '.join(english)}"] if kinds else []
    if limit.depth_m:
        zh.append(f"积水 {limit.depth_m * 100:.0f} 厘米")
        en.append(f"water {limit.depth_m * 100:.0f} cm deep")
    if limit.slower > 1:
        zh.append(f"通行慢 {limit.slower:g} 倍")
        en.append(f"{limit.slower:g} times slower")
    return f"道路{'，'.join(zh)}", f"Road {', '.join(en)}"


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
    opened = RoadReopened(
        f"解除封控：{name}，{reason}", f"Road reopened: {name}, {reason}", str(row.id), list(row.road_ids), reason
    )
    record(tx, opened, *rerouting.roads_opened(tx, (f"{name}恢复通行", f"{name} reopened")))
    return row
