"""`baochu bench wall`: how soon a whole wall stands, what script it loads, what many moving things cost the page."""

from __future__ import annotations

import gzip
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import create_engine

from command import registers
from command.accounts import Profile, put_account
from gis_data.clock import monotonic_s
from gis_data.demo import district
from gis_data.errors import Unavailable
from gis_data.settings import Settings
from gis_data.world import SYSTEM
from web.bench import Row
from web.bench.peers import Peer, ours
from web.bench.scratch import scratch

WIDTH, HEIGHT, ROUNDS = 1920, 1080, 3
WALL_S, SCRIPT_KB, MOVING_MS, TASK_MS = 4.0, 600.0, 8.0, 50.0
THINGS, SECONDS, IDLE_S = 2000, 15, 5
ASSETS = Path(__file__).parents[1] / "ui/dist/assets"
FLAGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip
WHOLE = ("html[data-map-ready=true]", "[data-testid=team-row]")
"""The map is idle, and the panels have what the board brought."""
MOVE = """([n, seconds]) => {
  const [w, s, e, t] = [120.03, 30.15, 120.17, 30.33], any = Math.random
  const things = Array.from({ length: n }, (_, i) => [`T${i}`, w + any() * (e - w), s + any() * (t - s)])
  const state = () => ({ type: 'FeatureCollection', features: things.map(([id, lon, lat]) => ({
    type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { id, icon: 'team:rescue:en_route:fresh', label: '', order: 6, slot: 0, chosen: false } })) })
  baochuFeed('teams', state())
  return new Promise((done) => setTimeout(() => {
    window.moving = setInterval(() => {
      for (const one of things) { one[1] += (any() - 0.5) / 1e4; one[2] += (any() - 0.5) / 1e4 }
      baochuFeed('teams', state())
    }, 1000)
    done()
  }, 3000))
}"""


def run(config: Settings, say: Callable[[str], None]) -> list[Row]:
    """About two minutes. Raises Unavailable without Chromium and Playwright, or without a built page."""
    chromium, ready = shutil.which("chromium"), ASSETS.is_dir()
    if chromium is None or not ready:
        raise Unavailable("需要浏览器与已构建的页面：make test。", "Needs Chromium and the built page: make test.")
    with scratch(config) as made:
        engine = create_engine(made.database)
        for source in district(say, data=made.home):
            registers.load(engine, source, SYSTEM, made.home)
        login = {"username": "bench", "password": secrets.token_urlsafe(16)}
        put_account(engine, SYSTEM, "bench", Profile("DEMO", "值班员", "operator"), login["password"])
        engine.dispose()
        with ours(made.database, made.home, login) as server:
            return measured(server, chromium, say)


def measured(server: Peer, chromium: str, say: Callable[[str], None]) -> list[Row]:
    """The rows, on a server with the demo district and somebody logged in."""
    size = f"{WIDTH}×{HEIGHT}，软件渲染 software rendering"
    walls, script = [], 0.0
    for n in range(ROUNDS + 1):  # the first warms the server
        say(f"打开大屏 a wall opens: {n}")
        with _browser(chromium) as browser:
            seconds, script = _wall(browser, server)
        walls += [seconds] if n else []
    say(f"{THINGS} 个移动目标 moving things")
    with _browser(chromium) as browser:
        cost, longest = _moving(browser, server)
    return [
        _row("首个完整大屏 first whole wall", size, median(walls), "s", WALL_S),
        _row("首屏脚本 script of it", "gzip，含地图库 with the map library", script, "kB", SCRIPT_KB),
        _row("移动目标 moving things", f"{THINGS}，1/s，CPU", cost, "ms/s", MOVING_MS),
        _row("其中最长任务 the longest task", f"{THINGS}，1/s，CPU", longest, "ms", TASK_MS),
    ]


def _row(work: str, size: str, ours: float, unit: str, limit: float) -> Row:
    return Row(
        work, size, "要求 limit", round(ours, 2), limit, round(ours / limit, 2), unit, f"≤ {limit:g}", ours <= limit
    )


@contextmanager
def _browser(chromium: str) -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Unavailable("需要 Playwright（开发依赖）。", "Needs Playwright, of the development packages.") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def _page(browser: Any, server: Peer) -> Any:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
    name, _, value = server.headers["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{server.port}"}])
    context.set_default_timeout(120_000)
    return context.new_page()


def _stands(page: Any) -> None:
    for what in WHOLE:
        page.wait_for_selector(what, state="attached")


def _wall(browser: Any, server: Peer) -> tuple[float, float]:
    """Seconds from the address to a whole wall, and the gzipped kilobytes of script that it took."""
    page = _page(browser, server)
    loaded: set[str] = set()
    page.on("request", lambda request: loaded.add(request.url.rpartition("/")[2].partition("?")[0]))
    begun = monotonic_s()
    page.goto(f"http://127.0.0.1:{server.port}/", wait_until="commit")
    _stands(page)
    seconds = monotonic_s() - begun
    scripts = [ASSETS / name for name in loaded if name.endswith((".js", ".mjs"))]
    return seconds, sum(len(gzip.compress(file.read_bytes(), 9)) for file in scripts if file.is_file()) / 1000


def _moving(browser: Any, server: Peer) -> tuple[float, float]:
    """CPU milliseconds of script a second above an idle page, and those of the longest task of the page's thread."""
    page = _page(browser, server)
    page.goto(f"http://127.0.0.1:{server.port}/")
    _stands(page)
    time.sleep(IDLE_S)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def script_ms() -> float:
        found = devtools.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in found if one["name"] == "ScriptDuration") * 1000

    def spent(seconds: int) -> float:
        before = script_ms()
        time.sleep(seconds)
        return (script_ms() - before) / seconds

    idle = spent(SECONDS)
    page.evaluate(MOVE, [THINGS, SECONDS])
    time.sleep(IDLE_S)
    cost = spent(SECONDS) - idle
    return cost, _longest_ms(devtools, SECONDS)


def _longest_ms(devtools: Any, seconds: int) -> float:
    """CPU milliseconds of the longest task of the page's main thread over so many seconds."""
    events: list[dict[str, Any]] = []
    over: list[bool] = []
    devtools.on("Tracing.dataCollected", lambda some: events.extend(some["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: over.append(True))
    devtools.send("Tracing.start", {"categories": "toplevel,disabled-by-default-devtools.timeline,devtools.timeline"})
    time.sleep(seconds)
    devtools.send("Tracing.end")
    for _ in range(300):
        if over:
            break
        devtools.send("Performance.getMetrics")  # events arrive while something is asked
        time.sleep(0.1)
    threads = {
        (one["pid"], one["tid"])
        for one in events
        if one.get("name") == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    tasks = (e.get("tdur", 0) for e in events if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in threads)
    return max(tasks, default=0) / 1000
