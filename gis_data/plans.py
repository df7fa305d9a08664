"""Plan editions (应急预案) as files say them: levels, trigger rules, actions; checked whole before anything is kept.

A plan is YAML (or JSON). What is wrong is said with its list and 1-based row, and the field in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NoReturn

import yaml

from gis_data.errors import Invalid

ROMAN = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
COLOURS = ("blue", "yellow", "orange", "red")
LIMIT = 1_000_000
DEEP = 5
"""How deep groups of conditions may stand in one another."""
Item = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A field: text, count (whole, from 1), number, truth, date, a pattern or one of a list; None: it must be there."""

    kind: str = "text"
    default: Any = None
    optional: bool = False
    one_of: tuple[Any, ...] = ()
    pattern: str = ""


_WORDS = Field()
_MAYBE = Field(default="", optional=True)
_COUNT = Field("count", 1, True)
_AREA = Field(pattern=r"\d{6}(\d{3})?")
_LEVEL = Field("count", one_of=(1, 2, 3, 4))
HEAD = {
    "track": Field(pattern=r"[a-z][a-z0-9_]{1,29}"), "track_zh": _WORDS, "track_en": _WORDS, "jurisdiction": _AREA,
    "jurisdiction_zh": _WORDS, "edition": _WORDS, "title": _WORDS, "document_no": _WORDS, "organ": _WORDS,
    "legal_basis": _WORDS, "approved_by": _WORDS, "in_force_from": Field("date"),
    "in_force_to": Field("date", optional=True), "is_demo": Field("truth", False, True),
}  # fmt: skip
"""What a plan says of itself."""
LEVEL = {"level": _LEVEL, "hours": Field("count"), "matter": _WORDS, "measures": _WORDS}
"""Of each level: the usual duration, and the words that a start text begins from."""
RULE = {"level": _LEVEL, "name": _WORDS, "clause": _MAYBE}
ACTION = {
    "no": _WORDS, "level": _LEVEL, "organization": _WORDS, "zh": _WORDS, "en": _WORDS, "due_min": Field("count"),
    "evidence": _MAYBE, "level_bound": Field("truth", False, True),
}  # fmt: skip
LEAVES: dict[str, dict[str, Field]] = {
    "warning": {"kind": _WORDS, "colour": Field(one_of=COLOURS), "official": Field("truth", True, True),
                "towns": _COUNT},
    "rain": {"by": Field(one_of=("point", "town")), "hours": Field("count", one_of=(1, 3, 6, 12, 24, 72)),
             "mm": Field("number"), "count": _COUNT},
    "water_level": {"over": Field(one_of=("warning", "guarantee"), optional=True),
                    "above_m": Field("number", optional=True), "gauge": _MAYBE, "count": _COUNT},
    "roads": {"state": Field(one_of=("closed", "waterlogged")), "count": _COUNT},
    "hazards": {"register": Field(one_of=("key_village", "geohazard_zone", "any")),
                "state": Field(one_of=("prepare", "immediate")),
                "unit": Field(default="objects", optional=True, one_of=("objects", "households", "persons")),
                "count": _COUNT},
    "reservoir": {"above_m": Field("number", 0.0, True), "count": _COUNT},
    "dyke": {"over": Field(one_of=("warning", "guarantee")), "count": _COUNT},
    "cyclone": {"km": Field("number"), "hours": Field("number", 0.0, True),
                "grade": Field(default="TD", optional=True, one_of=("TD", "TS", "STS", "TY", "STY", "SuperTY"))},
    "upper": {"jurisdiction": _AREA, "level": _LEVEL},
    "manual": {"text": _WORDS},
}  # fmt: skip
"""The conditions that a rule is made of, and their fields. A new one is a line here and one in `command/responses`."""
GROUPS = ("any", "all", "of")


