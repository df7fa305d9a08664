"""A world: `live`, or a drill that looks the same and can never touch it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from gis_data.errors import NotFound
from gis_data.tables import WorldRow


@dataclass(frozen=True)
class World:
    """One world of one district: where it is written, and as which database role."""

    engine: Engine
    name: str
    kind: str
    title: str
    schema: str
    role: str


@dataclass(frozen=True)
class Actor:
    """Who acts: an account at its post (岗位), with a role that decides what it may do.

    `towns` are the units that it is confined to, codes of 9 digits; none are the whole district.
    """

    username: str
    post: str
    role: str
    towns: tuple[str, ...] = ()


SYSTEM = Actor("system", "系统", "admin")
"""The command line on the machine itself, by whoever may run it."""


def worlds(engine: Engine) -> list[World]:
    """All worlds of the district, `live` first."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        rows = connection.execute(select(WorldRow.__table__).order_by(WorldRow.kind.desc(), WorldRow.created_at))
        return [World(engine, r.name, r.kind, r.title, r.schema_name, r.role_name) for r in rows]


def get_world(engine: Engine, name: str) -> World:
    """The world of that name."""
    for world in worlds(engine):
        if world.name == name:
            return world
    raise NotFound(f"没有名为“{name}”的世界。", f"There is no world named “{name}”.", field="world")
