"""Editing registers by hand: one row or many, checked as an import is, each change kept with who, when and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import shapely
from geoalchemy2.shape import to_shape
from shapely.errors import ShapelyError
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from command.access import permissions, require
from command.board import record
from command.register_events import PersonRead, RegisterRowsChanged
from command.registers import tell_drills
from gis_data.clock import real_now
from gis_data.db import Writing, district, writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.registers import Register, limits, rows, store
from gis_data.registers.check import Checked, Finding, check
from gis_data.registers.units import Units, load_units
from gis_data.tables import TABLES
from gis_data.vault import vault
from gis_data.world import Actor, get_world

MOST_AT_ONCE = 2_000
Values = Mapping[str, Any]
Keep = object()
"""Said for a geometry that stays as it is."""
WORDS = {
    "create": ("新增", "added"),
    "update": ("修改", "changed"),
    "close": ("停用", "closed"),
    "reopen": ("恢复", "reopened"),
}


def sight(register: Register) -> str:
    """The right to see the persons of a register of persons."""
    return "holder.read" if register.key == "post_holder" else "person.read"


def _needed(permission: str, register: Register) -> list[str]:
    """What is asked of whoever does this to a register: persons are seen by few, and units are not edited by clerks."""
    needed = [permission]
    if register.personal:
        needed.append(sight(register))
    if register.key == "admin_unit" and permission in ("register.edit", "register.load"):
        needed.append("unit.edit")
    return needed


def allow(actor: Actor, permission: str, register: Register) -> None:
    """Let the actor pass, or raise Denied."""
    for needed in _needed(permission, register):
        require(actor, needed)


def allowed(actor: Actor, permission: str, register: Register) -> bool:
    """Whether `allow` would let the actor pass."""
    return permissions(actor.role).issuperset(_needed(permission, register))


def _text(value: Any) -> Any:
    """A value of the form as the checks read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return ";".join(str(part) for part in value) or None
    return value


def shape_of(geometry: Any) -> Any:
    """GeoJSON as a shape; raises Invalid where it is none."""
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except ShapelyError as error:
        raise Invalid(f"几何无法识别：{error}", f"The geometry is not GeoJSON: {error}", field="geom") from error


def check_rows(
    session: Session, key: str, raw: Sequence[Values], shapes: Sequence[Any], answers: Mapping[Any, str] | None = None
) -> Checked:
    """Check rows as a form gives them, in this district; `row` of a finding counts from 0."""
    register = limits.in_force(session, rows.get_register(key), real_now())
    frame = pd.DataFrame([{name: _text(value) for name, value in one.items()} for one in raw], dtype=object)
    known = {of.name for of in register.all_fields}
    for name in frame:
        if name not in known:
            raise Invalid(f"{register.zh}没有字段“{name}”。", f"{register.en} has no field “{name}”.", field=str(name))
    geoms = np.full(len(raw), None, dtype=object)
    geoms[:] = list(shapes)
    units = load_units(session) if register.located or "admin_code" in frame else Units()
    return check(
        register, frame, geoms if register.located else None, units=units, box=district(session).box,
        answers=answers or {}, codes=lambda other: rows.codes(session, other),
    )  # fmt: skip


def _or_raise(checked: Checked) -> None:
    """Raise Invalid for the first thing that keeps a row out, and say how many more there are."""
    bad = [f for f in checked.findings if f.level in ("error", "question")]
    if bad:
        more = f"（另有 {len(bad) - 1} 处）" if len(bad) > 1 else "", f" ({len(bad) - 1} more)" if len(bad) > 1 else ""
        raise Invalid(bad[0].zh + more[0], bad[0].en + more[1], field=bad[0].field)


def _stamp(tx: Writing, reason: str, data: Path) -> store.Stamp:
    return store.Stamp(tx.real_at, tx.actor.username, tx.actor.post, reason, data)


