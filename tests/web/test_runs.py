"""Runs of the water model over HTTP on XH-MINI with a hollow under N2–N3: asked, computed, suggested, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from shapely import Point
from shapely.geometry import shape
from sqlalchemy import Engine, text

from command import registers, sources
from gis_data.clock import monotonic_s
from gis_data.demo.xh_mini import NODES
from gis_data.sources.prepared import Region
from gis_data.sources.raster import Detail, prepare
from gis_data.world import SYSTEM
from tests.conftest import Person, app_on, middle, wait_for

LIVE = "/api/worlds/live"
CELL, MARGIN = 20.0, 1500.0
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def hollow(path: Path) -> Path:
    """Terrain of 30 m that falls to 28 m within 120 m of the middle of N2–N3, in EPSG:4549."""
    move = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform
    x, y = np.array([move(*spot) for spot in NODES.values()]).T
    west, north = x.min() - MARGIN, y.max() + MARGIN
    columns, rows = int((x.max() + MARGIN - west) / CELL), int((north - y.min() + MARGIN) / CELL)
    east = west + (np.arange(columns) + 0.5) * CELL
    south = north - (np.arange(rows) + 0.5) * CELL
    mx, my = move(*middle("N2–N3"))
    away = np.hypot(east[None] - mx, south[:, None] - my)
    z = np.where(away < 120, 28.0, 30.0 + 0.002 * away).astype(np.float32)
    shape = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    with rasterio.open(path, "w", transform=from_origin(west, north, CELL, CELL), **shape) as file:
        file.write(z[None])
    return path


def load_hollow(engine: Engine, folder: Path, data: Path) -> None:
    """Put that terrain in force."""
    region = Region("xihu", "EPSG:4549", (119.8, 30.0, 120.4, 30.5))
    said = {"datum": "CGCS2000", "progress": lambda _: None, "data": data, "detail": Detail(vertical_datum="演示")}
    registers.load(engine, prepare("terrain", [hollow(folder / "t.tif")], region, **said), SYSTEM, data)


@pytest.fixture
def people(mini_db: Engine, tmp_path: Path, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    load_hollow(mini_db, tmp_path, data_dir)
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def run(person: Person, world: str = LIVE, **body: Any) -> Any:
    asked = person.post(f"{world}/runs/flood", cell_m=20, **body)
    done: list[Any] = []

    def over() -> bool:
        done[:] = [person.get(f"{world}/runs/{asked['id']}")]
        return done[0]["state"] not in ("queued", "running")

    wait_for(over, 60)
    return done[0]


def test_rain_becomes_depth_a_suggestion_and_a_new_way(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="C3 积水", lon=NODES["C3"][0], lat=NODES["C3"][1])
    teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
    where = f"{LIVE}/incidents/{incident['id']}/dispatches"
    sent = operator.post(where, team_id=teams["T1"], reason="就近")["id"]

    found = run(operator, forecast_mmh=[120.0] * 3 + [0.0] * 3)
    assert (found["state"], found["problem"]) == ("done", None)
    result = found["result"]
    assert abs(result["mass_error"]) < 1e-4
    assert result["suggested"] == result["too_deep"] == 1
    assert result["frames_s"] == [0, 600, 1200, 1800, 2400, 3000, 3600]
    assert result["water_ha"]["15"] >= result["water_ha"]["40"] > 1
    roads = operator.get(f"{LIVE}/runs/{found['id']}/roads")["features"]
    deepest = max(roads, key=lambda one: one["properties"]["peak_cm"])
    assert deepest["properties"]["name"] == "N2–N3"

    frame = operator.client.get(f"{LIVE}/runs/{found['id']}/frames/6.png")
    assert frame.headers["content-type"] == "image/png"
    with MemoryFile(frame.content) as memory, memory.open() as picture:
        seen = picture.read(4)
    assert 0 < (seen > 0).mean() < 0.2
    west, north = result["corners"][0]
    east, south = result["corners"][2]
    lon, lat = middle("N2–N3")
    row, column = (north - lat) / (north - south) * seen.shape[0], (lon - west) / (east - west) * seen.shape[1]
    assert seen[int(row), int(column)] > 0  # where the hollow is

    cells = operator.get(f"{LIVE}/runs/{found['id']}/water")["features"]
    assert len(cells) * result["cell_m"] ** 2 / 10_000 == pytest.approx(result["water_ha"]["15"], rel=0.1)
    (here,) = (one["properties"] for one in cells if shape(one["geometry"]).contains(Point(lon, lat)))
    depths = [here.get(str(step), 0) for step in range(7)]
    assert depths[0] == 0
    assert depths == sorted(depths)  # it only rises, and at the end the hollow holds what the picture shows
    assert depths[6] > 40

    board = operator.get(f"{LIVE}/board")
    assert list(board["closures"]) == []  # a model closes nothing
    (told,) = (one for one in board["suggestions"].values() if one["place"] == "N2–N3")
    assert (told["source"], told["run_id"]) == ("model", found["id"])
    assert told["arrives_at"] > found["starts_at"]
    operator.post(f"{LIVE}/suggestions/{told['id']}/confirm", note="巡查员现场确认")
    after = operator.get(f"{LIVE}/board")
    assert after["suggestions"].keys() == board["suggestions"].keys() - {told["id"]}
    assert "改线" in after["dispatches"][sent]["route_note"]


def test_a_run_goes_on_from_the_water_of_another(people: Callable[[str], Person]) -> None:
    planner = people("planner")
    first = run(planner, forecast_mmh=[90.0, 90.0])
    again = run(planner, from_run=first["id"], forecast_mmh=[90.0, 90.0])
    assert again["result"]["observed_s"] in (0, 600)  # from where it rests on observations: nothing had fallen yet
    assert again["result"]["water_ha"] == first["result"]["water_ha"]
    board = planner.get(f"{LIVE}/board")["runs"]
    assert list(board) == [again["id"]]  # the older one has left the board
    planner.post(f"{LIVE}/runs/{again['id']}/away", 200)
    assert planner.get(f"{LIVE}/board")["runs"] == {}
    assert [one["id"] for one in planner.get(f"{LIVE}/runs")] == [again["id"], first["id"]]


def test_rain_that_nobody_heard_is_filled_in_and_said(people: Callable[[str], Person], mini_db: Engine) -> None:
    """5 mm in each ten minutes of an hour; the fourth and the last come late. In a drill, whose clock stands."""
    ten, drill = datetime(2026, 7, 1, 2, tzinfo=UTC), "/api/worlds/drill-gaps"
    key = sources.add(mini_db, SYSTEM, "gaps", "水文", worlds=["drill-gaps"])
    admin = people("admin")
    admin.post("/api/worlds", name="drill-gaps", title="缺测")
    lon, lat = middle("N2–N3")
    with mini_db.begin() as to:
        to.execute(text("update drill_gaps.clock set sim0 = :at, speed = 0"), {"at": ten})
        to.execute(
            text(f"""insert into gis.gauge (code, name, element, unit, interval_s, valid_from, geom)
            values ('R-1', '雨量一站', 'rain', 'mm', 600, '2026-01-01', st_setsrid(st_point({lon}, {lat}), 4490))""")
        )

    def hear(*steps: int) -> None:
        rows = [
            {"station": "R-1", "at": (ten - timedelta(minutes=10 * (5 - k))).isoformat(), "value": 5.0, "span_s": 600}
            for k in steps
        ]
        said = {"Authorization": f"Bearer {key}"}
        answer = admin.client.post(f"{drill}/readings", json=rows, headers=said)
        assert answer.json()["stored"] == len(steps), answer.text

    hear(0, 1, 2, 4)
    first = run(admin, drill, back_h=1)
    result = first["result"]
    assert (result["observed_s"], result["now_s"], result["silent"]) == (3000, 3600, ["R-1"])
    assert any(one["zh"].startswith("其中 20 分钟没有") for one in result["assumptions"])
    hear(3, 5)
    whole = run(admin, drill, back_h=1)["result"]
    assert (whole["observed_s"], whole["silent"]) == (3600, [])
    assert not any("没有任何雨量站" in one["zh"] for one in whole["assumptions"])
    assert whole["water_ha"] == result["water_ha"]  # the rain was even
    on = run(admin, drill, from_run=first["id"])["result"]  # goes on from the last that was heard
    assert (on["observed_s"], on["now_s"], on["frames_s"]) == (600, 600, [0, 600])
    assert datetime.fromisoformat(on["begins_at"]) == ten - timedelta(minutes=10)
    assert on["water_ha"]["40"] == pytest.approx(whole["water_ha"]["40"], abs=0.1)


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Lon, lat so far from the middle of the hollow."""
    move = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    x, y = move.transform(*middle("N2–N3"))
    lon, lat = move.transform(x + east_m, y + north_m, direction="INVERSE")
    return float(lon), float(lat)


