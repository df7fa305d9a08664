"""Who and what lies inside an area (暴露对象), from the registers in force: one function for every question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_data.clock import SHANGHAI
from gis_data.db import district
from gis_data.errors import Invalid
from layers.exposure import Exposure, Layer, Measure, Rule, inside_each

MOST_CORNERS = 20_000
STORED = "EPSG:4490"
BUILT = ("building", "road", "population_cell")
"""Tables without marks of their own: whether they are DEMO is said by their load."""


@dataclass(frozen=True)
class Kind:
    """A layer: its table, its rows, its measures (`column` empty: the objects are counted), what groups them."""

    id: str
    table: str
    measures: tuple[tuple[str, Measure], ...]
    rule: Rule = "whole"
    where: str = "true"
    group: str = ""


def _target(id_: str, kinds: str, zh: str, en: str, unit: str) -> Kind:
    """Protected targets of some kinds, with those inside by day and night."""
    measures = (
        ("", Measure(id_, zh, en, unit)),
        ("day_occupancy", Measure(f"{id_}_day", f"{zh}日间人数", f"{en}: persons by day", "人")),
        ("night_occupancy", Measure(f"{id_}_night", f"{zh}夜间人数", f"{en}: persons by night", "人")),
    )
    return Kind(id_, "protected_target", measures, where=f"kind in ({kinds})")


KINDS = (
    _target("schools", "'school', 'kindergarten'", "学校、幼儿园", "Schools", "所"),
    _target("care_homes", "'nursing_home'", "养老机构", "Care homes", "家"),
    _target("hospitals", "'hospital', 'clinic'", "医院、诊所", "Hospitals", "家"),
    Kind(
        "people", "population_cell",
        (("population", Measure("persons_night", "夜间人口", "Persons by night", "人")),
         ("population_day", Measure("persons_day", "日间人口", "Persons by day", "人"))), "share",
    ),
    Kind(
        "villages", "key_village",
        (("", Measure("villages", "重点村落", "Key villages", "个")),
         ("households", Measure("village_households", "重点村落户数", "Households of key villages", "户")),
         ("persons", Measure("village_persons", "重点村落人数", "Persons of key villages", "人"))),
    ),
    Kind(
        "households", "at_risk_household",
        (("", Measure("households", "受威胁户", "Households at risk", "户")),
         ("persons", Measure("household_persons", "受威胁户人数", "Persons of households at risk", "人"))),
    ),
    Kind(
        "firms", "enterprise",
        (("", Measure("firms", "企业", "Firms", "家")),
         ("employees", Measure("employees", "从业人数", "Employees", "人"))),
    ),
    Kind("chemicals", "chemical_site", (("", Measure("chemicals", "危化品单位", "Chemical sites", "家")),)),
    Kind("gas_stations", "gas_station", (("", Measure("gas_stations", "加油加气站", "Petrol stations", "座")),)),
    _target(
        "targets", "'fire_station', 'police', 'hotel', 'mall', 'scenic_spot', 'worship', 'substation', 'water_works',"
        " 'metro', 'other'", "其他防护目标", "Other protected targets", "处",
    ),
    Kind(
        "shelters", "shelter",
        (("", Measure("shelters", "避灾安置场所", "Shelters", "处")),
         ("capacity", Measure("shelter_room", "可容纳人数", "Room in shelters", "人"))),
    ),
    Kind("buildings", "building", (("", Measure("buildings", "房屋", "Buildings", "栋")),)),
    Kind("roads", "road", (("", Measure("roads_m", "道路", "Roads", "m")),), "length", group="class"),
)  # fmt: skip
"""What is asked of every area, in the order of showing: those who cannot help themselves first."""


def moved(geometry: BaseGeometry, there: Transformer, *, back: bool = False) -> BaseGeometry:
    """A geometry in the other CRS of a transformer."""
    way = "INVERSE" if back else "FORWARD"
    return shapely.transform(geometry, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction=way)))


def metric(session: Session) -> Transformer:
    """From EPSG:4490 to the district's metric CRS."""
    return Transformer.from_crs(STORED, district(session).metric_crs, always_xy=True)


