"""The weather on the wall: a typhoon's track with its cone and card, a bad file named, the rain field hour by hour."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from command import sources
from command.stations import read_stations
from gis_data.clock import real_now
from gis_data.db import reading
from gis_data.demo.storm import storm
from gis_data.demo.typhoon import typhoon
from gis_data.world import SYSTEM, get_world
from tests.conftest import serving, wait_for
from tests.ui.driver import SLOW_MS, Wall

KINDS = "baochuMap.querySourceFeatures('cyclones').map((one) => one.properties.kind)"
DRAWN = "baochuMap.queryRenderedFeatures({layers: ['cyclones-point']}).length"
BAD = """number,agency,kind,at,lon,lat,lead_h
2609,台,observed,2026-08-01 08:00,125,27,
2609,台,forecast,2026-08-01 08:00,x,28,24
"""


def test_a_typhoon_comes_and_rain_lies_between_the_gauges(
    browser: Browser, demo_db: Engine, data_dir: Path, tmp_path: Path
) -> None:
    with reading(get_world(demo_db, "live")) as tx:
        rain = {s.code: (s.lon, s.lat) for s in read_stations(tx.session).values() if s.element == "rain"}
    key = {"Authorization": f"Bearer {sources.add(demo_db, SYSTEM, 'weather', 'DEMO', worlds=['live'])}"}
    now = real_now()
    with serving(demo_db, data_dir) as server:
        http = httpx.Client(base_url=server.url, headers=key, timeout=60)
        assert http.post("/api/worlds/live/readings", json=list(storm(rain, now))).status_code == 200
        rows = list(typhoon(120.08, 30.23, now, now + timedelta(hours=20)))
        assert http.post("/api/worlds/live/cyclones/feed?demo=true", json=rows).status_code == 201
        wall = Wall(browser, server.url)
        wall.log_in("operator")
        wall.page.keyboard.press("w")
        expect(wall.at("cyclone-near")).to_contain_text("公里")
        expect(wall.at("cyclone-card")).to_contain_text("参考")
        expect(wall.at("cyclone-force-7")).to_contain_text("后")
        wall.at("cyclone-look").click()
        wait_for(lambda: wall.page.evaluate(DRAWN) > 10, SLOW_MS / 1000)
        assert {"cone", "circle", "track", "ahead", "point", "watch"} <= set(wall.page.evaluate(KINDS))
        wall.shot("weather-track-1080")
        wall.at("cyclone-enter").click()
        (tmp_path / "track.csv").write_text(BAD)
        wall.at("cyclone-file").set_input_files(tmp_path / "track.csv")
        expect(wall.at("cyclone-fault")).to_contain_text("第 2 行 lon")
        for name, said in (("number", "2609"), ("agency", "走查台"), ("lon", "126"), ("lat", "y")):
            wall.at(f"cyclone-{name}").fill(said)
        wall.at("cyclone-submit").click()
        expect(wall.at("cyclone-fault")).to_contain_text("中心纬度")
        wall.shot("weather-form-1080")
        wall.at("cyclone-lat").fill("27.5")
        wall.at("cyclone-submit").click()
        expect(wall.at("cyclone-card")).to_have_count(2)
        expect(wall.at("cyclone-card").filter(has_text="走查台")).to_contain_text("机构未报风圈")

        wall.page.keyboard.press("f")
        wall.at("weather-tab-field").click()
        expect(wall.at("field-legend")).to_contain_text("暴雨 ≥ 15")
        expect(wall.at("field-gauges")).to_contain_text("缺测 1 站：R-09")
        before = wall.at("field-time").inner_text()
        wait_for(lambda: wall.page.evaluate("!!baochuMap.getLayer('picture-rain_field')"), SLOW_MS / 1000)
        wall.at("field-hours-3").click()
        expect(wall.at("field-legend")).to_contain_text("暴雨 ≥ 20")
        wall.shot("weather-field-1080")
        wall.at("field-slider").fill("-3")
        expect(wall.at("field-time")).not_to_have_text(before)
        wall.page.set_viewport_size({"width": 3840, "height": 2160})
        wall.ready()
        wall.shot("weather-field-4k")
        wall.at("weather-tab-cyclone").click()
        wall.at("cyclone-look").last.click()
        wait_for(lambda: wall.page.evaluate(DRAWN) > 10, 2 * SLOW_MS / 1000)
        wall.shot("weather-track-4k")
        wall.at("weather-tab-field").click()
        wall.at("field-shown").click()
        wait_for(lambda: not wall.page.evaluate("!!baochuMap.getLayer('picture-rain_field')"), SLOW_MS / 1000)
        assert (wall.outside, wall.wrong) == ([], [])
