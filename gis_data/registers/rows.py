"""Reading rows of a register: filtered, searched, as of any moment, with their history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import ColumnElement, FromClause, String, cast, column, func, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from gis_data.errors import Invalid, NotFound
from gis_data.registers import REGISTERS, Register
from gis_data.registers.images import image_columns
from gis_data.tables import TABLES, Load, RegisterChange


@dataclass(frozen=True)
class Filter:
    """Which rows: words to find, units (9 or 12 digits: with all that lies in them), values by field, a box in degrees,
    the moment (None: as they stand now), whether closed rows count too, or just these ids."""

    q: str = ""
    towns: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    box: tuple[float, float, float, float] | None = None
    at: datetime | None = None
    closed: bool = False
    ids: tuple[UUID, ...] | None = None


def get_register(key: str) -> Register:
    """The register of that key."""
    if key not in REGISTERS:
        raise NotFound(f"没有台账“{key}”。", f"There is no register “{key}”.", field="register")
    return REGISTERS[key]


def source(register: Register, at: datetime | None) -> FromClause:
    """The register's rows as they stand, or as they stood at a moment: what was changed later, by its image."""
    table = TABLES[register.key]
    if at is None:
        return table
    names = image_columns(table)
    later = select(RegisterChange.row_id).where(
        RegisterChange.register == register.key, RegisterChange.at > at, RegisterChange.before.is_not(None)
    )
    still = select(*(table.c[name] for name in names), table.c.search).where(table.c.id.not_in(later))
    images = text(
        f"""
        select {", ".join(f"r.{name}" for name in names)}, lower(r.name || ' ' || r.code) as search from (
          select distinct on (row_id) before from gis.register_change
          where register = :register and at > :at and before is not null order by row_id, id
        ) as first, jsonb_populate_record(null::gis.{table.name}, first.before) as r"""
    ).bindparams(register=register.key, at=at)
    columns = [column(name, table.c[name].type) for name in [*names, "search"]]
    then = images.columns(*columns).subquery("images")
    return union_all(still, select(*(then.c[one.name] for one in columns))).subquery("rows")


def conditions(register: Register, rows: FromClause, which: Filter) -> list[ColumnElement[bool]]:
    """The filter as SQL; raises Invalid for a field that the register does not have."""
    c = rows.c
    found: list[ColumnElement[bool]] = []
    if which.at is not None:
        found.append(c.valid_from <= which.at)
        if not which.closed:
            found.append(or_(c.valid_to.is_(None), c.valid_to > which.at))
    elif not which.closed:
        found.append(c.valid_to.is_(None))
    for word in which.q.lower().split():
        escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        found.append(c.search.like(f"%{escaped}%", escape="!"))
    if which.towns:
        found.append(or_(*(c.admin_code.startswith(town, autoescape=True) for town in which.towns)))
    for name, values in which.where.items():
        of = register.field(name)
        if of is None or of.type == "secret":
            raise Invalid(f"{register.zh}没有字段“{name}”。", f"{register.en} has no field “{name}”.", field=name)
        plain = [v for v in values if v]
        empty = [c[name].is_(None)] if len(plain) < len(values) else []
        if of.type in ("choices", "texts"):
            found.append(or_(c[name].op("&&")(cast(plain, ARRAY(TEXT))), *empty))
        else:
            found.append(or_(cast(c[name], String).in_(plain), *empty))
    if which.box is not None:
        if not register.located:
            raise Invalid(f"{register.zh}没有位置。", f"{register.en} have no place.", field="box")
        found.append(c.geom.op("&&")(func.ST_MakeEnvelope(*which.box, 4490)))
    if which.ids is not None:
        found.append(c.id.in_(which.ids))
    return found


