"""Accounts: made, changed, shut out. Each change and its event in the live journal are one transaction."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from command.access import ROLES, require
from command.account_events import AccountDisabled, AccountEnabled, AccountPut, PasswordChanged
from command.board import record
from gis_data.db import Writing, as_owner, writing
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables import Account, LoginSession
from gis_data.world import Actor, get_world

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))
"""Checked when there is no password to check, so that the answer takes as long."""


@dataclass(frozen=True)
class Profile:
    """What an administrator says of an account. `towns` are unit codes of 9 digits, none for the whole district;
    `sso` lets the person come in by OpenID Connect."""

    name: str
    post: str
    role: str
    towns: tuple[str, ...] = ()
    sso: bool = False


def _check(username: str, profile: Profile) -> None:
    if not re.fullmatch(r"[\w.@-]{1,60}", username):
        raise Invalid(
            "账号须为 1–60 个字母、数字、汉字或 . _ @ -。",
            "A user name has 1 to 60 letters, digits or . _ @ -.",
            field="username",
        )
    for field, zh, en in (("name", "姓名", "name"), ("post", "岗位", "post")):
        if not getattr(profile, field).strip():
            raise Invalid(f"请填{zh}。", f"Say the {en}.", field=field)
    if profile.role not in ROLES:
        raise Invalid(f"没有角色“{profile.role}”。", f"There is no role “{profile.role}”.", field="role")
    for town in profile.towns:
        if not re.fullmatch(r"[0-9]{9}", town):
            raise Invalid(f"镇街代码须为 9 位数字：{town}。", f"A town's code has 9 digits: {town}.", field="towns")
    role = ROLES[profile.role]
    if role.of_towns and not profile.towns:
        raise Invalid(f"{role.zh}须指定镇街范围。", f"A {role.en.lower()} must be given towns.", field="towns")
    if profile.role == "admin" and profile.towns:
        raise Invalid(
            "系统管理员不限镇街范围。", "An administrator is not confined to towns.", field="towns"
        )  # who confines oneself could free oneself


def hashed(password: str) -> str:
    """What is kept of a password; raises Invalid for one too short."""
    if len(password) < 8:
        raise Invalid("密码至少 8 位。", "A password has at least 8 characters.", field="password")
    return _hasher.hash(password)


def verified(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long where there is none."""
    try:
        _hasher.verify((account and account.password_hash) or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return account is not None and account.password_hash is not None


def fresh_password() -> str:
    """A password made at random, to be told once and changed at the first log-in."""
    return secrets.token_urlsafe(9)


def _facts(account: Account) -> dict[str, Any]:
    """What the journal keeps of an account: no name of a person, nothing of its secrets."""
    return {"post": account.post, "role": account.role, "towns": sorted(account.towns), "sso": account.sso}


def _find(session: Session, username: str) -> Account:
    account = session.scalar(select(Account).where(Account.username == username))
    if account is None:
        raise NotFound(f"没有账号“{username}”。", f"There is no account “{username}”.", field="username")
    return account


def _end_sessions(session: Session, account: Account, but: str = "") -> None:
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id, LoginSession.token_hash != but))


def _keep_an_admin(session: Session, account: Account) -> None:
    """Raise Conflict where nobody else could administer after this one."""
    others = select(func.count()).where(
        Account.id != account.id, Account.role == "admin", Account.active, Account.password_hash.is_not(None)
    )
    if account.role == "admin" and account.active and session.scalar(others) == 0:
        raise Conflict(
            "这是最后一个可用密码登录的系统管理员，不能停用或改作他用。",
            "This is the last administrator who can log in with a password; it must stay one.",
        )


def put_account(
    engine: Engine, actor: Actor, username: str, profile: Profile, password: str | None = None, *,
    new: bool | None = None, must_change: bool = False,
) -> None:  # fmt: skip
    """Make an account (`new`), change one (not `new`), or whichever is needed (None); a change ends its sessions.

    Without a password an existing one stays. `must_change` asks for another one at the next log-in. Raises Conflict
    for a user name that is taken and for the last administrator's demotion.
    """
    require(actor, "account.manage")
    _check(username, profile)
    kept = hashed(password) if password else None
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            account = session.scalar(select(Account).where(Account.username == username))
            if account is None and new is False:
                _find(session, username)
            if account is not None and new:
                raise Conflict(
                    f"账号“{username}”已存在。", f"The account “{username}” exists already.", field="username"
                )
            before = _facts(account) if account else None
            if account is None:
                account = Account(username=username)
                session.add(account)
            elif profile.role != "admin":
                _keep_an_admin(session, account)
            if not profile.sso:
                account.oidc_issuer = account.oidc_subject = None
            for field, value in asdict(profile).items():
                setattr(account, field, list(value) if field == "towns" else value)
            if kept:
                account.password_hash, account.must_change = kept, must_change
            session.flush()
            _end_sessions(session, account)
            after = _facts(account)
        role = ROLES[profile.role]
        zh = f"{'修改' if before else '新增'}账号 {username}：{profile.post}（{role.zh}）"
        en = f"Account {username} {'changed' if before else 'made'}: {profile.post} ({role.en})"
        record(tx, AccountPut(zh, en, username, before, after, kept is not None))


def set_active(engine: Engine, actor: Actor, username: str, *, active: bool) -> None:
    """Shut an account out at once, its sessions end; or let it in again. It stays on the record either way."""
    require(actor, "account.manage")
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            account = _find(session, username)
            if account.active == active:
                return
            if not active:
                _keep_an_admin(session, account)
                _end_sessions(session, account)
            account.active = active
        words = (f"启用账号 {username}", f"Account {username} enabled") if active else (
            f"停用账号 {username}", f"Account {username} disabled")  # fmt: skip
        record(tx, (AccountEnabled if active else AccountDisabled)(*words, username))


def _password_changed(tx: Writing, username: str) -> None:
    zh, en = f"重设账号 {username} 的密码", f"The password of {username} was set anew"
    if tx.actor.username == username:
        zh, en = f"{username} 修改了自己的密码", f"{username} changed their own password"
    record(tx, PasswordChanged(zh, en, username))


def reset_password(engine: Engine, actor: Actor, username: str) -> str:
    """Give an account a password made at random, which its owner must change; its sessions end. Returns it, once."""
    require(actor, "account.manage")
    password = fresh_password()
    kept = hashed(password)
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            account = _find(session, username)
            account.password_hash, account.must_change = kept, True
            _end_sessions(session, account)
        _password_changed(tx, username)
    return password


def change_password(engine: Engine, actor: Actor, current: str, password: str, session_hash: str) -> None:
    """Change one's own password; other sessions than this one end. Raises Denied where the current one is not right."""
    kept = hashed(password)
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            account = _find(session, actor.username)
            if not verified(account, current):
                raise Denied("原密码不对。", "The current password is not right.", field="current")
            if current == password:
                raise Invalid("新密码须与原密码不同。", "The new password must be another one.", field="password")
            account.password_hash, account.must_change = kept, False
            _end_sessions(session, account, but=session_hash)
        _password_changed(tx, actor.username)


def accounts(engine: Engine) -> list[Account]:
    """All accounts, by user name."""
    with Session(engine, expire_on_commit=False) as session:
        return list(session.scalars(select(Account).order_by(Account.username)))
