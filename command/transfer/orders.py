"""Transfer orders (转移指令): drafted, issued by a named post, forced by two, released when the danger is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import func, select

from command.access import require
from command.board import record
from command.hazard_tables import HazardState
from command.incidents import get_incident
from command.transfer.assigning import give
from command.transfer.events import (
    HouseholdsAssigned,
    TransferDrafted,
    TransferEnded,
    TransferForceAsked,
    TransferForceConfirmed,
    TransferIssued,
    TransferReleased,
)
from command.transfer.persons import MAY_RETURN, close, end_if_all_are_back, get_order
from command.transfer.plan import Plan, objects_of, plan
from command.transfer.room import settle
from command.transfer.tables import TransferHousehold, TransferOrder, TransferPerson, TransferStep
from gis_data.clock import SHANGHAI
from gis_data.crs import check_box
from gis_data.db import Reading, Writing, as_owner, district
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.tables.base import SRID, new_id

Hazard = Literal["flood", "geohazard", "typhoon", "fire"]


@dataclass(frozen=True)
class Draft:
    """What an order is about: objects (register, code) or an area (GeoJSON, EPSG:4490), why, and until when."""

    trigger: str
    deadline: datetime
    objects: tuple[tuple[str, str], ...] = ()
    area: dict[str, Any] | None = None
    area_name: str = ""
    hazard: Hazard | None = None
    overnight: bool = True
    incident_id: UUID | None = None


def draft(tx: Writing, said: Draft) -> TransferOrder:
    """Draft an order. Nobody is told to move, and no room is held; what it would say is a question (`planned`)."""
    require(tx.actor, "transfer.draft")
    return make_draft(tx, said)


def make_draft(tx: Writing, said: Draft) -> TransferOrder:
    """The same for what proposes by itself."""
    if not said.trigger.strip():
        raise Invalid("请填写启动依据。", "Say what triggers it.", field="trigger")
    if said.deadline <= tx.at:
        raise Invalid("完成时限须晚于现在。", "The deadline must be later than now.", field="deadline")
    if not said.objects and said.area is None:
        raise Invalid("请选择风险区、村落或范围。", "Name zones, villages or an area.", field="objects")
    if said.incident_id:
        get_incident(tx.session, said.incident_id)
    objects = objects_of(tx, list(dict.fromkeys(said.objects)))
    names = [one["name"] for one in objects] + ([said.area_name or "图上范围"] if said.area else [])
    zones = any(one["register"] == "geohazard_zone" for one in objects)
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    today = tx.session.scalar(select(func.count()).where(TransferOrder.no.startswith(day))) or 0
    row = TransferOrder(
        id=new_id(), no=f"{day}-Z{today + 1:03d}", state="draft", incident_id=said.incident_id, trigger=said.trigger,
        scope="、".join(names), objects=objects, area=_shape(tx, said.area), overnight=said.overnight,
        hazard=said.hazard or ("geohazard" if zones else "flood"), deadline=said.deadline, drafted_at=tx.at,
        drafted_by=tx.actor.post, checks=[], households=0, due=0, on_the_way=0, claimed=0, verified=0, away=0, forced=0,
        unreachable=0, refused=0, unplaced=0, network_version="", closures=[], recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    zh, en = f"起草转移指令 {row.no}：{row.scope}，{row.trigger}", f"Transfer order {row.no} drafted: {row.scope}"
    record(tx, TransferDrafted(zh, en, str(row.id), row.no, [f"{o['register']}:{o['code']}" for o in objects]))
    return row


def _shape(tx: Writing, area: dict[str, Any] | None) -> Any:
    if area is None:
        return None
    try:
        shape = shapely.from_geojson(json.dumps(area))
    except shapely.errors.GEOSException as error:
        raise Invalid("范围不是有效的 GeoJSON。", "The area is no valid GeoJSON.", field="area") from error
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or not shape.is_valid or shape.is_empty:
        raise Invalid("范围须为有效的多边形。", "The area must be a valid polygon.", field="area")
    west, south, east, north = shape.bounds
    box = tuple(district(tx.session).box)
    check_box(west, south, box)
    check_box(east, north, box)
    return from_shape(shape, SRID)


def area_of(tx: Reading, order: TransferOrder) -> dict[str, Any] | None:
    """The order's area as GeoJSON."""
    o = TransferOrder
    text = tx.session.scalar(select(func.ST_AsGeoJSON(o.area, 7)).where(o.id == order.id))
    return json.loads(text) if text else None


