"""Files of rows in every format: what is read, from which line, in which encoding, under which field."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from gis_data.errors import Invalid
from gis_data.registers import REGISTERS
from gis_data.sources import mapping, placing
from gis_data.sources.table_file import Batch, layers, open_table

SHELTER = REGISTERS["shelter"]
WORDS = mapping.words(SHELTER)
POINTS = gpd.GeoDataFrame(
    {"编码": ["S1", "S2"], "避灾安置场所名称": ["演示一场所", "演示二场所"], "可容纳人数": [10, None]},
    geometry=[shapely.Point(120.1, 30.2), shapely.Point(120.11, 30.21)],
    crs=4490,
)


def rows(path: Path, layer: str | None = None) -> list[tuple[int, dict[str, object]]]:
    """All rows of a file under their numbers, read in batches of one."""
    found = [b.frame for b in open_table(path, layer, WORDS).batches(1)]
    return [(int(i), dict(row)) for frame in found for i, row in frame.iterrows()]


def sheet(path: Path, *lines: list[object], merges: tuple[str, ...] = ()) -> Path:
    """A workbook with these rows and merged cells."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in lines:
        page.append(line)
    for cells in merges:
        page.merge_cells(cells)
    book.save(path)
    return path


@pytest.mark.filterwarnings("ignore")  # GDAL says that it cuts field names short
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("says", [True, False])
def test_shapefiles_in_both_encodings_with_names_cut_short(
    tmp_path: Path, encoding: str, says: bool, zipped: bool
) -> None:
    folder = tmp_path / "避灾点"
    folder.mkdir()
    POINTS.to_file(folder / "场所.shp", encoding=encoding, engine="pyogrio")
    if not says:
        (folder / "场所.cpg").unlink()
    path = tmp_path / "避灾点.zip" if zipped else folder
    if zipped:
        with zipfile.ZipFile(path, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, part.name)
    table = open_table(path)
    cut = "避灾安置场" if encoding == "GBK" else "避灾安"
    assert table.columns == ("编码", cut, "可容纳人数" if encoding == "GBK" else "可容纳")
    assert (table.crs, table.rows) == ("EPSG:4490", 2)
    assert [row[cut] for _, row in rows(path)] == ["演示一场所", "演示二场所"]
    first = next(table.batches(9))
    assert first.shapes is not None
    assert first.shapes[1] == shapely.Point(120.11, 30.21)
    names = mapping.read_sheet(sheet(tmp_path / "m.xlsx", ["列", "字段"], [cut, "名称"]), SHELTER)
    assert mapping.suggest(SHELTER, table.columns, names) == {"编码": "code", cut: "name", table.columns[2]: "capacity"}


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.kml", "a.gml"])
def test_map_files_keep_places_and_numbers(tmp_path: Path, name: str) -> None:
    driver = {"driver": "LIBKML"} if name.endswith("kml") else {}
    POINTS.rename(columns={"避灾安置场所名称": "Name"}).to_crs(4326).to_file(
        tmp_path / name, engine="pyogrio", **driver
    )
    table = open_table(tmp_path / name)
    assert (table.rows, table.crs, table.has_shapes) == (2, "EPSG:4326", True)
    assert [i for i, _ in rows(tmp_path / name)] == [1, 2]
    assert [row["Name"] for _, row in rows(tmp_path / name)] == ["演示一场所", "演示二场所"]
    batch = next(table.batches(5))
    assert batch.shapes is not None
    assert np.allclose(shapely.get_coordinates(batch.shapes), [(120.1, 30.2), (120.11, 30.21)])
    assert {"Name", "编码"} <= mapping.suggest(SHELTER, table.columns).keys()


