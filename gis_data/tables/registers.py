"""The tables of all registers, made from their definitions; who changed what; the classes that commands speak of."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.registers import REGISTERS, Field, Register
from gis_data.tables.base import GIS, SRID, Base, new_id

_TYPES: dict[str, Any] = {
    "text": String,
    "integer": Integer,
    "number": Double,
    "boolean": Boolean,
    "date": Date,
    "choice": String,
    "choices": ARRAY(TEXT),
    "texts": ARRAY(TEXT),
    "secret": LargeBinary,
}


def _geometry(register: Register) -> Iterator[Any]:
    """The place (EPSG:4490), its stored copy for tiles (EPSG:3857), an index on each, and the rule that it is valid."""
    if register.geometry is None:
        return
    yield Column(
        "geom", Geometry(register.geometry, srid=SRID, spatial_index=False), nullable=not register.geometry_required
    )
    drawn = Geometry(register.geometry, srid=3857, spatial_index=False)
    yield Column("geom_3857", drawn, Computed("ST_Transform(geom, 3857)", persisted=True))
    for column in ("geom", "geom_3857"):
        yield Index(f"ix_{register.key}_{column}", column, postgresql_using="gist")
    if register.geometry != "POINT":
        yield CheckConstraint("ST_IsValid(geom)", name="valid_geometry")


def _rule(field: Field) -> CheckConstraint | None:
    """What the database itself refuses of a field."""
    bounds = [
        f"{field.name} {sign} {bound:g}"
        for sign, bound in ((">=", field.least), ("<=", field.most))
        if bound is not None
    ]
    if bounds:
        return CheckConstraint(" AND ".join(bounds), name=field.name)
    if field.type == "choice":
        listed = ", ".join(f"'{code}'" for code, *_ in field.choices)
        return CheckConstraint(f"{field.name} IN ({listed})", name=field.name)
    return None


def _table(register: Register) -> Table:
    fields = register.all_fields
    rules = (_rule(field) for field in fields)
    return Table(
        register.key,
        Base.metadata,
        Column("id", Uuid, primary_key=True, default=new_id, server_default=text("gen_random_uuid()")),
        *(Column(field.name, _TYPES[field.type], nullable=not field.required) for field in fields),
        Column("is_demo", Boolean, nullable=False, server_default=text("false")),
        Column("load_id", Integer, ForeignKey("gis.load.id")),
        Column("source_row", String),
        Column("valid_from", DateTime(timezone=True), nullable=False),
        Column("valid_to", DateTime(timezone=True)),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("updated_at", DateTime(timezone=True)),
        Column("updated_by", String),
        Column("search", String, nullable=False, server_default=text("''")),
        *_geometry(register),
        *(rule for rule in rules if rule is not None),
        Index(f"uq_{register.key}_code", "code", unique=True, postgresql_where=text("valid_to is null")),
        schema=GIS,
        info={"register": register.key, "personal": register.personal},
    )


TABLES: dict[str, Table] = {key: _table(register) for key, register in REGISTERS.items()}
"""Register key → its table. Rows are closed with `valid_to`, never deleted; `version` rises with each edit.

`load_id` and `source_row` say from which file and line a row came (none: typed by hand), `search` holds what a search
finds it by, lower case, with pinyin.
"""


class RegisterChange(Base):
    """One change of one row: who, when, why, and the row as it stood before (none: it was made then)."""

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_row", "register", "row_id", "id"), {"schema": GIS})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    register: Mapped[str]
    row_id: Mapped[uuid.UUID]
    action: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    post: Mapped[str]
    reason: Mapped[str]
    load_id: Mapped[int | None] = mapped_column(ForeignKey("gis.load.id"))
    version: Mapped[int]
    """The row's version after the change."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON().with_variant(JSONB, "postgresql"))


class Row(Base):
    """What the classes below share; each is mapped on the table of its register."""

    __abstract__ = True
    __mapper_args__ = {"exclude_properties": ["geom_3857", "search"]}
    if TYPE_CHECKING:
        id: Mapped[uuid.UUID]
        code: Mapped[str]
        name: Mapped[str]
        admin_code: Mapped[str | None]
        is_demo: Mapped[bool]
        load_id: Mapped[int | None]
        valid_from: Mapped[datetime]
        valid_to: Mapped[datetime | None]
        version: Mapped[int]
        geom: Mapped[Any]


class AdminUnit(Row):
    """A town-level unit (镇街) or another level of the district; `in_scope` tells the bureau's own from neighbours."""

    __table__ = TABLES["admin_unit"]
    if TYPE_CHECKING:
        name_en: Mapped[str]
        level: Mapped[str]
        parent_code: Mapped[str | None]
        governing_authority: Mapped[str]
        in_scope: Mapped[bool]
        population: Mapped[int | None]


class Team(Row):
    """A rescue team (救援队伍) at its base. What it is doing now belongs to a world, not here."""

    __table__ = TABLES["team"]
    if TYPE_CHECKING:
        kind: Mapped[str]
        hazards: Mapped[list[str]]
        members: Mapped[int]
        muster_s: Mapped[float]
        vehicle: Mapped[str]


class Shelter(Row):
    """An emergency shelter (避灾安置场所). An unknown capacity is NULL, never 0."""

    __table__ = TABLES["shelter"]
    if TYPE_CHECKING:
        level: Mapped[str]
        space: Mapped[str]
        effective_area_m2: Mapped[float | None]
        capacity: Mapped[int | None]
        capacity_source: Mapped[str | None]


class ProtectedTarget(Row):
    """A target to protect (防护目标): school, hospital, old people's home, …"""

    __table__ = TABLES["protected_target"]
    if TYPE_CHECKING:
        kind: Mapped[str]
        capacity: Mapped[int | None]
