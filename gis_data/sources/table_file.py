"""Any file with rows: sheets and map files behind one door, read in batches with the line that each row came from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from gis_data.errors import Invalid
from gis_data.sources import map_file, sheet_file
from gis_data.sources.rows import Batch, Table

__all__ = ["SUFFIXES", "Batch", "Table", "layers", "open_table"]

SUFFIXES = (*map_file.SUFFIXES, *sheet_file.SUFFIXES)


def _module(path: Path) -> object:
    suffix = path.suffix.lower()
    if suffix in sheet_file.SUFFIXES:
        return sheet_file
    if suffix in map_file.SUFFIXES or path.is_dir():
        return map_file
    raise Invalid(
        f"不支持的文件类型 {suffix or path.name}: 可用 {' '.join(SUFFIXES)}",
        f"Files of type {suffix or path.name} are not read: {' '.join(SUFFIXES)} are",
        field="file",
    )


def layers(path: Path) -> tuple[str, ...]:
    """The layers of a map file, or the sheets of a workbook; one name for a CSV."""
    return map_file.layers(path) if _module(path) is map_file else sheet_file.layers(path)


def open_table(path: Path, layer: str | None = None, words: Collection[str] = ()) -> Table:
    """Open one layer; the first where none is named. `words` are names that a head row is known by (folded).

    Raises Invalid for a file that is missing, broken, empty or of another kind, and for an unknown layer.
    """
    if not path.exists():
        raise Invalid(f"找不到文件 {path.name}", f"No such file: {path.name}", field="file")
    names = layers(path)
    if not names:
        raise Invalid(f"{path.name} 没有数据", f"{path.name} holds no data", field="file")
    if layer is not None and layer not in names:
        raise Invalid(
            f"{path.name} 没有图层 {layer}: 有 {'、'.join(names)}",
            f"{path.name} has no layer {layer} but {', '.join(names)}",
            field="layer",
        )
    if _module(path) is map_file:
        return map_file.open_table(path, layer or names[0])
    return sheet_file.open_table(path, layer or names[0], words)


def read_all(table: Table) -> Iterator[Batch]:
    """All batches of a table, of a size that keeps a million rows within a few hundred megabytes."""
    return table.batches(50_000)
