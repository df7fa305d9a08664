"""`baochu privacy …`: records of persons past the days that they may be kept."""

from __future__ import annotations

from typing import Annotated

import typer

from gis_data.settings import settings
from web.console import opened, out

app = typer.Typer(no_args_is_help=True, help="个人信息 Personal data.")


@app.command()
def purge(
    world: Annotated[str, typer.Argument(help="世界 world")] = "live",
    yes: Annotated[bool, typer.Option("--yes", help="写入 do it; without it, only say what would go")] = False,
) -> None:
    """清除 Delete records of transferred persons past `privacy.retention_days`; the orders keep their counts.

    Example: baochu privacy purge --yes
    """
    from command.transfer import retention
    from gis_data.db import writing
    from gis_data.world import SYSTEM, get_world

    with writing(get_world(opened(settings()), world), SYSTEM) as tx:
        past = retention.purge(tx, only_say=not yes)
    done = "已清除 deleted" if yes else "将清除 would be deleted (--yes)"
    out.print(
        f"{done}: {len(past.orders)} 份指令 orders, {past.persons} 人 persons, "
        f"{past.registrations} 条登记 registrations（保存 {past.days} 天 days）",
        markup=False,
    )
