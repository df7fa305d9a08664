"""Town scope (镇街范围): whoever is confined to towns writes, and sees people, there alone. PostgreSQL holds the rule.

Each transaction says its towns in `baochu.towns`: `*` is the whole district, unit codes of 9 digits with commas
between are those towns, and nothing said is nowhere. Tables belong to the database's owner, whom no policy binds, and
every world's role is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

from gis_data.tables import GIS, WORLD, Base

SETTING = "baochu.towns"
_TOWNS = f"(select current_setting('{SETTING}', true))"
_WHOLE = f"{_TOWNS} = '*'"
_INSIDE = f"({_WHOLE} or left({{row}}admin_code, 9) = any (string_to_array({_TOWNS}, ',')))"
_TABLES = [t for t in Base.metadata.sorted_tables if t.schema == GIS]
_PERSONAL = [t.name for t in _TABLES if t.info.get("personal")]


def said(towns: tuple[str, ...] | None) -> str:
    """Towns as the setting says them; none are the whole district, and None is nowhere."""
    return "" if towns is None else ",".join(towns) or "*"


def _may_write(table: str, row: str = "") -> str:
    return _WHOLE if table == "admin_unit" else _INSIDE.format(row=row)  # no town draws its own limits


def writable(table: str, alias: str) -> str:
    """SQL: whether whoever asks may change the row `alias` of a register; the tables' owner may change any."""
    return f"((select not row_security_active('{GIS}.{table}')) or {_may_write(table, f'{alias}.')})"


def is_whole(connection: Connection) -> bool:
    """Whether the transaction is confined to no towns."""
    return bool(connection.execute(text(f"select {_WHOLE}")).scalar_one())


def _rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Each table that is scoped, with what is asked of a row that is seen or written, as SQL."""
    for table in _TABLES:
        if "admin_code" in table.c:
            write = _may_write(table.name)
            seen = _INSIDE.format(row="") if table.name in _PERSONAL else "true"
            yield (
                table.name,
                {
                    "select": f"using ({seen})",
                    "insert": f"with check ({write})",
                    "update": f"using ({write}) with check ({write})",
                },
            )
    visible = " and ".join(
        f"(register <> '{name}' or exists (select from {GIS}.{name} t where t.id = row_id))" for name in _PERSONAL
    )
    yield "register_change", {"select": f"using ({visible})", "insert": "with check (true)"}


def install(connection: Connection) -> None:
    """See that every scoped table of the registers has its policies; safe to repeat, and by the tables' owner only."""
    _install(connection, GIS, dict(_rules()))


def confine(connection: Connection, schema: str) -> None:
    """The same for a world's tables of persons: by their column `town` (9 digits), a town sees and writes its own."""
    inside = f"({_WHOLE} or town = any (string_to_array({_TOWNS}, ',')))"
    rules = {
        "select": f"using ({inside})",
        "insert": f"with check ({inside})",
        "update": f"using ({inside}) with check ({inside})",
    }
    personal = [t.name for t in Base.metadata.sorted_tables if t.schema == WORLD and t.info.get("personal")]
    _install(connection, schema, dict.fromkeys(personal, rules))


def _install(connection: Connection, schema: str, wanted_of: dict[str, dict[str, str]]) -> None:
    """A policy's name carries a digest of its rule, so that nothing is locked where nothing has changed."""
    query = text(
        "select t.tablename, t.rowsecurity, array_remove(array_agg(p.policyname), null) as policies"
        " from pg_tables t left join pg_policies p on p.schemaname = t.schemaname and p.tablename = t.tablename"
        " where t.schemaname = :schema group by t.tablename, t.rowsecurity"
    )
    there = {row.tablename: row for row in connection.execute(query, {"schema": schema})}
    for table, rules in wanted_of.items():
        wanted = {f"scope_{act}_{hashlib.sha256(rule.encode()).hexdigest()[:8]}": act for act, rule in rules.items()}
        if there[table].rowsecurity and set(there[table].policies) == set(wanted):
            continue
        connection.execute(text(f'alter table "{schema}".{table} enable row level security'))
        for name in there[table].policies:
            connection.execute(text(f'drop policy "{name}" on "{schema}".{table}'))
        for name, act in wanted.items():
            connection.execute(text(f'create policy "{name}" on "{schema}".{table} for {act} {rules[act]}'))
