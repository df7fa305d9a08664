"""Who is in a shelter: by the code of a card or tag, by hand, or from a paper list typed later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from command.access import require
from command.board import record
from command.transfer import stocks
from command.transfer.codes import inside, known
from command.transfer.events import ShelterRegistered
from command.transfer.once import once
from command.transfer.persons import Evidence, Said, end_if_all_are_back, take, when
from command.transfer.room import settle
from command.transfer.shelters import elsewhere, in_towns
from command.transfer.tables import (
    RejectedRow,
    ShelterRegistration,
    ShelterState,
    TransferHousehold,
    TransferOrder,
    TransferPerson,
)
from gis_data.db import Writing, as_owner
from gis_data.errors import BaochuError, Conflict, Invalid, NotFound
from gis_data.tables import TABLES
from gis_data.tables.base import new_id

Leaves = Literal["home", "other_shelter", "relatives", "other", "medical", "left"]
"""Where somebody goes who leaves a shelter; `left`: nobody knows."""
MOST_ROWS = 2000


@dataclass(frozen=True)
class Row:
    """One coming or leaving: of a household or a person by code, or of so many `unlisted` who are in no register.

    Of a household those come who are not known to be elsewhere or to stay behind, or the `persons` named. `to` says
    where they go who leave; `mends` is the rejected row of an earlier list that this one takes the place of.
    """

    direction: Literal["in", "out"] = "in"
    code: str = ""
    persons: tuple[str, ...] = ()
    unlisted: int = 0
    needs: str = ""
    kits: bool = False
    to: Leaves | None = None
    happened_at: datetime | None = None
    mends: UUID | None = None


@dataclass(frozen=True)
class Unread:
    """A row of a paper list that could not be read: as it came, and what is wrong."""

    raw: dict[str, Any]
    error: Invalid


@dataclass
class _Done:
    came: list[str]
    left: list[str]
    unlisted_in: int
    unlisted_out: int
    orders: set[UUID]
    kits: int
    short: int
    passed_over: list[str]


def register(
    tx: Writing, shelter_code: str, key: UUID, rows: Sequence[Row | Unread], evidence: Evidence
) -> dict[str, Any]:
    """Let people in or out of a shelter.

    By scan or by hand all rows are taken or none. Of a paper list those that cannot be taken are kept, with row and
    field, and the others stand. Who is under an open order is verified thereby. The same key answers the same.
    Raises Conflict where a shelter is full or not open, unless a paper list tells what happened already.
    """
    require(tx.actor, "shelter.keep")
    asked = {"shelter": shelter_code, "evidence": evidence, "rows": [_raw(row) for row in rows]}
    return once(tx, key, asked, lambda: _register(tx, shelter_code, key, rows, evidence))


def _register(
    tx: Writing, shelter_code: str, key: UUID, rows: Sequence[Row | Unread], evidence: Evidence
) -> dict[str, Any]:
    shelter = tx.session.get(ShelterState, shelter_code)
    if shelter is None:
        raise NotFound("该避灾场所尚未启用。", "That shelter is not in use.", field="code")
    in_towns(tx, shelter.town)
    if not 0 < len(rows) <= MOST_ROWS:
        raise Invalid(f"一次 1 至 {MOST_ROWS} 行。", f"1 to {MOST_ROWS} rows at once.", field="rows")
    done, rejected = _Done([], [], 0, 0, set(), 0, 0, []), []
    with as_owner(tx):
        for n, row in enumerate(rows, 1):
            before = replace(
                done, came=[*done.came], left=[*done.left], orders={*done.orders}, passed_over=[*done.passed_over]
            )
            try:
                if isinstance(row, Unread):
                    raise row.error
                with tx.session.begin_nested():
                    _take(tx, shelter, key, row, evidence, done)
            except BaochuError as error:
                if evidence != "paper":
                    raise
                done = before
                rejected.append(_keep(tx, shelter, key, n, row, error))
        tx.session.flush()
    settled = settle(tx, done.orders)
    came, left = len(done.came) + done.unlisted_in, len(done.left) + done.unlisted_out
    zh = f"{shelter.name}登记：入 {came} 人、出 {left} 人（现 {shelter.occupancy}/{shelter.capacity or '—'}）"
    en = f"{shelter.name}: {came} in, {left} out (now {shelter.occupancy}/{shelter.capacity or '—'})"
    if rejected:
        zh, en = f"{zh}，{len(rejected)} 行待更正", f"{en}, {len(rejected)} rows to be mended"
    touched = sorted({shelter.code, *settled.shelters})
    orders = sorted(map(str, done.orders))
    record(tx, ShelterRegistered(zh, en, touched, orders, came, left, evidence, done.kits, str(key)), *settled.events)
    for id_ in sorted(done.orders):
        if (order := tx.session.get_one(TransferOrder, id_)).state == "released":
            end_if_all_are_back(tx, order)
    return {
        "shelter": shelter.code, "came": came, "left": left, "codes": [*done.came, *done.left],
        "occupancy": shelter.occupancy, "capacity": shelter.capacity, "fill": shelter.fill, "kits": done.kits,
        "kits_short": done.short, "passed_over": done.passed_over, "rejected": rejected,
    }  # fmt: skip


def _take(tx: Writing, shelter: ShelterState, key: UUID, row: Row, evidence: Evidence, done: _Done) -> None:
    happened_at = when(tx, evidence, row.happened_at)
    if bool(row.code) == bool(row.unlisted):
        raise Invalid("请填写编码，或未在册人数。", "Give a code, or a number of unlisted persons.", field="code")
    if row.direction == "in":
        _in(tx, shelter, key, row, evidence, happened_at, done)
    else:
        _out(tx, shelter, key, row, evidence, happened_at, done)
    if row.mends:
        mended = tx.session.get(RejectedRow, row.mends)
        if mended is None or mended.shelter_code != shelter.code or mended.settled_at:
            raise NotFound("没有这一待更正行。", "There is no such row to be mended.", field="mends")
        mended.settled_at, mended.settled_by = tx.at, tx.actor.post


def _in(
    tx: Writing, shelter: ShelterState, key: UUID, row: Row, evidence: Evidence, happened_at: datetime, done: _Done
) -> None:
    found, others = known(tx, row.code, row.persons) if row.code else ([], [])
    done.passed_over += others
    here = {r.code: r for r in inside(tx, [code for code, _ in found])}
    new = [(code, person) for code, person in found if not (code in here and here[code].shelter_code == shelter.code)]
    count = row.unlisted or len(new)
    if not count:
        raise Conflict(f"{row.code} 已在此登记。", f"{row.code} is registered here already.", field="code")
    if evidence != "paper":
        if shelter.state != "open":
            raise Conflict(f"{shelter.name}未开放。", f"{shelter.name} is not open.", field="code")
        now_in = shelter.occupancy + len(done.came) - len(done.left) + done.unlisted_in - done.unlisted_out
        if shelter.capacity is not None and now_in + count > shelter.capacity:
            left, (zh, en) = max(shelter.capacity - now_in, 0), elsewhere(tx, shelter, count)
            raise Conflict(
                f"{shelter.name}余 {left} 位，{count} 人须改往他处{zh}。",
                f"{shelter.name} has room for {left}; {count} persons have to go elsewhere{en}.",
                field="code",
            )
    kits = _kits(tx, shelter, key, count, done) if row.kits else 0
    for n, (code, person) in enumerate(new or [(None, None)] * count):
        if code and code in here:  # came from another shelter without having left it
            _leave(tx, here[code], evidence, happened_at, "other_shelter")
            tx.session.flush()
        order_id = person.order_id if person else None
        tx.session.add(
            ShelterRegistration(
                id=new_id(), key=key, shelter_code=shelter.code, town=shelter.town, order_id=order_id,
                person_id=person.id if person else None, code=code, needs=row.needs, kits=int(n < kits),
                evidence=evidence, in_at=happened_at, in_by=tx.actor.post, recorded_at=tx.real_at,
            )
        )  # fmt: skip
        if person:
            there = Said("arrived", evidence=evidence, destination="shelter", shelter_code=shelter.code)
            if (person.state, person.shelter_code) != ("arrived", shelter.code):  # a claim by another stays whose it is
                take(tx, person, key, there, happened_at)
            take(tx, person, key, replace(there, to="verified"), happened_at)
            done.orders.add(person.order_id)
    done.came += [code for code, _ in new]
    done.unlisted_in += row.unlisted
    tx.session.flush()


def _kits(tx: Writing, shelter: ShelterState, key: UUID, count: int, done: _Done) -> int:
    """So many kits as there are; nobody is turned away for want of them."""
    if shelter.kit_stock is None:
        raise Invalid(f"{shelter.name}未指定物资库存。", f"{shelter.name} has no stock for kits.", field="kits")
    level = stocks.level_of(tx, shelter.kit_stock)
    kits = min(count, int(level.on_hand))
    if kits:
        stocks.take(tx, key, level, -kits, "入住发放", None, shelter.code)
    done.kits += kits
    done.short += count - kits
    return kits


def _out(
    tx: Writing, shelter: ShelterState, key: UUID, row: Row, evidence: Evidence, happened_at: datetime, done: _Done
) -> None:
    if row.to is None:
        raise Invalid("请填写离开去向。", "Say where they go.", field="to")
    r, p = ShelterRegistration, TransferPerson
    query = select(r).where(r.out_at.is_(None), r.shelter_code == shelter.code)
    if row.unlisted:
        rows = tx.session.scalars(query.where(r.code.is_(None)).order_by(r.in_at, r.id).limit(row.unlisted)).all()
        if len(rows) < row.unlisted:
            raise Conflict(f"未在册人员只有 {len(rows)} 人。", f"Only {len(rows)} unlisted are in.", field="unlisted")
    else:
        h, c = TransferHousehold, TABLES["at_risk_person"].c
        under = select(p.id).join(h, h.id == p.household_id).where(h.code == row.code)
        of = select(c.code).where(c.valid_to.is_(None), c.household_code == row.code)
        mine = (r.code == row.code) | r.person_id.in_(under) | r.code.in_(of)
        rows = [one for one in tx.session.scalars(query.where(mine)) if not row.persons or one.code in row.persons]
        if not rows:
            raise Conflict(f"{row.code} 未在此登记。", f"{row.code} is not registered here.", field="code")
    for one in rows:
        _leave(tx, one, evidence, happened_at, row.to)
        person = tx.session.get(TransferPerson, one.person_id) if one.person_id else None
        if person and person.ended_at is None:
            _follow(tx, person, key, row.to, evidence, happened_at)
            done.orders.add(person.order_id)
    done.left += [one.code for one in rows if one.code]
    done.unlisted_out += row.unlisted
    tx.session.flush()


def _leave(tx: Writing, one: ShelterRegistration, evidence: Evidence, happened_at: datetime, to: Leaves) -> None:
    if happened_at < one.in_at:
        raise Invalid("离开早于登记时间。", "They left before they came.", field="happened_at")
    one.out_at, one.out_by, one.out_evidence, one.out_to = happened_at, tx.actor.post, evidence, to


def _follow(
    tx: Writing, person: TransferPerson, key: UUID, to: Leaves, evidence: Evidence, happened_at: datetime
) -> None:
    """What leaving a shelter means for somebody under an order; nobody goes home before that is allowed."""
    released = person.state == "may_return"
    if to == "home":
        if not released:
            raise Conflict("尚未允许返回。", "They may not go back yet.", field="to")
        take(tx, person, key, Said("returned", evidence=evidence), happened_at)
    elif released:
        return
    elif to in ("relatives", "other"):
        take(tx, person, key, Said("arrived", evidence=evidence, destination=to), happened_at)
    elif to == "medical":
        take(tx, person, key, Said("medical", evidence=evidence), happened_at)
    else:
        lost = "departed" if to == "other_shelter" else "unreachable"
        take(tx, person, key, Said(lost, evidence=evidence), happened_at)


def _raw(row: Row | Unread) -> dict[str, Any]:
    if isinstance(row, Unread):
        return row.raw
    return {name: str(value) if isinstance(value, datetime | UUID) else value for name, value in asdict(row).items()}


def _keep(
    tx: Writing, shelter: ShelterState, key: UUID, n: int, row: Row | Unread, error: BaochuError
) -> dict[str, Any]:
    kept = RejectedRow(
        id=new_id(), key=key, shelter_code=shelter.code, town=shelter.town, row=n, raw=_raw(row),
        field=error.field or "", zh=error.zh, en=error.en, at=tx.at, by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(kept)
    return {"id": str(kept.id), "row": n, "field": kept.field, "zh": kept.zh, "en": kept.en}
