"""`baochu bench tiles`: our vector tiles beside tipg's, from the same tables, with the same client, in turns.

Both are asked for the tiles that our page asks for at zooms 10–17, with the same columns: ours as the page gets them,
generalised by zoom; tipg's as it makes them. One line more sets both to give every feature at every zoom.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from statistics import median

from sqlalchemy import Engine, create_engine, text

from command.accounts import Profile, put_account
from gis_data.errors import Conflict
from gis_data.settings import Settings
from gis_data.world import SYSTEM
from layers.catalog import LAYERS
from layers.tiles import bounds
from web import archive
from web.bench import Row
from web.bench.mvt import features
from web.bench.peers import Peer, cpu_s, need_tipg, ours, theirs
from web.bench.scratch import Scratch, scratch
from web.bench.serve import add_plain_layers
from web.bench.tile_data import FEATURES, fill
from web.bench.walks import Spot, as_drawn, mixed_walk, plain_walk

ROUNDS = 3
SCREENS, STEPS = 2, 44
WARM_TURNS = 8
CHECKED = 24
CHECKED_FROM = {"roads": 12, "buildings": 15, "places": 12}
"""Zooms from which the tiles are compared; below, each leaves out another part of what is smaller than a pixel."""
COLD, WARM, P95_MS = 2.0, 20.0, 40.0


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """The whole comparison; some minutes. Raises Unavailable without the peer, Conflict if the two differ."""
    need_tipg()
    with scratch(config) as made:
        return _compare(made, say)


def _compare(made: Scratch, say: Callable[[str], None]) -> list[Row]:
    database, home = made.database, made.home
    say(f"生成 {FEATURES:,} 个要素 making {FEATURES:,} features")
    engine = create_engine(database)
    login = {"username": "bench", "password": secrets.token_urlsafe(16)}
    put_account(engine, SYSTEM, "bench", Profile("DEMO", "浏览", "viewer"), login["password"])
    with engine.begin() as connection:
        fill(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum"))
        for table in ("road", "building", "place"):  # into memory, for both
            connection.execute(text(f"select sum(ST_NPoints(geom_3857)) from gis.{table}"))
    add_plain_layers()
    with theirs(database, home) as peer:
        with ours(database, home, login) as mine:
            say("核对两者的瓦片 checking that both give the same features")
            checked = _check(engine, mine, peer)
        say(f"{checked} 个瓦片一致 {checked} tiles agree")
        engine.dispose()
        return _timed(made, peer, login, say)


def _check(engine: Engine, mine: Peer, peer: Peer) -> int:
    """Both give the same features in sampled tiles, but for what lies in the buffer only. Raises Conflict otherwise."""
    dice = random.Random(3)
    spots = sorted(dice.sample([spot for spot in plain_walk(1) if spot[1] >= CHECKED_FROM[spot[0]]], CHECKED))
    with engine.connect() as connection:
        for spot in spots:
            name, *tile = spot
            found, expected = (sorted(p["id"] for p, _ in features(one.get(spot))) for one in (mine, peer))
            inside = "select id from gis.{} where ST_Intersects(geom_3857, ST_MakeEnvelope(:w, :s, :e, :n, 3857))"
            table = (LAYERS[name].table or "").removeprefix("gis.")
            box = dict(zip("wsen", bounds(*tile), strict=True))
            within = set(connection.execute(text(inside.format(table)), box).scalars())
            if [id_ for id_ in found if id_ in within] != [id_ for id_ in expected if id_ in within]:
                raise Conflict(
                    f"瓦片 {spot} 两者不同：{len(found)} 与 {len(expected)} 个要素。",
                    f"The tile {spot} differs: {len(found)} and {len(expected)} features.",
                )
    return len(spots)


def _timed(made: Scratch, peer: Peer, login: dict[str, str], say: Callable[[str], None]) -> list[Row]:
    database, home, postmaster = made.database, made.home, made.postmaster
    plain, mixed = plain_walk(SCREENS), mixed_walk(STEPS)
    drawn = list(dict.fromkeys(as_drawn(plain)))
    figures: dict[str, list[float]] = {}

    def measure(name: str, who: Peer, spots: list[Spot], is_plain: bool = True) -> None:
        before = cpu_s(who.pid, postmaster)
        done = who.ask(spots, is_plain)
        figures.setdefault(f"{name} r/s", []).append(len(spots) / done["seconds"])
        figures.setdefault(f"{name} cpu", []).append((cpu_s(who.pid, postmaster) - before) * 1000 / len(spots))
        ordered = sorted(done["ms"])
        rate, spent = (figures[f"{name} {what}"][-1] for what in ("r/s", "cpu"))
        say(f"  {name}: {rate:,.0f}/s, CPU {spent:,.2f} ms, p95 {ordered[len(ordered) * 95 // 100]:,.1f} ms")
        for share in (50, 95):
            figures.setdefault(f"{name} p{share}", []).append(ordered[len(ordered) * share // 100])

    page = as_drawn(mixed)
    for turn in range(ROUNDS):
        say(f"第 {turn + 1}/{ROUNDS} 轮 round {turn + 1} of {ROUNDS}")
        with ours(database, home, login) as mine:
            measure("ours plain", mine, plain)
        measure("theirs plain", peer, plain)
        with ours(database, home, login) as mine:
            measure("ours cold", mine, drawn, False)
            measure("ours warm", mine, drawn * WARM_TURNS, False)
        measure("theirs cold", peer, drawn, False)
        measure("theirs warm", peer, drawn, False)
        with ours(database, home, login) as mine:
            measure("ours mixed", mine, page, False)
        measure("theirs mixed", peer, page, False)
    say("制作瓦片包 building the archives")
    config = Settings(data=home, database_url=database)
    engine = create_engine(database)
    list(archive.build(engine, archive.folder(config), lambda _: None))
    engine.dispose()
    with ours(database, home, login) as mine:
        measure("ours archive", mine, page, False)

    def row(
        work: str, name: str, what: str, unit: str, wanted: str = "", met: Callable[[float, float], bool] | None = None
    ) -> Row:
        mine, other = (round(median(figures[f"{who} {name} {what}"]), 2) for who in ("ours", "theirs"))
        size = f"{FEATURES:,} / {sizes[name]:,}"
        well = met is None or met(mine, other)
        return Row(work, size, "tipg", mine, other, round(mine / other, 3), unit, wanted, well)

    sizes = {"plain": len(plain), "cold": len(drawn), "warm": len(drawn), "mixed": len(page)}
    archived = round(figures["ours archive p95"][0], 2)
    return [
        row("冷缓存 cold", "cold", "r/s", "requests/s", f"≥ {COLD:g} ×", lambda a, b: a >= COLD * b),
        row("热缓存 warm", "warm", "r/s", "requests/s", f"≥ {WARM:g} ×", lambda a, b: a >= WARM * b),
        row("混合漫游 mixed walk, p95", "mixed", "p95", "ms", f"≤ {P95_MS:g} ms", lambda a, _: a <= P95_MS),
        row("混合漫游 mixed walk, p50", "mixed", "p50", "ms"),
        Row(
            "混合漫游，有瓦片包 mixed walk with archives, p95", f"{FEATURES:,} / {len(page):,}", "—",
            archived, None, None, "ms", f"≤ {P95_MS:g} ms", archived <= P95_MS,
        ),
        row("冷缓存，不按级别取舍 cold, nothing generalised", "plain", "r/s", "requests/s"),
        row("冷缓存 cold, CPU", "cold", "cpu", "CPU ms/request"),
        row("热缓存 warm, CPU", "warm", "cpu", "CPU ms/request"),
    ]  # fmt: skip
