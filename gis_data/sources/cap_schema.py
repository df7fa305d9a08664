"""How a sequence of XML elements becomes values and values become elements, from one table of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from lxml import etree

from gis_data.errors import Invalid

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ALLOWED = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}
_SPACE = " \t\r\n"
Point = tuple[float, float]
"""Longitude and latitude, WGS-84, taken as EPSG:4490."""


@dataclass(frozen=True)
class Text:
    """An element of text: how it is read (ValueError for what it must not hold, None for nothing) and written."""

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str

    @classmethod
    def of(cls, words: Iterable[str]) -> Text:
        """One of these words."""
        known = tuple(words)

        def read(text: str) -> str:
            if text not in known:
                raise ValueError(f"{text[:40]!r}: {' | '.join(known)}")
            return text

        return cls(read)


@dataclass(frozen=True)
class Group:
    """An element of elements, and what its values make."""

    make: Callable[..., Any]
    fields: Sequence[Field]


@dataclass(frozen=True)
class Field:
    """An element of a sequence, the name of its value, and how often it may stand there; None is any number."""

    tag: str
    name: str
    codec: Text | Group
    least: int = 1
    most: int | None = 1


def read_group(element: Any, table: Sequence[Field], path: str) -> dict[str, Any]:
    """The values of an element's children, which stand in the table's order; none other may, but signatures last."""
    _no_attributes(element, path)
    if any((words or "").strip(_SPACE) for words in (element.text, *(child.tail for child in element))):
        raise Invalid(f"{path}：元素之间有文字。", f"{path}: there is text between the elements.", field=path)
    children = list(element)
    if path == "alert":
        while children and etree.QName(children[-1]).namespace == SIGNATURE:
            children.pop()
    values: dict[str, Any] = {}
    k = 0
    for each in table:
        found: list[Any] = []
        while (
            k < len(children)
            and children[k].tag == f"{{{NAMESPACE}}}{each.tag}"
            and (each.most is None or len(found) < each.most)
        ):
            number = f"[{len(found) + 1}]" if each.most is None else ""
            found.append(_value(children[k], each.codec, f"{path}/{each.tag}{number}"))
            k += 1
        if len(found) < each.least:
            where = f"{path}/{each.tag}"
            raise Invalid(f"缺少 {where}。", f"{where} is missing.", field=where)
        if each.most is None:
            values[each.name] = tuple(one for one in found if one is not None)
        elif found:
            values[each.name] = found[0]
    if k < len(children):
        where = f"{path}/{etree.QName(children[k]).localname}"
        raise Invalid(
            f"{where} 不该在此处（重复、次序不对或不是 CAP 的元素）。",
            f"{where} must not stand here: it is doubled, out of order or none of CAP's.",
            field=where,
        )
    return values


def _value(element: Any, codec: Text | Group, path: str) -> Any:
    if isinstance(codec, Group):
        values = read_group(element, codec.fields, path)
        return tuple(values.values()) if codec.make is tuple else codec.make(**values)
    _no_attributes(element, path)
    if len(element):
        raise Invalid(f"{path} 只能是文字。", f"{path} must be text alone.", field=path)
    try:
        return codec.read(element.text or "")
    except ValueError as error:
        raise Invalid(f"{path} 的内容不对：{error}", f"{path} is wrong: {error}", field=path) from error


def _no_attributes(element: Any, path: str) -> None:
    for name in element.attrib:
        if name not in _ALLOWED:
            raise Invalid(f"{path} 不得带属性 {name}。", f"{path} must have no attribute {name}.", field=path)


def write_group(parent: Any, value: Any, table: Sequence[Field]) -> None:
    """A value's fields as children of an element; what is empty and may be left out is."""
    for each in table:
        one = getattr(value, each.name) if is_dataclass(value) else value[int(each.name)]
        for item in one if each.most is None else (one,):
            if each.least == 0 and each.most and item in (None, "", ()):
                continue
            child = etree.SubElement(parent, f"{{{NAMESPACE}}}{each.tag}")
            if isinstance(each.codec, Group):
                write_group(child, item, each.codec.fields)
            else:
                child.text = each.codec.write(item)


def _read_moment(words: str) -> datetime:
    text = words.strip(_SPACE)
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT)(\d\d:\d\d:\d\d)([+-])(\d\d):(\d\d)", text, re.ASCII)
    if not found or int(found[4]) * 60 + int(found[5]) > 14 * 60 or int(found[5]) > 59:
        raise ValueError(f"{text[:40]!r}: YYYY-MM-DDThh:mm:ss±hh:mm")
    midnight = found[2] == "24:00:00"
    try:
        moment = datetime.fromisoformat(text.replace("T24:", "T00:") if midnight else text)
        return moment + timedelta(days=1) if midnight else moment
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _write_moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise Invalid(f"时间 {moment} 没有时区。", f"The time {moment} has no time zone.", field="time")
    offset = moment.utcoffset() or timedelta(0)
    return moment.astimezone(timezone(offset)).isoformat(timespec="seconds")


def _read_decimal(words: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", words.strip(_SPACE), re.ASCII):
        raise ValueError("no decimal number")
    return Decimal(words.strip(_SPACE))


_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)


def _point(words: str) -> Point:
    found = _PAIR.fullmatch(words)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise ValueError(f"{words[:40]!r}: latitude,longitude")
    return float(found[2]), float(found[1])


def _ring(words: str) -> tuple[Point, ...] | None:
    points = tuple(_point(each) for each in words.split())
    if points and (len(points) < 4 or points[0] != points[-1]):
        raise ValueError("a polygon has four points or more and ends where it begins")
    return points or None


def _circle(words: str) -> tuple[Point, float] | None:
    if not words.strip():
        return None
    centre, _, radius = words.strip().partition(" ")
    if not re.fullmatch(_NUMBER, radius.strip(), re.ASCII) or float(radius) < 0:
        raise ValueError(f"{words[:40]!r}: latitude,longitude radius")
    return _point(centre), float(radius)


def _plain(number: float) -> str:
    """A float in full, without an exponent."""
    return format(Decimal(repr(float(number))), "f")


def _place(point: Point) -> str:
    return f"{_plain(point[1])},{_plain(point[0])}"


def _name(words: str) -> str:
    found = words.strip()
    if not re.fullmatch(r"[^\s,<&]+", found):
        raise ValueError("empty, or with a space, comma, < or &")
    return found


def _uri(words: str) -> str:
    found = words.strip()
    if re.search(r"[\s<>\"{}|\\^`\[\]]|%(?![0-9A-Fa-f]{2})", found) or found.count("#") > 1:
        raise ValueError("no URI")
    return found


def _whole(words: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", words.strip(), re.ASCII):
        raise ValueError("no whole number")
    return int(words)


def _language(words: str) -> str:
    found = words.strip()
    if not re.fullmatch(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", found):
        raise ValueError("no language code")
    return found


moment = Text(_read_moment, _write_moment)
decimal = Text(_read_decimal, lambda number: format(number, "f"))
ring = Text(_ring, lambda points: " ".join(map(_place, points)))
circle = Text(_circle, lambda one: f"{_place(one[0])} {_plain(one[1])}")
name, uri, whole, language = Text(_name), Text(_uri), Text(_whole), Text(_language)
