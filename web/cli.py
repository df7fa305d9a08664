"""The command line: `baochu up`, `baochu load …`, `baochu doctor`, … Exit code 0 is well, 1 is not, 2 is bad usage.

What only some commands need (the server, the loaders) is imported where it is used, so that the others answer at once.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from command import accounts, journal, worlds
from command.schema import migrate
from gis_data.db import cluster, connect, district, reading
from gis_data.errors import BaochuError, Invalid
from gis_data.settings import Settings, settings
from gis_data.tables import Account, Load
from gis_data.world import SYSTEM, get_world
from gis_data.world import worlds as all_worlds

if TYPE_CHECKING:
    from gis_data.load import Loaded, Prepared

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="保俶 Baochu：应急指挥调度 emergency command and dispatch.",
)
world_app = typer.Typer(no_args_is_help=True, help="世界 Worlds: live and drills.")
journal_app = typer.Typer(no_args_is_help=True, help="日志 The journal.")
account_app = typer.Typer(no_args_is_help=True, help="账号 Accounts.")
app.add_typer(world_app, name="world")
app.add_typer(account_app, name="account")
app.add_typer(journal_app, name="journal")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 print JSON")]
DEMO_ACCOUNTS = {
    "operator": ("值班员", "演示值班员 DEMO"),
    "commander": ("总指挥", "演示指挥员 DEMO"),
    "viewer": ("专委会联络员", "演示浏览 DEMO"),
    "admin": ("系统管理员", "演示管理员 DEMO"),
}
"""User name, which is also the role → post and name."""


def _say(line: str) -> None:
    err.print(f"· {line}", style="dim", markup=False)


def _open(config: Settings) -> Engine:
    engine = connect(config)
    migrate(engine, config)
    return engine


def _demo_accounts(config: Settings, engine: Engine) -> dict[str, str]:
    """The demo accounts' passwords: made at random once, kept in a file that only its owner can read."""
    file = config.data / f"demo-accounts-{config.district}.json"
    with Session(engine) as session:
        known = session.scalar(select(func.count()).select_from(Account)) or 0
    if known:
        return dict(json.loads(file.read_text())) if file.exists() else {}
    made = {username: secrets.token_hex(5) for username in DEMO_ACCOUNTS}
    file.touch(0o600)
    file.write_text(json.dumps(made))
    for username, (post, name) in DEMO_ACCOUNTS.items():
        accounts.put_account(engine, username, name, post, username, made[username])
    return made


def _load_all(config: Settings, engine: Engine, sources: list[Prepared]) -> list[Loaded]:
    from command import registers

    return [registers.load(engine, prepared, SYSTEM, config.data) for prepared in sources]


def _tell(loaded: list[Loaded], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in loaded], default=str))
        return
    for one in loaded:
        rows = "，".join(f"{table} {count}" for table, count in one.counts.items())
        state = "未变 unchanged" if one.unchanged else "已导入 loaded"
        out.print(f"{one.kind}: {state}；{rows}；退回 rejected {one.rejected}", markup=False)
        if one.rejects_file:
            out.print(f"  退回清单 rejects: {one.rejects_file}", markup=False)


@app.command()
def up() -> None:
    """启动 Start the database and the server; the demo district on first run.

    Example: baochu up
    """
    from web import server

    config = settings()
    _say("数据库 starting the database")
    engine = _open(config)
    with Session(engine) as session:
        empty = session.scalar(select(func.count()).select_from(Load)) == 0
    if empty and config.metric_crs == "EPSG:4549":
        from gis_data.demo import district as demo_district

        _load_all(config, engine, demo_district(_say, data=config.data))
    known = _demo_accounts(config, engine)
    _say("服务 starting the server")
    server.start(config)
    out.print(f"\n[bold]保俶 Baochu[/bold]  {server.address(config)}")
    if known:
        table = Table("账号 user", "密码 password", "岗位 post", title="演示账号 Demo accounts", title_justify="left")
        for username, password in known.items():
            table.add_row(username, password, DEMO_ACCOUNTS[username][0])
        out.print(table)
    out.print("停止 stop: make down   检查 check: .venv/bin/baochu doctor")


@app.command()
def down() -> None:
    """停止 Stop what `up` started: the server, and the embedded database unless another district still uses it.

    Example: baochu down
    """
    from web import server

    config = settings()
    stopped = server.stop(config)
    own = cluster(config)
    if own and not server.any_running(config):
        own.stop()
    out.print("已停止 stopped" if stopped else "服务未运行 the server was not running")


