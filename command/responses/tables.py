"""Responses, the decisions that make them, and what a trigger rule said last: what of it is kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base

OPEN = ("proposed", "consulting", "submitted")
_OPEN = text("state in ('proposed', 'consulting', 'submitted')")


class Response(Base):
    """How one track stands in one jurisdiction: decided here, or told by a notice of the city or a town."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("track", "jurisdiction", name="uq_response_key"),
        CheckConstraint("level between 0 and 4", name="level"),
        CheckConstraint("state in ('active', 'ended', 'reviewed')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    track: Mapped[str]
    track_zh: Mapped[str]
    track_en: Mapped[str]
    jurisdiction: Mapped[str]
    jurisdiction_zh: Mapped[str]
    own: Mapped[bool]
    """Decided in this system; otherwise a notice that somebody typed."""
    state: Mapped[str]
    level: Mapped[int]
    """1 (Ⅰ, the highest) to 4 (Ⅳ); 0: no response."""
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("gis.plan_edition.id"))
    """The edition that it began under, and goes on under."""
    started_at: Mapped[datetime]
    since: Mapped[datetime]
    """Since when the level stands."""
    expected_until: Mapped[datetime | None]
    document_no: Mapped[str]
    note: Mapped[str]
    by: Mapped[str]
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str]
    """What was found looking back (复盘)."""
    recorded_at: Mapped[datetime]


class Decision(Base):
    """A change of a response's level, from the proposal to what became of it; rejected ones are kept."""

    __tablename__ = "response_decision"
    __table_args__ = (
        CheckConstraint("kind in ('start', 'raise', 'lower', 'end')", name="kind"),
        CheckConstraint(
            "state in ('proposed', 'consulting', 'submitted', 'approved', 'rejected', 'withdrawn', 'superseded')",
            name="state",
        ),
        CheckConstraint("source in ('rule', 'manual')", name="source"),
        CheckConstraint(
            "from_level between 0 and 4 and to_level between 0 and 4 and from_level <> to_level", name="levels"
        ),
        Index("uq_response_decision_open", "track", "jurisdiction", "to_level", unique=True, postgresql_where=_OPEN),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    track: Mapped[str]
    track_zh: Mapped[str]
    track_en: Mapped[str]
    jurisdiction: Mapped[str]
    jurisdiction_zh: Mapped[str]
    response_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.response.id"), index=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gis.plan_edition.id"))
    kind: Mapped[str]
    from_level: Mapped[int]
    to_level: Mapped[int]
    source: Mapped[str]
    state: Mapped[str]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The conditions as they were when it was proposed, true and unknown ones."""
    matter: Mapped[str]
    measures: Mapped[str]
    hours: Mapped[int]
    """Expected duration from the decision on, h."""
    legal_basis: Mapped[str]
    document_no: Mapped[str]
    ground: Mapped[str]
    """Why: of a proposal by hand, of a lowering or an end."""
    jump_reason: Mapped[str]
    attendees: Mapped[str]
    conclusion: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str]
    proposed_account: Mapped[str]
    consulted_at: Mapped[datetime | None]
    consulted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    submitted_account: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_account: Mapped[str | None]
    decided_note: Mapped[str | None]
    text_zh: Mapped[str | None]
    """The text as it was issued."""
    text_en: Mapped[str | None]
    tasks_issued: Mapped[int]
    tasks_closed: Mapped[int]
    recorded_at: Mapped[datetime]


class RuleMemory(Base):
    """What a trigger rule said last, so that one truth makes one proposal; none: it was never true."""

    __tablename__ = "rule_memory"
    __table_args__ = (
        CheckConstraint("truth in ('true', 'false', 'unknown')", name="truth"),
        {"schema": WORLD},
    )

    track: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    truth: Mapped[str]
    since: Mapped[datetime]
    spent: Mapped[bool]
    """This truth has made its proposal, or its level stood already."""
    sources: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What made it true: warnings, gauges, objects."""
    recorded_at: Mapped[datetime]
