"""Places that help: shelters, medical and fire stations, helipads, staging areas, command posts."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo.ground import Field
from gis_data.demo.registers.communities import Communities, of_rows, town
from gis_data.demo.registers.sites import (
    AS_OF,
    HILLY,
    IN_SCOPE,
    Sites,
    apart,
    days,
    distinct,
    given,
    phones,
    spread,
)
from gis_data.demo.registers.villages import STORY, Chosen

UNKNOWN, REFUSED, EXPIRED = (6, 13, 20, 27), (4, 10, 28), (9, 22)
"""Shelters (from 0) of unknown capacity, not accepted, and with an appraisal older than three years."""
SHELTERS, COUNTY, TOWN = 30, 3, 14
_OUTDOOR = (5, 8, 11, 12)


def shelters(sites: Sites, communities: Communities, chosen: Chosen, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows of `shelter`: schools and halls near people, the village ones near key villages, none in a risk zone."""
    rng, n = sites.rng, SHELTERS
    index = np.arange(n)
    indoor = ~np.isin(index, _OUTDOOR)
    sites.free[sites.land.buildings.tree.query(list(zones.to_crs("EPSG:4549").geometry), predicate="intersects")[1]] = (
        False
    )
    goals = np.vstack([_towards(sites, chosen), chosen.xy[spread(chosen.xy, n - TOWN, STORY)]])
    halls = goals.copy()
    halls[:TOWN] = sites.xy[sites.nearest(goals[:TOWN], ["school", "mall"])]
    halls[TOWN:] = sites.xy[sites.nearest(goals[TOWN:], ["house", "shop", "school", "office"])]
    fields = shapely.get_coordinates(
        [lot.land.representative_point() for lot in sites.land.lots if lot.use in ("park", "grass", "school")]
    )
    fields = fields[sites.in_scope(fields)]
    for i in _OUTDOOR:
        halls[i] = fields[np.hypot(*(fields - halls[i]).T).argmin()]
    level = np.where(index < COUNTY, "county", np.where(index < TOWN, "town", "village"))
    bounds = {"county": (1800, 3600), "town": (450, 1200), "village": (210, 480)}
    area = np.array([round(float(rng.uniform(*bounds[str(k)])), -1) for k in level])
    known = ~np.isin(index, UNKNOWN)
    each = np.where(indoor, 3.0, 1.0)
    capacity = pd.Series(np.where(known, np.floor(area / each), np.nan)).astype("Int64")
    appraised = days(rng, n, date(2024, 10, 1), date(2026, 5, 31))
    for i in EXPIRED:
        appraised[i] = date(2022, 5 + i % 3, 12)
    titles = {"county": "区级避灾安置场所", "town": "街镇避灾安置场所", "village": "避灾安置点"}
    rows = sites.rows(
        {
            "code": [f"DEMO-S{i:02d}" for i in index + 1],
            "level": level,
            "space": np.where(indoor, "indoor", "outdoor"),
            "hazards": pd.Series([["typhoon", "flood", "geohazard"] if k else ["earthquake", "fire"] for k in indoor],
                dtype=object),
            "duration": np.where(~indoor, "emergency", np.where(level == "county", "long", "short")),
            "building_area_m2": np.where(indoor, np.round(area * rng.uniform(1.3, 1.9, n), -1), np.nan),
            "effective_area_m2": np.where(known, area, np.nan),
            "per_capita_m2": each,
            "capacity": capacity,
            "capacity_source": given(known, np.where(index % 3 == 0, "computed", "surveyed")),
            "structure": given(indoor, rng.choice(["框架", "框架", "砖混"], n)),
            "wind_resistance": given(indoor, "12 级(演示)"),
            "seismic_resistance": given(indoor, "6 度(演示)"),
            "accepted": ~np.isin(index, REFUSED),
            "appraised_at": appraised,
            "beds": np.where(indoor & known, np.round(area / 12), 0).astype(int),
            "toilets": rng.integers(2, 14, n),
            "water": True, "power": True,
            "generator": rng.random(n) < 0.5, "kitchen": indoor & (rng.random(n) < 0.6),
            "barrier_free": rng.random(n) < 0.7, "medical": rng.random(n) < 0.4,
            "state": "closed",
            "phone": phones(500, n),
        },
        halls,
    )  # fmt: skip
    at = of_rows(sites, communities, rows, halls)
    streets = sites.streets(halls)
    return rows.assign(
        name=distinct(f"{p}{titles[str(k)]}" for p, k in zip(at.place, level, strict=True)),
        manager_post=at.posts(7), deputy_post=at.posts(2),
        address=[f"{road}{k}号(演示)" for road, k in zip(streets, rng.integers(1, 300, n), strict=True)],
    )  # fmt: skip


