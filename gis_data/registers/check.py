"""Checking rows of a register: one set of rules for imports, for the desk's form and for bulk edits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_data.clock import SHANGHAI, real_now
from gis_data.registers import values
from gis_data.registers.definition import Field, Register
from gis_data.registers.shapes import fitting
from gis_data.registers.units import Shapes, Units, spots

Level = Literal["error", "question", "warning", "accepted"]
Answers = Mapping[Any, str]
"""(row, field) or field → `accept` (take the suggestion) or `keep` (a text stays as it is written)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one value.

    An `error` keeps its row out; a `question` does until it is answered, `suggestion` says what accepting would store;
    `accepted` records an answered one; a `warning` (a code that the other register does not hold yet) keeps nothing
    out. `row` is the row's label in the frame; None speaks of the whole column.
    """

    row: Any
    field: str
    level: Level
    value: str
    zh: str
    en: str
    suggestion: str | None = None


@dataclass(frozen=True)
class Checked:
    """The rows as typed columns (see `values.typed`; `geom` as shapely in EPSG:4490), which may be stored, and why not."""

    frame: pd.DataFrame
    ok: NDArray[np.bool_]
    findings: tuple[Finding, ...]


@dataclass
class _Log:
    """Findings on the way, and the rows that they block."""

    labels: pd.Index
    answers: Answers
    ok: NDArray[np.bool_]
    findings: list[tuple[int, Finding]] = field(default_factory=list)

    def say(
        self, at: int, name: str, level: Level, value: Any, zh: str, en: str, suggestion: str | None = None
    ) -> None:
        if level in ("error", "question"):
            self.ok[at] = False
        self.findings.append((at, Finding(self.labels[at], name, level, str(value), zh, en, suggestion)))

    def errors(self, where: NDArray[np.bool_], name: str, column: Any, words: Callable[[Any], tuple[str, str]]) -> None:
        for at in np.flatnonzero(where):
            self.say(int(at), name, "error", column[at], *words(column[at]))

    def answer(self, at: int, name: str) -> str | None:
        return self.answers.get((self.labels[at], name)) or self.answers.get(name) if self.answers else None

    def settle(self, at: int, of: Field, given: str, read: values.Read) -> Any:
        """The value of a reading that is not plainly taken: None while it is refused or not answered."""
        answer = self.answer(at, of.name) if read.level == "question" else None
        if answer == "keep" and of.type in ("text", "secret"):
            return given
        became = "" if read.value is None else shown(of, read.value)
        level: Level = "accepted" if answer == "accept" else "question" if read.level == "question" else "error"
        self.say(at, of.name, level, given, read.zh, read.en, None if level == "error" else became)
        return read.value if level == "accepted" else None


def shown(of: Field, value: Any) -> str:
    """A typed value as a person writes it."""
    if isinstance(value, list):
        return "、".join(of.label(str(part)) for part in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.12g}"
    return of.label(str(value))


def _reader(of: Field) -> Callable[[str], values.Read]:
    if of.is_number:
        return values.number_of(of)
    if of.type == "date":
        return values.day
    if of.type == "boolean":
        return values.yes
    if of.type == "choice":
        return values.choice_of(of)
    if of.type in ("choices", "texts"):
        return values.list_of(of)
    return values.text_of(of)


def _column(of: Field, raw: pd.DataFrame, log: _Log) -> tuple[pd.Series, NDArray[np.bool_]]:
    """A field's typed column, and which rows gave nothing at all."""
    if of.name not in raw or not len(raw):
        return values.typed(of, None, raw.index), np.ones(len(raw), dtype=bool)
    given = raw[of.name]
    if of.is_number and pd.api.types.is_numeric_dtype(given.dtype) and given.dtype != bool:
        text, plain = given, given.astype("float64")
    else:
        text = values.as_text(given)
        plain = pd.to_numeric(text, errors="coerce").astype("float64") if of.is_number else text
    blank = text.isna().to_numpy()
    if of.is_number:
        infinite = ~np.isfinite(plain.to_numpy()) & ~blank
        uneven = np.zeros(len(raw), dtype=bool)
        if of.type == "integer":
            whole = plain.mask(infinite).to_numpy()
            uneven = ~blank & ~infinite & (whole != np.floor(whole))
            log.errors(uneven, of.name, text.to_numpy(), lambda v: (f"{v} 应为整数", f"{v} should be a whole number"))
        odd, settled = infinite, plain.mask(infinite | uneven)
    elif of.type in ("text", "secret"):
        odd, settled = values.is_odd(text, of).to_numpy(), text.astype(object).where(~blank, None)
    else:
        odd, settled = ~blank, values.typed(Field(of.name, of.zh, of.en), None, raw.index)
    cells = settled.to_numpy()
    if odd.any():
        cells = cells.copy()
        places = np.flatnonzero(odd)
        cells[places], asked = values.each(values.as_text(text[odd]), _reader(of))
        for i, read in asked.items():
            at = int(places[i])
            cells[at] = log.settle(at, of, str(text.iloc[at]), read)
    return values.typed(of, cells, raw.index), blank


