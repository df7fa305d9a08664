"""Registers over HTTP: found, edited with their history, as of any moment, many at once, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from gis_data.clock import SHANGHAI, real_now
from gis_data.demo.xh_mini import NODES
from gis_data.registers import REGISTERS
from tests.command.gauges import parameters
from tests.conftest import TOWN, Person

POND: dict[str, Any] = {"code": "SK-1", "name": "演示山塘", "grade": "小二型", "vertical_datum": "1985国家高程基准"}


def at(node: str) -> dict[str, Any]:
    """A point of XH-MINI as GeoJSON."""
    return {"type": "Point", "coordinates": list(NODES[node])}


@pytest.fixture
def admin(people: Callable[[str], Person]) -> Person:
    """Who may edit all registers."""
    return people("admin")


def add(person: Person, key: str, node: str | None = None, status: int = 201, **values: Any) -> Any:
    """Add a row by the form."""
    return person.post(f"/api/registers/{key}", status, values=values, geometry=at(node) if node else None)


def put(person: Person, key: str, row: Any, status: int = 200, **body: Any) -> Any:
    """Change a row on the version that was seen."""
    said = {"version": row["version"]} | body
    answer = person.client.put(f"/api/registers/{key}/{row['id']}", json=said)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_every_register_lists_itself_and_its_rows(people: Callable[[str], Person]) -> None:
    reviewer = people("reviewer")
    found = reviewer.get("/api/registers")
    assert [r["key"] for r in found] == list(REGISTERS)
    for register in found:
        page = reviewer.get(f"/api/registers/{register['key']}", limit=1)
        assert page["total"] == register["count"]


def test_a_row_is_made_changed_closed_and_reopened_and_all_of_it_is_kept(admin: Person) -> None:
    made = add(admin, "reservoir", "N1", **POND)
    assert (made["version"], made["values"]["grade"]) == (1, "小二型")
    changed = put(admin, "reservoir", made, values={"grade": "小一型", "capacity_m3": 120000}, reason="复核")
    assert (changed["version"], changed["values"]["capacity_m3"]) == (2, 120000)
    assert changed["geometry"] == made["geometry"]
    path = f"/api/registers/reservoir/{made['id']}"
    closed = admin.post(f"{path}/close", 200, version=2, reason="已填平")
    assert closed["valid_to"]
    assert admin.get("/api/registers/reservoir")["total"] == 0
    assert admin.get("/api/registers/reservoir", closed=True)["total"] == 1
    again = admin.post(f"{path}/reopen", 200, version=3, reason="误报")
    assert again["valid_to"] is None
    story = admin.get(f"{path}/history")
    assert [c["action"] for c in story] == ["reopen", "close", "update", "create"]
    assert {c["actor"] for c in story} == {"admin"}
    assert {(c["field"], c["before"], c["after"]) for c in story[2]["changes"]} == {
        ("grade", "小二型", "小一型"),
        ("capacity_m3", None, 120000),
    }


def test_a_register_stands_as_it_stood_at_any_moment(admin: Person) -> None:
    made = add(admin, "reservoir", "N1", **POND)
    changed = put(admin, "reservoir", made, values={"grade": "小一型"}, geometry=at("N2"), keep_geometry=False)
    admin.post(f"/api/registers/reservoir/{made['id']}/close", 200, version=2, reason="已填平")

    def then(moment: str) -> list[Any]:
        return admin.get("/api/registers/reservoir", at=moment)["rows"]  # type: ignore[no-any-return]

    assert then("2020-01-01T00:00:00+08:00") == []
    (first,) = then(made["valid_from"])
    assert (first["values"]["grade"], first["geometry"]) == ("小二型", made["geometry"])
    (second,) = then(changed["updated_at"])
    assert (second["values"]["grade"], second["geometry"]) == ("小一型", changed["geometry"])
    assert then("2100-01-01T00:00:00+08:00") == []


def test_two_people_at_one_row_conflict_and_nothing_is_lost(admin: Person) -> None:
    made = add(admin, "reservoir", "N1", **POND)
    put(admin, "reservoir", made, values={"grade": "小一型"})
    refused = put(admin, "reservoir", made, 409, values={"grade": "山塘"})
    assert refused["field"] == "version"
    assert admin.get(f"/api/registers/reservoir/{made['id']}")["values"]["grade"] == "小一型"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"capacity_m3": -1}, "capacity_m3"),
        ({"capacity_m3": "12万"}, "capacity_m3"),
        ({"vertical_datum": None}, "vertical_datum"),
        ({"colour": "red"}, "colour"),
        ({"as_of": "昨天"}, "as_of"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(admin: Person, values: dict[str, Any], field: str) -> None:
    refused = add(admin, "reservoir", "N1", 422, **(POND | values))
    assert refused["field"] == field
    assert admin.get("/api/registers/reservoir", closed=True)["total"] == 0


def test_how_old_a_member_may_be_is_a_parameter(mini_db: Engine, people: Callable[[str], Person]) -> None:
    clerk = people("clerk")
    year = real_now().astimezone(SHANGHAI).year

    def refused(age: int) -> bool:
        said = {"code": "M-1", "name": "甲", "team_code": "T1", "birth_year": year - age}
        found = clerk.post("/api/registers/team_member/check", 200, values=said)
        return "birth_year" in [one["field"] for one in found if one["level"] == "error"]

    assert [refused(age) for age in (17, 30, 60, 62)] == [True, False, False, True]
    with parameters(mini_db, {"team_member.age_most": "65", "team_member.age_least": "16"}):
        assert [refused(age) for age in (15, 17, 62, 66)] == [True, False, False, True]


def test_a_place_outside_the_district_is_refused(admin: Person) -> None:
    point = {"type": "Point", "coordinates": [30.25, 120.1]}
    refused = admin.post("/api/registers/reservoir", 422, values=POND, geometry=point)
    assert refused["field"] == "geom"
    assert "颠倒" in refused["detail"]


@pytest.mark.parametrize("q", ["演示安置", "ysazd", "YSAZD", "s3", "室外", "演示 s3"])
def test_words_parts_of_words_and_pinyin_find_a_row(admin: Person, q: str) -> None:
    assert "S3" in [row["values"]["code"] for row in admin.get("/api/registers/shelter", q=q)["rows"]]


def test_filters_by_field_box_and_order(admin: Person) -> None:
    def codes(**params: Any) -> list[str]:
        return [row["values"]["code"] for row in admin.get("/api/registers/shelter", **params)["rows"]]

    assert codes(where="space:outdoor") == ["S3"]
    assert codes(where=["capacity:100", "capacity:150"]) == ["S2", "S4"]
    assert codes(order="capacity", descending=True) == ["S3", "S1", "S4", "S2"]
    lon, lat = NODES["S1"]
    assert codes(box=f"{lon - 1e-4},{lat - 1e-4},{lon + 1e-4},{lat + 1e-4}") == ["S1"]
    assert codes(q="不存在") == []
    assert admin.get("/api/registers/shelter", 422, where="no_such:1")["field"] == "no_such"
    assert admin.get("/api/registers/shelter", 422, order="geom")["field"] == "order"
    assert admin.get("/api/registers/no_such", 404)["field"] == "register"


def test_many_rows_at_once_are_previewed_and_done_as_previewed(admin: Person) -> None:
    what = {"filter": {"where": {"space": ["indoor"]}}, "values": {"manager_post": "P-1", "beds": 10}}
    seen = admin.post("/api/registers/shelter/bulk/preview", 200, **what)
    assert (seen["rows"], seen["changing"], seen["blocked"]) == (3, 3, 0)
    assert admin.get("/api/registers/shelter", where="beds:10")["total"] == 0
    row = admin.get("/api/registers/shelter", q="s1")["rows"][0]
    put(admin, "shelter", row, values={"toilets": 4})
    admin.post("/api/registers/shelter/bulk", 409, **what, seen=seen["seen"], reason="统一")
    assert admin.get("/api/registers/shelter", where="beds:10")["total"] == 0
    fresh = admin.post("/api/registers/shelter/bulk/preview", 200, **what)
    done = admin.post("/api/registers/shelter/bulk", 200, **what, seen=fresh["seen"], reason="统一")
    assert done == {"changed": 3}
    assert admin.get("/api/registers/shelter", where="beds:10")["total"] == 3


def test_a_bulk_edit_with_one_bad_row_writes_none(admin: Person) -> None:
    what = {"filter": {}, "values": {"capacity": 0}}
    seen = admin.post("/api/registers/shelter/bulk/preview", 200, **what)
    assert seen["blocked"] == 4
    refused = admin.post("/api/registers/shelter/bulk", 422, **what, seen=seen["seen"], reason="清零")
    assert refused["field"] == "capacity"
    assert admin.get("/api/registers/shelter", where="capacity:200")["total"] == 1


def test_the_form_is_checked_as_it_is_typed(admin: Person) -> None:
    found = admin.post("/api/registers/reservoir/check", 200, values=POND | {"capacity_m3": -5}, geometry=at("N1"))
    assert [(f["field"], f["level"]) for f in found] == [("capacity_m3", "error")]


def test_identity_is_sealed_in_the_database_masked_on_the_page_and_its_reading_journalled(
    people: Callable[[str], Person], mini_db: Engine
) -> None:
    clerk = people("clerk")
    values = {
        "code": "R-1",
        "name": "DEMO-001",
        "admin_code": TOWN,
        "household_code": "H-1",
        "identity": "演示甲",
        "code_kind": "tag",
    }
    made = add(clerk, "at_risk_person", **values)
    assert made["values"]["identity"] == "●●●"
    with mini_db.connect() as connection:
        sealed = connection.scalar(text("select identity from gis.at_risk_person"))
    assert "演示甲".encode() not in bytes(sealed)
    path = f"/api/registers/at_risk_person/{made['id']}"
    assert clerk.post(f"{path}/identity", 200) == {"identity": "演示甲"}
    recoded = put(clerk, "at_risk_person", made, values={"code": "R-2", "at_home": True})
    assert clerk.post(f"{path}/identity", 200) == {"identity": "演示甲"}
    put(clerk, "at_risk_person", recoded, values={"identity": None})
    assert clerk.post(f"{path}/identity", 200) == {}
    kinds = [entry["kind"] for entry in clerk.get("/api/worlds/live/journal", after=0, limit=200)]
    assert kinds.count("PersonRead") == 3
    told = clerk.client.get("/api/worlds/live/journal", params={"after": 0, "limit": 200}).text
    assert "演示甲" not in told


def test_who_may_not_see_persons_does_not_see_their_registers(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    assert "at_risk_person" not in {r["key"] for r in viewer.get("/api/registers")}
    viewer.get("/api/registers/at_risk_person", 403)
    add(viewer, "reservoir", "N1", 403, **POND)


def test_a_register_says_what_an_account_may_do_with_it(people: Callable[[str], Person]) -> None:
    def may(role: str) -> dict[str, list[str]]:
        return {one["key"]: one["may"] for one in people(role).get("/api/registers")}

    duty, clerk, reviewer = may("operator"), may("clerk"), may("reviewer")
    assert duty["post_holder"] == []  # seen, to be called by name, not taken out
    assert "at_risk_household" not in duty
    assert duty["shelter"] == ["export"]
    assert clerk["shelter"] == clerk["at_risk_household"] + ["export"] == ["edit", "load", "export"]
    assert clerk["admin_unit"] == ["export"]  # no town draws its own limits
    assert reviewer["at_risk_person"] == ["export"]
    assert "post_holder" not in may("planner")


def test_a_changed_team_shows_on_the_board_and_in_a_drill(admin: Person) -> None:
    admin.post("/api/worlds", name="drill-reg", title="演练")
    team = admin.get("/api/registers/team", q="t1")["rows"][0]
    put(admin, "team", team, values={"members": 20}, reason="补员")
    for world in ("live", "drill-reg"):
        board = admin.get(f"/api/worlds/{world}/board")
        assert board["teams"][team["id"]]["members"] == 20
        assert admin.get(f"/api/worlds/{world}/journal", after=0, limit=200)[0]["kind"]


def test_unset_lists_and_places_are_found(admin: Person) -> None:
    assert admin.get("/api/registers/shelter", where="hazards:")["total"] == 4
    assert admin.get("/api/registers/shelter", where=["hazards:", "hazards:flood"])["total"] == 4
    assert admin.get("/api/registers/shelter", where="hazards:flood")["total"] == 0
    found = admin.get("/api/registers/shelter/places", where="space:indoor", limit=2)
    assert (found["total"], [row["code"] for row in found["rows"]]) == (3, ["S1", "S2"])
    assert found["rows"][0]["geometry"]["coordinates"] == pytest.approx(NODES["S1"], abs=1e-6)
    admin.get("/api/registers/post/places", 422)
