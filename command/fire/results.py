"""What a run of the fire model gives: isochrones, what is reached and when, who is in them, who gets away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy.ndimage import minimum_filter
from shapely import Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from command.exposure import moved, said
from command.fire.escape import margins, road_heads
from command.fire.inputs import Inputs
from layers.exposure import inside_each
from layers.fire.ensemble import Ensemble
from layers.fire.reached import reached
from layers.fire.spread import Fire

SHARES = (0.1, 0.5, 0.9)
MOST_REACHED = 60
"""Of the list in the run itself; the shapes have all."""
FIGURES = ("persons_night", "persons_day", "households", "household_persons", "village_persons", "buildings")
ASSUMPTIONS = (
    ("全部结果为参考：不得作为人员安全的唯一依据", "All of it is 参考: no crew's safety may rest on it alone"),
    ("不计飞火与树冠火；隔离带、道路、水面视为永久有效", "No spotting or crown fire; breaks, roads, water hold"),
    (
        "可燃物参数为 DEMO，参照相近模型，未经实测；道路宽度按等级取值（DEMO）",
        "Fuels are DEMO by likeness, not measured; the width of a road is by its class (DEMO)",
    ),
    (
        "平地匀风时面积与椭圆解析解相差不到 2 %；坡地按地图距离",
        "On flat ground the area is within 2 % of the ellipse; on slopes distances are those of the map",
    ),
    ("不计扑救；不计林冠挡风，偏快", "Nobody fights it; the canopy shelters nothing, so it is rather fast"),
    ("火场内风与含水率处处相同，风不绕山", "Wind and moisture are the same everywhere; wind does not bend round hills"),
    ("没有林地小班处按地表覆盖取可燃物", "Where no stand is known the fuel is that of the land cover"),
    ("网格 {cell:g} 米；房屋、道路按一格以内计为到达", "Cells of {cell:g} m; a house or road is reached one cell off"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came out: the figures that the run keeps."""

    result: dict[str, Any]


def outcome(inputs: Inputs, fire: Fire, many: Ensemble | None, where: Path) -> Outcome:
    """All figures; the shapes go into the run's folder."""
    step_s = inputs.asked["step_min"] * 60
    times = [float(t) for t in np.arange(step_s, inputs.limit_s + 1, step_s)]
    if not times or times[-1] < inputs.limit_s:
        times.append(inputs.limit_s)
    outlines = [fire.perimeter(t) for t in times]
    exposures = inside_each(outlines, inputs.layers)
    cell = fire.transform.a
    near = minimum_filter(fire.arrival_s, size=3, mode="constant", cval=np.inf)
    houses = _at(fire, near, inputs.buildings)
    things = _things(inputs, fire)
    roads = _roads(inputs, fire, outlines[-1].buffer(cell))
    drawn = [
        _feature(
            "isochrone", outline, inputs, {"minutes": round(t / 60), "area_ha": round(fire.area_m2(t) / 10_000, 2)}
        )
        for t, outline in zip(times, outlines, strict=True)
    ]
    if many:
        drawn += [
            _feature("probability", area, inputs, {"share": share}) for share, area in _likely(many, inputs.limit_s)
        ]
    drawn += [_feature("reached", inputs.things.geometry[k], inputs, one) for k, one in things]
    drawn += [_feature("reached_road", geometry, inputs, one) for geometry, one in roads]
    escapes, heads = margins(inputs, fire), road_heads(inputs, fire, outlines[-1])
    for one in escapes:
        if line := one.pop("route"):
            properties = {"kind": "escape", **{k: one[k] for k in ("team_id", "name", "to", "margin_min")}}
            drawn.append({"type": "Feature", "geometry": line, "properties": properties})
    for head in heads:
        drawn.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [head["lon"], head["lat"]]},
                "properties": {"kind": "road_head", "perimeter_m": head["perimeter_m"], "water": len(head["water"])},
            }
        )
    (where / "shapes.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": drawn}, ensure_ascii=False, allow_nan=False)
    )
    listed = sorted([one for _, one in things] + [one for _, one in roads], key=lambda one: one["arrival_s"])
    at = inputs.ignition.centroid
    lon, lat = _degrees(inputs, at)
    edges = (fire.arrival_s[0], fire.arrival_s[-1], fire.arrival_s[:, 0], fire.arrival_s[:, -1])
    edge = bool(np.isfinite(np.concatenate(edges)).any())
    return Outcome(
        {
            "begins_at": inputs.starts_at.isoformat(), "hours": inputs.asked["hours"], "cell_m": cell,
            "ignition": {"lon": lon, "lat": lat, "snapped_m": round(inputs.snapped_m)},
            "wind": inputs.wind_said, "moisture": vars(inputs.weather[0].moisture), "figures": inputs.figures,
            "head": _head(fire, at),
            "isochrones": [
                {
                    "minutes": round(t / 60), "area_ha": round(fire.area_m2(t) / 10_000, 2),
                    "houses": int((houses <= t).sum()),
                    **{name: round(exposure.amount(name)) for name in FIGURES},
                }
                for t, exposure in zip(times, exposures, strict=True)
            ],
            "exposure": said(exposures[-1]),
            "reached": listed[:MOST_REACHED], "reached_total": len(listed), "escapes": escapes, "road_heads": heads,
            "members": inputs.asked["members"], "seed": many.seed if many else None,
            "probability_ha": _likely_ha(many, inputs.limit_s), "edge": edge, "stands_share": round(
                inputs.ground.stands, 3
            ),
            "notes": _notes(inputs, edge),
            "assumptions": [{"zh": zh.format(cell=cell), "en": en.format(cell=cell)} for zh, en in ASSUMPTIONS],
        }
    )  # fmt: skip


