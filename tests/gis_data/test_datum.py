"""A wrong datum is noticed: other readings of the same numbers are held against what is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from gis_data import crs
from gis_data.registers.units import Units
from gis_data.sources import placing
from gis_data.sources.datum import SWAPPED, Known, Sample, Verdict, verdict

BOX = (119.9, 30.0, 120.25, 30.45)
RNG = np.random.default_rng(8)
SPOTS = np.stack([RNG.uniform(120.0, 120.2, 30), RNG.uniform(30.1, 30.3, 30)], axis=-1)
TREE = shapely.STRtree(shapely.points(SPOTS).tolist())
OTHERS = [None] * 30
Points = NDArray[np.float64]
TO: dict[str, Callable[[Points], Points]] = {
    "CGCS2000": lambda xy: xy,
    "GCJ-02": crs.cgcs_to_gcj,
    "BD-09": lambda xy: crs.gcj_to_bd(crs.cgcs_to_gcj(xy)),
}


def near(xy: Points) -> NDArray[np.bool_]:
    """Within some 10 m of a known building."""
    found = np.zeros(len(xy), dtype=bool)
    points = [p if np.isfinite(c).all() else None for p, c in zip(shapely.points(xy), xy, strict=True)]
    found[np.unique(TREE.query(points, predicate="dwithin", distance=1e-4)[0])] = True
    return found


BUILT = Known(BOX, Units(), {}, near, "在已知建筑上", "at a known building")


def judge(xy: Points, datum: str, known: Known = BUILT, codes: list[str | None] | None = None) -> Verdict:
    points = np.array(shapely.points(xy), dtype=object)
    sample = Sample(points, codes or OTHERS[: len(xy)], OTHERS[: len(xy)], OTHERS[: len(xy)])
    return verdict(sample, datum, placing.converter(datum, None), known)


@pytest.mark.parametrize("true", list(TO))
@pytest.mark.parametrize("stated", list(TO))
def test_points_on_buildings_tell_each_datum_from_the_others(true: str, stated: str) -> None:
    found = judge(TO[true](SPOTS), stated)
    assert found.suspected == (None if true == stated else true)


def test_swapped_axes_are_told_and_two_swapped_rows_are_not_the_file() -> None:
    assert judge(SPOTS[:, ::-1], "CGCS2000").suspected == SWAPPED
    some = SPOTS.copy()
    some[:2] = some[:2, ::-1]
    assert judge(some, "CGCS2000").suspected is None


def test_swapped_axes_of_a_projected_file_are_told() -> None:
    metric = np.stack(crs.to_metric("EPSG:4549").transform(*SPOTS.T), axis=-1)
    assert judge(metric, "EPSG:4549").suspected is None
    found = judge(metric[:, ::-1], "EPSG:4549")
    assert found.suspected == SWAPPED
    assert found.figures[0].values == {"EPSG:4549": 0.0, SWAPPED: 100.0}


def test_rows_in_force_tell_it_from_three_on() -> None:
    known = Known(BOX, Units(), {f"S{i}": shapely.Point(SPOTS[i]) for i in range(3)})
    codes: list[str | None] = [f"S{i}" for i in range(3)]
    found = judge(crs.cgcs_to_gcj(SPOTS[:3]), "WGS-84", known, codes)
    assert found.suspected == "GCJ-02"
    assert 480 < found.figures[-1].values["WGS-84"] < 560
    assert found.figures[-1].values["GCJ-02"] < 1
    moved = SPOTS[:3] + np.array([0.0003, 0.0])  # thirty metres: surveyed again
    assert judge(moved, "WGS-84", known, codes).suspected is None


def test_random_points_accuse_nobody() -> None:
    anywhere = np.stack([RNG.uniform(120.0, 120.2, 400), RNG.uniform(30.1, 30.3, 400)], axis=-1)
    sample = Sample(np.array(shapely.points(anywhere), dtype=object), [None] * 400, [None] * 400, [None] * 400)
    assert verdict(sample, "CGCS2000", placing.converter("CGCS2000", None), BUILT).suspected is None
    assert judge(np.empty((0, 2)), "GCJ-02").suspected is None


@pytest.mark.parametrize(
    ("layer", "stated", "suspected"),
    [
        ("xihu_RAW_GCJ02_do_not_overlay", "GCJ-02", None),
        ("xihu_RAW_GCJ02_do_not_overlay", "WGS-84", "GCJ-02"),
        ("xihu_RAW_GCJ02_do_not_overlay", "CGCS2000", "GCJ-02"),
        ("hangzhou_districts_amap_wgs84", "WGS-84", None),
        ("hangzhou_districts_amap_wgs84", "GCJ-02", "CGCS2000"),
    ],
)
def test_the_xihu_outline_in_both_datums(shared_data: Path, layer: str, stated: str, suspected: str | None) -> None:
    path = shared_data / "hangzhou/xihu_boundaries.gpkg"
    tianditu = gpd.read_file(path, layer="hangzhou_districts_tianditu").set_index("name").geometry
    known = Known(BOX, Units(("330106",), ("西湖区",), np.array([tianditu["西湖区"]], dtype=object)), {})
    frame = gpd.read_file(path, layer=layer)
    outline = frame[frame["adcode"].astype(str) == "330106"].geometry.iloc[0]
    sample = Sample(np.array([outline], dtype=object), ["X1"], ["外部轮廓"], [None])
    found = verdict(sample, stated, placing.converter(stated, "EPSG:4326"), known)
    assert found.suspected == suspected
    assert found.figures[-1].unit == "m"
