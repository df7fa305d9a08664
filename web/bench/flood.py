"""`baochu bench flood`: the water model beside itzi-core and landlab on one event, and its own figures on a district.

Each engine runs in a process of its own, one after the other, on the same closed ground; all the rain must still be
there, and depths agree, before a time counts. Times are medians of three.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import rasterio
from scipy.ndimage import gaussian_filter, zoom

from gis_data.errors import Conflict, Unavailable
from gis_data.settings import Settings
from layers.flood.scene import Floats
from web.bench import Row
from web.bench.peers import ROOT

PEERS_PYTHON = ROOT / ".venv-bench12/bin/python"
DEM = Path(os.environ.get("BAOCHU_SHARED_DATA", ROOT.parent / "shared/data")) / "porto_alegre/poa_elevation.tif"
CELL_M, MANNING, RAIN_MMH, RAIN_S, UNTIL_S = 30.0, 0.05, 80.0, 3600.0, 7200.0
SMALL, LARGE, FINE = 240, 577, 1732
"""Cells a side: 52 km² for the peers; 300 km² at 30 m; 300 km² at 10 m."""
RUNS = 3
MASS, SAME = 1e-3, 0.05
"""What may be missing of the rain; how far peak depths may differ: the sum of differences to the sum of depths, where
water stands deeper than 0.1 m."""
WANTED = {"itzi-core": 2.0, "landlab": 10.0}
WANTED_BOTH, EVENT_S, SCREEN_S, STEP_S = 3.5, 12.0, 1.0, 2.0
Report = dict[str, Any]


def ground(side: int, cell_m: float) -> tuple[Floats, str]:
    """A real city's hills, mirrored until they suffice, at this cell size; made-up ones where its file is not."""
    rng = np.random.default_rng(1)
    coarse = int(np.ceil(side * cell_m / CELL_M))
    if DEM.exists():
        with rasterio.open(DEM) as file:
            hills = file.read(1).astype(float)
        name = "Porto Alegre"
        hills = np.pad(hills, [(0, max(0, coarse - size)) for size in hills.shape], mode="symmetric")[:coarse, :coarse]
    else:
        name = "synthetic"
        waves = [(gaussian_filter(rng.standard_normal((coarse, coarse)), s, mode="wrap"), a) for s, a in
                 ((100, 60), (27, 15), (7, 3))]  # fmt: skip
        hills = sum((a * wave / wave.std() for wave, a in waves), np.zeros((coarse, coarse)))
    if cell_m < CELL_M:
        hills = zoom(hills, CELL_M / cell_m, order=1)[:side, :side] + rng.normal(0, 0.05, (side, side))
    return hills - hills.min(), name


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """All of it, some minutes. Raises Unavailable without peers, Conflict where water is missing or depths differ."""
    if not PEERS_PYTHON.exists():
        raise Unavailable(
            "没有安装对照软件（需要 Python 3.12），请先运行 make bench-env。",
            "The peers are not installed (they need Python 3.12); run make bench-env first.",
        )
    with tempfile.TemporaryDirectory(prefix="baochu-flood-") as home:
        z, name = ground(SMALL, CELL_M)
        size = f"{name} {SMALL * SMALL * CELL_M**2 / 1e6:.0f} km² / 30 m, {RAIN_MMH:g} mm/h 1 h + 1 h"
        folder = _task(Path(home) / "small", z)
        one, both = (_median(["-m", "web.bench.flood_ours", str(folder), str(n)], say, f"ours {n}") for n in (1, 2))
        rows = [_mass("Baochu", one, size)]
        for peer, wanted in WANTED.items():
            theirs = _median([str(ROOT / "web/bench/flood_peers.py"), peer, str(folder)], say, peer, PEERS_PYTHON)
            away = _same(folder, peer)
            rows += [
                _row("每核 per core", size, peer, one["cpu"], theirs["cpu"], "CPU s", wanted),
                _row("一线程 one thread", size, peer, one["wall"], theirs["wall"], "s", None),
                _row("两核对一核 two cores against its one", size, peer, both["wall"], theirs["wall"], "s",
                     WANTED_BOTH if peer == "itzi-core" else None),
                _row("百万格步 million cell-steps", size, peer, _rate(one, z), _rate(theirs, z), "M/CPU s",
                     None),
                _mass(peer, theirs, size),
                Row("最大水深之差 peaks differ by", size, peer, round(away, 4), None, None, "", f"≤ {SAME:g}", True),
            ]  # fmt: skip
        say("300 km²")
        large = _task(Path(home) / "large", ground(LARGE, CELL_M)[0])
        event = _median(["-m", "web.bench.flood_ours", str(large), "2"], say, "300 km² / 30 m", runs=1)
        fine = _task(Path(home) / "fine", ground(FINE, 10.0)[0])
        screened = _median(["-m", "web.bench.flood_ours", str(fine), "screen"], say, "300 km² / 10 m")
    for work, found, key, most in (
        ("两小时过程，两核 2-hour event, two cores", event, "wall", EVENT_S),
        ("热启动十分钟 hot-started 10 minutes", event, "step", STEP_S),
        ("10 米筛查 screening at 10 m", screened, "wall", SCREEN_S),
    ):
        rows.append(Row(work, f"{name} 300 km²", "—", found[key], None, None, "s", f"≤ {most:g} s", found[key] <= most))
    return [*rows, _mass("Baochu", event, f"{name} 300 km²")]


