"""Warnings, states of zones and villages, patrol reports: what of the hazards is kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class WarningMessage(Base):
    """A CAP message as it came; never changed. Known by sender, identifier and time sent."""

    __tablename__ = "warning_message"
    __table_args__ = (
        UniqueConstraint("sender", "identifier", "sent", name="uq_warning_message_key"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sender: Mapped[str]
    identifier: Mapped[str]
    sent: Mapped[datetime]
    kind: Mapped[str]
    """CAP's msgType: Alert, Update, Cancel, Ack, Error."""
    refers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The messages that it refers to, each as `sender,identifier,sent` in UTC."""
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    recorded_at: Mapped[datetime]


class WarningRow(Base):
    """A warning (预警): the eight fields of the law and what goes with them; from a message, or typed by hand.

    An official one has an issuer and is drawn solid; what is not official is our own prompt (内部提示), drawn hatched.
    """

    __tablename__ = "warning"
    __table_args__ = (
        CheckConstraint("state in ('coming', 'in_force', 'ended')", name="state"),
        CheckConstraint("ended_why in ('replaced', 'cancelled', 'expired', 'lifted')", name="ended_why"),
        CheckConstraint("level between 1 and 4", name="level"),
        Index("ix_warning_standing", "state", postgresql_where=text("state <> 'ended'")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.warning_message.id"))
    sender: Mapped[str | None]
    identifier: Mapped[str | None]
    document_no: Mapped[str | None]
    """Of one typed by hand: the number of the paper that it was read from."""
    official: Mapped[bool]
    kind: Mapped[str]
    kind_zh: Mapped[str]
    kind_en: Mapped[str]
    colour: Mapped[str]
    colour_zh: Mapped[str]
    colour_en: Mapped[str]
    level: Mapped[int]
    """1 the worst (red) to 4 (blue)."""
    event: Mapped[str]
    headline: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    areas: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """`desc`, and `geocodes` as pairs of name and value."""
    towns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The towns (镇街) in scope that it reaches: `code`, `name`, and `lon`, `lat` of a point inside."""
    cautions: Mapped[str]
    measures: Mapped[str]
    issuer: Mapped[str]
    issued_at: Mapped[datetime]
    urgency: Mapped[str]
    certainty: Mapped[str]
    state: Mapped[str]
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
    ended_by: Mapped[str | None]
    """The post that lifted it, or the number of the message that did."""
    ended_note: Mapped[str | None]
    recorded_at: Mapped[datetime]


class HazardState(Base):
    """A risk zone's or key village's state, as the journal last said; none: none of its gauges was ever heard of.

    Its name, place and counts are those of that moment.
    """

    __tablename__ = "hazard_state"
    __table_args__ = (
        CheckConstraint("state in ('unknown', 'safe', 'prepare', 'immediate')", name="state"),
        CheckConstraint("alarm in ('safe', 'prepare', 'immediate')", name="alarm"),
        CheckConstraint("colour in ('unknown', 'none', 'blue', 'yellow', 'orange', 'red')", name="colour"),
        {"schema": WORLD},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """`register:code`."""
    register: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    """Of a zone what may come down; `village` of a village."""
    lon: Mapped[float]
    lat: Mapped[float]
    town: Mapped[str]
    town_name: Mapped[str]
    households: Mapped[int | None]
    persons: Mapped[int | None]
    state: Mapped[str]
    alarm: Mapped[str]
    unknown: Mapped[bool]
    since: Mapped[datetime]
    """Since when the alarm stands at its level."""
    reason: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What decided: `window_h`, `sum_mm`, `threshold_mm`, `at` (none while safe); `gauges`; `unknown`, the windows in
    hours that are not known; `silent`, the gauges that make them so."""
    colour: Mapped[str]
    decided: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Who decided the colour: official, threshold, patrol."""
    internal: Mapped[bool]
    """The colour comes from our own threshold alone: drawn hatched."""
    official: Mapped[str]
    patrol: Mapped[str | None]
    """The colour that the last patrol report stands for."""
    patrol_finding: Mapped[str | None]
    withdrawn: Mapped[bool]
    """Not shown: it left the registers, or nothing was ever heard of it and its colour is over."""
    updated_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class PatrolReport(Base):
    """What a patrol (巡查) found at a zone or village; the newest one that is not cleared counts."""

    __tablename__ = "patrol_report"
    __table_args__ = (
        CheckConstraint("colour in ('none', 'yellow', 'orange', 'red')", name="colour"),
        Index("uq_patrol_report_standing", "hazard", unique=True, postgresql_where=text("cleared_at is null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    hazard: Mapped[str]
    """`register:code`."""
    finding: Mapped[str]
    colour: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
