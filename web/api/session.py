"""Logging in and out: by an account of this system, or at the bureau's own OpenID provider."""

from __future__ import annotations

import re
import secrets
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from command import accounts, logins
from command.access import ROLES, permissions
from command.logins import LoggedIn
from gis_data.errors import BaochuError, Denied, LoggedOut, NotFound, Unavailable
from gis_data.settings import Settings
from web import oidc
from web.api.schemas import AccountOut, LoginIn, OidcOut, PasswordIn, SessionOut, WaysOut
from web.deps import EngineDep, LoginDep, SettingsDep, cookie_name
from web.errors import responses

router = APIRouter(prefix="/api/session", tags=["session"])
log = structlog.get_logger()


def _out(held: LoggedIn) -> SessionOut:
    actor = held.actor
    role = ROLES.get(actor.role)
    account = AccountOut(
        username=actor.username,
        name=held.name,
        post=actor.post,
        role=actor.role,
        role_zh=role.zh if role else actor.role,
        role_en=role.en if role else actor.role,
        towns=list(actor.towns),
    )
    return SessionOut(
        account=account, permissions=sorted(permissions(actor.role)), csrf=held.csrf, must_change=held.must_change
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else "local"


def _hold(request: Request, response: Response, config: Settings, token: str) -> None:
    response.set_cookie(
        cookie_name(config),
        token,
        max_age=config.session_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


@router.post("", responses=responses(422, 429))
def log_in(body: LoginIn, request: Request, response: Response, engine: EngineDep, config: SettingsDep) -> SessionOut:
    """Log in; the session's token comes back as a cookie that scripts cannot read."""
    token, held = logins.log_in(engine, body.username, body.password, _address(request), config.session_hours)
    _hold(request, response, config, token)
    return _out(held)


@router.get("", responses=responses())
def read(held: LoginDep) -> SessionOut:
    """Who is logged in, and what the role may do."""
    return _out(held)


@router.delete("", status_code=204, responses=responses())
def log_out(request: Request, response: Response, held: LoginDep, engine: EngineDep, config: SettingsDep) -> None:
    """Log out."""
    logins.log_out(engine, request.cookies[cookie_name(config)])
    response.delete_cookie(cookie_name(config))


@router.post("/password", responses=responses(422, 429))
def change_password(
    body: PasswordIn, request: Request, held: LoginDep, engine: EngineDep, config: SettingsDep
) -> SessionOut:
    """Change one's own password; one's other sessions end."""
    token, username = request.cookies[cookie_name(config)], held.actor.username
    logins.throttle(engine, username, _address(request))
    try:
        accounts.change_password(engine, held.actor, body.current, body.password, logins.digest(token))
    except Denied:
        logins.failed(engine, username, _address(request))
        raise
    return _out(logins.who(engine, token))


@router.get("/ways")
def ways(config: SettingsDep) -> WaysOut:
    """How one may log in besides an account of this system."""
    return WaysOut(oidc=OidcOut(name=config.oidc_name) if config.oidc_issuer else None)


def _require_oidc(config: Settings) -> None:
    if not config.oidc_issuer:
        raise NotFound("未设置统一身份认证。", "No OpenID provider is set.")


def _local(page: str) -> str:
    """A page of ours to go to; anything that might lead elsewhere becomes the wall."""
    return page if re.fullmatch(r"/(?!/)[\w/?&=%.~+:,-]*", page) else "/"


def _refused(reason: str, error: BaochuError | None = None) -> RedirectResponse:
    log.warning("oidc", reason=reason, error=error.en if error else "")
    return RedirectResponse("/?" + urlencode({"login": reason}), 303)


def _browser_cookie(config: Settings) -> str:
    return f"baochu_oidc_{config.district}"


@router.get("/oidc/start", status_code=303, response_class=RedirectResponse, responses=responses(404, 422))
def oidc_start(
    request: Request,
    engine: EngineDep,
    config: SettingsDep,
    page: Annotated[str, Query(max_length=500, description="where to go afterwards")] = "/",
) -> Response:
    """Send the browser to the OpenID provider."""
    _require_oidc(config)
    try:
        address, state, attempt = oidc.start(config, str(request.url_for("oidc_callback")), _local(page))
    except BaochuError as error:
        return _refused("unreachable", error)
    browser = secrets.token_urlsafe(32)
    logins.begin_attempt(engine, state, browser, attempt)
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        _browser_cookie(config),
        browser,
        max_age=int(logins.ATTEMPT.total_seconds()),
        path="/api/session/oidc",
        httponly=True,
        samesite="lax",  # it must come along when the provider sends the browser back
        secure=request.url.scheme == "https",
    )
    return answer


@router.get("/oidc/callback", status_code=303, response_class=RedirectResponse, responses=responses(404, 422))
def oidc_callback(
    request: Request,
    engine: EngineDep,
    config: SettingsDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Where the OpenID provider sends the browser back: opens a session, or says on the log-in page why not."""
    _require_oidc(config)
    attempt = logins.end_attempt(engine, state, request.cookies.get(_browser_cookie(config), ""))
    if attempt is None:
        return _refused("late")
    if error or not code or iss not in ("", config.oidc_issuer):
        return _refused("denied" if error == "access_denied" else "failed")
    try:
        known = oidc.finish(config, str(request.url_for("oidc_callback")), code, attempt)
        opened = logins.log_in_as(engine, known.issuer, known.subject, known.names, config.session_hours)
    except Unavailable as wrong:
        return _refused("unreachable", wrong)
    except (Denied, LoggedOut) as wrong:
        return _refused("failed", wrong)
    if opened is None:
        return _refused("unknown")
    answer = RedirectResponse(attempt.page, 303)
    _hold(request, answer, config, opened[0])
    answer.delete_cookie(_browser_cookie(config), path="/api/session/oidc")
    return answer