def _bounds(of: Field, column: pd.Series, log: _Log) -> None:
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    least = of.least if of.least is not None else -values.INT4 if of.type == "integer" else -np.inf
    most = of.most if of.most is not None else values.INT4 if of.type == "integer" else np.inf
    unit = of.unit
    log.errors(numbers < least, of.name, numbers,
               lambda v: (f"{v:g}{unit} 小于 {least:g}{unit}", f"{v:g} is less than {least:g} {unit}".rstrip()))  # fmt: skip
    log.errors(numbers > most, of.name, numbers,
               lambda v: (f"{v:g}{unit} 大于 {most:g}{unit}", f"{v:g} is more than {most:g} {unit}".rstrip()))  # fmt: skip
    if of.ages:
        this, (youngest, oldest) = real_now().astimezone(SHANGHAI).year, of.ages
        log.errors(
            (numbers > this - 1 - youngest) | (numbers < this - oldest), of.name, numbers,
            lambda v: (f"{v:g} 年出生，须年满 {youngest}、不超过 {oldest} 岁", f"born {v:g}: not {youngest} to {oldest} years old"),
        )  # fmt: skip
    if of.type == "integer":
        column[(numbers < -values.INT4) | (numbers > values.INT4)] = pd.NA


def _rules(of: Field, column: pd.Series, blank: NDArray[np.bool_], absent: bool, log: _Log) -> None:
    """Required, bounds and pattern of one column."""
    if of.required and absent and len(column):
        log.ok[:] = False
        missing = Finding(None, of.name, "error", "", f"缺少必填字段 {of.zh}", f"the field {of.en} is needed")
        log.findings.append((-1, missing))
    elif of.required:
        empty = column.isna().to_numpy()
        log.errors(blank, of.name, np.full(len(column), ""), lambda _: (f"{of.zh} 必填", f"{of.en} is needed"))
        unanswered = empty & ~blank & log.ok
        log.errors(unanswered, of.name, np.full(len(column), ""), lambda _: (f"{of.zh} 必填", f"{of.en} is needed"))
    if of.is_number:
        _bounds(of, column, log)
    if of.pattern:
        text = column.astype("str")
        wrong = (text.notna() & ~text.str.fullmatch(of.pattern, na=True)).to_numpy(dtype=bool)
        log.errors(
            wrong, of.name, column.to_numpy(), lambda v: (f"{v!r} 格式不符", f"{v!r} is not written as {of.en} is")
        )


def _codes(frame: pd.DataFrame, seen: Collection[str], log: _Log) -> None:
    """A code may stand once in a file; `seen` are those of its earlier parts."""
    code = frame["code"]
    earlier = np.fromiter((one in seen for one in code.to_numpy(dtype=object)), dtype=bool, count=len(code))
    again = (code.duplicated().to_numpy() | earlier) & code.notna().to_numpy()
    log.errors(again, "code", code.to_numpy(), lambda v: (f"编码 {v} 重复", f"code {v} repeats"))


def _known(register: Register, frame: pd.DataFrame, codes: Callable[[str], Collection[str]], log: _Log) -> None:
    """A code of another register that is not there yet is a warning: the row is kept, and stands in the gap list."""
    for of in register.all_fields:
        if of.refers and frame[of.name].notna().any():
            there = set(codes(of.refers))
            if of.refers == register.key:
                there |= set(frame["code"].dropna())
            column = frame[of.name].to_numpy()
            for at in np.flatnonzero((frame[of.name].notna() & ~frame[of.name].isin(there)).to_numpy()):
                code = column[at]
                log.say(
                    int(at), of.name, "warning", code, f"{of.zh} {code} 尚不存在", f"{of.en} {code} does not exist yet"
                )


