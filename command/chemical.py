"""First zones after a leak (初始警戒建议): circle and sector by table, who is inside, from where to come."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text

from command import roads
from command.exposure import exposed, metric, moved, said
from command.recommend import SNAP_LIMIT_M
from command.roads import profile_of
from command.teams import standing
from command.wind import wind_at
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from gis_data.errors import Invalid, NotFound
from gis_data.parameters import numbers_under, value_of
from gis_data.tables import TABLES, Team
from layers.network import Network
from layers.plume import DEMO_TABLE, ProtectRow, Zones, check_route, upwind_arc, zones
from layers.positions import Position, snap, snap_all
from layers.profiles import Profile
from layers.routing import Route, route

FIGURES = {"half_angle_deg": 30.0, "staging_m": 100.0, "staging_near_m": 300.0, "night_from_h": 18.0, "night_to_h": 6.0}
"""DEMO: parameters `gas.…`: half angle of the sector; how far outside the circle teams gather, and how near a road has
to be; the hours of night."""
STAGINGS = 7
"""Places along the arc that are tried."""
STATUS = ("初始警戒建议，参考；以现场侦检为准", "A first suggestion, 参考: detectors on the spot go before it")


@dataclass(frozen=True)
class Asked:
    """A leak: the substance by UN number or the code of a `chemical_site`; without a place it is the site's.

    `night` None goes by the world's clock, `wind_from_deg` None by the nearest gauge.
    `hazard` : what teams have to be equipped for.
    """

    lon: float | None
    lat: float | None
    un_number: str | None
    site_code: str | None
    large: bool
    night: bool | None
    wind_from_deg: float | None
    hazard: str = "city_fire"


def answer(tx: Reading, asked: Asked) -> dict[str, Any]:
    """Zones, who is inside, from where each team comes, and whether its usual way may be taken."""
    lon, lat, un = source(tx, asked)
    near = wind_at(tx, lon, lat)
    from_deg, vane = asked.wind_from_deg, near["direction"]
    if from_deg is None:
        if vane is None:
            zh, en = "附近没有可用的风向读数，请填写风向。", "No gauge near by tells the wind's direction; give it."
            raise Invalid(zh, en, field="wind_from_deg")
        from_deg = float(vane["value"])
    given = numbers_under(tx.session, "gas.", tx.at)
    figures = FIGURES | {name: given[name] for name in FIGURES if name in given}
    row, document, is_demo, night = distances(tx, un, asked.large, asked.night, figures)
    there = metric(tx.session)
    at = Point(*there.transform(lon, lat))
    around = zones(at, from_deg, row, figures["half_angle_deg"])
    isolation, sector = (moved(one, there, back=True) for one in (around.isolation, around.sector))
    both = shapely.union(isolation, sector)
    whole, of_circle, of_sector = exposed(tx.session, [both, isolation, sector])
    arc = upwind_arc(at, from_deg, row.isolation_m + figures["staging_m"], figures["half_angle_deg"])
    ways = Ways(tx, at, around, arc, figures["staging_near_m"], lon, lat)
    return {
        "status": {"zh": STATUS[0], "en": STATUS[1]}, "computed_at": tx.at, "network_version": ways.network.version,
        "closures": list(roads.closure_ids(tx.session)), "lon": lon, "lat": lat, "un_number": un,
        "substance": row.substance, "large": asked.large, "night": night, "wind_from_deg": from_deg,
        "wind_to_deg": (from_deg + 180) % 360, "half_angle_deg": figures["half_angle_deg"],
        "isolation_m": row.isolation_m, "protective_m": row.protective_m, "document": document, "is_demo": is_demo,
        "wind_gauge": near["speed"],
        "wind_vane": vane, "wind_given": asked.wind_from_deg is not None, "isolation": mapping(isolation),
        "sector": mapping(sector), "upwind": mapping(moved(arc, there, back=True)), "targets": targets(tx, both),
        "exposure": said(whole), "exposure_isolation": said(of_circle), "exposure_sector": said(of_sector),
        "approaches": ways.of_teams(asked.hazard),
    }  # fmt: skip


def source(tx: Reading, asked: Asked) -> tuple[float, float, str]:
    """The place and the UN number."""
    lon, lat, un = asked.lon, asked.lat, asked.un_number
    if asked.site_code is not None:
        c = TABLES["chemical_site"].c
        query = select(c.un_number, c.geom.ST_X().label("lon"), c.geom.ST_Y().label("lat"))
        site = tx.session.execute(query.where(c.code == asked.site_code, c.valid_to.is_(None))).one_or_none()
        if site is None:
            zh, en = f"没有危化品单位“{asked.site_code}”。", f"There is no chemical site “{asked.site_code}”."
            raise NotFound(zh, en, field="site_code")
        un = un or site.un_number
        if lon is None or lat is None:
            lon, lat = site.lon, site.lat
    if un is None:
        zh, en = "请给 UN 编号；该单位台账未填。", "Give the UN number: the register has none."
        raise Invalid(zh, en, field="un_number")
    if lon is None or lat is None:
        raise Invalid("请给泄漏位置。", "Give the place of the leak.", field="lon")
    return lon, lat, un


def distances(
    tx: Reading, un: str, large: bool, night: bool | None, figures: Mapping[str, float]
) -> tuple[ProtectRow, str, bool, bool]:
    """The distances in force, else those of the DEMO table; their document, whether it is DEMO, and whether by night.

    Parameters are `gas.isolation_m[1005, large]` and `gas.protective_m[1005, large, night]`. Raises NotFound where
    none has any.
    """
    if night is None:
        night = not figures["night_to_h"] <= tx.at.astimezone(SHANGHAI).hour < figures["night_from_h"]
    size, light = "large" if large else "small", "night" if night else "day"
    with suppress(NotFound, ValueError):
        near = value_of(tx.session, f"gas.isolation_m[{un}, {size}]", tx.at)
        far = value_of(tx.session, f"gas.protective_m[{un}, {size}, {light}]", tx.at)
        row = ProtectRow(un, f"UN{un}", large, night, near.number, far.number)
        return row, far.document, near.is_demo or far.is_demo, night
    row = DEMO_TABLE.row(un, large=large, night=night)
    return row, DEMO_TABLE.document, DEMO_TABLE.is_demo, night


ORDER = ("school", "kindergarten", "nursing_home", "hospital", "clinic")


def targets(tx: Reading, area: BaseGeometry) -> list[dict[str, Any]]:
    """Protected targets inside: schools and homes first, then the others, the most people by day first."""
    rows = tx.session.execute(
        text(
            "select code, name, kind, day_occupancy, night_occupancy, capacity, ST_X(geom) as lon, ST_Y(geom) as lat"
            " from gis.protected_target where valid_to is null"
            " and ST_Intersects(geom, ST_SetSRID(ST_GeomFromWKB(:area), 4490))"
        ),
        {"area": shapely.to_wkb(area)},
    ).mappings()

    def place(one: dict[str, Any]) -> tuple[int, int, str]:
        kind = one["kind"]
        return ORDER.index(kind) if kind in ORDER else len(ORDER), -(one["day_occupancy"] or 0), one["code"]

    return sorted((dict(row) for row in rows), key=place)


class Ways:
    """The ways to a leak on the roads as they are now."""

    def __init__(
        self, tx: Reading, at: Point, around: Zones, arc: LineString, near_m: float, lon: float, lat: float
    ) -> None:
        self.network, self.profiles = roads.network(tx.session), roads.profiles(tx)
        self.teams, self.around, self.arc, self.near_m, self.lon, self.lat = (
            standing(tx.session),
            around,
            arc,
            near_m,
            lon,
            lat,
        )
        self.names = {str(id_): name for id_, name in tx.session.execute(select(Team.id, Team.name))}
        plan = self.network.plan
        self.zone = shapely.union(around.isolation, around.sector)
        hit = plan.tree.query(self.zone, predicate="intersects")
        self.held = frozenset(plan.roads.index[hit].tolist())
        self.there: Transformer = plan.to_metric
        self.kept: dict[frozenset[int], Network] = {}

    def of_teams(self, hazard: str) -> list[dict[str, Any]]:
        """Every team that stands by and is equipped: the earliest at its staging point first."""
        able = [t for t in self.teams if t["state"] == "standby" and hazard in t["hazards"]]
        found = [self._of(team) for team in able]
        return sorted(found, key=lambda one: (one["eta_s"] is None, one["eta_s"] or 0.0, one["code"]))

    def _of(self, team: Mapping[str, Any]) -> dict[str, Any]:
        profile = profile_of(team["vehicle"], self.profiles)
        base = Point(*self.there.transform(team["lon"], team["lat"]))
        said: dict[str, Any] = {
            "team_id": team["id"], "code": team["code"], "name": self.names[team["id"]], "profile": profile.id,
            "muster_s": team["muster_s"], "eta_s": None, "travel_s": None, "metres": None, "route": None,
            "staging": None, "inside": bool(self.zone.intersects(base)),
        }  # fmt: skip
        start = snap_all(self.network, np.array([[team["lon"], team["lat"]]]), profile, limit_m=SNAP_LIMIT_M)[0]
        said["fastest"] = self._fastest(start, profile)
        best = min(self._upwind(start, profile), key=lambda one: one[0].ms, default=None) if start else None
        if best is None:
            zh, en = "没有避开警戒圈和下风向扇形的路线。", "No way keeps out of the circle and the sector."
            return said | {"words": {"zh": zh, "en": en}}
        way, staging = best
        seconds = team["muster_s"] + way.seconds
        zh = f"从上风向到集结点：集结 {team['muster_s'] / 60:.0f} 分 + 行车 {way.seconds / 60:.1f} 分"
        en = f"From upwind: muster {team['muster_s'] / 60:.0f} min + travel {way.seconds / 60:.1f} min"
        return said | {
            "eta_s": seconds, "travel_s": way.seconds, "metres": round(way.metres), "route": mapping(way.geometry),
            "staging": {"lon": staging.lon, "lat": staging.lat}, "words": {"zh": zh, "en": en},
        }  # fmt: skip

    def _fastest(self, start: Position | None, profile: Profile) -> dict[str, Any] | None:
        """The usual way, refused where it crosses the sector; else where it has to stop."""
        with suppress(Invalid):
            end = snap(self.network, self.lon, self.lat, profile, limit_m=SNAP_LIMIT_M)
            way = route(self.network, start, end, profile) if start else None
            if way is None:
                return None
            found = check_route(self._metric(way), self.around)
            stop = None
            if found.stop is not None:
                x, y = self.there.transform(found.stop.x, found.stop.y, direction="INVERSE")
                stop = {"lon": x, "lat": y}
            if found.crosses_sector:
                m = f"{found.sector_m:.0f}"
                words = f"拒绝：最快路线穿过下风向扇形 {m} 米", f"Refused: the fastest way runs {m} m in the sector"
            elif stop:
                words = (
                    "最快路线不经扇形，须在警戒圈外停下",
                    "The fastest way keeps out of the sector; stop before the circle",
                )
            else:
                words = "最快路线不经警戒范围", "The fastest way keeps out of the zones"
            return {
                "refused": found.crosses_sector, "sector_m": round(found.sector_m), "stop": stop,
                "travel_s": way.seconds, "metres": round(way.metres), "route": mapping(way.geometry),
                "words": {"zh": words[0], "en": words[1]},
            }  # fmt: skip
        return None

    def _metric(self, way: Route) -> LineString:
        line = way.geometry
        if len(line.coords) < 2 or line.length == 0:
            line = LineString([line.coords[0], line.coords[-1]])
        moved_line = moved(line, self.there)
        assert isinstance(moved_line, LineString)
        return moved_line

    def _stagings(self, profile: Profile) -> list[Position]:
        """Places on roads near the arc, outside circle and sector."""
        along = shapely.line_interpolate_point(self.arc, np.linspace(0, 1, STAGINGS), normalized=True)
        xy: NDArray[np.float64] = shapely.get_coordinates(along)
        lonlat = np.column_stack(self.there.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
        found = snap_all(self.network, lonlat, profile, limit_m=self.near_m)
        some = {(p.road_id, p.fraction): p for p in found if p is not None}
        return [
            p for p in some.values() if not self.zone.intersects(Point(*self.there.transform(p.lon, p.lat)))
        ]  # fmt: skip

    def _upwind(self, start: Position, profile: Profile) -> list[tuple[Route, Position]]:
        """Ways to each staging place that touch neither circle nor sector."""
        found = []
        for staging in self._stagings(profile):
            way = route(self._without(frozenset({start.road_id, staging.road_id})), start, staging, profile)
            if way is not None and not self._metric(way).intersects(self.zone):
                found.append((way, staging))
        return found

    def _without(self, ends: frozenset[int]) -> Network:
        """The network without roads that enter the zones, but for those on which a way begins and ends."""
        shut = self.held - ends
        if shut not in self.kept:
            self.kept[shut] = self.network.close(shut)
        return self.kept[shut]
