"""What gauges show: their newest readings and windows, a series for a chart, rain over areas."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.warp import transform_bounds
from sqlalchemy import select, text

from command import roads
from command.station_memory import Last, Memory, memory, newest
from command.stations import Station
from gis_data.db import Reading, district
from gis_data.errors import Invalid, NotFound
from gis_data.settings import settings
from gis_data.sources.raster_grid import regrid
from gis_data.tables import TABLES
from layers.catchments import catchments
from layers.quality import ALARMS, STORED
from layers.rain import DAYS, HOURS, Method, areal, spread

STEPS_S = (300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400)
BY: dict[str, str] = {"town": "admin_unit", "zone": "geohazard_zone", "village": "key_village", "catchment": "gauge"}
"""What rain is shared out over, and the register that its outlines come from: of water gauges, what drains to them."""
CATCHMENT_CELL_M = 30.0
MEAN_DIRECTION = """case when sqrt(power(avg(sind(value)), 2) + power(avg(cosd(value)), 2)) > 1e-6
 then mod(cast(round(cast(atan2d(avg(sind(value)), avg(cosd(value))) as numeric), 1) + 360 as numeric), 360) end"""
"""SQL: the vector mean of directions, degrees; null where they cancel out."""
Item = dict[str, Any]


Heard = dict[str, tuple[Last, str]]
"""The newest reading of each station, and how it stood."""


def as_of(tx: Reading, at: datetime | None) -> datetime:
    """A time to look back to, now for None. Raises Invalid for one before the days that are kept."""
    then = min(at or tx.at, tx.at)
    if then < tx.at - timedelta(days=DAYS - 2):
        raise Invalid(f"只保留最近 {DAYS - 2} 天的雨量。", f"Rain is kept for {DAYS - 2} days.", field="at")
    return then


def heard_by(tx: Reading, kept: Memory, then: datetime) -> Heard:
    """What each station had measured by a time, now or of the past; what came late counts when it was measured."""
    if then >= tx.at:
        with kept.lock:
            return {code: (last, kept.states.get(code, ("fresh", then))[0]) for code, last in kept.last.items()}
    found = {r.station: Last(r.at, r.value, r.quality, r.rule) for r in newest(tx, kept.stations.values(), at=then)}
    return {code: (last, kept.state(kept.stations[code], last, then)) for code, last in found.items()}


def shown(
    kept: Memory, at: datetime, codes: Collection[str] | None = None, heard: Heard | None = None
) -> dict[str, Item]:
    """All gauges, and sensors that have reported (of these codes, if given), as they stand; for one who holds its lock.

    Rain comes in windows and for the rain day (雨日); where `known` is false, the amount is a lower bound. `heard` is
    given for a time of the past.
    """
    totals = kept.windows.totals(at.timestamp())
    today, whole = kept.windows.rain_days(at.timestamp(), 1, start_hour=kept.rainday_hour)
    found: dict[str, Item] = {}
    for code in kept.stations if codes is None else codes:
        station, since = kept.stations.get(code), None
        if heard is None:
            last = kept.last.get(code)
            state, since = kept.states.get(code, ("fresh" if last else "never", None))
        else:
            last, state = heard.get(code, (None, "never"))
        if station is None or (last is None and station.element in ALARMS):
            continue
        item = found[code] = {
            "code": code, "state": state, "since": since, "last_at": last and last.at,
            "last_value": last and last.value, "quality": last and last.quality, "rule": last and last.rule, "rain": [],
            "rain_day": None,
        }  # fmt: skip
        if (n := kept.rain.get(code)) is not None:
            mm, covered, known = totals.mm[n].tolist(), totals.coverage[n].tolist(), totals.known[n].tolist()
            item["rain"] = [
                {"hours": hours, "mm": mm[k], "coverage": round(covered[k], 4), "known": known[k]}
                for k, hours in enumerate(HOURS)
            ]
            item["rain_day"] = {"mm": float(today[n, 0]), "known": bool(whole[n, 0])}
    return found


def gauges(tx: Reading, at: datetime | None = None) -> list[Item]:
    """Everything that `shown` says, with what the registers say; as it stood at a time (None: now)."""
    kept, then = memory(tx), as_of(tx, at)
    heard = None if then == tx.at else heard_by(tx, kept, then)
    with kept.lock:
        return [
            {
                "name": s.name, "element": s.element, "unit": STORED[s.element], "interval_s": s.interval_s,
                "lon": s.lon, "lat": s.lat, "is_demo": s.is_demo, **item,
            }
            for code, item in shown(kept, then, heard=heard).items()
            for s in (kept.stations[code],)
        ]  # fmt: skip


@dataclass(frozen=True)
class Series:
    """A gauge's readings in steps of equal length. `value`: of rain the amount, of others the mean (of a direction by
    vectors); None: unknown.

    `doubts` are the readings in doubt, each with the rule that it breaks.
    """

    element: str
    unit: str
    step_s: int
    steps: list[Item]
    doubts: list[Item]


def series(tx: Reading, code: str, hours: int, step_s: int) -> Series:
    """A gauge's last hours. Raises NotFound for an unknown gauge, Invalid for a step that is none of `STEPS_S`."""
    kept = memory(tx)
    station = kept.stations.get(code)
    if station is None:
        raise NotFound(f"没有监测站“{code}”。", f"There is no gauge “{code}”.", field="code")
    if step_s not in STEPS_S or not 1 <= hours <= (DAYS - 2) * 24:
        known = ", ".join(map(str, STEPS_S))
        raise Invalid(f"步长须为 {known} 秒之一。", f"A step is one of {known} s.", field="step")
    first = (tx.at - timedelta(hours=hours)).timestamp() // step_s * step_s
    from_at, schema = datetime.fromtimestamp(first, UTC), f'"{tx.world.schema}"'
    asked = {"code": code, "element": station.element, "from": from_at, "to": tx.at, "step": timedelta(seconds=step_s)}
    doubts = tx.session.execute(
        text(
            f"""select at, value, rule from {schema}.reading where station = :code and element = :element
            and at > :from and quality = 'suspect' order by at desc limit 500"""
        ),
        asked,
    ).mappings()
    steps: list[Item]
    if station.element == "rain":
        with kept.lock:
            start, mm, covered = kept.windows.series(kept.rain[code], int(first), int(tx.at.timestamp()), step_s)
        total = np.cumsum(mm)
        steps = [
            {"at": datetime.fromtimestamp(int(start[k]), UTC), "value": float(mm[k]) if covered[k] else None,
             "least": None, "most": None, "total": float(total[k]), "coverage": round(float(covered[k]), 4)}
            for k in range(len(start))
        ]  # fmt: skip
    else:
        figures = "avg(value) as value, min(value) as least, max(value) as most"
        if station.element == "wind_direction":
            nothing = "cast(null as float8)"
            figures = f"cast({MEAN_DIRECTION} as float8) as value, {nothing} as least, {nothing} as most"
        rows = tx.session.execute(
            text(
                f"""select s.at, {figures},
                  cast(null as float8) as total,
                  least(1, coalesce(sum(span_s), 0) / cast(:step_s as float8)) as coverage
                from generate_series(cast(:from as timestamptz), cast(:to as timestamptz), :step) s(at)
                left join {schema}.reading r on r.station = :code and r.element = :element and r.quality = 'good'
                  and r.at >= s.at and r.at < s.at + :step
                group by s.at order by s.at"""
            ),
            asked | {"step_s": step_s},
        )
        steps = [dict(row) for row in rows.mappings()]
    return Series(station.element, STORED[station.element], step_s, steps, [dict(row) for row in doubts])


