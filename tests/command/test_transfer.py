"""Transfer orders: who, in which order, to which shelter with room, by which way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from command import board
from command.transfer import orders
from command.transfer.tables import TransferHousehold
from gis_data.db import reading, writing
from gis_data.world import World
from tests.command.transfers import BEYOND, HOMES, OPERATOR, add_people


@pytest.fixture
def village(mini: World, data_dir: Path) -> World:
    add_people(mini.engine, data_dir)
    return mini


def test_a_draft_says_who_goes_where_and_changes_nothing(village: World) -> None:
    with writing(village, OPERATOR) as tx:
        said = orders.Draft("立即转移", tx.at + timedelta(hours=3), (("key_village", "V-07"),))
        order = orders.draft(tx, said)
    with reading(village, OPERATOR) as tx:
        plan = orders.planned(tx, orders.get_order(tx, order.id))
        assert (len(plan.homes), plan.persons, plan.vulnerable, plan.unplaced) == (23, 61, 3, 0)
        assert [home.code for home, _ in plan.homes][:3] == [HOMES[2], HOMES[0], HOMES[1]]
        ways = {home.code: way for home, way in plan.homes}
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
