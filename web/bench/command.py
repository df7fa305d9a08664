"""`baochu bench command`: what commands compute, beside named peers; answers are compared before a time counts."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from gis_data.clock import monotonic_s
from gis_data.errors import Conflict, Unavailable
from gis_data.settings import Settings
from layers.deployment import Crew, Deployment, Need, Policy, deploy
from layers.engine.hierarchy import FAR
from web.bench import Row
from web.bench.command_load import rows
from web.bench.peers import ROOT

PEER_PYTHON = ROOT / ".venv-bench/bin/python"
TEAMS, NEEDS, CELLS = 300, 50, 3_000
ABILITIES = ("flood", "city_fire", "forest_fire", "geohazard", "medical")
JOINT_S, RESERVED_S = 1.0, 3.0
ROUNDS, KEPT = 5, 0.8
Ints = NDArray[np.int64]


def made() -> tuple[list[Crew], list[Need], Ints, Ints, NDArray[np.bool_]]:
    """Crews, needs for more teams than there are, travel times (t, n), persons and who is near them; always the same.

    Crews and needs lie in a square of 20 km and travel at 30 km/h, half as far again as the crow flies; one way in
    twenty is cut.
    """
    chance = np.random.default_rng(2026)
    crews = [
        Crew(
            f"T{k}", frozenset(chance.choice(ABILITIES, chance.integers(1, 4), replace=False).tolist()), 12,
            int(chance.integers(1, 10)) * 60_000, bool(chance.random() < 0.9), int(chance.integers(2, 12)) * 3_600_000,
        )
        for k in range(TEAMS)
    ]  # fmt: skip
    needs = [
        Need(
            f"N{k}", frozenset(chance.choice(ABILITIES, 1).tolist()), int(chance.integers(2, 10)),
            int(chance.integers(1, 5)),
        )
        for k in range(NEEDS)
    ]  # fmt: skip
    (a, b, c) = (chance.random((n, 2)) * 20_000 for n in (TEAMS, NEEDS, CELLS))
    travel = np.rint(_apart(a, b) * 1.5 / 30 * 3_600).astype(np.int64)
    travel[chance.random(travel.shape) < 0.05] = FAR
    return crews, needs, travel, chance.integers(0, 400, CELLS), _apart(a, c) * 1.5 <= 5_000


def _apart(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(a[:, None] - b[None], axis=2))


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """Less than a minute. Raises Unavailable without the peer, Conflict where answers differ."""
    if not PEER_PYTHON.exists():
        raise Unavailable(
            "没有安装对照软件 OR-Tools，请先运行 make bench-env。",
            "The peer OR-Tools is not installed; run make bench-env first.",
        )
    crews, needs, travel, persons, near = made()
    size = f"{NEEDS} 需求 needs × {TEAMS} 队 teams"
    say(f"联合调派 joint assignment: {size}")
    mine, found = _timed(lambda: deploy(crews, needs, travel, persons=persons, near=near))
    theirs = _peer(crews, needs, found)
    say("留备勤 with a reserve")
    least = Policy(least_covered=int(found.covered_before * KEPT))
    slow, held = _timed(lambda: deploy(crews, needs, travel, persons=persons, near=near, policy=least, within_s=1.0))
    if held.covered_after < least.least_covered or (held.exact and held.unmet < found.unmet):
        raise Conflict("备勤的答案不成立。", "The answer with a reserve does not hold.")
    return [
        Row("联合调派 joint assignment", size, "OR-Tools", round(mine, 4), round(theirs, 4), round(theirs / mine, 2),
            "s",
            f"≤ {JOINT_S:g} s", mine <= JOINT_S),
        Row("留备勤的联合调派 with a reserve", f"{size}，{KEPT:.0%} 覆盖 covered", "—", round(slow, 3), None, None, "s",
            f"≤ {RESERVED_S:g} s", slow <= RESERVED_S),
        *rows(config, say),
    ]  # fmt: skip


def _timed(work: Callable[[], Deployment]) -> tuple[float, Deployment]:
    seconds = []
    for _ in range(ROUNDS):
        start = monotonic_s()
        found = work()
        seconds.append(monotonic_s() - start)
    return median(seconds), found


def _peer(crews: list[Crew], needs: list[Need], found: Deployment) -> float:
    """Median seconds of OR-Tools' minimum cost flow on the same arrivals; raises Conflict if its answer is another."""
    with tempfile.TemporaryDirectory(prefix="baochu-command-") as home:
        file = Path(home) / "task.npz"
        np.savez(
            file, eta_ms=found.eta_ms, count=[need.count for need in needs], gravity=[need.gravity for need in needs],
            weight=[Policy().weight(need.gravity) for need in needs], rounds=ROUNDS,
        )  # fmt: skip
        done = subprocess.run(
            [str(PEER_PYTHON), str(ROOT / "web/bench/command_peer.py"), str(file)], capture_output=True, text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False,
        )  # fmt: skip
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-5:])
        raise Unavailable(f"OR-Tools 未能运行：\n{end}", f"OR-Tools did not run:\n{end}")
    theirs = json.loads(done.stdout.splitlines()[-1])
    unit = Policy().persons_a_team
    if ([one * unit for one in theirs["unmet"]], theirs["weighted_ms"]) != (list(found.unmet), found.weighted_ms):
        raise Conflict("与 OR-Tools 的答案不同。", f"OR-Tools has another answer: {theirs}, ours {found.unmet}")
    return float(theirs["seconds"])