@app.command(hidden=True)
def serve() -> None:
    """Run the server in this process."""
    import uvicorn

    from web.app import create_app

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    logging.getLogger("uvicorn.access").disabled = True
    config = settings()
    uvicorn.run(
        create_app(config),
        host=config.host,
        port=config.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """体检 Check database, PostGIS, clock, disk, fonts, worlds and journal; say how to mend what is not well.

    Example: baochu doctor --json
    """
    from web.doctor import examine

    findings = examine(settings())
    if as_json:
        out.print_json(json.dumps([asdict(f) for f in findings]))
    else:
        table = Table("", "检查 check", "结果 found", "处置 mend")
        for f in findings:
            table.add_row("[green]✓[/green]" if f.well else "[red]✗[/red]", f.name, escape(f.found), escape(f.mend))
        out.print(table)
    if not all(f.well for f in findings):
        raise typer.Exit(1)


def _load(kind: str, file: Path, datum: str, as_json: bool) -> None:
    from gis_data import load as loading

    config = settings()
    engine = _open(config)
    with Session(engine) as session:
        region = loading.region(district(session))
    prepared = loading.prepare(kind, file, region, datum=datum, progress=_say, data=config.data)
    _say("写入数据库 writing to the database")
    _tell(_load_all(config, engine, [prepared]), as_json)


load_app = typer.Typer(no_args_is_help=True, help="导入 Load real data into the district.")
app.add_typer(load_app, name="load")
File = Annotated[Path, typer.Argument(help="文件 the file")]
_DATUMS = "坐标系 WGS-84, CGCS2000, GCJ-02, BD-09 or EPSG:n"
Datum = Annotated[str, typer.Option(help=_DATUMS)]
Stated = Annotated[str, typer.Option(help=f"{_DATUMS}; must be stated")]


@load_app.command("roads")
def load_roads(file: File, datum: Datum = "WGS-84", as_json: AsJson = False) -> None:
    """道路等 Roads, buildings, water, places from an OpenStreetMap PBF (which is WGS-84 by definition).

    Example: baochu load roads hangzhou.osm.pbf
    """
    _load("roads", file, datum, as_json)


@load_app.command("terrain")
def load_terrain(file: File, datum: Datum = "WGS-84", as_json: AsJson = False) -> None:
    """地形 A terrain GeoTIFF; its own CRS is used.

    Example: baochu load terrain dem.tif
    """
    _load("terrain", file, datum, as_json)


@load_app.command("population")
def load_population(
    file: File,
    datum: Annotated[str, typer.Option(help="坐标系 WGS-84, CGCS2000, GCJ-02, BD-09 or EPSG:n; must be stated")],
    as_json: AsJson = False,
) -> None:
    """人口 Population cells from CSV, GeoJSON or GeoPackage.

    Example: baochu load population hexagons.csv --datum WGS-84
    """
    _load("population", file, datum, as_json)


@load_app.command("teams")
def load_teams(file: File, datum: Stated, as_json: AsJson = False) -> None:
    """队伍 Rescue teams from a CSV: code,name,kind,hazards,members,muster_s,vehicle,lon,lat.

    Example: baochu load teams teams.csv --datum GCJ-02
    """
    _load("teams", file, datum, as_json)


@load_app.command("shelters")
def load_shelters(file: File, datum: Stated, as_json: AsJson = False) -> None:
    """避灾点 Shelters from a CSV: code,name,level,space,effective_area_m2,capacity,capacity_source,lon,lat.

    Example: baochu load shelters shelters.csv --datum CGCS2000
    """
    _load("shelters", file, datum, as_json)


@app.command()
def demo(as_json: AsJson = False) -> None:
    """演示 Load the synthetic demo district, marked DEMO; twice is once.

    Example: baochu demo
    """
    config = settings()
    if config.metric_crs != "EPSG:4549":
        raise Invalid(
            "演示区位于杭州，只能装入 EPSG:4549 的区。",
            "The demo district lies in Hangzhou: it loads into a district in EPSG:4549 only.",
            field="metric_crs",
        )
    from gis_data.demo import district as demo_district

    engine = _open(config)
    _tell(_load_all(config, engine, demo_district(_say, data=config.data)), as_json)


@world_app.command("list")
def world_list(as_json: AsJson = False) -> None:
    """列出 All worlds.

    Example: baochu world list --json
    """
    found: list[dict[str, Any]] = []
    for world in all_worlds(_open(settings())):
        with reading(world) as tx:
            position = journal.position(tx.session)
            found.append(
                {
                    "name": world.name,
                    "kind": world.kind,
                    "title": world.title,
                    "at": tx.at.isoformat(),
                    "seq": position,
                }
            )
    if as_json:
        out.print_json(json.dumps(found))
        return
    table = Table("世界 world", "类别 kind", "名称 title", "时间 time", "日志 entries")
    for row in found:
        table.add_row(*(escape(str(value)) for value in row.values()))
    out.print(table)


@world_app.command("create")
def world_create(name: str, title: Annotated[str, typer.Option(help="名称 title")] = "演练") -> None:
    """新建 Make a drill.

    Example: baochu world create drill-rain --title 突发强降雨
    """
    world = worlds.create_drill(_open(settings()), SYSTEM, name, title)
    out.print(f"已建立 made: {world.name} ({world.title})", markup=False)


@world_app.command("drop")
def world_drop(name: str, yes: Annotated[bool, typer.Option("--yes", help="不再询问 do not ask")] = False) -> None:
    """删除 Drop a drill with all that happened in it.

    Example: baochu world drop drill-rain --yes
    """
    engine = _open(settings())
    get_world(engine, name)
    if not yes:
        typer.confirm(f"删除演练 {name} 及其全部记录？ Drop it with all its records?", abort=True)
    worlds.drop_drill(engine, SYSTEM, name)
    out.print(f"已删除 dropped: {name}", markup=False)


@journal_app.command("verify")
def journal_verify(world: Annotated[str, typer.Argument()] = "live", as_json: AsJson = False) -> None:
    """校验 Walk the hash chain of a world's journal.

    Example: baochu journal verify live
    """
    with reading(get_world(_open(settings()), world)) as tx:
        verdict = journal.verify(tx)
    if as_json:
        out.print_json(json.dumps(asdict(verdict)))
    else:
        out.print(f"{verdict.zh} {verdict.en}", markup=False)
    if verdict.broken_at is not None:
        raise typer.Exit(1)


@account_app.command("list")
def account_list() -> None:
    """列出 All accounts.

    Example: baochu account list
    """
    table = Table("账号 user", "姓名 name", "岗位 post", "角色 role", "")
    for one in accounts.accounts(_open(settings())):
        table.add_row(one.username, one.name, one.post, one.role, "" if one.active else "停用 disabled")
    out.print(table)


@account_app.command("put")
def account_put(
    username: str,
    role: Annotated[str, typer.Option(help="operator, commander, viewer or admin")],
    post: Annotated[str, typer.Option(help="岗位 post")],
    name: Annotated[str, typer.Option(help="姓名 name")],
    password: Annotated[str, typer.Option(prompt="密码 password", hide_input=True, confirmation_prompt=True)],
) -> None:
    """设置 Make an account, or change one; the password is asked for.

    Example: baochu account put duty1 --role operator --post 值班员 --name 值班一
    """
    accounts.put_account(_open(settings()), username, name, post, role, password)
    out.print(f"已保存 saved: {username}", markup=False)


@account_app.command("disable")
def account_disable(username: str) -> None:
    """停用 Shut an account out at once.

    Example: baochu account disable operator
    """
    accounts.disable(_open(settings()), username)
    out.print(f"已停用 disabled: {username}", markup=False)


@app.command()
def openapi() -> None:
    """接口 Print the OpenAPI description.

    Example: baochu openapi > openapi.json
    """
    from web.app import create_app

    print(json.dumps(create_app(settings()).openapi(), ensure_ascii=False, indent=1))


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except BaochuError as error:
        where = ": ".join(str(part) for part in (error.row and f"第 {error.row} 行", error.field) if part)
        err.print(f"✗ {error.zh}\n  {error.en}" + (f"\n  [{where}]" if where else ""), style="red", markup=False)
        raise SystemExit(1) from None


def main(run: Callable[[], Any] = app) -> None:
    """Run the command line; a failure is said in plain words."""
    with _plainly():
        run()


if __name__ == "__main__":
    main()
