"""The steps of persons (the handbook's 5.6): claimed by those who are there, verified by another account or a shelter.

A step may be left out, for a late list often tells of the last one alone; none goes back, but for those who were
thought to be away, safe or lost and are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from command.access import require
from command.board import record
from command.transfer.events import TransferEnded, TransferStepped
from command.transfer.once import once
from command.transfer.room import settle
from command.transfer.tables import ShelterState, TransferHousehold, TransferOrder, TransferPerson, TransferStep
from gis_data.db import Reading, Writing, as_owner
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables.base import new_id

Evidence = Literal["scan", "manual", "paper"]
Destination = Literal["shelter", "relatives", "other"]
_OUT = ("due", "notified", "contacted")
STEPS: dict[str, tuple[str, str, frozenset[str]]] = {
    "notified": ("已通知", "notified", frozenset({"due"})),
    "contacted": ("已联系", "contacted", frozenset({"due", "notified", "unreachable", "away", "away_confirmed"})),
    "departed": ("已出发", "departed", frozenset({*_OUT, "persuaded", "forced"})),
    "arrived": (
        "已到达", "arrived",
        frozenset({*_OUT, "departed", "persuaded", "forced", "unreachable", "refused", "away", "away_confirmed",
                   "medical"}),
    ),
    "verified": ("已核验", "verified", frozenset({"arrived", "medical"})),
    "returned": ("已返回", "returned", frozenset({"may_return"})),
    "away": ("不在家", "away", frozenset({*_OUT, "unreachable"})),
    "away_confirmed": ("不在家（已确认）", "away, confirmed", frozenset({"away"})),
    "unreachable": ("失联", "unreachable", frozenset({*_OUT, "departed", "arrived"})),
    "refused": ("拒转", "refused", frozenset({*_OUT, "persuaded"})),
    "persuaded": ("劝导", "being persuaded", frozenset({"refused"})),
    "forced": ("强制转移", "moved by force", frozenset({"refused", "persuaded"})),
    "medical": (
        "就医", "in medical care",
        frozenset({*_OUT, "departed", "arrived", "verified", "unreachable", "refused", "persuaded", "forced"}),
    ),
}  # fmt: skip
"""Step → its words, and the states that it may be taken from. 允许返回 (`may_return`) comes by releasing the order."""
MAY_RETURN = frozenset({"departed", "forced", "arrived", "verified", "medical"})
"""Who is told, when an order is released, that they may go back."""
WORDS = {"due": ("应转", "to be moved"), "may_return": ("允许返回", "may return")} | {
    to: (zh, en) for to, (zh, en, _) in STEPS.items()
}
_JUDGED = ("verified", "away_confirmed")


@dataclass(frozen=True)
class Said:
    """What is said of persons: whole households or single ones by code, which step, on what evidence, when it was."""

    to: str
    households: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    evidence: Evidence = "manual"
    happened_at: datetime | None = None
    destination: Destination | None = None
    shelter_code: str | None = None
    note: str = ""


def get_order(tx: Reading, order_id: UUID, *states: str) -> TransferOrder:
    """The order, which must be in one of these states where any are named."""
    order = tx.session.get(TransferOrder, order_id)
    if order is None:
        raise NotFound("没有这一转移指令。", "There is no such transfer order.", field="order_id")
    if states and order.state not in states:
        raise Conflict(f"转移指令 {order.no} 现为“{order.state}”。", f"Transfer order {order.no} is “{order.state}”.")
    return order


def step(tx: Writing, order_id: UUID, key: UUID, said: Said) -> dict[str, Any]:
    """Take a step of persons under an order; the same key again changes nothing and answers the same.

    Of a household those take it who can; the answer names the others. Single persons must all be able to.
    Raises Denied where the account that claimed would verify, Conflict where nobody can take the step.
    """
    require(tx.actor, "transfer.verify" if said.to in _JUDGED else "transfer.report")
    asked = {"order": str(order_id), **{name: str(value) for name, value in said.__dict__.items()}}
    return once(tx, key, asked, lambda: _step(tx, order_id, key, said))


def _step(tx: Writing, order_id: UUID, key: UUID, said: Said) -> dict[str, Any]:
    order = get_order(tx, order_id, "issued", "released")
    zh, en, possible = STEPS[said.to]
    happened_at = when(tx, said.evidence, said.happened_at)
    _check(tx, order, said)
    people = _people(tx, order, said)
    able = [one for one in people if one.state in possible]
    others = [one for one in people if one.state not in possible]
    if not able or any(one.code in said.persons for one in others):
        named = "、".join(f"{one.code} {WORDS[one.state][0]}" for one in others[:3])
        raise Conflict(f"不能登记为“{zh}”：{named}。", f"They cannot be {en} now: {named}.", field="persons")
    for one in able:
        if said.to in _JUDGED and one.claimed_account == tx.actor.username:
            raise Denied(
                "申报与核验须由不同账号进行。", "Whoever claimed it does not verify it; another account does.",
                field="persons",
            )  # fmt: skip
        take(tx, one, key, said, happened_at)
    settled = settle(tx, [order.id])
    answer = {
        "no": order.no, "to": said.to, "persons": [one.code for one in able],
        "passed_over": [{"code": one.code, "state": one.state} for one in others],
    }  # fmt: skip
    told = f"{order.no} {zh} {len(able)} 人", f"{order.no}: {len(able)} persons {en}"
    stepped = TransferStepped(
        *told, str(order.id), order.no, said.to, len(able), said.evidence, str(key), settled.shelters
    )
    record(tx, stepped, *settled.events)
    if said.to == "returned":
        end_if_all_are_back(tx, order)
    return answer


def when(tx: Writing, evidence: str, said: datetime | None) -> datetime:
    """When it happened: as said, not later than now; a paper list must say it."""
    if said is None:
        if evidence == "paper":
            raise Invalid("补录纸质名单须填写发生时间。", "A paper list says when it happened.", field="happened_at")
        return tx.at
    if said > tx.at:
        raise Invalid("发生时间不能晚于现在。", "It cannot have happened later than now.", field="happened_at")
    return said


def _check(tx: Writing, order: TransferOrder, said: Said) -> None:
    if said.to == "arrived":
        if said.destination is None:
            raise Invalid("请选择去向。", "Say where they arrived.", field="destination")
        known = said.shelter_code and tx.session.get(ShelterState, said.shelter_code)
        if said.destination == "shelter" and not known:
            raise Invalid("请选择避灾场所。", "Say which shelter.", field="shelter_code")
    if said.to == "forced" and order.forced_at is None:
        raise Conflict(
            "强制转移须先有法律依据并经两个岗位确认。", "Force needs a legal basis and two posts' confirmation first."
        )
    if said.to in ("away", "refused", "unreachable", "medical") and not said.note.strip():
        raise Invalid("请填写说明。", "Say what was found.", field="note")
    if order.state == "released" and said.to != "returned":
        raise Conflict(f"{order.no} 已允许返回。", f"{order.no} is released.")


def _people(tx: Writing, order: TransferOrder, said: Said) -> list[TransferPerson]:
    """Those whom it is said of, among those whom the actor may see; each code must be known."""
    p, h = TransferPerson, TransferHousehold
    query = select(p, h.code).join(h, h.id == p.household_id).where(p.order_id == order.id)
    wanted = p.code.in_(said.persons) | h.code.in_(said.households)
    found = tx.session.execute(query.where(wanted).order_by(h.rank, p.code)).all()
    known = {one.code for one, _ in found} | {home for _, home in found}
    missing = sorted({*said.persons, *said.households} - known)
    if missing or not found:
        named = "、".join(missing[:5]) or "—"
        raise NotFound(
            f"{order.no} 中没有（或不在您的镇街范围）：{named}。",
            f"Not under {order.no}, or outside your towns: {named}.",
            field="persons" if set(missing) & set(said.persons) else "households",
        )
    return [one for one, _ in found]


def take(tx: Writing, one: TransferPerson, key: UUID, said: Said, happened_at: datetime) -> None:
    """Write one person's step down and change the state; permissions and states are checked by now."""
    tx.session.add(
        TransferStep(
            id=new_id(), key=key, order_id=one.order_id, person_id=one.id, town=one.town, before=one.state, to=said.to,
            evidence=said.evidence, destination=said.destination, shelter_code=said.shelter_code, note=said.note,
            happened_at=happened_at, at=tx.at, by=tx.actor.post, account=tx.actor.username, recorded_at=tx.real_at,
        )
    )  # fmt: skip
    claims = said.to in ("arrived", "away", "medical")
    if claims or (said.to in ("contacted", "departed", "unreachable") and one.claimed_at):
        one.claimed_at = one.claimed_by = one.claimed_account = None
        one.verified_at = one.verified_by = one.verified_account = one.evidence = None
        one.destination = one.shelter_code = None
    if claims:
        one.claimed_at, one.claimed_by, one.claimed_account = happened_at, tx.actor.post, tx.actor.username
        one.evidence = said.evidence
        one.destination = {"arrived": said.destination, "medical": "medical"}.get(said.to)
        one.shelter_code = said.shelter_code if said.destination == "shelter" else None
    if said.to in _JUDGED:
        one.verified_at, one.verified_by, one.verified_account = happened_at, tx.actor.post, tx.actor.username
        one.evidence = said.evidence
    if said.to == "forced":
        one.forced_at = happened_at
    if said.to == "returned":
        one.ended_at = tx.at
    one.state, one.since = said.to, happened_at


def end_if_all_are_back(tx: Writing, order: TransferOrder) -> None:
    """An order that is released ends when nobody is left who may still go back."""
    with as_owner(tx):
        left = tx.session.scalar(
            select(TransferPerson.id)
            .where(TransferPerson.order_id == order.id, TransferPerson.state == "may_return")
            .limit(1)
        )
        if order.state == "released" and left is None:
            close(tx, order, "全部返回")
    if order.state == "ended":
        event = TransferEnded(f"{order.no} 全部返回", f"{order.no}: all are back", str(order.id), order.no, "", [])
        record(tx, event)


def close(tx: Writing, order: TransferOrder, reason: str) -> None:
    """End an order and let its persons go, so that another order may have them; as the tables' owner."""
    order.state, order.ended_at, order.ended_by, order.ended_reason = "ended", tx.at, tx.actor.post, reason
    people: Sequence[TransferPerson] = tx.session.scalars(
        select(TransferPerson).where(TransferPerson.order_id == order.id, TransferPerson.ended_at.is_(None))
    ).all()
    for one in people:
        one.ended_at = tx.at
