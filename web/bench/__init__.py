"""Benchmarks beside a peer, on this machine: `baochu bench NAME`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from gis_data.settings import Settings


@dataclass(frozen=True)
class Row:
    """One comparison. `ratio` is ours to theirs, and None where the figure stands alone against `wanted`."""

    work: str
    size: str
    against: str
    ours: float
    theirs: float | None
    ratio: float | None
    unit: str
    wanted: str
    met: bool


Bench = Callable[[Settings, Callable[[str], None]], list[Row]]

BENCHES = {
    "command": (
        "指挥 Joint assignment beside OR-Tools; commands under load to every screen; the board and its past.",
        "web.bench.command",
    ),
    "fire": (
        "火场 Spread of a fire beside pyretechnics, and the fire weather index on a map.",
        "web.bench.fire",
    ),
    "flood": (
        "洪水 The water model beside itzi-core and landlab, and on 300 km².",
        "web.bench.flood",
    ),
    "load": (
        "导入 A million register points and a city's streets beside ogr2ogr, into the same database.",
        "web.bench.load",
    ),
    "observations": (
        "读数 Readings judged, stored and evaluated: by the command, over HTTP, beside other commands.",
        "web.bench.observations",
    ),
    "roads": (
        "道路 Routing and coverage beside networkx, scipy, pandana and three contraction hierarchies.",
        "web.bench.roads",
    ),
    "slope": (
        "山区 New rain to new states of slopes and villages, beside plain pandas.",
        "web.bench.slope",
    ),
    "tiles": (
        "瓦片 Vector tiles beside tipg, from the same tables with 200,000 features.",
        "web.bench.tiles",
    ),
    "wall": (
        "大屏 How soon a whole wall stands, what script it loads, what many moving things cost; in a real browser.",
        "web.bench.wall",
    ),
}
"""Name → what it measures, and the module whose `run` does it."""


def bench(name: str) -> Bench:
    """The benchmark of a name; what it needs is imported only now."""
    found: Bench = import_module(BENCHES[name][1]).run
    return found
