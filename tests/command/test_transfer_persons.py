"""Persons by the handbook's 5.6: whatever is claimed and verified in whatever order, states and counts are right."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select, text

from command import board, worlds
from command.transfer import orders, persons, registration, retention, shelters
from command.transfer.tables import ShelterRegistration, TransferHousehold, TransferPerson, TransferStep
from gis_data.db import Writing, reading, writing
from gis_data.errors import Conflict, Denied, NotFound
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.command.transfers import CADRE, COMMANDER, HOMES, OPERATOR, TOWN_CADRE, add_people, issued
from tests.command.transfers import persons as people_of
from tests.conftest import tries

_numbers = itertools.count(1)
FORTH = {
    "due": {"notified", "contacted", "departed", "arrived", "away", "unreachable", "refused", "medical"},
    "notified": {"contacted", "departed", "arrived", "away", "unreachable", "refused", "medical"},
    "contacted": {"departed", "arrived", "away", "unreachable", "refused", "medical"},
    "departed": {"arrived", "unreachable", "medical"},
    "arrived": {"verified", "unreachable", "medical"},
    "verified": {"medical"},
    "away": {"away_confirmed", "contacted", "arrived"},
    "away_confirmed": {"contacted", "arrived"},
    "unreachable": {"contacted", "arrived", "away", "medical"},
    "refused": {"persuaded", "forced", "arrived", "medical"},
    "persuaded": {"departed", "refused", "forced", "arrived", "medical"},
    "forced": {"departed", "arrived", "medical"},
    "medical": {"arrived", "verified"},
    "may_return": {"returned"},
    "returned": set(),
}
"""The handbook's 5.6 as a table of its own, against which the commands are held."""
JUDGED = {"verified", "away_confirmed"}
codes = st.sampled_from(people_of(HOMES[1])[:2])


class Persons(RuleBasedStateMachine):
    """Two cadres, a keeper who scans, a commander who forces and releases; a model that knows what must come of it."""

    engine: Engine

    @initialize()
    def begin(self) -> None:
        name = f"drill-persons{next(_numbers)}"
        self.world = worlds.create_drill(self.engine, SYSTEM, name, "人员")
        self.order = issued(self.world)
        self.state = {code: "due" for home in HOMES for code in people_of(home)}
        self.claimed_by: dict[str, str] = {}
        self.there: set[str] = set()
        self.verified: set[str] = set()
        self.forced: set[str] = set()
        self.inside: set[str] = set()
        self.force = self.released = False
        with writing(self.world, OPERATOR) as tx:
            shelters.put(tx, "S1", "open")

    def teardown(self) -> None:
        worlds.drop_drill(self.engine, SYSTEM, self.world.name)

    def do(self, actor: Actor, command: Callable[[Writing], Any]) -> bool:
        with suppress(Conflict, Denied, NotFound), writing(self.world, actor) as tx:
            command(tx)
            return True
        return False

    @rule(code=codes, to=st.sampled_from(sorted(persons.STEPS)), who=st.sampled_from([CADRE, TOWN_CADRE]))
    def any_step(self, code: str, to: str, who: Actor) -> None:
        self.step(code, to, who)

    @rule(code=codes, number=st.integers(0, 1000), who=st.sampled_from([CADRE, TOWN_CADRE]))
    def next_step(self, code: str, number: int, who: Actor) -> None:
        if possible := sorted(FORTH[self.state[code]]):
            self.step(code, possible[number % len(possible)], who)

    def step(self, code: str, to: str, who: Actor) -> None:
        where = "relatives" if to == "arrived" else None
        said = persons.Said(to, persons=(code,), destination=where, note="说明")  # type: ignore[arg-type]
        before = self.state[code]
        allowed = to in FORTH[before] and (to == "returned") == self.released
        allowed &= to != "forced" or self.force
        allowed &= to not in JUDGED or self.claimed_by.get(code) != who.username
        assert self.do(who, lambda tx: persons.step(tx, self.order.id, uuid4(), said)) == allowed, (before, to)
        if not allowed:
            return
        self.state[code] = to
        if to in ("arrived", "away", "medical", "contacted", "departed", "unreachable"):
            self.claimed_by.pop(code, None)
            self.there.discard(code)
            self.verified.discard(code)
        if to in ("arrived", "away", "medical"):
            self.claimed_by[code] = who.username
        if to in ("arrived", "medical"):
            self.there.add(code)
        if to == "verified":
            self.verified.add(code)
        if to == "forced":
            self.forced.add(code)

    @rule(code=codes)
    def scan(self, code: str) -> None:
        """A shelter's scan verifies whoever comes, whatever was said of them before."""
        row = registration.Row(code=code)
        done = self.do(CADRE, lambda tx: registration.register(tx, "S1", uuid4(), [row], "scan"))
        assert done == (code not in self.inside)
        if not done:
            return
        self.inside.add(code)
        if self.released:
            return
        self.claimed_by[code] = CADRE.username
        self.state[code] = "verified"
        self.there.add(code)
        self.verified.add(code)

    @rule(who=st.sampled_from([COMMANDER, Actor("second", "副总指挥", "commander")]))
    def confirm_force(self, who: Actor) -> None:
        self.do(OPERATOR, lambda tx: orders.ask_force(tx, self.order.id, "条例（演示）"))
        done = self.do(who, lambda tx: orders.confirm_force(tx, self.order.id))
        assert done == (not self.force and not self.released)
        self.force |= done

    @rule(now=st.sampled_from(range(20)))
    def release(self, now: int) -> None:
        if now != 13 or self.released:
            return
        self.do(COMMANDER, lambda tx: orders.release(tx, self.order.id, [("key_village:V-07", "已核查")]))
        back = {"departed", "forced", "arrived", "verified", "medical"}
        self.state = {code: "may_return" if state in back else state for code, state in self.state.items()}
        self.released = True

    @invariant()
    def counts_are_those_of_the_persons(self) -> None:
        if not hasattr(self, "order"):
            return
        with reading(self.world, OPERATOR) as tx:
            rows = tx.session.execute(select(TransferPerson.code, TransferPerson.state)).all()
            shown = board.item(tx.session, "transfers", self.order.id)
        assert {row.code: row.state for row in rows} == self.state
        many = Counter(self.state.values())
        counts = {name: shown[name] for name in ("due", "claimed", "verified", "away", "forced", "on_the_way")}
        assert counts == {
            "due": 61, "claimed": len(self.there), "verified": len(self.verified),
            "away": many["away_confirmed"], "forced": len(self.forced), "on_the_way": many["departed"],
        }  # fmt: skip


