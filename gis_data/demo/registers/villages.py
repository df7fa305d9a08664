"""The 29 key villages on streams: their gauges and thresholds, the 655 households, the 1,965 persons."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_data.demo.ground import Field
from gis_data.demo.land import Ints
from gis_data.demo.registers.communities import Communities, of_rows
from gis_data.demo.registers.sites import AS_OF, IN_SCOPE, Sites, days, given, plain, spread

VILLAGES, HOUSEHOLDS, PERSONS, CODED = 29, 655, 1965, 1302
STORY, SILENT = 6, 11
"""The places of V-07, whose gauge is R-07, and of V-12, whose gauge is R-09."""
STORY_HOUSEHOLDS, STORY_PERSONS = 23, 61
RAIN_GAUGES = 14
_THRESHOLDS_MM = ((1, 30, 45), (3, 54, 76), (6, 80, 112))
"""Window (h), prepare and immediate of a village that is like the others."""


@dataclass(frozen=True)
class Chosen:
    """Key villages in the order of their codes: place in `Land.villages`, centre, houses near the stream, gauge."""

    village: Ints
    xy: Field
    homes: tuple[Ints, ...]
    gauge: tuple[str, ...]
    rain_xy: Field
    """Where R-01 to R-14 stand."""


def _near_stream(sites: Sites) -> NDArray[np.bool_]:
    """Houses within 110 m of a stream, nearest village alone."""
    lines = [s.line for s in sites.land.ground.streams]
    found = np.zeros(len(sites.xy), dtype=bool)
    found[sites.land.buildings.tree.query(lines, predicate="dwithin", distance=110)[1]] = True
    return found & sites.used("house")


def choose(sites: Sites) -> Chosen:
    """The villages with most houses by a stream, spread over the units in scope, numbered from the north-west."""
    land = sites.land
    near = _near_stream(sites)
    streamed = [i for i, v in enumerate(land.villages) if v.stream is not None]
    centres = shapely.get_coordinates([v.centre for v in land.villages])
    units = land.unit([v.centre for v in land.villages])
    homes = {i: np.flatnonzero(near & (land.buildings.village == i)) for i in streamed if units[i] in IN_SCOPE}
    ranked = sorted(homes, key=lambda i: -len(homes[i]))[:VILLAGES]
    ranked.sort(key=lambda i: centres[i, 0] - centres[i, 1])
    xy = centres[ranked]
    rain_xy, gauge = _gauges(sites, xy)
    return Chosen(np.array(ranked), xy, tuple(homes[i] for i in ranked), gauge, rain_xy)


def _gauges(sites: Sites, xy: Field) -> tuple[Field, tuple[str, ...]]:
    """Where the rain gauges stand, and the one nearest to each village: R-07 at V-07, R-09 at V-12."""
    at_villages = [STORY, SILENT, *(i for i in spread(xy, 10, STORY) if i not in (STORY, SILENT))][:9]
    plain_units = ("330106109", "330106011", "330106005", "330106110", "330106013")
    centre = dict(
        zip(sites.units.codes, (sites.xy[sites.unit == code].mean(axis=0) for code in sites.units.codes), strict=True)
    )
    elsewhere = np.array([centre[code] for code in plain_units])
    beside = np.array([95.0, 60.0])
    spots = np.vstack([xy[at_villages] + beside, elsewhere])
    others = np.argsort(spots[2:, 0] - spots[2:, 1], kind="stable") + 2
    order = list(others)
    order.insert(6, 0)
    order.insert(8, 1)
    placed = spots[order]
    near = [int(np.hypot(*(placed - at).T).argmin()) for at in xy]
    return placed, tuple(f"R-{i + 1:02d}" for i in near)


def _shares(chosen: Chosen, rng: np.random.Generator) -> Ints:
    """Households of each village: 655 in all, 23 in V-07, never more than houses near the stream."""
    room = np.array([len(homes) for homes in chosen.homes])
    wish: Ints = np.minimum(room, 8) + np.minimum(np.maximum(room - 8, 0), rng.integers(4, 26, VILLAGES))
    wish[STORY] = STORY_HOUSEHOLDS
    others = np.array([i for i in range(VILLAGES) if i != STORY])
    step = 0
    while (gap := HOUSEHOLDS - int(wish.sum())) != 0:
        i = others[step % len(others)]
        step += 1
        if gap > 0 and wish[i] < room[i]:
            wish[i] += 1
        elif gap < 0 and wish[i] > 5:
            wish[i] -= 1
    return wish


def households(sites: Sites, chosen: Chosen, communities: Communities) -> gpd.GeoDataFrame:
    """Rows of `at_risk_household` but for shelter, route and hazards: one a house, the nearest to the stream."""
    rng, land = sites.rng, sites.land
    counts = _shares(chosen, rng)
    spots = []
    for village, homes, count in zip(chosen.village, chosen.homes, counts, strict=True):
        stream = land.ground.streams[int(land.villages[village].stream or 0)].line
        near = np.argsort(shapely.distance(shapely.points(sites.xy[homes]), stream), kind="stable")[:count]
        spots.append(sites.xy[homes[near]])
        sites.free[homes[near]] = False
    of = np.repeat(np.arange(VILLAGES), counts)
    persons = _persons(of, rng)
    elderly = np.minimum(rng.choice([0, 0, 1, 1, 2], HOUSEHOLDS), persons)
    children = np.minimum(rng.choice([0, 0, 1, 1, 2], HOUSEHOLDS), persons - elderly)
    rest = persons - elderly - children
    disabled = np.minimum(rng.random(HOUSEHOLDS) < 0.08, rest).astype(int)
    pregnant = np.minimum(rng.random(HOUSEHOLDS) < 0.03, rest - disabled).astype(int)
    xy = np.vstack(spots)
    rows = sites.rows(
        {
            "code": [f"DEMO-HH{i:04d}" for i in range(1, HOUSEHOLDS + 1)],
            "village": [land.villages[chosen.village[i]].name for i in of],
            "object_register": "key_village",
            "object_code": [f"V-{i + 1:02d}" for i in of],
            "persons": persons,
            "elderly": elderly,
            "children": children,
            "disabled": disabled,
            "pregnant": pregnant,
            "card_issued_at": days(rng, HOUSEHOLDS, AS_OF.replace(month=3, day=1), AS_OF.replace(month=4, day=14)),
        },
        xy,
    )
    at = of_rows(sites, communities, rows, xy)
    roles = rng.choice([1, 2, 2, 3], HOUSEHOLDS)
    number = np.concatenate([np.arange(1, c + 1) for c in counts])
    return rows.assign(
        name=[f"{village}{n:02d}户" for village, n in zip(rows["village"], number, strict=True)],
        cadre_post=[f"{code}-G{role}" for code, role in zip(at.code, roles, strict=True)],
    )


def _persons(of: Ints, rng: np.random.Generator) -> Ints:
    """Persons of each household: 1,965 in all, 61 in V-07."""
    found = rng.choice([1, 2, 2, 3, 3, 3, 4, 4, 5], len(of))
    for part, total in ((of == STORY, STORY_PERSONS), (of != STORY, PERSONS - STORY_PERSONS)):
        places = rng.permutation(np.flatnonzero(part))
        step = 0
        while (gap := total - int(found[part].sum())) != 0:
            i = places[step % len(places)]
            step += 1
            if 1 <= found[i] + np.sign(gap) <= 6:
                found[i] += np.sign(gap)
    return found


def persons(homes: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `at_risk_person`: everyone of every household, 1,302 with a safety code; identities are made up."""
    count = homes["persons"].to_numpy()
    at = np.repeat(np.arange(len(homes)), count)
    within = np.concatenate([np.arange(n) for n in count])
    edges = np.cumsum(homes[["elderly", "children", "disabled", "pregnant"]].to_numpy(), axis=1)[at]
    group = (within[:, None] >= edges).sum(axis=1)
    words = np.array(["elderly", "child", "disabled", "pregnant", ""], dtype=object)[group]
    lonely = (count[at] == 1) & (group == 0)
    chronic = (rng.random(PERSONS) < 0.12) & (group != 1)
    weak = [[w for w in (word, "alone" if a else "", "chronic" if c else "") if w]
            for word, a, c in zip(words, lonely, chronic, strict=True)]  # fmt: skip
    coded = np.zeros(PERSONS, dtype=bool)
    coded[np.argsort(rng.random(PERSONS) - 0.5 * (group != 1), kind="stable")[:CODED]] = True
    tagged = coded & ((group == 0) | (group == 1) | (rng.random(PERSONS) < 0.15))
    number = np.arange(1, PERSONS + 1)
    return plain(
        {
            "code": [f"DEMO-PN{i:04d}" for i in number],
            "name": [f"{house}-{k + 1}" for house, k in zip(homes["name"].to_numpy()[at], within, strict=True)],
            "admin_code": homes["admin_code"].to_numpy()[at],
            "household_code": homes["code"].to_numpy()[at],
            "identity": [f"演示人员{i:04d}" for i in number],
            "id_number": [f"DEMO33010600000000{i:04d}" for i in number],
            "contact": [f"100-0000-{i:04d}" for i in number],
            "vulnerability": pd.Series([w or None for w in weak], dtype=object),
            "mobility": np.where(words == "disabled", "需轮椅或担架", given(lonely, "需搀扶")),
            "code_kind": np.where(tagged, "tag", np.where(coded, "phone", "none")),
            "at_home": rng.random(PERSONS) < 0.93,
        }
    )


