"""Warnings (预警): as CAP messages or typed from a named source; what lifts them; none is ever issued from here.

A message is kept with its bytes, once. Which warnings it ends is told by its references, whatever the order in which
messages come. Live takes real warnings alone, a drill exercises alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import Event
from command.hazard_events import WarningBegan, WarningLifted, WarningReceived
from command.hazard_tables import WarningMessage, WarningRow
from command.warning_rows import get, row_of, told
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import Conflict, Invalid
from gis_data.sources import cap
from gis_data.sources.cap import Alert, Area, Key
from gis_data.sources.cap_chain import admit, superseded
from gis_data.sources.cap_warning import DEMO, FIELDS, INTERNAL, Conventions, Mode, Signal, signals
from gis_data.tables import AdminUnit
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World


@dataclass(frozen=True)
class Typed:
    """A warning typed by hand: the eight fields, and the number of the paper that it was read from.

    `units` are codes of the units it reaches, a district's (6 digits) or towns' (9); `area` says it in words. One that
    is not official is our own prompt: its issuer is the post that types it.
    """

    kind: str
    colour: str
    starts_at: datetime | None
    area: str
    cautions: str
    measures: str
    issuer: str
    issued_at: datetime | None
    units: tuple[str, ...] = ()
    ends_at: datetime | None = None
    headline: str = ""
    document_no: str = ""
    official: bool = True


class Received(NamedTuple):
    """What a message brought, and which warnings ended with it; not `new`: it was there."""

    message: WarningMessage
    warnings: list[WarningRow]
    ended: list[WarningRow]
    new: bool


def receive(tx: Writing, raw: bytes, table: Conventions = DEMO) -> Received:
    """Keep a CAP message with the warnings in it, and end those that it replaces or lifts. Twice is once.

    Raises Invalid for what is no sound CAP 1.2, lacks one of the eight fields, is of another mode than the world, or
    says something else under a known number.
    """
    require(tx.actor, "warning.enter")
    alert = admit(cap.read(raw), cast(Mode, tx.world.kind))
    own = INTERNAL in alert.note
    found = [replace(signal, official=not own) for signal in signals(alert, table)]
    m = WarningMessage
    known = tx.session.scalar(
        select(m).where(m.sender == alert.sender, m.identifier == alert.identifier, m.sent == alert.sent)
    )
    if known is not None:
        cap.same(cap.read(known.raw), alert)
        return Received(known, _of_message(tx.session, known.id), [], False)
    message = WarningMessage(
        id=new_id(), sender=alert.sender, identifier=alert.identifier, sent=alert.sent, kind=alert.kind,
        refers=[_said(key) for key in alert.references], raw=alert.raw, sha256=alert.sha256, received_at=tx.at,
        received_by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(message)
    tx.session.flush()
    rows = [row_of(tx, signal, table, message=message) for signal in found]
    tx.session.add_all(rows)
    ended = [one for one in _bring_up(tx) if one not in rows]
    zh, en = f"收到 {alert.kind} 报文 {alert.identifier}", f"{alert.kind} {alert.identifier} received"
    if rows:
        zh, en = (
            f"{words}{said}" for words, said in zip(("收到预警：", "Warning received: "), told(rows), strict=True)
        )
    if over := [one for one in ended if one.ended_by == alert.identifier]:
        before = told(over)
        zh, en = f"{zh}；结束：{before[0]}", f"{en}; ends: {before[1]}"
    elif alert.references and alert.kind in ("Update", "Cancel"):
        zh, en = f"{zh}（所指预警不在有效之列）", f"{en} (what it refers to is not in force)"
    ids = [str(one.id) for one in (*rows, *ended)]
    record(tx, WarningReceived(zh, en, ids, str(message.id), "cap", alert.sha256))
    return Received(message, rows, over, True)


def enter(tx: Writing, typed: Typed, table: Conventions = DEMO) -> WarningRow:
    """Keep a warning that somebody read from a paper or heard. Raises Invalid naming the field that is missing."""
    require(tx.actor, "warning.enter")
    _complete(typed, table)
    assert typed.starts_at
    assert typed.issued_at
    codes = tuple(code.strip() for code in typed.units if code.strip())
    at = select(AdminUnit.code).where(AdminUnit.valid_to.is_(None), AdminUnit.code.in_(codes))
    if unknown := set(codes) - set(tx.session.scalars(at)) - {code for code in codes if len(code) == 6}:
        raise Invalid(f"没有行政区划 {min(unknown)}。", f"There is no unit {min(unknown)}.", field="units")
    geocodes = tuple(("GB/T 2260" if len(code) == 6 else "GB/T 10114", code) for code in codes)
    signal = Signal(
        typed.kind, typed.colour, typed.starts_at, (Area(typed.area.strip(), geocodes=geocodes),),
        typed.cautions.strip(), typed.measures.strip(), typed.issuer.strip() if typed.official else tx.actor.post,
        typed.issued_at, headline=typed.headline.strip(), ends_at=typed.ends_at, official=typed.official,
    )  # fmt: skip
    row = row_of(tx, signal, table, document_no=typed.document_no.strip() or None)
    tx.session.add(row)
    changed = _bring_up(tx)
    zh, en = (f"{words}{said}" for words, said in zip(("录入预警：", "Warning entered: "), told([row]), strict=True))
    ids = list(dict.fromkeys(str(one.id) for one in (row, *changed)))
    record(tx, WarningReceived(zh, en, ids, None, "typed", None))
    return row


def _complete(typed: Typed, table: Conventions) -> None:
    values = {
        "kind": typed.kind, "colour": typed.colour, "starts_at": typed.starts_at, "areas": typed.area,
        "cautions": typed.cautions, "measures": typed.measures, "issuer": typed.issuer or not typed.official,
        "issued_at": typed.issued_at,
    }  # fmt: skip
    missing = [name for name, value in values.items() if not (value.strip() if isinstance(value, str) else value)]
    if missing:
        zh, en = "、".join(FIELDS[name][0] for name in missing), ", ".join(FIELDS[name][1] for name in missing)
        raise Invalid(f"预警缺少：{zh}。", f"The warning lacks: {en}.", field=missing[0].replace("areas", "area"))
    if typed.official and not typed.document_no.strip():
        raise Invalid(
            "正式预警须填文号；没有文号的只能作内部提示。",
            "An official warning needs the number of its document; without one it is an internal prompt.",
            field="document_no",
        )
    if typed.kind not in {one.id for one in table.kinds} | {"other"}:
        raise Invalid(f"没有预警类别“{typed.kind}”。", f"There is no kind of warning “{typed.kind}”.", field="kind")
    if typed.colour not in {one.id for one in table.colours}:
        raise Invalid(f"没有预警颜色“{typed.colour}”。", f"There is no colour “{typed.colour}”.", field="colour")
    if typed.ends_at and typed.starts_at and typed.ends_at <= typed.starts_at:
        raise Invalid("结束时间应晚于起始时间。", "A warning ends after it starts.", field="ends_at")


def lift(tx: Writing, id_: UUID, reason: str) -> WarningRow:
    """End a warning by hand, where the issuer's lifting did not come as a message; the reason says how it is known."""
    require(tx.actor, "warning.enter")
    row = get(tx.session, id_)
    if row.state == "ended":
        raise Conflict("该预警已结束。", "This warning has ended.")
    if not reason.strip():
        raise Invalid("请填写解除依据。", "Say on what ground it is lifted.", field="reason")
    _end(row, tx.at, "lifted", tx.actor.post)
    row.ended_note = reason.strip()
    zh, en = told([row])
    said = f"预警解除：{zh}，{row.ended_note}", f"Warning lifted: {en}, {row.ended_note}"
    record(tx, WarningLifted(*said, [str(row.id)], "lifted", row.ended_note))
    return row


