"""Administrative units."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import Base, Drawn, Loaded, new_id


class AdminUnit(Drawn, Loaded, Base):
    """A town-level unit (镇街) or another level of the district; `in_scope` tells the bureau's own from neighbours."""

    __tablename__ = "admin_unit"
    geom_kind = "MULTIPOLYGON"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    name_en: Mapped[str]
    level: Mapped[str]
    parent_code: Mapped[str | None]
    governing_authority: Mapped[str]
    in_scope: Mapped[bool]
    population: Mapped[int | None]