def _say(tx: Writing, key: str, action: str, found: Sequence[tuple[UUID, str]], reason: str) -> RegisterRowsChanged:
    register, (zh, en) = rows.get_register(key), WORDS[action]
    codes = [code for _, code in found]
    named = "、".join(codes[:3]) + ("…" if len(codes) > 3 else "")
    event = RegisterRowsChanged(
        f"{register.zh}{zh} {len(codes)} 条：{named}", f"{register.en}: {len(codes)} {en}: {named}",
        key, action, [str(id_) for id_, _ in found], codes, reason, [str(i) for i, _ in found] if key == "team" else [],
    )  # fmt: skip
    record(tx, event)
    return event


def create(
    engine: Engine, actor: Actor, key: str, values: Values, geometry: Any, reason: str, data: Path,
    answers: Mapping[Any, str] | None = None,
) -> UUID:  # fmt: skip
    """Add a row; its geometry is GeoJSON in EPSG:4490. Raises Invalid, Conflict for a code in force."""
    register = rows.get_register(key)
    allow(actor, "register.edit", register)
    with writing(get_world(engine, "live"), actor) as tx:
        checked = check_rows(tx.session, key, [values], [shape_of(geometry)], answers)
        _or_raise(checked)
        made = store.insert(tx.session.connection(), key, checked.frame, _stamp(tx, reason, data))
        event = _say(tx, key, "create", [(made, str(checked.frame["code"].iloc[0]))], reason)
    tell_drills(engine, actor, event)
    return made


@dataclass(frozen=True)
class Planned:
    """What an edit would make of a row: its version, how it stands and would stand, and what the checks found."""

    id: UUID
    version: int
    code: str
    before: dict[str, Any]
    after: dict[str, Any]
    row: pd.DataFrame
    findings: tuple[Finding, ...]


def _plan(
    session: Session, key: str, ids: Iterable[UUID], values: Values, geometry: Any, data: Path,
    answers: Mapping[Any, str] | None = None,
) -> list[Planned]:  # fmt: skip
    """Each row with the new values over the old ones, checked as a whole."""
    register, table = rows.get_register(key), TABLES[key]
    secret = [of.name for of in register.fields if of.type == "secret"]
    found = session.execute(select(table).where(table.c.id.in_(list(ids)))).mappings().all()
    names = [of.name for of in register.all_fields if of.name not in secret]
    raw: list[Values] = [{name: row[name] for name in names} | dict(values) for row in found]
    kept = [_stored(dict(row)) for row in found]
    shapes = kept if geometry is Keep else [shape_of(geometry)] * len(found)
    checked = check_rows(session, key, raw, shapes, answers) if found else None
    planned = []
    for i, row in enumerate(found):
        assert checked is not None
        one = checked.frame.iloc[[i]]
        if one["code"].iloc[0] == row["code"]:
            one = one.drop(columns=[name for name in secret if name not in values])
        else:  # what is sealed belongs to its code
            opened = _opened(session, key, row["id"], row["code"], data)
            for name in set(secret) - set(values):
                one = one.assign(**{name: pd.Series([opened.get(name)], index=one.index, dtype=object)})
        if geometry is Keep and register.located:
            one = one.drop(columns="geom")
        changed = {name: _shown(one[name].iloc[0]) for name in names if name in one}
        before = {name: _shown(row[name]) for name in names}
        planned.append(
            Planned(
                row["id"], row["version"], row["code"], before, changed, one,
                tuple(f for f in checked.findings if f.row == i),
            )
        )  # fmt: skip
    return sorted(planned, key=lambda one: one.code)


def _stored(row: Mapping[str, Any]) -> Any:
    return None if row.get("geom") is None else to_shape(row["geom"])


def _shown(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (list, bool, str)) or value is None:
        return value
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value


def _opened(session: Session, key: str, id_: UUID, code: str, data: Path) -> dict[str, str]:
    return {name: vault(data).open(words, key, name, code) for name, words in rows.secrets(session, key, id_).items()}


