"""Coordinates: CGCS2000 degrees (EPSG:4490) in store, a metric CRS per district, and the shifted Chinese web systems.

WGS-84 and CGCS2000 agree within decimetres and are taken as equal; every load records which one its source stated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis_data.errors import Invalid

Points = NDArray[np.float64]
STORAGE = "EPSG:4490"
DATUMS = ("WGS-84", "CGCS2000", "GCJ-02", "BD-09")
"""What a source may state; besides these `EPSG:n` for a file in a CRS of its own."""

_HANDBOOK_BOX = (119.9, 30.0, 120.25, 30.45)
_KRASOVSKY_A_M, _KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)


@cache
def _crs(code: str) -> CRS:
    try:
        return CRS.from_user_input(code)
    except CRSError as error:
        raise Invalid(f"坐标系 {code} 无法识别", f"Unknown coordinate system {code}", field="crs") from error


@cache
def transformer(source: str, target: str) -> Transformer:
    """A transformer between two systems, always x before y (lon before lat, east before north)."""
    return Transformer.from_crs(_crs(source), _crs(target), always_xy=True)


def to_metric(metric_crs: str) -> Transformer:
    """From stored degrees (EPSG:4490) to the district's metres."""
    return transformer(STORAGE, metric_crs)


def to_degrees(metric_crs: str) -> Transformer:
    """From the district's metres to stored degrees (EPSG:4490)."""
    return transformer(metric_crs, STORAGE)


def is_metric(code: str) -> bool:
    """Whether lengths may be measured in this system: projected, in metres, and not Web Mercator."""
    crs = _crs(code)
    return crs.is_projected and crs.to_epsg() != 3857 and all(a.unit_conversion_factor == 1 for a in crs.axis_info)


def check_metric(code: str) -> str:
    """Give the code back if it is metric; raises Invalid otherwise."""
    if not is_metric(code):
        raise Invalid(
            f"{code} 不能用于量距: 需要以米为单位的投影坐标系 (例如 EPSG:4549), 且不能是 Web 墨卡托",
            f"{code} cannot measure: a projected system in metres is needed (such as EPSG:4549), not Web Mercator",
            field="metric_crs",
        )
    return code


def default_box(metric_crs: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees: the handbook's box for EPSG:4549, else the CRS's area of use."""
    crs = _crs(check_metric(metric_crs))
    area = crs.area_of_use
    if crs.to_epsg() == 4549:
        return _HANDBOOK_BOX
    return (area.west, area.south, area.east, area.north) if area else (-180.0, -90.0, 180.0, 90.0)


def inside(lon: Points, lat: Points, box: Sequence[float]) -> NDArray[np.bool_]:
    """Which points lie inside west, south, east, north (edges count); NaN lies outside."""
    west, south, east, north = box
    return (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)


def box_problem(lon: float, lat: float, box: Sequence[float]) -> tuple[str, str] | None:
    """What is wrong with a position, in Chinese and English, or None; tells when lon and lat look swapped."""
    if inside(np.float64(lon), np.float64(lat), box):  # type: ignore[arg-type]  # scalars broadcast
        return None
    zh = f"坐标 ({lon:.5f}, {lat:.5f}) 不在本区范围 {list(box)} 内"
    en = f"({lon:.5f}, {lat:.5f}) lies outside the district's box {list(box)}"
    if inside(np.float64(lat), np.float64(lon), box):  # type: ignore[arg-type]  # scalars broadcast
        return f"{zh}; 经纬度似乎颠倒了", f"{en}; longitude and latitude look swapped"
    return zh, en


def check_box(lon: float, lat: float, box: Sequence[float]) -> None:
    """Raise Invalid for a position (degrees) outside the box."""
    if problem := box_problem(lon, lat, box):
        raise Invalid(*problem, field="geom")


def _shift(lon: Points, lat: Points) -> tuple[Points, Points]:
    """The GCJ-02 offset in degrees at a CGCS2000 position (the publicly known polynomial); none outside China."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    d_lat += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    d_lat += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    d_lon += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    d_lon += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    phi = np.radians(lat)
    w2 = 1 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_E2) / (w2 * np.sqrt(w2))
    parallel_m = _KRASOVSKY_A_M / np.sqrt(w2) * np.cos(phi)
    china = inside(lon, lat, _CHINA)
    return np.degrees(d_lon / parallel_m) * china, np.degrees(d_lat / meridian_m) * china


def cgcs_to_gcj(xy: Points) -> Points:
    """CGCS2000 to GCJ-02; rows of lon, lat in degrees."""
    return xy + np.stack(_shift(xy[..., 0], xy[..., 1]), axis=-1)


def gcj_to_cgcs(xy: Points) -> Points:
    """GCJ-02 to CGCS2000 by fixed-point iteration (well below a millimetre); rows of lon, lat in degrees."""
    guess: Points = xy
    for _ in range(8):
        guess = xy - np.stack(_shift(guess[..., 0], guess[..., 1]), axis=-1)
    return guess


def gcj_to_bd(xy: Points) -> Points:
    """GCJ-02 to BD-09; rows of lon, lat in degrees."""
    x, y = xy[..., 0], xy[..., 1]
    r = np.hypot(x, y) + 0.00002 * np.sin(y * np.pi * 3000 / 180)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * np.pi * 3000 / 180)
    return np.stack([r * np.cos(angle) + 0.0065, r * np.sin(angle) + 0.006], axis=-1)


def bd_to_gcj(xy: Points) -> Points:
    """BD-09 to GCJ-02 by fixed-point iteration; rows of lon, lat in degrees."""
    guess: Points = xy - np.array([0.0065, 0.006])
    for _ in range(8):
        guess = guess + xy - gcj_to_bd(guess)
    return guess


def check_datum(datum: str) -> str:
    """Give the stated datum back if it is one we know; raises Invalid otherwise."""
    if datum in DATUMS:
        return datum
    if not re.fullmatch(r"EPSG:\d{4,6}", datum):
        raise Invalid(
            f"坐标系统 {datum!r} 无法识别: 请说明是 {'、'.join(DATUMS)} 还是 EPSG:编号",
            f"Unknown datum {datum!r}: state one of {', '.join(DATUMS)} or EPSG:number",
            field="datum",
        )
    _crs(datum)
    return datum


def to_storage(xy: Points, datum: str) -> Points:
    """Rows of x, y in a stated datum (or `EPSG:n`) as lon, lat in EPSG:4490."""
    if check_datum(datum) in ("WGS-84", "CGCS2000", "EPSG:4326", STORAGE):
        return xy
    if datum == "BD-09":
        xy = bd_to_gcj(xy)
    if datum in ("BD-09", "GCJ-02"):
        return gcj_to_cgcs(xy)
    return np.stack(transformer(datum, STORAGE).transform(xy[..., 0], xy[..., 1]), axis=-1)