def _task(folder: Path, z: Floats) -> Path:
    folder.mkdir()
    np.savez(
        folder / "input.npz", z=z, cell_m=CELL_M, manning=MANNING, rain_mmh=RAIN_MMH, rain_s=RAIN_S, until_s=UNTIL_S
    )
    return folder


def _median(
    arguments: list[str], say: Callable[[str], None], name: str, python: Path | str = sys.executable, runs: int = RUNS
) -> Report:
    """The medians of some runs, each a new process on one thread but for ours."""
    say(name)
    found: list[Report] = []
    for _ in range(runs):
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [str(python), *arguments], cwd=ROOT, capture_output=True, text=True, env=environment, check=False
        )
        if done.returncode:
            end = "\n".join(done.stderr.splitlines()[-5:])
            raise Unavailable(f"{name} 未能运行：\n{end}", f"{name} did not run:\n{end}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {key: median(one[key] for one in found) for key in found[0]}


def _same(folder: Path, peer: str) -> float:
    """How far the peak depths are from ours; Conflict beyond the tolerance, or where water was made or lost."""
    with np.load(folder / "ours.npz") as ours, np.load(folder / f"{peer}.npz") as theirs:
        rain = RAIN_MMH / 1000 * RAIN_S / 3600 * ours["h"].size
        for name, one in (("Baochu", ours), (peer, theirs)):
            missing = abs(float(one["h"].sum(dtype=float)) / rain - 1)
            if missing > MASS:
                raise Conflict(f"{name} 水量差 {missing:.2%}", f"{name} has {missing:.2%} of the water wrong")
        deep = ours["peak"] > 0.1
        away = float(np.abs(theirs["peak"] - ours["peak"])[deep].sum() / ours["peak"][deep].sum())
    if away > SAME:
        raise Conflict(f"{peer} 的最大水深差 {away:.1%}", f"{peer} differs by {away:.1%} in peak depth")
    return away


def _rate(found: Report, z: Floats) -> float:
    return float(round(z.size * found["steps"] / found["cpu"] / 1e6, 1))


def _row(work: str, size: str, peer: str, mine: float, theirs: float, unit: str, wanted: float | None) -> Row:
    ratio = theirs / mine if unit != "M/CPU s" else mine / theirs
    words = "" if wanted is None else f"≥ {wanted:g} ×"
    return Row(work, size, peer, mine, theirs, round(ratio, 2), unit, words, wanted is None or ratio >= wanted)


def _mass(name: str, found: Report, size: str) -> Row:
    wanted = "≤ 1e-4" if name == "Baochu" else ""
    return Row(
        "水量误差 mass error",
        size,
        name,
        found["mass"],
        None,
        None,
        "",
        wanted,
        not wanted or abs(found["mass"]) <= 1e-4,
    )
