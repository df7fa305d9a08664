"""A first large load into a table: its spatial indexes and references are built once at the end, not row by row.

That locks the table until the commit, so it is for tables that show nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, select, text

LARGE = 20_000
"""Rows from which it is worth while."""


def is_empty(connection: Connection, table: Table) -> bool:
    """Whether a table has no row in force."""
    in_force = select(table.c.valid_to).where(table.c.valid_to.is_(None))
    return not connection.execute(select(in_force.exists())).scalar_one()


@contextmanager
def built_at_the_end(connection: Connection, *tables: Table) -> Iterator[None]:
    """Within, the tables have no GiST indexes and refer to nothing; afterwards they do, and all rows are checked.

    For the tables' owner, in the caller's transaction. Raises IntegrityError for a row whose reference is not there.
    """
    names = [f"{table.schema}.{table.name}" for table in tables]
    indexes = connection.execute(
        text(
            "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i"
            " join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam"
            " where a.amname = 'gist' and i.indrelid = any(cast(:names as regclass[]))"
        ),
        {"names": names},
    ).all()
    references = connection.execute(
        text(
            "select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as made"
            " from pg_constraint where contype = 'f' and conrelid = any(cast(:names as regclass[]))"
        ),
        {"names": names},
    ).all()
    for index in indexes:
        connection.execute(text(f"drop index {index.name}"))
    for one in references:
        connection.execute(text(f"alter table {one.of} drop constraint {one.name}"))
    yield
    connection.execute(text("set local maintenance_work_mem = '256MB'"))
    for index in indexes:
        connection.execute(text(index.made))
    for one in references:
        connection.execute(text(f"alter table {one.of} add constraint {one.name} {one.made}"))