def key_villages(
    sites: Sites, chosen: Chosen, communities: Communities, homes: gpd.GeoDataFrame, ponds: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Rows of `key_village` but for shelter and route; why each is listed follows from what lies there."""
    land, rng = sites.land, sites.rng
    names = [land.villages[i].name for i in chosen.village]
    streams = [land.ground.streams[int(land.villages[i].stream or 0)] for i in chosen.village]
    dammed = {str(name).removesuffix("水库").removesuffix("山塘") for name in ponds["name"]}
    totals = homes.groupby("object_code", sort=True)["persons"].agg(["size", "sum"])
    slope = land.slope_deg(chosen.xy)
    reasons = [
        [letter for letter, holds in zip("abcdef", (
            True, rng.random() < 0.2, s.name in dammed, deg > 9, rng.random() < 0.3,
            rng.random() < 0.35), strict=True) if holds]
        for s, deg in zip(streams, slope, strict=True)
    ]  # fmt: skip
    rows = sites.rows(
        {
            "code": [f"V-{i:02d}" for i in range(1, VILLAGES + 1)],
            "name": names,
            "reasons": pd.Series(reasons, dtype=object),
            "households": totals["size"].to_numpy(),
            "persons": totals["sum"].to_numpy(),
            "stream": [s.name or f"{name}小溪" for s, name in zip(streams, names, strict=True)],
            "gauges": list(chosen.gauge),
        },
        chosen.xy,
    )
    at = of_rows(sites, communities, rows, chosen.xy)
    return rows.assign(transfer_post=at.posts(5))


def thresholds(rows: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `rain_threshold` for villages; V-07 has the handbook's (1 h 35/50, 3 h 60/85) and no others."""
    found = []
    for i, row in enumerate(rows.itertuples()):
        wet = float(rng.integers(-2, 4)) * 2
        own = ((1, 35, 50), (3, 60, 85)) if i == STORY else tuple((h, a + wet, b + wet) for h, a, b in _THRESHOLDS_MM)
        found += [(row.code, row.name, row.admin_code, *window) for window in own]
    code, name, unit, window, prepare, immediate = zip(*found, strict=True)
    return plain(
        {
            "code": [f"DEMO-TH-{c}-{h}H" for c, h in zip(code, window, strict=True)],
            "name": [f"{label} {h} 小时" for label, h in zip(name, window, strict=True)],
            "admin_code": unit,
            "object_register": "key_village",
            "object_code": code,
            "window_h": window,
            "prepare_mm": np.array(prepare, dtype=float),
            "immediate_mm": np.array(immediate, dtype=float),
        }
    )


def nearest_fit(shelters: gpd.GeoDataFrame, rows: gpd.GeoDataFrame) -> pd.DataFrame:
    """For each row the nearest shelter that is indoor, accepted, appraised and of known capacity."""
    fit = shelters[(shelters["space"] == "indoor") & shelters["accepted"] & shelters["capacity"].notna()]
    fit = fit[[day.year >= AS_OF.year - 2 for day in fit["appraised_at"]]].to_crs("EPSG:4549")
    at = fit.sindex.nearest(rows.to_crs("EPSG:4549").geometry.representative_point(), return_all=False)[1]
    return pd.DataFrame(fit.iloc[at])


def sheltered(
    sites: Sites, rows: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, shelters: gpd.GeoDataFrame, zones: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Villages and households with the nearest fit shelter and the way there; houses inside a risk zone say so."""
    near = nearest_fit(shelters, rows)
    code, name = near["code"].to_numpy(), near["name"].to_numpy()
    street = sites.streets(shapely.get_coordinates(rows.to_crs("EPSG:4549").geometry))
    route = [f"沿{road}步行至{goal}" for road, goal in zip(street, name, strict=True)]
    villages = rows.assign(shelter_code=code, route=route)
    of = pd.Series(np.arange(len(rows)), index=rows["code"]).loc[homes["object_code"]].to_numpy()
    inside = np.zeros(len(homes), dtype=bool)
    inside[homes.sindex.query(zones.geometry, predicate="intersects")[1]] = True
    hazards = pd.Series([["flood", "geohazard"] if i else ["flood"] for i in inside], index=homes.index, dtype=object)
    return villages, homes.assign(shelter_code=code[of], route=np.array(route, dtype=object)[of], hazards=hazards)
