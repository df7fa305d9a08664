"""The peers of the water benchmark, each a process of its own in their environment: `flood_peers.py NAME FOLDER`.

FOLDER holds `input.npz`: ground, cell size, friction, and the rain of the event on closed ground. The peer writes its
depths, and what they took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, Any]


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it gives, and CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def itzi(task: Arrays, until_s: float) -> Arrays:
    """itzi-core as it comes: single precision, its own steps; slopes lie below its threshold for routing."""
    data: Any = import_module("itzi_core.data_containers")
    memory: Any = import_module("itzi_core.providers.memory_input")
    domains: Any = import_module("itzi_core.domain_data")
    builder: Any = import_module("itzi_core.simulation_builder")
    z, cell, rain_s = task["z"], float(task["cell_m"]), float(task["rain_s"])
    ny, nx = z.shape
    start = datetime(2026, 6, 1)  # noqa: DTZ001
    stop, end = start + timedelta(seconds=rain_s), start + timedelta(seconds=until_s)
    domain = domains.DomainData(north=ny * cell, south=0, east=nx * cell, west=0, rows=ny, cols=nx, crs_wkt="")
    rate = np.full(z.shape, float(task["rain_mmh"]))
    slices = [memory.TimedRasterSlice(start, min(stop, end), rate)]
    if end > stop:
        slices.append(memory.TimedRasterSlice(stop, end + timedelta(days=1), rate * 0))
    provider = memory.MemoryRasterInputProvider(
        {
            "domain_data": domain, "simulation_start_time": start, "simulation_end_time": end,
            "static_arrays": {"ground_elevation": z, "friction": np.full(z.shape, float(task["manning"]))},
            "timed_arrays": {"rainfall_rate": slices},
        }
    )  # fmt: skip
    names = {key: key for key in ("ground_elevation", "friction", "rainfall_rate")}
    config = data.SimulationConfig(
        start_time=start, end_time=end, record_step=end - start, temporal_type="relative",
        input_map_names=names, output_map_names={}, surface_flow_parameters=data.SurfaceFlowParameters(),
    )  # fmt: skip
    simulation = builder.SimulationBuilder(config, np.zeros(z.shape, bool)).with_input_provider(provider).build()
    simulation.initialize()
    steps = 0
    while simulation.sim_time < end:
        simulation.update()
        steps += 1
    h = simulation.get_array("water_depth")
    return {"h": np.array(h), "peak": np.array(simulation.get_array("max_water_depth")), "steps": steps}


def landlab(task: Arrays, until_s: float) -> Arrays:
    """landlab's OverlandFlow with the flow weighted like ours; a ring of closed nodes stands around."""
    model: Any = import_module("landlab")
    parts: Any = import_module("landlab.components")
    z, cell = task["z"], float(task["cell_m"])
    ny, nx = z.shape
    grid = model.RasterModelGrid((ny + 2, nx + 2), xy_spacing=cell)
    grid.add_field("topographic__elevation", np.pad(z, 1, mode="edge").ravel(), at="node")
    depth = grid.add_full("surface_water__depth", 1e-8, at="node")
    grid.set_closed_boundaries_at_grid_edges(True, True, True, True)
    flow = parts.OverlandFlow(grid, mannings_n=float(task["manning"]), theta=0.9, steep_slopes=True)
    peak, t, steps = depth.copy(), 0.0, 0
    rate, rain_s = float(task["rain_mmh"]) / 3.6e6, float(task["rain_s"])
    while t < until_s:
        bend = rain_s if t < rain_s else until_s
        flow.rainfall_intensity = rate if t < rain_s else 0.0
        dt = min(flow.calc_time_step(), 5.0, bend - t, until_s - t)
        flow.overland_flow(dt)
        np.maximum(peak, depth, out=peak)
        t += dt
        steps += 1
    inner = slice(1, -1), slice(1, -1)
    shape = ny + 2, nx + 2
    return {"h": depth.reshape(shape)[inner], "peak": peak.reshape(shape)[inner], "steps": steps}


PEERS = {"itzi-core": itzi, "landlab": landlab}


def main(name: str, folder: Path) -> None:
    """Once for a moment, so that all is loaded and compiled, then the event."""
    with np.load(folder / "input.npz") as file:
        task = dict(file)
    PEERS[name](task, 30.0)
    found, times = timed(lambda: PEERS[name](task, float(task["until_s"])))
    rain = float(task["rain_mmh"]) / 1000 * float(task["rain_s"]) / 3600 * task["z"].size
    mass = float(found["h"].sum(dtype=float)) / rain - 1
    np.savez(folder / f"{name}.npz", h=found["h"], peak=found["peak"])
    print(json.dumps(times | {"steps": found["steps"], "mass": mass}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