def area_of(geojson: dict[str, Any], field: str) -> BaseGeometry:
    """A sound polygon from GeoJSON in EPSG:4490; raises Invalid with the field."""
    try:
        found = shape(geojson)
        corners = shapely.get_coordinates(found)
        sound = found.geom_type in ("Polygon", "MultiPolygon") and len(corners) > 0
        sound = sound and bool((np.abs(corners) <= (180, 90)).all())  # and no NaN
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError):
        sound = False
    if not sound:
        raise Invalid("须为经纬度面（GeoJSON Polygon）。", "It must be a GeoJSON polygon in degrees.", field=field)
    if shapely.get_num_coordinates(found) > MOST_CORNERS:
        raise Invalid(f"面的顶点超过 {MOST_CORNERS} 个。", f"More than {MOST_CORNERS} corners.", field=field)
    return found if found.is_valid else shapely.make_valid(found)


def layers_in(session: Session, box: Sequence[float], kinds: Sequence[Kind] = KINDS) -> tuple[Layer, ...]:
    """The layers in the metric CRS, with the rows that lie in a box (west, south, east, north; degrees)."""
    there = metric(session)
    return tuple(_layer(session, kind, box, there) for kind in kinds)


def _layer(session: Session, kind: Kind, box: Sequence[float], there: Transformer) -> Layer:
    columns = [column for column, _ in kind.measures if column]
    groups = [f"{kind.group} as grouped"] if kind.group else []
    rows = session.execute(
        text(
            f"select {', '.join([*columns, *groups, 'ST_AsBinary(geom) as geom'])} from gis.{kind.table}"
            f" where valid_to is null and {kind.where} and geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490)"
        ),
        dict(zip("wsen", box, strict=True)),
    ).all()
    changed = "t.valid_from" if kind.table in BUILT else "coalesce(t.updated_at, t.valid_from)"
    said = session.execute(
        text(
            f"select max({changed}) as at, max(l.source) as source, bool_or(coalesce(l.is_demo, false)) as is_demo"
            f" from (select * from gis.{kind.table} where valid_to is null and {kind.where}) t"
            f" left join gis.load l on l.id = t.load_id"
        )
    ).one()
    geometry: NDArray[np.object_] = np.empty(len(rows), object)
    geometry[:] = [_plain(moved(one, there)) for one in shapely.from_wkb([bytes(row.geom) for row in rows])]
    amount = None
    if columns:
        figures = [
            [1.0 if not column else np.nan if (v := getattr(row, column)) is None else float(v) for row in rows]
            for column, _ in kind.measures
        ]
        amount = np.array(figures).reshape(len(kind.measures), len(rows)).T
    names = tuple(sorted({row.grouped for row in rows})) if kind.group else ("",)
    group = np.array([names.index(row.grouped) for row in rows], np.int64) if kind.group else None
    return Layer(
        kind.id, tuple(measure for _, measure in kind.measures), geometry, amount, kind.rule,
        said.at.astimezone(SHANGHAI).date() if said.at else None,
        f"{said.source or ''}{'（DEMO）' if said.is_demo else ''}", group, names or ("",),
    )  # fmt: skip


def _plain(geometry: BaseGeometry) -> BaseGeometry:
    """The one part of a collection of one, which is cut by area exactly and quickly."""
    parts = shapely.get_parts(geometry)
    return parts[0] if len(parts) == 1 else geometry


def exposed(session: Session, areas: Sequence[BaseGeometry]) -> tuple[Exposure, ...]:
    """What lies inside each of some areas (EPSG:4490)."""
    there = metric(session)
    layers = layers_in(session, shapely.total_bounds(np.array(areas, object)).tolist())
    return inside_each([moved(area, there) for area in areas], layers)


def said(found: Exposure) -> list[dict[str, Any]]:
    """The lines of an exposure as they go out: layer, measure, words, unit, amount, objects, unknown, date, source."""
    return [
        {
            "layer": line.layer, **asdict(line.measure), "group": line.group, "amount": round(line.amount, 1),
            "objects": line.objects, "unknown": line.unknown, "as_of": line.as_of.isoformat() if line.as_of else None,
            "source": line.source,
        }
        for line in found.lines
    ]  # fmt: skip
