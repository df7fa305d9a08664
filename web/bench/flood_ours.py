"""Our half of the water benchmark: `python -m web.bench.flood_ours FOLDER 1|2|screen`, threads or the screening."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from layers.flood.scene import Cover, make_scene
from layers.flood.screening import screen
from layers.flood.solver import Forcing, Rain, run
from web.bench.flood_peers import timed

STEP_S = 600.0


def main(folder: Path, how: str) -> None:
    """Once for a moment, so that the kernels are loaded; then the event, and ten minutes more from where it stood."""
    with np.load(folder / "input.npz") as file:
        task = dict(file)
    z, until_s, rain_s = task["z"], float(task["until_s"]), float(task["rain_s"])
    scene = make_scene(z, float(task["cell_m"]), other=Cover(float(task["manning"]), 0.0), edge_slope=None)
    if how == "screen":
        screen(make_scene(z[:50, :50], 10.0), 50.0)
        scene = replace(scene, edge_slope=0.001)
        depth, times = timed(lambda: screen(scene, 50.0))
        print(json.dumps(times | {"stands": float(depth.sum() / (0.05 * z.size))}))
        return
    forcing, threads = Forcing(Rain((0.0, rain_s), np.array([float(task["rain_mmh"])]))), int(how)
    run(scene, forcing, 30.0, threads=threads)
    flood, times = timed(lambda: run(scene, forcing, until_s, threads=threads))
    before = run(scene, forcing, rain_s - STEP_S, threads=threads)
    _, step = timed(lambda: run(scene, forcing, rain_s, start=before, threads=threads))
    np.savez(folder / "ours.npz", h=flood.state.h, peak=flood.peak_m)
    print(json.dumps(times | {"steps": flood.steps, "mass": flood.balance.error, "step": step["wall"]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
