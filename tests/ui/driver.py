"""A person at the wall: what they do and what they see, in a real Chromium that can reach nothing but loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from tests.conftest import PASSWORD, wait_for

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-rasterization",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
SHOTS = Path(__file__).parent / "shots"
SLOW_MS = 30_000
"""How long a thing may take before a story gives up on it: software rendering on a busy machine."""


STILL = """async () => {
  const map = window.baochuMap
  if (map) await new Promise((done) => { map.once('idle', done); map.triggerRepaint(); setTimeout(done, 5000) })
  return (!map || (map.areTilesLoaded() && !map.isMoving())) && document.getAnimations().every((one) =>
    one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)
}"""
"""A frame is drawn first: right after a leap nothing is asked for yet, and all seems to be there."""

expect.set_options(timeout=SLOW_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of one's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Writes:
    """What a page has sent to be written and has no answer to yet."""

    def __init__(self, page: Page) -> None:
        self._page, self._open = page, set[Request]()
        page.on("request", self._sent)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)

    def _sent(self, request: Request) -> None:
        if request.method != "GET":
            self._open.add(request)

    def _answered(self, request: Request) -> None:
        self._open.discard(request)

    def settle(self) -> None:
        """Wait until all is answered; the page itself is asked first, so that what a click just sent is known."""
        wait_for(lambda: bool(self._page.evaluate("true")) and not self._open, SLOW_MS / 1000)


class Wall:
    """One person before the page."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        width: int = 1920,
        height: int = 1080,
        *,
        touch: bool = False,
        pixels: float = 0.5,
        motion: Literal["reduce", "no-preference"] = "reduce",
    ) -> None:
        """Drawing by software is most of a story's time: it draws half of the page's `pixels`, and moves nothing."""
        size = {"width": width, "height": height}
        context = browser.new_context(
            viewport=size, device_scale_factor=pixels, locale="zh-CN", has_touch=touch, reduced_motion=motion
        )
        context.set_default_timeout(SLOW_MS)
        self.page: Page = context.new_page()
        self.url = url
        self.outside: list[str] = []
        self.wrong: list[str] = []
        self.writes = Writes(self.page)
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _asked(self, request: object) -> None:
        address: str = request.url  # type: ignore[attr-defined]
        if not address.startswith((self.url, "blob:", "data:")):
            self.outside.append(address)

    def at(self, name: str) -> Locator:
        """The element with that test id."""
        return self.page.get_by_test_id(name)

    def log_in(self, username: str, path: str = "/") -> Wall:
        """Open the page, log in, and wait until the map stands."""
        self.page.goto(self.url + path)
        self.at("login-username").fill(username)
        self.at("login-password").fill(PASSWORD)
        self.at("login-submit").click()
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until the map has drawn."""
        expect(self.page.locator("html[data-map-ready=true]")).to_be_attached(timeout=2 * SLOW_MS)

    def still(self) -> None:
        """Wait until a map has its tiles, and neither it nor anything on the page is on its way."""
        wait_for(lambda: bool(self.page.evaluate(STILL)), 4 * SLOW_MS / 1000)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is on the screen."""
        at = self.page.evaluate(
            "([lon, lat]) => { const p = baochuMap.project([lon, lat]);"
            " const r = baochuMap.getCanvas().getBoundingClientRect(); return [p.x + r.x, p.y + r.y] }",
            [lon, lat],
        )
        return float(at[0]), float(at[1])

    def click_map(self, lon: float, lat: float) -> None:
        """Click a place on the map, once what is there is drawn."""
        self.still()
        self.page.mouse.click(*self.point(lon, lat))

    def report(self, kind: str, title: str, lon: float, lat: float) -> None:
        """Take a call: N, the place on the map, what happened, save."""
        self.page.keyboard.press("n")
        expect(self.at("report-form")).to_be_visible()
        self.click_map(lon, lat)
        self.page.locator(f"[data-testid=report-kind] label[data-value={kind}]").click()
        self.at("report-title").fill(title)
        self.at("report-submit").click()

    def card(self, title: str) -> Locator:
        """The incident's card."""
        return self.at("incident-card").filter(has_text=title)

    def watch_for(self, title: str) -> None:
        """Note, on this page's own clock, when a card with that title appears."""
        self.page.evaluate(
            """title => {
              const look = () => {
                if (!window.seenAt && document.body.innerText.includes(title)) window.seenAt = Date.now()
              }
              new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
            }""",
            title,
        )

    def seen_at_ms(self) -> float:
        """When it did, in milliseconds since 1970."""
        wait_for(lambda: self.page.evaluate("window.seenAt ?? 0") > 0, SLOW_MS / 1000)
        return float(self.page.evaluate("window.seenAt"))

    def shot(self, name: str) -> Path:
        """Keep a picture to look at."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path
