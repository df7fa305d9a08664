"""What a run of the fire model starts from: the question, the ground, what may burn, who is in there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.transform import array_bounds
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text

from command import roads
from command.exposure import area_of, layers_in, metric, moved
from command.fire.ground import FireGround, burning_near, cut, fire_ground, middles
from command.incidents import get_incident
from command.tables import Dispatch, Incident, ModelRun
from command.wind import wind_at
from gis_data.db import Reading, district
from gis_data.errors import Invalid
from gis_data.parameters import numbers_under
from gis_data.settings import Settings
from gis_data.tables import Team
from layers.exposure import Layer
from layers.fire.behaviour import Moisture
from layers.fire.spread import Weather, behaviour
from layers.network import Network
from layers.profiles import WALK, Profile

MOST_HOURS, MOST_MEMBERS, MOST_STEPS = 12.0, 50, 72
MOST_CELLS, MEMBERS_CELLS = 1_000_000, 20_000_000
"""Of the square that is looked at; of all members together."""
SURE = 1.65
"""How much more wind the square has to bear with members: two standard deviations of a quarter."""
DEFAULTS = {"snap_m": 300.0, "barrier_m": 8.0, "hose_m": 300.0, "head_near_m": 500.0}
"""DEMO: parameters `fire.…`: how far a place is moved to what burns, width that stops a fire, hose, road heads about
the perimeter."""
MOISTURE = {"one_h": 0.07, "ten_h": 0.08, "hundred_h": 0.10, "herb": 0.60, "woody": 0.90}
"""DEMO: a dry winter's day; parameters `fire.moisture.…`."""
THINGS = {
    "key_village": "''", "protected_target": "kind", "fire_point": "kind", "gas_station": "kind",
    "gas_supply_point": "''", "chemical_site": "''", "enterprise": "''", "shelter": "''", "lookout": "''",
}  # fmt: skip
"""Registers whose objects may be reached, with what tells their kinds apart."""


@dataclass(frozen=True)
class Crew:
    """A team that is on the scene, and where, lon lat."""

    id: str
    code: str
    name: str
    members: int
    lon: float
    lat: float


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that a run needs, read in one moment; geometries in the metric CRS."""

    asked: dict[str, Any]
    ground: FireGround
    weather: tuple[Weather, ...]
    ignition: BaseGeometry
    snapped_m: float
    whole: bool
    """Whether the square holds all that the fire can reach, by its fastest rate."""
    limit_s: float
    things: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    waters: gpd.GeoDataFrame
    layers: tuple[Layer, ...]
    network: Network
    walk: Profile
    crews: tuple[Crew, ...]
    figures: dict[str, float]
    wind_said: dict[str, Any]
    starts_at: datetime


def asked(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A checked question, as it is kept, and its title."""
    point, area = (body["lon"], body["lat"]), body["perimeter"]
    if (None in point) == (area is None):
        zh, en = "请给起火点或火场范围，二者取一。", "Give a point of ignition or a perimeter, one of the two."
        raise Invalid(zh, en, field="lon" if area is None else "perimeter")
    if area is not None:
        body |= {"perimeter": mapping(area_of(area, "perimeter"))}
    steps = body["hours"] * 60 / body["step_min"]
    if steps > MOST_STEPS:
        zh, en = f"等时线多于 {MOST_STEPS} 条，请加大间隔。", f"More than {MOST_STEPS} isochrones; take longer steps."
        raise Invalid(zh, en, field="step_min")
    until = [period["until_h"] for period in body["periods"]]
    if any(b <= a for a, b in zip([0.0, *until], until, strict=False)):
        raise Invalid("风的时段应按时间递增。", "The periods of wind must follow in time.", field="periods")
    title = body.pop("title") or f"火势推算：{body['hours']:g} 小时"
    return title, body


