"""What a cell means: text, numbers with their words and units, days, choices. Nothing is converted silently.

A value that is plainly written is taken. One that can be understood but would have to be changed (亩 for m², full-width
digits, 约, an Excel day number) is a question with the value that it would become; what cannot be understood is an error.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_data.registers.definition import Field

LONGEST = {"code": 200, "name": 200}
INT4 = 2_147_483_647
_UNKNOWN = {"/", "-", "--", "—", "——", "无", "不详", "未知", "待查", "n/a", "na", "null", "none", "nan"}
_YES = {"是", "有", "已", "true", "yes", "y", "1", "√", "t"}
_NO = {"否", "无", "没有", "未", "false", "no", "n", "0", "×", "f"}
_TENS = {None: 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()} | {
    0x3000: 0x20, 0xFF0B: 0x2B, 0xFF0D: 0x2D, 0xFF0E: 0x2E, 0xFF05: 0x25, 0xFF0F: 0x2F,
}  # fmt: skip
WIDE = "[０-９Ａ-Ｚａ-ｚ\u3000]"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_NUMBER = re.compile(
    r"(?P<about>大约|约为|约|近|超过|[~≈<>≥≤])?\s*(?P<figure>[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*"
    r"(?P<tens>[十百千万亿])?\s*(?P<unit>[^\d\s,.]*?[23]?(?:/[a-z]+)?)\s*(?P<more>左右|以上|以内|余|多|\+)?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ t]\d{1,2}:\d{2}.*)?", re.IGNORECASE)
_LIST = re.compile(r"[;；,，、|\n]")
_DIMENSIONS: dict[str, dict[str, float]] = {
    "area": {"m2 平方米 平米 平方": 1, "亩 市亩": 10_000 / 15, "公顷 ha hm2": 1e4, "km2 平方公里 平方千米": 1e6},
    "length": {"m 米": 1, "km 公里 千米": 1000, "里 华里": 500, "dm 分米": 0.1, "cm 厘米 公分": 0.01, "mm 毫米": 0.001},
    "volume": {"m3 立方米 立方 方": 1, "l 升": 0.001},
    "flow": {"m3/h": 1, "m3/s": 3600},
    "time": {"s 秒": 1, "min 分 分钟": 60, "h 小时 时": 3600},
    "mass": {"t 吨": 1, "kg 公斤 千克": 0.001, "斤": 0.0005},
    "money": {"元 圆 人民币": 1, "万元": 1e4, "亿元": 1e8},
    "persons": {"人 名 位 人次": 1},
    "households": {"户 家": 1},
    "angle": {"° 度": 1},
}
"""Units as written (NFKC, lower case) and their size in the base of their dimension."""

_UNITS = {
    unit: (dimension, size)
    for dimension, sizes in _DIMENSIONS.items()
    for units, size in sizes.items()
    for unit in units.split()
}


@dataclass(frozen=True)
class Read:
    """One value as read. `level` is empty for a value that is taken, else `question` or `error` with the words."""

    value: Any
    level: str = ""
    zh: str = ""
    en: str = ""


def _error(zh: str, en: str) -> Read:
    return Read(None, "error", zh, en)


def as_text(column: pd.Series) -> pd.Series:
    """Any column as stripped text, blanks as NA; whole floats lose their `.0` (a sheet's codes are often numbers)."""

    def plain(value: Any) -> str | None:
        if isinstance(value, str):
            return value
        if isinstance(value, (list, tuple, np.ndarray)):
            return "；".join(map(str, value))
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            return None
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            return str(int(value))
        if isinstance(value, (dt.datetime, dt.date)):
            return str(value)[:10]
        return str(value)

    if column.dtype != "str":
        column = pd.Series([plain(v) for v in column], index=column.index, dtype="str")
    text = column.str.strip()
    return text.mask(text == "")


def narrow(text: str) -> str:
    """Full-width digits, letters and blanks as plain ones; Chinese punctuation stays."""
    return text.translate(_WIDE)


def each(text: pd.Series, read: Callable[[str], Read]) -> tuple[NDArray[np.object_], dict[int, Read]]:
    """`read` applied to each different text once: the values, and the readings that are not plainly taken by position."""
    codes, uniques = pd.factorize(text)
    reads = [read(str(value)) for value in uniques]
    plain = np.empty(len(reads), dtype=object)
    plain[:] = [one.value for one in reads]
    asked = np.array([bool(one.level) for one in reads], dtype=bool)
    return plain[codes], {int(at): reads[codes[at]] for at in np.flatnonzero(asked[codes])}


def _figure(number: float, field: Field) -> str:
    return f"{number:g}{field.unit}" if field.type == "number" else f"{number:.0f}{field.unit}"


def _sized(match: re.Match[str], field: Field) -> tuple[float | None, str]:
    """The number in the field's own unit, or None with the unit that does not fit."""
    number = float(match["figure"].replace(",", "")) * _TENS[match["tens"]]
    own = _UNITS.get(unicodedata.normalize("NFKC", field.unit).lower())
    unit = match["unit"].lower()
    if not unit and match["tens"] and own and own[0] == "money":
        unit = "元"
    if not unit or unicodedata.normalize("NFKC", field.unit).lower() == unit:
        return number, ""
    given = _UNITS.get(unit)
    if own is None or given is None or own[0] != given[0]:
        return None, match["unit"]
    return float(f"{number * given[1] / own[1]:.12g}"), ""


def unit_in_head(head: str, field: Field) -> str:
    """The unit in the brackets of a column's head where it is known and is not the field's own; else nothing."""
    match = re.search(r"[(（\[【](?:单位[:：]?)?\s*(.*?)\s*[)）\]】]", head)
    plain = unicodedata.normalize("NFKC", match[1]).lower() if match else ""
    own = unicodedata.normalize("NFKC", field.unit).lower()
    if plain not in _UNITS or plain == own or _UNITS.get(own) == _UNITS[plain]:
        return ""
    return plain


def number_of(field: Field) -> Callable[[str], Read]:
    """How a number field reads a text that is not a plain number."""

    def read(text: str) -> Read:
        if text.lower() in _UNKNOWN:
            return Read(None, "question", f"{text!r} 记为未知吗", f"is {text!r} to be kept as unknown?")
        match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if match is None:
            return _error(f"{text!r} 不是数字", f"{text!r} is no number")
        number, stranger = _sized(match, field)
        if number is None or not math.isfinite(number):
            return _error(
                f"{text!r} 的单位 {stranger} 不能用于本字段 ({field.unit or '无单位'})",
                f"the unit {stranger} of {text!r} does not fit this field ({field.unit or 'no unit'})",
            )
        if field.type == "integer" and not number.is_integer():
            return _error(f"{text!r} 应为整数", f"{text!r} should be a whole number")
        became = _figure(number, field)
        why = [
            zh
            for zh, there in (
                ("全角字符", bool(re.search("[！-～]", text))), (f"单位 {match['unit']}", bool(match["unit"])),
                (f"数量词 {match['tens']}", bool(match["tens"])), ("千分位", "," in match["figure"]),
                (f"约数 {match['about'] or match['more']}", bool(match["about"] or match["more"])),
            )
            if there
        ]  # fmt: skip
        zh = f"{text!r} 含{'、'.join(why) or '其他字符'}, 按 {became} 收入吗"
        return Read(number, "question", zh, f"{text!r} is not a plain number: take it as {became}?")

    return read


def day(text: str) -> Read:
    """A calendar day; full-width ones and Excel's day numbers are asked about."""
    plain = narrow(text)
    if match := _DAY.fullmatch(plain) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain):
        try:
            value = dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return _error(f"{text!r} 不是日期", f"{text!r} is no day")
        if plain == text:
            return Read(value)
        return Read(value, "question", f"{text!r} 含全角字符, 按 {value} 收入吗", f"take {text!r} as {value}?")
    if re.fullmatch(r"[2-5]\d{4}", plain):
        value = dt.date(1899, 12, 30) + dt.timedelta(int(plain))
        zh = f"{text!r} 像是表格软件的日期序号, 按 {value} 收入吗"
        return Read(value, "question", zh, f"{text!r} looks like a spreadsheet's day number: take it as {value}?")
    if text.lower() in _UNKNOWN:
        return Read(None, "question", f"{text!r} 记为未知吗", f"is {text!r} to be kept as unknown?")
    return _error(f"{text!r} 不是日期 (年-月-日)", f"{text!r} is no day (year-month-day)")


