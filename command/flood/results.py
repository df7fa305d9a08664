"""What a run of the water model gives: pictures, roads too deep, figures, suggestions."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform_bounds
from shapely.geometry import mapping

from command import roads, suggestions
from command.flood.ground import FloodGround
from command.flood.inputs import Inputs
from command.suggestions import Finding
from command.tables import ModelRun
from gis_data.clock import SHANGHAI
from gis_data.db import Writing
from gis_data.errors import Conflict
from layers.flood.buildings import at_buildings
from layers.flood.roads import RoadWater
from layers.flood.scene import Floats, Scene
from layers.flood.solver import Flood
from layers.flood.underpass import Filling
from layers.network import Network, Plan

INKS = ((46, 116, 160, 160), (96, 176, 218, 175), (170, 220, 245, 190))
"""RGBA from each band on: deeper is lighter, on a dark map; less than the first band is not drawn."""
MOST_SUGGESTED = 40
IMPORTANT = ("motorway", "trunk", "primary", "secondary", "tertiary")
ASSUMPTIONS = (
    (
        "二维局部惯性模型，网格 {cell:g} 米；看不见比网格小的沟、墙和路缘",
        "2-D local-inertial model, cells of {cell:g} m; kerbs, walls and ditches finer than that are not seen",
    ),
    ("管网按地面类型的恒定排水量折算", "Sewers are a constant loss by kind of ground; pipes are not modelled"),
    ("沿溪流在地形上开 1.5 米深槽（DEMO）", "Streams are beds of 1.5 m in the terrain (DEMO)"),
    (
        "湖、河水位：未填过程的按地形给出的水位不变；填了的整个水面同一高程",
        "Lakes and rivers keep the level that the terrain shows, or all of one lies at the level typed in",
    ),
    (
        "地形看不见路堤：高速、快速路及上层道路路面按高出地面 {raised:g} 米计，路堤不挡水（DEMO）",
        "The terrain knows no road embankments: motorways, trunk roads and those on a layer lie {raised:g} m above it, "
        "and hold no water back (DEMO)",
    ),
    (
        "台账中有堤顶高程的堤防计入，不计溃决与管涌；建筑按外墙处最大水深计数，不等于进水",
        "Dykes of the register with a crest are walls that never fail; buildings count by the depth at their walls",
    ),
    (
        "另填：入流 {inflows} 处、水位过程 {levels} 处、挡水墙 {walls} 处",
        "Typed in besides: {inflows} inflows, {levels} levels, {walls} walls",
    ),
    (
        "与解析解相差：斜坡产流平均 0.9 %，溃坝（有水）4.4 %，溃坝（干床）18 %",
        "Off the known answers: rain on a plane 0.9 %, dam break on water 4.4 %, on a dry bed 18 %",
    ),
    ("雨量：监测站反距离插值，之后按填写的预报", "Rain: gauges by inverse distance, then the forecast typed in"),
)  # fmt: skip
UNHEARD = (
    "其中 {unheard} 分钟没有任何雨量站的读数：按前后时段内插，末尾沿用最后一段雨强",
    "For {unheard} min of it no gauge was heard of: rain runs from the time before to the time after, the last is held",
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came out: the figures that the run keeps, and the roads that get too deep."""

    figures: dict[str, Any]
    findings: list[Finding]
    road_version: str


