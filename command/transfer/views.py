"""What is shown of orders, households and shelters to those who work on them; nobody's name but on purpose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from command.access import permissions, require
from command.board import record
from command.transfer.events import TransferPersonRead
from command.transfer.figures import WAITING
from command.transfer.persons import STEPS, get_order
from command.transfer.plan import Plan
from command.transfer.room import shut_for
from command.transfer.tables import (
    RejectedRow,
    ShelterRegistration,
    TransferHousehold,
    TransferOrder,
    TransferPerson,
    TransferStep,
)
from command.transfer.vehicles import trips
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Denied, NotFound
from gis_data.registers import rows
from gis_data.tables import TABLES
from gis_data.vault import vault
from gis_data.world import Actor
from layers.evacuation import REASONS

WHY_NOT = REASONS | {"closed": ("关闭", "closed"), "full": ("满员", "full")}


def allow(actor: Actor) -> None:
    """Let those pass who draft, report or keep shelters; others see the board's counts."""
    if not {"transfer.draft", "transfer.report"} & permissions(actor.role):
        require(actor, "transfer.report")


def rate(order: Mapping[str, Any]) -> float | None:
    """Completion rate: verified of all who are due but those confirmed away; None where nobody is."""
    base = order["due"] - order["away"]
    return order["verified"] / base if base else None


def plan_of(tx: Reading, plan: Plan) -> dict[str, Any]:
    """A plan as it is shown: households in their order, shelters with why they are not used."""
    return {
        "households": len(plan.homes), "persons": plan.persons, "vulnerable": plan.vulnerable,
        "unplaced": plan.unplaced, "under_order": plan.under_order, "network_version": plan.network_version,
        "closures": list(plan.closures), "vehicles": trips(tx, _moved(plan)),
        "homes": [
            {
                "code": home.code, "village": home.village, "rank": n, "persons": len(home.members),
                "vulnerable": home.group.vulnerable, "shelter_code": way.refuge.code if way.refuge else None,
                "problem": way.problem, "profile": way.profile,
                "metres": way.route and way.route.metres, "minutes": way.route and way.route.seconds / 60,
                "offset_m": way.offset_m, "avoided": list(way.avoided),
            }
            for n, (home, way) in enumerate(plan.homes, 1)
        ],
        "shelters": [
            {
                "code": one.code, "name": one.name, "capacity": one.capacity, "free": max(one.free, 0),
                "state": one.state, "reasons": [{"zh": WHY_NOT[r][0], "en": WHY_NOT[r][1]} for r in one.reasons],
                "assigned": sum(
                    len(home.members) for home, way in plan.homes if way.refuge and way.refuge.code == one.code
                ),
            }
            for one in plan.refuges
        ],
    }  # fmt: skip


def _moved(plan: Plan) -> list[tuple[str, str, int]]:
    return [(way.refuge.code, way.profile, len(home.members)) for home, way in plan.homes if way.refuge]


def vehicles(tx: Reading, actor: Actor, order: TransferOrder) -> list[dict[str, Any]]:
    """The trips by vehicle that an order still takes, by shelter and kind."""
    allow(actor)
    h, p = TransferHousehold, TransferPerson
    query = (
        select(h.shelter_code, h.profile, func.count())
        .join(p, p.household_id == h.id)
        .where(h.order_id == order.id, h.shelter_code.is_not(None), p.state.in_(WAITING))
        .group_by(h.id)
    )
    return trips(tx, [(str(code), kind, count) for code, kind, count in tx.session.execute(query)])