def test_layers_are_named_and_an_unknown_one_refused(tmp_path: Path) -> None:
    for layer in ("点", "另一层"):
        POINTS.to_file(tmp_path / "a.gpkg", layer=layer, engine="pyogrio")
    assert layers(tmp_path / "a.gpkg") == ("点", "另一层")
    assert open_table(tmp_path / "a.gpkg", "另一层").rows == 2
    with pytest.raises(Invalid, match="no layer 第三层 but 点, 另一层"):
        open_table(tmp_path / "a.gpkg", "第三层")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_each_encoding_keeps_its_line_numbers(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = ["编码,名称,备注", 'S1,演示一,"两,', '行"', "", "S2,演示二,"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(line.replace(",", separator) for line in lines), encoding=encoding)
    assert rows(path) == [
        (2, {"编码": "S1", "名称": "演示一", "备注": f"两{separator}\n行"}),
        (5, {"编码": "S2", "名称": "演示二", "备注": ""}),
    ]


def test_a_workbook_with_a_title_a_deep_head_and_merged_cells(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["西湖区避灾安置场所一览表(演示)"],
        ["编码", "场所名称", "所在镇街", "坐标", None],
        [None, None, None, "经度", "纬度"],
        ["一、演示东片", None, None, None, None],
        ["S1", "演示一", "演示镇", 120.1, 30.2],
        ["S2", "演示二", None, 120.11, 30.21],
        [None] * 5,
        [330106003.0, "演示三", "演示乡", 120.12, 30.22],
        merges=("A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "A4:E4", "C5:C6"),
    )
    table = open_table(path, words=WORDS)
    assert table.columns == ("编码", "场所名称", "所在镇街", "经度", "纬度")
    assert [(i, row["所在镇街"]) for i, row in rows(path)] == [(5, "演示镇"), (6, "演示镇"), (8, "演示乡")]
    assert [zh for zh, _ in table.notes] == ["第 4 行是分组标题, 未作为数据"]
    assert mapping.suggest(SHELTER, table.columns) == {"编码": "code", "场所名称": "name", "经度": "lon", "纬度": "lat"}


def test_x_and_y_are_never_guessed() -> None:
    assert mapping.suggest(SHELTER, ["编码", "名称", "X", "Y", "X坐标", "Y坐标"]) == {"编码": "code", "名称": "name"}


def test_cut_names_that_fit_two_fields_are_left_to_a_person() -> None:
    zone = REGISTERS["geohazard_zone"]
    assert mapping.suggest(zone, ["threatened", "escape_rou"]) == {"escape_rou": "escape_route"}


def test_a_unit_in_the_head_is_kept_with_each_value() -> None:
    frame = pd.DataFrame({"有效避难面积(亩)": ["1.2", 3, None], "建筑面积(平方米)": ["800", 1, 2]})
    names = mapping.suggest(SHELTER, frame.columns)
    assert names == {"有效避难面积(亩)": "effective_area_m2", "建筑面积(平方米)": "building_area_m2"}
    found = mapping.mapped(SHELTER, frame, names)
    assert found["effective_area_m2"].tolist()[:2] == ["1.2亩", "3亩"]
    assert found["building_area_m2"].tolist() == ["800", 1, 2]


@pytest.mark.parametrize(
    ("names", "said"),
    [({"A": "name", "B": "name"}, "两列"), ({"C": "name"}, "没有列 C"), ({"A": "wings"}, "没有字段 wings")],
)
def test_a_mapping_that_cannot_be_is_refused(names: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        mapping.checked(SHELTER, ["A", "B"], names)
    assert said in refused.value.zh


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"code,name\n", "没有数据行"), ("a.xlsx", b"no workbook", "无法读取"), ("a.gpkg", b"no", "无法读取"),
        ("a.zip", b"no", "无法读取"), ("a.dwg", b"", "不支持的文件类型 .dwg"),
        ("a.csv", b"\xff\xfe\xfd,\x81\n\x81", "无法读取"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_so(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid) as refused:
        open_table(tmp_path / name)
    assert said in refused.value.zh


def test_the_handbooks_test_point_comes_and_goes_in_every_datum() -> None:
    given = {
        "CGCS2000": (120.13, 30.26), "WGS-84": (120.13, 30.26), "GCJ-02": (120.13476, 30.25771),
        "EPSG:4549": (512510.396, 3348942.756), "EPSG:4528": (40512510.396, 3348942.756),
    }  # fmt: skip
    for datum, xy in given.items():
        at = placing.converter(datum, None)(np.array([xy]))[0]
        assert np.hypot(*((at - (120.13, 30.26)) * (96_000, 111_000))) < 1, datum


@pytest.mark.parametrize(
    ("datum", "own", "said"),
    [
        ("", None, "无法识别"),
        ("EPSG:4549", "EPSG:4528", "不符"),
        ("GCJ-02", "EPSG:4549", "不能是 GCJ-02"),
        ("CGCS2000", "EPSG:4610", "请按它说明"),
    ],
)
def test_a_datum_that_the_file_contradicts_is_refused(datum: str, own: str | None, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        placing.converter(datum, own)
    assert said in refused.value.zh


def test_degrees_and_minutes_are_asked_about() -> None:
    frame = pd.DataFrame({"经度": ["120°07′48″", "120.13", "东经"], "纬度": ["30°15'36\"", "３０.２６", "30.26"]})
    names = {"经度": "lon", "纬度": "lat"}
    shapes, findings = placing.shapes_in_file(Batch(frame), names, {})
    assert shapes is not None
    assert [shape is None for shape in shapes] == [True, True, True]
    assert [(f.row, f.field, f.level) for f in findings] == [
        (0, "lon", "question"), (2, "lon", "error"), (0, "lat", "question"), (1, "lat", "question"),
    ]  # fmt: skip
    shapes, _ = placing.shapes_in_file(Batch(frame), names, {"lon": "accept", "lat": "accept"})
    assert shapes is not None
    assert np.allclose(shapely.get_coordinates(shapes[:2]), [(120.13, 30.26)] * 2)


def test_the_area_of_a_square_in_4549_is_kept() -> None:
    square = shapely.box(512_000, 3_348_000, 512_100, 3_348_100)
    there = placing.placed(np.array([square], dtype=object), placing.converter("EPSG:4549", "EPSG:4549"))
    back = gpd.GeoSeries(there, crs=4490).to_crs(4549)
    assert back.area.iloc[0] == pytest.approx(10_000, rel=0.001)
