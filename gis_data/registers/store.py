"""Writing rows of a register, in the caller's transaction: many by their codes, or one by its id and version.

Whatever is changed leaves its image in `gis.register_change` first; nothing is deleted, rows are closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import shapely
from sqlalchemy import Connection, Table, bindparam, select, text

from gis_data import bulk, scope
from gis_data.ahead import ahead
from gis_data.errors import Conflict, Denied, NotFound
from gis_data.pinyin import search_text
from gis_data.registers import REGISTERS, Register
from gis_data.registers.images import image_sql
from gis_data.tables import SRID, TABLES
from gis_data.tables.base import new_id
from gis_data.vault import vault

_ON_BOARDS = ("team",)
"""Registers whose rows stand on a world's board."""


@dataclass(frozen=True)
class Stamp:
    """Who writes, when, why, from which load; `data` is the data directory, where the key of the secrets lies."""

    at: datetime
    actor: str
    post: str
    reason: str
    data: Path
    load_id: int | None = None


@dataclass(frozen=True)
class Written:
    """What a write did, in rows; `touched` are the ids of all that boards may show anew."""

    new: int
    changed: int
    unchanged: int
    closed: int
    touched: tuple[UUID, ...]


def sealed(register: Register, frame: pd.DataFrame, data: Path) -> pd.DataFrame:
    """The frame with its secret fields sealed."""
    for field in register.fields:
        if field.type == "secret" and field.name in frame:
            held = vault(data)
            values = [
                held.seal(str(words), register.key, field.name, str(code)) if bulk.is_there(words) else None
                for code, words in zip(frame["code"], frame[field.name], strict=True)
            ]
            frame = frame.assign(**{field.name: pd.Series(values, index=frame.index, dtype=object)})
    return frame


def searchable(register: Register, frame: pd.DataFrame) -> list[str]:
    """What each row is found by: name and pinyin, code, and the words of its text and choice fields."""
    columns: list[list[str]] = [[str(code) for code in bulk.objects(frame["code"])]]
    for field in register.all_fields[2:]:
        if field.name in frame and field.type in ("text", "choice"):
            words = {code: zh for code, zh, _ in field.choices}
            column = [words.get(v, str(v)) if bulk.is_there(v) else "" for v in bulk.objects(frame[field.name])]
            if any(column):
                columns.append(column)
    return [search_text(str(name), others) for name, *others in zip(bulk.objects(frame["name"]), *columns, strict=True)]


def _note(table: Table, action: str, alias: str, version: str) -> str:
    """SQL that keeps the images of the rows of `alias`; to be followed by a FROM."""
    return f"""
        insert into gis.register_change (register, row_id, action, at, actor, post, reason, load_id, version, before)
        select '{table.name}', {alias}.id, '{action}', :at, :actor, :post, :reason, :load_id, {version},
        {image_sql(table, alias)}"""


def _said(stamp: Stamp) -> dict[str, Any]:
    return {
        "at": stamp.at, "actor": stamp.actor, "post": stamp.post, "reason": stamp.reason, "load_id": stamp.load_id,
    }  # fmt: skip


def put_many(
    connection: Connection, key: str, batches: Iterable[pd.DataFrame], stamp: Stamp, *, replace: bool = False
) -> Written:
    """Write checked rows by their codes: unknown codes come in, known ones change where they differ.

    Each batch has the columns `code` and `name`, those fields of the register that the source gives (fields that it
    does not give stay as they are), `geom` if located (EPSG:4490), and may have `source_row` and `is_demo`. With
    `replace` the rows that are in force and not in the batches are closed.
    """
    table, ready = TABLES[key], ahead(_ready(key, batches, stamp.data))
    if not bulk.is_empty(connection, table):
        given = _incoming(connection, table, ready)
        return _merge(connection, table, given, stamp, replace) if given else Written(0, 0, 0, 0, ())
    first = next(ready, None)
    if first is None:
        return Written(0, 0, 0, 0, ())
    ready = chain([first], ready)
    if len(first) >= bulk.LARGE and table.name not in _ON_BOARDS and scope.is_whole(connection):
        return _pour_in(connection, table, ready, stamp)
    new: list[UUID] = []
    count = 0
    for given in _each_incoming(connection, table, ready):
        ids, rows = _bring_in(connection, table, given, stamp)
        new, count = new + ids, count + rows
        connection.execute(text("truncate incoming"))
    return Written(count, 0, 0, 0, tuple(new))


