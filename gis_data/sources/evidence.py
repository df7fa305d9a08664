"""The evidence about a datum: what is known near a sample, looked up, and the side-by-side picture of two readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from sqlalchemy import bindparam, or_, select, text
from sqlalchemy.orm import Session

from gis_data.registers import Register
from gis_data.registers.units import Shapes, Units, spots
from gis_data.sources.datum import Known, Points, Sample, Verdict, words
from gis_data.tables import TABLES

_NEAR = {
    "POINT": ("building", 10.0, "在已知建筑上（10 m 内）", "at a known building (within 10 m)"),
    "road": ("road", 12.0, "在已知道路上（12 m 内）", "on a known road (within 12 m)"),
    "water": ("water", 30.0, "在已知水体边（30 m 内）", "at known water (within 30 m)"),
}
_BY_REGISTER = {"forest_road": "road", "underpass": "road", "river_reach": "water", "dyke": "water"}
_SIDE, _GAP, _HEAD, _HALF_M = 560, 24, 64, 900.0


def known_near(session: Session, register: Register, sample: Sample, units: Units, box: Sequence[float]) -> Known:
    """What the database knows that a sample of a register can be held against."""
    table = TABLES[register.key]
    places: dict[str, Any] = {}
    if register.located:
        given = [w for w in (*sample.codes, *sample.names) if w]
        rows = session.execute(
            select(table.c.code, table.c.name, table.c.geom).where(
                table.c.valid_to.is_(None), table.c.geom.is_not(None),
                or_(table.c.code.in_(given), table.c.name.in_(given)),
            )
        )  # fmt: skip
        names: dict[str, list[Any]] = {}
        for row in rows:
            places[row.code] = to_shape(row.geom)
            names.setdefault(row.name, []).append(places[row.code])
        places |= {name: found[0] for name, found in names.items() if len(found) == 1 and name not in places}
    kind = _BY_REGISTER.get(register.key, register.geometry or "")
    if kind not in _NEAR or not session.scalar(text(f"select exists (select 1 from gis.{_NEAR[kind][0]})")):
        return Known(box, units, places)
    layer, metres, zh, en = _NEAR[kind]

    def near(xy: Points) -> NDArray[np.bool_]:
        found = np.zeros(len(xy), dtype=bool)
        here = np.flatnonzero(np.isfinite(xy).all(axis=1) & (np.abs(xy[:, 1]) <= 90))
        query = text(
            "select p.at from unnest(cast(:at as int[]), cast(:lon as float[]), cast(:lat as float[])) p(at, lon, lat)"
            f" where exists (select 1 from gis.{layer} k where k.valid_to is null"
            " and k.geom && st_expand(st_setsrid(st_point(p.lon, p.lat), 4490), :degrees)"
            " and st_distance(cast(k.geom as geography), cast(st_setsrid(st_point(p.lon, p.lat), 4490) as geography))"
            " <= :metres)"
        )
        bound = {
            "at": here.tolist(), "lon": xy[here, 0].tolist(), "lat": xy[here, 1].tolist(),
            "metres": metres, "degrees": metres / 60_000,
        }  # fmt: skip
        found[list(session.scalars(query, bound))] = True
        return found

    return Known(box, units, places, near, zh, en)


def _around(session: Session, window: Sequence[float]) -> list[tuple[str, Any]]:
    """Buildings, roads and water in a window (degrees), for the picture."""
    found: list[tuple[str, Any]] = []
    for layer, most in (("water", 200), ("building", 3000), ("road", 1500)):
        query = text(
            f"select st_asbinary(geom) from gis.{layer} where valid_to is null"
            " and geom && st_makeenvelope(:w, :s, :e, :n, 4490) limit :most"
        ).bindparams(bindparam("most", most))
        w, s, e, n = window
        shapes = session.scalars(query, {"w": w, "s": s, "e": e, "n": n})
        found += [(layer, shapely.from_wkb(bytes(shape))) for shape in shapes]
    return found


_STYLE: Mapping[str, str] = {
    "water": 'fill="#10304A" stroke="#1d4e74" stroke-width="1"',
    "building": 'fill="#2A3B50" stroke="#3d5470" stroke-width="0.6"',
    "road": 'fill="none" stroke="#5B7696" stroke-width="1.6"',
    "unit": 'fill="none" stroke="#9DB0C5" stroke-width="1.4" stroke-dasharray="6 4"',
    "shape": 'fill="#3FA7FF" fill-opacity="0.12" stroke="#3FA7FF" stroke-width="2"',
}


def _path(shape: Any, style: str) -> str:
    """A shape in pixels as an SVG path."""
    parts = []
    for line in shapely.get_parts(shape):
        rings = [line.exterior, *line.interiors] if line.geom_type == "Polygon" else [line]
        for ring in rings:
            if ring.geom_type in ("LineString", "LinearRing"):
                at = shapely.get_coordinates(ring).round(1)
                parts.append("M" + "L".join(f"{x:g},{y:g}" for x, y in at))
    return f'<path d="{"".join(parts)}" fill-rule="evenodd" {style}/>' if parts else ""


def _panel(shapes: Shapes, ground: Sequence[tuple[str, Any]], centre: Points, half_m: float, left: int) -> str:
    scale = _SIDE / 2 / half_m
    metres = np.array([111_320.0 * np.cos(np.radians(centre[1])), 110_574.0])
    frame = shapely.box(-2, -2, _SIDE + 2, _SIDE + 2)

    def pixels(shape: Any) -> Any:
        moved = shapely.transform(shape, lambda xy: (xy - centre) * metres * (scale, -scale) + _SIDE / 2)
        return moved if moved.geom_type == "Point" else shapely.intersection(shapely.make_valid(moved), frame)

    drawn = [_path(pixels(shape), _STYLE[kind]) for kind, shape in ground]
    for shape in shapes:
        if shape is None:
            continue
        if shape.geom_type == "Point":
            at = pixels(shape)
            if frame.contains(at):
                drawn.append(f'<circle cx="{at.x:.1f}" cy="{at.y:.1f}" r="5" fill="#3FA7FF" stroke="#fff"/>')
        else:
            drawn.append(_path(pixels(shape), _STYLE["shape"]))
    bar = 10 ** np.floor(np.log10(half_m)) * (1 if half_m < 5 * 10 ** np.floor(np.log10(half_m)) else 5)
    length = bar * scale
    ruler = (
        f'<path d="M16,{_SIDE - 20}h{length:.0f}" stroke="#E6EDF5" stroke-width="3"/><text x="16" y="{_SIDE - 28}" '
        f'font-size="14">{bar:g} m</text>'
    )
    return (
        f'<svg x="{left}" y="{_HEAD}" width="{_SIDE}" height="{_SIDE}" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="#0E1825"/>{"".join(drawn)}{ruler}</svg>'
    )


def picture(session: Session, found: Verdict, known: Known, other: str, *, mark: str = "") -> str:
    """Two readings of the same rows side by side over what is known, as one SVG: the stated one left, `other` right.

    `mark` (such as DEMO) is printed in the corner.
    """
    stated, rival = found.readings[found.stated], found.readings[other]
    apart = spots(rival) - spots(stated)
    close = bool(np.nanmedian(np.abs(apart)) < 0.05)
    west, south, east, north = known.box
    right = spots(rival)
    right = right[np.isfinite(right).all(axis=1)]
    middle = np.median(right, axis=0)
    centre = right[np.argmin(np.hypot(*(right - middle).T))] if close else np.array([west + east, south + north]) / 2
    half = _HALF_M if close else float(max((north - south) * 55_287, (east - west) * 48_000) * 1.05)
    if areal := [shape for shape in rival if shape is not None and shape.geom_type.endswith("Polygon")]:
        w, s, e, n = shapely.total_bounds(areal[:1])
        half = max(half if len(areal) > 1 else 0, (n - s) * 60_000, (e - w) * 55_000)
        centre = np.array([w + e, s + n]) / 2
    reach = half / 90_000
    window = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    ground = _around(session, window) if half < 3000 else []
    ground += [("unit", outline) for outline in known.units.outlines]
    if not close:
        ground.append(("unit", shapely.box(west, south, east, north)))
    panels, titles = "", ""
    for i, (reading, shapes) in enumerate(((found.stated, stated), (other, rival))):
        left = i * (_SIDE + _GAP)
        xy = spots(shapes)
        out = int((~(np.abs(xy - centre) <= reach * 1.3).all(axis=1)).sum())
        zh, en = words(reading)
        role = ("所述", "as stated") if i == 0 else ("对照", "compared")
        note = f" · {out} 处在图外 outside" if out else ""
        panels += _panel(shapes, ground, centre, half, left)
        titles += (
            f'<text x="{left + 12}" y="26" font-size="20" font-weight="600">{role[0]}：{escape(zh)}</text>'
            f'<text x="{left + 12}" y="50" font-size="14" fill="#9DB0C5">{role[1]}: {escape(en)}{note}</text>'
        )
    width, height = 2 * _SIDE + _GAP, _SIDE + _HEAD
    corner = f'<text x="{width - 8}" y="26" font-size="16" text-anchor="end" fill="#9DB0C5">{escape(mark)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="Noto Sans SC, sans-serif" fill="#E6EDF5"><rect width="{width}" height="{height}" '
        f'fill="#0B1420"/>{titles}{corner}{panels}</svg>'
    )
