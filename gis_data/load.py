"""Loading: a source is prepared without the database, then written in the caller's transaction; twice is once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from gis_data import bulk, clock, crs, tables
from gis_data.errors import Invalid
from gis_data.registers import REGISTERS, store
from gis_data.settings import settings
from gis_data.sources import osm, raster, vector
from gis_data.sources.prepared import Prepared, Progress, Region, Rejected

__all__ = ["Loaded", "Prepared", "Region", "Rejected", "prepare", "region", "write"]

_ORDER = (
    tables.RoadNode,
    tables.Road,
    tables.TurnRestriction,
    tables.Building,
    tables.Water,
    tables.Landcover,
    tables.Place,
    tables.PopulationCell,
    tables.Raster,
)
_TABLES: dict[str, Any] = {model.__tablename__: model.__table__ for model in _ORDER} | dict(tables.TABLES)
"""The tables that loads fill, in the order of their references."""

_REFERENCES = {
    "road": {"source": "road_node", "target": "road_node"},
    "turn_restriction": {"from_road": "road", "via_node": "road_node", "to_road": "road"},
}
_LOAD_LOCK = 0x62_61_6F_63
"""The advisory lock that lets one load write at a time."""


@dataclass(frozen=True)
class Loaded:
    """What a load did; `unchanged` when the same file was in force already."""

    kind: str
    load_id: int
    counts: dict[str, int]
    rejected: int
    rejects_file: Path | None
    unchanged: bool


def region(row: tables.District) -> Region:
    """The district's row as the value that sources need."""
    west, south, east, north = row.box
    return Region(row.name, row.metric_crs, (west, south, east, north))


