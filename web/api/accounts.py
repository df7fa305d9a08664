"""Accounts: who may log in, as what, where; for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from command import accounts
from command.access import ROLES, require
from command.accounts import Profile
from gis_data.tables import Account
from gis_data.world import Actor
from web.api.schemas import AccountOut, In, Line
from web.deps import ActorDep, EngineDep
from web.errors import responses

router = APIRouter(prefix="/api/accounts", tags=["accounts"])
Username = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[\w.@-]{1,60}$")]
Town = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]


class RoleOut(BaseModel):
    key: str
    zh: str
    en: str
    of_towns: bool
    permissions: list[str]


class AccountRowOut(AccountOut):
    """`sso`: may come in by OpenID Connect, `bound`: has done so; `has_password`: may come in by a password."""

    sso: bool
    bound: bool
    has_password: bool
    must_change: bool
    active: bool
    last_login_at: datetime | None


class ProfileIn(In):
    name: Line
    post: Line
    role: Line
    towns: Annotated[list[Town], Field(max_length=50)] = []
    sso: bool = False

    def profile(self) -> Profile:
        """As the command takes it."""
        return Profile(self.name, self.post, self.role, tuple(sorted(set(self.towns))), self.sso)


class AccountIn(ProfileIn):
    """A new account; without a password it comes in by OpenID Connect alone."""

    username: Username
    with_password: bool = True


class GivenOut(BaseModel):
    """An account, and the password that it was given: told this once, to be changed at the first log-in."""

    account: AccountRowOut
    password: str | None


def manager(actor: ActorDep) -> Actor:
    """The actor, who administers accounts."""
    require(actor, "account.manage")
    return actor


ManagerDep = Annotated[Actor, Depends(manager)]


def _out(account: Account) -> AccountRowOut:
    role = ROLES.get(account.role)
    return AccountRowOut(
        username=account.username,
        name=account.name,
        post=account.post,
        role=account.role,
        role_zh=role.zh if role else account.role,
        role_en=role.en if role else account.role,
        towns=account.towns,
        sso=account.sso,
        bound=account.oidc_subject is not None,
        has_password=account.password_hash is not None,
        must_change=account.must_change,
        active=account.active,
        last_login_at=account.last_login_at,
    )


def _one(engine: EngineDep, username: str) -> AccountRowOut:
    return next(_out(account) for account in accounts.accounts(engine) if account.username == username)


@router.get("", responses=responses())
def index(engine: EngineDep, actor: ManagerDep) -> list[AccountRowOut]:
    """All accounts, by user name."""
    return [_out(account) for account in accounts.accounts(engine)]


@router.get("/roles", responses=responses())
def roles(actor: ManagerDep) -> list[RoleOut]:
    """All roles, and what each may do."""
    return [
        RoleOut(key=key, zh=r.zh, en=r.en, of_towns=r.of_towns, permissions=sorted(r.permissions))
        for key, r in ROLES.items()
    ]


@router.post("", status_code=201, responses=responses(409, 422))
def create(body: AccountIn, engine: EngineDep, actor: ManagerDep) -> GivenOut:
    """Make an account."""
    password = accounts.fresh_password() if body.with_password else None
    accounts.put_account(engine, actor, body.username, body.profile(), password, new=True, must_change=True)
    return GivenOut(account=_one(engine, body.username), password=password)


@router.put("/{username}", responses=responses(404, 409, 422))
def change(username: str, body: ProfileIn, engine: EngineDep, actor: ManagerDep) -> AccountRowOut:
    """Change an account; its sessions end."""
    accounts.put_account(engine, actor, username, body.profile(), new=False)
    return _one(engine, username)


@router.post("/{username}/disable", responses=responses(404, 409, 422))
def disable(username: str, engine: EngineDep, actor: ManagerDep) -> AccountRowOut:
    """Shut an account out at once; it stays on the record."""
    accounts.set_active(engine, actor, username, active=False)
    return _one(engine, username)


@router.post("/{username}/enable", responses=responses(404, 422))
def enable(username: str, engine: EngineDep, actor: ManagerDep) -> AccountRowOut:
    """Let an account in again."""
    accounts.set_active(engine, actor, username, active=True)
    return _one(engine, username)


@router.post("/{username}/password", responses=responses(404, 422))
def reset_password(username: str, engine: EngineDep, actor: ManagerDep) -> GivenOut:
    """Give an account a new password, told this once; its sessions end."""
    password = accounts.reset_password(engine, actor, username)
    return GivenOut(account=_one(engine, username), password=password)
