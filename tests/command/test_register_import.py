"""Scenario C, steps 1 and 2, and what else a file meets on its way into a register."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from command import register_import
from command.register_import import Job
from gis_data import crs, load
from gis_data.demo import prepared
from gis_data.demo.built import frame
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.registers import rows
from gis_data.sources.register_file import Terms
from gis_data.tables import TABLES, Load
from gis_data.world import SYSTEM, Actor

RNG = np.random.default_rng(5)
SPOTS = np.stack([RNG.uniform(120.05, 120.15, 30), RNG.uniform(30.2, 30.3, 30)], axis=-1)
HEAD = ["编码", "名称", "层级", "空间类型", "有效避难面积", "可容纳人数", "经度", "纬度"]
FIELDS = {
    "编码": "code", "名称": "name", "层级": "level", "空间类型": "space", "有效避难面积": "effective_area_m2",
    "可容纳人数": "capacity", "经度": "lon", "纬度": "lat",
}  # fmt: skip


def build_houses(engine: Engine, data: Path) -> Engine:
    """A building at each of the thirty places."""
    metric = np.stack(crs.to_metric("EPSG:4549").transform(*SPOTS.T), axis=-1)
    squares = [shapely.multipolygons([shapely.Point(xy).buffer(8, cap_style="square")]) for xy in metric]
    houses = frame({"kind": ["public"] * 30, "name": None, "height_m": None}, np.array(squares, dtype=object))
    with engine.begin() as connection:
        load.write(connection, prepared("built", "houses", {"building": houses}), actor="tester", data=data)
    return engine


@pytest.fixture
def built(mini_db: Engine, data_dir: Path) -> Engine:
    """XH-MINI with those buildings."""
    return build_houses(mini_db, data_dir)


def scenario() -> list[list[Any]]:
    """Thirty shelters in GCJ-02: rows 5 and 9 swapped, four without capacity, one area in 亩."""
    shifted = crs.cgcs_to_gcj(SPOTS).round(6)
    lines: list[list[Any]] = []
    for i, (lon, lat) in enumerate(shifted.tolist()):
        lon, lat = (lat, lon) if i + 2 in (5, 9) else (lon, lat)
        capacity = None if i in (6, 13, 20, 27) else 100 + i
        area = "1.2亩" if i == 16 else 400.0
        lines.append([f"BX{i:02}", f"演示避灾点{i:02}", "村级", "室内", area, capacity, lon, lat])
    return lines


def workbook(lines: list[list[Any]], head: list[str] = HEAD) -> io.BytesIO:
    """A sheet with these lines."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in [head, *lines]:
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def start(engine: Engine, data: Path, lines: list[list[Any]], head: list[str] = HEAD) -> Job:
    """An upload of such a sheet."""
    return register_import.start(engine, SYSTEM, "shelter", "避灾点.xlsx", workbook(lines, head), data)


def check(engine: Engine, data: Path, job: Job, **terms: Any) -> Job:
    """Check an upload, in GCJ-02 unless said otherwise."""
    return register_import.check(engine, SYSTEM, job.id, Terms(**{"datum": "GCJ-02", "mapping": FIELDS} | terms), data)


def report(job: Job) -> dict[str, Any]:
    """The job's report."""
    assert job.report is not None
    return job.report


def stored(engine: Engine, *names: str) -> dict[str, Any]:
    """Shelters in force by code: these columns."""
    table = TABLES["shelter"]
    with engine.connect() as connection:
        found = connection.execute(select(table).where(table.c.valid_to.is_(None), table.c.code.startswith("BX")))
        return {row.code: tuple(getattr(row, name) for name in names) for row in found}


def test_scenario_c_the_shelter_sheet(built: Engine, data_dir: Path) -> None:
    job = start(built, data_dir, scenario())
    seen = register_import.preview(built, SYSTEM, job.id, None, data_dir)
    assert (seen.mapping, seen.known, seen.rows) == (FIELDS, False, 30)
    with pytest.raises(Invalid, match="state one of"):
        check(built, data_dir, job, datum="")

    job = check(built, data_dir, job)
    found = report(job)
    assert (job.state, found["rows"], found["good"], found["new"]) == ("checked", 30, 27, 27)
    assert [(f["row"], f["field"], f["level"]) for f in found["findings"]] == [
        (5, "geom", "error"), (9, "geom", "error"), (18, "effective_area_m2", "question"),
    ]  # fmt: skip
    assert "经纬度似乎颠倒了" in found["findings"][0]["zh"]
    assert found["findings"][2]["suggestion"] == "800"
    assert (found["suspected"], found["compared"]) == (None, "CGCS2000")

    job = check(built, data_dir, job, answers={"18:effective_area_m2": "accept"})
    assert report(job)["good"] == 28
    done = register_import.confirm(built, SYSTEM, job.id, "演示导入", data_dir)
    assert (done.state, report(done)["new"]) == ("confirmed", 28)
    kept = stored(built, "effective_area_m2", "capacity", "source_row", "load_id")
    assert kept["BX16"][:3] == (800.0, 116, "行 18")
    assert [code for code, row in kept.items() if row[1] is None] == ["BX06", "BX13", "BX20", "BX27"]
    on = "select count(*) from gis.shelter s join gis.building b on st_contains(b.geom, s.geom) where s.code like 'BX%'"
    with built.connect() as connection:
        assert connection.scalar(text(on)) == 28
        assert connection.execute(select(Load.source, Load.datum).where(Load.kind == "shelter")).one() == (
            "避灾点.xlsx",
            "GCJ-02",
        )
    assert {row[3] for row in kept.values()} == {done.load_id}


