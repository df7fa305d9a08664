"""The handbook's scenario A, steps 10 to 12, over HTTP: who has to move, who has arrived, where there is room."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from command import accounts
from command.transfer import room
from gis_data.cluster import Cluster
from gis_data.demo.xh_mini import xh_mini
from gis_data.world import SYSTEM, get_world
from tests.command.slopes import insert
from tests.command.transfers import BEYOND, HOMES, KITS, TOWN, add_people, persons
from tests.conftest import PASSWORD, Person, _copy, _template, app_on, middle

PHONE = re.compile(r"100-0000")


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    with _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine:
        add_people(engine, data_dir)
        for name, towns in (("field2", (TOWN,)), ("field3", ("330106110",))):
            accounts.put_account(engine, SYSTEM, name, accounts.Profile(name, f"{name}岗", "field", towns), PASSWORD)
        yield engine


@pytest.fixture(scope="module")
def who(engine: Engine, data_dir: Path) -> Iterator[Callable[[str], Person]]:
    with app_on(engine, data_dir) as client:
        yield cache(lambda name: Person(client).beside().log_in(name))


@pytest.fixture
def here(who: Callable[[str], Person]) -> str:
    """A drill of the test's own; the registers are everybody's."""
    name = f"drill-{uuid4().hex[:12]}"
    who("admin").post("/api/worlds", name=name, title="转移")
    return f"/api/worlds/{name}"


def soon() -> str:
    return (datetime.now(UTC) + timedelta(hours=3)).isoformat()


def order(who: Callable[[str], Person], here: str) -> str:
    """An order for V-07, issued; the address of it."""
    said = {"trigger": "V-07 立即转移", "deadline": soon(), "objects": ["key_village:V-07"]}
    drafted = who("operator").post(f"{here}/transfers", **said)
    who("commander").post(f"{here}/transfers/{drafted['id']}/issue", 200)
    return f"{here}/transfers/{drafted['id']}"


def step(person: Person, address: str, to: str, status: int = 200, **said: Any) -> Any:
    return person.post(f"{address}/steps", status, key=said.pop("key", str(uuid4())), to=to, **said)


def registered(person: Person, here: str, shelter: str, status: int = 200, **said: Any) -> Any:
    return person.post(f"{here}/shelters/{shelter}/registrations", status, key=said.pop("key", str(uuid4())), **said)


def test_step_10_an_order_for_23_households_and_61_persons(who: Callable[[str], Person], here: str) -> None:
    operator, commander = who("operator"), who("commander")
    said = {"trigger": "V-07 立即转移：3 h 87 mm", "deadline": soon(), "objects": ["key_village:V-07"]}
    drafted = operator.post(f"{here}/transfers", **said)
    address = f"{here}/transfers/{drafted['id']}"
    plan = operator.get(f"{address}/plan")
    assert (plan["households"], plan["persons"], plan["unplaced"]) == (23, 61, 0)
    assert [home["vulnerable"] for home in plan["homes"]][:4] == [2, 1, 0, 0]
    assert sum(s["assigned"] for s in plan["shelters"]) == 61
    [outdoor] = [s for s in plan["shelters"] if s["code"] == "S3"]
    assert outdoor["reasons"] == [{"zh": "室外，不能过夜避雨", "en": "outdoor, no night in the rain"}]
    [beyond] = [home for home in plan["homes"] if home["code"] == BEYOND]
    assert (beyond["shelter_code"], round(beyond["metres"])) == ("S1", 900)
    assert beyond["minutes"] == pytest.approx(900 / 0.8 / 60, abs=0.01)

    assert operator.get(f"{here}/board")["shelters"] == {}  # a draft holds no room
    assert operator.post(f"{address}/issue", 403)
    issued = commander.post(f"{address}/issue", 200)
    assert (issued["state"], issued["households"], issued["due"], issued["issued_by"]) == (
        "issued",
        23,
        61,
        "commander岗",
    )
    assert commander.post(f"{address}/issue", 409)
    shelter = operator.get(f"{here}/board")["shelters"]["S1"]
    assert (shelter["capacity"], shelter["assigned"], shelter["free"], shelter["state"]) == (200, 61, 139, "standby")
    again = operator.post(f"{here}/transfers", **said)
    assert operator.get(f"{here}/transfers/{again['id']}/plan")["under_order"] == 61
    assert commander.post(f"{here}/transfers/{again['id']}/issue", 409)

    [kept] = [home for home in who("field").get(f"{address}/households") if home["code"] == BEYOND]
    assert kept["network_version"]
    assert kept["way_open"]
    assert kept["route"]["type"] == "LineString"


def test_the_way_that_people_would_take_over_the_stream_is_named(who: Callable[[str], Person], here: str) -> None:
    """With S1 out of use everybody goes to S2 and S4, and nobody over the stream."""
    operator = who("operator")
    operator.post(f"{here}/shelters/S1/state", 200, state="out_of_use", reason="屋顶漏水")
    address = order(who, here)
    homes = operator.get(f"{address}/households")
    assert {home["shelter_code"] for home in homes} == {"S2"}
    [beyond] = [home for home in homes if home["code"] == BEYOND]
    assert [(road["name"], road["zh"]) for road in beyond["avoided"]] == [("N2–S2", "跨越溪流")]
    assert round(beyond["metres"]) == 150 + 600 + 350


def test_step_11_57_of_59_are_verified(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre, town, operator, commander = who("field"), who("field2"), who("operator"), who("commander")
    everybody = [code for home in HOMES for code in persons(home)]
    away, on_the_way, refused, there = everybody[:2], everybody[2], everybody[3], everybody[4:]
    step(cadre, address, "notified", households=HOMES)
    step(cadre, address, "contacted", persons=[*there, on_the_way, refused])
    step(cadre, address, "away", persons=away, note="在外地子女家，电话确认")
    step(cadre, address, "away_confirmed", 403, persons=away)
    step(town, address, "away_confirmed", persons=away)
    step(cadre, address, "departed", persons=[*there, on_the_way])
    operator.post(f"{here}/shelters/S1/state", 200, state="open")
    step(cadre, address, "arrived", persons=there, destination="shelter", shelter_code="S1", evidence="scan")
    claimed = operator.get(address)
    assert (claimed["claimed"], claimed["verified"]) == (57, 0)
    step(cadre, address, "verified", 403, persons=there)
    step(town, address, "verified", persons=there)

    step(cadre, address, "refused", persons=[refused], note="不愿离家")
    step(cadre, address, "persuaded", persons=[refused])
    step(cadre, address, "forced", 409, persons=[refused])
    commander.post(f"{address}/force", 422, legal_basis=" ")
    commander.post(f"{address}/force", 200, legal_basis="浙江省防汛防台抗旱条例（演示）")
    commander.post(f"{address}/force/confirm", 403)
    operator.post(f"{address}/force/confirm", 403)
    operator.post(f"{address}/force", 200, legal_basis="浙江省防汛防台抗旱条例（演示）")
    assert commander.post(f"{address}/force/confirm", 200)["forced_at"]
    step(cadre, address, "forced", persons=[refused])
    step(cadre, address, "departed", persons=[refused])

    shown = operator.get(address)
    assert {name: shown[name] for name in ("due", "claimed", "verified", "away", "forced", "on_the_way")} == {
        "due": 61, "claimed": 57, "verified": 57, "away": 2, "forced": 1, "on_the_way": 2,
    }  # fmt: skip
    assert shown["rate"] == pytest.approx(57 / 59)
    assert f"{shown['rate']:.1%}" == "96.6%"
    board = operator.client.get(f"{here}/board").text
    journal = operator.client.get(f"{here}/journal", params={"limit": 500}).text
    for said in (board, journal):
        assert "演示人员" not in said
        assert not PHONE.search(said)
        assert "HH01" not in said


def test_step_12_a_full_shelter_leaves_the_assignment(who: Callable[[str], Person], here: str, engine: Engine) -> None:
    address = order(who, here)
    cadre, operator = who("field"), who("operator")
    operator.post(f"{here}/shelters/S1/state", 200, state="open", kit_stock=KITS)
    for home in HOMES[:19]:
        registered(cadre, here, "S1", code=home, kits=True)
    came = sum(len(persons(home)) for home in HOMES[:19])
    assert came == 53
    assert operator.get(address)["verified"] == 53
    registered(cadre, here, "S1", unlisted=126, evidence="manual")
    shelter = operator.get(f"{here}/board")["shelters"]["S1"]
    assert (shelter["occupancy"], shelter["fill"], shelter["assigned"], shelter["free"]) == (179, "room", 8, 13)
    registered(cadre, here, "S1", unlisted=1, evidence="manual")
    assert operator.get(f"{here}/board")["shelters"]["S1"]["fill"] == "near_full"
    full = registered(cadre, here, "S1", unlisted=20, kits=True, evidence="manual")
    assert (full["occupancy"], full["fill"], full["kits"], full["kits_short"]) == (200, "full", 20, 0)
    board = operator.get(f"{here}/board")["shelters"]
    assert (board["S1"]["assigned"], board["S2"]["assigned"]) == (0, 8)
    last = [home for home in operator.get(f"{address}/households") if home["code"] in HOMES[19:]]
    assert {home["shelter_code"] for home in last} == {"S2"}
    refused = registered(cadre, here, "S1", 409, code=HOMES[19])
    assert "须改往他处" in refused["detail"]
    operator.post(f"{here}/shelters/S2/state", 200, state="open")
    assert registered(cadre, here, "S2", code=HOMES[19])["came"] == 2
    [kits] = [stock for stock in operator.get(f"{here}/stocks") if stock["code"] == KITS]
    assert (kits["quantity"], kits["on_hand"]) == (150, 150 - 53 - 20)
    kinds = [entry["kind"] for entry in operator.get(f"{here}/journal", limit=200)]
    assert (kinds.count("ShelterNearFull"), kinds.count("ShelterFull"), kinds.count("HouseholdsAssigned")) == (1, 1, 1)


def test_a_repeated_request_is_answered_and_not_done_again(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre, operator = who("field"), who("operator")
    operator.post(f"{here}/shelters/S1/state", 200, state="open", kit_stock=KITS)
    key = str(uuid4())
    first = registered(cadre, here, "S1", key=key, code=HOMES[1], kits=True)
    assert registered(cadre, here, "S1", key=key, code=HOMES[1], kits=True) == first
    assert operator.get(f"{here}/board")["shelters"]["S1"]["occupancy"] == 3
    registered(cadre, here, "S1", 409, key=key, code=HOMES[2])
    registered(cadre, here, "S1", 409, code=HOMES[1])
    key = str(uuid4())
    moved = step(cadre, address, "notified", key=key, households=[HOMES[2]])
    assert step(cadre, address, "notified", key=key, households=[HOMES[2]]) == moved
    step(who("field2"), address, "notified", 409, key=key, households=[HOMES[2]])
    key = str(uuid4())
    out = {"key": key, "quantity": -5, "reason": "安置点领用", "shelter_code": "S1"}
    assert operator.post(f"{here}/stocks/{KITS}/moves", 200, **out)["on_hand"] == 142
    assert operator.post(f"{here}/stocks/{KITS}/moves", 200, **out)["on_hand"] == 142
    operator.post(f"{here}/stocks/{KITS}/moves", 409, **out | {"key": str(uuid4()), "quantity": -143})
    operator.post(f"{here}/stocks/{KITS}/moves", 409, **out | {"key": str(uuid4()), "quantity": 9})


def test_a_households_card_lets_in_only_those_who_are_coming(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre, operator = who("field"), who("operator")
    operator.post(f"{here}/shelters/S1/state", 200, state="open")
    stays = f"{HOMES[1]}-3"
    step(cadre, address, "refused", persons=[stays], note="不愿离家")
    scanned = registered(cadre, here, "S1", code=HOMES[1])
    assert (scanned["came"], scanned["passed_over"]) == (2, [stays])
    registered(cadre, here, "S1", code=stays)
    assert operator.get(address)["verified"] == 3


def test_a_paper_list_typed_later_loses_no_row(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre, operator = who("field"), who("operator")
    operator.post(f"{here}/shelters/S1/state", 200, state="open")
    then = (datetime.now(UTC) - timedelta(minutes=40)).isoformat()
    rows = [
        {"code": HOMES[1], "happened_at": then},
        {"code": "HH99", "happened_at": then},
        {"code": HOMES[2], "happened_at": then, "unlisted": "many"},
        {"code": HOMES[3]},
        {"unlisted": 4, "happened_at": then},
        {"code": HOMES[4], "happened_at": soon()},
    ]
    answer = cadre.post(f"{here}/shelters/S1/registrations/paper", 200, key=str(uuid4()), rows=rows)
    assert (answer["came"], answer["occupancy"]) == (3 + 4, 7)
    assert [(one["row"], one["field"]) for one in answer["rejected"]] == [
        (2, "code"), (3, "unlisted"), (4, "happened_at"), (6, "happened_at"),
    ]  # fmt: skip
    waiting = cadre.get(f"{here}/shelters/S1/registrations/rejected")
    assert [one["raw"]["code"] for one in waiting] == ["HH99", HOMES[2], HOMES[3], HOMES[4]]
    mended = [{"code": HOMES[3], "happened_at": then, "mends": waiting[2]["id"]}]
    assert cadre.post(f"{here}/shelters/S1/registrations/paper", 200, key=str(uuid4()), rows=mended)["came"] == 3
    assert len(cadre.get(f"{here}/shelters/S1/registrations/rejected")) == 3
    steps = cadre.get(f"{address}/persons/{HOMES[1]}-1/steps")
    assert [(one["to"], one["evidence"]) for one in steps] == [("arrived", "paper"), ("verified", "paper")]
    assert datetime.fromisoformat(steps[0]["happened_at"]) == datetime.fromisoformat(then)
    assert operator.get(address)["verified"] == 6


def test_a_town_sees_and_moves_its_own_people(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    elsewhere = who("field3")
    assert elsewhere.get(f"{address}/households") == []
    step(elsewhere, address, "notified", 404, households=[HOMES[1]])
    elsewhere.post(f"{here}/shelters/S1/state", 403, state="open")
    elsewhere.post(f"{address}/persons/{HOMES[1]}-1/identity", 404)
    who("viewer").get(f"{address}/households", 403)
    assert elsewhere.get(address)["due"] == 61  # counts are everybody's


def test_an_identity_is_opened_under_an_open_order_and_journalled(who: Callable[[str], Person], here: str) -> None:
    said = {"trigger": "演示", "deadline": soon(), "objects": ["key_village:V-07"]}
    drafted = who("operator").post(f"{here}/transfers", **said)
    cadre, code = who("field"), f"{HOMES[1]}-1"
    door = f"{here}/transfers/{drafted['id']}/persons/{code}/identity"
    cadre.post(door, 403)
    who("commander").post(f"{here}/transfers/{drafted['id']}/issue", 200)
    assert cadre.post(door, 200)["identity"] == f"演示人员{code}"
    who("operator").post(door, 403)
    last = cadre.get(f"{here}/journal", limit=200)[-1]
    assert last["kind"] == "TransferPersonRead"
    assert "演示人员" not in json.dumps(last, ensure_ascii=False)
    who("commander").post(
        f"{here}/transfers/{drafted['id']}/release", 200,
        findings=[{"object": "key_village:V-07", "finding": "水位回落，房屋安全"}],
    )  # fmt: skip
    cadre.post(door, 403)


def test_people_go_back_when_the_object_is_checked(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre, commander = who("field"), who("commander")
    cadre.post(f"{here}/shelters/S1/state", 200, state="open")
    registered(cadre, here, "S1", code=HOMES[1])
    registered(cadre, here, "S1", 409, code=HOMES[1], direction="out", to="home")
    step(cadre, address, "arrived", households=[HOMES[2]], destination="relatives")
    commander.post(f"{address}/release", 422, findings=[])
    finding = {"object": "key_village:V-07", "finding": "水位回落，房屋安全"}
    commander.post(f"{address}/release", 200, findings=[finding])
    assert commander.get(f"{here}/board")["shelters"]["S1"]["assigned"] == 0
    registered(cadre, here, "S1", code=HOMES[1], direction="out", to="home")
    assert commander.get(address)["state"] == "released"
    step(cadre, address, "returned", households=[HOMES[2]])
    over = commander.get(address)
    assert (over["state"], over["verified"]) == ("ended", 3)
    assert commander.get(f"{here}/board")["transfers"] == {}
    order(who, here)  # all of them may be ordered again


def test_a_closed_road_leads_people_another_way(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    operator = who("operator")
    lon, lat = middle("N1–S1")
    operator.post(f"{here}/closures", lon=lon, lat=lat, reason="塌方")
    homes = operator.get(f"{address}/households")
    assert {home["shelter_code"] for home in homes} == {"S2"}
    assert all(home["way_open"] for home in homes)
    assert homes[0]["closures"]
    for road in ("N2–N3", "N1–N2"):
        lon, lat = middle(road)
        operator.post(f"{here}/closures", lon=lon, lat=lat, reason="塌方")
    shown = operator.get(address)
    assert shown["unplaced"] == 61  # no way is said, not hidden
    assert {home["problem"] for home in operator.get(f"{address}/households")} == {"no_way"}


def test_who_cannot_go_on_foot_is_driven(who: Callable[[str], Person], here: str, engine: Engine) -> None:
    for n in (1, 2):
        insert(engine, "vehicle", code=f"CL-{n}", name=f"演示车 {n}", kind="运兵车", crew=3, state="ready")
    operator = who("operator")
    for road in ("N1–N2", "N2–N3"):  # the only other road of the household at C2 crosses a stream
        lon, lat = middle(road)
        operator.post(f"{here}/closures", lon=lon, lat=lat, reason="塌方")
    said = {"trigger": "V-07 立即转移", "deadline": soon(), "objects": ["key_village:V-07"]}
    address = f"{here}/transfers/{operator.post(f'{here}/transfers', **said)['id']}"
    plan = operator.get(f"{address}/plan")
    (home,) = [one for one in plan["homes"] if one["profile"] == "bus"]
    assert (home["code"], home["shelter_code"], home["problem"], plan["unplaced"]) == (BEYOND, "S2", "", 0)
    assert [(road["name"], road["zh"]) for road in home["avoided"]] == [("N2–S2", "跨越溪流")]  # to be looked at
    (ride,) = plan["vehicles"]
    assert (ride["zh"], ride["persons"], ride["seats"], ride["vehicles"], ride["trips"]) == ("运兵车", 3, 2, 2, 2)
    who("commander").post(f"{address}/issue", 200)
    assert operator.get(f"{address}/vehicles") == [ride]
    with engine.begin() as connection:
        connection.execute(text("update gis.vehicle set state = 'repair'"))
    assert operator.get(f"{address}/vehicles")[0]["trips"] is None
    lon, lat = middle("N2–S2")
    operator.post(f"{here}/closures", lon=lon, lat=lat, reason="桥面过水")  # and now there is neither way
    (home,) = [one for one in operator.get(f"{address}/households") if one["code"] == BEYOND]
    assert (home["problem"], home["shelter_code"]) == ("no_way", None)
    assert operator.get(f"{address}/vehicles") == []


def test_cards_are_printed_and_marked_when_a_source_changes(
    who: Callable[[str], Person], here: str, engine: Engine
) -> None:
    cadre = who("field")
    assert {card["state"] for card in cadre.get(f"{here}/cards")} == {"never"}
    answer = cadre.client.post(f"{here}/cards/print", json={"households": HOMES[:2]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert b"FontFile" in answer.content or b"ObjStm" in answer.content
    with engine.begin() as connection:
        connection.execute(text("update gis.post set phone = '100-0000-2' where code = 'P-1'"))
        connection.execute(
            text("update gis.at_risk_household set shelter_code = 'S4' where code = :code"), {"code": HOMES[0]}
        )
    assert [card["code"] for card in cadre.get(f"{here}/cards", state="stale")] == HOMES[:2]
    who("operator").get(f"{here}/cards", 403)
    assert who("field3").get(f"{here}/cards") == []


def test_a_cadres_phone_holds_the_households_and_checks_them_off_once(who: Callable[[str], Person], here: str) -> None:
    address = order(who, here)
    cadre = who("field")
    (held,) = cadre.get(f"{here}/field/mine")["transfers"]
    home = held["households"][0]
    at = cadre.get(f"{here}/board")["at"]
    act = {
        "id": str(uuid4()), "kind": "transfer", "happened_at": at,
        "body": {"order_id": held["order"]["id"], "to": "notified", "households": [home["code"]]},
    }  # fmt: skip
    first = cadre.post(f"{here}/field/acts", 200, acts=[act])["acts"]
    assert [one["state"] for one in first] == ["done"]
    assert len(first[0]["answer"]["persons"]) == home["persons"]
    assert cadre.post(f"{here}/field/acts", 200, acts=[act])["acts"] == first
    (held,) = cadre.get(f"{here}/field/mine")["transfers"]
    now = next(one for one in held["households"] if one["code"] == home["code"])
    assert {person["state"] for person in now["people"]} == {"notified"}
    assert who("operator").get(f"{here}/field/mine")["transfers"] == []  # counts are for the centre
    assert who("commander").get(address)["due"] == 61


def test_a_shelter_that_the_register_says_is_unfit_leaves_the_assignment(
    who: Callable[[str], Person], here: str, engine: Engine
) -> None:
    address, operator = order(who, here), who("operator")
    world = get_world(engine, here.rsplit("/", 1)[1])

    def accepted(said: bool) -> None:
        with engine.begin() as connection:
            connection.execute(text("update gis.shelter set accepted = :said where code = 'S1'"), {"said": said})

    room.watch(world)
    assert {home["shelter_code"] for home in operator.get(f"{address}/households")} == {"S1"}
    accepted(False)
    try:
        room.watch(world)
        assert {home["shelter_code"] for home in operator.get(f"{address}/households")} == {"S2"}
        operator.post(f"{here}/shelters/S1/state", 409, state="open")
        last = operator.get(f"{here}/journal", limit=200)[-1]
        assert (last["kind"], last["zh"]) == ("HouseholdsAssigned", "转移改派避灾场所 23 户 61 人")
    finally:
        accepted(True)