def prepare(tx: Reading, row: ModelRun, config: Settings) -> Inputs:
    ask, session = row.asked, tx.session
    given = numbers_under(session, "fire.", tx.at)
    figures = DEFAULTS | {name: given[name] for name in DEFAULTS if name in given}
    wet = MOISTURE | {name: given[f"moisture.{name}"] for name in MOISTURE if f"moisture.{name}" in given}
    moisture = Moisture(**(wet | {name: v for name, v in (ask["moistures"] or {}).items() if v is not None}))
    there, limit_s = metric(session), ask["hours"] * 3600.0
    area = area_of(ask["perimeter"], "perimeter") if ask["perimeter"] else shapely.Point(ask["lon"], ask["lat"])
    start = moved(area, there)
    wind = ask.get("wind") or wind_of(tx, ask)
    weather = _weather(ask, wind, moisture)
    most = min(MOST_CELLS, MEMBERS_CELLS // max(ask["members"], 1))
    half_m = most**0.5 / 2 * ask["cell_m"]
    west, south, east, north = start.bounds
    size = max(east - west, north - south) / 2
    if size > half_m * 0.8:
        raise Invalid(
            "火场范围过大，请加大网格边长。", "The perimeter is too large; take larger cells.", field="cell_m"
        )
    x, y = start.centroid.x, start.centroid.y
    found = fire_ground(session, config.data, (x, y), half_m, ask["cell_m"], figures["barrier_m"])
    start, snapped = _on_fuel(found, start, figures["snap_m"])
    reach = size + _reach(found, weather, limit_s, ask["members"] > 0) + 10 * ask["cell_m"]
    whole = reach < half_m - figures["snap_m"]
    ground = FireGround(cut(found.ground, x, y, min(reach + snapped, half_m)), found.stands, found.terrain)
    shape, transform = ground.ground.fuel.shape, ground.ground.transform
    box = moved(shapely.box(*array_bounds(*shape, transform)), there, back=True).bounds
    return Inputs(
        ask, ground, weather, start, snapped, whole, limit_s, _things(tx, box),
        _table(tx, box, "select ST_AsBinary(ST_PointOnSurface(geom)) as geom from gis.building where valid_to is null"),
        _waters(tx), layers_in(session, box), roads.network(session), roads.profiles(tx).get("walk", WALK),
        _crews(tx, ask["incident_id"]), figures, wind, row.starts_at,
    )  # fmt: skip


def wind_of(tx: Reading, ask: dict[str, Any]) -> dict[str, Any]:
    """The wind of a run: as it was given, else of the nearest gauges; raises Invalid where nobody tells it."""
    if ask["periods"]:
        return {"source": "given", "periods": ask["periods"]}
    said: dict[str, Any] = {"source": "given", "wind_ms": ask["wind_ms"], "from_deg": ask["wind_from_deg"]}
    if None in (ask["wind_ms"], ask["wind_from_deg"]):
        at = (
            area_of(ask["perimeter"], "perimeter").centroid
            if ask["perimeter"]
            else shapely.Point(ask["lon"], ask["lat"])
        )
        near = wind_at(tx, at.x, at.y)
        for field, key, name, zh, en in (
            ("wind_ms", "wind_ms", "speed", "风速", "wind's speed"),
            ("wind_from_deg", "from_deg", "direction", "风向", "wind's direction"),
        ):
            if said[key] is None:
                if (gauge := near[name]) is None:
                    zh, en = f"附近没有可用的{zh}读数，请填写{zh}。", f"No gauge near by tells the {en}; give it."
                    raise Invalid(zh, en, field=field)
                said |= {key: gauge["value"], "source": "gauge", name: gauge}
    return said


def _weather(ask: dict[str, Any], wind: dict[str, Any], moisture: Moisture) -> tuple[Weather, ...]:
    if ask["periods"]:
        return tuple(
            Weather(one["wind_ms"], one["wind_from_deg"], moisture, one["until_h"] * 3600) for one in ask["periods"]
        )
    return (Weather(wind["wind_ms"], wind["from_deg"], moisture),)


def _on_fuel(found: FireGround, start: BaseGeometry, within_m: float) -> tuple[BaseGeometry, float]:
    """The ignition, or the nearest cell that burns and how far it was moved."""
    ground = found.ground
    if start.geom_type != "Point":
        west, south, east, north = start.bounds
        cx, cy = middles(ground, ground.fuel >= 0)
        some = (cx > west - ground.cell_m) & (cx < east + ground.cell_m)
        some &= (cy > south - ground.cell_m) & (cy < north + ground.cell_m)
        if some.any() and np.any(shapely.dwithin(start, shapely.points(cx[some], cy[some]), ground.cell_m / 2)):
            return start, 0.0
    near = burning_near(ground, start.centroid.x, start.centroid.y, within_m)
    if near is None:
        raise Invalid(
            f"{within_m:.0f} 米内没有可燃地（林地小班或地表覆盖）。",
            f"Nothing burns within {within_m:.0f} m: there is no stand and no land cover that does.",
            field="lon",
        )
    return shapely.Point(near[:2]), near[2]


def _reach(found: FireGround, weather: tuple[Weather, ...], limit_s: float, doubted: bool) -> float:
    """How far the fire can come, m, at the fastest rate anywhere; with members in more wind and drier too."""
    total, begins = 0.0, 0.0
    for period in weather:
        stronger = Weather(
            np.asarray(period.wind_ms, float) * (SURE if doubted else 1.0), period.from_deg, period.moisture
        )
        fastest = float(behaviour(found.ground, stronger).rate_ms.max())
        ends = limit_s if period is weather[-1] else min(period.until_s, limit_s)
        total, begins = total + fastest * max(ends - begins, 0.0), ends
    return total


def _table(tx: Reading, box: tuple[float, ...], query: str) -> gpd.GeoDataFrame:
    near = " and geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490)"
    rows = pd.read_sql(text(query + near), tx.session.connection(), params=dict(zip("wsen", box, strict=True)))
    geometry = shapely.from_wkb([bytes(one) for one in rows.pop("geom")])
    return gpd.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4490").to_crs(district(tx.session).metric_crs)


def _things(tx: Reading, box: tuple[float, ...]) -> gpd.GeoDataFrame:
    """Objects of the registers in the square: register, kind, code, name, geometry."""
    parts = [
        _table(
            tx, box,
            f"select '{table}' as register, {kind} as kind, code, name, ST_AsBinary(geom) as geom"
            f" from gis.{table} where valid_to is null",
        )
        for table, kind in THINGS.items()
    ]  # fmt: skip
    some = [part for part in parts if len(part)]
    return gpd.GeoDataFrame(pd.concat(some, ignore_index=True), crs=some[0].crs) if some else parts[0]


def _waters(tx: Reading) -> gpd.GeoDataFrame:
    query = (
        "select code, name, kind, capacity_m3, vehicle_access, ST_AsBinary(geom) as geom"
        " from gis.water_point where valid_to is null"
    )
    return _table(tx, (-180.0, -90.0, 180.0, 90.0), query)


def _crews(tx: Reading, incident_id: str | None) -> tuple[Crew, ...]:
    """Teams of an incident that have arrived, at its place."""
    if incident_id is None:
        return ()
    incident = get_incident(tx.session, UUID(incident_id))
    at = tx.session.execute(select(Incident.geom.ST_X(), Incident.geom.ST_Y()).where(Incident.id == incident.id)).one()
    query = (
        select(Team)
        .join(Dispatch, Dispatch.team_id == Team.id)
        .where(Dispatch.incident_id == incident.id, Dispatch.state.in_(("arrived", "working")))
        .order_by(Team.code)
    )
    return tuple(Crew(str(t.id), t.code, t.name, t.members, *at) for t in tx.session.scalars(query))
