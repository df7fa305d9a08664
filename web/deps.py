"""What routes ask for: the database, the world in the address, who is logged in and may do this."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response
from pydantic import AwareDatetime
from sqlalchemy import Engine

from command.access import require
from command.logins import LoggedIn, who
from gis_data.errors import Denied
from gis_data.settings import Settings
from gis_data.world import Actor, World, get_world

At = Annotated[AwareDatetime | None, Query(description="as of then; none: now")]
SAFE = {"GET", "HEAD", "OPTIONS"}


def cookie_name(settings: Settings) -> str:
    """The session's cookie. Cookies know no ports, so that districts on one host keep theirs apart by name."""
    return f"baochu_session_{settings.district}"


async def get_settings(request: Request) -> Settings:
    """The settings that this application was made with."""
    found: Settings = request.app.state.settings
    return found


async def get_engine(request: Request) -> Engine:
    """The district's database."""
    found: Engine = request.app.state.engine
    return found


EngineDep = Annotated[Engine, Depends(get_engine)]
SettingsDep = Annotated[Settings, Depends(get_settings)]


def get_login(request: Request, engine: EngineDep, config: SettingsDep) -> LoggedIn:
    """Who is logged in; a request that changes something must also carry the session's CSRF token."""
    held = who(engine, request.cookies.get(cookie_name(config)))
    if request.method not in SAFE and request.headers.get("x-csrf-token") != held.csrf:
        raise Denied("请求缺少 CSRF 令牌，请刷新页面。", "The CSRF token is missing; reload the page.")
    return held


async def get_actor(held: Annotated[LoggedIn, Depends(get_login)]) -> Actor:
    """The logged-in actor, who may at least read, and whose password is nobody else's."""
    if held.must_change:
        raise Denied("请先修改初始密码。", "Change the password that you were given first.", field="password")
    require(held.actor, "board.read")
    return held.actor


LoginDep = Annotated[LoggedIn, Depends(get_login)]
ActorDep = Annotated[Actor, Depends(get_actor)]


def get_world_of(
    engine: EngineDep,
    actor: ActorDep,
    response: Response,
    world: Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,29}$", description="`live` or a drill's name")],
) -> World:
    """The world in the address; the answer says which kind it is."""
    found = get_world(engine, world)
    response.headers["X-World-Kind"] = found.kind
    return found


WorldDep = Annotated[World, Depends(get_world_of)]
