"""What happens in a world: the journal, incidents, team states, dispatches, closures. Each world has its own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import SRID, WORLD, Base


def _line(kind: str, *, nullable: bool) -> Mapped[Any]:
    return mapped_column(Geometry(kind, srid=SRID, spatial_index=False), nullable=nullable)


class Entry(Base):
    """One event of the journal: numbered without gaps, chained by hash, never changed."""

    __tablename__ = "journal"
    __table_args__ = {"schema": WORLD}

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    post: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`facts` of the event, its words `zh` and `en`, and the `patch` of the board. JSON text, kept to the letter."""
    prev_hash: Mapped[str]
    hash: Mapped[str]


class Incident(Base):
    """An incident (突发事件)."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("state in ('reported', 'responding', 'closed')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    title: Mapped[str]
    place: Mapped[str]
    geom: Mapped[Any] = _line("POINT", nullable=False)
    grade: Mapped[str | None]
    state: Mapped[str]
    note: Mapped[str]
    source: Mapped[str]
    occurred_at: Mapped[datetime | None]
    reported_at: Mapped[datetime]
    reported_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    ground: Mapped[str | None]
    class_code: Mapped[str | None]
    cause: Mapped[str | None]
    """What it was caused by, one of `reports.statistics.CAUSES`; none: not known yet."""
    """Of GB/T 35561, from the bureau's code table."""
    known_at: Mapped[datetime]
    """When a post first knew of it: the report clock runs from then."""
    first_due_at: Mapped[datetime]
    written_due_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]
    written_sent_at: Mapped[datetime | None]
    needs: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What it asks for; None: what its kind and grade usually take (`command.needs`)."""
    sensitive: Mapped[bool] = mapped_column(server_default=text("false"))
    """敏感: hidden or dimmed on the wall's screens."""
    recorded_at: Mapped[datetime]


class Dispatch(Base):
    """A team sent to an incident, with the route it was sent by and each step timed."""

    __tablename__ = "dispatch"
    __table_args__ = (
        CheckConstraint(
            "state in ('ordered', 'acknowledged', 'departed', 'arrived', 'working', 'released')", name="state"
        ),
        Index("uq_dispatch_open_team", "team_id", unique=True, postgresql_where=text("state <> 'released'")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.incident.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gis.team.id"))
    state: Mapped[str]
    reason: Mapped[str]
    muster_s: Mapped[float]
    travel_s: Mapped[float]
    distance_m: Mapped[float]
    eta_at: Mapped[datetime]
    route: Mapped[Any] = _line("LINESTRING", nullable=True)
    road_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    route_from_at: Mapped[datetime]
    """When travel along `route` starts (ordered + muster, or the moment of a re-route under way)."""
    route_valid: Mapped[bool]
    route_note: Mapped[str]
    closures: Mapped[list[str]] = mapped_column(JSON)
    network_version: Mapped[str]
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    departed_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    working_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class TeamState(Base):
    """What a team is doing in this world; a team without a row stands by."""

    __tablename__ = "team_state"
    __table_args__ = (
        CheckConstraint(
            "state in ('standby', 'mustering', 'en_route', 'on_scene', 'working', 'resting', 'unavailable')",
            name="state",
        ),
        {"schema": WORLD},
    )

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gis.team.id"), primary_key=True)
    state: Mapped[str]
    since: Mapped[datetime]
    note: Mapped[str]
    dispatch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.dispatch.id"))
    recorded_at: Mapped[datetime]


class Closure(Base):
    """Road segments closed, or limited, by a person (道路封控) until a person lifts it."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("slower >= 1", name="slower"),
        CheckConstraint("depth_m >= 0", name="depth"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    road_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    road_name: Mapped[str]
    closed_for: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{*}")
    """Kinds of vehicles, `drive`, `walk`, or `*` for everybody; nobody where it is only slower or under water."""
    slower: Mapped[float] = mapped_column(server_default="1")
    depth_m: Mapped[float | None]
    reason: Mapped[str]
    geom: Mapped[Any] = _line("MULTILINESTRING", nullable=False)
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]
    recorded_at: Mapped[datetime]


class Observation(Base):
    """One reading of a gauge or sensor (监测读数) in the unit that is stored, good or suspect; never changed."""

    __tablename__ = "reading"
    __table_args__ = (CheckConstraint("quality in ('good', 'suspect')", name="quality"), {"schema": WORLD})

    station: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]
    span_s: Mapped[int]
    """Over which time up to `at`; of rain, what the amount fell in."""
    quality: Mapped[str]
    rule: Mapped[str | None]
    """The rule that a suspect reading breaks."""
    source: Mapped[str]
    received_at: Mapped[datetime]


class RejectedReading(Base):
    """A reading that could not be believed or not be read (退回读数), as it came, and why."""

    __tablename__ = "reading_rejected"
    __table_args__ = (Index("ix_reading_rejected_received_at", "received_at"), {"schema": WORLD})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    rule: Mapped[str]
    field: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    source: Mapped[str]
    received_at: Mapped[datetime]


class StationState(Base):
    """Whether a station is heard of, silent (失联) or in alarm, as the journal last said; none: never heard of.

    Its place, name and reading are those of that moment; what comes later is in `reading`.
    """

    __tablename__ = "station_state"
    __table_args__ = (
        CheckConstraint("state in ('fresh', 'silent', 'alarm', 'withdrawn')", name="state"),
        CheckConstraint("found in ('fire', 'permitted', 'false')", name="found"),
        {"schema": WORLD},
    )

    station: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str]
    name: Mapped[str]
    lon: Mapped[float]
    lat: Mapped[float]
    state: Mapped[str]
    since: Mapped[datetime]
    found: Mapped[str | None]
    """What somebody found behind the alarm, as long as it is the same alarm."""
    last_at: Mapped[datetime]
    last_value: Mapped[float]
    quality: Mapped[str]
    recorded_at: Mapped[datetime]


class Suggestion(Base):
    """A road that should be closed (建议封控), as a gauge or a model says; a person confirms or dismisses it."""

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("source in ('gauge', 'model')", name="source"),
        CheckConstraint("state in ('open', 'confirmed', 'dismissed', 'withdrawn')", name="state"),
        Index("uq_suggestion_point", "key", unique=True, postgresql_where=text("cleared_at is null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    """The point that it is about: of each there is one at a time, until the water is gone (`cleared_at`)."""
    source: Mapped[str]
    road_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    place: Mapped[str]
    station: Mapped[str | None]
    run_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.model_run.id"))
    depth_m: Mapped[float]
    limit_m: Mapped[float]
    arrives_at: Mapped[datetime | None]
    """When the water is expected to be that deep; none: it is."""
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    geom: Mapped[Any] = _line("MULTILINESTRING", nullable=False)
    state: Mapped[str]
    made_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_note: Mapped[str | None]
    closure_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.closure.id"))
    recorded_at: Mapped[datetime]


class ModelRun(Base):
    """A run of a model (模型推算) on a world's data: what was asked, how far it is, what came out."""

    __tablename__ = "model_run"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    starts_at: Mapped[datetime]
    """The world's time that the model begins at."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Figures, with units and assumptions; the rest is in the run's folder."""
    problem: Mapped[str | None]
    shown: Mapped[bool]
    """Whether the board shows it: until another of its kind is done, or a person puts it away."""
    recorded_at: Mapped[datetime]
