"""Shelters in use (避灾场所): opened and closed."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select

from command.access import require
from command.board import record
from command.transfer import stocks
from command.transfer.assigning import state_of
from command.transfer.events import ShelterSet
from command.transfer.refuges import Refuge, refuges
from command.transfer.room import settle
from command.transfer.tables import ShelterState
from gis_data.db import Writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from layers.evacuation import REASONS

State = Literal["open", "closed", "out_of_use"]
WORDS = {
    "standby": ("待命", "standing by"),
    "open": ("开放", "open"),
    "closed": ("关闭", "closed"),
    "out_of_use": ("停用", "out of use"),
}
NEVER = {"not_accepted", "appraisal_expired", "danger_zone"}
"""Why a shelter must not be opened at all, whatever the hazard."""


def refuge_of(tx: Writing, code: str) -> Refuge:
    """A shelter of the register as it would count for a flood with people overnight."""
    found = next((one for one in refuges(tx, "flood") if one.code == code), None)
    if found is None:
        raise NotFound(f"没有编码为 {code} 的避灾场所。", f"There is no shelter {code}.", field="code")
    return found


def in_towns(tx: Writing, town: str) -> None:
    """Whoever is confined to towns keeps the shelters there; raises Denied."""
    if tx.actor.towns and town not in tx.actor.towns:
        raise Denied("该避灾场所不在您的镇街范围。", "That shelter lies outside your towns.", field="code")


def put(tx: Writing, code: str, to: State, reason: str = "", kit_stock: str | None = None) -> ShelterState:
    """Open a shelter, close it, or take it out of use (with the reason).

    Those assigned to one that is no longer open go to the next with room, in the same commit. One with people in it is
    not closed; it may be taken out of use, and then says how many have to leave.
    """
    require(tx.actor, "shelter.keep")
    one = refuge_of(tx, code)
    in_towns(tx, one.town)
    if to != "open" and not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    if to == "open" and (never := NEVER & set(one.reasons)):
        why = REASONS[min(never)]
        raise Conflict(f"{one.name}不能开放：{why[0]}。", f"{one.name} cannot be opened: {why[1]}.")
    if kit_stock:
        stocks.level_of(tx, kit_stock)
    row = state_of(tx, one)
    tx.session.flush()
    if row.state == to and kit_stock in (None, row.kit_stock):
        raise Conflict(f"{row.name}已{WORDS[to][0]}。", f"{row.name} is {WORDS[to][1]} already.")
    if to == "closed" and row.occupancy:
        raise Conflict(f"{row.name}内还有 {row.occupancy} 人。", f"{row.occupancy} persons are still in {row.name}.")
    before, row.state, row.reason = row.state, to, reason
    row.kit_stock = kit_stock or row.kit_stock
    row.since, row.set_by, row.updated_at = tx.at, tx.actor.post, tx.at
    zh, en = f"避灾场所{WORDS[to][0]}：{row.name}", f"Shelter {row.name}: {WORDS[to][1]}"
    zh, en = (f"{zh}，{reason}", f"{en}, {reason}") if reason else (zh, en)
    if to == "out_of_use" and row.occupancy:
        zh, en = f"{zh}；内有 {row.occupancy} 人待转出", f"{en}; {row.occupancy} persons have to leave"
    settled = settle(tx, again=True)
    event = ShelterSet(zh, en, sorted({code, *settled.shelters}), code, before, to, reason)
    record(tx, event, *settled.events)
    return row


def elsewhere(tx: Writing, full: ShelterState, persons: int) -> tuple[str, str]:
    """The nearest open shelter with room for so many, in words to go on with; empty where there is none."""
    s = ShelterState
    metres = func.st_distancesphere(func.st_point(s.lon, s.lat), func.st_point(full.lon, full.lat))
    room = s.capacity - s.occupancy - s.assigned
    query = select(s.name, room).where(s.state == "open", s.code != full.code, room >= persons)
    near = tx.session.execute(query.order_by(metres, s.code).limit(1)).one_or_none()
    return (f"，最近为{near[0]}（余 {near[1]} 位）", f"; nearest {near[0]} ({near[1]} left)") if near else ("", "")
