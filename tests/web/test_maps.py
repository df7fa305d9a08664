"""A map handed over, by HTTP and by the command line; base maps from outside, through a real tile server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine
from typer.testing import CliRunner

from command import worlds
from gis_data.demo.xh_mini import NODES
from gis_data.errors import Unavailable
from gis_data.settings import Settings
from gis_data.world import SYSTEM
from tests.conftest import Person, middle
from tests.web.tile_server import KEY, png, tile_server
from web import cli
from web.app import create_app
from web.basemaps import BLANK, BaseMaps, configured
from web.maps import LEAFLET

LIVE = "/api/worlds/live"
pytestmark = pytest.mark.skipif(not LEAFLET.is_dir(), reason="the page is not built")


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    """The address of a tile server that runs as a process of its own."""
    with tile_server() as address:
        yield address


def _person(engine: Engine, data: Path, **settings: object) -> Iterator[Person]:
    url = engine.url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(data=data, database_url=url, **settings))) as client:  # type: ignore[arg-type]
        yield Person(client).log_in("operator")


@pytest.fixture
def operator(mini_db: Engine, data_dir: Path) -> Iterator[Person]:
    yield from _person(mini_db, data_dir)


def _drawn(page: str) -> dict[str, str]:
    """Layer → its data, as they stand in the page."""
    return {m[2]: m[1] for m in re.finditer(r'baochu\.layer\((\{"title":"([^"]+)".*?\})\);\s*$', page, re.M)}


def test_the_view_goes_out_with_the_situation(operator: Person, mini_db: Engine) -> None:
    lon, lat = NODES["C3"]
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="下穿 <b>积水", lon=lon, lat=lat)["id"]
    team = next(id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items() if t["code"] == "T2")
    operator.post(f"{LIVE}/incidents/{incident}/dispatches", team_id=team)
    lon, lat = middle("N2–N3")
    operator.post(f"{LIVE}/closures", lon=lon, lat=lat, reason="积水 28 cm")
    answer = operator.client.get(
        f"{LIVE}/map.html",
        params={"layers": "incidents,roads,teams,routes,closures,shelters,suggestions,hazard_state,flood_roads"},
    )
    assert answer.status_code == 200
    assert unquote(answer.headers["content-disposition"]).startswith("attachment; filename*=UTF-8''西湖区-")
    layers = _drawn(answer.text)
    titles = [title.split(" ")[0] for title in layers]
    assert titles == [
        "道路",
        "避灾安置场所",
        "道路封控",
        "出动路线",
        "救援力量",
        "突发事件",
    ]  # as the catalogue has them
    assert "积水 28 cm" in layers["道路封控 Road closures"]
    assert '"LineString"' in layers["出动路线 Routes"]
    assert "下穿 \\u003cb>积水" in layers["突发事件 Incidents"]
    assert "未含（只在页面上看）：推算积水道路（参考）、建议封控（内部提示）、险情（含内部提示）" in answer.text
    assert "演示数据 DEMO" in answer.text
    assert "内部使用" in answer.text
    assert "演练" not in answer.text

    worlds.create_drill(mini_db, SYSTEM, "drill-map", "强降雨")
    drill = operator.client.get("/api/worlds/drill-map/map.html", params={"layers": "incidents,roads"})
    assert "演练 DRILL · 演示数据 DEMO" in drill.text
    assert "演练-西湖区" in unquote(drill.headers["content-disposition"])
    assert "下穿" not in drill.text


def test_what_cannot_go_out_says_so(operator: Person) -> None:
    path = f"{LIVE}/map.html"
    assert operator.get(path, 404, layers="nothing")["field"] == "layers"
    assert operator.get(path, 422, layers="hillshade")["field"] == "layers"
    assert operator.get(path, 404, layers="at_risk_household")["field"] == "layers"
    assert operator.get(path, 422, layers="roads", box="120.2,30,120.1,30.3")["field"] == "box"
    lon, lat = middle("N2–N3")
    few = operator.client.get(path, params={"layers": "roads", "box": f"{lon},{lat - 1e-5},{lon + 1e-4},{lat + 1e-5}"})
    assert (
        0
        < few.text.count('"LineString"')
        < operator.client.get(path, params={"layers": "roads"}).text.count('"LineString"')
    )
    far = operator.client.get(path, params={"layers": "admin,roads,shelters", "zoom": "8"})
    assert '"LineString"' not in far.text  # residential roads are not drawn at zoom 8


def test_the_command_line_writes_layers_and_a_route(
    mini_db: Engine, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (a, b), (c, d) = NODES["N1"], NODES["C3"]
    file = tmp_path / "map.html"
    config = Settings(data=data_dir, database_url=mini_db.url.render_as_string(hide_password=False))
    monkeypatch.setattr("web.cli_map.settings", lambda: config)
    command = ["map", "--layer", "roads", "--layer", "teams", "--route", f"{a},{b}", f"{c},{d}", "-o", str(file)]
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 0, done.output
    layers = _drawn(file.read_text("utf-8"))
    assert [title.split(" ")[0] for title in layers] == ["道路", "路线", "救援力量"]
    assert '"columns":["长度（米）","用时（分）"]' in layers["路线 Route"]
    assert "[1150,2.3]" in layers["路线 Route"]


def _asked(upstream: str) -> list[str]:
    found: list[str] = httpx.get(f"{upstream}/asked").json()
    return found


def test_no_base_map_is_no_matter(operator: Person) -> None:
    assert operator.get("/api/basemaps") == []
    operator.get("/api/basemap/tianditu_vec/10/5/5", 404)


def test_tianditu_comes_by_the_server_and_its_key_stays_there(mini_db: Engine, data_dir: Path, upstream: str) -> None:
    for person in _person(mini_db, data_dir, tianditu_key=SecretStr(KEY), tianditu_url=upstream):
        maps = person.client.get("/api/basemaps")
        assert [(one["title_zh"], one["sheets"]) for one in maps.json()] == [
            ("天地图矢量", ["tianditu_vec", "tianditu_cva"]),
            ("天地图影像", ["tianditu_img", "tianditu_cia"]),
        ]
        assert KEY not in maps.text
        assert upstream not in maps.text
        tile = person.client.get("/api/basemap/tianditu_cva/10/853/422")
        assert (tile.status_code, tile.headers["content-type"]) == (200, "image/png")
        asked = _asked(upstream)
        assert "TILEMATRIX=10&TILEROW=422&TILECOL=853" in asked[-1]
        person.client.get("/api/basemap/tianditu_cva/10/853/422")
        assert _asked(upstream) == asked  # kept, not asked again
        person.get("/api/basemap/tianditu_cva/3/9/9", 422)
        assert "default-src 'self'" in tile.headers["content-security-policy"]


def test_a_wrong_key_is_unavailable_and_then_left_alone(mini_db: Engine, data_dir: Path, upstream: str) -> None:
    for person in _person(mini_db, data_dir, tianditu_key=SecretStr("stale-key"), tianditu_url=upstream):
        problem = person.get("/api/basemap/tianditu_vec/10/853/422", 503)
        assert "密钥" in problem["detail"]
        assert "stale-key" not in str(problem)
        before = len(_asked(upstream))
        person.get("/api/basemap/tianditu_img/10/853/422", 503)
        assert len(_asked(upstream)) == before


def _own(template: str, tiles: int = 1) -> list[bytes | str]:
    """What comes of asking for neighbouring tiles of a base map of one's own, all on one set of base maps."""
    config = Settings(basemap_url=SecretStr(template), basemap_datum="CGCS2000")

    async def ask() -> list[bytes | str]:
        known, found = BaseMaps(config), list[bytes | str]()
        for i in range(tiles):
            try:
                found.append((await known.tile("own", 10, 853 + i, 422))[0])
            except Unavailable as error:
                found.append(error.en)
        await known.close()
        return found

    return asyncio.run(ask())


