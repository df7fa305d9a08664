"""The causes of a call-out: what it is called, and whom it is about where nothing else is said."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.hazard_tables import HazardState, WarningRow
from command.responses.tables import Response
from gis_data.errors import Invalid, NotFound
from gis_data.tables import TABLES

Why = Literal["warning", "hazard", "response", "hand"]
Scope = tuple[tuple[str, str], ...]
_STATES = {"prepare": "准备转移", "immediate": "立即转移", "unknown": "数据未知", "safe": "安全"}
_COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}


def cause(session: Session, why: Why, why_id: str | None, title: str, scope: Scope) -> tuple[str, Scope]:
    """Title and scope: towns of a warning or a response, a zone or village itself, or as said. Raises NotFound."""
    if why != "hand" and not why_id:
        raise Invalid(
            "请指明预警、村落、防范区或响应。", "Say which warning, village, zone or response.", field="why_id"
        )
    if why == "warning":
        warning = session.get(WarningRow, _uuid(why_id))
        if warning is None:
            raise NotFound("没有这条预警。", "There is no such warning.", field="why_id")
        title = title or f"{warning.kind_zh}{warning.colour_zh}预警"
        scope = scope or tuple(("admin_unit", str(town["code"])) for town in warning.towns)
    elif why == "response":
        response = session.get(Response, _uuid(why_id))
        if response is None:
            raise NotFound("没有这一响应。", "There is no such response.", field="why_id")
        level = f"{'ⅠⅡⅢⅣ'[response.level - 1]}级" if response.level else ""
        title = title or f"{response.jurisdiction_zh}{response.track_zh}{level}响应"
        scope = scope or _towns(session, response.jurisdiction)
    elif why == "hazard":
        state = session.get(HazardState, why_id)
        register, _, code = str(why_id).partition(":")
        scope = scope or ((register, code),)
        if state is not None:
            now = _STATES.get(state.state) or _STATES["unknown"]
            colour = f"（{_COLOURS[state.colour]}）" if state.colour in _COLOURS else ""
            title = title or f"{state.name}{now}{colour}（内部提示）"
    if not title.strip():
        raise Invalid("请填写叫应事由。", "Say what the call is about.", field="title")
    if not scope:
        raise Invalid("请指明叫应对象。", "Say whom it is about: towns, villages, zones.", field="scope")
    return title, scope


def _towns(session: Session, jurisdiction: str) -> Scope:
    """A town itself, or all towns of a district that are in the bureau's scope."""
    u = TABLES["admin_unit"].c
    inside = select(u.code).where(u.valid_to.is_(None), u.level == "town", u.in_scope, u.code.startswith(jurisdiction))
    return tuple(("admin_unit", code) for code in session.scalars(inside.order_by(u.code)))


def _uuid(words: str | None) -> UUID:
    try:
        return UUID(str(words))
    except ValueError as error:
        raise NotFound("没有这一预警或响应。", "There is no such warning or response.", field="why_id") from error
