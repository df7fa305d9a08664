"""Faulty rows as a workbook: every cell a text, the reasons marked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from gis_data.sources.mapping import REASONS

_HEAD = Font(bold=True)
_WHY = PatternFill("solid", fgColor="FFF4D6")


def workbook(rejects: Path) -> bytes:
    """The rejects CSV as XLSX; texts stay texts (a leading `=` is no formula)."""
    book = Workbook(write_only=True)
    page = book.create_sheet("退回")
    page.freeze_panes = "A2"
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        head: list[str] = []
        for line in csv.reader(file):
            cells = []
            for i, text in enumerate(line):
                cell = WriteOnlyCell(page, value=None)
                cell.value, cell.data_type = text, "s"
                if not head:
                    cell.font = _HEAD
                elif head[i] in REASONS:
                    cell.fill = _WHY
                cells.append(cell)
            head = head or line
            page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
