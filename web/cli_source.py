"""`baochu source …`: who may send readings."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from gis_data.settings import settings
from web.console import AsJson, opened, out

app = typer.Typer(no_args_is_help=True, help="读数来源 Sources of readings and their keys.")
Repeated = Annotated[list[str] | None, typer.Option(help="可多次；缺省不限 repeatable; none: all")]


@app.command("add")
def add(
    id_: Annotated[str, typer.Argument(metavar="ID", help="编号 lower-case letters, digits, -")],
    name: Annotated[str, typer.Option(help="名称 name")],
    element: Repeated = None,
    station: Annotated[list[str] | None, typer.Option(help="站码或 R-* code, or R-*: all that begin so")] = None,
    world: Annotated[list[str] | None, typer.Option(help="世界，缺省 live worlds, live unless said")] = None,
) -> None:
    """新增 Make a source; its key is printed this once.

    Example: baochu source add city-rain --name 市气象雨量 --element rain --station 'R-*'
    """
    from command import sources
    from gis_data.world import SYSTEM

    key = sources.add(
        opened(settings()), SYSTEM, id_, name,
        worlds=world or ["live"], elements=element or [], stations=station or [],
    )  # fmt: skip
    out.print("密钥只显示这一次 the key, told this once:", markup=False)
    print(key)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """列出 All sources.

    Example: baochu source list --json
    """
    from command import sources
    from web.api.sources import shown

    found = [shown(row).model_dump(mode="json") for row in sources.sources(opened(settings()))]
    if as_json:
        out.print_json(json.dumps(found, ensure_ascii=False))
        return
    table = Table("编号 id", "名称 name", "世界 worlds", "要素 elements", "站 stations", "")
    for one in found:
        listed = (" ".join(one[name]) or "*" for name in ("worlds", "elements", "stations"))
        state = "已吊销 revoked" if one["revoked_at"] else ""
        table.add_row(*(escape(value) for value in (one["id"], one["name"], *listed, state)))
    out.print(table)


@app.command("revoke")
def revoke(id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """吊销 Let a source's key hold no longer.

    Example: baochu source revoke city-rain
    """
    from command import sources
    from gis_data.world import SYSTEM

    sources.revoke(opened(settings()), SYSTEM, id_)
    out.print(f"已吊销 revoked: {id_}", markup=False)
