"""Slopes that threaten houses: risk zones with their thresholds, points, houses on cut slopes, slope units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo.ground import Field, Shape
from gis_data.demo.land import Ints, Objects, Slope
from gis_data.demo.registers.communities import Communities, of_rows, town
from gis_data.demo.registers.sites import IN_SCOPE, Sites, distinct, multi, plain

ZONES, GULLIES = 40, 8
WINDOWS_H = (1, 3, 6, 12, 24)
_PREPARE_MM, _IMMEDIATE_MM = (32, 55, 75, 95, 120), (48, 80, 105, 135, 165)
_STEEP_DEG, _ENOUGH = (22.0, 18.0, 15.0, 12.0, 10.0), 84
_WORDS = {"landslide": "滑坡", "collapse": "崩塌", "debris_flow": "泥石流"}


@dataclass(frozen=True)
class Threat:
    """A slope or gully with the houses (places in `Buildings`) that it may reach; `zone` holds both."""

    zone: shapely.Polygon
    source: Shape
    kind: str
    slope_deg: float
    houses: tuple[int, ...]


def steep(sites: Sites) -> list[Slope]:
    """Slopes in scope with houses at their foot, the steepest first; none overlaps a steeper one."""
    found: list[Slope] = []
    for least in _STEEP_DEG:
        if len(found) >= _ENOUGH:
            break
        more = sites.land.steep_slopes(600, least)
        tree = shapely.STRtree([s.area for s in found])
        taken = set(tree.query([s.area for s in more], predicate="intersects")[0].tolist()) if found else set()
        found += [s for i, s in enumerate(more) if i not in taken and s.unit in IN_SCOPE]
    return found


def _whole(source: Shape, houses: Objects, off: Shape) -> shapely.Polygon:
    """The slope with the houses at its foot, rounded, without the great roads."""
    joined = (
        shapely.union_all([source.buffer(4), *(house.buffer(9) for house in houses)])
        .buffer(28)
        .buffer(-26)
        .difference(off)
    )
    largest: Shape = max(shapely.get_parts(joined), key=lambda part: part.area)
    return shapely.Polygon(shapely.simplify(largest, 2).exterior)


def threats(sites: Sites, slopes: list[Slope]) -> list[Threat]:
    """The forty that become risk zones, from north-west to south-east by unit."""
    outlines, use = sites.land.buildings.outline, sites.use
    great = [s for s in sites.land.streets if s.road_class in ("motorway", "trunk", "primary", "secondary")]
    off = shapely.union_all(shapely.buffer([s.line for s in great], 14))
    cause: list[tuple[Shape, str, float, tuple[int, ...]]] = []
    gullies = [g for g in sites.land.gullies(60) if g.unit in IN_SCOPE and g.houses][:GULLIES]
    for gully in gullies:
        cause.append((gully.line.buffer(16), "debris_flow", gully.slope_deg, gully.houses))
    for slope in sorted(slopes, key=lambda s: (-min(len(s.houses), 12), -s.slope_deg)):
        kind = "collapse" if slope.slope_deg > 24 else "landslide"
        cause.append((slope.area, kind, slope.slope_deg, slope.houses))
    found: list[Threat] = []
    for source, kind, deg, near in cause:
        homes = np.array([i for i in near if use[i] != "shed"], dtype=np.int64)
        homes = homes[np.argsort(shapely.distance(outlines[homes], source), kind="stable")][:30]
        if not len(homes) or len(found) == ZONES:
            continue
        zone = _whole(source, outlines[homes], off)
        inside = tuple(int(i) for i in homes if zone.contains(outlines[i]))
        if inside and not any(zone.intersects(other.zone) for other in found):
            found.append(Threat(zone, source, kind, deg, inside))
    return sorted(found, key=lambda t: (t.zone.centroid.x - t.zone.centroid.y, t.kind))


def zones(sites: Sites, communities: Communities, found: list[Threat]) -> gpd.GeoDataFrame:
    """Rows of `geohazard_zone`; households and persons are those of the houses inside."""
    n = len(found)
    homes = np.array([len(t.houses) for t in found])
    risk = np.select([homes >= 14, homes >= 6, homes >= 3], ["very_high", "high", "medium"], "low")
    rows = sites.rows(
        {
            "code": [f"330106FF{i:04d}" for i in range(1, n + 1)],
            "kind": np.where(homes >= 6, "key", "general"),
            "risk": risk,
            "hazard_kind": [t.kind for t in found],
            "body": ["cut_slope" if t.kind == "collapse" else "slope" for t in found],
            "stability": np.array(["unstable", "poor", "poor", "fair"])[np.minimum(risk_rank(risk), 3)],
            "threatened_households": homes,
            "threatened_persons": homes * 3,
            "threatened_assets_wan": homes * 45.0,
        },
        [multi(t.zone) for t in found],
    )
    centre = shapely.get_coordinates(shapely.centroid([t.zone for t in found]))
    at = of_rows(sites, communities, rows, centre)
    names = [f"{p}屋后{_WORDS[t.kind]}风险防范区" for p, t in zip(at.place, found, strict=True)]
    return rows.assign(
        name=distinct(names), patrol_post=at.posts(4),
        escape_route=[f"背离坡面横向撤至{street}" for street in sites.streets(centre)],
        refuge=[f"{p}空旷地" for p in at.place],
    )  # fmt: skip


def risk_rank(risk: Objects) -> Ints:
    """0 for the highest risk to 3 for the lowest."""
    found: Ints = np.select([risk == "very_high", risk == "high", risk == "medium"], [0, 1, 2], 3)
    return found


def thresholds(rows: gpd.GeoDataFrame) -> pd.DataFrame:
    """Rows of `rain_threshold` for zones: five windows each, lower where the risk is higher."""
    rank = np.repeat(risk_rank(rows["risk"].to_numpy()), len(WINDOWS_H))
    window = np.tile(WINDOWS_H, len(rows))
    zone, name = (np.repeat(rows[c].to_numpy(), len(WINDOWS_H)) for c in ("code", "name"))
    return plain(
        {
            "code": [f"DEMO-TH-{z}-{h}H" for z, h in zip(zone, window, strict=True)],
            "name": [f"{label} {h} 小时" for label, h in zip(name, window, strict=True)],
            "admin_code": np.repeat(rows["admin_code"].to_numpy(), len(WINDOWS_H)),
            "object_register": "geohazard_zone",
            "object_code": zone,
            "window_h": window,
            "prepare_mm": np.tile(_PREPARE_MM, len(rows)) + 4.0 * rank,
            "immediate_mm": np.tile(_IMMEDIATE_MM, len(rows)) + 5.0 * rank,
        }
    )


def points(sites: Sites, communities: Communities, found: list[Threat], of: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `geohazard_point`: in three of four zones the spot from which it may come; two are cancelled."""
    rng = sites.rng
    kept = [i for i in range(len(found)) if i % 4 != 3]
    n = len(kept)
    spots = shapely.get_coordinates([found[i].source.representative_point() for i in kept])
    volume = np.round(rng.lognormal(7.2, 0.8, n), -2)
    homes = of["threatened_households"].to_numpy()[kept]
    rows = sites.rows(
        {
            "code": [f"330106GP{i:04d}" for i in range(1, n + 1)],
            "name": [str(of["name"].iloc[i]).replace("风险防范区", "隐患点") for i in kept],
            "hazard_kind": [found[i].kind for i in kept],
            "scale": np.where(volume < 100_000, "small", "medium"),
            "volume_m3": volume,
            "discovered_at": [date(2012 + int(y), 6, 1 + int(y)) for y in rng.integers(0, 12, n)],
            "trigger": np.where(np.arange(n) % 3 == 0, "持续降雨、人工切坡", "持续降雨"),
            "stability": of["stability"].to_numpy()[kept],
            "trend": np.where(np.arange(n) % 5 == 0, "缓慢变形", "基本稳定"),
            "threatened_households": homes,
            "threatened_persons": homes * 3,
            "threatened_assets_wan": homes * 45.0,
            "measure": np.array(["monitoring", "engineering", "monitoring", "relocation"])[np.arange(n) % 4],
            "cancelled_at": [date(2025, 11, 20) if i in (5, 17) else None for i in range(n)],
            "cancelled_why": ["治理工程通过验收" if i in (5, 17) else None for i in range(n)],
            "resource_post": "DEMO-O-Q27-G2",
        },
        spots,
    )
    at = of_rows(sites, communities, rows, spots)
    return rows.assign(town_post=[f"{town(unit)}-G2" for unit in rows["admin_code"]], monitor_post=at.posts(4))


