"""Marks at the scene of an incident (现场标绘): first zones of a leak, cordons, sectors, escape routes, burnt ground.

A zone keeps who and what lay inside when it was set, so that whoever decides sees counts; it stands until a person
ends it with what was found. First zones come from a table and are 初始警戒建议 until a post sets them; from then on
nobody is sent through the downwind sector, and who is on such a way is led another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from command import chemical, rerouting, sector
from command.access import require
from command.board import record
from command.events import Event
from command.exposure import exposed, metric, moved, said
from command.incidents import get_incident
from command.reports import chain
from command.reports.grading import Figures
from command.scene_events import MarkDecided, MarkEnded, MarksSet
from command.scene_tables import Mark
from gis_data.crs import check_box
from gis_data.db import Writing, district
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.tables.base import SRID, new_id

Kind = Literal[
    "isolation", "downwind", "cordon", "headquarters", "division", "escape", "safety", "burnt", "monitor"
]  # fmt: skip
KINDS: dict[str, tuple[str, str, str]] = {
    "isolation": ("初始警戒圈", "isolation circle", "Polygon"),
    "downwind": ("下风向扇形", "downwind sector", "Polygon"),
    "cordon": ("警戒区", "cordon", "Polygon"),
    "headquarters": ("现场指挥部", "on-scene headquarters", "Point"),
    "division": ("作战分区", "sector", "Polygon"),
    "escape": ("撤离路线", "escape route", "LineString"),
    "safety": ("安全区", "safety zone", "Polygon"),
    "burnt": ("过火范围", "burnt ground", "Polygon"),
    "monitor": ("监测点", "monitoring point", "Point"),
}
"""Kind → its words, and what it is drawn as."""
DRAWN = {"Point": "一个点", "LineString": "一条线", "Polygon": "边界不自相交的范围"}
ZONES = ("isolation", "downwind", "cordon")
"""Where people leave or stay indoors."""
DECISIONS = {"evacuate": ("疏散撤离", "evacuate"), "shelter": ("就地避险", "shelter in place")}
MOST_CORNERS = 20_000


@dataclass(frozen=True)
class NewMark:
    """What is drawn: GeoJSON in EPSG:4490, the post that answers for it."""

    kind: Kind
    geometry: dict[str, Any]
    name: str = ""
    post: str = ""


def put(tx: Writing, incident_id: UUID, new: NewMark) -> Mark:
    """Draw something at the scene. Burnt ground grades the incident by its area; estimates before it are kept."""
    require(tx.actor, "scene.mark")
    incident = _open_incident(tx, incident_id)
    row = _made(tx, incident_id, new.kind, _shape(tx.session, new), {}, new.name, new.post)
    if new.kind in (*ZONES, "division"):
        there = shapely.from_wkt(row.geom.partition(";")[2])
        row.inside = _figures(said(exposed(tx.session, [there])[0]))
        row.targets = _named(chemical.targets(tx, there))
    zh, en, _ = KINDS[new.kind]
    area = f" {row.area_ha:g} 公顷" if row.area_ha else ""
    _record(tx, incident.title, [row], f"{zh}{new.name}{area}", en, {})
    if new.kind == "burnt":
        chain.grade_now(tx, incident_id, Figures(forest_ha=row.area_ha))
    return row


def put_zones(tx: Writing, incident_id: UUID, found: Mapping[str, Any]) -> list[Mark]:
    """Set the circle and the sector that `chemical.answer` suggests; those set before are ended by it."""
    require(tx.actor, "scene.mark")
    incident = _open_incident(tx, incident_id)
    for old in _open(tx.session, incident_id, ("isolation", "downwind")):
        _end(tx, old, "按新的物质、风向或泄漏量重新划定")
    names = ("un_number", "substance", "large", "night", "wind_from_deg", "isolation_m", "protective_m", "document",
             "is_demo")  # fmt: skip
    basis = {name: found[name] for name in names}
    rows = []
    for kind, area, inside in (
        ("isolation", "isolation", "exposure_isolation"), ("downwind", "sector", "exposure_sector"),
    ):  # fmt: skip
        row = _made(tx, incident_id, kind, shape(found[area]), basis, "", "")
        row.inside = _figures(found[inside])
        row.targets = _named(chemical.targets(tx, shape(found[area])))
        rows.append(row)
    words = f"初始警戒圈 {found['isolation_m']:g} 米、下风向 {found['protective_m']:g} 米（{found['substance']}）"
    zones = f"circle {found['isolation_m']:g} m, downwind {found['protective_m']:g} m (UN {found['un_number']})"
    _record(tx, incident.title, rows, words, zones, basis)
    return rows


def decide(tx: Writing, mark_id: UUID, decision: Literal["evacuate", "shelter"], reason: str) -> Mark:
    """Decide for the people inside a zone; a commander does, and says why. A later decision takes its place."""
    require(tx.actor, "scene.decide")
    row = _standing(tx.session, mark_id)
    if row.kind not in ZONES:
        raise Conflict("只对警戒范围作疏散或避险决定。", "Only zones are decided on.", field="mark_id")
    if not reason.strip():
        raise Invalid("请填写决定依据。", "Say why.", field="reason")
    row.decision, row.decided_at, row.decided_by, row.reason = decision, tx.at, tx.actor.post, reason
    zh, en = DECISIONS[decision]
    people = persons(row)
    record(
        tx,
        MarkDecided(
            f"{KINDS[row.kind][0]}：{zh}，涉及 {people} 人；{reason}",
            f"{KINDS[row.kind][1]}: {en}, {people} persons; {reason}",
            str(row.incident_id), str(row.id), decision, reason,
        ),
    )  # fmt: skip
    return row


def options(session: Session, mark_id: UUID) -> list[dict[str, Any]]:
    """What may be decided for a zone, each with how many it concerns."""
    row = _standing(session, mark_id)
    if row.kind not in ZONES:
        raise Conflict("只对警戒范围作疏散或避险决定。", "Only zones are decided on.", field="mark_id")
    figures = {one["id"]: one["amount"] for one in row.inside}
    counts = {"persons": persons(row), "targets": len(row.targets), "buildings": round(figures.get("buildings", 0))}
    return [{"decision": one, "zh": zh, **counts} for one, (zh, _) in DECISIONS.items()]


def persons(row: Mark) -> int:
    """How many people its figures say are inside, by night or by day as it was set."""
    by = "persons_night" if row.basis.get("night") else "persons_day"
    found = {one["id"]: one["amount"] for one in row.inside}
    amount: float = found.get(by) or found.get("persons_night") or 0.0
    return round(amount)


def end(tx: Writing, mark_id: UUID, finding: str) -> Mark:
    """End a mark with what was found. Of zones the outer goes first, and none while a monitoring point is not clear."""
    require(tx.actor, "scene.mark")
    row = _standing(tx.session, mark_id)
    if not finding.strip():
        raise Invalid("请填写核查结果。", "Say what was found.", field="finding")
    if row.kind in ZONES:
        if waiting := len(_open(tx.session, row.incident_id, ("monitor",))):
            raise Conflict(f"还有 {waiting} 个监测点未达标。", f"{waiting} monitoring points are not clear yet.")
        if row.kind == "isolation" and _open(tx.session, row.incident_id, ("downwind", "cordon")):
            raise Conflict("须由外向内分步解除。", "The outer zones are lifted first.")
    _end(tx, row, finding)
    return row


def open_zones(session: Session, incident_id: UUID) -> list[Mark]:
    """Zones that still stand."""
    return _open(session, incident_id, ZONES)


def _end(tx: Writing, row: Mark, finding: str) -> None:
    row.ended_at, row.ended_by, row.finding = tx.at, tx.actor.post, finding
    zh, en, _ = KINDS[row.kind]
    more = "，人员可以返回" if row.decision else ""
    tx.session.flush()
    why = f"{zh}已解除", f"the {en} has ended"
    moved_on = list(rerouting.roads_opened(tx, why)) if row.kind == "downwind" else []
    record(
        tx,
        MarkEnded(
            f"解除{zh}{row.name}：{finding}{more}", f"{en} {row.name} ended: {finding}", str(row.incident_id),
            str(row.id), finding,
        ),
        *moved_on,
    )  # fmt: skip


def _open_incident(tx: Writing, incident_id: UUID) -> Any:
    incident = get_incident(tx.session, incident_id)
    if incident.state == "closed":
        raise Conflict("该事件已结束。", "This incident is closed.")
    return incident


def _standing(session: Session, mark_id: UUID) -> Mark:
    row = session.get(Mark, mark_id)
    if row is None:
        raise NotFound("没有这一标绘。", "There is no such mark.", field="mark_id")
    if row.ended_at is not None:
        raise Conflict("该标绘已解除。", "This mark has ended.")
    return row


def _open(session: Session, incident_id: UUID, kinds: tuple[str, ...]) -> list[Mark]:
    query = select(Mark).where(Mark.incident_id == incident_id, Mark.ended_at.is_(None), Mark.kind.in_(kinds))
    return list(session.scalars(query.order_by(Mark.set_at, Mark.id)))


def _made(
    tx: Writing, incident_id: UUID, kind: str, where: BaseGeometry, basis: dict[str, Any], name: str, post: str
) -> Mark:
    is_area = where.geom_type in ("Polygon", "MultiPolygon")
    area = round(moved(where, metric(tx.session)).area / 10_000, 2) if is_area else None
    row = Mark(
        id=new_id(), incident_id=incident_id, kind=kind, name=name, post=post, geom=f"SRID={SRID};{where.wkt}",
        area_ha=area, basis=basis, inside=[], targets=[], set_at=tx.at, set_by=tx.actor.post, reason="", finding="",
        recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    return row


def _shape(session: Session, new: NewMark) -> BaseGeometry:
    zh, _, drawn = KINDS[new.kind]
    try:
        found = shape(new.geometry)
        sound = found.geom_type.removeprefix("Multi") == drawn and found.is_valid and not found.is_empty
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError):
        sound = False
    if not sound or len(shapely.get_coordinates(found)) > MOST_CORNERS:
        raise Invalid(f"{zh}须为{DRAWN[drawn]}。", f"This is drawn as a sound {drawn}.", field="geometry")
    west, south, east, north = district(session).box
    for lon, lat in shapely.get_coordinates(found)[:: max(1, len(shapely.get_coordinates(found)) - 1)]:
        check_box(lon, lat, (west, south, east, north))
    return found


def _figures(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is inside, each with its unit; nothing of which there is nothing."""
    kept = ("id", "zh", "en", "unit", "amount", "objects", "unknown")
    return [{name: one[name] for name in kept} for one in lines if one["objects"]]


def _named(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: one[name] for name in ("code", "name", "kind")} for one in targets]


def _record(tx: Writing, title: str, rows: list[Mark], zh: str, en: str, basis: dict[str, Any]) -> None:
    ids, kinds = [str(row.id) for row in rows], [row.kind for row in rows]
    tx.session.flush()
    moved_on: list[Event] = []
    for row in rows:
        if row.kind == "downwind":
            held = sector.crossed(tx.session, row.incident_id)
            moved_on += rerouting.roads_closed(tx, row.id, held, ("下风向扇形", "the downwind sector"))
    record(
        tx,
        MarksSet(f"标绘（{title}）：{zh}", f"Drawn at the scene: {en}", str(rows[0].incident_id), ids, kinds, basis),
        *moved_on,
    )