def draw(engine: Engine, table: str, wkt: str, **values: Any) -> None:
    """A row of the land as a source would bring it."""
    with engine.begin() as to:
        load = to.execute(text("select load_id from gis.road limit 1")).scalar_one()
        values |= {"load_id": load, "valid_from": "2020-01-01T00:00:00Z"}
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        to.execute(
            text(f"insert into gis.{table} ({names}, geom) values ({marks}, ST_GeomFromText(:wkt, 4490))"),
            values | {"wkt": wkt},
        )


def square(east_m: float, north_m: float, half_m: float) -> str:
    corners = [at(east_m + half_m * a, north_m + half_m * b) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return "((" + ", ".join(f"{x} {y}" for x, y in corners) + "))"


def test_a_release_fills_the_hollow_and_a_wall_keeps_it_out(people: Callable[[str], Person], mini_db: Engine) -> None:
    draw(mini_db, "building", f"MULTIPOLYGON({square(0, 40, 10)})", kind="house")
    draw(mini_db, "building", f"MULTIPOLYGON({square(900, 0, 10)})", kind="house")
    planner = people("planner")
    lon, lat = at(200, 0)
    release = {"lon": lon, "lat": lat, "series": [[0, 20], [20, 20]]}
    found = run(planner, inflows=[release])
    assert (found["state"], found["problem"]) == ("done", None)
    result = found["result"]
    assert result["frames_s"] == [0, 600, 1200]  # as long as the release
    assert result["buildings"] == {"15": 1, "50": 0, "100": 0}  # 24 000 m³ on four hectares and a half
    assert abs(result["mass_error"]) < 1e-4

    ring = [at(160 * a, 160 * b) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    walled = run(planner, inflows=[release], walls=[{"line": ring, "height_m": 3}])["result"]
    assert walled["buildings"]["15"] == 0
    assert any("挡水墙 1 处" in one["zh"] for one in walled["assumptions"])
    low = run(planner, inflows=[release], walls=[{"line": ring, "crest_m": 20}])["result"]  # lies under the ground
    assert low["buildings"] == result["buildings"]


def test_a_lake_that_rises_runs_over_its_shore(people: Callable[[str], Person], mini_db: Engine) -> None:
    draw(mini_db, "water", f"POLYGON{square(0, 0, 60)}", kind="pond", name="演示湖")
    planner = people("planner")
    still = run(planner, levels=[{"body": "演示湖", "series": [[0, 28], [20, 28]]}])["result"]
    assert still["water_ha"]["15"] == 0
    lon, lat = at(100, 0)
    risen = run(planner, levels=[{"lon": lon, "lat": lat, "series": [[0, 28], [10, 29], [20, 29]]}])["result"]
    assert risen["water_ha"]["40"] > 2  # the rest of the hollow
    unknown = run(planner, levels=[{"body": "无此湖", "series": [[10, 28]]}])
    assert unknown["problem"] == "第 1 处水位：没有水面平的湖河“无此湖”。"


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"inflows": [{"lon": 120.1, "lat": 30.2, "series": [[0, 1], [0, 2]]}]}, "inflows.1.series", "第 2 行"),
        ({"inflows": [{"lon": 120.1, "lat": 30.2, "series": [[0, 1], [5, -2]]}]}, "inflows.1.series", "流量为负"),
        ({"inflows": [{"series": [[0, 1], [5, 2]]}]}, "inflows.1.lon", "位置"),
        ({"levels": [{"kind": "gauge", "series": [[0, 1]]}]}, "levels.1.lon", "位置"),
        ({"walls": [{"line": [[120.1, 30.2], [120.2, 30.2]]}]}, "walls.1.height_m", "墙高"),
        ({"walls": [{"line": [[120.1, 30.2], [120.1, 30.2]], "crest_m": 5}]}, "walls.1.line", "不同的点"),
    ],
)
def test_what_is_told_wrong_is_refused_by_row(
    people: Callable[[str], Person], body: dict[str, Any], field: str, says: str
) -> None:
    refused = people("planner").post(f"{LIVE}/runs/flood", 422, forecast_mmh=[10], **body)
    assert (refused["field"], refused["row"]) == (field, 1)
    assert says in refused["detail"]


