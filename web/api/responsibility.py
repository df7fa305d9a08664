"""Responsibility (责任制): who answers for an object, and where nobody does."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from command import register_edit
from command.access import permissions, require
from gis_data.clock import SHANGHAI
from gis_data.db import reading
from gis_data.registers import rows
from gis_data.registers.gaps import gaps
from gis_data.registers.responsibility import chain
from gis_data.world import get_world
from web.deps import ActorDep, EngineDep
from web.errors import responses

router = APIRouter(prefix="/api/responsibility", tags=["registers"])


class ChainStepOut(BaseModel):
    level: Literal["grid", "village", "town", "district", "city"]
    post_code: str
    post_name: str | None
    phone: str | None
    holders: int
    on_leave: bool
    deputy_code: str | None
    deputy_name: str | None
    deputy_phone: str | None
    hazard: str | None
    via: Literal["link", "field", "superior", "unit"]
    link_code: str | None
    field: str | None


class ChainOut(BaseModel):
    """Posts from the ground up; `complete` once the district is reached."""

    register_key: str
    code: str
    name: str
    steps: list[ChainStepOut]
    complete: bool


class GapOut(BaseModel):
    id: str
    code: str
    name: str
    admin_code: str | None
    post_code: str | None


class GapsOut(BaseModel):
    """Gaps of a kind in a register: how many of how many, and the first 200."""

    kind: Literal["no_holder", "broken_chain", "no_person", "no_phone", "on_leave"]
    register_key: str
    missing: int
    of: int
    rows: list[GapOut]


class GapListOut(BaseModel):
    """All gaps as of a day."""

    as_of: date
    gaps: list[GapsOut]


@router.get("/chain", responses=responses(404, 422))
def read_chain(
    engine: EngineDep,
    actor: ActorDep,
    register: Annotated[str, Query(max_length=60)],
    code: Annotated[str, Query(max_length=200)],
) -> ChainOut:
    """Who answers for an object, upward to the district's leader."""
    of = rows.get_register(register)
    register_edit.allow(actor, "register.read", of)
    with reading(get_world(engine, "live"), actor) as tx:
        found = chain(tx.session, of, code, tx.at.astimezone(SHANGHAI).date())
    steps = [ChainStepOut.model_validate(step, from_attributes=True) for step in found.steps]
    return ChainOut(register_key=register, code=code, name=found.name, steps=steps, complete=found.complete)


@router.get("/gaps", responses=responses())
def read_gaps(engine: EngineDep, actor: ActorDep) -> GapListOut:
    """Objects that nobody answers for, chains that break off, posts that nobody can reach."""
    require(actor, "register.read")
    with reading(get_world(engine, "live"), actor) as tx:
        today = tx.at.astimezone(SHANGHAI).date()
        people = "person.read" in permissions(actor.role)
        found = gaps(tx.session, today, towns=actor.towns, people=people)
    return GapListOut(
        as_of=today,
        gaps=[
            GapsOut(
                kind=one.kind, register_key=one.register, missing=one.missing, of=one.of,
                rows=[GapOut.model_validate(row, from_attributes=True) for row in one.rows],
            )
            for one in found
        ],
    )  # fmt: skip
