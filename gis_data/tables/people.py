"""Where people live, in cells: counts only, no persons."""

from __future__ import annotations

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import Base, Drawn, Loaded


class PopulationCell(Drawn, Loaded, Base):
    """A cell of a population grid: residents, and the places counted in it where the source gives them."""

    __tablename__ = "population_cell"
    geom_kind = "MULTIPOLYGON"
    checks = {"population": "population >= 0", "population_day": "population_day >= 0"}

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str]
    population: Mapped[float]
    population_day: Mapped[float | None]
    """Who is there at daytime, where the source knows; `population` is who sleeps there."""
    jobs: Mapped[float | None]
    schools: Mapped[int | None]
    healthcare: Mapped[int | None]
