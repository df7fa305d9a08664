"""Registers (台账): rows found and filtered, one with its history, edits one by one and many at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from command import register_edit
from command.access import permissions, require
from gis_data.db import reading
from gis_data.errors import Invalid
from gis_data.registers import GROUPS, REGISTERS, Register, rows
from gis_data.registers.check import Finding
from gis_data.world import Actor, get_world
from web.api.register_schemas import (
    BulkDoIn,
    BulkIn,
    BulkOut,
    ChangeOut,
    CheckIn,
    DoneOut,
    FilterIn,
    FindingOut,
    PageOut,
    RegisterOut,
    RowChangeIn,
    RowIn,
    RowOut,
    RowPlaceOut,
    RowPlacesOut,
    ValidityIn,
)
from web.deps import ActorDep, EngineDep, SettingsDep
from web.errors import responses

router = APIRouter(prefix="/api/registers", tags=["registers"])


def known(key: str, actor: ActorDep) -> Register:
    """The register in the address, if the actor may read it."""
    register = rows.get_register(key)
    register_edit.allow(actor, "register.read", register)
    return register


RegisterDep = Annotated[Register, Depends(known)]


def asked(
    q: Annotated[str, Query(max_length=200, description="words, or pinyin initials; all must be found")] = "",
    town: Annotated[list[str] | None, Query(max_length=50)] = None,
    where: Annotated[
        list[str] | None, Query(max_length=50, description="field:value; an empty value means unset")
    ] = None,
    box: Annotated[str, Query(max_length=100, description="west,south,east,north in degrees")] = "",
    at: AwareDatetime | None = None,
    closed: bool = False,
    id: Annotated[list[UUID] | None, Query(max_length=2000)] = None,
) -> rows.Filter:
    """The filter in the query."""
    values: dict[str, tuple[str, ...]] = {}
    for one in where or []:
        name, colon, value = one.partition(":")
        if not colon:
            raise Invalid("where 应为 字段:值。", "where must be field:value.", field="where")
        values[name] = (*values.get(name, ()), value)
    return rows.Filter(q, tuple(town or ()), values, _box(box), at, closed, tuple(id) if id else None)


def _box(said: str) -> tuple[float, float, float, float] | None:
    if not said:
        return None
    try:
        west, south, east, north = (float(v) for v in said.split(","))
    except ValueError as error:
        raise Invalid(
            "box 应为 西,南,东,北（度）。", "box must be west,south,east,north in degrees.", field="box"
        ) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid("box 范围不对。", "box is not a box in degrees.", field="box")
    return west, south, east, north


FilterDep = Annotated[rows.Filter, Depends(asked)]


def _register(actor: Actor, register: Register, count: int) -> RegisterOut:
    fields = [
        asdict(of) | {"choices": [{"code": c, "zh": zh, "en": en} for c, zh, en in of.choices]}
        for of in register.all_fields
    ]
    zh, en = GROUPS[register.group]
    may = [act for act in ("edit", "load", "export") if register_edit.allowed(actor, f"register.{act}", register)]
    if register.personal and "person.export" not in permissions(actor.role):
        may = [act for act in may if act != "export"]
    return RegisterOut.model_validate(
        {
            "key": register.key, "zh": register.zh, "en": register.en, "group": register.group, "group_zh": zh,
            "group_en": en, "geometry": register.geometry, "geometry_required": register.geometry_required,
            "personal": register.personal, "may": may, "layer": register.layer, "count": count, "fields": fields,
        }
    )  # fmt: skip


def _finding(found: Finding) -> FindingOut:
    row = int(found.row) if isinstance(found.row, int) else None
    return FindingOut.model_validate(asdict(found) | {"row": row})


@router.get("", responses=responses())
def registers(engine: EngineDep, actor: ActorDep) -> list[RegisterOut]:
    """All registers that the account may read, with their fields and how many rows are in force."""
    require(actor, "register.read")
    with reading(get_world(engine, "live"), actor) as tx:
        counted = rows.counts(tx.session)
    seen = (r for r in REGISTERS.values() if register_edit.allowed(actor, "register.read", r))
    return [_register(actor, r, counted[r.key]) for r in seen]


@router.get("/{key}", responses=responses(404, 422))
def listing(
    register: RegisterDep,
    engine: EngineDep,
    actor: ActorDep,
    which: FilterDep,
    order: Annotated[str, Query(max_length=60)] = "code",
    descending: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> PageOut:
    """Rows of a register: searched, filtered, as of a moment, in order of a field."""
    with reading(get_world(engine, "live"), actor) as tx:
        total, found = rows.listing(
            tx.session, register.key, which, order=order, descending=descending, limit=limit, offset=offset
        )
    return PageOut(total=total, rows=[RowOut.model_validate(row) for row in found])


@router.post("/{key}", status_code=201, responses=responses(404, 409, 422))
def create(register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, body: RowIn) -> RowOut:
    """Add a row."""
    made = register_edit.create(
        engine, actor, register.key, body.values, body.geometry, body.reason, config.data, body.answers
    )
    return _row(engine, actor, register, made)


@router.post("/{key}/check", responses=responses(404, 422))
def checked(register: RegisterDep, engine: EngineDep, actor: ActorDep, body: CheckIn) -> list[FindingOut]:
    """What the checks say of a row as it is typed; nothing is written."""
    with reading(get_world(engine, "live"), actor) as tx:
        shape = register_edit.shape_of(body.geometry)
        found = register_edit.check_rows(tx.session, register.key, [body.values], [shape], body.answers)
    return [_finding(one) for one in found.findings]


@router.post("/{key}/bulk/preview", responses=responses(404, 422))
def bulk_preview(
    register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, body: BulkIn
) -> BulkOut:
    """What setting some fields on all rows of a filter would change; nothing is written."""
    with reading(get_world(engine, "live"), actor) as tx:
        which = _filter(body.filter)
        planned = register_edit.preview(tx.session, actor, register.key, which, body.values, config.data)
    shown = []
    for one in planned:
        changes = [
            {"field": n, "before": one.before.get(n), "after": v}
            for n, v in one.after.items()
            if one.before.get(n) != v
        ]
        shown.append(
            {"id": one.id, "code": one.code, "changes": changes, "findings": [_finding(f) for f in one.findings]}
        )
    return BulkOut.model_validate(
        {
            "seen": register_edit.fingerprint(planned, body.values),
            "rows": len(planned),
            "changing": sum(one.before != one.after for one in planned),
            "blocked": sum(any(f.level in ("error", "question") for f in one.findings) for one in planned),
            "planned": shown,
        }
    )


@router.post("/{key}/bulk", responses=responses(404, 409, 422))
def bulk(register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, body: BulkDoIn) -> DoneOut:
    """Do what was previewed, to all rows or to none."""
    which = _filter(body.filter)
    done = register_edit.bulk(engine, actor, register.key, which, body.values, body.seen, body.reason, config.data)
    return DoneOut(changed=done)


def _filter(said: FilterIn) -> rows.Filter:
    where = {name: tuple(values) for name, values in said.where.items()}
    return rows.Filter(said.q, tuple(said.towns), where, ids=tuple(said.ids) if said.ids is not None else None)


@router.get("/{key}/places", responses=responses(404, 422))
def places(
    register: RegisterDep,
    engine: EngineDep,
    actor: ActorDep,
    which: FilterDep,
    limit: Annotated[int, Query(ge=1, le=5000)] = 2000,
) -> RowPlacesOut:
    """Where the rows of a filter lie, for a map."""
    with reading(get_world(engine, "live"), actor) as tx:
        total, found = rows.places(tx.session, register.key, which, limit)
    return RowPlacesOut(total=total, rows=[RowPlaceOut.model_validate(row) for row in found])


@router.get("/{key}/{row_id}", responses=responses(404, 422))
def read(register: RegisterDep, engine: EngineDep, actor: ActorDep, row_id: UUID) -> RowOut:
    """One row, in force or closed."""
    return _row(engine, actor, register, row_id)


@router.get("/{key}/{row_id}/history", responses=responses(404, 422))
def history(register: RegisterDep, engine: EngineDep, actor: ActorDep, row_id: UUID) -> list[ChangeOut]:
    """All changes of a row, the last first."""
    with reading(get_world(engine, "live"), actor) as tx:
        return [ChangeOut.model_validate(one) for one in rows.history(tx.session, register.key, row_id)]


@router.put("/{key}/{row_id}", responses=responses(404, 409, 422))
def change(
    register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, row_id: UUID, body: RowChangeIn
) -> RowOut:
    """Change some fields of a row, on the version that was seen."""
    geometry = register_edit.Keep if body.keep_geometry else body.geometry
    register_edit.update(
        engine, actor, register.key, row_id, body.version, body.values, geometry, body.reason, config.data, body.answers
    )
    return _row(engine, actor, register, row_id)


@router.post("/{key}/{row_id}/close", responses=responses(404, 409, 422))
def close(
    register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, row_id: UUID, body: ValidityIn
) -> RowOut:
    """End a row's validity; it stays on the record."""
    return _validity(register, engine, actor, config, row_id, body, closed=True)


