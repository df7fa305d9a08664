"""Class of forest-fire danger (森林火险等级) of LY/T 1172-95, from the table that the bureau supplies.

The class says how easily forest burns; the colour of a warning is another scale, set by who issues it, and is not
derived from the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_data.errors import Invalid

Steps = tuple[tuple[float, int], ...]
"""(from this value on, points), values rising."""
CLASSES = {
    1: ("难以燃烧", "Hard to burn"),
    2: ("不易燃烧", "Not easy to burn"),
    3: ("能够燃烧", "Can burn"),
    4: ("容易燃烧", "Easy to burn"),
    5: ("极易燃烧", "Extremely easy to burn"),
}


@dataclass(frozen=True)
class ClassTable:
    """Points A–E. They are the bureau's to supply, with the document they stand in.

    Attributes
    ----------
    temperature : A, by the day's highest, °C. humidity : B, by the lowest, %. wind : D, by the strongest force.
    dryness : C, for rain from so many mm on, by days since. season : E, by the state of the plants, taken off.
    most : of the classes 1–4, HTZ. Source of the four: LY/T 1172-95.
    """

    document: str
    temperature: Steps
    humidity: Steps
    dryness: tuple[tuple[float, Steps], ...]
    wind: Steps
    season: Mapping[str, int]
    most: tuple[int, int, int, int] = (25, 50, 72, 90)
    is_demo: bool = False


DEMO = ClassTable(
    "DEMO：演示用表，不是标准中的数值 made up for the demo, not the standard's figures",
    temperature=((-60, 0), (5, 5), (10, 8), (15, 12), (20, 16), (25, 20)),
    humidity=((0, 20), (30, 15), (45, 10), (60, 5), (75, 0)),
    dryness=((0, ((0, 10), (2, 20), (4, 30), (7, 40))), (5, ((0, 0), (1, 5), (3, 15), (6, 25), (9, 40)))),
    wind=((0, 0), (2, 5), (3, 10), (4, 15), (5, 20)),
    season=MappingProxyType({"green": 20, "turning": 10, "dry": 0}),
    is_demo=True,
)


@dataclass(frozen=True)
class Danger:
    """A day's HTZ = A + B + C + D − E, its class, its parts, and the document of the table."""

    htz: int
    danger_class: int
    parts: Mapping[str, int]
    document: str
    is_demo: bool
    words: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", CLASSES[self.danger_class])


def class_of(htz: int, most: tuple[int, int, int, int] = (25, 50, 72, 90)) -> int:
    """The class 1–5 of an HTZ."""
    return 1 + sum(htz > bound for bound in most)


def danger_class(
    table: ClassTable, *, highest_c: float, lowest_humidity: float, rain_mm: float, days_since_rain: float,
    wind_force: float, season: str,
) -> Danger:  # fmt: skip
    """The class of a day and place.

    Raises
    ------
    Invalid : a value below the table's first step, or a state of the plants that it does not know.
    """
    if season not in table.season:
        known = "、".join(table.season)
        raise Invalid(f"物候状态应为：{known}。", f"The season must be one of: {known}.", field="season")
    rows = [steps for least, steps in table.dryness if rain_mm >= least]
    if not rows:
        raise Invalid("雨量低于表中最小值。", "The rain is below the table's first step.", field="rain_mm")
    parts = {
        "A": _points(table.temperature, highest_c, "highest_c"),
        "B": _points(table.humidity, lowest_humidity, "lowest_humidity"),
        "C": _points(rows[-1], days_since_rain, "days_since_rain"),
        "D": _points(table.wind, wind_force, "wind_force"),
        "E": table.season[season],
    }
    htz = sum(parts.values()) - 2 * parts["E"]
    return Danger(htz, class_of(htz, table.most), MappingProxyType(parts), table.document, table.is_demo)


def class_map(
    table: ClassTable, *, highest_c: ArrayLike, lowest_humidity: ArrayLike, rain_mm: ArrayLike,
    days_since_rain: ArrayLike, wind_force: ArrayLike, season: str,
) -> NDArray[np.int8]:  # fmt: skip
    """The class of each cell of a map; 0 where something is not known or not in the table."""
    if season not in table.season:
        known = "、".join(table.season)
        raise Invalid(f"物候状态应为：{known}。", f"The season must be one of: {known}.", field="season")
    rain, days = np.asarray(rain_mm, float), np.asarray(days_since_rain, float)
    dry = np.full(np.broadcast(rain, days).shape, np.nan)
    for least, steps in table.dryness:
        dry = np.where(rain >= least, _points_of(steps, days), dry)
    a, b = _points_of(table.temperature, highest_c), _points_of(table.humidity, lowest_humidity)
    htz = a + b + dry + _points_of(table.wind, wind_force) - table.season[season]
    return np.where(np.isnan(htz), 0, 1 + np.searchsorted(table.most, htz, side="left")).astype(np.int8)


def _points_of(steps: Steps, values: ArrayLike) -> NDArray[np.float64]:
    """Points of each value; NaN where it is none or below the first step."""
    found, points = np.asarray(values, float), np.array([np.nan, *(points for _, points in steps)])
    at = np.searchsorted([least for least, _ in steps], found, side="right")
    return np.asarray(np.where(np.isnan(found), np.nan, points[at]))


def _points(steps: Steps, value: float, name: str) -> int:
    found = [points for least, points in steps if value >= least]
    if not found:
        raise Invalid(f"{name} 的值 {value:g} 不在表中。", f"{name} of {value:g} is not in the table.", field=name)
    return found[-1]
