"""What goes over HTTP of transfers: orders, households, steps, shelters, supplies, cards. Codes, and no names."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, computed_field

from command.transfer.views import rate
from web.api.schemas import Geometry, In, Line, Text

Code = Annotated[str, Field(min_length=1, max_length=64)]
Evidence = Literal["scan", "manual", "paper"]
OrderState = Literal["draft", "issued", "released", "ended", "cancelled"]
PersonState = Literal[
    "due", "notified", "contacted", "departed", "arrived", "verified", "may_return", "returned", "away",
    "away_confirmed", "unreachable", "refused", "persuaded", "forced", "medical",
]  # fmt: skip


ObjectId = Annotated[str, Field(pattern=r"^(geohazard_zone|key_village):.{1,64}$")]
"""A risk zone or a key village, as `register:code`."""


class TransferIn(In):
    """An order to draft: objects, an area, or both."""

    trigger: Line
    deadline: AwareDatetime
    objects: Annotated[list[ObjectId], Field(max_length=500)] = []
    area: Geometry | None = None
    area_name: Annotated[str, Field(max_length=100)] = ""
    hazard: Literal["flood", "geohazard", "typhoon", "fire"] | None = None
    overnight: bool = True
    incident_id: UUID | None = None


class TransferOut(BaseModel):
    """An order with its counts, which is all that the board shows: claimed and verified are apart."""

    id: UUID
    no: str
    state: OrderState
    incident_id: UUID | None
    trigger: str
    scope: str
    objects: list[dict[str, str]]
    hazard: str
    deadline: datetime
    drafted_at: datetime
    drafted_by: str
    issued_at: datetime | None
    issued_by: str | None
    force_asked_at: datetime | None
    forced_at: datetime | None
    released_at: datetime | None
    released_by: str | None
    households: int
    due: int
    on_the_way: int
    claimed: int
    verified: int
    away: int
    forced: int
    unreachable: int
    refused: int
    unplaced: int


class TransferDetailOut(TransferOut):
    """An order with its completion rate: verified of those due but for the ones confirmed away."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rate(self) -> float | None:
        """0…1; null where nobody is due."""
        return rate(self.model_dump(include={"due", "away", "verified"}))


class AvoidedOut(BaseModel):
    """A prohibited road of the way that would have been shorter."""

    road_id: int
    name: str
    zh: str
    en: str


class PlannedHomeOut(BaseModel):
    code: str
    village: str
    rank: int
    persons: int
    vulnerable: int
    shelter_code: str | None
    problem: Literal["", "no_way", "no_room"]
    profile: str
    metres: float | None
    minutes: float | None
    offset_m: float | None
    avoided: list[AvoidedOut]


class WhyNotOut(BaseModel):
    zh: str
    en: str


class RefugeOut(BaseModel):
    """A shelter as a plan sees it; with `reasons`, nobody is sent there."""

    code: str
    name: str
    capacity: int | None
    free: int
    state: str
    reasons: list[WhyNotOut]
    assigned: int


class RideOut(BaseModel):
    """People driven to a shelter by a kind of vehicle (车辆转移). `seats` and `trips`: null where none is fit."""

    shelter_code: str
    kind: str
    zh: str
    en: str
    households: int
    persons: int
    seats: int | None
    vehicles: int
    trips: int | None


class TransferPlanOut(BaseModel):
    """What a draft would say if it were issued now."""

    households: int
    persons: int
    vulnerable: int
    unplaced: int
    under_order: int
    network_version: str
    closures: list[str]
    homes: list[PlannedHomeOut]
    shelters: list[RefugeOut]
    vehicles: list[RideOut]


class PersonStateOut(BaseModel):
    code: str
    vulnerable: bool
    state: PersonState
    since: datetime
    destination: str | None
    shelter_code: str | None
    claimed_at: datetime | None
    claimed_by: str | None
    verified_at: datetime | None
    verified_by: str | None
    evidence: str | None
    forced: bool


class HouseholdOut(PlannedHomeOut):
    """A household under an order; `way_open`: none of its roads has been closed since."""

    cadre_post: str | None
    network_version: str
    closures: list[str]
    assigned_at: datetime
    route: Geometry | None
    way_open: bool
    people: list[PersonStateOut]


class TransferStepIn(In):
    """A step of households or persons; `key` is made by the client, and the same one again changes nothing."""

    key: UUID
    to: Literal[
        "notified", "contacted", "departed", "arrived", "verified", "returned", "away", "away_confirmed",
        "unreachable", "refused", "persuaded", "forced", "medical",
    ]  # fmt: skip
    households: Annotated[list[Code], Field(max_length=1000)] = []
    persons: Annotated[list[Code], Field(max_length=3000)] = []
    evidence: Evidence = "manual"
    happened_at: AwareDatetime | None = None
    destination: Literal["shelter", "relatives", "other"] | None = None
    shelter_code: Code | None = None
    note: Text = ""


