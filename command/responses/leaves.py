"""The conditions of trigger rules, each on a world as it stands: what it found, where, when; true, false or unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import select

from command import gauge_views, hazards
from command.hazard_look import Look
from command.hazard_tables import WarningRow
from command.responses.tables import Response
from command.station_memory import GRACE_S, Last, Memory, memory
from command.tables import Closure, Suggestion
from gis_data.db import Reading
from gis_data.plans import ROMAN, Item
from gis_data.tables import TABLES, PlanEdition
from layers.rain import HOURS
from layers.thresholds import IMMEDIATE, PREPARE

Truth = bool | None
"""None: unknown."""
LEVELS = {"red": 1, "orange": 2, "yellow": 3, "blue": 4}
TOLD = 12
"""How many sources of one condition are named."""


class Facts:
    """What conditions ask of a world; each thing is read once, when it is first asked for."""

    def __init__(self, tx: Reading) -> None:
        self.tx = tx

    @cached_property
    def kept(self) -> Memory:
        """What the process remembers of the gauges."""
        return memory(self.tx)

    @cached_property
    def warnings(self) -> Sequence[WarningRow]:
        """Warnings in force, the worst first."""
        w = WarningRow
        query = select(w).where(w.state == "in_force").order_by(w.level, w.issued_at.desc())
        return self.tx.session.scalars(query).all()

    def newest(self, code: str) -> Last | None:
        """A gauge's newest reading, if it is a good one and not too old."""
        kept = self.kept
        last, station = kept.last.get(code), kept.stations.get(code)
        limit = max(kept.known.stale_s, station.interval_s + GRACE_S) if station else 0
        if last is None or last.quality != "good" or (self.tx.at - last.at).total_seconds() > limit:
            return None
        return last

    @cached_property
    def points(self) -> Any:
        """Rain of all gauges in all windows."""
        with self.kept.lock:
            return self.kept.windows.totals(self.tx.at.timestamp())

    @cached_property
    def towns(self) -> list[Item]:
        """Mean rain of the towns."""
        return gauge_views.rain_over(self.tx, "town", "idw").areas

    @cached_property
    def marks(self) -> dict[str, Any]:
        """Warning and guarantee levels of the water gauges, by code."""
        c = TABLES["gauge"].c
        query = select(c.code, c.name, c.warning_level_m, c.guarantee_level_m)
        rows = self.tx.session.execute(query.where(c.valid_to.is_(None), c.element == "water_level"))
        return {row.code: row for row in rows}

    @cached_property
    def responses(self) -> dict[tuple[str, str], Response]:
        """How each track stands in each jurisdiction."""
        return {(row.track, row.jurisdiction): row for row in self.tx.session.scalars(select(Response))}

    @cached_property
    def closures(self) -> Sequence[Any]:
        """Closures in force."""
        c = Closure
        return self.tx.session.execute(
            select(c.id, c.road_name, c.closed_for, c.depth_m).where(c.lifted_at.is_(None))
        ).all()

    @cached_property
    def look(self) -> Look:
        """Risk zones and key villages."""
        return hazards.look(self.tx)


def counted(least: float, sure: float, maybe: float) -> Truth:
    """Whether so many are reached by what is sure; unknown while what may be would make it so."""
    return True if sure >= least else None if sure + maybe >= least else False


def _warning(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    level = LEVELS[leaf["colour"]]
    held = [
        one for one in facts.warnings
        if one.kind == leaf["kind"] and one.level <= level and (one.official or not leaf["official"])
        and len(one.towns) >= leaf["towns"]
    ]  # fmt: skip
    zh = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}[leaf["colour"]]
    found: Item = {
        "truth": bool(held), "value": None, "threshold": None, "unit": "", "sources": [str(one.id) for one in held],
        "zh": f"无{zh}以上 {leaf['kind']} 预警", "en": f"No {leaf['kind']} warning of {leaf['colour']} or above",
    }  # fmt: skip
    if held:
        one = held[0]
        number = one.identifier or one.document_no or ""
        found |= {
            "at": one.issued_at.isoformat(), "value": len(one.towns), "threshold": leaf["towns"], "unit": "镇街",
            "zh": f"{one.issuer}{one.kind_zh}{one.colour_zh}预警生效，{len(one.towns)} 个镇街（{number}）",
            "en": f"{one.kind_en} {one.colour_en} warning in force over {len(one.towns)} towns ({number})",
        }  # fmt: skip
    return found


