"""The database: opening it, reading a world as it was at one moment, writing to it one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from psycopg.errors import InsufficientPrivilege, UniqueViolation
from sqlalchemy import Engine, bindparam, create_engine, func, make_url, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from gis_data import scope
from gis_data.clock import Clock, real_now
from gis_data.cluster import Cluster
from gis_data.errors import Conflict, Denied, Unavailable
from gis_data.settings import Settings
from gis_data.tables import WORLD, ClockRow, District
from gis_data.world import Actor, World


def cluster(settings: Settings) -> Cluster | None:
    """The embedded cluster, or None where the bureau brings its own PostGIS."""
    return None if settings.database_url else Cluster(settings.data / "cluster")


def url(settings: Settings) -> str:
    """Where the district's database is."""
    if settings.database_url:
        return str(make_url(settings.database_url).set(drivername="postgresql+psycopg").render_as_string(False))
    return Cluster(settings.data / "cluster").url(f"baochu_{settings.district}")


@cache
def open_engine(database: str) -> Engine:
    """A pool of connections to a database address; times come back as UTC."""
    return create_engine(
        database,
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC"},
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )


def connect(settings: Settings) -> Engine:
    """The district's database, started and made if it is the embedded one; PostGIS is there or the error says so."""
    own = cluster(settings)
    if own:
        own.start()
        name = f"baochu_{settings.district}"
        admin = open_engine(own.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            known = text("select 1 from pg_database where datname = :name")
            connection.execute(text("select pg_advisory_lock(8330)"))
            if not connection.scalar(known, {"name": name}):
                connection.execute(text(f'create database "{name}"'))
            connection.execute(text("select pg_advisory_unlock(8330)"))
    engine = open_engine(url(settings))
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(8330)"))
            if not connection.scalar(text("select 1 from pg_extension where extname = 'postgis'")):
                connection.execute(text("create extension postgis"))
    except OperationalError as error:
        raise Unavailable(
            f"连不上数据库：{error.orig}。请检查 BAOCHU_DATABASE_URL，或运行 baochu doctor。",
            f"Cannot reach the database: {error.orig}. Check BAOCHU_DATABASE_URL, or run baochu doctor.",
        ) from error
    return engine


def district(session: Session) -> District:
    """The one district of this database."""
    return session.scalars(select(District)).one()


@dataclass(frozen=True)
class Reading:
    """A world as it is at one moment: every query sees the same."""

    session: Session
    world: World
    clock: Clock
    at: datetime
    real_at: datetime


@dataclass(frozen=True)
class Writing(Reading):
    """The world's one writer of this moment, and who writes."""

    actor: Actor


_ENTER = "select set_config('role', :role, true), set_config(:setting, :towns, true)"
_BECOME = text(_ENTER)
_QUEUE = text(f"{_ENTER}, pg_advisory_xact_lock(hashtextextended(:queue, 0))")
_CLOCK = select(ClockRow.sim0, ClockRow.real0, ClockRow.speed)
_READ = _CLOCK.add_columns(
    func.set_config("role", bindparam("role"), True), func.set_config(scope.SETTING, bindparam("towns"), True)
)


def _who(world: World, towns: tuple[str, ...] | None) -> dict[str, str]:
    """The world's role, confined to these towns (see `gis_data.scope`), until the transaction ends."""
    return {"role": world.role, "setting": scope.SETTING, "towns": scope.said(towns)}


@contextmanager
def reading(world: World, actor: Actor | None = None) -> Iterator[Reading]:
    """Read a world in one REPEATABLE READ transaction that can change nothing.

    Registers of persons show the rows of the actor's towns; to nobody in particular they show none.
    """
    engine = world.engine.execution_options(
        schema_translate_map={WORLD: world.schema},
        isolation_level="REPEATABLE READ",
        postgresql_readonly=True,
    )
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = session.execute(_READ, _who(world, actor.towns if actor else None)).one()
        clock, real = Clock(row.sim0, row.real0, row.speed), real_now()
        yield Reading(session, world, clock, clock.at(real), real)


@contextmanager
def in_scope(actor: Actor) -> Iterator[None]:
    """Say what the database refuses in words, where an actor confined to towns reached beyond them."""
    try:
        yield
    except IntegrityError as error:
        if actor.towns and isinstance(error.orig, UniqueViolation):
            raise Conflict(
                "编码已被其他镇街使用。", "The code is used by another town.", field="code"
            ) from error  # of a row that this actor cannot see
        raise
    except ProgrammingError as error:
        if actor.towns and isinstance(error.orig, InsufficientPrivilege):
            raise Denied(
                "超出您的镇街范围，未写入任何内容。",
                "This lies outside your towns; nothing was written.",
                field="admin_code",
            ) from error
        raise


@contextmanager
def as_owner(tx: Writing) -> Iterator[Session]:
    """Inside a world's transaction, act as the database's owner: for tables that no world's role may see."""
    tx.session.flush()
    tx.session.execute(text("set local role none"))
    yield tx.session
    tx.session.flush()
    tx.session.execute(_BECOME, _who(tx.world, tx.actor.towns))


@contextmanager
def writing(world: World, actor: Actor, beside: str = "") -> Iterator[Writing]:
    """Write to a world in one transaction, one writer at a time; it is committed when the block ends well.

    What is no command and no news of the journal has a queue of its own, `beside` the commands': many readings hold
    nobody up. Raises Denied where an actor confined to towns writes a row of another town.
    """
    engine = world.engine.execution_options(schema_translate_map={WORLD: world.schema})
    with in_scope(actor), Session(engine, expire_on_commit=False) as session, session.begin():
        session.execute(_QUEUE, _who(world, actor.towns) | {"queue": f"{world.schema} {beside}".strip()})
        clock, real = Clock(*session.execute(_CLOCK).one()), real_now()
        yield Writing(session, world, clock, clock.at(real), real, actor)
