"""The shapes of readings, gauges and rain over HTTP.

Units: mm of rain, m of level and depth, m/s of wind and the degrees that it comes from, °C, %; alarms are 0 or 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas import In, Line

Element = Literal[
    "rain", "water_level", "depth", "wind", "wind_direction", "temperature", "humidity", "smoke", "gas", "electric",
    "other", "alarm",
]  # fmt: skip
By = Literal["town", "zone", "village", "catchment"]


class ReadingIn(BaseModel):
    """One reading as it is sent. Without `element` it is the station's own; without `unit` the register's."""

    station: str
    at: AwareDatetime
    value: float
    element: Element | None = None
    unit: Annotated[
        str | None, Field(description="mm, 0.1mm, cm; m, cm, mm; m/s, 0.1m/s, km/h; °, deg; °C, 0.1°C; %")
    ] = None
    span_s: Annotated[
        int | None, Field(description="over which time up to `at`; without it the gauge's interval", ge=1, le=86_400)
    ] = None


class ProblemOut(BaseModel):
    """What is wrong with a row (from 1), or in doubt, in which field, by which rule."""

    row: int
    field: str
    rule: str
    zh: str
    en: str


class TakenOut(BaseModel):
    """What became of the rows; `problems` are the first hundred."""

    stored: int
    duplicate: int
    suspect: int
    rejected: int
    problems: list[ProblemOut]


class RainOut(BaseModel):
    """Rain in a window; where it is not known, `mm` is a lower bound and what depends on it is unknown."""

    hours: int
    mm: float
    coverage: float
    known: bool


class RainDayOut(BaseModel):
    """Rain of the running rain day (雨日)."""

    mm: float
    known: bool


class GaugeOut(BaseModel):
    """A gauge, or a sensor that has reported, as it stands. `state`: fresh, silent (失联), alarm, never."""

    code: str
    name: str
    element: str
    unit: str
    interval_s: int
    lon: float
    lat: float
    is_demo: bool
    state: Literal["fresh", "silent", "alarm", "withdrawn", "never"]
    since: datetime | None
    last_at: datetime | None
    last_value: float | None
    quality: Literal["good", "suspect"] | None
    rule: str | None
    rain: list[RainOut]
    rain_day: RainDayOut | None


class SeriesStepOut(BaseModel):
    """One step: of rain the amount and the sum so far, of others mean, least and most; no value: unknown.

    A direction has its vector mean, and neither least nor most.
    """

    at: datetime
    value: float | None
    least: float | None
    most: float | None
    total: float | None
    coverage: float


class DoubtOut(BaseModel):
    """A reading in doubt, by which rule; it does not count."""

    at: datetime
    value: float
    rule: str | None


class SeriesOut(BaseModel):
    element: str
    unit: str
    step_s: int
    steps: list[SeriesStepOut]
    doubts: list[DoubtOut]


class AreaWindowOut(BaseModel):
    hours: int
    mm: Annotated[float | None, Field(description="null: unknown")]


class AreaRainOut(BaseModel):
    code: str
    name: str
    rain: list[AreaWindowOut]


class AreasRainOut(BaseModel):
    """Mean rain over areas; `unknown`: window in hours → gauges that took no part."""

    method: Literal["idw", "thiessen"]
    computed_at: datetime
    areas: list[AreaRainOut]
    unknown: dict[int, list[str]]


class SourceIn(In):
    """A new source: what it may send (none: all) and where to."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Line
    worlds: Annotated[list[Line], Field(min_length=1, max_length=50)] = ["live"]
    elements: Annotated[list[Element], Field(max_length=12)] = []
    stations: Annotated[list[Line], Field(max_length=1000, description="codes; `R-*`: all that begin so")] = []


class SourceOut(BaseModel):
    id: str
    name: str
    worlds: list[str]
    elements: list[str]
    stations: list[str]
    made_at: datetime
    made_by: str
    revoked_at: datetime | None


class KeyOut(BaseModel):
    """The key of a source, told this once."""

    source: SourceOut
    key: str


class FeedOut(BaseModel):
    """A way in for readings: whether it is well, and since when."""

    name: str
    well: bool
    zh: str
    en: str
    since: datetime


class FieldGaugeOut(BaseModel):
    code: str
    name: str
    mm: float
    is_demo: bool


class FieldClassOut(BaseModel):
    """A class of rain from so many mm on, and the share of the district that it covers."""

    from_mm: float
    zh: str
    en: str
    colour: str
    share: float


class FieldTownOut(BaseModel):
    """A town's mean (none where a part is unknown), its most, and the mean by Thiessen's polygons as a check."""

    code: str
    name: str
    mm: float | None
    most_mm: float | None
    known_share: float
    thiessen_mm: float | None


class FieldWordsOut(BaseModel):
    zh: str
    en: str


class RainFieldOut(BaseModel):
    """Rain of a window between the gauges (参考): `picture` is a PNG between `corners` (clockwise from north-west).

    `unknown` are gauges with gaps, `error_mm` the mean error at gauges, each told by the others; `demo` names the
    figures that no parameter says.
    """

    at: datetime
    computed_at: datetime
    hours: int
    method: Literal["idw"]
    power: float
    reach_m: float
    cell_m: float
    demo: list[str]
    gauges: list[FieldGaugeOut]
    unknown: list[str]
    error_mm: float | None
    corners: list[tuple[float, float]]
    picture: str
    unknown_share: float
    legend: list[FieldClassOut]
    towns: list[FieldTownOut]
    assumptions: list[FieldWordsOut]
    is_demo: bool
