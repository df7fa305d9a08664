"""Transfer orders, those who are to move, shelters in use, supplies: what of them is kept in a world.

Tables marked `personal` show a town's account its own town's rows alone (`gis_data.scope.confine`). They hold codes and
no names; who is behind a code stands sealed in the registers.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import SRID, WORLD, Base

PERSONAL: Any = {"schema": WORLD, "info": {"personal": True}}
STATES = (
    "due", "notified", "contacted", "departed", "arrived", "verified", "may_return", "returned", "away",
    "away_confirmed", "unreachable", "refused", "persuaded", "forced", "medical",
)  # fmt: skip
EVIDENCE = ("scan", "manual", "paper", "system")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} in ({', '.join(repr(value) for value in values)})", name=column)


class TransferOrder(Base):
    """An order to bring people out of danger (转移指令), with the counts that the board shows."""

    __tablename__ = "transfer_order"
    __table_args__ = (
        _one_of("state", ("draft", "issued", "released", "ended", "cancelled")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.incident.id"))
    trigger: Mapped[str]
    scope: Mapped[str]
    objects: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """Zones and villages: `register`, `code`, `name`."""
    area: Mapped[Any] = mapped_column(Geometry("GEOMETRY", srid=SRID, spatial_index=False), nullable=True)
    hazard: Mapped[str]
    overnight: Mapped[bool]
    deadline: Mapped[datetime]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str | None]
    legal_basis: Mapped[str | None]
    force_asked_at: Mapped[datetime | None]
    force_asked_by: Mapped[str | None]
    force_asked_account: Mapped[str | None]
    forced_at: Mapped[datetime | None]
    """When the second post confirmed that people may be moved by force (强制转移)."""
    forced_by: Mapped[str | None]
    checks: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """What was found of each object before people were let back."""
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str | None]
    households: Mapped[int]
    due: Mapped[int]
    on_the_way: Mapped[int]
    claimed: Mapped[int]
    verified: Mapped[int]
    away: Mapped[int]
    forced: Mapped[int]
    unreachable: Mapped[int]
    refused: Mapped[int]
    unplaced: Mapped[int]
    """Persons still to move for whom there is no room or no way."""
    network_version: Mapped[str]
    closures: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class TransferHousehold(Base):
    """A household under an order, the shelter that has room for it, and the way there on foot."""

    __tablename__ = "transfer_household"
    __table_args__ = (
        _one_of("problem", ("", "no_way", "no_room")),
        Index("ix_transfer_household_order_id", "order_id"),
        PERSONAL,
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.transfer_order.id"))
    code: Mapped[str]
    town: Mapped[str]
    village: Mapped[str]
    rank: Mapped[int]
    """Whose turn it is: those with vulnerable persons first."""
    persons: Mapped[int]
    vulnerable: Mapped[int]
    cadre_post: Mapped[str | None]
    geom: Mapped[Any] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False), nullable=True)
    shelter_code: Mapped[str | None] = mapped_column(index=True)
    problem: Mapped[str]
    route: Mapped[Any] = mapped_column(Geometry("LINESTRING", srid=SRID, spatial_index=False), nullable=True)
    road_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    metres: Mapped[float | None]
    """Along the roads; `offset_m` more lie between the house and the road."""
    seconds: Mapped[float | None]
    offset_m: Mapped[float | None]
    profile: Mapped[str]
    avoided: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Roads of the shortest way that were prohibited: `road_id`, `name`, `why`."""
    network_version: Mapped[str]
    closures: Mapped[list[str]] = mapped_column(JSON)
    assigned_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class TransferPerson(Base):
    """A person under an order and the state of the handbook's 5.6; what was claimed and what was verified, apart."""

    __tablename__ = "transfer_person"
    __table_args__ = (
        _one_of("state", STATES),
        _one_of("destination", ("shelter", "relatives", "other", "medical")),
        Index("ix_transfer_person_order_id", "order_id"),
        Index("uq_transfer_person_open", "code", unique=True, postgresql_where=text("ended_at is null")),
        PERSONAL,
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.transfer_order.id"))
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.transfer_household.id"), index=True)
    code: Mapped[str]
    town: Mapped[str]
    vulnerable: Mapped[bool]
    state: Mapped[str]
    since: Mapped[datetime]
    destination: Mapped[str | None]
    shelter_code: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_account: Mapped[str | None]
    """Who said that the person has arrived, or is away; another account verifies."""
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    verified_account: Mapped[str | None]
    evidence: Mapped[str | None]
    forced_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class TransferStep(Base):
    """A step of a person with its evidence; never changed."""

    __tablename__ = "transfer_step"
    __table_args__ = (_one_of("evidence", EVIDENCE), Index("ix_transfer_step_person_id", "person_id"), PERSONAL)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID]
    """The request that it came with."""
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.transfer_order.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.transfer_person.id"))
    town: Mapped[str]
    before: Mapped[str]
    to: Mapped[str]
    evidence: Mapped[str]
    destination: Mapped[str | None]
    shelter_code: Mapped[str | None]
    note: Mapped[str]
    happened_at: Mapped[datetime]
    at: Mapped[datetime]
    by: Mapped[str]
    account: Mapped[str]
    recorded_at: Mapped[datetime]


