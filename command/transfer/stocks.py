"""Supplies (物资): what is left of the stocks of the register, issued and returned with what for; never below zero."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from command.access import require
from command.board import record
from command.transfer.events import StockMoved
from command.transfer.once import once
from command.transfer.tables import ShelterState, StockLevel, StockMove, TransferOrder
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables import TABLES
from gis_data.tables.base import new_id


def listing(tx: Reading, depot: str | None = None) -> list[dict[str, Any]]:
    """The stocks of the register with what is left of each, and its unit."""
    s, i, d = (TABLES[key].c for key in ("supply_stock", "supply_item", "supply_depot"))
    query = (
        select(
            s.code, s.name, s.depot_code, d.name.label("depot"), s.item_code, i.name.label("item"), i.unit, s.quantity,
            s.reserved, s.expires_at, StockLevel.counted, StockLevel.on_hand,
        )
        .outerjoin_from(TABLES["supply_stock"], TABLES["supply_item"], (i.code == s.item_code) & i.valid_to.is_(None))
        .outerjoin(TABLES["supply_depot"], (d.code == s.depot_code) & d.valid_to.is_(None))
        .outerjoin(StockLevel, StockLevel.code == s.code)
        .where(s.valid_to.is_(None))
        .order_by(s.code)
    )  # fmt: skip
    rows = tx.session.execute(query.where(s.depot_code == depot) if depot else query).mappings()
    found = []
    for row in rows:
        one = dict(row)
        counted, on_hand = one.pop("counted"), one.pop("on_hand")
        one["on_hand"] = on_hand if counted == one["quantity"] else one["quantity"]
        found.append(one)
    return found


def level_of(tx: Writing, code: str) -> StockLevel:
    """What is left of a stock. Where the register was counted anew since, its quantity counts from now on."""
    c = TABLES["supply_stock"].c
    quantity = tx.session.scalar(select(c.quantity).where(c.code == code, c.valid_to.is_(None)))
    if quantity is None:
        raise NotFound(f"没有编码为 {code} 的库存。", f"There is no stock {code}.", field="stock_code")
    row = tx.session.get(StockLevel, code)
    if row is None:
        row = StockLevel(code=code, counted=quantity, on_hand=quantity, updated_at=tx.at, recorded_at=tx.real_at)
        tx.session.add(row)
    elif row.counted != quantity:
        row.counted = row.on_hand = quantity
    return row


def move(
    tx: Writing, key: UUID, code: str, quantity: float, reason: str, order_id: UUID | None, shelter_code: str | None
) -> dict[str, Any]:
    """Issue (below zero) or return (above) so much of a stock, in its unit; raises Conflict where there is too little.

    The same key again changes nothing and answers the same.
    """
    require(tx.actor, "stock.move")
    said = {"stock": code, "quantity": quantity, "reason": reason, "order": order_id, "shelter": shelter_code}
    return once(tx, key, said, lambda: _move(tx, key, code, quantity, reason, order_id, shelter_code))


def _move(
    tx: Writing, key: UUID, code: str, quantity: float, reason: str, order_id: UUID | None, shelter_code: str | None
) -> dict[str, Any]:
    if not quantity:
        raise Invalid("数量不能为零。", "The quantity must not be zero.", field="quantity")
    if not reason.strip():
        raise Invalid("请填写用途。", "Say what for.", field="reason")
    if order_id and tx.session.get(TransferOrder, order_id) is None:
        raise NotFound("没有这一转移指令。", "There is no such transfer order.", field="order_id")
    if shelter_code and tx.session.get(ShelterState, shelter_code) is None:
        raise NotFound("该避灾场所尚未启用。", "That shelter is not in use.", field="shelter_code")
    level = level_of(tx, code)
    if level.on_hand + quantity < 0:
        raise Conflict(f"库存 {code} 仅余 {level.on_hand:g}。", f"Of the stock {code} only {level.on_hand:g} are left.")
    if quantity > 0:
        out = -sum(tx.session.scalars(select(StockMove.quantity).where(StockMove.stock_code == code)))
        if quantity > out:
            raise Conflict(f"领出未还共 {out:g}，不能归还更多。", f"Only {out:g} are out; no more can come back.")
    take(tx, key, level, quantity, reason, order_id, shelter_code)
    zh, en = ("归还", "returned") if quantity > 0 else ("领出", "issued")
    told = f"物资{zh} {abs(quantity):g}（{code}），余 {level.on_hand:g}", f"Stock {code}: {abs(quantity):g} {en}"
    record(
        tx, StockMoved(*told, code, quantity, level.on_hand, str(order_id) if order_id else None, shelter_code, reason)
    )
    return {"stock_code": code, "on_hand": level.on_hand}


def take(
    tx: Writing, key: UUID, level: StockLevel, quantity: float, reason: str, order_id: UUID | None, shelter: str | None
) -> None:
    """Write a move down, for commands that have looked whether there is enough."""
    level.on_hand += quantity
    level.updated_at = tx.at
    tx.session.add(
        StockMove(
            id=new_id(), key=key, stock_code=level.code, quantity=quantity, order_id=order_id, shelter_code=shelter,
            reason=reason, at=tx.at, by=tx.actor.post, recorded_at=tx.real_at,
        )
    )  # fmt: skip
