"""Where a village or zone says to leave at once, an order is drafted by itself (内部提示); a post issues it or not.

One draft for a town, each time that it begins to say so: what was put away is not proposed again until then.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from sqlalchemy import select, text

from command.hazard_tables import HazardState
from command.transfer.orders import Draft, make_draft
from command.transfer.tables import TransferOrder
from gis_data.db import Reading, reading, writing
from gis_data.parameters import numbers_under
from gis_data.world import SYSTEM, World

MINUTES = 120.0
"""DEMO: in how long a transfer that is proposed is to be done. Parameter `transfer.deadline_minutes`."""
_BEHIND = text(
    """
    select exists (select from gis.key_village where code = :code and valid_to is null and :register = 'key_village'
      and households > 0)
    or exists (select from gis.geohazard_zone where code = :code and valid_to is null
      and :register = 'geohazard_zone' and threatened_households > 0)
    """
)


def settle(world: World) -> None:
    """Draft what is newly to be proposed."""
    with reading(world) as tx:
        if not _new(tx):
            return
    with writing(world, SYSTEM) as now:
        minutes = numbers_under(now.session, "transfer.", now.at).get("deadline_minutes", MINUTES)
        for _, some in groupby(_new(now), lambda one: one.town):
            states = list(some)
            first, more = states[0], f" 等 {len(states)} 处" if len(states) > 1 else ""
            trigger = f"{first.name}{more}立即转移（内部提示）{_rain(first)}"
            objects = tuple((one.register, one.code) for one in states)
            make_draft(now, Draft(trigger, now.at + timedelta(minutes=minutes), objects))


def _rain(one: HazardState) -> str:
    """By how much rain, where it was the rain."""
    said = one.evidence
    if said.get("window_h") is None:
        return ""
    return f"：{said['window_h']} 小时 {said['sum_mm']:g} 毫米，阈值 {said['threshold_mm']:g} 毫米"


def _new(tx: Reading) -> list[HazardState]:
    """Objects that say to leave at once, have households, and are in no order since they began to say so."""
    h, o = HazardState, TransferOrder
    found = tx.session.scalars(
        select(h).where(h.state == "immediate", h.withdrawn.is_(False)).order_by(h.town, h.id)
    ).all()
    if not found:
        return []
    first = min(one.since for one in found)
    orders = tx.session.execute(
        select(o.objects, o.drafted_at, o.state).where((o.drafted_at >= first) | o.state.in_(("draft", "issued")))
    ).all()

    def covered(one: HazardState) -> bool:
        return any(
            (row.drafted_at >= one.since or row.state in ("draft", "issued"))
            and any((of["register"], of["code"]) == (one.register, one.code) for of in row.objects)
            for row in orders
        )

    return [
        one
        for one in found
        if not covered(one) and tx.session.scalar(_BEHIND, {"register": one.register, "code": one.code})
    ]
