"""What is said of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from command.events import Event


@dataclass(frozen=True)
class AccountPut(Event):
    """An account was made or changed; what it was (none: it was made) and is, without secrets and without a name."""

    username: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    password_set: bool


@dataclass(frozen=True)
class AccountDisabled(Event):
    """An account was shut out."""

    username: str


@dataclass(frozen=True)
class AccountEnabled(Event):
    """An account was let in again."""

    username: str


@dataclass(frozen=True)
class PasswordChanged(Event):
    """An account got another password, from its owner or from an administrator."""

    username: str


@dataclass(frozen=True)
class IdentityBound(Event):
    """An account was bound to an identity of an OpenID provider."""

    username: str
    issuer: str
