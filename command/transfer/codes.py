"""Who is behind the code of a card or a tag."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from command.transfer.tables import ShelterRegistration, TransferHousehold, TransferOrder, TransferPerson
from gis_data.db import Writing
from gis_data.errors import Conflict, NotFound
from gis_data.tables import TABLES

COMING = ("due", "notified", "contacted", "departed", "forced", "arrived")
"""Whom a household's card lets in: those of whom it is not known that they are elsewhere or stay behind."""


def known(tx: Writing, code: str, only: Sequence[str]) -> tuple[list[tuple[str, TransferPerson | None]], list[str]]:
    """The persons of a household's or a person's code (of those, `only` these), each with the part in an open order.

    A household's card stands for those who are coming or came from another shelter; the second list names the others,
    who are let in by their own codes. Raises NotFound for a code that nobody has, Conflict where nobody is coming.
    """
    p, h, o = TransferPerson, TransferHousehold, TransferOrder
    query = (
        select(p, h.code)
        .join(h, h.id == p.household_id)
        .join(o, o.id == p.order_id)
        .where(o.state == "issued", p.ended_at.is_(None), (p.code == code) | (h.code == code))
        .order_by(p.code)
    )
    ordered = [one for one, _ in tx.session.execute(query).all()]
    if ordered:
        came = ordered
        if only:
            came = _only(code, only, ordered)
        elif [one.code for one in ordered] != [code]:
            came = [one for one in ordered if one.state in COMING or one.shelter_code]
        others = [one.code for one in ordered if one not in came] if not only else []
        if not came:
            raise Conflict(
                f"{code} 无人应到，请按个人编码登记。",
                f"Nobody of {code} is coming: use their own codes.",
                field="code",
            )
        return [(one.code, one) for one in came], others
    c = TABLES["at_risk_person"].c
    listed = tx.session.scalars(
        select(c.code).where(c.valid_to.is_(None), (c.code == code) | (c.household_code == code))
    ).all()
    if not listed:
        home = TABLES["at_risk_household"].c
        counted = tx.session.scalar(select(home.persons).where(home.valid_to.is_(None), home.code == code)) or 0
        listed = [f"{code}#{n + 1}" for n in range(counted)]
    wanted = [one for one in listed if not only or one in only]
    if not wanted:
        raise NotFound(f"没有编码 {code}。", f"There is no code {code}.", field="code")
    return [(one, None) for one in sorted(wanted)], []


def _only(code: str, only: Sequence[str], ordered: Sequence[TransferPerson]) -> list[TransferPerson]:
    if missing := sorted(set(only) - {one.code for one in ordered}):
        raise NotFound(f"{code} 户内没有 {missing[0]}。", f"{missing[0]} is not of {code}.", field="persons")
    return [one for one in ordered if one.code in only]


def inside(tx: Writing, codes: Sequence[str]) -> list[ShelterRegistration]:
    """Registrations of these persons that stand, in whatever shelter."""
    r = ShelterRegistration
    return list(tx.session.scalars(select(r).where(r.out_at.is_(None), r.code.in_(codes))))
