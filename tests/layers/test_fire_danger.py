"""Danger: the published 48 days of the Canadian index, maps like stations, and the class of LY/T 1172-95."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from gis_data.errors import Invalid
from layers.fire import powers
from layers.fire.danger import DMC_DAY_30N, Codes, Index, fire_weather, overwintered
from layers.fire.danger_class import DEMO, class_map, class_of, danger_class
from layers.fire.weather import last_rain

NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")


@pytest.fixture(scope="module")
def published(shared_data: Path) -> list[dict[str, float]]:
    with (shared_data.parent / "reference/fwi_vwp1985.csv").open() as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def run(days: list[dict[str, float]]) -> list[Index]:
    found, codes = [], Codes()
    for day in days:
        found.append(fire_weather(day["temp"], day["rh"], day["ws"], day["prec"], int(day["mon"]), codes))
        codes = found[-1].codes
    return found


def test_the_published_48_days(published: list[dict[str, float]]) -> None:
    assert len(published) == 48
    for day, found in zip(published, run(published), strict=True):
        for name in NAMES:
            assert getattr(found, name) == pytest.approx(day[name], abs=0.06), (day["mon"], day["day"], name)


def test_half_a_millimetre_is_no_rain(published: list[dict[str, float]]) -> None:
    found = run(published)[5]  # 18 April, 0.4 mm
    assert (round(float(found.ffmc), 1), round(float(found.fwi), 1)) == (88.6, 13.4)
    dry = run([*published[:5], {**published[5], "prec": 0.0}])[5]
    assert dry.ffmc == found.ffmc
    wet = run([*published[:5], {**published[5], "prec": 0.6}])[5]
    assert wet.ffmc < found.ffmc


def test_the_highest_day(published: list[dict[str, float]]) -> None:
    assert round(float(run(published)[24].fwi), 1) == 52.3  # 7 May


def test_a_map_is_its_stations_side_by_side() -> None:
    random = np.random.default_rng(3)
    shape = (70, 50)  # more than one block of the kernel
    weather = [random.uniform(*span, shape) for span in ((-5, 35), (10, 100), (0, 60), (0, 20))]
    before = Codes(*(random.uniform(0, most, shape) for most in (101, 150, 600)))
    found = fire_weather(*weather, 4, before)
    for cell in ((0, 0), (33, 21), (69, 49)):
        codes = Codes(*(np.asarray(a)[cell] for a in (before.ffmc, before.dmc, before.dc)))
        one = fire_weather(*(a[cell] for a in weather), 4, codes)
        assert [getattr(found, n)[cell] for n in NAMES] == pytest.approx([float(getattr(one, n)) for n in NAMES])


def test_what_is_not_known_stays_so() -> None:
    found = fire_weather([20.0, np.nan, 20.0], 40.0, [10.0, 10.0, np.nan], 0.0, 4)
    for name in NAMES:
        assert np.isnan(getattr(found, name)).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("field", "value"), [("humidity", 101.0), ("rain_mm", -1.0), ("temperature_c", 99.0), ("month", 13)]
)
def test_bad_weather_is_named(field: str, value: float) -> None:
    day = {"temperature_c": 20.0, "humidity": 40.0, "wind_kmh": 10.0, "rain_mm": 0.0, "month": 4} | {field: value}
    with pytest.raises(Invalid) as caught:
        fire_weather(**day)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_code_out_of_range_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        fire_weather(20, 40, 10, 0, 4, Codes(ffmc=[85.0, 120.0]))
    assert caught.value.field == "ffmc"


def test_the_latitudes_light_and_the_winter() -> None:
    north, here = (fire_weather(20, 40, 10, 0, 6, dmc_day=d).dmc for d in ((13.9,) * 12, DMC_DAY_30N))
    assert (float(here) - 6) / (float(north) - 6) == pytest.approx(10.2 / 13.9)
    assert overwintered(300, 0) > overwintered(300, 100) > overwintered(300, 200) >= 15
    # by hand: 0.75 · 800 · e^-0.75 + 0.75 · 3.94 · 100 = 578.92; 400 · ln(800 / 578.92) = 129.4
    assert overwintered(300, 100) == pytest.approx(129.4, abs=0.05)


def test_the_powers_are_right() -> None:
    x = np.random.default_rng(1).uniform(-600, 600, 2000)
    assert np.array([powers.exp(v) for v in x]) == pytest.approx(np.exp(x), rel=4e-13)
    y = np.exp(x)
    assert np.array([powers.log(v) for v in y]) == pytest.approx(np.log(y), rel=1e-14, abs=3e-14)


def test_the_classes_bounds() -> None:
    at = {25: 1, 26: 2, 50: 2, 51: 3, 72: 3, 73: 4, 90: 4, 91: 5}
    assert {htz: class_of(htz) for htz in at} == at


def test_htz_is_a_b_c_d_less_e() -> None:
    day = {"highest_c": 22, "lowest_humidity": 28, "rain_mm": 0, "days_since_rain": 5, "wind_force": 4}
    dry, green = danger_class(DEMO, **day, season="dry"), danger_class(DEMO, **day, season="green")
    assert dict(dry.parts) == {"A": 16, "B": 20, "C": 30, "D": 15, "E": 0}
    assert (dry.htz, dry.danger_class, green.htz, green.danger_class) == (81, 4, 61, 3)
    assert dry.is_demo
    assert "DEMO" in dry.document
    rained = danger_class(DEMO, **{**day, "rain_mm": 8}, season="dry")
    assert rained.parts["C"] == 15
    with pytest.raises(Invalid) as caught:
        danger_class(DEMO, **day, season="spring")
    assert caught.value.field == "season"


def test_a_map_of_classes_is_that_of_each_cell() -> None:
    rng = np.random.default_rng(7)
    n = 200
    weather = {
        "highest_c": rng.uniform(-5, 35, n), "lowest_humidity": rng.uniform(5, 100, n),
        "rain_mm": rng.uniform(0, 12, n), "days_since_rain": rng.integers(0, 15, n).astype(float),
        "wind_force": rng.integers(0, 9, n).astype(float),
    }  # fmt: skip
    cells = [{name: float(values[k]) for name, values in weather.items()} for k in range(n)]
    alone = [danger_class(DEMO, **one, season="turning").danger_class for one in cells]
    assert class_map(DEMO, **weather, season="turning").tolist() == alone
    assert len(set(alone)) >= 4
    weather["lowest_humidity"][3] = np.nan
    assert class_map(DEMO, **weather, season="turning")[3] == 0


def test_days_since_rain_are_not_known_through_a_gap() -> None:
    nan = np.nan
    amount, ago = last_rain(np.array([[5.0, 0, 0.05], [5, nan, 0], [nan, 4, 0], [0, 0, 0]]))
    np.testing.assert_array_equal(ago, [2, nan, 1, 3])
    np.testing.assert_array_equal(amount, [5, nan, 4, 0])
