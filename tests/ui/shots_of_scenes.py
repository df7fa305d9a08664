"""Pictures of the wall's scenes at three sizes, in both languages, of the demo district on a wet day. All of it DEMO.

Run it as `python -m tests.ui.shots_of_scenes docs/img`; it takes some minutes.
"""

from __future__ import annotations

import base64
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from command import accounts, sources, watching
from command.responses import plans
from command.stations import read_stations
from gis_data.clock import real_now
from gis_data.cluster import Cluster
from gis_data.db import reading
from gis_data.demo.plans import plans as demo_plans
from gis_data.demo.storm import storm
from gis_data.world import SYSTEM, get_world
from tests import conftest
from tests.conftest import PASSWORD, TOWN, Person, Server, serving, wait_for
from tests.ui.driver import Wall, chromium

SIZES = {"1080": (1920, 1080), "2160": (3840, 2160), "wide": (7680, 2160)}
SCENES = ("daily", "flood", "geohazard", "forest_fire", "city_fire", "drill")
MOST_BYTES = {"1080": 160_000, "2160": 235_000, "wide": 245_000}
DRILL = "drill-wet-day"
POSTS = {"operator": "值班长", "commander": "总指挥", "viewer": "大屏", "field": "驻村干部"}
CHEMICAL, FIRE, SLIDE = (120.0705, 30.2735), (120.0415, 30.2035), (120.0475, 30.2315)
"""Places of the synthetic district."""
BURNT = {
    "type": "Polygon",
    "coordinates": [
        [[FIRE[0] + x, FIRE[1] + y] for x, y in ((0, 0), (0.004, 0.001), (0.005, 0.004), (0.001, 0.003), (0, 0))]
    ],
}


@contextmanager
def district() -> Iterator[tuple[Server, Engine]]:
    """A server on a copy of the demo district, as tests have it; gone afterwards."""
    conftest.pytest_configure()
    data = conftest._home()
    data.mkdir(mode=0o755, exist_ok=True)
    cluster = Cluster(data / "cluster")
    cluster.start()
    try:
        template = conftest._template(cluster, data, "demo", lambda: conftest.demo_sources(data))
        with conftest._copy(cluster, template) as engine:
            for name, post in POSTS.items():
                towns = (TOWN,) if name == "field" else ()
                accounts.put_account(engine, SYSTEM, name, accounts.Profile("DEMO", post, name, towns), PASSWORD)
            for raw in demo_plans():
                plans.load(engine, raw, SYSTEM)
            with serving(engine, data) as server:
                yield server, engine
    finally:
        cluster.stop()
        shutil.rmtree(data, ignore_errors=True)


