"""What all commands share: how they speak, and how they open the district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gis_data.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 print JSON")]


def say(line: str) -> None:
    """Tell how far a long step has come."""
    err.print(f"· {line}", style="dim", markup=False)


def opened(config: Settings) -> Engine:
    """The district's database, started and at head."""
    from command.schema import migrate
    from gis_data.db import cluster, connect

    own = cluster(config)
    if own and not own.running():
        say("启动数据库 starting the database; baochu down stops it")
    engine = connect(config)
    migrate(engine, config)
    return engine
