"""Heat of a fire at a distance: burning pools and fireballs (BLEVE), taken as a point that radiates. All 参考.

Nearer than some flame lengths a point is wrong; smoke, wind that tilts the flame, fragments and blast are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, pi, sqrt
from types import MappingProxyType

from gis_data.errors import Invalid, NotFound

HEAT_KW_M2 = {37.5: ("设备损坏", "Damage to equipment"), 12.5: ("木材引燃", "Wood catches fire"),
              4.0: ("20 秒内疼痛", "Pain within 20 s"), 1.6: ("长时间无不适", "No discomfort")}  # fmt: skip
"""Thermal flux of the usual four radii, kW/m². Source: World Bank 1988, Techniques for Assessing Industrial Hazards."""


@dataclass(frozen=True)
class Liquid:
    """What burns: kg/m²s of a very wide pool, how fast it gets there with the width (1/m), MJ/kg."""

    zh: str
    en: str
    rate_kg_m2s: float
    kb_per_m: float
    heat_mj_kg: float


LIQUIDS: Mapping[str, Liquid] = MappingProxyType(
    {
        "gasoline": Liquid("汽油", "Gasoline", 0.055, 2.1, 43.7),
        "kerosene": Liquid("煤油", "Kerosene", 0.039, 3.5, 43.2),
        "methanol": Liquid("甲醇", "Methanol", 0.017, 100.0, 20.0),
        "ethanol": Liquid("乙醇", "Ethanol", 0.015, 100.0, 26.8),
        "benzene": Liquid("苯", "Benzene", 0.085, 2.7, 40.1),
        "acetone": Liquid("丙酮", "Acetone", 0.041, 1.9, 25.8),
        "lpg": Liquid("液化石油气", "LPG", 0.099, 1.4, 46.0),
        "lng": Liquid("液化天然气", "LNG", 0.078, 1.1, 50.0),
    }
)
"""Source: Babrauskas 1983, Fire Technology 19 (of alcohols the rate does not depend on the width)."""
POOL_SHARE, BALL_SHARE = 0.35, 0.3
"""Shares radiated where nobody says another. Sources: Mudan 1984 (pools up to 0.35); CCPS 1994 (fireballs 0.25–0.4)."""


def heat_radius(heat_kw: float, flux_kw_m2: float, radiated: float = POOL_SHARE, through_air: float = 1.0) -> float:
    """Metres from a fire, taken as a point, at which it heats so much.

    Parameters
    ----------
    heat_kw : set free in all. radiated : share of it that is radiated. through_air : share that the air lets through.
    """
    if heat_kw < 0 or flux_kw_m2 <= 0:
        raise Invalid("热释放与热通量应为正。", "Heat and flux must be positive.", field="heat_kw")
    return sqrt(radiated * through_air * heat_kw / (4 * pi * flux_kw_m2))


def liquid(name: str) -> Liquid:
    """A liquid of the table; NotFound where it is none."""
    if name not in LIQUIDS:
        known = "、".join(LIQUIDS)
        raise NotFound(
            f"没有燃料“{name}”，可选：{known}。", f"There is no fuel “{name}”; one of {known}.", field="fuel"
        )
    return LIQUIDS[name]


def pool_heat_kw(of: Liquid, diameter_m: float) -> float:
    """Heat that a burning pool sets free, kW. Source: Babrauskas 1983."""
    if not diameter_m > 0:
        raise Invalid("液池直径应大于 0。", "The pool's diameter must be above 0.", field="diameter_m")
    rate = of.rate_kg_m2s * (1 - exp(-of.kb_per_m * diameter_m))
    return rate * of.heat_mj_kg * 1000 * pi * diameter_m**2 / 4


@dataclass(frozen=True)
class Fireball:
    """A fireball of so much fuel: its greatest diameter, m, how long it lasts, s, the heat it sets free, kW."""

    diameter_m: float
    lasts_s: float
    heat_kw: float


def fireball(of: Liquid, mass_kg: float) -> Fireball:
    """BLEVE of a tank's content. Source: CCPS 1994, Guidelines for … BLEVEs (5.8 M^1/3; 0.45 M^1/3, 2.6 M^1/6)."""
    if not mass_kg > 0:
        raise Invalid("燃料质量应大于 0。", "The mass of fuel must be above 0.", field="mass_kg")
    lasts = 0.45 * mass_kg ** (1 / 3) if mass_kg < 30_000 else 2.6 * mass_kg ** (1 / 6)
    return Fireball(5.8 * mass_kg ** (1 / 3), lasts, mass_kg * of.heat_mj_kg * 1000 / lasts)
