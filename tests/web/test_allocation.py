"""Joint assignment over HTTP on XH-MINI: ETAs are the handbook's, so that every choice can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from gis_data.demo.xh_mini import NODES
from tests.command.gauges import parameters
from tests.command.slopes import insert
from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def _at(node: str) -> dict[str, float]:
    return dict(zip(("lon", "lat"), NODES[node], strict=True))


class Desk:
    """A duty officer, with short words for what the tests do again and again."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.teams = {t["code"]: id_ for id_, t in person.get(f"{LIVE}/board")["teams"].items()}

    def report(self, node: str, count: int | None = 1, grade: str = "general") -> str:
        said = {"kind": "flood", "title": f"{node} 积水", "grade": grade, **_at(node)}
        incident: str = self.person.post(f"{LIVE}/incidents", **said)["id"]
        if count is not None:
            need = {"abilities": ["flood"], "count": count}
            self.person.post(f"{LIVE}/incidents/{incident}/needs", 200, needs=[need])
        return incident

    def propose(self, **asked: Any) -> Any:
        return self.person.post(f"{LIVE}/allocation", 200, **asked)

    def moves(self, **asked: Any) -> dict[str, tuple[str, str, float]]:
        found = self.propose(**asked)["moves"]
        return {m["code"]: (m["action"], m["incident_id"], round(m["eta_s"] / 60, 3)) for m in found}

    def accept(self, status: int, *moves: dict[str, Any], reason: str = "") -> Any:
        return self.person.post(f"{LIVE}/allocation/accept", status, moves=list(moves), reason=reason)

    def go(self, code: str, incident: str, **more: Any) -> dict[str, Any]:
        return {"team_id": self.teams[code], "incident_id": incident, **more}

    def states(self) -> dict[str, str]:
        return {t["code"]: t["state"] for t in self.person.get(f"{LIVE}/board")["teams"].values()}


@pytest.fixture
def desk(people: Callable[[str], Person]) -> Desk:
    return Desk(people("operator"))


def test_one_need_gets_the_team_that_is_there_first(desk: Desk) -> None:
    incident = desk.report("C3")
    desk.person.post(f"{LIVE}/closures", reason="积水 28 cm", **dict(zip(("lon", "lat"), middle("N2–N3"), strict=True)))
    found = desk.propose()
    assert [(m["code"], m["rank"], m["eta_s"]) for m in found["moves"]] == [("T2", 1, 258)]
    assert [(one["code"], one["why"]) for one in found["idle"]] == [("T1", "spare")]
    assert (found["needs"][0]["given"], found["needs"][0]["short"]) == (1, 0)
    desk.accept(201, desk.go("T2", incident))
    # the ways of the handbook's step 9 are as they were: T1 remains, as first choice now
    offers = desk.person.get(f"{LIVE}/incidents/{incident}/recommendations")["offers"]
    assert [round(o["eta_s"] / 60, 3) for o in offers] == [7.6]


def test_two_needs_share_two_teams_and_it_says_why(desk: Desk) -> None:
    light, grave = desk.report("C3"), desk.report("C5", grade="major")
    found = desk.propose()
    moves = {m["code"]: m for m in found["moves"]}
    assert (moves["T2"]["incident_id"], moves["T2"]["eta_s"]) == (grave, pytest.approx(78))
    assert (moves["T1"]["incident_id"], moves["T1"]["eta_s"], moves["T1"]["rank"]) == (light, pytest.approx(438), 2)
    assert "演示队伍 T2更快（4.3 分），但安排在：C5 积水" in [one["zh"] for one in moves["T1"]["reasons"]]
    assert (found["persons"], found["covered_before"], found["covered_after"]) == (725, 725, 0)


def test_what_is_short_goes_to_the_gravest_first(desk: Desk) -> None:
    desk.report("C3", None)
    grave = desk.report("C5", None, "major")
    found = desk.propose()
    assert {m["incident_id"] for m in found["moves"]} == {grave}
    assert [(one["usual"], one["need"]["count"], one["given"], one["short"]) for one in found["needs"]] == [
        (True, 1, 0, 1),
        (True, 4, 2, 2),
    ]
    assert found["needs"][0]["out"] == {"elsewhere": 2}