def listing(
    session: Session, key: str, which: Filter, *, order: str = "code", descending: bool = False, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many rows there are, and some of them as items (see `item`), in order of a field."""
    register = get_register(key)
    rows = source(register, which.at)
    wanted = conditions(register, rows, which)
    if order not in rows.c or register.field(order) is None:
        raise Invalid(f"不能按“{order}”排序。", f"Rows cannot be ordered by “{order}”.", field="order")
    total = session.scalar(select(func.count()).select_from(rows).where(*wanted)) or 0
    by = rows.c[order].desc() if descending else rows.c[order].asc()
    query = _items(register, rows).where(*wanted).order_by(by.nulls_last(), rows.c.code, rows.c.id)
    return total, [item(register, dict(row)) for row in session.execute(query.limit(limit).offset(offset)).mappings()]


def _items(register: Register, rows: FromClause) -> Any:
    columns: list[Any] = [rows.c[name] for name in image_columns(TABLES[register.key]) if name != "geom"]
    if register.located:
        columns.append(func.ST_AsGeoJSON(rows.c.geom, 7).label("geometry"))
    source = select(Load.source).where(Load.id == rows.c.load_id).scalar_subquery()
    return select(*columns, source.label("load_source"))


def places(session: Session, key: str, which: Filter, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """How many rows of a filter have a place, and where the first of them by code lie, outlines to about 5 m."""
    register = get_register(key)
    if not register.located:
        raise Invalid(f"{register.zh}没有位置。", f"{register.en} have no place.", field="register")
    rows = source(register, which.at)
    c = rows.c
    wanted = [*conditions(register, rows, which), c.geom.is_not(None)]
    total = session.scalar(select(func.count()).select_from(rows).where(*wanted)) or 0
    drawn = func.ST_AsGeoJSON(func.ST_SimplifyPreserveTopology(c.geom, 5e-5), 6).label("geometry")
    found = session.execute(select(c.id, c.code, c.name, drawn).where(*wanted).order_by(c.code, c.id).limit(limit))
    return total, [{**row, "geometry": json.loads(row["geometry"])} for row in found.mappings()]


def item(register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is shown: `values` by field (secrets: whether there is one), geometry as GeoJSON, where it is from."""
    values = {of.name: _shown(row[of.name], secret=of.type == "secret") for of in register.all_fields}
    return {
        "id": row["id"],
        "version": row["version"],
        "values": values,
        "geometry": json.loads(row["geometry"]) if row.get("geometry") else None,
        "is_demo": row["is_demo"],
        "load_id": row["load_id"],
        "load_source": row["load_source"],
        "source_row": row["source_row"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
        "updated_at": row["updated_at"],
        "updated_by": row["updated_by"],
    }


def _shown(value: Any, *, secret: bool) -> Any:
    if secret:
        return None if value is None else "●●●"
    return value.isoformat() if isinstance(value, date) else value


def get(session: Session, key: str, id_: UUID) -> dict[str, Any]:
    """One row as it is shown, in force or closed."""
    register = get_register(key)
    table = TABLES[key]
    found = session.execute(_items(register, table).where(table.c.id == id_)).mappings().one_or_none()
    if found is None:
        raise NotFound("没有这条记录。", "There is no such row.", field="id")
    return item(register, dict(found))


def secrets(session: Session, key: str, id_: UUID) -> dict[str, bytes]:
    """The sealed fields of a row that are filled in."""
    table = TABLES[key]
    names = [of.name for of in get_register(key).fields if of.type == "secret"]
    found = session.execute(select(*(table.c[name] for name in names)).where(table.c.id == id_)).mappings().one()
    return {name: bytes(value) for name, value in found.items() if value is not None}


def history(session: Session, key: str, id_: UUID) -> list[dict[str, Any]]:
    """All changes of a row, the last first: who, when, why, from which source, and what each field was and became."""
    register, now = get_register(key), get(session, key, id_)
    rows = session.execute(
        select(RegisterChange, Load.source)
        .outerjoin(Load, Load.id == RegisterChange.load_id)
        .where(RegisterChange.register == key, RegisterChange.row_id == id_)
        .order_by(RegisterChange.id.desc())
    ).all()
    after = now["values"] | {"geometry": now["geometry"], "valid_to": now["valid_to"]}
    found: list[dict[str, Any]] = []
    for change, load in rows:
        before = _imaged(register, change.before) if change.before else None
        fields = [] if before is None else [name for name in after if before.get(name) != after[name]]
        found.append(
            {
                "action": change.action, "at": change.at, "actor": change.actor, "post": change.post,
                "reason": change.reason, "version": change.version, "source": load,
                "changes": [{"field": n, "before": (before or {}).get(n), "after": after[n]} for n in fields],
            }
        )  # fmt: skip
        after = before or after
    if not any(change["action"] == "create" for change in found):
        first = rows[-1].RegisterChange.before if rows else None
        origin = session.get(Load, first["load_id"] if first else now["load_id"])
        found.append(
            {
                "action": "create", "at": now["valid_from"], "actor": origin.actor if origin else "", "post": "",
                "reason": "", "version": 1, "source": origin.source if origin else None, "changes": [],
            }
        )  # fmt: skip
    return found


def _imaged(register: Register, image: Mapping[str, Any]) -> dict[str, Any]:
    found = {of.name: _shown(image.get(of.name), secret=of.type == "secret") for of in register.all_fields}
    geom = image.get("geom")
    shape = shapely.from_wkb(geom) if geom else None
    found["geometry"] = (
        json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(7)))) if shape else None
    )
    ended = image.get("valid_to")
    found["valid_to"] = datetime.fromisoformat(ended) if ended else None
    return found


def codes(session: Session, key: str) -> set[str]:
    """The codes in force of a register."""
    table = TABLES[key]
    return set(session.scalars(select(table.c.code).where(table.c.valid_to.is_(None))))


def counts(session: Session) -> dict[str, int]:
    """How many rows each register has in force."""
    parts = [f"select '{key}' as key, count(*) as n from gis.{key} where valid_to is null" for key in REGISTERS]
    return {row.key: row.n for row in session.execute(text(" union all ".join(parts)))}
