"""What a register (台账) is: one definition drives its table, checks, import, page, layer and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "integer", "number", "boolean", "date", "choice", "choices", "texts", "secret"]
Geometry = Literal["POINT", "LINESTRING", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRY"]
Group = Literal["base", "hazard", "forest", "danger", "resource", "monitoring", "people"]
Mark = Literal["circle", "square", "diamond", "triangle", "fill", "line"]
Words = tuple[str, str, str]
"""A choice: its code as stored, its words in Chinese and in English."""


@dataclass(frozen=True)
class Field:
    """One column of a register beyond the common ones.

    `unit` is printed beside each number. `choices` close the list of values; `refers` names the register whose code
    the field holds. A `secret` is kept encrypted and shown to those alone who may see persons. `listed` fields are
    columns of the desk's table and attributes of the map's tiles. `ages`: of a year of birth, the youngest and the
    oldest that may be.
    """

    name: str
    zh: str
    en: str
    type: FieldType = "text"
    required: bool = False
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[Words, ...] = ()
    pattern: str = ""
    refers: str = ""
    listed: bool = False
    ages: tuple[int, int] | None = None

    @property
    def is_number(self) -> bool:
        """Whether values are counted or measured."""
        return self.type in ("integer", "number")

    def label(self, code: str) -> str:
        """A choice's word in Chinese; what is no choice stays as it is."""
        return next((zh for value, zh, _ in self.choices if value == code), code)


@dataclass(frozen=True)
class Look:
    """How the map draws a register: a mark in a colour of the design language (never a warning colour)."""

    mark: Mark
    color: str
    min_zoom: int = 11
    default_on: bool = False


@dataclass(frozen=True)
class Register:
    """A register: its name, its fields, the geometry of its rows (None: it has none), and how the map draws it.

    `personal` registers hold people: never in tiles, never in exports unless a role asks and the journal records it,
    and a town's account sees its own town's rows alone.
    """

    key: str
    zh: str
    en: str
    group: Group
    fields: tuple[Field, ...]
    geometry: Geometry | None = "POINT"
    geometry_required: bool = True
    look: Look | None = None
    personal: bool = False

    def field(self, name: str) -> Field | None:
        """The field of that name, common ones included."""
        return next((f for f in (*COMMON, *self.fields) if f.name == name), None)

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The fields that a person fills in: the common ones first."""
        return (*COMMON[:3], *self.fields, *COMMON[3:])

    @property
    def layer(self) -> str | None:
        """The map layer that draws the register, if one does."""
        return {
            "shelter": "shelters",
            "team": "teams",
            "protected_target": "protected_targets",
            "admin_unit": "admin",
        }.get(self.key, self.key if self.look else None)

    @property
    def located(self) -> bool:
        """Whether rows have a place on the map."""
        return self.geometry is not None


GEOM_SOURCES: tuple[Words, ...] = (
    ("surveyed", "实测", "surveyed"),
    ("drawn", "图上采集", "drawn on the map"),
    ("address", "地址匹配", "matched by address"),
    ("generated", "系统生成", "generated"),
)

COMMON: tuple[Field, ...] = (
    Field("code", "编码", "Code", required=True, listed=True),
    Field("name", "名称", "Name", required=True, listed=True),
    Field("admin_code", "行政区划代码", "Unit code", pattern=r"\d{6}(\d{3}(\d{3})?)?", listed=True),
    Field("geom_source", "位置来源", "Source of position", "choice", choices=GEOM_SOURCES),
    Field("geom_accuracy_m", "位置精度", "Accuracy of position", "number", unit="m", least=0),
    Field("as_of", "数据日期", "Data date", "date"),
    Field("note", "备注", "Note"),
)
"""What a person may fill in on a row of any register. The table carries more: see `gis_data.tables.registers`."""


def text(name: str, zh: str, en: str, *, required: bool = False, listed: bool = False, pattern: str = "") -> Field:
    """A line of text."""
    return Field(name, zh, en, "text", required, pattern=pattern, listed=listed)


def phone(name: str = "phone", zh: str = "联系电话", en: str = "Phone") -> Field:
    """A telephone number of a post, not of a private person."""
    return Field(name, zh, en, pattern=r"[0-9+\-() ]{3,20}")


def integer(
    name: str, zh: str, en: str, unit: str, *, least: float | None = 0, required: bool = False, listed: bool = False,
    ages: tuple[int, int] | None = None,
) -> Field:  # fmt: skip
    """A count with its unit, or a year of birth."""
    return Field(name, zh, en, "integer", required, unit, least, listed=listed, ages=ages)


def number(
    name: str, zh: str, en: str, unit: str, *, least: float | None = 0, most: float | None = None,
    required: bool = False, listed: bool = False,
) -> Field:  # fmt: skip
    """A measure with its unit."""
    return Field(name, zh, en, "number", required, unit, least, most, listed=listed)


def yes_no(name: str, zh: str, en: str, *, required: bool = False, listed: bool = False) -> Field:
    """True, false, or unknown where it is not required."""
    return Field(name, zh, en, "boolean", required, listed=listed)


def date(name: str, zh: str, en: str, *, listed: bool = False) -> Field:
    """A calendar day."""
    return Field(name, zh, en, "date", listed=listed)


def choice(
    name: str, zh: str, en: str, choices: Sequence[Words], *, required: bool = False, listed: bool = False
) -> Field:
    """One of a closed list."""
    return Field(name, zh, en, "choice", required, choices=tuple(choices), listed=listed)


def choices(name: str, zh: str, en: str, of: Sequence[Words], *, required: bool = False, listed: bool = False) -> Field:
    """Some of a closed list."""
    return Field(name, zh, en, "choices", required, choices=tuple(of), listed=listed)


def texts(name: str, zh: str, en: str) -> Field:
    """A list of free words."""
    return Field(name, zh, en, "texts")


def ref(name: str, zh: str, en: str, register: str, *, required: bool = False, listed: bool = False) -> Field:
    """The code of a row of another register."""
    return Field(name, zh, en, "text", required, refers=register, listed=listed)


def secret(name: str, zh: str, en: str) -> Field:
    """A line kept encrypted."""
    return Field(name, zh, en, "secret")
