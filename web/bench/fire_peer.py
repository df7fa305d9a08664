"""The peer's half of the fire benchmark: `python fire_peer.py TASK.json`, in the environment that has pyretechnics.

It prints, for each fire of the task, the cells that burn, the fastest rate in m/s and the CPU seconds of the call.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyretechnics.eulerian_level_set as level_set  # type: ignore[import-not-found]
from pyretechnics.space_time_cube import SpaceTimeCube  # type: ignore[import-not-found]


def burn(fire: dict[str, Any]) -> dict[str, float]:
    """One fire on flat short grass, wind from the west."""
    shape = (1, fire["rows"], fire["columns"])
    wet, live = fire["moisture"], fire["live"]
    values = {
        "slope": 0.0, "aspect": 0.0, "fuel_model": 1, "canopy_cover": 0.0, "canopy_height": 0.0,
        "canopy_base_height": 0.0, "canopy_bulk_density": 0.0, "wind_speed_10m": fire["wind_ms"] * 3.6,
        "upwind_direction": 270.0, "fuel_moisture_dead_1hr": wet, "fuel_moisture_dead_10hr": wet,
        "fuel_moisture_dead_100hr": wet, "fuel_moisture_live_herbaceous": live, "fuel_moisture_live_woody": live,
        "foliar_moisture": live,
    }  # fmt: skip
    cubes = {name: SpaceTimeCube(shape, value) for name, value in values.items()}
    minutes = fire["limit_s"] / 60
    begin = time.process_time()
    state = level_set.SpreadState(shape).ignite_cell((fire["row"], fire["column"]))
    found = level_set.spread_fire_with_phi_field(
        cubes, state, (minutes, fire["cell_m"], fire["cell_m"]), 0.0, minutes, use_wind_limit=False
    )
    spent = time.process_time() - begin
    burnt = found["spread_state"].get_full_matrices()
    arrival = burnt["time_of_arrival"]
    return {
        "cells": int((arrival >= 0).sum()),
        "rate_ms": float(np.nanmax(burnt["spread_rate"])) / 60,
        "cpu_s": spent,
    }


if __name__ == "__main__":
    tasks = json.loads(Path(sys.argv[1]).read_text())
    burn(tasks[0] | {"limit_s": 60.0})
    print(json.dumps([burn(fire) for fire in tasks]))
