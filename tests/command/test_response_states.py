"""Responses: the state machine of the handbook's 5.5, and the three values of trigger rules."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, select, text

from command import board, closures, cyclones, journal, observations, tasks, warnings, watching, worlds
from command.cyclone_points import Issue, Track
from command.cyclone_tables import Cyclone
from command.responses import approval, decisions, plans, rules
from command.responses.tables import OPEN, Decision, Response
from command.stations import Source
from command.task_tables import Task
from gis_data.db import reading, writing
from gis_data.demo.plans import plans as demo_plans
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.plans import read
from gis_data.tables import PlanEdition
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, Actor, World, get_world
from layers.cyclone import Fix
from tests.command.gauges import add_gauges
from tests.command.slopes import TOWNS, add_slopes, warning
from tests.conftest import middle, tries

OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")
DEPUTY = Actor("deputy", "副总指挥", "commander")
ACTORS = st.sampled_from([OPERATOR, COMMANDER, DEPUTY])
WHO = (
    (OPERATOR, OPERATOR, COMMANDER),
    (COMMANDER, OPERATOR, DEPUTY),
    (OPERATOR, DEPUTY, COMMANDER),
    (COMMANDER, OPERATOR, COMMANDER),
    (OPERATOR, COMMANDER, COMMANDER),
)
"""Who proposes, submits and approves; the last two may not."""
FLOOD = demo_plans()[0]
HERE = ("flood", "330106")
ACTIONS = Counter(one["level"] for one in read(FLOOD).actions)
_numbers = itertools.count(1)


class Machine(RuleBasedStateMachine):
    """Decisions in any order by anybody, allowed or refused, beside a model of what they come to."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.world = worlds.create_drill(self.engine, SYSTEM, f"drill-level{next(_numbers)}", "响应")
        self.level, self.open = 0, dict[UUID, Decision]()

    def teardown(self) -> None:
        with reading(self.world) as tx:
            assert journal.verify(tx).broken_at is None
        worlds.drop_drill(self.engine, SYSTEM, self.world.name)

    def do(self, actor: Actor, command: Any) -> Any:
        try:
            with writing(self.world, actor) as tx:
                return command(tx)
        except (Conflict, Denied, Invalid):
            return None

    def pick(self, number: int) -> Decision:
        return sorted(self.open.values(), key=lambda one: one.no)[number % len(self.open)]

    def running(self) -> set[UUID]:
        with reading(self.world) as tx:
            return set(tx.session.scalars(select(Task.id).where(Task.ended_at.is_(None))))

    @rule(actor=ACTORS, to=st.integers(0, 4))
    def propose(self, actor: Actor, to: int) -> None:
        made = self.do(actor, lambda tx: decisions.propose(tx, decisions.Proposal(*HERE, to, "雨势")))
        possible = to != self.level and to not in {one.to_level for one in self.open.values()}
        assert (made is not None) == possible
        if made:
            self.open[made.id] = made

    @precondition(lambda self: self.open)
    @rule(actor=ACTORS, number=st.integers(0), conclusion=st.sampled_from(["", "同意"]))
    def consult(self, actor: Actor, number: int, conclusion: str) -> None:
        one = self.pick(number)
        held = self.do(actor, lambda tx: decisions.consult(tx, one.id, "防汛办", conclusion))
        assert (held is not None) == (one.state in ("proposed", "consulting"))
        if held:
            self.open[one.id] = held

    @precondition(lambda self: self.open)
    @rule(actor=ACTORS, number=st.integers(0), jump=st.sampled_from(["", "水位急涨"]))
    def submit(self, actor: Actor, number: int, jump: str) -> None:
        one = self.pick(number)
        sent = self.do(actor, lambda tx: decisions.submit(tx, one.id, decisions.Terms(jump_reason=jump)))
        before, after = one.from_level or 5, one.to_level
        far = after != 0 and abs(before - after) > 1
        assert (sent is not None) == (one.state in ("consulting", "submitted") and one.conclusion != "" and (
            jump != "" or not far
        ))  # fmt: skip
        if sent:
            self.open[one.id] = sent

    @precondition(lambda self: self.open)
    @rule(actor=ACTORS, number=st.integers(0), looked=st.booleans())
    def approve(self, actor: Actor, number: int, looked: bool) -> None:
        self.approved(self.pick(number), actor, looked)

    @rule(
        to=st.integers(0, 4),
        who=st.sampled_from(WHO),
        looked=st.sampled_from([True, True, True, False]),
    )
    def decide(self, to: int, who: tuple[Actor, Actor, Actor], looked: bool) -> None:
        """The whole way at once, by whom it may be."""
        self.propose(who[0], to)
        if one := next((one for one in self.open.values() if one.to_level == to), None):
            number = sorted(self.open.values(), key=lambda one: one.no).index(one)
            self.consult(who[0], number, "同意")
            self.submit(who[1], number, "水位急涨")
            self.approved(self.open[one.id], who[2], looked)

    def approved(self, one: Decision, actor: Actor, looked: bool) -> None:
        """Approve, and see that it was allowed and did what it should."""
        before = self.running()
        with reading(self.world) as tx:
            row = decisions.get(tx.session, one.id)
            closes = [task.id for task in approval.to_close(tx, row)]
            bound = {task.id: (task.level_bound, task.level) for task in tx.session.scalars(select(Task))}
        seen = closes if looked else []
        done = self.do(actor, lambda tx: approval.approve(tx, one.id, seen))
        may = actor.role == "commander" and actor.username not in (one.proposed_account, one.submitted_account)
        assert (done is not None) == (one.state == "submitted" and may and (looked or not closes))
        after = self.running()
        if not done:
            assert before == after
            return
        lost = before - after
        assert lost == set(closes)
        assert all(bound[id_][0] and (bound[id_][1] or 0) < (one.to_level or 5) for id_ in lost)
        if one.kind in ("start", "raise"):
            assert not lost
            levels = range(one.to_level, one.from_level or 5)
            with reading(self.world) as tx:
                open_now = tx.session.execute(select(Task.action_no, Task.level).where(Task.ended_at.is_(None))).all()
            assert {row.level for row in open_now} >= set(levels)
            for level in levels:
                assert len({row.action_no for row in open_now if row.level == level}) == ACTIONS[level]
        self.level = one.to_level
        self.open = self.stored()
        assert one.id not in self.open

    @precondition(lambda self: self.open)
    @rule(actor=ACTORS, number=st.integers(0), to=st.sampled_from(["rejected", "withdrawn"]))
    def turn_down(self, actor: Actor, number: int, to: str) -> None:
        one = self.pick(number)
        command = decisions.reject if to == "rejected" else decisions.withdraw
        gone = self.do(actor, lambda tx: command(tx, one.id, "再看"))
        assert (gone is not None) == (to == "withdrawn" or actor.role == "commander")
        if gone:
            del self.open[one.id]
            with reading(self.world) as tx:
                assert decisions.get(tx.session, one.id).state == to

    @rule(number=st.integers(0))
    def work(self, number: int) -> None:
        """Somebody gets a task done; another account verifies it."""
        if some := sorted(self.running()):
            which = some[number % len(some)]
            for actor, to in ((OPERATOR, "received"), (OPERATOR, "done"), (COMMANDER, "verified")):
                self.do(actor, lambda tx, to=to: tasks.step(tx, which, to, "已办", "无"))

    def stored(self) -> dict[UUID, Decision]:
        with reading(self.world) as tx:
            return {one.id: one for one in tx.session.scalars(select(Decision).where(Decision.state.in_(OPEN)))}

    @invariant()
    def stands_as_decided(self) -> None:
        with reading(self.world) as tx:
            row = tx.session.scalar(select(Response))
            assert (row.level if row else 0) == self.level
            waiting = {UUID(id_) for id_ in board.items(tx.session, "decisions")}
            assert waiting == set(self.open) == set(self.stored())
            assert all(one.from_level == self.level for one in self.stored().values())
            assert bool(board.items(tx.session, "responses")) == (self.level > 0)