def _towards(sites: Sites, chosen: Chosen) -> Field:
    """Where the district's and towns' shelters are wanted: three spread out, then one in each town in scope."""
    centres = np.array(
        [sites.xy[sites.within(code) & sites.used("apartments", "house")].mean(axis=0) for code in IN_SCOPE]
    )
    three = centres[spread(centres, COUNTY)] + 350.0
    near = [
        chosen.xy[np.hypot(*(chosen.xy - c).T).argmin()] if code in HILLY else c
        for code, c in zip(IN_SCOPE, centres, strict=True)
    ]
    return np.vstack([three, near])


def stations(sites: Sites, targets: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Rows of `medical_facility` and `fire_station`, at the targets that they are."""
    rng = sites.rng
    cure = targets[targets["kind"].isin(["hospital", "clinic"])]
    big = (cure["kind"] == "hospital").to_numpy()
    n = len(cure)
    fire = targets[targets["kind"] == "fire_station"]
    at = [shapely.get_coordinates(part.to_crs("EPSG:4549").geometry) for part in (cure, fire)]
    return {
        "medical_facility": sites.rows(
            {
                "code": [f"DEMO-YL{i:02d}" for i in range(1, n + 1)], "name": cure["name"].to_numpy(),
                "kind": np.where(big, "hospital", "clinic"),
                "beds": np.where(big, cure["capacity"].to_numpy(dtype=int), rng.integers(0, 30, n)),
                "ambulances": np.where(big, rng.integers(2, 6, n), rng.integers(0, 2, n)), "duty_phone": phones(503, n),
            },
            at[0],
        ),
        "fire_station": sites.rows(
            {
                "code": [f"DEMO-XF{i:02d}" for i in range(1, len(fire) + 1)], "name": fire["name"].to_numpy(),
                "members": rng.integers(18, 41, len(fire)), "engines": rng.integers(2, 6, len(fire)),
                "duty_phone": phones(504, len(fire)),
            },
            at[1],
        ),
    }  # fmt: skip


def grounds(sites: Sites, communities: Communities) -> dict[str, gpd.GeoDataFrame]:
    """Rows of `helipad`, `staging_area` (open ground) and `command_post` (the centre and a room in each town)."""
    rng, land = sites.rng, sites.land
    wide = [lot.land for lot in land.lots if lot.use in ("park", "grass", "school") and lot.land.area > 9000]
    spots = shapely.get_coordinates(shapely.point_on_surface(wide))
    kept = sites.in_scope(spots)
    kept &= ~shapely.contains_xy(land.ground.broad_water.buffer(40), spots[:, 0], spots[:, 1])
    chosen = rng.permutation(np.flatnonzero(kept))
    chosen = chosen[apart(spots[chosen], 1500, 22)]
    pads, areas = chosen[:6], chosen[6:]
    pad = sites.rows({"code": [f"DEMO-ZS{i:02d}" for i in range(1, len(pads) + 1)],
        "length_m": rng.choice([30.0, 40.0, 60.0], len(pads)),
                      "lit": np.arange(len(pads)) % 2 == 0}, spots[pads])  # fmt: skip
    size = np.round([wide[i].area * 0.5 for i in areas], -2)
    area = sites.rows({"code": [f"DEMO-JJ{i:02d}" for i in range(1, len(areas) + 1)], "area_m2": size,
        "vehicles": (size / 60).astype(int),
                       "owner": "演示场地管理单位"}, spots[areas])  # fmt: skip
    towns = np.concatenate(
        [sites.take(1, ["office"], (unit,), sites.by_main_road) for unit in ("330106007", *IN_SCOPE)]
    )
    names = dict(zip(sites.units.codes, sites.units.names, strict=True))
    posts = sites.rows(
        {
            "code": [f"DEMO-ZH{i:02d}" for i in range(1, len(towns) + 1)],
            "name": ["演示区应急指挥中心", *(f"{names[unit]}指挥室(演示)" for unit in IN_SCOPE)],
            "organization_code": ["DEMO-O-Q05", *(town(unit) for unit in IN_SCOPE)],
            "duty_phone": phones(505, len(towns)), "seats": [42, *rng.integers(6, 15, len(IN_SCOPE))],
            "effective_area_m2": [480.0, *np.round(rng.uniform(40, 120, len(IN_SCOPE)), -1)],
        },
        sites.xy[towns],
    )  # fmt: skip
    label = [f"{p}" for p in of_rows(sites, communities, pad, spots[pads]).place]
    own = [f"{p}" for p in of_rows(sites, communities, area, spots[areas]).place]
    return {
        "helipad": pad.assign(name=distinct(f"{name}起降点" for name in label)),
        "staging_area": area.assign(name=distinct(f"{name}集结场" for name in own)),
        "command_post": posts.assign(as_of=AS_OF),
    }
