"""Records of persons are not kept longer than they may be (保存期限): what is past it is deleted, counts stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

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


def purge(tx: Writing) -> Past:
    """Delete persons, households, steps and registrations of orders that ended longer ago than may be kept.

    The orders stay with their counts, and so does the journal, which holds no persons. An order of which somebody is
    still in a shelter waits.
    """
    require(tx.actor, "account.manage")
    days = _days(tx)
    since = tx.at - timedelta(days=days)
    o, p, h, s, r = TransferOrder, TransferPerson, TransferHousehold, TransferStep, ShelterRegistration
    with as_owner(tx):
        still = select(r.order_id).where(r.out_at.is_(None), r.order_id.is_not(None))
        held = select(p.order_id)
        old = tx.session.execute(
            select(o.id, o.no).where(o.ended_at < since, o.id.not_in(still), o.id.in_(held)).order_by(o.no)
        ).all()
        ids: list[UUID] = [row.id for row in old]
        gone = tx.session.execute(delete(r).where((r.out_at < since) | r.order_id.in_(ids)).returning(r.id)).all()
        tx.session.execute(delete(s).where(s.order_id.in_(ids)))
        people = tx.session.execute(delete(p).where(p.order_id.in_(ids)).returning(p.id)).all()
        tx.session.execute(delete(h).where(h.order_id.in_(ids)))
        tx.session.execute(delete(RejectedRow).where(RejectedRow.at < since))
        tx.session.execute(delete(RequestDone).where(RequestDone.at < since))
    past = Past(tuple(row.no for row in old), len(people), len(gone), days)
    if past.persons or past.registrations:
        zh = f"按保存期限 {days} 天清除人员记录：{len(old)} 份指令 {len(people)} 人、登记 {len(gone)} 条"
        en = f"Records older than {days} days deleted: {len(people)} persons, {len(gone)} registrations"
        record(tx, TransferRecordsPurged(zh, en, list(past.orders), past.persons, past.registrations, days))
    return past


def _days(tx: Reading) -> int:
    try:
        return round(value_of(tx.session, "privacy.retention_days", tx.at).number)
    except (NotFound, ValueError):
        return DAYS