def yes(text: str) -> Read:
    """是 or 否 in the usual ways of writing them."""
    word = text.lower()
    if word in _YES or word in _NO:
        return Read(word in _YES)
    if word in _UNKNOWN:
        return Read(None, "question", f"{text!r} 记为未知吗", f"is {text!r} to be kept as unknown?")
    return _error(f"{text!r} 应为 是 或 否", f"{text!r} should be yes or no")


def choice_of(field: Field) -> Callable[[str], Read]:
    """How a choice is read: its code, its Chinese or its English word."""
    words = {word.lower(): code for code, zh, en in field.choices for word in (en, zh, code)}
    listed = "、".join(zh for _, zh, _ in field.choices)

    def read(text: str) -> Read:
        word = text.lower()
        if word in words:
            return Read(words[word])
        if (became := words.get(narrow(word).strip())) is not None:
            zh = f"{text!r} 含全角字符, 按 {field.label(became)} 收入吗"
            return Read(became, "question", zh, f"take {text!r} as {became}?")
        if word in _UNKNOWN and not field.required:
            return Read(None, "question", f"{text!r} 记为未知吗", f"is {text!r} to be kept as unknown?")
        return _error(
            f"{text!r} 不在选项中: {listed}", f"{text!r} is not one of {', '.join(c for c, *_ in field.choices)}"
        )

    return read


