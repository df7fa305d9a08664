"""Recommendation, dispatch and closures on the handbook's XH-MINI (7.3) and scenario A, step 9."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command import board, closures, dispatch, field, incidents, teams, worlds
from command.recommend import Ranking
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.tables import ClockRow
from gis_data.world import SYSTEM, Actor, World
from tests.conftest import middle

OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")
VIEWER = Actor("viewer", "浏览", "viewer")


def _report(world: World, node: str = "C3", kind: str = "flood") -> UUID:
    with writing(world, OPERATOR) as tx:
        incident, _ = incidents.report(tx, incidents.Report(kind, f"{node} 积水", *NODES[node]))
        return incident.id


def _ranking(world: World, incident: UUID) -> Ranking:
    with reading(world) as tx:
        return dispatch.recommendations(tx, incident).ranking


def _team(world: World, code: str) -> UUID:
    with reading(world) as tx:
        return next(UUID(t["id"]) for t in board.items(tx.session, "teams").values() if t["code"] == code)


def _codes(world: World, ranking: Ranking) -> list[tuple[str, float]]:
    with reading(world) as tx:
        codes = {id_: t["code"] for id_, t in board.items(tx.session, "teams").items()}
    return [(codes[o.team_id], round(o.eta_s / 60, 4)) for o in ranking.offers]


def _close(world: World, road: str) -> UUID:
    with writing(world, OPERATOR) as tx:
        return closures.close(tx, *middle(road), "积水").id


def test_the_handbooks_dispatch_case(mini: World) -> None:
    incident = _report(mini)
    assert _codes(mini, _ranking(mini, incident)) == [("T2", 4.3), ("T1", 7.3)]


def test_the_handbooks_closure_case(mini: World) -> None:
    incident = _report(mini)
    _close(mini, "N2–N3")
    ranking = _ranking(mini, incident)
    assert _codes(mini, ranking) == [("T2", 4.3), ("T1", 7.6)]
    t1 = ranking.offers[1]
    assert (t1.route.metres, round(t1.travel_s / 60, 4)) == (pytest.approx(1300), 2.6)


def test_a_resting_team_is_absent_with_its_reason(mini: World) -> None:
    incident = _report(mini)
    with writing(mini, OPERATOR) as tx:
        teams.set_state(tx, _team(mini, "T2"), "resting", "")
    ranking = _ranking(mini, incident)
    assert _codes(mini, ranking) == [("T1", 7.3)]
    assert [(a.code, a.reason.zh) for a in ranking.absent] == [("resting", "休整中")]


def test_another_than_the_first_needs_a_reason(mini: World) -> None:
    incident, t1 = _report(mini), _team(mini, "T1")
    with pytest.raises(Invalid) as refused, writing(mini, OPERATOR) as tx:
        dispatch.order(tx, incident, t1, " ")
    assert refused.value.field == "reason"
    with writing(mini, OPERATOR) as tx:
        row = dispatch.order(tx, incident, t1, "T2 留守")
    assert row.reason == "T2 留守"


def test_a_busy_team_is_a_conflict_and_nothing_changes(mini: World) -> None:
    first, second, t2 = _report(mini), _report(mini, "C4"), _team(mini, "T2")
    with writing(mini, OPERATOR) as tx:
        dispatch.order(tx, first, t2, "")
    with reading(mini) as tx:
        before = board.snapshot(tx)
    with pytest.raises(Conflict), writing(mini, OPERATOR) as tx:
        dispatch.order(tx, second, t2, "也要")
    with reading(mini) as tx:
        after = board.snapshot(tx)
    assert {**after, "at": 0, "real_at": 0} == {**before, "at": 0, "real_at": 0}


def test_each_step_is_timed_and_in_order(mini: World) -> None:
    incident, t2 = _report(mini), _team(mini, "T2")
    with writing(mini, OPERATOR) as tx:
        which = dispatch.order(tx, incident, t2, "").id
    states, places = [], []
    for to in ("acknowledged", "departed", "arrived", "working", "released"):
        with writing(mini, OPERATOR) as tx:
            dispatch.advance(tx, which, to, "")
        with reading(mini) as tx:
            team = board.item(tx.session, "teams", t2)
            states.append(team["state"])
            places.append((team["lon"], team["lat"]))
            done = board.item(tx.session, "dispatches", which)
    assert states == ["mustering", "en_route", "on_scene", "working", "standby"]
    assert places == [NODES["N5"], NODES["N5"], NODES["C3"], NODES["C3"], NODES["N5"]]
    times = [done[f"{s}_at"] for s in ("ordered", "acknowledged", "departed", "arrived", "working", "released")]
    assert all(times)
    assert times == sorted(times)


@pytest.mark.parametrize("to", ["departed", "arrived", "working"])
def test_a_step_cannot_be_skipped(mini: World, to: str) -> None:
    incident, t2 = _report(mini), _team(mini, "T2")
    with writing(mini, OPERATOR) as tx:
        which = dispatch.order(tx, incident, t2, "").id
    with pytest.raises(Conflict), writing(mini, OPERATOR) as tx:
        dispatch.advance(tx, which, to, "")


def test_a_closure_cuts_a_route_and_the_team_is_sent_another_way(mini: World) -> None:
    incident, t1 = _report(mini), _team(mini, "T1")
    with writing(mini, OPERATOR) as tx:
        which = dispatch.order(tx, incident, t1, "指定").id
    closure = _close(mini, "N2–N3")
    with reading(mini) as tx:
        now = board.item(tx.session, "dispatches", which)
    assert (now["route_valid"], now["distance_m"], now["travel_s"]) == (True, pytest.approx(1300), pytest.approx(156))
    assert now["closures"] == [str(closure)]
    assert "改线" in now["route_note"]


def _under_way(world: World, minutes: float) -> UUID:
    """A drill's T1 sent to C3, departed that many minutes ago on the drill's stopped clock."""
    incident, t1 = _report(world), _team(world, "T1")
    with writing(world, COMMANDER) as tx:
        worlds.set_clock(tx, 0)
    with writing(world, OPERATOR) as tx:
        row = dispatch.order(tx, incident, t1, "指定")
        dispatch.advance(tx, row.id, "acknowledged", "")
        dispatch.advance(tx, row.id, "departed", "")
    with writing(world, SYSTEM) as tx:
        tx.session.get_one(ClockRow, 1).sim0 += timedelta(minutes=minutes)
    return row.id


@pytest.fixture
def drill(mini: World) -> World:
    return worlds.create_drill(mini.engine, SYSTEM, "drill-way", "途中")


def test_a_closure_behind_a_team_does_not_cut_its_route(drill: World) -> None:
    which = _under_way(drill, 1.0)  # 500 m gone of 1,150: N1–N2 lies behind
    _close(drill, "N1–N2")
    with reading(drill) as tx:
        assert board.item(tx.session, "dispatches", which)["route_note"] == ""
    _close(drill, "N2–N3")
    with reading(drill) as tx:
        assert "已改线" in board.item(tx.session, "dispatches", which)["route_note"]


def test_a_team_under_way_is_sent_on_from_where_it_is(drill: World) -> None:
    which = _under_way(drill, 0.5)  # 250 m gone, still on N1–N2
    _close(drill, "N2–N3")
    with reading(drill) as tx:
        now = board.item(tx.session, "dispatches", which)
    assert now["route_valid"]
    assert now["distance_m"] == pytest.approx(1300 - 250, rel=0.02)


def test_an_overdue_team_is_asked_where_it_is(drill: World) -> None:
    which = _under_way(drill, 10)
    _close(drill, "N2–N3")
    with reading(drill) as tx:
        now = board.item(tx.session, "dispatches", which)
    assert (now["route_valid"], "位置不明" in now["route_note"]) == (False, True)


def test_a_fresh_place_of_its_leader_says_where_a_team_is(drill: World) -> None:
    which = _under_way(drill, 10)  # overdue by its route's time
    with reading(drill) as tx:
        name, at = board.item(tx.session, "teams", _team(drill, "T1"))["name"], tx.at
    field.heard(drill, Actor("t1", name, "field", ("330106010",)), field.Position(*NODES["N2"], 9.0, at), None)
    _close(drill, "N1–N2")  # behind it
    with reading(drill) as tx:
        assert board.item(tx.session, "dispatches", which)["route_note"] == ""
    _close(drill, "N2–N3")
    with reading(drill) as tx:
        now = board.item(tx.session, "dispatches", which)
    assert (now["route_valid"], "已改线" in now["route_note"]) == (True, True)


def test_a_closure_that_leaves_no_way_says_so_and_lifting_it_mends_it(mini: World) -> None:
    incident, t2 = _report(mini), _team(mini, "T2")
    with writing(mini, OPERATOR) as tx:
        which = dispatch.order(tx, incident, t2, "").id
    _close(mini, "N3–N4")
    last = _close(mini, "N5–S1")
    with reading(mini) as tx:
        cut = board.item(tx.session, "dispatches", which)
    assert not cut["route_valid"]
    assert "无其他道路可达" in cut["route_note"]
    with writing(mini, OPERATOR) as tx:
        closures.lift(tx, last, "水退")
    with reading(mini) as tx:
        mended = board.item(tx.session, "dispatches", which)
    assert mended["route_valid"]
    assert mended["distance_m"] == pytest.approx(1200 + 450 + 300 + 600 + 250, abs=0.5)


def test_an_unreachable_team_is_listed_so(mini: World) -> None:
    incident = _report(mini)
    _close(mini, "N3–N4")
    _close(mini, "N5–S1")
    ranking = _ranking(mini, incident)
    assert _codes(mini, ranking) == [("T1", 7.3)]
    assert [a.code for a in ranking.absent] == ["unreachable"]


def test_who_may_not_may_not(mini: World) -> None:
    incident, t2 = _report(mini), _team(mini, "T2")
    with pytest.raises(Denied), writing(mini, VIEWER) as tx:
        dispatch.order(tx, incident, t2, "")
    with pytest.raises(Denied), writing(mini, OPERATOR) as tx:
        incidents.close(tx, incident, "完毕")


def test_an_incident_with_teams_out_cannot_be_closed(mini: World) -> None:
    incident, t2 = _report(mini), _team(mini, "T2")
    with writing(mini, OPERATOR) as tx:
        dispatch.order(tx, incident, t2, "")
    with pytest.raises(Conflict), writing(mini, COMMANDER) as tx:
        incidents.close(tx, incident, "完毕")


def test_the_same_report_twice_is_one(mini: World) -> None:
    said = incidents.Report("flood", "积水", *NODES["C3"], id=UUID(int=7))
    with writing(mini, OPERATOR) as tx:
        first, new = incidents.report(tx, said)
    with writing(mini, OPERATOR) as tx:
        again, newer = incidents.report(tx, said)
    assert (first.no, new, newer) == (again.no, True, False)


def test_swapped_coordinates_are_refused(mini: World) -> None:
    lon, lat = NODES["C3"]
    with pytest.raises(Invalid), writing(mini, OPERATOR) as tx:
        incidents.report(tx, incidents.Report("flood", "积水", lat, lon))


STEPS = ("ordered", "acknowledged", "departed", "arrived", "working", "released")
MEANT = ("mustering", "mustering", "en_route", "on_scene", "working", "standby")
"""Steps of an order (签收 → 出发 → 到达 → 作业 → 撤收), and what its team is doing at each."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=9))
def test_steps_come_in_order_and_a_team_is_released_from_any(mini: World, wishes: list[str]) -> None:
    incident, team = _report(mini), _team(mini, "T1")
    with writing(mini, OPERATOR) as tx:
        order = dispatch.order(tx, incident, team, "就近").id
    at, timed = 0, ["ordered"]
    for wish in [*wishes, "released"]:
        allowed = at < 5 and (wish == "released" or STEPS.index(wish) == at + 1)
        try:
            with writing(mini, OPERATOR) as tx:
                dispatch.advance(tx, order, wish, "")
        except Conflict:
            assert not allowed
        else:
            assert allowed
            at = STEPS.index(wish)
            timed.append(wish)
        with reading(mini) as tx:
            row = dispatch.get_dispatch(tx.session, order)
            assert (row.state, teams.state(tx.session, team)) == (STEPS[at], MEANT[at])
            assert [step for step in STEPS if getattr(row, f"{step}_at") is not None] == timed