def test_any_xyz_and_what_may_go_wrong_with_it(upstream: str) -> None:
    assert _own(f"{upstream}/xyz/{{z}}/{{x}}/{{-y}}.png")[0] == png(200, 214, 220)
    assert _asked(upstream)[-1] == f"/xyz/10/853/{1023 - 422}.png"
    assert _own(f"{upstream}/hole/{{z}}/{{x}}/{{y}}") == [BLANK]  # clear: our own shows
    for bad in ("html", "away"):  # a log-in page; a pointer to another place, which nobody follows
        before = len(_asked(upstream))
        assert "no image" in str(_own(f"{upstream}/{bad}/{{z}}/{{x}}/{{y}}")[0])
        assert len(_asked(upstream)) == before + 1
    assert "no answer" in str(_own("http://127.0.0.1:9/{z}/{x}/{y}")[0])


def test_a_slow_upstream_holds_nobody_up_twice(upstream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.basemaps.ANSWER_S", 0.3)
    before = len(_asked(upstream))
    first, second = _own(f"{upstream}/slow/{{z}}/{{x}}/{{y}}", 2)
    assert "no answer" in str(first)
    assert "resting" in str(second)
    assert len(_asked(upstream)) == before + 1


@pytest.mark.parametrize(
    ("template", "datum", "says"),
    [
        ("http://tiles.example/{z}/{x}/{y}", "GCJ-02", "GCJ-02"),
        ("http://webrd01.is.autonavi.com/t?x={x}&y={y}&z={z}", "WGS-84", "GCJ-02"),
        ("http://tiles.example/{z}/{x}/{y}", "", "BAOCHU_BASEMAP_DATUM"),
        ("http://{s}.tiles.example/{z}/{x}/{y}", "WGS-84", "BAOCHU_BASEMAP_URL"),
        ("http://tiles.example/{z}/{x}", "WGS-84", "BAOCHU_BASEMAP_URL"),
        ("file:///etc/{z}/{x}/{y}", "WGS-84", "BAOCHU_BASEMAP_URL"),
    ],
)
def test_a_shifted_or_unclear_base_map_is_refused_with_the_reason(template: str, datum: str, says: str) -> None:
    maps, sheets = configured(Settings(basemap_url=SecretStr(template), basemap_datum=datum))
    assert says in maps[0].problem_zh
    assert not sheets
