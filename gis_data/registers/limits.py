"""Limits of a register that the bureau sets by parameters: how old who may be entered is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from gis_data.parameters import numbers_under
from gis_data.registers.definition import Field, Register


def in_force(session: Session, register: Register, at: datetime) -> Register:
    """The register with the ages of the parameters `<register>.age_least` and `.age_most` where there are any."""
    if not any(of.ages for of in register.fields):
        return register
    said = numbers_under(session, f"{register.key}.age_", at)

    def limited(of: Field) -> Field:
        if not of.ages:
            return of
        return replace(of, ages=(int(said.get("least", of.ages[0])), int(said.get("most", of.ages[1]))))

    return replace(register, fields=tuple(limited(of) for of in register.fields))
