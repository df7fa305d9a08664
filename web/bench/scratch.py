"""A database of a benchmark's own in the embedded cluster, and a folder beside it; both are put away at the end."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from command.schema import migrate
from gis_data.cluster import Cluster
from gis_data.db import cluster
from gis_data.errors import Invalid
from gis_data.settings import Settings


@dataclass(frozen=True)
class Scratch:
    """An empty migrated district for one run."""

    database: str
    home: Path
    postmaster: int
    """The database server's process id: what it spends, all its sessions included, counts for whoever uses it."""


@contextmanager
def scratch(config: Settings) -> Iterator[Scratch]:
    """Make one; the cluster is started if need be, and then stopped. Raises Invalid where there is no embedded one."""
    own = cluster(config)
    if own is None:
        raise Invalid(
            "性能对照须用自带数据库，请不设 BAOCHU_DATABASE_URL。",
            "The benchmark needs the embedded database: unset BAOCHU_DATABASE_URL.",
            field="database_url",
        )
    was_running = own.running()
    own.start()
    try:
        with tempfile.TemporaryDirectory(prefix="baochu-bench-") as folder, _database(own) as database:
            home = Path(folder)
            home.chmod(0o755)
            engine = create_engine(database)
            with engine.begin() as connection:
                connection.execute(text("create extension postgis"))
            migrate(engine, Settings(data=home, database_url=database))
            engine.dispose()
            yield Scratch(database, home, int((own.home / "pg/postmaster.pid").read_text().split()[0]))
    finally:
        if not was_running:
            own.stop()


@contextmanager
def _database(own: Cluster) -> Iterator[str]:
    name = f"baochu_bench_{secrets.token_hex(4)}"
    admin = create_engine(own.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
        try:
            yield own.url(name)
        finally:
            connection.execute(text(f"drop database {name} with (force)"))
            roles = connection.execute(text("select rolname from pg_roles where starts_with(rolname, :n)"), {"n": name})
            for role in roles.scalars().all():
                connection.execute(text(f'drop role "{role}"'))
    admin.dispose()