def cut_slope_houses(sites: Sites, communities: Communities, slopes: list[Slope]) -> gpd.GeoDataFrame:
    """Rows of `cut_slope_house`: the houses nearest to steep ground, at most five below each slope."""
    outline, found = sites.land.buildings.outline, {}
    for slope in slopes:
        homes = np.array([i for i in slope.houses if sites.use[i] == "house" and i not in found], dtype=np.int64)
        away = shapely.distance(outline[homes], slope.area)
        for k in np.argsort(away, kind="stable")[:5]:
            if away[k] < 25:
                found[int(homes[k])] = (max(1.0, float(away[k])), slope)
    away = np.array([a for a, _ in found.values()])
    cut = np.round(np.clip([0.12 * slope.drop_m + 2.5 - a / 20 for a, slope in found.values()], 3, 14), 1)
    spots: Field = sites.xy[list(found)]
    rows = sites.rows(
        {
            "code": [f"DEMO-CS{i:04d}" for i in range(1, len(found) + 1)],
            "cut_height_m": cut,
            "distance_m": np.round(away, 1),
            "risk": np.select([cut > 9, cut > 6, cut > 4], ["very_high", "high", "medium"], "low"),
            "persons": sites.rng.integers(1, 6, len(found)),
        },
        spots,
    )
    at = of_rows(sites, communities, rows, spots)
    return rows.assign(name=distinct(f"{p}切坡房" for p in at.place))


def slope_units(sites: Sites, communities: Communities, slopes: list[Slope]) -> gpd.GeoDataFrame:
    """Rows of `slope_unit`: every steep slope above houses."""
    deg = np.array([s.slope_deg for s in slopes])
    homes = np.array([len(s.houses) for s in slopes])
    words = np.array(["very_high", "high", "medium", "low"])
    prone = np.select([deg > 23, deg > 19, deg > 15], [0, 1, 2], 3)
    rows = sites.rows(
        {
            "code": [f"330106XP{i:04d}" for i in range(1, len(slopes) + 1)],
            "susceptibility": words[prone],
            "hazard_level": words[np.minimum(prone + (homes < 4), 3)],
            "risk": words[np.minimum(prone + (homes < 4) + (homes < 12), 3)],
            "slope_deg": deg,
        },
        [multi(s.area) for s in slopes],
    )
    at = of_rows(sites, communities, rows, shapely.get_coordinates(shapely.centroid([s.area for s in slopes])))
    return rows.assign(name=distinct(f"{p}斜坡单元" for p in at.place))
