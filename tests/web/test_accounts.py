"""Accounts over HTTP: each change is on the record, the last administrator stays, passwords are one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from command import accounts
from command.accounts import Profile
from gis_data.errors import BaochuError, Conflict
from gis_data.world import SYSTEM
from tests.conftest import PASSWORD, TOWN, Person

CLERK = {"name": "演示甲", "post": "双浦镇填报员", "role": "clerk", "towns": ["330106110"]}


@pytest.fixture
def admin(people: Callable[[str], Person]) -> Person:
    return people("admin")


def _put(person: Person, username: str, status: int = 200, **body: Any) -> Any:
    answer = person.client.put(f"/api/accounts/{username}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def _journal(person: Person) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = person.get("/api/worlds/live/journal", limit=1000)
    return entries


def test_an_account_is_made_and_its_owner_must_change_the_password_first(admin: Person) -> None:
    given = admin.post("/api/accounts", username="sp1", **CLERK)
    assert given["account"]["towns"] == ["330106110"]
    owner = admin.beside().log_in("sp1", given["password"])
    assert owner.get("/api/session")["must_change"]
    assert owner.get("/api/worlds/live/board", 403)["field"] == "password"
    assert owner.post("/api/session/password", 403, current="guess", password="a new one")["field"] == "current"
    assert owner.post("/api/session/password", 422, current=given["password"], password="short")["field"] == "password"
    owner.post("/api/session/password", 422, current=given["password"], password=given["password"])
    changed = owner.post("/api/session/password", 200, current=given["password"], password="a new one")
    assert not changed["must_change"]
    owner.get("/api/worlds/live/board")
    admin.post("/api/session", 401, username="sp1", password=given["password"])
    assert next(a for a in admin.get("/api/accounts") if a["username"] == "sp1")["last_login_at"]


def test_each_change_is_on_the_record_without_a_secret_or_a_name(admin: Person, mini_db: Engine) -> None:
    given = admin.post("/api/accounts", username="sp1", **CLERK)
    _put(admin, "sp1", **CLERK | {"role": "field", "towns": [TOWN]})
    admin.post("/api/accounts/sp1/disable", 200)
    admin.post("/api/accounts/sp1/disable", 200)  # it is shut out already: nothing happens
    admin.post("/api/accounts/sp1/enable", 200)
    reset = admin.post("/api/accounts/sp1/password", 200)
    found = _journal(admin)[-5:]
    assert [e["kind"] for e in found] == [
        "AccountPut",
        "AccountPut",
        "AccountDisabled",
        "AccountEnabled",
        "PasswordChanged",
    ]
    assert {e["actor"] for e in found} == {"admin岗"}
    with mini_db.connect() as owner:
        bodies = owner.scalars(text("select body from live.journal order by seq desc limit 5")).all()
    changed = bodies[3]["facts"]
    assert changed["before"] == {"post": CLERK["post"], "role": "clerk", "towns": CLERK["towns"], "sso": False}
    assert changed["after"] == {"post": CLERK["post"], "role": "field", "towns": [TOWN], "sso": False}
    told = str(bodies)
    assert not any(secret in told for secret in (given["password"], reset["password"], "argon2", CLERK["name"]))


def test_a_changed_account_is_logged_out(people: Callable[[str], Person]) -> None:
    admin, bystander = people("admin"), people("operator")
    for username, act in (
        ("clerk", lambda: _put(admin, "clerk", **CLERK)),
        ("field", lambda: admin.post("/api/accounts/field/password", 200)),
        ("viewer", lambda: admin.post("/api/accounts/viewer/disable", 200)),
    ):
        person = people(username)
        act()
        person.get("/api/session", 401)
    bystander.get("/api/session")


def test_ones_own_new_password_ends_ones_other_sessions(people: Callable[[str], Person]) -> None:
    here, elsewhere = people("viewer"), people("viewer")
    here.post("/api/session/password", 200, current=PASSWORD, password="another one")
    here.get("/api/session")
    elsewhere.get("/api/session", 401)


def test_guessing_ones_password_is_slowed_down_too(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    for n in range(5):
        viewer.post("/api/session/password", 403, current=f"guess {n}", password="another one")
    viewer.post("/api/session/password", 429, current=PASSWORD, password="another one")


def test_the_last_administrator_stays(admin: Person, mini_db: Engine) -> None:
    about = {"name": "演示", "post": "系统管理员", "role": "auditor"}
    admin.post("/api/accounts/admin/disable", 409)
    _put(admin, "admin", 409, **about)
    admin.post("/api/accounts", username="second", **about | {"role": "admin", "sso": True}, with_password=False)
    admin.post("/api/accounts/admin/disable", 409)  # the other one could not come in while the provider is down
    admin.post("/api/accounts/second/password", 200)
    admin.post("/api/accounts/admin/disable", 200)
    with pytest.raises(Conflict):
        accounts.set_active(mini_db, SYSTEM, "second", active=False)


def test_what_makes_no_account(admin: Person) -> None:
    for wrong, field in (
        ({"role": "king"}, "role"),
        ({"towns": []}, "towns"),
        ({"towns": ["3301"]}, "towns.0"),
        ({"role": "admin"}, "towns"),
        ({"username": "with space"}, "username"),
        ({"post": " "}, "post"),
        ({"password": "chosen"}, "password"),
    ):
        assert admin.post("/api/accounts", 422, **{"username": "sp1", **CLERK, **wrong})["field"] == field


def test_an_unknown_account_and_a_taken_name(admin: Person) -> None:
    _put(admin, "nobody", 404, **CLERK)
    admin.post("/api/accounts/nobody/disable", 404)
    admin.post("/api/accounts/nobody/password", 404)
    assert admin.post("/api/accounts", 409, username="viewer", **CLERK)["field"] == "username"


def test_a_refused_change_leaves_the_account_and_the_journal_as_they_were(mini_db: Engine) -> None:
    def state() -> Any:
        with mini_db.connect() as owner:
            rows = owner.execute(text("select username, role, towns, password_hash from gis.account order by 1")).all()
            return rows, owner.scalar(text("select count(*) from live.journal"))

    before = state()
    for username, profile, password in (
        ("admin", Profile("演示", "系统管理员", "auditor"), None),
        ("sp1", Profile("演示", "填报员", "clerk"), PASSWORD),
        ("sp1", Profile("演示", "联络员", "viewer"), "short"),
    ):
        with pytest.raises(BaochuError):
            accounts.put_account(mini_db, SYSTEM, username, profile, password)
    assert state() == before


def test_a_clerk_edits_own_town_and_no_other_over_http(people: Callable[[str], Person]) -> None:
    clerk, planner = people("clerk"), people("planner")
    row = {"code": "g1", "name": "演示", "item": "g1", "edition": "1", "list_code": "l"}
    made = clerk.post("/api/registers/code_item", values=row | {"admin_code": TOWN})
    refused = clerk.post("/api/registers/code_item", 403, values=row | {"code": "g2", "admin_code": "330106110"})
    assert refused["field"] == "admin_code"
    moved = {"version": 1, "values": {"admin_code": "330106110"}}
    assert clerk.client.put(f"/api/registers/code_item/{made['id']}", json=moved).status_code == 403
    clerk.post("/api/registers/admin_unit", 403, values={"code": TOWN, "name": "演示", "admin_code": TOWN})
    there = planner.post("/api/registers/code_item", values=row | {"code": "g3", "admin_code": "330106110"})
    changed = {"version": 1, "values": {"name": "改"}}
    assert clerk.client.put(f"/api/registers/code_item/{there['id']}", json=changed).status_code in (403, 404)
    assert planner.get(f"/api/registers/code_item/{there['id']}")["values"]["name"] == "演示"
