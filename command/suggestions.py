"""Suggested closures (建议封控): a gauge or a model says that a road is under water; a person confirms or dismisses it.

Nothing here closes or reopens a road by itself. A point has one suggestion at a time: it stands, whatever was decided,
until the water is gone, so that nobody is asked twice about the same water.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import MultiLineString
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from command import closures, roads
from command.access import require
from command.board import record
from command.events import ClosureSuggested, Event, SuggestionDecided, SuggestionsChanged
from command.tables import Closure, Suggestion
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.parameters import numbers_under
from gis_data.tables.base import SRID, new_id
from gis_data.world import SYSTEM, World
from layers.network import Network
from layers.positions import snap
from layers.profiles import DRIVE, EVERYBODY, Limit

NEAR_DEG = 0.00015
"""About 15 m: what lies along an underpass."""
POINT_LIMIT_M = 80.0
RELEASE = 0.8
"""DEMO: water is gone when it is below this share of the closing depth. Parameter `suggestion.release`."""
STEP_M = 0.05
"""By how much the depth changes before that is said again."""


@dataclass(frozen=True)
class Finding:
    """What was found of one point: water of a depth on roads that are closed at `limit_m`."""

    key: str
    place: str
    road_ids: tuple[int, ...]
    depth_m: float
    limit_m: float
    zh: str
    en: str
    station: str | None = None
    arrives_at: datetime | None = None
    confidence: str | None = None


@dataclass(frozen=True)
class _Point:
    key: str
    place: str
    station: str
    road_ids: tuple[int, ...]
    limit_m: float


def by_gauges(world: World, depths: Mapping[str, float]) -> None:
    """Take what depth gauges (code → metres) say of the points they stand at; suggest, follow or withdraw."""
    with reading(world) as tx:
        points = _points(tx, list(depths))
        known = {row.key for row in _standing(tx.session, [p.key for p in points])}
        if not any(depths[p.station] >= p.limit_m or p.key in known for p in points):
            return
    findings = [
        Finding(
            p.key, p.place, p.road_ids, depths[p.station], p.limit_m,
            f"{p.place}积水 {depths[p.station] * 100:.0f} 厘米，封控水深 {p.limit_m * 100:.0f} 厘米（{p.station}）",
            f"{p.place}: water {depths[p.station] * 100:.0f} cm, closed at {p.limit_m * 100:.0f} cm ({p.station})",
            p.station,
        )
        for p in points
    ]  # fmt: skip
    with writing(world, SYSTEM) as now:
        suggest(now, "gauge", findings)


def suggest(tx: Writing, source: str, findings: Iterable[Finding], run_id: UUID | None = None) -> list[Suggestion]:
    """Bring the suggestions up to what was found: new ones, deeper or shallower ones, and those whose water is gone.

    Points that are not found at all are left as they are. Roads that are closed already need no suggestion.
    """
    release = numbers_under(tx.session, "suggestion.", tx.at).get("release", RELEASE)
    found = {one.key: one for one in findings}
    standing = {row.key: row for row in _standing(tx.session, list(found))}
    others = {row.key: row for row in _of_other_source(tx.session, source)}
    shut = {road for road, limit in roads.limits(tx.session).items() if limit.closed_for >= EVERYBODY}
    network = roads.base(tx.session)
    events: list[Event] = []
    made, changed, replaced = [], [], list[Suggestion]()
    for one in found.values():
        row = standing.get(one.key)
        if row is None:
            known = [row for row in others.values() if set(row.road_ids) & set(one.road_ids)]
            if one.depth_m < one.limit_m or set(one.road_ids) <= shut or (source == "model" and known):
                continue  # what a gauge says of a road needs no model beside it
            made.append(_make(tx, source, one, network, run_id))
            for row in known:
                row.state, row.cleared_at, row.updated_at = "withdrawn", tx.at, tx.at
                replaced.append(row)
        elif one.depth_m < one.limit_m * release:
            row.cleared_at, row.updated_at, row.depth_m = tx.at, tx.at, one.depth_m
            gone = _gone(tx.session, row, one)
            events.append(SuggestionsChanged(*gone, [str(row.id)]))
            if row.state == "open":
                row.state = "withdrawn"
        elif abs(one.depth_m - row.depth_m) >= STEP_M or one.arrives_at != row.arrives_at:
            row.depth_m, row.updated_at, row.arrives_at = one.depth_m, tx.at, one.arrives_at
            row.evidence = _evidence(one)
            row.run_id = run_id
            changed.append(row)
    if replaced:
        ids = [str(row.id) for row in replaced]
        events.append(SuggestionsChanged("监测站已有实测，撤回模型建议", "A gauge says it now, not the model", ids))
    if changed:
        ids = [str(row.id) for row in changed]
        zh, en = _told([(row.place, row.depth_m) for row in changed])
        events.append(SuggestionsChanged(f"积水变化：{zh}", f"Water has changed: {en}", ids))
    if made:
        tx.session.add_all(made)
        zh, en = _told([(row.place, row.depth_m) for row in made])
        ids = [str(row.id) for row in made]
        events.append(ClosureSuggested(f"建议封控（内部提示）：{zh}", f"Closing suggested: {en}", ids, source))
    if events:
        record(tx, *events)
    return made


def _told(places: Sequence[tuple[str, float]]) -> tuple[str, str]:
    some = sorted(places, key=lambda one: -one[1])[:3]
    zh = "、".join(f"{place} {depth * 100:.0f} 厘米" for place, depth in some)
    en = ", ".join(f"{place} {depth * 100:.0f} cm" for place, depth in some)
    more = len(places) - len(some)
    return (f"{zh} 等 {len(places)} 处", f"{en} and {more} more") if more else (zh, en)


def _gone(session: Session, row: Suggestion, one: Finding) -> tuple[str, str]:
    closure = session.get(Closure, row.closure_id) if row.closure_id else None
    if closure and not closure.lifted_at:
        return (
            f"{one.place}水深降至 {one.depth_m * 100:.0f} 厘米，核实后可解除封控",
            f"{one.place}: water down to {one.depth_m * 100:.0f} cm; the closure may be lifted after a look",
        )
    return f"{one.place}积水已退", f"{one.place}: the water is gone"


def _make(tx: Writing, source: str, one: Finding, network: Network, run_id: UUID | None) -> Suggestion:
    lines = [network.plan.lines[network.plan.row(road_id)] for road_id in one.road_ids]
    return Suggestion(
        id=new_id(), key=one.key, source=source, road_ids=list(one.road_ids), place=one.place, station=one.station,
        run_id=run_id, depth_m=one.depth_m, limit_m=one.limit_m, arrives_at=one.arrives_at, evidence=_evidence(one),
        geom=f"SRID={SRID};{MultiLineString(lines).wkt}", state="open", made_at=tx.at, updated_at=tx.at,
        recorded_at=tx.real_at,
    )  # fmt: skip


def _evidence(one: Finding) -> dict[str, Any]:
    return {"zh": one.zh, "en": one.en, "confidence": one.confidence}


def _standing(session: Session, keys: Sequence[str]) -> list[Suggestion]:
    return list(session.scalars(select(Suggestion).where(Suggestion.cleared_at.is_(None), Suggestion.key.in_(keys))))


def _of_other_source(session: Session, source: str) -> list[Suggestion]:
    query = select(Suggestion).where(Suggestion.source != source, Suggestion.cleared_at.is_(None))
    return list(session.scalars(query if source == "model" else query.where(Suggestion.state == "open")))


def withdraw(tx: Writing, source: str, but: Iterable[str]) -> None:
    """Take back the open suggestions of a model that no longer finds them."""
    kept = set(but)
    query = select(Suggestion).where(Suggestion.source == source, Suggestion.cleared_at.is_(None))
    rows = [row for row in tx.session.scalars(query) if row.key not in kept]
    for row in rows:
        row.cleared_at = row.updated_at = tx.at
        row.state = "withdrawn" if row.state == "open" else row.state
    if rows:
        ids = [str(row.id) for row in rows]
        said = f"模型不再建议封控 {len(ids)} 处", f"The model no longer suggests {len(ids)} closures"
        record(tx, SuggestionsChanged(*said, ids))


def _get(session: Session, id_: UUID) -> Suggestion:
    row = session.get(Suggestion, id_)
    if row is None:
        raise NotFound("没有这条建议。", "There is no such suggestion.", field="suggestion_id")
    if row.state != "open":
        raise Conflict("该建议已处理。", "This suggestion is decided already.")
    return row


def confirm(tx: Writing, id_: UUID, note: str, limit: Limit = Limit()) -> Closure:
    """Close what is suggested, by a gauge or a named post that has seen it; who confirms says on what ground."""
    require(tx.actor, "closure.set")
    row = _get(tx.session, id_)
    if not note.strip():
        raise Invalid("请填写确认依据。", "Say what confirms it.", field="note")
    reason = f"{row.evidence['zh']}；{note.strip()}"
    closure = closures.close_roads(tx, row.road_ids, reason, limit, place=row.place)
    row.state, row.decided_at, row.decided_by, row.decided_note = "confirmed", tx.at, tx.actor.post, note
    row.closure_id = closure.id
    zh, en = f"确认封控建议：{row.place}，{note}", f"Suggestion confirmed: {row.place}, {note}"
    record(tx, SuggestionDecided(zh, en, str(row.id), "confirmed", note, str(closure.id)))
    return closure


def dismiss(tx: Writing, id_: UUID, note: str) -> Suggestion:
    """Leave the road open, with the reason; the point is asked about again after its water has gone."""
    require(tx.actor, "closure.set")
    row = _get(tx.session, id_)
    if not note.strip():
        raise Invalid("请填写不采纳的理由。", "Say why not.", field="note")
    row.state, row.decided_at, row.decided_by, row.decided_note = "dismissed", tx.at, tx.actor.post, note
    zh, en = f"不采纳封控建议：{row.place}，{note}", f"Suggestion dismissed: {row.place}, {note}"
    record(tx, SuggestionDecided(zh, en, str(row.id), "dismissed", note, None))
    return row


_POINTS = """
select 'underpass:' || u.code as key, coalesce(nullif(u.name, ''), u.road_name) as place, u.gauge_code as station,
  coalesce(u.close_cm, :close) / 100 as limit_m, ST_X(ST_LineInterpolatePoint(u.geom, 0.5)) as lon,
  ST_Y(ST_LineInterpolatePoint(u.geom, 0.5)) as lat,
  array(select r.id from gis.road r where r.valid_to is null and r.drive and r.name = u.road_name
        and ST_DWithin(r.geom, u.geom, :near)
        and ST_Length(ST_Intersection(r.geom, ST_Buffer(u.geom, :near))) >= 0.5 * least(ST_Length(r.geom),
          ST_Length(u.geom)) order by r.id) as road_ids