def test_persons_go_through_their_states(mini_db: Engine, data_dir: Path) -> None:
    add_people(mini_db, data_dir)
    Persons.engine = mini_db
    Persons.TestCase.settings = settings(
        max_examples=tries(8), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Persons.TestCase().runTest()


def test_each_state_allows_the_steps_of_the_handbook_alone(mini_db: Engine, data_dir: Path) -> None:
    add_people(mini_db, data_dir)
    world, code = get_world(mini_db, "live"), people_of(HOMES[1])[0]
    order = issued(world)
    with writing(world, OPERATOR) as tx:
        orders.ask_force(tx, order.id, "条例（演示）")
    with writing(world, COMMANDER) as tx:
        orders.confirm_force(tx, order.id)

    def able(state: str, to: str) -> bool:
        with mini_db.begin() as connection:
            connection.execute(
                text("update live.transfer_person set state = :state where code = :code"),
                {"state": state, "code": code},
            )
            said = "released" if to == "returned" else "issued"
            connection.execute(text("update live.transfer_order set state = :said"), {"said": said})
        where = "relatives" if to == "arrived" else None
        said_of = persons.Said(to, persons=(code,), destination=where, note="说明")  # type: ignore[arg-type]
        with suppress(Conflict), writing(world, replace(CADRE, username=f"{state}-{to}")) as tx:
            persons.step(tx, order.id, uuid4(), said_of)
            return True
        return False

    for state, allowed in FORTH.items():
        assert {to for to in persons.STEPS if able(state, to)} == allowed, state


def test_records_are_deleted_when_their_time_is_over(mini_db: Engine, data_dir: Path) -> None:
    add_people(mini_db, data_dir)
    world: World = get_world(mini_db, "live")
    order = issued(world)
    with writing(world, OPERATOR) as tx:
        shelters.put(tx, "S1", "open")
        rows = [registration.Row(code=HOMES[1]), registration.Row(code=HOMES[1], direction="out", to="relatives")]
        registration.register(tx, "S1", uuid4(), rows, "manual")
    with writing(world, COMMANDER) as tx:
        orders.release(tx, order.id, [("key_village:V-07", "已核查")])
        orders.end(tx, order.id, "均已返回")

    def purge(only_say: bool = False) -> retention.Past:
        with writing(world, SYSTEM) as tx:
            return retention.purge(tx, only_say=only_say)

    assert purge().persons == 0
    with mini_db.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '181 days'"))
    assert (purge(only_say=True).persons, purge().persons, purge().persons) == (61, 61, 0)
    with reading(world, OPERATOR) as tx:
        for table in (TransferPerson, TransferHousehold, TransferStep, ShelterRegistration):
            assert tx.session.scalars(select(table)).all() == []
        assert board.item(tx.session, "transfers", order.id)["due"] == 61
