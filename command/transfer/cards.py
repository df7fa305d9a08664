"""Disaster-avoidance cards (明白卡): what the provincial rules want on each, and which must be printed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text

from command import roads
from command.access import require
from command.board import record
from command.transfer.events import CardsPrinted
from command.transfer.plan import Home, homes_of
from command.transfer.refuges import Refuge, Way, refuges, ways
from command.transfer.tables import CardPrint
from gis_data.db import Reading, Writing, district
from gis_data.errors import Invalid, NotFound
from gis_data.parameters import value_of
from gis_data.registers import REGISTERS
from gis_data.tables import TABLES

SIGNAL = "铜锣急敲、哨声长鸣、村广播反复播报（演示）"
"""DEMO: how the village is warned. Parameter `card.signal`."""
MOST = 200
"""Cards in one print."""
AROUND_M = 150.0
"""How much ground a card's map shows about the way."""


@dataclass(frozen=True)
class Card:
    """A household's card in words; nobody's name is on it. `digest` changes with any of its sources."""

    code: str
    town: str
    village: str
    hazards: str
    extent: str
    threatened: str
    signal: str
    route: str
    shelter_code: str | None
    shelter: str
    contact: str
    is_demo: bool

    @property
    def digest(self) -> str:
        """Names what the card says."""
        words = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class CardMap:
    """The ground about a household's way, plane metres (the district's metric CRS): what is drawn, and the box."""

    box: tuple[float, float, float, float]
    roads: tuple[BaseGeometry, ...]
    water: tuple[BaseGeometry, ...]
    danger: tuple[BaseGeometry, ...]
    way: LineString | None
    home: tuple[float, float]
    refuge: tuple[float, float] | None


def _words(register: str, field: str, codes: Sequence[str] | str | None) -> str:
    of = REGISTERS[register].field(field)
    some = [codes] if isinstance(codes, str) else list(codes or ())
    return "、".join(of.label(code) if of else code for code in some)


def _by_code(tx: Reading, key: str, codes: set[str]) -> dict[str, Any]:
    table = TABLES[key]
    columns = [c for c in table.c if c.name not in ("geom", "geom_3857", "search")]
    query = select(*columns).where(table.c.valid_to.is_(None), table.c.code.in_(codes))
    return {row.code: row for row in tx.session.execute(query)}


def cards(tx: Reading, codes: Sequence[str] | None = None) -> list[Card]:
    """The cards of these households, or of all that the actor may see, by code."""
    table = TABLES["at_risk_household"]
    query = select(*(c for c in table.c if c.name not in ("geom", "geom_3857", "search"))).where(
        table.c.valid_to.is_(None)
    )
    if codes is not None:
        query = query.where(table.c.code.in_(codes))
    rows = tx.session.execute(query.order_by(table.c.code)).all()
    if codes is not None and (missing := sorted(set(codes) - {row.code for row in rows})):
        raise NotFound(
            f"没有（或不在您的镇街范围）：{missing[0]}。",
            f"No household {missing[0]} in your towns.",
            field="households",
        )
    villages = _by_code(tx, "key_village", {row.object_code for row in rows if row.object_register == "key_village"})
    zones = _by_code(tx, "geohazard_zone", {row.object_code for row in rows if row.object_register == "geohazard_zone"})
    of = [villages.get(row.object_code) or zones.get(row.object_code) for row in rows]
    shelter_codes = {row.shelter_code or getattr(o, "shelter_code", None) for row, o in zip(rows, of, strict=True)}
    shelters = _by_code(tx, "shelter", {code for code in shelter_codes if code})
    named = {row.cadre_post for row in rows} | {getattr(o, "transfer_post", None) for o in of}
    posts = _by_code(tx, "post", {code for code in named if code})
    try:
        signal = value_of(tx.session, "card.signal", tx.at).value
    except NotFound:
        signal = SIGNAL
    return [_card(row, o, shelters, posts, signal) for row, o in zip(rows, of, strict=True)]


def _card(row: Any, of: Any, shelters: dict[str, Any], posts: dict[str, Any], signal: str) -> Card:
    weak = [
        f"{zh} {n}"
        for zh, n in (("老人", row.elderly), ("儿童", row.children), ("残障", row.disabled), ("孕妇", row.pregnant))
        if n
    ]
    if row.object_register == "key_village" and of:
        extent = f"重点村落{of.name}（{of.stream or '溪流'}）：{_words('key_village', 'reasons', of.reasons)}"
    elif of:
        kind = _words("geohazard_zone", "hazard_kind", of.hazard_kind)
        risk = _words("geohazard_zone", "risk", of.risk)
        extent = f"{of.name}：{kind}，风险{risk}，威胁 {of.threatened_persons or '—'} 人"
    else:
        extent = "—"
    shelter = shelters.get(row.shelter_code or getattr(of, "shelter_code", None) or "")
    contact = [
        f"{post.name} {post.phone or ''}".strip()
        for code in dict.fromkeys((row.cadre_post, getattr(of, "transfer_post", None)))
        if code and (post := posts.get(code))
    ]
    return Card(
        code=row.code, town=(row.admin_code or "")[:9], village=row.village,
        hazards=_words("at_risk_household", "hazards", row.hazards), extent=extent,
        threatened=f"本户 {row.persons} 人" + (f"（{'、'.join(weak)}）" if weak else ""), signal=signal,
        route=row.route or getattr(of, "route", None) or getattr(of, "escape_route", None) or "—",
        shelter_code=shelter.code if shelter else None,
        shelter=" ".join(part for part in (shelter.name, shelter.address) if part) if shelter else "未指定",
        contact="；".join(contact) or "—", is_demo=bool(row.is_demo),
    )  # fmt: skip


