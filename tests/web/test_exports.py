"""Files out: each format comes back in as it went, says what it is, and holds no persons unless that was asked for."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pyogrio
import pytest
from sqlalchemy import Engine

from tests.conftest import TOWN, Person
from tests.web.test_registers import add

SHELTERS = "/api/registers/shelter/export"


def file(person: Person, path: str, status: int = 200, **params: Any) -> httpx.Response:
    """A file as it is sent."""
    answer = person.client.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer


def name(answer: httpx.Response) -> str:
    """The file's name."""
    return unquote(answer.headers["content-disposition"].split("''")[1])


def upload(person: Person, register: str, answer: httpx.Response) -> dict[str, Any]:
    """Bring a file that was taken out back in, as far as the check."""
    sent = person.client.post("/api/imports", data={"key": register}, files={"file": (name(answer), answer.content)})
    assert sent.status_code == 201, sent.text
    job = sent.json()
    seen = person.get(f"/api/imports/{job['id']}/preview")
    found: dict[str, Any] = person.post(
        f"/api/imports/{job['id']}/check", 200, datum="CGCS2000", mapping=seen["mapping"], layer=seen["layer"]
    )
    return found


@pytest.mark.parametrize("format", ["gpkg", "geojson", "shp", "xlsx", "csv"])
def test_each_format_says_what_it_is_and_comes_back_unchanged(
    people: Callable[[str], Person], format: str, tmp_path: Path
) -> None:
    admin = people("admin")
    answer = file(admin, SHELTERS, format=format)
    assert "DEMO" in name(answer)
    assert "避灾" in name(answer)
    job = upload(admin, "shelter", answer)
    report = job["report"]
    assert (report["rows"], report["good"], report["refused"]) == (4, 4, False), report["findings"]
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 4)

    path = tmp_path / name(answer)
    path.write_bytes(answer.content)
    if format == "gpkg":
        about = pyogrio.read_dataframe(path, layer="说明").set_index("key")["value"]
        assert about["标记 Mark"] == "DEMO"
        assert "2026" in about["数据日期 Data date"] or about["数据日期 Data date"][:2] == "20"
    elif format == "geojson":
        whole = json.loads(answer.content)
        assert whole["metadata"]["标记 Mark"] == "DEMO"
        assert {f["properties"]["mark"] for f in whole["features"]} == {"DEMO"}
    elif format == "shp":
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            sheet = list(csv.reader(io.StringIO(archive.read("字段对照.csv").decode("utf-8-sig"))))
            assert "DEMO" in archive.read("说明.txt").decode("utf-8-sig")
        assert {Path(n).suffix for n in names} >= {".shp", ".dbf", ".shx", ".prj", ".cpg"}
        assert ["effective_", "effective_area_m2", "有效避难面积", "Effective area"] in sheet
        assert all(len(line[0]) <= 10 for line in sheet[1:])
    elif format == "xlsx":
        book = openpyxl.load_workbook(path)
        assert dict(book["说明"].iter_rows(values_only=True))["标记 Mark"] == "DEMO"
    else:
        assert answer.content.startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert {line["标记"] for line in lines} == {"DEMO"}
        assert lines[0]["层级"] == "乡镇级"


def test_a_selection_and_a_drill_are_marked(people: Callable[[str], Person]) -> None:
    admin = people("admin")
    admin.post("/api/worlds", name="drill-out", title="导出演练")
    answer = file(admin, SHELTERS, format="geojson", q="S1", world="drill-out")
    whole = json.loads(answer.content)
    assert [f["properties"]["code"] for f in whole["features"]] == ["S1"]
    assert "演练" in name(answer)
    assert whole["metadata"]["标记 Mark"] == "DEMO 演练"
    assert whole["features"][0]["properties"]["mark"] == "DEMO 演练"
    assert whole["metadata"]["筛选 Filter"] == "“S1”"


def test_a_map_layer_goes_out_in_a_window(people: Callable[[str], Person], tmp_path: Path) -> None:
    answer = file(people("operator"), "/api/layers/roads/export", format="gpkg", box="120.099,30.249,120.101,30.251")
    (tmp_path / "r.gpkg").write_bytes(answer.content)
    roads = pyogrio.read_dataframe(tmp_path / "r.gpkg")
    assert 0 < len(roads) < 15
    assert "N1–N2" in set(roads["name"])
    file(people("operator"), "/api/layers/hillshade/export", 422, format="gpkg")


def test_who_may_not_export_gets_no_file(people: Callable[[str], Person]) -> None:
    file(people("viewer"), SHELTERS, 403, format="csv")
    file(people("viewer"), "/api/layers/roads/export", 403, format="csv")
    file(people("admin"), "/api/registers/post/export", 422, format="shp")


def test_persons_go_out_by_right_and_on_the_record_alone(people: Callable[[str], Person], mini_db: Engine) -> None:
    clerk, reviewer, admin = people("clerk"), people("reviewer"), people("admin")
    person = {"code": "R1", "name": "演示人", "household_code": "H1", "identity": "演示某", "code_kind": "phone"}
    add(clerk, "at_risk_person", admin_code=TOWN, **person)
    path = "/api/registers/at_risk_person/export"
    for who, params in ((clerk, {"persons": True}), (reviewer, {}), (admin, {"persons": True})):
        file(who, path, 403, format="csv", **params)
    answer = file(reviewer, path, format="csv", persons=True)
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["姓名"] for line in lines] == ["演示某"]
    with mini_db.connect() as connection:
        last = connection.exec_driver_sql("select kind, body from live.journal order by seq desc limit 1").one()
    assert last.kind == "RegisterExported"
    assert last.body["facts"]["rows"] == 1
    assert last.body["facts"]["fields"] == ["identity", "id_number", "contact"]