def test_a_place_that_is_none_fails_the_run_by_row(people: Callable[[str], Person]) -> None:
    planner, series = people("planner"), [[0, 1], [10, 1]]
    far = run(planner, inflows=[{"lon": 121.0, "lat": 30.2, "series": series}])
    assert (far["state"], far["problem"][:11]) == ("failed", "第 1 处入流：位置在")
    none = run(planner, inflows=[{"kind": "reservoir", "code": "没有", "series": series}])
    assert "台账里没有编号“没有”" in none["problem"]


def test_a_quick_look_pools_the_rain_in_the_hollow(people: Callable[[str], Person], mini_db: Engine) -> None:
    draw(mini_db, "building", f"MULTIPOLYGON({square(0, 40, 10)})", kind="house")
    viewer = people("viewer")
    where = f"{LIVE}/flood-screening"
    found = viewer.get(where, rain_mm=12, cell_m=20)  # of which grass takes ten
    assert found["water_ha"]["15"] == pytest.approx(np.pi * 1.2**2, rel=0.3)  # the hollow's floor, without its rim
    assert found["buildings"]["15"] == 1
    assert any("只供参考" in one["zh"] for one in found["assumptions"])
    assert viewer.get(where, rain_mm=5, cell_m=20)["water_ha"]["15"] == 0  # the ground takes it
    frame = viewer.client.get(f"{where}.png?rain_mm=12&cell_m=20")
    with MemoryFile(frame.content) as memory, memory.open() as picture:
        assert 0 < (picture.read(4) > 0).mean() < 0.1
    draw(mini_db, "water", f"POLYGON{square(0, 0, 60)}", kind="pond", name="演示湖")
    risen = viewer.get(where, rise_m=1, cell_m=20)
    assert 2 < risen["water_ha"]["40"] < 4  # the hollow without its lake; its rim is two metres up
    draw(mini_db, "population_cell", f"MULTIPOLYGON({square(0, 90, 10)})", code="DEMO-1", population=70)
    assert viewer.get(where, rise_m=1, cell_m=20)["persons"] == risen["persons"] + 70
    assert viewer.get(where, 422)["field"] == "rain_mm"


def test_what_cannot_be_computed_says_why(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    assert operator.post(f"{LIVE}/runs/flood", 422)["field"] == "forecast_mmh"
    assert operator.post(f"{LIVE}/runs/flood", 422, forecast_mmh=[-1])["status"] == 422
    failed = run(operator, back_h=1)
    assert (failed["state"], failed["problem"]) == ("failed", "回溯时段内有 60 分钟没有任何雨量读数，请缩短回溯时长。")
    people("viewer").post(f"{LIVE}/runs/flood", 403, forecast_mmh=[10])
    operator.get(f"{LIVE}/runs/{failed['id']}/roads", 404)


def test_a_run_that_nobody_wants_stops(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    asked = operator.post(f"{LIVE}/runs/flood", forecast_mmh=[200.0] * 144, cell_m=10)
    began = monotonic_s()
    operator.post(f"{LIVE}/runs/{asked['id']}/cancel", 200)
    assert operator.get(f"{LIVE}/runs/{asked['id']}")["state"] == "cancelled"
    operator.post(f"{LIVE}/runs/{asked['id']}/cancel", 409)
    found = run(operator, forecast_mmh=[30.0])  # the worker is free again
    assert (found["state"], monotonic_s() - began < 60) == ("done", True)