_OVER = {
    "expired": ("预警到期", "Warning run out"),
    "cancelled": ("预警解除", "Warning cancelled"),
    "replaced": ("预警被替代", "Warning replaced"),
}


def settle(world: World) -> bool:
    """Notice on the world's clock which warnings have run out or have begun; each change is journalled."""
    with reading(world) as tx:
        if not _due(tx):
            return False
    with writing(world, SYSTEM) as now:
        changed = _bring_up(now)
        events: list[Event] = []
        if begun := [one for one in changed if one.state == "in_force"]:
            zh, en = told(begun)
            events.append(WarningBegan(f"预警生效：{zh}", f"In force: {en}", [str(one.id) for one in begun]))
        for why, (head_zh, head_en) in _OVER.items():
            if ended := [one for one in changed if one.ended_why == why]:
                zh, en = told(ended)
                ids = [str(one.id) for one in ended]
                events.append(WarningLifted(f"{head_zh}：{zh}", f"{head_en}: {en}", ids, why, ""))
        if events:
            record(now, *events)
    return bool(events)


def _of_message(session: Session, id_: UUID) -> list[WarningRow]:
    return list(session.scalars(select(WarningRow).where(WarningRow.message_id == id_).order_by(WarningRow.level)))


def _said(key: Key) -> str:
    return f"{key.sender},{key.identifier},{key.sent.astimezone(UTC).isoformat()}"


def _end(row: WarningRow, at: datetime, why: str, by: str | None) -> None:
    row.state, row.ended_at, row.ended_why, row.ended_by = "ended", at, why, by


def _bring_up(tx: Writing) -> list[WarningRow]:
    """Let every warning be in the state that its messages and the time give it; returns those that changed."""
    tx.session.flush()
    due = _due(tx)
    for row, state, why, by in due:
        if why:
            _end(row, tx.at, why, by)
        row.state = state
    return [row for row, *_ in due]


def _due(tx: Reading) -> list[tuple[WarningRow, str, str, str | None]]:
    """Warnings that are in another state than is stored: that state, and by what they ended."""
    rows = list(tx.session.scalars(select(WarningRow).where(WarningRow.state != "ended")))
    ended, kinds = _ended(tx.session, [row.message_id for row in rows if row.message_id], tx.at)
    found = []
    for row in rows:
        key = row.message_id and Key(str(row.sender), str(row.identifier), row.issued_at)
        state, why, by = "in_force", "", None
        if key and (successor := ended.get(key)):
            state, why, by = "ended", kinds[successor], successor.identifier
        elif row.ends_at and row.ends_at <= tx.at:
            state, why = "ended", "expired"
        elif row.issued_at > tx.at:
            state = "coming"
        if state != row.state:
            found.append((row, state, why, by))
    return found


def _ended(session: Session, ids: Sequence[UUID], at: datetime) -> tuple[dict[Key, Key], dict[Key, str]]:
    """Which messages others ended, and how those others did."""
    if not ids:
        return {}, {}
    m = WarningMessage
    open_ = list(session.scalars(select(m).where(m.id.in_(ids))))
    keys = [_said(Key(one.sender, one.identifier, one.sent)) for one in open_]
    others = session.scalars(select(m).where(m.refers.overlap(keys), m.id.not_in(ids)))
    alerts: list[Alert] = [cap.read(one.raw) for one in (*open_, *others)]
    how = {alert.key: "cancelled" if alert.kind == "Cancel" else "replaced" for alert in alerts}
    return superseded(alerts, at), how
