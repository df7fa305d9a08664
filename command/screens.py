"""The director (导播): who shows which scene, view and object on which screen, and hands it back.

A screen has a name and is first known when somebody shows something on it or sets it. Left alone it shows its own
scene. A sensitive incident is never pointed at on a screen that hides such incidents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from shapely.geometry import shape

from command.access import require
from command.board import items, record
from command.incidents import get_incident
from command.screen_events import IncidentMadeSensitive, ScreenReleased, ScreenSet, ScreenShown
from command.screen_tables import Screen
from command.tables import Incident
from gis_data.crs import check_box
from gis_data.db import Writing, district
from gis_data.errors import Conflict, Invalid, NotFound

SceneName = Literal["daily", "flood", "geohazard", "forest_fire", "city_fire", "drill"]
SCENES: dict[SceneName, tuple[str, str]] = {
    "daily": ("平时", "Daily"),
    "flood": ("防汛", "Flood"),
    "geohazard": ("地质灾害", "Geological hazard"),
    "forest_fire": ("森林火灾", "Forest fire"),
    "city_fire": ("城市火灾·危化", "City fire and chemicals"),
    "drill": ("演练导调", "Drill director"),
}
Pointed = Literal["incident", "team", "shelter", "hazard", "gauge", "closure", "mark", "place"]
COLLECTIONS: dict[Pointed, str] = {
    "incident": "incidents", "team": "teams", "shelter": "shelters", "hazard": "hazards", "gauge": "gauges",
    "closure": "closures", "mark": "marks",
}  # fmt: skip
"""What can be pointed at, and the board's collection of it; `place` is a point alone."""


@dataclass(frozen=True)
class View:
    """Where a map looks: its centre in EPSG:4490, degrees; `zoom` as on a 1080p screen."""

    lon: float
    lat: float
    zoom: float
    pitch: float = 0
    bearing: float = 0


@dataclass(frozen=True)
class Pointer:
    """What is pointed at: something open on the board, or a place, of which lon and lat are asked."""

    kind: Pointed
    id: str = ""
    lon: float | None = None
    lat: float | None = None


def _screen(tx: Writing, name: str) -> Screen:
    """The screen of that name; made when it is first heard of."""
    found = tx.session.get(Screen, name)
    if found is None:
        found = Screen(name=name, home="daily", sensitive="hide", recorded_at=tx.real_at)
        tx.session.add(found)
    return found


def _pointed(tx: Writing, screen: Screen, at: Pointer) -> tuple[dict[str, Any], str, str]:
    """The highlight as it is stored, and its words, which name no sensitive incident."""
    if at.kind == "place":
        if at.lon is None or at.lat is None:
            raise Invalid("请给出要标出的位置。", "Say which place to point at.", field="highlight")
        check_box(at.lon, at.lat, district(tx.session).box)
        return {"kind": at.kind, "id": "", "lon": at.lon, "lat": at.lat}, "一处位置", "a place"
    item = items(tx.session, COLLECTIONS[at.kind], [at.id]).get(at.id)
    if item is None:
        raise NotFound("要标出的对象不在看板上。", "What is to be pointed at is not on the board.", field="highlight")
    of_incident = at.id if at.kind == "incident" else item["incident_id"] if at.kind == "mark" else None
    if of_incident and screen.sensitive == "hide" and tx.session.get_one(Incident, UUID(of_incident)).sensitive:
        raise Conflict("敏感事件不在此屏显示。", "This screen hides sensitive incidents.", field="highlight")
    if "lon" in item:
        lon, lat = item["lon"], item["lat"]
    else:
        lon, lat = shape(item["geom"]).representative_point().coords[0]
    called = str(item.get("no") or item.get("name") or item.get("road_name") or at.id)
    return {"kind": at.kind, "id": at.id, "lon": lon, "lat": lat}, called, called


def show(tx: Writing, name: str, scene: SceneName, view: View, at: Pointer | None = None) -> Screen:
    """Show a scene and a view on a screen, and perhaps point at something; whoever shows last directs it.

    Raises
    ------
    Denied, NotFound : what is pointed at is not open. Conflict : it is sensitive, and the screen hides such.
    Invalid : the centre lies outside the district's box.
    """
    require(tx.actor, "screen.show")
    check_box(view.lon, view.lat, district(tx.session).box)
    screen = _screen(tx, name)
    zh, en = f"投到大屏“{name}”：{SCENES[scene][0]}", f"Shown on “{name}”: {SCENES[scene][1].lower()}"
    highlight = None
    if at is not None:
        highlight, what_zh, what_en = _pointed(tx, screen, at)
        zh, en = f"{zh}，标出{what_zh}", f"{en}, pointing at {what_en}"
    shown = {
        "scene": scene, "lon": view.lon, "lat": view.lat, "zoom": view.zoom, "pitch": view.pitch,
        "bearing": view.bearing, "highlight": highlight,
    }  # fmt: skip
    screen.shown, screen.shown_by, screen.shown_at, screen.recorded_at = shown, tx.actor.post, tx.at, tx.real_at
    record(tx, ScreenShown(zh, en, name, shown))
    return screen


def release(tx: Writing, name: str) -> Screen:
    """Hand a screen back: it returns to its own scene. Raises NotFound, or Conflict where nobody directs it."""
    require(tx.actor, "screen.show")
    screen = tx.session.get(Screen, name)
    if screen is None:
        raise NotFound(f"没有大屏“{name}”。", f"There is no screen “{name}”.", field="screen")
    if screen.shown is None:
        raise Conflict("此屏未被投屏。", "Nobody directs this screen.", field="screen")
    screen.shown = screen.shown_by = screen.shown_at = None
    screen.recorded_at = tx.real_at
    record(tx, ScreenReleased(f"大屏“{name}”放手，回到本屏场景", f"“{name}” was handed back", name))
    return screen


def put(tx: Writing, name: str, home: SceneName, sensitive: Literal["hide", "dim"]) -> Screen:
    """Say what a screen shows by itself, and whether it hides or dims sensitive incidents."""
    require(tx.actor, "screen.show")
    screen = _screen(tx, name)
    screen.home, screen.sensitive, screen.recorded_at = home, sensitive, tx.real_at
    zh = f"大屏“{name}”：本屏场景{SCENES[home][0]}，敏感事件{'隐藏' if sensitive == 'hide' else '淡化'}"
    en = f"“{name}”: its own scene is {SCENES[home][1].lower()}; sensitive incidents: {sensitive}"
    record(tx, ScreenSet(zh, en, name, home, sensitive))
    return screen


def make_sensitive(tx: Writing, incident_id: UUID, sensitive: bool, reason: str) -> Incident:
    """Mark an incident as sensitive, or say that it is so no longer. Raises Conflict where that stands already."""
    require(tx.actor, "incident.sensitive")
    incident = get_incident(tx.session, incident_id)
    if incident.sensitive == sensitive:
        raise Conflict("该事件已是此状态。", "The incident stands so already.", field="sensitive")
    if not reason.strip():
        raise Invalid("请填写原因。", "Say why.", field="reason")
    incident.sensitive = sensitive
    zh = f"事件 {incident.no} {'标为敏感' if sensitive else '取消敏感'}：{reason.strip()}"
    en = f"Incident {incident.no} {'marked as sensitive' if sensitive else 'no longer sensitive'}: {reason.strip()}"
    record(tx, IncidentMadeSensitive(zh, en, str(incident.id), incident.no, sensitive, reason.strip()))
    return incident
