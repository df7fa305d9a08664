"""A base map from outside chosen at the wall, and the view exported as a file."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, expect
from rasterio.io import MemoryFile
from rasterio.windows import Window
from sqlalchemy import Engine

from gis_data.demo.xh_mini import NODES
from tests.conftest import serving, wait_for
from tests.ui.driver import SLOW_MS, Wall
from tests.web.tile_server import KEY, tile_server


def _middle(wall: Wall) -> tuple[int, int, int]:
    """The colour in the middle of the map, where XH-MINI has nothing of its own."""
    lon, lat = (a + b for a, b in zip(NODES["N1"], (0.0, -0.0006), strict=True))
    x, y = wall.point(lon, lat)
    with MemoryFile(wall.page.screenshot()) as memory, memory.open() as picture:
        red, green, blue = picture.read((1, 2, 3), window=Window(x, y, 1, 1)).flatten().tolist()
    return red, green, blue


def test_a_base_map_from_outside_and_the_view_as_a_file(
    browser: Browser, mini_db: Engine, data_dir: Path, tmp_path: Path
) -> None:
    upstream = ExitStack()
    address = upstream.enter_context(tile_server())
    with upstream, serving(mini_db, data_dir, BAOCHU_TIANDITU_KEY=KEY, BAOCHU_TIANDITU_URL=address) as server:
        wall = Wall(browser, server.url, pixels=1).log_in("operator")
        dark = _middle(wall)
        wall.page.keyboard.press("l")
        wall.at("basemap-tianditu_vec").check()
        expect(wall.at("basemap-credit")).to_have_text("天地图 TianDiTu")
        wait_for(lambda: min(_middle(wall)) > max(dark) + 40, SLOW_MS / 1000)  # the drawn sheet, dimmed
        wall.shot("basemap-1080")
        with wall.page.expect_download() as saved:
            wall.at("export-map").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        assert file.name.startswith("西湖区-")
        assert "道路 Roads" in file.read_text("utf-8")
        wall.at("basemap-none").check()
        expect(wall.at("basemap-credit")).to_have_count(0)
        assert not wall.outside
        assert not wall.wrong

        upstream.close()
        wall.at("basemap-tianditu_img").check()
        expect(wall.at("basemap-down")).to_be_visible()
        assert max(_middle(wall)) < max(dark) + 20  # our own is there
