"""Who answers for what (责任制): the chain from an object up to the district, and where it has gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_data.errors import NotFound
from gis_data.registers import REGISTERS, Register

Via = Literal["link", "field", "superior", "unit"]
LEVELS = ("grid", "village", "town", "district", "city")
"""Levels of a post from the ground up."""
OBJECTS = (
    "admin_unit", "geohazard_zone", "geohazard_point", "waterlogging_point", "underpass", "reservoir", "key_village",
    "shelter", "at_risk_household",
)  # fmt: skip
"""Registers whose every row somebody must answer for."""
CURRENT = "valid_to is null and (until is null or until >= :today)"
_LINKS = f"select * from gis.responsibility_link where {CURRENT}"


@dataclass(frozen=True)
class Step:
    """One post that answers. `via`: a link on the object, a field of the object, the superior of a post before it,
    or a link on the object's unit; `field` and `link_code` say which. Without `post_name` no such post exists."""

    level: str
    post_code: str
    post_name: str | None
    phone: str | None
    holders: int
    on_leave: bool
    deputy_code: str | None
    deputy_name: str | None
    deputy_phone: str | None
    hazard: str | None
    via: Via
    link_code: str | None
    field: str | None


@dataclass(frozen=True)
class Chain:
    """Who answers for an object, from the ground up; `complete` once a post of the district is among them."""

    register: str
    code: str
    name: str
    steps: tuple[Step, ...]
    complete: bool


def posts_of(register: Register) -> list[str]:
    """The fields of an object that name the post which answers for it."""
    return [f.name for f in register.fields if f.refers == "post" and not f.name.startswith("deputy")]


@dataclass(frozen=True)
class _Held:
    """A post on the way up, before it is looked up."""

    post: str
    level: str
    hazard: str | None
    via: Via
    link: str | None = None
    field: str | None = None


def _links(session: Session, where: str, today: date, **params: Any) -> list[Any]:
    return list(session.execute(text(f"{_LINKS} and {where} order by code"), {"today": today, **params}))


def _climb(session: Session, held: list[_Held], links: Sequence[Any], today: date) -> None:
    """Add the superiors that links name, and theirs, each post once."""
    while links:
        known = {one.post for one in held}
        above = {link.superior_code: link for link in links if link.superior_code and link.superior_code not in known}
        held += [_Held(post, "", link.hazard, "superior", link.code) for post, link in above.items()]
        links = _links(session, "post_code = any(:posts)", today, posts=list(above)) if above else []


def chain(session: Session, register: Register, code: str, today: date) -> Chain:
    """Who answers for the object of that code in force, upward to the district's leader.

    The links on the object count first, then the posts that its own fields name, then their superiors; where those do
    not reach the district, the links on the units that it lies in. Raises NotFound.
    """
    own = ", ".join(["name", "admin_code", *posts_of(register)])
    row = session.execute(
        text(f"select {own} from gis.{register.key} where code = :code and valid_to is null"), {"code": code}
    ).one_or_none()
    if row is None:
        raise NotFound(f"{register.zh}中没有 {code}。", f"{register.en} have no {code}.", field="code")
    held: list[_Held] = []

    def on(objects: Register, codes: list[str], via: Via) -> None:
        links = _links(session, "object_register = :of and object_code = any(:codes)", today,
                       of=objects.key, codes=codes)  # fmt: skip
        known = {one.post for one in held}
        held.extend(
            _Held(link.post_code, link.level, link.hazard, via, link.code)
            for link in links
            if link.post_code not in known
        )
        _climb(session, held, links, today)

    on(register, [code], "link")
    known = {one.post for one in held}
    fields = [_Held(row._mapping[f], "", None, "field", field=f) for f in posts_of(register) if row._mapping[f]]
    named = [one for one in fields if one.post not in known]
    held.extend(named)
    _climb(session, held, _links(session, "post_code = any(:posts)", today, posts=[n.post for n in named]), today)
    steps = _steps(session, held, today)
    unit = code if register.key == "admin_unit" else row.admin_code
    if unit and not any(LEVELS.index(step.level) >= 3 for step in steps):
        on(REGISTERS["admin_unit"], [unit[:digits] for digits in (12, 9, 6) if len(unit) >= digits], "unit")
        steps = _steps(session, held, today)
    complete = any(LEVELS.index(step.level) >= 3 for step in steps)
    return Chain(register.key, code, row.name, tuple(steps), complete)


def _steps(session: Session, held: Iterable[_Held], today: date) -> list[Step]:
    """The posts looked up, the lowest level first."""
    held = list(held)
    query = text(
        """
        select p.code, p.name, p.level, p.phone, p.deputy_code, d.name deputy_name, d.phone deputy_phone,
          count(h.id) holders, coalesce(bool_and(h.on_leave) filter (where h.id is not null), false) on_leave
        from gis.post p left join gis.post d on d.code = p.deputy_code and d.valid_to is null
        left join gis.post_holder h on h.post_code = p.code and h.valid_to is null
          and (h.since is null or h.since <= :today) and (h.until is null or h.until >= :today)
        where p.valid_to is null and p.code = any(:posts) group by p.id, d.id"""
    )
    found = {p.code: p for p in session.execute(query, {"today": today, "posts": [one.post for one in held]})}
    steps = []
    for one in held:
        p = found.get(one.post)
        level = p.level if p else "village" if one.level in ("", "household") else one.level
        steps.append(
            Step(
                level, one.post, p.name if p else None, p.phone if p else None, p.holders if p else 0,
                bool(p and p.on_leave), p.deputy_code if p else None, p.deputy_name if p else None,
                p.deputy_phone if p else None, one.hazard, one.via, one.link, one.field,
            )
        )  # fmt: skip
    return sorted(steps, key=lambda step: LEVELS.index(step.level))
