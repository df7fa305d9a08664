"""Warnings (预警) from CAP messages and back: eight fields that none may lack, kinds and colours by a table.

The eight fields are those of the Emergency Response Law; see the handbook's 5.4. Which code is which kind, and which
colour which severity, is a table passed in: `DEMO` until the bureau supplies its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gis_data.errors import Denied, Invalid
from gis_data.sources.cap import Alert, Area, Info, Key, write

Mode = Literal["live", "drill"]

FIELDS = {
    "kind": ("预警类别", "kind", "event"),
    "colour": ("预警级别", "level", "severity"),
    "starts_at": ("起始时间", "start time", "onset"),
    "areas": ("可能影响的范围", "area", "area"),
    "cautions": ("警示事项", "cautions", "description"),
    "measures": ("应当采取的措施", "measures", "instruction"),
    "issuer": ("发布单位", "issuer", "senderName"),
    "issued_at": ("发布时间", "issue time", "sent"),
}
"""The eight fields: what they are called in both languages, and the CAP element that holds each."""
INTERNAL = "内部提示，非对外预警 Internal prompt, no public warning"
DRILL = "演练 Drill"


@dataclass(frozen=True)
class Kind:
    """A kind of warning: its CAP category, the event codes of the issuers' systems, words of headlines."""

    id: str
    zh: str
    en: str
    category: str
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Colour:
    """A level of warning, 1 the worst, with the CAP severity that stands for it and its words as a parameter."""

    id: str
    zh: str
    en: str
    level: int
    severity: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conventions:
    """What an issuer's codes mean. `kind_name`, `colour_name` are the value names that we write ourselves."""

    kinds: tuple[Kind, ...]
    colours: tuple[Colour, ...]
    colour_names: tuple[str, ...]
    kind_name: str
    colour_name: str
    language: str
    source: str


DEMO = Conventions(
    (
        Kind("rainstorm", "暴雨", "Rainstorm", "Met", ("rainstorm",), ("暴雨", "强降雨")),
        Kind("typhoon", "台风", "Typhoon", "Met", ("typhoon",), ("台风",)),
        Kind("gale", "大风", "Gale", "Met", ("gale",), ("大风",)),
        Kind("thunderstorm", "雷暴", "Thunderstorm", "Met", ("thunderstorm",), ("雷电", "雷暴", "雷雨大风", "强对流")),
        Kind("snow", "暴雪", "Snowstorm", "Met", ("snow",), ("暴雪",)),
        Kind("icing", "道路结冰", "Road icing", "Met", ("icing",), ("道路结冰",)),
        Kind("haze", "霾", "Haze", "Met", ("haze",), ("霾",)),
        Kind("heat", "高温", "Heat", "Met", ("heat",), ("高温",)),
        Kind("cold_wave", "寒潮", "Cold wave", "Met", ("cold_wave",), ("寒潮",)),
        Kind("geohazard", "地质灾害", "Geological hazard", "Geo", ("geohazard",), ("地质灾害",)),
        Kind("mountain_flood", "山洪", "Mountain flood", "Met", ("mountain_flood",), ("山洪",)),
        Kind("flood", "洪水", "Flood", "Met", ("flood",), ("洪水", "内涝")),
        Kind("forest_fire", "森林火险", "Forest-fire danger", "Fire", ("forest_fire",), ("森林火险", "森林火灾")),
    ),
    (
        Colour("red", "红色", "Red", 1, "Extreme", ("红", "Ⅰ级", "I级", "一级")),
        Colour("orange", "橙色", "Orange", 2, "Severe", ("橙", "Ⅱ级", "II级", "二级")),
        Colour("yellow", "黄色", "Yellow", 3, "Moderate", ("黄", "Ⅲ级", "III级", "三级")),
        Colour("blue", "蓝色", "Blue", 4, "Minor", ("蓝", "Ⅳ级", "IV级", "四级")),
    ),
    ("预警颜色", "预警级别", "colour", "color", "baochu:colour"),
    "baochu:event",
    "baochu:colour",
    "zh-CN",
    "DEMO：手册 5.4、5.19；国家代码表由本局提供 the handbook; national code tables are the bureau's to supply",
)


@dataclass(frozen=True)
class Signal:
    """A warning as it is stored: the eight fields, and what goes with them.

    `kind` is "other" where the table does not know the event; `event` keeps its words. `source` is the message it
    came by. `official` is false for our own prompts, which nobody may take for a public warning.
    """

    kind: str
    colour: str
    starts_at: datetime
    areas: tuple[Area, ...]
    cautions: str
    measures: str
    issuer: str
    issued_at: datetime
    event: str = ""
    headline: str = ""
    ends_at: datetime | None = None
    urgency: str = "Unknown"
    certainty: str = "Unknown"
    official: bool = True
    source: Key | None = None


def signals(alert: Alert, table: Conventions = DEMO) -> tuple[Signal, ...]:
    """The warnings of a message, one for each info block of one language; none of a Cancel, Ack or Error.

    Chinese blocks are taken where there are some, otherwise those in the language of the first. Raises Invalid that
    names the missing ones of the eight fields.
    """
    if alert.kind not in ("Alert", "Update"):
        return ()
    chinese = [info for info in alert.infos if info.language.lower().startswith("zh")]
    blocks = chinese or [info for info in alert.infos if info.language == alert.infos[0].language]
    if not blocks:
        raise Invalid("报文没有预警内容（info）。", "The message says nothing: it has no info.", field="info")
    return tuple(_signal(alert, info, table) for info in blocks if "AllClear" not in info.responses)


