"""A file on its way into a register: read, placed, checked against all rules, and laid by until it is confirmed.

What was checked is what is written: good rows wait in the job's folder as Arrow, faulty ones as a CSV with the reason
beside each, to be corrected and loaded again.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import shapely
from sqlalchemy.orm import Session

from gis_data.ahead import ahead
from gis_data.clock import real_now
from gis_data.db import district
from gis_data.errors import Invalid
from gis_data.registers import REGISTERS, Register, limits, rows, store
from gis_data.registers.check import Finding, check
from gis_data.registers.units import Units, load_units
from gis_data.registers.values import as_text
from gis_data.sources import mapping as columns
from gis_data.sources.datum import Sample, Verdict, verdict
from gis_data.sources.evidence import known_near, picture
from gis_data.sources.placing import converter, placed, shapes_in_file
from gis_data.sources.prepared import Progress
from gis_data.sources.rows import Batch, Table
from gis_data.sources.table_file import open_table, read_all

SHOWN = 1_000
REJECTS, EVIDENCE = "rejects.csv", "evidence.svg"
_SAMPLE = 400


@dataclass(frozen=True)
class Terms:
    """How a file is to be read: its layer, the datum that was stated, column → field, and the answers to questions.

    `answers` are keyed `field` or `row:field`. With `replace` the rows in force that the file does not hold are closed;
    `demo` marks its rows as synthetic; `keep_datum` says that the evidence against the datum was seen and is overruled.
    """

    datum: str
    mapping: Mapping[str, str]
    layer: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False
    demo: bool = False
    keep_datum: bool = False


@dataclass(frozen=True)
class Report:
    """What a check found: counts of rows, findings (the first of them; all counted by field and level), the datum."""

    rows: int = 0
    good: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    word: str = ""
    findings: tuple[dict[str, Any], ...] = ()
    summary: tuple[dict[str, Any], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    stated: str = ""
    suspected: str | None = None
    refused: bool = False
    figures: tuple[dict[str, Any], ...] = ()
    compared: str | None = None
    """The other reading that the picture shows; None: there is no picture."""


def _answers(said: Mapping[str, str]) -> dict[Any, str]:
    """Answers as the checks want them."""
    found: dict[Any, str] = {}
    for key, answer in said.items():
        row, colon, name = key.partition(":")
        found[(int(row), name) if colon and row.isdigit() else key] = answer
    return found


def _texts(batch: Batch, mapping: Mapping[str, str], name: str) -> list[str | None]:
    column = next((c for c, f in mapping.items() if f == name), None)
    if column is None:
        return [None] * len(batch.frame)
    text = as_text(batch.frame[column])
    return list(text.astype(object).where(text.notna(), None))


def _judged(
    session: Session, register: Register, table: Table, terms: Terms, units: Units, folder: Path
) -> tuple[Verdict | None, str | None]:
    """The datum as far as a sample tells, and which other reading the picture shows beside it."""
    first = next(table.batches(50_000), None)
    if first is None or not register.located:
        return None, None
    shapes, _ = shapes_in_file(first, terms.mapping, _answers(terms.answers))
    if shapes is None:
        return None, None
    some = np.unique(np.linspace(0, len(shapes) - 1, min(len(shapes), _SAMPLE)).astype(int))
    codes, names, codes_of_units = (
        [texts[i] for i in some] for texts in (_texts(first, terms.mapping, n) for n in ("code", "name", "admin_code"))
    )
    sample = Sample(shapes[some], codes, names, codes_of_units)
    box = district(session).box
    known = known_near(session, register, sample, units, box)
    found = verdict(sample, terms.datum, converter(terms.datum, table.crs), known)
    shifted = terms.datum in ("GCJ-02", "BD-09") and "CGCS2000" in found.readings
    other = found.suspected or ("CGCS2000" if shifted else None)
    if other:
        mark = "DEMO" if terms.demo else ""
        (folder / EVIDENCE).write_text(picture(session, found, known, other, mark=mark), encoding="utf-8")
    return found, other


def _checked_batches(
    session: Session, register: Register, table: Table, terms: Terms, units: Units
) -> Iterator[tuple[Batch, pd.DataFrame, np.ndarray[Any, np.dtype[np.bool_]], tuple[Finding, ...]]]:
    """Each batch with its checked frame, which rows are good, and what was found."""
    convert = converter(terms.datum, table.crs) if register.located else None
    register = limits.in_force(session, register, real_now())
    answers, box, seen = _answers(terms.answers), district(session).box, set[str]()
    known: dict[str, set[str]] = {}

    def codes(key: str) -> set[str]:
        if key not in known:
            known[key] = rows.codes(session, key) | (seen if key == register.key else set())
        return known[key]

    fields = {c: f for c, f in terms.mapping.items() if register.field(f)}
    for batch in ahead(read_all(table)):
        raw = columns.mapped(register, batch.frame, fields)
        shapes, misplaced = shapes_in_file(batch, terms.mapping, answers) if convert else (None, [])
        places = placed(shapes, convert) if shapes is not None and convert else None
        done = check(register, raw, places, units=units, box=box, answers=answers, codes=codes, seen=seen)
        lost = {f.row for f in misplaced if f.level != "accepted"}
        ok = done.ok & ~batch.frame.index.isin(lost)
        findings = (*misplaced, *(f for f in done.findings if not (f.field == "geom" and f.row in lost)))
        seen |= set(done.frame["code"].dropna())
        given = [f for f in fields.values() if f in done.frame]
        given += ["admin_code"] if "admin_code" not in given and len(units) and register.located else []
        frame = done.frame[[*given, *(["geom"] if register.located else [])]]
        demo = columns.demo_rows(batch.frame, terms.mapping) | terms.demo
        yield batch, frame.assign(source_row=[f"{table.word} {n}" for n in frame.index], is_demo=demo), ok, findings


class _Rejects:
    """The CSV of faulty rows, written as they come: the file's own columns, the line, and why."""

    def __init__(self, path: Path, table: Table) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._columns = [c for c in table.columns if c not in columns.REASONS and c != "WKT"]
        self._shapes = table.has_shapes or "WKT" in table.columns
        self._writer.writerow([*self._columns, *(["WKT"] if self._shapes else []), *columns.REASONS])
        self.count = 0

    def add(self, batch: Batch, bad: np.ndarray[Any, np.dtype[np.bool_]], findings: tuple[Finding, ...]) -> None:
        why: dict[Any, list[Finding]] = {}
        for found in findings:
            if found.level in ("error", "question"):
                why.setdefault(found.row, []).append(found)
        frame = batch.frame[bad]
        texts = [as_text(frame[c]).fillna("") for c in self._columns]
        wkt: list[Any] = []
        if batch.shapes is not None:
            wkt = [[s or ""] for s in shapely.to_wkt(batch.shapes[bad], rounding_precision=9)]
        elif "WKT" in batch.frame:
            wkt = [[text] for text in as_text(frame["WKT"]).fillna("")]
        for i, line in enumerate(frame.index):
            said = why.get(line, []) + why.get(None, [])
            zh, en = ("; ".join(f"{f.field}: {getattr(f, of)}" for f in said) for of in ("zh", "en"))
            self._writer.writerow([*(t.iloc[i] for t in texts), *(wkt[i] if wkt else []), zh, en, line])
        self.count += len(frame)

    def close(self) -> None:
        self._file.close()


