"""Water: reaches, dykes, reservoirs, sluices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_data.demo import plan
from gis_data.demo.ground import CANAL_M, DYKE_M, RIVER_M, Field, Shape, line_of
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.sites import IN_SCOPE, Sites, demo, distinct, multi_line

RIVER, DATUM = "演示江", "1985国家高程基准(演示)"
RESERVOIRS = 18


def centre_line(bed: Shape, course: plan.Line, reach_m: float) -> shapely.LineString:
    """The middle of a bed, found by crossing it every 50 m along the course that it was drawn from."""
    line = line_of(course)
    at = np.arange(0, line.length, 50.0)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = np.gradient(xy, axis=0)
    side = np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1) / np.hypot(*ahead.T)[:, None] * reach_m
    across: Any = shapely.intersection(shapely.linestrings(np.stack([xy - side, xy + side], axis=1)), bed)
    middles = []
    for cut, here in zip(across, map(shapely.Point, xy), strict=True):
        parts = [p for p in shapely.get_parts(cut) if p.length > 0]
        if parts:
            middles.append(min(parts, key=here.distance).interpolate(0.5, normalized=True))
    return shapely.simplify(shapely.LineString(middles), 4)


def middles(sites: Sites) -> dict[str, shapely.LineString]:
    """The middle lines of the river and the canals by name."""
    ground = sites.land.ground
    beds = {
        demo(name): (bed, course, 160.0) for (name, _, course), (_, bed) in zip(plan.CANALS, ground.canals, strict=True)
    }
    beds[RIVER] = (ground.river, plan.RIVER, 900.0)
    return {name: centre_line(*bed) for name, bed in beds.items()}


def _our_side(line: Shape, outline: Shape) -> Shape:
    """The river's middle moved 170 m to the side that lies in the district, whose border runs along it."""
    sides = [shapely.offset_curve(line, by) for by in (-170.0, 170.0)]
    return max(sides, key=lambda side: float(side.intersection(outline).length))


def courses(sites: Sites, middle: dict[str, shapely.LineString]) -> Iterator[tuple[str, str, Shape, float]]:
    """Name, grade, line and level (m) of the river, the canals and the named streams."""
    ground = sites.land.ground
    for name, line in middle.items():
        if name == RIVER:
            yield name, "市级河道", _our_side(line, ground.outline), RIVER_M
        else:
            yield name, "区级河道", line, CANAL_M
    for stream in ground.streams:
        if stream.name:
            foot = float(ground.at(np.asarray(stream.line.coords)[-1:])[0])
            yield stream.name, "镇级河道" if stream.area_km2 > 2 else "村级河道", stream.line, foot


def _by_unit(sites: Sites, line: Shape, least_m: float) -> Iterator[tuple[str, Shape]]:
    """A line cut into the units in scope: the unit's name and its part."""
    for (code, name, *_), area in zip(plan.UNITS, sites.land.ground.units, strict=True):
        inside = line.intersection(area.buffer(-1)) if code in IN_SCOPE else None
        lines = (
            [p for p in shapely.get_parts(inside) if p.geom_type == "LineString" and p.length > 60] if inside else []
        )
        part = shapely.line_merge(shapely.multilinestrings(lines)) if lines else None
        if part is not None and part.length > least_m:
            yield name, multi_line(part)


def reaches(sites: Sites, middle: dict[str, shapely.LineString]) -> gpd.GeoDataFrame:
    """Rows of `river_reach`: every watercourse by unit."""
    cut = [(*course, name, part) for course in courses(sites, middle) for name, part in _by_unit(sites, course[2], 250)]
    level = np.array([row[3] for row in cut])
    return sites.rows(
        {
            "code": [f"DEMO-HD{i:03d}" for i in range(1, len(cut) + 1)],
            "name": [f"{river}{unit}段" for river, *_, unit, _ in cut],
            "river": [row[0] for row in cut],
            "grade": [row[1] for row in cut],
            "warning_level_m": np.round(level + np.where(level == RIVER_M, 4.6, 1.0), 2),
            "guarantee_level_m": np.round(level + np.where(level == RIVER_M, 5.6, 1.5), 2),
            "vertical_datum": DATUM,
            "manager": [f"{row[4]}河道所(演示)" for row in cut],
        },
        [row[5] for row in cut],
    )


def dykes(sites: Sites) -> gpd.GeoDataFrame:
    """Rows of `dyke`: the river's bank by unit."""
    bank = sites.land.ground.river.buffer(22).boundary
    cut = list(_by_unit(sites, bank, 300))
    return sites.rows(
        {
            "code": [f"DEMO-DF{i:02d}" for i in range(1, len(cut) + 1)],
            "name": [f"演示江海塘{unit}段" for unit, _ in cut],
            "river": RIVER,
            "grade": "50 年一遇(演示)",
            "crest_m": DYKE_M,
            "warning_level_m": np.round(RIVER_M + 4.6, 2),
            "guarantee_level_m": np.round(RIVER_M + 5.2, 2),
            "vertical_datum": DATUM,
            "manager": "演示江海塘管理所",
            "gauge_code": "W-01",
        },
        [part for _, part in cut],
    )


