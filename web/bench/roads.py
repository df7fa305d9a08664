"""`baochu bench roads`: our engine beside six others on two real networks, and the product's answers over HTTP.

Every engine runs in a process of its own, one after the other, on the same file; each answer is compared with scipy's
before its time counts. Times are medians of CPU seconds; wall time and memory are in the rows too.
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

from gis_data.clock import monotonic_s
from gis_data.errors import Conflict, Unavailable
from gis_data.settings import Settings
from web.bench import Row, road_http
from web.bench.peers import ROOT, TIPG
from web.bench.road_networks import PAIRS, heidelberg, moscow, write
from web.bench.road_peers import NOT_ASKED

SHARED = Path(os.environ.get("BAOCHU_SHARED_DATA", ROOT.parent / "shared/data")) / "networks"
NETWORKS = {"Heidelberg": heidelberg, "Moscow": moscow}
CH, CCH = ("ch-router", "pyroutingkit", "routingkit-cch"), ("pyroutingkit", "routingkit-cch")
PEERS = ("networkx", "scipy", "pandana", *CH)
WORKS = {
    "a": "a 两点及路径 pair with path",
    "b": "b 矩阵 matrix 200×200",
    "c1": "c1 全部节点到最近 nearest of 300, all nodes",
    "c2": "c2 300 个 15 分钟范围 sets of 15 min",
}
AGAINST = {"a": CH, "b": CCH, "c1": ("scipy",), "c2": ("scipy",)}
WANTED = {
    "Heidelberg": {"a": 1.0, "b": 2.0, "c1": 15.0, "c2": 15.0, "all": 5.0, "networkx": 500.0},
    "Moscow": {"a": 1.0, "b": 4.0, "c1": 20.0, "c2": 15.0, "all": 5.0, "networkx": 1500.0},
}
LARGE_S, LARGE_MB = 30.0, 2560.0
Report = dict[str, Any]


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """All of it, a quarter of an hour. Raises Unavailable without peers or data, Conflict where an answer is wrong."""
    if not TIPG.exists():
        raise Unavailable(
            "没有安装对照软件，请先运行 make bench-env。", "The peers are not installed; run make bench-env first."
        )
    if not SHARED.is_dir():
        raise Unavailable(
            f"没有路网数据 {SHARED}，请设 BAOCHU_SHARED_DATA。", f"No networks at {SHARED}; set BAOCHU_SHARED_DATA."
        )
    rows = []
    with tempfile.TemporaryDirectory(prefix="baochu-roads-") as home:
        for name, read in NETWORKS.items():
            folder = Path(home) / name
            folder.mkdir()
            write(folder / "input.npz", read(SHARED), 1)
            reports = {
                peer: _one(peer, folder, say, name) for peer in ("scipy", "ours", *(p for p in PEERS if p != "scipy"))
            }
            _same(folder, name)
            rows += [*_compared(name, reports), *_floors(name, reports["ours"], folder)]
        say("大路网 a network of 3.2 million nodes")
        rows += _large(Path(home) / "Moscow")
    return [*rows, *road_http.run(config, say)]


def _one(peer: str, folder: Path, say: Callable[[str], None], network: str) -> Report:
    say(f"{network}: {peer}")
    script = ["-m", "web.bench.road_ours"] if peer == "ours" else [str(ROOT / "web/bench/road_peers.py"), peer]
    python = sys.executable if peer == "ours" else str(TIPG)
    done = subprocess.run([python, *script, str(folder)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-5:])
        raise Unavailable(f"{peer} 未能运行：\n{end}", f"{peer} did not run:\n{end}")
    found: Report = json.loads((folder / f"{peer}.json").read_text())
    return found


def _same(folder: Path, network: str) -> None:
    """All answers are scipy's, before the flood and after; Conflict names what is not."""
    with np.load(folder / "scipy.npz") as truth:
        for peer in ("ours", *PEERS):
            with np.load(folder / f"{peer}.npz") as found:
                for name in found.files:
                    asked = found[name] != NOT_ASKED
                    if not np.array_equal(found[name][asked], truth[name][asked]):
                        raise Conflict(f"{peer} 的答案不对：{network} {name}", f"{peer} is wrong: {network} {name}")


def _cpu_ms(report: Report, when: str, work: str) -> float:
    return float(report[when][work]["cpu"] * 1000)