def listing(tx: Reading) -> list[dict[str, Any]]:
    """Each household that the actor may see: when its card was printed, and whether it must be reprinted and why."""
    printed = {row.household_code: row for row in tx.session.scalars(select(CardPrint))}
    found = []
    for card in cards(tx):
        last = printed.get(card.code)
        state = "never" if last is None else "current" if last.digest == card.digest else "stale"
        found.append(
            {"code": card.code, "village": card.village, "state": state, "printed_at": last and last.printed_at}
        )
    return found


def printed(tx: Writing, codes: Sequence[str]) -> list[tuple[Card, CardMap | None]]:
    """The cards of households with their maps, noted as printed now. Raises Invalid for none or too many at once."""
    require(tx.actor, "person.read")
    if not 0 < len(codes) <= MOST:
        raise Invalid(f"一次 1 至 {MOST} 张。", f"1 to {MOST} cards at once.", field="households")
    found = cards(tx, codes)
    maps = _maps(tx, found)
    for card in found:
        row = tx.session.get(CardPrint, card.code) or CardPrint(household_code=card.code, town=card.town)
        row.digest, row.printed_at, row.printed_by, row.recorded_at = card.digest, tx.at, tx.actor.post, tx.real_at
        tx.session.add(row)
    villages = sorted({card.village for card in found})
    zh, en = f"打印明白卡 {len(found)} 张：{'、'.join(villages)}", f"{len(found)} cards printed: {', '.join(villages)}"
    record(tx, CardsPrinted(zh, en, len(found), villages))
    return [(card, maps.get(card.code)) for card in found]


def _maps(tx: Writing, some: Sequence[Card]) -> dict[str, CardMap]:
    """The way of each household to the shelter on its card, by the roads as they are, and what lies about it."""
    homes = {home.code: home for home in homes_of(tx, [], None, [card.code for card in some])}
    doors = {one.code: replace(one, free=10**6, reasons=()) for one in refuges(tx, "flood")}
    found: dict[str, CardMap] = {}
    for code in sorted({card.shelter_code for card in some if card.shelter_code in doors}, key=str):
        mine = [homes[card.code] for card in some if card.shelter_code == code and homes[card.code].lon is not None]
        led, _ = ways(tx, [home.group for home in mine], [doors[str(code)]], float("inf"))
        for home, way in zip(mine, led, strict=True):
            found[home.code] = _map(tx, home, way, doors[str(code)])
    return found


def _map(tx: Writing, home: Home, way: Way, refuge: Refuge) -> CardMap:
    plan = roads.base(tx.session).plan
    lonlat = np.array([(home.lon, home.lat), (refuge.lon, refuge.lat)], float)
    (hx, rx), (hy, ry) = plan.to_metric.transform(lonlat[:, 0], lonlat[:, 1])
    line = None
    if way.route:
        xy = shapely.get_coordinates(way.route.geometry)
        line = LineString(np.column_stack(plan.to_metric.transform(xy[:, 0], xy[:, 1])))
    shown = shapely.union_all([shapely.Point(hx, hy), shapely.Point(rx, ry), *([line] if line else [])])
    west, south, east, north = shown.buffer(AROUND_M).bounds
    frame = shapely.box(west, south, east, north)
    near = plan.tree.query(frame, predicate="intersects")
    degrees = gpd.GeoSeries([frame], crs=district(tx.session).metric_crs).to_crs(4490).iloc[0]

    def drawn(query: str) -> tuple[BaseGeometry, ...]:
        rows = tx.session.scalars(text(query), {"box": degrees.wkt}).all()
        shapes = gpd.GeoSeries(shapely.from_wkb([bytes(row) for row in rows]), crs=4490)
        return tuple(shapes.to_crs(district(tx.session).metric_crs)) if rows else ()

    there = "valid_to is null and ST_Intersects(geom, ST_GeomFromText(:box, 4490))"
    return CardMap(
        (west, south, east, north),
        tuple(plan.metric_lines[near]),
        drawn(f"select ST_AsBinary(geom) from gis.water where {there}"),
        drawn(f"select ST_AsBinary(geom) from gis.geohazard_zone where {there}"),
        line,
        (float(hx), float(hy)),
        (float(rx), float(ry)),
    )
