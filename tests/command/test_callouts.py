"""Call-outs against the handbook's 5.6, as a machine: whatever is tried in whatever order, only its steps pass."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select, text

from command import board, callout_watch, callouts, journal, worlds
from command.callout_tables import CallEntry, CallRecord, OutMessage
from gis_data.db import Writing, reading, writing
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.world import SYSTEM, Actor
from tests.command.calls import FOUR, add_posts
from tests.command.slopes import add_slopes
from tests.conftest import tries

OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")
LIAISON = Actor("viewer", "联络员", "viewer")
ORDER = ("sent", "reached", "read_back", "action", "verified")
LADDERS = {
    "P-Q": ("phone",),
    "P-Z": ("phone", "deputy"),
    "P-C": ("phone", "deputy", "loudspeaker", "visit"),
    "P-G": ("phone", "deputy", "loudspeaker", "visit"),
}
"""What each post of V-07 can be tried by: no loudspeaker for towns and the district."""
START = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
_numbers = itertools.count(1)


class CallOut(RuleBasedStateMachine):
    """One call-out of V-07 in a drill whose clock stands still but for `wait`; a model beside it."""

    engine: Engine

    @initialize(pattern=st.sampled_from(["plain", "1833"]))
    def call(self, pattern: str) -> None:
        self.world = worlds.create_drill(self.engine, SYSTEM, f"drill-call{next(_numbers)}", "叫应")
        self.gaps = (5, 5, 5, 5) if pattern == "plain" else (3, 12, 15, 15)
        self.now = 0
        self._clock()
        said = callouts.NewCallOut("转移", "hazard", "key_village:V-07", "V-07", pattern=pattern)  # type: ignore[arg-type]
        with writing(self.world, OPERATOR) as tx:
            self.id = callouts.make(tx, said).id
            self.records = {one.post_code: one.id for one in callouts.records_of(tx.session, self.id)}
        assert tuple(self.records) == FOUR
        self.state = dict.fromkeys(FOUR, "sent")
        self.rung = dict.fromkeys(FOUR, 0)
        self.due: dict[str, int | None] = dict.fromkeys(FOUR, self.gaps[0])
        self.acted: dict[str, str] = {}
        self.overdue: set[str] = set()
        self.closed, self.escalated = False, 0

    def teardown(self) -> None:
        with reading(self.world) as tx:
            assert journal.verify(tx).broken_at is None
        worlds.drop_drill(self.engine, SYSTEM, self.world.name)

    def _clock(self) -> None:
        with self.engine.begin() as connection:
            at = {"at": START + timedelta(minutes=self.now)}
            connection.execute(text(f'update "{self.world.schema}".clock set sim0 = :at, speed = 0'), at)

    def _passes(self, command: Callable[[Writing], object], actor: Actor, expected: type[Exception] | None) -> bool:
        if expected:
            with pytest.raises(expected), writing(self.world, actor) as tx:
                command(tx)
            return False
        with writing(self.world, actor) as tx:
            command(tx)
        return True

    @rule(
        post=st.sampled_from(FOUR),
        to=st.sampled_from([*ORDER[1:], *ORDER[1:], "failed"]),
        actor=st.sampled_from([OPERATOR, COMMANDER, LIAISON]),
        words=st.sampled_from(["收到", "收到", ""]),
    )
    def step(self, post: str, to: str, actor: Actor, words: str) -> None:
        self._step(post, to, actor, words)

    def _step(self, post: str, to: str, actor: Actor, words: str) -> None:
        before = "sent" if to == "failed" else ORDER[ORDER.index(to) - 1]
        expected: type[Exception] | None = None
        if actor is LIAISON:
            expected = Denied
        elif self.closed or self.state[post] != before:
            expected = Conflict
        elif to == "verified" and self.acted.get(post) == actor.username:
            expected = Denied
        elif to in ("read_back", "action", "verified") and not words:
            expected = Invalid
        record = self.records[post]
        if not self._passes(lambda tx: callouts.step(tx, self.id, record, to, words), actor, expected):  # type: ignore[arg-type]
            return
        if to != "failed":
            self.state[post] = to
        if to == "reached":
            self.due[post] = None
        if to == "action":
            self.acted[post] = actor.username
        self.closed = set(self.state.values()) == {"verified"}

    @rule(posts=st.lists(st.sampled_from(FOUR), max_size=4), far=st.sampled_from(ORDER[1:]))
    def go_on(self, posts: list[str], far: str) -> None:
        """What usually happens: the steps in order, verified by another."""
        for post in posts:
            for to in ORDER[1 : ORDER.index(far) + 1]:
                actor = COMMANDER if self.acted.get(post) == "operator" else OPERATOR
                self._step(post, to, actor, "收到")

    @rule(minutes=st.integers(0, 8))
    def wait(self, minutes: int) -> None:
        self.now += minutes
        self._clock()
        callout_watch.settle(self.world)
        late = [post for post in FOUR if self.due[post] is not None and self.due[post] <= self.now]  # type: ignore[operator]
        for post in late:
            self.overdue.add(post)
            left = self.rung[post] + 1 < len(LADDERS[post])
            self.rung[post] += left
            self.due[post] = self.now + self.gaps[self.rung[post]] if left else None
        self.escalated += bool(late)

    @rule(reason=st.sampled_from(["", "雨停"]))
    def close(self, reason: str) -> None:
        if len([s for s in self.state.values() if s == "verified"]) < 2:
            return  # else few runs get far
        expected = Conflict if self.closed else Invalid if not reason else None
        if self._passes(lambda tx: callouts.close(tx, self.id, reason), OPERATOR, expected):
            self.closed, self.due = True, dict.fromkeys(FOUR, None)

    @invariant()
    def as_the_handbook_says(self) -> None:
        if not hasattr(self, "id"):
            return
        with reading(self.world) as tx:
            rows = {one.post_code: one for one in callouts.records_of(tx.session, self.id)}
            item = board.items(tx.session, "callouts").get(str(self.id))
            said = [entry.kind for entry in journal.read(tx.session)]
            steps = tx.session.execute(
                select(CallRecord.post_code, CallEntry.step)
                .join(CallRecord, CallRecord.id == CallEntry.record_id)
                .where(CallEntry.step.in_(ORDER))
            ).all()
            waiting = select(OutMessage.of_id).where(OutMessage.state == "waiting")
            open_to = set(tx.session.scalars(waiting))
        assert {code: row.state for code, row in rows.items()} == self.state
        assert {code: row.channel for code, row in rows.items()} == {
            code: LADDERS[code][self.rung[code]] for code in FOUR
        }
        assert {code: row.due_at for code, row in rows.items()} == {
            code: None if due is None else START + timedelta(minutes=due) for code, due in self.due.items()
        }
        for code, state in self.state.items():  # each step once, in order, timed
            passed = ORDER[: ORDER.index(state) + 1]
            assert sorted(step for of, step in steps if of == code) == sorted(passed)
            times = [getattr(rows[code], f"{name}_at") for name in ORDER]
            assert [at is not None for at in times] == [name in passed for name in ORDER]
            assert times[: len(passed)] == sorted(times[: len(passed)])
            assert not (state != "sent" and rows[code].id in open_to)
        assert said.count("CallEscalated") == self.escalated
        assert said.count("CallOutClosed") == self.closed
        assert (item is None) == self.closed
        if item:
            far = {name: sum(ORDER.index(s) >= ORDER.index(name) for s in self.state.values()) for name in ORDER}
            late = sum(self.state[code] == "sent" for code in self.overdue)
            assert (item["answered"], item["read_back"], item["acted"], item["verified"], item["overdue"]) == (
                far["reached"], far["read_back"], far["action"], far["verified"], late,
            )  # fmt: skip


@pytest.mark.usefixtures("empty_db")
def test_only_the_steps_of_the_handbook_pass(empty_db: Engine) -> None:
    CallOut.engine = empty_db
    add_slopes(empty_db)
    add_posts(empty_db)
    CallOut.TestCase.settings = settings(
        max_examples=tries(8), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    CallOut.TestCase().runTest()