def _fold(tally: Counter[tuple[str, str]], shown: list[dict[str, Any]], findings: tuple[Finding, ...]) -> None:
    for found in findings:
        tally[found.field, found.level] += 1
        if len(shown) < SHOWN:
            shown.append(asdict(found) | {"row": None if found.row is None else int(found.row)})


def check_file(
    session: Session, key: str, path: Path, terms: Terms, folder: Path, data: Path, progress: Progress = lambda _: None
) -> Report:
    """Check a file for a register; good rows and rejects are laid by in `folder`, nothing is written to the register.

    Raises Invalid for a file that cannot be read, a mapping that cannot be, a datum that the file contradicts.
    """
    register = rows.get_register(key)
    table = open_table(path, terms.layer, columns.words(register))
    terms = replace(terms, mapping=columns.checked(register, table.columns, terms.mapping))
    _require_place(register, table, terms)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    units = load_units(session)
    progress(f"核对坐标 / comparing coordinates: {path.name}")
    judged, other = _judged(session, register, table, terms, units, folder)
    report = Report(word=table.word, notes=table.notes, stated=terms.datum, compared=other)
    if judged:
        figures = tuple(asdict(figure) for figure in judged.figures)
        report = replace(report, suspected=judged.suspected, figures=figures)
        if judged.suspected and not terms.keep_datum:
            return replace(report, refused=True, rows=table.rows or 0)
    tally: Counter[tuple[str, str]] = Counter()
    shown: list[dict[str, Any]] = []
    rejects = _Rejects(folder / REJECTS, table)
    counted = {"rows": 0, "good": 0}

    def good() -> Iterator[pd.DataFrame]:
        for n, (batch, frame, ok, found) in enumerate(_checked_batches(session, register, table, terms, units)):
            _fold(tally, shown, found)
            rejects.add(batch, ~ok, found)
            counted["rows"] += len(frame)
            counted["good"] += int(ok.sum())
            progress(f"已核对 {counted['rows']} 行 / {counted['rows']} rows checked")
            _lay_by(frame[ok], folder / f"rows-{n:05}.arrow")
            yield frame[ok]

    written = _compared(session, key, good(), data, terms.replace)
    rejects.close()
    summary = tuple({"field": name, "level": level, "count": count} for (name, level), count in sorted(tally.items()))
    return replace(
        report, rows=counted["rows"], good=counted["good"], new=written.new, changed=written.changed,
        unchanged=written.unchanged, closed=written.closed, findings=tuple(shown), summary=summary,
    )  # fmt: skip


