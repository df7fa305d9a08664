"""The one check of register rows: what is taken, what is asked about, what is refused, and in which words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from gis_data.registers import REGISTERS
from gis_data.registers.check import Checked, check
from gis_data.registers.units import Units

BOX = (119.9, 30.0, 120.25, 30.45)
WEST, EAST = shapely.box(120.0, 30.1, 120.1, 30.3), shapely.box(120.1, 30.1, 120.2, 30.3)
UNITS = Units(
    ("330106001", "330106002", "330106002003"),
    ("西镇", "东镇", "东三村"),
    np.array([WEST, EAST, shapely.box(120.15, 30.1, 120.2, 30.3)], dtype=object),
)
SHELTER: dict[str, Any] = {"code": "S1", "name": "演示点", "level": "village", "space": "室内"}


def look(key: str, *rows: dict[str, Any], geoms: Any = shapely.Point(120.05, 30.2), **more: Any) -> Checked:
    """Check rows of a register that all stand at one place, or at those given."""
    places = np.array(geoms if isinstance(geoms, list) else [geoms] * len(rows), dtype=object)
    raw = pd.DataFrame(list(rows), index=range(2, 2 + len(rows)))
    return check(REGISTERS[key], raw, places, **{"units": UNITS, "box": BOX} | more)


def shelter(field: str, value: Any, **more: Any) -> tuple[Any, list[tuple[str, str, str | None]]]:
    """The value as stored and what was found, for one field of one shelter."""
    checked = look("shelter", SHELTER | {field: value}, **more)
    found = [(f.field, f.level, f.suggestion) for f in checked.findings]
    assert checked.ok[0] == all(level in ("warning", "accepted") for _, level, _ in found)
    return checked.frame[field].iloc[0], found


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        ("code", 330106002.0, "330106002"),
        ("name", "\u3000演示点 ", "演示点"),
        ("capacity", "120", 120), ("capacity", 120.0, 120),
        ("effective_area_m2", "1.5e3", 1500.0),
        ("level", "乡镇级", "town"), ("level", "Town", "town"), ("level", "town", "town"),
        ("hazards", "洪涝；台风", None),
        ("accepted", "是", True), ("accepted", "×", False), ("accepted", True, True),
        ("appraised_at", "2024年5月1日", dt.date(2024, 5, 1)), ("appraised_at", "2024/05/01", dt.date(2024, 5, 1)),
        ("appraised_at", dt.datetime(2024, 5, 1, tzinfo=dt.UTC), dt.date(2024, 5, 1)),
        ("appraised_at", 20240501, dt.date(2024, 5, 1)),
    ],
)  # fmt: skip
def test_plain_values_are_taken(field: str, given: Any, stored: Any) -> None:
    if field == "hazards":
        words = REGISTERS["shelter"].field("hazards")
        assert words is not None
        given, stored = "；".join(zh for _, zh, _ in words.choices[:2]), [code for code, *_ in words.choices[:2]]
    value, found = shelter(field, given)
    assert (value, found) == (stored, [])


@pytest.mark.parametrize(
    ("field", "given", "accepted"),
    [
        ("effective_area_m2", "1.2亩", 800.0),
        ("effective_area_m2", "0.08公顷", 800.0),
        ("effective_area_m2", "800㎡", 800.0),
        ("effective_area_m2", "约800平方米", 800.0),
        ("effective_area_m2", "１２００", 1200.0),
        ("effective_area_m2", "1,200", 1200.0),
        ("capacity", "1.2万人", 12000),
        ("capacity", "120人左右", 120),
        ("capacity", "/", None),
        ("appraised_at", "45413", dt.date(2024, 5, 1)),
        ("level", "ｔｏｗｎ", "town"),
        ("name", "演示１号", "演示1号"),
        ("phone", "０５７１-1234", "0571-1234"),
    ],
)
def test_what_would_be_changed_is_asked_about_and_never_converted(field: str, given: str, accepted: Any) -> None:
    value, found = shelter(field, given)
    assert value is None or value is pd.NA or value != value
    assert [(f, level) for f, level, _ in found] [:1] == [(field, "question")]  # fmt: skip
    assert shelter(field, given, answers={(2, "other"): "accept", (3, field): "accept"})[1] == found
    for answers in ({(2, field): "accept"}, {field: "accept"}):
        value, found = shelter(field, given, answers=answers)
        assert found[0][1] == "accepted"
        assert value == accepted or (accepted is None and value is pd.NA)


def test_money_is_counted_in_the_fields_unit() -> None:
    row = {"code": "D1", "name": "演示库", "level": "district"}
    for given, stored in (("35000元", 3.5), ("3.5万元", 3.5), ("3.5万", 3.5), ("0.5亿元", 5000.0)):
        checked = look("supply_depot", row | {"living_wan": given}, answers={"living_wan": "accept"})
        assert checked.frame["living_wan"].iloc[0] == stored
        assert checked.findings[0].level == "accepted"


def test_a_text_may_stay_as_it_is_written() -> None:
    assert shelter("name", "演示１号", answers={"name": "keep"}) == ("演示１号", [])


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("code", None, "编码 必填"),
        ("capacity", "十二", "不是数字"), ("capacity", "12.5", "整数"), ("capacity", 12.5, "整数"),
        ("capacity", "0", "小于 1人"), ("capacity", "3e9", "大于"), ("capacity", "inf", "不是数字"),
        ("effective_area_m2", "3km", "单位 km"),
        ("level", "县城", "不在选项中: 省级"),
        ("appraised_at", "2024-02-30", "不是日期"), ("appraised_at", "2024", "不是日期"),
        ("accepted", "maybe", "应为 是 或 否"),
        ("phone", "打村委", "格式不符"),
        ("note", "a\x00b", "控制字符"),
        ("admin_code", "12", "格式不符"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_its_reason(field: str, given: Any, said: str) -> None:
    checked = look("shelter", SHELTER | {field: given})
    assert not checked.ok[0]
    assert said in next(f.zh for f in checked.findings if f.field == field)
    assert {(f.row, f.level) for f in checked.findings} == {(2, "error")}


def test_a_question_blocks_its_row_alone_and_an_unknown_stays_unknown() -> None:
    checked = look("shelter", SHELTER | {"capacity": ""}, SHELTER | {"code": "S2", "effective_area_m2": "1.2亩"})
    assert checked.ok.tolist() == [True, False]
    assert checked.frame["capacity"].isna().all()


def test_a_required_column_that_is_absent_is_said_once() -> None:
    checked = look("shelter", {"code": "S1", "name": "一"}, {"code": "S2", "name": "二"})
    assert [(f.row, f.field) for f in checked.findings] == [(None, "level"), (None, "space")]
    assert not checked.ok.any()


def test_a_code_stands_once_in_a_file() -> None:
    checked = look("shelter", SHELTER, SHELTER, SHELTER | {"code": "S0"}, seen={"S0"})
    assert [(f.row, f.field) for f in checked.findings] == [(3, "code"), (4, "code")]


def test_places_lie_in_the_unit_of_their_code() -> None:
    at = [shapely.Point(120.05, 30.2)] * 4 + [shapely.Point(120.17, 30.2)] * 2
    given = [None, "330106001004", "330106002", "330106009", "330106001", None]
    checked = look("shelter", *(SHELTER | {"code": f"S{i}", "admin_code": c} for i, c in enumerate(given)), geoms=at)
    assert checked.ok.tolist() == [True, True, False, False, False, True]
    assert checked.frame["admin_code"].iloc[[0, 5]].tolist() == ["330106001", "330106002003"]
    assert [f.zh for f in checked.findings] == [
        "不在 东镇 (330106002) 内, 而在 西镇 (330106001) 内",
        "没有代码为 330106009 的区划, 而在 西镇 (330106001) 内",
        "不在 西镇 (330106001) 内, 而在 东三村 (330106002003) 内",
    ]
    assert look("shelter", SHELTER | {"admin_code": "330106009"}, units=Units()).ok.all()


def test_a_line_need_only_touch_its_unit() -> None:
    line = shapely.LineString([(120.02, 30.2), (120.18, 30.2)])
    rows = [
        {"code": f"U{i}", "name": "演示河", "admin_code": c, "grade": "x"}
        for i, c in enumerate(("330106001", "330106002"))
    ]
    found = look("river_reach", *rows, geoms=line).findings
    assert [f for f in found if f.field == "admin_code"] == []


@pytest.mark.parametrize(
    ("key", "geom", "said"),
    [
        ("shelter", None, "没有坐标"),
        ("shelter", shapely.Point(), "没有坐标"),
        ("shelter", shapely.Point(30.2, 120.05), "经纬度似乎颠倒了"),
        ("shelter", WEST, "应为点, 实为 Polygon"),
        ("shelter", shapely.MultiPoint([(120.05, 30.2), (120.06, 30.2)]), "应为一个点, 实有 2 个"),
        ("geohazard_zone", shapely.Point(120.05, 30.2), "应为面"),
        (
            "geohazard_zone",
            shapely.Polygon([(120.0, 30.2), (120.1, 30.3), (120.1, 30.2), (120.0, 30.3)]),
            "图形无效: 自相交, 位于 (120.05, 30.25)",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_refused(key: str, geom: Any, said: str) -> None:
    checked = look(key, SHELTER, geoms=[geom])
    assert not checked.ok[0]
    assert said in next(f.zh for f in checked.findings if f.field == "geom")
    assert checked.frame["geom"].iloc[0] is None


def test_shapes_are_promoted_and_flattened() -> None:
    zone = look("geohazard_zone", SHELTER, geoms=[shapely.force_3d(WEST, 5.0)]).frame["geom"].iloc[0]
    assert zone.equals_exact(shapely.MultiPolygon([WEST]))
    assert not zone.has_z
    one = look("shelter", SHELTER, geoms=[shapely.MultiPoint([(120.05, 30.2)])]).frame["geom"].iloc[0]
    assert one == shapely.Point(120.05, 30.2)


def test_a_reference_to_what_is_not_there_yet_is_a_warning() -> None:
    rows = [
        {"code": "O1", "name": "演示局", "kind": "bureau", "parent_code": "O2"},
        {"code": "O2", "name": "演示部", "kind": "bureau", "parent_code": "O9"},
    ]
    checked = look("organization", *rows, geoms=None, codes=lambda key: {"organization": {"O0"}}[key])
    assert checked.ok.all()
    assert [(f.row, f.field, f.level) for f in checked.findings] == [(3, "parent_code", "warning")]


def test_ten_thousand_odd_rows_are_each_told() -> None:
    rows = [SHELTER | {"code": f"S{i}", "effective_area_m2": f"{i + 1}亩"} for i in range(10_000)]
    checked = look("shelter", *rows)
    assert not checked.ok.any()
    assert checked.findings[9_999].suggestion == "6666666.66667"