def update(
    engine: Engine, actor: Actor, key: str, id_: UUID, version: int, values: Values, geometry: Any, reason: str,
    data: Path, answers: Mapping[Any, str] | None = None,
) -> None:  # fmt: skip
    """Change some fields of a row (`Keep`: not its geometry). Raises Conflict where its version is another by now."""
    allow(actor, "register.edit", rows.get_register(key))
    with writing(get_world(engine, "live"), actor) as tx:
        planned = _plan(tx.session, key, [id_], values, geometry, data, answers)
        if not planned:
            raise NotFound("没有这条记录。", "There is no such row.", field="id")
        _or_raise(Checked(planned[0].row, np.array([True]), planned[0].findings))
        store.update(tx.session.connection(), key, id_, version, planned[0].row, _stamp(tx, reason, data))
        event = _say(tx, key, "update", [(id_, str(planned[0].after["code"]))], reason)
    tell_drills(engine, actor, event)


def set_validity(
    engine: Engine, actor: Actor, key: str, id_: UUID, version: int, *, closed: bool, reason: str, data: Path
) -> None:
    """Close a row, or put a closed one in force again."""
    allow(actor, "register.edit", rows.get_register(key))
    if not reason.strip():
        raise Invalid("请说明原因。", "Say why.", field="reason")
    act, action = (store.close, "close") if closed else (store.reopen, "reopen")
    with writing(get_world(engine, "live"), actor) as tx:
        act(tx.session.connection(), key, id_, version, _stamp(tx, reason, data))
        code = tx.session.scalar(select(TABLES[key].c.code).where(TABLES[key].c.id == id_))
        event = _say(tx, key, action, [(id_, str(code))], reason)
    tell_drills(engine, actor, event)


def fingerprint(planned: Sequence[Planned], values: Values) -> str:
    """Names a bulk edit as previewed: these rows in these versions, these values."""
    said = [[str(p.id), p.version] for p in planned] + [sorted((k, repr(v)) for k, v in values.items())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


def preview(session: Session, actor: Actor, key: str, which: rows.Filter, values: Values, data: Path) -> list[Planned]:
    """What setting these fields on all rows of a filter would change; nothing is written."""
    register = rows.get_register(key)
    allow(actor, "register.edit", register)
    if not values or {"code"} & set(values):
        raise Invalid("请选择要统一修改的字段（编码除外）。", "Name the fields to set (not the code).", field="values")
    total, found = rows.listing(session, key, which, limit=MOST_AT_ONCE, offset=0)
    if total > MOST_AT_ONCE:
        raise Invalid(
            f"一次最多修改 {MOST_AT_ONCE} 条，所选 {total} 条。",
            f"{MOST_AT_ONCE} rows can be changed at once; {total} are selected.",
            field="filter",
        )
    return _plan(session, key, [one["id"] for one in found], values, Keep, data)


def bulk(
    engine: Engine, actor: Actor, key: str, which: rows.Filter, values: Values, seen: str, reason: str, data: Path
) -> int:
    """Set fields on all rows of a filter, exactly as previewed (`seen` is the preview's fingerprint): all or none.

    Raises Conflict where the rows are others by now; returns how many rows changed.
    """
    with writing(get_world(engine, "live"), actor) as tx:
        planned = preview(tx.session, actor, key, which, values, data)
        if fingerprint(planned, values) != seen:
            raise Conflict(
                "所选记录已有变化，请重新预览。", "The rows have changed; look at the preview again.", field="seen"
            )
        todo = [one for one in planned if one.before != one.after]
        for one in todo:
            _or_raise(Checked(one.row, np.array([True]), one.findings))
            stamp = _stamp(tx, reason, data)
            store.update(tx.session.connection(), key, one.id, one.version, one.row, stamp)
        event = _say(tx, key, "update", [(one.id, one.code) for one in todo], reason) if todo else None
    if event:
        tell_drills(engine, actor, event)
    return len(todo)


def open_person(engine: Engine, actor: Actor, key: str, id_: UUID, data: Path) -> dict[str, str]:
    """The identity block of one row, in clear; that it was opened is journalled."""
    register = rows.get_register(key)
    require(actor, sight(register))
    with writing(get_world(engine, "live"), actor) as tx:
        row = rows.get(tx.session, key, id_)
        code = str(row["values"]["code"])
        opened = _opened(tx.session, key, id_, code, data)
        record(
            tx,
            PersonRead(
                f"查看身份信息：{register.zh} {code}", f"Identity opened: {register.en} {code}",
                key, str(id_), code, sorted(opened),
            ),
        )  # fmt: skip
    return opened
