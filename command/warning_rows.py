"""A warning as it is stored: from a signal, its towns found by code, outline or name; in words; and back to CAP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.hazard_tables import WarningMessage, WarningRow
from gis_data.db import Reading, Writing, district
from gis_data.errors import NotFound
from gis_data.sources import cap
from gis_data.sources.cap import Area
from gis_data.sources.cap_chain import reaches
from gis_data.sources.cap_warning import INTERNAL, Conventions, Mode, Signal, to_cap
from gis_data.tables import AdminUnit
from gis_data.tables.base import new_id

SLIVER_DEG2 = 1e-9
"""About ten square metres: outlines that share no more only touch."""


def row_of(
    tx: Writing,
    signal: Signal,
    table: Conventions,
    message: WarningMessage | None = None,
    document_no: str | None = None,
) -> WarningRow:
    """A warning as it is stored, its words and towns found; `coming` until somebody looks at the time."""
    colour = next(one for one in table.colours if one.id == signal.colour)
    kind = next((one for one in table.kinds if one.id == signal.kind), None)
    words = (kind.zh, kind.en) if kind else (signal.event or "其他", signal.event or "Other")
    return WarningRow(
        id=new_id(), message_id=message and message.id, sender=message and message.sender,
        identifier=message and message.identifier, document_no=document_no, official=signal.official,
        kind=signal.kind, kind_zh=words[0], kind_en=words[1], colour=colour.id, colour_zh=colour.zh,
        colour_en=colour.en, level=colour.level, event=signal.event or words[0], headline=signal.headline,
        starts_at=signal.starts_at, ends_at=signal.ends_at,
        areas=[{"desc": one.desc.strip(), "geocodes": [list(code) for code in one.geocodes]} for one in signal.areas],
        towns=_towns(tx.session, signal), cautions=signal.cautions, measures=signal.measures, issuer=signal.issuer,
        issued_at=signal.issued_at, urgency=signal.urgency, certainty=signal.certainty, state="coming",
        received_at=tx.at, received_by=tx.actor.post, recorded_at=tx.real_at,
    )  # fmt: skip


def _towns(session: Session, signal: Signal) -> list[dict[str, Any]]:
    """The towns in scope that a warning reaches: by code, by outline, or by a name that is exactly theirs."""
    u = AdminUnit
    inside = func.ST_PointOnSurface(u.geom)
    query = select(u.code, u.name, u.level, u.geom, func.ST_X(inside).label("lon"), func.ST_Y(inside).label("lat"))
    rows = session.execute(query.where(u.valid_to.is_(None), u.level.in_(("town", "district")), u.in_scope)).all()
    outlines = [shape for area in signal.areas if (shape := cap.shape(area)) is not None]
    names = {area.desc.strip() for area in signal.areas}
    whole = any(row.level == "district" and row.name in names for row in rows)
    return [
        {"code": row.code, "name": row.name, "lon": row.lon, "lat": row.lat}
        for row in sorted(rows, key=lambda one: str(one.code))
        if row.level == "town"
        and (
            whole or row.name in names or reaches(signal, row.code)
            or any(outline.intersection(to_shape(row.geom)).area > SLIVER_DEG2 for outline in outlines)
        )
    ]  # fmt: skip


def told(rows: Iterable[WarningRow]) -> tuple[str, str]:
    """Warnings in words, in both languages."""
    zh, en = [], []
    for row in rows:
        place = "、".join(area["desc"] for area in row.areas)
        name = f"{row.kind_zh}{row.colour_zh}", f"{row.kind_en}, {row.colour_en.lower()}"
        if row.official:
            zh.append(f"{name[0]}预警（{row.issuer}；{place}）")
            en.append(f"{name[1]} ({row.issuer}; {place})")
        else:
            zh.append(f"{name[0]}（{row.issuer}；{place}）{INTERNAL.split(' ')[0]}")
            en.append(f"{name[1]} ({row.issuer}; {place}), an internal prompt")
    return "；".join(zh), "; ".join(en)


def get(session: Session, id_: UUID) -> WarningRow:
    """A warning, in force or not."""
    row = session.get(WarningRow, id_)
    if row is None:
        raise NotFound("没有这条预警。", "There is no such warning.", field="warning_id")
    return row


def exported(tx: Reading, id_: UUID) -> bytes:
    """A warning as CAP: the bytes that it came in, or, of one typed by hand, a draft (in a drill: an exercise)."""
    row = get(tx.session, id_)
    if row.message_id:
        return tx.session.get_one(WarningMessage, row.message_id).raw
    signal = Signal(
        row.kind, row.colour, row.starts_at,
        tuple(Area(one["desc"], geocodes=tuple((n, v) for n, v in one["geocodes"])) for one in row.areas),
        row.cautions, row.measures, row.issuer, row.issued_at, row.event, row.headline, row.ends_at, row.urgency,
        row.certainty, row.official,
    )  # fmt: skip
    return to_cap(signal, cast(Mode, tx.world.kind), f"baochu.{district(tx.session).name}", str(row.id))
