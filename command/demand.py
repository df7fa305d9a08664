"""Who has to be thought of where: the demand of a coverage, and who is on an island, as arrays on the network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from command import roads
from gis_data import tile_changes
from gis_data.errors import Invalid
from layers.engine.hierarchy import FAR
from layers.isolation import NEAR_M
from layers.network import Network
from layers.positions import Places, locate
from layers.profiles import WALK, Profile

WORDS = {
    "residents": ("全部居民（夜间）", "All residents, by night"),
    "residents_day": ("全部居民（日间）", "All residents, by day"),
    "villages": ("重点村落受威胁人员", "Persons in key villages"),
    "zones": ("地质灾害风险防范区受威胁人员", "Persons in geological-hazard zones"),
}
_FROM = {
    "residents": ("population_cell", "code", "population"),
    "residents_day": ("population_cell", "code", "coalesce(population_day, population)"),
    "villages": ("key_village", "name", "persons"),
    "zones": ("geohazard_zone", "name", "threatened_persons"),
}
_QUERY = """
select d.{name} as name, round({persons})::bigint as persons, ST_X(d.at) as lon, ST_Y(d.at) as lat, u.name as unit
from (select *, ST_PointOnSurface(geom) as at from gis.{table} where valid_to is null and {persons} > 0) d
left join lateral (
  select name from gis.admin_unit a
  where a.valid_to is null and a.level in ('town', 'village') and ST_Intersects(a.geom, d.at)
  order by a.level = 'village' desc limit 1
) u on true
order by d.id
"""
KEPT = 16

_lock = Lock()
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand cells (d,): names, persons, lon lat (d, 2), the unit that each lies in, as its number in `units`."""

    kind: str
    name: NDArray[np.object_]
    persons: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    unit: NDArray[np.int64]
    units: tuple[str, ...]
    version: tuple[Any, ...]


def remember(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What was made for this key, kept for the next who asks; the few newest are."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def demand(session: Session, kind: str) -> Demand:
    """The demand of a kind as it is in the registers now."""
    if kind not in _FROM:
        raise Invalid(f"没有需求口径“{kind}”。", f"There is no demand “{kind}”.", field="demand")
    table, name, persons = _FROM[kind]
    versions = tile_changes.versions(session.connection())
    key = (str(session.get_bind().engine.url), kind, *(versions.get(f"gis.{one}", 0) for one in (table, "admin_unit")))

    def read() -> Demand:
        rows = session.execute(text(_QUERY.format(table=table, name=name, persons=persons))).all()
        names, people, lon, lat, unit = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        units = sorted({one or "" for one in unit})
        number = {one: k for k, one in enumerate(units)}
        return Demand(
            kind,
            np.array(names, object),
            np.array(people, np.int64),
            np.column_stack([np.array(lon, float), np.array(lat, float)]),
            np.array([number[one or ""] for one in unit], np.int64),
            tuple(units),
            key,
        )

    found: Demand = remember(key, read)
    return found


def located(session: Session, who: Demand, profile: Profile = WALK) -> Places:
    """Where each cell of a demand meets the network without closures."""
    whole = roads.base(session)
    key = (*who.version, "located", whole.version, profile.id)
    found: Places = remember(key, lambda: locate(whole, who.lonlat, profile))
    return found


def located_now(session: Session, who: Demand, network: Network, profile: Profile) -> Places:
    """Where each cell meets the open roads now: as without closures, or within `NEAR_M` on another road."""
    usual = located(session, who, profile)
    shut = (usual.row >= 0) & (network.road_ms(profile)[usual.row].min(axis=1) >= FAR)
    if not shut.any():
        return usual
    other = locate(network, who.lonlat[shut], profile, limit_m=NEAR_M)
    row, fraction, offset_m = usual.row.copy(), usual.fraction.copy(), usual.offset_m.copy()
    row[shut], fraction[shut], offset_m[shut] = other.row, other.fraction, other.offset_m
    return Places(row, fraction, offset_m)
