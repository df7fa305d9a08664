"""Old readings are not kept for ever: those from before a day go, in small batches, journalled once beforehand.

The newest reading of each station stays, however old it is: it tells when the station was last heard of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import URL, select, text

from command.board import record
from command.reading_events import ReadingsPurged
from command.station_memory import QUEUE
from command.tables import Entry
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, as_owner, reading, writing
from gis_data.parameters import numbers_under
from gis_data.world import SYSTEM, World
from layers.rain import DAYS

KEEP_DAYS = 400
"""DEMO: parameter `gauge.keep_days`. Fewer than the windows look back are not kept, whatever it says."""
BATCH, BATCHES = 5000, 10
"""Rows of a transaction; transactions of one look of the watcher."""
_STATIONS = """with recursive known as (
  (select station, element from {schema}.reading order by station, element limit 1)
  union all
  select n.station, n.element from known k cross join lateral (select station, element from {schema}.reading r
    where (r.station, r.element) > (k.station, k.element) order by station, element limit 1) n),
old as (select k.station, k.element, least(:before, (select max(at) from {schema}.reading r
    where r.station = k.station and r.element = k.element)) as before from known k)"""
"""Stations and their elements, read along the key, and before when their readings are old."""


@dataclass(frozen=True)
class Purged:
    """What is gone, and what is still to go; `before` is the day that is kept from."""

    before: datetime
    readings: int
    rejected: int
    left: bool


def purge(world: World, batches: int | None = None) -> Purged:
    """Delete what is older than `gauge.keep_days`, so many batches at most; the rest goes next time."""
    with reading(world) as look:
        before, keep_days = _before(look)
        found = _counted(look, before)
        said = _said(look)
    if any(found) and said != before.isoformat():
        _say(world, before, keep_days)
    readings = rejected = 0
    for _ in range(batches if batches is not None else 10**9):
        with writing(world, SYSTEM, QUEUE) as tx, as_owner(tx) as session:
            values = {"before": before, "most": BATCH}
            old, refused = (
                len(session.execute(text(one.format(schema=f'"{world.schema}"')), values).all()) for one in _DELETES
            )
        readings, rejected = readings + old, rejected + refused
        if not old + refused:
            return Purged(before, readings, rejected, left=False)
    return Purged(before, readings, rejected, left=True)


_DELETES = (
    _STATIONS
    + """ delete from {schema}.reading where ctid = any(array(select o.ctid from old
  cross join lateral (select ctid from {schema}.reading r
    where r.station = old.station and r.element = old.element and r.at < old.before limit :most) o limit :most))
  returning 1""",
    """delete from {schema}.reading_rejected where id in
  (select id from {schema}.reading_rejected where received_at < :before order by received_at limit :most)
  returning 1""",
)

_clean: dict[tuple[URL, str], datetime] = {}


def settle(world: World) -> None:
    """A bounded share of the purge, if there is anything to do; once a day's is done it rests until the next."""
    key = world.engine.url, world.schema
    with reading(world) as look:
        before, _ = _before(look)
    if _clean.get(key) != before and not purge(world, BATCHES).left:
        _clean[key] = before


def _before(tx: Reading) -> tuple[datetime, int]:
    """Beijing midnight so many days ago."""
    days = max(int(numbers_under(tx.session, "gauge.keep_", tx.at).get("days", KEEP_DAYS)), DAYS + 1)
    return datetime.combine(tx.at.astimezone(SHANGHAI).date() - timedelta(days=days), time(), SHANGHAI), days


def _counted(tx: Reading, before: datetime) -> tuple[int, int, int]:
    """Old readings, old refused rows, stations that have old readings."""
    schema, values = f'"{tx.world.schema}"', {"before": before}
    query = f"""{_STATIONS.format(schema=schema)} select coalesce(sum(n), 0), count(*) filter (where n > 0) from old
      cross join lateral (select count(*) as n from {schema}.reading r
        where r.station = old.station and r.element = old.element and r.at < old.before) c"""
    readings, stations = tx.session.execute(text(query), values).one()
    query = f"select count(*) from {schema}.reading_rejected where received_at < :before"
    return int(readings), int(tx.session.scalar(text(query), values) or 0), int(stations)


def _said(tx: Reading) -> str | None:
    """Which day the newest purge on the record kept from."""
    query = select(Entry).where(Entry.kind == ReadingsPurged.__name__).order_by(Entry.seq.desc()).limit(1)
    found = tx.session.scalar(query)
    return None if found is None else str(found.body["facts"]["before"])


def _say(world: World, before: datetime, keep_days: int) -> None:
    with writing(world, SYSTEM) as tx:
        readings, rejected, stations = _counted(tx, before)
        if _said(tx) == before.isoformat() or not readings + rejected:
            return
        zh = f"清理过期读数：{before:%Y-%m-%d} 以前 {stations} 站 {readings} 条（保留 {keep_days} 天）"
        en = f"Old readings purged: {readings} of {stations} stations, before {before:%Y-%m-%d} ({keep_days} days kept)"
        record(tx, ReadingsPurged(zh, en, before.isoformat(), readings, rejected, stations, keep_days))
