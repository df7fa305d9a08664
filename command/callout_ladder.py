"""The ladder of a call-out: which way a post is tried next, and after how many minutes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from sqlalchemy.orm import Session

from command.callout_posts import LOCAL, Post, grid_member
from gis_data.errors import Invalid, NotFound
from gis_data.parameters import value_of

Pattern = Literal["plain", "1833"]
CHANNELS: dict[str, tuple[str, str]] = {
    "phone": ("电话", "phone"),
    "deputy": ("替补岗位", "deputy"),
    "loudspeaker": ("广播", "loudspeaker"),
    "gong": ("敲锣", "gong"),
    "whistle": ("吹哨", "whistle"),
    "visit": ("上门", "visit"),
}
"""How a post is tried: keys as in the parameter `callout.channels` and the code list CHANNEL."""
LADDER = "phone,deputy,loudspeaker,visit"
"""DEMO. Parameter `callout.channels`."""
RETRY_MINUTES = 5.0
"""DEMO. Parameter `callout.retry_minutes`: unreached so long, the next way."""
MINUTES_1833 = "3/15/30"
"""DEMO. Parameter `callout.minutes[1833]`: minutes since the call at which the next ways come, one after the other."""


class Rung(NamedTuple):
    """A way that a post is tried by, and who is tried."""

    number: int
    channel: str
    target_code: str | None
    target: str


def ladder(session: Session, pattern: Pattern, at: datetime) -> list[dict[str, Any]]:
    """The ladder of the parameters in force: each `channel`, and the `minutes` until the next one."""
    channels = [part.strip() for part in _said(session, "callout.channels", LADDER, at).split(",")]
    if wrong := [one for one in channels if one not in CHANNELS]:
        raise Invalid(
            f"参数 callout.channels 中没有渠道“{wrong[0]}”。",
            f"callout.channels: no channel {wrong[0]}",
            field="pattern",
        )
    try:
        if pattern == "1833":
            marks = [0.0, *(float(m) for m in _said(session, "callout.minutes[1833]", MINUTES_1833, at).split("/"))]
            gaps = [after - before for before, after in pairwise(marks)]
        else:
            gaps = [float(_said(session, "callout.retry_minutes", str(RETRY_MINUTES), at))]
    except ValueError as error:
        raise Invalid("叫应时限参数不是数字。", "The minutes of call-outs are no numbers.", field="pattern") from error
    if min(gaps) <= 0:
        raise Invalid("叫应时限参数须递增。", "The minutes of call-outs must rise.", field="pattern")
    return [{"channel": c, "minutes": gaps[min(i, len(gaps) - 1)]} for i, c in enumerate(channels)]


def _said(session: Session, key: str, demo: str, at: datetime) -> str:
    with suppress(NotFound):
        return value_of(session, key, at).value
    return demo


def next_rung(
    session: Session, post: Post, steps: Sequence[dict[str, Any]], after: int, but: Collection[str], today: date
) -> Rung | None:
    """The first way after a step that there is for this post; none if nothing is left."""
    for number in range(after + 1, len(steps)):
        channel = str(steps[number]["channel"])
        if channel == "phone" and post.phone and not post.on_leave:
            return Rung(number, channel, post.code, post.name)
        if channel == "deputy" and post.deputy_code:
            return Rung(number, channel, post.deputy_code, post.deputy or post.deputy_code)
        if channel == "visit" and post.level in LOCAL:
            member = grid_member(session, post, but, today)
            return Rung(number, channel, member.code if member else None, member.name if member else "就近人员")
        if channel in ("loudspeaker", "gong", "whistle") and post.level in LOCAL:
            return Rung(number, channel, post.code, post.name)
    return None
