"""`baochu world …`, `baochu account …`, `baochu journal …`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from gis_data.settings import settings
from web.console import AsJson, opened, out

world_app = typer.Typer(no_args_is_help=True, help="世界 Worlds: live and drills.")
journal_app = typer.Typer(no_args_is_help=True, help="日志 The journal.")
ROLES = "operator, commander, viewer, planner, clerk, reviewer, field, auditor, admin"
account_app = typer.Typer(no_args_is_help=True, help="账号 Accounts.")


@world_app.command("list")
def world_list(as_json: AsJson = False) -> None:
    """列出 All worlds.

    Example: baochu world list --json
    """
    from command import journal
    from gis_data.clock import SHANGHAI
    from gis_data.db import reading
    from gis_data.world import worlds

    found: list[dict[str, Any]] = []
    for world in worlds(opened(settings())):
        with reading(world) as tx:
            position = journal.position(tx.session)
            found.append(
                {
                    "name": world.name,
                    "kind": world.kind,
                    "title": world.title,
                    "at": tx.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
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
    from command import worlds
    from gis_data.world import SYSTEM

    world = worlds.create_drill(opened(settings()), SYSTEM, name, title)
    out.print(f"已建立 made: {world.name} ({world.title})", markup=False)


@world_app.command("drop")
def world_drop(name: str, yes: Annotated[bool, typer.Option("--yes", help="不再询问 do not ask")] = False) -> None:
    """删除 Drop a drill with all that happened in it.

    Example: baochu world drop drill-rain --yes
    """
    from command import worlds
    from gis_data.world import SYSTEM, get_world

    engine = opened(settings())
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
    from command import journal
    from gis_data.db import reading
    from gis_data.world import get_world

    with reading(get_world(opened(settings()), world)) as tx:
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
    from command import accounts

    table = Table("账号 user", "姓名 name", "岗位 post", "角色 role", "镇街 towns", "")
    for one in accounts.accounts(opened(settings())):
        state = "" if one.active else "停用 disabled"
        table.add_row(*(escape(v) for v in (one.username, one.name, one.post, one.role, " ".join(one.towns))), state)
    out.print(table)


@account_app.command("put")
def account_put(
    username: str,
    role: Annotated[str, typer.Option(help=ROLES)],
    post: Annotated[str, typer.Option(help="岗位 post")],
    name: Annotated[str, typer.Option(help="姓名 name")],
    password: Annotated[str, typer.Option(prompt="密码 password", hide_input=True, confirmation_prompt=True)],
    town: Annotated[list[str] | None, typer.Option(help="镇街代码，可多次 unit code of 9 digits, repeatable")] = None,
    sso: Annotated[bool, typer.Option("--sso", help="可用统一认证 may come in by OpenID Connect")] = False,
) -> None:
    """设置 Make an account, or change one; the password is asked for.

    Example: baochu account put zt1 --role clerk --post 镇街填报员 --name 填报一 --town 330106010
    """
    from command import accounts
    from gis_data.world import SYSTEM

    profile = accounts.Profile(name, post, role, tuple(town or ()), sso)
    accounts.put_account(opened(settings()), SYSTEM, username, profile, password)
    out.print(f"已保存 saved: {username}", markup=False)


@account_app.command("disable")
def account_disable(username: str) -> None:
    """停用 Shut an account out at once.

    Example: baochu account disable operator
    """
    from command import accounts
    from gis_data.world import SYSTEM

    accounts.set_active(opened(settings()), SYSTEM, username, active=False)
    out.print(f"已停用 disabled: {username}", markup=False)


@account_app.command("enable")
def account_enable(username: str) -> None:
    """启用 Let an account in again.

    Example: baochu account enable zt1
    """
    from command import accounts
    from gis_data.world import SYSTEM

    accounts.set_active(opened(settings()), SYSTEM, username, active=True)
    out.print(f"已启用 enabled: {username}", markup=False)
