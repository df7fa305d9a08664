"""Grading of events (事件分级) by the tables of the law: half-open ranges, the worst criterion decides. Pure.

“以上” includes the number and “以下” does not: a criterion with the edges (3, 10, 30) is 一般 below 3, 较大 from 3 to
below 10, and so on. Editions are data with dates; an event is graded by the edition in force on its day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from gis_data.errors import Invalid, NotFound

GRADES = ("general", "larger", "major", "extraordinary")
WORDS = {"general": ("一般", "general"), "larger": ("较大", "larger"), "major": ("重大", "major"),
         "extraordinary": ("特别重大", "extraordinarily major")}  # fmt: skip
SIZES = {"general": ("小型", "small"), "larger": ("中型", "medium"), "major": ("大型", "large"),
         "extraordinary": ("特大型", "very large")}  # fmt: skip
"""How geological disasters are called."""
CRITERIA = {
    "dead": ("死亡", "dead", "人"), "serious": ("重伤", "seriously injured", "人"),
    "loss_yuan": ("直接经济损失", "direct loss", "元"), "forest_ha": ("受害森林面积", "burnt forest", "公顷"),
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What is known of an event so far; None is not known. Losses in yuan, areas in hectares."""

    dead: int | None = None
    missing: int | None = None
    injured: int | None = None
    serious: int | None = None
    loss_yuan: float | None = None
    forest_ha: float | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and not value >= 0:
                raise Invalid("数值不能为负。", "A figure cannot be negative.", field=one.name)
        if (self.serious or 0) > (self.injured if self.injured is not None else self.serious or 0):
            raise Invalid("重伤人数不能多于受伤人数。", "More seriously injured than injured.", field="serious")


@dataclass(frozen=True)
class Edition:
    """A grading table: edges by criterion, in force from a day to another (both included; None: without limit)."""

    table: str
    document: str
    edges: Mapping[str, tuple[float, float, float]]
    since: date | None = None
    until: date | None = None
    checked: bool = True
    """False: the text of this edition was not checked; its edges are those of the one before."""
    words: Mapping[str, tuple[str, str]] | None = None


_PEOPLE = {"dead": (3.0, 10.0, 30.0), "serious": (10.0, 50.0, 100.0)}
_FOREST = {"forest_ha": (1.0, 100.0, 1000.0), **_PEOPLE}
EDITIONS: tuple[Edition, ...] = (
    Edition("production", "生产安全事故报告和调查处理条例（国务院令第493号）第三条",
            {**_PEOPLE, "loss_yuan": (1e7, 5e7, 1e8)}, date(2007, 6, 1)),
    Edition("forest_fire", "森林防火条例（2008）第四十条", _FOREST, date(2009, 1, 1), date(2025, 12, 31)),
    Edition("forest_fire", "森林草原防灭火条例（国务院令第822号）：分级未核对，沿用2008年数值", _FOREST,
            date(2026, 1, 1), checked=False),
    Edition("geohazard", "地质灾害防治条例（国务院令第394号）第四条",
            {"dead": (3.0, 10.0, 30.0), "loss_yuan": (1e6, 5e6, 1e7)}, date(2004, 3, 1), words=SIZES),
)  # fmt: skip
TABLES = {
    "city_fire": "production", "other": "production", "forest_fire": "forest_fire", "geohazard": "geohazard",
}  # fmt: skip
"""Kind of incident → its table. City fires go by the accident table in practice; floods by plan: none here."""


@dataclass(frozen=True)
class Judged:
    """One criterion: the figure, the grade it asks for, and the half-open range that it fell in."""

    criterion: str
    value: float
    grade: str
    at_least: float | None
    below: float | None


@dataclass(frozen=True)
class Graded:
    """The grade, its word, what decided, the edition; `possible` is the grade if all the missing were dead."""

    grade: str
    zh: str
    en: str
    judged: tuple[Judged, ...]
    edition: Edition
    possible: str


def edition_of(table: str, on: date, editions: Sequence[Edition] = EDITIONS) -> Edition:
    """The edition in force on a day; the latest where several are. Raises NotFound where none is."""
    held = [
        one for one in editions
        if one.table == table and (one.since or date.min) <= on <= (one.until or date.max)
    ]  # fmt: skip
    if not held:
        raise NotFound(
            f"{on:%Y-%m-%d} 没有生效的分级标准“{table}”。", f"No grading table “{table}” is in force then.",
            field="table",
        )  # fmt: skip
    return max(held, key=lambda one: one.since or date.min)


def grade(table: str, figures: Figures, on: date, editions: Sequence[Edition] = EDITIONS) -> Graded:
    """The worst grade of all criteria of a table for what is known; with nothing known it is the lowest."""
    edition = edition_of(table, on, editions)
    judged = tuple(
        _judge(name, float(value), edges)
        for name, edges in edition.edges.items()
        if (value := getattr(figures, name)) is not None
    )
    worst = max((GRADES.index(one.grade) for one in judged), default=0)
    lost = (figures.dead or 0) + (figures.missing or 0)
    possible = max(worst, GRADES.index(_judge("dead", float(lost), edition.edges["dead"]).grade))
    zh, en = (edition.words or WORDS)[GRADES[worst]]
    return Graded(GRADES[worst], zh, en, judged, edition, GRADES[possible])


def called(kind: str, grade: str | None) -> str:
    """A grade as its kind of incident is called; empty for none."""
    return (SIZES if kind == "geohazard" else WORDS)[grade][0] if grade else ""


def _judge(name: str, value: float, edges: tuple[float, float, float]) -> Judged:
    place = bisect_right(edges, value)
    return Judged(
        name, value, GRADES[place], edges[place - 1] if place else None, edges[place] if place < len(edges) else None
    )