def picture(scene: Scene, h: NDArray[np.float64], bands_m: tuple[float, ...], file: Path) -> list[tuple[float, float]]:
    """A transparent picture of the depth in Web Mercator; returns its corners, lon lat, clockwise from north-west."""
    ny, nx = h.shape
    kind = np.searchsorted(bands_m, h, side="right").astype(np.uint8)
    box = array_bounds(ny, nx, scene.transform)
    transform, width, height = calculate_default_transform(scene.crs, "EPSG:3857", nx, ny, *box)
    seen = np.zeros((height, width), np.uint8)
    reproject(
        kind, seen, src_transform=scene.transform, src_crs=scene.crs, dst_transform=transform, dst_crs="EPSG:3857",
        resampling=Resampling.nearest,
    )  # fmt: skip
    inks = np.array([(0, 0, 0, 0), *INKS], np.uint8)
    pixels = np.moveaxis(inks[np.minimum(seen, len(INKS))], 2, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(file, "w", driver="PNG", width=width, height=height, count=4, dtype="uint8") as picture:
            picture.write(pixels)
    west, south, east, north = transform_bounds("EPSG:3857", "EPSG:4326", *array_bounds(height, width, transform))
    return [(west, north), (east, north), (east, south), (west, south)]


def wet_roads(inputs: Inputs, water: RoadWater) -> dict[str, Any]:
    """Roads under water as GeoJSON (EPSG:4490): the greatest depth, and when which band is reached, in s."""
    plan = inputs.network.plan
    features = []
    for row in np.flatnonzero(water.peak_m >= inputs.bands_m[0]).tolist():
        reached = {
            f"{depth * 100:.0f}": _second(s) for depth, s in zip(water.depths_m, water.reached_s[:, row], strict=True)
        }
        features.append(
            {
                "type": "Feature",
                "geometry": mapping(plan.lines[row]),
                "properties": {
                    "id": int(plan.roads.index[row]),
                    "name": _name(plan, row),
                    "peak_cm": round(float(water.peak_m[row]) * 100),
                    "reached_s": reached,
                },
            }
        )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _second(s: float) -> int | None:
    return None if not np.isfinite(s) else round(float(s))


def _name(plan: Plan, row: int) -> str | None:
    name = plan.roads["name"].iloc[row] if "name" in plan.roads else None
    return name if isinstance(name, str) else None


def finish(tx: Writing, row: ModelRun, found: Outcome) -> dict[str, Any]:
    """Bring the suggestions up to it, unless the roads were replaced meanwhile; all else is computed already."""
    if roads.version(tx.session) != found.road_version:
        raise Conflict("推算期间路网已更换，结果作废，请重算。", "The roads were replaced meanwhile; compute again.")
    suggestions.withdraw(tx, "model", [one.key for one in found.findings])
    suggestions.suggest(tx, "model", found.findings, row.id)
    return found.figures


def outcome(
    inputs: Inputs,
    flood: Flood,
    fillings: dict[int, Filling],
    water: RoadWater,
    frames: list[float],
    corners: list[tuple[float, float]],
) -> Outcome:
    """All figures of a run, from the water, how the underpasses filled, and the pictures' corners."""
    findings, too_deep = _findings(inputs, water)
    scene, network = inputs.ground.scene, inputs.network
    vessels = [
        {"code": code, "name": name, "peak_cm": round(float(filling.depth_m.max()) * 100)}
        for k, (code, name, *_) in inputs.ground.underpasses.items()
        for filling in (fillings[k],)
    ]
    inflows, levels, walls = inputs.told
    said = {"cell": scene.cell_m, "raised": inputs.raised_m, "inflows": inflows, "levels": levels, "walls": walls}
    said["unheard"] = inputs.heard.unheard_s // 60
    told = ASSUMPTIONS if not inputs.heard.unheard_s else (*ASSUMPTIONS, UNHEARD)
    figures = {
        "frames_s": frames, "corners": corners, "begins_at": inputs.starts_at.isoformat(),
        "observed_s": inputs.observed_s, "now_s": inputs.now_s,
        "cell_m": scene.cell_m, "bands_cm": [round(b * 100) for b in inputs.bands_m],
        "close_cm": round(inputs.close_m * 100), "underpasses": vessels,
        **touched(
            inputs.ground, network, inputs.people, flood.peak_m, water.peak_m, inputs.bands_m, inputs.building_bands_m
        ),
        "suggested": len(findings), "too_deep": too_deep,
        "mass_error": float(flood.balance.error), "silent": inputs.heard.silent,
        "network_version": network.version,
        "assumptions": [{"zh": zh.format(**said), "en": en.format(**said)} for zh, en in told],
    }  # fmt: skip
    return Outcome(figures, findings, inputs.ground.road_version)


def touched(
    ground: FloodGround, network: Network, people: tuple[NDArray[np.float64], NDArray[np.int64]], depth_m: Floats,
    road_m: Floats, bands_m: tuple[float, ...], building_bands_m: tuple[float, ...],
) -> dict[str, Any]:  # fmt: skip
    """What lies in water by its depth: hectares, roads, buildings, and who lives deeper than the first band."""
    scene = ground.scene
    to_metric = Transformer.from_crs("EPSG:4490", scene.crs, always_xy=True)
    lonlat, persons = people
    rows, columns = scene.cells_of(*to_metric.transform(lonlat[:, 0], lonlat[:, 1]))
    in_water = (rows >= 0) & (depth_m[rows, columns] >= bands_m[0])
    cell_ha, length = scene.cell_m**2 / 10_000, network.plan.length_m
    at_walls = at_buildings(ground.buildings, depth_m)
    return {
        "water_ha": {_cm(band): round(float((depth_m >= band).sum()) * cell_ha, 1) for band in bands_m},
        "roads_km": {_cm(band): round(float(length[road_m >= band].sum()) / 1000, 1) for band in bands_m},
        "persons": int(persons[in_water].sum()),
        "buildings": {_cm(band): int((at_walls >= band).sum()) for band in building_bands_m},
    }


def _cm(band_m: float) -> str:
    return f"{band_m * 100:.0f}"


def _findings(inputs: Inputs, water: RoadWater) -> tuple[list[Finding], int]:
    """Roads that get too deep, those of one name together, the more important and deeper first; and how many in all."""
    plan = inputs.network.plan
    first = water.reached_s[water.depths_m.index(inputs.close_m)]
    drive, classes = plan.roads["drive"].to_numpy(bool), plan.roads["class"].astype(str).to_numpy()
    groups: dict[str, list[int]] = {}
    for row in np.flatnonzero((water.peak_m >= inputs.close_m) & drive).tolist():
        vessel = inputs.ground.underpasses.get(row)
        name = _name(plan, row)
        key = f"underpass:{vessel[0]}" if vessel else f"name:{name}" if name else f"road:{plan.roads.index[row]}"
        groups.setdefault(f"model:{key}", []).append(row)

    def rank(rows: list[int]) -> tuple[int, float]:
        grade = min(IMPORTANT.index(classes[r]) if classes[r] in IMPORTANT else len(IMPORTANT) for r in rows)
        return grade, -float(water.peak_m[rows].max())

    found = []
    for key, rows in sorted(groups.items(), key=lambda one: rank(one[1]))[:MOST_SUGGESTED]:
        vessel = inputs.ground.underpasses.get(rows[0])
        place = vessel[1] if vessel else _name(plan, rows[0]) or "无名道路"
        depth, s = float(water.peak_m[rows].max()), float(first[rows].min())
        when = inputs.starts_at + timedelta(seconds=s)
        coming = s > inputs.now_s
        local = when.astimezone(SHANGHAI)
        zh = f"模型推算{place}水深可达 {depth * 100:.0f} 厘米" + (f"，约 {local:%H:%M} 达到封控水深" if coming else "")
        en = f"The model gives {place} up to {depth * 100:.0f} cm" + (
            f", closing depth about {local:%H:%M}" if coming else ""
        )
        trust = "vessel" if vessel else "terrain"
        found.append(
            Finding(
                key, place, tuple(int(plan.roads.index[r]) for r in rows), depth, inputs.close_m, zh, en,
                arrives_at=when if coming else None, confidence=trust,
            )
        )  # fmt: skip
    return found, len(groups)