def list_of(field: Field) -> Callable[[str], Read]:
    """How a list is read: parts between 、 ; , or |, each a choice where the field closes the list."""
    one = choice_of(field) if field.choices else lambda part: Read(part)

    def read(text: str) -> Read:
        parts = [one(part.strip()) for part in _LIST.split(text) if part.strip()]
        for level in ("error", "question"):
            if bad := next((part for part in parts if part.level == level), None):
                values = [p.value for p in parts if p.value is not None]
                return Read(values, level, bad.zh, bad.en)
        return Read(list(dict.fromkeys(part.value for part in parts)) or None)

    return read


def text_of(field: Field) -> Callable[[str], Read]:
    """How an odd text is read: full-width digits are asked about, control characters and overlong texts refused."""

    def read(text: str) -> Read:
        if re.search(_CONTROL, text):
            return _error(f"{text!r} 含控制字符", f"{text!r} holds control characters")
        if len(text) > (most := LONGEST.get(field.name, 5000)):
            return _error(f"超过 {most} 字", f"longer than {most} characters")
        became = narrow(text).strip()
        zh = f"{text!r} 含全角字符, 按 {became!r} 收入吗"
        return Read(became, "question", zh, f"{text!r} holds full-width characters: take it as {became!r}?")

    return read


def is_odd(text: pd.Series, field: Field) -> pd.Series:
    """Which texts `text_of` has to look at."""
    long = text.str.len() > LONGEST.get(field.name, 5000)
    return (text.str.contains(f"{WIDE}|{_CONTROL}", na=False) | long).fillna(False).astype(bool)


def typed(field: Field, values: Any, index: pd.Index) -> pd.Series:
    """The column of a field in its own type: Int64, float64 (NaN unknown), boolean, else objects (None unknown).

    `values` are an array, or None for a column of unknowns.
    """
    dtype = {"integer": "Int64", "number": "float64", "boolean": "boolean"}.get(field.type, object)
    if values is None:
        values = np.full(len(index), np.nan if field.is_number else None, dtype=float if field.is_number else object)
    return pd.Series(pd.array(values, dtype=dtype) if dtype is not object else values, index=index, dtype=dtype)
