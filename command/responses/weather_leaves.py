"""Conditions on cyclones, reservoirs and dykes: what they found; true, false or unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from command.cyclone_tables import Cyclone
from command.cyclones import WORDS
from command.responses.leaves import Facts, Truth, counted, measured
from gis_data.clock import SHANGHAI
from gis_data.parameters import numbers_under
from gis_data.plans import Item
from gis_data.tables import TABLES, PlanEdition
from layers.cyclone import ORDER, grade

STALE_H = 12.0
"""DEMO: after so long an agency's last word says nothing of now. Parameter `cyclone.stale_hours`."""
FASTEST_KMH = 80.0
"""DEMO: no cyclone comes nearer faster. Parameter `cyclone.fastest_kmh`."""
HOUR = timedelta(hours=1)


def _cyclone(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    """Whether a cyclone of that grade is within so many km of the district, now or by forecast within the hours."""
    tx, c = facts.tx, Cyclone
    given = numbers_under(tx.session, "cyclone.", tx.at)
    stale, fastest = given.get("stale_hours", STALE_H) * HOUR, given.get("fastest_kmh", FASTEST_KMH)
    until = tx.at + leaf["hours"] * HOUR
    held, dark, nearest = list[tuple[Any, ...]](), list[str](), list[tuple[float, datetime, str]]()
    for row in tx.session.scalars(select(c).where(c.state == "open").order_by(c.number, c.agency)):
        steps = [(datetime.fromisoformat(at), float(km), wind) for at, km, wind in row.course]
        if not steps:
            dark.append(str(row.id))
            continue
        known_to = max(steps[-1][0], row.last_at + stale)
        now = [step for step in steps if step[0] <= tx.at][-1:] if tx.at <= known_to else []
        seen = [*now, *(step for step in steps if tx.at < step[0] <= until)]
        near = [step for step in seen if step[1] <= leaf["km"]]
        sure = [step for step in near if ORDER.get(grade(step[2]) or "", -1) >= ORDER[leaf["grade"]]]
        if seen:
            at, km, _ = min(seen, key=lambda step: step[1])
            nearest.append((km, at, row.name_zh or row.number))
        if sure:
            held.append((str(row.id), row.name_zh or row.number, sure[0][1], sure[0][0]))
        elif any(step[2] is None for step in near):
            dark.append(str(row.id))
        else:
            last, km, _ = steps[-1]
            ends = until > known_to or (until > last and leaf["hours"])
            if ends and km - fastest * max((until - last) / HOUR, 0) <= leaf["km"]:
                dark.append(str(row.id))
    words_zh, words_en = WORDS[leaf["grade"]]
    ahead_zh = f"{leaf['hours']:g} 小时内" if leaf["hours"] else "目前"
    ahead_en = f"within {leaf['hours']:g} h" if leaf["hours"] else "now"
    best = min(nearest, default=None)
    told = "、".join(f"“{name}”{km:.0f} 公里（{at.astimezone(SHANGHAI):%m-%d %H:%M}）" for _, name, km, at in held[:3])
    far = f"最近 {best[0]:.0f} 公里" if best else "没有编报的台风" if not dark else "距离不明"
    zh = f"{ahead_zh}{words_zh}以上距本区 {leaf['km']:g} 公里以内：{told or far}（参考）"
    en = f"{words_en} or above within {leaf['km']:g} km {ahead_en}: {len(held)}"
    truth = counted(1, len(held), len(dark))
    when = {one[0]: one[3].isoformat() for one in held}
    value = min(one[2] for one in held) if held else best[0] if best else None
    return measured(truth, value, leaf["km"], "km", held, dark, zh, en, when)


def _reservoir(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    """Whether so many reservoirs with a gauge stand at or above their flood-limit level (汛限水位), by `above_m`."""
    c = TABLES["reservoir"].c
    query = select(c.code, c.name, c.gauge_code, c.flood_limit_level_m.label("mark")).where(c.valid_to.is_(None))
    rows = [row for row in facts.tx.session.execute(query.order_by(c.code)) if row.mark is not None]
    over = f"汛限水位 {leaf['above_m']:g} 米以上" if leaf["above_m"] else "汛限水位"
    return _over(facts, leaf, rows, leaf["above_m"], ("水库", over), ("Reservoirs", "the flood-limit level"))


def _dyke(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    """Whether the water or tide at so many dykes with a gauge is at or above their warning or guarantee level.

    A dyke that has no level of its own takes its gauge's.
    """
    c, g, name = TABLES["dyke"].c, TABLES["gauge"].c, f"{leaf['over']}_level_m"
    query = select(c.code, c.name, c.gauge_code, c[name].label("own"), g[name].label("gauge")).outerjoin_from(
        TABLES["dyke"], TABLES["gauge"], (g.code == c.gauge_code) & g.valid_to.is_(None)
    )
    found = facts.tx.session.execute(query.where(c.valid_to.is_(None)).order_by(c.code))
    marks = [_Mark(row.code, row.name, row.gauge_code, row.gauge if row.own is None else row.own) for row in found]
    zh = {"warning": "警戒水位", "guarantee": "保证水位"}[leaf["over"]]
    rows = [row for row in marks if row.mark is not None]
    return _over(facts, leaf, rows, 0.0, ("堤防", zh), ("Dykes", f"the {leaf['over']} level"))


class _Mark(NamedTuple):
    """A place, its gauge, and the level that counts."""

    code: str
    name: str
    gauge_code: str | None
    mark: float | None


def _over(
    facts: Facts, leaf: Item, rows: Sequence[Any], above_m: float, zh: tuple[str, str], en: tuple[str, str]
) -> Item:
    watched = [row for row in rows if row.gauge_code]
    newest = {row.code: facts.newest(row.gauge_code) for row in watched}
    levels = [
        (row.code, row.name, last.value, float(row.mark) + above_m)
        for row in watched
        if (last := newest[row.code]) is not None
    ]
    dark = [row.code for row in watched if newest[row.code] is None]
    held = sorted((row for row in levels if row[2] >= row[3]), key=lambda row: row[3] - row[2])
    truth: Truth = None if not watched else counted(leaf["count"], len(held), len(dark))
    told = "、".join(f"{name} {value:g} 米（{mark:g}）" for _, name, value, mark in held[:3])
    said = f"{zh[0]}超{zh[1]} {len(held)} 处" + (f"：{told}" if told else "")
    if without := len(rows) - len(watched):
        said += f"；{without} 处没有登记水位站，未计"
    first = held[0] if held else max(levels, key=lambda row: row[2] - row[3], default=None)
    at = {row.code: last.at.isoformat() for row in watched if (last := newest[row.code]) is not None}
    english = f"{en[0]} at or above {en[1]}: {len(held)}" + (f"; {without} without a gauge" if without else "")
    value, threshold = (first[2], first[3]) if first else (None, above_m)
    return measured(truth, value, threshold, "m", held, dark, said, english, at)


LEAVES: dict[str, Callable[[Facts, PlanEdition, Item], Item]] = {
    "cyclone": _cyclone, "reservoir": _reservoir, "dyke": _dyke,
}  # fmt: skip
