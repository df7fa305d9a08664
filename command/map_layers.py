"""Maps to hand over: current rows of the catalogue's layers, and a world's situation, as layers with their legend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from command import board
from gis_data.clock import SHANGHAI
from gis_data.crs import STORAGE
from gis_data.db import Reading
from gis_data.errors import Denied, Invalid, NotFound
from gis_data.registers import REGISTERS
from gis_data.tables import Base, Load
from layers.catalog import LAYERS, Layer
from layers.folium_map import MAX_FEATURES, Box
from layers.map_layer import ACCENT, TEXT, Items, Look, MapLayer, catalogue_layer, closed_layer
from layers.tiles import EVERY_ROAD_ZOOM, ROAD_ZOOM, pixel_m

COLUMNS = {
    "code": "编号", "name": "名称", "kind": "类别", "class": "等级", "height_m": "高度（米）",
    "population": "人口（人）", "capacity": "可容（人）", "space": "室内外", "in_scope": "本局管辖", "oneway": "单行",
    "bridge": "桥", "tunnel": "隧道",
}  # fmt: skip
"""Attributes that a click shows, where the layer is no register."""
SITUATION = ("closures", "routes", "teams", "incidents")
"""What happens in a world, from the ground up."""
KINDS = {
    "flood": ("洪涝积水", "Flood", "汛"), "city_fire": ("城市火灾", "City fire", "火"),
    "forest_fire": ("森林火灾", "Forest fire", "林"), "geohazard": ("地质灾害", "Geohazard", "地"),
    "other": ("其他", "Other", "事"),
}  # fmt: skip
INCIDENT_STATES = {"reported": ("已接报", "Reported"), "responding": ("处置中", "Responding")}
TEAM_STATES = {
    "standby": ("待命", "Standby", "#182638", TEXT), "mustering": ("集结", "Mustering", "#16324D", TEXT),
    "en_route": ("出动", "En route", ACCENT, "#0B1420"), "on_scene": ("到达", "On scene", "#123527", "#37B679"),
    "working": ("作业", "Working", "#37B679", "#0B1420"), "resting": ("休整", "Resting", "#24354A", "#9DB0C5"),
    "unavailable": ("不可用", "Unavailable", "#0B1420", "#7C90A6"),
}  # fmt: skip


def read(session: Session, name: str, box: Box | None = None, zoom: float | None = None) -> MapLayer:
    """The current rows of a layer of the catalogue, those that touch the box alone.

    With a zoom, what the page does not draw at that zoom is left out: areas below a pixel, minor roads; the
    legend says so.

    Raises
    ------
    NotFound : there is no such layer. Invalid : it has no rows of its own. Denied : it shows persons.
    """
    if name not in LAYERS:
        raise NotFound(f"没有图层“{name}”。", f"There is no layer “{name}”.", field="layers")
    layer = LAYERS[name]
    if layer.kind != "vector" or not layer.table:
        raise Invalid(f"图层“{layer.title_zh}”不能导出。", f"The layer “{name}” cannot be exported.", field="layers")
    table = Base.metadata.tables[layer.table]
    register = REGISTERS.get(table.name)
    if register and register.personal:
        raise Denied(
            f"图层“{layer.title_zh}”含个人信息，不进入导出的地图。",
            f"The layer “{name}” shows persons: it never goes into a map to hand over.",
            field="layers",
        )
    rows = session.execute(_query(layer, table, box, zoom)).mappings().all()
    frame = gpd.GeoDataFrame(
        {column: [row[column] for row in rows] for column in layer.attributes},
        geometry=shapely.from_wkb([bytes(row["shape"]) for row in rows]),
        crs=STORAGE,
    )
    named = {column: COLUMNS[column] for column in layer.attributes if column in COLUMNS}
    for field in [register.field(column) for column in layer.attributes] if register else []:
        if field and field.type != "secret":
            named[field.name] = f"{field.zh}（{field.unit}）" if field.unit else field.zh
            frame[field.name] = [_label(field.label, value) for value in frame[field.name]]
    dates = [row["valid_from"] for row in rows]
    notes = [f"资料日期 {max(dates).astimezone(SHANGHAI):%Y-%m-%d}"] if dates else []
    if zoom is not None and (layer.shape == "fill" or layer.id == "roads"):
        notes.append(f"按 {zoom:.0f} 级取舍")
    return catalogue_layer(
        layer, frame, columns=named, note=" · ".join(notes), is_demo=any(row["is_demo"] for row in rows)
    )


def _query(layer: Layer, table: Table, box: Box | None, zoom: float | None) -> Any:
    """Attributes, outline and provenance of the rows in force; one more than a map may hold, at most."""
    c = table.c
    wanted: list[ColumnElement[bool]] = [c.valid_to.is_(None), c.geom.is_not(None)]
    if box:
        wanted.append(func.ST_Intersects(c.geom, func.ST_MakeEnvelope(*box, 4490)))
    if zoom is not None and layer.shape == "fill":
        is_seen = func.ST_Area(c.geom_3857) >= (2 * pixel_m(round(zoom))) ** 2
        wanted.append((func.ST_Dimension(c.geom_3857) < 2) | is_seen)
    if zoom is not None and layer.id == "roads" and zoom < EVERY_ROAD_ZOOM:
        drawn = [name for name, least in ROAD_ZOOM.items() if zoom >= least]
        wanted.append(c["class"].in_([*drawn, *(f"{name}_link" for name in drawn)]))
    return (
        select(
            *(c[name] for name in dict.fromkeys(layer.attributes) if name != "is_demo"),
            func.ST_AsBinary(c.geom).label("shape"),
            c.valid_from,
            (c.is_demo if "is_demo" in c else func.coalesce(Load.is_demo, False)).label("is_demo"),
        )
        .outerjoin(Load, Load.id == c.load_id)
        .where(*wanted)
        .limit(MAX_FEATURES + 1)
    )


def _label(words: Any, value: Any) -> Any:
    return [words(one) for one in value] if isinstance(value, list) else words(value) if value else value


def situation(tx: Reading, names: Sequence[str] = SITUATION) -> list[MapLayer]:
    """What is going on in a world, of these kinds; nothing of what names a caller."""
    made = {"closures": _closures, "routes": _routes, "teams": _teams, "incidents": _incidents}
    return [made[name](tx) for name in SITUATION if name in names]


def _frame(rows: list[dict[str, Any]], shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=STORAGE)


def _points(items: list[dict[str, Any]]) -> list[Any]:
    return [shapely.Point(item["lon"], item["lat"]) for item in items]


def _clock(iso: str | None) -> str:
    return datetime.fromisoformat(iso).astimezone(SHANGHAI).strftime("%m-%d %H:%M") if iso else ""


def _closures(tx: Reading) -> MapLayer:
    items = list(board.items(tx.session, "closures").values())
    rows = [
        {"name": one["road_name"] or "无名道路", "reason": one["reason"], "since": _clock(one["set_at"])}
        for one in items
    ]
    frame = _frame(rows, [shapely.geometry.shape(one["geom"]) for one in items])
    return closed_layer(frame, {"name": "道路", "reason": "原因", "since": "封控时间"})


def _routes(tx: Reading) -> MapLayer:
    teams = board.items(tx.session, "teams")
    items = [one for one in board.items(tx.session, "dispatches").values() if one["route"] and not one["arrived_at"]]
    rows = [
        {
            "name": teams.get(one["team_id"], {}).get("name"),
            "metres": round(one["distance_m"]),
            "eta": _clock(one["eta_at"]),
            "note": one["route_note"],
        }
        for one in items
    ]
    legend = (
        Look("出动路线", "Route", ACCENT, "line", size=5),
        Look("路线失效", "Route no longer open", TEXT, "line", "dotted", size=4),
    )
    return MapLayer(
        "出动路线 Routes",
        _frame(rows, [shapely.geometry.shape(one["route"]) for one in items]),
        legend,
        _numbers([int(not one["route_valid"]) for one in items]),
        {"name": "队伍", "metres": "长度（米）", "eta": "预计到达", "note": "说明"},
    )


def _teams(tx: Reading) -> MapLayer:
    items = list(board.items(tx.session, "teams").values())
    states = list(TEAM_STATES)
    rows = [
        {name: one[name] for name in ("code", "name", "kind", "members", "vehicle")}
        | {"state": TEAM_STATES[one["state"]][0]}
        for one in items
    ]
    legend = tuple(
        Look(zh, en, fill, "square", size=9, glyph="队", ink=ink) for zh, en, fill, ink in TEAM_STATES.values()
    )
    return MapLayer(
        "救援力量 Teams",
        _frame(rows, _points(items)),
        legend,
        _numbers([states.index(one["state"]) for one in items]),
        {"name": "名称", "code": "编号", "kind": "类别", "members": "人数", "vehicle": "车辆", "state": "状态"},
        label="name",
        label_zoom=12,
        is_demo=any(one["is_demo"] for one in items),
    )


def _incidents(tx: Reading) -> MapLayer:
    items = list(board.items(tx.session, "incidents").values())
    lines = [(kind, state) for kind in KINDS for state in INCIDENT_STATES]
    rows = [
        {
            "no": one["no"],
            "name": one["title"],
            "kind": KINDS[one["kind"]][0],
            "state": INCIDENT_STATES[one["state"]][0],
            "place": one["place"],
            "since": _clock(one["occurred_at"] or one["reported_at"]),
        }
        for one in items
    ]
    legend = tuple(
        Look(
            f"{KINDS[kind][0]}（{INCIDENT_STATES[state][0]}）",
            f"{KINDS[kind][1]}, {INCIDENT_STATES[state][1].lower()}",
            TEXT if state == "reported" else "#111C2B",
            "diamond",
            size=14,
            glyph=KINDS[kind][2],
            ink="#0B1420" if state == "reported" else TEXT,
        )
        for kind, state in lines
    )
    return MapLayer(
        "突发事件 Incidents",
        _frame(rows, _points(items)),
        legend,
        _numbers([lines.index((one["kind"], one["state"])) for one in items]),
        {"no": "编号", "name": "事件", "kind": "类别", "state": "状态", "place": "地点", "since": "时间"},
        label="name",
        label_size=16,
        label_color=TEXT,
    )


def _numbers(values: list[int]) -> Items:
    return np.array(values, np.int64)
