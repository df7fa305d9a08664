"""`baochu bench load`: our loads, checks and journal included, beside ogr2ogr's plain copy of the same file.

Both write into the same database, in turns, as the command lines that one would type. CPU time counts what the
program and the database spent together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import create_engine, make_url, text

from gis_data.clock import monotonic_s
from gis_data.errors import Conflict, Unavailable
from gis_data.settings import Settings
from web.bench import Row
from web.bench.load_data import POINTS, write_city, write_points
from web.bench.peers import cpu_s
from web.bench.scratch import Scratch, scratch

ROUNDS = 3
MOST_S, MOST_MB, MOST_RATIO, LEAST_WAY_NODES_S = 60.0, 1024.0, 2.0, 150_000.0
PEER = "ogr2ogr"


@dataclass(frozen=True)
class Spent:
    """One run: seconds on the clock, CPU seconds with the database's, peak memory of the program in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """Both comparisons; some minutes. Raises Unavailable without the peer, Conflict where the rows are wrong."""
    if shutil.which(PEER) is None:
        raise Unavailable(
            "没有安装对照软件 ogr2ogr，请先运行 make bench-env。",
            "The peer ogr2ogr is not installed; run make bench-env first.",
        )
    with scratch(config) as made:
        return [*_points(made, say), *_roads(made, say)]


def _points(made: Scratch, say: Callable[[str], None]) -> list[Row]:
    say(f"写出 {POINTS:,} 个点 writing {POINTS:,} points")
    file = made.home / "points.gpkg"
    write_points(file)

    def check() -> None:
        sums = "count(*), round(sum(ST_X({0}) + ST_Y({0}))::numeric, 3), round(sum(capacity_m3)::numeric, 1)"
        ours = f"select {sums.format('geom')} from gis.water_point where valid_to is null and is_demo"
        theirs = f"select {sums.format('geom')} from public.points"
        _same(made, ours, theirs)

    ours = ["load", "register", "water_point", str(file), "--datum", "CGCS2000", "--demo", "--yes", "--json"]
    own, peer = _in_turns(made, ours, [str(file)], check, say)
    size, seconds = f"{POINTS:,}", median(one.wall_s for one in own)
    peak = max(one.peak_mb for one in own)
    return [
        _timed("GeoPackage → 台账 register", size, own, peer),
        _alone("GeoPackage → 台账，用时 time", size, seconds, "s", f"≤ {MOST_S:g} s", seconds <= MOST_S),
        _alone("GeoPackage → 台账，内存峰值 peak memory", size, peak, "MB", f"≤ {MOST_MB:,.0f} MB", peak <= MOST_MB),
        _cpu("GeoPackage → 台账 register, CPU", size, own, peer),
    ]


def _roads(made: Scratch, say: Callable[[str], None]) -> list[Row]:
    file = made.home / "city.osm.pbf"
    city = write_city(file)
    size = f"{city.way_nodes:,}"
    say(f"写出 {size} 个路径节点 writing {size} way-nodes")

    def check() -> None:
        found = _ask(made, "select (select count(*) from gis.road_node), (select count(*) from gis.road)")
        if tuple(found) != (city.crossings, city.segments):
            raise Conflict(f"路网不符：{found}，应为 {city}。", f"The network has {found}, not {city}.")
        length = "select round(sum(ST_Length({}))::numeric, 6) from {}"
        _same(made, length.format("geom", "gis.road"), length.format("geom", "public.lines"))

    own, peer = _in_turns(made, ["load", "roads", str(file), "--json"], [str(file), "points", "lines"], check, say)
    rate = city.way_nodes / median(one.wall_s for one in own)
    return [
        _timed("OSM PBF → 路网 routable tables", size, own, peer),
        _alone(
            "OSM PBF → 路网，速度 speed", size, rate, "way-nodes/s", f"≥ {LEAST_WAY_NODES_S:,.0f}",
            rate >= LEAST_WAY_NODES_S,
        ),
        _cpu("OSM PBF → 路网 routable tables, CPU", size, own, peer),
    ]  # fmt: skip


def _in_turns(
    made: Scratch, ours: Sequence[str], theirs: Sequence[str], check: Callable[[], None], say: Callable[[str], None]
) -> tuple[list[Spent], list[Spent]]:
    """Both in turns into emptied tables, the rows checked after the first turn."""
    env = {"BAOCHU_DATA": str(made.home), "BAOCHU_DATABASE_URL": made.database}
    url = make_url(made.database)  # on a unix socket
    peer = [PEER, "-f", "PostgreSQL", f"PG:dbname={url.database} user={url.username} host={url.query['host']}"]
    peer += ["-lco", "GEOMETRY_NAME=geom", "-lco", "SCHEMA=public", "-overwrite", *theirs]
    found: tuple[list[Spent], list[Spent]] = [], []
    for turn in range(ROUNDS):
        _empty(made)
        for spent, command in zip(found, ([sys.executable, "-m", "web.cli", *ours], peer), strict=True):
            spent.append(_run(command, env, made.postmaster))
        if turn == 0:
            check()
        mine, other = (of[-1] for of in found)
        say(
            f"第 {turn + 1}/{ROUNDS} 轮：我方 ours {mine.wall_s:.1f} s, CPU {mine.cpu_s:.1f} s，"
            f"{mine.peak_mb:,.0f} MB；{PEER} {other.wall_s:.1f} s, CPU {other.cpu_s:.1f} s"
        )
    return found


def _run(command: Sequence[str], env: dict[str, str], postmaster: int) -> Spent:
    before, start = cpu_s(postmaster), monotonic_s()
    with subprocess.Popen(command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = monotonic_s() - start
    if process.returncode:
        end = said.decode(errors="replace")[-800:]
        raise Unavailable(f"{command[0]} 失败：\n{end}", f"{command[0]} failed:\n{end}")
    return Spent(wall, used.ru_utime + used.ru_stime + cpu_s(postmaster) - before, used.ru_maxrss / 1024)


def _empty(made: Scratch) -> None:
    engine = create_engine(made.database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("truncate gis.load cascade"))
        connection.execute(text("drop table if exists public.points, public.lines"))
        connection.execute(text("checkpoint"))
    engine.dispose()


def _ask(made: Scratch, query: str) -> tuple[object, ...]:
    engine = create_engine(made.database)
    with engine.connect() as connection:
        found = tuple(connection.execute(text(query)).one())
    engine.dispose()
    return found


def _same(made: Scratch, ours: str, theirs: str) -> None:
    mine, other = _ask(made, ours), _ask(made, theirs)
    if mine != other:
        raise Conflict(f"两者不同：{mine} 与 {other}。", f"The two differ: {mine} and {other}.")


def _timed(work: str, size: str, own: list[Spent], peer: list[Spent]) -> Row:
    mine, other = (median(one.wall_s for one in of) for of in (own, peer))
    return _row(work, size, mine, other, "s", f"≤ {MOST_RATIO:g} ×", mine <= MOST_RATIO * other)


def _cpu(work: str, size: str, own: list[Spent], peer: list[Spent]) -> Row:
    mine, other = (median(one.cpu_s for one in of) for of in (own, peer))
    return _row(work, size, mine, other, "CPU s", "", True)


def _row(work: str, size: str, mine: float, other: float, unit: str, wanted: str, met: bool) -> Row:
    return Row(work, size, PEER, round(mine, 2), round(other, 2), round(mine / other, 3), unit, wanted, met)


def _alone(work: str, size: str, figure: float, unit: str, wanted: str, met: bool) -> Row:
    return Row(work, size, "—", round(figure, 1), None, None, unit, wanted, met)