def _signal(alert: Alert, info: Info, table: Conventions) -> Signal:
    colour = _colour(info, table)
    areas = tuple(area for area in info.areas if area.desc.strip() or area.polygons or area.circles or area.geocodes)
    starts_at = info.onset or info.effective
    found = {
        "kind": info.event, "colour": colour, "starts_at": starts_at, "areas": areas, "cautions": info.description,
        "measures": info.instruction, "issuer": info.sender_name, "issued_at": alert.sent,
    }  # fmt: skip
    missing = [name for name, value in found.items() if not (value.strip() if isinstance(value, str) else value)]
    if missing or starts_at is None:
        zh = "、".join(f"{FIELDS[name][0]}（{FIELDS[name][2]}）" for name in missing)
        en = ", ".join(f"{FIELDS[name][1]} ({FIELDS[name][2]})" for name in missing)
        raise Invalid(f"预警缺少：{zh}。", f"The warning lacks: {en}.", field=missing[0])
    return Signal(
        _kind(info, table), colour, starts_at, areas, info.description.strip(), info.instruction.strip(),
        info.sender_name.strip(), alert.sent, info.event.strip(), info.headline.strip(), info.expires, info.urgency,
        info.certainty, source=alert.key,
    )  # fmt: skip


def _kind(info: Info, table: Conventions) -> str:
    """By event code, otherwise by the longest of the table's words in the event or the headline."""
    codes = {value.strip() for _, value in info.event_codes}
    for kind in table.kinds:
        if codes & set(kind.codes):
            return kind.id
    for text in (info.event, info.headline):
        words = [(len(word), kind.id) for kind in table.kinds for word in kind.words if word in text]
        if words:
            return max(words, key=lambda one: one[0])[1]
    return "other"


def _colour(info: Info, table: Conventions) -> str:
    """By parameter, otherwise by the one colour that event or headline names, otherwise by severity; "" if by none."""
    stated = {value.strip().lower() for name, value in info.parameters if name.strip() in table.colour_names}
    by_parameter = {one.id for one in table.colours if stated & {one.id, one.zh, *(w.lower() for w in one.words)}}
    by_event, by_headline = (
        {one.id for one in table.colours if one.zh in text} for text in (info.event, info.headline)
    )
    by_severity = {one.id for one in table.colours if one.severity == info.severity}
    for found in (by_parameter, by_event, by_headline, by_severity):
        if len(found) == 1:
            return found.pop()
    return ""


def to_cap(
    signal: Signal,
    mode: Mode,
    sender: str,
    identifier: str,
    *,
    status: str = "Draft",
    kind: str = "Alert",
    references: Iterable[Key] = (),
    scope: str = "Restricted",
    table: Conventions = DEMO,
) -> bytes:
    """A warning as a CAP message, sent at its issue time. A drill's is always an Exercise.

    In live it is a Draft, or Actual where the signal is official: Denied for our own prompts, which say what they are.
    Raises Invalid for what cannot be said in CAP.
    """
    if mode == "drill":
        status = "Exercise"
    elif status not in ("Draft", "Actual"):
        raise Invalid(
            f"实战导出的状态只能是 Draft 或 Actual，不能是 {status}。",
            f"A live warning goes out as Draft or Actual, not as {status}.",
            field="status",
        )
    elif status == "Actual" and not signal.official:
        raise Denied(
            "内部提示不得作为正式预警发出。", "An internal prompt must not go out as a public warning.", field="status"
        )
    colours = {one.id: one for one in table.colours}
    if signal.colour not in colours:
        raise Invalid(f"没有预警颜色“{signal.colour}”。", f"There is no colour “{signal.colour}”.", field="colour")
    known = next((one for one in table.kinds if one.id == signal.kind), None)
    info = Info(
        categories=(known.category if known else "Other",),
        event=signal.event or (known.zh if known else ""),
        urgency=signal.urgency,
        severity=colours[signal.colour].severity,
        certainty=signal.certainty,
        language=table.language,
        event_codes=((table.kind_name, signal.kind),),
        effective=_second(signal.issued_at),
        onset=_second(signal.starts_at),
        expires=_second(signal.ends_at) if signal.ends_at else None,
        sender_name=signal.issuer,
        headline=signal.headline,
        description=signal.cautions,
        instruction=signal.measures,
        parameters=((table.colour_name, signal.colour),),
        areas=signal.areas,
    )
    notes = [words for words, due in ((DRILL, mode == "drill"), (INTERNAL, not signal.official)) if due]
    alert = Alert(
        identifier, sender, _second(signal.issued_at), status, kind, scope,
        restriction=DRILL if mode == "drill" else INTERNAL if not signal.official else "",
        note="；".join(notes), references=tuple(references), infos=(info,),
    )  # fmt: skip
    if kind in ("Alert", "Update"):
        _signal(alert, info, table)
    return write(alert)


def _second(moment: datetime) -> datetime:
    """CAP knows whole seconds."""
    return moment.replace(microsecond=0)
