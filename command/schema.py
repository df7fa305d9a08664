"""Bringing a district's database to head: migrations, the district's own row, the live world."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command as alembic
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, inspect, select, text

from command.worlds import grant, open_live
from gis_data import scope, tile_changes
from gis_data.crs import check_metric, default_box
from gis_data.errors import Conflict, Invalid
from gis_data.settings import Settings
from gis_data.tables import GIS, District
from gis_data.world import worlds


def config(connection: Connection | None = None) -> Config:
    """The Alembic configuration, on a connection or on the address in the settings."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["connection"] = connection
    return made


def _require_crs(settings: Settings) -> None:
    """The metric CRS is fixed at first creation, so that of another district than the default one must be said."""
    if settings.district != "xihu" and "metric_crs" not in settings.model_fields_set:
        raise Invalid(
            f"新建区“{settings.district}”须先说明平面坐标系，例如 BAOCHU_METRIC_CRS=EPSG:4549。",
            f"To make the district “{settings.district}”, state its metric CRS first: BAOCHU_METRIC_CRS=EPSG:…",
            field="metric_crs",
        )
    check_metric(settings.metric_crs)


@cache
def _head() -> str | None:
    return ScriptDirectory(str(Path(__file__).parent / "migrations")).get_current_head()


def _version(connection: Connection) -> str | None:
    """The revision that a database is at; none for one that was never migrated."""
    there = connection.scalar(text(f"select to_regclass('{GIS}.alembic_version')"))
    return connection.scalar(text(f"select version_num from {GIS}.alembic_version")) if there else None


def migrate(engine: Engine, settings: Settings) -> None:
    """Bring the database to head; at first creation fix the district's name, metric CRS and box. Safe to repeat."""
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtextextended('migrate', 0))"))
        if _version(connection) != _head():
            alembic.upgrade(config(connection), "head")
        tile_changes.install(connection)
        scope.install(connection)
        found = connection.execute(select(District.metric_crs, District.box)).one_or_none()
        if found is None:
            _require_crs(settings)
            box = settings.box or default_box(settings.metric_crs)
            values = {"name": settings.district, "title": settings.title, "metric_crs": settings.metric_crs}
            connection.execute(insert(District).values(**values, box=list(box)))
            open_live(connection, engine)
        elif found.metric_crs != settings.metric_crs and "metric_crs" in settings.model_fields_set:
            raise Conflict(
                f"该区的平面坐标系已定为 {found.metric_crs}，与 BAOCHU_METRIC_CRS 不符。",
                f"This district's metric CRS is {found.metric_crs}, other than BAOCHU_METRIC_CRS says.",
                field="metric_crs",
            )
        elif settings.box and list(settings.box) != list(found.box):
            raise Conflict(
                f"该区的范围已定为 {list(found.box)}，与 BAOCHU_BOX 不符。",
                f"This district's box is {list(found.box)}, other than BAOCHU_BOX says.",
                field="box",
            )
    with engine.begin() as connection:
        for world in worlds(engine):
            if inspect(connection).has_schema(world.schema):
                grant(connection, world)
