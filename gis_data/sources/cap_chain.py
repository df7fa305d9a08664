"""Which warnings are in force: Update, Cancel and references, whatever the order and how often messages come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gis_data.errors import Invalid
from gis_data.sources.cap import Alert, Info, Key, same
from gis_data.sources.cap_warning import DEMO, Conventions, Mode, Signal

STATUS: dict[Mode, str] = {"live": "Actual", "drill": "Exercise"}
"""The one status of messages that a world keeps."""
_REFUSED = {
    "Actual": ("实战预警", "a real warning"),
    "Exercise": ("演练预警", "an exercise"),
    "Test": ("测试报文", "a test"),
    "System": ("系统报文", "a message between systems"),
    "Draft": ("草稿", "a draft"),
}


def admit(alert: Alert, mode: Mode) -> Alert:
    """The message, if this world may keep it: live keeps Actual alone, a drill Exercise alone. Otherwise Invalid."""
    if alert.status != STATUS[mode]:
        zh, en = _REFUSED[alert.status]
        world_zh, world_en = ("实战", "live") if mode == "live" else ("演练", "a drill")
        raise Invalid(
            f"{alert.identifier} 是{zh}（{alert.status}），{world_zh}只收 {STATUS[mode]}。",
            f"{alert.identifier} is {en} ({alert.status}); {world_en} takes {STATUS[mode]} alone.",
            field="status",
        )
    return alert


def merged(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Each message once, by time sent. Raises Invalid where two of the same number differ."""
    found: dict[Key, Alert] = {}
    for alert in alerts:
        same(alert, found.setdefault(alert.key, alert))
    return tuple(sorted(found.values(), key=lambda one: (one.sent, one.sender, one.identifier)))


def superseded(alerts: Iterable[Alert], at: datetime) -> dict[Key, Key]:
    """Each message that another replaced or lifted by a moment, and the first that did.

    An Update or Cancel ends what it refers to, known or not, if sender and status are the same: the issuer adjusts and
    lifts a warning, nobody else, and an exercise ends nothing real. What ended does not come back when its successor
    is lifted.
    """
    known = merged(alerts)
    status = {alert.key: alert.status for alert in known}
    ended: dict[Key, Key] = {}
    for alert in known:
        if alert.kind in ("Update", "Cancel") and alert.sent <= at:
            for key in alert.references:
                if key.sender == alert.sender and key != alert.key and status.get(key, alert.status) == alert.status:
                    ended.setdefault(key, alert.key)
    return ended


def in_force(alerts: Iterable[Alert], at: datetime, mode: Mode) -> tuple[Alert, ...]:
    """The warnings in force at a moment: sent, not replaced, lifted, cleared or run out; of this mode's status."""
    known = merged(alerts)
    ended = superseded(known, at)
    return tuple(
        alert
        for alert in known
        if alert.status == STATUS[mode]
        and alert.kind in ("Alert", "Update")
        and alert.sent <= at
        and alert.key not in ended
        and any(_lasts(info, at) for info in alert.infos)
    )


def _lasts(info: Info, at: datetime) -> bool:
    return "AllClear" not in info.responses and (info.expires is None or at < info.expires)


def chain(alerts: Iterable[Alert], key: Key) -> tuple[Alert, ...]:
    """All messages that hang together with one by references, by time sent: the history of a warning."""
    known = merged(alerts)
    links: dict[Key, set[Key]] = {alert.key: set() for alert in known}
    for alert in known:
        for other in alert.references:
            links.setdefault(other, set()).add(alert.key)
            links[alert.key].add(other)
    seen, todo = {key}, [key]
    while todo:
        new = links.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return tuple(alert for alert in known if alert.key in seen)


def reaches(signal: Signal, code: str) -> bool:
    """Whether one of a warning's geocodes is this unit (GB/T 2260, GB/T 10114), a unit above it or one below."""
    here = _stem(code)
    there = [_stem(value.strip()) for area in signal.areas for _, value in area.geocodes if value.strip().isdigit()]
    return any(here.startswith(each) or each.startswith(here) for each in there)


def _stem(code: str) -> str:
    """A unit's code without the zeros that stand for all units below."""
    return next((code[:n] for n in (2, 4, 6, 9) if code[n:].strip("0") == ""), code)


def highest(
    signals: Iterable[Signal], codes: Iterable[str], at: datetime, table: Conventions = DEMO
) -> dict[tuple[str, str], Signal]:
    """For each unit and kind the highest official warning that has not run out, the newest among equals.

    What the map shows of a town. Give it the signals of the messages in force.
    """
    level = {one.id: one.level for one in table.colours}
    valid = [one for one in signals if one.official and (one.ends_at is None or at < one.ends_at)]
    valid.sort(key=lambda one: (-level[one.colour], one.issued_at))
    return {(code, one.kind): one for code in codes for one in valid if reaches(one, code)}
