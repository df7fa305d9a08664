"""Incidents (突发事件): reported, responded to, closed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import IncidentClosed, IncidentReported
from command.reports.clock import due
from command.scene_tables import Mark
from command.tables import Dispatch, Incident
from gis_data.clock import SHANGHAI
from gis_data.crs import check_box
from gis_data.db import Writing, district
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.parameters import value_of
from gis_data.tables import TABLES, Place
from gis_data.tables.base import SRID, new_id

KINDS = {
    "flood": ("洪涝", "Flood"),
    "city_fire": ("城市火灾", "City fire"),
    "forest_fire": ("森林火灾", "Forest fire"),
    "geohazard": ("地质灾害", "Geological hazard"),
    "other": ("其他", "Other"),
}

CLASSES = "GB/T 35561"
"""The code list of event classes, as the bureau loads it."""


@dataclass(frozen=True)
class Report:
    """What a caller says. The place is a point in EPSG:4490, or the id of a named place.

    `known_at` is when a post first knew, if that was before now. Without a `class_code` the parameter
    `incident.class[<kind>]` gives it.
    """

    kind: str
    title: str
    lon: float | None = None
    lat: float | None = None
    place_id: int | None = None
    place: str = ""
    grade: str | None = None
    note: str = ""
    source: str = "phone"
    occurred_at: datetime | None = None
    known_at: datetime | None = None
    class_code: str | None = None
    id: UUID | None = None


def get_incident(session: Session, incident_id: UUID) -> Incident:
    """The incident of that id, open or closed."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound("没有这一事件。", "There is no such incident.", field="incident_id")
    return incident


def _locate(session: Session, report: Report) -> tuple[float, float, str]:
    if report.place_id is not None:
        query = select(func.ST_X(Place.geom), func.ST_Y(Place.geom), Place.name).where(Place.id == report.place_id)
        found = session.execute(query).one_or_none()
        if found is None:
            raise NotFound("没有这一地名。", "There is no such place.", field="place_id")
        return found[0], found[1], report.place or found[2]
    if report.lon is None or report.lat is None:
        raise Invalid(
            "请给出位置：在地图上点选、填写坐标或选择地名。",
            "Say where: click the map, give coordinates, or choose a place.",
            field="lon",
        )
    west, south, east, north = district(session).box
    check_box(report.lon, report.lat, (west, south, east, north))
    return report.lon, report.lat, report.place


def _class_code(tx: Writing, said: Report) -> str | None:
    """The code said, or that the kind has by parameter; where the bureau's table is there, it must be in it."""
    code = said.class_code
    if code is None:
        with suppress(NotFound):
            code = value_of(tx.session, f"incident.class[{said.kind}]", tx.at).value
    c = TABLES["code_item"].c
    listed = select(c.item).where(c.list_code == CLASSES, c.valid_to.is_(None))
    known = set(tx.session.scalars(listed)) if code else set()
    if known and code not in known:
        raise Invalid(f"分类编码表中没有“{code}”。", f"The code table has no “{code}”.", field="class_code")
    return code


def report(tx: Writing, said: Report) -> tuple[Incident, bool]:
    """Write an incident down; the same report sent twice (same `id`) is one. Returns it and whether it is new."""
    require(tx.actor, "incident.report")
    if said.id and (known := tx.session.get(Incident, said.id)):
        return known, False
    if said.occurred_at and said.occurred_at > tx.at:
        raise Invalid("发生时间不能晚于现在。", "It cannot have happened in the future.", field="occurred_at")
    known_at = said.known_at or tx.at
    if not (said.occurred_at or known_at) <= known_at <= tx.at:
        raise Invalid(
            "知悉时间须在发生之后、现在之前。", "It became known after it happened, and by now.", field="known_at"
        )
    first_due_at, written_due_at = due(tx.session, known_at)
    lon, lat, place = _locate(tx.session, said)
    day = f"{tx.at.astimezone(SHANGHAI):%Y%m%d}"
    today = tx.session.scalar(select(func.count()).where(Incident.no.startswith(day))) or 0
    incident = Incident(
        id=said.id or new_id(),
        no=f"{day}-{today + 1:03d}",
        kind=said.kind,
        title=said.title,
        place=place,
        geom=f"SRID={SRID};{Point(lon, lat).wkt}",
        grade=said.grade,
        state="reported",
        note=said.note,
        source=said.source,
        occurred_at=said.occurred_at,
        reported_at=tx.at,
        reported_by=tx.actor.post,
        class_code=_class_code(tx, said),
        known_at=known_at,
        first_due_at=first_due_at,
        written_due_at=written_due_at,
        recorded_at=tx.real_at,
    )
    tx.session.add(incident)
    kind_zh, kind_en = KINDS[said.kind]
    record(
        tx,
        IncidentReported(
            f"接报{kind_zh}：{said.title}（{incident.no}）",
            f"{kind_en} reported: {said.title} ({incident.no})",
            str(incident.id),
            incident.no,
            said.kind,
            lon,
            lat,
        ),
    )
    return incident, True


def close(tx: Writing, incident_id: UUID, ground: str) -> Incident:
    """End an incident on a stated ground, when no team is out on it any more."""
    require(tx.actor, "incident.close")
    incident = get_incident(tx.session, incident_id)
    if incident.state == "closed":
        raise Conflict("该事件已结束。", "This incident is closed already.")
    out = select(func.count()).where(Dispatch.incident_id == incident_id, Dispatch.state != "released")
    if teams := tx.session.scalar(out):
        raise Conflict(
            f"还有 {teams} 支队伍未撤收，不能结束事件。", f"{teams} teams are still out; release them first."
        )
    zones = select(func.count()).where(
        Mark.incident_id == incident_id, Mark.ended_at.is_(None), Mark.kind.in_(("isolation", "downwind", "cordon"))
    )
    if left := tx.session.scalar(zones):
        raise Conflict(f"还有 {left} 处警戒范围未解除，不能结束事件。", f"{left} zones still stand; lift them first.")
    if not ground.strip():
        raise Invalid("请填写结束依据。", "Say on what ground it ends.", field="ground")
    incident.state, incident.closed_at, incident.ground = "closed", tx.at, ground
    record(
        tx,
        IncidentClosed(
            f"事件结束：{incident.title}（{incident.no}），{ground}",
            f"Incident closed: {incident.title} ({incident.no}), {ground}",
            str(incident.id),
            incident.no,
            ground,
        ),
    )
    return incident
