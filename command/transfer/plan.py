"""Who has to move and where to: the households behind zones, villages or an area. A question; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, text

from command import roads
from command.transfer.refuges import Group, Refuge, Way, refuges, ways
from command.transfer.tables import TransferPerson
from command.transfer.vehicles import fleet
from gis_data.db import Reading
from gis_data.errors import NotFound
from gis_data.tables import TABLES
from layers.network import Network

OBJECTS = ("geohazard_zone", "key_village")
"""Registers whose rows an order may name."""
_HOMES = text(
    """
    select h.code, left(h.admin_code, 9) as town, h.village, h.persons, h.cadre_post,
      coalesce(h.elderly, 0) + coalesce(h.children, 0) + coalesce(h.disabled, 0) + coalesce(h.pregnant, 0) as weak,
      coalesce(h.disabled, 0) > 0 as seated, ST_X(h.geom) as lon, ST_Y(h.geom) as lat
    from gis.at_risk_household h where h.valid_to is null and (
      h.object_register || ':' || h.object_code = any(:objects)
      or exists (select from gis.geohazard_zone z where z.valid_to is null
        and 'geohazard_zone:' || z.code = any(:objects) and ST_Intersects(z.geom, h.geom))
      or ST_Intersects(h.geom, ST_SetSRID(ST_GeomFromGeoJSON(:area), 4490))
      or h.code = any(:codes))
    order by h.code
    """
)


@dataclass(frozen=True)
class Member:
    """A person by the pseudonymous code."""

    code: str
    vulnerable: bool


@dataclass(frozen=True)
class Home:
    """A household by its pseudonymous code, and who lives there."""

    code: str
    town: str
    village: str
    members: tuple[Member, ...]
    cadre_post: str | None
    lon: float | None
    lat: float | None
    seated: bool = False
    """Somebody cannot walk (行动不便)."""

    @property
    def group(self) -> Group:
        """The household as one that goes together."""
        weak = sum(one.vulnerable for one in self.members)
        return Group(len(self.members), weak, self.lon, self.lat, self.seated)


@dataclass(frozen=True, eq=False)
class Plan:
    """Households in the order in which they are to move, each with its way; all shelters that were thought of."""

    homes: tuple[tuple[Home, Way], ...]
    refuges: tuple[Refuge, ...]
    under_order: int
    """Persons left out because an open order has them already."""
    network: Network
    closures: tuple[str, ...]

    @property
    def network_version(self) -> str:
        """The network that the ways were found on."""
        return self.network.version

    @property
    def persons(self) -> int:
        """Persons in all."""
        return sum(len(home.members) for home, _ in self.homes)

    @property
    def vulnerable(self) -> int:
        """Vulnerable persons."""
        return sum(home.group.vulnerable for home, _ in self.homes)

    @property
    def unplaced(self) -> int:
        """Persons without room or without a way."""
        return sum(len(home.members) for home, way in self.homes if way.problem)


def objects_of(tx: Reading, named: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Zones and villages by register and code, with their names and towns; raises NotFound for one there is not."""
    found = []
    for register, code in named:
        if register not in OBJECTS:
            raise NotFound(f"转移对象不能是“{register}”。", f"No order can name “{register}”.", field="objects")
        c = TABLES[register].c
        row = tx.session.execute(select(c.name).where(c.code == code, c.valid_to.is_(None))).one_or_none()
        if row is None:
            raise NotFound(f"没有编码为 {code} 的风险区或村落。", f"No zone or village {code}.", field="objects")
        found.append({"register": register, "code": code, "name": row.name})
    return found


def homes_of(
    tx: Reading, objects: Sequence[dict[str, Any]], area: dict[str, Any] | None, codes: Sequence[str] = ()
) -> list[Home]:
    """The households behind zones, villages or an area (GeoJSON, EPSG:4490), or by code; with vulnerable ones first.

    Where the register counts more persons than it lists, the others get codes of their own.
    """
    asked = {"objects": [f"{o['register']}:{o['code']}" for o in objects], "area": json.dumps(area) if area else None}
    asked["codes"] = list(codes)
    rows = tx.session.execute(_HOMES, asked).all()
    p = TABLES["at_risk_person"].c
    query = select(p.household_code, p.code, p.vulnerability).where(
        p.valid_to.is_(None), p.household_code.in_([row.code for row in rows])
    )
    listed: dict[str, list[Member]] = {}
    for person in tx.session.execute(query.order_by(p.code)):
        listed.setdefault(person.household_code, []).append(Member(person.code, bool(person.vulnerability)))
    found = []
    for row in rows:
        known = listed.get(row.code, [])
        weak = row.weak - sum(one.vulnerable for one in known)
        more = [Member(f"{row.code}#{n + 1}", n < weak) for n in range(row.persons - len(known))]
        found.append(
            Home(row.code, row.town or "", row.village, (*known, *more), row.cadre_post, row.lon, row.lat, row.seated)
        )
    return sorted(found, key=lambda home: (-home.group.vulnerable, home.code))


def plan(
    tx: Reading, objects: Sequence[dict[str, Any]], area: dict[str, Any] | None, hazard: str, *, overnight: bool
) -> Plan:
    """Who moves where by which way, as things are now; whoever is under an open order is left out."""
    homes = homes_of(tx, objects, area)
    ordered = set(tx.session.scalars(select(TransferPerson.code).where(TransferPerson.ended_at.is_(None))))
    kept, under_order = [], 0
    for home in homes:
        left = tuple(one for one in home.members if one.code not in ordered)
        under_order += len(home.members) - len(left)
        if left:
            kept.append(replace(home, members=left))
    some = refuges(tx, hazard, overnight=overnight)
    found, network = ways(tx, [home.group for home in kept], some, vehicles=fleet(tx))
    closures = roads.closure_ids(tx.session)
    pairs = tuple(zip(kept, found, strict=True))
    return Plan(pairs, tuple(some), under_order, network, closures)
