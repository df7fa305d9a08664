"""Gaps of responsibility (责任缺口): objects that nobody answers for, posts that nobody can reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_data.registers import REGISTERS, Register
from gis_data.registers.responsibility import CURRENT, OBJECTS, posts_of

Kind = Literal["no_holder", "broken_chain", "no_person", "no_phone", "on_leave"]
SHOWN = 200


@dataclass(frozen=True)
class Gap:
    """One object or post with a gap; `post_code` is where a chain breaks off."""

    id: str
    code: str
    name: str
    admin_code: str | None
    post_code: str | None


@dataclass(frozen=True)
class Gaps:
    """Gaps of one kind in one register: how many of how many, and the first of them by code."""

    kind: Kind
    register: str
    missing: int
    of: int
    rows: tuple[Gap, ...]


_UP = f"""
    with recursive link as (select * from gis.responsibility_link where {CURRENT}),
    top as (
      select code from gis.post where valid_to is null and level in ('district', 'city')
      union select post_code from link where level = 'district'
      union select l.post_code from link l join top on top.code = l.superior_code
    )"""
"""`link`: the links in force; `top`: posts at the district's level, or with a way up to it."""


def _objects(register: Register) -> dict[Kind, str]:
    """For each kind of gap of an object: the rows that have it, and the post where the chain ends."""
    posts = posts_of(register)
    fields = " or ".join(f"o.{name} is not null" for name in posts) or "false"
    direct = f"l.object_register = '{register.key}' and l.object_code = o.code"
    unit = "o.code" if register.key == "admin_unit" else "o.admin_code"
    reached = [
        f"exists (select 1 from link l join top on top.code = l.post_code where {direct} or l.object_register ="
        f" 'admin_unit' and l.object_code in ({unit}, left({unit}, 9), left({unit}, 6)))",
        *(f"exists (select 1 from top where top.code = o.{name})" for name in posts),
    ]
    held = f"(exists (select 1 from link l where {direct}) or {fields})"
    ends = ", ".join([f"(select min(l.post_code) from link l where {direct})", *(f"o.{name}" for name in posts)])
    return {
        "no_holder": f"select o.*, null as ends from rows o where not {held}",
        "broken_chain": f"select o.*, coalesce({ends}) as ends from rows o where {held} and not ({' or '.join(reached)})",
    }


_POSTS: dict[Kind, str] = {
    "no_person": "select o.*, null as ends from rows o where not exists (select 1 from holder h where h.post_code = o.code)",
    "no_phone": "select o.*, null as ends from rows o where coalesce(o.phone, '') = ''",
    "on_leave": """
        select o.*, o.deputy_code as ends from rows o
        where exists (select 1 from holder h where h.post_code = o.code)
        and not exists (select 1 from holder h where h.post_code = o.code and h.on_leave is not true)
        and not exists (select 1 from gis.post d join holder h on h.post_code = d.code
          where d.code = o.deputy_code and d.valid_to is null and h.on_leave is not true)""",
}
"""For each kind of gap of a post: the rows that have it."""
_HOLDER = """, holder as (
      select * from gis.post_holder where valid_to is null
      and (since is null or since <= :today) and (until is null or until >= :today)
    )"""


def gaps(session: Session, today: date, *, towns: Collection[str] = (), people: bool = True) -> list[Gaps]:
    """All gaps as of a day, by kind and register; of these towns (codes of 9 digits) alone, without towns of all.

    `people` counts registers of persons too.
    """
    found = []
    for key in OBJECTS:
        register = REGISTERS[key]
        if people or not register.personal:
            only = "and in_scope and level in ('town', 'village')" if key == "admin_unit" else ""
            found += [
                _count(session, kind, key, only, query, today, towns) for kind, query in _objects(register).items()
            ]
    return found + [_count(session, kind, "post", "", query, today, towns) for kind, query in _POSTS.items()]


def _count(session: Session, kind: Kind, key: str, only: str, query: str, today: date, towns: Collection[str]) -> Gaps:
    place = "code" if key == "admin_unit" else "admin_code"
    mine = f"and left({place}, 9) = any(:towns)" if towns else ""
    start = f"{_UP}{_HOLDER}, rows as (select * from gis.{key} where valid_to is null {only} {mine})"
    params = {"today": today, "towns": list(towns), "shown": SHOWN}
    of, missing = session.execute(
        text(f"{start}, gap as ({query}) select (select count(*) from rows), (select count(*) from gap)"), params
    ).one()
    rows = session.execute(
        text(f"{start} select id, code, name, admin_code, ends from ({query}) g order by code limit :shown"), params
    )
    return Gaps(kind, key, missing, of, tuple(Gap(str(r.id), r.code, r.name, r.admin_code, r.ends) for r in rows))
