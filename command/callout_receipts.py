"""What gateways say later of messages (送达回执): 已送达 or 失败, apart from what people answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select

from command.board import record
from command.callout_events import MessageDelivered
from command.callout_tables import CallRecord, OutMessage
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import NotFound

WORDS = {"delivered": ("已送达", "delivered"), "failed": ("送达失败", "not delivered")}


def take(
    tx: Writing, gateway: str, key: str, status: Literal["delivered", "failed"], at: datetime | None, detail: str
) -> OutMessage:
    """Keep a gateway's word about a message, known by our id or its own; the same again is nothing.

    What was delivered stays so, whatever comes after it.
    """
    m = OutMessage
    known = [m.receipt["message_id"].as_string() == key]
    with suppress(ValueError):
        known.append(m.id == UUID(key))
    row = tx.session.scalar(select(m).where(m.channel == gateway, m.state == "sent", or_(*known)).limit(1))
    if row is None:
        raise NotFound("没有这条已送出的消息。", "No message of that id has gone out by this gateway.", field="id")
    before = (row.delivery or {}).get("status")
    if before in (status, "delivered"):
        return row
    when = (at or tx.at).astimezone(SHANGHAI).isoformat()
    row.delivery = {"status": status, "at": when, "detail": detail.strip(), "real_at": tx.real_at.isoformat()}
    callout_id = tx.session.scalar(select(CallRecord.callout_id).where(CallRecord.id == row.of_id))
    zh, en = WORDS[status]
    whom = f"：{row.to_name}" if row.to_name else ""
    said = f"消息{zh}（{gateway}）{whom}", f"Message {en} ({gateway})"
    calls = [str(callout_id)] if callout_id else []
    record(tx, MessageDelivered(*said, calls, str(row.id), gateway, status))
    return row