@pytest.fixture
def planned(mini_db: Engine) -> Engine:
    plans.load(mini_db, FLOOD, SYSTEM)
    return mini_db


def test_levels_are_what_two_people_decided_and_no_task_is_lost(planned: Engine) -> None:
    Machine.engine = planned
    Machine.TestCase.settings = settings(
        max_examples=tries(8), stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Machine.TestCase().runTest()


@given(parts=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6), data=st.data())
def test_what_is_unknown_never_decides(parts: list[bool | None], data: st.DataObject) -> None:
    """A group is true or false only if it stays so whatever the unknown parts turn out to be."""
    least = data.draw(st.integers(1, len(parts)))
    possible = {
        sum(known) >= least
        for known in itertools.product(*([one] if one is not None else [True, False] for one in parts))
    }
    assert rules.at_least(least, parts) == (possible.pop() if len(possible) == 1 else None)


@pytest.fixture
def watched(empty_db: Engine) -> World:
    add_gauges(empty_db)
    add_slopes(empty_db)
    return get_world(empty_db, "live")


def holds(world: World, **when: Any) -> dict[str, Any]:
    """What one condition finds."""
    plan = PlanEdition(
        id=new_id(), track="flood", jurisdiction="330106", rules=[{"level": 4, "name": "x", "when": _whole(when)}]
    )
    with reading(world) as tx:
        ((one,),) = rules.evaluate(tx, [plan]).values()
        found: dict[str, Any] = one.findings[0]
        return found