def reservoirs(sites: Sites, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `reservoir`: in valleys, on streams, above the houses, one a stream, on the larger streams first."""
    ground, tree = sites.land.ground, sites.land.buildings.tree
    spots: list[Field] = []
    names: list[str] = []
    areas: list[float] = []
    for stream in sorted(ground.streams, key=lambda s: -s.area_km2):
        xy = shapely.get_coordinates(
            shapely.line_interpolate_point(stream.line, np.arange(200, min(1400, 0.6 * stream.line.length), 60.0))
        )
        high = ground.at(xy)
        alone = np.ones(len(xy), dtype=bool)
        alone[np.unique(tree.query(shapely.points(xy), predicate="dwithin", distance=110)[0])] = False
        inside = sites.in_scope(xy)
        fits = np.flatnonzero(alone & inside & (high > 28) & (high < 180))
        if len(fits) and stream.name and len(spots) < RESERVOIRS:
            spots.append(xy[fits[np.argmin(sites.land.slope_deg(xy[fits]))]])
            names.append(stream.name)
            areas.append(stream.area_km2)
    places: Field = np.array(spots)
    size = np.round(np.array(areas) * 42_000 * sites.rng.uniform(0.6, 1.4, len(areas)), -3)
    big = size >= 100_000
    foot = ground.at(places)
    rows = sites.rows(
        {
            "code": [f"DEMO-SK{i:02d}" for i in range(1, len(names) + 1)],
            "name": [f"{name}{'水库' if large else '山塘'}" for name, large in zip(names, big, strict=True)],
            "grade": np.select([size >= 1e6, big], ["小(一)型", "小(二)型"], "山塘"),
            "capacity_m3": size,
            "flood_limit_level_m": np.round(foot + np.where(big, 11, 4.5), 1),
            "crest_m": np.round(foot + np.where(big, 14, 6.0), 1),
            "vertical_datum": DATUM,
        },
        places,
    )
    at = of_rows(sites, communities, rows, places)
    return rows.assign(manager=[f"{p}(演示)" for p in at.place], patrol_post=at.posts(6))


def sluices(sites: Sites, middle: dict[str, shapely.LineString], dyke: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `sluice`: on canals where main roads cross them, and pump stations along the dyke."""
    crossings: list[tuple[str, Any]] = []
    main = shapely.STRtree([s.line for s in sites.land.streets if s.road_class in ("primary", "secondary")])
    for name, line in middle.items():
        if name == RIVER:
            continue
        meets = shapely.intersection(main.geometries[main.query(line, predicate="intersects")], line)
        along = sorted({round(line.project(p.centroid), -2) for p in meets})
        ends = [line.interpolate(s + 60) for i, s in enumerate(along) if not i or s - along[i - 1] > 900]
        crossings += [(name, p) for p in ends]
    bank = shapely.union_all(dyke.to_crs("EPSG:4549").geometry.array)
    for part in shapely.get_parts(shapely.line_merge(bank)):
        crossings += [(RIVER, part.interpolate(s)) for s in np.arange(1200, part.length, 3200.0)]
    units = sites.land.unit([p for _, p in crossings])
    kept = [c for c, unit in zip(crossings, units, strict=True) if unit in IN_SCOPE]
    river = np.array([name == RIVER for name, _ in kept])
    kind = np.where(river, "pump", np.where(np.arange(len(kept)) % 3 == 0, "both", "sluice"))
    word = {"pump": "排涝泵站", "both": "闸泵站", "sluice": "节制闸"}
    spots = shapely.get_coordinates([p for _, p in kept])
    streets = sites.streets(spots)
    names = [
        f"{name}{road if name != '演示江' else ''}{word[k]}"
        for (name, _), road, k in zip(kept, streets, kind, strict=True)
    ]
    return sites.rows(
        {
            "code": [f"DEMO-ZB{i:02d}" for i in range(1, len(kept) + 1)],
            "name": distinct(names),
            "kind": kind,
            "capacity_m3s": np.round(
                np.where(river, sites.rng.uniform(12, 40, len(kept)), sites.rng.uniform(2, 12, len(kept)))
            ),
            "manager": [f"{name}闸泵管理所(演示)" for name, _ in kept],
            "duty_phone": [f"0571-0300{i:04d}" for i in range(1, len(kept) + 1)],
        },
        spots,
    )
