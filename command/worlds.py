"""Worlds are made and dropped here: a schema, a role that can write nowhere else, a clock."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import command.alarm_tables
import command.callout_tables
import command.cyclone_tables
import command.duty_tables
import command.field_tables
import command.fire.danger_tables
import command.hazard_tables
import command.reports.tables
import command.responses.tables
import command.scene_tables
import command.screen_tables
import command.tables
import command.task_tables
import command.town_tables
import command.transfer.tables  # noqa: F401 (a world's tables must be known to the metadata)
from command.access import require
from command.board import record
from command.events import ClockSet, WorldOpened
from gis_data import scope
from gis_data.clock import SHANGHAI, Clock, real_now
from gis_data.db import Writing
from gis_data.errors import Conflict, Invalid
from gis_data.tables import GIS, WORLD, Base, ClockRow, Team, WorldRow
from gis_data.world import SYSTEM, Actor, World, get_world

_SECRET = ("account", "login_session", "login_failure", "login_attempt", "reading_source")
"""Tables that no world's role may see; only the log-in itself reads them."""
_WRITTEN_ONCE = (
    "journal", "reading", "reading_rejected", "warning_message", "call_entry", "head_count", "event_report",
    "grade_estimate", "loss_report", "task_note", "attachment", "field_action", "fire_stage", "transfer_step",
    "stock_move", "cyclone_issue", "fire_danger_day",
)  # fmt: skip
"""Tables of a world whose rows no world's role may change."""
_WORLD_TABLES = [t for t in Base.metadata.sorted_tables if t.schema == WORLD]


def grant(connection: Connection, world: World) -> None:
    """Give a world's role what it needs, and nothing else; safe to repeat after a migration."""
    role, schema = f'"{world.role}"', f'"{world.schema}"'
    if not connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": world.role}):
        connection.execute(text(f"create role {role} nologin"))
    reference = "select, insert, update" if world.kind == "live" else "select"
    statements = [
        f"grant {role} to current_user",
        f"grant usage on schema {GIS}, {schema} to {role}",
        f"grant {reference} on all tables in schema {GIS} to {role}",
        *(f"revoke all on {GIS}.{table} from {role}" for table in _SECRET),
        f"revoke insert, update on {GIS}.world, {GIS}.district from {role}",
        f"revoke update on {GIS}.register_change, {GIS}.plan_edition from {role}",
        *([f"grant usage, update on all sequences in schema {GIS} to {role}"] if world.kind == "live" else []),
        f"grant select, insert, update on all tables in schema {schema} to {role}",
        f"revoke update on {', '.join(f'{schema}.{table}' for table in _WRITTEN_ONCE)} from {role}",
    ]
    for statement in statements:
        connection.execute(text(statement))
    scope.confine(connection, world.schema)


def _open(connection: Connection, engine: Engine, actor: Actor, name: str, kind: str, title: str) -> World:
    schema = name.replace("-", "_")
    database = connection.scalar(text("select current_database()"))
    now = real_now()
    row = {"name": name, "kind": kind, "title": title, "schema_name": schema, "created_at": now}
    role = f"{database}_{schema}"[:63]
    connection.execute(insert(WorldRow).values(row | {"role_name": role}))
    world = World(engine, name, kind, title, schema, role)
    mapped = connection.execution_options(schema_translate_map={WORLD: schema})
    mapped.execute(insert(ClockRow).values(id=1, sim0=now, real0=now, speed=1.0))
    grant(connection, world)
    with Session(mapped) as session:
        teams = [str(id_) for id_ in session.scalars(select(Team.id).where(Team.valid_to.is_(None)))]
        tx = Writing(session, world, Clock(now, now, 1.0), now, now, actor)
        record(tx, WorldOpened(f"建立{title}", f"Opened: {title}", "clock", teams))
        session.commit()
    return world


def open_live(connection: Connection, engine: Engine, title: str = "实战") -> World:
    """Make the live world on its migrated schema; once per district."""
    return _open(connection, engine, SYSTEM, "live", "live", title)


def create_drill(engine: Engine, actor: Actor, name: str, title: str) -> World:
    """Make a drill world from head: its own schema and role, its clock at the real time."""
    require(actor, "world.create")
    if not re.fullmatch(r"drill-[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 30:
        raise Invalid(
            "演练名称须为 drill- 加小写字母、数字，30 字以内。",
            "A drill is named drill- and lower-case letters or digits, 30 at most.",
            field="name",
        )
    try:
        with engine.begin() as connection:
            schema = name.replace("-", "_")
            connection.execute(text("select pg_advisory_xact_lock(hashtextextended('worlds', 0))"))
            if connection.scalar(text("select 1 from gis.world where name = :name"), {"name": name}):
                raise Conflict(f"演练“{name}”已存在。", f"The drill “{name}” exists already.", field="name")
            connection.execute(text(f'create schema "{schema}"'))
            mapped = connection.execution_options(schema_translate_map={WORLD: schema})
            Base.metadata.create_all(mapped, tables=_WORLD_TABLES, checkfirst=False)
            return _open(connection, engine, actor, name, "drill", title)
    except IntegrityError as error:
        raise Conflict(f"演练“{name}”已存在。", f"The drill “{name}” exists already.", field="name") from error


def drop_drill(engine: Engine, actor: Actor, name: str) -> None:
    """Drop a drill with all that happened in it. The live world cannot be dropped."""
    require(actor, "world.drop")
    world = get_world(engine, name)
    if world.kind != "drill":
        raise Conflict("实战世界不能删除。", "The live world cannot be dropped.", field="world")
    with engine.begin() as connection:
        connection.execute(text(f'drop schema "{world.schema}" cascade'))
        connection.execute(text("delete from gis.world where name = :name"), {"name": name})
        connection.execute(text(f'drop owned by "{world.role}"'))
        connection.execute(text(f'drop role "{world.role}"'))


def set_clock(tx: Writing, speed: float, at: datetime | None = None) -> None:
    """Run a drill's clock at another speed from now on, or from a later moment; 0 is a pause.

    A clock never goes back, and the live one is the real one.
    """
    require(tx.actor, "clock.set")
    if tx.world.kind != "drill":
        raise Conflict("实战时钟不能改动。", "The live clock cannot be changed.", field="world")
    if at is not None and at < tx.at:
        raise Invalid("演练时钟只能快进。", "A drill's clock only goes forward.", field="at")
    clock = tx.clock.changed(speed, sim=at, real=tx.real_at)
    to = f"，快进到 {at.astimezone(SHANGHAI):%m-%d %H:%M}" if at else ""
    row = tx.session.get_one(ClockRow, 1)
    row.sim0, row.real0, row.speed = clock.sim0, clock.real0, clock.speed
    record(
        tx,
        ClockSet(
            f"演练时钟：×{speed:g}{to}",
            f"Drill clock: ×{speed:g}{f', on to {at.isoformat()}' if at else ''}",
            "clock",
            clock.sim0.isoformat(),
            clock.real0.isoformat(),
            speed,
        ),
    )