def prepare(
    kind: str,
    path: Path | Sequence[Path],
    district: Region,
    *,
    datum: str,
    progress: Progress,
    data: Path | None = None,
    detail: raster.Detail = raster.Detail(),
) -> Prepared:
    """Parse and check a source: all the slow work, and no database. Rasters are copied into the data directory.

    Several rasters make one; their datum may be empty, and then their own CRS holds. Raises Invalid for an unknown
    kind or datum, and for a file that is missing, broken or of another place.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    grid = next((k for k in raster.KINDS if k == kind), None)
    if kind == "population" and not all(p.suffix.lower() in raster.SUFFIXES for p in paths):
        grid = None
    if datum or not grid:
        crs.check_datum(datum)
    for one in paths:
        if not one.is_file():
            raise Invalid(f"找不到文件 {one.name}", f"No such file: {one.name}", field="file")
    if grid:
        keep = data or settings().data
        return raster.prepare(grid, paths, district, datum=datum, data=keep, progress=progress, detail=detail)
    if len(paths) != 1:
        raise Invalid("只有栅格可以一次导入多个文件", "Only rasters come in several files", field="file")
    path = paths[0]
    if kind == "roads":
        return osm.prepare(path, district, datum=datum, progress=progress)
    if kind == "population":
        return vector.prepare(path, district, datum=datum, progress=progress)
    raise Invalid(f"不认识的数据种类 {kind}", f"Unknown kind of data: {kind}", field="kind")


def _numbered(connection: sa.Connection, table: sa.Table, count: int) -> int:
    """Reserve `count` consecutive ids and return the first."""
    name = sa.func.pg_get_serial_sequence(f"{table.schema}.{table.name}", "id")
    first: int = connection.execute(sa.select(sa.func.nextval(name))).scalar_one()
    connection.execute(sa.select(sa.func.setval(name, first + max(count, 1) - 1)))
    return first


def _insert(connection: sa.Connection, prepared: Prepared, load_id: int, at: datetime, data: Path) -> dict[str, int]:
    """Write all frames, their own positions turned into ids, and count them; what secrets registers hold is sealed."""
    base: dict[str, int] = {}
    counts: dict[str, int] = {}
    for frames in chain([prepared.frames], prepared.more):
        for name, table in _TABLES.items():
            if name not in frames:
                continue
            counts[name] = counts.get(name, 0) + len(frames[name])
            frame = pd.DataFrame(frames[name]).assign(load_id=load_id, valid_from=at)
            for column, other in _REFERENCES.get(name, {}).items():
                frame = frame.assign(**{column: frame[column].astype("int64") + base[other]})
            if name in REGISTERS:
                frame = store.sealed(REGISTERS[name], frame, data)
                frame = frame.assign(is_demo=prepared.is_demo, search=store.searchable(REGISTERS[name], frame))
            else:
                first = _numbered(connection, table, len(frame))
                base.setdefault(name, first)  # a later part's ids follow: nobody else draws any under the lock
                frame = frame.assign(id=np.arange(first, first + len(frame)))
            write_rows = bulk.insert_many if name in REGISTERS else bulk.copy_rows
            write_rows(connection, table, frame)
    for name in counts:
        connection.execute(sa.text(f"ANALYZE {_TABLES[name].schema}.{name}"))
    return counts


def _write_rejects(data: Path, load_id: int, prepared: Prepared) -> Path | None:
    if not prepared.rejects:
        return None
    path = data / "rejects" / f"{load_id}-{Path(prepared.source).name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "field", "原因", "reason"])
        writer.writerows([r.row, r.field, r.zh, r.en] for r in prepared.rejects)
    return path


def _same_matter(prepared: Prepared) -> Any:
    """Whether a load is about what this source is about: the same kind, and, of rain, hours that overlap."""
    load: Any = tables.Load.__table__
    if prepared.kind != "rain":
        return load.c.kind == prepared.kind
    grid: Any = tables.Raster.__table__
    fell = prepared.frames["raster"].iloc[0]
    overlaps = (grid.c.start_at < fell["end_at"]) & (grid.c.end_at > fell["start_at"])
    return (load.c.kind == "rain") & sa.exists().where(grid.c.load_id == load.c.id, overlaps)


def write(connection: sa.Connection, prepared: Prepared, *, actor: str, data: Path) -> Loaded:
    """Put a prepared source in force, in the caller's transaction; never commits.

    The same file in the same datum again changes nothing. Otherwise the rows of the load in force (of rain, of those
    whose hours overlap) are closed, not deleted, the new ones come in, and what was left out goes to
    `data/rejects/<load id>-<source>.csv`.
    """
    load: Any = tables.Load.__table__
    unknown = set(prepared.frames) - set(_TABLES)
    if unknown:
        raise Invalid(f"不认识的表 {sorted(unknown)}", f"Unknown tables {sorted(unknown)}", field="frames")
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOAD_LOCK)))
    in_force = sa.select(load).where(load.c.replaced_at.is_(None), _same_matter(prepared))
    before = connection.execute(in_force.order_by(load.c.id)).all()
    for row in before:
        if (row.sha256, row.datum) == (prepared.sha256, prepared.datum):
            return Loaded(row.kind, row.id, row.counts, row.rejected, None, unchanged=True)
    new_and_large = [
        _TABLES[name]
        for name, frame in prepared.frames.items()
        if len(frame) >= bulk.LARGE and bulk.is_empty(connection, _TABLES[name])
    ]
    at = clock.real_now()
    old = [row.id for row in before]
    for table in _TABLES.values():
        if old:
            stale = sa.and_(table.c.load_id.in_(old), table.c.valid_to.is_(None))
            connection.execute(sa.update(table).where(stale).values(valid_to=at))
    connection.execute(sa.update(load).where(load.c.id.in_(old)).values(replaced_at=at))
    fresh = {
        "kind": prepared.kind,
        "source": prepared.source,
        "sha256": prepared.sha256,
        "datum": prepared.datum,
        "counts": {},
        "rejected": len(prepared.rejects),
        "is_demo": prepared.is_demo,
        "actor": actor,
        "loaded_at": at,
    }
    load_id: int = connection.execute(sa.insert(load).values(fresh).returning(load.c.id)).scalar_one()
    with bulk.built_at_the_end(connection, *new_and_large):
        counts = _insert(connection, prepared, load_id, at, data)
    counts |= dict(prepared.figures)
    connection.execute(sa.update(load).where(load.c.id == load_id).values(counts=counts))
    rejects_file = _write_rejects(data, load_id, prepared)
    return Loaded(prepared.kind, load_id, counts, len(prepared.rejects), rejects_file, unchanged=False)
