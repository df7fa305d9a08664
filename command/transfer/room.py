"""The room of shelters kept true: counts, near-full and full, and another shelter for those on their way.

All of it sees the whole district, whoever acts, and commits with what caused it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from command import roads
from command.board import record
from command.events import Event
from command.transfer.assigning import assign, issued, kind_of, send_again, waiting_for
from command.transfer.figures import count, count_orders, figures, fill_up
from command.transfer.refuges import refuges
from command.transfer.tables import ShelterState, TransferHousehold, TransferOrder
from command.transfer.vehicles import CARRIERS
from gis_data.db import Reading, Writing, as_owner, reading, writing
from gis_data.world import SYSTEM, World
from layers.evacuation import REASONS
from layers.profiles import TRANSFER, TRANSFER_VULNERABLE


@dataclass(frozen=True)
class Settled:
    """What followed from a command: events, and the shelters whose figures are others now."""

    events: list[Event]
    shelters: list[str]


def settle(tx: Writing, orders: Iterable[UUID] = (), *, again: bool = False) -> Settled:
    """Bring counts up to date, find other shelters for whom there is none, and say what changed.

    Whoever calls it records what it returns after an event of its own that touches these shelters and `orders`, which
    are counted too. Households without a shelter are thought of where some shelter's figures changed, or `again`.
    """
    with as_owner(tx):
        before = figures(tx)
        count(tx)
        events = fill_up(tx)
        moved = send_again(tx) if again or figures(tx) != before else None
        if moved:
            count(tx)
            events += [*fill_up(tx), moved]
        count_orders(tx, {*orders, *(UUID(id_) for id_ in (moved.orders if moved else []))})
        after = figures(tx)
    return Settled(events, sorted(code for code in after if after[code] != before.get(code)))


def watch(world: World) -> None:
    """Notice shelters that the register says are unfit by now, and send elsewhere who is on the way there."""
    with reading(world) as tx:
        held = set(tx.session.scalars(select(ShelterState.code).where(ShelterState.assigned > 0)))
        kinds = {kind_of(order) for order in issued(tx).values()} if held else set()
        if not any(
            one.code in held and set(one.reasons) & REASONS.keys() - {"out_of_use"}
            for hazard, overnight in kinds
            for one in refuges(tx, hazard, overnight=overnight)
        ):
            return
    with writing(world, SYSTEM) as now:
        settled = settle(now, again=True)
        if settled.events:
            record(now, *settled.events)


def shut_for(tx: Reading) -> dict[str, set[int]]:
    """The roads that are closed to each who is moved: on foot, or by a kind of vehicle."""
    now, known = roads.limits(tx.session), roads.profiles(tx)
    who = (TRANSFER, TRANSFER_VULNERABLE, *CARRIERS)
    return {one.id: {id_ for id_, limit in now.items() if limit.stops(known[one.id])} for one in who}


def roads_closed(tx: Writing, road_ids: frozenset[int]) -> list[Event]:
    """Other ways, or other shelters, for households whose way leads over roads that have just been closed to them."""
    h, o = TransferHousehold, TransferOrder
    shut = shut_for(tx)
    cut = [id_ for id_ in road_ids if any(id_ in some for some in shut.values())]
    query = select(o.id).join(h, h.order_id == o.id).where(o.state == "issued", h.road_ids.overlap(cut)).limit(1)
    with as_owner(tx):
        if not cut or tx.session.scalar(query) is None:
            return []
        before = figures(tx)
        todo = [one for one in waiting_for(tx) if set(one.row.road_ids) & set(cut) & shut[one.row.profile]]
        moved = assign(tx, todo, anew=True)
        if moved is None:
            return []
        count(tx)
        events = fill_up(tx)
        count_orders(tx, map(UUID, moved.orders))
        after = figures(tx)
    changed = {code for code in after if after[code] != before.get(code)}
    return [*events, replace(moved, shelters=sorted({*moved.shelters, *changed}))]
