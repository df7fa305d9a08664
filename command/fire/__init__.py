"""Runs of the fire model (火势推算): from a spark or a perimeter to isochrones, what is reached, who gets away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from command.fire.inputs import Inputs, asked, prepare, wind_of
from command.fire.results import Outcome, outcome
from command.runs import Kind
from command.tables import ModelRun
from gis_data.db import Writing
from layers.fire.ensemble import ensemble
from layers.fire.spread import Ignition, spread

__all__ = ["FIRE", "asked", "wind_of"]
ALONE = 0.2
"""The share of the work that the one fire is, where there are members."""


def _compute(inputs: Inputs, where: Path, tell: Callable[[float], None]) -> Outcome:
    ground, members = inputs.ground.ground, inputs.asked["members"]
    ignitions = [Ignition(inputs.ignition)]
    part = ALONE if members else 1.0
    fire = spread(ground, inputs.weather, ignitions, inputs.limit_s, progress=lambda share: tell(share * part))
    many = None
    if members:
        many = ensemble(
            ground, inputs.weather, ignitions, inputs.limit_s, members, inputs.asked["seed"],
            progress=lambda share: tell(ALONE + share * (1 - ALONE)),
        )  # fmt: skip
    return outcome(inputs, fire, many, where)


def _finish(tx: Writing, row: ModelRun, found: Outcome) -> dict[str, Any]:
    return found.result


FIRE = Kind("火势推算", "Fire", prepare, _compute, _finish)