def test_a_part_may_be_accepted_and_a_taken_team_stops_the_whole(desk: Desk) -> None:
    light, grave = desk.report("C3"), desk.report("C5", grade="major")
    made = desk.accept(201, desk.go("T1", light), reason="先派")["dispatches"]
    assert [(one["incident_id"], one["state"], one["reason"]) for one in made] == [(light, "ordered", "联合调派：先派")]
    problem = desk.accept(409, desk.go("T2", grave), desk.go("T1", light))
    assert "T1不能派出" in problem["detail"]
    assert desk.states() == {"T1": "mustering", "T2": "standby"}
    assert desk.moves() == {"T1": ("keep", light, pytest.approx(7.3, abs=0.1)), "T2": ("send", grave, 1.3)}
    last = [one["kind"] for one in desk.person.get(f"{LIVE}/journal", limit=1000)]
    assert last[-2:] == ["TeamDispatched", "AllocationAccepted"]


def test_a_team_that_musters_may_be_sent_elsewhere_one_that_left_may_not(desk: Desk) -> None:
    light = desk.report("C3")
    old = desk.accept(201, desk.go("T2", light))["dispatches"][0]["id"]
    grave = desk.report("C5", grade="major")
    assert {code: move[:2] for code, move in desk.moves().items()} == {"T2": ("keep", light), "T1": ("send", grave)}
    moves = desk.moves(redirect=True)
    assert moves == {"T2": ("redirect", grave, 1.3), "T1": ("send", light, 7.3)}
    desk.accept(201, desk.go("T2", grave, from_dispatch=old), desk.go("T1", light))
    board = desk.person.get(f"{LIVE}/board")["dispatches"]
    assert {(one["team_id"], one["incident_id"]) for one in board.values()} == {
        (desk.teams["T2"], grave),
        (desk.teams["T1"], light),
    }
    second = next(one["id"] for one in board.values() if one["team_id"] == desk.teams["T2"])
    for step in ("acknowledged", "departed"):
        desk.person.post(f"{LIVE}/dispatches/{second}/advance", 200, to=step)
    graver = desk.report("N5", grade="extraordinary")
    assert desk.moves(redirect=True)["T2"][:2] == ("keep", grave)
    assert "不在集结" in desk.accept(409, desk.go("T2", graver, from_dispatch=second))["detail"]


def test_a_reserve_holds_a_team_back(desk: Desk) -> None:
    desk.report("C3", 2)
    found = desk.propose(reserve_share=1.0)
    assert [(m["code"], m["action"]) for m in found["moves"]] == [("T2", "send")]
    assert [(one["code"], one["why"]) for one in found["idle"]] == [("T1", "reserve")]
    assert (found["reserved"], found["covered_after"], found["needs"][0]["short"]) == (True, 725, 1)
    assert len(desk.moves(reserve_share=0.0)) == 2


def test_who_rests_or_has_been_out_too_long_is_not_proposed(desk: Desk, mini_db: Engine) -> None:
    desk.report("C3")
    desk.person.post(f"{LIVE}/teams/{desk.teams['T2']}/state", 200, state="resting")
    found = desk.propose()
    assert [m["code"] for m in found["moves"]] == ["T1"]
    assert [(one["code"], one["why"], one["zh"]) for one in found["idle"]] == [("T2", "resting", "休整")]
    with parameters(mini_db, {"allocation.duty_hours": "1"}):
        found = desk.propose()
    assert (found["moves"], found["needs"][0]["out"]) == ([], {"tired": 1, "busy": 1})


