"""Figures of a transfer brought up to date: who is in a shelter, room held, nearly full and full, orders in counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from command.events import Event
from command.transfer.events import ShelterFull, ShelterHasRoom, ShelterNearFull
from command.transfer.tables import ShelterRegistration, ShelterState, TransferHousehold, TransferOrder, TransferPerson
from gis_data.db import Writing
from gis_data.parameters import numbers_under

NEAR_FULL = 0.9
"""DEMO: the share of its room at which a shelter counts as nearly full. Parameter `shelter.near_full`."""
WAITING = ("due", "notified", "contacted", "departed", "unreachable", "refused", "persuaded", "forced")
"""States of those who have still to arrive, and for whom room is held."""
HELD = (*WAITING, "arrived", "verified")


def figures(tx: Writing) -> dict[str, tuple[object, ...]]:
    rows = tx.session.scalars(select(ShelterState))
    return {row.code: (row.occupancy, row.assigned, row.fill, row.capacity, row.state) for row in rows}


def count(tx: Writing) -> None:
    """Occupancy is who is registered; room is held for all others of open orders who go there or say they are there."""
    s, r, p, h, o = tx.session, ShelterRegistration, TransferPerson, TransferHousehold, TransferOrder
    s.flush()
    inside = dict(
        s.execute(select(r.shelter_code, func.count()).where(r.out_at.is_(None)).group_by(r.shelter_code)).all()
    )
    registered = select(r.person_id).where(r.out_at.is_(None), r.person_id.is_not(None))
    goes_to = func.coalesce(p.shelter_code, h.shelter_code)
    held = dict(
        s.execute(
            select(goes_to, func.count())
            .join(h, h.id == p.household_id)
            .join(o, o.id == p.order_id)
            .where(
                o.state == "issued", p.state.in_(HELD), p.id.not_in(registered), goes_to.is_not(None),
                func.coalesce(p.destination, "shelter") == "shelter",
            )
            .group_by(goes_to)
        ).all()
    )  # fmt: skip
    for row in s.scalars(select(ShelterState)):
        counts = (inside.get(row.code, 0), held.get(row.code, 0))
        if counts != (row.occupancy, row.assigned):
            row.occupancy, row.assigned = counts
            row.updated_at = tx.at


def fill_up(tx: Writing) -> list[Event]:
    """Notice, once, what is nearly full, full, or no longer so."""
    share = numbers_under(tx.session, "shelter.", tx.at).get("near_full", NEAR_FULL)
    events: list[Event] = []
    for row in tx.session.scalars(select(ShelterState).order_by(ShelterState.code)):
        fill = "room"
        if row.capacity is not None and row.occupancy >= share * row.capacity:
            fill = "full" if row.occupancy >= row.capacity else "near_full"
        if fill == row.fill:
            continue
        counts = f"{row.occupancy}/{row.capacity}"
        zh, en, kind = {
            "full": ("满员，退出安排", "is full and takes no more", ShelterFull),
            "near_full": ("接近满员", "is nearly full", ShelterNearFull),
            "room": ("恢复余量", "has room again", ShelterHasRoom),
        }[fill]
        if fill == "near_full" and row.fill == "full":
            kind = ShelterHasRoom
        row.fill, row.updated_at = fill, tx.at
        said = f"避灾场所{row.name}{zh}（{counts}）", f"Shelter {row.name} {en} ({counts})"
        events.append(kind(*said, row.code, row.occupancy, row.capacity or 0))
    return events


def count_orders(tx: Writing, ids: Iterable[UUID]) -> None:
    """The counts of orders that the board shows, from the states of their persons."""
    p, h = TransferPerson, TransferHousehold
    tx.session.flush()

    def many(condition: ColumnElement[bool]) -> Any:
        return func.count().filter(condition)

    for id_ in ids:
        order = tx.session.get_one(TransferOrder, id_)
        counts = tx.session.execute(
            select(
                func.count().label("due"),
                many(p.state == "departed").label("on_the_way"),
                many(p.claimed_at.is_not(None) & p.destination.is_not(None)).label("claimed"),
                many(p.verified_at.is_not(None) & p.destination.is_not(None)).label("verified"),
                many(p.state == "away_confirmed").label("away"),
                many(p.forced_at.is_not(None)).label("forced"),
                many(p.state == "unreachable").label("unreachable"),
                many(p.state.in_(("refused", "persuaded"))).label("refused"),
                many(p.state.in_(WAITING) & (h.problem != "")).label("unplaced"),
            )
            .join(h, h.id == p.household_id)
            .where(p.order_id == id_)
        ).one()
        for name, value in counts._mapping.items():
            setattr(order, name, value)