def planned(tx: Reading, order: TransferOrder) -> Plan:
    """What a draft would say if it were issued now."""
    return plan(tx, order.objects, area_of(tx, order), order.hazard, overnight=order.overnight)


def issue(tx: Writing, order_id: UUID) -> TransferOrder:
    """Issue a draft: each household gets a shelter with room and a way, or it is said that there is none.

    It is planned anew, as things are now; whoever is under another open order stays there. Raises Conflict where
    nobody is left to move.
    """
    require(tx.actor, "transfer.order")
    order = get_order(tx, order_id, "draft")
    with as_owner(tx):  # households of all towns, whoever issues
        made = planned(tx, order)
        if not made.homes:
            raise Conflict(
                "范围内没有需要转移的人员，或均已在其他指令中。",
                "Nobody there has to move, or all are under other orders.",
            )
        _write(tx, order, made)
    settled = settle(tx, [order.id])
    zh = f"下达转移指令 {order.no}：{order.scope}，{order.households} 户 {order.due} 人，由{order.issued_by}签发"
    en = f"Transfer order {order.no} issued by {order.issued_by}: {order.households} households, {order.due} persons"
    if order.unplaced:
        zh, en = f"{zh}，其中 {order.unplaced} 人无处安置或无路可走", f"{en}, {order.unplaced} without room or way"
    issued = TransferIssued(
        zh, en, str(order.id), order.no, order.households, order.due, order.unplaced, order.network_version,
        list(order.closures), settled.shelters,
    )  # fmt: skip
    record(tx, issued, *settled.events)
    return order


def _write(tx: Writing, order: TransferOrder, made: Plan) -> None:
    order.state, order.issued_at, order.issued_by = "issued", tx.at, tx.actor.post
    order.network_version, order.closures = made.network_version, list(made.closures)
    order.households = len(made.homes)
    for rank, (home, way) in enumerate(made.homes, 1):
        group = home.group
        row = TransferHousehold(
            id=new_id(), order_id=order.id, code=home.code, town=home.town, village=home.village, rank=rank,
            persons=group.persons, vulnerable=group.vulnerable, cadre_post=home.cadre_post,
            geom=from_shape(shapely.Point(home.lon, home.lat), SRID) if home.lon and home.lat else None,
            recorded_at=tx.real_at,
        )  # fmt: skip
        give(tx, row, way, made.network, made.closures)
        tx.session.add(row)
        tx.session.add_all(
            TransferPerson(
                id=new_id(), order_id=order.id, household_id=row.id, code=one.code, town=home.town,
                vulnerable=one.vulnerable, state="due", since=tx.at, recorded_at=tx.real_at,
            )
            for one in home.members
        )  # fmt: skip


def replan(tx: Writing, order_id: UUID) -> HouseholdsAssigned | None:
    """Look again for households without room or way; room that has come free is found by itself."""
    require(tx.actor, "transfer.order")
    order = get_order(tx, order_id, "issued")
    settled = settle(tx, [order.id], again=True)
    if settled.events:
        record(tx, *settled.events)
    return next((one for one in settled.events if isinstance(one, HouseholdsAssigned)), None)


def cancel(tx: Writing, order_id: UUID, reason: str) -> TransferOrder:
    """Put a draft away, with the reason."""
    require(tx.actor, "transfer.draft")
    order = get_order(tx, order_id, "draft")
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    order.state, order.ended_at, order.ended_by, order.ended_reason = "cancelled", tx.at, tx.actor.post, reason
    told = f"撤销转移指令草案 {order.no}：{reason}", f"Draft {order.no} put away: {reason}"
    record(tx, TransferEnded(*told, str(order.id), order.no, reason, []))
    return order


def ask_force(tx: Writing, order_id: UUID, legal_basis: str) -> TransferOrder:
    """A first post asks that people may be moved by force, and says on what legal basis."""
    require(tx.actor, "transfer.draft")
    order = get_order(tx, order_id, "issued")
    if not legal_basis.strip():
        raise Invalid("强制转移须填写法律依据。", "Force needs a legal basis.", field="legal_basis")
    if order.forced_at:
        raise Conflict("强制转移已确认。", "Force is confirmed already.")
    order.legal_basis, order.force_asked_at = legal_basis, tx.at
    order.force_asked_by, order.force_asked_account = tx.actor.post, tx.actor.username
    zh, en = f"提请强制转移 {order.no}：{legal_basis}", f"Forced transfer asked for, {order.no}: {legal_basis}"
    record(tx, TransferForceAsked(zh, en, str(order.id), order.no, legal_basis))
    return order