def test_the_picture_shows_both_readings_and_the_wrong_datum_is_refused(built: Engine, data_dir: Path) -> None:
    job = check(built, data_dir, start(built, data_dir, scenario()), datum="WGS-84")
    found = report(job)
    assert (job.state, found["refused"], found["suspected"]) == ("refused", True, "GCJ-02")
    near = next(f for f in found["figures"] if "建筑" in f["zh"])
    assert near["values"]["WGS-84"] < 20
    assert near["values"]["GCJ-02"] > 90
    picture = register_import.laid(built, SYSTEM, job.id, "evidence.svg", data_dir).read_text(encoding="utf-8")
    assert all(words in picture for words in ("所述：WGS-84", "对照：GCJ-02", "<circle", "M"))
    with pytest.raises(Conflict):
        register_import.confirm(built, SYSTEM, job.id, "", data_dir)
    assert check(built, data_dir, job, datum="WGS-84", keep_datum=True).state == "checked"
    assert check(built, data_dir, job).state == "checked"


def test_a_swapped_file_is_refused_as_a_whole(mini_db: Engine, data_dir: Path) -> None:
    lines = [[*line[:6], line[7], line[6]] for line in scenario()]
    job = check(mini_db, data_dir, start(mini_db, data_dir, lines))
    assert (job.state, report(job)["suspected"]) == ("refused", "swapped")
    names = FIELDS | {"经度": "lat", "纬度": "lon"}
    assert check(mini_db, data_dir, job, mapping=names).state == "checked"


def test_rejects_are_corrected_and_loaded_again_under_the_kept_mapping(built: Engine, data_dir: Path) -> None:
    head = ["编号A", *HEAD[1:]]
    names = {"编号A": "code"} | {c: f for c, f in FIELDS.items() if c != "编码"}
    job = check(built, data_dir, start(built, data_dir, scenario(), head), mapping=names)
    register_import.confirm(built, SYSTEM, job.id, "", data_dir)
    path = register_import.laid(built, SYSTEM, job.id, "rejects.csv", data_dir)
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert lines[0] == [*head, "原因", "reason", "原行号"]
    assert [line[-1] for line in lines[1:]] == ["5", "9", "18"]
    assert "颠倒" in lines[1][-3]
    for line in lines[1:3]:
        line[6], line[7] = line[7], line[6]
    lines[3][4] = "800"
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    again = register_import.start(
        built, SYSTEM, "shelter", "rejects.csv", io.BytesIO(out.getvalue().encode()), data_dir
    )
    seen = register_import.preview(built, SYSTEM, again.id, None, data_dir)
    assert (seen.known, seen.mapping) == (True, names)
    again = check(built, data_dir, again, mapping=names)
    assert (report(again)["good"], report(again)["new"]) == (3, 3)
    register_import.confirm(built, SYSTEM, again.id, "", data_dir)
    assert len(stored(built, "code")) == 30


def test_twice_is_once_and_a_changed_row_keeps_its_history(mini_db: Engine, data_dir: Path) -> None:
    lines = scenario()[10:13]
    first = check(mini_db, data_dir, start(mini_db, data_dir, lines))
    confirmed = register_import.confirm(mini_db, SYSTEM, first.id, "", data_dir)
    with Session(mini_db) as session:
        entries = [e.kind for e in session.execute(text("select kind from live.journal")).all()]
    assert register_import.confirm(mini_db, SYSTEM, first.id, "", data_dir).load_id == confirmed.load_id
    with Session(mini_db) as session:
        assert [e.kind for e in session.execute(text("select kind from live.journal")).all()] == entries
    assert entries[-1] == "RegisterLoaded"
    lines[1][1] = "演示改名"
    second = report(check(mini_db, data_dir, start(mini_db, data_dir, lines)))
    assert (second["new"], second["changed"], second["unchanged"], second["closed"]) == (0, 1, 2, 0)
    job = check(mini_db, data_dir, start(mini_db, data_dir, lines[1:]), replace=True)
    assert (report(job)["changed"], report(job)["closed"]) == (1, 5)  # four of XH-MINI, and the one left out
    register_import.confirm(mini_db, SYSTEM, job.id, "换表", data_dir)
    assert stored(mini_db, "name", "version") == {"BX11": ("演示改名", 2), "BX12": ("演示避灾点12", 1)}
    with Session(mini_db) as session:
        row = rows.listing(session, "shelter", rows.Filter(q="BX11"), limit=1, offset=0)[1][0]
        change = rows.history(session, "shelter", row["id"])[0]
    assert (change["action"], change["reason"], change["source"]) == ("load", "换表", "避灾点.xlsx")
    assert {"field": "name", "before": "演示避灾点11", "after": "演示改名"} in change["changes"]


