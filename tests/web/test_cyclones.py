"""Typhoon tracks over HTTP: typed, as a file with a bad row named, by a source's key; what comes later counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from command import sources
from gis_data.demo import typhoon
from gis_data.world import SYSTEM
from tests.conftest import Person

LIVE = "/api/worlds/live"
HEAD = "编号,名称,发布机构,类型,时间,预报时效,经度,纬度,最大风速,中心气压,7级东北,7级东南,7级西南,7级西北,误差半径\n"
AGENCY = "走查台"


def typed(lon: float, at: datetime, **more: object) -> dict[str, object]:
    fix = {"at": at.isoformat(), "lon": lon, "lat": 30.25, "wind_ms": 35.0}
    return {"number": "2609", "agency": AGENCY, "name_zh": "走查", "fix": fix | more}


def test_an_issue_is_taken_once_and_a_later_one_supersedes(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    now = datetime.now(UTC).replace(microsecond=0)
    body = typed(123.0, now - timedelta(hours=6), radii={"7": [300, 300, 300, 300]})
    ahead = [{"lead_h": 24, "lon": 121.0, "lat": 30.25, "radius_km": 90}]
    first = operator.post(f"{LIVE}/cyclones", **body, forecast=ahead)
    assert operator.post(f"{LIVE}/cyclones", 200, **body, forecast=ahead)["id"] == first["id"]
    assert (first["observed"][0]["grade"], [one["kind"] for one in first["shapes"]]) == ("TY", ["circle", "cone"])
    seq = operator.get(f"{LIVE}/board")["seq"]
    assert first["approach"]["nearest_km"] < first["approach"]["now_km"]
    assert first["approach"]["arrives"]["7"] is not None
    second = operator.post(f"{LIVE}/cyclones", **typed(122.5, now, radii={"7": [1, 1, 1, 1]}))
    assert (len(second["observed"]), len(second["forecast"])) == (2, 1)
    assert second["approach"]["now_km"] < first["approach"]["now_km"]
    again = operator.post(f"{LIVE}/cyclones", **typed(122.4, now))
    assert again["observed"][1]["lon"] == 122.4
    kept = operator.get(f"{LIVE}/cyclones/{first['id']}/issues")
    assert [(one["revision"], one["fix"]["lon"]) for one in kept] == [(2, 122.4), (1, 122.5), (1, 123.0)]
    board = operator.get(f"{LIVE}/board")
    assert (board["cyclones"][first["id"]]["last_at"], board["seq"]) == (again["last_at"], seq + 2)
    operator.post(f"{LIVE}/cyclones/{first['id']}/end", 422, reason=" ")
    operator.post(f"{LIVE}/cyclones/{first['id']}/end", 200, reason="登陆后减弱")
    assert operator.get(f"{LIVE}/board")["cyclones"] == {}


SEEN = "2609,走查,台,实况,2026-08-01 08:00,,125,27,,,,,,,\n"


@pytest.mark.parametrize(
    ("rows", "row", "field"),
    [
        (SEEN + "2609,走查,台,预报,2026-08-01 08:00,24,x,28,,,,,,,90\n", 2, "lon"),
        ("2609,走查,台,实况,2026-08-01 08:00,,125,127,,,,,,,\n", 1, "lat"),
        (SEEN + "2609,走查,台,预报,2026-08-02 08:00,24,124,28,,,,,,,\n", 2, "at"),
        (SEEN + "2610,走查,台,实况,2026-08-01 14:00,,125,27,,,,,,,\n", 2, "number"),
        ("2609,走查,台,预报,2026-08-01 08:00,,125,27,,,,,,,\n", 1, "lead_h"),
        ("2609,走查,台,实况,2099-08-01 08:00,,125,27,,,,,,,\n", 1, "at"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(
    people: Callable[[str], Person], rows: str, row: int, field: str
) -> None:
    operator = people("operator")
    answer = operator.client.post(f"{LIVE}/cyclones/file", content=(HEAD + rows).encode())
    assert answer.status_code == 422, answer.text
    assert (answer.json()["row"], answer.json()["field"]) == (row, field)
    assert operator.get(f"{LIVE}/cyclones") == []


def test_a_file_brings_a_track_with_its_forecast(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    rows = (
        "2609,走查,台,实况,2026-08-01 02:00,,125,26,30,980,,,,,\n2609,走查,台,实况,2026-08-01 08:00,,124,27,33,970,"
        "300,280,200,240,\n2609,走查,台,预报,2026-08-01 08:00,24,121,30,35,965,,,,,90\n"
    )
    answer = operator.client.post(f"{LIVE}/cyclones/file", content=("\ufeff" + HEAD + rows).encode())
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert [one["grade"] for one in found["observed"]] == ["STS", "TY"]
    assert found["observed"][1]["radii"] == {"7": [300, 280, 200, 240]}
    assert found["forecast"][0]["at"] == "2026-08-02T08:00:00+08:00"


def test_the_made_up_typhoon_comes_by_a_key_and_goes_on(mini_db: Engine, people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    nearest = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    head = {"Authorization": f"Bearer {sources.add(mini_db, SYSTEM, 'track', '走查', worlds=['live'])}"}
    found = []
    for until in (nearest - timedelta(hours=36), nearest):
        rows = list(typhoon.typhoon(120.1, 30.25, until, nearest))
        answer = viewer.client.post(f"{LIVE}/cyclones/feed?demo=true", json=rows, headers=head)
        assert answer.status_code == 201, answer.text
        found.append(answer.json())
    far, near = found
    assert near["id"] == far["id"]
    assert (len(far["observed"]), len(near["observed"])) == (13, 19)
    assert far["is_demo"]
    assert far["approach"]["now_km"] > 500 > 60 > near["approach"]["now_km"]
    assert far["approach"]["arrives"]["7"] is not None
    assert viewer.client.post(f"{LIVE}/cyclones/feed", json=rows).status_code == 401
    rain = {"Authorization": f"Bearer {sources.add(mini_db, SYSTEM, 'rain', '走查', elements=['rain'])}"}
    assert viewer.client.post(f"{LIVE}/cyclones/feed", json=rows, headers=rain).status_code == 403
