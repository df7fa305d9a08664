"""What every file of rows gives: its columns, and batches of rows under the numbers of their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from gis_data.registers.units import Shapes


@dataclass(frozen=True)
class Batch:
    """Some rows: columns as the file names them, the index the number of the line (or feature) in the file.

    `shapes` are as the file has them, x before y, in no known system yet; None where the file has none.
    """

    frame: pd.DataFrame
    shapes: Shapes | None = None


@dataclass(frozen=True)
class Table:
    """A layer or sheet that can be read again and again.

    `word` is what a row's number counts (行, fid, 要素); `crs` what the file itself states (`EPSG:n`, or WKT where it
    has no number); `notes` what was left aside on the way in Chinese and English.
    """

    columns: tuple[str, ...]
    word: str
    batches: Callable[[int], Iterator[Batch]]
    has_shapes: bool = False
    crs: str | None = None
    rows: int | None = None
    notes: tuple[tuple[str, str], ...] = field(default=())
