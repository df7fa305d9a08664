"""Alembic's environment: one tree for `gis` and for the live world; drill schemas are made from head."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData, text

import command.alarm_tables
import command.callout_tables
import command.cyclone_tables
import command.duty_tables
import command.fire.danger_tables
import command.hazard_tables
import command.reports.tables
import command.responses.tables
import command.scene_tables
import command.screen_tables
import command.tables
import command.task_tables
import command.town_tables
import command.transfer.tables  # noqa: F401 (so that the metadata is whole)
from gis_data.db import connect
from gis_data.settings import settings
from gis_data.tables import GIS, WORLD, Base

SCHEMAS = (GIS, "live")


def _target() -> MetaData:
    """The metadata with the world's token replaced by `live`."""
    target = MetaData(naming_convention=Base.metadata.naming_convention)

    def referred(table: Any, to_schema: Any, constraint: Any, referred_schema: str | None) -> str | None:
        return "live" if referred_schema == WORLD else referred_schema

    for table in Base.metadata.sorted_tables:
        schema = "live" if table.schema == WORLD else GIS
        table.to_metadata(target, schema=schema, referred_schema_fn=referred)
    return target


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    return name in SCHEMAS if kind == "schema" else True


def run(connection: Connection) -> None:
    """Migrate, or compare, on this connection."""
    for schema in SCHEMAS:
        connection.execute(text(f"create schema if not exists {schema}"))
    context.configure(
        connection=connection,
        target_metadata=_target(),
        include_schemas=True,
        include_name=_ours,
        version_table_schema=GIS,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with connect(settings()).begin() as opened:
        run(opened)