class Day:
    """What happens in a world on that day, over HTTP."""

    def __init__(self, server: Server, engine: Engine, world: str) -> None:
        self.engine, self.world, self.here = engine, world, f"/api/worlds/{world}"
        self.url, self._people = server.url, dict[str, Person]()

    def who(self, name: str) -> Person:
        """Somebody, logged in once."""
        if name not in self._people:
            self._people[name] = Person(httpx.Client(base_url=self.url, timeout=120)).log_in(name)
        return self._people[name]

    def rain(self) -> None:
        """The synthetic storm up to now, with wind and water; one gauge has fallen silent."""
        world = get_world(self.engine, self.world)
        with reading(world) as tx:
            stations, now = read_stations(tx.session), tx.at
        rows = list(storm({s.code: (s.lon, s.lat) for s in stations.values() if s.element == "rain"}, now))
        values = {
            "wind": 5.2,
            "wind_direction": 35,
            "water_level": 5.4,
            "depth": 0.31,
            "temperature": 24,
            "humidity": 93,
        }
        at = (now - timedelta(seconds=30)).isoformat()
        rows += [
            {"station": s.code, "at": at, "value": values[s.element] * (1 + n % 4 / 9)}
            for n, s in enumerate(stations.values())
            if s.element in values
        ]  # fmt: skip
        id_ = f"demo-{uuid4().hex[:8]}"
        key = sources.add(self.engine, SYSTEM, id_, "DEMO 演示暴雨", worlds=[self.world])
        for first in range(0, len(rows), 5000):
            answer = httpx.post(
                f"{self.url}{self.here}/readings", json=rows[first : first + 5000], timeout=120,
                headers={"Authorization": f"Bearer {key}"},
            )  # fmt: skip
            answer.raise_for_status()
        sources.revoke(self.engine, SYSTEM, id_)
        watching.tick(world)

    def warn(self, kind: str, colour: str, minutes: int) -> None:
        """An official warning of some minutes ago for all towns."""
        at = (real_now() - timedelta(minutes=minutes)).isoformat()
        units = [
            row["values"]["code"] for row in self.who("operator").get("/api/registers/admin_unit", limit=100)["rows"]
        ]
        self.who("operator").post(
            f"{self.here}/warnings", kind=kind, colour=colour, starts_at=at, issued_at=at, area="演示区", units=units,
            cautions="注意防范", measures="加强巡查", issuer="演示气象台", document_no="DEMO〔2026〕1 号",
        )  # fmt: skip

    def respond(self, track: str, level: int) -> None:
        """A response, proposed by one post and approved by another."""
        operator, chief = self.who("operator"), self.who("commander")
        waits = operator.get(f"{self.here}/board")["decisions"].values()  # the rules may have proposed it already
        made = next((one for one in waits if (one["track"], one["to_level"]) == (track, level)), None) or operator.post(
            f"{self.here}/decisions", track=track, jurisdiction="330106", to_level=level, ground="DEMO 强降雨持续"
        )
        address = f"{self.here}/decisions/{made['id']}"
        operator.post(f"{address}/consult", 200, attendees="气象、水利、规资、城管", conclusion="同意启动")
        operator.post(f"{address}/submit", 200, jump_reason="雨势急剧发展")
        chief.post(f"{address}/approve", 200)

    def incident(
        self, kind: str, title: str, at: tuple[float, float], grade: str | None, teams: int, far: int = 0
    ) -> str:
        """An incident with its best teams sent, the first `far` of them already there. Its id."""
        operator = self.who("operator")
        lon, lat = at
        more = {"grade": grade} if grade else {}
        id_ = str(operator.post(f"{self.here}/incidents", kind=kind, title=title, lon=lon, lat=lat, **more)["id"])
        for n in range(teams):
            offers = operator.get(f"{self.here}/incidents/{id_}/recommendations")["offers"]
            if not offers:
                break
            sent = operator.post(f"{self.here}/incidents/{id_}/dispatches", team_id=offers[0]["team_id"], reason="")
            steps = ("acknowledged", "departed", "arrived", "working") if n < far else ("acknowledged", "departed")
            for step in steps:
                operator.post(f"{self.here}/dispatches/{sent['id']}/advance", 200, to=step, note="")
        return id_

    def move_people(self, villages: int) -> None:
        """Villages in the field account's town are called and moved: claimed is more than verified."""
        operator, cadre, chief = self.who("operator"), self.who("field"), self.who("commander")
        rows = operator.get("/api/registers/key_village", limit=200)["rows"]
        codes = [r["values"]["code"] for r in rows if str(r["values"]["admin_code"]).startswith(TOWN)][:villages]
        scope = [{"register_key": "key_village", "code": code} for code in codes]
        call = operator.post(f"{self.here}/callouts", text="请到岗并组织转移", title="强降雨", scope=scope)
        records = operator.get(f"{self.here}/callouts/{call['id']}")["records"]
        for record in records[: max(1, len(records) * 3 // 4)]:
            operator.post(f"{self.here}/callouts/{call['id']}/records/{record['id']}/step", 200, to="reached")
        deadline = (real_now() + timedelta(hours=3)).isoformat()
        order = operator.post(
            f"{self.here}/transfers",
            trigger="雨量达立即转移",
            deadline=deadline,
            objects=[f"key_village:{c}" for c in codes],
        )
        address = f"{self.here}/transfers/{order['id']}"
        chief.post(f"{address}/issue", 200)
        persons = [p["code"] for home in cadre.get(f"{address}/households") for p in home["people"]]
        if not persons:
            return

        def step(person: Person, to: str, codes: list[str], **said: Any) -> None:
            person.post(f"{address}/steps", 200, key=str(uuid4()), to=to, persons=codes, **said)

        there = persons[: len(persons) * 4 // 5]
        step(cadre, "contacted", persons)
        step(cadre, "departed", persons)
        for shelter in list(operator.get(f"{self.here}/board")["shelters"])[:4]:
            operator.post(f"{self.here}/shelters/{shelter}/state", 200, state="open")
        step(cadre, "arrived", there, destination="relatives")
        step(operator, "verified", there[: len(there) * 3 // 4])


def wet_day(server: Server, engine: Engine, world: str) -> Day:
    """The whole day in one world."""
    day = Day(server, engine, world)
    operator = day.who("operator")
    day.rain()
    if world == "live":
        day.warn("rainstorm", "orange", 35)
        day.warn("geohazard", "yellow", 12)
    day.respond("flood", 3)
    day.incident("flood", "下穿通道积水，车辆被困", (120.0905, 30.2795), "larger", 2, 1)
    slide = day.incident("geohazard", "山脚滑坡，三户受困", SLIDE, "major", 3, 1)
    fire = day.incident("forest_fire", "山林起火，火势向东北", FIRE, "larger", 3, 2)
    leak = day.incident("city_fire", "仓库火灾，氨气泄漏", CHEMICAL, "larger", 2, 1)
    day.incident("other", "小区停水求助", (120.102, 30.301), None, 0)
    (lon, lat), base = FIRE, f"{day.here}/incidents/{fire}"
    operator.post(f"{base}/marks", kind="burnt", geometry=BURNT)
    way = [[lon - 0.001, lat], [lon - 0.004, lat - 0.003], [lon - 0.007, lat - 0.004]]
    operator.post(f"{base}/marks", kind="escape", name="西线", geometry={"type": "LineString", "coordinates": way})
    operator.post(f"{day.here}/incidents/{leak}/zones", un_number="1005", spill="small", wind_from_deg=45)  # ammonia
    for n, (lon, lat) in enumerate([SLIDE, CHEMICAL, (120.0905, 30.2795)]):
        operator.post(f"{day.here}/closures", lon=lon + 0.002, lat=lat, reason=("塌方", "火场管制", "积水")[n])
    day.move_people(2)
    finish(day, {"geohazard": slide, "forest_fire": fire, "city_fire": leak})
    return day


def finish(day: Day, incidents: dict[str, str]) -> None:
    """Models are run, and each scene has a screen of its own; three of them are directed to their incident."""
    operator = day.who("operator")
    dry = {"one_h": 0.06, "ten_h": 0.07, "hundred_h": 0.08}
    operator.post(
        f"{day.here}/runs/fire", perimeter=BURNT, hours=3, incident_id=incidents["forest_fire"],
        wind_ms=6, wind_from_deg=225, moistures=dry,
    )  # fmt: skip
    operator.post(f"{day.here}/runs/flood", forecast_mmh=[60] * 6)

    def computed() -> bool:
        runs = operator.get(f"{day.here}/board")["runs"].values()
        return all(run["state"] in ("done", "failed") for run in runs)

    wait_for(computed, 400)
    day.rain()
    views = {"geohazard": (*SLIDE, 13.2), "forest_fire": (*FIRE, 13.4), "city_fire": (*CHEMICAL, 14.2)}
    for n, scene in enumerate(SCENES, 1):
        screen = f"{day.here}/screens/屏{n}"
        operator.client.put(screen, json={"home": scene, "sensitive": "hide"}).raise_for_status()
        if scene in views and day.world == "live":
            lon, lat, zoom = views[scene]
            at = {"kind": "incident", "id": incidents[scene]}
            operator.post(f"{screen}/show", 200, scene=scene, lon=lon, lat=lat, zoom=zoom, highlight=at)


_SHRINK = """async ([png, most]) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob())
  const steps = [[1, .8], [1, .65], [1, .5], [.667, .75], [.667, .6], [.5, .75], [.5, .6], [.5, .4], [.4, .4]]
  for (const [scale, quality] of steps) {
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale)
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality })
    if (blob.size <= most) {
      const bytes = new Uint8Array(await blob.arrayBuffer())
      return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''))
    }
  }
}"""


def shrink(page: Page, png: bytes, most: int) -> bytes:
    """A picture as WebP of at most so many bytes: coarser, and then smaller."""
    return base64.b64decode(page.evaluate(_SHRINK, [base64.b64encode(png).decode(), most]))


def shoot(
    browser: Browser, days: list[Day], to: Path, sizes: list[str], langs: list[str], scenes: list[str], raw: bool
) -> None:
    """One picture a scene, size and language; it has rained up to the moment."""
    for size in sizes:
        for day in days:
            day.rain()
        url = days[0].url
        wall = Wall(browser, url, *SIZES[size], pixels=1)
        wall.log_in("viewer", "/screen")
        for lang in langs:
            wall.page.evaluate(f"localStorage.setItem('baochu:lang', '\"{lang}\"')")
            for scene in scenes:
                path = "/screen" if scene != "drill" else f"/screen/{DRILL}"
                wall.page.goto(f"{url}{path}?name=屏{SCENES.index(scene) + 1}")
                wall.ready()
                expect(wall.at("screen-scene")).to_have_attribute("data-scene", scene)
                expect(wall.page.locator("[data-feed=gauges]")).to_be_visible()
                wall.still()
                png = wall.page.screenshot(timeout=120_000)
                name = f"{scene.replace('_', '-')}-{size}-{lang}"
                if raw:
                    (to / f"{name}.png").write_bytes(png)
                else:
                    (to / f"{name}.webp").write_bytes(shrink(wall.page, png, MOST_BYTES[size]))
                print(name, flush=True)
        assert (wall.outside, wall.wrong) == ([], []), (wall.outside, wall.wrong)
        wall.page.context.close()


def main(
    to: str, sizes: str = "1080,2160,wide", langs: str = "zh,en", scenes: str = ",".join(SCENES), raw: str = ""
) -> None:
    """Make them into a folder; the rest narrows what is made."""
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    with district() as (server, engine), chromium() as browser:
        days = [wet_day(server, engine, "live")]
        if "drill" in scenes:
            days[0].who("admin").post("/api/worlds", name=DRILL, title="防汛综合演练")
            days.append(wet_day(server, engine, DRILL))
        shoot(browser, days, folder, sizes.split(","), langs.split(","), scenes.split(","), bool(raw))


if __name__ == "__main__":
    main(*sys.argv[1:])