class ShelterState(Base):
    """A shelter as this world uses it: open or not, how many are in it, how many are on their way."""

    __tablename__ = "shelter_state"
    __table_args__ = (
        _one_of("state", ("standby", "open", "closed", "out_of_use")),
        _one_of("fill", ("room", "near_full", "full")),
        {"schema": WORLD},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    lon: Mapped[float]
    lat: Mapped[float]
    state: Mapped[str]
    reason: Mapped[str]
    capacity: Mapped[int | None]
    occupancy: Mapped[int]
    assigned: Mapped[int]
    """Room held for those who are not registered yet."""
    fill: Mapped[str]
    kit_stock: Mapped[str | None]
    """The stock that its kits are taken from."""
    since: Mapped[datetime]
    set_by: Mapped[str]
    updated_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class ShelterRegistration(Base):
    """Somebody in a shelter: by a code, or without one for those in no register."""

    __tablename__ = "shelter_registration"
    __table_args__ = (
        _one_of("evidence", EVIDENCE),
        Index("uq_shelter_registration_in", "code", unique=True, postgresql_where=text("out_at is null")),
        Index("ix_shelter_registration_in", "shelter_code", postgresql_where=text("out_at is null")),
        PERSONAL,
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID]
    shelter_code: Mapped[str] = mapped_column(ForeignKey(f"{WORLD}.shelter_state.code"))
    town: Mapped[str]
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.transfer_order.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.transfer_person.id"))
    code: Mapped[str | None]
    needs: Mapped[str]
    kits: Mapped[int]
    evidence: Mapped[str]
    in_at: Mapped[datetime]
    in_by: Mapped[str]
    out_at: Mapped[datetime | None]
    out_by: Mapped[str | None]
    out_evidence: Mapped[str | None]
    out_to: Mapped[str | None]
    recorded_at: Mapped[datetime]


class RejectedRow(Base):
    """A row of a shelter's paper list that could not be taken, as it was typed, until it is settled."""

    __tablename__ = "shelter_rejected"
    __table_args__ = (PERSONAL,)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID]
    shelter_code: Mapped[str] = mapped_column(ForeignKey(f"{WORLD}.shelter_state.code"), index=True)
    town: Mapped[str]
    row: Mapped[int]
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    field: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    recorded_at: Mapped[datetime]


class StockLevel(Base):
    """What is left of a stock; counted anew when the register of stocks says another quantity."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand"), {"schema": WORLD})

    code: Mapped[str] = mapped_column(primary_key=True)
    counted: Mapped[float]
    on_hand: Mapped[float]
    updated_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class StockMove(Base):
    """An issue (negative) or return of supplies; never changed."""

    __tablename__ = "stock_move"
    __table_args__ = ({"schema": WORLD},)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID]
    stock_code: Mapped[str] = mapped_column(ForeignKey(f"{WORLD}.stock_level.code"), index=True)
    quantity: Mapped[float]
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.transfer_order.id"))
    shelter_code: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    recorded_at: Mapped[datetime]


class CardPrint(Base):
    """A household's card (明白卡) as it was printed last: the digest of what it said."""

    __tablename__ = "card_print"
    __table_args__ = (PERSONAL,)

    household_code: Mapped[str] = mapped_column(primary_key=True)
    town: Mapped[str]
    digest: Mapped[str]
    printed_at: Mapped[datetime]
    printed_by: Mapped[str]
    recorded_at: Mapped[datetime]


class RequestDone(Base):
    """A request that was done, by the key that its client made: asked again, it is answered and not done again."""

    __tablename__ = "request_done"
    __table_args__ = ({"schema": WORLD},)

    key: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    digest: Mapped[str]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
