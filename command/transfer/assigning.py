"""Which shelter a household goes to and how: written down, and found again where the first will not do any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from geoalchemy2.shape import from_shape
from sqlalchemy import func, select

from command import roads
from command.transfer.events import HouseholdsAssigned
from command.transfer.figures import WAITING
from command.transfer.refuges import Group, Refuge, Way, refuges, ways
from command.transfer.tables import ShelterState, TransferHousehold, TransferOrder, TransferPerson
from command.transfer.vehicles import fleet
from gis_data.db import Reading, Writing
from gis_data.tables import TABLES
from gis_data.tables.base import SRID
from layers.network import Network


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
class Waiting:
    """A household of which somebody has still to arrive."""

    row: TransferHousehold
    persons: int
    vulnerable: int
    departed: bool


def waiting_for(tx: Writing) -> list[Waiting]:
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
    return [Waiting(*row) for row in rows.all()]


def issued(tx: Reading) -> dict[UUID, TransferOrder]:
    return {one.id: one for one in tx.session.scalars(select(TransferOrder).where(TransferOrder.state == "issued"))}


def kind_of(order: TransferOrder) -> tuple[str, bool]:
    """What a shelter must be fit for."""
    return order.hazard, order.overnight


def send_again(tx: Writing) -> HouseholdsAssigned | None:
    """Another shelter for households whose own is shut, unfit or too full, and one for those who had none.

    Of a shelter with too little room those leave the assignment who have not departed, the last in order first.
    """
    waiting, orders = waiting_for(tx), issued(tx)
    kinds = {kind_of(orders[one.row.order_id]) for one in waiting}
    shut = {(kind, one.code) for kind in kinds for one in refuges(tx, kind[0], overnight=kind[1]) if one.reasons}
    todo: list[Waiting] = []
    going: dict[str, list[Waiting]] = {}
    for one in waiting:
        code = one.row.shelter_code
        if code is None or (kind_of(orders[one.row.order_id]), code) in shut:
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


def assign(tx: Writing, todo: Sequence[Waiting], *, anew: bool = False) -> HouseholdsAssigned | None:
    """Give these households what there is now; None where nothing becomes other than it was.

    `anew`: another way to the same shelter counts too.
    """
    found: dict[TransferHousehold, Way] = {}
    network = None
    going = Counter(one.row.shelter_code for one in todo for _ in range(one.persons))
    orders = issued(tx)
    for hazard, overnight in sorted({kind_of(orders[one.row.order_id]) for one in todo}):
        mine = [one for one in todo if kind_of(orders[one.row.order_id]) == (hazard, overnight)]
        taken = Counter(way.refuge.code for way in found.values() if way.refuge)
        some = [
            _with_room(one, going[one.code] - taken[one.code]) for one in refuges(tx, hazard, overnight=overnight)
        ]  # what they leave is free for others of them
        seated = _seated(tx, [one.row.code for one in mine])
        groups = [Group(one.persons, one.vulnerable, *_place(tx, one.row), one.row.code in seated) for one in mine]
        new, network = ways(tx, groups, some, vehicles=fleet(tx))
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


def _seated(tx: Reading, codes: Sequence[str]) -> set[str]:
    """Of these households those in which somebody cannot walk."""
    c = TABLES["at_risk_household"].c
    return set(tx.session.scalars(select(c.code).where(c.valid_to.is_(None), c.code.in_(codes), c.disabled > 0)))
