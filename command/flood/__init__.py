"""Runs of the water model (积水推算): observed rain, then what is expected; depth in time, closures suggested."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from command.flood.inputs import STEP_S, Inputs, asked, keep, prepare
from command.flood.results import Outcome, finish, outcome, picture, wet_roads
from command.flood.water import centimetres, rising
from command.runs import Kind
from layers.flood.roads import road_water
from layers.flood.solver import Flood, Forcing, Inflow, State, run
from layers.flood.underpass import fill, overflow

__all__ = ["FLOOD", "asked"]


def _compute(inputs: Inputs, where: Path, tell: Callable[[float], None]) -> Outcome:
    scene, index = inputs.ground.scene, inputs.ground.index
    depths = tuple(sorted({d + rise for d in inputs.depths_m for rise in (0.0, inputs.raised_m)}))
    frames = [float(t) for t in range(0, int(inputs.until_s) + 1, STEP_S)]
    fillings, inflows = {}, list[Inflow | None](inputs.inflows)
    for road, (code, _, vessel, cell) in inputs.ground.underpasses.items():
        fillings[road] = fill(vessel, inputs.rain, inputs.until_s, start_m3=inputs.start_fill.get(code, 0.0), cell=cell)
        inflows.append(overflow(fillings[road], cell))
    forcing = Forcing(inputs.rain, tuple(one for one in inflows if one))
    flood: Flood | State | None = inputs.start
    ny, nx = scene.z.shape
    h = inputs.start.h if inputs.start else np.zeros((ny, nx))
    corners = picture(scene, h, inputs.bands_m, where / "frame_0.png")
    depths_cm = [centimetres(h)]
    for n, (before, until) in enumerate(pairwise(frames)):
        if before == inputs.observed_s:
            keep(inputs, flood, fillings, before, where)

        def so_far(share: float, n: int = n) -> None:
            tell((n + share) / (len(frames) - 1))

        flood = run(scene, forcing, until, start=flood, depths_m=depths, progress=so_far)
        picture(scene, flood.state.h, inputs.bands_m, where / f"frame_{n + 1}.png")
        depths_cm.append(centimetres(flood.state.h))
    assert isinstance(flood, Flood), "there is at least one step"
    if frames[-1] == inputs.observed_s:
        keep(inputs, flood, fillings, frames[-1], where)
    water = road_water(index, flood, fillings, depths_m=inputs.depths_m)
    (where / "water.json").write_text(json.dumps(rising(scene, depths_cm, round(inputs.bands_m[0] * 100))))
    (where / "roads.json").write_text(json.dumps(wet_roads(inputs, water), ensure_ascii=False))
    return outcome(inputs, flood, fillings, water, frames, corners)


FLOOD = Kind("积水推算", "Flood", prepare, _compute, finish)
