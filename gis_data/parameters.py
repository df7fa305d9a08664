"""Parameters (参数) as they are in force at a moment: the value, its unit, and what it rests on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from gis_data.clock import SHANGHAI
from gis_data.errors import NotFound
from gis_data.tables import TABLES


@dataclass(frozen=True)
class Parameter:
    """One version of a parameter; `value` is as it is written, None of its dates means without limit."""

    key: str
    value: str
    unit: str | None
    document: str
    clause: str | None
    approved_by: str
    in_force_from: date | None
    in_force_to: date | None
    is_demo: bool
    version: str
    """The code of the register's row."""

    @property
    def number(self) -> float:
        """The value as a number; raises ValueError where it is none."""
        return float(self.value)


def value_of(session: Session, key: str, at: datetime) -> Parameter:
    """The version of a parameter in force at a time: by its dates (Beijing days, both included), the latest first.

    Raises
    ------
    NotFound : no version is in force then; the error names the key.
    """
    c, day = TABLES["parameter"].c, at.astimezone(SHANGHAI).date()
    found = session.execute(_in_force(at).where(c.key == key).limit(1)).one_or_none()
    if found is None:
        raise NotFound(
            f"{day:%Y-%m-%d} 没有生效的参数“{key}”，请在参数台账中补录。",
            f"No value of the parameter “{key}” is in force on {day:%Y-%m-%d}; enter it in the register of parameters.",
            field=key,
        )
    return Parameter(**found._asdict())


def numbers_under(session: Session, prefix: str, at: datetime) -> dict[str, float]:
    """The numbers in force at a time whose keys begin so, by the rest of the key; what is no number is passed over."""
    c = TABLES["parameter"].c
    found: dict[str, float] = {}
    for row in session.execute(_in_force(at).where(c.key.startswith(prefix, autoescape=True))):
        with suppress(ValueError):
            found.setdefault(row.key.removeprefix(prefix), float(row.value))
    return found


def _in_force(at: datetime) -> Select[Any]:
    """The versions in force at a time, those that count first."""
    c = TABLES["parameter"].c
    day = at.astimezone(SHANGHAI).date()
    return (
        select(
            c.key, c.value, c.unit, c.document, c.clause, c.approved_by, c.in_force_from, c.in_force_to, c.is_demo,
            c.code.label("version"),
        )
        .where(
            or_(c.valid_to.is_(None), c.valid_to > at),
            or_(c.in_force_from.is_(None), c.in_force_from <= day),
            or_(c.in_force_to.is_(None), c.in_force_to >= day),
        )
        .order_by(c.in_force_from.desc().nulls_last(), c.valid_from.desc(), c.code.desc())
    )  # fmt: skip
