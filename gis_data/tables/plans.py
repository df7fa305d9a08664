"""Plan editions (应急预案): what levels there are, what proposes them, what is to be done at each."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base


class PlanEdition(Base):
    """One edition of one track's plan in one jurisdiction; never changed. What began under it goes on under it."""

    __tablename__ = "plan_edition"
    __table_args__ = (
        UniqueConstraint("track", "jurisdiction", "edition", name="uq_plan_edition_key"),
        {"schema": GIS},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    track: Mapped[str]
    """A key of an open list, such as `flood`."""
    track_zh: Mapped[str]
    track_en: Mapped[str]
    jurisdiction: Mapped[str]
    """A district's code (6 digits) or a town's (9)."""
    jurisdiction_zh: Mapped[str]
    edition: Mapped[str]
    title: Mapped[str]
    document_no: Mapped[str]
    organ: Mapped[str]
    legal_basis: Mapped[str]
    approved_by: Mapped[str]
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    is_demo: Mapped[bool]
    levels: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str]
    loaded_by: Mapped[str]
    loaded_at: Mapped[datetime]
