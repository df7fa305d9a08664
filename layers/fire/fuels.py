"""Fuels as a table: what lies on the ground, in the units and classes of Rothermel's model.

The thirteen models of Anderson and GS4 of Scott and Burgan are published. The stands of the district are not measured
yet: their rows are DEMO, set by likeness to a published model, until the forestry office gives loads and depths.
"""

from __future__ import annotations

from dataclasses import dataclass

from gis_data.errors import Invalid

LB_FT2_OF_T_AC = 2000 / 43560
"""Pounds per square foot in a short ton per acre."""
ANDERSON = "Anderson 1982, USDA GTR INT-122; Albini 1976, GTR INT-30"
SCOTT_BURGAN = "Scott & Burgan 2005, USDA RMRS-GTR-153"


@dataclass(frozen=True)
class Fuel:
    """A fuel bed.

    Attributes
    ----------
    load : dead 1 h, 10 h, 100 h, live herbs, live wood; lb/ft², oven-dry.
    sav : surface to volume of dead 1 h, live herbs, live wood; 1/ft. depth_ft : feet.
    extinction : moisture of dead fuel at which nothing spreads, 0–1. dynamic : herbs cure and count as dead.
    source : where the figures were published. is_demo : they were not.
    """

    code: str
    zh: str
    en: str
    load: tuple[float, float, float, float, float]
    sav: tuple[float, float, float]
    depth_ft: float
    extinction: float
    dynamic: bool = False
    heat_btu_lb: float = 8000.0
    source: str = ""
    is_demo: bool = False

    def __post_init__(self) -> None:
        sizes = (self.depth_ft, self.extinction, self.heat_btu_lb, *self.sav)
        if not all(value > 0 for value in sizes) or not all(value >= 0 for value in self.load) or not sum(self.load):
            words = f"可燃物 {self.code} 的参数应为正数。", f"The figures of the fuel {self.code} must be positive."
            raise Invalid(*words, field="fuel")


def _anderson(
    number: int, zh: str, en: str, load: tuple[float, ...], sav: tuple[float, float, float], depth: float, ext: float
) -> Fuel:
    one, ten, hundred, herb, wood = load
    return Fuel(f"FM{number}", zh, en, (one, ten, hundred, herb, wood), sav, depth, ext, source=ANDERSON)


def _per_acre(
    code: str, zh: str, en: str, load: tuple[float, ...], sav: tuple[float, float, float], depth: float, ext: float,
    source: str = "",
) -> Fuel:  # fmt: skip
    """A dynamic model with loads in short tons per acre; without a source it is DEMO."""
    one, ten, hundred, herb, wood = (value * LB_FT2_OF_T_AC for value in load)
    demo = not source
    return Fuel(
        code, zh, en, (one, ten, hundred, herb, wood), sav, depth, ext, True,
        source=source or "DEMO：参照相近的已发表模型设定，未经实测 by likeness, not measured", is_demo=demo,
    )  # fmt: skip


PUBLISHED = (
    _anderson(1, "矮草", "Short grass", (0.034, 0, 0, 0, 0), (3500, 1500, 1500), 1.0, 0.12),
    _anderson(2, "林下草", "Timber and grass", (0.092, 0.046, 0.023, 0.023, 0), (3000, 1500, 1500), 1.0, 0.15),
    _anderson(3, "高草", "Tall grass", (0.138, 0, 0, 0, 0), (1500, 1500, 1500), 2.5, 0.25),
    _anderson(4, "高灌丛", "Chaparral", (0.230, 0.184, 0.092, 0, 0.230), (2000, 1500, 1500), 6.0, 0.20),
    _anderson(5, "灌丛", "Brush", (0.046, 0.023, 0, 0, 0.092), (2000, 1500, 1500), 2.0, 0.20),
    _anderson(6, "休眠灌丛", "Dormant brush", (0.069, 0.115, 0.092, 0, 0), (1750, 1500, 1500), 2.5, 0.25),
    # BEHAVE's 1500 for live wood; Anderson's table has 1550
    _anderson(7, "南方灌丛", "Southern rough", (0.052, 0.086, 0.069, 0, 0.017), (1750, 1500, 1500), 2.5, 0.40),
    _anderson(8, "密林落叶", "Closed timber litter", (0.069, 0.046, 0.115, 0, 0), (2000, 1500, 1500), 0.2, 0.30),
    _anderson(9, "阔叶落叶", "Hardwood litter", (0.134, 0.019, 0.007, 0, 0), (2500, 1500, 1500), 0.2, 0.25),
    _anderson(10, "林下杂物", "Timber understory", (0.138, 0.092, 0.230, 0, 0.092), (2000, 1500, 1500), 1.0, 0.25),
    _anderson(11, "轻采伐剩余物", "Light slash", (0.069, 0.207, 0.253, 0, 0), (1500, 1500, 1500), 1.0, 0.15),
    _anderson(12, "中采伐剩余物", "Medium slash", (0.184, 0.644, 0.759, 0, 0), (1500, 1500, 1500), 2.3, 0.20),
    _anderson(13, "重采伐剩余物", "Heavy slash", (0.322, 1.058, 1.288, 0, 0), (1500, 1500, 1500), 3.0, 0.25),
    _per_acre("GS4", "草灌", "Grass-shrub", (1.9, 0.3, 0.1, 3.4, 7.1), (1800, 1600, 1600), 2.1, 0.40, SCOTT_BURGAN),
)

DEMO = (
    _per_acre("masson_pine", "马尾松林", "Masson pine", (5.0, 1.4, 1.0, 0.1, 0.6), (1900, 1800, 1600), 0.6, 0.30),
    _per_acre("bamboo", "毛竹林", "Moso bamboo", (2.4, 1.0, 0.5, 0, 0), (2200, 1800, 1600), 0.35, 0.25),
    _per_acre("broadleaf", "阔叶林", "Broadleaf", (1.6, 1.5, 1.0, 0, 0.3), (2000, 1800, 1600), 0.25, 0.25),
    _per_acre("mixed", "针阔混交林", "Mixed", (3.2, 1.4, 1.0, 0.1, 0.5), (1950, 1800, 1600), 0.4, 0.28),
    _per_acre("tea", "茶园", "Tea", (0.4, 0.3, 0, 0.1, 1.6), (1800, 1800, 1600), 1.6, 0.20),
    _per_acre("shrub", "灌木林", "Shrub", (1.2, 0.8, 0, 0.2, 2.6), (1900, 1800, 1600), 2.0, 0.22),
    _per_acre("grass", "草地", "Grass", (0.3, 0, 0, 1.8, 0), (2000, 1800, 1600), 1.8, 0.17),
    _per_acre("other", "其他", "Other", (3.2, 1.4, 1.0, 0.1, 0.5), (1950, 1800, 1600), 0.4, 0.28),
)
"""One for each value of the register's `forest_stand.fuel`, under the same code; what is not known burns like mixed."""

FUELS = {fuel.code: fuel for fuel in (*PUBLISHED, *DEMO)}
