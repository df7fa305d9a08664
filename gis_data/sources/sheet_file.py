"""CSV (UTF-8, UTF-16, GB18030) and workbooks (XLSX, XLS, ODS) as people make them.

A title may stand above the head; the head may be two rows deep; merged cells hold for all their rows.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd
import python_calamine

from gis_data.errors import Invalid
from gis_data.sources.rows import Batch, Table

SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".ods")
_PEEK = 30
_MOST_CELLS = 8_000_000
Row = Sequence[Any]
Merge = tuple[int, int, int, int]
"""Top, left, bottom, right of merged cells, counted from 0, ends included."""


def fold(name: str) -> str:
    """A column's name as it is compared: lower case, without blanks, underscores and what stands in brackets."""
    return re.sub(r"[\s_*：:]|[(（\[【].*?[)）\]】]", "", name).lower()


def _broken(path: Path, error: object) -> Invalid:
    return Invalid(f"{path.name} 无法读取: {error}", f"{path.name} cannot be read: {error}", field="file")


def _encoding(path: Path) -> str:
    """UTF-16 by its mark, else UTF-8 if all of the file is, else GB18030."""
    with path.open("rb") as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise _broken(path, "应为 UTF-8 或 GB18030 编码 / neither UTF-8 nor GB18030")


@contextmanager
def _lines(path: Path, encoding: str) -> Iterator[Any]:
    """A csv reader with the separator that the first lines use most."""
    with path.open(encoding=encoding, newline="") as file:
        first = "".join(itertools.islice(file, 10))
        file.seek(0)
        yield _reader(file, max(",;\t", key=first.count))


def _reader(file: IO[str], separator: str) -> Any:
    return csv.reader(file, delimiter=separator)


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _score(row: Row, words: Collection[str]) -> tuple[int, int]:
    """How much a row looks like a head: known words first, then plain texts that differ from each other."""
    texts = [str(v) for v in row if isinstance(v, str) and v.strip() and not re.fullmatch(r"[\d.,+-]+", v.strip())]
    different = len(set(texts))
    whole = different == sum(map(_filled, row)) and different > 1
    return sum(fold(text) in words for text in texts), different if whole else 0


def _head(rows: Sequence[Row], merges: Sequence[Merge], words: Collection[str]) -> tuple[int, int]:
    """The first and the last row of the head; several rows where merged cells reach down through it."""
    scores = [_score(row, words) for row in rows]
    known = max((score[0] for score in scores), default=0)
    if known >= 1:
        at = next(i for i, score in enumerate(scores) if score[0] == known)
    else:
        at = next((i for i, score in enumerate(scores) if score[1]), 0)
    top = min((t for t, _, b, _ in merges if t < at <= b), default=at)
    return top, max((b for t, _, b, _ in merges if top <= t <= at and b > t), default=at)


def _names(rows: Sequence[Row]) -> list[str]:
    """A name for each column of the head: the lowest words, with those above where names would repeat."""
    names: list[str] = []
    for column in itertools.zip_longest(*rows):
        words = list(dict.fromkeys(str(v).strip().replace("\n", "") for v in column if _filled(v)))
        name = words[-1] if words else ""
        if name in names and len(words) > 1:
            name = "/".join(words)
        count = 2
        while name and name in names:
            name, count = f"{(words or [''])[-1]}_{count}", count + 1
        names.append(name)
    return names


def _table(name: str, peek: Sequence[Row], merges: Sequence[Merge], words: Collection[str]) -> tuple[list[str], int]:
    """The columns' names (empty for one without a head) and the position of the first row of data."""
    if not peek:
        raise Invalid(f"{name} 没有数据行", f"{name} has no data rows", field="file")
    top, bottom = _head(peek, merges, words)
    return _names(peek[top : bottom + 1]), bottom + 1