@dataclass(frozen=True)
class AreaRain:
    """Mean rain over areas as of a time: by which method, which gauges were unknown in each window (hours → codes)."""

    method: Method
    areas: list[Item]
    unknown: dict[int, list[str]]
    computed_at: datetime


def rain_over(tx: Reading, by: str, method: Method, at: datetime | None = None) -> AreaRain:
    """Mean rain of each town, zone or village outline in each window as of a time (None: now).

    An area that nobody can speak for is unknown.
    """
    kept, then = memory(tx), as_of(tx, at)
    if by not in kept.spreads:
        kept.spreads[by] = _spread(tx, kept, by)
    areas, where = kept.spreads[by]
    with kept.lock:
        totals = kept.windows.totals(then.timestamp())
    mm = areal(where, totals, method)
    codes = list(kept.rain)
    found = [
        {"code": code, "name": name,
         "rain": [{"hours": h, "mm": None if np.isnan(v) else round(v, 3)} for h, v in zip(HOURS, row, strict=True)]}
        for (code, name), row in zip(areas, mm.tolist(), strict=True)
    ]  # fmt: skip
    unknown = {h: [c for c, k in zip(codes, totals.known[:, i], strict=True) if not k] for i, h in enumerate(HOURS)}
    return AreaRain(method, found, unknown, then)