def _rain(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    hours, least = leaf["hours"], leaf["mm"]
    at: dict[str, str] = {}
    if leaf["by"] == "point":
        k, kept = HOURS.index(hours), facts.kept
        mm, known = facts.points.mm[:, k], facts.points.known[:, k]
        rows = [(code, kept.stations[code].name, float(mm[n]), bool(known[n])) for code, n in kept.rain.items()]
        at = {code: kept.last[code].at.isoformat() for code in kept.rain if code in kept.last}
    else:
        k = HOURS.index(hours)
        values = [(one["code"], one["name"], one["rain"][k]["mm"]) for one in facts.towns]
        rows = [(code, name, 0.0 if mm is None else mm, mm is not None) for code, name, mm in values]
    held = sorted((row for row in rows if row[2] >= least), key=lambda row: -row[2])
    dark = [row[0] for row in rows if row[2] < least and not row[3]]
    most = max((row[2] for row in rows if row[3] or row[2] >= least), default=None)
    truth = None if not rows else counted(leaf["count"], len(held), len(dark))
    what_zh, what_en = ("测站", "gauges") if leaf["by"] == "point" else ("镇街面", "towns")
    told = "、".join(f"{name} {mm:g}" for _, name, mm, _ in held[:3])
    said = "不明" if most is None else f"最大 {most:g}"
    zh = f"{hours} 小时{what_zh}雨量 {told or said} 毫米，阈值 {least:g} 毫米"
    en = f"Rain of {hours} h, {what_en}: {told or ('unknown' if most is None else f'most {most:g}')} mm of {least:g} mm"
    return measured(truth, most, least, "mm", held, dark, zh, en, at)


def measured(
    truth: Truth, value: float | None, threshold: float, unit: str, held: Sequence[tuple[Any, ...]],
    dark: Sequence[str], zh: str, en: str, at: dict[str, str],
) -> Item:  # fmt: skip
    """What a condition found: its truth, the value against the threshold, who held it, who is not known."""
    if truth is not True and dark:
        zh, en = f"{zh}；{len(dark)} 处不明", f"{en}; {len(dark)} unknown"
    found: Item = {
        "truth": truth, "value": value, "threshold": threshold, "unit": unit, "zh": zh, "en": en,
        "sources": [str(one[0]) for one in held[:TOLD]], "unknown": [] if truth else list(dark[:TOLD]),
    }  # fmt: skip
    return found | ({"at": at[held[0][0]]} if held and held[0][0] in at else {})


def _water_level(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    at, rows = dict[str, str](), []
    dark: list[str] = []
    for code, mark in facts.marks.items():
        over = leaf["above_m"] if leaf["over"] is None else getattr(mark, f"{leaf['over']}_level_m")
        if (leaf["gauge"] and code != leaf["gauge"]) or over is None:
            continue
        if (last := facts.newest(code)) is None:
            dark.append(code)
        else:
            at[code] = last.at.isoformat()
            rows.append((code, mark.name, last.value, float(over)))
    held = sorted((row for row in rows if row[2] >= row[3]), key=lambda row: row[3] - row[2])
    truth = None if not rows and not dark else counted(leaf["count"], len(held), len(dark))
    over_zh = {"warning": "警戒", "guarantee": "保证", None: f"{leaf['above_m']} 米"}[leaf["over"]]
    told = "、".join(f"{name} {value:g} 米（{over:g}）" for _, name, value, over in held[:3])
    near = max(rows, key=lambda row: row[2] - row[3], default=None)
    zh = f"水位超{over_zh}：{told}" if held else f"水位未见超{over_zh}"
    en = f"Water levels at or above {leaf['over'] or leaf['above_m']}: {len(held)}"
    first = held[0] if held else near
    return measured(
        truth, first and first[2], first[3] if first else (leaf["above_m"] or 0.0), "m", held, dark, zh, en, at
    )


def _roads(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    s, session, rows = Suggestion, facts.tx.session, facts.closures
    if leaf["state"] == "closed":
        held = [(str(row.id), row.road_name) for row in rows if row.closed_for]
    else:
        wet = session.execute(select(s.id, s.place, s.closure_id).where(s.cleared_at.is_(None), s.source == "gauge"))
        found = wet.all()
        known = {row.closure_id for row in found}
        held = [(str(row.id), row.place) for row in found]
        held += [(str(row.id), row.road_name) for row in rows if row.depth_m and row.id not in known]
    what_zh, what_en = ("封控", "closed") if leaf["state"] == "closed" else ("积水", "under water")
    told = "、".join(name for _, name in held[:3])
    return {
        "truth": len(held) >= leaf["count"], "value": len(held), "threshold": leaf["count"], "unit": "处",
        "sources": [id_ for id_, _ in held[:TOLD]], "zh": f"{what_zh}道路 {len(held)} 处" + (f"：{told}" * bool(told)),
        "en": f"Roads {what_en}: {len(held)}",
    }  # fmt: skip


def _hazards(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    look, level = facts.look, {"prepare": PREPARE, "immediate": IMMEDIATE}[leaf["state"]]
    sure, maybe = 0.0, 0.0
    held: list[tuple[str, str, float]] = []
    dark: list[str] = []
    for n, one in enumerate(look.watch.objects):
        if leaf["register"] not in ("any", one.register):
            continue
        many = 1 if leaf["unit"] == "objects" else getattr(one, leaf["unit"])
        if look.states.alarm[n] >= level:
            held.append((one.id, one.name, float(many or 0)))
            sure += many or 0
            maybe += np.inf if many is None else 0
        elif look.states.unknown[n]:
            dark.append(one.id)
            maybe += np.inf if many is None else many
    truth = None if not held and not dark and not look.watch.objects else counted(leaf["count"], sure, maybe)
    state_zh, state_en = ("准备转移", "prepare") if leaf["state"] == "prepare" else ("立即转移", "move now")
    what_zh = {"key_village": "重点村", "geohazard_zone": "风险防范区", "any": "重点村和风险防范区"}[leaf["register"]]
    unit_zh = {"objects": "处", "households": "户", "persons": "人"}[leaf["unit"]]
    told = "、".join(name for _, name, _ in held[:3])
    zh = f"{what_zh}“{state_zh}”以上 {sure:g} {unit_zh}" + (f"：{told}" if told else "")
    en = f"At “{state_en}” or above: {sure:g} {leaf['unit']}"
    return measured(truth, sure, leaf["count"], unit_zh, held, dark, zh, en, {})


def _upper(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    row = facts.responses.get((plan.track, leaf["jurisdiction"]))
    held = row is not None and row.state == "active" and row.level <= leaf["level"]
    found: Item = {
        "truth": held, "value": row.level if row else None, "threshold": leaf["level"], "unit": "级",
        "sources": [f"{row.id}@{row.since.isoformat()}"] if row and held else [],
        "zh": f"上级（{leaf['jurisdiction']}）未启动{ROMAN[leaf['level']]}级以上响应",
        "en": f"{leaf['jurisdiction']} has no response of level {ROMAN[leaf['level']]} or above",
    }  # fmt: skip
    if row and held:
        zh = f"{row.jurisdiction_zh}已启动{row.track_zh}{ROMAN[row.level]}级响应（{row.document_no}）"
        en = f"{row.jurisdiction_zh} is at level {ROMAN[row.level]} ({row.document_no})"
        found |= {"zh": zh, "en": en, "at": row.since.isoformat()}
    return found


def _manual(facts: Facts, plan: PlanEdition, leaf: Item) -> Item:
    """Never true by itself: a person proposes by hand."""
    return {
        "truth": False, "value": None, "threshold": None, "unit": "", "sources": [],
        "zh": f"由人研判：{leaf['text']}", "en": f"For people to judge: {leaf['text']}",
    }  # fmt: skip


LEAVES: dict[str, Callable[[Facts, PlanEdition, Item], Item]] = {
    "warning": _warning, "rain": _rain, "water_level": _water_level, "roads": _roads, "hazards": _hazards,
    "upper": _upper, "manual": _manual,
}  # fmt: skip
