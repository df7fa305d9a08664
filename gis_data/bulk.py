"""Many rows at once: by COPY; and for a first large load, indexes, keys and references are built once at the end.

The latter locks the table until the commit, so it is for tables that show nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import csv
from sqlalchemy import Connection, FromClause, Integer, Table, select, text

from gis_data.tables import SRID

LARGE = 20_000
"""Rows from which it is worth while."""


def is_empty(connection: Connection, table: Table) -> bool:
    """Whether a table has no row in force."""
    in_force = select(table.c.valid_to).where(table.c.valid_to.is_(None))
    return not connection.execute(select(in_force.exists())).scalar_one()


_INDEXES = """
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
where i.indrelid = any(cast(:names as regclass[]))
  and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)"""
_CONSTRAINTS = """
select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as made from pg_constraint c
where conrelid = any(cast(:names as regclass[])) and (contype = 'f' or contype = 'p' and not exists (
  select 1 from pg_constraint o where o.contype = 'f' and o.confrelid = c.conrelid
    and o.conrelid <> all(cast(:names as regclass[]))))
order by contype"""
"""References before keys; a key that another table refers to stays."""


@contextmanager
def built_at_the_end(connection: Connection, *tables: Table) -> Iterator[None]:
    """Within, the tables have no indexes, keys and references; afterwards they have, and all rows are checked.

    For the tables' owner, in the caller's transaction. Raises IntegrityError for rows that break a key or a reference.
    """
    names = {"names": [f"{table.schema}.{table.name}" for table in tables]}
    indexes, constraints = (connection.execute(text(query), names).all() for query in (_INDEXES, _CONSTRAINTS))
    with as_owner(connection):
        for one in constraints:
            connection.execute(text(f"alter table {one.of} drop constraint {one.name}"))
        for index in indexes:
            connection.execute(text(f"drop index {index.name}"))
    yield
    with as_owner(connection):
        connection.execute(text("set local maintenance_work_mem = '256MB'"))
        for index in indexes:
            connection.execute(text(index.made))
        for one in reversed(constraints):
            connection.execute(text(f"alter table {one.of} add constraint {one.name} {one.made}"))


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """Who logged in, and owns the tables, instead of the role that a world's transactions take on."""
    role = connection.execute(text("select current_setting('role')")).scalar_one()
    connection.execute(text("set local role none"))
    yield
    connection.execute(text("select set_config('role', :role, true)"), {"role": role})


def is_there(value: Any) -> bool:
    """Whether a cell holds anything."""
    return value is not None and value is not pd.NaT and value is not pd.NA and value == value


def objects(column: pd.Series[Any]) -> list[Any]:
    """A column's values as a list; an Arrow column is slow to walk through one by one."""
    found: list[Any] = column.to_numpy(dtype=object).tolist()
    return found


def plain(column: pd.Series[Any]) -> list[Any]:
    """A column as plain Python values, None for what is missing."""
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return [v if isinstance(v, (list, bytes)) or is_there(v) else None for v in objects(column)]
    if not column.isna().any():
        return column.tolist()
    return [None if missing else v for v, missing in zip(column.astype(object), column.isna(), strict=True)]


_AS_ARROW_WRITES = ("string", "boolean", "date", "empty")


def _literal(value: Any) -> Any:
    """A value as PostgreSQL reads it in CSV, where Arrow would not write it so."""
    if isinstance(value, bytes):
        return rf"\x{value.hex()}"
    if isinstance(value, list):
        quoted = ('"{}"'.format(str(v).replace("\\", r"\\").replace('"', r"\"")) for v in value)
        return f"{{{','.join(quoted)}}}"
    return str(value) if isinstance(value, UUID) else value


def _csv_column(column: Any, values: pd.Series[Any]) -> pa.Array:
    if column.name == "geom":
        marked = shapely.set_srid(np.asarray(values.array, dtype=object), SRID)
        return pa.array(shapely.to_wkb(marked, hex=True, include_srid=True))
    if isinstance(column.type, Integer):  # floats that stand for integers
        values = values.astype("Int64")
    elif values.dtype == object and pd.api.types.infer_dtype(values) not in _AS_ARROW_WRITES:
        values = pd.Series([_literal(value) for value in plain(values)], dtype=object)
    found = pa.array(values, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def copy_rows(connection: Connection, table: Table | FromClause, frame: pd.DataFrame, target: str = "") -> None:
    """Bulk insert by COPY into a table (or into `target`, of the same columns). Geometry goes as EWKB in EPSG:4490."""
    names = [str(name) for name in frame.columns]
    rows = pa.table([_csv_column(table.c[name], frame[name]) for name in names], names=names)
    text_of_rows = pa.BufferOutputStream()
    csv.write_csv(rows, text_of_rows, csv.WriteOptions(include_header=False, quoting_style="all_valid"))
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]  # psycopg's own
    with cursor, cursor.copy(f"COPY {target or table} ({quoted}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text_of_rows.getvalue())


def insert_many(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Bulk insert into a register: COPY knows no row-level security, so the rows come by way of a temporary table."""
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    connection.execute(text("drop table if exists incoming"))
    connection.execute(text(f"create temp table incoming on commit drop as select {columns} from {table} with no data"))
    copy_rows(connection, table, frame, "incoming")
    connection.execute(text(f"insert into {table} ({columns}) select {columns} from incoming"))
