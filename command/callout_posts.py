"""Which posts a call-out reaches: from the responsibility links of its objects, down to a depth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_data.errors import Invalid
from gis_data.registers import REGISTERS
from gis_data.registers.responsibility import CURRENT, OBJECTS, chain

Depth = Literal["town", "village", "household"]
SCOPE = tuple(key for key in OBJECTS if key != "at_risk_household")
"""Registers whose objects a call-out may be about."""
LEVELS = ("city", "district", "town", "village", "grid", "household")
"""From the top down, as posts are listed."""
LOCAL = LEVELS[3:]
"""Levels at which a loudspeaker, a gong or a visit makes sense."""


@dataclass(frozen=True)
class Post:
    """A post as the register has it now. A post whose holders are all on leave is not tried by telephone."""

    code: str
    name: str
    level: str
    organization_code: str
    phone: str | None
    on_leave: bool
    deputy_code: str | None
    deputy: str | None
    deputy_phone: str | None


@dataclass(frozen=True)
class Called:
    """The posts to call, the highest first, each once; `names` of the objects; `gaps` are what the registers lack."""

    posts: tuple[Post, ...]
    names: dict[tuple[str, str], str]
    gaps: tuple[str, ...]


def posts(session: Session, codes: Iterable[str], today: date) -> dict[str, Post]:
    """Posts in force by code; unknown codes are left out."""
    query = text(
        """
        select p.code, p.name, p.level, p.organization_code, p.phone,
          coalesce(bool_and(h.on_leave) filter (where h.id is not null), false) on_leave,
          d.code deputy_code, d.name deputy, d.phone deputy_phone
        from gis.post p left join gis.post d on d.code = p.deputy_code and d.valid_to is null
        left join gis.post_holder h on h.post_code = p.code and h.valid_to is null
          and (h.since is null or h.since <= :today) and (h.until is null or h.until >= :today)
        where p.valid_to is null and p.code = any(:codes) group by p.id, d.id"""
    )
    rows = session.execute(query, {"codes": list(set(codes)), "today": today})
    return {row.code: Post(**row._mapping) for row in rows}


def called(session: Session, scope: Sequence[tuple[str, str]], depth: Depth, today: date) -> Called:
    """Who is to be called for some objects (register, code). Raises Invalid, NotFound."""
    level_of: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    gaps: list[str] = []
    for register, code in dict.fromkeys(scope):
        if register not in SCOPE:
            raise Invalid(f"不能按台账“{register}”叫应。", f"Nobody is called for rows of “{register}”.", field="scope")
        found = chain(session, REGISTERS[register], code, today)
        names[register, code] = found.name
        if not found.complete:
            gaps.append(f"{found.name}（{code}）：责任链未到区级")
        for step in found.steps:
            if step.level in ("town", "district", "city") or depth != "town":
                level_of.setdefault(step.post_code, step.level)
        if depth != "town":
            for post_code in _below(session, register, code, today):
                level_of.setdefault(post_code, "village")
        if depth == "household":
            for post_code in _cadres(session, register, code):
                level_of.setdefault(post_code, "household")
    known = posts(session, level_of, today)
    gaps += [f"台账中没有岗位 {code}" for code in sorted(level_of.keys() - known.keys())]
    ordered = sorted(known.values(), key=lambda p: (LEVELS.index(level_of[p.code]), p.code))
    return Called(tuple(ordered), names, tuple(gaps))


def _below(session: Session, register: str, code: str, today: date) -> list[str]:
    """Of a town: the posts that answer for its communities."""
    if register != "admin_unit":
        return []
    query = text(
        f"select distinct post_code from gis.responsibility_link where {CURRENT} and level = 'village'"
        " and object_register = 'organization' and starts_with(admin_code, :code) order by post_code"
    )
    return list(session.scalars(query, {"today": today, "code": code}))


def _cadres(session: Session, register: str, code: str) -> list[str]:
    """The posts that look after households: those in a unit, or those under another object."""
    inside = (
        "starts_with(admin_code, :code)"
        if register == "admin_unit"
        else "object_register = :register and object_code = :code"
    )
    query = text(
        "select distinct cadre_post from gis.at_risk_household"
        f" where valid_to is null and cadre_post is not null and {inside} order by cadre_post"
    )
    return list(session.scalars(query, {"register": register, "code": code}))


def is_post(session: Session, name: str) -> bool:
    """Whether a post in force bears that name; people's names are none."""
    query = text("select exists (select from gis.post where valid_to is null and name = :name)")
    return bool(session.scalar(query, {"name": name}))


def grid_member(session: Session, post: Post, but: Collection[str], today: date) -> Post | None:
    """The grid member nearest to a post by duty: of its own organisation, there, and not called already."""
    query = text(
        "select code from gis.post where valid_to is null and level = 'grid' and organization_code = :of"
        " and code <> all(:but) order by code"
    )
    asked: dict[str, Any] = {"of": post.organization_code, "but": list(but)}
    codes = list(session.scalars(query, asked))
    there = posts(session, codes, today)
    return next((there[code] for code in codes if not there[code].on_leave), None)
