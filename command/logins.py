"""Log-ins: sessions on the server, by password or by an identity of the bureau's own; guessing is slowed down."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from command.account_events import IdentityBound
from command.accounts import verified
from command.board import record
from gis_data.clock import real_now
from gis_data.db import as_owner, writing
from gis_data.errors import LoggedOut, TooMany
from gis_data.tables import Account, LoginAttempt, LoginFailure, LoginSession
from gis_data.world import Actor, get_world

WINDOW = timedelta(minutes=5)
TRIES_A_NAME = 5
TRIES_AN_ADDRESS = 30
ATTEMPT = timedelta(minutes=10)
"""How long a person may take at the provider."""


@dataclass(frozen=True)
class LoggedIn:
    """A log-in that holds. With `must_change` it opens nothing but the change of one's password."""

    actor: Actor
    name: str
    csrf: str
    expires_at: datetime
    must_change: bool


@dataclass(frozen=True)
class Attempt:
    """What a log-in under way at the provider must come back with, and the page it leads to."""

    nonce: str
    verifier: str
    page: str


def digest(token: str) -> str:
    """What the server keeps of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def throttle(engine: Engine, username: str, address: str) -> None:
    """Raise TooMany where this name or this address has failed too often of late."""
    since = real_now() - WINDOW
    with Session(engine) as session:
        for column, value, most in (
            (LoginFailure.username, username, TRIES_A_NAME),
            (LoginFailure.address, address, TRIES_AN_ADDRESS),
        ):
            tries = session.scalar(select(func.count()).where(column == value, LoginFailure.at > since)) or 0
            if tries >= most:
                raise TooMany("尝试次数过多，请 5 分钟后再试。", "Too many tries; wait five minutes.", field="username")


def failed(engine: Engine, username: str, address: str) -> None:
    """Count a try that failed."""
    with Session(engine) as session, session.begin():
        session.add(LoginFailure(username=username, address=address, at=real_now()))


def holds(engine: Engine, username: str, password: str) -> bool:
    """Whether an active account has this password; opens no session and counts no try."""
    with Session(engine) as session:
        return verified(session.scalar(select(Account).where(Account.username == username, Account.active)), password)


def log_in(engine: Engine, username: str, password: str, address: str, hours: int) -> tuple[str, LoggedIn]:
    """Open a session; returns its secret token, which is kept nowhere on the server, and who it is for."""
    throttle(engine, username, address)
    with Session(engine) as session:
        account = session.scalar(select(Account).where(Account.username == username, Account.active))
    if not verified(account, password):
        failed(engine, username, address)
    elif opened := _open(engine, username, hours, sso=False):
        return opened
    raise LoggedOut("用户名或密码不对。", "Wrong user name or password.", field="password")


def _open(engine: Engine, username: str, hours: int, *, sso: bool) -> tuple[str, LoggedIn] | None:
    """A session for an account, if it is still active."""
    now = real_now()
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    with Session(engine) as session, session.begin():
        known = select(Account).where(Account.username == username, Account.active).with_for_update()
        account = session.scalar(known)
        if account is None:
            return None
        account.last_login_at = now
        session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
        session.execute(delete(LoginFailure).where(LoginFailure.at < now - timedelta(days=1)))
        held = LoginSession(
            token_hash=digest(token), account_id=account.id, csrf=csrf, sso=sso, created_at=now,
            expires_at=now + timedelta(hours=hours),
        )  # fmt: skip
        session.add(held)
        return token, _logged_in(account, held)


def _actor(account: Account) -> Actor:
    return Actor(account.username, account.post, account.role, tuple(account.towns))


def _logged_in(account: Account, held: LoginSession) -> LoggedIn:
    must_change = account.must_change and not held.sso
    return LoggedIn(_actor(account), account.name, held.csrf, held.expires_at, must_change)


def who(engine: Engine, token: str | None) -> LoggedIn:
    """Whose session this is; LoggedOut if it does not hold."""
    with Session(engine.execution_options(isolation_level="AUTOCOMMIT")) as session:  # one way there and back
        query = (
            select(Account, LoginSession)
            .join(LoginSession, LoginSession.account_id == Account.id)
            .where(
                LoginSession.token_hash == digest(token or ""),
                LoginSession.expires_at > real_now(),
                Account.active,
            )
        )
        found = session.execute(query).one_or_none()
    if found is None:
        raise LoggedOut("请先登录。", "Log in first.")
    return _logged_in(*found)


def log_out(engine: Engine, token: str) -> None:
    """End a session."""
    with Session(engine) as session, session.begin():
        session.execute(delete(LoginSession).where(LoginSession.token_hash == digest(token)))


def begin_attempt(engine: Engine, state: str, browser: str, attempt: Attempt) -> None:
    """Remember a log-in that goes to the provider with this state, from this browser."""
    now = real_now()
    with Session(engine) as session, session.begin():
        session.execute(delete(LoginAttempt).where(LoginAttempt.expires_at < now))
        session.add(
            LoginAttempt(
                state_hash=digest(state), browser_hash=digest(browser), nonce=attempt.nonce, verifier=attempt.verifier,
                page=attempt.page, expires_at=now + ATTEMPT,
            )
        )  # fmt: skip


def end_attempt(engine: Engine, state: str, browser: str) -> Attempt | None:
    """The attempt that comes back, and is used up; None for an unknown, late or used one, or another browser's."""
    with Session(engine) as session, session.begin():
        one = delete(LoginAttempt).where(
            LoginAttempt.state_hash == digest(state),
            LoginAttempt.browser_hash == digest(browser),
            LoginAttempt.expires_at > real_now(),
        )
        found = session.execute(one.returning(LoginAttempt)).scalar_one_or_none()
        return Attempt(found.nonce, found.verifier, found.page) if found else None


def log_in_as(
    engine: Engine, issuer: str, subject: str, names: Sequence[str], hours: int
) -> tuple[str, LoggedIn] | None:
    """Open a session for an identity that the provider vouches for; None where no account is meant for it.

    An identity belongs to one account. At its first log-in it is bound to the active account that allows OpenID
    Connect, is not bound yet, and has one of these user names; no account is ever made.
    """
    with Session(engine) as session:
        theirs = Account.oidc_issuer == issuer, Account.oidc_subject == subject
        meant = Account.active, Account.sso, Account.oidc_subject.is_(None), Account.username.in_(names)
        account = session.scalar(select(Account).where(*theirs))
        free = session.scalars(select(Account).where(*meant)).all()
    if account is None:
        if len(free) != 1:
            return None
        account = free[0]
        _bind(engine, account, issuer, subject)
    return _open(engine, account.username, hours, sso=True)


def _bind(engine: Engine, account: Account, issuer: str, subject: str) -> None:
    with writing(get_world(engine, "live"), _actor(account)) as tx:
        with as_owner(tx) as session:
            now = session.get_one(Account, account.id, with_for_update=True)
            if now.oidc_subject is not None or not (now.active and now.sso):
                raise LoggedOut("账号刚刚被改动，请重试。", "The account has just been changed; try again.")
            now.oidc_issuer, now.oidc_subject = issuer, subject
        record(
            tx,
            IdentityBound(
                f"账号 {account.username} 绑定统一认证身份", f"{account.username} is bound to an identity of {issuer}",
                account.username, issuer,
            ),
        )  # fmt: skip