def _pour_in(connection: Connection, table: Table, ready: Iterator[pd.DataFrame], stamp: Stamp) -> Written:
    """The first large file of a register that shows nothing yet, by whoever may write all of it."""
    count = 0
    with bulk.built_at_the_end(connection, table):
        for batch in ready:
            with bulk.as_owner(connection):  # COPY knows no row-level security
                bulk.copy_rows(connection, table, batch.assign(load_id=stamp.load_id, valid_from=stamp.at))
            count += len(batch)
    return Written(count, 0, 0, 0, ())


def compare_many(
    connection: Connection, key: str, batches: Iterable[pd.DataFrame], data: Path, *, replace: bool = False
) -> Written:
    """What `put_many` would do, in rows; nothing is changed."""
    if bulk.is_empty(connection, TABLES[key]):
        return Written(sum(len(batch) for batch in batches), 0, 0, 0, ())
    given = _incoming(connection, TABLES[key], ahead(_ready(key, batches, data)))
    if not given:
        return Written(0, 0, 0, 0, ())
    here = f"from gis.{key} t, incoming s where t.code = s.code and t.valid_to is null"
    gone = _gone(TABLES[key]) if replace else "false"
    total, known, changed, closed = connection.execute(
        text(
            f"select (select count(*) from incoming), (select count(*) {here}),"
            f" (select count(*) {here} and ({_differs(given)})),"
            f" (select count(*) from gis.{key} t where {gone})"
        )
    ).one()
    return Written(total - known, changed, known - changed, closed, ())


def _ready(key: str, batches: Iterable[pd.DataFrame], data: Path) -> Iterator[pd.DataFrame]:
    """Batches with the columns that the table knows, secrets sealed, and what a search finds them by."""
    register, table = REGISTERS[key], TABLES[key]
    for batch in batches:
        fields = [field.name for field in register.all_fields]
        wanted = [name for name in [*fields, "geom", "source_row", "is_demo"] if name in batch and name in table.c]
        batch = sealed(register, batch[wanted], data)
        yield batch.assign(search=searchable(register, batch))


def _each_incoming(connection: Connection, table: Table, ready: Iterable[pd.DataFrame]) -> Iterator[list[str]]:
    """Each batch in the temporary table `incoming` of this transaction, and the columns that the batches give."""
    given: list[str] = []
    for batch in ready:
        if not given:
            given = [str(name) for name in batch.columns if name != "search"]
            connection.execute(text("drop table if exists incoming"))
            columns = ", ".join(f"t.{name}" for name in [*given, "search"])
            connection.execute(
                text(f"create temp table incoming on commit drop as select {columns} from {table} t limit 0")
            )
        bulk.copy_rows(connection, table, batch, "incoming")
        yield given


def _incoming(connection: Connection, table: Table, ready: Iterable[pd.DataFrame]) -> list[str]:
    """All batches in `incoming`, and the columns that they give."""
    last = deque(_each_incoming(connection, table, ready), maxlen=1)
    if last:
        connection.execute(text("analyze incoming"))
    return last[0] if last else []


