"""The demo district's registers: each passes the checks that any import passes, counts and links as the handbook says,
and lies where such things lie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gis_data import demo
from gis_data.registers import REGISTERS
from gis_data.registers.check import check
from gis_data.registers.gaps import gaps
from gis_data.registers.units import Units
from tests.conftest import demo_sources

AS_OF = date(2026, 6, 30)
METRIC = "EPSG:4549"
IN_WATER = {"gauge", "camera", "sluice", "water_point", "reservoir", "flood_danger"}
"""Registers whose rows may stand in the water."""


@pytest.fixture(scope="module")
def frames(data_dir: Path) -> dict[str, Any]:
    """All frames of the demo district by table."""
    return {name: frame for source in demo_sources(data_dir) for name, frame in source.frames.items()}


@pytest.fixture(scope="module")
def height(data_dir: Path, frames: dict[str, Any]) -> Callable[[np.ndarray], np.ndarray]:
    """Heights of the demo terrain at points (metres)."""
    (row,) = frames["raster"].to_dict("records")
    with rasterio.open(data_dir / row["file"]) as file:
        band, back = file.read(1), ~file.transform

    def at(xy: np.ndarray) -> np.ndarray:
        col, r = back @ (xy[:, 0], xy[:, 1])
        return np.asarray(band[r.astype(int), col.astype(int)], dtype=float)

    return at


def metric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry="geom", crs="EPSG:4490").to_crs(METRIC)


def near(frame: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> Any:
    """The distance (m) from each row to the nearest of others."""
    return metric(others).sindex.nearest(metric(frame).geometry, return_all=False, return_distance=True)[1]


@pytest.mark.parametrize("key", REGISTERS)
def test_every_register_passes_its_own_checks_and_every_code_is_there(key: str, frames: dict[str, Any]) -> None:
    register, frame, units = REGISTERS[key], frames[key], frames["admin_unit"]
    outlines = np.asarray(units["geom"].array, dtype=object)
    found = check(
        register,
        pd.DataFrame(frame).drop(columns="geom", errors="ignore"),
        np.asarray(frame["geom"].array, dtype=object) if register.located else None,
        units=Units(tuple(units["code"]), tuple(units["name"]), outlines),
        box=demo.REGION.box,
        codes=lambda other: set(frames[other]["code"]),
    )
    assert len(frame)
    assert not found.findings, found.findings[:5]
    assert found.ok.all()
    assert set(frame.columns) <= {f.name for f in register.all_fields} | {"geom"}
    assert frame["name"].is_unique or register.geometry is None
    if register.located and key not in ("admin_unit", "historical_disaster"):
        assert frame["admin_code"].notna().all()


def test_the_handbooks_counts(frames: dict[str, Any]) -> None:
    counts = {
        "admin_unit": 12, "geohazard_zone": 40, "waterlogging_point": 60, "underpass": 12, "key_village": 29,
        "at_risk_household": 655, "at_risk_person": 1965, "shelter": 30, "team": 25, "supply_depot": 12,
        "risk_point": 610, "gas_station": 36, "flood_danger": 168,
    }  # fmt: skip
    assert {key: len(frames[key]) for key in counts} == counts
    assert frames["gauge"]["element"].value_counts()[["rain", "water_level"]].to_list() == [14, 6]
    assert frames["team"]["kind"].str.contains("森林").sum() == 9
    assert (frames["waterlogging_point"]["kind"] == "underpass").sum() == 12


def test_households_persons_and_codes_add_up(frames: dict[str, Any]) -> None:
    villages, homes, people = frames["key_village"], frames["at_risk_household"], frames["at_risk_person"]
    assert (villages["households"].sum(), villages["persons"].sum(), homes["persons"].sum()) == (655, 1965, 1965)
    assert (people["code_kind"] != "none").sum() == 1302
    by_home = people.groupby("household_code").size()
    assert (homes.set_index("code")["persons"] == by_home).all()
    by_village = homes.groupby("object_code")["persons"].agg(["size", "sum"])
    assert (villages.set_index("code")[["households", "persons"]].to_numpy() == by_village.to_numpy()).all()
    weak = people["vulnerability"].explode()
    assert (weak == "elderly").sum() == homes["elderly"].sum()
    assert (weak == "child").sum() == homes["children"].sum()


def test_shelters_as_the_handbook_says(frames: dict[str, Any]) -> None:
    shelters = frames["shelter"]
    assert ((~shelters["accepted"]).sum(), shelters["capacity"].isna().sum()) == (3, 4)
    old = [day < date(AS_OF.year - 3, AS_OF.month, AS_OF.day) for day in shelters["appraised_at"]]
    assert sum(old) == 2
    known = shelters[shelters["capacity"].notna()]
    room = np.floor(known["effective_area_m2"] / known["per_capita_m2"])
    assert (room == known["capacity"].astype(float)).all()
    assert not shelters.sindex.query(frames["geohazard_zone"].geometry, predicate="intersects").size
    used = set(frames["at_risk_household"]["shelter_code"])
    fit = shelters[
        shelters["accepted"] & shelters["capacity"].notna() & (shelters["space"] == "indoor") & ~np.array(old)
    ]
    assert used <= set(fit["code"])


def test_enterprises_and_dangers_add_up(frames: dict[str, Any]) -> None:
    firms = frames["enterprise"]
    kinds = firms["kinds"].explode().value_counts()
    assert [kinds[k] for k in ("industrial", "three_places", "chemical_user", "gas_station")] == [257, 61, 95, 36]
    assert len(firms) < 257 + 61 + 95 + 36  # they overlap
    assert firms["standard_level"].value_counts().sort_index().to_list() == [29, 131, 53]
    assert firms["standard_level"].notna().sum() == 213
    stations = firms[[("gas_station" in k) for k in firms["kinds"]]]
    assert set(frames["gas_station"]["enterprise_code"]) == set(stations["code"])
    states = frames["flood_danger"]["state"].value_counts()
    assert (states["closed"], states["interim"], states.sum()) == (163, 5, 168)
    assert (frames["flood_danger"]["closed_at"].notna() == (frames["flood_danger"]["state"] == "closed")).all()


def test_what_the_scenarios_name_is_there(frames: dict[str, Any]) -> None:
    villages = frames["key_village"].set_index("code")
    assert list(villages.index) == [f"V-{i:02d}" for i in range(1, 30)]
    assert villages.loc["V-07", ["households", "persons", "gauges"]].to_list() == [23, 61, "R-07"]
    assert villages.loc["V-12", "gauges"] == "R-09"
    limits = frames["rain_threshold"]
    own = limits[limits["object_code"] == "V-07"].set_index("window_h")
    assert own[["prepare_mm", "immediate_mm"]].to_numpy().tolist() == [[35, 50], [60, 85]]
    assert set(own.index) == {1, 3}
    zones = limits[limits["object_register"] == "geohazard_zone"].groupby("object_code")["window_h"].apply(list)
    assert len(zones) == 40
    assert all(windows == [1, 3, 6, 12, 24] for windows in zones)
    assert (limits["prepare_mm"] < limits["immediate_mm"]).all()
    under = frames["underpass"].set_index("code").loc["U-03"]
    assert (under["gauge_code"], under["close_cm"]) == ("D-03", 27)
    keys = set(frames["parameter"]["key"])
    assert {"gauge.stale_minutes", "underpass.close_depth_cm", "shelter.near_full", "callout.retry_minutes"} <= keys


def test_objects_that_rows_speak_of_exist(frames: dict[str, Any]) -> None:
    for key in ("responsibility_link", "rain_threshold", "at_risk_household"):
        for register, rows in frames[key].groupby("object_register"):
            assert set(rows["object_code"]) <= set(frames[register]["code"]), (key, register)
    assert set(frames["key_village"]["gauges"]) <= set(frames["gauge"]["code"])


def test_zones_lie_on_slopes_and_hold_the_houses_that_they_threaten(
    frames: dict[str, Any], height: Callable[..., Any]
) -> None:
    zones, buildings = metric(frames["geohazard_zone"]), metric(frames["building"])
    homes = buildings[buildings["kind"] != "shed"]
    zone, _ = homes.sindex.query(zones.geometry, predicate="contains")
    inside = np.bincount(zone, minlength=len(zones))
    assert (inside >= zones["threatened_households"]).all()
    assert (zones["threatened_households"] > 0).all()
    drop = [np.ptp(height(shapely.get_coordinates(shape))) for shape in zones.geometry]
    assert min(drop) > 8
    tree = shapely.STRtree(zones.geometry.array)
    left, right = tree.query(zones.geometry.array, predicate="intersects")
    assert (left == right).all()  # none overlaps another


def test_low_points_are_low_and_dry(frames: dict[str, Any], height: Callable[..., Any]) -> None:
    low = metric(frames["waterlogging_point"].query("kind != 'underpass'"))
    xy = shapely.get_coordinates(low.geometry)
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=-1) * 60
    around = height((xy[:, None] + ring).reshape(-1, 2)).reshape(len(xy), -1)
    assert (height(xy) <= np.median(around, axis=1)).all()
    under = frames["waterlogging_point"].query("kind == 'underpass'")
    assert near(under, frames["underpass"]).max() < 1


def test_villages_stand_on_streams_with_their_households(frames: dict[str, Any]) -> None:
    streams = frames["water"].query("kind == 'stream'")
    assert near(frames["key_village"], streams).max() < 250
    assert near(frames["at_risk_household"], streams).max() < 115
    rain = frames["gauge"].query("element == 'rain'").set_index("code")
    for code, gauge in (("V-07", "R-07"), ("V-12", "R-09")):
        villages = frames["key_village"]
        assert near(villages[villages["code"] == code], rain.loc[[gauge]]).max() < 350


def test_nothing_swims_that_should_not(frames: dict[str, Any]) -> None:
    wet = frames["water"].query("kind in ('lake', 'river', 'canal')").union_all()
    shapely.prepare(wet)
    for key, register in REGISTERS.items():
        if register.geometry == "POINT" and key not in IN_WATER:
            swims = [geom for geom in frames[key].geometry if geom is not None and wet.contains(geom)]
            assert not swims, (key, len(swims))


def test_numbers_are_made_up_and_cannot_be_dialled(frames: dict[str, Any]) -> None:
    for key, register in REGISTERS.items():
        for field in register.fields:
            if field.name in frames[key] and ("phone" in field.name or field.name in ("mobile", "contact")):
                given = frames[key][field.name].dropna()
                assert given.str.fullmatch(r"0571-0\d{7}|100-000\d-\d{4}").all(), (key, field.name)
            elif field.name in ("holder", "identity"):
                assert frames[key][field.name].dropna().str.startswith("演示").all()


def test_the_gap_list_shows_the_few_that_were_left(demo_db: Engine) -> None:
    with Session(demo_db) as session:
        found = {(g.kind, g.register): g.missing for g in gaps(session, AS_OF) if g.missing}
    assert found == {
        ("no_holder", "geohazard_zone"): 1, ("no_holder", "waterlogging_point"): 1, ("no_holder", "reservoir"): 1,
        ("no_holder", "at_risk_household"): 1, ("no_person", "post"): 2, ("no_phone", "post"): 3,
        ("on_leave", "post"): 2,
    }  # fmt: skip


def test_persons_lie_sealed_in_the_database_and_all_is_marked_demo(demo_db: Engine) -> None:
    with demo_db.connect() as connection:
        sealed = connection.execute(text("select identity, id_number, contact from gis.at_risk_person limit 50")).all()
        assert all(
            "演示".encode() not in bytes(block) and b"DEMO" not in bytes(block) for row in sealed for block in row
        )
        for key in REGISTERS:
            assert connection.scalar(text(f"select bool_and(is_demo) from gis.{key}")), key