def test_a_geopackage_of_polygons_keeps_line_and_demo_mark(mini_db: Engine, data_dir: Path, tmp_path: Path) -> None:
    zone = shapely.box(120.1, 30.25, 120.101, 30.251)
    bow = shapely.Polygon([(120.1, 30.2), (120.11, 30.21), (120.11, 30.2), (120.1, 30.21)])
    values = {
        "编码": ["Z1", "Z2"],
        "名称": ["演示区一", "演示区二"],
        "类别": "重点",
        "风险等级": "高",
        "灾害类型": "滑坡",
    }
    gpd.GeoDataFrame(values, geometry=[zone, bow], crs=4490).to_crs(4549).to_file(tmp_path / "z.gpkg", engine="pyogrio")
    with (tmp_path / "z.gpkg").open("rb") as file:
        job = register_import.start(mini_db, SYSTEM, "geohazard_zone", "z.gpkg", file, data_dir)
    seen = register_import.preview(mini_db, SYSTEM, job.id, None, data_dir)
    assert (seen.crs, set(seen.mapping.values())) == ("EPSG:4549", {"code", "name", "kind", "risk", "hazard_kind"})
    with pytest.raises(Invalid, match="EPSG:4528"):
        register_import.check(mini_db, SYSTEM, job.id, Terms("EPSG:4528", seen.mapping), data_dir)
    job = register_import.check(mini_db, SYSTEM, job.id, Terms("CGCS2000", seen.mapping, demo=True), data_dir)
    assert [(f["row"], f["field"]) for f in report(job)["findings"]] == [(2, "geom")]
    assert "自相交" in report(job)["findings"][0]["zh"]
    register_import.confirm(mini_db, SYSTEM, job.id, "", data_dir)
    query = (
        "select source_row, is_demo, st_area(cast(geom as geography)), st_geometrytype(geom) from gis.geohazard_zone"
    )
    with mini_db.connect() as connection:
        source_row, is_demo, area, kind = connection.execute(text(query)).one()
    assert (source_row, is_demo, kind) == ("fid 1", True, "ST_MultiPolygon")
    assert area == pytest.approx(gpd.GeoSeries([zone], crs=4490).to_crs(4549).area.iloc[0], rel=0.001)
    rejects = register_import.laid(mini_db, SYSTEM, job.id, "rejects.csv", data_dir).read_text(encoding="utf-8-sig")
    assert "MULTIPOLYGON" in rejects or "POLYGON" in rejects


def test_teams_come_to_the_board_and_others_may_not_load(mini_db: Engine, data_dir: Path) -> None:
    head = "code,name,kind,hazards,members,muster_s,vehicle,lon,lat"
    sheet = f"{head}\nT9,演示九队,综合应急抢险,flood;other,12,300,car,120.1,30.25\n"
    for who in (Actor("eve", "值班员", "operator"), Actor("bob", "联络员", "viewer")):
        with pytest.raises(Denied):
            register_import.start(mini_db, who, "team", "t.csv", io.BytesIO(sheet.encode()), data_dir)
    job = register_import.start(mini_db, SYSTEM, "team", "t.csv", io.BytesIO(sheet.encode()), data_dir)
    names = register_import.preview(mini_db, SYSTEM, job.id, None, data_dir).mapping
    register_import.check(mini_db, SYSTEM, job.id, Terms("CGCS2000", names), data_dir)
    register_import.confirm(mini_db, SYSTEM, job.id, "", data_dir)
    with mini_db.connect() as connection:
        body = connection.scalar(text("select cast(body as text) from live.journal order by seq desc limit 1"))
    assert body is not None
    assert "演示九队" in body


def test_an_import_can_be_given_up_and_broken_uploads_are_refused(mini_db: Engine, data_dir: Path) -> None:
    job = start(mini_db, data_dir, scenario())
    register_import.drop(mini_db, SYSTEM, job.id, data_dir)
    with pytest.raises(NotFound):
        register_import.get(mini_db, SYSTEM, job.id)
    for name, content in (("a.exe", b"x"), ("a.xlsx", b"broken"), ("a.csv", b"")):
        with pytest.raises(Invalid):
            register_import.start(mini_db, SYSTEM, "shelter", name, io.BytesIO(content), data_dir)
    assert register_import.jobs(mini_db, SYSTEM) == []