@router.post("/{key}/{row_id}/reopen", responses=responses(404, 409, 422))
def reopen(
    register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, row_id: UUID, body: ValidityIn
) -> RowOut:
    """Put a closed row in force again."""
    return _validity(register, engine, actor, config, row_id, body, closed=False)


def _validity(
    register: Register,
    engine: EngineDep,
    actor: Actor,
    config: SettingsDep,
    row_id: UUID,
    body: ValidityIn,
    *,
    closed: bool,
) -> RowOut:
    register_edit.set_validity(
        engine, actor, register.key, row_id, body.version, closed=closed, reason=body.reason, data=config.data
    )
    return _row(engine, actor, register, row_id)


@router.post("/{key}/{row_id}/identity", responses=responses(404, 422))
def identity(
    register: RegisterDep, engine: EngineDep, actor: ActorDep, config: SettingsDep, row_id: UUID
) -> dict[str, str]:
    """The identity block of a row in clear; that it was opened is journalled."""
    return register_edit.open_person(engine, actor, register.key, row_id, config.data)


def _row(engine: EngineDep, actor: Actor, register: Register, row_id: UUID) -> RowOut:
    with reading(get_world(engine, "live"), actor) as tx:
        return RowOut.model_validate(rows.get(tx.session, register.key, row_id))
