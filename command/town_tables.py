"""How towns stand by the five colours, as the watch last found them. Kept in a world."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import WORLD, Base


class TownState(Base):
    """A town's colour since `at`, with the reasons that it had then."""

    __tablename__ = "town_state"
    __table_args__ = (
        CheckConstraint("colour in ('red', 'orange', 'yellow', 'blue', 'green', 'unknown')", name="colour"),
        {"schema": WORLD},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    colour: Mapped[str]
    colour_zh: Mapped[str]
    colour_en: Mapped[str]
    known: Mapped[bool]
    """Something speaks for it."""
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """`colour`, `zh` and `en`, the worst first."""
    in_scope: Mapped[bool]
    """Whether it is one of the district's towns still."""
    at: Mapped[datetime]
    """World's time."""
    recorded_at: Mapped[datetime]
