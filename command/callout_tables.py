"""Call-outs (叫应), post by post, what was said, and messages on their way out: what of them is kept in a world."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class CallOut(Base):
    """One cause for which posts are called; closed when each of them is verified, or by hand with the reason."""

    __tablename__ = "callout"
    __table_args__ = (
        CheckConstraint("why in ('warning', 'hazard', 'response', 'hand')", name="why"),
        CheckConstraint("depth in ('town', 'village', 'household')", name="depth"),
        CheckConstraint("pattern in ('plain', '1833')", name="pattern"),
        Index("ix_callout_open", "made_at", postgresql_where=text("closed_at is null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    why: Mapped[str]
    why_id: Mapped[str | None]
    """The warning's id, the zone or village as `register:code`, the response's id."""
    title: Mapped[str]
    text: Mapped[str]
    scope: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """Objects of registers that posts answer for: `register_key`, `code`, `name`."""
    depth: Mapped[str]
    pattern: Mapped[str]
    ladder: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The channels one after the other, as the parameters were: `channel`, and `minutes` until the next."""
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The ways that its messages go out by."""
    gaps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the registers lack: posts that are named and do not exist, objects whose chain breaks off."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    closed_reason: Mapped[str | None]
    recorded_at: Mapped[datetime]


class CallRecord(Base):
    """A post that is called: how far it has got, and who is being tried now."""

    __tablename__ = "call_record"
    __table_args__ = (
        CheckConstraint("state in ('sent', 'reached', 'read_back', 'action', 'verified')", name="state"),
        UniqueConstraint("callout_id", "post_code", name="uq_call_record_post"),
        Index("ix_call_record_due", "due_at", postgresql_where=text("due_at is not null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    callout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.callout.id"))
    place: Mapped[int]
    """Its place in the list, the district's posts first."""
    post_code: Mapped[str]
    post: Mapped[str]
    level: Mapped[str]
    state: Mapped[str]
    rung: Mapped[int]
    """Which step of the ladder is being tried, from 0."""
    channel: Mapped[str]
    target_code: Mapped[str | None]
    """The post that is being tried: its own, its deputy's, a grid member's."""
    target: Mapped[str]
    failures: Mapped[int]
    sent_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When the next step of the ladder comes; none once it is reached or nothing is left."""
    overdue_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    reached_by: Mapped[str | None]
    """The post that answered."""
    reached_channel: Mapped[str | None]
    read_back_at: Mapped[datetime | None]
    action_at: Mapped[datetime | None]
    action_account: Mapped[str | None]
    """The account that reported what was done; another one verifies."""
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    recorded_at: Mapped[datetime]


class CallEntry(Base):
    """One thing that happened to a record: an attempt, a step, an escalation, with what was said; never changed."""

    __tablename__ = "call_entry"
    __table_args__ = (
        CheckConstraint(
            "step in ('sent', 'failed', 'escalated', 'exhausted', 'delivered', 'undelivered', 'reached', 'read_back',"
            " 'action', 'verified')",
            name="step",
        ),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.call_record.id"), index=True)
    step: Mapped[str]
    channel: Mapped[str]
    whom: Mapped[str]
    """The post that was tried or spoke."""
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    recorded_at: Mapped[datetime]


class OutMessage(Base):
    """A message on its way out of the system. Its id goes with it, so that the other side can tell a repetition."""

    __tablename__ = "out_message"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'failed', 'withdrawn')", name="state"),
        Index("ix_out_message_waiting", "next_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_out_message_of", "of_kind", "of_id"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    of_kind: Mapped[str]
    """callout, record or reminder."""
    of_id: Mapped[uuid.UUID]
    channel: Mapped[str]
    to_post: Mapped[str | None]
    """The post's code; its telephone is looked up when the message goes."""
    to_name: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """Real time of the next try."""
    sent_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """`message_id`, `status`, `sha256` of the answer, `real_at`."""
    problem: Mapped[str | None]
    delivery: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the gateway said later: `status` (delivered, failed), `detail`, `at`, `real_at`. 已送达 is not 已应答."""
    recorded_at: Mapped[datetime]