def households(tx: Reading, actor: Actor, order: TransferOrder) -> list[dict[str, Any]]:
    """The households under an open order, in the actor's towns: shelter, way, and where each person is.

    `way_open` says whether the way's roads are still open to them. Raises Conflict once the order is over.
    """
    allow(actor)
    if order.state not in ("issued", "released"):
        raise Conflict(f"转移指令 {order.no} 现为“{order.state}”。", f"Transfer order {order.no} is “{order.state}”.")
    h, p = TransferHousehold, TransferPerson
    shut = shut_for(tx)
    query = select(
        h.id, h.code, h.village, h.rank, h.persons, h.vulnerable, h.cadre_post, h.shelter_code, h.problem,
        h.profile, h.metres, h.seconds, h.offset_m, h.avoided, h.road_ids, h.network_version, h.closures,
        h.assigned_at, func.ST_AsGeoJSON(h.route, 7).label("route"),
    ).where(h.order_id == order.id)  # fmt: skip
    people: dict[UUID, list[dict[str, Any]]] = {}
    for one in tx.session.scalars(select(p).where(p.order_id == order.id).order_by(p.code)):
        people.setdefault(one.household_id, []).append(
            {
                "code": one.code, "vulnerable": one.vulnerable, "state": one.state, "since": one.since,
                "destination": one.destination, "shelter_code": one.shelter_code, "claimed_at": one.claimed_at,
                "claimed_by": one.claimed_by, "verified_at": one.verified_at, "verified_by": one.verified_by,
                "evidence": one.evidence, "forced": one.forced_at is not None,
            }
        )  # fmt: skip
    found = []
    for row in tx.session.execute(query.order_by(h.rank)).mappings():
        home = dict(row)
        seconds = home.pop("seconds")
        home["minutes"] = seconds / 60 if seconds is not None else None
        home["route"] = json.loads(home["route"]) if home["route"] else None
        home["way_open"] = not (set(home.pop("road_ids")) & shut[home["profile"]])
        home["people"] = people.get(home.pop("id"), [])
        found.append(home)
    return found


def steps(tx: Reading, actor: Actor, order: TransferOrder, code: str) -> list[dict[str, Any]]:
    """All steps of a person under an order, oldest first, with evidence and by whom."""
    allow(actor)
    s, p = TransferStep, TransferPerson
    query = (
        select(
            s.before, s.to, s.evidence, s.destination, s.shelter_code, s.note, s.happened_at, s.at, s.by, s.recorded_at
        )
        .join(p, p.id == s.person_id)
        .where(p.order_id == order.id, p.code == code)
    )
    order_of = [*STEPS, "may_return"].index  # of what was written at once, the arrival before its verification
    rows = [dict(row) for row in tx.session.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["at"], row.pop("recorded_at"), order_of(row["to"])))


def open_person(tx: Writing, order_id: UUID, code: str, data: Path) -> dict[str, str]:
    """The identity block of a person under an open order, in clear; that it was opened is journalled.

    Raises Denied where no open order has the person, NotFound outside the actor's towns.
    """
    require(tx.actor, "person.read")
    order = get_order(tx, order_id)
    p, c = TransferPerson, TABLES["at_risk_person"].c
    if order.state not in ("issued", "released"):
        raise Denied("指令已结束，不能查看身份信息。", "The order is over; identities are closed.", field="order_id")
    under = tx.session.scalar(select(p.id).where(p.order_id == order.id, p.code == code, p.ended_at.is_(None)))
    row_id = tx.session.scalar(select(c.id).where(c.code == code, c.valid_to.is_(None)))
    if under is None or row_id is None:
        raise NotFound(f"{order.no} 中没有 {code}。", f"{code} is not under {order.no}.", field="code")
    sealed = rows.secrets(tx.session, "at_risk_person", row_id)
    keys = vault(data)
    opened = {name: keys.open(words, "at_risk_person", name, code) for name, words in sealed.items()}
    zh, en = f"查看身份信息：{order.no} {code}", f"Identity opened: {order.no} {code}"
    record(tx, TransferPersonRead(zh, en, str(order.id), code, sorted(opened)))
    return opened


def inside(tx: Reading, actor: Actor, shelter_code: str) -> list[dict[str, Any]]:
    """Who is registered in a shelter of the actor's towns, by code; those in no register without one."""
    require(actor, "shelter.keep")
    r = ShelterRegistration
    query = select(r.id, r.code, r.order_id, r.needs, r.kits, r.evidence, r.in_at, r.in_by)
    found = tx.session.execute(
        query.where(r.shelter_code == shelter_code, r.out_at.is_(None)).order_by(r.in_at, r.code)
    ).mappings()
    return [dict(row) for row in found]


def rejected(tx: Reading, actor: Actor, shelter_code: str) -> Sequence[dict[str, Any]]:
    """Rows of paper lists that wait to be mended."""
    require(actor, "shelter.keep")
    r = RejectedRow
    query = select(r.id, r.row, r.raw, r.field, r.zh, r.en, r.at, r.by)
    open_ = query.where(r.shelter_code == shelter_code, r.settled_at.is_(None))
    return [dict(row) for row in tx.session.execute(open_.order_by(r.at, r.row)).mappings()]
