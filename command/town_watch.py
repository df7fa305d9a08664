"""Changes of the towns' five colours go on the record, so that replay shows the colours that stood then."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from command.board import record
from command.events import Event
from command.town_colours import as_shown, towns
from command.town_tables import TownState
from gis_data.db import reading, writing
from gis_data.world import SYSTEM, World

NAMED = 5
"""So many towns are named in an entry's words."""


@dataclass(frozen=True)
class TownsColoured(Event):
    """Towns changed their colour, or left the scope. Which finding stands for which colour is DEMO; no warnings."""

    touches = {"towns": "towns"}

    towns: list[str]
    colours: dict[str, str]


def settle(world: World) -> None:
    """What has changed since the last look; where nothing has, nothing is written."""
    with reading(world) as tx:
        found = {town.code: as_shown(town) for town in towns(tx)}
        held = {row.code: row.colour for row in tx.session.scalars(select(TownState).where(TownState.in_scope))}
    changed = [code for code in found if held.get(code) != found[code]["colour"]]
    gone = sorted(held.keys() - found.keys())
    if not changed and not gone:
        return
    with writing(world, SYSTEM) as now:
        kept = {row.code: row for row in now.session.scalars(select(TownState))}
        zh, en = [], []
        for code in changed:
            new, old = found[code], kept.get(code)
            why = new["reasons"][0] if new["reasons"] else {"zh": "无异常", "en": "nothing amiss"}
            zh.append(f"{new['name']} {f'{old.colour_zh}→' if old else ''}{new['colour_zh']}（{why['zh']}）")
            en.append(f"{new['name_en'] or new['name']}: {new['colour_en'].lower()} ({why['en']})")
            now.session.merge(TownState(**new, in_scope=True, at=now.at, recorded_at=now.real_at))
        for code in gone:
            row = kept[code]
            zh.append(f"{row.name} 已不在辖区")
            en.append(f"{row.name_en or row.name}: no longer in scope")
            row.in_scope, row.at, row.recorded_at = False, now.at, now.real_at
        rest = len(zh) - NAMED
        more = (f"；等 {len(zh)} 个镇街", f"; {rest} more") if rest > 0 else ("", "")
        said = f"镇街五色：{'；'.join(zh[:NAMED])}{more[0]}", f"Towns by five colours: {'; '.join(en[:NAMED])}{more[1]}"
        record(now, TownsColoured(*said, changed + gone, {code: found[code]["colour"] for code in changed}))
