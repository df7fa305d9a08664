"""What is drawn at a scene, stages of a forest fire and alarms that are looked into, as they go over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from web.api.danger_schemas import Degrees, Un
from web.api.schemas import Geometry, In, IncidentOut, Line, Text
from web.api.task_schemas import TaskOut

MarkKind = Literal[
    "isolation", "downwind", "cordon", "headquarters", "division", "escape", "safety", "burnt", "monitor"
]  # fmt: skip
FireStageName = Literal["burning", "out", "mop_up", "watch", "accepted"]


class MarkIn(In):
    """Something drawn at the scene (GeoJSON, EPSG:4490); `post` answers for it."""

    kind: MarkKind
    geometry: Geometry
    name: Annotated[Text, Field(max_length=100)] = ""
    post: Annotated[Text, Field(max_length=100)] = ""


class ZonesIn(In):
    """First zones about the incident's place: as `chemical-zones` asks, without the place."""

    un_number: Un | None = None
    site_code: Line | None = None
    spill: Literal["small", "large"] = "large"
    night: bool | None = None
    wind_from_deg: Degrees | None = None


class InsideFigureOut(BaseModel):
    """A figure of who or what was inside; `unknown` objects have none."""

    id: str
    zh: str
    en: str
    unit: str
    amount: float
    objects: int
    unknown: int


class MarkTargetOut(BaseModel):
    code: str
    name: str
    kind: str


class MarkOut(BaseModel):
    """A mark; of a zone who lay inside when it was set (`targets`: schools first), and what was decided for them."""

    id: UUID
    incident_id: UUID
    kind: MarkKind
    name: str
    post: str
    geom: Geometry
    area_ha: float | None
    basis: dict[str, Any]
    inside: list[InsideFigureOut]
    targets: list[MarkTargetOut]
    set_at: datetime
    set_by: str
    decision: Literal["evacuate", "shelter"] | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    ended_at: datetime | None
    ended_by: str | None
    finding: str


class OptionOut(BaseModel):
    """What may be decided for a zone, with the counts: people inside, protected targets, buildings."""

    decision: Literal["evacuate", "shelter"]
    zh: str
    persons: int
    targets: int
    buildings: int


class MarkDecideIn(In):
    decision: Literal["evacuate", "shelter"]
    reason: Line


class MarkEndIn(In):
    finding: Line


class FireStageIn(In):
    to: FireStageName
    note: Annotated[Text, Field(max_length=200)] = ""


class FireStageOut(BaseModel):
    """A stage of a forest fire; `until`: how long it is watched at least."""

    stage: FireStageName
    zh: str
    at: datetime
    by: str
    until: datetime | None
    note: str


class AlarmTaskOut(BaseModel):
    """The task of looking into an alarm: which post, and how long it walks."""

    task: TaskOut
    post_code: str
    post: str
    walk_s: float


class AlarmFindingIn(In):
    """What was behind an alarm: fire 火情, permitted 用火, false 误报."""

    result: Literal["fire", "permitted", "false"]
    note: Annotated[Text, Field(max_length=200)] = ""


class AlarmFindingOut(BaseModel):
    """The task, and the incident that a fire became."""

    task: TaskOut
    incident: IncidentOut | None
