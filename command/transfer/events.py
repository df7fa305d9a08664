"""What happens in a transfer, in the past tense. Facts are counts and codes of objects; nobody's name is among them."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class TransferOrderEvent(Event):
    """Something happened to an order; which, the kind says."""

    touches = {"transfers": "order_id"}

    order_id: str
    no: str


@dataclass(frozen=True)
class TransferDrafted(TransferOrderEvent):
    """An order was drafted; nobody is told to move yet."""

    objects: list[str]


@dataclass(frozen=True)
class TransferIssued(TransferOrderEvent):
    """An order was issued by a named post; each household has a shelter and a way, or it is said why not."""

    touches = {"transfers": "order_id", "shelters": "shelters"}

    households: int
    persons: int
    unplaced: int
    network_version: str
    closures: list[str]
    shelters: list[str]


@dataclass(frozen=True)
class TransferForceAsked(TransferOrderEvent):
    """A first post asked for forced transfer, on a legal basis."""

    legal_basis: str


@dataclass(frozen=True)
class TransferForceConfirmed(TransferOrderEvent):
    """A second post confirmed forced transfer (强制转移)."""

    legal_basis: str
    asked_by: str


@dataclass(frozen=True)
class TransferReleased(TransferOrderEvent):
    """Return was allowed (允许返回) after each object was checked."""

    touches = {"transfers": "order_id", "shelters": "shelters"}

    checks: list[dict[str, str]]
    shelters: list[str]


@dataclass(frozen=True)
class TransferEnded(TransferOrderEvent):
    """An order is over: everybody is back, or it was ended or taken back with a reason."""

    touches = {"transfers": "order_id", "shelters": "shelters"}

    reason: str
    shelters: list[str]


@dataclass(frozen=True)
class TransferStepped(TransferOrderEvent):
    """Persons took a step of the handbook's 5.6, claimed or verified; who they are, the steps' own table holds."""

    touches = {"transfers": "order_id", "shelters": "shelters"}

    to: str
    persons: int
    evidence: str
    key: str
    shelters: list[str]


@dataclass(frozen=True)
class HouseholdsAssigned(Event):
    """Households on their way got another shelter, or none that has room is left."""

    touches = {"transfers": "orders", "shelters": "shelters"}

    orders: list[str]
    shelters: list[str]
    households: int
    persons: int
    unplaced: int


@dataclass(frozen=True)
class ShelterSet(Event):
    """A shelter was opened, closed or taken out of use by a person."""

    touches = {"shelters": "shelters"}

    shelters: list[str]
    code: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class ShelterRegistered(Event):
    """Persons came into a shelter or left it."""

    touches = {"shelters": "shelters", "transfers": "orders"}

    shelters: list[str]
    orders: list[str]
    came: int
    left: int
    evidence: str
    kits: int
    key: str


@dataclass(frozen=True)
class ShelterNearFull(Event):
    """A shelter has come to the share of its room at which others are opened (接近满员)."""

    touches = {"shelters": "code"}

    code: str
    occupancy: int
    capacity: int


@dataclass(frozen=True)
class ShelterFull(ShelterNearFull):
    """A shelter is full (满员) and leaves the assignment."""


@dataclass(frozen=True)
class ShelterHasRoom(ShelterNearFull):
    """A shelter that was full, or near it, has room again."""


@dataclass(frozen=True)
class StockMoved(Event):
    """Supplies were issued or returned."""

    stock: str
    quantity: float
    on_hand: float
    order_id: str | None
    shelter: str | None
    reason: str


@dataclass(frozen=True)
class CardsPrinted(Event):
    """Cards (明白卡) were printed."""

    cards: int
    villages: list[str]


@dataclass(frozen=True)
class TransferPersonRead(Event):
    """Somebody opened the identity of a person under an open order."""

    order_id: str
    code: str
    fields: list[str]


@dataclass(frozen=True)
class TransferRecordsPurged(Event):
    """Records of persons were deleted or made anonymous, past the days that they may be kept."""

    orders: list[str]
    persons: int
    registrations: int
    days: int
