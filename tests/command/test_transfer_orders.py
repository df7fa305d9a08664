"""Transfer orders: who, in which order, to which shelter with room, by which way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import ProgrammingError

from command import board, journal, observations, watching
from command.stations import Source
from command.transfer import orders, persons, registration, shelters
from command.transfer.plan import objects_of, plan
from command.transfer.tables import TransferHousehold, TransferPerson
from gis_data.db import reading, writing
from gis_data.world import World, get_world
from tests.command.gauges import add_gauges
from tests.command.slopes import add_slopes
from tests.command.transfers import BEYOND, CADRE, HOMES, OPERATOR, add_people, issued


@pytest.fixture
def village(mini: World, data_dir: Path) -> World:
    add_people(mini.engine, data_dir)
    return mini


def test_a_draft_says_who_goes_where_and_changes_nothing(village: World) -> None:
    with writing(village, OPERATOR) as tx:
        said = orders.Draft("立即转移", tx.at + timedelta(hours=3), (("key_village", "V-07"),))
        order = orders.draft(tx, said)
    with reading(village, OPERATOR) as tx:
        found = orders.planned(tx, orders.get_order(tx, order.id))
        assert (len(found.homes), found.persons, found.vulnerable, found.unplaced) == (23, 61, 3, 0)
        assert [home.code for home, _ in found.homes][:3] == [HOMES[2], HOMES[0], HOMES[1]]
        ways = {home.code: way for home, way in found.homes}
        assert {way.refuge.code for way in ways.values() if way.refuge} == {"S1"}
        beyond, near = ways[BEYOND], ways[HOMES[1]]
        assert beyond.route
        assert near.route
        assert round(beyond.route.metres) == 900
        assert round(near.route.metres) == 650
        assert beyond.profile == "transfer_vulnerable"
        assert near.route.seconds == pytest.approx(650 / 1.2, abs=0.1)
        assert tx.session.scalars(select(TransferHousehold)).all() == []
        assert board.items(tx.session, "shelters") == {}
        [item] = board.items(tx.session, "transfers").values()
        assert (item["state"], item["due"]) == ("draft", 0)


def test_of_a_shelter_with_too_little_room_the_last_in_order_go_elsewhere(village: World) -> None:
    """61 are on their way to S1, and 150 others come in: 139 were free, so 11 or a few more are sent to S2."""
    order = issued(village)
    with writing(village, OPERATOR) as tx:
        shelters.put(tx, "S1", "open")
        step = persons.Said("departed", households=tuple(HOMES[:20]))
        persons.step(tx, order.id, uuid4(), step)
        registration.register(tx, "S1", uuid4(), [registration.Row(unlisted=150)], "manual")
    with reading(village, OPERATOR) as tx:
        found = board.items(tx.session, "shelters")
        assert found["S1"]["occupancy"] == 150
        assert found["S1"]["occupancy"] + found["S1"]["assigned"] <= 200
        assert found["S1"]["assigned"] + found["S2"]["assigned"] == 61
        assert found["S2"]["assigned"] == 12
        moved = tx.session.scalars(
            select(TransferHousehold.code).where(TransferHousehold.shelter_code == "S2").order_by("code")
        ).all()
    assert set(HOMES[20:]) <= set(moved)  # who has not departed yet goes elsewhere first


def test_nobody_is_placed_where_there_is_no_room_and_it_is_said(village: World) -> None:
    with writing(village, OPERATOR) as tx:
        for code in ("S2", "S4"):
            shelters.put(tx, code, "out_of_use", "停电")
        shelters.put(tx, "S1", "open")
        registration.register(tx, "S1", uuid4(), [registration.Row(unlisted=180)], "manual")
    order = issued(village)
    assert (order.due, order.unplaced) == (61, 41)
    with writing(village, OPERATOR) as tx:
        shelters.put(tx, "S2", "open")
        assert board.item(tx.session, "transfers", order.id)["unplaced"] == 0
        [last] = [entry for entry in journal.read(tx.session) if entry.kind == "HouseholdsAssigned"]
    assert "41 人" in last.body["zh"]


def test_row_level_security_keeps_towns_apart(village: World) -> None:
    issued(village)
    for actor, seen in ((CADRE, 61), (replace(CADRE, towns=("330106110",)), 0), (OPERATOR, 61), (None, 0)):
        with reading(village, actor) as tx:
            assert tx.session.scalar(select(func.count()).select_from(TransferPerson)) == seen
    with pytest.raises(ProgrammingError), writing(village, OPERATOR) as tx:
        tx.session.execute(text("update live.transfer_step set note = ''"))


def test_the_demo_districts_v07_and_the_whole_district(demo_db: Engine) -> None:
    world = get_world(demo_db, "live")
    with reading(world, OPERATOR) as tx:
        v07 = plan(tx, objects_of(tx, [("key_village", "V-07")]), None, "flood", overnight=True)
        assert (len(v07.homes), v07.persons, v07.unplaced) == (23, 61, 0)
        assert any(way.avoided for _, way in v07.homes)
        named = [("key_village", f"V-{n:02d}") for n in range(1, 30)]
        whole = plan(tx, objects_of(tx, named), None, "flood", overnight=True)
    assert (len(whole.homes), whole.persons) == (655, 1965)
    load = Counter[str]()
    for home, way in whole.homes:
        assert bool(way.problem) == (way.refuge is None) == (way.route is None)
        if way.refuge and way.route:
            load[way.refuge.code] += len(home.members)
            assert not way.refuge.reasons
            assert way.route.seconds <= 90 * 60
    rooms = {one.code: one.capacity or 0 for one in whole.refuges}
    assert all(taken <= rooms[code] for code, taken in load.items())
    assert load.total() + whole.unplaced == 1965
    weak = [home.group.vulnerable for home, _ in whole.homes]
    assert weak == sorted(weak, reverse=True)


def test_a_village_that_says_to_leave_at_once_has_a_draft_by_itself(mini: World, data_dir: Path) -> None:
    add_gauges(mini.engine)
    add_slopes(mini.engine)
    add_people(mini.engine, data_dir, village=False)

    def rain(mm: float) -> list[Any]:
        with reading(mini) as tx:
            row = {"station": "R-07", "at": tx.at.isoformat(), "value": mm, "span_s": 3600}
        watching.watch(mini, observations.take(mini, [row], Source("test")).stations)
        watching.tick(mini)
        with reading(mini) as tx:
            return list(board.items(tx.session, "transfers").values())

    [drafted] = rain(55)  # 1 h: 50 mm and more
    assert (drafted["state"], drafted["drafted_by"], drafted["scope"]) == ("draft", "系统", "演示村")
    assert "立即转移（内部提示）" in drafted["trigger"]
    with writing(mini, OPERATOR) as tx:
        orders.cancel(tx, UUID(drafted["id"]), "已核实，暂不转移")
    watching.tick(mini)
    with reading(mini) as tx:
        assert board.items(tx.session, "transfers") == {}  # nobody is asked twice