class PassedOverOut(BaseModel):
    code: str
    state: PersonState


class TransferStepOut(BaseModel):
    """Who took the step, and who of the households could not."""

    no: str
    to: str
    persons: list[str]
    passed_over: list[PassedOverOut]


class TransferStepRowOut(BaseModel):
    before: PersonState
    to: PersonState
    evidence: str
    destination: str | None
    shelter_code: str | None
    note: str
    happened_at: datetime
    at: datetime
    by: str


class LegalBasisIn(In):
    legal_basis: Line


class ObjectCheckedIn(In):
    """What was found when an object (`register:code`, or `area`) was checked."""

    object: Line
    finding: Line


class TransferReleaseIn(In):
    findings: Annotated[list[ObjectCheckedIn], Field(max_length=500)]


class TransferEndIn(In):
    reason: Line


class HouseholdsMovedOut(BaseModel):
    """Households that got another shelter or another way."""

    households: int
    persons: int
    unplaced: int


class ShelterStateOut(BaseModel):
    """A shelter in use; `free` is null where its room is not known."""

    code: str
    name: str
    town: str
    lon: float
    lat: float
    state: Literal["standby", "open", "closed", "out_of_use"]
    reason: str
    capacity: int | None
    occupancy: int
    assigned: int
    free: int | None
    fill: Literal["room", "near_full", "full"]
    since: datetime
    set_by: str
    updated_at: datetime


class ShelterStateIn(In):
    """Open a shelter (with the stock its kits come from), close it, or take it out of use."""

    state: Literal["open", "closed", "out_of_use"]
    reason: Annotated[str, Field(max_length=200)] = ""
    kit_stock: Code | None = None


class RegistrationRowIn(In):
    """One coming or leaving, by the code of a card or tag, or of `unlisted` persons."""

    direction: Literal["in", "out"] = "in"
    code: Annotated[str, Field(max_length=64)] = ""
    persons: Annotated[list[Code], Field(max_length=50)] = []
    unlisted: Annotated[int, Field(ge=0, le=500)] = 0
    needs: Annotated[str, Field(max_length=200)] = ""
    kits: bool = False
    to: Literal["home", "other_shelter", "relatives", "other", "medical", "left"] | None = None
    happened_at: AwareDatetime | None = None
    mends: UUID | None = None


class RegistrationIn(RegistrationRowIn):
    key: UUID
    evidence: Literal["scan", "manual"] = "scan"


class PaperIn(In):
    """A list typed later: each row is taken, or kept with what is wrong about it."""

    key: UUID
    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=2000)]


class RejectedRegistrationOut(BaseModel):
    id: UUID
    row: int
    field: str
    zh: str
    en: str


class RegisteredInOut(BaseModel):
    """What a registration did, and how the shelter stands now; `passed_over` are those of a household not let in."""

    shelter: str
    came: int
    left: int
    codes: list[str]
    occupancy: int
    capacity: int | None
    fill: str
    kits: int
    kits_short: int
    passed_over: list[str]
    rejected: list[RejectedRegistrationOut]


class InsideOut(BaseModel):
    id: UUID
    code: str | None
    order_id: UUID | None
    needs: str
    kits: int
    evidence: str
    in_at: datetime
    in_by: str


class RejectedRegistrationRowOut(RejectedRegistrationOut):
    raw: dict[str, Any]
    at: datetime
    by: str


class StockOut(BaseModel):
    """A stock of the register: what it counted, and what is left."""

    code: str
    name: str
    depot_code: str
    depot: str | None
    item_code: str
    item: str | None
    unit: str | None
    quantity: float
    reserved: float | None
    on_hand: float


class StockMoveIn(In):
    """Issue (below zero) or return (above) so much, in the stock's unit."""

    key: UUID
    quantity: Annotated[float, Field(ge=-1e6, le=1e6)]
    reason: Line
    order_id: UUID | None = None
    shelter_code: Code | None = None


class StockLeftOut(BaseModel):
    stock_code: str
    on_hand: float


class CardOut(BaseModel):
    """A household's card: never printed, printed as it would be now, or stale: a source has changed since."""

    code: str
    village: str
    state: Literal["never", "current", "stale"]
    printed_at: datetime | None


class CardsIn(In):
    households: Annotated[list[Code], Field(min_length=1, max_length=200)]