def _spread(tx: Reading, kept: Memory, by: str) -> tuple[list[tuple[str, str]], Any]:
    if by not in BY:
        raise Invalid(f"可按 {', '.join(BY)} 汇总。", f"Areas are one of {', '.join(BY)}.", field="by")
    metric = district(tx.session).metric_crs
    areas, outlines = _catchments(tx, metric) if by == "catchment" else _outlines(tx, metric, by)
    return areas, spread(outlines, _metres([kept.stations[code] for code in kept.rain], metric))


def _metres(stations: Sequence[Station], metric: str) -> NDArray[np.float64]:
    x, y = Transformer.from_crs("EPSG:4490", metric, always_xy=True).transform(
        [s.lon for s in stations], [s.lat for s in stations]
    )
    return np.column_stack([x, y]).reshape(-1, 2)


def _outlines(tx: Reading, metric: str, by: str) -> tuple[list[tuple[str, str]], NDArray[np.object_]]:
    c = TABLES[BY[by]].c
    query = select(c.code, c.name, c.geom).where(c.valid_to.is_(None), c.geom.is_not(None)).order_by(c.code)
    if by == "town":
        query = query.where(c.level == "town")
    rows = tx.session.execute(query).all()
    shapes = gpd.GeoSeries([to_shape(row.geom) for row in rows], crs=4490).to_crs(metric)
    return [(row.code, row.name) for row in rows], shapes.to_numpy()


def _catchments(tx: Reading, metric: str) -> tuple[list[tuple[str, str]], NDArray[np.object_]]:
    """What drains to each water gauge, from the terrain in force."""
    dem = roads.terrain(tx.session, settings().data)
    if dem is None:
        zh, en = "还没有地形数据，无法划分汇水区。", "There is no terrain yet, and so no catchments."
        raise Invalid(zh, en, field="by")
    gauges = [s for s in memory(tx).stations.values() if s.element == "water_level"]
    at = _metres(gauges, metric)
    with rasterio.open(dem) as source:
        box = transform_bounds(source.crs, metric, *source.bounds)
    west, north = box[0], box[3]
    grid = Affine(CATCHMENT_CELL_M, 0, west, 0, -CATCHMENT_CELL_M, north)
    size = round((north - box[1]) / CATCHMENT_CELL_M), round((box[2] - west) / CATCHMENT_CELL_M)
    found = catchments(regrid(dem, "terrain", metric, grid, size), grid, at) if gauges else []
    pairs = [(gauge, area) for gauge, area in zip(gauges, found, strict=True) if area is not None]
    outlines = np.empty(len(pairs), object)
    outlines[:] = [area for _, area in pairs]
    return [(gauge.code, f"{gauge.name}以上") for gauge, _ in pairs], outlines