def _require_place(register: Register, table: Table, terms: Terms) -> None:
    fields = set(terms.mapping.values())
    if ("lon" in fields) != ("lat" in fields):
        raise Invalid("经度和纬度须成对对应", "Longitude and latitude must be mapped together", field="mapping")
    if register.located and register.geometry_required and not (table.has_shapes or fields & {"lon", "wkt"}):
        raise Invalid(
            "请指出经度、纬度两列（或 WKT 列）",
            "Say which columns are longitude and latitude (or WKT)",
            field="mapping",
        )


def _compared(session: Session, key: str, good: Iterator[pd.DataFrame], data: Path, closing: bool) -> store.Written:
    """What the good rows would do; with an empty register they are all new, and nothing needs to be compared."""
    if not rows.codes(session, key):
        return store.Written(sum(len(batch) for batch in good), 0, 0, 0, ())
    return store.compare_many(session.connection(), key, good, data, replace=closing)


def _lay_by(frame: pd.DataFrame, path: Path) -> None:
    if "geom" in frame:
        frame = frame.assign(geom=pd.Series(shapely.to_wkb(frame["geom"].to_numpy()), index=frame.index, dtype=object))
    feather.write_feather(pa.Table.from_pandas(frame, preserve_index=False), path, compression="lz4")


def laid_by(folder: Path, key: str) -> Iterator[pd.DataFrame]:
    """The good rows of the last check, batch by batch, as `store.put_many` wants them."""
    lists = [f.name for f in REGISTERS[key].all_fields if f.type in ("choices", "texts")]
    for path in sorted(folder.glob("rows-*.arrow")):
        frame = feather.read_table(path).to_pandas()
        for name in [name for name in lists if name in frame]:
            plain = [None if v is None else list(v) for v in frame[name]]
            frame[name] = pd.Series(plain, index=frame.index, dtype=object)
        if "geom" in frame:
            frame["geom"] = pd.Series(shapely.from_wkb(frame["geom"].to_numpy(dtype=object)), dtype=object)
        yield frame