def test_needs_in_persons_and_of_an_ability(desk: Desk, mini_db: Engine) -> None:
    incident = desk.report("C3", None)
    needs = f"{LIVE}/incidents/{incident}/needs"
    desk.person.post(needs, 200, needs=[{"abilities": ["flood"], "count": 13, "in_persons": True}])
    assert sorted(desk.moves()) == ["T1", "T2"]
    problem = desk.person.post(needs, 422, needs=[{"abilities": ["pump"], "count": 1}])
    assert (problem["field"], "pump" in problem["detail"]) == ("needs.0.abilities", True)
    insert(
        mini_db, "equipment", code="E1", name="演示泵", team_code="T1", category="pump", count=1, state="ready"
    )  # fmt: skip
    desk.person.post(needs, 200, needs=[{"abilities": ["flood", "pump"], "count": 1}])
    assert desk.moves() == {"T1": ("send", incident, 7.3)}
    assert desk.person.get(f"{LIVE}/incidents/{incident}")["needs"][0]["abilities"] == ["flood", "pump"]
    desk.person.post(needs, 200, needs=[])
    assert desk.propose()["needs"] == []
    desk.person.post(needs, 200, needs=None)
    assert desk.propose()["needs"][0]["usual"] is True


def test_a_need_ends_and_closed_incidents_ask_for_nothing(people: Callable[[str], Person], desk: Desk) -> None:
    incident = desk.report("C3")
    people("commander").post(f"{LIVE}/incidents/{incident}/close", 200, ground="误报")
    assert desk.propose()["needs"] == []
    desk.person.post(f"{LIVE}/incidents/{incident}/needs", 409, needs=None)


def test_where_to_wait(desk: Desk, mini_db: Engine) -> None:
    with mini_db.begin() as connection:
        lon, lat = NODES["N3"]
        connection.execute(
            text(
                "insert into gis.staging_area (code, name, valid_from, geom)"
                f" values ('P1', '演示集结场', now(), st_setsrid(st_point({lon}, {lat}), 4490))"
            )
        )
    with parameters(mini_db, {"allocation.cover_minutes": "2"}):
        found = desk.person.post(f"{LIVE}/allocation/stand-by", 200, most_moves=1)
        (move,) = found["moves"]
        assert (move["code"], move["place"], move["move_s"]) == ("T2", "演示集结场", pytest.approx(168))
        assert (found["covered_before"], found["covered_after"]) == (40, 260)  # C5; C3 alone
        assert (move["gained"], move["lost"]) == (260, 40)
        assert desk.person.post(f"{LIVE}/allocation/stand-by", 200, most_moves=0)["moves"] == []
        body = {"moves": [{"team_id": move["team_id"], "place_id": move["place_id"]}]}
        desk.person.post(f"{LIVE}/allocation/stand-by/accept", **body)
    (task,) = desk.person.get(f"{LIVE}/board")["tasks"].values()
    assert (task["text_zh"], task["team_id"]) == ("演示队伍 T2前往演示集结场待命", move["team_id"])
    desk.person.post(f"{LIVE}/teams/{move['team_id']}/state", 200, state="resting")
    desk.person.post(f"{LIVE}/allocation/stand-by/accept", 409, **body)


def test_ways_keep_out_of_a_downwind_sector_as_the_ranking_does(desk: Desk) -> None:
    incident = desk.report("C3")
    before = desk.moves()
    assert len(before) == 1
    way = desk.person.get(f"{LIVE}/incidents/{incident}/recommendations")["offers"][0]["route"]["coordinates"]
    (x, y), d = way[len(way) // 2], 0.0003
    ring = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    mark = desk.person.post(f"{LIVE}/incidents/{incident}/marks", kind="downwind", geometry=shape)
    after = desk.moves()
    assert after != before
    best = desk.person.get(f"{LIVE}/incidents/{incident}/recommendations")["offers"][0]
    (sent,) = (one for one, id_ in desk.teams.items() if id_ == best["team_id"])
    assert after == {sent: ("send", incident, round(best["eta_s"] / 60, 3))}
    desk.person.post(f"{LIVE}/marks/{mark['id']}/end", 200, finding="达标")
    assert desk.moves() == before
