"""Who answers for an object, from the ground up to the district, and the list of what nobody answers for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gis_data.demo.xh_mini import NODES
from tests.conftest import TOWN, Person

POSTS: tuple[dict[str, Any], ...] = (
    {"code": "G-Q", "name": "演示区领导", "level": "district", "phone": "0571-0000001"},
    {"code": "G-Z", "name": "演示镇领导", "level": "town", "phone": "0571-0000002", "deputy_code": "G-D"},
    {"code": "G-D", "name": "演示替补", "level": "town", "phone": "0571-0000003"},
    {"code": "G-C", "name": "演示村干部", "level": "village"},
)


def add(person: Person, key: str, node: str | None = None, **values: Any) -> Any:
    place = {"type": "Point", "coordinates": list(NODES[node])} if node else None
    return person.post(f"/api/registers/{key}", values={"name": values["code"], **values}, geometry=place)


def link(person: Person, code: str, level: str, post: str, of: str, what: str, superior: str | None = None) -> Any:
    return add(person, "responsibility_link", code=code, level=level, post_code=post, superior_code=superior,
               object_register=of, object_code=what)  # fmt: skip


@pytest.fixture
def admin(people: Callable[[str], Person]) -> Person:
    """The desk of a small district: two ponds, a household, four posts, one holder on leave."""
    person, clerk = people("admin"), people("clerk")
    for post in POSTS:
        add(person, "post", organization_code="G", **post)
    for n, code in enumerate(("G-Q", "G-Z", "G-C")):
        add(clerk, "post_holder", code=f"R-{n}", admin_code=TOWN, post_code=code, on_leave=code == "G-Z")
    for code, node in (("SK-1", "N1"), ("SK-2", "N2")):
        add(person, "reservoir", node, code=code, vertical_datum="1985国家高程基准")
    add(
        clerk,
        "at_risk_household",
        "C1",
        code="H-1",
        admin_code=TOWN,
        village="演示村",
        hazards=["flood"],
        persons=3,
        cadre_post="G-C",
    )
    link(person, "L-1", "village", "G-C", "reservoir", "SK-1", "G-Z")
    link(person, "L-2", "town", "G-Z", "admin_unit", "330106101", "G-Q")
    return person


def missing(person: Person) -> dict[tuple[str, str], list[str]]:
    """The codes with a gap, by kind and register."""
    found = person.get("/api/responsibility/gaps")["gaps"]
    assert all(one["missing"] == len(one["rows"]) <= one["of"] for one in found)
    return {(g["kind"], g["register_key"]): [row["code"] for row in g["rows"]] for g in found if g["rows"]}


def test_a_chain_leads_from_the_object_to_the_district(admin: Person) -> None:
    found = admin.get("/api/responsibility/chain", register="reservoir", code="SK-1")
    assert [(s["level"], s["post_code"], s["via"]) for s in found["steps"]] == [
        ("village", "G-C", "link"), ("town", "G-Z", "superior"), ("district", "G-Q", "superior"),
    ]  # fmt: skip
    assert found["complete"]
    assert (found["steps"][1]["on_leave"], found["steps"][1]["deputy_phone"]) == (True, "0571-0000003")


def test_a_post_that_the_object_itself_names_leads_up_too(admin: Person, people: Callable[[str], Person]) -> None:
    found = people("reviewer").get("/api/responsibility/chain", register="at_risk_household", code="H-1")
    assert [(s["post_code"], s["via"], s["field"]) for s in found["steps"]] == [
        ("G-C", "field", "cadre_post"), ("G-Z", "superior", None), ("G-Q", "superior", None),
    ]  # fmt: skip


def test_what_nobody_answers_for_has_no_chain(admin: Person) -> None:
    found = admin.get("/api/responsibility/chain", register="reservoir", code="SK-2")
    assert (found["steps"], found["complete"]) == ([], False)
    admin.get("/api/responsibility/chain", 404, register="reservoir", code="SK-9")


def test_the_gaps_are_listed_by_kind(admin: Person, people: Callable[[str], Person]) -> None:
    found = missing(people("reviewer"))
    assert found["no_holder", "reservoir"] == ["SK-2"]
    assert ("no_holder", "at_risk_household") not in found
    assert found["no_phone", "post"] == ["G-C"]
    assert found["no_person", "post"] == ["G-D"]
    assert found["on_leave", "post"] == ["G-Z"]  # its deputy has nobody either
    assert ("broken_chain", "reservoir") not in found


def test_a_gap_closes_when_it_is_filled_and_opens_when_a_link_ends(
    admin: Person, people: Callable[[str], Person]
) -> None:
    add(people("clerk"), "post_holder", code="R-9", admin_code=TOWN, post_code="G-D")
    upper = admin.get("/api/registers/responsibility_link", q="l-2")["rows"][0]
    admin.post(f"/api/registers/responsibility_link/{upper['id']}/close", 200, version=1, reason="换届")
    found = missing(people("reviewer"))
    assert ("on_leave", "post") not in found
    assert found["broken_chain", "reservoir"] == ["SK-1"]
    assert found["broken_chain", "at_risk_household"] == ["H-1"]
    assert not admin.get("/api/responsibility/chain", register="reservoir", code="SK-1")["complete"]


def test_who_may_not_see_persons_sees_no_households_among_the_gaps(
    admin: Person, people: Callable[[str], Person]
) -> None:
    viewer = people("viewer")
    registers = {g["register_key"] for g in viewer.get("/api/responsibility/gaps")["gaps"]}
    assert "reservoir" in registers
    assert "at_risk_household" not in registers
    viewer.get("/api/responsibility/chain", 403, register="at_risk_household", code="H-1")
