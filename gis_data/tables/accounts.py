"""Who may log in, and their sessions."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from gis_data.tables.base import GIS, Base, new_id


class Account(Base):
    """A person's way in, attached to a post (岗位) and a role; a town's account is confined to its towns."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject", name="uq_account_oidc"), {"schema": GIS})

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    post: Mapped[str]
    role: Mapped[str]
    towns: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"), default=list)
    """Unit codes of 9 digits; none: the whole district."""
    password_hash: Mapped[str | None]
    """None: this person comes in by the bureau's own log-in (OpenID Connect) alone."""
    must_change: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """The password was given by somebody else and opens nothing until its owner has changed it."""
    sso: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """May come in by OpenID Connect; the identity is bound at the first such log-in."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    last_login_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)


class LoginSession(Base):
    """A log-in that holds: only the hash of its token is kept."""

    __tablename__ = "login_session"
    __table_args__ = {"schema": GIS}

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gis.account.id"), index=True)
    csrf: Mapped[str]
    sso: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Opened by OpenID Connect, not by a password."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LoginFailure(Base):
    """A failed log-in, kept to slow down guessing."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_username_at", "username", "at"), {"schema": GIS})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    username: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class LoginAttempt(Base):
    """A log-in under way at the OpenID provider: what was sent there, and which browser must bring it back, once."""

    __tablename__ = "login_attempt"
    __table_args__ = {"schema": GIS}

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    browser_hash: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    page: Mapped[str]
    expires_at: Mapped[datetime]
