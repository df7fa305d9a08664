"""Many fires under weather that might be: how likely the fire is where, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from gis_data.errors import Invalid
from layers.fire.behaviour import Moisture
from layers.fire.ground import Ground
from layers.fire.spread import Ignition, Progress, Weather, spread

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Doubt:
    """How far the weather may be from what was said; the defaults are DEMO, for the bureau to replace.

    Attributes
    ----------
    wind : standard deviation of the logarithm of the speed. from_deg : of the direction, degrees. moisture : of the
    logarithm of the dead fuel's moisture. Each member keeps its own departure through all periods.
    """

    wind: float = 0.25
    from_deg: float = 15.0
    moisture: float = 0.15
    is_demo: bool = True


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Arrivals of all members (n, rows, columns), s, inf where a member's fire does not come."""

    arrival_s: Floats
    transform: Affine
    crs: str
    seed: int

    def probability(self, at_s: float) -> Floats:
        """Share of the members whose fire has come (rows, columns), 0–1."""
        return np.asarray((self.arrival_s <= at_s).mean(axis=0, dtype=np.float32))

    def quantile(self, share: float) -> Floats:
        """Time by which this share of the members has come (rows, columns), s; inf where so many never come."""
        if not 0 < share <= 1:
            raise Invalid("分位数应在 0–1。", "The share must be within 0 and 1.", field="share")
        k = int(np.ceil(share * len(self.arrival_s) - 1e-9)) - 1
        return np.asarray(np.partition(self.arrival_s, k, axis=0)[k])


def ensemble(
    ground: Ground, weather: Sequence[Weather], ignitions: Sequence[Ignition], limit_s: float, members: int, seed: int,
    doubt: Doubt = Doubt(), *, progress: Progress | None = None,
) -> Ensemble:  # fmt: skip
    """`members` fires; the same seed gives the same fires. What is told and raised is as with `spread`."""
    if members < 1:
        raise Invalid("成员数至少为 1。", "There must be at least one member.", field="members")
    random = np.random.default_rng(seed)
    arrival = np.empty((members, *ground.fuel.shape), np.float32)
    for k in range(members):
        wind, turn, wet = random.normal(size=3) * (doubt.wind, doubt.from_deg, doubt.moisture)
        drawn = [
            replace(
                period,
                wind_ms=np.asarray(period.wind_ms, float) * np.exp(wind),
                from_deg=np.asarray(period.from_deg, float) + turn,
                moisture=_wetter(period.moisture, float(np.exp(wet))),
            )
            for period in weather
        ]
        arrival[k] = spread(ground, drawn, ignitions, limit_s).arrival_s
        if progress:
            progress((k + 1) / members)
    return Ensemble(arrival, ground.transform, ground.crs, seed)


def _wetter(moisture: Moisture, times: float) -> Moisture:
    """The same with dead fuel so many times as moist."""
    one, ten, hundred = (min(share * times, 0.99) for share in (moisture.one_h, moisture.ten_h, moisture.hundred_h))
    return replace(moisture, one_h=one, ten_h=ten, hundred_h=hundred)