def _whole(when: dict[str, Any]) -> Any:
    """The condition as a plan's file completes it."""
    ((name, leaf),) = when.items()
    said = FLOOD.decode().split("rules:")
    body = ", ".join(f'{key}: "{value}"' if key == "jurisdiction" else f"{key}: {value}" for key, value in leaf.items())
    file = (
        f"{said[0]}rules:\n  - level: 4\n    name: x\n    when: {{{name}: {{{body}}}}}\nactions:"
        + (said[1].split("actions:")[1])
    )
    return read(file.encode()).rules[0]["when"]


def gauge(world: World, station: str, value: float, ago: int = 0, span_s: int = 3600) -> None:
    with reading(world) as tx:
        at = tx.at.replace(minute=tx.at.minute // 5 * 5, second=0, microsecond=0) - timedelta(minutes=ago)
    row = {"station": station, "at": at.isoformat(), "value": value, "span_s": span_s}
    watching.watch(world, observations.take(world, [row], Source("test")).stations)


def test_rain_is_unknown_until_it_is_measured_and_a_lower_bound_is_enough(watched: World) -> None:
    wanted = {"by": "point", "hours": 1, "mm": 30}
    dark = holds(watched, rain=wanted)
    assert (dark["truth"], len(dark["unknown"])) == ("unknown", 9)
    gauge(watched, "R-07", 30)
    found = holds(watched, rain=wanted)
    assert (found["truth"], found["value"], found["sources"]) == ("true", 30.0, ["R-07"])
    assert holds(watched, rain=wanted | {"mm": 30.5})["truth"] == "unknown"
    assert holds(watched, rain=wanted | {"count": 2})["truth"] == "unknown"
    assert holds(watched, rain={"by": "point", "hours": 3, "mm": 30})["truth"] == "true"


def test_levels_of_water_count_from_the_mark_on_and_stale_ones_are_unknown(watched: World) -> None:
    assert holds(watched, water_level={"over": "warning"})["truth"] == "unknown"
    with watched.engine.begin() as connection:
        connection.execute(text("update gis.gauge set warning_level_m = 4, guarantee_level_m = 5 where code = 'W-01'"))
    assert holds(watched, water_level={"over": "warning"})["unknown"] == ["W-01"]
    gauge(watched, "W-01", 4.0, 10)
    found = holds(watched, water_level={"over": "warning"})
    assert (found["truth"], found["value"], found["threshold"]) == ("true", 4.0, 4.0)
    assert holds(watched, water_level={"over": "guarantee"})["truth"] == "false"
    assert holds(watched, water_level={"above_m": 3.5, "gauge": "W-01"})["truth"] == "true"
    with watched.engine.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '31 minutes'"))
    assert holds(watched, water_level={"over": "guarantee"})["truth"] == "unknown"


def test_reservoirs_and_dykes_count_by_the_gauge_that_the_register_names(watched: World) -> None:
    add = """insert into gis.{} (code, name, gauge_code, vertical_datum, valid_from, geom {}) values
      (:code, :code, :gauge, '演示', now(), {} {})"""
    spot = "st_setsrid(st_point(120.1, 30.2), 4490)"
    line = f"st_multi(st_makeline({spot}, st_translate({spot}, 0.01, 0)))"
    with watched.engine.begin() as connection:
        pond = text(add.format("reservoir", ", flood_limit_level_m", spot, ", 40"))
        connection.execute(pond, [{"code": "SK1", "gauge": "W-01"}, {"code": "SK2", "gauge": None}])
        dyke = text(add.format("dyke", ", river, warning_level_m", line, ", '江', 42"))
        connection.execute(dyke, {"code": "DF1", "gauge": "W-01"})
        connection.execute(text("update gis.gauge set guarantee_level_m = 39 where code = 'W-01'"))
    assert holds(watched, reservoir={})["unknown"] == ["SK1"]
    gauge(watched, "W-01", 40.0)
    found = holds(watched, reservoir={})
    assert (found["truth"], found["value"], found["threshold"], found["sources"]) == ("true", 40.0, 40.0, ["SK1"])
    assert "1 处没有登记水位站" in found["zh"]
    assert holds(watched, reservoir={"above_m": 0.5})["truth"] == "false"
    assert holds(watched, dyke={"over": "warning"})["truth"] == "false"
    assert holds(watched, dyke={"over": "guarantee"})["truth"] == "true"  # its gauge's level
    with watched.engine.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '31 minutes'"))
    assert holds(watched, dyke={"over": "guarantee"})["truth"] == "unknown"


def test_a_cyclone_counts_by_distance_time_and_grade_and_is_unknown_beyond_its_forecast(watched: World) -> None:
    def said(hours: float, lon: float, wind: float | None, *ahead: tuple[float, float]) -> None:
        with writing(watched, OPERATOR) as tx:
            at = tx.at - timedelta(hours=hours)
            points = tuple(Fix(at + timedelta(hours=h), x, 30.2, wind, lead_h=h, radius_km=50) for h, x in ahead)
            cyclones.enter(tx, Track("2609", "台", "走查", (Issue(Fix(at, lon, 30.2, wind), points),)))

    wanted = {"km": 300, "hours": 24, "grade": "TY"}
    assert holds(watched, cyclone=wanted)["truth"] == "false"
    said(1, 130, 35)
    assert holds(watched, cyclone=wanted)["truth"] == "unknown"  # no forecast; some 950 km off, and 24 h to come
    assert holds(watched, cyclone=wanted | {"hours": 0})["truth"] == "false"
    assert holds(watched, cyclone=wanted | {"hours": 2})["truth"] == "false"  # it cannot come so fast
    said(0.5, 129.9, 35, (12, 126), (30, 121))
    found = holds(watched, cyclone=wanted)
    assert (found["truth"], found["unit"]) == ("true", "km")
    assert found["value"] < 300
    assert holds(watched, cyclone=wanted | {"grade": "STY"})["truth"] == "false"
    assert holds(watched, cyclone=wanted | {"hours": 12})["truth"] == "false"
    said(0.25, 122.0, None, (30, 121))
    assert holds(watched, cyclone=wanted | {"hours": 0, "km": 400})["truth"] == "unknown"  # nobody says its wind
    with writing(watched, OPERATOR) as tx:
        (row,) = tx.session.scalars(select(Cyclone))
        cyclones.end(tx, row.id, "减弱消失")
    assert holds(watched, cyclone=wanted)["truth"] == "false"


def test_warnings_count_by_colour_area_and_whether_they_are_official(watched: World) -> None:
    wanted = {"kind": "geohazard", "colour": "orange"}
    assert holds(watched, warning=wanted)["truth"] == "false"
    with writing(watched, OPERATOR) as tx:
        start = tx.at - timedelta(minutes=1)
        fields = warning("geohazard", "red", official=False, units=(TOWNS[0],), starts_at=start, issued_at=start)
        warnings.enter(tx, warnings.Typed(**fields))
    assert holds(watched, warning=wanted)["truth"] == "false"
    assert holds(watched, warning=wanted | {"official": "false"})["truth"] == "true"
    assert holds(watched, warning=wanted | {"official": "false", "towns": 2})["truth"] == "false"


def test_villages_count_by_objects_households_or_persons(watched: World) -> None:
    wanted = {"register": "key_village", "state": "prepare"}
    assert holds(watched, hazards=wanted)["truth"] == "unknown"
    gauge(watched, "R-07", 40)
    found = holds(watched, hazards=wanted)
    assert (found["truth"], found["value"], found["sources"]) == ("true", 1, ["key_village:V-07"])
    assert holds(watched, hazards=wanted | {"unit": "households", "count": 23})["truth"] == "true"
    assert holds(watched, hazards=wanted | {"unit": "households", "count": 24})["truth"] == "unknown"
    assert holds(watched, hazards=wanted | {"unit": "persons", "count": 101})["truth"] == "false"


ONE_RULE = """rules:
  - level: 4
    name: x
    when: {any: [{warning: {kind: geohazard, colour: orange}}, {rain: {by: point, hours: 1, mm: 30}}]}

actions:"""


def test_out_of_the_unknown_a_rule_proposes_again_only_for_something_new(watched: World) -> None:
    head, rest = FLOOD.decode().split("rules:")
    plans.load(watched.engine, (head + ONE_RULE + rest.split("actions:")[1]).encode(), SYSTEM)

    def proposed() -> int:
        watching.tick(watched)
        with writing(watched, COMMANDER) as tx:
            waiting = decisions.open_decisions(tx.session, *HERE)
            for one in waiting:
                decisions.reject(tx, one.id, "再看")
            return len(waiting)

    def warn() -> UUID:
        with writing(watched, OPERATOR) as tx:
            fields = warning("geohazard", "orange", units=(TOWNS[0],), starts_at=tx.at, issued_at=tx.at)
            return warnings.enter(tx, warnings.Typed(**fields)).id

    assert proposed() == 0
    gauge(watched, "R-07", 31)
    assert [proposed(), proposed()] == [1, 0]
    with watched.engine.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '100 minutes'"))
    assert proposed() == 0
    assert holds(watched, rain={"by": "point", "hours": 1, "mm": 30})["truth"] == "unknown"
    gauge(watched, "R-07", 35)
    assert proposed() == 0  # the same gauge, out of the dark: nothing new
    first = warn()
    assert proposed() == 0  # it was true already
    with watched.engine.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '100 minutes'"))
    with writing(watched, OPERATOR) as tx:
        warnings.lift(tx, first, "来电解除")
    assert proposed() == 0
    warn()
    assert [proposed(), proposed()] == [1, 0]


def test_closed_roads_are_counted(mini: World) -> None:
    for n, road in enumerate(("N2–N3", "N1–N2"), 1):
        with writing(mini, OPERATOR) as tx:
            closures.close(tx, *middle(road), "积水")
        assert holds(mini, roads={"state": "closed", "count": n})["truth"] == "true"
        assert holds(mini, roads={"state": "closed", "count": n + 1})["truth"] == "false"
        assert holds(mini, roads={"state": "waterlogged"})["truth"] == "false"


def test_a_thing_for_people_to_judge_is_never_true_by_itself(mini: World) -> None:
    assert holds(mini, manual={"text": "会商研判"})["truth"] == "false"
    assert holds(mini, upper={"jurisdiction": "330100", "level": 4})["truth"] == "false"
