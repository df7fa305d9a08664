"""Teams and shelters from a sheet: what is taken, what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_data.errors import Invalid
from gis_data.sources import sheet
from gis_data.sources.prepared import Prepared, Region

XIHU = Region("xihu", "EPSG:4549", (119.9, 30.0, 120.25, 30.45))
HEAD = "code,name,kind,hazards,members,muster_s,vehicle,lon,lat"
GOOD = "T1,演示一队,防汛抢险,flood；other,12,300,pump_truck,120.1,30.25"


def _read(
    tmp_path: Path, *lines: str, kind: str = "teams", datum: str = "CGCS2000", encoding: str = "utf-8"
) -> Prepared:
    path = tmp_path / "sheet.csv"
    path.write_text("\n".join(lines), encoding=encoding)
    return sheet.prepare(kind, path, XIHU, datum=datum, progress=lambda _: None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_good_sheet_is_taken_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    prepared = _read(tmp_path, HEAD, GOOD, encoding=encoding)
    team = prepared.frames["team"].iloc[0]
    assert (team["name"], team["hazards"], team["muster_s"]) == ("演示一队", ["flood", "other"], 300.0)
    assert prepared.rejects == ()


def test_gcj_points_are_converted(tmp_path: Path) -> None:
    shifted = GOOD.replace("120.1,30.25", "120.13476,30.25771")
    point = _read(tmp_path, HEAD, shifted, datum="GCJ-02").frames["team"].geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((120.13, 30.26), abs=2e-5)


def test_bad_rows_are_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    prepared = _read(
        tmp_path,
        HEAD,
        GOOD,
        GOOD.replace("T1", "T2").replace("120.1,30.25", "30.25,120.1"),
        GOOD.replace("T1", "T3").replace("12,", "十二,"),
        GOOD.replace("T1", "T4").replace("flood；other", "flod"),
        GOOD,
    )
    assert list(prepared.frames["team"]["code"]) == ["T1"]
    assert [(r.row, r.field) for r in prepared.rejects] == [
        ("3", "lon"), ("4", "members"), ("5", "hazards"), ("6", "code"),
    ]  # fmt: skip
    assert "颠倒" in prepared.rejects[0].zh
    assert "十二" in prepared.rejects[1].zh


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((HEAD.replace(",muster_s", ""), GOOD), "缺少列 muster_s"),
        ((HEAD,), "没有数据行"),
        ((HEAD, GOOD.replace("120.1,30.25", "7.42,43.73")), "第 2 行"),
    ],
)
def test_a_sheet_with_nothing_to_take_is_refused(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        _read(tmp_path, *lines)
    assert said in refused.value.zh


def test_an_unknown_capacity_stays_unknown(tmp_path: Path) -> None:
    head = "code,name,level,space,capacity,capacity_source,lon,lat"
    prepared = _read(tmp_path, head, "S1,演示点,village,indoor,,,120.1,30.2", kind="shelters")
    assert prepared.frames["shelter"].iloc[0]["capacity"] is None
