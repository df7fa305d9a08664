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


@app.command("purge")
def purge(world: Annotated[str, typer.Argument(help="世界，缺省实战 world, live unless said")] = "live") -> None:
    """清理过期读数 Delete readings older than the parameter gauge.keep_days; the server does so by itself each day.

    Example: baochu source purge
    """
    from command import purge as purging
    from gis_data.world import get_world

    found = purging.purge(get_world(opened(settings()), world))
    said = f"{found.readings} 条 readings, {found.rejected} 条被拒 refused, < {found.before:%Y-%m-%d}"
    out.print(f"已清理 purged: {said}", markup=False)


@app.command("storm")
def storm(world: Annotated[str, typer.Argument(help="演练 a drill, or live where all gauges are DEMO")]) -> None:
    """演示暴雨 Send a synthetic storm of seven hours up to now to the running server, by a DEMO source of its own.

    Example: baochu source storm drill-rain
    """
    import secrets

    import httpx

    from command import sources
    from command.stations import read_stations
    from gis_data.db import reading
    from gis_data.demo.storm import storm as made_up
    from gis_data.errors import Conflict, Unavailable
    from gis_data.world import SYSTEM, get_world
    from web import server
    from web.reading_rows import MOST_ROWS

    config = settings()
    engine = opened(config)
    with reading(get_world(engine, world)) as tx:
        rain = [s for s in read_stations(tx.session).values() if s.element == "rain"]
        kind, now = tx.world.kind, tx.at
    if not rain:
        raise Conflict("台账中没有雨量站。", "There is no rain gauge in the register.")
    if kind == "live" and not all(s.is_demo for s in rain):
        raise Conflict("实战中有真实雨量站，不能送入演示读数。", "Live has real gauges; this is for drills.")
    if not server.answers(config):
        raise Unavailable("服务没有应答，请先 baochu up。", "The server does not answer; run baochu up.")
    id_ = f"demo-storm-{secrets.token_hex(4)}"
    head = {"Authorization": f"Bearer {sources.add(engine, SYSTEM, id_, 'DEMO 演示暴雨', worlds=[world])}"}
    rows = list(made_up({s.code: (s.lon, s.lat) for s in rain}, now))
    try:
        for first in range(0, len(rows), MOST_ROWS):
            path = f"{server.address(config)}api/worlds/{world}/readings"
            answer = httpx.post(path, json=rows[first : first + MOST_ROWS], headers=head, timeout=60)
            answer.raise_for_status()
            out.print(f"DEMO {answer.json()}", markup=False)
    finally:
        sources.revoke(engine, SYSTEM, id_)


@app.command("typhoon")
def typhoon(
    world: Annotated[str, typer.Argument(help="演练 a drill, or live where all gauges are DEMO")],
    hours: Annotated[float, typer.Option(help="首次：几小时后最近 at first: hours until it is nearest")] = 36,
) -> None:
    """演示台风 Send a synthetic typhoon's track up to now to the running server; again, and it has gone on.

    Example: baochu source typhoon drill-typhoon
    """
    import secrets
    from datetime import timedelta

    import httpx
    from sqlalchemy import select

    from command import sources
    from command.cyclone_tables import Cyclone, CycloneIssue
    from command.stations import read_stations
    from gis_data.db import district, reading
    from gis_data.demo import typhoon as made_up
    from gis_data.errors import Conflict, Unavailable
    from gis_data.world import SYSTEM, get_world
    from web import server

    config = settings()
    engine = opened(config)
    with reading(get_world(engine, world)) as tx:
        if tx.world.kind == "live" and not all(s.is_demo for s in read_stations(tx.session).values()):
            raise Conflict("实战中有真实监测站，不能送入演示台风。", "Live has real gauges; this is for drills.")
        key = Cyclone.number == made_up.NUMBER, Cyclone.agency == made_up.AGENCY
        known = select(CycloneIssue.at).join(Cyclone, Cyclone.id == CycloneIssue.cyclone_id).where(*key)
        first = tx.session.scalar(known.order_by(CycloneIssue.at).limit(1))
        whole = tx.at.replace(minute=0, second=0, microsecond=0)
        nearest = first + made_up.BEFORE if first else whole + timedelta(hours=hours)
        west, south, east, north = district(tx.session).box
        rows = list(made_up.typhoon((west + east) / 2, (south + north) / 2, tx.at, nearest))
    if not server.answers(config):
        raise Unavailable("服务没有应答，请先 baochu up。", "The server does not answer; run baochu up.")
    id_ = f"demo-typhoon-{secrets.token_hex(4)}"
    head = {"Authorization": f"Bearer {sources.add(engine, SYSTEM, id_, 'DEMO 演示台风', worlds=[world])}"}
    try:
        path = f"{server.address(config)}api/worlds/{world}/cyclones/feed?demo=true"
        answer = httpx.post(path, json=rows, headers=head, timeout=60)
        answer.raise_for_status()
        near = answer.json()["approach"]
        out.print(f"DEMO {len(rows)} rows, nearest {near['nearest_km']} km at {near['nearest_at']}", markup=False)
    finally:
        sources.revoke(engine, SYSTEM, id_)
