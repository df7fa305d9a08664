"""The command line: `baochu up`, `baochu load …`, `baochu doctor`, … Exit code 0 is well, 1 is not, 2 is bad usage.

What a command needs is imported where it is used, so that `--help` and `up` answer at once.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from gis_data.errors import BaochuError
from gis_data.settings import settings
from web import cli_admin, cli_bench, cli_load, cli_map, cli_privacy, cli_source, cli_tiles
from web.console import AsJson, err, out, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="保俶 Baochu：应急指挥调度 emergency command and dispatch.",
)
app.add_typer(cli_load.app, name="load")
app.add_typer(cli_tiles.app, name="tiles")
app.add_typer(cli_bench.app, name="bench")
app.command()(cli_load.demo)
app.command("map")(cli_map.map_)
app.add_typer(cli_admin.world_app, name="world")
app.add_typer(cli_admin.account_app, name="account")
app.add_typer(cli_admin.journal_app, name="journal")
app.add_typer(cli_source.app, name="source")
app.add_typer(cli_privacy.app, name="privacy")


@app.command()
def up() -> None:
    """启动 Start the database and the server; the demo district on first run.

    Example: baochu up
    """
    from web import server

    config = settings()
    say("启动 starting the database and the server")
    server.spawn(config)  # it reads its libraries on another core, while this process reads its own

    from web.first_run import DEMO_ACCOUNTS, first_run

    known = first_run(config)
    server.wait(config)
    out.print(f"\n[bold]保俶 Baochu[/bold]  {server.address(config)}")
    if known:
        table = Table("账号 user", "密码 password", "岗位 post", title="演示账号 Demo accounts", title_justify="left")
        for username, password in known.items():
            table.add_row(username, password, DEMO_ACCOUNTS[username].post)
        out.print(table)
    if known is None:
        out.print(
            "还没有账号，无人能登录。请先 No account yet, nobody can log in: "
            ".venv/bin/baochu account put admin1 --role admin --post 系统管理员 --name 管理员",
            markup=False,
        )
    out.print("停止 stop: make down   检查 check: .venv/bin/baochu doctor")


@app.command()
def down() -> None:
    """停止 Stop what `up` started: the server, and the embedded database unless another district still uses it.

    Example: baochu down
    """
    from gis_data.db import cluster
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
    import structlog
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
    sys.setswitchinterval(0.0005)  # a short answer must not wait behind a long computation
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


@app.command()
def openapi() -> None:
    """接口 Print the OpenAPI description.

    Example: baochu openapi > openapi.json
    """
    from web.app import described

    print(json.dumps(described().openapi(), ensure_ascii=False, indent=1))


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:  # of the settings, the only ones that are read here
        for wrong in error.errors():
            name = f"BAOCHU_{wrong['loc'][0]}".upper()
            err.print(f"✗ 设置 {name} 有误 / the setting {name} is wrong: {wrong['msg']}", style="red", markup=False)
        raise SystemExit(1) from None
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