def _degrees(inputs: Inputs, point: Point) -> tuple[float, float]:
    lon, lat = inputs.network.plan.to_metric.transform(point.x, point.y, direction="INVERSE")
    return round(lon, 7), round(lat, 7)


def _feature(drawn: str, geometry: BaseGeometry, inputs: Inputs, about: dict[str, Any]) -> dict[str, Any]:
    """A feature of a kind that is drawn; the kind of an object itself is `of`."""
    there = moved(geometry, inputs.network.plan.to_metric, back=True)
    properties = {"of" if name == "kind" else name: value for name, value in about.items()}
    return {"type": "Feature", "geometry": mapping(there), "properties": {"kind": drawn, **properties}}


def _at(fire: Fire, arrival: NDArray[np.float64], points: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """The value of a grid at each point, inf off it."""
    rows, columns = arrival.shape
    column, row = ~fire.transform @ (points.geometry.x.to_numpy(), points.geometry.y.to_numpy())
    column, row = np.floor(column).astype(int), np.floor(row).astype(int)
    on = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.where(on, arrival[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)], np.inf)


def _arrives(inputs: Inputs, s: float) -> dict[str, Any]:
    return {
        "arrival_s": round(s), "minutes": round(s / 60),
        "arrives_at": (inputs.starts_at + timedelta(seconds=s)).isoformat(),
    }  # fmt: skip


def _things(inputs: Inputs, fire: Fire) -> list[tuple[int, dict[str, Any]]]:
    """Objects of the registers that the fire reaches, with their rows, the earliest first."""
    arrival = reached(fire, inputs.things, fire.transform.a)
    order = arrival[np.isfinite(arrival)].sort_values(kind="stable")
    found = []
    for k, s in order.items():
        row = inputs.things.loc[k]
        lon, lat = _degrees(inputs, row.geometry.representative_point())
        about = {"register": row["register"], "kind": row["kind"], "code": row["code"], "name": row["name"]}
        found.append((int(str(k)), about | {"lon": lon, "lat": lat} | _arrives(inputs, float(s))))
    return found


