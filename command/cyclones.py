"""Typhoon tracks (台风路径): what agencies say, kept issue by issue; how near a cyclone comes. Distances are 参考."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.cyclone_events import CycloneEnded, CycloneReported
from command.cyclone_points import Track, as_json, from_json, sound
from command.cyclone_tables import Cyclone, CycloneIssue
from command.stations import Source
from gis_data.clock import SHANGHAI
from gis_data.db import Writing, district
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.tables.base import new_id
from layers.cyclone import FORCES, GRADES, approach, circle, cone, course

HALF_HOUR_S = 1800
PLACES = 4
"""Decimals of a degree that are kept of shapes: about ten metres."""
SIMPLE_DEG = 0.0005
WORDS = {name: (zh, en) for name, _, zh, en in GRADES}


def enter(tx: Writing, track: Track) -> tuple[Cyclone, bool]:
    """Keep what a person typed or brought as a file; whether anything of it was new."""
    require(tx.actor, "warning.enter")
    return _take(tx, track, tx.actor.post)


def receive(tx: Writing, track: Track, source: Source) -> tuple[Cyclone, bool]:
    """Keep what a source sends by its key. Raises Denied where the source is there for certain readings only."""
    if source.elements or source.stations:
        raise Denied("该来源只能送所列要素。", "This source may send certain readings only.")
    return _take(tx, track, f"来源 {source.id}")


def end(tx: Writing, id_: UUID, reason: str) -> Cyclone:
    """Stop following a cyclone (停止编报), saying on what ground; a later issue opens it again."""
    require(tx.actor, "warning.enter")
    row = tx.session.get(Cyclone, id_)
    if row is None:
        raise NotFound("没有这个台风。", "There is no such cyclone.", field="cyclone_id")
    if row.state == "ended":
        raise Conflict("该台风已停止编报。", "This cyclone is not followed any more.")
    if not reason.strip():
        raise Invalid("请填写停止编报的依据。", "Say on what ground.", field="reason")
    row.state, row.ended_at, row.ended_by, row.ended_why = "ended", tx.at, tx.actor.post, reason.strip()
    said = f"停止编报：{_name(row)}，{row.ended_why}", f"Not followed any more: {_name(row, 1)}, {row.ended_why}"
    record(tx, CycloneEnded(*said, str(row.id), row.ended_why))
    return row


def _take(tx: Writing, track: Track, by: str) -> tuple[Cyclone, bool]:
    sound(track, tx.at)
    c = Cyclone
    row = tx.session.scalar(select(c).where(c.number == track.number.strip(), c.agency == track.agency.strip()))
    made = row is None
    if row is None:
        row = Cyclone(
            id=new_id(), number=track.number.strip(), agency=track.agency.strip(), name_en="", observed=[], forecast=[],
            forecast_at=None, shapes=[], approach={}, course=[], ended_at=None, ended_by=None, ended_why="",
            is_demo=track.is_demo, state="open", last_at=tx.at, name_zh="", received_at=tx.at, received_by=by,
            recorded_at=tx.real_at,
        )  # fmt: skip
        tx.session.add(row)
        tx.session.flush()
    elif row.is_demo != track.is_demo:
        raise Conflict("演示台风与真实台风编号相同。", "A DEMO cyclone has this number.", field="number")
    new = _keep(tx, row, track, by)
    if not new:
        return row, False
    row.name_zh, row.name_en = track.name_zh.strip() or row.name_zh, track.name_en.strip() or row.name_en
    row.state, row.ended_at, row.ended_by, row.ended_why = "open", None, None, ""
    row.received_at, row.received_by, row.recorded_at = tx.at, by, tx.real_at
    _look(tx.session, row)
    zh, en = _told(row, len(new), made)
    record(tx, CycloneReported(zh, en, str(row.id), row.number, row.agency, [one.sha256 for one in new]))
    return row, True


def _keep(tx: Writing, row: Cyclone, track: Track, by: str) -> list[CycloneIssue]:
    """What is not known yet, as rows; the same again is nothing, other words of the same time are a revision."""
    i, new = CycloneIssue, []
    query = select(i).where(i.cyclone_id == row.id, i.at.in_([one.fix.at for one in track.issues]))
    known: dict[datetime, CycloneIssue] = {}
    for old in tx.session.scalars(query.order_by(i.revision)):
        known[old.at] = old
    for one in track.issues:
        fix, forecast = as_json(one.fix), [as_json(each) for each in one.forecast]
        before = known.get(one.fix.at)
        if before and before.fix == fix and (before.forecast == forecast or not forecast):
            continue
        forecast = forecast or (before.forecast if before else [])
        raw = json.dumps([row.number, row.agency, fix, forecast], ensure_ascii=False, sort_keys=True).encode()
        issue = CycloneIssue(
            id=new_id(),
            cyclone_id=row.id,
            at=one.fix.at,
            revision=before.revision + 1 if before else 1,
            fix=fix,
            forecast=forecast,
            sha256=hashlib.sha256(raw).hexdigest(),
            received_at=tx.at,
            received_by=by,
            recorded_at=tx.real_at,
        )  # fmt: skip
        new.append(issue)
    tx.session.add_all(new)
    tx.session.flush()
    return new


def _look(session: Session, row: Cyclone) -> None:
    """Bring a cyclone up to its issues: the track, the forecast that counts, shapes, how near it comes."""
    i = CycloneIssue
    said = session.scalars(select(i).where(i.cyclone_id == row.id).order_by(i.at, i.revision)).all()
    issues = [list(some)[-1] for _, some in groupby(said, key=lambda one: one.at)]
    observed, newest = [from_json(one.fix) for one in issues], issues[-1]
    last = next((one for one in reversed(issues) if one.forecast), None)
    ahead = [from_json(one) for one in last.forecast] if last else []
    ahead = [one for one in ahead if one.at > newest.at]
    now = observed[-1]
    row.last_at, row.forecast_at = newest.at, last.at if last else None
    row.observed = [as_json(one) for one in observed]
    row.forecast = [as_json(one) for one in ahead]
    row.shapes = [
        {"kind": "circle", "force": force, "geometry": _rounded(circle(now.lon, now.lat, now.radii[force]))}
        for force in FORCES
        if force in now.radii
    ]
    if (wide := cone([replace(now, lead_h=0.0), *ahead])) is not None:
        row.shapes = [*row.shapes, {"kind": "cone", "force": None, "geometry": _rounded(wide)}]
    place = _district(session)
    whole = approach(course([*observed, *ahead], place))
    coming = course([now, *ahead], place)
    steps = (coming.at_s % HALF_HOUR_S == 0) | (coming.at_s == coming.at_s[0]) | (coming.at_s == coming.at_s[-1])
    row.course = [
        [datetime.fromtimestamp(at, SHANGHAI).isoformat(), round(km, 1), None if wind != wind else round(wind, 1)]
        for at, km, wind in zip(
            coming.at_s[steps].tolist(), coming.km[steps].tolist(), coming.wind_ms[steps].tolist(), strict=True
        )
    ]  # fmt: skip
    row.approach = {
        "now_km": round(float(coming.km[0]), 1), "nearest_km": whole["nearest_km"], "nearest": whole["nearest"],
        "nearest_at": whole["nearest_at"].isoformat(), "known": whole["known"],
        "arrives": {force: at and at.isoformat() for force, at in whole["arrives"].items()},
    }  # fmt: skip


def _district(session: Session) -> BaseGeometry:
    """The towns' outline as one; without towns the district's box."""
    query = text(
        "select ST_AsBinary(ST_Simplify(ST_Union(geom), :simple)) from gis.admin_unit"
        " where valid_to is null and level = 'town' and geom is not null"
    )
    raw = session.scalar(query, {"simple": SIMPLE_DEG})
    if raw:
        return shapely.from_wkb(bytes(raw))
    west, south, east, north = district(session).box
    return shapely.box(west, south, east, north)


def _rounded(shape: BaseGeometry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(PLACES))))
    return found


def _name(row: Cyclone, at: int = 0) -> str:
    name = (row.name_zh, row.name_en or row.name_zh)[at] or row.number
    demo = "DEMO " if row.is_demo else ""
    return f"{demo}“{name}”（{row.number}，{row.agency}）" if at == 0 else f"{demo}{name} ({row.number}, {row.agency})"


def _told(row: Cyclone, n: int, made: bool) -> tuple[str, str]:
    now, near = row.observed[-1], row.approach
    level = WORDS.get(now["grade"], ("", ""))
    at = datetime.fromisoformat(now["at"]).astimezone(SHANGHAI)
    zh = f"台风路径：{_name(row)} {at:%m-%d %H:%M} 中心 {now['lon']:g}, {now['lat']:g} {level[0]}".rstrip()
    en = f"Cyclone track: {_name(row, 1)} at {now['lon']:g}, {now['lat']:g} {level[1]}".rstrip()
    when = datetime.fromisoformat(near["nearest_at"]).astimezone(SHANGHAI)
    zh += f"，距本区 {near['now_km']:.0f} 公里；最近 {near['nearest_km']:.0f} 公里（{when:%m-%d %H:%M}，参考）"
    en += f", {near['now_km']:.0f} km away; nearest {near['nearest_km']:.0f} km ({when:%m-%d %H:%M}, 参考)"
    return (f"{zh}；共 {n} 报", f"{en}; {n} issues") if n > 1 else (zh, en)