def _compared(network: str, reports: dict[str, Report]) -> list[Row]:
    """The table's rows, and beyond them every peer's every work."""
    ours, rows = reports["ours"], []

    def row(work: str, peer: str, mine: float, theirs: float, wanted: float | None) -> Row:
        ratio = theirs / mine
        words = "" if wanted is None else f"≥ {wanted:g} ×"
        return Row(
            work, network, peer, mine, theirs, round(ratio, 2), "CPU ms", words, wanted is None or ratio >= wanted
        )

    def able(peers: tuple[str, ...], when: str, work: str) -> str:
        return min((p for p in peers if work in reports[p][when]), key=lambda p: _cpu_ms(reports[p], when, work))

    for when, words in (("before", ""), ("after", "，洪水后 after the flood")):
        for work, title in WORKS.items():
            best = able(AGAINST[work], when, work)
            mine, wanted = _cpu_ms(ours, when, work), WANTED[network][work]
            rows.append(row(title + words, best, mine, _cpu_ms(reports[best], when, work), wanted))
    able_to_update = tuple(peer for peer in PEERS if not reports[peer]["update"]["rebuild"])
    times = {"a": PAIRS, "b": 1, "c1": 1, "c2": 1}

    def total(pick: Callable[[str], str], update: str) -> float:
        works = sum(count * _cpu_ms(reports[pick(work)], "after", work) for work, count in times.items())
        return works + float(reports[update]["update"]["cpu"]) * 1000

    quickest = min(able_to_update, key=lambda peer: reports[peer]["update"]["cpu"])
    mine = total(lambda _: "ours", "ours")
    each = total(lambda work: able(able_to_update, "after", work), quickest)
    title = f"d 更新 1,000 段后全部重算 update, then {PAIRS} a, b, c1, c2"
    rows.append(row(title, "各项最快 the fastest of each", mine, each, WANTED[network]["all"]))
    rows.append(row(title, "networkx", mine, total(lambda _: "networkx", "networkx"), WANTED[network]["networkx"]))
    for peer, report in reports.items():
        if peer == "ours":
            continue
        for work, title in WORKS.items():
            if work in report["before"]:
                rows.append(row(title, peer, _cpu_ms(ours, "before", work), _cpu_ms(report, "before", work), None))
        for title, key in (("建立 build", "build"), ("d 更新 update", "update")):
            rows.append(row(title, peer, ours[key]["cpu"] * 1000, report[key]["cpu"] * 1000, None))
        memory = Row("内存 memory", network, peer, round(ours["rss_mb"]), round(report["rss_mb"]), None, "MB", "", True)
        rows.append(memory)
    return rows


def _floors(network: str, ours: Report, folder: Path) -> list[Row]:
    """What each work must move through memory at least, at this machine's rate, and how far from it we are."""
    with np.load(folder / "input.npz") as task:
        n, sets = int(task["n"]), len(task["sets"])
    m, sweeps = ours["upward_arcs"], -(-sets // 16)
    moved = {
        "c1": 8 * m + 12 * n,
        "c2": sweeps * (8 * m + 4 * n + 2 * n),
        "b": 8 * 200 * 200,
    }
    rate = _bytes_a_second()
    return [
        Row(
            f"{WORKS[work].split()[0]} 与内存下限之比 over the memory floor", network, f"{moved[work] / 1e6:.1f} MB",
            _cpu_ms(ours, "before", work), round(moved[work] / rate * 1000, 4),
            round(_cpu_ms(ours, "before", work) / (moved[work] / rate * 1000), 1), "CPU ms", "", True,
        )
        for work in moved
    ]  # fmt: skip


def _bytes_a_second() -> float:
    """How fast this machine copies what no cache holds, read and written both counted."""
    source = np.ones(2**27, np.uint8)
    target, seconds = np.empty_like(source), []
    for _ in range(7):
        start = monotonic_s()
        np.copyto(target, source)
        seconds.append(monotonic_s() - start)
    return 2 * source.nbytes / median(seconds)


def _large(folder: Path) -> list[Row]:
    command = [sys.executable, "-m", "web.bench.road_ours", "large", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Conflict(f"大路网：{done.stderr[-500:]}", f"The large network: {done.stderr[-500:]}")
    found = json.loads(done.stdout)
    size = f"{found['nodes']:,}"
    seconds, peak = round(found["seconds"], 1), round(found["rss_mb"])
    return [
        Row("建立并回答 build and answer", size, "—", seconds, None, None, "s", f"≤ {LARGE_S:g} s", seconds <= LARGE_S),
        Row("内存 memory", size, "—", peak, None, None, "MB", f"≤ {LARGE_MB:,.0f} MB", peak <= LARGE_MB),
    ]
