"""Accounts and log-ins: passwords by argon2, sessions on the server, guessing slowed down."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from command.access import ROLES
from gis_data.clock import real_now
from gis_data.errors import Invalid, LoggedOut, NotFound, TooMany
from gis_data.tables import Account, LoginFailure, LoginSession
from gis_data.world import Actor

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))
"""Checked when the user name is unknown, so that the answer takes as long."""
WINDOW = timedelta(minutes=5)
TRIES_A_NAME = 5
TRIES_AN_ADDRESS = 30


@dataclass(frozen=True)
class LoggedIn:
    """A log-in that holds."""

    actor: Actor
    name: str
    csrf: str
    expires_at: datetime


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def put_account(engine: Engine, username: str, name: str, post: str, role: str, password: str) -> None:
    """Make an account, or give an existing one a new name, post, role and password."""
    if role not in ROLES:
        raise Invalid(f"没有角色“{role}”。", f"There is no role “{role}”.", field="role")
    if len(password) < 8:
        raise Invalid("密码至少 8 位。", "A password has at least 8 characters.", field="password")
    with Session(engine) as session, session.begin():
        account = session.scalar(select(Account).where(Account.username == username)) or Account(username=username)
        account.name, account.post, account.role, account.active = name, post, role, True
        account.password_hash = _hasher.hash(password)
        session.add(account)


def disable(engine: Engine, username: str) -> None:
    """Shut an account out at once: it can log in no more, and its sessions end. It stays on the record."""
    with Session(engine) as session, session.begin():
        account = session.scalar(select(Account).where(Account.username == username))
        if account is None:
            raise NotFound(f"没有账号“{username}”。", f"There is no account “{username}”.", field="username")
        account.active = False
        session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))


def accounts(engine: Engine) -> list[Account]:
    """All accounts, by user name."""
    with Session(engine, expire_on_commit=False) as session:
        return list(session.scalars(select(Account).order_by(Account.username)))


def _throttle(session: Session, username: str, address: str) -> None:
    since = real_now() - WINDOW
    for column, value, most in (
        (LoginFailure.username, username, TRIES_A_NAME),
        (LoginFailure.address, address, TRIES_AN_ADDRESS),
    ):
        tries = session.scalar(select(func.count()).where(column == value, LoginFailure.at > since)) or 0
        if tries >= most:
            raise TooMany("尝试次数过多，请 5 分钟后再试。", "Too many tries; wait five minutes.", field="username")


def _verified(account: Account | None, password: str) -> bool:
    try:
        _hasher.verify(account.password_hash if account else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return account is not None


def holds(engine: Engine, username: str, password: str) -> bool:
    """Whether an active account has this password; opens no session and counts no try."""
    with Session(engine) as session:
        return _verified(session.scalar(select(Account).where(Account.username == username, Account.active)), password)


def log_in(engine: Engine, username: str, password: str, address: str, hours: int) -> tuple[str, LoggedIn]:
    """Open a session; returns its secret token, which is kept nowhere on the server, and who it is for."""
    now = real_now()
    with Session(engine, expire_on_commit=False) as session, session.begin():
        _throttle(session, username, address)
        account = session.scalar(select(Account).where(Account.username == username, Account.active))
    right = _verified(account, password)
    with Session(engine) as session, session.begin():
        if not right or account is None:
            session.add(LoginFailure(username=username, address=address, at=now))
        else:
            token, csrf, expires = (
                secrets.token_urlsafe(32),
                secrets.token_urlsafe(24),
                now + timedelta(hours=hours),
            )
            session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
            session.execute(delete(LoginFailure).where(LoginFailure.at < now - timedelta(days=1)))
            session.add(
                LoginSession(
                    token_hash=_digest(token),
                    account_id=account.id,
                    csrf=csrf,
                    created_at=now,
                    expires_at=expires,
                )
            )
            return token, LoggedIn(_actor(account), account.name, csrf, expires)
    raise LoggedOut("用户名或密码不对。", "Wrong user name or password.", field="password")


def _actor(account: Account) -> Actor:
    return Actor(account.username, account.post, account.role)


def who(engine: Engine, token: str | None) -> LoggedIn:
    """Whose session this is; LoggedOut if it does not hold."""
    with Session(engine) as session:
        query = (
            select(Account, LoginSession)
            .join(LoginSession, LoginSession.account_id == Account.id)
            .where(
                LoginSession.token_hash == _digest(token or ""),
                LoginSession.expires_at > real_now(),
                Account.active,
            )
        )
        found = session.execute(query).one_or_none()
    if found is None:
        raise LoggedOut("请先登录。", "Log in first.")
    account, held = found
    return LoggedIn(_actor(account), account.name, held.csrf, held.expires_at)


def log_out(engine: Engine, token: str) -> None:
    """End a session."""
    with Session(engine) as session, session.begin():
        session.execute(delete(LoginSession).where(LoginSession.token_hash == _digest(token)))