@dataclass(frozen=True)
class Plan:
    """A plan edition that has been checked: its head, levels, rules and actions, and the hash of its file."""

    head: Item
    levels: list[Item]
    rules: list[Item]
    actions: list[Item]
    sha256: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Track, jurisdiction, edition: there is one of each, for good."""
        return self.head["track"], self.head["jurisdiction"], self.head["edition"]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML, where `no` is a word as in YAML 1.2, no key is said twice, and there are no aliases to blow it up."""

    yaml_implicit_resolvers: ClassVar[Any] = {
        first: [one for one in some if one[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len({str(key) for key in keys}):
            raise yaml.YAMLError(f"a key is said twice in line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def read(raw: bytes) -> Plan:
    """A plan from its file. Raises Invalid that names the row and the field."""
    if len(raw) > LIMIT:
        raise Invalid(f"预案文件超过 {LIMIT:,} 字节。", f"A plan's file is {LIMIT:,} bytes at most.", field="file")
    try:
        said = yaml.load(raw.decode("utf-8-sig"), _Loader)  # a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        first = str(error).replace("\n", " ")[:200]
        raise Invalid(
            f"不是可读的 YAML：{first}", f"This is no YAML that can be read: {first}", field="file"
        ) from error
    if not isinstance(said, dict):
        _wrong(
            "plan", None, "预案文件应有 plan、levels、rules、actions 四节", "a plan has plan, levels, rules, actions"
        )
    if extra := set(map(str, said)) - {"plan", "levels", "rules", "actions"}:
        _wrong(min(extra), None, "没有这一节", "there is no such section")
    head = _fields(said.get("plan"), HEAD, "plan", None)
    if head["in_force_to"] and head["in_force_to"] < head["in_force_from"]:
        _wrong("plan.in_force_to", None, "应晚于起始日期", "is before the day that it begins")
    levels = [_fields(one, LEVEL, "levels", n) for n, one in _rows(said, "levels")]
    rules = [_rule(one, n) for n, one in _rows(said, "rules", empty=True)]
    actions = [_fields(one, ACTION, "actions", n) for n, one in _rows(said, "actions")]
    _once(levels, "levels", "level")
    _once(rules, "rules", "level")
    _once(actions, "actions", "no")
    known = {one["level"] for one in levels}
    for section, rows in (("rules", rules), ("actions", actions)):
        for n, one in enumerate(rows, 1):
            if one["level"] not in known:
                _wrong(f"{section}.level", n, "levels 中没有这一级别", "is no level of this plan")
    return Plan(head, levels, rules, actions, hashlib.sha256(raw).hexdigest())


def canonical(plan: Plan) -> str:
    """What a plan says, whatever the file's spelling."""
    said = [plan.head, plan.levels, plan.rules, plan.actions]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def _rows(said: Mapping[str, Any], section: str, *, empty: bool = False) -> Iterator[tuple[int, Any]]:
    rows = said.get(section)
    if not isinstance(rows, list) or not (rows or empty):
        _wrong(section, None, "应为列表且不为空", "is a list with something in it")
    return enumerate(rows, 1)


def _once(rows: list[Item], section: str, field: str) -> None:
    seen = set()
    for n, one in enumerate(rows, 1):
        if one[field] in seen:
            _wrong(f"{section}.{field}", n, f"“{one[field]}”已在前面出现", f"“{one[field]}” stands before already")
        seen.add(one[field])


def _rule(said: Any, row: int) -> Item:
    if not isinstance(said, dict):
        _wrong("rules", row, "应为一组字段", "is a group of fields")
    rest = {key: value for key, value in said.items() if key != "when"}
    found = _fields(rest, RULE, "rules", row)
    return found | {"when": _condition(said.get("when"), "rules.when", row, 0)}


def _condition(said: Any, where: str, row: int, depth: int) -> Item:
    """A group (`any`, `all`, `at_least` n `of`) or a leaf, checked and completed."""
    if not isinstance(said, dict) or not said or depth > DEEP:
        _wrong(where, row, f"应为一个条件，组合不超过 {DEEP} 层", f"is a condition, in {DEEP} groups at most")
    group = next((name for name in GROUPS if name in said), None)
    if group:
        extra = set(map(str, said)) - ({"at_least", "of"} if group == "of" else {group})
        some = said[group]
        if extra or not isinstance(some, list) or not some:
            _wrong(f"{where}.{min(extra, default=group)}", row, "应为条件的列表", "is a list of conditions")
        parts = [_condition(one, f"{where}.{group}.{n}", row, depth + 1) for n, one in enumerate(some, 1)]
        if group != "of":
            return {group: parts}
        least = _value(said.get("at_least"), Field("count"), f"{where}.at_least", row)
        if least > len(parts):
            _wrong(f"{where}.at_least", row, "大于条件的个数", "is more than there are conditions")
        return {"at_least": least, "of": parts}
    name = str(next(iter(said)))
    if len(said) != 1 or name not in LEAVES:
        known = "、".join((*LEAVES, *GROUPS))
        _wrong(f"{where}.{name}", row, f"条件须为其中一种：{known}", f"a condition is one of: {known}")
    leaf = _fields(said[name], LEAVES[name], f"{where}.{name}", row)
    if name == "water_level" and (leaf["over"] is None) == (leaf["above_m"] is None):
        _wrong(f"{where}.water_level.over", row, "over 与 above_m 须填且只填一个", "say over or above_m, one of both")
    return {name: leaf}


def _fields(said: Any, wanted: Mapping[str, Field], where: str, row: int | None) -> Item:
    if not isinstance(said, dict):
        _wrong(where, row, "应为一组字段", "is a group of fields")
    if extra := set(map(str, said)) - set(wanted):
        _wrong(f"{where}.{min(extra)}", row, "没有这个字段", "there is no such field")
    return {name: _value(said.get(name), field, f"{where}.{name}", row) for name, field in wanted.items()}


def _value(value: Any, field: Field, where: str, row: int | None) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        if field.optional:
            return field.default
        _wrong(where, row, "必填", "must be said")
    if field.kind == "count":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
            _wrong(where, row, "应为不小于 1 的整数", "is a whole number from 1")
    elif field.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
            _wrong(where, row, "应为数字", "is a number")
        value = float(value)
    elif field.kind == "truth":
        if not isinstance(value, bool):
            _wrong(where, row, "应为 true 或 false", "is true or false")
    elif field.kind == "date":
        if type(value) is not date:
            _wrong(where, row, "应为日期，如 2026-01-01", "is a day such as 2026-01-01")
        value = value.isoformat()
    elif not isinstance(value, str) or len(value) > 2000 or any(ord(c) < 32 and c != "\n" for c in value):
        _wrong(where, row, "应为文字（数字请加引号）", "is text; put numbers in quotes")
    else:
        value = value.strip()
        if field.pattern and not re.fullmatch(field.pattern, value):
            _wrong(where, row, "格式不对", "has another form")
    if field.one_of and value not in field.one_of:
        known = "、".join(map(str, field.one_of))
        _wrong(where, row, f"须为其中之一：{known}", f"is one of: {known}")
    return value


def _wrong(where: str, row: int | None, zh: str, en: str) -> NoReturn:
    at_zh, at_en = (f"第 {row} 条 ", f" {row}") if row else ("", "")
    raise Invalid(f"预案 {at_zh}{where}：{zh}。", f"The plan's {where}{at_en} {en}.", field=where, row=row)