def _roads(inputs: Inputs, fire: Fire, burnt: BaseGeometry) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    """Roads and paths that the fire reaches, those of one name together."""
    plan = inputs.network.plan
    rows = np.sort(plan.tree.query(burnt, predicate="intersects"))
    lines = gpd.GeoDataFrame(geometry=plan.metric_lines[rows], crs=fire.crs)
    arrival = reached(fire, lines, fire.transform.a).to_numpy()
    groups: dict[str, list[int]] = {}
    for k, row in enumerate(rows.tolist()):
        name = plan.roads["name"].iloc[row] if "name" in plan.roads else None
        if np.isfinite(arrival[k]):
            groups.setdefault(name if isinstance(name, str) else f"road:{plan.roads.index[row]}", []).append(k)
    found = []
    for name, some in groups.items():
        line = shapely.union_all(plan.metric_lines[rows[some]])
        first = some[int(np.argmin(arrival[some]))]
        lon, lat = _degrees(inputs, plan.metric_lines[rows[first]].interpolate(0.5, normalized=True))
        about = {
            "register": "road", "kind": str(plan.roads["class"].iloc[rows[first]]),
            "code": str(plan.roads.index[rows[first]]), "name": "无名道路" if name.startswith("road:") else name,
            "lon": lon, "lat": lat,
        }  # fmt: skip
        found.append((line, about | _arrives(inputs, float(arrival[first]))))
    return found


def _likely(many: Ensemble, at_s: float) -> list[tuple[float, BaseGeometry]]:
    """Where the fire has come in so many of the members, as areas."""
    share = many.probability(at_s)
    found = []
    for least in SHARES:
        cells = share >= least - 1e-6
        parts = shapes(cells.astype(np.uint8), cells, connectivity=4, transform=many.transform)
        area = shapely.union_all([shapely.geometry.shape(one) for one, _ in parts])
        if not area.is_empty:
            found.append((least, area))
    return found


def _likely_ha(many: Ensemble | None, at_s: float) -> dict[str, float] | None:
    if many is None:
        return None
    share, cell_ha = many.probability(at_s), many.transform.a**2 / 10_000
    return {f"{least:.0%}": round(float((share >= least - 1e-6).sum()) * cell_ha, 2) for least in SHARES}


def _head(fire: Fire, at: Point) -> dict[str, Any]:
    """How the head behaves where it began."""
    column, row = (int(np.floor(one)) for one in ~fire.transform @ (at.x, at.y))
    b = fire.behaviour
    return {
        "rate_m_min": round(float(b.rate_ms[row, column]) * 60, 2), "to_deg": round(float(b.to_deg[row, column])),
        "flame_m": round(float(b.flame_m[row, column]), 2),
        "intensity_kw_m": round(float(b.intensity_kw_m[row, column])),
    }  # fmt: skip


def _notes(inputs: Inputs, edge: bool) -> list[dict[str, str]]:
    """What whoever reads the result has to know of this run."""
    found = []
    if inputs.snapped_m > 0:
        m = f"{inputs.snapped_m:.0f}"
        found.append((f"起火点不在可燃地上，已移到 {m} 米外最近的可燃地。", f"Nothing burns there: moved by {m} m."))
    if edge:
        zh = "火到达计算范围边缘，之外未计算：请缩短时长或加大网格。"
        found.append((zh, "The fire reaches the edge of the square; nothing beyond it is computed."))
    elif not inputs.whole:
        found.append(
            ("计算范围小于最快火速可及范围，但火未到边缘。", "The square is less than the fastest reach; it held.")
        )
    if inputs.asked["incident_id"] is None:
        found.append(("未关联事件，不计算在场队伍撤离余量。", "No incident is given: no crew's margin is computed."))
    elif not inputs.crews:
        found.append(("该事件没有到场队伍。", "No team of the incident is on the scene."))
    if not len(inputs.waters):
        found.append(("取水点台账为空。", "The register of water points is empty."))
    return [{"zh": zh, "en": en} for zh, en in found]
