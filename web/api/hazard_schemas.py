"""Warnings, zones and villages as they go over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import In, Line, Text

Colour = Literal["red", "orange", "yellow", "blue"]
Shade = Literal["unknown", "none", "blue", "yellow", "orange", "red"]
Hazard = Literal["geohazard_zone", "key_village"]
Code = Annotated[str, Field(pattern=r"^\d{6}(\d{3})?$")]


class AreaTextOut(BaseModel):
    """An area: its words, and geocodes as pairs of name and value."""

    desc: str
    geocodes: list[tuple[str, str]]


class TownOut(BaseModel):
    """A town (镇街) in scope that a warning reaches, with a point inside for its badge."""

    code: str
    name: str
    lon: float
    lat: float


class WarningOut(BaseModel):
    """A warning (预警). `official` ones are drawn solid; the others are our own prompts (内部提示), drawn hatched.

    `level`: 1 red to 4 blue. By message it has `sender` and `identifier`, typed by hand a `document_no`.
    """

    id: UUID
    official: bool
    kind: str
    kind_zh: str
    kind_en: str
    colour: Colour
    colour_zh: str
    colour_en: str
    level: int
    event: str
    headline: str
    starts_at: datetime
    ends_at: datetime | None
    areas: list[AreaTextOut]
    towns: list[TownOut]
    cautions: str
    measures: str
    issuer: str
    issued_at: datetime
    sender: str | None
    identifier: str | None
    document_no: str | None
    state: Literal["coming", "in_force", "ended"]
    received_at: datetime
    received_by: str
    ended_at: datetime | None
    ended_why: Literal["replaced", "cancelled", "expired", "lifted"] | None
    ended_by: str | None
    ended_note: str | None


class WarningIn(In):
    """A warning typed by hand: the eight fields of the law, the units that it reaches, the number of its document.

    One that is not `official` is our own prompt, and its issuer is the post that types it.
    """

    kind: Line
    colour: Colour
    starts_at: AwareDatetime
    area: Line
    cautions: Text
    measures: Text
    issuer: Annotated[Text, Field(max_length=200)] = ""
    issued_at: AwareDatetime
    units: Annotated[list[Code], Field(max_length=200)] = []
    ends_at: AwareDatetime | None = None
    headline: Annotated[Text, Field(max_length=200)] = ""
    document_no: Annotated[Text, Field(max_length=200)] = ""
    official: bool = True


class ReceivedOut(BaseModel):
    """What a CAP message brought: warnings (none of a Cancel), and those that ended with it."""

    message_id: UUID
    sender: str
    identifier: str
    sent: datetime
    kind: str
    sha256: str
    warnings: list[WarningOut]
    ended: list[WarningOut]


class EvidenceOut(BaseModel):
    """What decided an alarm: a window's sum against a threshold, and when; all none while there is no alarm.

    `gauges` speak for the object; `unknown` are the windows (hours) that are not known, `silent` the gauges that are
    silent or do not exist.
    """

    window_h: int | None
    sum_mm: float | None
    threshold_mm: float | None
    at: datetime | None
    gauges: list[str]
    unknown: list[int]
    silent: list[str]


class HazardOut(BaseModel):
    """A risk zone or key village. `state`: the alarm that stands, or `unknown`; `unknown` is also true where an alarm
    stands and a window is not known. Rain states are internal prompts, no public warnings.

    `colour` is the worst of the town's official warning, the rain and the patrol; `decided` says which it was, and
    `internal` that it was our own threshold alone: drawn hatched.
    """

    id: str
    register_key: Annotated[Hazard, Field(alias="register")]
    code: str
    name: str
    kind: Literal["landslide", "collapse", "debris_flow", "ground_collapse", "village"]
    lon: float
    lat: float
    town: str
    town_name: str
    households: int | None
    persons: int | None
    state: Literal["unknown", "safe", "prepare", "immediate"]
    alarm: Literal["safe", "prepare", "immediate"]
    unknown: bool
    since: datetime
    reason: Literal["calm", "met", "release", "hold", "doubt"]
    evidence: EvidenceOut
    colour: Shade
    decided: list[Literal["official", "threshold", "patrol"]]
    internal: bool
    official: Shade
    patrol: Literal["none", "yellow", "orange", "red"] | None
    patrol_finding: str | None


class BoardHazardOut(HazardOut):
    """One that is not safe or has a colour, as the journal last said."""

    updated_at: datetime


class RainSumOut(BaseModel):
    """The rain of a window at an object as of now; where it is not known, a lower bound. No thresholds: faulty ones."""

    hours: int
    mm: float
    known: bool
    prepare_mm: float | None
    immediate_mm: float | None


class HazardNowOut(HazardOut):
    """As it stands now. `heard`: a gauge of it was ever heard of; before that it is unknown and not on the board."""

    heard: bool
    rain: list[RainSumOut]


class PatrolReportOut(BaseModel):
    """What a patrol found: none (nothing), yellow (to monitor), orange (to prepare), red (to evacuate)."""

    finding: str
    colour: Literal["none", "yellow", "orange", "red"]
    by: str
    at: datetime


class HazardDetailOut(HazardNowOut):
    """One object, with its patrol reports, the newest first; the first one counts."""

    reports: list[PatrolReportOut]


class PatrolIn(In):
    finding: Line
    colour: Literal["none", "yellow", "orange", "red"]