def _bring_in(
    connection: Connection, table: Table, given: list[str], stamp: Stamp, where: str = ""
) -> tuple[list[UUID], int]:
    """New rows from `incoming`: the ids of those that boards show, and how many came in."""
    columns = ", ".join(f'"{c}"' for c in [*given, "search"])
    told = " returning id" if table.name in _ON_BOARDS else ""
    done = connection.execute(
        text(
            f"insert into gis.{table.name} ({columns}, load_id, valid_from)"
            f" select {columns}, :load_id, :at from incoming s {where}{told}"
        ),
        {"load_id": stamp.load_id, "at": stamp.at},
    )
    if told:
        ids: list[UUID] = list(done.scalars())
        return ids, len(ids)
    return [], done.rowcount


def _differs(given: Iterable[str]) -> str:
    """SQL: whether a row in force (t) is not what comes in (s)."""
    return " or ".join(f"t.{c} is distinct from s.{c}" for c in given if c not in ("code", "source_row"))


def _gone(table: Table) -> str:
    """SQL: whether a row in force (t) that the writer may change is not in what comes in."""
    absent = "not exists (select 1 from incoming s where s.code = t.code)"
    return f"t.valid_to is null and {absent} and {scope.writable(table.name, 't')}"


def _merge(connection: Connection, table: Table, given: list[str], stamp: Stamp, replace: bool) -> Written:
    """From the temporary table `incoming` into a register that holds rows."""
    name, said = f"gis.{table.name}", _said(stamp)

    def run(statement: str) -> list[UUID]:
        found = connection.execute(text(statement), said)
        return list(found.scalars()) if found.returns_rows else []

    total: int = connection.execute(text("select count(*) from incoming")).scalar_one()
    where = f"t.code = s.code and t.valid_to is null and ({_differs(given)})"
    noted = connection.execute(
        text(_note(table, "load", "t", "t.version + 1") + f" from {name} t, incoming s where {where}"), said
    ).rowcount
    sets = ", ".join(f"{c} = s.{c}" for c in [*given, "search"] if c != "code")
    changed = run(
        f"update {name} t set {sets}, load_id = :load_id, version = t.version + 1, updated_at = :at,"
        f" updated_by = :actor from incoming s where {where} returning t.id"
    )
    if len(changed) != noted:
        raise Denied(
            f"文件中有 {noted - len(changed)} 条属于其他镇街，超出您的范围，未写入任何内容。",
            f"{noted - len(changed)} rows of the file stand in other towns than yours; nothing was written.",
            field="admin_code",
        )
    closed: list[UUID] = []
    if replace:
        gone = _gone(table)
        run(_note(table, "close", "t", "t.version + 1") + f" from {name} t where {gone}")
        closed = run(
            f"update {name} t set valid_to = :at, version = t.version + 1, updated_at = :at,"
            f" updated_by = :actor where {gone} returning t.id"
        )
    unknown = f"where not exists (select 1 from {name} t where t.code = s.code and t.valid_to is null)"
    new, count = _bring_in(connection, table, given, stamp, unknown)
    return Written(count, len(changed), total - count - len(changed), len(closed), (*new, *changed, *closed))


def insert(connection: Connection, key: str, row: pd.DataFrame, stamp: Stamp) -> UUID:
    """Write one new row (a checked frame of one); raises Conflict where its code is in force already."""
    register, table = REGISTERS[key], TABLES[key]
    code = str(row["code"].iloc[0])
    if connection.scalar(select(table.c.id).where(table.c.code == code, table.c.valid_to.is_(None))):
        raise Conflict(
            f"{register.zh}中已有编码 {code}。", f"The code {code} is in force in {register.en} already.", field="code"
        )
    values = _values(register, row, stamp) | {"id": new_id(), "valid_from": stamp.at, "load_id": stamp.load_id}
    connection.execute(table.insert().values(values | {"updated_at": stamp.at, "updated_by": stamp.actor}))
    made: UUID = values["id"]
    connection.execute(
        text(
            "insert into gis.register_change (register, row_id, action, at, actor, post, reason, load_id, version)"
            " values (:register, :id, 'create', :at, :actor, :post, :reason, :load_id, 1)"
        ),
        _said(stamp) | {"register": key, "id": made},
    )
    return made


