"""What is well and what is not, and how to mend it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from command import journal, schema
from gis_data import clock, tile_changes
from gis_data.db import cluster, open_engine, reading, url
from gis_data.errors import BaochuError
from gis_data.settings import Settings
from gis_data.tables import GIS
from gis_data.world import worlds
from web import archive, server
from web.app import PAGE
from web.feeds import file as feed_file

LEAST_FREE_GB = 2.0
MOST_SKEW_S = 2.0


@dataclass(frozen=True)
class Finding:
    """One check: whether it is well, what was found, and how to mend it."""

    name: str
    well: bool
    found: str
    mend: str = ""


def _database(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    own = cluster(settings)
    if own and not own.running():
        return False, "未运行 not running", "baochu up"
    with engine.connect() as connection:
        version = connection.scalar(text("show server_version"))
    return True, f"PostgreSQL {version}" + ("" if own else " (BAOCHU_DATABASE_URL)"), ""


def _postgis(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    with engine.connect() as connection:
        version = connection.scalar(text("select extversion from pg_extension where extname = 'postgis'"))
    return bool(version), f"PostGIS {version}", "create extension postgis"


def _migrations(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    head = ScriptDirectory.from_config(schema.config()).get_current_head()
    with engine.connect() as connection:
        options = {"version_table_schema": GIS}
        found = MigrationContext.configure(connection, opts=options).get_current_revision()
    return found == head, f"{found} / {head}", "baochu up"


def _clock(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    before = clock.real_now()
    with engine.connect() as connection:
        there = connection.scalar(text("select clock_timestamp()"))
    skew = abs((there - before).total_seconds()) if there else 0.0
    return skew < MOST_SKEW_S, f"与数据库相差 {skew:.2f} s from the database", "timedatectl set-ntp true"


def _disk(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    free = shutil.disk_usage(settings.data).free / 1e9
    return free > LEAST_FREE_GB, f"{free:.1f} GB 可用 free", f"清理 free space on {settings.data}"


def _fonts(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    own = list((PAGE / "assets").glob("*.woff2")) if PAGE.is_dir() else []
    system = [file.name for file in Path("/usr/share/fonts").rglob("NotoSansCJK*")]
    return bool(own and system), f"页面 page {len(own)}, 系统 system {len(system)}", "make up"


def _worlds(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    names = [world.name for world in worlds(engine)]
    return "live" in names, ", ".join(names), "baochu up"


def _journals(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    found, well = [], True
    for world in worlds(engine):
        with reading(world) as tx:
            verdict = journal.verify(tx)
        well = well and verdict.broken_at is None
        found.append(f"{world.name}: {verdict.zh} {verdict.en}")
    return well, "; ".join(found), "从备份恢复 restore from a backup; baochu journal verify"


def _tiles(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    with engine.connect() as connection:
        versions = tile_changes.versions(connection)
    archives = archive.Archives(archive.folder(settings))
    there = [layer for layer in archive.base_layers() if archives.of(layer)]
    old = [one.id for one in there if not archives.in_force(one, versions.get(one.table or "", 0))]
    if not there:
        return True, "没有，由数据库直接供图 none, drawn from the database", ""
    stale = f"；已过期，由数据库供图 out of date, drawn from the database: {', '.join(old)}" if old else ""
    return not old, f"{len(there)} 个图层 layers{stale}", "baochu tiles build"


def _feeds(settings: Settings, engine: Engine) -> tuple[bool, str, str]:
    if not (settings.mqtt_url or settings.pulls or settings.webhook_url or settings.sms_url):
        return True, "未设，只收 HTTP none set, HTTP alone", ""
    if not server.answers(settings):
        return False, "服务没有应答 the server does not answer", "baochu up"
    feeds = json.loads(feed_file(settings).read_text())
    found = "; ".join(f"{feed['name']}: {feed['zh']} {feed['en']}" for feed in feeds)
    return all(feed["well"] for feed in feeds), found, "BAOCHU_MQTT_URL, BAOCHU_PULLS, …_WEBHOOK_URL, …_SMS_URL"


CHECKS: dict[str, Callable[[Settings, Engine], tuple[bool, str, str]]] = {
    "磁盘 disk": _disk,
    "字体 fonts": _fonts,
    "数据库 database": _database,
    "PostGIS": _postgis,
    "表结构 migrations": _migrations,
    "时钟 clock": _clock,
    "瓦片包 tile archives": _tiles,
    "世界 worlds": _worlds,
    "日志链 journal": _journals,
    "读数接入 feeds": _feeds,
}


def examine(settings: Settings) -> list[Finding]:
    """Run all checks; one that cannot run is not well."""
    engine = open_engine(url(settings))
    findings = []
    for name, check in CHECKS.items():
        try:
            well, found, mend = check(settings, engine)
        except (SQLAlchemyError, BaochuError, OSError) as error:
            said = error.en if isinstance(error, BaochuError) else str(error).splitlines()[0]
            well, found, mend = False, said, "baochu up"
        findings.append(Finding(name, well, found, "" if well else mend))
        if check is _database and not well:
            break  # the other checks ask it
    return findings
