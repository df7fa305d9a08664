"""The offline page carries all it needs, draws what it is given, and says what must be said."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Page
from xh_mini import ROADS, at, xh_mini

from gis_data.errors import Invalid
from layers import folium_map
from layers.catalog import LAYERS, LegendItem
from layers.folium_map import offline_map
from layers.map_layer import MapLayer, catalogue_layer, network_layers, point_layer, route_layer
from layers.profiles import DRIVE
from layers.routing import route
from tests.ui.driver import chromium

ASSETS = Path(__file__).parents[2] / "web/ui/dist/leaflet"
NASTY = "</script>`${x}{{ y }}<img src=x onerror=alert(1)>"
pytestmark = pytest.mark.skipif(not ASSETS.is_dir(), reason="the page is not built")


def _result() -> MapLayer:
    """Two rings of a result, as a coverage would give them."""
    rings = [shapely.box(120.10, 30.24, 120.12, 30.26), shapely.box(120.12, 30.24, 120.14, 30.26)]
    frame = gpd.GeoDataFrame({"minutes": [5, 15], "name": [None, "外圈"]}, geometry=rings, crs=4490)
    legend = (LegendItem("5 分", "5 min", "#37B679", "fill"), LegendItem("15 分", "15 min", "#B07CFF", "fill"))
    return MapLayer(
        "覆盖 Coverage", frame, legend, np.array([0, 1]), {"minutes": "分钟", "name": "名称"}, "name", is_demo=True
    )


def _mini_layers() -> list[MapLayer]:
    network = xh_mini().close([ROADS["N2–N3"]])
    way = route(network, at(network, "N1"), at(network, "C3"), DRIVE)
    assert way
    points = point_layer("队伍 Teams", {"T1": (120.1, 30.25), "T2": (120.11, 30.255), NASTY: (120.125, 30.243)})
    return [_result(), *network_layers(network), route_layer(way), points]


class References(HTMLParser):
    """Collects what a browser would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]


def _render(layers: list[MapLayer], **more: object) -> str:
    text: str = offline_map(layers, assets=ASSETS, **more).get_root().render()  # type: ignore[arg-type]
    return text


def test_no_outside_address_is_left_in_it() -> None:
    html = _render(_mini_layers(), title="演示 " + NASTY, drill=True)
    inside = [b64decode(body).decode("utf-8", "ignore") for body in re.findall(r";base64,([A-Za-z0-9+/=]+)", html)]
    inside += [b64decode(body).decode("latin-1") for css in inside for body in re.findall(r";base64,([\w+/=]+)", css)]
    assert len(inside) >= 6  # two scripts, two style sheets, their pictures, the watermark
    for text in (html, *inside):
        assert set(re.findall(r"https?://[^\s\"'<>)]+", text)) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r"@import|sourceMappingURL", text)
    assert all(reference.startswith("data:text/") for reference in References(html).found)
    assert html.count("</script>") == html.count("<script")
    assert "<img" not in html


def _ink(page: Page, colour: str, select: str = "canvas.leaflet-zoom-animated") -> int:
    """How many pixels of the map are of a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    script = """([select, r, g, b]) => {
      const map = document.querySelector(select), {width, height} = map
      const data = map.getContext('2d').getImageData(0, 0, width, height).data
      let found = 0
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12)
          found++
      return found
    }"""
    return int(page.evaluate(script, [select, red, green, blue]))


def test_it_opens_with_the_network_unplugged(tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    offline_map(_mini_layers(), assets=ASSETS, title="交接图", notes=["资料日期 2026-11-24"]).save(file)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"file://{file}")
        page.wait_for_selector("html[data-drawn='5']", state="attached")
        assert [address for address in asked if not address.startswith("data:")] == [f"file://{file}"]
        assert not wrong
        page.wait_for_function("!!document.querySelector('canvas.leaflet-zoom-animated')")
        page.wait_for_function("document.querySelectorAll('.names span').length > 4")
        for colour, least in (("#37B679", 9000), ("#B07CFF", 9000), ("#3FA7FF", 900), ("#2A3A4F", 500)):
            assert _ink(page, colour) > least, colour  # two areas, the route, the roads
        names = page.locator(".names span").all_inner_texts()
        assert {"T1", "T2", "外圈", NASTY} <= set(names)
        assert "道路封控 Road closures" in page.locator(".legend").inner_text()
        assert page.locator(".leaflet-control-scale-line").inner_text().endswith("m")
        for said in ("交接图", "资料日期 2026-11-24", "内部使用", "北 N", "CGCS2000"):
            assert said in page.locator("body").inner_text()
        assert page.locator(".sheet--mark").get_attribute("title") == "演示数据 DEMO"
        page.locator(".leaflet-control-layers input").first.uncheck()
        assert "覆盖" not in page.locator(".legend").inner_text()
        page.wait_for_function("![...document.querySelectorAll('.names span')].some(one => one.textContent === '外圈')")


def test_marks_follow_from_what_is_shown() -> None:
    real = replace(_result(), is_demo=False)
    plain = _render([real], review_no="浙S（2026）1号")
    assert "审图号 Map review No. 浙S（2026）1号" in plain
    assert "内部使用" not in plain
    assert 'class="sheet sheet--mark"' not in plain
    assert "演练 DRILL · 演示数据 DEMO" in _render([_result()], drill=True)


def test_a_catalogue_layer_looks_as_its_legend_says() -> None:
    shapes = [shapely.Point(120.1, 30.2), shapely.Point(120.2, 30.2)]
    frame = gpd.GeoDataFrame({"name": ["甲", "乙"], "capacity": [10, None]}, geometry=shapes, crs=4490)
    shelters = catalogue_layer(LAYERS["shelters"], frame, columns={"capacity": "可容"})
    assert [LAYERS["shelters"].legend[i].label_zh for i in shelters.item.tolist()] == ["容量已知", "容量不详"]  # type: ignore[union-attr]
    assert shelters.label == "name"


def test_fine_geometry_is_simplified_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = np.linspace(0, 2 * np.pi, 20_001)[:-1]
    rim = np.column_stack([120.1 + 0.01 * np.cos(turn), 30.2 + 0.01 * np.sin(turn)])
    lake = MapLayer(
        "湖 Lake",
        gpd.GeoDataFrame(geometry=[shapely.Polygon(rim)], crs=4490),
        (LegendItem("湖", "Lake", "#10304A", "fill"),),
    )
    assert "已简化" not in _render([lake])
    monkeypatch.setattr(folium_map, "MAX_VERTICES", 5_000)
    html = _render([lake])
    assert "已简化（容差 1 m）Simplified: 湖 Lake" in html
    left = [float(x) for x in re.findall(r"\[(120\.\d+),30\.\d+\]", html)]
    assert 50 < len(left) < 5_000
    monkeypatch.setattr(folium_map, "MAX_VERTICES", 10)
    with pytest.raises(Invalid, match="10 vertices at most"):
        _render([lake])


def test_too_much_or_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="nothing to draw"):
        _render([])
    with pytest.raises(Invalid, match="EPSG:4490"):
        replace(_result(), frame=_result().frame.to_crs(3857))
    with pytest.raises(Invalid, match="no Leaflet"):
        offline_map([_result()], assets=tmp_path)
    monkeypatch.setattr(folium_map, "MAX_FEATURES", 1)
    with pytest.raises(Invalid, match="2 features; a map holds 1 at most") as refused:
        _render([_result()])
    assert "最多 1 个" in refused.value.zh
