"""The offline page carries all it needs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from xh_mini import ROADS, at, xh_mini

from layers.folium_map import offline_map
from layers.network import DRIVE
from layers.routing import route

PIXEL = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A stand-in for Leaflet's dist folder."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "layers.png").write_bytes(PIXEL)
    (tmp_path / "leaflet.js").write_text("var L = {}; // {{ not a template }}")
    (tmp_path / "leaflet.css").write_text(".a { background: url(images/layers.png); } .v { behavior: url(#v); }")
    return tmp_path


class References(HTMLParser):
    """Collects what a browser would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]


def test_the_page_fetches_nothing(assets: Path) -> None:
    network = xh_mini()
    closed = frozenset({ROADS["N2–N3"]})
    there = route(network, at(network, "N1"), at(network, "C3"), DRIVE, closed)
    page = offline_map(
        network,
        assets=assets,
        points={"T1": (120.1, 30.25), "</script>`${x}": (120.1, 30.251)},
        route=there,
        closed=closed,
    )
    html = page.get_root().render()
    fetched = References(html).found
    assert len(fetched) == 2
    assert all(reference.startswith("data:text/") for reference in fetched)
    assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import|tileLayer", html)
    assert html.count("L.geoJson(null") == 3  # other roads, the route, the closed road: no main roads here
    assert html.count("L.circleMarker(") == 2
    assert "&lt;/script&gt;&#96;&#36;&#123;x&#125;" in html
    assert html.count("</script>") == html.count("<script")


def test_images_come_along_inside_the_styles(assets: Path) -> None:
    from base64 import b64decode, b64encode

    html = offline_map(xh_mini(), assets=assets).get_root().render()
    style = b64decode(re.search(r"data:text/css;base64,([^\"]+)", html)[1]).decode()  # type: ignore[index]
    assert f"url(data:image/png;base64,{b64encode(PIXEL).decode()})" in style
    assert "url(#v)" in style
    assert "images/" not in style