def _values(register: Register, row: pd.DataFrame, stamp: Stamp) -> dict[str, Any]:
    table = TABLES[register.key]
    kept = sealed(register, row, stamp.data)
    found = {str(name): bulk.plain(kept[name])[0] for name in kept if str(name) in table.c and str(name) != "geom"}
    if "geom" in row and register.located:
        shape = row["geom"].iloc[0]
        found["geom"] = None if shape is None else f"SRID={SRID};{shapely.to_wkt(shape, rounding_precision=-1)}"
    return found | {"search": searchable(register, row)[0]}


def update(connection: Connection, key: str, id_: UUID, version: int, row: pd.DataFrame, stamp: Stamp) -> None:
    """Change one row to what a checked frame of one says; raises Conflict where its version is another by now."""
    register, table = REGISTERS[key], TABLES[key]
    _keep(connection, table, id_, version, "update", stamp)
    values = _values(register, row, stamp)
    taken = select(table.c.id).where(table.c.code == values["code"], table.c.valid_to.is_(None), table.c.id != id_)
    if connection.scalar(taken):
        raise Conflict(
            f"{register.zh}中已有编码 {values['code']}。",
            f"The code {values['code']} is in force in {register.en} already.",
            field="code",
        )
    _set(connection, table, id_, values, stamp)


def close(connection: Connection, key: str, id_: UUID, version: int, stamp: Stamp) -> None:
    """End a row's validity."""
    table = TABLES[key]
    _keep(connection, table, id_, version, "close", stamp)
    _set(connection, table, id_, {"valid_to": stamp.at}, stamp)


def reopen(connection: Connection, key: str, id_: UUID, version: int, stamp: Stamp) -> None:
    """Put a closed row in force again; raises Conflict where its code is taken by another one now."""
    table = TABLES[key]
    _keep(connection, table, id_, version, "reopen", stamp, closed=True)
    code = select(table.c.code).where(table.c.id == id_).scalar_subquery()
    if connection.scalar(select(table.c.id).where(table.c.code == code, table.c.valid_to.is_(None))):
        raise Conflict("该编码已被另一条记录使用。", "The code is used by another row now.", field="code")
    _set(connection, table, id_, {"valid_to": None}, stamp)


def _keep(
    connection: Connection, table: Table, id_: UUID, version: int, action: str, stamp: Stamp, *, closed: bool = False
) -> None:
    """Lock the row, see that it is the version that the writer saw, and keep its image."""
    found = connection.execute(
        select(table.c.version, table.c.valid_to).where(table.c.id == id_).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("没有这条记录。", "There is no such row.", field="id")
    if found.version != version:
        raise Conflict(
            f"这条记录已被他人改为第 {found.version} 版，请重新核对。",
            f"Somebody else has changed this row: it is version {found.version} by now. Look again.",
            field="version",
        )
    if (found.valid_to is not None) != closed:
        raise Conflict(
            "记录已停用，请先恢复。" if not closed else "记录仍在使用。",
            "The row is closed; reopen it first." if not closed else "The row is in force.",
        )
    statement = _note(table, action, "t", "t.version + 1") + f" from gis.{table.name} t where t.id = :id"
    connection.execute(text(statement).bindparams(bindparam("id", id_, table.c.id.type)), _said(stamp))


def _set(connection: Connection, table: Table, id_: UUID, values: Mapping[str, Any], stamp: Stamp) -> None:
    changed = {**values, "version": table.c.version + 1, "updated_at": stamp.at, "updated_by": stamp.actor}
    done = connection.execute(table.update().where(table.c.id == id_).values(changed))
    if done.rowcount != 1:
        raise NotFound(
            "没有这条记录，或不在您的镇街范围内。", "There is no such row, or not in your towns.", field="id"
        )
