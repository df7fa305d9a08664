"""Readings as they are sent: JSON, or CSV with a header; see docs/observations.md. Rows are judged elsewhere."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from command.stations import Raw
from gis_data.errors import Invalid

MOST_ROWS = 5_000
HEADERS = {"站码": "station", "要素": "element", "时间": "at", "数值": "value", "单位": "unit", "时段": "span_s"}
"""Chinese column heads that a CSV may have instead."""


def from_json(body: bytes) -> list[Raw]:
    """A list of objects, or one. What is in the list and no object becomes a row that says so.

    Raises Invalid where it is no JSON, or has too many rows.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("不是有效的 JSON。", "This is not valid JSON.", field="body") from error
    rows = found if isinstance(found, list) else [found]
    return _few([row if isinstance(row, dict) else {"payload": row} for row in rows])


def from_csv(body: bytes) -> list[Raw]:
    """Rows under a header of field names, UTF-8, comma-separated. Raises Invalid for another encoding or header."""
    try:
        lines = io.StringIO(body.decode("utf-8-sig"), newline="")
        rows: list[Raw] = [
            {HEADERS.get(str(k).strip(), str(k).strip()): v for k, v in row.items()} for row in csv.DictReader(lines)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid("CSV 须为 UTF-8 编码、逗号分隔。", "A CSV is UTF-8 with commas.", field="body") from error
    if rows and not {"station", "at", "value"} <= rows[0].keys():
        raise Invalid(
            "CSV 首行须有 station、at、value 各列。", "The first line of a CSV names station, at, value.", field="body"
        )
    return _few(rows)


def read(body: bytes, kind: str) -> list[Raw]:
    """By media type, or a file's ending: CSV if it says so, JSON otherwise."""
    return from_csv(body) if "csv" in kind.lower() else from_json(body)


def _few(rows: list[Any]) -> list[Raw]:
    if len(rows) > MOST_ROWS:
        raise Invalid(
            f"一次最多 {MOST_ROWS} 行。", f"At most {MOST_ROWS} rows at a time.", field="body", row=MOST_ROWS + 1
        )
    return rows