def _batches(rows: Iterator[tuple[int, Row]], names: list[str], size: int) -> Iterator[Batch]:
    """Rows that hold anything, as frames of `size`."""
    kept = [i for i, name in enumerate(names) if name]
    full = ((number, row) for number, row in rows if any(map(_filled, row)))
    while chunk := list(itertools.islice(full, size)):
        columns = {names[i]: [row[i] if i < len(row) else None for _, row in chunk] for i in kept}
        yield Batch(pd.DataFrame(columns, index=[number for number, _ in chunk], dtype=object))


def _open_csv(path: Path, words: Collection[str]) -> Table:
    encoding = _encoding(path)

    def read(skip: int) -> Iterator[tuple[int, Row]]:
        """Each row from the `skip`th on, under the number of the line that it starts on."""
        try:
            with _lines(path, encoding) as reader:
                at = 1
                for i, row in enumerate(reader):
                    if i >= skip:
                        yield at, row
                    at = reader.line_num + 1
        except csv.Error as error:
            raise _broken(path, error) from error

    names, skip = _table(path.name, [row for _, row in itertools.islice(read(0), _PEEK)], (), words)
    if next(read(skip), None) is None:
        raise Invalid(f"{path.name} 没有数据行", f"{path.name} has no data rows", field="file")
    columns = tuple(name for name in names if name)
    return Table(columns, "行", lambda size: _batches(read(skip), names, size))


def _workbook(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as file:
                if sum(part.file_size for part in file.infolist()) > 2 << 30:
                    raise _broken(path, "展开后超过 2 GB / larger than 2 GB unpacked")
        return python_calamine.CalamineWorkbook.from_path(path)
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise _broken(path, error) from error


def _cells(sheet: python_calamine.CalamineSheet, name: str) -> tuple[list[list[Any]], list[Merge]]:
    """The sheet's cells from its first row and column on, merged cells filled down (a merged head: across, too)."""
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise Invalid(
            f"{name} 太大 ({sheet.total_height} 行): 请另存为 CSV 再导入",
            f"{name} is too large ({sheet.total_height} rows): save it as CSV",
            field="file",
        )
    rows = sheet.to_python(skip_empty_area=False)
    merges = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or ()]
    for top, left, bottom, _ in merges:
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
    return rows, merges


def _open_sheet(path: Path, layer: str, words: Collection[str]) -> Table:
    try:
        rows, merges = _cells(_workbook(path).get_sheet_by_name(layer), path.name)
    except python_calamine.CalamineError as error:
        raise _broken(path, error) from error
    names, skip = _table(path.name, rows[:_PEEK], merges, words)
    bands = {t for t, left, b, right in merges if t == b and t >= skip and right - left + 1 >= len(names) / 2}
    bands = {at for at in bands if sum(map(_filled, rows[at])) == 1}
    kept = [(at + 1, row) for at, row in enumerate(rows) if at >= skip and at not in bands]
    if not any(any(map(_filled, row)) for _, row in kept):
        raise Invalid(f"{path.name} 没有数据行", f"{path.name} has no data rows", field="file")
    lines = "、".join(str(at + 1) for at in sorted(bands))
    notes = ((f"第 {lines} 行是分组标题, 未作为数据", f"row {lines}: a heading, not read as data"),) if bands else ()
    columns = tuple(name for name in names if name)
    return Table(columns, "行", lambda size: _batches(iter(kept), names, size), rows=len(kept), notes=notes)


def layers(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook that hold anything; the file's own name for a CSV."""
    if path.suffix.lower() in (".csv", ".txt"):
        return (path.stem,)
    book = _workbook(path)
    return tuple(name for name in book.sheet_names if book.get_sheet_by_name(name).total_height)


def open_table(path: Path, layer: str, words: Collection[str]) -> Table:
    """Open a CSV, or one sheet of a workbook; raises Invalid for one without data rows."""
    return _open_csv(path, words) if path.suffix.lower() in (".csv", ".txt") else _open_sheet(path, layer, words)
