"""Logging in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from command import accounts
from command.access import permissions
from command.accounts import LoggedIn
from web.api.schemas import AccountOut, LoginIn, SessionOut
from web.deps import EngineDep, LoginDep, SettingsDep, cookie_name
from web.errors import responses

router = APIRouter(prefix="/api/session", tags=["session"])


def _out(held: LoggedIn) -> SessionOut:
    actor = held.actor
    account = AccountOut(username=actor.username, name=held.name, post=actor.post, role=actor.role)
    return SessionOut(account=account, permissions=sorted(permissions(actor.role)), csrf=held.csrf)


@router.post("", responses=responses(422, 429))
def log_in(body: LoginIn, request: Request, response: Response, engine: EngineDep, config: SettingsDep) -> SessionOut:
    """Log in; the session's token comes back as a cookie that scripts cannot read."""
    address = request.client.host if request.client else "local"
    token, held = accounts.log_in(engine, body.username, body.password, address, config.session_hours)
    response.set_cookie(
        cookie_name(config),
        token,
        max_age=config.session_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _out(held)


@router.get("", responses=responses())
def read(held: LoginDep) -> SessionOut:
    """Who is logged in, and what the role may do."""
    return _out(held)


@router.delete("", status_code=204, responses=responses())
def log_out(request: Request, response: Response, held: LoginDep, engine: EngineDep, config: SettingsDep) -> None:
    """Log out."""
    accounts.log_out(engine, request.cookies[cookie_name(config)])
    response.delete_cookie(cookie_name(config))