def confirm_force(tx: Writing, order_id: UUID) -> TransferOrder:
    """A second post, by another account, confirms it (强制转移)."""
    require(tx.actor, "transfer.order")
    order = get_order(tx, order_id, "issued")
    if order.force_asked_at is None or order.legal_basis is None or order.force_asked_by is None:
        raise Conflict("尚无提请强制转移。", "Nobody has asked for force.")
    if order.forced_at:
        raise Conflict("强制转移已确认。", "Force is confirmed already.")
    if tx.actor.username == order.force_asked_account or tx.actor.post == order.force_asked_by:
        raise Denied("须由另一岗位、另一账号确认。", "Another post and another account must confirm.")
    order.forced_at, order.forced_by = tx.at, tx.actor.post
    zh = f"确认强制转移 {order.no}：{order.force_asked_by}提请，{tx.actor.post}确认，依据{order.legal_basis}"
    en = f"Forced transfer confirmed, {order.no}: asked by {order.force_asked_by}, confirmed by {tx.actor.post}"
    record(tx, TransferForceConfirmed(zh, en, str(order.id), order.no, order.legal_basis, order.force_asked_by))
    return order


def release(tx: Writing, order_id: UUID, findings: Sequence[tuple[str, str]]) -> TransferOrder:
    """Allow return (允许返回) after each object was checked: `findings` are (register:code or `area`, what was found).

    Raises Invalid where an object has no finding, Conflict where a village or zone still says to leave at once.
    """
    require(tx.actor, "transfer.order")
    order = get_order(tx, order_id, "issued")
    found = dict(findings)
    names = {f"{o['register']}:{o['code']}": o["name"] for o in order.objects}
    if area_of(tx, order):
        names["area"] = "图上范围"
    for id_, name in names.items():
        if not found.get(id_, "").strip():
            raise Invalid(
                f"请填写“{name}”的核查结论。", f"Say what was found when “{name}” was checked.", field="findings"
            )
    states = tx.session.execute(select(HazardState.name, HazardState.state).where(HazardState.id.in_(list(names))))
    if still := [name for name, state in states.all() if state == "immediate"]:
        raise Conflict(f"{still[0]}仍为立即转移。", f"{still[0]} still says to leave at once.", field="findings")
    order.state, order.released_at, order.released_by = "released", tx.at, tx.actor.post
    order.checks = [{"object": id_, "name": name, "finding": found[id_]} for id_, name in names.items()]
    with as_owner(tx):
        key, p = new_id(), TransferPerson
        back = tx.session.scalars(select(p).where(p.order_id == order.id, p.state.in_(MAY_RETURN))).all()
        for one in back:
            tx.session.add(
                TransferStep(
                    id=new_id(), key=key, order_id=order.id, person_id=one.id, town=one.town, before=one.state,
                    to="may_return", evidence="system", note="", happened_at=tx.at, at=tx.at, by=tx.actor.post,
                    account=tx.actor.username, recorded_at=tx.real_at,
                )
            )  # fmt: skip
            one.state, one.since = "may_return", tx.at
        for one in tx.session.scalars(select(p).where(p.order_id == order.id, p.state != "may_return")):
            one.ended_at = one.ended_at or tx.at  # another order may have them
    settled = settle(tx, [order.id])
    zh, en = f"{order.no} 经核查允许返回 {len(back)} 人", f"{order.no} released: {len(back)} persons may go back"
    released = TransferReleased(zh, en, str(order.id), order.no, order.checks, settled.shelters)
    record(tx, released, *settled.events)
    end_if_all_are_back(tx, order)
    return order


def end(tx: Writing, order_id: UUID, reason: str) -> TransferOrder:
    """End a released order though not everybody is known to be back, with the reason."""
    require(tx.actor, "transfer.order")
    order = get_order(tx, order_id, "released")
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    with as_owner(tx):
        close(tx, order, reason)
    told = f"结束转移指令 {order.no}：{reason}", f"Transfer order {order.no} ended: {reason}"
    record(tx, TransferEnded(*told, str(order.id), order.no, reason, []))
    return order
