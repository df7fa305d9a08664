"""Records of persons are not kept longer than they may be (保存期限): what is past it is deleted, counts stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from command.access import require
from command.board import record
from command.transfer.events import TransferRecordsPurged
from command.transfer.tables import (
    RejectedRow,
    RequestDone,
    ShelterRegistration,
    TransferHousehold,
    TransferOrder,
    TransferPerson,
    TransferStep,
)
from gis_data.db import Reading, Writing, as_owner
from gis_data.errors import NotFound
from gis_data.parameters import value_of

DAYS = 180
"""DEMO: how long records of persons are kept after an order is over. Parameter `privacy.retention_days`."""


@dataclass(frozen=True)
class Past:
    """What is past its time: orders by number, how many persons and registrations, and the days that hold."""

    orders: tuple[str, ...]
    persons: int
    registrations: int
    days: int


def purge(tx: Writing, *, only_say: bool = False) -> Past:
    """Delete persons, households, steps and registrations of orders that ended longer ago than may be kept.

    The orders stay with their counts, and so does the journal, which holds no persons. An order of which somebody is
    still in a shelter waits. `only_say` counts and deletes nothing.
    """
    require(tx.actor, "account.manage")
    days = _days(tx)
    since = tx.at - timedelta(days=days)
    o, p, h, s, r = TransferOrder, TransferPerson, TransferHousehold, TransferStep, ShelterRegistration
    with as_owner(tx):
        still = select(r.order_id).where(r.out_at.is_(None), r.order_id.is_not(None))
        old = tx.session.execute(
            select(o.id, o.no)
            .where(o.ended_at < since, o.id.not_in(still), o.id.in_(select(p.order_id)))
            .order_by(o.no)
        ).all()
        ids: list[UUID] = [row.id for row in old]
        left = (r.out_at < since) | r.order_id.in_(ids)
        persons, registrations = (
            tx.session.scalar(select(func.count()).select_from(table).where(which)) or 0
            for table, which in ((p, p.order_id.in_(ids)), (r, left))
        )
        past = Past(tuple(row.no for row in old), persons, registrations, days)
        if only_say:
            return past
        tx.session.execute(delete(r).where(left))
        for table in (s, p, h):
            tx.session.execute(delete(table).where(table.order_id.in_(ids)))
        tx.session.execute(delete(RejectedRow).where(RejectedRow.at < since))
        tx.session.execute(delete(RequestDone).where(RequestDone.at < since))
    if past.persons or past.registrations:
        zh = f"按保存期限 {days} 天清除人员记录：{len(old)} 份指令 {past.persons} 人、登记 {past.registrations} 条"
        en = f"Records older than {days} days deleted: {past.persons} persons, {past.registrations} registrations"
        record(tx, TransferRecordsPurged(zh, en, list(past.orders), past.persons, past.registrations, days))
    return past


def _days(tx: Reading) -> int:
    try:
        return round(value_of(tx.session, "privacy.retention_days", tx.at).number)
    except (NotFound, ValueError):
        return DAYS
