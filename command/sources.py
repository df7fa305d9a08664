"""Sources of readings and their keys: made, revoked, known again. Only the hash of a key is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.logins import digest
from command.station_events import SourceAdded, SourceRevoked
from command.stations import Source
from gis_data.db import as_owner, writing
from gis_data.errors import Conflict, Denied, Invalid, LoggedOut, NotFound
from gis_data.tables import ReadingSource
from gis_data.world import Actor, World, get_world
from layers.quality import STORED


def sources(engine: Engine) -> list[ReadingSource]:
    """All sources, by id; revoked ones too."""
    with Session(engine) as session:
        return list(session.scalars(select(ReadingSource).order_by(ReadingSource.id)))


def add(
    engine: Engine, actor: Actor, id_: str, name: str, *,
    worlds: Sequence[str] = ("live",), elements: Sequence[str] = (), stations: Sequence[str] = (),
) -> str:  # fmt: skip
    """Make a source; returns its key, which is told this once.

    `elements` and `stations` (`R-*`: all that begin so) say what it may send, none for all; `worlds` where to.
    Raises Conflict for an id that is taken, also by one revoked.
    """
    require(actor, "account.manage")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) or len(id_) > 40:
        raise Invalid(
            "来源编号须为小写字母、数字和 -。", "A source's id has lower-case letters, digits and -.", field="id"
        )
    if not name.strip():
        raise Invalid("请填来源名称。", "Say what the source is called.", field="name")
    if unknown := [element for element in elements if element not in STORED]:
        raise Invalid(f"没有要素“{unknown[0]}”。", f"There is no element “{unknown[0]}”.", field="elements")
    if not worlds:
        raise Invalid("请指定世界。", "Say which worlds it may write to.", field="worlds")
    secret = secrets.token_urlsafe(32)
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            if session.get(ReadingSource, id_):
                raise Conflict(f"来源“{id_}”已存在。", f"The source “{id_}” exists already.", field="id")
            row = ReadingSource(
                id=id_, name=name.strip(), key_hash=digest(secret), worlds=list(worlds), elements=list(elements),
                stations=list(stations), made_at=tx.real_at, made_by=actor.username,
            )  # fmt: skip
            session.add(row)
        zh, en = f"新增读数来源：{name} {id_}", f"Source of readings added: {id_}"
        record(tx, SourceAdded(zh, en, id_, list(worlds), list(elements), list(stations)))
    return f"{id_}.{secret}"


def revoke(engine: Engine, actor: Actor, id_: str) -> None:
    """Let a source's key hold no longer. Raises NotFound, or Conflict where it was revoked before."""
    require(actor, "account.manage")
    with writing(get_world(engine, "live"), actor) as tx:
        with as_owner(tx) as session:
            row = session.get(ReadingSource, id_)
            if row is None:
                raise NotFound(f"没有来源“{id_}”。", f"There is no source “{id_}”.", field="id")
            if row.revoked_at:
                raise Conflict(f"来源“{id_}”已吊销。", f"The source “{id_}” has been revoked.", field="id")
            row.revoked_at = tx.real_at
        record(tx, SourceRevoked(f"吊销读数来源：{id_}", f"Source of readings revoked: {id_}", id_))


def known(engine: Engine, key: str, world: World) -> Source:
    """The source whose key this is. Raises LoggedOut for a wrong or revoked key, Denied for another world."""
    id_, _, secret = key.partition(".")
    with Session(engine) as session:
        row = session.get(ReadingSource, id_.replace("\0", ""))
    right = hmac.compare_digest(digest(secret), row.key_hash if row else digest(""))
    if row is None or not right or row.revoked_at:
        raise LoggedOut("读数来源的密钥不对或已吊销。", "The source's key is wrong or has been revoked.")
    if world.name not in row.worlds:
        raise Denied(f"来源“{id_}”不能写入“{world.name}”。", f"The source “{id_}” may not write to “{world.name}”.")
    return Source(row.id, tuple(row.elements), tuple(row.stations))