def _units(register: Register, frame: pd.DataFrame, geoms: Shapes, units: Units, log: _Log) -> None:
    """Each place lies in the unit of its code; a missing code is the unit that the place lies in.

    A code of another county is taken as it is, as long as the place lies in none of the known units; a line need only
    touch its unit.
    """
    column = frame["admin_code"].to_numpy(copy=True)
    found, xy = units.of(geoms), spots(geoms)
    fill = np.array([code is None for code in column], dtype=bool) & (found >= 0)
    column[fill] = np.array(units.codes, dtype=object)[found[fill]]
    frame["admin_code"] = pd.Series(column, index=frame.index, dtype=object)
    own = {code[:6] for code in units.codes}
    for code, rows in _groups(column):
        if fill[rows].all():
            continue
        at, placed = units.position(code), np.isfinite(xy[rows, 0])
        if at < 0 and code[:6] in own:
            wrong, zh, en = np.ones(len(rows), dtype=bool), f"没有代码为 {code} 的区划", f"there is no unit {code}"
        elif at < 0:
            wrong = found[rows] >= 0
            zh, en = f"不在区划 {code} 内", f"does not lie in the unit {code}"
        else:
            wrong = placed & ~units.holds(at, xy[rows])
            wrong[wrong] = ~(
                (np.char.find(_kinds(geoms[rows[wrong]]), "Line") >= 0) & _touch(units, at, geoms[rows[wrong]])
            )
            zh, en = f"不在 {units.names[at]} ({code}) 内", f"does not lie in {units.names[at]} ({code})"
        for row in rows[wrong]:
            there = found[row]
            zh_in = f", 而在 {units.names[there]} ({units.codes[there]}) 内" if there >= 0 else ""
            en_in = f" but in {units.names[there]} ({units.codes[there]})" if there >= 0 else ""
            log.say(int(row), "admin_code", "error", code, zh + zh_in, en + en_in)


def _groups(column: NDArray[np.object_]) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Each different code and the positions where it stands."""
    codes, uniques = pd.factorize(column)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(uniques) + 1))
    for i, code in enumerate(uniques):
        yield str(code), order[starts[i] : starts[i + 1]]


def _kinds(geoms: Shapes) -> NDArray[np.str_]:
    return np.array([geom.geom_type for geom in geoms], dtype=str)


def _touch(units: Units, at: int, geoms: Shapes) -> NDArray[np.bool_]:
    touching: NDArray[np.bool_] = np.asarray([units.outlines[at].intersects(geom) for geom in geoms], dtype=bool)
    return touching


def check(
    register: Register,
    raw: pd.DataFrame,
    geoms: Shapes | None,
    *,
    units: Units,
    box: Sequence[float],
    answers: Answers = {},  # noqa: B006  # never changed
    codes: Callable[[str], Collection[str]] | None = None,
    seen: Collection[str] = (),
) -> Checked:
    """Check rows of a register; columns of `raw` are named as its fields, `geoms` are in EPSG:4490 (None: not given).

    A million rows take a few seconds: only odd values are looked at one by one. `codes` gives the codes in force of
    another register; without it references are not looked up. Without units, or in a district that has none, no row is
    tied to a unit.
    """
    log = _Log(raw.index, answers, np.ones(len(raw), dtype=bool))
    columns: dict[str, pd.Series] = {}
    for of in register.all_fields:
        column, blank = _column(of, raw, log)
        _rules(of, column, blank, of.name not in raw, log)
        columns[of.name] = column
    frame = pd.DataFrame(columns, index=raw.index)
    _codes(frame, seen, log)
    shapes = np.full(len(raw), None, dtype=object)
    if register.geometry is not None:
        shapes = fitting(register, shapes if geoms is None else geoms, box, log.say)
        frame["geom"] = pd.Series(shapes, index=raw.index, dtype=object)
    if len(units) and register.key != "admin_unit" and len(raw):
        _units(register, frame, shapes, units, log)
    if codes is not None:
        _known(register, frame, codes, log)
    in_order = sorted(log.findings, key=lambda one: one[0])
    return Checked(frame, log.ok, tuple(finding for _, finding in in_order))
