"""`baochu bench fire`: our spread beside pyretechnics on the same flat fires, and the weather index on a map.

The answers come first: each fire's area is compared with the analytic ellipse before its time counts. Times are medians
of CPU seconds of the whole call, one after the other, each in its own process.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from math import pi, sqrt
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from affine import Affine
from shapely import Point

from gis_data.errors import Conflict, Unavailable
from gis_data.settings import Settings
from layers.fire.behaviour import Moisture
from layers.fire.danger import Codes, fire_weather
from layers.fire.fuels import FUELS
from layers.fire.ground import Ground
from layers.fire.spread import Ignition, Weather, behaviour, spread
from web.bench import Row

ROOT = Path(__file__).parents[2]
PEER = ROOT / ".venv-bench-fire/bin/python"
CELLS, CELL_M, MARGIN = 122_700, 30.0, 30
WINDS = {1.6: 7.182, 3.0: 15.125, 6.0: 23.503}
"""Length to width: the 10 m wind that gives it in short grass of 8 % moisture."""
DRY = Moisture(0.08, 0.08, 0.08, 1.0, 1.0)
RUNS, RATIO, AREA, FWI_S, MAP = 5, 4.0, 0.03, 0.12, 1_000_000


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """All of it, a minute. Raises Unavailable without the peer, Conflict where an answer is wrong."""
    if not PEER.exists():
        raise Unavailable(
            "没有安装对照软件 pyretechnics，请先运行 make bench-env。",
            "The peer pyretechnics is not installed; run make bench-env first.",
        )
    fires = {shape: _fire(wind) for shape, wind in WINDS.items()}
    say("pyretechnics")
    theirs = [_peer(list(fires.values())) for _ in range(3)]
    rows = []
    for k, (shape, fire) in enumerate(fires.items()):
        say(f"长宽比 length to width {shape:g}")
        mine = [_ours(fire) for _ in range(RUNS)]
        peer = [run[k] for run in theirs]
        size = f"{fire['cells']:,}"
        for who, one in (("baochu", mine[0]), ("pyretechnics", peer[0])):
            if abs(one["rate_ms"] / fire["rate_ms"] - 1) > 0.01:
                raise Conflict(f"{who} 的蔓延速度不对：{one['rate_ms']:.3f}", f"{who} runs at {one['rate_ms']:.3f} m/s")
        area, other = (100 * (one["cells"] / fire["cells"] - 1) for one in (mine[0], peer[0]))
        if abs(area) > 100 * AREA:
            raise Conflict(f"面积与椭圆相差 {area:.1f}%", f"The area is {area:.1f} % off the ellipse")
        name = f"长宽比 L/W {shape:g}"
        rows.append(
            Row(f"面积误差 area off the ellipse, {name}", size, "pyretechnics", round(area, 2), round(other, 2), None,
                "%", f"±{100 * AREA:g} %", True)
        )  # fmt: skip
        ours, their = (median(one["cpu_s"] for one in many) for many in (mine, peer))
        ratio = their / ours
        rows.append(
            Row(f"蔓延 spread, {name}", size, "pyretechnics", ours * 1000, their * 1000, round(ratio, 2), "CPU ms",
                f"≥ {RATIO:g} ×", ratio >= RATIO)
        )  # fmt: skip
    say("火险天气指数 fire weather index")
    return [*rows, _index()]


def _fire(wind_ms: float) -> dict[str, Any]:
    """A fire that burns CELLS cells on flat short grass, by the analytic ellipse: grid, ignition and time."""
    head = behaviour(
        Ground(np.zeros((1, 1), np.int16), (FUELS["FM1"],), _grid(), "EPSG:4549"), Weather(wind_ms, 270, DRY)
    )
    rate, shape, e = (float(a[0, 0]) for a in (head.rate_ms, head.length_to_width, head.eccentricity))
    half = sqrt(CELLS * shape / pi)  # of the length, in cells
    return {
        "cells": CELLS, "rows": 2 * int(half / shape) + 2 * MARGIN, "columns": 2 * int(half) + 2 * MARGIN,
        "row": int(half / shape) + MARGIN, "column": int(half * (1 - e)) + MARGIN, "cell_m": CELL_M,
        "limit_s": half * CELL_M * (1 + e) / rate, "rate_ms": rate, "wind_ms": wind_ms, "moisture": 0.08, "live": 1.0,
    }  # fmt: skip


def _grid() -> Affine:
    return Affine(CELL_M, 0, 0, 0, -CELL_M, 0)


def _ours(fire: dict[str, Any]) -> dict[str, float]:
    """Our answer, and the CPU seconds of the whole call."""
    ground = Ground(np.zeros((fire["rows"], fire["columns"]), np.int16), (FUELS["FM1"],), _grid(), "EPSG:4549")
    start = Point((fire["column"] + 0.5) * CELL_M, -(fire["row"] + 0.5) * CELL_M)
    weather = [Weather(fire["wind_ms"], 270.0, DRY)]
    spread(ground, weather, [Ignition(start)], 60.0)  # compiled, or read from the cache
    begin = time.process_time()
    found = spread(ground, weather, [Ignition(start)], fire["limit_s"])
    spent = time.process_time() - begin
    rate = float(found.behaviour.rate_ms[fire["row"], fire["column"]])
    return {"cells": int(found.burnt(fire["limit_s"]).sum()), "rate_ms": rate, "cpu_s": spent}


def _peer(fires: list[dict[str, Any]]) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="baochu-fire-") as home:
        task = Path(home) / "task.json"
        task.write_text(json.dumps(fires))
        command = [str(PEER), str(ROOT / "web/bench/fire_peer.py"), str(task)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-5:])
        raise Unavailable(f"pyretechnics 未能运行：\n{end}", f"pyretechnics did not run:\n{end}")
    found: list[dict[str, float]] = json.loads(done.stdout)
    return found


def _index() -> Row:
    """The six indices of a map of a million cells, weather and codes of every kind."""
    random = np.random.default_rng(1)
    warm, humid, wind = (random.uniform(*span, MAP) for span in ((-5, 35), (10, 100), (0, 60)))
    rain = np.where(random.random(MAP) < 0.3, random.uniform(0, 30, MAP), 0.0)
    before = Codes(*(random.uniform(0, most, MAP) for most in (101, 90, 400)))
    seconds = []
    for _ in range(RUNS + 1):
        begin = time.process_time()
        fire_weather(warm, humid, wind, rain, 4, before)
        seconds.append(time.process_time() - begin)
    spent = median(seconds[1:])
    words = f"≤ {FWI_S * 1000:g} ms"
    return Row(
        "火险天气指数 fire weather index", f"{MAP:,}", "—", spent * 1000, None, None, "CPU ms", words, spent <= FWI_S
    )
