"""Duty (值班): shifts with what is handed over, the log, rolls, the work reminder, head counts; kept in a world."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class DutyShift(Base):
    """A shift (班次): being handed over, on duty, or ended. One is on duty and one at most is being handed over."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("state in ('handover', 'on', 'ended', 'dropped')", name="state"),
        Index("uq_duty_shift_current", "state", unique=True, postgresql_where=text("state in ('handover', 'on')")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    outgoing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.duty_shift.id"))
    outgoing_post: Mapped[str | None]
    post: Mapped[str]
    """The post that takes over."""
    account: Mapped[str]
    leader: Mapped[str]
    """The watch leader (带班领导), as a post."""
    offered_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class DutyItem(Base):
    """One open item of a hand-over (交接事项), accepted by the post that takes over."""

    __tablename__ = "duty_item"
    __table_args__ = (UniqueConstraint("shift_id", "of_kind", "of_id", name="uq_duty_item_of"), {"schema": WORLD})

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    shift_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.duty_shift.id"))
    of_kind: Mapped[str]
    """A collection of the board, or `entries` for what is open in the log."""
    of_id: Mapped[str]
    title: Mapped[str]
    added_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    gone_at: Mapped[datetime | None]
    """When it was no longer open, before it was accepted."""
    recorded_at: Mapped[datetime]


class DutyEntry(Base):
    """An entry of the duty log (值班日志), open until its closure is written; one that is open is handed over."""

    __tablename__ = "duty_entry"
    __table_args__ = (
        Index("ix_duty_entry_open", "at", postgresql_where=text("closed_at is null")),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    shift_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(f"{WORLD}.duty_shift.id"), index=True)
    at: Mapped[datetime]
    """When it came in."""
    channel: Mapped[str]
    person_post: Mapped[str]
    content: Mapped[str]
    action: Mapped[str]
    written_by: Mapped[str]
    closure: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    recorded_at: Mapped[datetime]


class DutyRoll(Base):
    """Posts or units that are asked for once (点名): a call test (呼叫测试), or attendance (到岗)."""

    __tablename__ = "duty_roll"
    __table_args__ = (CheckConstraint("kind in ('call_test', 'attendance')", name="kind"), {"schema": WORLD})

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    done_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class DutyRollRow(Base):
    """One of those asked for: there, absent, or its deputy is."""

    __tablename__ = "duty_roll_row"
    __table_args__ = (
        CheckConstraint("result in ('present', 'absent', 'deputy')", name="result"),
        UniqueConstraint("roll_id", "place", name="uq_duty_roll_row_place"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    roll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.duty_roll.id"))
    place: Mapped[int]
    post_code: Mapped[str | None]
    name: Mapped[str]
    deputy: Mapped[str | None]
    result: Mapped[str | None]
    channel: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime | None]
    by: Mapped[str | None]
    recorded_at: Mapped[datetime]


class WorkReminder(Base):
    """The work reminder of a day (工作提醒): a draft, edited, approved, sent; late unless sent by its deadline."""

    __tablename__ = "work_reminder"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'approved', 'sending', 'sent')", name="state"),
        {"schema": WORLD},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    state: Mapped[str]
    text: Mapped[str]
    """With a mark `{1}` for each number."""
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Mark → `value`, `unit`, `label`, `collection`, `ids`, `as_of`: what it counts and where that is."""
    deadline: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None]
    late_at: Mapped[datetime | None]
    """When it was noticed that the deadline has passed; once."""
    recorded_at: Mapped[datetime]


class HeadWatch(Base):
    """The newest head count (清点人数) of a crew at work, and when the next one is due."""

    __tablename__ = "head_watch"
    __table_args__ = (
        CheckConstraint("alarm in ('missed', 'short')", name="alarm"),
        {"schema": WORLD},
    )

    dispatch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.dispatch.id"), primary_key=True)
    expected: Mapped[int]
    counted: Mapped[int | None]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[str | None]
    due_at: Mapped[datetime]
    alarm: Mapped[str | None]
    alarm_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class HeadCount(Base):
    """One count of a crew; never changed."""

    __tablename__ = "head_count"
    __table_args__ = {"schema": WORLD}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    dispatch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(f"{WORLD}.dispatch.id"), index=True)
    expected: Mapped[int]
    counted: Mapped[int]
    note: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    recorded_at: Mapped[datetime]
