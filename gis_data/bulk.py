"""A first large load into a table: its indexes, keys and references are built once at the end, not row by row.

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
