"""The causes of a call-out: what it is called, and whom it is about where nothing else is said."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from command.hazard_tables import HazardState, WarningRow
from gis_data.errors import Invalid, NotFound

Why = Literal["warning", "hazard", "response", "hand"]
Scope = tuple[tuple[str, str], ...]
_STATES = {"prepare": "准备转移", "immediate": "立即转移", "unknown": "数据未知", "safe": "安全"}
_COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}


def cause(session: Session, why: Why, why_id: str | None, title: str, scope: Scope) -> tuple[str, Scope]:
    """Title and scope: a warning's towns, a zone or village itself, else what is said. Raises Invalid, NotFound."""
    if why in ("warning", "hazard") and not why_id:
        raise Invalid("请指明预警、村落或防范区。", "Say which warning, village or zone.", field="why_id")
    if why == "warning":
        warning = session.get(WarningRow, _uuid(why_id))
        if warning is None:
            raise NotFound("没有这条预警。", "There is no such warning.", field="why_id")
        title = title or f"{warning.kind_zh}{warning.colour_zh}预警"
        scope = scope or tuple(("admin_unit", str(town["code"])) for town in warning.towns)
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


def _uuid(words: str | None) -> UUID:
    try:
        return UUID(str(words))
    except ValueError as error:
        raise NotFound("没有这条预警。", "There is no such warning.", field="why_id") from error
