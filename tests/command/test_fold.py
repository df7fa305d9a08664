"""The fold: whatever is done, the board before plus the patches is the board after."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from shapely import Point
from shapely.geometry import mapping
from sqlalchemy import Engine, text

from command import (
    alarms,
    allocation,
    board,
    callouts,
    closures,
    cyclones,
    dispatch,
    duty,
    hazards,
    headcounts,
    incidents,
    journal,
    needs,
    observations,
    replay,
    scene,
    screens,
    tasks,
    teams,
    warnings,
    watching,
    worlds,
)
from command.cyclone_points import Issue, Track
from command.fire import stages
from command.reports import chain, documents, losses
from command.reports.grading import Figures
from command.responses import approval, decisions, plans
from command.stations import Source
from command.transfer import orders, persons, registration, shelters, stocks
from gis_data.db import Writing, reading, writing
from gis_data.demo.plans import plans as demo_plans
from gis_data.demo.xh_mini import EDGES_M, NODES
from gis_data.errors import Conflict, Denied, Invalid, NotFound
from gis_data.world import SYSTEM, Actor
from layers.cyclone import Fix
from tests.command.calls import add_posts
from tests.command.gauges import add_gauges
from tests.command.slopes import LIMITS, TOWNS, add_slopes, warning
from tests.command.transfers import HOMES, KITS, add_people
from tests.conftest import middle, tries

COMMANDER = Actor("commander", "总指挥", "commander")
OPERATOR = Actor("operator", "值班员", "operator")
_numbers = itertools.count(1)
nodes = st.sampled_from(sorted(NODES))


def _approve(tx: Writing, which: UUID) -> None:
    closes = [task.id for task in approval.to_close(tx, decisions.get(tx.session, which))]
    approval.approve(tx, which, closes)


def _collections(snapshot: dict[str, object]) -> dict[str, object]:
    return {name: snapshot[name] for name in board.COLLECTIONS}


class World(RuleBasedStateMachine):
    """Commands in any order on XH-MINI, allowed or refused."""

    engine: Engine
    nowhere = Path("/nonexistent")

    def __init__(self) -> None:
        super().__init__()
        name = f"drill-fold{next(_numbers)}"
        self.world = worlds.create_drill(self.engine, SYSTEM, name, "折叠")
        with reading(self.world) as tx:
            before = board.snapshot(tx)
        self.seq, self.folded = before["seq"], _collections(before)

    def teardown(self) -> None:
        with reading(self.world) as tx:
            assert journal.verify(tx).broken_at is None
            if self.seq:
                again = replay.past(tx, self.seq, self.nowhere)
                assert again.collections == self.folded
        worlds.drop_drill(self.engine, SYSTEM, self.world.name)

    def do(self, command: object, actor: Actor = COMMANDER) -> None:
        """Run a command; a refusal must leave no trace."""
        try:
            with writing(self.world, actor) as tx:
                command(tx)  # type: ignore[operator]
        except (Conflict, Denied, Invalid, NotFound):
            pass

    def _ids(self, collection: str) -> list[UUID]:
        return [UUID(id_) for id_ in sorted(self.folded[collection])]  # type: ignore[call-overload]

    def pick(self, collection: str, number: int) -> UUID:
        ids = self._ids(collection)
        return ids[number % len(ids)]

    @rule(node=nodes, kind=st.sampled_from(sorted(incidents.KINDS)))
    def report(self, node: str, kind: str) -> None:
        lon, lat = NODES[node]
        self.do(lambda tx: incidents.report(tx, incidents.Report(kind, f"{kind} {node}", lon, lat)))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), team=st.integers(0), reason=st.sampled_from(["", "就近"]))
    def order(self, incident: int, team: int, reason: str) -> None:
        which, who = self.pick("incidents", incident), self.pick("teams", team)
        self.do(lambda tx: dispatch.order(tx, which, who, reason))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), node=nodes, kind=st.sampled_from(sorted(scene.KINDS)))
    def draw(self, incident: int, node: str, kind: scene.Kind) -> None:
        which, place = self.pick("incidents", incident), Point(*NODES[node])
        made = place if scene.KINDS[kind][2] == "Point" else place.buffer(0.001)
        self.do(lambda tx: scene.put(tx, which, scene.NewMark(kind, mapping(made), node)))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), episode=st.sampled_from("ab"), minutes=st.integers(0, 2))
    def attend(self, incident: int, episode: str, minutes: int) -> None:
        alarm = alarms.Alarm("incident", str(self.pick("incidents", incident)), episode)
        self.do(lambda tx: alarms.acknowledge(tx, [alarm]))
        self.do(lambda tx: alarms.mute(tx, minutes) if minutes else alarms.unmute(tx))

    @rule(node=nodes, scene=st.sampled_from(sorted(screens.SCENES)), back=st.booleans())
    def direct(self, node: str, scene: screens.SceneName, back: bool) -> None:
        view = screens.View(*NODES[node], 14)
        self.do(lambda tx: screens.release(tx, "大屏") if back else screens.show(tx, "大屏", scene, view))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), sensitive=st.booleans())
    def hide(self, incident: int, sensitive: bool) -> None:
        which = self.pick("incidents", incident)
        self.do(lambda tx: screens.make_sensitive(tx, which, sensitive, "涉未成年人"))

    @precondition(lambda self: self.folded["marks"])
    @rule(
        mark=st.integers(0), finding=st.sampled_from(["", "达标"]), leave=st.sampled_from([None, "evacuate", "shelter"])
    )
    def judge_mark(self, mark: int, finding: str, leave: Literal["evacuate", "shelter"] | None) -> None:
        which = self.pick("marks", mark)
        if leave:
            self.do(lambda tx: scene.decide(tx, which, leave, finding))
        else:
            self.do(lambda tx: scene.end(tx, which, finding))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), to=st.sampled_from(sorted(stages.STAGES)))
    def fire_stage(self, incident: int, to: stages.Stage) -> None:
        which = self.pick("incidents", incident)
        self.do(lambda tx: stages.step(tx, which, to, "检查"))

    @precondition(lambda self: self.folded["incidents"])
    @rule(incident=st.integers(0), count=st.sampled_from([None, 0, 1, 2, 500]))
    def state_needs(self, incident: int, count: int | None) -> None:
        which = self.pick("incidents", incident)
        some = None if count is None else [needs.Wanted(("flood",), count)]
        self.do(lambda tx: needs.state_needs(tx, which, some))

    @rule(redirect=st.booleans(), part=st.integers(1, 3))
    def allocate(self, redirect: bool, part: int) -> None:
        """Whatever is proposed can be accepted, whole or in part."""
        with writing(self.world, COMMANDER) as tx:
            found = allocation.propose(tx, allocation.Asked(redirect))
            moves = [one for one in found.moves if one.action in ("send", "redirect")][:part]
            chosen = [
                allocation.Chosen(
                    UUID(one.team["id"]), UUID(one.incident["id"]), one.from_dispatch and UUID(one.from_dispatch)
                )
                for one in moves
            ]
            if chosen:
                allocation.accept(tx, chosen, "")

    @precondition(lambda self: self.folded["dispatches"])
    @rule(number=st.integers(0), to=st.sampled_from(dispatch.STEPS[1:]))
    def advance(self, number: int, to: str) -> None:
        which = self.pick("dispatches", number)
        self.do(lambda tx: dispatch.advance(tx, which, to, ""))

    @rule(team=st.integers(0), state=st.sampled_from(["standby", "resting", "unavailable"]))
    def set_state(self, team: int, state: str) -> None:
        who = self.pick("teams", team)
        self.do(lambda tx: teams.set_state(tx, who, state, ""))

    @rule(road=st.sampled_from(["–".join(ends) for ends in EDGES_M]))
    def close_road(self, road: str) -> None:
        self.do(lambda tx: closures.close(tx, *middle(road), "积水"))

    @precondition(lambda self: self.folded["closures"])
    @rule(number=st.integers(0))
    def lift(self, number: int) -> None:
        which = self.pick("closures", number)
        self.do(lambda tx: closures.lift(tx, which, "水退"))

    @precondition(lambda self: self.folded["incidents"])
    @rule(number=st.integers(0), injured=st.integers(0, 60), serious=st.integers(0, 20), final=st.booleans())
    def write_report(self, number: int, injured: int, serious: int, final: bool) -> None:
        which = self.pick("incidents", number)
        said = chain.Said("演示", injured=injured, serious=serious)
        self.do(lambda tx: chain.write(tx, which, said, final=final))

    @precondition(lambda self: self.folded["incidents"])
    @rule(number=st.integers(0), channel=st.sampled_from(["phone", "written"]), late=st.sampled_from(["", "中断"]))
    def send_report(self, number: int, channel: Literal["phone", "written"], late: str) -> None:
        which = self.pick("incidents", number)
        self.do(lambda tx: chain.send(tx, which, chain.Sending("市局", channel, "带班", late)))

    @precondition(lambda self: self.folded["incidents"])
    @rule(number=st.integers(0), dead=st.integers(0, 3), whole=st.booleans(), complete=st.booleans())
    def hand_in_losses(self, number: int, dead: int, whole: bool, complete: bool) -> None:
        which, row = self.pick("incidents", number), {"affected": 3 if whole else 0, "dead": dead}
        self.do(lambda tx: losses.hand_in(tx, which, {TOWNS[0]: row}, row, complete=complete))

    @rule(number=st.integers(0), flash=st.booleans(), step=st.sampled_from(["edit", "release", "drop", "leave"]))
    def document(self, number: int, flash: bool, step: str) -> None:
        """Whatever the board holds, a draft keeps its own rule and can be released."""
        if flash and not self.folded["incidents"]:
            return
        which = self.pick("incidents", number) if flash else None
        with writing(self.world, COMMANDER) as tx:
            made = documents.keep(tx, documents.prepare(tx, "flash" if flash else "situation", which))
            if step == "edit":
                documents.edit(tx, made.id, "改", made.paragraphs)
            elif step != "leave":
                {"release": documents.release, "drop": documents.drop}[step](tx, made.id)

    @precondition(lambda self: self.folded["incidents"])
    @rule(number=st.integers(0), dead=st.integers(0, 40))
    def grade(self, number: int, dead: int) -> None:
        which = self.pick("incidents", number)
        self.do(lambda tx: chain.grade_now(tx, which, Figures(dead=dead)))

    @precondition(lambda self: self.folded["incidents"])
    @rule(number=st.integers(0))
    def close_incident(self, number: int) -> None:
        which = self.pick("incidents", number)
        self.do(lambda tx: incidents.close(tx, which, "处置完毕"))

    @rule(
        station=st.sampled_from(["R-01", "R-07", "S-1", "X-1"]),
        ago=st.sampled_from([0, 20, 40]),
        value=st.integers(0, 1),
    )
    def take(self, station: str, ago: int, value: int) -> None:
        with reading(self.world) as tx:
            at = tx.at - timedelta(minutes=ago)
        row = {"station": station, "at": at.isoformat(), "value": value * 60, "span_s": 3600}
        if station == "S-1":
            row |= {"value": value}
        watching.watch(self.world, observations.take(self.world, [row], Source("fold")).stations)

    @rule(ago=st.integers(0, 60))
    def wait(self, ago: int) -> None:
        """Time passes, and somebody looks who is silent."""
        with self.engine.begin() as connection:
            later = f'update "{self.world.schema}".clock set sim0 = sim0 + make_interval(mins => {ago})'
            connection.execute(text(later))
        with writing(self.world, COMMANDER) as tx:  # the clock is on the board, and so in an event
            worlds.set_clock(tx, tx.clock.speed)
        watching.tick(self.world)

    @rule(
        kind=st.sampled_from(["geohazard", "mountain_flood"]),
        official=st.booleans(),
        starts=st.integers(-60, 60),
        lasts=st.integers(1, 120),
    )
    def warn(self, kind: str, official: bool, starts: int, lasts: int) -> None:
        with reading(self.world) as tx:
            start = tx.at + timedelta(minutes=starts)
        fields = warning(kind, official=official, units=TOWNS, starts_at=start, issued_at=start)
        typed = warnings.Typed(**fields, ends_at=start + timedelta(minutes=lasts))
        self.do(lambda tx: warnings.enter(tx, typed))
        watching.watch(self.world)

    @precondition(lambda self: self.folded["warnings"])
    @rule(number=st.integers(0), reason=st.sampled_from(["", "来电"]))
    def lift_warning(self, number: int, reason: str) -> None:
        which = self.pick("warnings", number)
        self.do(lambda tx: warnings.lift(tx, which, reason))

    @rule(hours=st.integers(-12, 2), ahead=st.booleans(), lon=st.sampled_from([121.0, 124.0, 224.0]))
    def follow_cyclone(self, hours: int, ahead: bool, lon: float) -> None:
        with reading(self.world) as tx:
            now = tx.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
        forecast = (Fix(now + timedelta(hours=24), 120.1, 30.2, lead_h=24, radius_km=80),) if ahead else ()
        track = Track("2609", "台", "", (Issue(Fix(now, lon, 27, 30), forecast),))
        self.do(lambda tx: cyclones.enter(tx, track))

    @precondition(lambda self: self.folded["cyclones"])
    @rule(number=st.integers(0), reason=st.sampled_from(["", "减弱消失"]))
    def end_cyclone(self, number: int, reason: str) -> None:
        which = self.pick("cyclones", number)
        self.do(lambda tx: cyclones.end(tx, which, reason))

    @rule(of=st.sampled_from(sorted(LIMITS)), colour=st.sampled_from(["none", "yellow", "red"]))
    def patrol(self, of: str, colour: str) -> None:
        register, code = of.split(":")
        self.do(lambda tx: hazards.report_patrol(tx, register, code, "巡查", colour))

    @rule(minutes=st.integers(-1, 60))
    def issue_task(self, minutes: int) -> None:
        due = timedelta(minutes=minutes)
        self.do(lambda tx: tasks.issue(tx, tasks.NewTask("巡查", tx.at + due, organization="甲")))

    @precondition(lambda self: self.folded["tasks"])
    @rule(
        number=st.integers(0),
        to=st.sampled_from(["received", "feedback", "done", "verified", "returned", "cancelled"]),
        actor=st.sampled_from([COMMANDER, OPERATOR]),
    )
    def step_task(self, number: int, to: str, actor: Actor) -> None:
        which = self.pick("tasks", number)
        if to == "cancelled":
            self.do(lambda tx: tasks.cancel(tx, which, "误发"), actor)
        else:
            self.do(lambda tx: tasks.step(tx, which, to, "到位"), actor)  # type: ignore[arg-type]

    @rule(depth=st.sampled_from(["town", "village", "household"]), pattern=st.sampled_from(["plain", "1833"]))
    def call_out(self, depth: callouts.Depth, pattern: callouts.Pattern) -> None:
        of = (("key_village", "V-07"),)
        said = callouts.NewCallOut("转移", title="V-07", scope=of, depth=depth, pattern=pattern)
        self.do(lambda tx: callouts.make(tx, said))

    @precondition(lambda self: self.folded["callouts"])
    @rule(
        number=st.integers(0),
        record=st.integers(0),
        to=st.sampled_from(["failed", "reached", "read_back", "action", "verified", "close"]),
        actor=st.sampled_from([COMMANDER, OPERATOR]),
    )
    def answer(self, number: int, record: int, to: callouts.Step, actor: Actor) -> None:
        which = self.pick("callouts", number)
        with reading(self.world) as tx:
            ids = [one.id for one in callouts.records_of(tx.session, which)]
        if to == "close":  # type: ignore[comparison-overlap]
            self.do(lambda tx: callouts.close(tx, which, "雨停"), actor)
        else:
            self.do(lambda tx: callouts.step(tx, which, ids[record % len(ids)], to, "收到"), actor)

    @rule(actor=st.sampled_from([COMMANDER, OPERATOR]), items=st.integers(0, 9))
    def hand_over(self, actor: Actor, items: int) -> None:
        """Take over, accept some of what is open, and start if that was all."""
        self.do(lambda tx: duty.take_over(tx), actor)
        with reading(self.world) as tx:
            row = duty.shift(tx.session, "handover")
            listed = [item.id for item in duty.items_of(tx.session, row.id)] if row else []
        for item in listed[:items]:
            self.do(lambda tx, item=item: duty.accept(tx, row.id, item), actor)  # type: ignore[misc,union-attr]
        if row and items < 9:
            self.do(lambda tx: duty.start(tx, row.id), actor)
        elif row:
            self.do(lambda tx: duty.drop(tx, row.id, "改期"), actor)

    @precondition(lambda self: self.folded["dispatches"])
    @rule(number=st.integers(0), counted=st.integers(0, 12))
    def count_heads(self, number: int, counted: int) -> None:
        which = self.pick("dispatches", number)
        self.do(lambda tx: headcounts.count(tx, which, counted))

    @rule(overnight=st.booleans())
    def draft_transfer(self, overnight: bool) -> None:
        with reading(self.world) as tx:
            deadline = tx.at + timedelta(hours=3)
        said = orders.Draft("立即转移", deadline, (("key_village", "V-07"),), overnight=overnight)
        self.do(lambda tx: orders.draft(tx, said))

    @precondition(lambda self: self.folded["transfers"])
    @rule(number=st.integers(0), what=st.sampled_from(["issue", "cancel", "force", "release", "replan", "end"]))
    def transfer(self, number: int, what: str) -> None:
        which = self.pick("transfers", number)
        commands = {
            "issue": lambda tx: orders.issue(tx, which),
            "cancel": lambda tx: orders.cancel(tx, which, "误拟"),
            "force": lambda tx: orders.ask_force(tx, which, "条例"),
            "release": lambda tx: orders.release(tx, which, [("key_village:V-07", "已核查")]),
            "replan": lambda tx: orders.replan(tx, which),
            "end": lambda tx: orders.end(tx, which, "核实"),
        }
        self.do(commands[what])

    @precondition(lambda self: self.folded["transfers"])
    @rule(
        number=st.integers(0),
        to=st.sampled_from(sorted(persons.STEPS)),
        home=st.sampled_from(HOMES[:4]),
        shelter=st.sampled_from([None, "S1", "S2"]),
    )
    def step_of_household(self, number: int, to: str, home: str, shelter: str | None) -> None:
        which = self.pick("transfers", number)
        where = ("shelter" if shelter else "relatives") if to == "arrived" else None
        said = persons.Said(to, (home,), destination=where, shelter_code=shelter, note="说明")
        with suppress(NotFound):
            self.do(lambda tx: persons.step(tx, which, uuid4(), said))

    @rule(code=st.sampled_from(["S1", "S2", "S4"]), state=st.sampled_from(["open", "open", "closed", "out_of_use"]))
    def set_shelter(self, code: str, state: str) -> None:
        self.do(lambda tx: shelters.put(tx, code, state, "说明", KITS))

    @rule(
        code=st.sampled_from(["S1", "S2"]),
        home=st.sampled_from(["", *HOMES[:4]]),
        direction=st.sampled_from(["in", "in", "out"]),
        to=st.sampled_from(["home", "other_shelter", "relatives", "medical", "left"]),
        evidence=st.sampled_from(["scan", "paper"]),
    )
    def register(self, code: str, home: str, direction: str, to: str, evidence: str) -> None:
        with reading(self.world) as tx:
            at = tx.at
        row = registration.Row(direction, home, (), 0 if home else 95, "", True, to, at)
        with suppress(NotFound):
            self.do(lambda tx: registration.register(tx, code, uuid4(), [row], evidence))

    @rule(quantity=st.sampled_from([-100, -1, 1]))
    def move_stock(self, quantity: int) -> None:
        self.do(lambda tx: stocks.move(tx, uuid4(), KITS, quantity, "领用", None, None))

    @rule(to=st.integers(0, 4), track=st.sampled_from(["flood", "geohazard"]))
    def propose(self, to: int, track: str) -> None:
        self.do(lambda tx: decisions.propose(tx, decisions.Proposal(track, "330106", to, "雨势")), OPERATOR)

    @precondition(lambda self: self.folded["decisions"])
    @rule(number=st.integers(0), to=st.sampled_from(["consult", "reject", "approve", "approve"]))
    def decide(self, number: int, to: str) -> None:
        which = self.pick("decisions", number)
        if to == "reject":
            self.do(lambda tx: decisions.reject(tx, which, "再看"))
            return
        self.do(lambda tx: decisions.consult(tx, which, "防汛办", "同意"), OPERATOR)
        if to == "approve":
            self.do(lambda tx: decisions.submit(tx, which, decisions.Terms(jump_reason="水位急涨")), OPERATOR)
            self.do(lambda tx: _approve(tx, which))

    @rule(level=st.integers(0, 4), area=st.sampled_from(["330100", TOWNS[0]]))
    def notice(self, level: int, area: str) -> None:
        with reading(self.world) as tx:
            since = tx.at
        said = approval.Notice("flood", "防汛", "Flood", area, area, level, since, "来文")
        self.do(lambda tx: approval.notice(tx, said))
        watching.watch(self.world)

    @rule(speed=st.sampled_from([0.0, 1.0, 4.0, 60.0]))
    def clock(self, speed: float) -> None:
        self.do(lambda tx: worlds.set_clock(tx, speed))

    @invariant()
    def folded_equals_fresh(self) -> None:
        with reading(self.world) as tx:
            for entry in journal.read(tx.session, self.seq):
                self.folded = board.apply(self.folded, entry.body["patch"])  # type: ignore[arg-type]
                self.seq = entry.seq
            fresh = board.snapshot(tx)
        assert self.seq == fresh["seq"]
        assert self.folded == _collections(fresh)


@pytest.mark.usefixtures("mini_db")
def test_patches_fold_to_the_board(mini_db: Engine, data_dir: Path) -> None:
    World.engine = mini_db
    add_gauges(mini_db)
    add_slopes(mini_db)
    for raw in demo_plans():
        plans.load(mini_db, raw, SYSTEM)
    add_people(mini_db, data_dir, village=False)
    add_posts(mini_db)
    World.TestCase.settings = settings(
        max_examples=tries(10), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    World.TestCase().runTest()
