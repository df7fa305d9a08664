"""Behaviour of a surface fire: published figures of BEHAVE and of the fuel models, and what must hold of any fuel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.errors import Invalid
from gis_data.registers.forest import FUELS as STANDS
from layers.fire.behaviour import Moisture, bed, behave, flame_length_m, length_to_width, wind_adjustment
from layers.fire.fuels import DEMO, FUELS, PUBLISHED

CHAINS_H = 20.1168 / 3600
MPH = 0.44704
FT = 0.3048
TEST = Moisture(0.06, 0.07, 0.08, 0.60, 0.90)
CANOPY = {"cover": 0.5, "height_m": 30 * FT, "crown_ratio": 0.5}


def rate(
    code: str, moisture: Moisture, wind: float, from_deg: float, slope: float, aspect: float, **how: object
) -> float:
    found = behave([0], [bed(FUELS[code], moisture)], wind, from_deg, slope, aspect, **how)  # type: ignore[arg-type]
    return float(found.rate_ms[0]) / CHAINS_H


def test_behave_upslope_with_the_wind() -> None:
    slope = float(np.degrees(np.arctan(0.30)))
    assert rate("GS4", TEST, 5 * MPH, 0, slope, 0, **CANOPY) == pytest.approx(8.876216, abs=2e-6)


def test_behave_wind_across_the_slope() -> None:
    assert rate("GS4", TEST, 5 * MPH, 95, 30, 45, **CANOPY) == pytest.approx(19.677584, abs=2e-6)


def test_the_thirteen_models() -> None:
    dry = Moisture(0.08, 0.08, 0.08, 1.0, 1.0)
    published = [81.08, 32.50, 102.11, 71.41, 14.49, 29.56, 26.12, 1.75, 7.59, 7.86, 5.58, 11.93, 14.15]
    found = [round(rate(f"FM{k}", dry, 5 * MPH, 0, 0, 0, midflame=True), 2) for k in range(1, 14)]
    assert found == published


def test_the_shape() -> None:
    assert length_to_width(5 * MPH) == pytest.approx(1.590064, abs=1e-6)
    assert length_to_width(0.0) == pytest.approx(1.0)
    assert length_to_width(60.0) == 8.0


def test_byram() -> None:
    assert flame_length_m([0, 100, 1000]) == pytest.approx([0, 0.6446, 1.8590], abs=1e-3)


def test_wind_under_a_canopy() -> None:
    open_, sheltered = wind_adjustment(2 * FT, 0, 0, 0), wind_adjustment(2 * FT, 0.5, 30 * FT, 0.5)
    # by hand: 1.83 / ln(20.72 / 0.26); 0.555 / (√(0.0833·30) · ln(30.8 / 3.9))
    assert (open_, sheltered) == pytest.approx((0.41795, 0.16986), abs=1e-4)
    assert wind_adjustment(2 * FT, 0.2, 30 * FT, 0.5) == open_  # crowns fill 3.3 %


def test_herbs_cure() -> None:
    green, half, cured = (bed(FUELS["GS4"], Moisture(0.06, 0.07, 0.08, herb, 0.9)).rate_ms for herb in (1.3, 0.75, 0.3))
    assert cured > half > green > 0


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([fuel.code for fuel in (*PUBLISHED, *DEMO)]), st.floats(0.02, 0.4), st.floats(0, 20),
    st.floats(0, 40), st.floats(0, 360), st.floats(0.5, 3),
)  # fmt: skip
def test_of_any_fuel(code: str, wet: float, wind: float, slope: float, turn: float, more: float) -> None:
    def found(moisture: float, speed: float, steep: float, turned: float = 0.0) -> tuple[float, float]:
        b = bed(FUELS[code], Moisture(moisture, moisture, moisture, 0.9, 1.0))
        head = behave([0], [b], speed, turned, steep, turned)
        return float(head.rate_ms[0]), float(head.to_deg[0])

    base, to = found(wet, wind, slope)
    assert found(wet, wind + more, slope)[0] >= base
    assert found(wet, wind, slope + more)[0] >= base  # upslope and wind in line
    assert found(wet + 0.02, wind, slope)[0] <= base
    turned, turned_to = found(wet, wind, slope, turn)
    assert turned == pytest.approx(base, rel=1e-9)
    if base > found(wet, 0, 0)[0] > 0:
        assert (turned_to - to - turn + 180) % 360 == pytest.approx(180, abs=1e-6)


def test_wet_fuel_does_not_burn() -> None:
    assert bed(FUELS["FM1"], Moisture(0.12, 0.12, 0.12, 1, 1)).rate_ms == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("value", [float("nan"), -0.1, 0.0, 8.0])
def test_moisture_in_per_cent_or_unknown_is_refused(value: float) -> None:
    with pytest.raises(Invalid) as caught:
        replace(TEST, ten_h=value)
    assert caught.value.field == "ten_h"


def test_a_fuel_without_fuel_is_refused() -> None:
    for wrong in ({"load": (0.0,) * 5}, {"depth_ft": 0.0}, {"sav": (1500.0, -1.0, 1500.0)}):
        with pytest.raises(Invalid):
            replace(FUELS["FM1"], **wrong)  # type: ignore[arg-type]


def test_every_stand_has_a_fuel_and_says_where_from() -> None:
    assert {code for code, *_ in STANDS} == {fuel.code for fuel in DEMO}
    assert all(fuel.is_demo and "DEMO" in fuel.source for fuel in DEMO)
    assert all(not fuel.is_demo and "GTR" in fuel.source for fuel in PUBLISHED)


@pytest.mark.parametrize(
    ("how", "field"), [({"fuel": [1]}, "fuel"), ({"wind_ms": -1.0}, "wind"), ({"slope_deg": 95.0}, "slope_deg")]
)
def test_bad_ground_is_named(how: dict[str, object], field: str) -> None:
    asked = {"fuel": [0], "beds": [bed(FUELS["FM1"], TEST)], "wind_ms": 1.0, "wind_from_deg": 0.0} | how
    with pytest.raises(Invalid) as caught:
        behave(**asked)  # type: ignore[arg-type]
    assert caught.value.field == field