from gis.underpass u where u.valid_to is null and u.gauge_code = any(:codes)
union all
select 'waterlogging:' || w.code, w.name, w.gauge_code, coalesce(w.close_cm, :close) / 100, ST_X(w.geom), ST_Y(w.geom),
  array[]::bigint[]
from gis.waterlogging_point w where w.valid_to is null and w.gauge_code = any(:codes) and not exists (
  select from gis.underpass u where u.valid_to is null and u.gauge_code = w.gauge_code)
"""


def _points(tx: Reading, codes: list[str]) -> list[_Point]:
    """The points that hang on some depth gauges: their roads, and the depth that closes them."""
    close_cm = numbers_under(tx.session, "underpass.", tx.at).get("close_depth_cm", 27.0)
    query = text(_POINTS)
    rows = tx.session.execute(query, {"codes": codes, "near": NEAR_DEG, "close": close_cm}).all()
    if not rows:
        return []
    network, found = roads.base(tx.session), []
    for row in rows:
        road_ids = tuple(row.road_ids)
        if not road_ids:
            try:
                road_ids = (snap(network, row.lon, row.lat, DRIVE, limit_m=POINT_LIMIT_M).road_id,)
            except Invalid:
                continue  # no road there that could be closed
        found.append(_Point(row.key, row.place, row.station, road_ids, float(row.limit_m)))
    return found
