"""The room of shelters kept true: counts, near-full and full, and another shelter for those on their way.

All of it sees the whole district, whoever acts, and commits with what caused it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from sqlalchemy import ColumnElement, func, select

from command import roads
from command.board import record
from command.events import Event
from command.transfer.events import HouseholdsAssigned, ShelterFull, ShelterHasRoom, ShelterNearFull
from command.transfer.refuges import Group, Refuge, Way, refuges, ways
from command.transfer.tables import ShelterRegistration, ShelterState, TransferHousehold, TransferOrder, TransferPerson
from gis_data.db import Reading, Writing, as_owner, reading, writing
from gis_data.parameters import numbers_under
from gis_data.tables.base import SRID
from gis_data.world import SYSTEM, World
from layers.evacuation import REASONS
from layers.network import Network
from layers.profiles import TRANSFER

NEAR_FULL = 0.9
"""DEMO: the share of its room at which a shelter counts as nearly full. Parameter `shelter.near_full`."""
WAITING = ("due", "notified", "contacted", "departed", "unreachable", "refused", "persuaded", "forced")
"""States of those who have still to arrive, and for whom room is held."""
HELD = (*WAITING, "arrived", "verified")


def state_of(tx: Writing, one: Refuge) -> ShelterState:
    """A shelter as this world uses it; a first time it stands by."""
    row = tx.session.get(ShelterState, one.code)
    if row is None:
        row = ShelterState(
            code=one.code, name=one.name, town=one.town, lon=one.lon, lat=one.lat, state="standby", reason="",
            capacity=one.capacity, occupancy=0, assigned=0, fill="room", kit_stock=None, since=tx.at,
            set_by=tx.actor.post, updated_at=tx.at, recorded_at=tx.real_at,
        )  # fmt: skip
        tx.session.add(row)
    else:
        row.capacity = one.capacity
    return row


def give(tx: Writing, row: TransferHousehold, way: Way, network: Network, closures: Sequence[str]) -> None:
    """Write down where a household goes and how, and on which roads that rests."""
    walked = way.route
    row.shelter_code, row.problem, row.profile = (way.refuge.code if way.refuge else None), way.problem, way.profile
    row.route = from_shape(walked.geometry, SRID) if walked else None
    row.road_ids = list(walked.road_ids) if walked else []
    row.metres, row.seconds = (walked.metres, walked.seconds) if walked else (None, None)
    row.offset_m, row.avoided = way.offset_m, list(way.avoided)
    row.network_version, row.closures, row.assigned_at = network.version, list(closures), tx.at
    if way.refuge:
        state_of(tx, way.refuge)


@dataclass(frozen=True)
class _Waiting:
    """A household of which somebody has still to arrive."""

    row: TransferHousehold
    persons: int
    vulnerable: int
    departed: bool


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
        before = _figures(tx)
        _count(tx)
        events = _fill(tx)
        moved = _again(tx) if again or _figures(tx) != before else None
        if moved:
            _count(tx)
            events += [*_fill(tx), moved]
        count_orders(tx, {*orders, *(UUID(id_) for id_ in (moved.orders if moved else []))})
        after = _figures(tx)
    return Settled(events, sorted(code for code in after if after[code] != before.get(code)))


def _figures(tx: Writing) -> dict[str, tuple[object, ...]]:
    rows = tx.session.scalars(select(ShelterState))
    return {row.code: (row.occupancy, row.assigned, row.fill, row.capacity, row.state) for row in rows}


def _count(tx: Writing) -> None:
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


def _fill(tx: Writing) -> list[Event]:
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


def _waiting(tx: Writing) -> list[_Waiting]:
    h, p, o = TransferHousehold, TransferPerson, TransferOrder
    going = p.state.in_(WAITING)
    rows = tx.session.execute(
        select(
            h, func.count(), func.count().filter(p.vulnerable), func.bool_or(p.state == "departed"),
        )
        .join(p, p.household_id == h.id)
        .join(o, o.id == h.order_id)
        .where(o.state == "issued", going)
        .group_by(h.id)
        .order_by(h.order_id, h.rank)
    )  # fmt: skip
    return [_Waiting(*row) for row in rows.all()]


def _issued(tx: Reading) -> dict[UUID, TransferOrder]:
    return {one.id: one for one in tx.session.scalars(select(TransferOrder).where(TransferOrder.state == "issued"))}


def _kind(order: TransferOrder) -> tuple[str, bool]:
    """What a shelter must be fit for."""
    return order.hazard, order.overnight


def _again(tx: Writing) -> HouseholdsAssigned | None:
    """Another shelter for households whose own is shut, unfit or too full, and one for those who had none.

    Of a shelter with too little room those leave the assignment who have not departed, the last in order first.
    """
    waiting, orders = _waiting(tx), _issued(tx)
    kinds = {_kind(orders[one.row.order_id]) for one in waiting}
    shut = {(kind, one.code) for kind in kinds for one in refuges(tx, kind[0], overnight=kind[1]) if one.reasons}
    todo: list[_Waiting] = []
    going: dict[str, list[_Waiting]] = {}
    for one in waiting:
        code = one.row.shelter_code
        if code is None or (_kind(orders[one.row.order_id]), code) in shut:
            todo.append(one)
        else:
            going.setdefault(code, []).append(one)
    leave = Counter(one.row.shelter_code for one in todo for _ in range(one.persons))
    for code, here in sorted(going.items()):
        state = tx.session.get_one(ShelterState, code)
        over = state.occupancy + state.assigned - leave[code] - (state.capacity or 0)
        for one in sorted(here, key=lambda one: (one.departed, -one.row.rank)):
            if over <= 0:
                break
            over -= one.persons
            todo.append(one)
    return assign(tx, todo) if todo else None


def watch(world: World) -> None:
    """Notice shelters that the register says are unfit by now, and send elsewhere who is on the way there."""
    with reading(world) as tx:
        held = set(tx.session.scalars(select(ShelterState.code).where(ShelterState.assigned > 0)))
        kinds = {_kind(order) for order in _issued(tx).values()} if held else set()
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


def roads_closed(tx: Writing, road_ids: frozenset[int]) -> list[Event]:
    """Other ways, or other shelters, for households on their way over roads that have just been closed to walkers."""
    h, o = TransferHousehold, TransferOrder
    cut = [id_ for id_ in road_ids if (limit := roads.limits(tx.session).get(id_)) and limit.stops(TRANSFER)]
    query = select(o.id).join(h, h.order_id == o.id).where(o.state == "issued", h.road_ids.overlap(cut)).limit(1)
    with as_owner(tx):
        if not cut or tx.session.scalar(query) is None:
            return []
        before = _figures(tx)
        todo = [one for one in _waiting(tx) if set(one.row.road_ids) & set(cut)]
        moved = assign(tx, todo, anew=True)
        if moved is None:
            return []
        _count(tx)
        events = _fill(tx)
        count_orders(tx, map(UUID, moved.orders))
        after = _figures(tx)
    changed = {code for code in after if after[code] != before.get(code)}
    return [*events, replace(moved, shelters=sorted({*moved.shelters, *changed}))]


def assign(tx: Writing, todo: Sequence[_Waiting], *, anew: bool = False) -> HouseholdsAssigned | None:
    """Give these households what there is now; None where nothing becomes other than it was.

    `anew`: another way to the same shelter counts too.
    """
    found: dict[TransferHousehold, Way] = {}
    network = None
    going = Counter(one.row.shelter_code for one in todo for _ in range(one.persons))
    orders = _issued(tx)
    for hazard, overnight in sorted({_kind(orders[one.row.order_id]) for one in todo}):
        mine = [one for one in todo if _kind(orders[one.row.order_id]) == (hazard, overnight)]
        taken = Counter(way.refuge.code for way in found.values() if way.refuge)
        some = [
            _with_room(one, going[one.code] - taken[one.code]) for one in refuges(tx, hazard, overnight=overnight)
        ]  # what they leave is free for others of them
        groups = [Group(one.persons, one.vulnerable, *_place(tx, one.row)) for one in mine]
        new, network = ways(tx, groups, some)
        found |= dict(zip((one.row for one in mine), new, strict=True))
    before = {row: row.shelter_code for row in found}
    changed = {
        row: way
        for row, way in found.items()
        if anew or (way.refuge.code if way.refuge else None) != row.shelter_code or way.problem != row.problem
    }
    if not changed or network is None:
        return None
    closures = roads.closure_ids(tx.session)
    for row, way in changed.items():
        give(tx, row, way, network, closures)
    persons = {one.row: one.persons for one in todo}
    moved = sum(persons[row] for row, way in changed.items() if way.refuge)
    lost = sum(persons[row] for row, way in changed.items() if not way.refuge)
    touched = {code for row in changed for code in (before[row], row.shelter_code) if code}
    what, done = ("改线", "led another way") if anew else ("改派避灾场所", "sent to another shelter")
    zh = f"转移{what} {len(changed)} 户 {moved} 人" + (f"，{lost} 人暂无处安置或无路可走" if lost else "")
    en = f"{len(changed)} households, {moved} persons {done}" + (f", {lost} without room or way" if lost else "")
    ids = sorted({str(row.order_id) for row in changed})
    return HouseholdsAssigned(zh, en, ids, sorted(touched), len(changed), moved, lost)


def _with_room(one: Refuge, more: int) -> Refuge:
    return replace(one, free=one.free + more)


def _place(tx: Writing, row: TransferHousehold) -> tuple[float | None, float | None]:
    h = TransferHousehold
    lon, lat = tx.session.execute(select(func.ST_X(h.geom), func.ST_Y(h.geom)).where(h.id == row.id)).one()
    return lon, lat


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
